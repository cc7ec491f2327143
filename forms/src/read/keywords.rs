//! Which keywords fit which kind of field, and their values in normal form.

use serde_json::{Map, Value as Json};
use zhupi_domain::money::parse_decimal;
use zhupi_domain::{Decimal, Text};

use super::Reader;
use super::shape::Shape;
use super::texts::written;
use crate::accept::normal;
use crate::limits;
use crate::model::Kind;
use crate::tree::{Member, Node};

/// Demands on a value, which a condition may tighten.
const CONSTRAINTS: [&str; 13] = [
    "enum",
    "const",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "x-min",
    "x-max",
    "minItems",
    "maxItems",
];

/// Pairs of which the first must not be above the second.
const BOUNDS: [(&str, &str); 5] = [
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("x-min", "x-max"),
];

pub(super) fn is_constraint(keyword: &str) -> bool {
    CONSTRAINTS.contains(&keyword)
}

/// How many digits after the point a `decimal` has.
pub(super) fn digits(shape: &Shape<'_>) -> u32 {
    let written = shape.get("x-digits").and_then(|node| node.to_json().as_u64());
    written.and_then(|digits| u32::try_from(digits).ok()).unwrap_or(12).min(12)
}

/// Gives texts and lists the bound they have when the form says none.
pub(super) fn add_bounds(kind: &Kind, own: &mut Map<String, Json>) {
    let (keyword, most) = match kind {
        Kind::Line | Kind::Email => ("maxLength", limits::LINE_LENGTH),
        Kind::Paragraphs => ("maxLength", limits::TEXT_LENGTH),
        Kind::List(_) | Kind::Rows(_) => ("maxItems", limits::ITEMS),
        _ => return,
    };
    own.entry(keyword).or_insert_with(|| Json::from(most));
}

/// Whether a keyword can stand at a field of a kind.
fn fits(keyword: &str, kind: &Kind) -> bool {
    let several = matches!(kind, Kind::Rows(_) | Kind::Group(_));
    match keyword {
        "$ref" | "$comment" | "type" | "title" | "description" | "x-en" | "x-class" => true,
        "x-messages" => !matches!(kind, Kind::Group(_)),
        "format" => !several && !matches!(kind, Kind::List(_) | Kind::Integer | Kind::Boolean),
        "default" => !several,
        "x-computed" | "x-lookup" => !several && !matches!(kind, Kind::List(_)),
        "x-placeholder" => !several,
        "minLength" | "maxLength" => matches!(kind, Kind::Line | Kind::Paragraphs | Kind::Email),
        "pattern" => matches!(kind, Kind::Line | Kind::Email),
        "enum" | "x-labels" => matches!(kind, Kind::Choice(_) | Kind::Integer),
        "const" => matches!(kind, Kind::Choice(_) | Kind::Integer | Kind::Boolean | Kind::Line),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => matches!(kind, Kind::Integer),
        "x-min" | "x-max" => matches!(kind, Kind::Money | Kind::Decimal { .. }),
        "x-digits" => matches!(kind, Kind::Decimal { .. }),
        "x-period" => matches!(kind, Kind::Period(_)),
        "x-unit" => matches!(kind, Kind::Integer | Kind::Money | Kind::Decimal { .. } | Kind::Line),
        "items" | "minItems" | "maxItems" => kind.is_many(),
        "x-columns" => matches!(kind, Kind::Rows(_)),
        "properties" | "required" | "dependentRequired" | "if" | "then" | "else" | "allOf" | "x-order" => {
            matches!(kind, Kind::Group(_))
        }
        // What the profile does not know it has reported itself.
        _ => true,
    }
}

impl<'a> Reader<'a> {
    /// Reports keywords that mean nothing at a field of this kind.
    pub(super) fn refuse_misplaced(&mut self, shape: &Shape<'a>, kind: &Kind) {
        for member in shape.members.values().filter(|member| !fits(&member.key, kind)) {
            let key = &member.key;
            let text =
                Text::new(format!("`{key}` 不适用于这种字段"), format!("`{key}` means nothing for this kind of field"));
            match instead(key, kind) {
                Some(hint) => self.hinted("form.keyword-not-here", member.key_span, text, hint),
                None => self.error("form.keyword-not-here", member.key_span, text),
            }
        }
    }

    /// The demands on a value, their figures in the field's normal form.
    pub(super) fn constraints(&mut self, shape: &Shape<'a>, kind: &Kind) -> Map<String, Json> {
        let mut constraints = Map::new();
        for member in shape.members.values().filter(|it| is_constraint(&it.key) && fits(&it.key, kind)) {
            if let Some(value) = self.constraint(member, kind) {
                constraints.insert(member.key.clone(), value);
            }
        }
        for (least, most) in BOUNDS {
            if above(constraints.get(least), constraints.get(most)) {
                let span = shape.member(least).map_or(shape.span, |member| member.node.span);
                let text = Text::new(format!("{least} 大于 {most}"), format!("`{least}` is above `{most}`"));
                self.error("form.bounds", span, text);
            }
        }
        constraints
    }

    fn constraint(&mut self, member: &'a Member, kind: &Kind) -> Option<Json> {
        let node = &member.node;
        match member.key.as_str() {
            "enum" => Some(node.items().iter().filter_map(|item| self.a_value(item, kind)).collect()),
            "const" => self.a_value(node, kind),
            "x-min" | "x-max" => self.figure(node, kind),
            "pattern" => self.pattern(node),
            _ => Some(node.to_json()),
        }
    }

    /// A value that the field can have.
    fn a_value(&mut self, node: &'a Node, kind: &Kind) -> Option<Json> {
        let value = normal::value(kind, &node.to_json()).ok().flatten();
        if value.is_none() {
            let it = written(node);
            let text = Text::new(format!("这个字段不可能是 `{it}`"), format!("the field can never be `{it}`"));
            self.error("form.value", node.span, text);
        }
        value
    }

    fn figure(&mut self, node: &'a Node, kind: &Kind) -> Option<Json> {
        let text = node.text()?;
        let figure = match kind {
            Kind::Money => normal::value(kind, &Json::from(text)).ok().flatten(),
            _ => parse_decimal(text).map(|value| Json::from(value.normalize().to_string())),
        };
        if figure.is_none() {
            let text = Text::new(format!("`{text}` 不是有效的数字"), format!("`{text}` is not a number"));
            self.hinted("form.value", node.span, text, Text::new("例如 \"0.01\"", "Such as \"0.01\""));
        }
        figure
    }
}

/// Whether the lower bound is above the upper one.
fn above(least: Option<&Json>, most: Option<&Json>) -> bool {
    let figure = |json: &Json| match json {
        Json::String(text) => parse_decimal(text),
        json => json.as_i64().map(Decimal::from),
    };
    least.and_then(figure).zip(most.and_then(figure)).is_some_and(|(least, most)| least > most)
}

/// The keyword that does for this kind what the misplaced one does elsewhere.
fn instead(keyword: &str, kind: &Kind) -> Option<Text> {
    let (zh, en) = match (keyword, kind) {
        ("minimum" | "exclusiveMinimum", Kind::Money | Kind::Decimal { .. }) => ("请用 x-min", "Use `x-min`"),
        ("maximum" | "exclusiveMaximum", Kind::Money | Kind::Decimal { .. }) => ("请用 x-max", "Use `x-max`"),
        ("x-min", Kind::Integer) => ("请用 minimum", "Use `minimum`"),
        ("x-max", Kind::Integer) => ("请用 maximum", "Use `maximum`"),
        ("enum" | "x-labels", Kind::Boolean) => ("是与否无需选项", "Yes and no need no choices"),
        ("format", Kind::Integer | Kind::Boolean) => ("format 只用于 string", "`format` is for strings only"),
        ("format" | "enum" | "x-labels", Kind::List(_)) => ("请写进 items", "Put it under `items`"),
        ("properties" | "required", Kind::Rows(_)) => ("请写进 items", "Put it under `items`"),
        _ => return None,
    };
    Some(Text::new(zh, en))
}
