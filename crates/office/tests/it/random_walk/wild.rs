//! Acts drawn without regard to where the dossier stands, or to who does them: some fit by chance.

use super::town::Town;
use jiff::Timestamp;
use office::dossier::act::{Act, MarkWord};
use office::forms::Answers;
use rules::calendar::Limit;
use rules::counter::RefusalReason;
use rules::dossier::{Dossier, Fault, OpinionVerdict, ReturnWay, Wish};
use rules::event::{HandOverWay, SupplementItem};
use rules::id::{ConsultationId, DossierId, EntryId, OfficerId};
use rules::procedure::testing::Dice;
use uuid::Uuid;

const N_KINDS: usize = 38;

/// A word that may be said, may be empty, and may be anything.
fn text(dice: &mut Dice) -> String {
    let texts = ["", "  ", "có lý do", "\u{7}", "Lý do: “đơn thiếu chữ ký”", "không"];
    (*dice.one_of(&texts)).to_owned()
}

fn limit(dice: &mut Dice) -> Limit {
    let n = [0, 1, 3, 40, 4_000_000_000][dice.below(5)];
    match dice.below(4) {
        0 => Limit::WorkingHours(n),
        1 => Limit::WorkingDays(n),
        2 => Limit::CalendarDays(n),
        _ => Limit::SameDay,
    }
}

fn items(dice: &mut Dice) -> Vec<SupplementItem> {
    (0..dice.below(3)).map(|_| SupplementItem { component: component(dice), what: text(dice) }).collect()
}

fn component(dice: &mut Dice) -> String {
    (*dice.one_of(&["giay-0", "giay-1", "giay-2", "khong-co", ""])).to_owned()
}

fn exception(dice: &mut Dice) -> Option<String> {
    dice.once_in(2).then(|| text(dice))
}

fn officer(town: &Town, dice: &mut Dice) -> OfficerId {
    let known = dice.one_of(&town.officers).actor.officer();
    if dice.once_in(8) { OfficerId(Uuid::nil()) } else { known.expect("an officer of the town") }
}

fn consultation(dossier: &Dossier, dice: &mut Dice) -> ConsultationId {
    let asked = &dossier.life.consultations;
    asked.get(dice.below(asked.len() + 1)).map_or(ConsultationId(Uuid::nil()), |asked| asked.id)
}

fn part(dossier: &Dossier, dice: &mut Dice) -> DossierId {
    let parts = &dossier.life.parts;
    parts.get(dice.below(parts.len() + 1)).map_or(dossier.id, |part| part.dossier)
}

fn step(town: &Town, dossier: &Dossier, dice: &mut Dice) -> String {
    let steps = &town.procedure_of(dossier).process.steps;
    steps.get(dice.below(steps.len() + 1)).map_or_else(String::new, |step| step.id.clone())
}

fn amount(dice: &mut Dice) -> i64 {
    *dice.one_of(&[i64::MIN, -1, 0, 1, 5_000, i64::MAX])
}

pub(super) fn act(town: &Town, dice: &mut Dice, dossier: &Dossier) -> Act {
    match dice.below(N_KINDS) {
        0 => Act::ChooseCase { case: format!("truong-hop-{}", dice.below(4)), use_stored: false },
        1 => {
            let marks = [MarkWord::Missing, MarkWord::Shown, MarkWord::OnPaper, MarkWord::NotApplicable];
            Act::Mark { component: component(dice), mark: *dice.one_of(&marks) }
        }
        2 => Act::CountSides { component: component(dice), sides: dice.below(9) as u32 },
        3 => Act::Reuse { component: component(dice), entry: EntryId(Uuid::nil()) },
        4 => Act::Submit,
        5 => Act::Receive,
        6 => Act::Refuse { reason: *dice.one_of(&RefusalReason::ALL), explanation: text(dice) },
        7 => Act::AskPapers { items: items(dice), exception: exception(dice) },
        8 => Act::PapersBrought,
        9 => Act::Transfer,
        10 => Act::Take,
        11 => Act::Assign { officer: officer(town, dice) },
        12 => {
            let given = dice.once_in(2).then(|| officer(town, dice));
            Act::FinishStep { to: step(town, dossier, dice), opinion: text(dice), officer: given }
        }
        13 => Act::SendBack { to: step(town, dossier, dice), reason: text(dice) },
        14 => Act::AskSupplement { items: items(dice), exception: exception(dice) },
        15 => Act::SupplementReceived,
        16 => Act::AskPayment { number: text(dice), amount: amount(dice) },
        17 => Act::PaymentReceived { receipt: text(dice) },
        18 => Act::CollectFee { amount: amount(dice), receipt: text(dice), paid: None },
        19 => Act::Halt { reason: text(dice) },
        20 => Act::Resume,
        21 => Act::Stop { reason: text(dice) },
        22 => Act::Extend { by: limit(dice), reason: text(dice) },
        23 => Act::ConsultAll,
        24 => {
            let agency = *dice.one_of(&town.agencies.all());
            Act::Consult { agency, question: text(dice), within: limit(dice) }
        }
        25 => {
            let verdict = *dice.one_of(&[OpinionVerdict::Agrees, OpinionVerdict::Notes]);
            Act::Answer { consultation: consultation(dossier, dice), verdict, opinion: text(dice) }
        }
        26 => Act::Lapse { consultation: consultation(dossier, dice) },
        27 => Act::Sign { read_sha256: text(dice), to: step(town, dossier, dice) },
        28 => Act::Seal { to: step(town, dossier, dice) },
        29 => Act::AskWithdrawal { reason: text(dice) },
        30 => Act::Withdraw { reason: text(dice), originals_returned: dice.once_in(2) },
        31 => {
            let ways = [HandOverWay::Counter, HandOverWay::Post, HandOverWay::Electronic];
            Act::HandOver { way: *dice.one_of(&ways), originals_returned: dice.once_in(2) }
        }
        32 => Act::LetPartBegin { part: part(dossier, dice), reason: text(dice) },
        33 => Act::StopPart { part: part(dossier, dice), reason: text(dice) },
        34 => {
            let wish = if dice.once_in(2) {
                Wish::PutOff { by: limit(dice) }
            } else {
                Wish::AskAgain { items: items(dice) }
            };
            Act::Refer { wish, reason: text(dice) }
        }
        35 => {
            let referred_at = dossier.referral().map_or(Timestamp::UNIX_EPOCH, |referral| referral.at);
            match dice.below(3) {
                0 => Act::GrantReferral { referred_at },
                1 => Act::DeclineReferral { referred_at, reason: text(dice) },
                _ => Act::TakeBackReferral { referred_at },
            }
        }
        36 => {
            let ways = [ReturnWay::Counter, ReturnWay::Electronic, ReturnWay::Post { address: text(dice) }];
            Act::ChooseReturnWay { return_way: dice.one_of(&ways).clone() }
        }
        _ => match dice.below(40) {
            // Printed before it is refused: kept rare.
            0 => Act::Draft { kind: dice.once_in(2).then(|| text(dice)), answers: Answers::new() },
            n if n % 2 == 0 => Act::Correct { reason: text(dice), fault: Fault::Agency },
            _ => Act::Annul { decision: text(dice), reason: text(dice) },
        },
    }
}
