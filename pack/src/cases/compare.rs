//! Expected against actual.

use serde_json::Value as Json;
use zhupi_domain::Text;

/// The first difference of two values that should be the same; the order of members does not matter.
pub fn whole(expected: &Json, actual: &Json) -> Option<Text> {
    differs(expected, actual, Members::Exactly, &mut String::new())
}

/// The first difference from what is expected; members that nothing is expected of do not matter.
pub fn named(expected: &Json, actual: &Json) -> Option<Text> {
    differs(expected, actual, Members::AtLeast, &mut String::new())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Members {
    Exactly,
    AtLeast,
}

fn differs(expected: &Json, actual: &Json, members: Members, at: &mut String) -> Option<Text> {
    match (expected, actual) {
        (Json::Object(wanted), Json::Object(given)) => {
            for (key, value) in wanted {
                let found = within(at, key, |at| match given.get(key) {
                    Some(actual) => differs(value, actual, members, at),
                    None => Some(missing(at, value)),
                });
                if found.is_some() {
                    return found;
                }
            }
            let extra = given.iter().find(|(key, _)| members == Members::Exactly && !wanted.contains_key(*key));
            extra.map(|(key, value)| within(at, key, |at| unexpected(at, value)))
        }
        (Json::Array(wanted), Json::Array(given)) if wanted.len() == given.len() => {
            let pairs = wanted.iter().zip(given).enumerate();
            pairs.into_iter().find_map(|(index, (wanted, given))| {
                within(at, &index.to_string(), |at| differs(wanted, given, members, at))
            })
        }
        _ if expected == actual => None,
        _ => Some(other(at, expected, actual)),
    }
}

fn within<T>(at: &mut String, key: &str, act: impl FnOnce(&mut String) -> T) -> T {
    let length = at.len();
    if !at.is_empty() {
        at.push('.');
    }
    at.push_str(key);
    let result = act(at);
    at.truncate(length);
    result
}

fn place(at: &str) -> &str {
    if at.is_empty() { "答案" } else { at }
}

fn missing(at: &str, expected: &Json) -> Text {
    Text::new(
        format!("{} 应为 {expected}，实际没有", place(at)),
        format!("{at}: expected {expected}, but it is missing"),
    )
}

fn unexpected(at: &str, actual: &Json) -> Text {
    Text::new(format!("{} 不应出现，实际为 {actual}", place(at)), format!("{at}: not expected, but there is {actual}"))
}

fn other(at: &str, expected: &Json, actual: &Json) -> Text {
    let en = if at.is_empty() { "answer" } else { at };
    Text::new(
        format!("{} 应为 {expected}，实际为 {actual}", place(at)),
        format!("{en}: expected {expected}, but it is {actual}"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place_of(found: Option<Text>) -> Option<String> {
        found.and_then(|text| text.en).map(|en| en.split(':').next().unwrap_or_default().to_owned())
    }

    #[test]
    fn the_first_difference_is_named_by_its_place() {
        let expected = json!({"a": "1.00", "rows": [{"x": 1}, {"x": 2}]});
        assert_eq!(whole(&expected, &json!({"rows": [{"x": 1}, {"x": 2}], "a": "1.00"})), None);
        assert_eq!(place_of(whole(&expected, &json!({"a": "1", "rows": []}))), Some("a".into()));
        assert_eq!(
            place_of(whole(&expected, &json!({"a": "1.00", "rows": [{"x": 1}, {"x": 3}]}))),
            Some("rows.1.x".into())
        );
        assert_eq!(place_of(whole(&expected, &json!({"a": "1.00", "rows": [{"x": 1}]}))), Some("rows".into()));
        assert_eq!(place_of(whole(&json!({"a": 1}), &json!({"a": 1, "b": null}))), Some("b".into()), "a null is there");
        assert!(whole(&json!({"a": 1}), &json!({"a": "1"})).is_some(), "a text is no number");
    }

    #[test]
    fn what_nothing_is_expected_of_does_not_matter() {
        assert_eq!(named(&json!({"a": 1}), &json!({"a": 1, "b": 2})), None);
        assert_eq!(place_of(named(&json!({"a": [1]}), &json!({"a": [1, 2]}))), Some("a".into()));
    }
}
