//! The browser app inside the binary.

use axum::extract::Request;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};

use crate::http::problem::Failure;

const INDEX: &str = "index.html";

/// Answers everything that is no endpoint: files of the app, and the app itself for pages that it draws.
pub async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Failure::of_status(StatusCode::METHOD_NOT_ALLOWED).into_response();
    }
    let path = path_of(request.uri());
    if let Some(found) = file(path) {
        return found;
    }
    match is_navigation(request.headers()) && !looks_like_file(request.uri().path()) {
        true => page(),
        false => Failure::not_found().into_response(),
    }
}

/// Whether the app is inside this binary.
pub fn is_built() -> bool {
    embedded(INDEX).is_some()
}

fn path_of(uri: &Uri) -> &str {
    match uri.path().trim_start_matches('/') {
        "" => INDEX,
        path => path,
    }
}

/// Whether somebody opens a page, rather than a page loading a part of itself: a missing part is never answered with HTML.
fn is_navigation(headers: &HeaderMap) -> bool {
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepts.contains("text/html")
}

fn looks_like_file(path: &str) -> bool {
    path.starts_with("/assets/") || path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

fn page() -> Response {
    file(INDEX).unwrap_or_else(|| Html(NOT_BUILT).into_response())
}

fn file(path: &str) -> Option<Response> {
    let content = embedded(path)?;
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    // Assets have the hash of their content in their name; everything else may change with the next release.
    let kept = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    Some(response)
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(not(feature = "no-ui"))]
mod dist {
    /// What `web` was built to. A development build reads it from the disk as it is at that moment.
    #[derive(rust_embed::RustEmbed)]
    #[folder = "web/dist"]
    #[allow_missing = true]
    pub struct Dist;
}

#[cfg(not(feature = "no-ui"))]
fn embedded(path: &str) -> Option<Vec<u8>> {
    dist::Dist::get(path).map(|file| file.data.into_owned())
}

#[cfg(feature = "no-ui")]
fn embedded(_: &str) -> Option<Vec<u8>> {
    None
}

/// Shown where the app should be.
const NOT_BUILT: &str = r#"<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>朱批</title></head>
<body>
<h1>朱批</h1>
<p>界面尚未构建。请安装 Node 20.19 以上版本，在源码目录执行 <code>cargo xtask web</code>，然后刷新本页。接口 <code>/api/v1</code> 可正常使用。</p>
<p lang="en">The browser app is not built. Install Node 20.19 or later, run <code>cargo xtask web</code> in the source folder and
reload this page. The API at <code>/api/v1</code> works as it is.</p>
</body>
</html>
"#;

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn get(path: &str, accept: &str) -> Response {
        serve(Request::builder().uri(path).header(ACCEPT, accept).body(Body::empty()).unwrap()).await
    }

    #[tokio::test]
    async fn pages_are_the_app_and_missing_parts_are_missing() {
        for path in ["/", "/inbox", "/requests/1", "/reset"] {
            let response = get(path, "text/html,*/*").await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert!(response.headers()[CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{path}");
        }
        for (path, accept) in [
            ("/assets/gone-1234.js", "*/*"),
            ("/assets/gone-1234.js", "text/html"),
            ("/inbox", "application/json"),
            ("/../Cargo.toml", "text/html"),
            ("/favicon.ico", "image/*"),
        ] {
            assert_eq!(get(path, accept).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[tokio::test]
    async fn nothing_can_be_written_to_a_page() {
        let request = Request::builder().method(Method::POST).uri("/").body(Body::empty()).unwrap();
        assert_eq!(serve(request).await.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}
