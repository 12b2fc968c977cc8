//! Who calls the API.

use super::Refusal;
use crate::Web;
use crate::error::Failure;
use crate::session::Visitor;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use office::By;
use rules::people::api_key::Scope;

/// An officer, or a system with an account, behind a token.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Visitor, Option<String>);

impl Caller {
    /// A session may do whatever its officer may; a key what it is for besides.
    pub(crate) fn must_be_for(&self, scope: Option<Scope>) -> Result<(), Refusal> {
        let Some(key) = &self.0.key else { return Ok(()) };
        match scope {
            None => Err(Refusal(Failure::not_by_key())),
            Some(scope) if key.scopes.contains(&scope) => Ok(()),
            Some(scope) => Err(Refusal(Failure::out_of_scope(&[scope]))),
        }
    }

    /// Who acts, with the key of the request.
    pub(crate) fn by(&self) -> By {
        self.0.by(self.1.as_deref())
    }
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refusal> {
        let visitor = Visitor::of(parts, web).await.map_err(Refusal)?;
        let key = parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok());
        Ok(Self(visitor, key.map(ToOwned::to_owned)))
    }
}
