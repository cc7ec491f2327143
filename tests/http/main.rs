//! The real binary over HTTP, as browsers, programs and people of ill will meet it; on both databases where it matters.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

#[path = "../house/mod.rs"]
mod house;
#[path = "../house/past.rs"]
mod past;

mod access;
mod arriving;
mod browser;
mod companies;
mod complaints;
mod console;
mod csrf;
mod demo;
mod deploying;
mod hints;
mod importing;
mod mail;
mod malformed;
mod matrix;
mod pilots;
mod post;
mod problems;
mod requests;
mod running;
mod set_up;
mod stopping;
mod substitutes;
mod votes;
mod words;
