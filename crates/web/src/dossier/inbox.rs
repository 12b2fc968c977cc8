//! The inbox: what waits in the agencies of an officer, the soonest due first.

use crate::Web;
use crate::error::Failure;
use crate::page::{Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::dossier::State as Standing;
use rules::measure::{DueMark, due_mark};
use rules::words;
use store::dossier::DossierLine;

#[derive(Debug, Template)]
#[template(path = "dossier/inbox.html")]
struct Inbox {
    shell: Shell,
    mine: Vec<InboxRow>,
    others: Vec<InboxRow>,
}

#[derive(Debug)]
struct InboxRow {
    href: String,
    code: String,
    holder: String,
    procedure: String,
    step: String,
    officer: String,
    mark: &'static str,
    mark_text: String,
    due: String,
}

/// What waits, the soonest due first: what this officer can do now, then the rest of the agency.
pub(crate) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let mut reader = web.office.db.read().await?;
    let lines = store::dossier::lines_waiting(&mut reader, &actor.sight(), 200).await?;
    let today = web.office.clock.today();
    let revisions = store::procedure::of_lines(&mut reader, &lines).await?;
    drop(reader);
    let (mut mine, mut others) = (Vec::new(), Vec::new());
    for line in lines {
        let key = (line.dossier.procedure.to_string(), line.dossier.revision);
        let Some(procedure) = revisions.get(&key) else { continue };
        let step = office::dossier::step_of(&line.dossier, procedure);
        let can = step.is_some_and(|step| {
            let dossier = &line.dossier;
            let held = dossier.state.officer();
            actor.may_do_step(step, dossier.scope.holding, dossier, held).is_ok()
        });
        let row = row(&web, &line, step.map(|step| step.name.clone()), today);
        if can { mine.push(row) } else { others.push(row) }
    }
    let page = Inbox { shell: shell(&web, &visitor, "/viec").await?, mine, others };
    Ok(show_as(&web, StatusCode::OK, &page))
}

fn row(web: &Web, line: &DossierLine, step: Option<String>, today: jiff::civil::Date) -> InboxRow {
    let dossier = &line.dossier;
    let (mark, mark_text) = mark(due_mark(dossier, web.office.clock.now(), today));
    InboxRow {
        href: format!("/ho-so/{}", dossier.id),
        code: dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        holder: line.holder_name.clone(),
        procedure: line.procedure_name.clone(),
        step: match dossier.state {
            Standing::AwaitingSupplement { .. } => words::state(&dossier.state).to_owned(),
            _ => step.unwrap_or_else(|| words::state(&dossier.state).to_owned()),
        },
        officer: line.officer_name.clone().unwrap_or_default(),
        mark,
        mark_text,
        due: dossier.due.map(|due| words::moment(due.at)).unwrap_or_default(),
    }
}

/// The mark's class and words; empty where nothing is due.
pub(crate) fn mark(mark: Option<DueMark>) -> (&'static str, String) {
    let Some(mark) = mark else { return ("ok", String::new()) };
    let class = match mark {
        DueMark::Overdue { .. } => "overdue",
        DueMark::Today => "today",
        DueMark::Soon => "soon",
        DueMark::InTime => "ok",
        DueMark::Stopped => "paused",
    };
    (class, words::due_mark(mark))
}
