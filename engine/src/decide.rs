//! Decides what one command does to one instance. Same arguments, same outcome, for ever.

use zhupi_domain::PersonId;

use crate::{Actor, Answer, Command, Event, EventKind, Flow, Inputs, Instance, Place, Question, Refusal, apply};

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
        Some(state) => Draft { flow, inputs, state: state.clone(), events: Vec::new(), questions: Vec::new() },
    };
    let went = match state {
        None => draft.enter(flow.first(), &Place::Start),
        Some(_) => draft.act(command),
    };
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
    pub events: Vec<Event>,
    pub questions: Vec<Question>,
}

impl<'a> Draft<'a> {
    fn submit(flow: &'a Flow, command: &Command, inputs: &'a Inputs) -> Result<Self, Refusal> {
        let (Command::Submit { release, subject, period, number, form }, Actor::Person(initiator)) =
            (command, &inputs.actor)
        else {
            return Err(Refusal::NotSubmitted);
        };
        let kind = EventKind::Submitted {
            flow: flow.name.clone(),
            release: *release,
            initiator: initiator.clone(),
            subject: subject.clone(),
            period: *period,
            number: number.clone(),
            form: form.clone(),
        };
        let event = Event { at: inputs.now, by: inputs.actor.clone(), kind };
        let state = apply(None, &event).ok_or(Refusal::NotSubmitted)?;
        Ok(Self { flow, inputs, state, events: vec![event], questions: Vec::new() })
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
