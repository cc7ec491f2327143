//! Between the values of expressions and the JSON that policies and forms take.

use chrono::NaiveDateTime;
use serde_json::{Map, Value as Json};
use zhupi_domain::calendar::Calendar;
use zhupi_domain::expr::{Field as Member, Type, Value};
use zhupi_domain::{Money, Rounding};
use zhupi_forms as forms;
use zhupi_policies as policies;

/// The type of an expression whose value may be given to a policy; none for maps, which no expression yields.
pub fn input_type(ty: &policies::Type) -> Option<Type> {
    use policies::Type as P;
    Some(match ty {
        P::Money | P::Rate | P::Score | P::Number | P::Count | P::Days => Type::Number,
        P::Date => Type::Date,
        P::DateTime => Type::Instant,
        P::Bool => Type::Bool,
        P::Text | P::Period | P::Person | P::Department => Type::Text,
        P::Enum(values) => Type::Enum(values.clone()),
        P::List(item) => Type::list(input_type(item)?),
        P::Record(fields) => Type::Record(fields.iter().map(member_type).collect::<Option<_>>()?),
        P::Map(_) => return None,
    })
}

fn member_type(field: &policies::Field) -> Option<(String, Member)> {
    let ty = input_type(&field.ty)?;
    let required = field.presence == policies::Presence::Required;
    Some((field.name.to_string(), if required { Member::required(ty) } else { Member::optional(ty) }))
}

/// The type that expressions see of a policy's output.
pub fn output_type(ty: &policies::Type) -> Type {
    match ty {
        policies::Type::List(item) => Type::list(output_type(item)),
        policies::Type::Record(fields) => record_type(fields.iter()),
        policies::Type::Map(_) => Type::Record(Default::default()),
        other => input_type(other).unwrap_or(Type::Text),
    }
}

/// The record of a policy's fields.
pub fn record_type<'a>(fields: impl Iterator<Item = &'a policies::Field>) -> Type {
    let member = |field: &policies::Field| {
        let ty = output_type(&field.ty);
        let there = matches!(field.presence, policies::Presence::Required | policies::Presence::Default(_));
        (field.name.to_string(), if there { Member::required(ty) } else { Member::optional(ty) })
    };
    Type::Record(fields.map(member).collect())
}

/// A value as the JSON of a policy's input.
pub fn input_json(value: &Value, ty: &policies::Type, calendar: &Calendar) -> Json {
    use policies::Type as P;
    match (ty, value) {
        (P::Count | P::Days, Value::Number(_)) => whole(value),
        (P::DateTime, Value::Instant(at)) => calendar.local(*at).format("%Y-%m-%dT%H:%M:%S").to_string().into(),
        (P::List(item), Value::List(items)) => items.iter().map(|value| input_json(value, item, calendar)).collect(),
        (P::Record(fields), Value::Record(members)) => {
            let member = |field: &policies::Field| {
                let value = members.get(field.name.as_str()).filter(|value| !value.is_absent())?;
                Some((field.name.to_string(), input_json(value, &field.ty, calendar)))
            };
            Json::Object(fields.iter().filter_map(member).collect::<Map<_, _>>())
        }
        _ => value.to_json(),
    }
}

/// The answer of a policy as expressions read it: a local date and time is a moment in the company's zone.
pub fn output_json(json: &mut Json, ty: &Type, calendar: &Calendar) {
    match (ty, json) {
        (Type::Instant, Json::String(text)) => {
            let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok();
            if let Some(at) = local.and_then(|local| calendar.at(local.date(), local.time()).ok()) {
                *text = at.to_string();
            }
        }
        (Type::List(item), Json::Array(items)) => {
            items.iter_mut().for_each(|json| output_json(json, item, calendar));
        }
        (Type::Record(fields), Json::Object(members)) => {
            for (name, field) in fields {
                if let Some(json) = members.get_mut(name) {
                    output_json(json, &field.ty, calendar);
                }
            }
        }
        _ => {}
    }
}

/// A text that was entered for a person as the JSON of a policy's input.
pub fn entered_json(entered: &str, ty: &policies::Type) -> Json {
    match ty {
        policies::Type::Count | policies::Type::Days => {
            entered.parse::<i64>().map_or_else(|_| entered.into(), Json::from)
        }
        policies::Type::Bool => entered.parse::<bool>().map_or_else(|_| entered.into(), Json::from),
        _ => entered.into(),
    }
}

/// A value as the JSON of a form's field, before the form has accepted it.
pub fn field_json(value: &Value, field: &forms::Field) -> Json {
    let children = field.children();
    match (field.kind(), value) {
        (forms::Kind::Integer, Value::Number(_)) => whole(value),
        (forms::Kind::Rows(_), Value::List(rows)) => rows.iter().map(|row| members(row, children)).collect(),
        (forms::Kind::Group(_), group) => members(group, children),
        _ => value.to_json(),
    }
}

fn members(value: &Value, fields: &[forms::Field]) -> Json {
    let Value::Record(members) = value else { return value.to_json() };
    let member = |field: &forms::Field| {
        let value = members.get(field.name()).filter(|value| !value.is_absent())?;
        Some((field.name().to_owned(), field_json(value, field)))
    };
    Json::Object(fields.iter().filter_map(member).collect::<Map<_, _>>())
}

/// A key value as the text by which facts are found: as the form writes it.
pub fn key_text(value: &Value, field: &forms::Field) -> Option<String> {
    match (field.kind(), value) {
        (_, Value::Absent) => None,
        (forms::Kind::Money, Value::Number(number)) => {
            Money::rounded(*number, Rounding::HalfUp).ok().map(|money| money.to_string())
        }
        _ => text_of(&field_json(value, field)),
    }
}

/// A single JSON value as text.
pub fn text_of(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(value) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// A number without a fraction as a JSON number; any other as its text, which the receiver refuses by name.
fn whole(value: &Value) -> Json {
    let text = value.to_json();
    text.as_str().and_then(|text| text.parse::<i64>().ok()).map_or(text.clone(), Json::from)
}
