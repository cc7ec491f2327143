//! Who asks. A handler that takes a `Person` cannot be reached without a session, and there is no other way to a viewer.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use zhupi_app::access::{Token, Who};
use zhupi_app::{AppError, Denied, Viewer};

use super::problem::{Answered, Failure};
use super::state::Shared;

/// A logged-in person, with what they may do at this moment.
pub struct Person(pub Viewer);

impl Person {
    /// The same person as access knows them.
    pub fn who(&self) -> Who {
        Who { company: self.0.company().clone(), person: self.0.person().clone() }
    }

    /// A name for counting how often this person does something.
    pub fn key(&self) -> String {
        format!("{}/{}", self.0.company(), self.0.person())
    }
}

impl FromRequestParts<Shared> for Person {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Answered<Self> {
        let token = token(&parts.headers, shared).ok_or_else(Failure::not_logged_in)?;
        let now = shared.now();
        let who = shared.access.session(&token, now).await?.ok_or_else(Failure::not_logged_in)?;
        match shared.app.viewer(&who.company, &who.person, now).await {
            Ok(viewer) => Ok(Self(viewer)),
            Err(AppError::Denied(Denied::NotFound | Denied::Forbidden)) => Err(Failure::not_logged_in()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The token of a request: a program's in `Authorization`, else a browser's in its cookie. Neither is taken for the other.
pub fn token(headers: &HeaderMap, shared: &Shared) -> Option<Token> {
    match headers.get(AUTHORIZATION) {
        Some(header) => bearer(header.to_str().ok()?).filter(Token::is_for_api),
        None => shared.cookies.session(headers).filter(|token| !token.is_for_api()),
    }
}

fn bearer(header: &str) -> Option<Token> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::sent(token.trim()))
}
