//! Short ways to write contracts, params and expectations. Each test file uses its own part.

#![allow(dead_code, clippy::expect_used)]

use std::fmt::Write;

use chrono::NaiveDate;
use serde_json::{Map, Value};
use zhupi_domain::{Decimal, Name};
use zhupi_policies::{
    Contract, Dated, Evaluation, Field, Input, Kind, Libraries, Output, Param, ParamValue, Params, Policy, PolicyName,
    Refusal, Request, Type, evaluate,
};

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub fn d(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A contract with plain inputs and outputs; types are written as words, `[x]` is a list, `{x}` a map, `a|b` an enum, `x?`
/// optional, `x!` nullable.
pub fn contract(policy: &str, inputs: &[(&str, &str)], outputs: &[(&str, &str)], refusals: &[&str]) -> Contract {
    let mut contract = Contract::new(PolicyName::new(policy).expect("a policy name"), Kind::Decision);
    contract.inputs = inputs.iter().map(|(n, ty)| Input::of(field(n, ty))).collect();
    contract.outputs = outputs.iter().map(|(n, ty)| Output::of(field(n, ty))).collect();
    contract.refusals = refusals.iter().map(|code| Refusal::new(name(code))).collect();
    contract
}

pub fn field(n: &str, ty: &str) -> Field {
    match (ty.strip_suffix('?'), ty.strip_suffix('!')) {
        (Some(ty), _) => Field::new(name(n), typed(ty)).optional(),
        (_, Some(ty)) => Field::new(name(n), typed(ty)).nullable(),
        _ => Field::new(name(n), typed(ty)),
    }
}

pub fn typed(word: &str) -> Type {
    if let Some(item) = word.strip_prefix('[').and_then(|w| w.strip_suffix(']')) {
        return typed(item).list();
    }
    if let Some(item) = word.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
        return typed(item).map();
    }
    if word.contains('|') {
        return Type::Enum(word.split('|').map(str::to_owned).collect());
    }
    Type::from_word(word).unwrap_or_else(|| panic!("no type {word}"))
}

pub fn record(fields: &[(&str, &str)]) -> Type {
    Type::Record(fields.iter().map(|(n, ty)| field(n, ty)).collect())
}

/// Gives an input or output of a contract a type that a word cannot say.
pub fn retype(mut contract: Contract, n: &str, ty: Type) -> Contract {
    for input in &mut contract.inputs {
        if input.field.name.as_str() == n {
            input.field.ty = ty.clone();
        }
    }
    for output in &mut contract.outputs {
        if output.field.name.as_str() == n {
            output.field.ty = ty.clone();
        }
    }
    contract
}

pub fn refusal(contract: Contract, code: &str, data: &[(&str, &str)]) -> Contract {
    contract.refusal(data.iter().fold(Refusal::new(name(code)), |refusal, (n, ty)| refusal.with(field(n, ty))))
}

pub fn compile(contract: Contract, source: &str) -> Policy {
    Policy::compile(contract, source, &Libraries::default()).unwrap_or_else(|found| panic!("{}", list(&found)))
}

pub fn list(found: &[zhupi_domain::Diagnostic]) -> String {
    found.iter().fold(String::new(), |mut text, one| {
        let _ = writeln!(text, "{one} at {:?}", one.span);
        text
    })
}

pub fn param(n: &str, value: ParamValue) -> Param {
    Param::new(name(n), vec![Dated::new(day("2020-01-01"), value).clause("D0 44")])
}

pub fn plain(n: &str, ty: &str, value: Value) -> Param {
    param(n, ParamValue::Plain { ty: typed(ty), value })
}

pub fn params(list: Vec<Param>) -> Params {
    Params::new(list).expect("good params")
}

pub fn request(inputs: &Value) -> Request {
    let inputs = inputs.as_object().cloned().unwrap_or_else(Map::new);
    Request::new(inputs, day("2026-06-30"))
}

pub fn run(policy: &Policy, params: &Params, inputs: &Value) -> Evaluation {
    evaluate(policy, params, &[request(inputs)]).remove(0)
}

/// Every row of a golden case: inputs, then the whole answer.
pub fn expect(policy: &Policy, params: &Params, rows: &[(Value, Value)]) {
    for (i, (inputs, expected)) in rows.iter().enumerate() {
        let evaluation = run(policy, params, inputs);
        assert_eq!(evaluation.answer(), *expected, "row {i}: {inputs}\n{:?}", evaluation.outcome);
    }
}
