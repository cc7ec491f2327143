//! Decides what one command does to one instance. Same arguments, same outcome, for ever.

use zhupi_domain::PersonId;

use crate::{
    Actor, Answer, Command, Event, EventKind, Flow, Inputs, Instance, Moved, Place, Question, Refusal, Why, apply,
};

/// What comes of a command that is not refused.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Something must be known first. `state` is the instance as it would stand at that point: questions about its form are
    /// answered from there.
    Ask { questions: Vec<Question>, state: Box<Instance> },
    /// These events happened; `state` is the instance after them.
    Decided { events: Vec<Event>, state: Box<Instance> },
}

/// Decides what one command does to one instance (none: a submission makes it).
///
/// Asks for what it must know; called again with the same command and the answers added, it comes further. Nothing is
/// changed before it has decided, and a refusal changes nothing.
pub fn decide(flow: &Flow, state: Option<&Instance>, command: &Command, inputs: &Inputs) -> Result<Outcome, Refusal> {
    let mut draft = match state {
        None => Draft::submit(flow, command, inputs)?,
        Some(state) => Draft::of(flow, state, inputs),
    };
    let went = match (state, command) {
        (None, Command::Submit { open: true, .. }) => draft.open_start(Why::Started, Vec::new()),
        (None, _) => draft.check(&Place::Start).and_then(|()| draft.go_on(&Place::Start, Vec::new())),
        (Some(_), _) => draft.act(command),
    };
    let went = went.and_then(|()| draft.separate_duties());
    let state = Box::new(draft.state);
    match went {
        Ok(()) => Ok(Outcome::Decided { events: draft.events, state }),
        Err(Stop::Ask) => Ok(Outcome::Ask { questions: draft.questions, state }),
        Err(Stop::Refuse(refusal)) => Err(refusal),
    }
}

/// Why the decision does not go on.
pub(crate) enum Stop {
    Ask,
    Refuse(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refuse(refusal)
    }
}

pub(crate) type Went<T = ()> = Result<T, Stop>;

/// A decision in the making: the events so far, and the state they make.
pub(crate) struct Draft<'a> {
    pub flow: &'a Flow,
    pub inputs: &'a Inputs,
    pub state: Instance,
    /// What it had moved on accounts before this decision: balances that are told know of it.
    pub moved_before: Vec<Moved>,
    pub events: Vec<Event>,
    pub questions: Vec<Question>,
}

impl<'a> Draft<'a> {
    pub fn of(flow: &'a Flow, state: &Instance, inputs: &'a Inputs) -> Self {
        let moved_before = state.moved.clone();
        Self { flow, inputs, state: state.clone(), moved_before, events: Vec::new(), questions: Vec::new() }
    }

    fn submit(flow: &'a Flow, command: &Command, inputs: &'a Inputs) -> Result<Self, Refusal> {
        let Command::Submit { release, initiator, subject, period, number, form, open } = command else {
            return Err(Refusal::NotSubmitted);
        };
        let initiator = match (&inputs.actor, initiator) {
            (Actor::Person(person), None) => person,
            (Actor::Timer | Actor::Machine, Some(person)) => person,
            _ => return Err(Refusal::NotSubmitted),
        };
        let kind = EventKind::Submitted {
            flow: flow.name.clone(),
            release: *release,
            initiator: initiator.clone(),
            subject: subject.clone(),
            period: *period,
            number: number.clone(),
            form: form.clone(),
            open: *open,
        };
        let event = Event { at: inputs.now, by: inputs.actor.clone(), kind };
        let state = apply(None, &event).ok_or(Refusal::NotSubmitted)?;
        Ok(Self { events: vec![event], ..Self::of(flow, &state, inputs) })
    }

    /// Records one thing that happens.
    pub fn emit(&mut self, kind: EventKind) {
        let event = Event { at: self.inputs.now, by: self.inputs.actor.clone(), kind };
        self.state.fold(&event);
        self.events.push(event);
    }

    /// The answer to a question; without it the decision stops and asks.
    pub fn answer(&mut self, question: Question) -> Went<&'a Answer> {
        match self.inputs.answers.get(&question) {
            Some(answer) => Ok(answer),
            None => {
                self.questions.push(question);
                Err(Stop::Ask)
            }
        }
    }

    /// The person who acts.
    pub fn person(&self) -> Result<&'a PersonId, Refusal> {
        match &self.inputs.actor {
            Actor::Person(person) => Ok(person),
            Actor::Timer | Actor::Machine => Err(Refusal::NotYours),
        }
    }
}
