//! Bringing facts in: business records from elsewhere, checked by the form of their kind.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use zhupi_domain::expr::Context;
use zhupi_domain::{CompanyId, ContentHash, Instant, Name, Text};
use zhupi_forms::{Class, FieldError, Form, Kind, Purpose, Rights, Submission, View};
use zhupi_store::{Change, Commit, CommitOutcome, Fact, NewEvent, Stream, WritePort};

use crate::release::Deployer;
use crate::{App, AppError, company};

/// The most records of one import.
const MAX_ROWS: usize = 5_000;

/// What an import of facts did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedFacts {
    pub recorded: usize,
    /// Records that were there already, with the same content.
    pub known: usize,
}

/// What is wrong with one record of an import.
#[derive(Debug, Clone, PartialEq)]
pub struct RowError {
    /// Counted from 1.
    pub row: usize,
    pub error: FieldError,
}

impl App {
    /// Records facts of one kind: all of them, or none where one is wrong. What is there already is left alone.
    ///
    /// A record may name its own `id`; otherwise its content is its name, so that importing a file twice records it once.
    pub async fn import_facts(
        &self,
        by: Deployer<'_>,
        company: &CompanyId,
        kind: &str,
        rows: Vec<Map<String, Value>>,
        now: Instant,
    ) -> Result<ImportedFacts, AppError> {
        let actor = self.importer(&by, company)?;
        let release = self.current_release(company).await?.ok_or(AppError::NoRelease)?;
        let kind = Name::new(kind).ok().filter(|kind| release.fact(kind).is_some());
        let unknown = || AppError::bad("unknown_fact", "没有这种业务记录", "There is no such kind of fact");
        let kind = kind.ok_or_else(unknown)?;
        let form = release.fact(&kind).ok_or_else(unknown)?;
        if rows.len() > MAX_ROWS {
            return Err(AppError::bad(
                "too_many_rows",
                format!("一次最多导入 {MAX_ROWS} 行"),
                format!("One import takes at most {MAX_ROWS} rows"),
            ));
        }
        let calendar = company::calendar(self.store(), company, &release).await?;
        let context = Context { today: calendar.local_date(now), calendar: Some(&calendar) };
        let accepted = accept_rows(form, rows, context)?;
        let mut commit = Commit::new(company.clone());
        let mut known = 0;
        for (id, body) in accepted {
            if self.store().fact(company, &kind, &id).await?.is_some() {
                known += 1;
                continue;
            }
            let keys = keys(form, &body);
            let fact = Fact {
                kind: kind.clone(),
                id,
                body: Value::Object(body).to_string(),
                recorded_at: now,
                recorded_by: actor.clone(),
                instance: None,
                replaces: None,
            };
            commit.changes.push(Change::RecordFact { fact, keys });
        }
        let imported = ImportedFacts { recorded: commit.changes.len(), known };
        if imported.recorded == 0 {
            return Ok(imported);
        }
        commit.events.push(NewEvent {
            stream: Stream::Facts,
            kind: "facts_imported".into(),
            version: 1,
            actor,
            at: now,
            payload: json!({ "fact": kind, "recorded": imported.recorded }).to_string(),
        });
        match self.store().commit(commit).await {
            CommitOutcome::Committed(_) => Ok(imported),
            CommitOutcome::Conflict(_) => Err(AppError::Changed),
            CommitOutcome::Unavailable(error) => Err(error.into()),
            CommitOutcome::Duplicate(_) | CommitOutcome::KeyReused | CommitOutcome::Unknown => Err(AppError::Unknown),
        }
    }
}

type Accepted = BTreeMap<String, Map<String, Value>>;

/// Every record in its normal form, by id; or everything that is wrong with any of them.
fn accept_rows(form: &Form, rows: Vec<Map<String, Value>>, context: Context<'_>) -> Result<Accepted, AppError> {
    let (rights, classes): (Rights, BTreeSet<Class>) = (Rights::editable(), Class::ALL.into_iter().collect());
    let (mut accepted, mut wrong) = (BTreeMap::new(), Vec::new());
    for (index, mut row) in rows.into_iter().enumerate() {
        let id = match form.field("id") {
            Some(_) => None,
            None => row.shift_remove("id").and_then(|id| id.as_str().map(str::to_owned)).filter(|id| !id.is_empty()),
        };
        let data = Value::Object(typed(form, row));
        let submission = Submission {
            before: None,
            data: &data,
            view: View { rights: &rights, classes: &classes },
            purpose: Purpose::Submit,
            context,
        };
        match form.accept(&submission) {
            Ok(record) => {
                let body = record.data.as_object().cloned().unwrap_or_default();
                let id = id.unwrap_or_else(|| ContentHash::of(&[record.data.to_string().as_bytes()]).to_string());
                accepted.insert(id, body);
            }
            Err(errors) => wrong.extend(errors.into_iter().map(|error| RowError { row: index + 1, error })),
        }
    }
    if wrong.is_empty() { Ok(accepted) } else { Err(AppError::RowsInvalid(wrong)) }
}

/// Cells of a spreadsheet are texts; counts and truth values become what the form means by them.
fn typed(form: &Form, row: Map<String, Value>) -> Map<String, Value> {
    let cell = |(name, value): (String, Value)| {
        let kind = form.field(&name).map(zhupi_forms::Field::kind);
        let value = match (kind, &value) {
            (_, Value::String(text)) if text.trim().is_empty() => Value::Null,
            (Some(Kind::Integer), Value::String(text)) => text.trim().parse::<i64>().map_or(value, Value::from),
            (Some(Kind::Boolean), Value::String(text)) => match text.trim() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => value,
            },
            _ => value,
        };
        (name, value)
    };
    row.into_iter().map(cell).filter(|(_, value)| !value.is_null()).collect()
}

/// The texts by which a fact is found: those of its kind's `x-key`.
fn keys(form: &Form, body: &Map<String, Value>) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    form.key().iter().filter_map(|field| Some((field.clone(), text(body.get(field)?)?))).collect()
}

impl RowError {
    /// The message with the row in front.
    pub fn message(&self) -> Text {
        let (row, message) = (self.row, &self.error.message);
        Text::new(
            format!("第 {row} 行：{}", message.zh),
            format!("Row {row}: {}", message.get(zhupi_domain::Locale::En)),
        )
    }
}
