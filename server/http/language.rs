//! In which language somebody wants to be told.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use zhupi_domain::Locale;

/// The first of our languages in the order of the client's wishes; Chinese where none is named.
pub fn wanted(headers: &HeaderMap) -> Locale {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wishes: Vec<(i32, Locale)> = header.split(',').filter_map(wish).collect();
    // Stable: among equal wishes the first stays the first.
    wishes.sort_by_key(|(weight, _)| -weight);
    wishes.first().map_or(Locale::Zh, |(_, language)| *language)
}

/// One wish, such as `en-GB;q=0.8`, with its weight in thousandths.
fn wish(text: &str) -> Option<(i32, Locale)> {
    let mut parts = text.split(';');
    let tag = parts.next()?.trim().to_ascii_lowercase();
    let language = match tag.split('-').next()? {
        "zh" => Locale::Zh,
        "en" => Locale::En,
        _ => return None,
    };
    let weight = match parts.find_map(|part| part.trim().strip_prefix("q=").map(str::to_owned)) {
        None => 1000,
        Some(weight) => thousandths(&weight)?,
    };
    (weight > 0).then_some((weight, language))
}

/// `0.85` as 850.
fn thousandths(text: &str) -> Option<i32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    let value = whole.parse::<i32>().ok()?.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    (0..=1000).contains(&value).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Locale {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, header.parse().unwrap());
        wanted(&headers)
    }

    #[test]
    fn chinese_unless_english_is_wanted_more() {
        assert_eq!(wanted(&HeaderMap::new()), Locale::Zh);
        for (header, language) in [
            ("zh-CN", Locale::Zh),
            ("en", Locale::En),
            ("EN-us,zh;q=0.9", Locale::En),
            ("fr, en;q=0.3, zh-TW;q=0.5", Locale::Zh),
            ("zh;q=0, en;q=0.1", Locale::En),
            ("de-DE", Locale::Zh),
            ("en;q=7", Locale::Zh),
            (";;;q=,,=", Locale::Zh),
        ] {
            assert_eq!(of(header), language, "{header}");
        }
    }
}
