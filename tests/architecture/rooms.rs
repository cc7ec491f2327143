//! What each room must never know.

use std::collections::BTreeSet;
use std::path::Path;

use crate::scan::{self, Part};
use crate::source::Source;
use crate::{Finding, files};

/// Words that must not be in a room, and why.
struct Rule {
    room: &'static str,
    part: Part,
    words: &'static [&'static str],
    why: &'static str,
    mend: &'static str,
    /// The files whose very purpose it is.
    except: &'static [&'static str],
}

impl Rule {
    const fn code(room: &'static str, words: &'static [&'static str], why: &'static str, mend: &'static str) -> Self {
        Rule { room, part: Part::Code, words, why, mend, except: &[] }
    }

    const fn texts(room: &'static str, words: &'static [&'static str], why: &'static str, mend: &'static str) -> Self {
        Rule { room, part: Part::Texts, words, why, mend, except: &[] }
    }

    const fn except(self, except: &'static [&'static str]) -> Self {
        Rule { except, ..self }
    }
}

const CLOCKS: &[&str] = &["Utc::now", "Local::now", "SystemTime"];
const WORLD: &[&str] = &["std::fs", "std::net", "std::env", "std::process"];
const CHANCE: &[&str] = &["rand", "getrandom", "Uuid::new_v4", "Uuid::now_v7"];
const WAITING: &[&str] = &["async", "await", "tokio", "futures", "std::thread"];
const ASYNC: &[&str] = &["async", "await", "tokio", "futures"];
const UNORDERED: &[&str] = &["HashMap", "HashSet"];
const FLOATS: &[&str] = &["f32", "f64"];
const SQL: &[&str] = &["SELECT", "INSERT INTO", "DELETE FROM", "UPDATE", "BEGIN", "ROLLBACK", "CREATE TABLE"];

/// Where numbers that others wrote as JSON are read.
const JSON_NUMBERS: &[&str] = &["domain/src/json.rs", "domain/src/expr/value.rs"];

const TIME: &str = "take the time as an argument; the server reads the clock, in one file";
const DATA: &str = "take the answer as an argument: data in, data out";
const ORDER: &str = "use BTreeMap or BTreeSet";
const ASK: &str = "ask the room that owns it, through its functions";
const STORE: &str = "put the statement into store/src/sql and call a function of store";

const RULES: &[Rule] = &[
    Rule::code("domain/src", CLOCKS, "words do not tell the time", TIME),
    Rule::code("domain/src", WORLD, "words do no input or output", DATA),
    Rule::code("domain/src", WAITING, "words do not wait", DATA),
    Rule::code("domain/src", FLOATS, "money, rates and scores are exact", "use Decimal").except(JSON_NUMBERS),
    Rule::code("engine/src", CLOCKS, "the same inputs decide the same for ever", TIME),
    Rule::code("engine/src", &["std::time", "Instant::now"], "the same inputs decide the same for ever", TIME),
    Rule::code("engine/src", WORLD, "the engine only decides", DATA),
    Rule::code("engine/src", CHANCE, "ids inside an instance are counters of its state", DATA),
    Rule::code("engine/src", WAITING, "the engine only decides", "return a question or an effect"),
    Rule::code("engine/src", UNORDERED, "replay must see the same order", ORDER),
    Rule::code("engine/src", FLOATS, "money, rates and scores are exact", "use Decimal"),
    Rule::code("engine/src", &["sqlx", "rhai", "jsonschema", "axum"], "the engine knows flows only", DATA),
    Rule::code("policies/src", CLOCKS, "the same inputs give the same cents", TIME),
    Rule::code("policies/src", WORLD, "a script has no other input than its contract's", DATA),
    Rule::code("policies/src", CHANCE, "the same inputs give the same cents", DATA),
    Rule::code("policies/src", ASYNC, "an evaluation is one call", DATA),
    Rule::code("policies/src", UNORDERED, "an explanation lists things in the same order each time", ORDER),
    Rule::code("policies/src", &["sqlx", "axum", "jsonschema"], "policies know scripts only", DATA),
    Rule::code("forms/src", CLOCKS, "the same form and data give the same answer", TIME),
    Rule::code("forms/src", WORLD, "a form is text, a submission is data", DATA),
    Rule::code("forms/src", WAITING, "an answer is one call", DATA),
    Rule::code("forms/src", &["sqlx", "axum", "rhai"], "forms know schemas only", DATA),
    Rule::code("pack/src", CLOCKS, "a release answers for the date it is asked about", TIME),
    Rule::code("pack/src", &["std::fs"], "a pack is paths with texts", "read folders in Folder::open alone")
        .except(&["pack/src/folder.rs"]),
    Rule::code("pack/src", &["std::net", "std::env", "std::process"], "a pack is paths with texts", DATA),
    Rule::code("pack/src", WAITING, "a release answers at once", DATA),
    Rule::code("pack/src", CHANCE, "the same files make the same release", DATA),
    Rule::code("pack/src", &["rhai", "jsonschema", "sqlx", "axum"], "scripts and schemas have rooms of their own", ASK),
    Rule::code("app/src", CLOCKS, "use cases are tested at any time", TIME),
    Rule::code(
        "app/src",
        &["axum", "hyper", "tower", "clap"],
        "use cases have no caller they know",
        "let server translate",
    ),
    Rule::code("app/src", &["sqlx", "rusqlite"], "store alone speaks SQL", STORE),
    Rule::code("app/src", &["rhai", "jsonschema", "serde_saphyr"], "pack, policies and forms own these", ASK),
    Rule::code("app/src", WORLD, "use cases are tested without a machine", "let server do it and hand in the result"),
    Rule::texts("app/src", SQL, "app hands store one Commit and never opens a transaction", STORE),
    Rule::code("store/src", CLOCKS, "the time of an event is its caller's", TIME),
    Rule::code(
        "store/src",
        &["axum", "rhai", "jsonschema", "serde_saphyr"],
        "store keeps kind, version and payload",
        ASK,
    ),
    Rule::code(
        "store/src",
        &["zhupi_engine", "zhupi_policies", "zhupi_forms", "zhupi_pack", "zhupi_app"],
        "store keeps records and does not know what they mean",
        "hand store a record",
    ),
    Rule::code(
        "store/src",
        &["sqlx::Any", "AnyPool", "QueryBuilder", "AssertSqlSafe"],
        "SQL is constant text, prepared on both databases by a test",
        "write the statement as a constant in store/src/sql",
    ),
    Rule::texts(
        "store/src",
        &["SKIP LOCKED", "NOTIFY", "AS jsonb", "::jsonb"],
        "one text serves both databases",
        "claim by version check under a lease; keep JSON as text",
    ),
    Rule::code("bench/src", CLOCKS, "a measurement is told the time like everybody", TIME),
    Rule::code("server", &["sqlx", "rusqlite"], "server constructs store and asks app", STORE),
    Rule::code("server", &["rhai", "jsonschema", "serde_saphyr"], "server decides nothing", ASK),
    Rule::code("server", CLOCKS, "one file reads the clock", "use server/clock.rs").except(&["server/clock.rs"]),
    Rule::code(
        "server",
        &["zhupi_engine::decide", "zhupi_engine::apply"],
        "server decides nothing",
        "call a use case of app",
    ),
    Rule::texts("server", SQL, "server constructs store and asks app", STORE),
];

pub fn check(root: &Path) -> Vec<Finding> {
    let rooms: BTreeSet<&str> = RULES.iter().map(|rule| rule.room).collect();
    let sources = rooms.into_iter().flat_map(|room| files(root, room, &[".rs"])).filter(|path| !is_test(path));
    sources
        .flat_map(|path| {
            let text = std::fs::read_to_string(root.join(&path)).unwrap_or_default();
            judge(&path, &text)
        })
        .collect()
}

/// What all rules of its room say about a file.
fn judge(path: &str, text: &str) -> Vec<Finding> {
    let source = Source::read(text);
    let applies = |rule: &&Rule| path.starts_with(&format!("{}/", rule.room)) && !rule.except.contains(&path);
    let found = |rule: &'static Rule| {
        let places = scan::find(&source, rule.part, rule.words);
        places.into_iter().map(move |(line, word)| (rule, line, word))
    };
    let findings = RULES.iter().filter(applies).flat_map(found).map(|(rule, line, word)| Finding {
        path: path.to_owned(),
        line,
        rule: format!("{} must never know `{word}`: {}", rule.room.trim_end_matches("/src"), rule.why),
        mend: rule.mend,
    });
    findings.collect()
}

fn is_test(path: &str) -> bool {
    path.ends_with("tests.rs") || path.contains("/tests/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        judge(path, text).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn an_engine_that_reads_the_clock_or_a_file_is_found() {
        assert_eq!(found("engine/src/a.rs", "let now = Utc::now();").len(), 1);
        assert_eq!(found("engine/src/a.rs", "use std::{fs, time::Instant};").len(), 2);
        assert_eq!(found("engine/src/a.rs", "pub async fn decide() {}").len(), 1);
        assert_eq!(found("engine/src/a.rs", "let x: HashMap<u8, f64> = rhai::x();").len(), 3);
    }

    #[test]
    fn an_app_or_server_that_speaks_sql_is_found() {
        assert_eq!(found("app/src/a.rs", "let sql = \"BEGIN IMMEDIATE\";").len(), 1);
        assert_eq!(found("server/a.rs", "query(\"SELECT id FROM tasks\")").len(), 1);
        assert_eq!(found("app/src/a.rs", "use axum::Json;").len(), 1);
    }

    #[test]
    fn a_store_that_knows_meanings_or_builds_sql_is_found() {
        assert_eq!(found("store/src/a.rs", "use zhupi_engine::Event;").len(), 1);
        assert_eq!(found("store/src/a.rs", "sqlx::query(AssertSqlSafe(text))").len(), 1);
        assert!(found("store/src/a.rs", "const SQL: &str = \"SELECT id FROM tasks\";").is_empty());
    }

    #[test]
    fn the_file_whose_purpose_it_is_may() {
        assert!(found("server/clock.rs", "Utc::now()").is_empty());
        assert_eq!(found("server/main.rs", "Utc::now()").len(), 1);
    }

    #[test]
    fn every_rule_looks_at_a_room_that_is_there() {
        for rule in RULES {
            assert!(!files(&crate::root(), rule.room, &[".rs"]).is_empty(), "{} has no sources", rule.room);
        }
    }
}
