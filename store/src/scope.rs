//! For whom a list is made. There is no list without one.

use std::collections::BTreeSet;

use zhupi_domain::CompanyId;

/// What a viewer may see in lists: one company, and the keys under which records are open to them.
///
/// Keys are opaque to the store; the product writes `person:li`, `role:auditor`, `head:sales`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    pub company: CompanyId,
    /// Keys that match the readers of an instance.
    pub readers: BTreeSet<String>,
    /// Keys that match the assignee of a task: the person, and the groups whose tasks they share.
    pub assignees: BTreeSet<String>,
    /// Tasks of others, and the instances that have one of them.
    pub opened: BTreeSet<Opened>,
    /// Whether the viewer looks after incidents, and so sees those of all instances of the company.
    pub all_incidents: bool,
}

impl Scope {
    /// A scope of one company with no keys: sees nothing that needs one.
    pub fn of(company: CompanyId) -> Self {
        Self {
            company,
            readers: BTreeSet::new(),
            assignees: BTreeSet::new(),
            opened: BTreeSet::new(),
            all_incidents: false,
        }
    }

    /// Adds a key that opens instances for reading.
    pub fn reader(mut self, key: impl Into<String>) -> Self {
        self.readers.insert(key.into());
        self
    }

    /// Adds a key under which tasks are assigned.
    pub fn assignee(mut self, key: impl Into<String>) -> Self {
        self.assignees.insert(key.into());
        self
    }

    /// Opens tasks of another assignee. The same assignee is opened for all flows, or for each of some flows once.
    pub fn opening(mut self, opened: Opened) -> Self {
        self.opened.insert(opened);
        self
    }

    /// Lets the viewer see incidents of all instances.
    pub fn with_all_incidents(mut self) -> Self {
        self.all_incidents = true;
        self
    }
}

/// Tasks of another assignee that are open to a viewer as well, for a time: the opener says when it is over by not naming it any
/// more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opened {
    /// Whose tasks.
    pub assignee: String,
    /// Only of this flow; none: of all.
    pub flow: Option<String>,
    /// But not of this kind.
    pub not_kind: String,
    /// And not of an instance that this person submitted, or that is about them.
    pub not_of: String,
    /// The viewer's own key: it is kept of what they did for the assignee, and where they have a voice they are not listed.
    pub acted_by: String,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, C> {
    pub items: Vec<T>,
    /// Where the next page begins; none at the end of the list.
    pub next: Option<C>,
}

/// The longest page of any list.
pub const MAX_PAGE: usize = 200;

impl<T, C> Page<T, C> {
    /// Cuts a list that was read one longer than the page, so that the end is known without another query.
    pub(crate) fn cut(mut items: Vec<T>, limit: usize, cursor: impl FnOnce(&T) -> C) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }
}

/// How many rows to read for a page of at most `limit`: within 1 and `MAX_PAGE`.
pub(crate) fn page_limit(limit: usize) -> usize {
    limit.clamp(1, MAX_PAGE)
}
