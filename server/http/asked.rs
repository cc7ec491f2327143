//! Query strings, into a type that names every parameter it takes.

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use zhupi_domain::{Locale, Text};

use super::misfit::Misfit;
use super::problem::{Answered, Failure};
use super::shape;

/// What a request asks for after its `?`.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answered<Self> {
        let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) else {
            return Err(Failure::of_status(StatusCode::BAD_REQUEST));
        };
        read(pairs).map(Self)
    }
}

fn read<T: DeserializeOwned>(pairs: Vec<(String, String)>) -> Answered<T> {
    let mut texts = Map::new();
    for (name, value) in pairs {
        if texts.contains_key(&name) {
            return Err(refused(&name, "unique", &Text::new("只能出现一次", "it can be there once only")));
        }
        texts.insert(name, Value::String(value));
    }
    shape::of_texts(texts)
        .map_err(|misfit: Misfit| refused(misfit.parameter(), misfit.wrong.keyword(), &misfit.wrong.text()))
}

fn refused(name: &str, keyword: &'static str, what: &Text) -> Failure {
    Failure::of_status(StatusCode::BAD_REQUEST)
        .because(
            format!("网址参数 `{name}`：{}", what.zh),
            format!("Query parameter `{name}`: {}", what.get(Locale::En)),
        )
        .at(format!("?{name}"), keyword, what.clone())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum State {
        #[default]
        Open,
        Done,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Tasks {
        #[serde(default)]
        state: State,
        #[serde(default)]
        overdue: bool,
        after: Option<String>,
        limit: Option<usize>,
        before: Option<i64>,
    }

    fn ask(pairs: &[(&str, &str)]) -> Answered<Tasks> {
        read(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn texts_become_what_the_type_says() {
        let found = ask(&[("state", "done"), ("overdue", "true"), ("after", "7"), ("limit", "20"), ("before", "-3")]);
        let (after, limit, before) = (Some("7".to_owned()), Some(20), Some(-3));
        assert_eq!(found.unwrap(), Tasks { state: State::Done, overdue: true, after, limit, before });
        assert_eq!(ask(&[]).unwrap().state, State::Open);
    }

    #[test]
    fn a_bad_parameter_is_named_with_what_it_may_be() {
        for (pairs, zh) in [
            ([("limit", "x")].as_slice(), "网址参数 `limit`：应为不小于 0 的整数，实际是文本“x”"),
            (&[("limit", "-1")], "网址参数 `limit`：应为不小于 0 的整数，实际是文本“-1”"),
            (&[("before", "1.5")], "网址参数 `before`：应为整数，实际是文本“1.5”"),
            (&[("overdue", "maybe")], "网址参数 `overdue`：应为 true 或 false，实际是文本“maybe”"),
            (&[("state", "all")], "网址参数 `state`：只能是 `open`、`done`，实际是 `all`"),
            (
                &[("sort", "name")],
                "网址参数 `sort`：没有名为 `sort` 的项；可用的有 `state`、`overdue`、`after`、`limit`、`before`",
            ),
            (&[("limt", "1")], "网址参数 `limt`：没有名为 `limt` 的项；是不是 `limit`？"),
            (&[("limit", "1"), ("limit", "2")], "网址参数 `limit`：只能出现一次"),
        ] {
            let failure = ask(pairs).unwrap_err();
            let problem = failure.problem();
            assert_eq!((problem.status, problem.code, problem.detail.zh.as_str()), (400, "bad_request", zh));
            assert!(problem.errors.iter().all(|place| place.pointer.starts_with('?')), "{problem:?}");
        }
    }
}
