//! The inbox: what waits in the agencies of an officer, the soonest due first.

use super::alarms::N_ALARMS;
use crate::Web;
use crate::error::Failure;
use crate::form::query_value;
use crate::page::{Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use rules::dossier::State as Standing;
use rules::measure::{DueMark, due_mark};
use rules::people::Actor;
use rules::words;
use store::dossier::{DossierLine, alarm};

#[derive(Debug, Template)]
#[template(path = "dossier/inbox.html")]
struct Inbox {
    shell: Shell,
    /// What is shown, by how near its date is, with how many there are of each.
    marks: Vec<Chip>,
    /// How many alarms there are; nothing where there is none.
    alarms: String,
    mentions: Vec<MentionRow>,
    mine: Vec<InboxRow>,
    others: Vec<InboxRow>,
}

/// A filter with how many rows it leaves.
#[derive(Debug)]
struct Chip {
    href: String,
    label: &'static str,
    n: usize,
    is_current: bool,
}

/// The filters of the deadline: in the address, in words, and the marks they leave.
const MARKS: [(&str, &str, &str); 5] = [
    ("qua-han", "Quá hạn", "overdue"),
    ("hom-nay", "Đến hạn hôm nay", "today"),
    ("sap-den-han", "Sắp đến hạn", "soon"),
    ("trong-han", "Trong hạn", "ok"),
    ("tam-dung", "Tạm dừng", "paused"),
];

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
pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let today = web.office.clock.today();
    let (mut mine, mut others) = (Vec::new(), Vec::new());
    for waiting in waiting(&web, actor).await? {
        let row = row(&web, &waiting.line, waiting.step, today);
        if waiting.is_mine { mine.push(row) } else { others.push(row) }
    }
    let mut reader = web.office.db.read().await?;
    let n_alarms = alarm::open(&mut reader, &actor.sight(), N_ALARMS).await?.len();
    drop(reader);
    let mentions = mentions(&web, actor).await?;
    let chosen = query_value(query.as_deref(), "han");
    let chosen = MARKS.iter().find(|(name, _, _)| *name == chosen);
    let marks = chips(chosen.map(|(name, _, _)| *name), mine.iter().chain(&others));
    if let Some((_, _, mark)) = chosen {
        mine.retain(|row| row.mark == *mark);
        others.retain(|row| row.mark == *mark);
    }
    let shell = shell(&web, &visitor, "/viec").await?;
    let page = Inbox { shell, marks, alarms: alarms_told(n_alarms), mentions, mine, others };
    Ok(show_as(&web, StatusCode::OK, &page))
}

/// A dossier that waits, and whether this officer can do its step.
struct Waiting {
    line: DossierLine,
    step: Option<String>,
    is_mine: bool,
}

/// What waits in the agencies of an officer, the soonest due first.
async fn waiting(web: &Web, actor: &Actor) -> Result<Vec<Waiting>, Failure> {
    let mut reader = web.office.db.read().await?;
    let lines = store::dossier::lines_waiting(&mut reader, &actor.sight(), 200).await?;
    let revisions = store::procedure::of_lines(&mut reader, &lines).await?;
    let with_step = |line: DossierLine| {
        let procedure = revisions.get(&(line.dossier.procedure.to_string(), line.dossier.revision))?;
        let step = office::dossier::step_of(&line.dossier, procedure);
        let dossier = &line.dossier;
        let held = dossier.state.officer();
        let is_mine =
            step.is_some_and(|step| actor.may_do_step(step, dossier.scope.holding, dossier, held).is_ok());
        let step = step.map(|step| step.name.clone());
        Some(Waiting { line, step, is_mine })
    };
    Ok(lines.into_iter().filter_map(with_step).collect())
}

/// On to the dossier that is to be done next: the soonest due but the one that was just looked at.
pub(crate) async fn next(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let but = query_value(query.as_deref(), "tru");
    let waiting = waiting(&web, &visitor.present.actor).await?;
    let mut mine = waiting.iter().filter(|waiting| waiting.is_mine).map(|waiting| waiting.line.dossier.id);
    Ok(match mine.find(|id| id.to_string() != but) {
        Some(id) => on_to(&web, &format!("/ho-so/{id}"), ""),
        None => on_to(&web, "/viec", "Không còn hồ sơ nào khác chờ bạn."),
    })
}

/// A note that calls the officer.
#[derive(Debug)]
struct MentionRow {
    href: String,
    text: String,
}

async fn mentions(web: &Web, actor: &Actor) -> Result<Vec<MentionRow>, Failure> {
    let mentions = web.office.mentions(actor).await?;
    let ids: Vec<uuid::Uuid> = mentions.iter().map(|mention| mention.author.0).collect();
    let mut reader = web.office.db.read().await?;
    let names = store::people::officer_names(&mut reader, &ids).await?;
    let row = |mention: &office::dossier::writing::Mention| MentionRow {
        href: format!("/ho-so/{}#ghi-chu-ten", mention.dossier),
        text: format!(
            "{} nhắc bạn trong một ghi chú lúc {}",
            names.get(&mention.author).map_or("Đồng nghiệp", String::as_str),
            words::moment(mention.at)
        ),
    };
    Ok(mentions.iter().map(row).collect())
}

fn alarms_told(n: usize) -> String {
    match n {
        0 => String::new(),
        n if i64::try_from(n).unwrap_or(N_ALARMS) < N_ALARMS => format!("{n} báo động"),
        n => format!("{n} báo động trở lên"),
    }
}

/// All, and each mark that some row has.
fn chips<'r>(chosen: Option<&str>, rows: impl Iterator<Item = &'r InboxRow> + Clone) -> Vec<Chip> {
    let all = Chip {
        href: "/viec".to_owned(),
        label: "Tất cả",
        n: rows.clone().count(),
        is_current: chosen.is_none(),
    };
    let of = |&(name, label, mark): &(&'static str, &'static str, &'static str)| Chip {
        href: format!("/viec?han={name}"),
        label,
        n: rows.clone().filter(|row| row.mark == mark).count(),
        is_current: chosen == Some(name),
    };
    let marks = MARKS.iter().map(of).filter(|chip| chip.n > 0 || chip.is_current);
    std::iter::once(all).chain(marks).collect()
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

#[cfg(test)]
mod tests {
    use super::{InboxRow, alarms_told, chips};

    fn row(mark: &'static str) -> InboxRow {
        let text = String::new;
        InboxRow {
            href: text(),
            code: text(),
            holder: text(),
            procedure: text(),
            step: text(),
            officer: text(),
            mark,
            mark_text: text(),
            due: text(),
        }
    }

    #[test]
    fn filters_count_what_they_leave_and_empty_ones_are_not_there() {
        let rows = ["overdue", "ok", "overdue", "paused"].map(row);
        let told = |chosen| -> Vec<(String, usize, bool)> {
            let chips = chips(chosen, rows.iter()).into_iter();
            chips.map(|chip| (chip.href, chip.n, chip.is_current)).collect()
        };
        let line = |href: &str, n, is_current| (href.to_owned(), n, is_current);
        let [late, in_time, paused] =
            [("/viec?han=qua-han", 2), ("/viec?han=trong-han", 1), ("/viec?han=tam-dung", 1)];
        let plain = |(href, n)| line(href, n, false);
        assert_eq!(told(None), [line("/viec", 4, true), plain(late), plain(in_time), plain(paused)]);
        let chosen = [
            line("/viec", 4, false),
            plain(late),
            line("/viec?han=hom-nay", 0, true),
            plain(in_time),
            plain(paused),
        ];
        assert_eq!(told(Some("hom-nay")), chosen, "the one that is chosen stays");
    }

    #[test]
    fn alarms_are_counted_as_far_as_they_were_read() {
        assert_eq!([0, 7, 200].map(alarms_told), ["", "7 báo động", "200 báo động trở lên"]);
    }
}
