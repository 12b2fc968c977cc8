//! The dossier's page: what it is, what is to be done at its present step, what else may be done, and what
//! happened. The inbox is in [`inbox`].

pub(crate) mod acts;
pub(crate) mod alarms;
pub(crate) mod draft;
pub(crate) mod inbox;
pub(crate) mod offers;
pub(crate) mod slips;
pub(crate) mod why;

use crate::Web;
use crate::access::{ACTS, CUSTODY};
use crate::custody::folder::{Whereabouts, whereabouts};
use crate::error::Failure;
use crate::form::{Choice, FormState, new_key};
use crate::page::{Message, Place, Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use inbox::mark;
use offers::ActForm;
use office::dossier::view::DossierView;
use rules::counter::Supply;
use rules::dossier::{AtStep, State as Standing};
use rules::id::DossierId;
use rules::measure::due_mark;
use rules::people::Actor;
use rules::procedure::StepTask;
use rules::words;
use rules::words::sentence::Names;

#[derive(Debug, Template)]
#[template(path = "dossier/show.html")]
struct Show {
    shell: Shell,
    id: String,
    code: String,
    holder: String,
    holder_facts: String,
    procedure: String,
    case: String,
    state: &'static str,
    state_tone: &'static str,
    mark: &'static str,
    mark_text: String,
    due: String,
    received: String,
    agencies: String,
    next: NextAct,
    steps: Vec<StepMark>,
    papers: Vec<PaperRow>,
    results: Vec<ResultRow>,
    timeline: Vec<EventRow>,
    has_receipt: bool,
    has_refusal: bool,
    has_supplement: bool,
    has_apology: bool,
    has_stop_notice: bool,
    /// Where its paper is.
    folder: Option<Whereabouts>,
    may_open_folder: bool,
    folder_idem: String,
    /// What else may be done.
    others: Vec<ActForm>,
    form: FormState,
    keys: Vec<String>,
}

/// What is to be done now, and by whom.
#[derive(Debug)]
struct NextAct {
    sentence: String,
    may_take: bool,
    /// The task of the step in this officer's hands, or nothing.
    task: &'static str,
    ways: Vec<Choice>,
    back: Vec<Choice>,
    /// The digest of the draft the signer reads.
    sha256: String,
    result: String,
    has_draft: bool,
}

#[derive(Debug)]
struct StepMark {
    label: String,
    state: &'static str,
}

#[derive(Debug)]
struct PaperRow {
    href: String,
    thumb_href: String,
    title: String,
    detail: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
}

#[derive(Debug)]
struct ResultRow {
    href: String,
    title: String,
    detail: String,
    state: &'static str,
    tone: &'static str,
}

#[derive(Debug)]
struct EventRow {
    iso: String,
    time: String,
    tone: &'static str,
    icon: &'static str,
    text: String,
    who: String,
    note: String,
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    render(&web, &visitor, id, StatusCode::OK, Vec::new(), FormState::default()).await
}

/// The dossier's page, with what was wrong at the top and what was typed in its fields.
pub(crate) async fn render(
    web: &Web,
    visitor: &Visitor,
    id: DossierId,
    status: StatusCode,
    faults: Vec<String>,
    form: FormState,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let view = web.office.open_dossier(actor, id).await?;
    let dossier = &view.dossier;
    let (mark, mark_text) = mark(due_mark(dossier, web.office.clock.now(), web.office.clock.today()));
    let mut shell = shell(web, visitor, "/viec").await?;
    shell.flash.extend(faults.into_iter().map(Message::bad));
    let holder = &view.holder;
    let mut facts: Vec<String> = holder.numbers.iter().map(|number| number.number.clone()).collect();
    facts.extend(holder.born_on.map(|day| format!("sinh {}", words::date(day))));
    facts.extend([holder.address.clone(), holder.phone.clone()].into_iter().filter(|f| !f.is_empty()));
    let offered = if ACTS.admits(actor) { web.office.offers(actor, &view).await? } else { Vec::new() };
    let (others, form) = offers::forms(offered, &view, form);
    let folder = whereabouts(web, id).await?;
    let page = Show {
        shell,
        may_open_folder: folder.is_none() && has_paper(&view) && CUSTODY.admits(actor),
        folder,
        folder_idem: new_key(),
        id: id.to_string(),
        code: dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        holder: holder.name.clone(),
        holder_facts: facts.join(" · "),
        procedure: view.procedure.name.clone(),
        case: view.case().map(|case| case.name.clone()).unwrap_or_default(),
        state: words::state(&dossier.state),
        state_tone: state_tone(&dossier.state),
        mark,
        mark_text,
        due: dossier.due.map(|due| words::moment(due.at)).unwrap_or_default(),
        received: dossier.received_at.map(words::moment).unwrap_or_default(),
        agencies: agencies(&view),
        next: next_act(&view, actor),
        steps: steps(&view),
        papers: papers(&view),
        results: results(&view),
        timeline: timeline(&view),
        has_receipt: dossier.code.is_some(),
        has_refusal: matches!(dossier.state, Standing::NotReceived { .. }),
        has_supplement: matches!(
            dossier.state,
            Standing::AwaitingSupplement { .. } | Standing::AwaitingPapers { .. }
        ),
        has_apology: dossier.life.n_extensions > 0,
        has_stop_notice: matches!(dossier.state, Standing::Halted { .. } | Standing::Stopped { .. }),
        others,
        form,
        keys: (0..3).map(|_| new_key()).collect(),
    };
    Ok(show_as(web, status, &page))
}

/// Does paper of it stay with the office?
fn has_paper(view: &DossierView) -> bool {
    let channel = view.dossier.channel;
    let papers = view.case().map(|case| rules::custody::contents::papers(case, &view.components, channel));
    view.dossier.received_at.is_some() && papers.is_some_and(|papers| !papers.is_empty())
}

fn state_tone(state: &Standing) -> &'static str {
    match state {
        Standing::Done { .. } | Standing::HandedOver { .. } => "ok",
        Standing::NotReceived { .. } => "bad",
        Standing::AwaitingPapers { .. }
        | Standing::AwaitingSupplement { .. }
        | Standing::AwaitingPayment { .. }
        | Standing::Halted { .. }
        | Standing::Stopped { .. }
        | Standing::Withdrawn { .. } => "pause",
        Standing::Preparing
        | Standing::Submitted { .. }
        | Standing::Received { .. }
        | Standing::AwaitingParts { .. }
        | Standing::InProcess(_)
        | Standing::Mirrored { .. } => "info",
    }
}

fn agencies(view: &DossierView) -> String {
    if view.receiving.id == view.competent.id {
        view.receiving.unit.name.clone()
    } else {
        format!("{} nhận, {} giải quyết", view.receiving.unit.name, view.competent.unit.name)
    }
}

fn next_act(view: &DossierView, actor: &Actor) -> NextAct {
    let dossier = &view.dossier;
    let step = view.present_step();
    let mine = dossier.state.officer().is_some() && dossier.state.officer() == actor.officer();
    let waiting = matches!(
        dossier.state,
        Standing::Received { .. } | Standing::InProcess(AtStep { officer: None, .. })
    );
    let working = view.may_do_step && mine && matches!(dossier.state, Standing::InProcess(_));
    let handing_over = view.may_do_step && matches!(dossier.state, Standing::Done { .. });
    let result = dossier.state.result().and_then(|id| view.results.iter().find(|result| result.id == id));
    let choice = |id: &String| {
        let name = view.procedure.process.step(id).map(|step| step.name.clone());
        Choice::new(id, name.unwrap_or_else(|| id.clone()))
    };
    NextAct {
        sentence: sentence(view),
        may_take: waiting && view.may_do_step,
        task: match step.filter(|_| working || handing_over).map(|step| step.task) {
            Some(StepTask::Assign) => "assign",
            Some(StepTask::Examine) => "examine",
            Some(StepTask::Verify) => "verify",
            Some(StepTask::Draft) => "draft",
            Some(StepTask::Approve) => "approve",
            Some(StepTask::Sign) => "sign",
            Some(StepTask::Seal) => "seal",
            Some(StepTask::HandOver) => "hand_over",
            None => "",
        },
        ways: step.map(|step| step.next.iter().map(choice).collect()).unwrap_or_default(),
        back: step
            .filter(|_| working)
            .map(|step| step.back_to.iter().map(choice).collect())
            .unwrap_or_default(),
        sha256: result.map(|result| result.state.pdf().sha256.clone()).unwrap_or_default(),
        result: result.map(|result| result.id.to_string()).unwrap_or_default(),
        has_draft: result.is_some(),
    }
}

/// Who acts next, and by when.
fn sentence(view: &DossierView) -> String {
    let dossier = &view.dossier;
    let holding = &view.holding.unit.name;
    match &dossier.state {
        Standing::Preparing => "Đang lập tại quầy, chưa tiếp nhận.".to_owned(),
        Standing::NotReceived { .. } => "Đã từ chối tiếp nhận; không còn việc gì phải làm.".to_owned(),
        Standing::Withdrawn { .. } => "Người nộp đã rút hồ sơ; trả lại bản chính.".to_owned(),
        Standing::HandedOver { .. } => "Đã trả kết quả; không còn việc gì phải làm.".to_owned(),
        Standing::AwaitingSupplement { .. } => "Chờ người nộp bổ sung. Thời hạn đang tạm dừng.".to_owned(),
        Standing::Submitted { answer_by } => {
            format!("Mới gửi đến, phải trả lời người nộp trước {}.", words::moment(answer_by.at))
        }
        Standing::AwaitingPapers { until, .. } => {
            format!("Chờ người nộp hoàn thiện hồ sơ đến {}.", words::moment(until.at))
        }
        Standing::AwaitingPayment { notice, until, .. } => format!(
            "Chờ người nộp thực hiện nghĩa vụ tài chính ({}) đến {}.",
            words::money(notice.amount),
            words::moment(until.at)
        ),
        Standing::Halted { reason, until, .. } => {
            format!("Tạm dừng giải quyết đến {}: {reason}.", words::moment(until.at))
        }
        Standing::Stopped { .. } => "Đã dừng giải quyết; không còn việc gì phải làm.".to_owned(),
        Standing::AwaitingParts { .. } => "Chờ kết quả của phần việc liên thông trước.".to_owned(),
        Standing::Mirrored { system, status, .. } => format!("{system} đang giải quyết: {status}."),
        Standing::Received { step }
        | Standing::Done { step, .. }
        | Standing::InProcess(AtStep { step, officer: None, .. }) => {
            format!("Chờ {} ở bước “{}”.", role_at(view, step, holding), view.named_step(step))
        }
        Standing::InProcess(AtStep { step, officer: Some(officer), .. }) => {
            format!("{} đang làm bước “{}”.", view.officer(*officer), view.named_step(step))
        }
    }
}

fn role_at(view: &DossierView, step: &str, holding: &str) -> String {
    let role = view.procedure.process.step(step).map_or("", |step| words::role(step.role));
    format!("{} ({holding})", role.to_lowercase())
}

fn steps(view: &DossierView) -> Vec<StepMark> {
    let at = view.dossier.state.step();
    let finished = matches!(view.dossier.state, Standing::HandedOver { .. });
    let index = view.procedure.process.steps.iter().position(|step| Some(step.id.as_str()) == at);
    view.procedure
        .process
        .steps
        .iter()
        .enumerate()
        .map(|(number, step)| StepMark {
            label: step.name.clone(),
            state: match index {
                _ if finished => "done",
                Some(at) if number < at => "done",
                Some(at) if number == at => "current",
                _ => "todo",
            },
        })
        .collect()
}

fn papers(view: &DossierView) -> Vec<PaperRow> {
    let Some(case) = view.case() else { return Vec::new() };
    case.components
        .iter()
        .map(|component| {
            let supply = view.supply(&component.id);
            let record = view.record(&component.id);
            let reused = match supply {
                Supply::Reused { entry } => view.entry(*entry),
                _ => None,
            };
            let (tone, icon, state) = match (supply, record) {
                (Supply::Reused { .. }, _) => ("ok", "archive", "Dùng lại từ kho".to_owned()),
                (_, Some(record)) => {
                    let kind = record.state.kind();
                    let (tone, icon) = match kind {
                        "filed" => ("ok", "circle-check"),
                        "stuck" => ("bad", "circle-alert"),
                        "to_confirm" => ("warn", "eye"),
                        _ => ("info", "loader-circle"),
                    };
                    (tone, icon, words::record_state(kind).to_owned())
                }
                (Supply::Missing | Supply::NotApplicable, None) => {
                    ("plain", "minus", words::supply(supply).to_owned())
                }
                (supply, None) => ("ok", "circle-check", words::supply(supply).to_owned()),
            };
            let href = match (reused, record) {
                (Some(entry), _) => format!("/ho-so/{}/kho/{}", view.dossier.id, entry.id),
                (None, Some(record)) if record.state.pdf().is_some() => {
                    format!("/so-hoa/{}/tep", record.id)
                }
                _ => String::new(),
            };
            PaperRow {
                href,
                thumb_href: String::new(),
                title: component.name.clone(),
                detail: paper_detail(view, supply, record),
                tone,
                icon,
                state,
            }
        })
        .collect()
}

fn paper_detail(view: &DossierView, supply: &Supply, record: Option<&rules::scanning::Record>) -> String {
    let entry = match (supply, record.map(|record| &record.state)) {
        (Supply::Reused { entry }, _) | (_, Some(rules::scanning::RecordState::Filed { entry, .. })) => {
            view.entry(*entry)
        }
        _ => None,
    };
    if let Some(entry) = entry {
        let mut parts = vec![format!("mã số hóa {}", entry.code)];
        parts.extend(entry.fields.number.as_ref().map(|number| format!("số {number}")));
        parts.extend(entry.fields.issued_on.map(|day| format!("cấp {}", words::date(day))));
        return parts.join(" · ");
    }
    record
        .and_then(|record| record.state.reading())
        .map(|reading| format!("{} trang · {} chữ", reading.n_pages, reading.n_words))
        .unwrap_or_default()
}

fn results(view: &DossierView) -> Vec<ResultRow> {
    view.results
        .iter()
        .map(|result| {
            let name = view
                .procedure
                .result(&result.result_type)
                .map_or_else(|| result.result_type.clone(), |kind| kind.name.clone());
            let (detail, tone) = match &result.state {
                rules::signing::ResultState::Drafted { .. } => (String::new(), "plain"),
                rules::signing::ResultState::Signed { signed_at, .. } => {
                    (format!("ký lúc {}", words::moment(*signed_at)), "info")
                }
                rules::signing::ResultState::Sealed { number, issued_on, .. } => {
                    (format!("số {number} ngày {}", words::date(*issued_on)), "ok")
                }
            };
            ResultRow {
                href: format!("/ket-qua/{}/tep", result.id),
                title: name,
                detail,
                state: words::result_state(&result.state),
                tone,
            }
        })
        .collect()
}

fn timeline(view: &DossierView) -> Vec<EventRow> {
    view.timeline()
        .into_iter()
        .map(|(event, sentence)| {
            let (tone, icon) = look(&event.body.kind());
            EventRow {
                iso: event.happened_at.to_string(),
                time: words::moment(event.happened_at),
                tone,
                icon,
                text: upper_first(&sentence.what),
                who: sentence.who,
                note: String::new(),
            }
        })
        .collect()
}

fn look(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "dossier_received" => ("ok", "inbox"),
        "paper_signed" | "result_signed" => ("info", "signature"),
        "result_sealed" => ("ok", "stamp"),
        "paper_reused" | "paper_filed" | "result_filed" => ("ok", "archive"),
        "result_handed_over" => ("ok", "hand"),
        "file_rejected" | "paper_not_read" | "refused_at_counter" => ("bad", "circle-alert"),
        "supplement_asked" | "sent_back" | "withdrawn" => ("pause", "undo-2"),
        "paper_viewed" => ("plain", "eye"),
        "paper_read" => ("info", "scan-text"),
        _ => ("plain", "history"),
    }
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
