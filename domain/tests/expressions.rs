//! The corpus that this implementation and the browser's share: what expressions mean, case by case.

#![allow(clippy::expect_used, reason = "a corpus that cannot be read is a failed test")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value as Json;
use zhupi_domain::calendar::Calendar;
use zhupi_domain::expr::{Context, EvalErrorKind, Expr, MAX_LENGTH, Type, Value};
use zhupi_domain::{Diagnostic, Diagnostics, Span, Text};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corpus {
    #[serde(rename = "about")]
    _about: String,
    today: NaiveDate,
    calendars: BTreeMap<String, Calendar>,
    scopes: BTreeMap<String, Scope>,
    messages: BTreeMap<String, Text>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scope {
    #[serde(rename = "type")]
    ty: Type,
    value: Json,
    /// Lists that consist of one row many times.
    #[serde(default)]
    repeat: BTreeMap<String, (Json, usize)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    expression: String,
    /// Puts a text before and one after the expression, so many times.
    #[serde(default)]
    wrap: Option<(String, String, usize)>,
    #[serde(default)]
    scope: Option<String>,
    #[serde(default)]
    calendar: Option<String>,
    #[serde(default)]
    parse: Option<String>,
    #[serde(default)]
    check: Option<Vec<String>>,
    #[serde(default)]
    at: Option<String>,
    #[serde(default, rename = "type")]
    ty: Option<Type>,
    #[serde(default)]
    paths: Option<Vec<String>>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    year: Option<i32>,
    #[serde(default)]
    result: Json,
}

impl Case {
    fn source(&self) -> String {
        match &self.wrap {
            Some((before, after, times)) => before.repeat(*times) + &self.expression + &after.repeat(*times),
            None => self.expression.clone(),
        }
    }
}

impl Scope {
    fn value(&self) -> Value {
        let mut json = self.value.clone();
        for (name, (row, times)) in &self.repeat {
            json[name] = Json::Array(vec![row.clone(); *times]);
        }
        Value::from_json(&json, &self.ty).expect("the scope's value is of its type")
    }
}

fn corpus() -> Corpus {
    serde_json::from_str(include_str!("../corpus/expressions.json")).expect("the corpus can be read")
}

fn text_at(source: &str, span: Option<Span>) -> String {
    span.and_then(|span| source.get(span.start..span.end)).unwrap_or("(no place)").to_owned()
}

/// Codes, and the text at the first place.
fn summary(source: &str, found: &[Diagnostic]) -> (Vec<String>, Option<String>) {
    let codes = found.iter().map(|finding| finding.code.to_owned()).collect();
    let whole = |text: &String| text.len() > MAX_LENGTH;
    (codes, Some(text_at(source, found.first().and_then(|finding| finding.span))).filter(|text| !whole(text)))
}

fn is_complete(found: &Diagnostics) -> bool {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    found.iter().all(|finding| {
        chinese(&finding.message.zh)
            && finding.message.en.is_some()
            && finding.hints.iter().all(|hint| hint.en.is_some())
    })
}

#[test]
fn every_expression_means_what_the_corpus_says() {
    let corpus = corpus();
    let wrong: Vec<String> = corpus.cases.iter().filter_map(|case| run(&corpus, case).err()).collect();
    assert!(wrong.is_empty(), "{} of {} cases\n{}", wrong.len(), corpus.cases.len(), wrong.join("\n"));
    assert!(corpus.cases.len() > 300);
}

#[test]
fn evaluations_fail_in_the_words_of_the_corpus() {
    let kinds = [
        EvalErrorKind::DivisionByZero,
        EvalErrorKind::Overflow,
        EvalErrorKind::NotWhole,
        EvalErrorKind::DateOutOfRange,
        EvalErrorKind::NoCalendar,
        EvalErrorKind::NoCalendarData { year: 2027 },
        EvalErrorKind::TooMuchWork,
        EvalErrorKind::WrongType,
    ];
    let messages: BTreeMap<String, Text> =
        kinds.into_iter().map(|kind| (kind.code().to_owned(), kind.message())).collect();
    assert_eq!(messages, corpus().messages);
}

fn run(corpus: &Corpus, case: &Case) -> Result<(), String> {
    let source = &case.source();
    let expr = match (Expr::parse(source), &case.parse) {
        (Ok(expr), None) => expr,
        (Err(found), Some(code)) => {
            expect(source, "complete findings", is_complete(&found), true)?;
            return expect(source, "finding", summary(source, &found), (vec![code.clone()], case.at.clone()));
        }
        (parsed, _) => return Err(format!("{source}: parsed to {:?}", parsed.map(|_| "an expression"))),
    };
    let scope = corpus.scopes.get(case.scope.as_deref().unwrap_or_default()).ok_or("no such scope")?;
    match (expr.check(&scope.ty), &case.check) {
        (Ok(ty), None) => expect(source, "type", Some(ty), case.ty.clone())?,
        (Err(found), Some(codes)) => {
            expect(source, "complete findings", is_complete(&found), true)?;
            return expect(source, "findings", summary(source, &found), (codes.clone(), case.at.clone()));
        }
        (checked, _) => return Err(format!("{source}: checked to {checked:?}")),
    }
    if let Some(paths) = &case.paths {
        expect(source, "paths", expr.paths().into_iter().collect::<Vec<_>>(), paths.clone())?;
    }
    let calendar = case.calendar.as_ref().and_then(|name| corpus.calendars.get(name));
    match (expr.eval(&scope.value(), &Context { today: corpus.today, calendar }), &case.error) {
        (Ok(value), None) => expect(source, "result", value.to_json(), case.result.clone()),
        (Err(error), Some(code)) => {
            if let (EvalErrorKind::NoCalendarData { year }, expected) = (error.kind, case.year) {
                expect(source, "year", Some(year), expected)?;
            }
            let finding = vec![error.diagnostic()];
            expect(source, "complete findings", is_complete(&finding), true)?;
            expect(source, "error", summary(source, &finding), (vec![code.clone()], case.at.clone()))
        }
        (outcome, _) => Err(format!("{source}: evaluated to {outcome:?}")),
    }
}

fn expect<T: PartialEq + std::fmt::Debug>(source: &str, what: &str, got: T, wanted: T) -> Result<(), String> {
    let start: String = source.chars().take(80).collect();
    if got == wanted { Ok(()) } else { Err(format!("{start}: {what} {got:?}, wanted {wanted:?}")) }
}
