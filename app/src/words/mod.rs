//! The sentences in which the product says what happened and why, in both languages.

mod origin;
mod outcome;
mod problem;
mod reason;
mod timeline;

pub use origin::origin;
pub use outcome::{
    is_own_act, objected, period_kind, refusal_text, status_text, task_outcome, task_outcome_code, unreadable,
};
pub use problem::{Told, problem_place, problem_text, short_unseen};
pub use reason::{not_asked, skip_reason, why};
pub use timeline::{moved, sentence};

use zhupi_domain::directory::Directory;
use zhupi_domain::{Name, PersonId, Text};
use zhupi_engine::{Flow, Instance, Machine, Place, StepKind};
use zhupi_pack::Release;

/// What sentences are made with: names of people, roles and steps.
pub struct Names<'a> {
    pub directory: &'a Directory,
    pub release: &'a Release,
    pub flow: &'a Flow,
    /// The request that they are about, where lanes have names of their own.
    pub state: Option<&'a Instance>,
}

impl<'a> Names<'a> {
    /// A person's name; the id where the directory does not know them.
    pub fn person(&self, person: &PersonId) -> String {
        self.directory.people.get(person).map_or_else(|| person.to_string(), |known| known.name.clone())
    }

    pub fn people(&self, people: &[PersonId]) -> Text {
        let names: Vec<String> = people.iter().map(|person| self.person(person)).collect();
        Text::new(names.join("、"), names.join(", "))
    }

    pub fn role(&self, role: &Name) -> Text {
        role_title(self.release, role)
    }

    /// The same for a request: its lanes are called as its items are.
    pub fn about(self, state: &'a Instance) -> Self {
        Self { state: Some(state), ..self }
    }

    pub fn place(&self, place: &Place) -> Text {
        let title = self.flow.title_of(place);
        let Some(lane) = place.lanes().last() else { return title };
        let label = self.lane(place).unwrap_or_else(|| (lane.saturating_add(1)).to_string());
        let en = title.en.as_ref().map(|en| format!("{en} · {label}"));
        Text { zh: format!("{} · {label}", title.zh), en }
    }

    /// The title of a step without its lane.
    pub fn step(&self, place: &Place) -> Text {
        self.flow.title_of(place)
    }

    /// What the lane of a place is called.
    fn lane(&self, place: &Place) -> Option<String> {
        let cursor = self.flow.cursor(place)?;
        Some(self.label(self.state?.item(self.flow, &cursor)?.label.as_ref()?))
    }

    /// What a lane is called: an item may be a person.
    pub fn label(&self, label: &str) -> String {
        let person = self.directory.people.get(&PersonId::new(label));
        person.map_or_else(|| label.to_owned(), |person| person.name.clone())
    }

    /// What a field of the request's form is called.
    pub fn field(&self, name: &Name) -> Text {
        let field = self.release.form(&self.flow.form).and_then(|form| form.field(name.as_str()));
        field.map_or_else(|| Text::same(name.as_str()), |field| field.title().clone())
    }

    /// What it means that a policy of the flow refuses with a code.
    pub fn refusal(&self, code: &str) -> Text {
        let run = self.flow.walk().filter_map(|(_, step)| match &step.kind {
            StepKind::Machine(Machine::Policy { run, .. }) => Some(run),
            StepKind::Human(human) => human.check.as_ref().map(|check| &check.run),
            StepKind::Machine(Machine::Record { .. } | Machine::Archive { .. }) | StepKind::Move(_) => None,
        });
        let policies =
            run.chain(self.flow.check.as_ref().map(|check| &check.run)).filter_map(|run| self.release.policy(run));
        let said =
            policies.flat_map(|policy| &policy.contract().refusals).find(|refusal| refusal.code.as_str() == code);
        said.and_then(|refusal| refusal.text.clone()).unwrap_or_else(|| Text::same(code))
    }

    /// What an account is called.
    pub fn account(&self, name: &Name) -> Text {
        let known = self.release.company().accounts.get(name);
        known.map_or_else(|| Text::same(name.as_str()), |account| account.title.clone())
    }

    /// Whether the amounts of an account are not for everybody; of one that nobody knows any more, like the most secret.
    pub fn is_masked(&self, account: &Name) -> bool {
        self.release.company().accounts.get(account).is_none_or(|account| account.class.is_masked())
    }

    /// What a param is called.
    pub fn param(&self, name: &str) -> Text {
        let param = Name::new(name).ok().and_then(|name| self.release.params().get(&name));
        param.and_then(|param| param.title.clone()).unwrap_or_else(|| Text::same(name))
    }
}

/// What a role is called.
pub fn role_title(release: &Release, role: &Name) -> Text {
    release.company().roles.get(role).map_or_else(|| Text::same(role.as_str()), |role| role.title.clone())
}

/// Makes a bilingual text out of two formats over the same values.
macro_rules! say {
    ($zh:literal, $en:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        $(let $name = &$value;)*
        zhupi_domain::Text::new(format!($zh), format!($en))
    }};
}
pub(crate) use say;
