//! Checking what a script gave and writing it as the public record.

use rhai::{Array, Dynamic, Map};
use serde_json::{Map as JsonMap, Value as Json};
use zhupi_domain::{Decimal, Money, Text};

use crate::contract::LARGEST;
use crate::input::out_of_bounds;
use crate::number::Number;
use crate::show::kind;
use crate::time::{Day, Moment, Span};
use crate::types::{Field, Presence, Type};

/// A value that is not what the contract says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub pointer: String,
    pub text: Text,
    pub hint: Option<Text>,
}

/// Writes a record with exactly the declared fields, in their order.
pub(crate) fn record(map: &Map, fields: &[Field], problems: &mut Vec<Problem>) -> JsonMap<String, Json> {
    Writer { pointer: String::new(), problems }.record(map, fields)
}

struct Writer<'a> {
    pointer: String,
    problems: &'a mut Vec<Problem>,
}

impl Writer<'_> {
    fn wrong(&mut self, text: Text, hint: Option<Text>) -> Json {
        self.problems.push(Problem { pointer: self.pointer.clone(), text, hint });
        Json::Null
    }

    fn below<T>(&mut self, step: &str, write: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(step);
        let value = write(self);
        self.pointer.truncate(length);
        value
    }

    fn record(&mut self, map: &Map, fields: &[Field]) -> JsonMap<String, Json> {
        for name in map.keys().filter(|name| !fields.iter().any(|field| field.name.as_str() == name.as_str())) {
            self.below(name, |writer| {
                writer.wrong(Text::new("契约中没有此项", "the contract has no such field"), None)
            });
        }
        let mut record = JsonMap::new();
        for field in fields {
            let value = map.get(field.name.as_str()).filter(|value| !value.is_unit());
            let written = self.below(field.name.as_str(), |writer| match (value, &field.presence) {
                (Some(value), _) => Some(writer.field(value, field)),
                (None, Presence::Optional) => None,
                (None, Presence::Nullable) => Some(Json::Null),
                (None, Presence::Default(value)) => Some(value.clone()),
                (None, Presence::Required) => Some(writer.wrong(Text::new("缺少此项", "is missing"), None)),
            });
            if let Some(written) = written {
                record.insert(field.name.to_string(), written);
            }
        }
        record
    }

    fn field(&mut self, value: &Dynamic, field: &Field) -> Json {
        if let Some((zh, en)) = Number::of(value).and_then(|number| out_of_bounds(number.decimal(), field)) {
            return self.wrong(Text::new(zh, en), None);
        }
        self.value(value, &field.ty, field.shown_digits())
    }

    fn value(&mut self, value: &Dynamic, ty: &Type, digits: u32) -> Json {
        let written = match ty {
            Type::Money | Type::Rate | Type::Score | Type::Number => {
                return match Number::of(value) {
                    Some(number) => self.decimal(number.decimal(), ty, digits),
                    None => self.mismatch(value, ty),
                };
            }
            Type::Count | Type::Days => whole(value).map(Json::from),
            Type::Date => value.read_lock::<Day>().map(|day| day.to_string().into()),
            Type::DateTime => value.read_lock::<Moment>().map(|moment| moment.to_string().into()),
            Type::Period => value.read_lock::<Span>().map(|period| period.to_string().into()),
            Type::Bool => value.as_bool().ok().map(Json::from),
            Type::Text => text(value).map(Json::from),
            Type::Person | Type::Department => text(value).filter(|text| !text.is_empty()).map(Json::from),
            Type::Enum(values) => text(value).filter(|text| values.contains(text)).map(Json::from),
            Type::List(item) => value.read_lock::<Array>().map(|items| self.list(&items, item)),
            Type::Record(fields) => value.read_lock::<Map>().map(|map| self.record(&map, fields).into()),
            Type::Map(item) => value.read_lock::<Map>().map(|map| self.map(&map, item)),
        };
        written.unwrap_or_else(|| self.mismatch(value, ty))
    }

    fn mismatch(&mut self, value: &Dynamic, ty: &Type) -> Json {
        let (word, (zh, en)) = (ty.word(), kind(value));
        self.wrong(Text::new(format!("须为 {word}，实为{zh}"), format!("must be of type {word}, not {en}")), None)
    }

    /// A figure must have been rounded by the script already: rounding it here would hide a forgotten rule.
    fn decimal(&mut self, value: Decimal, ty: &Type, digits: u32) -> Json {
        let value = value.normalize();
        let word = if *ty == Type::Money { "yuan" } else { "points" };
        if value.scale() > digits {
            let shown = crate::show::decimal(value);
            return self.wrong(
                Text::new(
                    format!("{shown} 超过 {digits} 位小数"),
                    format!("{shown} has more than {digits} digits after the point"),
                ),
                Some(Text::new(format!("请用 {word}(x) 舍入"), format!("round it with {word}(x)"))),
            );
        }
        if value.abs() > LARGEST || (*ty == Type::Money && Money::exact(value).is_err()) {
            return self.wrong(Text::new("数值过大", "is too large"), None);
        }
        let width = usize::try_from(digits).unwrap_or(2);
        let value = if value.is_zero() { Decimal::ZERO } else { value };
        format!("{value:.width$}").into()
    }

    fn list(&mut self, items: &[Dynamic], item: &Type) -> Json {
        let write = |(i, value): (usize, &Dynamic)| self.below(&i.to_string(), |writer| writer.value(value, item, 2));
        items.iter().enumerate().map(write).collect::<Vec<_>>().into()
    }

    fn map(&mut self, map: &Map, item: &Type) -> Json {
        let write = |(key, value): (&rhai::Identifier, &Dynamic)| {
            (key.to_string(), self.below(key, |writer| writer.value(value, item, 2)))
        };
        map.iter().map(write).collect::<JsonMap<_, _>>().into()
    }
}

fn whole(value: &Dynamic) -> Option<i64> {
    match Number::of(value)? {
        Number::Whole(whole) => Some(whole),
        Number::Decimal(decimal) if decimal.fract().is_zero() => i64::try_from(decimal.trunc()).ok(),
        Number::Decimal(_) => None,
    }
    .filter(|whole| Decimal::from(*whole).abs() <= LARGEST)
}

fn text(value: &Dynamic) -> Option<String> {
    (value.is_string() || value.is_char()).then(|| value.to_string())
}
