//! Who may do what, said once more and as plainly as possible: what `rules` and the acts decide is held
//! against this table. It says who may, not whether it may be done now.

use super::town::{Town, has_post};
use office::By;
use office::dossier::act::{Act, MarkWord};
use rules::dossier::Dossier;
use rules::id::AgencyId;
use rules::people::Role;
use rules::procedure::StepTask;

/// Might this officer do this act on the dossier as it stands?
pub(super) fn may(town: &Town, by: &By, dossier: &Dossier, act: &Act) -> bool {
    let receives = |role| has_post(by, dossier.scope.receiving, role);
    let counter = receives(Role::Counter) || receives(Role::PostOffice);
    let sends = counter || receives(Role::Gateway);
    let leader = has_post(by, dossier.scope.competent, Role::Leader);
    let at_step = is_at_step(town, by, dossier);
    match act {
        Act::ChooseCase { .. }
        | Act::ChooseReturnWay { .. }
        | Act::Mark { mark: MarkWord::Missing | MarkWord::NotApplicable, .. }
        | Act::Reuse { .. }
        | Act::DeclineReuse { .. }
        | Act::Arrange { .. }
        | Act::UndoArrangement { .. }
        | Act::Submit
        | Act::PapersBrought
        | Act::SupplementReceived
        | Act::PaymentReceived { .. }
        | Act::AskWithdrawal { .. } => sends,
        Act::Mark { mark: MarkWord::Shown | MarkWord::OnPaper, .. }
        | Act::CountSides { .. }
        | Act::Receive
        | Act::Refuse { .. }
        | Act::Transfer
        | Act::CollectFee { .. }
        | Act::Withdraw { .. } => counter,
        Act::AskPapers { exception, .. } => {
            if is_said(exception.as_ref()) {
                leader
            } else {
                counter
            }
        }
        Act::AskSupplement { exception, .. } => {
            if is_said(exception.as_ref()) {
                leader
            } else {
                at_step
            }
        }
        Act::Take
        | Act::FinishStep { .. }
        | Act::SendBack { .. }
        | Act::AskPayment { .. }
        | Act::Halt { .. }
        | Act::Resume
        | Act::ConsultAll
        | Act::Consult { .. }
        | Act::Lapse { .. }
        | Act::Draft { .. }
        | Act::Sign { .. }
        | Act::Seal { .. }
        | Act::HandOver { .. }
        | Act::Refer { .. }
        | Act::WriteNote { .. }
        | Act::StrikeNote { .. } => at_step,
        Act::Stop { .. }
        | Act::Extend { .. }
        | Act::GrantReferral { .. }
        | Act::DeclineReferral { .. }
        | Act::Correct { .. }
        | Act::Annul { .. }
        | Act::LetPartBegin { .. }
        | Act::StopPart { .. } => leader,
        Act::TakeBackReferral { .. } => {
            let referral = dossier.referral();
            referral.is_some_and(|referral| Some(referral.by) == by.actor.officer())
        }
        Act::Reassign { .. } => {
            town.step_of(dossier).is_some_and(|(_, agency)| has_post(by, agency, Role::Head))
        }
        Act::Assign { officer } => {
            let Some((step, agency)) = town.step_of(dossier) else { return false };
            let given = town.place_of(*officer).map(|place| &town.officers[place]);
            dossier.state.officer().is_none()
                && has_post(by, agency, Role::Head)
                && given.is_some_and(|given| has_post(given, agency, step.role))
        }
        Act::Answer { consultation, .. } => {
            let asked = dossier.life.consultations.iter().find(|asked| asked.id == *consultation);
            asked.is_some_and(|asked| speaks_for(by, asked.agency))
        }
    }
}

pub(super) fn speaks_for(by: &By, agency: AgencyId) -> bool {
    [Role::Specialist, Role::Head, Role::Leader].into_iter().any(|role| has_post(by, agency, role))
}

/// Holds the post of the step, and nobody else has the dossier in hand.
fn is_at_step(town: &Town, by: &By, dossier: &Dossier) -> bool {
    let Some((step, agency)) = town.step_of(dossier) else { return false };
    let in_hand = dossier.state.officer();
    // The post gives out what the counter gives out.
    let gives_out = step.task == StepTask::HandOver && step.role == Role::Counter;
    let has_role = has_post(by, agency, step.role) || gives_out && has_post(by, agency, Role::PostOffice);
    has_role && (in_hand.is_none() || in_hand == by.actor.officer())
}

fn is_said(reason: Option<&String>) -> bool {
    reason.is_some_and(|reason| !reason.trim().is_empty())
}
