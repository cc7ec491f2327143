//! The sentences in which the product says what happened and why, in both languages.

mod origin;
mod outcome;
mod problem;
mod reason;
mod timeline;

pub use origin::origin;
pub use outcome::{is_own_act, period_kind, refusal_text, status_text, task_outcome, task_outcome_code, unreadable};
pub use problem::{Told, problem_place, problem_text};
pub use reason::{not_asked, skip_reason, why};
pub use timeline::sentence;

use zhupi_domain::directory::Directory;
use zhupi_domain::{Name, PersonId, Text};
use zhupi_engine::{Flow, Machine, Place};
use zhupi_pack::Release;

/// What sentences are made with: names of people, roles and steps.
pub struct Names<'a> {
    pub directory: &'a Directory,
    pub release: &'a Release,
    pub flow: &'a Flow,
}

impl Names<'_> {
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

    pub fn place(&self, place: &Place) -> Text {
        self.flow.title_of(place)
    }

    /// What a field of the request's form is called.
    pub fn field(&self, name: &Name) -> Text {
        let field = self.release.form(&self.flow.form).and_then(|form| form.field(name.as_str()));
        field.map_or_else(|| Text::same(name.as_str()), |field| field.title().clone())
    }

    /// What it means that a policy of the flow refuses with a code.
    pub fn refusal(&self, code: &str) -> Text {
        let policies = self.flow.walk().filter_map(|(_, step)| match step.machine()? {
            Machine::Policy { run, .. } => self.release.policy(run),
            Machine::Record { .. } | Machine::Archive { .. } => None,
        });
        let said =
            policies.flat_map(|policy| &policy.contract().refusals).find(|refusal| refusal.code.as_str() == code);
        said.and_then(|refusal| refusal.text.clone()).unwrap_or_else(|| Text::same(code))
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
