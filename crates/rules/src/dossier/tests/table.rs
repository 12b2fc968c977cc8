//! What may happen to a dossier and what may not, in every state.

use super::{setting, states};
use crate::dossier::testing::{Act, broken};
use crate::dossier::{Dossier, Refused};
use crate::sample::{procedure, terms};
use std::fmt::Write as _;

/// Each act, done as well as it can be done, in each state: the number of the state after it, or in a
/// word why not. `·` is "not in this state".
fn matrix(acts: &[(&str, Act)]) -> String {
    let mut matrix = format!("{:<15}", "");
    for (name, _) in acts {
        write!(matrix, "{name:>9}").expect("a string takes everything");
    }
    for (name, dossier) in states() {
        write!(matrix, "\n{name:<15}").expect("a string takes everything");
        for (act, perform) in acts {
            let cell = match perform.perform(dossier.clone(), setting(&procedure()), &mut |_| 0) {
                Ok((after, _)) => {
                    assert_eq!(broken(&after, &procedure(), terms()), [""; 0], "{act} on {name}");
                    format!("→{}", after.state.number().unwrap_or(0))
                }
                Err(refused) => why_not(&dossier, &refused).to_owned(),
            };
            write!(matrix, "{cell:>9}").expect("a string takes everything");
        }
    }
    matrix
}

fn why_not(dossier: &Dossier, refused: &Refused) -> &'static str {
    match refused {
        Refused::NotInThisState(kind) => {
            assert_eq!(*kind, dossier.state.kind(), "it says where the dossier stands");
            "·"
        }
        Refused::ReadOnly => "read",
        Refused::NotThisStep { .. } => "step",
        Refused::NoSuchWay { .. } => "way",
        Refused::StepNotDone { .. } => "undone",
        Refused::SupplementAskedBefore => "once",
        Refused::NoSuchWait { .. } => "no wait",
        Refused::NotExpired | Refused::ConsultNotLate => "early",
        Refused::ClockStands => "stands",
        Refused::ConsultsOpen { .. } => "opinion",
        Refused::NoSuchConsultation
        | Refused::NoSuchReferral
        | Refused::NothingOwed
        | Refused::NoPartToDecide => "none",
        Refused::WrongAmount { .. } => "paid",
        Refused::PartsNotReady { .. } => "parts",
        Refused::GoesWithTheWhole => "whole",
        Refused::ChannelNotOffered => "counter",
        other => panic!("{other:?}"),
    }
}

const RECEIVING: [(&str, Act); 11] = [
    ("case", Act::ChooseCase),
    ("return", Act::ChooseReturnWay),
    ("submit", Act::Submit),
    ("receive", Act::Receive),
    ("refuse", Act::Refuse),
    ("papers", Act::AskPapers),
    ("brought", Act::PapersBrought),
    ("transfer", Act::Transfer),
    ("begin", Act::StartPart),
    ("fee", Act::CollectFee),
    ("mirror", Act::Mirror),
];

const WORKING: [(&str, Act); 11] = [
    ("take", Act::Take),
    ("assign", Act::Assign),
    ("hand on", Act::Reassign),
    ("finish", Act::Finish),
    ("back", Act::SendBack),
    ("draft", Act::Draft),
    ("sign", Act::Sign),
    ("seal", Act::Seal),
    ("consult", Act::Consult),
    ("answer", Act::Answer),
    ("lapse", Act::Lapse),
];

const WAITING: [(&str, Act); 9] = [
    ("ask", Act::AskSupplement),
    ("got", Act::SupplementReceived),
    ("owe", Act::AskPayment),
    ("paid", Act::PaymentReceived),
    ("halt", Act::Halt),
    ("resume", Act::Resume),
    ("expire", Act::Expire),
    ("extend", Act::Extend),
    ("stop", Act::Stop),
];

const ENDING: [(&str, Act); 9] = [
    ("wish", Act::AskWithdrawal),
    ("withdraw", Act::Withdraw),
    ("… part", Act::WithdrawPart),
    ("hand", Act::HandOver),
    ("… part", Act::HandOverPart),
    ("correct", Act::Correct),
    ("annul", Act::Annul),
    ("let part", Act::LetPartBegin),
    ("stop it", Act::StopPart),
];

#[test]
fn each_state_allows_these_acts_and_no_others() {
    insta::assert_snapshot!(matrix(&RECEIVING), @r"
                        case   return   submit  receive   refuse   papers  brought transfer    begin      fee   mirror
    preparing             →0       →0  counter       →2       →3        ·        ·        ·        ·        ·       →4
    … online              →0       →0       →1        ·       →3        ·        ·        ·        ·        ·       →4
    submitted              ·       →1        ·       →2       →3       →5        ·        ·        ·        ·        ·
    awaiting papers        ·       →5        ·       →2        ·        ·       →1        ·        ·        ·        ·
    not received           ·        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·
    received               ·       →2        ·        ·        ·        ·        ·       →4        ·       →2        ·
    awaiting parts         ·    whole        ·        ·        ·        ·        ·        ·       →2     paid        ·
    nobody has it          ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    examine                ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … supplemented         ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … clock stands         ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … asked                ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … must ask             ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    draft                  ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … drafted              ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … correcting           ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … of a whole           ·    whole        ·        ·        ·        ·        ·        ·        ·       →4        ·
    sign                   ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … no draft             ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    seal                   ·       →4        ·        ·        ·        ·        ·        ·        ·       →4        ·
    awaiting paper         ·       →5        ·        ·        ·        ·        ·        ·        ·       →5        ·
    awaiting money         ·       →6        ·        ·        ·        ·        ·        ·        ·       →6        ·
    halted                 ·       →8        ·        ·        ·        ·        ·        ·        ·       →8        ·
    stopped                ·        ·        ·        ·        ·        ·        ·        ·        ·     none        ·
    withdrawn              ·        ·        ·        ·        ·        ·        ·        ·        ·     none        ·
    done                   ·       →9        ·        ·        ·        ·        ·        ·        ·       →9        ·
    … in parts             ·       →9        ·        ·        ·        ·        ·        ·        ·       →9        ·
    … of a whole           ·    whole        ·        ·        ·        ·        ·        ·        ·       →9        ·
    handed over            ·        ·        ·        ·        ·        ·        ·        ·        ·      →10        ·
    … annulled             ·        ·        ·        ·        ·        ·        ·        ·        ·      →10        ·
    mirrored            read     read     read     read     read     read     read     read     read     read       →4
    ");
    insta::assert_snapshot!(matrix(&WORKING), @r"
                        take   assign  hand on   finish     back    draft     sign     seal  consult   answer    lapse
    preparing              ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    … online               ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    submitted              ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    awaiting papers        ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    not received           ·        ·        ·        ·        ·        ·        ·        ·        ·        ·     none
    received              →4       →4        ·        ·        ·        ·        ·        ·        ·     none     none
    awaiting parts         ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    nobody has it         →4       →4        ·        ·        ·        ·        ·        ·        ·     none     none
    examine                ·        ·       →4       →4      way     step     step     step       →4     none     none
    … supplemented         ·        ·       →4       →4      way     step     step     step       →4     none     none
    … clock stands         ·        ·       →4  opinion      way     step     step     step       →4       →4    early
    … asked                ·        ·       →4  opinion      way     step     step     step       →4       →4    early
    … must ask             ·        ·       →4  opinion       →4     step     step     step       →4     none     none
    draft                  ·        ·       →4   undone       →4       →4     step     step       →4     none     none
    … drafted              ·        ·       →4       →4       →4       →4     step     step       →4     none     none
    … correcting           ·        ·       →4   undone       →4       →4     step     step       →4     none     none
    … of a whole           ·        ·       →4       →4       →4       →4     step     step       →4     none     none
    sign                   ·        ·       →4   undone       →4     step       →4     step       →4     none     none
    … no draft             ·        ·       →4   undone       →4     step   undone     step       →4     none     none
    seal                   ·        ·       →4   undone      way     step     step       →9       →4     none     none
    awaiting paper         ·        ·       →5        ·        ·        ·        ·        ·        ·     none     none
    awaiting money         ·        ·       →6        ·        ·        ·        ·        ·        ·     none     none
    halted                 ·        ·       →8        ·        ·        ·        ·        ·        ·     none     none
    stopped                ·        ·        ·        ·        ·        ·        ·        ·        ·        ·     none
    withdrawn              ·        ·        ·        ·        ·        ·        ·        ·        ·        ·     none
    done                   ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    … in parts             ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    … of a whole           ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    handed over            ·        ·        ·        ·        ·        ·        ·        ·        ·        ·     none
    … annulled             ·        ·        ·        ·        ·        ·        ·        ·        ·        ·     none
    mirrored            read     read     read     read     read     read     read     read     read     read     none
    ");
    insta::assert_snapshot!(matrix(&WAITING), @r"
                         ask      got      owe     paid     halt   resume   expire   extend     stop
    preparing              ·        ·        ·        ·        ·        ·        ·        ·        ·
    … online               ·        ·        ·        ·        ·        ·        ·        ·        ·
    submitted              ·        ·        ·        ·        ·        ·        ·        ·        ·
    awaiting papers        ·        ·        ·        ·        ·        ·    early        ·        ·
    not received           ·        ·        ·        ·        ·        ·        ·        ·        ·
    received               ·        ·        ·        ·        ·        ·        ·       →2       →8
    awaiting parts         ·        ·        ·        ·        ·        ·        ·        ·        ·
    nobody has it          ·        ·        ·        ·        ·        ·        ·       →4       →8
    examine               →5        ·  no wait        ·       →8        ·        ·       →4       →8
    … supplemented      once        ·  no wait        ·       →8        ·        ·       →4       →8
    … clock stands        →5        ·  no wait        ·       →8        ·        ·   stands       →8
    … asked               →5        ·  no wait        ·       →8        ·        ·       →4       →8
    … must ask            →5        ·  no wait        ·       →8        ·        ·       →4       →8
    draft                 →5        ·       →6        ·       →8        ·        ·       →4       →8
    … drafted             →5        ·       →6        ·       →8        ·        ·       →4       →8
    … correcting          →5        ·       →6        ·       →8        ·        ·       →4      →10
    … of a whole          →5        ·       →6        ·       →8        ·        ·       →4       →8
    sign             no wait        ·  no wait        ·  no wait        ·        ·       →4       →8
    … no draft       no wait        ·  no wait        ·  no wait        ·        ·       →4       →8
    seal             no wait        ·  no wait        ·  no wait        ·        ·       →4       →8
    awaiting paper         ·       →4        ·        ·        ·        ·    early        ·        ·
    awaiting money         ·        ·        ·       →4        ·        ·    early        ·        ·
    halted                 ·        ·        ·        ·        ·       →4    early        ·       →8
    stopped                ·        ·        ·        ·        ·        ·        ·        ·        ·
    withdrawn              ·        ·        ·        ·        ·        ·        ·        ·        ·
    done                   ·        ·        ·        ·        ·        ·        ·        ·        ·
    … in parts             ·        ·        ·        ·        ·        ·        ·        ·        ·
    … of a whole           ·        ·        ·        ·        ·        ·        ·        ·        ·
    handed over            ·        ·        ·        ·        ·        ·        ·        ·        ·
    … annulled             ·        ·        ·        ·        ·        ·        ·        ·        ·
    mirrored            read     read     read     read     read     read     read     read     read
    ");
    insta::assert_snapshot!(matrix(&ENDING), @r"
                        wish withdraw   … part     hand   … part  correct    annul let part  stop it
    preparing              ·       →7        ·        ·        ·        ·        ·     none        ·
    … online               ·        ·        ·        ·        ·        ·        ·     none        ·
    submitted             →1       →7        ·        ·        ·        ·        ·     none        ·
    awaiting papers       →5       →7        ·        ·        ·        ·        ·     none        ·
    not received           ·        ·        ·        ·        ·        ·        ·     none        ·
    received              →2       →7        ·        ·        ·        ·        ·     none        ·
    awaiting parts         ·        ·       →7        ·        ·        ·        ·     none       →8
    nobody has it         →4       →7        ·        ·        ·        ·        ·     none        ·
    examine               →4       →7        ·        ·        ·        ·        ·     none        ·
    … supplemented        →4       →7        ·        ·        ·        ·        ·     none        ·
    … clock stands        →4       →7        ·        ·        ·        ·        ·     none        ·
    … asked               →4       →7        ·        ·        ·        ·        ·     none        ·
    … must ask            →4       →7        ·        ·        ·        ·        ·     none        ·
    draft                 →4       →7        ·        ·        ·        ·        ·     none        ·
    … drafted             →4       →7        ·        ·        ·        ·        ·     none        ·
    … correcting           ·        ·        ·        ·        ·        ·        ·     none        ·
    … of a whole       whole    whole       →7        ·        ·        ·        ·     none       →8
    sign                  →4       →7        ·        ·        ·        ·        ·     none        ·
    … no draft            →4       →7        ·        ·        ·        ·        ·     none        ·
    seal                  →4       →7        ·        ·        ·        ·        ·     none        ·
    awaiting paper        →5       →7        ·        ·        ·        ·        ·     none        ·
    awaiting money        →6       →7        ·        ·        ·        ·        ·     none        ·
    halted                →8       →7        ·        ·        ·        ·        ·     none        ·
    stopped                ·        ·        ·        ·        ·        ·        ·     none        ·
    withdrawn              ·        ·        ·        ·        ·        ·        ·     none        ·
    done                   ·        ·        ·      →10        ·        ·        ·     none        ·
    … in parts             ·        ·        ·    parts        ·        ·        ·     none        ·
    … of a whole           ·        ·        ·    whole      →10        ·        ·     none        ·
    handed over            ·        ·        ·        ·        ·       →4      →10     none        ·
    … annulled             ·        ·        ·        ·        ·        ·        ·     none        ·
    mirrored            read     read     read     read     read     read     read     none     read
    ");
    let mut shown: Vec<Act> =
        [&RECEIVING[..], &WORKING, &WAITING, &ENDING].concat().into_iter().map(|(_, act)| act).collect();
    shown.sort_unstable();
    assert_eq!(shown, Act::ALL, "every act stands in one of the tables");
    let kinds: std::collections::BTreeSet<_> =
        states().into_iter().map(|(_, dossier)| dossier.state.kind()).collect();
    assert_eq!(kinds.len(), 15, "every state is there: {kinds:?}");
}
