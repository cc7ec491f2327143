//! Freezing: what every row gives to both releases, looked up once, so that nothing but the rules differs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use zhupi_domain::expr::{Context, Value};
use zhupi_domain::time::Period;
use zhupi_domain::{Diagnostic, Diagnostics, Name, PersonId, Span, Text};
use zhupi_policies::{Binding, Contract, Policy, Presence};

use super::columns::{AS_OF, Columns, PAYEE, PERIOD, RESERVED, SUBJECT};
use super::facts::Facts;
use super::source::{Record, Records, Source};
use super::{MAX_ROWS, Pair};
use crate::Release;
use crate::answers::machine::policy::{days, picked, wanted};
use crate::answers::{Found, Scope, World, period_value};
use crate::convert::{entered_json, input_type};
use crate::read::Log;

/// What a pilot is run over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Data {
    /// One evaluation a row.
    pub rows: Source,
    /// Records that inputs with `from: fact:` are looked up in, by their kind.
    pub facts: BTreeMap<String, Source>,
}

/// One row as both releases take it; the inputs are complete but for what each release's own params fill in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Counted from 1.
    pub number: usize,
    /// Where it begins in its file.
    pub line: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee: Option<String>,
    /// The day at which params are read.
    pub on: NaiveDate,
    pub inputs: Map<String, Json>,
    /// The candidate's, where it takes others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<Map<String, Json>>,
}

/// Reads and looks up everything, or says everything that is wrong with it, by file, line and column.
///
/// `on`: the day at which params are read for rows that name none.
pub fn freeze(pair: &Pair, data: &Data, world: &World<'_>, on: NaiveDate) -> Result<Vec<Row>, Diagnostics> {
    let mut found = Diagnostics::new();
    let facts = facts(pair, data, world, on, &mut found);
    let log = Log::new(&data.rows.file, &data.rows.text);
    let records = Records::read(&data.rows, &log, MAX_ROWS);
    let sides = pair.sides().map(|(release, policy)| Side {
        release,
        policy,
        columns: Columns::of(policy.contract(), &records),
        facts: &facts,
        world,
        log: &log,
    });
    check_head(&sides, &records, &log);
    let mut rows = Vec::new();
    if log.count() == 0 && found.is_empty() {
        let mut start = (0, 1);
        for (number, record) in (1..).zip(&records.rows) {
            rows.push(row(&sides, &records, record, number, on));
            if let Some(row) = rows.last_mut() {
                row.line = line_of(&data.rows.text, record.span, &mut start);
            }
            if log.is_full() {
                break;
            }
        }
    }
    if records.rows.is_empty() && log.count() == 0 {
        log.error("pilot.empty", records.head, "没有要试算的行", "there is no row to evaluate");
    }
    found.extend(once(log.into_found()));
    if found.is_empty() { Ok(rows) } else { Err(found) }
}

/// The line of a row, counted on from the row before it.
fn line_of(text: &str, span: Span, before: &mut (usize, usize)) -> usize {
    let (at, line) = *before;
    let passed = text.get(at..span.start).map_or(0, |text| text.matches('\n').count());
    *before = (span.start, line + passed);
    line + passed
}

/// Both releases often find the same.
fn once(found: Diagnostics) -> Diagnostics {
    let mut kept = Diagnostics::new();
    for finding in found {
        if !kept.contains(&finding) {
            kept.push(finding);
        }
    }
    kept
}

/// The facts handed in, in the form of the release that has their kind, the current one first.
fn facts(pair: &Pair, data: &Data, world: &World<'_>, on: NaiveDate, found: &mut Diagnostics) -> Facts {
    let mut facts = Facts::default();
    for (kind, source) in &data.facts {
        let log = Log::new(&source.file, &source.text);
        let form = [&pair.current, &pair.candidate].into_iter().find_map(|release| {
            let kind = Name::new(kind.as_str()).ok()?;
            Some((release.fact(&kind)?, kind))
        });
        match form {
            Some((form, kind)) => {
                let context = Context { today: on, calendar: Some(world.calendar) };
                facts.read(&kind, form, source, context, &log);
            }
            None => {
                let kinds: Vec<&str> = pair.current.facts().keys().map(Name::as_str).collect();
                let message = Text::new(format!("没有业务事实 `{kind}`"), format!("there is no kind of fact `{kind}`"));
                log.push(log.hints(Diagnostic::error("pilot.unknown-fact", Span::new(0, 0), message), kind, &kinds));
            }
        }
        found.extend(log.into_found());
    }
    facts
}

/// One of the two releases while rows are read for it.
struct Side<'a> {
    release: &'a Release,
    policy: &'a Policy,
    columns: Columns,
    facts: &'a Facts,
    world: &'a World<'a>,
    log: &'a Log<'a>,
}

/// What can be said of all rows at once: columns that nobody knows, inputs that no row can give.
fn check_head(sides: &[Side<'_>; 2], records: &Records, log: &Log<'_>) {
    let inputs = || sides.iter().flat_map(|side| &side.policy.contract().inputs).map(|input| input.name().as_str());
    for (column, (name, span)) in records.columns.iter().enumerate() {
        if !RESERVED.contains(&name.as_str()) && !sides.iter().any(|side| side.columns.knows(column)) {
            let known: std::collections::BTreeSet<&str> = inputs().chain(RESERVED).collect();
            let message = Text::new(format!("政策没有输入 `{name}`"), format!("the policy has no input `{name}`"));
            log.push(log.hints(Diagnostic::error("pilot.unknown-column", *span, message), name, known));
        }
    }
    if records.rows.is_empty() {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    for side in sides {
        for input in &side.policy.contract().inputs {
            let name = input.name().as_str();
            if side.columns.fill(name) || told.contains(&name) {
                continue;
            }
            if let Some(hint) = side.missing(input) {
                let message = Text::new(format!("没有输入 `{name}`"), format!("nothing gives the input `{name}`"));
                log.push(Diagnostic::error("pilot.missing-input", records.head, message).hint(hint));
                told.push(name);
            }
        }
    }
}

impl Side<'_> {
    fn contract(&self) -> &Contract {
        self.policy.contract()
    }

    /// What would give an input that has no column; none where something does. Facts that nobody handed in are not taken for
    /// facts that do not exist.
    fn missing(&self, input: &zhupi_policies::Input) -> Option<Text> {
        let name = input.name();
        match &input.from {
            Some(Binding::Param(_) | Binding::Calendar(_) | Binding::Person(_)) => None,
            Some(Binding::Fact(fact)) if self.facts.has(&fact.fact) => None,
            Some(Binding::Fact(fact)) => Some(Text::new(
                format!("加一列 `{name}`，或在同一文件夹放入 {}.csv（没有记录时只写表头）", fact.fact),
                format!(
                    "add a column `{name}`, or the file {}.csv to the folder (with its head line only, where there are none)",
                    fact.fact
                ),
            )),
            // What an account held at that time is not known afterwards: only a column can say it.
            Some(Binding::Balance(_)) | None if input.field.presence == Presence::Required => Some(Text::new(
                format!("加一列 `{name}`（{}）", input.field.ty.word()),
                format!("add a column `{name}` ({})", input.field.ty.word()),
            )),
            Some(Binding::Balance(_)) | None => None,
        }
    }

    /// The inputs of one row: what its cells say, then what is looked up.
    fn inputs(&self, record: &Record, scope: &Scope, subject: Option<&PersonId>) -> Map<String, Json> {
        let before = self.log.count();
        let mut inputs = self.columns.inputs(record, self.log);
        let unread = self.log.count() > before;
        let given: BTreeMap<Name, Value> = self
            .contract()
            .inputs
            .iter()
            .filter_map(|input| {
                let value = Value::from_json(inputs.get(input.name().as_str())?, &input_type(&input.field.ty)?);
                Some((input.name().clone(), value.unwrap_or_default()))
            })
            .collect();
        let wanted = wanted(self.release, self.policy, &given, scope, self.world);
        let facts = wanted.facts.iter().map(|query| (query.input.clone(), self.facts.find(query)));
        let found = Found { facts: facts.collect(), ..Found::default() };
        let mut told = Vec::new();
        for input in &self.contract().inputs {
            let name = input.name();
            if inputs.contains_key(name.as_str()) {
                continue;
            }
            let value = match &input.from {
                Some(Binding::Fact(_)) if !found.facts.contains_key(name) => {
                    self.cannot_look_up(record, input);
                    told.push(format!("/{name}"));
                    continue;
                }
                Some(Binding::Fact(fact)) => picked(input, fact, &found).unwrap_or_else(|message| {
                    self.log.push(Diagnostic::error("pilot.fact-missing", record.span, message));
                    told.push(format!("/{name}"));
                    None
                }),
                Some(Binding::Person(attribute)) => subject.and_then(|subject| {
                    let entered = self.world.directory.people.get(subject)?.attributes.get(attribute)?;
                    Some(entered_json(entered, &input.field.ty))
                }),
                Some(Binding::Calendar(part)) => Some(days(part, self.world)),
                Some(Binding::Param(_) | Binding::Balance(_)) | None => None,
            };
            inputs.extend(value.map(|value| (name.to_string(), value)));
        }
        if !unread {
            self.check(record, &inputs, &told);
        }
        inputs
    }

    /// A condition that needs what the row does not say would match nothing, and the default would be taken for the truth.
    fn cannot_look_up(&self, record: &Record, input: &zhupi_policies::Input) {
        let matches = self.release.matches(&self.contract().policy, input.name());
        let needed: Vec<String> = matches.iter().map(|(field, expr)| format!("{field}: {}", expr.source())).collect();
        let (name, needed) = (input.name(), needed.join(", "));
        self.log.push(
            Diagnostic::error(
                "pilot.no-match",
                record.span,
                Text::new(format!("查不到输入 `{name}` 的事实"), format!("the facts of `{name}` cannot be looked up")),
            )
            .hint(Text::new(
                format!("条件是 {needed}；请给出 subject、period 等列，或直接给出 `{name}`"),
                format!(
                    "the condition is {needed}: give the columns subject and period that it needs, or `{name}` itself"
                ),
            )),
        );
    }

    /// What does not fit the contract, but for inputs of which the reason was told already.
    fn check(&self, record: &Record, inputs: &Map<String, Json>, told: &[String]) {
        let wrong = self.policy.misfits(inputs).into_iter().filter(|(pointer, _)| !told.contains(pointer));
        for (pointer, wrong) in wrong {
            let place = self.columns.place(record, &pointer);
            let what = pointer.trim_start_matches('/').replace('/', ".");
            let message = Text::new(
                format!("`{what}` {}", wrong.zh),
                format!("`{what}` {}", wrong.get(zhupi_domain::Locale::En)),
            );
            self.log.push(Diagnostic::error("pilot.input", place, message));
        }
    }
}

fn row(sides: &[Side<'_>; 2], records: &Records, record: &Record, number: usize, on: NaiveDate) -> Row {
    let [current, candidate] = sides;
    let log = current.log;
    let cell = |name: &str| records.column(name).and_then(|column| record.cells.get(&column));
    let text = |name: &str| cell(name).and_then(|found| found.raw.text());
    let payee = text(PAYEE);
    let period = text(PERIOD).and_then(|text| {
        let period = Period::parse(&text);
        let is_input = records.column(PERIOD).is_some_and(|column| current.columns.knows(column));
        if let (None, false, Some(found)) = (period, is_input, cell(PERIOD)) {
            let (zh, en) = ("须为期间，如 2026-03、2026-Q1", "is not a period, such as 2026-03 or 2026-Q1");
            log.error("pilot.input", found.span, format!("`period` {zh}"), format!("`period` {en}"));
        }
        period
    });
    let named = cell(AS_OF).map(|found| {
        let text = found.raw.text().unwrap_or_default();
        let day = text.parse::<NaiveDate>().ok().filter(|day| day.to_string() == text);
        if day.is_none() {
            let (zh, en) = ("须为日期，如 2026-03-10", "is not a date, such as 2026-03-10");
            log.error("pilot.input", found.span, format!("`as_of` {zh}"), format!("`as_of` {en}"));
        }
        day.unwrap_or(on)
    });
    // As a policy step reads them: on the last day of what the evaluation is about.
    let on = named.or(period.map(|period| period.end())).unwrap_or(on);
    let subject = text(SUBJECT).or_else(|| payee.clone()).map(PersonId::new);
    let [inputs, others] = [current, candidate].map(|side| {
        let scope = scope(side, subject.as_ref(), period, on);
        side.inputs(record, &scope, subject.as_ref())
    });
    let candidate = Some(others).filter(|others| *others != inputs);
    Row { number, line: 0, payee, on, inputs, candidate }
}

/// What conditions on facts see besides the inputs: the subject, the period, and the day of the evaluation.
fn scope(side: &Side<'_>, subject: Option<&PersonId>, period: Option<Period>, on: NaiveDate) -> Scope {
    let person = |id: &PersonId| side.release.company().person_value(id, side.world.directory);
    let values = BTreeMap::from([
        ("subject".to_owned(), subject.map(person).unwrap_or_default()),
        ("period".to_owned(), period.map_or(Value::Absent, |period| period_value(&period))),
        ("today".to_owned(), Value::Date(on)),
    ]);
    Scope::of(Value::Record(values), on)
}
