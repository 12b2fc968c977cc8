//! The inbox: what waits in the agencies of an officer, the soonest due first.

use super::alarms::N_ALARMS;
use super::bulk::{takers, tally};
use super::narrowing::{self, Choices, Known, Removable};
use crate::Web;
use crate::error::Failure;
use crate::form::{Choice, FormState, new_key, query_value};
use crate::page::{Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::dossier::inbox::MOST_READ;
use office::dossier::views::shares_in;
use rules::dossier::State as Standing;
use rules::id::ViewId;
use rules::measure::narrowing::{Came, Mark, Narrowing, Papers, Seen};
use rules::measure::{DueMark, due_mark};
use rules::people::Actor;
use rules::words;
use store::counter::tickets::that_went_first;
use store::dossier::bulk::Progress;
use store::dossier::view::{View, with_open_records};
use store::dossier::{DossierLine, alarm};

/// Rows of a page.
const MOST_SHOWN: usize = 200;

#[derive(Debug, Template)]
#[template(path = "dossier/inbox.html")]
struct Inbox {
    shell: Shell,
    /// What is shown, by how near its date is, with how many there are of each.
    marks: Vec<Chip>,
    /// The fields of what it is narrowed by.
    kept: Vec<(&'static str, String)>,
    /// What else it is narrowed by.
    narrowed_by: Vec<Removable>,
    is_narrowed: bool,
    choices: Choices,
    form: FormState,
    /// Lists that are kept under a name.
    views: Vec<ViewChip>,
    /// The view that is open.
    open: Option<OpenView>,
    /// Whether he may share a view with his place.
    may_share: bool,
    /// How many alarms there are; nothing where there is none.
    alarms: String,
    mentions: Vec<MentionRow>,
    mine: Vec<InboxRow>,
    others: Vec<InboxRow>,
    /// Whom the dossiers shown can be given to; none where they are not his to give.
    takers: Vec<Choice>,
    /// What it is narrowed by, to come back to.
    narrowed: String,
    /// How far the last act for many dossiers is.
    bulk: Option<BulkLine>,
    /// What is not shown of what there is; nothing where all is.
    cut: String,
    idem: String,
}

/// A filter with how many rows it leaves.
#[derive(Debug)]
struct Chip {
    href: String,
    label: &'static str,
    n: usize,
    is_current: bool,
}

#[derive(Debug)]
struct BulkLine {
    href: String,
    text: String,
}

impl BulkLine {
    fn of(last: &Progress) -> Self {
        let n_waiting = last.n_rows - last.n_done;
        let still = if n_waiting > 0 { format!(", còn {n_waiting} đang làm") } else { String::new() };
        let refused = usize::try_from(last.n_refused).unwrap_or_default();
        let done = usize::try_from(last.n_done).unwrap_or_default() - refused;
        let begun = words::moment(last.begun_at);
        let text = format!("Việc cho {} hồ sơ lúc {begun}: {}{still}", last.n_rows, tally(done, refused));
        Self { href: format!("/viec/nhieu/{}", last.id), text }
    }
}

#[derive(Debug)]
struct ViewChip {
    href: String,
    name: String,
    n: usize,
    is_current: bool,
    is_first: bool,
    is_shared: bool,
}

#[derive(Debug)]
struct OpenView {
    id: String,
    name: String,
    is_first: bool,
    /// He may forget it: he made it, or heads the place it is shared with.
    may_forget: bool,
}

#[derive(Debug)]
struct InboxRow {
    id: String,
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

/// What waits, the soonest due first: what this officer can do now, then the rest of the agency. Without a
/// condition in the address it opens with the view he put first.
pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = query.as_deref();
    let asked = narrowing::of_query(query);
    let views = views_of_inbox(&web, &visitor).await?;
    let named = query_value(query, "loc");
    let view = match (named.as_str(), asked.is_empty() && query_value(query, "tat-ca").is_empty()) {
        ("", true) => views.iter().find(|view| view.is_first),
        ("", false) => None,
        (id, _) => Some(views.iter().find(|view| view.id.to_string() == id).ok_or_else(Failure::not_found)?),
    };
    let narrowing = view.map_or(asked, |view| view.narrowing.clone());
    let open = view.map(|view| view.id);
    let form = narrowing::form(&narrowing);
    list(&web, &visitor, (&narrowing, open), &views, (StatusCode::OK, form)).await
}

/// The inbox with what was typed to keep it under a name, and what is wrong with that.
pub(super) async fn render(
    web: &Web,
    visitor: &Visitor,
    narrowing: &Narrowing,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let views = views_of_inbox(web, visitor).await?;
    list(web, visitor, (narrowing, None), &views, (status, form)).await
}

/// What he kept while he looked something up belongs to the search.
async fn views_of_inbox(web: &Web, visitor: &Visitor) -> Result<Vec<View>, Failure> {
    let mut views = web.office.views(&visitor.present.actor).await?;
    views.retain(|view| view.narrowing.sought.is_none());
    Ok(views)
}

async fn list(
    web: &Web,
    visitor: &Visitor,
    (narrowing, open): (&Narrowing, Option<ViewId>),
    views: &[View],
    (status, form): (StatusCode, FormState),
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let waiting = web.office.waiting(actor).await?;
    let ids: Vec<uuid::Uuid> = waiting.iter().map(|waiting| waiting.line.dossier.id.0).collect();
    let mut reader = web.office.db.read().await?;
    let n_alarms = alarm::open(&mut reader, &actor.sight(), N_ALARMS).await?.len();
    let with_papers = with_open_records(&mut reader, &ids).await?;
    let went_first = that_went_first(&mut reader, &ids).await?;
    let units = store::people::unit_names(&mut reader).await?;
    drop(reader);
    let (now, today) = (web.office.clock.now(), web.office.clock.today());
    let seen: Vec<Seen<'_>> = waiting
        .iter()
        .map(|waiting| Seen {
            dossier: &waiting.line.dossier,
            mark: due_mark(&waiting.line.dossier, now, today),
            papers: if with_papers.contains(&waiting.line.dossier.id.0) {
                Papers::Waiting
            } else {
                Papers::Digitised
            },
            came: went_first.contains(&waiting.line.dossier.id.0).then_some(Came::First),
            reader: actor.officer(),
        })
        .collect();
    let known = Known::of(waiting.iter().map(|waiting| &waiting.line), &units);
    let (mut mine, mut others) = (Vec::new(), Vec::new());
    let shown = waiting.iter().zip(&seen).filter(|(_, seen)| narrowing.admits(seen));
    for (waiting, seen) in shown.clone().take(MOST_SHOWN) {
        let row = row(&waiting.line, waiting.step.clone(), seen.mark);
        if waiting.is_mine { mine.push(row) } else { others.push(row) }
    }
    let given = shown.clone().take(MOST_SHOWN).map(|(waiting, _)| &waiting.line.dossier);
    let takers = takers(web, actor, given).await?;
    let page = Inbox {
        shell: shell(web, visitor, "/viec").await?,
        marks: marks(narrowing, &seen),
        kept: narrowing::fields(narrowing),
        narrowed_by: narrowing::removable(narrowing, &known),
        is_narrowed: !narrowing.is_empty(),
        choices: known.choices(),
        form,
        views: views.iter().map(|view| view_chip(view, open, &seen)).collect(),
        open: views.iter().find(|view| Some(view.id) == open).map(|view| OpenView {
            id: view.id.to_string(),
            name: view.name.clone(),
            is_first: view.is_first,
            may_forget: Some(view.owner) == actor.officer()
                || view.shared_with.is_some_and(|with| shares_in(actor) == Some(with)),
        }),
        may_share: shares_in(actor).is_some(),
        alarms: alarms_told(n_alarms),
        mentions: mentions(web, actor).await?,
        cut: cut_told(shown.count(), waiting.len()),
        mine,
        others,
        takers,
        narrowed: narrowing::query(narrowing),
        bulk: web.office.last_bulk(actor).await?.as_ref().map(BulkLine::of),
        idem: new_key(),
    };
    Ok(show_as(web, status, &page))
}

/// What is left out, and how to come to it.
fn cut_told(n_found: usize, n_read: usize) -> String {
    let mut told = Vec::new();
    if n_found > MOST_SHOWN {
        told.push(format!("Đang hiện {MOST_SHOWN} trong {n_found} hồ sơ gần hạn nhất"));
    }
    if i64::try_from(n_read).unwrap_or(MOST_READ) >= MOST_READ {
        told.push(format!("Chỉ lọc trong {MOST_READ} hồ sơ gần hạn nhất của cơ quan"));
    }
    if told.is_empty() {
        String::new()
    } else {
        format!("{}. Lọc thêm để thấy phần còn lại.", told.join(". "))
    }
}

fn view_chip(view: &View, open: Option<ViewId>, seen: &[Seen<'_>]) -> ViewChip {
    ViewChip {
        href: format!("/viec?loc={}", view.id),
        name: view.name.clone(),
        n: seen.iter().filter(|seen| view.narrowing.admits(seen)).count(),
        is_current: open == Some(view.id),
        is_first: view.is_first,
        is_shared: view.shared_with.is_some(),
    }
}

/// How many dossiers wait for this officer at steps of his, as his inbox shows them.
pub(crate) async fn n_mine(web: &Web, actor: &Actor) -> Result<usize, Failure> {
    Ok(web.office.waiting(actor).await?.iter().filter(|waiting| waiting.is_mine).count())
}

/// On to the dossier that is to be done next: behind the one that was just looked at, and round again; the
/// soonest due where that one is no longer waiting.
pub(crate) async fn next(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let but = query_value(query.as_deref(), "tru");
    let waiting = web.office.waiting(&visitor.present.actor).await?;
    let mine: Vec<String> = waiting
        .iter()
        .filter(|waiting| waiting.is_mine)
        .map(|waiting| waiting.line.dossier.id.to_string())
        .collect();
    Ok(match behind(&mine, &but) {
        Some(id) => on_to(&web, &format!("/ho-so/{id}"), ""),
        None => on_to(&web, "/viec", "Không còn hồ sơ nào khác chờ bạn."),
    })
}

/// The one behind `but`, from the last on to the first; none where there is no other.
fn behind<'m>(mine: &'m [String], but: &str) -> Option<&'m String> {
    let at = mine.iter().position(|id| id == but).map_or(0, |at| at + 1);
    mine[at..].iter().chain(&mine[..at]).find(|id| *id != but)
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

/// All, and each mark that some row has beside what else the list is narrowed by.
fn marks(narrowing: &Narrowing, seen: &[Seen<'_>]) -> Vec<Chip> {
    let chip = |mark: Option<Mark>, label: &'static str| {
        let with = Narrowing { mark, ..narrowing.clone() };
        Chip {
            href: narrowing::href(&with),
            label,
            n: seen.iter().filter(|seen| with.admits(seen)).count(),
            is_current: narrowing.mark == mark,
        }
    };
    let of_marks = narrowing::MARKS.iter().map(|(mark, _, label)| chip(Some(*mark), label));
    let some = of_marks.filter(|chip| chip.n > 0 || chip.is_current);
    std::iter::once(chip(None, "Tất cả")).chain(some).collect()
}

fn row(line: &DossierLine, step: Option<String>, due: Option<DueMark>) -> InboxRow {
    let dossier = &line.dossier;
    let (mark, mark_text) = mark(due);
    InboxRow {
        id: dossier.id.to_string(),
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
    use super::{MOST_READ, MOST_SHOWN, alarms_told, behind, cut_told};

    #[test]
    fn what_is_left_out_is_told() {
        let read = usize::try_from(MOST_READ).expect("it is not negative");
        assert_eq!(cut_told(MOST_SHOWN, read - 1), "");
        assert!(cut_told(MOST_SHOWN + 1, 5).starts_with("Đang hiện 200 trong 201"));
        assert!(cut_told(3, read).starts_with("Chỉ lọc trong 500"));
    }

    #[test]
    fn the_next_dossier_goes_round_through_all() {
        let mine = ["a", "b", "c"].map(str::to_owned);
        let after = |but| behind(&mine, but).map(String::as_str);
        assert_eq!(
            ["", "a", "b", "c", "done"].map(after),
            [Some("a"), Some("b"), Some("c"), Some("a"), Some("a")]
        );
        assert_eq!(behind(&mine[..1], "a"), None, "there is no other");
        assert_eq!(behind(&[], "a"), None);
    }

    #[test]
    fn alarms_are_counted_as_far_as_they_were_read() {
        assert_eq!([0, 7, 200].map(alarms_told), ["", "7 báo động", "200 báo động trở lên"]);
    }
}
