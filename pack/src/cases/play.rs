//! A small world in memory in which one request is played: the engine decides, the release answers, machine steps and
//! timers run by themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};
use zhupi_domain::calendar::Calendar;
use zhupi_domain::directory::Directory;
use zhupi_domain::expr::Context;
use zhupi_domain::time::Period;
use zhupi_domain::{Instant, Name, PersonId, Text};
use zhupi_engine::{
    Actor, Answers, Command, Effect, Event, Flow, Inputs, Instance, Outcome, Place, Refusal, Spot, Subject, TaskId,
    VisitId, decide, effects,
};
use zhupi_forms::{FieldError, Form, LookedUp, Purpose, Rights, Submission, View};

use crate::Release;
use crate::answers::{self, Balance, BalanceKey, FactQuery, Found, MachineAnswer, Wanted, World};
use crate::convert::text_of;

/// Why an act changed nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Refused {
    Engine(Refusal),
    Form(Vec<FieldError>),
    /// The flow does not let this person start it.
    MayNotStart,
    /// Nobody holds an open task at that step.
    NoOpenTask {
        open: Vec<Place>,
    },
    /// The period is missing, or of another kind than the flow's.
    Period,
    /// Nothing starts, or there is no such record to start something about.
    NothingStarts,
    /// More than one request would start, and a case plays one.
    SeveralStart,
}

/// One request in its own small world.
pub struct Play<'a> {
    pub release: &'a Release,
    pub flow: &'a Flow,
    pub directory: Directory,
    pub calendar: Calendar,
    pub now: Instant,
    pub state: Option<Instance>,
    pub events: Vec<Event>,
    /// Facts known before and recorded since, by kind, oldest first.
    pub facts: BTreeMap<Name, Vec<Known>>,
    pub balances: BTreeMap<BalanceKey, Balance>,
}

/// A fact, and when it was recorded: those of the setting when the case begins.
#[derive(Debug, Clone)]
pub struct Known {
    pub body: Json,
    pub at: Instant,
}

/// The most rounds of one act: questions asked, machine steps run.
const MAX_ROUNDS: usize = 1_000;

impl<'a> Play<'a> {
    pub fn new(release: &'a Release, flow: &'a Flow, directory: Directory, calendar: Calendar, now: Instant) -> Self {
        let (state, events, facts, balances) = (None, Vec::new(), BTreeMap::new(), BTreeMap::new());
        Self { release, flow, directory, calendar, now, state, events, facts, balances }
    }

    pub fn world(&self) -> World<'_> {
        World { directory: &self.directory, calendar: &self.calendar, now: self.now }
    }

    /// Starts the request.
    pub fn submit(&mut self, person: &PersonId, form: &Json, period: Option<&str>) -> Result<(), Refused> {
        if !answers::may_start(self.flow, person, &self.directory) {
            return Err(Refused::MayNotStart);
        }
        let rights = answers::rights(self.release, self.flow, &Place::Start);
        let period = self.period(period)?;
        let form = self.start_form(person, &rights, None, form)?;
        self.begin(Actor::Person(person.clone()), person, period, form, false)
    }

    /// The form with which somebody starts.
    pub fn start_form(
        &self,
        person: &PersonId,
        rights: &Rights,
        before: Option<&Json>,
        form: &Json,
    ) -> Result<Map<String, Json>, Refused> {
        let main = self.release.form(&self.flow.form).ok_or(Refused::MayNotStart)?;
        self.accept(person, main, rights, before, form, true)
    }

    /// The request begins; `open`: its initiator still has to fill it.
    pub fn begin(
        &mut self,
        actor: Actor,
        initiator: &PersonId,
        period: Option<Period>,
        form: Map<String, Json>,
        open: bool,
    ) -> Result<(), Refused> {
        let named = |field: &Name| form.get(field.as_str()).and_then(Json::as_str).map(PersonId::new);
        let subject = match &self.flow.subject {
            Subject::Initiator => None,
            Subject::Field(field) => named(field),
        };
        let format = self.release.number_format(self.flow);
        let command = Command::Submit {
            release: self.release.hash(),
            initiator: (!matches!(actor, Actor::Person(_))).then(|| initiator.clone()),
            subject: subject.unwrap_or_else(|| initiator.clone()),
            period,
            number: format.render(self.calendar.local_date(self.now), 1),
            form,
            open,
        };
        self.command(actor, &command)
    }

    pub fn period(&self, written: Option<&str>) -> Result<Option<Period>, Refused> {
        match (self.flow.period, written) {
            (None, None) => Ok(None),
            (Some(kind), Some(written)) => {
                Period::parse(written).filter(|period| period.kind() == kind).map(Some).ok_or(Refused::Period)
            }
            _ => Err(Refused::Period),
        }
    }

    /// The open task that a person holds at a place, or holds for somebody else, with its version.
    pub fn task(&self, person: &PersonId, place: &Place) -> Result<(TaskId, u32), Refused> {
        let open = || self.state.iter().flat_map(Instance::tasks).filter(|(_, _, visit, _)| visit.place == *place);
        if let Some((_, id, _, task)) = open().find(|(_, _, _, task)| task.person == *person) {
            return Ok((id, task.version));
        }
        let today = self.world().today();
        let acts_for = |holder: &PersonId| self.directory.stands_in(person, holder, &self.flow.name, today);
        if let Some((_, id, _, task)) = open().find(|(_, _, _, task)| acts_for(&task.person)) {
            return Ok((id, task.version));
        }
        if open().next().is_some() {
            return Err(Refused::Engine(Refusal::NotYours));
        }
        let places: BTreeSet<Place> =
            self.state.iter().flat_map(|state| &state.visits).map(|(_, v)| v.place.clone()).collect();
        Err(Refused::NoOpenTask { open: places.into_iter().collect() })
    }

    /// The request's form as somebody leaves it who acts at a place.
    pub fn changed_form(
        &self,
        person: &PersonId,
        place: &Place,
        patch: Option<&Json>,
    ) -> Result<Option<Map<String, Json>>, Refused> {
        let (Some(state), Some(form)) = (&self.state, self.release.form(&self.flow.form)) else { return Ok(None) };
        let rights = answers::rights(self.release, self.flow, place);
        let nothing = Json::Object(Map::new());
        let before = Json::Object(state.form.clone());
        self.accept(person, form, &rights, Some(&before), patch.unwrap_or(&nothing), *place == Place::Start).map(Some)
    }

    /// What was filled into a form of its own.
    pub fn own_form(&self, person: &PersonId, form: &Name, data: Option<&Json>) -> Result<Json, Refused> {
        let Some(form) = self.release.form(form) else { return Ok(Json::Null) };
        let nothing = Json::Object(Map::new());
        self.accept(person, form, &Rights::editable(), None, data.unwrap_or(&nothing), true).map(Json::Object)
    }

    fn accept(
        &self,
        person: &PersonId,
        form: &Form,
        rights: &Rights,
        before: Option<&Json>,
        data: &Json,
        anew: bool,
    ) -> Result<Map<String, Json>, Refused> {
        let classes = self.release.company().classes_of(person, &self.directory);
        let context = Context { today: self.world().today(), calendar: Some(&self.calendar) };
        let view = View { rights, classes: &classes };
        let submission =
            Submission { before, data, view, purpose: Purpose::Submit, context, found: LookedUp::default() };
        let accepted = form.accept_with(&submission, anew, |wanted| self.look_up(wanted)).map_err(Refused::Form)?;
        match accepted.data {
            Json::Object(data) => Ok(data),
            _ => Ok(Map::new()),
        }
    }

    /// The value of the newest record that fits.
    fn look_up(&self, wanted: &zhupi_forms::Wanted) -> Option<Json> {
        let fits = |known: &&Known| {
            let equals = |(field, value): (&Name, &String)| {
                known.body.get(field.as_str()).and_then(text_of).is_some_and(|text| text == *value)
            };
            wanted.matching.iter().all(equals)
        };
        self.facts.get(&wanted.fact)?.iter().rev().find(fits)?.body.get(wanted.value.as_str()).cloned()
    }

    /// Decides one command and does whatever follows from it by itself.
    pub fn command(&mut self, actor: Actor, command: &Command) -> Result<(), Refused> {
        self.decide(actor, command)?;
        for _ in 0..MAX_ROUNDS {
            let Some((visit, attempt, step)) = self.waiting_machine() else { break };
            let command = self.machine(visit, attempt, &step);
            if self.decide(Actor::Machine, &command).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn decide(&mut self, actor: Actor, command: &Command) -> Result<(), Refused> {
        let mut inputs = Inputs { now: self.now, actor, answers: Answers::new() };
        for _ in 0..MAX_ROUNDS {
            match decide(self.flow, self.state.as_ref(), command, &inputs).map_err(Refused::Engine)? {
                Outcome::Ask { questions, state } => {
                    for question in questions {
                        let found = self.found(&answers::needs(self.release, &question, &state, &self.world()));
                        let answer = answers::answer(self.release, &question, &state, &self.world(), &found);
                        inputs.answers.insert(question, answer);
                    }
                }
                Outcome::Decided { events, state } => {
                    self.move_balances(&state, &events);
                    self.events.extend(events);
                    self.state = Some(*state);
                    return Ok(());
                }
            }
        }
        Err(Refused::Engine(Refusal::BadAnswer))
    }

    fn move_balances(&mut self, after: &Instance, events: &[Event]) {
        for effect in effects(self.state.as_ref(), after, events) {
            if let Effect::MoveBalance { account, key, posted, reserved } = effect {
                let balance = self.balances.entry(BalanceKey { account, key }).or_default();
                (balance.posted, balance.reserved) = (balance.posted + posted, balance.reserved + reserved);
            }
        }
    }

    /// Looks up what is wanted.
    fn found(&self, wanted: &Wanted) -> Found {
        let fits = |query: &FactQuery, body: &Json| {
            let text = |field: &String| body.get(field).and_then(crate::convert::text_of);
            query.matching.iter().all(|(field, wanted)| text(field).as_ref() == Some(wanted))
        };
        let facts = wanted.facts.iter().map(|query| {
            let known = self.facts.get(&query.kind).into_iter().flatten().map(|known| &known.body);
            (query.input.clone(), known.filter(|body| fits(query, body)).cloned().collect())
        });
        let balances = wanted.balances.iter().filter_map(|key| Some((key.clone(), *self.balances.get(key)?)));
        Found { facts: facts.collect(), balances: balances.collect() }
    }

    /// Puts a fact on record, now.
    pub fn know(&mut self, kind: Name, body: Json) {
        let at = self.now;
        self.facts.entry(kind).or_default().push(Known { body, at });
    }

    /// A machine step that waits to be done, and is not stopped by an incident.
    fn waiting_machine(&self) -> Option<(VisitId, u32, Spot)> {
        let state = self.state.as_ref().filter(|state| state.is_running())?;
        let stopped: BTreeSet<VisitId> = state.incidents.values().filter_map(|incident| incident.visit).collect();
        state.visits.iter().find_map(|(id, visit)| match &visit.place {
            Place::Step(step) if visit.attempt > 0 && !stopped.contains(id) => Some((*id, visit.attempt, step.clone())),
            _ => None,
        })
    }

    fn machine(&mut self, visit: VisitId, attempt: u32, step: &Spot) -> Command {
        let Some(state) = &self.state else { return Command::Withdraw { reason: None } };
        let found = self.found(&answers::machine_inputs(self.release, state, step, &self.world()));
        match answers::run_machine(self.release, state, step, &self.world(), &found) {
            MachineAnswer::Policy { value, detail } => Command::MachineDone { visit, attempt, value, detail },
            MachineAnswer::Archive { value } => Command::MachineDone { visit, attempt, value, detail: Json::Null },
            MachineAnswer::Record { fact, body, value, .. } => {
                self.know(fact, body);
                Command::MachineDone { visit, attempt, value, detail: Json::Null }
            }
            MachineAnswer::Failed { problem, detail } => Command::MachineFailed { visit, attempt, problem, detail },
        }
    }

    /// Moves the clock; timers go off in their order, each at its own moment.
    pub fn move_clock(&mut self, to: Instant) {
        for _ in 0..MAX_ROUNDS {
            let next = self
                .state
                .iter()
                .flat_map(|state| &state.visits)
                .flat_map(|(id, visit)| visit.timers.iter().map(|timer| (timer.at, *id, timer.number)));
            let Some((at, visit, timer)) = next.filter(|(at, _, _)| *at <= to).min() else { break };
            self.now = self.now.max(at);
            if self.command(Actor::Timer, &Command::TimerFired { visit, timer }).is_err() {
                break;
            }
        }
        self.now = self.now.max(to);
    }
}

impl Refused {
    /// The code that cases write, the same as the API's.
    pub fn code(&self) -> &str {
        match self {
            Self::Engine(Refusal::Objected(objection)) => objection.code.as_deref().unwrap_or("check_refused"),
            Self::Form(_) => "form_invalid",
            Self::MayNotStart => "may_not_start",
            Self::NoOpenTask { .. } => "task_closed",
            Self::Period => "period_invalid",
            Self::NothingStarts => "nothing_starts",
            Self::SeveralStart => "several_start",
            Self::Engine(refusal) => refusal.code(),
        }
    }

    /// What happened, in words.
    pub fn text(&self) -> Text {
        match self {
            Self::Form(errors) => {
                let say = |locale| errors.iter().map(|e| e.message.get(locale)).collect::<Vec<_>>().join("; ");
                Text::new(say(zhupi_domain::Locale::Zh), say(zhupi_domain::Locale::En))
            }
            Self::MayNotStart => Text::new("这个人不能发起此流程", "this person may not start the flow"),
            Self::NothingStarts => Text::new("没有申请由此发起", "nothing is started by it"),
            Self::SeveralStart => {
                Text::new("会发起不止一份申请，案例只演一份", "more than one request would start; a case plays one")
            }
            Self::Period => Text::new("期间缺失或种类不对", "the period is missing or of another kind"),
            Self::NoOpenTask { open } => {
                let open: Vec<String> = open.iter().map(place_name).collect();
                let open = if open.is_empty() { "—".to_owned() } else { open.join(", ") };
                Text::new(format!("这一步没有待办；待办在：{open}"), format!("no such open task; open is {open}"))
            }
            Self::Engine(Refusal::Objected(objection)) => {
                let code = objection.code.as_deref().unwrap_or("check_refused");
                let en = objection.text.get(zhupi_domain::Locale::En);
                Text::new(format!("检查不通过（{code}）：{}", objection.text.zh), format!("refused ({code}): {en}"))
            }
            Self::Engine(refusal) => Text::new(format!("被拒绝（{}）", self.code()), refusal.to_string()),
        }
    }
}

/// A place as cases write it.
pub fn place_name(place: &Place) -> String {
    match place {
        Place::Start => "start".to_owned(),
        Place::Step(step) => step.to_string(),
    }
}

/// The place that a case means.
pub fn place_of(spot: &Spot) -> Place {
    if spot.what.as_str() == "start" { Place::Start } else { Place::Step(spot.clone()) }
}
