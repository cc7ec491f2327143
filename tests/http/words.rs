//! What a client that sends something wrong is told: the place, what is wrong, in the language that was asked for.

use reqwest::Method;
use serde_json::Value;

use crate::browser::{Answer, Browser};
use crate::house::{Place, free_port};

/// Words of the libraries underneath, which say nothing to who fills in a form.
const OF_LIBRARIES: &[&str] =
    &["invalid type", "expected", "EOF", "missing field", "unknown field", "unknown variant", "duplicate key", "serde"];

async fn sent(browser: &Browser, language: &str, path: &str, body: &str) -> Answer {
    let request = browser.request(Method::POST, path).header("Content-Type", "application/json");
    let key = uuid::Uuid::new_v4().to_string();
    let request = request.header("Accept-Language", language).header("Idempotency-Key", key);
    browser.send(request.body(body.to_owned())).await
}

fn pointer(answer: &Answer) -> Value {
    answer.json()["errors"][0]["pointer"].clone()
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_told_in_our_own_words() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let server = place.serve(free_port());
    let browser = Browser::of(&server.url(), "pharma", "zhou").await;
    for (body, zh, en, at) in [
        ("{\"flow\": \"bad-debt\"}", "/form：缺少必填项 `form`", "/form: `form` is missing", Some("/form")),
        (
            "{\"flow\": 1, \"form\": {}}",
            "/flow：应为文本，实际是数字",
            "/flow: it should be a text, but it is a number",
            Some("/flow"),
        ),
        (
            "{\"flow\": \"bad-debt\", \"form\": {}, \"initiator\": \"wang\"}",
            "/initiator：没有名为 `initiator` 的项；可用的有 `flow`、`form`、`period`、`about`",
            "/initiator: there is no `initiator`; there is `flow`, `form`, `period`, `about`",
            Some("/initiator"),
        ),
        ("{\"flow\": \"bad-debt\"", "内容不完整（第 1 行第 19 列）", "it is not complete (line 1, column 19)", None),
        (
            "{\"flow\": \"a\",\n\"flow\": \"b\"}",
            "键 `flow` 重复（第 2 行第 12 列）",
            "the key `flow` is there twice (line 2, column 12)",
            None,
        ),
    ] {
        for (language, words) in [("zh-CN", zh), ("en", en)] {
            let answer = sent(&browser, language, "/instances", body).await;
            assert_eq!(answer.detail(), words, "{body}");
            assert_eq!(pointer(&answer), at.map_or(Value::Null, Value::from), "{body}");
            assert!(!OF_LIBRARIES.iter().any(|word| answer.detail().contains(word)), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_bad_parameter_is_named_with_what_it_may_be() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let server = place.serve(free_port());
    let browser = Browser::of(&server.url(), "pharma", "zhou").await;
    for (path, zh) in [
        ("/tasks?limit=x", "网址参数 `limit`：应为不小于 0 的整数，实际是文本“x”"),
        ("/tasks?state=all", "网址参数 `state`：只能是 `open`、`done`，实际是 `all`"),
        ("/tasks?overdue=maybe", "网址参数 `overdue`：应为 true 或 false，实际是文本“maybe”"),
        ("/instances?veiw=mine", "网址参数 `veiw`：没有名为 `veiw` 的项；是不是 `view`？"),
        ("/instances?limit=1&limit=2", "网址参数 `limit`：只能出现一次"),
    ] {
        let answer = browser.get(path).await.expect(400);
        assert_eq!((answer.code().as_str(), answer.detail().as_str()), ("bad_request", zh));
    }
}
