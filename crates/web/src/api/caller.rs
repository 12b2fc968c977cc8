//! Who calls the API.

use super::Refusal;
use crate::Web;
use crate::error::Failure;
use crate::session::Visitor;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use office::By;

/// An officer, or a system with an account, behind a token.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Visitor, Option<String>);

impl Caller {
    /// Who acts, with the key of the request.
    pub(crate) fn by(&self) -> By {
        self.0.by(self.1.as_deref())
    }
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refusal> {
        let visitor = Visitor::of(parts, web).await.map_err(Refusal)?;
        if !visitor.by_bearer {
            return Err(Refusal(Failure::token_missing()));
        }
        let key = parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok());
        Ok(Self(visitor, key.map(ToOwned::to_owned)))
    }
}
