//! One sentence an output, for the person it is about.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use zhupi_domain::{Locale, Name, Text};

use crate::dataflow::Sources;
use crate::explanation::{RowHit, Sentence, Source, Step, What};
use crate::policy::Compiled;
use crate::types::Type;

/// The most things of one kind that a sentence names.
const MOST: usize = 6;

/// Says what an output is and what it rests on; nothing for lists and records, which have figures of their own.
pub(crate) fn sentence(
    compiled: &Compiled,
    name: &Name,
    title: &Text,
    value: &Json,
    sources: &Sources,
    because: &[usize],
    steps: &[Step],
) -> Option<Sentence> {
    let output = compiled.contract.outputs.iter().find(|output| output.name() == name)?;
    let field = &output.field;
    let figure = scalar(value)?;
    let assumed = assumed(steps);
    let used: Vec<&What> = because.iter().filter_map(|i| steps.get(*i)).map(|step| &step.what).collect();
    let write = |locale| {
        let yuan = match (&field.ty, locale) {
            (Type::Money, Locale::Zh) => " 元",
            (Type::Money, Locale::En) => " yuan",
            _ => "",
        };
        let figure = output.label(value).map_or(figure.as_str(), |label| label.get(locale));
        let grounds = grounds(&used, &assumed, locale);
        let (colon, stop) = if locale == Locale::Zh { ("：", "。") } else { (": ", ".") };
        match (grounds.is_empty(), locale) {
            (true, _) => format!("{}{colon}{figure}{yuan}{stop}", title.get(locale)),
            (false, Locale::Zh) => format!("{}：{figure}{yuan}，依据{}。", title.get(locale), grounds.join("；")),
            (false, Locale::En) => format!("{}: {figure}{yuan}, from {}.", title.get(locale), grounds.join("; ")),
        }
    };
    let text = Text::new(write(Locale::Zh), write(Locale::En));
    Some(Sentence { output: name.to_string(), text, shows: sources.inputs.clone() })
}

/// The assumed values that were read, by param: what people call it, and the clause.
type Assumed<'a> = BTreeMap<&'a str, (&'a Text, Option<&'a str>)>;

fn assumed(steps: &[Step]) -> Assumed<'_> {
    let read = steps.iter().filter_map(|step| match &step.what {
        What::Param { name, title, clause, assumed: true, .. } => Some((name.as_str(), (title, clause.as_deref()))),
        _ => None,
    });
    read.collect()
}

/// Inputs, then params, then rows of tables. Whatever is assumed says so, though it is a table or came as an input.
fn grounds(used: &[&What], assumed: &Assumed<'_>, locale: Locale) -> Vec<String> {
    let comma = if locale == Locale::Zh { "、" } else { ", " };
    let mut inputs = Vec::new();
    let mut params = Vec::new();
    let mut rows: Vec<String> = Vec::new();
    for what in used {
        match what {
            What::Input { title, value, label, source, .. } => {
                let value = label.as_ref().map(|label| label.get(locale).to_owned()).or_else(|| scalar(value));
                let bound = bound_param(source).and_then(|param| assumed.get(param));
                let remark = bound.map(|(_, clause)| remark(*clause, true, locale)).unwrap_or_default();
                match (value, bound) {
                    (Some(value), _) => inputs.push(format!("{} {value}{remark}", title.get(locale))),
                    (None, Some((title, _))) => params.push(format!("{}{remark}", title.get(locale))),
                    (None, None) => {}
                }
            }
            What::Param { name, title, value, clause, assumed, .. } => {
                let remark = remark(clause.as_deref(), *assumed, locale);
                match plain_param(value) {
                    Some(value) => params.push(format!("{} {value}{remark}", title.get(locale))),
                    None if *assumed && !speaks(used, name) => params.push(format!("{}{remark}", title.get(locale))),
                    None => {}
                }
            }
            What::Word { rows: hits, .. } => rows.extend(hits.iter().map(|hit| row(hit, locale))),
            _ => {}
        }
    }
    rows.dedup();
    [inputs, params, rows].into_iter().filter(|list| !list.is_empty()).map(|list| few(&list, comma, locale)).collect()
}

/// Whether a row of a table is named.
fn speaks(used: &[&What], param: &str) -> bool {
    let of_param = |what: &&What| matches!(what, What::Word { rows, .. } if rows.iter().any(|row| row.param == param));
    used.iter().any(of_param)
}

/// The param that an input's value was taken from.
fn bound_param(source: &Source) -> Option<&str> {
    match source {
        Source::Bound(from) => from.strip_prefix("param:"),
        _ => None,
    }
}

fn few(list: &[String], comma: &str, locale: Locale) -> String {
    let shown: Vec<&str> = list.iter().take(MOST).map(String::as_str).collect();
    let more = list.len().saturating_sub(MOST);
    match (more, locale) {
        (0, _) => shown.join(comma),
        (more, Locale::Zh) => format!("{}等（另有 {more} 项）", shown.join(comma)),
        (more, Locale::En) => format!("{} and {more} more", shown.join(comma)),
    }
}

/// The value of a param that is a single figure; tables speak through their rows.
fn plain_param(value: &Json) -> Option<String> {
    scalar(value).filter(|text| !text.ends_with('）'))
}

fn row(hit: &RowHit, locale: Locale) -> String {
    let value = scalar(&hit.value).map(|value| format!(" {value}")).unwrap_or_default();
    let remark = remark(hit.clause.as_deref(), hit.assumed, locale);
    match locale {
        Locale::Zh => format!("{} 第 {} 行（{}）{value}{remark}", hit.param, hit.row, hit.label),
        Locale::En => format!("row {} of {} ({}){value}{remark}", hit.row, hit.param, hit.label),
    }
}

/// The clause, and that a value is assumed.
fn remark(clause: Option<&str>, assumed: bool, locale: Locale) -> String {
    let assumed = assumed.then_some(if locale == Locale::Zh { "暂定" } else { "assumed" });
    let parts: Vec<&str> = clause.into_iter().chain(assumed).collect();
    match (parts.is_empty(), locale) {
        (true, _) => String::new(),
        (false, Locale::Zh) => format!("（{}）", parts.join("，")),
        (false, Locale::En) => format!(" ({})", parts.join(", ")),
    }
}

fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
