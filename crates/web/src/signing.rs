//! What waits for a signature or a seal, and many of them at one sitting.

use crate::Web;
use crate::device::FromDevice;
use crate::dossier::inbox::mark;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key, query_value};
use crate::page::{Place, Shell, html, on_to, shell, show, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::signing::round::{Begun, Chosen, WaitingPaper};
use rules::id::RoundId;
use rules::measure::due_mark;
use rules::procedure::StepTask;
use rules::signing::round::Outcome;
use rules::words;
use store::signing::round::{Round, RoundLine};

/// The field of the boxes, and of the password.
const PAPERS: &str = "van-ban";
const PASSWORD: &str = "mat-khau";
/// Rounds that are named under the list.
const N_ROUNDS: i64 = 5;

#[derive(Debug, Template)]
#[template(path = "signing/list.html")]
struct List {
    shell: Shell,
    idem: String,
    form: FormState,
    summary: String,
    groups: Vec<Group>,
    n_free: usize,
    rounds: Vec<RoundLink>,
}

/// The papers of one procedure that wait for the same work.
#[derive(Debug)]
struct Group {
    name: String,
    /// What is done to its papers: "ký" or "đóng dấu".
    verb: &'static str,
    /// The page with all of its papers ticked that may be.
    all_href: String,
    n_free: usize,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    value: String,
    is_ticked: bool,
    title: String,
    paper_href: String,
    dossier_href: String,
    code: String,
    drafter: String,
    doubts: Vec<String>,
    mark: &'static str,
    mark_text: String,
    due: String,
}

#[derive(Debug)]
struct RoundLink {
    href: String,
    begun: String,
}

pub(crate) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let group = query_value(query.as_deref(), "nhom");
    Ok(show(&web, &page(&web, &visitor, FormState::default(), &group).await?))
}

async fn page(web: &Web, visitor: &Visitor, form: FormState, ticked: &str) -> Result<List, Failure> {
    let actor = &visitor.present.actor;
    let papers = web.office.papers_to_sign(actor).await?;
    let n_papers = papers.len();
    let groups = groups(web, &form, papers, ticked);
    let n_free = groups.iter().map(|group| group.n_free).sum();
    let mut rounds = Vec::new();
    if let Some(officer) = actor.officer() {
        let mut reader = web.office.db.read().await?;
        rounds = store::signing::round::of_officer(&mut reader, officer, N_ROUNDS).await?;
    }
    Ok(List {
        shell: shell(web, visitor, "/ky").await?,
        idem: new_key(),
        form,
        summary: summary(n_papers, n_free),
        groups,
        n_free,
        rounds: rounds
            .into_iter()
            .map(|round| RoundLink {
                href: format!("/ky/dot/{}", round.id),
                begun: format!("Đợt ký {}", words::moment(round.begun_at)),
            })
            .collect(),
    })
}

fn summary(n_papers: usize, n_free: usize) -> String {
    match (n_papers, n_papers - n_free) {
        (0, _) => "Bạn đã ký hết.".to_owned(),
        (n, 0) => format!("{n} văn bản chờ, đều ký chung một đợt được."),
        (n, alone) => format!("{n} văn bản chờ, {alone} văn bản cần xem và làm riêng."),
    }
}

/// By procedure and work, in the order of what is soonest; within, what has to be looked at first.
fn groups(web: &Web, form: &FormState, papers: Vec<WaitingPaper>, ticked: &str) -> Vec<Group> {
    let mut groups: Vec<(String, Group)> = Vec::new();
    for paper in papers {
        let verb = if paper.task == StepTask::Seal { "đóng dấu" } else { "ký" };
        let task = if paper.task == StepTask::Seal { "dau" } else { "ky" };
        let key = format!("{task}-{}", paper.line.dossier.procedure);
        let row = row(web, form, &paper, ticked == key);
        let at = groups.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            let group = Group {
                name: format!("Chờ {verb}: {}", paper.line.procedure_name),
                verb,
                all_href: format!("/ky?nhom={key}"),
                n_free: 0,
                rows: Vec::new(),
            };
            groups.push((key, group));
            groups.len() - 1
        });
        let group = &mut groups[at].1;
        group.n_free += usize::from(row.doubts.is_empty());
        group.rows.push(row);
    }
    for (_, group) in &mut groups {
        group.rows.sort_by_key(|row| row.doubts.is_empty());
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn row(web: &Web, form: &FormState, paper: &WaitingPaper, is_ticked: bool) -> Row {
    let dossier = &paper.line.dossier;
    let (mark, mark_text) = mark(due_mark(dossier, web.office.clock.now(), web.office.clock.today()));
    let value = value_of(paper);
    Row {
        is_ticked: is_ticked || form.has(PAPERS, &value),
        value,
        title: format!("{} cho {}", paper.title, paper.line.holder_name),
        paper_href: format!("/ket-qua/{}/tep", paper.paper.id),
        dossier_href: format!("/ho-so/{}", dossier.id),
        code: dossier.code.as_ref().map_or_else(|| "Xem hồ sơ".to_owned(), ToString::to_string),
        drafter: paper.drafter.clone(),
        doubts: paper.doubts.iter().copied().map(words::doubt).collect(),
        mark,
        mark_text,
        due: dossier.due.map(|due| words::moment(due.at)).unwrap_or_default(),
    }
}

/// Which paper a box stands for: its dossier, and the digest of what was shown.
fn value_of(paper: &WaitingPaper) -> String {
    format!("{}.{}", paper.line.dossier.id, paper.paper.state.pdf().sha256)
}

fn chosen(value: &str) -> Option<Chosen> {
    let (dossier, sha256) = value.split_once('.')?;
    Chosen::new(dossier.parse().ok()?, sha256)
}

pub(crate) async fn begin(
    State(web): State<Web>,
    visitor: Visitor,
    FromDevice(device): FromDevice,
    posted: Posted,
) -> Result<Response, Failure> {
    let chosen: Option<Vec<Chosen>> = posted.all(PAPERS).map(chosen).collect();
    let chosen = chosen.ok_or_else(Failure::not_found)?;
    let by = posted.by(&visitor);
    match web.office.begin_round(&by, &chosen, posted.get(PASSWORD), &device).await {
        Ok(Begun { round, n_gone }) => Ok(on_to(&web, &format!("/ky/dot/{round}"), &gone(n_gone))),
        Err(error) => {
            let mut form = posted.state();
            let refusal = refused(error)?;
            let field = if matches!(refusal, office::Refusal::Round(_)) { "" } else { PASSWORD };
            form.refuse(field, &refusal);
            let page = page(&web, &visitor, form, "").await?;
            Ok(show_as(&web, StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

fn gone(n: usize) -> String {
    match n {
        0 => String::new(),
        n => format!("{n} văn bản đã chọn không còn thuộc cơ quan của bạn nên không có trong đợt này"),
    }
}

#[derive(Debug, Template)]
#[template(path = "signing/round.html")]
struct RoundPage {
    shell: Shell,
    begun: String,
    signer: String,
    progress: Progress,
}

/// How far a round is; a fragment of its own, asked for again until all is done.
#[derive(Debug, Template)]
#[template(path = "signing/_round.html")]
struct Progress {
    id: RoundId,
    is_running: bool,
    summary: String,
    n_done: usize,
    n_papers: usize,
    n_refused: usize,
    papers: Vec<RoundRow>,
}

#[derive(Debug)]
struct RoundRow {
    number: i64,
    href: String,
    code: String,
    holder: String,
    procedure: String,
    tone: &'static str,
    icon: &'static str,
    outcome: String,
    reason: String,
    certificate: String,
    serial: String,
}

impl Progress {
    /// What was not signed stands first.
    fn of(round: &Round, mut lines: Vec<RoundLine>) -> Self {
        lines.sort_by_key(|line| !matches!(line.paper.outcome, Outcome::Refused { .. }));
        let count = |is: fn(&Outcome) -> bool| lines.iter().filter(|line| is(&line.paper.outcome)).count();
        let n_papers = lines.len();
        let n_waiting = count(|outcome| *outcome == Outcome::Waiting);
        let n_refused = count(|outcome| matches!(outcome, Outcome::Refused { .. }));
        let n_signed = n_papers - n_waiting - n_refused;
        let signed = Some(format!("{n_signed}/{n_papers} đã ký"));
        let refused = (n_refused > 0).then(|| format!("{n_refused} không ký được"));
        let waiting = (n_waiting > 0).then(|| format!("{n_waiting} đang chờ máy ký"));
        let parts: Vec<String> = [signed, refused, waiting].into_iter().flatten().collect();
        Self {
            id: round.id,
            is_running: n_waiting > 0,
            summary: format!("{}.", parts.join(", ")),
            n_done: n_papers - n_waiting,
            n_papers,
            n_refused,
            papers: lines.into_iter().map(RoundRow::of).collect(),
        }
    }
}

impl RoundRow {
    fn of(line: RoundLine) -> Self {
        let paper = line.paper;
        let (tone, icon, outcome, reason, (certificate, serial)) = match paper.outcome {
            Outcome::Waiting => {
                ("info", "loader-circle", "Đang chờ máy ký".to_owned(), String::new(), Default::default())
            }
            Outcome::Signed { at, certificate, serial } => {
                let said = format!("Đã ký {}", words::moment(at));
                ("ok", "circle-check", said, String::new(), (certificate, serial))
            }
            Outcome::Refused { reason, .. } => {
                ("bad", "circle-alert", "Chưa ký".to_owned(), reason, Default::default())
            }
        };
        Self {
            number: paper.number,
            href: format!("/ho-so/{}", paper.dossier),
            code: line.dossier_code.unwrap_or_else(|| "Xem hồ sơ".to_owned()),
            holder: line.holder_name,
            procedure: line.procedure_name,
            tone,
            icon,
            outcome,
            reason,
            certificate,
            serial,
        }
    }
}

async fn progress(web: &Web, visitor: &Visitor, place: &Place) -> Result<(Round, Progress), Failure> {
    let (round, lines) = web.office.round(&visitor.present.actor, place.id("id")?).await?;
    Ok((round, Progress::of(&round, lines)))
}

pub(crate) async fn round(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let (round, progress) = progress(&web, &visitor, &place).await?;
    let page = RoundPage {
        shell: shell(&web, &visitor, "/ky").await?,
        begun: words::moment(round.begun_at),
        signer: visitor.present.officer.name.clone(),
        progress,
    };
    Ok(show(&web, &page))
}

pub(crate) async fn round_progress(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let (_, progress) = progress(&web, &visitor, &place).await?;
    Ok(html(StatusCode::OK, &progress))
}

#[cfg(test)]
mod tests {
    use super::{Chosen, chosen, summary};

    #[test]
    fn a_box_names_a_dossier_and_the_digest_that_was_shown() {
        let id = "0199aa00-0000-7000-8000-000000000001";
        let digest = "ab".repeat(32);
        let read = chosen(&format!("{id}.{digest}")).expect("a box of ours");
        assert_eq!(Some(read), Chosen::new(id.parse().expect("an id"), &digest));
        for wrong in
            [id.to_owned(), format!("{id}.abc"), format!("x.{digest}"), format!("{id}.{}", "ờ".repeat(32))]
        {
            assert_eq!(chosen(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_list_says_how_many_wait_and_how_many_alone() {
        assert_eq!(summary(0, 0), "Bạn đã ký hết.");
        assert_eq!(summary(40, 40), "40 văn bản chờ, đều ký chung một đợt được.");
        assert_eq!(summary(40, 39), "40 văn bản chờ, 1 văn bản cần xem và làm riêng.");
    }
}
