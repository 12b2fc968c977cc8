//! What an agency decides for its own papers, through the API: the templates they are printed from, and how the
//! codes of its dossiers are written.

use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::page::Place;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use office::forms::own::{FormLine, InUse, NewText};
use office::numbering::NewFormat;
use rules::code::DossierCodeFormat;
use rules::id::{FormTextId, OfficerId};
use serde::{Deserialize, Serialize};
use store::forms::FormText;
use store::numbering::CodeFormat;

#[derive(Debug, Serialize)]
pub(crate) struct Form {
    code: String,
    name: String,
    legal_basis: Vec<String>,
    /// Whether papers are printed from the agency's own template today.
    is_own: bool,
    /// The first day of the template of today.
    since: Date,
    /// The next first day of another one.
    next: Option<Date>,
}

impl From<FormLine> for Form {
    fn from(line: FormLine) -> Self {
        let FormLine { code, name, legal_basis, in_use, next } = line;
        let (is_own, since) = told(&in_use);
        Self { code, name, legal_basis, is_own, since, next }
    }
}

fn told(in_use: &InUse) -> (bool, Date) {
    match in_use {
        InUse::Shipped { since } => (false, *since),
        InUse::Own { since } => (true, *since),
    }
}

/// The forms of an agency the caller administers.
pub(crate) async fn forms(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    paging: Paging,
) -> Result<Page<Form>, Refusal> {
    let (_, lines) = web.office.form_lines(&caller.0.present.actor, place.id("agency")?).await?;
    let mut forms: Vec<Form> = lines.into_iter().map(Form::from).collect();
    forms.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(paging.page(forms.into_iter().map(|form| (form.code.clone(), form))))
}

/// A form with every version an agency gave it.
#[derive(Debug, Serialize)]
pub(crate) struct Sheet {
    code: String,
    name: String,
    legal_basis: Vec<String>,
    is_own: bool,
    since: Date,
    /// The template of today.
    source: String,
    /// The one that came with the program.
    shipped: String,
    /// The latest first day first.
    versions: Vec<Version>,
}

#[derive(Debug, Serialize)]
struct Version {
    id: FormTextId,
    valid_from: Date,
    /// None goes back to what came with the program.
    source: Option<String>,
    reason: String,
    put_by: OfficerId,
    put_at: Timestamp,
}

impl From<FormText> for Version {
    fn from(text: FormText) -> Self {
        let FormText { id, valid_from, source, reason, put_by, put_at, .. } = text;
        Self { id, valid_from, source, reason, put_by, put_at }
    }
}

pub(crate) async fn form(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<Sheet>, Refusal> {
    let (agency, code) = (place.id("agency")?, place.text("code")?);
    let sheet = web.office.form_sheet(&caller.0.present.actor, agency, code).await?;
    let (is_own, since) = told(&sheet.in_use);
    Ok(Json(Sheet {
        code: sheet.code,
        name: sheet.name,
        legal_basis: sheet.legal_basis,
        is_own,
        since,
        source: sheet.source,
        shipped: sheet.shipped,
        versions: sheet.versions.into_iter().map(Version::from).collect(),
    }))
}

/// A template that is to hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewForm {
    valid_from: Date,
    source: Option<String>,
    reason: String,
}

pub(crate) async fn set_form(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(NewForm { valid_from, source, reason }): Body<NewForm>,
) -> Result<StatusCode, Refusal> {
    let (agency, code) = (place.id("agency")?, place.text("code")?);
    let text = NewText { valid_from, source, reason };
    web.office.set_form(&caller.by(), agency, code, &text).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Template {
    source: String,
}

/// What a template prints with the sample of its form.
#[derive(Debug, Serialize)]
pub(crate) struct Preview {
    n_pages: usize,
    /// The first pages as pictures.
    pages: Vec<Picture>,
}

#[derive(Debug, Serialize)]
struct Picture {
    media_type: &'static str,
    base64: String,
}

pub(crate) async fn try_form(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(Template { source }): Body<Template>,
) -> Result<Json<Preview>, Refusal> {
    let (agency, code) = (place.id("agency")?, place.text("code")?);
    let tried = web.office.try_form(&caller.0.present.actor, agency, code, &source).await?;
    let picture = |(media_type, bytes): (_, Vec<u8>)| Picture { media_type, base64: STANDARD.encode(bytes) };
    Ok(Json(Preview { n_pages: tried.n_pages, pages: tried.pages.into_iter().map(picture).collect() }))
}

/// How the codes of an agency's dossiers are written.
#[derive(Debug, Serialize)]
pub(crate) struct Codes {
    format: DossierCodeFormat,
    /// None where nothing was decided and the installation's holds.
    since: Option<Date>,
    next_code: String,
    /// Every way that may be chosen, with the first code of tomorrow written so.
    choices: Vec<Way>,
    /// The latest first day first.
    decided: Vec<Decided>,
}

#[derive(Debug, Serialize)]
struct Way {
    format: DossierCodeFormat,
    example: String,
}

#[derive(Debug, Serialize)]
struct Decided {
    valid_from: Date,
    format: DossierCodeFormat,
    reason: String,
    put_by: OfficerId,
    put_at: Timestamp,
}

impl From<CodeFormat> for Decided {
    fn from(decided: CodeFormat) -> Self {
        let CodeFormat { valid_from, format, reason, put_by, put_at, .. } = decided;
        Self { valid_from, format, reason, put_by, put_at }
    }
}

pub(crate) async fn codes(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<Codes>, Refusal> {
    let numbering = web.office.numbering(&caller.0.present.actor, place.id("agency")?).await?;
    Ok(Json(Codes {
        format: numbering.format,
        since: numbering.since,
        next_code: numbering.next_code,
        choices: numbering.choices.into_iter().map(|(format, example)| Way { format, example }).collect(),
        decided: numbering.decided.into_iter().map(Decided::from).collect(),
    }))
}

/// A way of writing codes that is to hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCodes {
    valid_from: Date,
    format: DossierCodeFormat,
    reason: String,
}

pub(crate) async fn set_codes(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(NewCodes { valid_from, format, reason }): Body<NewCodes>,
) -> Result<StatusCode, Refusal> {
    let new = NewFormat { valid_from, format, reason };
    web.office.set_code_format(&caller.by(), place.id("agency")?, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}
