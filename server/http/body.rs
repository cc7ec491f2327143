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
use super::shape;
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
        let byte = error.valid_up_to() + 1;
        malformed(Text::new(
            format!("第 {byte} 字节处不是 UTF-8，请以 UTF-8 编码发送"),
            format!("not UTF-8 at byte {byte}: send it as UTF-8"),
        ))
    })?;
    let value = json::parse(text).map_err(|error| malformed(error.text()))?;
    if has_nul(&value) {
        return Err(malformed(Text::new("文字中含有空字符 U+0000", "a text holds the character U+0000")));
    }
    shape::of_json(value).map_err(|misfit| {
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "body_invalid",
            "请求内容有误",
            "The request is not as it must be",
        )
        .saying(misfit.sentence())
        .at(misfit.pointer(), misfit.wrong.keyword(), misfit.wrong.text())
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

fn malformed(what: Text) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, "json_malformed", "请求不是正确的 JSON", "The request is not correct JSON")
        .saying(what)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use zhupi_domain::Locale;

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

    /// The status, and the whole sentence in both languages with the pointer it is about.
    fn refused(body: &str) -> (u16, String, String, Option<String>) {
        let failure = read::<Login>(body.as_bytes()).unwrap_err();
        let problem = failure.problem();
        let say = |locale| problem.detail.get(locale).to_owned();
        let pointer = problem.errors.first().map(|place| place.pointer.clone());
        (problem.status, say(Locale::Zh), say(Locale::En), pointer)
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place_in_both_languages() {
        for (body, status, zh, en, pointer) in [
            ("", 400, "内容不完整（第 1 行第 1 列）", "it is not complete (line 1, column 1)", None),
            (
                "{\"person\": 1, \"person\": 2}",
                400,
                "键 `person` 重复（第 1 行第 26 列）",
                "the key `person` is there twice (line 1, column 26)",
                None,
            ),
            (
                "{\"person\": {\"name\": 5}}",
                422,
                "/person/name：应为文本，实际是数字",
                "/person/name: it should be a text, but it is a number",
                Some("/person/name"),
            ),
            (
                "{\"person\": {\"name\": \"x\", \"role\": 1}}",
                422,
                "/person/role：没有名为 `role` 的项；可用的有 `name`",
                "/person/role: there is no `role`; there is `name`",
                Some("/person/role"),
            ),
            (
                "{\"person\": {\"nmae\": 1}}",
                422,
                "/person/nmae：没有名为 `nmae` 的项；是不是 `name`？",
                "/person/nmae: there is no `nmae`; did you mean `name`?",
                Some("/person/nmae"),
            ),
            (
                "{\"person\": {}}",
                422,
                "/person/name：缺少必填项 `name`",
                "/person/name: `name` is missing",
                Some("/person/name"),
            ),
            ("{}", 422, "/person：缺少必填项 `person`", "/person: `person` is missing", Some("/person")),
            (
                "[]",
                422,
                "整个内容：应为对象，实际是列表",
                "The whole body: it should be an object, but it is a list",
                Some(""),
            ),
        ] {
            let found = refused(body);
            let pointer = pointer.map(str::to_owned);
            assert_eq!(found, (status, zh.to_owned(), en.to_owned(), pointer), "{body}");
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
