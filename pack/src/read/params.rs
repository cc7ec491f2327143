//! `params/NAME.yaml`: dated values and tables.

use zhupi_domain::{Diagnostic, Name, Text};
use zhupi_policies::{Dated, Param, ParamValue, Status, Type};

use super::scalars::{date, decimal, list, named, string, text, word};
use super::tables::{Shape, rows, shape};
use super::types::ty;
use super::{Fields, Log, readings};
use crate::yaml::{Entry, Node, Value};

const STATUS: [(&str, Status); 2] = [("decided", Status::Decided), ("assumed", Status::Assumed)];
const TABLES: [(&str, TableKind); 4] = [
    ("tiers", TableKind::Tiers),
    ("grade", TableKind::Grade),
    ("split", TableKind::Split),
    ("lookup", TableKind::Lookup),
];

/// The kinds of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    Tiers,
    Grade,
    Split,
    Lookup,
}

/// One param, and whether all of it could be read.
#[derive(Debug, Clone)]
pub struct ParamSource {
    pub param: Param,
    pub whole: bool,
}

/// Reads all params of a file.
pub fn params(root: &Node, log: &Log<'_>) -> Vec<ParamSource> {
    let Some(fields) = Fields::of(root, log) else { return Vec::new() };
    let params = fields.required("params", |node, log| {
        let entries = Fields::of(node, log)?.rest();
        Some(entries.into_iter().filter_map(|entry| param(entry, log)).collect())
    });
    readings::note(&fields);
    fields.finish();
    params.unwrap_or_default()
}

/// What the values of one param have in common.
enum Common {
    Plain(Type),
    Table(Box<Shape>),
}

fn param(entry: &Entry, log: &Log<'_>) -> Option<ParamSource> {
    let fields = Fields::of(&entry.node, log)?;
    readings::note(&fields);
    let before = log.count();
    let name = named(&entry.key, entry.key_span, log);
    let (title, clause) = (fields.optional("title", text), fields.optional("clause", string));
    let common = common(&fields);
    let values = fields.required("values", list(|node, log| dated(node, common.as_ref(), log))).unwrap_or_default();
    fields.finish();
    if values.is_empty() && fields_had_values(&entry.node) {
        log.error("params.no-values", entry.key_span, "至少要有一个有日期的值", "at least one dated value is needed");
    }
    let name: Name = name?;
    let whole = log.count() == before && !holds_refused(&entry.node);
    let (file, span) = (log.file.to_owned(), Some(entry.key_span));
    let ty = match common {
        Some(Common::Plain(ty)) => Some(ty),
        Some(Common::Table(_)) | None => None,
    };
    Some(ParamSource { param: Param { title, clause, ty, file, span, ..Param::new(name, values) }, whole })
}

/// Whether something in it was refused before it was read.
fn holds_refused(node: &Node) -> bool {
    match &node.value {
        Value::Refused => true,
        Value::Scalar(_) => false,
        Value::Seq(items) => items.iter().any(holds_refused),
        Value::Map(entries) => entries.iter().any(|entry| holds_refused(&entry.node)),
    }
}

/// Whether `values` is there but holds nothing: anything else was reported already.
fn fields_had_values(node: &Node) -> bool {
    node.get("values").is_some_and(|values| values.value == Value::Seq(Vec::new()))
}

fn common(fields: &Fields<'_>) -> Option<Common> {
    match (fields.has("type"), fields.has("table")) {
        (true, true) => {
            let at = fields.key_span("table").unwrap_or(fields.head());
            fields.log().error(
                "params.two-kinds",
                at,
                "`type` 和 `table` 只能写一个",
                "only one of `type` and `table` can be said",
            );
            None
        }
        (true, false) => fields.required("type", ty).map(Common::Plain),
        (false, true) => {
            let kind = fields.required("table", word(&TABLES))?;
            Some(Common::Table(Box::new(shape(kind, fields))))
        }
        (false, false) => {
            fields.log().push(
                Diagnostic::error(
                    "pack.missing-key",
                    fields.head(),
                    Text::new("缺少 `type` 或 `table`", "`type` or `table` is missing"),
                )
                .hint(Text::new(
                    "单个值写 type: rate，表格写 table: tiers、grade、split 或 lookup",
                    "write type: rate for a value, or table: tiers, grade, split or lookup",
                )),
            );
            None
        }
    }
}

fn dated(node: &Node, common: Option<&Common>, log: &Log<'_>) -> Option<Dated> {
    let fields = Fields::of(node, log)?;
    let (from, until) = (fields.required("from", date), fields.optional("until", date));
    let status = fields.optional("status", word(&STATUS)).unwrap_or_default();
    let clause = fields.optional("clause", string);
    let blank = fields.node("value").and_then(Node::scalar).is_some_and(|scalar| scalar.text == "blank");
    let value = match common {
        _ if blank => Some(ParamValue::Blank),
        Some(Common::Plain(ty)) => plain(ty, &fields),
        Some(Common::Table(shape)) => rows(shape, &fields).map(ParamValue::Table),
        None => {
            let (_, _, _) = (fields.node("value"), fields.node("rows"), fields.node("gaps"));
            None
        }
    };
    let span = fields.node("value").or(fields.node("rows")).map_or(node.head(), Node::head);
    fields.finish();
    Some(Dated { from: from?, until, value: value?, status, clause, span: Some(span) })
}

/// A single value or a list of them; decimals keep every digit that was written.
fn plain(ty: &Type, fields: &Fields<'_>) -> Option<ParamValue> {
    fields.required("value", |node, log| {
        let readable = !holds_refused(node) && (!ty.is_decimal() || decimal(node, log).is_some());
        readable.then(|| ParamValue::Plain { ty: ty.clone(), value: as_written(ty, node) })
    })
}

/// The value as JSON of its type: where a decimal is wanted, a plain `100000` is the text of a decimal.
fn as_written(ty: &Type, node: &Node) -> serde_json::Value {
    match (ty, &node.value) {
        (ty, Value::Scalar(scalar)) if ty.is_decimal() && scalar.integer().is_some() => scalar.text.clone().into(),
        (Type::List(item), Value::Seq(items)) => items.iter().map(|node| as_written(item, node)).collect(),
        (Type::Map(item), Value::Map(entries)) => serde_json::Value::Object(
            entries.iter().map(|entry| (entry.key.clone(), as_written(item, &entry.node))).collect(),
        ),
        (Type::Record(fields), Value::Map(entries)) => {
            let member = |entry: &Entry| {
                let field = fields.iter().find(|field| field.name.as_str() == entry.key);
                let value = field.map_or_else(|| entry.node.to_json(), |field| as_written(&field.ty, &entry.node));
                (entry.key.clone(), value)
            };
            serde_json::Value::Object(entries.iter().map(member).collect())
        }
        _ => node.to_json(),
    }
}
