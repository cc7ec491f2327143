//! Bringing facts in: business records from elsewhere, checked by the form of their kind.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use zhupi_domain::directory::Directory;
use zhupi_domain::expr::Context;
use zhupi_domain::{CompanyId, ContentHash, Instant, Name, Text};
use zhupi_forms::{Class, FieldError, Form, Keyword, LookedUp, Pointer, Purpose, Reference, Rights, Submission, View};
use zhupi_store::{Change, Commit, CommitOutcome, Fact, NewEvent, Stream, WritePort};

use crate::arrival;
use crate::import::off_the_way;
use crate::release::Deployer;
use crate::verify::digest;
use crate::{App, AppError, company};

/// The most records of one import.
pub const MAX_FACTS: usize = 5_000;
/// The most mistakes of one import that are listed.
pub(crate) const MAX_ERRORS: usize = 200;
/// The longest id that a record names for itself, in bytes.
const MAX_ID: usize = 128;

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
        if rows.len() > MAX_FACTS {
            return Err(AppError::bad(
                "too_many_rows",
                format!("一次最多导入 {MAX_FACTS} 行"),
                format!("One import takes at most {MAX_FACTS} rows"),
            ));
        }
        let calendar = company::calendar(self.store(), company, &release).await?;
        let directory = self.cache().directory(self.store(), company).await?;
        let accept = {
            let (kind, release) = (kind.clone(), release.clone());
            off_the_way(move || {
                let form = release.fact(&kind).ok_or_else(unknown)?;
                let context = Context { today: calendar.local_date(now), calendar: Some(&calendar) };
                accept_rows(form, rows, context, &directory)
            })
        };
        let mut commit = Commit::new(company.clone());
        let (mut known, mut wrong) = (0, Vec::new());
        for (id, Accepted { row, body }) in accept.await? {
            if let Some(fact) = self.store().fact(company, &kind, &id).await? {
                match serde_json::from_str::<Map<String, Value>>(&fact.body) {
                    Ok(there) if there == body => known += 1,
                    _ => wrong.push(RowError::id(row, said_otherwise(&id))),
                }
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
        if !wrong.is_empty() {
            return Err(AppError::RowsInvalid(wrong));
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
            payload: json!({ "fact": kind, "recorded": imported.recorded, "digest": digest(&commit.changes) })
                .to_string(),
        });
        let facts = commit.changes.iter().filter_map(|change| match change {
            Change::RecordFact { fact, .. } => Some(fact),
            _ => None,
        });
        let arrived = arrival::messages(company, &facts.collect::<Vec<_>>(), now)?;
        commit.changes.extend(arrived);
        match self.store().commit(commit).await {
            CommitOutcome::Committed(_) => Ok(imported),
            CommitOutcome::Conflict(_) => Err(AppError::Changed),
            CommitOutcome::Unavailable(error) => Err(error.into()),
            CommitOutcome::Duplicate(_) | CommitOutcome::KeyReused | CommitOutcome::Unknown => Err(AppError::Unknown),
        }
    }
}

/// A record in its normal form, and the row that it came from.
struct Accepted {
    row: usize,
    body: Map<String, Value>,
}

/// Every record by id; or what is wrong with them.
fn accept_rows(
    form: &Form,
    rows: Vec<Map<String, Value>>,
    context: Context<'_>,
    directory: &Directory,
) -> Result<BTreeMap<String, Accepted>, AppError> {
    let (rights, classes): (Rights, BTreeSet<Class>) = (Rights::editable(), Class::ALL.into_iter().collect());
    let view = View { rights: &rights, classes: &classes };
    let (mut accepted, mut wrong) = (BTreeMap::new(), Vec::new());
    for (row, mut data) in (1..).zip(rows) {
        let id = if form.field("id").is_some() { None } else { data.shift_remove("id") };
        let id = match own_id(id) {
            Ok(id) => id,
            Err(message) => {
                wrong.push(RowError::id(row, message));
                None
            }
        };
        match accept_row(form, data, view, context, directory) {
            Ok(body) => {
                let named = id.is_some();
                let hash = || ContentHash::of(&[Value::Object(body.clone()).to_string().as_bytes()]).to_string();
                let id = id.unwrap_or_else(hash);
                if let Some(other) = accepted.insert(id, Accepted { row, body }) {
                    wrong.push(RowError::id(row, twice(other.row, named)));
                }
            }
            Err(errors) => wrong.extend(errors.into_iter().map(|error| RowError { row, error })),
        }
        if wrong.len() >= MAX_ERRORS {
            wrong.truncate(MAX_ERRORS);
            break;
        }
    }
    if wrong.is_empty() { Ok(accepted) } else { Err(AppError::RowsInvalid(wrong)) }
}

/// The normal form of one record. Whom it names may have left since, but has to be known.
fn accept_row(
    form: &Form,
    data: Map<String, Value>,
    view: View<'_>,
    context: Context<'_>,
    directory: &Directory,
) -> Result<Map<String, Value>, Vec<FieldError>> {
    let data = Value::Object(form.typed(data));
    let record = form.accept(&Submission {
        before: None,
        data: &data,
        view,
        purpose: Purpose::Submit,
        context,
        found: LookedUp::default(),
    })?;
    let is_there = |reference: &Reference| match reference {
        Reference::Person(id) => directory.people.contains_key(id),
        Reference::Department(id) => directory.departments.contains_key(id),
        Reference::File(_) => false,
    };
    let references = form.references(&record.data).into_iter().filter(|(_, reference)| !is_there(reference));
    let wrong: Vec<FieldError> = references.map(|(pointer, reference)| form.no_such(&pointer, &reference)).collect();
    if wrong.is_empty() { Ok(record.data.as_object().cloned().unwrap_or_default()) } else { Err(wrong) }
}

/// The id that a record names for itself.
fn own_id(id: Option<Value>) -> Result<Option<String>, Text> {
    let unfit = |c: char| c.is_whitespace() || c.is_control();
    match id {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) if id.len() <= MAX_ID && !id.contains(unfit) => {
            Ok(Some(id).filter(|id| !id.is_empty()))
        }
        Some(_) => Err(Text::new(
            format!("id 应为不含空白的文字，最多 {MAX_ID} 个字节"),
            format!("the id has to be a text without spaces, at most {MAX_ID} bytes"),
        )),
    }
}

fn twice(row: usize, named: bool) -> Text {
    if named {
        return Text::new(format!("与第 {row} 条的 id 相同"), format!("it has the id of record {row}"));
    }
    Text::new(
        format!("与第 {row} 条完全相同；如果确实是两笔，请加一列 id 加以区分"),
        format!("it is the same as record {row}; if there really are two, tell them apart by a column `id`"),
    )
}

fn said_otherwise(id: &str) -> Text {
    Text::new(
        format!("id 为 {id} 的记录已经存在，内容不同；记录不能修改"),
        format!("there is a record with the id {id} already, and it says something else; records cannot be changed"),
    )
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
    /// The message with the number of the record in front.
    pub fn message(&self) -> Text {
        let (row, message) = (self.row, &self.error.message);
        Text::new(
            format!("第 {row} 条：{}", message.zh),
            format!("Record {row}: {}", message.get(zhupi_domain::Locale::En)),
        )
    }

    /// Something about the id of a record.
    fn id(row: usize, message: Text) -> Self {
        let (pointer, params) = (Pointer::root().field("id"), BTreeMap::new());
        Self { row, error: FieldError { pointer, keyword: Keyword::Reference, params, message } }
    }
}
