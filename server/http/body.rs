//! Bodies of requests: strict JSON, into a type that names every field it takes.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use zhupi_app::RequestKey;
use zhupi_domain::{ContentHash, Text, json};

use super::problem::{Answered, Failure};
use super::state::Shared;

/// A body with the key that makes the request happen once.
pub struct Sent<T> {
    pub value: T,
    pub key: RequestKey,
}

/// The longest key; a UUID has 36 characters.
const MAX_KEY: usize = 128;

impl<T: DeserializeOwned> FromRequest<Shared> for Sent<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, shared: &Shared) -> Answered<Self> {
        if !is_json(request.headers()) {
            return Err(Failure::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
                .because("请以 Content-Type: application/json 发送", "Send it with Content-Type: application/json"));
        }
        let name = idempotency_key(request.headers())?;
        let target = format!("{} {}", request.method(), request.uri().path());
        let bytes = Bytes::from_request(request, shared).await.map_err(|error| Failure::of_status(error.status()))?;
        let value = read(&bytes)?;
        let length = (target.len() as u64).to_be_bytes();
        let request = ContentHash::of(&[&length, target.as_bytes(), &bytes]);
        Ok(Self { value, key: RequestKey { key: name, request } })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn idempotency_key(headers: &HeaderMap) -> Answered<Option<String>> {
    let Some(header) = headers.get("idempotency-key") else { return Ok(None) };
    let key = header.to_str().ok().map(str::trim).unwrap_or_default();
    if key.is_empty() || key.len() > MAX_KEY || !key.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Failure::of_status(StatusCode::BAD_REQUEST).because(
            "Idempotency-Key 须为 1 到 128 个可见字符",
            "Idempotency-Key must be 1 to 128 visible ASCII characters",
        ));
    }
    Ok(Some(key.to_owned()))
}

/// Reads a body: UTF-8, one JSON value, no duplicate keys, not too deep, all fields known.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Answered<T> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        malformed(
            format!("第 {} 字节处不是 UTF-8", error.valid_up_to() + 1),
            format!("not UTF-8 at byte {}", error.valid_up_to() + 1),
        )
    })?;
    let value = json::parse(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        // The reader ends with the place, which is told before.
        let full = error.to_string();
        let what = full.split(" at line ").next().unwrap_or_default();
        malformed(format!("第 {line} 行第 {column} 列有误：{what}"), format!("line {line}, column {column}: {what}"))
    })?;
    if has_nul(&value) {
        let (zh, en) = ("文字中含有空字符 U+0000", "a text holds the character U+0000");
        return Err(malformed(zh.into(), en.into()));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = pointer(error.path());
        let message = error.inner().to_string();
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "body_invalid",
            "请求内容有误",
            "The request is not as it must be",
        )
        .because(format!("{pointer} 处有误：{message}"), format!("At {pointer}: {message}"))
        .at(pointer, "type", Text::same(message))
    })
}

/// No text that people write has it, and PostgreSQL cannot keep it.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => members.iter().any(|(key, member)| key.contains('\0') || has_nul(member)),
        _ => false,
    }
}

fn malformed(zh: String, en: String) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, "json_malformed", "请求不是正确的 JSON", "The request is not correct JSON")
        .because(zh, en)
}

/// A path as a JSON pointer; the whole document is `/`.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let parts: Vec<String> = path
        .iter()
        .map(|segment| match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => "?".into(),
        })
        .collect();
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Login {
        #[expect(dead_code, reason = "only read")]
        person: Person,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Person {
        #[expect(dead_code, reason = "only read")]
        name: String,
    }

    fn refused(body: &str) -> (u16, String, String) {
        let failure = read::<Login>(body.as_bytes()).unwrap_err();
        let problem = failure.problem();
        let detail = problem.detail.get(zhupi_domain::Locale::En).to_owned();
        (problem.status, problem.code.to_owned(), detail)
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        for (body, status, detail) in [
            ("", 400, "line 1, column 0: EOF while parsing a value"),
            ("{\"person\": 1, \"person\": 2}", 400, "line 1, column 26: duplicate key `person`"),
            ("{\"person\": {\"name\": 5}}", 422, "At /person/name: invalid type: integer `5`, expected a string"),
            (
                "{\"person\": {\"name\": \"x\", \"role\": 1}}",
                422,
                "At /person/role: unknown field `role`, expected `name`",
            ),
            ("[]", 422, "At /: "),
        ] {
            let (found_status, _, found) = refused(body);
            assert_eq!(found_status, status, "{body}");
            assert!(found.starts_with(detail), "{body}: {found}");
        }
        assert_eq!(refused(&"[".repeat(100_000)).0, 400);
        assert!(read::<Login>(b"{\"person\": {\"name\": \"\xff\"}}").is_err());
    }

    #[test]
    fn a_key_is_short_and_visible() {
        let key = |text: &str| {
            idempotency_key(&HeaderMap::from_iter([("idempotency-key".parse().unwrap(), text.parse().unwrap())]))
        };
        assert_eq!(key("9b2e").unwrap().as_deref(), Some("9b2e"));
        assert_eq!(idempotency_key(&HeaderMap::new()).unwrap(), None);
        for bad in ["", " ", "a b", &"a".repeat(129)] {
            assert!(key(bad).is_err(), "{bad}");
        }
    }
}
