//! The counter: who comes, and for what. One form: applicant and procedure.

pub(crate) mod appointments;
pub(crate) mod calling;
mod favourites;
pub(crate) mod fee_screen;
pub(crate) mod intake;
pub(crate) mod outage;
pub(crate) mod papers;
pub(crate) mod parcels;
pub(crate) mod paying;
pub(crate) mod screen;
pub(crate) mod screen_links;
pub(crate) mod setup;
pub(crate) mod tickets;

use crate::Web;
use crate::access::QUEUE;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key, query_value};
use crate::page::{Shell, html, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::counter::Opening;
use office::counter::provisional::Arrived;
use rules::counter::applicant::{self, TypedApplicant};
use rules::procedure::{Channel, Procedure};
use rules::words;

use calling::Calling;
use favourites::{Command, FavouritesPanel};

#[derive(Debug, Template)]
#[template(path = "counter/show.html")]
struct CounterPage {
    shell: Shell,
    idem: String,
    form: FormState,
    sexes: Vec<Choice>,
    procedures: Procedures,
    /// The envelope that is opened; empty where the applicant stands at the counter.
    parcel: String,
    /// The cases of the procedure that was chosen for what lay in it.
    cases: Vec<Choice>,
    /// Envelopes that nobody opened yet.
    n_parcels: i64,
    /// Whether results go out by post from here.
    may_bundle: bool,
    open: Vec<OpenIntake>,
    /// None where the officer has no queue.
    calling: Option<Calling>,
    favourites: FavouritesPanel,
}

/// The procedures that fit what was typed; a fragment of its own.
#[derive(Debug, Template)]
#[template(path = "counter/_procedures.html")]
struct Procedures {
    typed: String,
    fault: String,
    found: Vec<ProcedureChoice>,
}

#[derive(Debug)]
struct ProcedureChoice {
    code: String,
    name: String,
    detail: String,
    checked: bool,
}

#[derive(Debug)]
struct OpenIntake {
    href: String,
    holder: String,
    procedure: String,
    opened: String,
    officer: String,
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let (form, chosen) = match query_value(query.as_deref(), outage::SLIP).parse() {
        Ok(slip) => outage::to_mend(&web, &visitor, slip).await?,
        Err(_) => {
            let parcel = query_value(query.as_deref(), parcels::PARCEL);
            (FormState::default().with(parcels::PARCEL, parcel), String::new())
        }
    };
    render(&web, &visitor, StatusCode::OK, form, &chosen).await
}

/// The page again, with why nobody was called at the queue.
async fn show_with_queue_fault(web: &Web, visitor: &Visitor, fault: &str) -> Result<Response, Failure> {
    let calling = calling::panel(web, visitor, fault).await?;
    let page = page(web, visitor, FormState::default(), "", calling).await?;
    Ok(show_as(web, StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
    chosen: &str,
) -> Result<Response, Failure> {
    let calling = calling::panel(web, visitor, "").await?;
    Ok(show_as(web, status, &page(web, visitor, form, chosen, calling).await?))
}

async fn page(
    web: &Web,
    visitor: &Visitor,
    form: FormState,
    chosen: &str,
    calling: Option<Calling>,
) -> Result<CounterPage, Failure> {
    let sight = visitor.present.actor.sight();
    let mut reader = web.office.db.read().await?;
    let lines = store::dossier::lines_preparing(&mut reader, &sight, 30).await?;
    drop(reader);
    let open = lines
        .into_iter()
        .map(|line| OpenIntake {
            href: format!("/quay/{}", line.dossier.id),
            holder: line.holder_name,
            procedure: line.procedure_name,
            opened: words::moment(line.dossier.opened_at),
            officer: line.officer_name.unwrap_or_default(),
        })
        .collect();
    let typed = form.value("tim-thu-tuc").to_owned();
    let parcel = match form.value(parcels::PARCEL).parse() {
        Ok(parcel) => parcels::opening(web, visitor, parcel).await?,
        Err(_) => String::new(),
    };
    let cases = if parcel.is_empty() { Vec::new() } else { parcels::cases(web, chosen).await? };
    Ok(CounterPage {
        shell: shell(web, visitor, "/quay").await?,
        idem: new_key(),
        procedures: found(web, &typed, chosen, form.error("thu-tuc")).await?,
        form,
        sexes: vec![Choice::new("nu", "Nữ"), Choice::new("nam", "Nam")],
        parcel,
        cases,
        may_bundle: QUEUE.admits(&visitor.present.actor),
        n_parcels: web.office.parcels_waiting(&visitor.present.actor).await?,
        open,
        calling,
        favourites: favourites::panel(web, visitor).await?,
    })
}

async fn found(web: &Web, typed: &str, chosen: &str, fault: &str) -> Result<Procedures, Failure> {
    let procedures = web.office.find_procedures(typed).await?;
    let only = procedures.len() == 1;
    let found = procedures
        .into_iter()
        .map(|procedure| {
            let code = procedure.code.to_string();
            let checked = only || code == chosen;
            ProcedureChoice { detail: detail(&procedure), name: procedure.name.clone(), checked, code }
        })
        .collect();
    Ok(Procedures { typed: typed.to_owned(), fault: fault.to_owned(), found })
}

/// Code, limit and fee of the first case that is received directly.
fn detail(procedure: &Procedure) -> String {
    let terms = procedure.cases.iter().find_map(|case| case.terms(Channel::Direct));
    match terms {
        Some(terms) => {
            let fee: i64 = terms.fees.iter().map(|fee| fee.amount).sum();
            format!("{} · {} · {}", procedure.code, words::limit(terms.limit), words::money(fee))
        }
        None => format!("{} · không nhận tại quầy", procedure.code),
    }
}

/// The fragment under the search box, while the officer types.
pub(crate) async fn procedures(
    State(web): State<Web>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let typed = query_value(query.as_deref(), "tim-thu-tuc");
    Ok(html(StatusCode::OK, &found(&web, &typed, "", "").await?))
}

/// Reads a card, searches a procedure, or opens the intake: whichever button was pressed.
pub(crate) async fn open(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let card = posted.get("the-can-cuoc");
    let mut typed = typed_applicant(&posted);
    let is_command = Command::of(posted.get("act"), "").is_some();
    if !card.is_empty() && posted.get("act") != "mo" && !is_command {
        return match rules::card::parse(card) {
            Ok(card) => {
                let phone = std::mem::take(&mut typed.phone);
                let form = state(&TypedApplicant { phone, ..card.into() }, &posted, "");
                render(&web, &visitor, StatusCode::OK, form, posted.get("thu-tuc")).await
            }
            Err(bad) => {
                let mut form = state(&typed, &posted, card);
                form.fault("the-can-cuoc", words::upper_first(&bad.to_string()));
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                render(&web, &visitor, status, form, posted.get("thu-tuc")).await
            }
        };
    }
    if let Some(command) = Command::of(posted.get("act"), posted.get("thu-tuc")) {
        return obey(&web, &visitor, &posted, &typed, command).await;
    }
    let mut form = state(&typed, &posted, "");
    if posted.get("act") == "tim" {
        return render(&web, &visitor, StatusCode::OK, form, posted.get("thu-tuc")).await;
    }
    let Ok(code) = posted.get("thu-tuc").parse() else {
        if let Err(faults) = typed.check(web.office.clock.today()) {
            for (field, message) in faults {
                form.fault(field, message);
            }
        }
        form.fault("thu-tuc", "Chọn một thủ tục");
        return render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form, "").await;
    };
    if let Ok(slip) = posted.get(outage::SLIP).parse() {
        let by = posted.by(&visitor);
        let arrived = web.office.open_slip(&by, slip, &typed, posted.get("thu-tuc"), None).await?;
        if let Arrived::Kept(refusal) = arrived {
            form.refuse("thu-tuc", &refusal);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return render(&web, &visitor, status, form, posted.get("thu-tuc")).await;
        }
        let told = outage::told(&web, &visitor, slip, arrived).await?;
        return Ok(on_to(&web, &told.href, &told.said));
    }
    if let Ok(parcel) = posted.get(parcels::PARCEL).parse() {
        return match parcels::open(&web, &visitor, &posted, parcel, &typed, &mut form).await? {
            Some(id) => Ok(on_to(&web, &format!("/quay/{id}"), "")),
            None => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                render(&web, &visitor, status, form, posted.get("thu-tuc")).await
            }
        };
    }
    match web.office.open_intake(&posted.by(&visitor), &typed, Opening::at_counter(&code, None)).await {
        Ok(id) => Ok(on_to(&web, &format!("/quay/{id}"), "")),
        Err(error) => {
            form.refuse("thu-tuc", &refused(error)?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            render(&web, &visitor, status, form, posted.get("thu-tuc")).await
        }
    }
}

/// Takes a favourite procedure, or changes the list of them; what was typed stays.
async fn obey(
    web: &Web,
    visitor: &Visitor,
    posted: &Posted,
    typed: &TypedApplicant,
    command: Command<'_>,
) -> Result<Response, Failure> {
    let form = state(typed, posted, "");
    let (edit, code) = match command {
        Command::Choose(code) => {
            // Found by its code, as if it had been typed.
            let form = FormState::default().with("tim-thu-tuc", code).before(form);
            return render(web, visitor, StatusCode::OK, form, code).await;
        }
        Command::Edit(edit, code) => (edit, code),
    };
    let mut form = form;
    let fault = match code.parse() {
        Ok(code) => match web.office.edit_favourites(&posted.by(visitor), edit, &code).await {
            Ok(()) => None,
            Err(error) => Some(refused(error)?.sentences(ToOwned::to_owned).join(". ")),
        },
        Err(_) => Some("Chọn một thủ tục rồi ghim".to_owned()),
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if let Some(sentence) = fault {
        form.fault("thu-tuc", sentence);
    }
    render(web, visitor, status, form, posted.get("thu-tuc")).await
}

fn typed_applicant(posted: &Posted) -> TypedApplicant {
    let get = |name: &str| posted.get(name).to_owned();
    TypedApplicant {
        number: get(applicant::NUMBER),
        name: get(applicant::NAME),
        born_on: get(applicant::BORN_ON),
        sex: get(applicant::SEX),
        address: get(applicant::ADDRESS),
        phone: get(applicant::PHONE),
    }
}

fn state(typed: &TypedApplicant, posted: &Posted, card: &str) -> FormState {
    FormState::default()
        .with("the-can-cuoc", card)
        .with(outage::SLIP, posted.get(outage::SLIP))
        .with(parcels::PARCEL, posted.get(parcels::PARCEL))
        .with(parcels::CASE, posted.get(parcels::CASE))
        .with(applicant::NUMBER, &typed.number)
        .with(applicant::NAME, &typed.name)
        .with(applicant::BORN_ON, &typed.born_on)
        .with(applicant::SEX, &typed.sex)
        .with(applicant::ADDRESS, &typed.address)
        .with(applicant::PHONE, &typed.phone)
        .with("tim-thu-tuc", posted.get("tim-thu-tuc"))
}
