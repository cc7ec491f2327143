//! Reading typed JSON into the values that scripts see.

use chrono::{NaiveDate, NaiveDateTime};
use rhai::{Array, Dynamic, Map};
use serde_json::{Map as JsonMap, Value as Json};
use zhupi_domain::money::parse_decimal;
use zhupi_domain::time::Period;
use zhupi_domain::{Decimal, Money, Name, Text};

use crate::contract::LARGEST;
use crate::time::{Day, Moment, Span};
use crate::types::{Field, Presence, Type};

/// The most entries of one list of an input.
const MOST_ENTRIES: usize = 10_000;
/// The most entries of one map of an input.
const MOST_KEYS: usize = 1_000;

/// A value that is not of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// A JSON pointer.
    pub pointer: String,
    zh: String,
    en: String,
}

impl Problem {
    /// What a person reads about a value of an input or an answer.
    pub(crate) fn text(&self) -> Text {
        Text::new(format!("{}：{}", self.pointer, self.zh), format!("{}: {}", self.pointer, self.en))
    }

    /// The same without the pointer, for whoever shows the place.
    pub(crate) fn words(&self) -> Text {
        Text::new(self.zh.clone(), self.en.clone())
    }

    pub(crate) fn in_param(&self, name: &Name) -> Text {
        Text::new(
            format!("参数 `{name}` 的值{}{}", self.pointer, self.zh),
            format!("the value of param `{name}`{} {}", self.pointer, self.en),
        )
    }
}

/// Reads the members of an object as fields; absent ones become their default or `()`.
pub(crate) fn read_fields(object: &JsonMap<String, Json>, fields: &[&Field], problems: &mut Vec<Problem>) -> Map {
    let mut reader = Reader { pointer: String::new(), problems };
    reader.unknown_members(object, fields);
    fields.iter().map(|field| (field.name.as_str().into(), reader.member(object, field))).collect()
}

/// What is wrong with a value of a type.
pub(crate) fn check(value: &Json, ty: &Type) -> Vec<Problem> {
    let mut problems = Vec::new();
    let _converted = read(value, ty, &mut problems);
    problems
}

/// Reads one value; `()` where it is not of its type.
pub(crate) fn read(value: &Json, ty: &Type, problems: &mut Vec<Problem>) -> Dynamic {
    Reader { pointer: String::new(), problems }.value(value, ty)
}

struct Reader<'a> {
    pointer: String,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn wrong(&mut self, zh: impl Into<String>, en: impl Into<String>) -> Dynamic {
        self.problems.push(Problem { pointer: self.pointer.clone(), zh: zh.into(), en: en.into() });
        Dynamic::UNIT
    }

    /// Reads something one level down.
    fn below<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        let value = read(self);
        self.pointer.truncate(length);
        value
    }

    fn unknown_members(&mut self, object: &JsonMap<String, Json>, fields: &[&Field]) {
        for key in object.keys().filter(|key| !fields.iter().any(|field| field.name.as_str() == *key)) {
            let _nothing = self.below(key, |reader| reader.wrong("契约中没有此项", "the contract has no such field"));
        }
    }

    fn member(&mut self, object: &JsonMap<String, Json>, field: &Field) -> Dynamic {
        self.below(field.name.as_str(), |reader| match (object.get(field.name.as_str()), &field.presence) {
            (None, Presence::Default(value)) => reader.bounded(value, field),
            (None | Some(Json::Null), Presence::Optional) | (Some(Json::Null), Presence::Nullable) => Dynamic::UNIT,
            (None, _) => reader.wrong("必须提供", "is missing"),
            (Some(value), _) => reader.bounded(value, field),
        })
    }

    fn bounded(&mut self, value: &Json, field: &Field) -> Dynamic {
        let value = self.value(value, &field.ty);
        if let Some(number) = crate::number::Number::of(&value).map(crate::number::Number::decimal)
            && let Some((zh, en)) = out_of_bounds(number, field)
        {
            return self.wrong(zh, en);
        }
        value
    }

    fn value(&mut self, value: &Json, ty: &Type) -> Dynamic {
        match (ty, value) {
            (Type::Money | Type::Rate | Type::Score | Type::Number, _) => self.decimal(value, ty),
            (Type::Count | Type::Days, Json::Number(number)) => match number.as_i64() {
                Some(whole) if Decimal::from(whole).abs() <= LARGEST => whole.into(),
                _ => self.wrong("须为整数", "is not a whole number"),
            },
            (Type::Bool, Json::Bool(value)) => (*value).into(),
            (Type::Text, Json::String(text)) => text.into(),
            (Type::Person | Type::Department, Json::String(text)) if !text.is_empty() => text.into(),
            (Type::Enum(values), Json::String(text)) => self.one_of(text, values),
            (Type::Date | Type::DateTime | Type::Period, Json::String(text)) => self.time(text, ty),
            (Type::List(item), Json::Array(items)) => self.list(items, item),
            (Type::Record(fields), Json::Object(object)) => self.record(object, fields),
            (Type::Map(item), Json::Object(object)) => self.map(object, item),
            _ => {
                let word = ty.word();
                self.wrong(format!("须为 {word}"), format!("is not of type {word}"))
            }
        }
    }

    fn decimal(&mut self, value: &Json, ty: &Type) -> Dynamic {
        let parsed = match value {
            Json::String(text) => parse_decimal(text),
            Json::Number(number) => number.as_i64().map(Decimal::from),
            _ => None,
        };
        match parsed {
            Some(number) if *ty == Type::Money && Money::exact(number).is_err() => self.wrong(
                "金额最多两位小数且不超过十万亿",
                "is not money: at most two digits after the point, at most ten trillion",
            ),
            Some(number) if number.abs() > LARGEST || number.scale() > 12 => {
                self.wrong("数值过大或小数位过多", "is too large or has more than twelve digits after the point")
            }
            Some(number) => number.into(),
            None => self
                .wrong("须为文本形式的十进制数，如 \"12.50\"", "is not a decimal number in quotes, such as \"12.50\""),
        }
    }

    fn one_of(&mut self, text: &str, values: &[String]) -> Dynamic {
        if values.iter().any(|value| value == text) {
            return text.into();
        }
        let listed = values.join("、");
        self.wrong(format!("“{text}”不在可选范围内：{listed}"), format!("`{text}` is none of {}", values.join(", ")))
    }

    fn time(&mut self, text: &str, ty: &Type) -> Dynamic {
        let value = match ty {
            Type::Date => parse_date(text).map(|date| Dynamic::from(Day(date))),
            Type::DateTime => parse_moment(text).map(|moment| Dynamic::from(Moment(moment))),
            _ => Period::parse(text).map(|period| Dynamic::from(Span(period))),
        };
        value.unwrap_or_else(|| match ty {
            Type::Date => self.wrong("须为日期，如 2026-03-10", "is not a date, such as 2026-03-10"),
            Type::DateTime => {
                self.wrong("须为日期时间，如 2026-03-10T09:00", "is not a date and time, such as 2026-03-10T09:00")
            }
            _ => self.wrong("须为期间，如 2026-03、2026-Q1", "is not a period, such as 2026-03 or 2026-Q1"),
        })
    }

    fn list(&mut self, items: &[Json], item: &Type) -> Dynamic {
        if items.len() > MOST_ENTRIES {
            return self.wrong(format!("超过 {MOST_ENTRIES} 项"), format!("has more than {MOST_ENTRIES} entries"));
        }
        let read = |(i, value): (usize, &Json)| self.below(&i.to_string(), |reader| reader.value(value, item));
        items.iter().enumerate().map(read).collect::<Array>().into()
    }

    fn record(&mut self, object: &JsonMap<String, Json>, fields: &[Field]) -> Dynamic {
        let fields: Vec<&Field> = fields.iter().collect();
        self.unknown_members(object, &fields);
        fields.iter().map(|field| (field.name.as_str().into(), self.member(object, field))).collect::<Map>().into()
    }

    fn map(&mut self, object: &JsonMap<String, Json>, item: &Type) -> Dynamic {
        if object.len() > MOST_KEYS {
            return self.wrong(format!("超过 {MOST_KEYS} 项"), format!("has more than {MOST_KEYS} entries"));
        }
        let read =
            |(key, value): (&String, &Json)| (key.as_str().into(), self.below(key, |reader| reader.value(value, item)));
        object.iter().map(read).collect::<Map>().into()
    }
}

/// What is said when a number lies outside its field's bounds.
pub(crate) fn out_of_bounds(number: Decimal, field: &Field) -> Option<(String, String)> {
    if let Some(min) = field.min.filter(|min| number < *min) {
        return Some((format!("不能小于 {min}"), format!("is below {min}")));
    }
    let max = field.max.filter(|max| number > *max)?;
    Some((format!("不能大于 {max}"), format!("is above {max}")))
}

/// Reads `2026-03-10`, nothing looser.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text)
}

/// Reads `2026-03-10T09:00`, with or without seconds.
pub(crate) fn parse_moment(text: &str) -> Option<NaiveDateTime> {
    let written = |moment: &NaiveDateTime| match text.len() {
        16 => moment.format("%Y-%m-%dT%H:%M").to_string(),
        _ => moment.format("%Y-%m-%dT%H:%M:%S").to_string(),
    };
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .filter(|moment| written(moment) == text)
}
