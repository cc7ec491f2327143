//! What must not happen twice, and what nothing but its key tells from a second wish for the same.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use zhupi_app::RequestKey;

use super::body::Sent;
use super::problem::{Answered, Failure};
use super::state::Shared;

/// A body that is only taken with an `Idempotency-Key`.
///
/// A task is done once, whatever is sent again; a new request or a comment would be there twice.
pub struct Once<T> {
    pub value: T,
    pub key: RequestKey,
}

impl<T: DeserializeOwned> FromRequest<Shared> for Once<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, shared: &Shared) -> Answered<Self> {
        let Sent { value, key } = Sent::from_request(request, shared).await?;
        match key.key {
            Some(_) => Ok(Self { value, key }),
            None => Err(Failure::new(
                StatusCode::BAD_REQUEST,
                "idempotency_key_required",
                "缺少 Idempotency-Key",
                "The Idempotency-Key is missing",
            )
            .because(
                "请在请求头 Idempotency-Key 中给出一个新的随机值（例如 UUID）；重试时用同一个值，就不会重复提交",
                "Send a new random value, such as a UUID, in the header Idempotency-Key, and the same one when you try again: then it happens once",
            )),
        }
    }
}
