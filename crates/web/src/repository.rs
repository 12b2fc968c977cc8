//! The repository and the search: what is found, and the files themselves.

pub(crate) mod seek;

use crate::Web;
use crate::dossier::narrowing::{self, of_query};
use crate::error::Failure;
use crate::form::{FormState, new_key, query_value, sought};
use crate::page::{Place, Shell, file, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::Error;
use office::repository::{Found, Served};
use rules::id::{DossierId, EntryId, PartyId, RecordId, ResultId};
use rules::repository::{Entry, Standing};
use rules::words;
use seek::Seek;
use store::dossier::DossierLine;

#[derive(Debug, Template)]
#[template(path = "repository/find.html")]
struct Find {
    shell: Shell,
    typed: String,
    title: &'static str,
    asked: bool,
    /// What dossiers are narrowed by; nothing among the papers of the repository.
    seek: Option<Seek>,
    form: FormState,
    idem: String,
    people: Vec<FoundRow>,
    dossiers: Vec<FoundRow>,
    papers: Vec<EntryRow>,
}

#[derive(Debug)]
struct FoundRow {
    href: String,
    title: String,
    detail: String,
}

#[derive(Debug)]
struct EntryRow {
    href: String,
    title: String,
    detail: String,
    code: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
}

pub(crate) async fn find(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let mut narrowing = of_query(query.as_deref());
    narrowing.sought = Some(sought(&query_value(query.as_deref(), "q")));
    let form = narrowing::form(&narrowing);
    seek::render(&web, &visitor, &narrowing, StatusCode::OK, form).await
}

pub(crate) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let typed = query_value(query.as_deref(), "q");
    let typed = sought(&typed);
    let asked = !typed.is_empty();
    let kinds = ["entry", "party"];
    let actor = &visitor.present.actor;
    let found = if asked { web.office.find(actor, &typed, &kinds).await? } else { Found::default() };
    let page = page(&web, &visitor, ("Kho giấy tờ", "/kho"), typed, found).await?;
    Ok(show(&web, &page))
}

/// What was found, in rows.
async fn page(
    web: &Web,
    visitor: &Visitor,
    (title, place): (&'static str, &str),
    typed: String,
    found: Found,
) -> Result<Find, Failure> {
    let today = web.office.clock.today();
    let mut shell = shell(web, visitor, place).await?;
    shell.query.clone_from(&typed);
    Ok(Find {
        shell,
        title,
        asked: !typed.is_empty(),
        typed,
        seek: None,
        form: FormState::default(),
        idem: new_key(),
        people: found.people.into_iter().map(person_row).collect(),
        dossiers: found.dossiers.iter().map(dossier_row).collect(),
        papers: found.papers.iter().map(|entry| entry_row(entry, today)).collect(),
    })
}

fn person_row(person: store::people::Party) -> FoundRow {
    let number = person.numbers.first().map(|number| number.number.clone());
    FoundRow {
        href: format!("/kho/nguoi/{}", person.id),
        title: person.name,
        detail: [number.unwrap_or_default(), person.address].join(" · "),
    }
}

fn dossier_row(line: &DossierLine) -> FoundRow {
    FoundRow {
        href: format!("/ho-so/{}", line.dossier.id),
        title: line.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        detail: format!("{} · {}", line.holder_name, words::state(&line.dossier.state)),
    }
}

fn entry_row(entry: &Entry, today: jiff::civil::Date) -> EntryRow {
    let standing = entry.standing(today);
    let (tone, icon) = match standing {
        Standing::Valid => ("ok", "circle-check"),
        Standing::Expired(_) | Standing::NotYetIssued(_) => ("warn", "clock-alert"),
        Standing::Superseded(_) => ("plain", "history"),
        Standing::Annulled(_) => ("bad", "circle-x"),
    };
    let mut parts = vec![entry.fields.owner_name.clone()];
    parts.extend(entry.fields.number.as_ref().map(|number| format!("số {number}")));
    parts.extend(entry.fields.issued_on.map(|day| format!("cấp {}", words::date(day))));
    parts.extend(entry.fields.issuer.clone());
    EntryRow {
        href: format!("/kho/{}/tep", entry.id),
        title: entry.title.clone(),
        detail: parts.join(" · "),
        code: entry.code.clone(),
        tone,
        icon,
        state: words::standing(standing),
    }
}

#[derive(Debug, Template)]
#[template(path = "repository/party.html")]
struct Party {
    shell: Shell,
    name: String,
    facts: String,
    papers: Vec<EntryRow>,
    dossiers: Vec<FoundRow>,
}

/// The repository of one person: his papers and his dossiers that this officer may see.
pub(crate) async fn of_party(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: PartyId = place.id("id")?;
    let listed = web.office.list_repository(&visitor.by(None), id).await?;
    let today = web.office.clock.today();
    let mut facts: Vec<String> = listed.owner.numbers.iter().map(|number| number.number.clone()).collect();
    facts.extend(listed.owner.born_on.map(|day| format!("sinh {}", words::date(day))));
    facts.extend(Some(listed.owner.address.clone()).filter(|address| !address.is_empty()));
    let page = Party {
        shell: shell(&web, &visitor, "/kho").await?,
        name: listed.owner.name.clone(),
        facts: facts.join(" · "),
        papers: listed.papers.iter().map(|entry| entry_row(entry, today)).collect(),
        dossiers: listed
            .dossiers
            .into_iter()
            .map(|line| FoundRow {
                href: format!("/ho-so/{}", line.dossier.id),
                title: line.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
                detail: format!("{} · {}", line.procedure_name, words::state(&line.dossier.state)),
            })
            .collect(),
    };
    Ok(show(&web, &page))
}

fn served(served: Served, name: &str) -> Response {
    file(served.bytes, &served.media_type, name)
}

pub(crate) async fn entry_file(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: EntryId = place.id("id")?;
    Ok(served(web.office.view_entry(&visitor.by(None), id).await?, &format!("{id}.pdf")))
}

pub(crate) async fn entry_for_dossier(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let (dossier, entry): (DossierId, EntryId) = (place.id("id")?, place.id("entry")?);
    let opened = web.office.view_entry_for(&visitor.by(None), dossier, entry, visitor.eyes()).await?;
    Ok(served(opened, &format!("{entry}.pdf")))
}

pub(crate) async fn record_file(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: RecordId = place.id("id")?;
    let opened = web.office.view_record(&visitor.by(None), id, visitor.eyes()).await?;
    Ok(served(opened, &format!("{id}.pdf")))
}

pub(crate) async fn result_file(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: ResultId = place.id("id")?;
    let opened: Result<Served, Error> = web.office.view_result(&visitor.by(None), id, visitor.eyes()).await;
    Ok(served(opened?, &format!("{id}.pdf")))
}
