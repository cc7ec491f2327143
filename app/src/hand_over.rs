//! Taking open tasks back from who may not do them any more: they have left, or lost the role they were asked for.

use serde::{Deserialize, Serialize};
use zhupi_domain::directory::{Department, Directory, Person};
use zhupi_domain::{CompanyId, InstanceId, Instant, PersonId};
use zhupi_engine::{Actor, Command, Refusal};
use zhupi_store::{Change, OutboxMessage, Scope};

use crate::carry::RequestKey;
use crate::errand::{errand, told};
use crate::history::person_key;
use crate::{App, AppError};

/// Topic of the messages that hand over tasks.
pub const HAND_OVER: &str = "hand-over";

/// Why tasks are taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Because {
    #[default]
    Left,
    RoleRevoked,
}

/// What a message of that topic says.
#[derive(Serialize, Deserialize)]
pub(crate) struct HandOver {
    pub person: PersonId,
    #[serde(default)]
    because: Because,
}

/// The message that goes with a change of the directory; its version before the change tells one from another.
pub(crate) fn message(
    company: &CompanyId,
    person: &PersonId,
    version: i64,
    because: Because,
    now: Instant,
) -> Result<Change, AppError> {
    let body = HandOver { person: person.clone(), because };
    errand(company, HAND_OVER, &format!("{person}/{version}"), &body, now)
}

/// Who may hold tasks for a role that is no longer theirs, once these people and departments are brought in.
///
/// Roles of one department depend on who and what belongs to it: where anybody moves, all who hold such a role are looked at.
pub(crate) fn may_lose_roles(current: &Directory, seeds: &Directory) -> Vec<PersonId> {
    let person_moves = |after: &Person| current.people.get(&after.id).is_some_and(|p| p.department != after.department);
    let moves = |after: &Department| current.departments.get(&after.id).is_some_and(|d| d.parent != after.parent);
    let anybody_moves = seeds.people.values().any(person_moves) || seeds.departments.values().any(moves);
    let loses = |before: &Person| {
        let after = seeds.people.get(&before.id);
        let revoked = after.is_some_and(|after| !before.roles.is_subset(&after.roles));
        revoked || anybody_moves && before.roles.iter().any(|grant| grant.department.is_some())
    };
    current.people.values().filter(|person| loses(person)).map(|person| person.id.clone()).collect()
}

impl App {
    /// Gives the open tasks that a message speaks of to whoever the rules name now; what nobody takes becomes an incident.
    ///
    /// Doing it twice does it once. Whoever is back by then keeps what they hold. A request that cannot be dealt with does
    /// not stop the others.
    pub(crate) async fn hand_over(&self, message: &OutboxMessage, now: Instant) -> Result<(), AppError> {
        let HandOver { person, because } = told(message)?;
        let command = match because {
            Because::Left => Command::PersonLeft { person: person.clone() },
            Because::RoleRevoked => Command::RoleRevoked { person: person.clone() },
        };
        for instance in self.instances_held_by(&message.company, &person).await? {
            let loaded = self.load(&message.company, &instance).await?;
            let no_key: Option<&RequestKey> = None;
            let carried = self.carry(loaded, &Actor::Machine, no_key, now, |loaded| {
                let is_back = because == Because::Left && loaded.around.directory.active(&person).is_some();
                let command = command.clone();
                async move { if is_back { Err(Refusal::NotWaitedFor.into()) } else { Ok((command, Vec::new())) } }
            });
            match carried.await {
                Err(AppError::Refused(Refusal::NotWaitedFor)) => {}
                Err(error) if error.is_passing() => return Err(error),
                Err(error) => tracing::error!(%instance, %error, "the tasks of {person} were not handed over"),
                Ok(_) => {}
            }
        }
        Ok(self.store().finish_message(&message.company, &message.id).await?)
    }

    async fn instances_held_by(&self, company: &CompanyId, person: &PersonId) -> Result<Vec<InstanceId>, AppError> {
        let scope = Scope::of(company.clone()).assignee(person_key(person));
        let (mut after, mut instances) = (None, Vec::new());
        loop {
            let page = self.store().inbox(&scope, None, after.as_ref(), zhupi_store::MAX_PAGE).await?;
            instances.extend(page.items.into_iter().map(|item| item.task.instance));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        instances.sort();
        instances.dedup();
        Ok(instances)
    }
}
