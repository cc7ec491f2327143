//! Computed fields: expressions of the closed language over the fields of one level.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use zhupi_domain::expr::{Context, Expr, Field as Member, Type, Value};
use zhupi_domain::{Diagnostic, Diagnostics, Money, Rounding, Span, Text};

use crate::error::{Fault, Keyword};
use crate::model::{Class, Field, Form, Kind, Level};

/// The expression of a computed field.
#[derive(Debug, Clone)]
pub(crate) struct Computed {
    expr: Expr,
    /// The fields of its level that it depends on.
    pub names: BTreeSet<String>,
    /// Every field whose value it may look at, by full path, with its class.
    pub reads: Vec<(String, Class)>,
}

impl Form {
    /// The type of accepted data, for the expressions of flows and policies.
    pub fn record_type(&self) -> Type {
        self.root.record_type()
    }
}

impl Level {
    pub(crate) fn record_type(&self) -> Type {
        Type::Record(self.fields.iter().map(|field| (field.name.clone(), field.member())).collect::<BTreeMap<_, _>>())
    }
}

impl Field {
    /// Its type, for the expressions of flows and policies.
    pub fn value_type(&self) -> Type {
        self.kind.value_type()
    }

    fn member(&self) -> Member {
        let always = matches!(self.kind, Kind::Group(_)) || self.required;
        if always && self.shown.is_none() {
            Member::required(self.value_type())
        } else {
            Member::optional(self.value_type())
        }
    }
}

impl Kind {
    fn value_type(&self) -> Type {
        match self {
            Self::Choice(values) => Type::Enum(values.clone()),
            Self::Integer | Self::Money | Self::Decimal { .. } => Type::Number,
            Self::Boolean => Type::Bool,
            Self::Date => Type::Date,
            Self::DateTime => Type::Instant,
            Self::List(item) => Type::list(item.kind.value_type()),
            Self::Rows(columns) => Type::list(columns.level.record_type()),
            Self::Group(columns) => columns.level.record_type(),
            Self::Line | Self::Paragraphs | Self::Email | Self::Period(_) => Type::Text,
            Self::Person | Self::Department | Self::File => Type::Text,
        }
    }
}

impl Computed {
    /// Reads the expression of `field`, whose level is complete; places in the findings are those of `source`.
    pub fn read(source: &str, field: &Field, level: &Level) -> Result<Self, Diagnostics> {
        let expr = Expr::parse(source)?;
        let yields = expr.check(&level.record_type())?;
        let wanted = field.value_type();
        if !wanted.accepts(&yields) {
            return Err(vec![wrong_type(source, field, &wanted, &yields)]);
        }
        let paths = expr.paths();
        let names = paths.iter().map(|path| path.split('.').next().unwrap_or(path).to_owned()).collect();
        let reads = reads(&paths, level);
        Ok(Self { expr, names, reads })
    }

    /// The value for one level's data, in the normal form of its field; none when it depends on what is not filled in.
    pub fn value(
        &self,
        field: &Field,
        scope: &Type,
        data: &Json,
        context: &Context<'_>,
    ) -> Result<Option<Json>, Fault> {
        let scope = Value::from_json(data, scope).map_err(|error| failed(error.expected))?;
        let value = self.expr.eval(&scope, context).map_err(|error| failed(error.kind.message()))?;
        match value {
            Value::Absent => Ok(None),
            Value::Number(number) => figure(&field.kind, number).map(Some),
            other => crate::accept::normal::single(&field.kind, &other.to_json()),
        }
    }
}

fn failed(reason: Text) -> Fault {
    Fault { reason: Some(reason), ..Fault::new(Keyword::Computed) }
}

/// A computed number as its field keeps it: 四舍五入 to the field's own digits.
fn figure(kind: &Kind, number: zhupi_domain::Decimal) -> Result<Json, Fault> {
    let too_large = || failed(Text::new("结果超出范围", "the result is out of range"));
    match kind {
        Kind::Money => {
            Money::rounded(number, Rounding::HalfUp).map(|money| Json::from(money.to_string())).map_err(|_| too_large())
        }
        Kind::Decimal { digits } => Ok(Json::from(Rounding::HalfUp.round(number, *digits).normalize().to_string())),
        _ => {
            let whole = i64::try_from(Rounding::HalfUp.round(number, 0).mantissa()).ok();
            whole.filter(|whole| whole.abs() <= crate::limits::INTEGER).map(Json::from).ok_or_else(too_large)
        }
    }
}

/// Every field that a path leads to, through, or above.
fn reads(paths: &BTreeSet<String>, level: &Level) -> Vec<(String, Class)> {
    let touches = |name: &str, path: &str| {
        let inside = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'));
        name == path || inside(name, path) || inside(path, name)
    };
    let mut found = Vec::new();
    for field in &level.fields {
        let children = field.children().iter().map(|child| (format!("{}.{}", field.name, child.name), child));
        for (name, field) in std::iter::once((field.name.clone(), field)).chain(children) {
            if paths.iter().any(|path| touches(&name, path)) {
                found.push((field.path.clone(), field.class));
            }
        }
    }
    found
}

fn wrong_type(source: &str, field: &Field, wanted: &Type, yields: &Type) -> Diagnostic {
    let (wanted, yields) = (wanted.describe(), yields.describe());
    let en = |text: &Text| text.get(zhupi_domain::Locale::En).to_owned();
    Diagnostic::error(
        "form.computed",
        Span::new(0, source.len()),
        Text::new(
            format!("`{}` 应为{}，表达式的结果却是{}", field.name, wanted.zh, yields.zh),
            format!("`{}` holds {}, but the expression yields {}", field.name, en(&wanted), en(&yields)),
        ),
    )
}
