//! What has gone silent or late in the agencies of an officer, and who must see to it.

use super::inbox::mark;
use crate::Web;
use crate::error::Failure;
use crate::page::{Shell, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use rules::measure::due_mark;
use rules::words;
use store::dossier::{alarm, lines_by_ids};
use store::people::unit_names;

/// Alarms shown at once, the oldest first.
pub(crate) const N_ALARMS: i64 = 200;

#[derive(Debug, Template)]
#[template(path = "dossier/alarms.html")]
struct Alarms {
    shell: Shell,
    rows: Vec<AlarmRow>,
}

#[derive(Debug)]
struct AlarmRow {
    href: String,
    code: String,
    holder: String,
    procedure: String,
    why: String,
    role: &'static str,
    agency: String,
    since: String,
    mark: &'static str,
    mark_text: String,
    due: String,
}

pub(crate) async fn show_alarms(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let mut reader = web.office.db.read().await?;
    let open = alarm::open(&mut reader, &visitor.present.actor.sight(), N_ALARMS).await?;
    let mut ids: Vec<uuid::Uuid> = open.iter().map(|alarm| alarm.dossier.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let lines = lines_by_ids(&mut reader, &ids).await?;
    let agencies = unit_names(&mut reader).await?;
    drop(reader);
    let (now, today) = (web.office.clock.now(), web.office.clock.today());
    let rows = open
        .into_iter()
        .filter_map(|alarm| {
            let line = lines.iter().find(|line| line.dossier.id == alarm.dossier)?;
            let (mark, mark_text) = mark(due_mark(&line.dossier, now, today));
            Some(AlarmRow {
                href: format!("/ho-so/{}", alarm.dossier),
                code: line.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
                holder: line.holder_name.clone(),
                procedure: line.procedure_name.clone(),
                why: words::upper_first(words::alarm_kind(alarm.kind)),
                role: words::role(alarm.role),
                agency: agencies.get(&alarm.agency).cloned().unwrap_or_default(),
                since: words::moment(alarm.raised_at),
                mark,
                mark_text,
                due: line.dossier.due.map(|due| words::moment(due.at)).unwrap_or_default(),
            })
        })
        .collect();
    let page = Alarms { shell: shell(&web, &visitor, "/bao-dong").await?, rows };
    Ok(show(&web, &page))
}
