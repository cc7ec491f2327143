//! Submitting a request: its form is accepted, its number is taken, its first tasks are opened.

use serde_json::{Map, Value};
use zhupi_domain::time::Period;
use zhupi_domain::{CompanyId, InstanceId, Instant, PersonId};
use zhupi_engine::{Actor, Command, Flow, Place, Subject};
use zhupi_store::{Change, Commit};

use crate::about::About;
use crate::carry::{Answer, RequestKey, Written};
use crate::commit::Decision;
use crate::forms::{AcceptedForm, Sent};
use crate::history::person_key;
use crate::load::Around;
use crate::permit::{self, Viewer};
use crate::{App, AppError, acted};

/// What a person sends to start a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRequest {
    pub flow: String,
    pub form: Map<String, Value>,
    pub period: Option<String>,
    /// The record that it is about.
    pub about: Option<About>,
}

/// How often a submission is decided anew because the directory changed meanwhile.
const MAX_ROUNDS: usize = 8;

impl App {
    /// Submits a request. Answers 201 with its id and number.
    pub async fn submit(
        &self,
        viewer: &Viewer,
        request: NewRequest,
        key: RequestKey,
        now: Instant,
    ) -> Result<Answer, AppError> {
        let permit = permit::start(viewer, &request.flow)?;
        let actor = Actor::Person(viewer.person().clone());
        if let Some(answer) = self.earlier_answer(viewer.company(), &actor, Some(&key)).await? {
            return Ok(answer);
        }
        let flow = permit.act().flow.clone();
        let around = self.around(viewer.company(), viewer.release()?.clone(), flow.name.as_str()).await?;
        let period = period_of(&flow, request.period.as_deref())?;
        let form = around.form()?;
        let (mut rights, mut data) = (around.rights(&Place::Start), request.form);
        let (mut before, mut id) = (None, InstanceId::new(self.new_id(now)));
        match &request.about {
            Some(about) => {
                let chosen = self.chosen(viewer, &around, about, now).await?;
                id = self.free_id(viewer.company(), &around, &chosen).await?.ok_or_else(already)?;
                let filled = chosen.filled(&around, now)?;
                rights = chosen.rights(rights);
                data.extend(filled.clone());
                before = Some(filled);
            }
            None if !permit.act().plainly => {
                let (zh, en) = ("请选择针对哪条记录", "Choose the record that it is about");
                return Err(AppError::bad("about_required", zh, en));
            }
            None => {}
        }
        let sent = Sent { form, before: before.as_ref(), data: &data, rights: &rights, anew: true };
        let accepted = self.accept(viewer.company(), viewer.person(), &around, sent, now).await?;
        let (company, initiator) = (viewer.company(), viewer.person());
        let new = New { company, id, initiator, period, accepted, open: false };
        match self.begin(&new, around, &actor, Some(&key), now).await {
            // Somebody else was faster with the same record.
            Err(AppError::Changed) if request.about.is_some() => Err(already()),
            other => other,
        }
    }

    /// Takes a number and writes the first events of a request.
    pub(crate) async fn begin(
        &self,
        new: &New<'_>,
        around: Around,
        actor: &Actor,
        key: Option<&RequestKey>,
        now: Instant,
    ) -> Result<Answer, AppError> {
        let (format, today) = (around.release.number_format(&around.flow), around.calendar.local_date(now));
        let register = format.register(today);
        let seq = self.store().take_number(new.company, &register, &person_key(new.initiator), now).await?;
        let number = Number { text: format.render(today, u64::try_from(seq).unwrap_or_default()), register, seq };
        let written = self.write_new(new, &number, around, actor, key, now).await;
        if written.is_err() {
            self.void(new.company, &number).await;
        }
        written
    }

    async fn write_new(
        &self,
        new: &New<'_>,
        number: &Number,
        mut around: Around,
        actor: &Actor,
        key: Option<&RequestKey>,
        now: Instant,
    ) -> Result<Answer, AppError> {
        for _ in 0..MAX_ROUNDS {
            let command = new.command(&around, actor, number);
            let decided = self.decide(new.company, &around, None, actor, &command, now).await?;
            let decision = Decision {
                company: new.company,
                id: &new.id,
                around: &around,
                before: None,
                version: 0,
                started_at: now,
                after: &decided.state,
                events: &decided.events,
                now,
            };
            let mut commit = decision.commit()?;
            commit.guards.extend(decided.guards);
            commit.changes.extend(new.changes(&around.flow, number));
            let body = serde_json::to_value(acted(&new.id, &decided.state, &around)).unwrap_or_default();
            match self.write(commit, actor, key, &Answer { status: 201, body }, now).await? {
                Written::Told(answer) => {
                    self.announce(new.company, &new.id, &around, (None, &decided.state), now);
                    return Ok(answer);
                }
                Written::Conflict => {
                    if self.store().instance(new.company, &new.id).await?.is_some() {
                        // Another server started the same.
                        return Err(AppError::Changed);
                    }
                    around = self.around(new.company, around.release.clone(), around.flow.name.as_str()).await?;
                }
            }
        }
        Err(AppError::Busy("the directory changes all the time".into()))
    }

    /// A number that was taken for nothing is void and says so; a sweep does the same when this does not get through.
    async fn void(&self, company: &CompanyId, number: &Number) {
        let (register, seq) = (number.register.clone(), number.seq);
        let mut commit = Commit::new(company.clone());
        let reason = "the submission did not succeed".into();
        commit.changes.push(Change::VoidNumber { register, seq, reason });
        let outcome = zhupi_store::WritePort::commit(self.store(), commit).await;
        tracing::info!(register = number.register, seq, ?outcome, "a number stays unused");
    }
}

/// There is a request about the record that was not taken back.
fn already() -> AppError {
    let (zh, en) = ("这条记录已有申请，不能重复发起", "There is a request about this record already");
    AppError::bad("about_taken", zh, en)
}

/// A number taken from a register.
struct Number {
    register: String,
    seq: i64,
    text: String,
}

/// A request about to be written.
pub(crate) struct New<'a> {
    pub company: &'a CompanyId,
    pub id: InstanceId,
    pub initiator: &'a PersonId,
    pub period: Option<Period>,
    pub accepted: AcceptedForm,
    /// Its initiator still has to fill it.
    pub open: bool,
}

impl New<'_> {
    fn command(&self, around: &Around, actor: &Actor, number: &Number) -> Command {
        let named = |field: &str| self.accepted.data.get(field).and_then(Value::as_str).map(PersonId::new);
        let subject = match &around.flow.subject {
            Subject::Initiator => None,
            Subject::Field(field) => named(field.as_str()),
        };
        Command::Submit {
            release: around.release.hash(),
            initiator: (!matches!(actor, Actor::Person(_))).then(|| self.initiator.clone()),
            open: self.open,
            subject: subject.unwrap_or_else(|| self.initiator.clone()),
            period: self.period,
            number: number.text.clone(),
            form: self.accepted.data.clone(),
        }
    }

    fn changes(&self, flow: &Flow, number: &Number) -> Vec<Change> {
        let (register, seq, instance) = (number.register.clone(), number.seq, self.id.clone());
        let (person, key) = (self.initiator.clone(), crate::drafts::start_key(&flow.name));
        let mut changes = vec![Change::UseNumber { register, seq, instance }, Change::DeleteDraft { person, key }];
        changes.extend(self.accepted.attach(&self.id));
        changes
    }
}

/// The period that a request is about, as the flow wants it.
pub(crate) fn period_of(flow: &Flow, text: Option<&str>) -> Result<Option<Period>, AppError> {
    let wrong = |zh: &str, en: &str| Err(AppError::bad("period_invalid", zh, en));
    match (flow.period, text.map(str::trim).filter(|text| !text.is_empty())) {
        (None, None) => Ok(None),
        (None, Some(_)) => wrong("这个流程没有期间", "This flow has no period"),
        (Some(_), None) => wrong("请选择期间", "Choose the period"),
        (Some(kind), Some(text)) => match Period::parse(text).filter(|period| period.kind() == kind) {
            Some(period) => Ok(Some(period)),
            None => wrong("期间格式不对", "This is not a period of the flow"),
        },
    }
}
