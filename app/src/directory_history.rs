//! What was changed about a person, by whom and when: read from the log of the directory.

use serde::Serialize;
use serde_json::Value;
use zhupi_domain::calendar::{Calendar, CalendarData};
use zhupi_domain::directory::Directory;
use zhupi_domain::{CompanyId, PersonId, Text};
use zhupi_pack::Release;
use zhupi_store::{StoredEvent, Stream};

use crate::directory_events::{BeforeAfter, Told};
use crate::history::person_of;
use crate::words::say;
use crate::{App, AppError, company};

/// One thing that happened to a person's entry, or to a department that they head or headed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DirectoryEntry {
    /// In the company's time, to the minute.
    pub at: String,
    pub by: Text,
    pub what: Text,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Whether people gave themselves roles, or changed their own attributes.
    pub own: bool,
    pub changes: Vec<FieldChange>,
}

/// A field before and after; empty where nothing was or is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    pub field: Text,
    pub before: String,
    pub after: String,
}

impl App {
    /// Everything that the log says of a person, oldest first; for whoever holds the console, who may see all of it.
    pub async fn person_history(
        &self,
        company: &CompanyId,
        person: &PersonId,
    ) -> Result<Vec<DirectoryEntry>, AppError> {
        let release = self.current_release(company).await?;
        let calendar = match &release {
            Some(release) => company::calendar(self.store(), company, release).await?,
            None => Calendar::new(chrono_tz::Asia::Shanghai, CalendarData::china().clone()),
        };
        let directory = self.cache().directory(self.store(), company).await?;
        let reader = Reader { person, release: release.as_ref(), calendar: &calendar, directory: &directory };
        let (mut entries, mut after) = (Vec::new(), 0);
        loop {
            let page = self.store().timeline(company, &Stream::Directory, after, zhupi_store::MAX_PAGE).await?;
            entries.extend(page.items.iter().filter_map(|event| reader.entry(event)));
            match page.next {
                Some(next) => after = next,
                None => return Ok(entries),
            }
        }
    }
}

struct Reader<'a> {
    person: &'a PersonId,
    release: Option<&'a Release>,
    calendar: &'a Calendar,
    directory: &'a Directory,
}

impl Reader<'_> {
    fn entry(&self, event: &StoredEvent) -> Option<DirectoryEntry> {
        let told = match event.payload.body() {
            Some(body) => serde_json::from_str(body).ok().filter(|told| self.concerns(told))?,
            None => Told::default(),
        };
        let erased = event.payload.body().is_none();
        let changes = told.changes.iter().map(|(name, change)| self.change(name, change));
        Some(DirectoryEntry {
            at: self.calendar.local(event.at).format("%Y-%m-%d %H:%M").to_string(),
            by: self.actor(&event.actor),
            what: if erased { erased_words() } else { self.what(&event.kind, &told) },
            changes: changes.collect(),
            reason: told.reason,
            own: told.own,
        })
    }

    fn concerns(&self, told: &Told) -> bool {
        let headed = |head: Option<&BeforeAfter>| {
            head.is_some_and(|head| [&head.before, &head.after].into_iter().any(|head| head == self.person.as_str()))
        };
        let stood_in = |named: Option<&BeforeAfter>| {
            let id = self.person.as_str();
            let of = |named: &Value| named.as_str().and_then(|named| named.split(' ').next()) == Some(id);
            named.is_some_and(|named| {
                [&named.before, &named.after].iter().filter_map(|v| v.as_array()).flatten().any(of)
            })
        };
        told.person.as_ref() == Some(self.person)
            || stood_in(told.changes.get("substitutes"))
            || told.department.is_some() && headed(told.changes.get("head"))
    }

    fn actor(&self, actor: &str) -> Text {
        match person_of(actor) {
            Some(person) => match self.directory.people.get(&person) {
                Some(known) => say!("{name}（{person}）", "{name} ({person})", name = known.name, person = person),
                None => Text::same(person.as_str()),
            },
            None if actor == "console" => Text::new("控制台", "the console"),
            None => Text::same(actor),
        }
    }

    fn what(&self, kind: &str, told: &Told) -> Text {
        let department = told.department.as_ref().map(ToString::to_string).unwrap_or_default();
        match kind {
            "person_added" => Text::new("新增", "added"),
            "person_changed" => Text::new("修改", "changed"),
            "person_activated" => Text::new("恢复", "activated"),
            "person_deactivated" => Text::new("停用", "deactivated"),
            "substitute_named" => Text::new("指定代理人", "named a substitute"),
            "substitute_ended" => Text::new("结束代理", "ended a substitution"),
            "language_chosen" => Text::new("选择语言", "chose a language"),
            "department_added" => {
                say!("新增部门 {department}", "added the department {department}", department = department)
            }
            "department_changed" => {
                say!("修改部门 {department}", "changed the department {department}", department = department)
            }
            other => Text::same(other),
        }
    }

    fn change(&self, name: &str, change: &BeforeAfter) -> FieldChange {
        FieldChange { field: self.field(name), before: written(&change.before), after: written(&change.after) }
    }

    fn field(&self, name: &str) -> Text {
        if let Some(name) = name.strip_prefix("attributes.") {
            let attributes = self.release.map(|release| &release.company().attributes);
            let attribute = attributes.and_then(|attributes| attributes.get(name));
            return attribute.map_or_else(|| Text::same(name), |attribute| attribute.title.clone());
        }
        match name {
            "name" => Text::new("名称", "name"),
            "login" => Text::new("登录名", "login"),
            "email" => Text::new("邮箱", "e-mail"),
            "department" => Text::new("部门", "department"),
            "post" => Text::new("岗位", "post"),
            "roles" => Text::new("角色", "roles"),
            "manager" => Text::new("上级", "manager"),
            "language" => Text::new("语言", "language"),
            "active" => Text::new("在职", "active"),
            "substitutes" => Text::new("代理人", "substitutes"),
            "parent" => Text::new("上级部门", "parent"),
            "head" => Text::new("负责人", "head"),
            other => Text::same(other),
        }
    }
}

/// Of whom it was is not known any more.
fn erased_words() -> Text {
    Text::new("（内容已按规定清除，涉及何人已无从得知）", "(erased under a rule; of whom it was is not known any more)")
}

fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "✓".into(),
        Value::Bool(false) => "✗".into(),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
