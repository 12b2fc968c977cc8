//! A form that does one thing to one dossier: what every such handler needs to begin.

use crate::Web;
use crate::error::Failure;
use crate::form::Posted;
use crate::page::{Place, on_to};
use crate::session::Visitor;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::Response;
use office::{By, Office};
use rules::id::DossierId;

/// Who posted what about which dossier.
pub(crate) struct Deed {
    pub(crate) web: Web,
    pub(crate) visitor: Visitor,
    pub(crate) place: Place,
    pub(crate) posted: Posted,
    pub(crate) id: DossierId,
}

impl Deed {
    pub(crate) fn office(&self) -> &Office {
        &self.web.office
    }

    /// Who acts, with this form's key.
    pub(crate) fn by(&self) -> By {
        self.posted.by(&self.visitor)
    }

    /// A field of the form, trimmed; empty when it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.posted.get(name)
    }

    /// On to the dossier's page, with a word about what was done.
    pub(crate) fn to_dossier(&self, done: &str) -> Response {
        on_to(&self.web, &format!("/ho-so/{}", self.id), done)
    }
}

impl FromRequest<Web> for Deed {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::of(&mut parts, web).await?;
        let place = Place::from_request_parts(&mut parts, web).await?;
        let id = place.id("id")?;
        let posted = Posted::from_request(Request::from_parts(parts, body), web).await?;
        Ok(Self { web: web.clone(), visitor, place, posted, id })
    }
}
