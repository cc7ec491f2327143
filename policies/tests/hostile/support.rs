//! Runs a script and says how it ended.

use std::time::{Duration, Instant};

use serde_json::json;
use zhupi_domain::{Diagnostic, Name};
use zhupi_policies::{
    Contract, Field, Input, Kind, Libraries, Outcome, Output, Params, Policy, PolicyName, Request, Type, evaluate,
};

/// How a script must end.
#[derive(Debug, PartialEq)]
pub enum End {
    /// It does not compile; the code of the first finding.
    Refused(&'static str),
    /// It fails while running; the code.
    Fault(&'static str),
    /// It is stopped by operations, sizes, depth or time.
    Stopped,
    /// It gives this figure.
    Gives(&'static str),
}

use End::{Fault, Gives, Refused, Stopped};

pub fn contract() -> Contract {
    let name = |text: &str| Name::new(text).expect("a name");
    let input = |n: &str, ty: Type| Input::new(name(n), ty);
    let mut r = Field::new(name("r"), Type::Number).optional();
    r.digits = Some(6);
    Contract::new(PolicyName::new("test.hostile").expect("a name"), Kind::Decision)
        .input(input("num", Type::Count))
        .input(input("amount", Type::Money))
        .input(input("word", Type::Text))
        .input(input("list", Type::Money.list()))
        .input(input("bag", Type::Money.map()))
        .output(Output::of(r))
}

pub fn request() -> Request {
    let inputs = json!({
        "num": 7, "amount": "50000.00", "word": "50000.00", "list": ["1.00", "2.00", "3.00"], "bag": { "a": "1.50", "b": "2.00" },
    });
    let request = Request::new(inputs.as_object().cloned().unwrap_or_default(), "2026-01-31".parse().expect("a date"));
    Request { deadline: Duration::from_millis(300), ..request }
}

/// Runs a body of `main`, or a whole script where it defines `main` itself.
pub fn end(script: &str) -> Result<String, Box<Diagnostic>> {
    let source = match script.contains("fn main") {
        true => script.to_owned(),
        false => format!("fn main(num, amount, word, list, bag) {{\n{script}\n}}"),
    };
    let policy = Policy::compile(contract(), &source, &Libraries::default()).map_err(|mut found| {
        let mut first = found.remove(0);
        first.file = "compile".into();
        Box::new(first)
    })?;
    match evaluate(&policy, &Params::default(), &[request()]).remove(0).outcome {
        Outcome::Accepted { output } => Ok(output.get("r").map_or("nothing".into(), |r| {
            r.as_str().unwrap_or_default().trim_end_matches('0').trim_end_matches('.').to_owned()
        })),
        Outcome::Fault(found) => Err(found.into()),
        other => panic!("{other:?}"),
    }
}

/// The most memory that the process has held, in MiB.
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

pub fn check(scripts: &[(&str, End)]) {
    let mut wrong = Vec::new();
    for (script, expected) in scripts {
        let started = Instant::now();
        let ended = end(script);
        let took = started.elapsed();
        let shown: String = script.chars().take(120).collect();
        let fits = match (&ended, expected) {
            (Ok(value), Gives(other)) => value == other,
            (Err(found), Refused(code)) => found.file == "compile" && found.code == *code,
            (Err(found), Fault(code)) => found.file != "compile" && found.code == *code,
            (Err(found), Stopped) => found.file != "compile" && ["policy-limit", "policy-time"].contains(&found.code),
            _ => false,
        };
        if !fits || took > Duration::from_secs(2) {
            wrong.push(format!("{shown}\n    expected {expected:?}\n    after {took:?}: {ended:?}"));
        }
        if ended.is_err_and(|found| found.code == "policy-panic") {
            wrong.push(format!("{shown}\n    panicked"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), scripts.len(), wrong.join("\n"));
    assert!(peak_memory() < 512, "{} MiB", peak_memory());
}
