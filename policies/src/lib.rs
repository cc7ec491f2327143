//! Policies: scripts that cannot hurt and always explain.
//!
//! A policy is a [`Contract`] and a rhai script. The contract types what goes in and what comes out; the script composes the
//! host's [`words`]; [`Params`] hold the dated values and tables that it reads. [`evaluate`] runs it inside a fence of sizes,
//! operations and time, checks the answer against the contract, and returns it with an [`Explanation`] of every figure.
//!
//! Pure: text and data in, data out. Nothing here knows flows, files, SQL or a caller, and the only clock is the one that
//! stops a script that runs too long.

mod bands;
mod binding;
mod checks;
mod contract;
mod control;
mod coverage;
mod dataflow;
mod evaluation;
mod explain;
mod explanation;
mod fault;
mod fence;
mod host;
mod input;
mod library;
mod lint;
mod money;
mod number;
mod operators;
mod output;
mod params;
mod policy;
mod policy_name;
mod running;
mod sentence;
mod show;
mod stop;
mod syntax;
mod table;
mod table_json;
mod tape;
mod time;
mod types;
mod words;

pub use binding::{BalanceBinding, Binding, FactBinding, Pick, Take};
pub use contract::{Class, Contract, Control, Input, Kind, LeftOver, Output, Refusal};
pub use coverage::{Coverage, cover};
pub use evaluation::{Assumed, ENGINE_VERSION, Evaluation, Outcome, Request, evaluate};
pub use explanation::{Explanation, LeftCents, RowHit, Sentence, Source, Step, What};
pub use library::{Libraries, LibrarySource};
pub use lint::unread_params;
pub use params::{Dated, Param, ParamValue, Params, Status};
pub use policy::Policy;
pub use policy_name::PolicyName;
pub use table::{
    Axis, Band, Below, Bounds, Cell, DecidedGap, Entry, Grades, Lookup, Mode, Neighbour, Pay, Share, Shares, Table,
    Tiers, Unit,
};
pub use types::{Field, Presence, Type};
pub use words::{UNKNOWN_YEAR, Word, words};
