//! One value as the server keeps it: trimmed, exact, in the one way it can be written.

use serde_json::Value as Json;
use zhupi_domain::expr::{Type, Value};
use zhupi_domain::money::{MoneyError, parse_decimal};
use zhupi_domain::time::{Period, PeriodKind};
use zhupi_domain::{Decimal, Money, Name};

use crate::error::{Fault, Keyword};
use crate::limits;
use crate::model::Kind;

/// A single value in its normal form; none when nothing is filled in.
pub(crate) fn single(kind: &Kind, value: &Json) -> Result<Option<Json>, Fault> {
    match kind {
        Kind::Integer => integer(value),
        Kind::Boolean => match value {
            Json::Null => Ok(None),
            Json::Bool(_) => Ok(Some(value.clone())),
            _ => Err(Fault::special(Keyword::Type, "boolean")),
        },
        _ => match value {
            Json::Null => Ok(None),
            Json::String(text) => written(kind, text),
            // A number is no amount: it may have lost digits on its way.
            Json::Number(_) => Err(not_a(kind)),
            _ => Err(Fault::new(Keyword::Type)),
        },
    }
}

/// A single value or a list in its normal form, all or nothing: for what authors write in forms.
pub(crate) fn value(kind: &Kind, value: &Json) -> Result<Option<Json>, Fault> {
    match (kind, value) {
        (Kind::List(item), Json::Array(items)) => {
            let items = items.iter().map(|value| single(&item.kind, value));
            let items: Result<Vec<Option<Json>>, Fault> = items.collect();
            items.map(|items| Some(items.into_iter().flatten().collect()))
        }
        (Kind::List(_) | Kind::Rows(_) | Kind::Group(_), _) => Err(Fault::new(Keyword::Type)),
        _ => single(kind, value),
    }
}

/// A value that is written as a text.
fn written(kind: &Kind, text: &str) -> Result<Option<Json>, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let normal = match kind {
        Kind::Paragraphs => paragraphs(text)?,
        Kind::Line | Kind::Choice(_) => line(text)?,
        Kind::Email if zhupi_domain::email::is_address(text) => text.to_owned(),
        Kind::Email => return Err(not_a(kind)),
        Kind::Money => money(text)?,
        Kind::Decimal { digits } => decimal(text, *digits)?,
        Kind::Date => date(text).ok_or_else(|| not_a(kind))?,
        Kind::DateTime => date_time(text).ok_or_else(|| not_a(kind))?,
        Kind::Period(length) => period(text, *length)?,
        Kind::Person | Kind::File => id(text).ok_or_else(|| not_a(kind))?,
        Kind::Department => Name::new(text).map(|name| name.to_string()).map_err(|_| not_a(kind))?,
        _ => return Err(Fault::new(Keyword::Type)),
    };
    Ok(Some(Json::String(normal)))
}

fn not_a(kind: &Kind) -> Fault {
    match kind {
        Kind::Money => Fault::format("money"),
        Kind::Decimal { .. } => Fault::format("decimal"),
        Kind::Email => Fault::format("email"),
        Kind::Date => Fault::format("date"),
        Kind::DateTime => Fault::format("date-time"),
        Kind::Period(_) => Fault::format("period"),
        Kind::Person => Fault::format("person"),
        Kind::Department => Fault::format("department"),
        Kind::File => Fault::format("file"),
        _ => Fault::new(Keyword::Type),
    }
}

/// Whole numbers; `5.0` is one too, since readers of JSON cannot tell them apart.
fn integer(value: &Json) -> Result<Option<Json>, Fault> {
    let Json::Number(number) = value else {
        return if value.is_null() { Ok(None) } else { Err(Fault::special(Keyword::Type, "integer")) };
    };
    let float = number.as_f64().unwrap_or(f64::NAN);
    if float.fract() != 0.0 {
        return Err(Fault::special(Keyword::Type, "integer"));
    }
    if float.abs() > limits::INTEGER as f64 {
        return Err(Fault::special(Keyword::Format, "too-large").with("format", "integer"));
    }
    // Exact: it is whole, and below 2⁵³.
    Ok(Some(Json::from(float as i64)))
}

fn line(text: &str) -> Result<String, Fault> {
    if text.contains(['\n', '\r']) {
        return Err(Fault::special(Keyword::Characters, "lines"));
    }
    clean(text)
}

/// Line breaks become `\n`, whichever the browser sent.
fn paragraphs(text: &str) -> Result<String, Fault> {
    clean(&text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Control characters break logs and prints, and the marks that turn the direction of writing hide what a text says.
fn clean(text: &str) -> Result<String, Fault> {
    let unfit = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(unfit) { Err(Fault::new(Keyword::Characters)) } else { Ok(text.to_owned()) }
}

fn money(text: &str) -> Result<String, Fault> {
    match Money::parse(text) {
        Ok(money) => Ok(money.to_string()),
        Err(MoneyError::TooFine) => Err(Fault::format("money.too-fine")),
        Err(MoneyError::TooLarge) => Err(Fault::special(Keyword::Format, "too-large").with("format", "money")),
        Err(MoneyError::NotANumber) => Err(not_a_number(text, "money")),
    }
}

/// A decimal without needless zeros: below 10¹⁵, which is what expressions can hold.
fn decimal(text: &str, digits: u32) -> Result<String, Fault> {
    let value = parse_decimal(text).ok_or_else(|| not_a_number(text, "decimal"))?.normalize();
    if value.scale() > digits {
        let fault = Fault::limit(Keyword::Digits, digits);
        return Err(if digits == 0 { Fault { special: Some("whole"), ..fault } } else { fault });
    }
    if value.abs() >= Decimal::from(1_000_000_000_000_000_i64) {
        return Err(Fault::special(Keyword::Format, "too-large").with("format", "decimal"));
    }
    Ok(value.to_string())
}

/// Says what is wrong with a figure: people paste them from spreadsheets and type them with a Chinese keyboard.
fn not_a_number(text: &str, format: &'static str) -> Fault {
    let ascii: String = text.chars().map(half_width).collect();
    let bare: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ' | '_' | '\'')).collect();
    if ascii != text && parse_decimal(&ascii).is_some() {
        Fault::special(Keyword::Format, "full-width").with("format", format)
    } else if bare != text && parse_decimal(&bare).is_some() {
        Fault::special(Keyword::Format, "separators").with("format", format)
    } else {
        Fault::format(format)
    }
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' | '．' | '－' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '。' => '.',
        '−' => '-',
        _ => c,
    }
}

/// Dates and moments are read as expressions read them, so that what is kept can be computed with.
fn date(text: &str) -> Option<String> {
    match Value::from_json(&Json::from(text), &Type::Date) {
        Ok(Value::Date(date)) => Some(date.format("%Y-%m-%d").to_string()),
        _ => None,
    }
}

/// A moment with its offset; kept in UTC.
fn date_time(text: &str) -> Option<String> {
    match Value::from_json(&Json::from(text), &Type::Instant) {
        Ok(Value::Instant(instant)) => Some(instant.to_string()),
        _ => None,
    }
}

fn period(text: &str, length: Option<PeriodKind>) -> Result<String, Fault> {
    let period = Period::parse(text).ok_or_else(|| Fault::format("period"))?;
    match length {
        Some(length) if length != period.kind() => {
            let word = crate::read::period_word(length);
            Err(Fault::special(Keyword::Period, word).with("limit", word))
        }
        _ => Ok(period.to_string()),
    }
}

/// Ids are opaque, but they are no sentences.
fn id(text: &str) -> Option<String> {
    let sound = text.len() <= limits::ID_LENGTH && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    sound.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(kind: &Kind, value: Json) -> String {
        match single(kind, &value) {
            Ok(Some(normal)) => normal.to_string(),
            Ok(None) => "-".into(),
            Err(fault) => fault.key(),
        }
    }

    #[test]
    fn money_is_written_one_way_and_mistakes_are_named() {
        for (sent, expected) in [
            (json!("12800.5"), "\"12800.50\""),
            (json!(" 12 "), "\"12.00\""),
            (json!("-0"), "\"0.00\""),
            (json!(""), "-"),
            (json!("１２８００"), "format.full-width"),
            (json!("12。5"), "format.full-width"),
            (json!("12,800.00"), "format.separators"),
            (json!("1.005"), "format.money.too-fine"),
            (json!("10000000000000.01"), "format.too-large"),
            (json!("很多"), "format.money"),
            (json!("1e3"), "format.money"),
            (json!(12.5), "format.money"),
            (json!(["1"]), "type"),
        ] {
            assert_eq!(outcome(&Kind::Money, sent.clone()), expected, "{sent}");
        }
    }

    #[test]
    fn decimals_keep_no_needless_zeros() {
        for (sent, expected) in [
            (json!("0.30"), "\"0.3\""),
            (json!("100"), "\"100\""),
            (json!("-0.0"), "\"0\""),
            (json!("0.123"), "x-digits"),
            (json!("1000000000000000"), "format.too-large"),
            (json!("３"), "format.full-width"),
        ] {
            assert_eq!(outcome(&Kind::Decimal { digits: 2 }, sent.clone()), expected, "{sent}");
        }
        assert_eq!(outcome(&Kind::Decimal { digits: 0 }, json!("1.5")), "x-digits.whole");
    }

    #[test]
    fn whole_numbers_stay_exact() {
        for (sent, expected) in [
            (json!(5), "5"),
            (json!(5.0), "5"),
            (json!(-9_007_199_254_740_991_i64), "-9007199254740991"),
            (json!(9_007_199_254_740_992_i64), "format.too-large"),
            (json!(5.5), "type.integer"),
            (json!(1e300), "format.too-large"),
            (json!(u64::MAX), "format.too-large"),
            (json!("5"), "type.integer"),
            (json!(null), "-"),
        ] {
            assert_eq!(outcome(&Kind::Integer, sent.clone()), expected, "{sent}");
        }
    }

    #[test]
    fn dates_exist_and_moments_are_utc() {
        for (kind, sent, expected) in [
            (Kind::Date, "2024-02-29", "\"2024-02-29\""),
            (Kind::Date, "2023-02-29", "format.date"),
            (Kind::Date, "2024-2-9", "format.date"),
            (Kind::Date, "+024-02-09", "format.date"),
            (Kind::DateTime, "2026-03-01T09:00:00+08:00", "\"2026-03-01T01:00:00.000000Z\""),
            (Kind::DateTime, "2026-03-01T09:00:00", "format.date-time"),
            (Kind::Period(None), "2026-Q1", "\"2026-Q1\""),
            (Kind::Period(Some(PeriodKind::Month)), "2026-Q1", "x-period.month"),
            (Kind::Period(None), "2026-13", "format.period"),
        ] {
            assert_eq!(outcome(&kind, json!(sent)), expected, "{sent}");
        }
    }

    #[test]
    fn texts_are_trimmed_and_hold_no_control_characters() {
        assert_eq!(outcome(&Kind::Line, json!("  张三\u{3000}")), "\"张三\"");
        assert_eq!(outcome(&Kind::Line, json!("a\nb")), "characters.lines");
        assert_eq!(outcome(&Kind::Line, json!("a\u{0}b")), "characters");
        assert_eq!(outcome(&Kind::Line, json!("\u{202e}exe.txt")), "characters");
        assert_eq!(outcome(&Kind::Paragraphs, json!("a\r\nb\rc\n")), "\"a\\nb\\nc\"");
        assert_eq!(outcome(&Kind::Email, json!("li@example.com")), "\"li@example.com\"");
        for bad in ["li", "li@", "@example.com", "li@example", "li@exa mple.com", "a@b@c.com", "李@example.com"] {
            assert_eq!(outcome(&Kind::Email, json!(bad)), "format.email", "{bad}");
        }
        assert_eq!(outcome(&Kind::Person, json!("zhang san")), "format.person");
        assert_eq!(outcome(&Kind::Department, json!("销售部")), "format.department");
    }
}
