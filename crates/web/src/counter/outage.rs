//! The counter in an outage. The page that goes on without the server, kept by the browser beforehand, the
//! list of procedures it chooses from, and the slips that come when the server is there again. That page is
//! the one that needs script: what is written without a server is written by the browser.

use crate::Web;
use crate::error::Failure;
use crate::form::{Choice, FormState, Posted};
use crate::page::{Shell, file, html, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use office::Error;
use office::counter::provisional::Arrived;
use rules::counter::applicant;
use rules::counter::provisional::Slip;
use rules::id::{DossierId, SlipId};
use rules::procedure::{Channel, Procedure, Required, SystemOfRecord};
use rules::words;
use serde::Serialize;
use serde_json::json;
use store::counter::provisional::SlipLine;

/// The field that says which slip a form mends.
pub(crate) const SLIP: &str = "phieu-tam";

const WORKER: &str = include_str!("../../static/outage-worker.js");

/// The page without a server. Nobody's data and no session stand on it, for it is kept on the machine.
#[derive(Debug, Template)]
#[template(path = "counter/outage.html")]
struct Outage {
    form: FormState,
    sexes: Vec<Choice>,
}

pub(crate) async fn page() -> Result<Response, Failure> {
    let sexes = vec![Choice::new("nu", "Nữ"), Choice::new("nam", "Nam")];
    Ok(html(StatusCode::OK, &Outage { form: FormState::default(), sexes }))
}

/// The script that answers for the counter when the server does not; at the root, for it speaks for `/quay`.
pub(crate) async fn worker() -> Response {
    let mut response = file(Bytes::from_static(WORKER.as_bytes()), "text/javascript", "quay.js");
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

#[derive(Serialize)]
struct Offered<'p> {
    code: &'p str,
    name: &'p str,
    cases: Vec<OfferedCase<'p>>,
}

#[derive(Serialize)]
struct OfferedCase<'p> {
    id: &'p str,
    name: &'p str,
    papers: Vec<OfferedPaper<'p>>,
}

#[derive(Serialize)]
struct OfferedPaper<'p> {
    id: &'p str,
    name: &'p str,
    required: bool,
}

fn offered(procedure: &Procedure) -> Option<Offered<'_>> {
    let cases: Vec<OfferedCase<'_>> = procedure
        .cases
        .iter()
        .filter(|case| case.terms(Channel::Direct).is_some())
        .map(|case| OfferedCase {
            id: &case.id,
            name: &case.name,
            papers: case
                .components
                .iter()
                .map(|component| OfferedPaper {
                    id: &component.id,
                    name: &component.name,
                    required: component.required == Required::Always,
                })
                .collect(),
        })
        .collect();
    let ours = matches!(procedure.system, SystemOfRecord::Own);
    (ours && !cases.is_empty()).then(|| Offered {
        code: procedure.code.as_str(),
        name: &procedure.name,
        cases,
    })
}

/// The procedures a counter takes in, with their papers: public knowledge, to be kept on the machine.
pub(crate) async fn procedures(State(web): State<Web>) -> Result<Response, Failure> {
    let mut reader = web.office.db.read().await?;
    let known = store::procedure::all_in_force(&mut reader, web.office.clock.today()).await?;
    let offered: Vec<Offered<'_>> = known.iter().filter_map(|procedure| offered(procedure)).collect();
    Ok(Json(json!({ "procedures": offered })).into_response())
}

/// A slip comes from the machine's queue.
pub(crate) async fn take(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let slip: Slip = serde_json::from_str(posted.get("phieu")).map_err(|_| Failure::not_found())?;
    let number = slip.number.clone();
    let id = slip.id;
    let arrived = web.office.slip_arrives(&posted.by(&visitor), slip).await?;
    let told = told(&web, &visitor, id, arrived).await?;
    Ok(Json(json!({ "number": number, "code": told.code, "href": told.href, "said": told.said }))
        .into_response())
}

/// What the officer is told of a slip that came.
pub(crate) struct Told {
    /// The dossier's code, where it was received.
    pub(crate) code: String,
    pub(crate) href: String,
    pub(crate) said: String,
}

pub(crate) async fn told(
    web: &Web,
    visitor: &Visitor,
    id: SlipId,
    arrived: Arrived,
) -> Result<Told, Failure> {
    let view = async |dossier: DossierId| web.office.dossier_view(&visitor.present.actor, dossier).await;
    Ok(match arrived {
        Arrived::Received(dossier) => {
            let view = view(dossier).await?;
            let code = view.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default();
            let said = format!("Đã cấp mã {code}. In giấy tiếp nhận và đổi phiếu tạm cho người nộp.");
            Told { code, href: format!("/ho-so/{dossier}"), said }
        }
        Arrived::Opened(dossier, refusal) => {
            let missing = refusal.sentences_of(&view(dossier).await?).join(". ");
            let said = format!("Đã mở hồ sơ, chưa cấp mã. {missing}.");
            Told { code: String::new(), href: format!("/quay/{dossier}"), said }
        }
        Arrived::Kept(refusal) => {
            let wrong = refusal.sentences(ToOwned::to_owned).join(". ");
            let said = format!("Chưa mở được hồ sơ, phiếu vẫn được giữ. {wrong}.");
            Told { code: String::new(), href: mend_href(id), said }
        }
    })
}

fn mend_href(id: SlipId) -> String {
    format!("/quay?{SLIP}={id}")
}

#[derive(Debug, Template)]
#[template(path = "counter/slips.html")]
struct Slips {
    shell: Shell,
    rows: Vec<SlipRow>,
}

#[derive(Debug)]
struct SlipRow {
    number: String,
    holder: String,
    written: String,
    arrived: String,
    doubt: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
    href: String,
    act: &'static str,
}

impl SlipRow {
    fn of(line: SlipLine) -> Self {
        let SlipLine { kept, code } = line;
        let from = kept.slip.judged(kept.arrived_at);
        let id = kept.slip.id;
        let (tone, icon, state, href, act) = match (kept.dossier, code) {
            (Some(dossier), Some(code)) => {
                ("ok", "circle-check", format!("Đã cấp mã {code}"), format!("/ho-so/{dossier}"), "Xem hồ sơ")
            }
            (Some(dossier), None) => (
                "warn",
                "circle-alert",
                "Đã mở hồ sơ, chưa cấp mã".to_owned(),
                format!("/quay/{dossier}"),
                "Xem còn thiếu gì",
            ),
            (None, _) => {
                ("bad", "circle-x", "Chưa mở được hồ sơ".to_owned(), mend_href(id), "Sửa và mở hồ sơ")
            }
        };
        Self {
            number: kept.slip.number,
            holder: kept.slip.applicant.name,
            written: words::moment(from.taken_at),
            arrived: words::moment(kept.arrived_at),
            doubt: from.doubt.map(words::slip_doubt).unwrap_or_default(),
            tone,
            icon,
            state,
            href,
            act,
        }
    }
}

/// The slips that came of late, and what became of each.
pub(crate) async fn list(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let lines = web.office.slips(&visitor.present.actor).await?;
    let rows = lines.into_iter().map(SlipRow::of).collect();
    Ok(show(&web, &Slips { shell: shell(&web, &visitor, "/quay").await?, rows }))
}

/// The form of the counter with what stands on a slip that could not be opened as it came, and the code of
/// its procedure.
pub(crate) async fn to_mend(
    web: &Web,
    visitor: &Visitor,
    id: SlipId,
) -> Result<(FormState, String), Failure> {
    let lines = web.office.slips(&visitor.present.actor).await?;
    let line = lines.into_iter().find(|line| line.kept.slip.id == id && line.kept.dossier.is_none());
    let slip = line.ok_or_else(|| Failure::from(Error::NotFound))?.kept.slip;
    let typed = &slip.applicant;
    let form = FormState::default()
        .with(SLIP, id.to_string())
        .with(applicant::NUMBER, &typed.number)
        .with(applicant::NAME, &typed.name)
        .with(applicant::BORN_ON, &typed.born_on)
        .with(applicant::SEX, &typed.sex)
        .with(applicant::ADDRESS, &typed.address)
        .with(applicant::PHONE, &typed.phone)
        .with("tim-thu-tuc", &slip.procedure);
    Ok((form, slip.procedure))
}
