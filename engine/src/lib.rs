//! Flows: how a request travels from person to person.
//!
//! The crate is one pure function and its inverse. [`decide`] says what one command does to one running instance; [`apply`]
//! folds what was decided back into the state. Neither reads a clock, a directory, a calendar, a form or a database: what
//! they must know comes in as answers, and the answers used are written into the events, so that replaying an instance
//! needs nothing but its events.
//!
//! ```text
//! decide(flow, state, command, inputs) → Ask(questions) | Decided { events }   or a Refusal
//! apply(state, event)                  → state            total: history is never refused
//! effects(before, after)               → what the world must do: open a task, arm a timer, run a machine step
//! ```

mod actions;
mod acts;
mod apply;
mod asked;
mod command;
mod cursor;
mod decide;
mod due;
mod duties;
mod effects;
mod ends;
mod event;
mod flow;
mod machines;
mod moves;
mod reason;
mod returns;
mod rework;
mod selector;
mod sheets;
mod spot;
mod state;
mod vote;
mod votes;
mod walk;

pub use actions::{TaskAction, previous, return_targets, task_actions};
pub use apply::{apply, replay};
pub use asked::{Asked, forecast};
pub use command::{
    Alarm, Amount, Answer, Answers, Checked, Command, Inputs, Objection, Question, Recounted, Refusal, Shortfall,
};
pub use cursor::{After, Cursor, Region};
pub use decide::{Outcome, decide};
pub use due::Due;
pub use effects::{Effect, Notice, TaskOutcome, effects};
pub use event::{Actor, Event, EventKind, Resume, Then, VisitEnd, Work};
pub use flow::{
    Assign, Block, Branch, Check, Choose, Decide, Each, Flow, Human, HumanKind, LaneOrder, Late, Machine, Move,
    MoveKind, OnEmpty, OnReject, OnSelf, OnTwice, Overdue, OverdueAction, Parallel, Place, Sheet, Step, StepKind,
    Subject, Target,
};
pub use reason::{NotAsked, NotAskedBecause, Obstacle, Problem, Skip, Undone, Why};
pub use selector::{PersonRef, Selector, SelectorError};
pub use spot::{At, Lanes, NotAt, Spot};
pub use state::{
    Candidate, Deadline, Incident, IncidentId, Instance, Lane, Moved, Passed, ResultValue, Status, Task, TaskId, Timer,
    Visit, VisitId,
};
pub use vote::{Abstain, Ballot, Cast, Chair, Count, Share, Threshold, Vote};
