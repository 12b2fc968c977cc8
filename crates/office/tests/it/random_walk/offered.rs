//! What a page offers is what the acts accept: an act that was accepted had been offered to whoever did it,
//! and one that asks for nothing is accepted where it is offered.

use super::{Answer, Deed, Try};
use crate::random_walk::town::Town;
use office::dossier::act::Act;
use office::dossier::offer::Offer;
use rules::dossier::Wish;

/// What is offered to the officer of an attempt just before it; none where the act has no offer, or he may
/// not see the dossier.
pub(super) async fn before(town: &Town, attempt: &Try) -> Option<Vec<Offer>> {
    let Deed::Act(id, act) = &attempt.deed else { return None };
    belongs_to(act)?;
    let actor = &town.officers[attempt.officer].actor;
    let view = town.office.dossier_view(actor, *id).await.ok()?;
    Some(town.office.offers(actor, &view).await.expect("offers"))
}

/// Fails where the answer is not what was offered.
pub(super) fn check(attempt: &Try, offers: &[Offer], answer: Answer) {
    let Deed::Act(_, act) = &attempt.deed else { return };
    let Some(is_its_offer) = belongs_to(act) else { return };
    let is_offered = offers.iter().any(|offer| is_its_offer(act, offer));
    match answer {
        Answer::Refused => {
            let asks_for_nothing = matches!(act, Act::Transfer | Act::Resume);
            assert!(!(is_offered && asks_for_nothing), "offered and refused: {attempt:?}");
        }
        _ => assert!(is_offered, "accepted and not offered: {attempt:?} of {offers:?}"),
    }
}

/// Whether an offer is for this act; none for acts that the work of a step does.
fn belongs_to(act: &Act) -> Option<fn(&Act, &Offer) -> bool> {
    Some(match act {
        Act::Transfer => |_, offer| *offer == Offer::Transfer,
        Act::AskPapers { .. } => |act, offer| {
            let Act::AskPapers { exception, .. } = act else { return false };
            *offer == Offer::AskPapers { by_leader: exception.is_some() }
        },
        // A leader may also give a reason where none is needed.
        Act::AskSupplement { exception: None, .. } => {
            |_, offer| *offer == Offer::AskSupplement { by_leader: false }
        }
        Act::PapersBrought => |_, offer| *offer == Offer::PapersBrought,
        Act::Assign { .. } => |_, offer| matches!(offer, Offer::Assign(_) | Offer::Reassign(_)),
        Act::AskPayment { .. } => |_, offer| *offer == Offer::AskPayment,
        Act::PaymentReceived { .. } => |_, offer| *offer == Offer::PaymentReceived,
        Act::ChooseReturnWay { .. } => |_, offer| *offer == Offer::ReturnWay,
        Act::Withdraw { .. } => |_, offer| matches!(offer, Offer::Withdraw(_)),
        Act::CollectFee { .. } => |_, offer| matches!(offer, Offer::CollectFee(_)),
        Act::Halt { .. } => |_, offer| *offer == Offer::Halt,
        Act::Resume => |_, offer| *offer == Offer::Resume,
        Act::Stop { .. } => |_, offer| *offer == Offer::Stop,
        Act::Extend { .. } => |_, offer| *offer == Offer::Extend,
        Act::Refer { wish: Wish::PutOff { .. }, .. } => |_, offer| *offer == Offer::ReferExtension,
        Act::Refer { wish: Wish::AskAgain { .. }, .. } => |_, offer| *offer == Offer::ReferSupplement,
        Act::GrantReferral { .. } => |_, offer| matches!(offer, Offer::AnswerReferral(_, true)),
        Act::DeclineReferral { .. } => |_, offer| matches!(offer, Offer::AnswerReferral(..)),
        Act::TakeBackReferral { .. } => |_, offer| matches!(offer, Offer::TakeBackReferral(_)),
        Act::ConsultAll => |_, offer| matches!(offer, Offer::ConsultAll(_)),
        Act::Consult { .. } => |_, offer| *offer == Offer::Consult,
        Act::Answer { .. } => |act, offer| {
            let Act::Answer { consultation, .. } = act else { return false };
            matches!(offer, Offer::Answer(asked) if asked.consultation == *consultation)
        },
        Act::Lapse { .. } => |act, offer| {
            let Act::Lapse { consultation } = act else { return false };
            matches!(offer, Offer::Lapse(asked) if asked.consultation == *consultation)
        },
        Act::Correct { .. } => |_, offer| *offer == Offer::Correct,
        Act::Annul { .. } => |_, offer| *offer == Offer::Annul,
        Act::LetPartBegin { .. } | Act::StopPart { .. } => |act, offer| {
            let (Act::LetPartBegin { part, .. } | Act::StopPart { part, .. }) = act else { return false };
            matches!(offer, Offer::DecidePart(blocked, _) if blocked == part)
        },
        _ => return None,
    })
}
