//! Takes what somebody sent, by the rights they have, and gives back the data to keep: or says what is wrong.
//!
//! Four steps: *merge* (who may write what, each value in its normal form), *settle* (conditional fields whose condition is
//! off are dropped, computed fields are computed), *judge* (the JSON Schema engine), *compare* with what was there before.

mod compare;
mod judge;
mod merge;
pub(crate) mod normal;
mod settle;

pub(crate) use merge::keeps_columns;

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use zhupi_domain::expr::Context;

use crate::error::{Fault, FieldError, Keyword};
use crate::locate::in_form_order;
use crate::lookup::LookedUp;
use crate::model::{Form, Kind, Level};
use crate::rights::View;
use crate::{Pointer, limits};

/// The member that says which earlier row a row is (its position from 0).
///
/// [`Form::redact`] adds it to rows that may be changed although some of their columns may not; sent back, it keeps those
/// columns with their row. A row without it is a new one.
pub const ROW: &str = "$row";

/// Why data is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be kept for later: whatever can be read may be kept, and nothing is missing yet.
    Draft,
    /// To go on with.
    Submit,
}

/// What somebody sends for a form.
#[derive(Debug, Clone, Copy)]
pub struct Submission<'a> {
    /// What the server has; none for a new form.
    pub before: Option<&'a Json>,
    /// What was sent: fields that are absent stay as they are, `null` clears. Rows and lists are sent whole.
    pub data: &'a Json,
    pub view: View<'a>,
    pub purpose: Purpose,
    /// The company's date and calendar, for computed fields.
    pub context: Context<'a>,
    /// What was looked up for it.
    pub found: LookedUp<'a>,
}

/// Data to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    pub data: Json,
    /// The fields whose value is another than before, in the order of the form; rows as a whole where their number changed.
    pub changed: Vec<Pointer>,
}

/// What is found on the way.
struct Findings<'a> {
    form: &'a Form,
    errors: Vec<FieldError>,
    /// Places whose value could not be read: nothing more is said about them.
    unread: BTreeSet<Pointer>,
    /// Conditional fields that turned out not to exist.
    off: BTreeSet<Pointer>,
}

impl Findings<'_> {
    fn add(&mut self, at: Pointer, fault: Fault) {
        self.errors.push(self.form.error(at, fault));
    }

    fn unread(&mut self, at: Pointer, fault: Fault) {
        self.unread.insert(at.clone());
        self.add(at, fault);
    }

    fn is_unread(&self, at: &Pointer) -> bool {
        at.upwards().any(|around| self.unread.contains(around))
    }

    /// What could not be read in a field that does not exist is no error; writing it without the right is.
    fn forget_what_is_off(&mut self) {
        let (unread, off) = (&self.unread, &self.off);
        let is_off = |at: &Pointer| unread.contains(at) && at.upwards().any(|around| off.contains(around));
        self.errors.retain(|error| !is_off(&error.pointer));
    }
}

impl Form {
    /// What was sent laid over what there is, in normal form; what is wrong with it is left out.
    pub(crate) fn merged(&self, submission: &Submission<'_>) -> Json {
        let mut findings = Findings { form: self, errors: Vec::new(), unread: BTreeSet::new(), off: BTreeSet::new() };
        if is_bounded(submission.data) { merge::merge(self, submission, &mut findings) } else { Json::Null }
    }

    /// What a new form begins with: the defaults of its fields.
    pub fn blank(&self) -> Json {
        Json::Object(defaults(&self.root))
    }

    /// Accepts data by the rights of a view, or says everything that is wrong, in the order of the form.
    ///
    /// Accepting again what was accepted changes nothing.
    pub fn accept(&self, submission: &Submission<'_>) -> Result<Accepted, Vec<FieldError>> {
        let mut findings = Findings { form: self, errors: Vec::new(), unread: BTreeSet::new(), off: BTreeSet::new() };
        if !is_bounded(submission.data) {
            return Err(vec![self.error(Pointer::root(), Fault::new(Keyword::Size))]);
        }
        let mut data = merge::merge(self, submission, &mut findings);
        settle::settle(self, &mut data, submission, &mut findings);
        findings.forget_what_is_off();
        judge::judge(self, &data, submission, &mut findings);
        if !findings.errors.is_empty() {
            let mut errors = in_form_order(self, findings.errors);
            errors.truncate(limits::ERRORS);
            return Err(errors);
        }
        let changed = compare::changed(self, submission.before, &data);
        Ok(Accepted { data, changed })
    }
}

/// The defaults of a level; groups are always there.
fn defaults(level: &Level) -> Map<String, Json> {
    let mut data = Map::new();
    for field in &level.fields {
        let value = match &field.kind {
            Kind::Group(columns) => Some(Json::Object(defaults(&columns.level))),
            _ => field.default.clone(),
        };
        if let Some(value) = value.filter(|_| field.shown.is_none() || field.default.is_some()) {
            data.insert(field.name.clone(), value);
        }
    }
    data
}

/// Whether data is small and flat enough to look at.
fn is_bounded(data: &Json) -> bool {
    let mut left = limits::DATA_NODES;
    count(data, 0, &mut left)
}

fn count(value: &Json, depth: usize, left: &mut usize) -> bool {
    let Some(fewer) = left.checked_sub(1).filter(|_| depth <= limits::DATA_DEPTH) else { return false };
    *left = fewer;
    match value {
        Json::Array(items) => items.iter().all(|item| count(item, depth + 1, left)),
        Json::Object(members) => members.values().all(|member| count(member, depth + 1, left)),
        _ => true,
    }
}
