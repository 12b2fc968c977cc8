//! An officer goes elsewhere or leaves: every dossier in his hands is given to somebody by name or back to the
//! inbox, his posts end, and others begin.

use super::HERE;
use super::officer::path;
use super::people::{agency_choices, colleague_choices, refuse, role_choices};
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
use store::people::reading::InHand;

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
    takers.extend(colleague_choices(&sheet.colleagues));
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

/// Who gets what: the choice of a dossier's own field, else the one for all. A dossier that came into his
/// hands after the page was shown has no field and goes to nobody: the office names it.
fn moves(reading: &mut Reading<'_>, posted: &Posted, in_hand: &[InHand]) -> Vec<Move> {
    let mut moves = Vec::new();
    for held in in_hand {
        let own = field(held.id);
        let Some(chosen) = posted.all(&own).next() else { continue };
        let at = if chosen.is_empty() { "nguoi-nhan" } else { &own };
        let to = match posted.get(at) {
            INBOX => None,
            _ => match reading.chosen(at, "Chọn người nhận hoặc hộp chung") {
                Some(officer) => Some(officer),
                None => continue,
            },
        };
        moves.push(Move { dossier: held.id, to });
    }
    moves
}

/// The transfer as it was typed.
fn typed(reading: &mut Reading<'_>, posted: &Posted, sheet: &Sheet) -> Transfer {
    let moves = moves(reading, posted, &sheet.in_hand);
    let agency = reading.chosen("den-co-quan", "Chọn cơ quan");
    let agency = agency.unwrap_or(sheet.officer.agency);
    let roles = posted.all("den-vai").filter_map(Role::of_word);
    Transfer {
        officer: sheet.officer.id,
        on: reading.needed_day("tu"),
        agency,
        posts: roles.map(|role| Post::new(agency, role)).collect(),
        moves,
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
    let mut given: BTreeMap<Option<&(OfficerId, String)>, Vec<&str>> = BTreeMap::new();
    for passed in &done.moved {
        given.entry(passed.to.as_ref()).or_default().push(&passed.code);
    }
    let name = |to: Option<&(OfficerId, String)>| {
        to.map_or_else(|| "Hộp chung của cơ quan".to_owned(), |(_, name)| name.clone())
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

#[cfg(test)]
mod tests {
    use super::{INBOX, Reading, field, moves};
    use crate::form::Posted;
    use office::people::moves::Move;
    use rules::id::{AgencyId, DossierId, OfficerId};
    use store::people::reading::InHand;
    use uuid::Uuid;

    fn held(id: u128) -> InHand {
        let holding = AgencyId(Uuid::from_u128(9));
        InHand { id: DossierId(Uuid::from_u128(id)), code: id.to_string(), holding }
    }

    /// What is read of a form for the dossiers 1, 2 and 3, and the fields that have a fault.
    fn read(form: &[(String, String)]) -> (Vec<Move>, Vec<String>) {
        let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let posted = Posted::parse(body.join("&").as_bytes());
        let mut reading = Reading::of(&posted);
        let moves = moves(&mut reading, &posted, &[held(1), held(2), held(3)]);
        (moves, reading.form.errors().iter().map(|error| error.field.clone()).collect())
    }

    #[test]
    fn a_dossier_that_was_not_on_the_page_goes_to_nobody() {
        let taker = OfficerId(Uuid::from_u128(7));
        let (first, second) = (held(1).id, held(2).id);
        let (moves, faults) = read(&[
            ("nguoi-nhan".to_owned(), taker.to_string()),
            (field(first), String::new()),
            (field(second), INBOX.to_owned()),
        ]);
        let to = |dossier, to| Move { dossier, to };
        assert_eq!(moves, [to(first, Some(taker)), to(second, None)]);
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn a_taker_who_cannot_be_read_is_a_fault_and_not_the_inbox() {
        let first = field(held(1).id);
        let (moves, faults) =
            read(&[("nguoi-nhan".to_owned(), "ai".to_owned()), (first.clone(), "ai".to_owned())]);
        assert_eq!((moves, faults), (Vec::new(), vec![first.clone()]));
        let (moves, faults) = read(&[(first, String::new())]);
        assert_eq!((moves, faults), (Vec::new(), vec!["nguoi-nhan".to_owned()]));
    }
}
