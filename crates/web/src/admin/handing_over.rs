//! An officer goes elsewhere or leaves: every dossier in his hands is given to somebody by name or back to the
//! inbox, his posts end, and others begin.

use super::HERE;
use super::officer::path;
use super::people::{agency_choices, refuse, role_choices};
use super::read::Reading;
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key};
use crate::page::{self, Place, Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::people::moves::Move;
use office::people::sheet::Sheet;
use office::people::transfer::{Transfer, Transferred};
use rules::id::{DossierId, OfficerId};
use rules::people::{PeopleFault, Post, Role};
use rules::words;
use rules::words::people::Directory;
use std::collections::BTreeMap;

#[derive(Debug, Template)]
#[template(path = "admin/handing_over.html")]
struct HandingOver {
    shell: Shell,
    form: FormState,
    idem: String,
    back: String,
    name: String,
    held: Vec<Held>,
    agencies: Vec<Choice>,
    roles: Vec<Choice>,
    takers: Vec<Choice>,
}

#[derive(Debug)]
struct Held {
    /// The name of the field that says who gets it.
    field: String,
    code: String,
    agency: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/handed_over.html")]
struct HandedOver {
    shell: Shell,
    back: String,
    name: String,
    /// Who got how many, and their codes.
    given: Vec<(String, usize, String)>,
    n: usize,
    n_waiting: usize,
}

/// The choice of the agency's common inbox.
const INBOX: &str = "hop-chung";

fn field(dossier: DossierId) -> String {
    format!("nhan-{dossier}")
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let sheet = web.office.officer_sheet(&visitor.present.actor, place.id("id")?).await?;
    let form = FormState::default()
        .with("tu", words::date(web.office.clock.today()))
        .with("den-co-quan", sheet.officer.agency.to_string());
    render(&web, &visitor, StatusCode::OK, sheet, form).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    sheet: Sheet,
    form: FormState,
) -> Result<Response, Failure> {
    if !sheet.is_kept {
        return Err(Failure::not_found());
    }
    let mut takers = vec![Choice::new(INBOX, "Hộp chung của cơ quan")];
    let colleague = |other: &store::people::roster::AccountLine| {
        Choice::new(other.id.to_string(), format!("{} ({})", other.name, other.login))
    };
    takers.extend(sheet.colleagues.iter().map(colleague));
    let page = HandingOver {
        shell: shell(web, visitor, HERE).await?,
        form,
        idem: new_key(),
        back: path(sheet.officer.id),
        name: sheet.officer.name,
        held: sheet
            .in_hand
            .iter()
            .map(|held| Held {
                field: field(held.id),
                code: held.code.clone(),
                agency: sheet.named.agency(held.holding),
            })
            .collect(),
        agencies: agency_choices(&sheet.agencies),
        roles: role_choices(),
        takers,
    };
    Ok(show_as(web, status, &page))
}

fn field_of(fault: &PeopleFault) -> &'static str {
    match fault {
        PeopleFault::Past(_) => "tu",
        PeopleFault::DecisionMissing => "quyet-dinh",
        PeopleFault::OutsideReach => "den-co-quan",
        PeopleFault::Inactive | PeopleFault::CannotTake(_) | PeopleFault::NotMoved(_) => "nguoi-nhan",
        _ => "",
    }
}

/// The transfer as it was typed. One taker for all, unless a dossier names its own.
fn typed(reading: &mut Reading<'_>, posted: &Posted, sheet: &Sheet) -> Transfer {
    let to = |chosen: &str| chosen.parse::<OfficerId>().ok();
    let all = posted.get("nguoi-nhan");
    let moves = sheet.in_hand.iter().map(|held| {
        let own = posted.all(&field(held.id)).next().unwrap_or_default().to_owned();
        Move { dossier: held.id, to: to(if own.is_empty() { all } else { &own }) }
    });
    let agency = reading.chosen("den-co-quan", "Chọn cơ quan");
    let agency = agency.unwrap_or(sheet.officer.agency);
    let roles = posted.all("den-vai").filter_map(Role::of_word);
    Transfer {
        officer: sheet.officer.id,
        on: reading.needed_day("tu"),
        agency,
        posts: roles.map(|role| Post::new(agency, role)).collect(),
        moves: moves.collect(),
        decision: posted.get("quyet-dinh").to_owned(),
    }
}

/// Hands over and shows who got what.
pub(crate) async fn hand_over(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let sheet = web.office.officer_sheet(&visitor.present.actor, place.id("id")?).await?;
    let mut reading = Reading::of(&posted);
    let transfer = typed(&mut reading, &posted, &sheet);
    if !reading.is_sound() {
        return render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, sheet, reading.form).await;
    }
    match web.office.transfer_officer(&posted.by(&visitor), &transfer).await {
        Ok(done) => {
            let shell = shell(&web, &visitor, HERE).await?;
            Ok(page::show(&web, &handed_over(shell, &sheet, &done)))
        }
        Err(error) => {
            refuse(&mut reading.form, &refused(error)?, field_of);
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, sheet, reading.form).await
        }
    }
}

fn handed_over(shell: Shell, sheet: &Sheet, done: &Transferred) -> HandedOver {
    let mut given: BTreeMap<Option<OfficerId>, Vec<&str>> = BTreeMap::new();
    for (code, to) in &done.moved {
        given.entry(*to).or_default().push(code);
    }
    let name = |to: Option<OfficerId>| {
        let known = sheet.colleagues.iter().find(|other| Some(other.id) == to);
        known.map_or_else(|| "Hộp chung của cơ quan".to_owned(), |other| other.name.clone())
    };
    HandedOver {
        shell,
        back: path(sheet.officer.id),
        name: sheet.officer.name.clone(),
        given: given.into_iter().map(|(to, codes)| (name(to), codes.len(), codes.join(", "))).collect(),
        n: done.moved.len(),
        n_waiting: done.waiting.len(),
    }
}
