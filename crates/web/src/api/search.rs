//! Looking for people, dossiers and papers through the API, and what lies in somebody's repository. Who was
//! shown is written down as on the pages.
// law: LBVDLCN2025/0

use super::{Caller, Refusal};
use crate::Web;
use crate::form::query_value;
use crate::page::Place;
use crate::repository;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use office::repository::KINDS;
use rules::id::{DossierId, EntryId, PartyId};
use rules::repository::Standing;
use serde::Serialize;
use store::dossier::DossierLine;
use store::people::Party;

/// As the search on the pages.
const LONGEST: usize = 200;

#[derive(Debug, Serialize)]
struct Person {
    id: PartyId,
    name: String,
    numbers: Vec<String>,
    born_on: Option<Date>,
    address: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Dossier {
    id: DossierId,
    code: Option<String>,
    procedure: String,
    holder: String,
    state: &'static str,
}

/// A paper or a result in the repository.
#[derive(Debug, Serialize)]
struct Entry {
    id: EntryId,
    owner: PartyId,
    paper_type: String,
    title: String,
    owner_name: String,
    number: Option<String>,
    issued_on: Option<Date>,
    issuer: Option<String>,
    /// Whether a dossier of today could use it.
    standing: &'static str,
    filed_at: Timestamp,
    sha256: String,
}

fn person(party: Party) -> Person {
    Person {
        id: party.id,
        name: party.name,
        numbers: party.numbers.into_iter().map(|number| number.number).collect(),
        born_on: party.born_on,
        address: party.address,
    }
}

pub(crate) fn dossier(line: DossierLine) -> Dossier {
    Dossier {
        id: line.dossier.id,
        code: line.dossier.code.as_ref().map(ToString::to_string),
        procedure: line.dossier.procedure.to_string(),
        holder: line.holder_name,
        state: line.dossier.state.kind(),
    }
}

fn entry(entry: rules::repository::Entry, today: Date) -> Entry {
    let standing = match entry.standing(today) {
        Standing::Valid => "valid",
        Standing::Expired(_) => "expired",
        Standing::Superseded(_) => "superseded",
        Standing::NotYetIssued(_) => "not_yet_issued",
        Standing::Annulled(_) => "annulled",
    };
    Entry {
        id: entry.id,
        owner: entry.owner,
        paper_type: entry.paper_type,
        title: entry.title,
        owner_name: entry.fields.owner_name,
        number: entry.fields.number,
        issued_on: entry.fields.issued_on,
        issuer: entry.fields.issuer,
        standing,
        filed_at: entry.filed_at,
        sha256: entry.pdf.sha256,
    }
}

/// What was found, of each kind what fits best; looking closer is a narrower question.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    people: Vec<Person>,
    dossiers: Vec<Dossier>,
    papers: Vec<Entry>,
}

pub(crate) async fn find(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Found>, Refusal> {
    let typed: String = query_value(query.as_deref(), "q").chars().take(LONGEST).collect();
    let found = if typed.trim().is_empty() {
        office::repository::Found::default()
    } else {
        web.office.find(&caller.0.present.actor, &typed, &KINDS).await?
    };
    let today = web.office.clock.today();
    Ok(Json(Found {
        people: found.people.into_iter().map(person).collect(),
        dossiers: found.dossiers.into_iter().map(dossier).collect(),
        papers: found.papers.into_iter().map(|kept| entry(kept, today)).collect(),
    }))
}

/// What there is of one person, as far as the caller may see it.
#[derive(Debug, Serialize)]
pub(crate) struct Repository {
    owner: Person,
    papers: Vec<Entry>,
    dossiers: Vec<Dossier>,
}

pub(crate) async fn repository(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<Repository>, Refusal> {
    let listed = web.office.list_repository(&caller.by(), place.id("id")?).await?;
    let today = web.office.clock.today();
    Ok(Json(Repository {
        owner: person(listed.owner),
        papers: listed.papers.into_iter().map(|kept| entry(kept, today)).collect(),
        dossiers: listed.dossiers.into_iter().map(dossier).collect(),
    }))
}

/// The file of a paper in the repository.
pub(crate) async fn entry_file(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Response, Refusal> {
    Ok(repository::entry_file(State(web), caller.0, place).await?)
}
