//! One action's way: decide, answer what the engine must know, commit, and try again when somebody was faster.

use std::future::Future;

use serde_json::Value;
use zhupi_domain::{CompanyId, ContentHash, Instant};
use zhupi_engine::{Actor, Answers, Command, Event, Inputs, Instance, Outcome, Question, Refusal, decide};
use zhupi_pack::answers::{self, Found};
use zhupi_store::{Change, Commit, CommitOutcome, Conflict, Guard, Idempotency, Response, WritePort};

use crate::commit::Decision;
use crate::load::{Around, Loaded};
use crate::permit::Denied;
use crate::view::ActedView;
use crate::{App, AppError, acted, words};

/// What a client names a request by, so that sending it twice does it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The `Idempotency-Key` header.
    pub key: Option<String>,
    /// Hash of method, path and body: the same key with another request is refused.
    pub request: ContentHash,
}

/// What the client is told: now, or again when the same request comes again.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

/// What was decided.
pub(crate) struct Decided {
    pub events: Vec<Event>,
    pub state: Instance,
    /// What must still hold besides: what a check looked at on accounts.
    pub guards: Vec<Guard>,
}

/// How often an action is decided anew because somebody else was faster. Each round somebody got through.
const MAX_ROUNDS: usize = 32;
/// More questions than any flow can have on one way.
const MAX_QUESTIONS: usize = 2_000;

impl App {
    /// Lets the engine decide, answering what it asks.
    pub(crate) async fn decide(
        &self,
        company: &CompanyId,
        around: &Around,
        state: Option<&Instance>,
        actor: &Actor,
        command: &Command,
        now: Instant,
    ) -> Result<Decided, AppError> {
        let mut inputs = Inputs { now, actor: actor.clone(), answers: Answers::new() };
        let mut guards = Vec::new();
        while inputs.answers.len() < MAX_QUESTIONS {
            match decide(&around.flow, state, command, &inputs).map_err(|refusal| told_to_all(around, refusal))? {
                Outcome::Decided { events, state } => {
                    return Ok(Decided { events, state: *state, guards });
                }
                Outcome::Ask { questions, state } => {
                    for question in questions {
                        let wanted = answers::needs(&around.release, &question, &state, &around.world(now));
                        let (found, seen) = self.find_guarded(company, &wanted).await?;
                        // What is moved has a floor of its own.
                        if matches!(question, Question::Check(_)) {
                            guards.extend(seen);
                        }
                        let answer = answered(around, &question, &state, now, found).await?;
                        inputs.answers.insert(question, answer);
                    }
                }
            }
        }
        Err(AppError::Internal("the engine never stops asking".into()))
    }
}

/// A refusal without the figures of an account that are not for everybody (who acts need not be one who may see them), and
/// with those of a policy that are.
fn told_to_all(around: &Around, refusal: Refusal) -> AppError {
    match refusal {
        Refusal::Objected(mut objection) => {
            objection.text = words::objected(&around.names(), &objection);
            Refusal::Objected(objection).into()
        }
        Refusal::Short(short) if around.names().is_masked(&short.account) => {
            AppError::ShortUnseen(around.names().account(&short.account))
        }
        told => told.into(),
    }
}

/// Answers a question; one that evaluates a policy does not hold up others meanwhile.
async fn answered(
    around: &Around,
    question: &Question,
    state: &Instance,
    now: Instant,
    found: Found,
) -> Result<zhupi_engine::Answer, AppError> {
    if !matches!(question, Question::Check(_)) {
        return Ok(answers::answer(&around.release, question, state, &around.world(now), &found));
    }
    let (around, question, state) = (around.clone(), question.clone(), state.clone());
    let answered = tokio::task::spawn_blocking(move || {
        answers::answer(&around.release, &question, &state, &around.world(now), &found)
    });
    answered.await.map_err(|error| AppError::Internal(format!("a check: {error}")))
}

impl App {
    /// Carries a command on an instance through, from what is loaded until it is durable.
    ///
    /// What was carried through before under the same key is told again: the commit finds it, and so does who is refused.
    ///
    /// `command` makes the command out of the instance as it is at that moment, with the changes that go with it (a fact, a
    /// draft to delete). It is made anew whenever somebody was faster.
    pub(crate) async fn carry<M, F>(
        &self,
        mut loaded: Loaded,
        actor: &Actor,
        key: Option<&RequestKey>,
        now: Instant,
        mut make: M,
    ) -> Result<Answer, AppError>
    where
        M: FnMut(Loaded) -> F,
        F: Future<Output = Result<(Command, Vec<Change>), AppError>>,
    {
        let other = Some(loaded.around.release.clone()).filter(|release| release.hash() != loaded.state.release);
        for _ in 0..MAX_ROUNDS {
            still_here(&loaded, actor)?;
            let (command, changes) = match make(loaded.clone()).await {
                Ok(made) => made,
                Err(refused) => return self.told_before(&loaded, actor, key, refused).await,
            };
            let decided = self.decide(&loaded.company, &loaded.around, Some(&loaded.state), actor, &command, now);
            let decided = match decided.await {
                Ok(decided) => decided,
                Err(refused) => return self.told_before(&loaded, actor, key, refused).await,
            };
            if decided.events.is_empty() && changes.is_empty() {
                return Ok(ok(acted(&loaded.id, &decided.state, &loaded.around)));
            }
            let decision = Decision {
                company: &loaded.company,
                id: &loaded.id,
                around: &loaded.around,
                before: Some(&loaded.state),
                version: loaded.version,
                started_at: loaded.started_at,
                after: &decided.state,
                events: &decided.events,
                now,
            };
            let mut commit = decision.commit()?;
            commit.guards.extend(decided.guards);
            commit.changes.extend(changes);
            let answer = ok(acted(&loaded.id, &decided.state, &loaded.around));
            match self.write(commit, actor, key, &answer, now).await? {
                Written::Told(answer) => {
                    let states = (Some(&loaded.state), &decided.state);
                    self.announce(&loaded.company, &loaded.id, &loaded.around, states, now);
                    return Ok(answer);
                }
                Written::Conflict => {
                    loaded = self.load(&loaded.company, &loaded.id).await?;
                    if let Some(release) = &other {
                        loaded = self.under(loaded, release).await?;
                    }
                }
            }
        }
        Err(AppError::Busy("others were faster every time".into()))
    }

    /// A refusal may only mean that the same request was carried through before: then it is told the same again.
    async fn told_before(
        &self,
        loaded: &Loaded,
        actor: &Actor,
        key: Option<&RequestKey>,
        refused: AppError,
    ) -> Result<Answer, AppError> {
        self.earlier_answer(&loaded.company, actor, key).await?.ok_or(refused)
    }

    /// The answer that a request with this key was given before.
    pub(crate) async fn earlier_answer(
        &self,
        company: &zhupi_domain::CompanyId,
        actor: &Actor,
        key: Option<&RequestKey>,
    ) -> Result<Option<Answer>, AppError> {
        let Some(RequestKey { key: Some(name), request }) = key else { return Ok(None) };
        match self.store().response(company, &crate::history::write_actor(actor), name).await? {
            Some((same, response)) if same == *request => told(response).map(Some),
            Some(_) => Err(AppError::KeyReused),
            None => Ok(None),
        }
    }

    /// Hands a commit to the store, under the client's key.
    pub(crate) async fn write(
        &self,
        mut commit: Commit,
        actor: &Actor,
        key: Option<&RequestKey>,
        answer: &Answer,
        now: Instant,
    ) -> Result<Written, AppError> {
        if let Some(RequestKey { key: Some(name), request }) = key {
            commit.idempotency = Some(Idempotency {
                actor: crate::history::write_actor(actor),
                key: name.clone(),
                request: *request,
                response: Response { status: i64::from(answer.status), body: answer.body.to_string() },
                at: now,
            });
        }
        match self.store().commit(commit).await {
            CommitOutcome::Committed(_) => Ok(Written::Told(answer.clone())),
            CommitOutcome::Duplicate(response) => told(response).map(Written::Told),
            CommitOutcome::KeyReused => Err(AppError::KeyReused),
            CommitOutcome::Conflict(conflict) => lost(conflict),
            CommitOutcome::Unavailable(error) => Err(error.into()),
            CommitOutcome::Unknown => Err(AppError::Unknown),
        }
    }
}

/// Whoever acts works here at the moment of the commit, which guards the directory that this was read from.
fn still_here(loaded: &Loaded, actor: &Actor) -> Result<(), AppError> {
    match actor {
        Actor::Person(person) if loaded.around.directory.active(person).is_none() => Err(Denied::Forbidden.into()),
        Actor::Person(_) | Actor::Timer | Actor::Machine => Ok(()),
    }
}

/// What became of a write.
pub(crate) enum Written {
    Told(Answer),
    /// Somebody was faster; deciding anew may help.
    Conflict,
}

/// Which conflicts are ours to retry, and which say that the request cannot be.
fn lost(conflict: Conflict) -> Result<Written, AppError> {
    match conflict {
        Conflict::Stream { .. }
        | Conflict::Directory { .. }
        | Conflict::Task { .. }
        | Conflict::TimerGone { .. }
        | Conflict::MessageGone { .. }
        | Conflict::CompanyExists
        | Conflict::FactReplaced { .. }
        | Conflict::Balance { .. }
        | Conflict::BalanceMoved { .. } => Ok(Written::Conflict),
        Conflict::Draft { .. } => Err(AppError::Changed),
        Conflict::FileNotPending { .. } | Conflict::FileMissing { .. } => Err(AppError::bad(
            "file_not_pending",
            "附件不存在或已用于其他申请，请重新上传",
            "The file does not exist or belongs to another request: upload it again",
        )),
        Conflict::LoginTaken { login } => {
            Err(AppError::bad("login_taken", format!("登录名 {login} 已被使用"), format!("The login {login} is taken")))
        }
        Conflict::NumberNotFree { .. } | Conflict::FactExists { .. } | Conflict::ReleaseMissing { .. } => {
            Err(AppError::Internal(format!("{conflict:?}")))
        }
    }
}

fn told(response: Response) -> Result<Answer, AppError> {
    let body = serde_json::from_str(&response.body).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(Answer { status: u16::try_from(response.status).unwrap_or(200), body })
}

/// An action that was done.
pub(crate) fn ok(acted: ActedView) -> Answer {
    Answer { status: 200, body: serde_json::to_value(acted).unwrap_or_default() }
}
