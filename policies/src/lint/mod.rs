//! Findings about params and scripts that compile but may not say what was meant. T… are about tables, S… about scripts.

mod axis;
mod chain;
mod literals;
mod params;
mod script;
mod secrets;
mod tables;

pub use script::unread_params;
