//! One intake: its components, its terms, and the two ways it ends at the counter.

use super::papers::{Card, of_component};
use crate::Web;
use crate::deed::Deed;
use crate::dossier::returning;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, new_key};
use crate::page::{Message, Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::Error;
use office::dossier::view::DossierView;
use rules::counter::{Refusal, RefusalReason, Supply};
use rules::dossier::{Receipt, ReturnWay, State as Standing};
use rules::id::{DossierId, PageId};
use rules::procedure::Channel;
use rules::words;

/// Where the papers that are brought go on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Put together at the counter.
    Desk,
    /// Sent online or by post, to be answered.
    Sent,
    /// Sent, and asked to be completed before it is received.
    Completed,
    /// Received, and papers were asked for since.
    Supplement,
}

impl Way {
    pub(super) fn of(state: &Standing) -> Option<Self> {
        match state {
            Standing::Preparing => Some(Self::Desk),
            Standing::Submitted { .. } => Some(Self::Sent),
            Standing::AwaitingPapers { .. } => Some(Self::Completed),
            Standing::AwaitingSupplement { .. } => Some(Self::Supplement),
            _ => None,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "counter/intake.html")]
struct Intake {
    shell: Shell,
    id: String,
    holder: String,
    holder_facts: String,
    procedure: String,
    code: String,
    way: Way,
    /// How it came and until when it is to be answered; empty where the applicant stands at the counter.
    answer: String,
    cases: Vec<Choice>,
    case_form: FormState,
    /// The cards, rendered: page and fragment are the same text.
    cards: Vec<String>,
    /// Whether several of them take pages, so that one stack can fill them.
    takes_stack: bool,
    limit: String,
    fee: String,
    reasons: Vec<Choice>,
    refuse_form: FormState,
    /// The ways in which he may have the result; empty where that is not asked here.
    returns: Vec<Choice>,
    return_form: FormState,
    keys: Vec<String>,
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: DossierId = place.id("id")?;
    let view = web.office.open_with_repository(&visitor.present.actor, id).await?;
    match view.dossier.state {
        ref state if Way::of(state).is_some() => {
            render(&web, &visitor, &view, StatusCode::OK, Vec::new(), None).await
        }
        _ => Ok(on_to(&web, &format!("/ho-so/{id}"), "")),
    }
}

/// The intake again, with what was wrong at the top.
pub(crate) async fn show_with(
    web: &Web,
    visitor: &Visitor,
    id: DossierId,
    faults: Vec<String>,
) -> Result<Response, Failure> {
    show_again(web, visitor, id, faults, None).await
}

/// The same, with what was typed on how the result returns.
async fn show_again(
    web: &Web,
    visitor: &Visitor,
    id: DossierId,
    faults: Vec<String>,
    typed: Option<FormState>,
) -> Result<Response, Failure> {
    let view = web.office.open_with_repository(&visitor.present.actor, id).await?;
    if Way::of(&view.dossier.state).is_none() {
        return Ok(on_to(web, &format!("/ho-so/{id}"), &faults.join(". ")));
    }
    render(web, visitor, &view, StatusCode::UNPROCESSABLE_ENTITY, faults, typed).await
}

/// The cards of the case's components, in the order of the law.
pub(crate) async fn cards(web: &Web, visitor: &Visitor, view: &DossierView) -> Result<Vec<Card>, Failure> {
    let Some(case) = view.case() else { return Ok(Vec::new()) };
    let ids: Vec<PageId> = view
        .components
        .iter()
        .filter_map(|component| match &component.supply {
            Supply::Pages { arrangement } => Some(arrangement.arrived.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    let mut reader = web.office.db.read().await?;
    let pages = store::counter::pages(&mut reader, &ids).await?;
    drop(reader);
    let today = web.office.clock.today();
    let csrf = &visitor.present.csrf;
    let mut cards: Vec<Card> = case
        .components
        .iter()
        .enumerate()
        .map(|(index, component)| of_component(view, component, &pages, csrf, today, index + 1))
        .collect();
    for (index, card) in cards.iter_mut().filter(|card| !card.offers.is_empty()).take(9).enumerate() {
        card.hotkey = format!("Alt+{}", index + 1);
    }
    Ok(cards)
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    view: &DossierView,
    status: StatusCode,
    faults: Vec<String>,
    typed: Option<FormState>,
) -> Result<Response, Failure> {
    let way = Way::of(&view.dossier.state).ok_or_else(Failure::not_found)?;
    let case = view.case().ok_or_else(Failure::not_found)?;
    let terms = case.terms(view.dossier.channel).ok_or_else(Failure::not_found)?;
    let cards = cards(web, visitor, view).await?;
    let takes_stack = cards.iter().filter(|card| card.takes_pages).count() > 1;
    let cards = cards
        .iter()
        .map(|card| card.render().map_err(|error| Failure::from(Error::broken(error))))
        .collect::<Result<Vec<_>, Failure>>()?;
    let mut shell = shell(web, visitor, "/quay").await?;
    shell.flash.extend(faults.into_iter().map(Message::bad));
    let holder = &view.holder;
    let mut facts: Vec<String> = holder.numbers.iter().map(|number| number.number.clone()).collect();
    facts.extend(holder.born_on.map(|day| format!("sinh {}", words::date(day))));
    facts.extend([holder.address.clone(), holder.phone.clone()].into_iter().filter(|f| !f.is_empty()));
    let fee: i64 = terms.fees.iter().map(|fee| fee.amount).sum();
    let page = Intake {
        shell,
        id: view.dossier.id.to_string(),
        holder: holder.name.clone(),
        holder_facts: facts.join(" · "),
        procedure: view.procedure.name.clone(),
        code: view.procedure.code.to_string(),
        way,
        answer: match &view.dossier.state {
            Standing::Submitted { answer_by } => format!(
                "{}, trả lời trước {}",
                words::channel(view.dossier.channel),
                words::moment(answer_by.at)
            ),
            _ => String::new(),
        },
        cases: view
            .procedure
            .cases
            .iter()
            .filter(|case| case.terms(view.dossier.channel).is_some())
            .map(|case| Choice::new(&case.id, &case.name))
            .collect(),
        case_form: FormState::default().with("truong-hop", &case.id),
        cards,
        takes_stack,
        limit: words::limit(terms.limit),
        fee: words::money(fee),
        reasons: RefusalReason::ALL
            .into_iter()
            .map(|reason| Choice::new(reason_value(reason), words::refusal_reason(reason)))
            .collect(),
        refuse_form: FormState::default(),
        returns: if matches!(way, Way::Desk | Way::Sent) { returning::choices() } else { Vec::new() },
        return_form: typed.unwrap_or_else(|| returning::at_first(&view.return_way(), &holder.address)),
        keys: (0..4).map(|_| new_key()).collect(),
    };
    Ok(show_as(web, status, &page))
}

fn reason_value(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::NotCompetent => "not_competent",
        RefusalReason::NotEntitled => "not_entitled",
        RefusalReason::Incomplete => "incomplete",
        RefusalReason::Forged => "forged",
        RefusalReason::Other => "other",
    }
}

pub(crate) async fn choose_case(deed: Deed) -> Result<Response, Failure> {
    deed.office().choose_case(&deed.by(), deed.id, deed.get("truong-hop"), true).await?;
    Ok(on_to(&deed.web, &format!("/quay/{}", deed.id), ""))
}

/// Receives the dossier and goes on to it: the receipt is there to be printed.
pub(crate) async fn receive(deed: Deed) -> Result<Response, Failure> {
    // On the heap: as large as a whole view of the dossier.
    let done = match Box::pin(return_chosen(&deed)).await {
        Ok(()) => deed.office().receive(&deed.by(), deed.id).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let view = deed.office().open_with_repository(&deed.visitor.present.actor, deed.id).await?;
            let told = match view.dossier.receipt() {
                Some(Receipt::OnRequest) => {
                    "Đã tiếp nhận, trả kết quả trong ngày. Chỉ in giấy tiếp nhận khi người nộp yêu cầu."
                }
                Some(Receipt::Given) | None => "Đã tiếp nhận. In giấy tiếp nhận cho người nộp.",
            };
            Ok(deed.to_dossier(told))
        }
        Err(error) => refuse_on_page(&deed, error).await,
    }
}

/// Keeps how the applicant wants the result, where that was not known.
async fn return_chosen(deed: &Deed) -> Result<(), Error> {
    let Some(wanted) = returning::read(deed.get("cach-nhan"), deed.get("dia-chi-nhan")) else {
        return Ok(());
    };
    let view = deed.office().dossier_view(&deed.visitor.present.actor, deed.id).await?;
    // Who stands at the counter fetches his result there: that goes without saying.
    let usual = (view.dossier.channel == Channel::Direct).then_some(&ReturnWay::Counter);
    if view.dossier.life.return_way.as_ref().or(usual) == Some(&wanted) {
        return Ok(());
    }
    deed.office().choose_return_way(&deed.by(), deed.id, wanted).await
}

pub(crate) async fn refuse(deed: Deed) -> Result<Response, Failure> {
    let chosen = deed.get("ly-do");
    let reason = RefusalReason::ALL.into_iter().find(|&reason| reason_value(reason) == chosen);
    let Some(reason) = reason else {
        return show_with(&deed.web, &deed.visitor, deed.id, vec!["Chọn lý do từ chối".to_owned()]).await;
    };
    let refusal = Refusal { reason, explanation: rules::text::nfc(deed.get("giai-thich")) };
    match deed.office().refuse_at_counter(&deed.by(), deed.id, refusal).await {
        Ok(()) => Ok(deed.to_dossier("Đã từ chối. In phiếu từ chối cho người nộp.")),
        Err(error) => refuse_on_page(&deed, error).await,
    }
}

/// What was asked for before the dossier was received has come; it is to be answered anew.
pub(crate) async fn papers_brought(deed: Deed) -> Result<Response, Failure> {
    match deed.office().papers_brought(&deed.by(), deed.id).await {
        Ok(()) => {
            let said = "Đã ghi người nộp gửi giấy hoàn thiện. Đủ thì tiếp nhận.";
            Ok(on_to(&deed.web, &format!("/quay/{}", deed.id), said))
        }
        Err(error) => refuse_on_page(&deed, error).await,
    }
}

pub(crate) async fn supplement_received(deed: Deed) -> Result<Response, Failure> {
    match deed.office().supplement_received(&deed.by(), deed.id).await {
        Ok(()) => Ok(deed.to_dossier("Đã nhận đủ bổ sung. Thời hạn tính lại từ đầu.")),
        Err(error) => refuse_on_page(&deed, error).await,
    }
}

async fn refuse_on_page(deed: &Deed, error: Error) -> Result<Response, Failure> {
    let refusal = refused(error)?;
    let view = deed.office().open_with_repository(&deed.visitor.present.actor, deed.id).await?;
    let sentences = refusal.sentences_of(&view);
    let typed = (!deed.get("cach-nhan").is_empty()).then(|| deed.posted.state());
    show_again(&deed.web, &deed.visitor, deed.id, sentences, typed).await
}
