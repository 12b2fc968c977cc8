//! What the public post brings: envelopes taken over from a postman against a list, and each opened at the
//! counter's own form or put aside.

use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key};
use crate::page::{Place, Shell, file, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use office::counter::parcels::{ArrivalView, NewArrival};
use rules::counter::applicant::TypedApplicant;
use rules::id::{ArrivalId, DossierId, ParcelId};
use rules::procedure::Channel;
use rules::words;
use store::counter::parcels::{ArrivalLine, InParcel, Parcel};

/// The field that says which envelope a form opens.
pub(crate) const PARCEL: &str = "buu-gui";
/// The case of what lay in it.
pub(crate) const CASE: &str = "truong-hop";

const PATH: &str = "/buu-gui";

#[derive(Debug, Template)]
#[template(path = "counter/arrivals.html")]
struct ArrivalsPage {
    shell: Shell,
    form: FormState,
    idem: String,
    arrivals: Vec<ArrivalRow>,
}

#[derive(Debug)]
struct ArrivalRow {
    href: String,
    post_office: String,
    came: String,
    n_waiting: i64,
}

#[derive(Debug, Template)]
#[template(path = "counter/arrival.html")]
struct ArrivalPage {
    shell: Shell,
    form: FormState,
    base: String,
    post_office: String,
    came: String,
    answer_by: String,
    is_late: bool,
    n_waiting: usize,
    /// Those that nobody opened yet.
    waiting: Vec<Choice>,
    parcels: Vec<ParcelRow>,
    idem: String,
}

#[derive(Debug)]
struct ParcelRow {
    place: i64,
    tracking: String,
    waits: bool,
    put_aside: String,
    /// Address and name of each dossier that came in it.
    dossiers: Vec<(String, String)>,
    open_href: String,
}

fn came(postman: &str, at: jiff::Timestamp) -> String {
    format!("{postman} giao lúc {}", words::moment(at))
}

pub(crate) async fn list(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    render_list(&web, &visitor, StatusCode::OK, FormState::default()).await
}

async fn render_list(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let row = |line: ArrivalLine| ArrivalRow {
        href: format!("{PATH}/{}", line.arrival.id),
        came: format!("{}, {} bưu gửi", came(&line.arrival.postman, line.arrival.taken_at), line.n_parcels),
        post_office: line.arrival.post_office,
        n_waiting: line.n_waiting,
    };
    let page = ArrivalsPage {
        shell: shell(web, visitor, "/quay").await?,
        form,
        idem: new_key(),
        arrivals: web.office.arrivals(&visitor.present.actor).await?.into_iter().map(row).collect(),
    };
    Ok(show_as(web, status, &page))
}

pub(crate) async fn take(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let get = |name: &str| posted.get(name).to_owned();
    let new = NewArrival { post_office: get("buu-cuc"), postman: get("buu-ta"), numbers: get("so-hieu") };
    match web.office.take_parcels(&posted.by(&visitor), &new).await {
        Ok(id) => Ok(on_to(&web, &format!("{PATH}/{id}"), "Đã nhận. In bảng kê cho bưu tá ký.")),
        Err(error) => {
            let mut form = posted.state();
            form.refuse("", &refused(error)?);
            render_list(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    render(&web, &visitor, place.id("id")?, StatusCode::OK, FormState::default()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    id: ArrivalId,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let ArrivalView { arrival, answer_by, parcels, dossiers, .. } =
        web.office.arrival(&visitor.present.actor, id).await?;
    let named = |inside: &InParcel| {
        let code = inside.code.as_deref().unwrap_or("chưa cấp mã");
        (format!("/ho-so/{}", inside.dossier), format!("{} ({code})", inside.holder))
    };
    let row = |parcel: Parcel| ParcelRow {
        place: parcel.place,
        dossiers: dossiers.iter().filter(|inside| inside.parcel == parcel.id).map(named).collect(),
        tracking: parcel.tracking,
        waits: parcel.waits,
        put_aside: parcel.put_aside.map(|aside| aside.why).unwrap_or_default(),
        open_href: format!("/quay?{PARCEL}={}", parcel.id),
    };
    let waits = parcels.iter().filter(|parcel| parcel.waits);
    let waiting: Vec<Choice> =
        waits.map(|parcel| Choice::new(parcel.id.to_string(), &parcel.tracking)).collect();
    let n_waiting = waiting.len();
    let page = ArrivalPage {
        shell: shell(web, visitor, "/quay").await?,
        form,
        base: format!("{PATH}/{id}"),
        came: came(&arrival.postman, arrival.taken_at),
        post_office: arrival.post_office,
        answer_by: answer_by.map(|by| words::moment(by.at)).unwrap_or_default(),
        is_late: n_waiting > 0 && answer_by.is_some_and(|by| web.office.clock.now() > by.at),
        n_waiting,
        waiting,
        idem: new_key(),
        parcels: parcels.into_iter().map(row).collect(),
    };
    Ok(show_as(web, status, &page))
}

pub(crate) async fn put_aside(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: ArrivalId = place.id("id")?;
    let Ok(parcel) = posted.get(PARCEL).parse::<ParcelId>() else {
        let mut form = posted.state();
        form.fault(PARCEL, "Chọn bưu gửi");
        return render(&web, &visitor, id, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    match web.office.put_parcel_aside(&posted.by(&visitor), parcel, posted.get("vi-sao")).await {
        Ok(()) => Ok(on_to(&web, &format!("{PATH}/{id}"), "Đã ghi")),
        Err(error) => {
            let mut form = posted.state();
            form.refuse("vi-sao", &refused(error)?);
            render(&web, &visitor, id, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

pub(crate) async fn printed(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let pdf = web.office.arrival_list(&visitor.present.actor, place.id("id")?).await?;
    Ok(file(Bytes::from(pdf), "application/pdf", "bang-ke-nhan-buu-gui.pdf"))
}

/// The cases of a procedure that may be sent by post; none where there is but one.
pub(crate) async fn cases(web: &Web, procedure: &str) -> Result<Vec<Choice>, Failure> {
    let Ok(code) = procedure.parse() else { return Ok(Vec::new()) };
    let mut reader = web.office.db.read().await?;
    let known = store::procedure::in_force(&mut reader, &code, web.office.clock.today()).await?;
    let cases = known.as_ref().map(|procedure| procedure.cases.as_slice()).unwrap_or_default();
    let by_post = cases.iter().filter(|case| case.terms(Channel::Post).is_some());
    let choices: Vec<Choice> = by_post.map(|case| Choice::new(&case.id, &case.name)).collect();
    Ok(if choices.len() > 1 { choices } else { Vec::new() })
}

/// Opens the envelope a form is about. None where something must be mended first, which stands in the form.
pub(crate) async fn open(
    web: &Web,
    visitor: &Visitor,
    posted: &Posted,
    parcel: ParcelId,
    typed: &TypedApplicant,
    form: &mut FormState,
) -> Result<Option<DossierId>, Failure> {
    let (procedure, case) = (posted.get("thu-tuc"), posted.get(CASE));
    let cases = cases(web, procedure).await?;
    let is_known = cases.iter().any(|choice| choice.value == case);
    if !cases.is_empty() && !is_known {
        form.fault(CASE, "Chọn trường hợp của hồ sơ trong bưu gửi");
        return Ok(None);
    }
    let case = is_known.then_some(case);
    match web.office.open_parcel(&posted.by(visitor), parcel, typed, procedure, case).await {
        Ok(id) => Ok(Some(id)),
        Err(error) => {
            form.refuse("thu-tuc", &refused(error)?);
            Ok(None)
        }
    }
}

/// What the counter says above its form while an envelope is opened.
pub(crate) async fn opening(web: &Web, visitor: &Visitor, id: ParcelId) -> Result<String, Failure> {
    let (parcel, arrival) = web.office.parcel(&visitor.present.actor, id).await?;
    let at = words::moment(arrival.taken_at);
    Ok(format!("Lập hồ sơ từ bưu gửi {}, đến lúc {at}. Thời hạn trả lời tính từ giờ đó.", parcel.tracking))
}
