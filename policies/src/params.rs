//! Dated values and tables, with the clause each comes from.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value as Json;
use zhupi_domain::{Diagnostic, Diagnostics, Name, Span, Text};

use crate::table::Table;
use crate::types::Type;

/// How firm a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    #[default]
    Decided,
    /// Taken for the time being: amounts are shown and marked, and paid only once a named person confirms it.
    Assumed,
}

/// What a param says from a date on.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamValue {
    /// Left open in the text: whatever needs it is incomplete and has no amount.
    Blank,
    /// A single value, or a list of them, written as JSON of the type.
    Plain {
        ty: Type,
        value: Json,
    },
    Table(Table),
}

/// One dated value.
#[derive(Debug, Clone, PartialEq)]
pub struct Dated {
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// The last day on which it holds; the day before the next value where absent.
    pub until: Option<NaiveDate>,
    pub value: ParamValue,
    pub status: Status,
    /// Where the value was written down; the param's clause where absent.
    pub clause: Option<String>,
    pub span: Option<Span>,
}

impl Dated {
    /// A decided value without a clause of its own.
    pub fn new(from: NaiveDate, value: ParamValue) -> Self {
        Self { from, until: None, value, status: Status::Decided, clause: None, span: None }
    }

    pub fn assumed(self) -> Self {
        Self { status: Status::Assumed, ..self }
    }

    pub fn clause(self, clause: impl Into<String>) -> Self {
        Self { clause: Some(clause.into()), ..self }
    }
}

/// One param.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    pub name: Name,
    /// What people call it; the name where absent.
    pub title: Option<Text>,
    pub clause: Option<String>,
    /// Of which type its values are; none for a table, and where no file says it.
    pub ty: Option<Type>,
    /// In any order; `Params::new` sorts them by date.
    pub values: Vec<Dated>,
    /// The file of the pack it stands in.
    pub file: String,
    pub span: Option<Span>,
}

impl Param {
    pub fn new(name: Name, values: Vec<Dated>) -> Self {
        Self { name, title: None, clause: None, ty: None, values, file: String::new(), span: None }
    }

    pub(crate) fn error(&self, code: &'static str, span: Option<Span>, message: Text) -> Diagnostic {
        Diagnostic::error(code, span.or(self.span), message).in_file(self.file.clone())
    }

    pub(crate) fn warning(&self, code: &'static str, span: Option<Span>, message: Text) -> Diagnostic {
        Diagnostic::warning(code, span.or(self.span), message).in_file(self.file.clone())
    }

    pub(crate) fn note(&self, code: &'static str, span: Option<Span>, message: Text) -> Diagnostic {
        Diagnostic::note(code, span.or(self.span), message).in_file(self.file.clone())
    }

    /// The value that holds on a day.
    pub fn at(&self, on: NaiveDate) -> Option<&Dated> {
        self.values.iter().rev().find(|dated| dated.from <= on).filter(|dated| dated.until.is_none_or(|end| on <= end))
    }
}

/// All params of a release.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params(Arc<Index>);

/// The params by their names, and the names by how scripts may write them.
#[derive(Debug, Default, PartialEq)]
struct Index {
    by_name: BTreeMap<Name, Arc<Param>>,
    written: BTreeMap<String, Name>,
}

impl Params {
    /// Takes the params of a release; refuses names given twice, values of two kinds in one param, and plain values that are
    /// not of their type. What is wrong with dates and tables is found by [`Params::lint`].
    pub fn new(params: Vec<Param>) -> Result<Self, Diagnostics> {
        let mut by_name = BTreeMap::new();
        let mut problems = Vec::new();
        for mut param in params {
            param.values.sort_by_key(|dated| dated.from);
            problems.extend(shape_problems(&param));
            if by_name.contains_key(&param.name) {
                problems.push(param.error(
                    "policy-param-twice",
                    None,
                    Text::new(
                        format!("参数 `{}` 定义了两次", param.name),
                        format!("param `{}` is defined twice", param.name),
                    ),
                ));
                continue;
            }
            by_name.insert(param.name.clone(), Arc::new(param));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let written = by_name.keys().map(|name: &Name| (name.as_str().replace('-', "_"), name.clone())).collect();
        Ok(Self(Arc::new(Index { by_name, written })))
    }

    /// The param of a name.
    pub fn get(&self, name: &Name) -> Option<&Param> {
        self.0.by_name.get(name).map(Arc::as_ref)
    }

    pub(crate) fn shared(&self, name: &Name) -> Option<Arc<Param>> {
        self.0.by_name.get(name).cloned()
    }

    /// All params, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Param> {
        self.0.by_name.values().map(Arc::as_ref)
    }

    /// The param that a script means: its name with `_` for `-`, as scripts must write it.
    pub(crate) fn find(&self, written: &str) -> Option<Arc<Param>> {
        let known = &self.0;
        known.by_name.get(written).or_else(|| known.by_name.get(known.written.get(written)?)).cloned()
    }
}

/// What one param's values have in common: one kind of value, and each of its type.
fn shape_problems(param: &Param) -> Diagnostics {
    let mut problems = Vec::new();
    let mut first: Option<(String, &Dated)> = None;
    for dated in &param.values {
        let shape = match &dated.value {
            ParamValue::Blank => continue,
            ParamValue::Table(table) => table.word().to_owned(),
            ParamValue::Plain { ty, value } => {
                for problem in crate::input::check(value, ty) {
                    problems.push(param.error("policy-param-value", dated.span, problem.in_param(&param.name)));
                }
                ty.word()
            }
        };
        match &first {
            Some((other, _)) if *other != shape => problems.push(param.error(
                "policy-param-kind",
                dated.span,
                Text::new(
                    format!("参数 `{}` 先后写成了两种类型：{other}、{shape}", param.name),
                    format!("param `{}` is of two kinds: {other}, then {shape}", param.name),
                ),
            )),
            Some(_) => {}
            None => first = Some((shape, dated)),
        }
    }
    problems
}
