//! `/files`: attachments, streamed both ways.

use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt as _, stream};
use serde::Deserialize;
use utoipa::IntoParams;
use zhupi_app::AppError;
use zhupi_app::view::FileView;
use zhupi_store::{Download, Upload};

use crate::http::asked::Asked;
use crate::http::limits::Dear;
use crate::http::person::Person;
use crate::http::problem::{Answered, Failure};
use crate::http::state::Shared;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FileName {
    name: String,
}

/// Takes a file. It is swept after a day unless a request names it.
#[utoipa::path(
    post,
    path = "/files",
    params(FileName),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = FileView), (status = 413)),
    security(("session" = []))
)]
pub async fn upload(
    State(shared): State<Shared>,
    person: Person,
    Asked(file): Asked<FileName>,
    request: Request,
) -> Answered<Response> {
    shared.limit(Dear::Upload, &person.key())?;
    let declared = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = declared.unwrap_or("application/octet-stream").to_owned();
    let upload = shared.app.upload(&person.0, &file.name, &media_type, shared.now()).await?;
    let view = take(upload, request.into_body().into_data_stream()).await?;
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

async fn take(mut upload: Upload, mut content: BodyDataStream) -> Answered<FileView> {
    while let Some(piece) = content.next().await {
        let piece = piece.map_err(|_| {
            Failure::of_status(StatusCode::BAD_REQUEST).because("上传中断，请重试", "The upload was cut off: try again")
        })?;
        upload.write(&piece).await.map_err(stored)?;
    }
    Ok(zhupi_app::file_view(&upload.finish().await.map_err(stored)?))
}

fn stored(error: zhupi_store::StoreError) -> Failure {
    match error {
        zhupi_store::StoreError::TooLarge { max } => {
            let megabytes = max / (1024 * 1024);
            Failure::of_status(StatusCode::PAYLOAD_TOO_LARGE)
                .because(format!("附件不能超过 {megabytes} MB"), format!("A file can have at most {megabytes} MB"))
        }
        error => AppError::Store(error).into(),
    }
}

/// A file's content, to be saved and never to be shown as a page.
#[utoipa::path(
    get,
    path = "/files/{id}",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 404)),
    security(("session" = []))
)]
pub async fn download(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(id): Path<String>,
) -> Answered<Response> {
    let (file, content) = shared.app.download(&viewer, &id).await?;
    let mut response = Body::from_stream(pieces(content)).into_response();
    let headers = response.headers_mut();
    // Whatever the uploader called it: a browser that shows it inline could be made to run it.
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(file.size));
    if let Ok(disposition) = HeaderValue::from_str(&disposition(&file.name)) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// What is known of a file.
#[utoipa::path(
    get,
    path = "/files/{id}/info",
    params(("id" = String, Path)),
    responses((status = 200, body = FileView), (status = 404)),
    security(("session" = []))
)]
pub async fn info(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(id): Path<String>,
) -> Answered<Json<FileView>> {
    Ok(Json(shared.app.file(&viewer, &id).await?))
}

fn pieces(content: Download) -> impl futures::Stream<Item = Result<Vec<u8>, zhupi_store::StoreError>> {
    stream::try_unfold(content, |mut content| async move { Ok(content.next().await?.map(|piece| (piece, content))) })
}

/// A name for the saved file: percent-encoded UTF-8 as RFC 8187 has it, so that no name can break the header.
fn disposition(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_breaks_out_of_its_header() {
        assert_eq!(disposition("a\"; x=\r\ny.pdf"), "attachment; filename*=UTF-8''a%22%3B%20x%3D%0D%0Ay.pdf");
        assert_eq!(disposition("合同.pdf"), "attachment; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf");
    }
}
