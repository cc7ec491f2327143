//! Writes come from our own pages: what a foreign page sends with the person's cookie is refused.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Failure;

/// Refuses unsafe methods that a page of another origin sent.
pub async fn refuse_foreign(request: Request, next: Next) -> Response {
    if is_safe(request.method()) || is_own(request.headers()) {
        return next.run(request).await;
    }
    Failure::new(StatusCode::FORBIDDEN, "cross_origin", "请求来源不被允许", "Sent from another site")
        .because(
            "为保护您的账号，已拒绝来自其他网站的请求",
            "To protect your account, writes from other sites are refused",
        )
        .into_response()
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Browsers say so in `Sec-Fetch-Site`; old ones only send `Origin`, which must then be the host that was asked. Programs
/// send neither, and hold no cookie that a page could misuse.
fn is_own(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    match headers.get(ORIGIN) {
        None => true,
        Some(origin) => host_of(origin.to_str().unwrap_or_default())
            .zip(headers.get(HOST).and_then(|host| host.to_str().ok()))
            .is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host)),
    }
}

fn host_of(origin: &str) -> Option<&str> {
    origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(given: &[(&'static str, &str)]) -> bool {
        is_own(&given.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect())
    }

    #[test]
    fn browsers_say_where_a_write_comes_from() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "none")]));
        for site in ["cross-site", "same-site", "", "SAME-ORIGIN"] {
            assert!(!own(&[("sec-fetch-site", site)]), "{site}");
        }
        let contradiction = [("sec-fetch-site", "cross-site"), ("origin", "https://oa"), ("host", "oa")];
        assert!(!own(&contradiction));
    }

    #[test]
    fn old_browsers_are_judged_by_their_origin() {
        assert!(own(&[("origin", "https://oa.example.com"), ("host", "OA.example.com")]));
        assert!(own(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        for origin in ["null", "https://evil.example.com", "https://oa.example.com:444", "https://", ""] {
            assert!(!own(&[("origin", origin), ("host", "oa.example.com")]), "{origin}");
        }
        assert!(!own(&[("origin", "https://oa.example.com")]), "no host to compare with");
        assert!(own(&[("host", "oa.example.com")]), "a program");
    }
}
