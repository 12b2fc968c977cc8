//! The dossier's page: what it is, what is to be done at its present step, what else may be done, and what
//! happened. The inbox is in [`inbox`].

pub(crate) mod acts;
pub(crate) mod alarms;
mod both;
pub(crate) mod bulk;
pub(crate) mod draft;
mod giving;
pub(crate) mod inbox;
pub(crate) mod marks;
pub(crate) mod narrowing;
mod next;
pub(crate) mod notes;
pub(crate) mod offers;
mod papers;
pub(crate) mod posting;
pub(crate) mod returning;
pub(crate) mod slips;
pub(crate) mod supplement;
pub(crate) mod views;
pub(crate) mod why;
pub(crate) mod writing;

use crate::Web;
use crate::access::{ACTS, COUNTER, CUSTODY, PAPERS, QUEUE, WAITING};
use crate::custody::folder::{Whereabouts, whereabouts};
use crate::error::Failure;
use crate::form::{Choice, FormState, new_key, query_value};
use crate::page::{Message, Place, Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use giving::{GivenRow, fee_receipts, given, lent};
use inbox::mark;
use marks::Shown;
use next::{NextAct, next_act};
use notes::Notes;
use offers::ActForm;
use office::dossier::view::DossierView;
use papers::{PaperRow, Viewer, papers};
use rules::dossier::writing::WritingForm;
use rules::dossier::{Dossier, State as Standing};
use rules::id::DossierId;
use rules::measure::due_mark;
use rules::people::{Actor, Role};
use rules::words;
use writing::Kept;

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
    /// By what it is read in an emergency; empty where it is seen anyway.
    glass: String,
    next: NextAct,
    steps: Vec<StepMark>,
    papers: Vec<PaperRow>,
    viewer: Viewer,
    results: Vec<ResultRow>,
    /// What differs in the draft or the signed paper; only where there is one.
    marks: Option<Shown>,
    /// The opinion at the step, kept while it is typed.
    opinion: Kept,
    /// Only for officers.
    notes: Option<Notes>,
    note_key: String,
    next_href: String,
    timeline: Vec<EventRow>,
    has_slips: bool,
    has_receipt: bool,
    has_refusal: bool,
    has_supplement: bool,
    /// What the counter does with papers that come now; empty where none may come.
    bring: &'static str,
    has_apology: bool,
    has_stop_notice: bool,
    /// The components whose papers go back with the result.
    lent: Vec<Choice>,
    /// Who took results at the counter.
    given: Vec<GivenRow>,
    may_keep_sheet: bool,
    /// How the applicant wants the result, and the word of a form for it; empty where he was not asked.
    wants: String,
    return_way: &'static str,
    /// May send results by post, many at once.
    may_bundle: bool,
    /// The receipts of fees, each with its address.
    fee_receipts: Vec<(String, String)>,
    /// Where its paper is.
    folder: Option<Whereabouts>,
    may_open_folder: bool,
    folder_idem: String,
    /// What else may be done.
    others: Vec<ActForm>,
    form: FormState,
    keys: Vec<String>,
}

#[derive(Debug)]
struct StepMark {
    label: String,
    state: &'static str,
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
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let query = query.as_deref();
    let at = At { page: query_value(query, "trang"), kept: query_value(query, "nhap") };
    render_at(&web, &visitor, id, StatusCode::OK, Vec::new(), FormState::default(), at).await
}

/// Where in the page somebody is: which page of the papers, and which kept prose he goes on with.
#[derive(Default)]
struct At {
    page: String,
    kept: String,
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
    render_at(web, visitor, id, status, faults, form, At::default()).await
}

async fn render_at(
    web: &Web,
    visitor: &Visitor,
    id: DossierId,
    status: StatusCode,
    faults: Vec<String>,
    form: FormState,
    at: At,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let (view, glass) = web.office.open_page(actor, id).await?;
    // Who has it open in an emergency reads: what he would be refused is not offered.
    let reads_only = glass.is_some();
    let dossier = &view.dossier;
    let (mark, mark_text) = mark(due_mark(dossier, web.office.clock.now(), web.office.clock.today()));
    let mut shell = shell(web, visitor, if reads_only { "/mo-khan-cap" } else { "/viec" }).await?;
    shell.flash.extend(faults.into_iter().map(Message::bad));
    let holder = &view.holder;
    let mut facts: Vec<String> = holder.numbers.iter().map(|number| number.number.clone()).collect();
    facts.extend(holder.born_on.map(|day| format!("sinh {}", words::date(day))));
    facts.extend([holder.address.clone(), holder.phone.clone()].into_iter().filter(|f| !f.is_empty()));
    let offered =
        if ACTS.admits(actor) && !reads_only { web.office.offers(actor, &view).await? } else { Vec::new() };
    let others = offers::forms(offered, &view, &form);
    let (opinion, form) = Kept::open(web, actor, WritingForm::Opinion, id, "", &at.kept, form).await?;
    // Who sees a closed dossier only through its successors reads no notes of it.
    let (notes, form) = if PAPERS.admits(actor) && office::dossier::may_see(actor, dossier).is_ok() {
        let (notes, form) = Notes::open(web, actor, &view, &at.kept, form).await?;
        (Some(notes), form)
    } else {
        (None, form)
    };
    let folder = if reads_only { None } else { whereabouts(web, id).await? };
    let lent = lent(web, &view).await?;
    let given = if reads_only { Vec::new() } else { given(web, &view).await? };
    let page = Show {
        shell,
        may_open_folder: !reads_only && folder.is_none() && has_paper(&view) && CUSTODY.admits(actor),
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
        glass: glass
            .map(|glass| words::glass::why(glass.ends_at, &view.competent.unit.name))
            .unwrap_or_default(),
        next: next_act(&view, actor),
        steps: steps(&view),
        papers: papers(&view),
        viewer: Viewer::of(&view, &at.page),
        results: results(&view),
        marks: marks_of(web, actor, &view).await?,
        opinion,
        notes,
        note_key: new_key(),
        next_href: if WAITING.admits(actor) { format!("/viec/tiep-theo?tru={id}") } else { String::new() },
        timeline: timeline(&view),
        has_slips: !reads_only && has_slips(dossier),
        has_receipt: dossier.code.is_some(),
        has_refusal: matches!(dossier.state, Standing::NotReceived { .. }),
        bring: if COUNTER.admits(actor) { bring(&dossier.state) } else { "" },
        has_supplement: !reads_only
            && matches!(dossier.state, Standing::AwaitingSupplement { .. } | Standing::AwaitingPapers { .. }),
        has_apology: dossier.life.n_extensions > 0,
        has_stop_notice: matches!(dossier.state, Standing::Halted { .. } | Standing::Stopped { .. }),
        lent,
        given,
        may_keep_sheet: actor.right_for_any(&Role::AT_COUNTER, dossier.scope.receiving, dossier).is_ok(),
        wants: dossier.life.return_way.as_ref().map(words::way_out::wanted).unwrap_or_default(),
        return_way: dossier.life.return_way.as_ref().map_or("", returning::word_of),
        may_bundle: QUEUE.admits(actor),
        fee_receipts: fee_receipts(&view),
        others,
        form,
        keys: (0..3).map(|_| new_key()).collect(),
    };
    Ok(show_as(web, status, &page))
}

/// Is there anything to print yet?
fn has_slips(dossier: &Dossier) -> bool {
    let is_answered = matches!(dossier.state, Standing::NotReceived { .. } | Standing::AwaitingPapers { .. });
    dossier.code.is_some() || is_answered
}

fn bring(state: &Standing) -> &'static str {
    match state {
        Standing::Preparing => "Lập tiếp tại quầy",
        Standing::Submitted { .. } => "Đưa giấy vào, trả lời người nộp",
        Standing::AwaitingPapers { .. } => "Nhận giấy hoàn thiện",
        Standing::AwaitingSupplement { .. } => "Nhận giấy bổ sung",
        _ => "",
    }
}

/// What differs in the draft or the signed paper, for whom the dossier is work.
async fn marks_of(web: &Web, actor: &Actor, view: &DossierView) -> Result<Option<Shown>, Failure> {
    let dossier = &view.dossier;
    if dossier.state.result().is_none() || actor.may_see(dossier).is_err() || !PAPERS.admits(actor) {
        return Ok(None);
    }
    let context = web.office.result_context(actor, dossier.id, None).await?;
    Ok(web.office.marks_of(actor, &context).await?.map(Shown::from))
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
                text: words::upper_first(&sentence.what),
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
