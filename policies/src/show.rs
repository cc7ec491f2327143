//! Values of a script as an explanation shows them: JSON of bounded size.

use rhai::{Array, Dynamic, Map};
use serde_json::{Map as JsonMap, Value as Json};
use zhupi_domain::{Decimal, Rounding};

use crate::host::{ParamsRef, TableRef};
use crate::time::{Day, Moment, Span, WorkCalendar};
use crate::types::{Field, Type};

/// The most entries of one list or record that are shown.
const MOST_ENTRIES: usize = 12;
/// The longest text that is shown, in characters.
const LONGEST: usize = 200;
/// The deepest nesting that is shown.
const DEEPEST: usize = 4;
/// Where something is left out.
const MORE: &str = "…";

/// Shows any value of a script.
pub(crate) fn show(value: &Dynamic) -> Json {
    shown(value, 0)
}

/// Shows the value of an input: money with its cents, also where it came without.
pub(crate) fn field(field: &Field, value: &Dynamic) -> Json {
    match (&field.ty, value.as_decimal()) {
        (Type::Money, Ok(mut money)) if money.scale() < 2 => {
            money.rescale(2);
            money.to_string().into()
        }
        _ => show(value),
    }
}

/// A JSON value cut to the same bounds.
pub(crate) fn shorten(value: &Json) -> Json {
    shortened(value, 0)
}

/// A decimal with its trailing zeros, at most twelve digits after the point.
pub(crate) fn decimal(value: Decimal) -> String {
    match value.scale() > 12 {
        true => Rounding::HalfUp.round(value, 12).normalize().to_string(),
        false => value.to_string(),
    }
}

/// What a person calls the kind of a value.
pub(crate) fn kind(value: &Dynamic) -> (&'static str, &'static str) {
    if value.is_unit() {
        ("空值", "nothing")
    } else if value.is_int() || value.is_decimal() {
        ("数字", "a number")
    } else if value.is_string() || value.is_char() {
        ("文本", "a text")
    } else if value.is_bool() {
        ("真假值", "a truth value")
    } else if value.is_array() {
        ("列表", "a list")
    } else if value.is_map() {
        ("记录", "a record")
    } else if value.is::<Day>() {
        ("日期", "a date")
    } else if value.is::<Moment>() {
        ("日期时间", "a date and time")
    } else if value.is::<Span>() {
        ("期间", "a period")
    } else if value.is::<TableRef>() {
        ("参数表", "a table")
    } else if value.is::<ParamsRef>() {
        ("params", "params")
    } else if value.is::<WorkCalendar>() {
        ("日历", "a calendar")
    } else {
        ("函数", "a function")
    }
}

fn shown(value: &Dynamic, depth: usize) -> Json {
    if value.is_unit() {
        return Json::Null;
    }
    if let Ok(truth) = value.as_bool() {
        return Json::Bool(truth);
    }
    if let Ok(whole) = value.as_int() {
        return whole.into();
    }
    if let Ok(number) = value.as_decimal() {
        return decimal(number).into();
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return cut(&text).into();
    }
    if let Some(items) = value.read_lock::<Array>() {
        return list(&items, depth);
    }
    if let Some(map) = value.read_lock::<Map>() {
        return record(&map, depth);
    }
    special(value).unwrap_or_else(|| kind(value).1.into())
}

fn special(value: &Dynamic) -> Option<Json> {
    if let Some(day) = value.read_lock::<Day>() {
        return Some(day.to_string().into());
    }
    if let Some(moment) = value.read_lock::<Moment>() {
        return Some(moment.to_string().into());
    }
    if let Some(period) = value.read_lock::<Span>() {
        return Some(period.to_string().into());
    }
    value.read_lock::<TableRef>().map(|table| table.shown())
}

fn list(items: &[Dynamic], depth: usize) -> Json {
    if depth >= DEEPEST {
        return more(items.len());
    }
    let mut shown: Vec<Json> = items.iter().take(MOST_ENTRIES).map(|item| self::shown(item, depth + 1)).collect();
    if items.len() > MOST_ENTRIES {
        shown.push(more(items.len() - MOST_ENTRIES));
    }
    Json::Array(shown)
}

fn record(map: &Map, depth: usize) -> Json {
    if depth >= DEEPEST {
        return more(map.len());
    }
    let mut shown: JsonMap<String, Json> =
        map.iter().take(MOST_ENTRIES).map(|(key, value)| (cut(key), self::shown(value, depth + 1))).collect();
    if map.len() > MOST_ENTRIES {
        shown.insert(MORE.into(), more(map.len() - MOST_ENTRIES));
    }
    Json::Object(shown)
}

fn shortened(value: &Json, depth: usize) -> Json {
    match value {
        Json::String(text) => cut(text).into(),
        Json::Array(items) if depth >= DEEPEST => more(items.len()),
        Json::Array(items) => {
            let mut kept: Vec<Json> = items.iter().take(MOST_ENTRIES).map(|i| shortened(i, depth + 1)).collect();
            if items.len() > MOST_ENTRIES {
                kept.push(more(items.len() - MOST_ENTRIES));
            }
            Json::Array(kept)
        }
        Json::Object(map) if depth >= DEEPEST => more(map.len()),
        Json::Object(map) => {
            let mut kept: JsonMap<String, Json> =
                map.iter().take(MOST_ENTRIES).map(|(key, v)| (cut(key), shortened(v, depth + 1))).collect();
            if map.len() > MOST_ENTRIES {
                kept.insert(MORE.into(), more(map.len() - MOST_ENTRIES));
            }
            Json::Object(kept)
        }
        other => other.clone(),
    }
}

/// Whether a value is shown in full; what only looks cut counts as cut.
pub(crate) fn is_whole(shown: &Json) -> bool {
    match shown {
        Json::String(text) => !text.starts_with(MORE) && (!text.ends_with(MORE) || text.chars().count() <= LONGEST),
        Json::Array(items) => items.iter().all(is_whole),
        Json::Object(members) => members.iter().all(|(key, value)| key != MORE && is_whole(value)),
        Json::Null | Json::Bool(_) | Json::Number(_) => true,
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}{MORE}", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn more(count: usize) -> Json {
    format!("{MORE} {count}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_bounded() {
        let long: Array = (0..1000).map(|_| Dynamic::from("长".repeat(5000))).collect();
        let nested = (0..50).fold(Dynamic::from(long), |inner, _| Dynamic::from(vec![inner]));
        assert!(show(&nested).to_string().len() < 10_000);
        assert!(!is_whole(&show(&nested)) && !is_whole(&show(&"长".repeat(201).into())));
        assert!(is_whole(&show(&"长".repeat(200).into())));
        let flat: Array = (0..20_i64).map(Dynamic::from).collect();
        assert_eq!(show(&flat.into()).to_string(), r#"[0,1,2,3,4,5,6,7,8,9,10,11,"… 8"]"#);
        assert!(!is_whole(&show(&(0..20_i64).map(Dynamic::from).collect::<Array>().into())));
        assert!(is_whole(&show(&(0..12_i64).map(Dynamic::from).collect::<Array>().into())));
    }
}
