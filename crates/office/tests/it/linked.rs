//! Linked procedures: what happens to the parts when one of them gives no result, and when the date of
//! their whole moves.

use crate::afterwards::{Team, copies};
use crate::house::applicant;
use jiff::SignedDuration;
use office::counter::Opening;
use office::{Error, Refusal};
use rules::counter::Mark;
use rules::dossier::{Custodian, Dossier, Fault, NextAct, Outcome, Refused, Standing, State};
use rules::event::HandOverWay;
use rules::id::DossierId;
use rules::people::Role;
use rules::procedure::{AgencyRule, LinkedPart, Procedure};
use store::testing::Scratch;

/// Copies of copies: the second part needs the result of the first.
fn whole() -> Procedure {
    let copies = copies();
    let part = |id: &str, after: &[&str]| LinkedPart {
        id: id.to_owned(),
        procedure: copies.code.clone(),
        case: copies.cases[0].id.clone(),
        agency: AgencyRule::Competent,
        after: after.iter().map(|id| (*id).to_owned()).collect(),
    };
    let linked = vec![part("mot", &[]), part("hai", &["mot"])];
    Procedure { code: "9.000003".parse().expect("a code"), linked, ..copies.clone() }
}

/// A whole that was received, with its two parts.
async fn opened(team: &Team) -> (DossierId, [DossierId; 2]) {
    let whole = whole();
    team.house.publish(std::slice::from_ref(&whole)).await;
    let (office, counter) = (&team.house.office, &team.counter);
    let opening = Opening::at_counter(&whole.code, None);
    let id = office.open_intake(counter, &applicant(), opening).await.expect("an intake");
    office.mark_component(counter, id, "ban-chinh", Mark::Shown).await.expect("shown");
    office.mark_component(counter, id, "ban-sao", Mark::OnPaper).await.expect("on paper");
    office.receive(counter, id).await.expect("received");
    let parts = team.house.dossier(id).await.life.parts;
    (id, [parts[0].dossier, parts[1].dossier])
}

async fn standing(team: &Team, id: DossierId) -> Standing {
    let view = team.house.office.dossier_view(&team.counter.actor, id).await.expect("the dossier");
    view.standing.expect("it is open")
}

fn is_waiting(dossier: &Dossier) -> bool {
    matches!(dossier.state, State::AwaitingParts { .. })
}

async fn a_part_whose_need_was_stopped_waits_for_a_leader(db: Scratch) {
    let team = Team::open(&db).await;
    let office = &team.house.office;
    let (whole, [first, second]) = opened(&team).await;
    let reason = "giấy cũ còn giá trị";
    let early = office.let_part_begin(&team.leader, whole, second, reason).await;
    assert!(matches!(early, Err(Error::Refused(Refusal::Dossier(Refused::NoPartToDecide)))), "{early:?}");

    office.stop(&team.leader, first, "thiếu bản chính").await.expect("stopped");
    assert!(is_waiting(&team.house.dossier(second).await), "it does not begin by itself");
    let asked = standing(&team, whole).await;
    assert_eq!((asked.next, asked.owner.role), (NextAct::DecidePart, Role::Leader));
    let view = team.house.office.dossier_view(&team.counter.actor, whole).await.expect("the whole");
    let told = view.timeline().last().map(|(_, said)| said.what.clone()).expect("something happened");
    assert!(told.contains("mà không có kết quả cần (dừng giải quyết)"), "{told}");

    let stranger = office.let_part_begin(&team.counter, whole, second, reason).await;
    assert!(matches!(stranger, Err(Error::NotYours(_))), "{stranger:?}");
    let silent = office.let_part_begin(&team.leader, whole, second, "  ").await;
    assert!(matches!(silent, Err(Error::Refused(Refusal::Dossier(Refused::ReasonMissing)))), "{silent:?}");
    office.let_part_begin(&team.leader, whole, second, reason).await.expect("decided");
    assert!(matches!(team.house.dossier(second).await.state, State::Received { .. }));
    assert_eq!(standing(&team, whole).await.next, NextAct::Transfer, "the whole goes on as it stands");
    assert_eq!(team.house.events(whole).await.last().map(String::as_str), Some("part_may_begin"));
}

async fn a_part_that_can_never_begin_is_stopped_by_its_wholes_leader(db: Scratch) {
    let team = Team::open(&db).await;
    let office = &team.house.office;
    let (whole, [first, second]) = opened(&team).await;
    let reason = "không có kết quả của phần trước";
    assert!(
        office.stop_waiting_part(&team.leader, whole, second, reason).await.is_err(),
        "it may still begin"
    );
    office.stop(&team.leader, first, "thiếu bản chính").await.expect("stopped");
    office.stop_waiting_part(&team.leader, whole, second, reason).await.expect("decided");
    assert_eq!(team.house.dossier(second).await.outcome, Some(Outcome::Stopped));
    let whole = team.house.dossier(whole).await;
    assert!(whole.life.parts.iter().all(|part| part.has_ended), "the whole knows it");
    assert_eq!(standing(&team, whole.id).await.next, NextAct::Transfer);
}

async fn parts_are_held_to_the_date_of_their_whole(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let office = &team.house.office;
    let (whole, [first, second]) = opened(&team).await;
    let due = team.house.dossier(whole).await.due;
    assert_eq!(team.house.dossier(second).await.due, due, "it waits, by the date of the whole");

    // The whole is halted: what it and its parts are held to is the end of the halt.
    office.take(&team.specialist, whole).await.expect("taken");
    office.halt(&team.specialist, whole, "chờ xác minh").await.expect("halted");
    let until = team.house.dossier(whole).await.state.wait().and_then(|(_, until)| until);
    let waits = team.house.dossier(second).await;
    assert_eq!((waits.due, standing(&team, second).await.by), (until, until.expect("a halt has an end")));
    assert_eq!(team.house.events(second).await.last().map(String::as_str), Some("whole_moved"));
    office.clock.advance(SignedDuration::from_hours(3));
    office.resume(&team.specialist, whole).await.expect("resumed");
    let moved = team.house.dossier(whole).await.due;
    assert_ne!(moved, due);
    assert_eq!(team.house.dossier(second).await.due, moved, "moved in the act that moved the whole");

    // A part whose result is there waits for the whole, which is halted again for days: nobody is late.
    team.seal(first).await;
    office.halt(&team.specialist, whole, "chờ xác minh").await.expect("halted");
    office.clock.advance(SignedDuration::from_hours(72));
    office.watch_once().await.expect("a round");
    assert_eq!(standing(&team, first).await.next, NextAct::AwaitWhole);
    assert!(!team.house.events(first).await.contains(&"alarm_raised".to_owned()));

    // The whole is taken back: the part goes out by itself, within the time that takes.
    let by = Custodian::Applicant;
    office.withdraw(&team.counter, whole, "đổi ý", by).await.expect("withdrawn");
    let alone = standing(&team, first).await;
    assert_eq!(alone.next, NextAct::HandOver);
    assert!(alone.by.at > office.clock.now());
    assert_eq!(team.house.events(first).await.last().map(String::as_str), Some("whole_moved"));
    office.clock.advance(SignedDuration::from_hours(24));
    office.watch_once().await.expect("a round");
    assert!(team.house.events(first).await.contains(&"alarm_raised".to_owned()), "now somebody is late");
}

/// Found by the random walk: the part waited for a whole that was over.
async fn a_corrected_part_goes_out_by_itself_when_the_correction_of_its_whole_is_stopped(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let office = &team.house.office;
    let (whole, [first, second]) = opened(&team).await;
    for id in [first, second, whole] {
        team.seal(id).await;
    }
    office.hand_over(&team.counter, whole, HandOverWay::Counter, Custodian::Applicant).await.expect("out");
    for id in [whole, first] {
        office.correct(&team.leader, id, "sai năm sinh", Fault::Agency).await.expect("begun");
    }
    team.seal(first).await;
    assert_eq!(standing(&team, first).await.next, NextAct::AwaitWhole);
    office.stop(&team.leader, whole, "người nộp thôi yêu cầu").await.expect("stopped");
    assert!(matches!(team.house.dossier(whole).await.state, State::HandedOver { .. }), "as it was before");
    assert_eq!(standing(&team, first).await.next, NextAct::HandOver);
    office.hand_over(&team.counter, first, HandOverWay::Counter, Custodian::Applicant).await.expect("out");
}

store::on_both!(
    a_part_whose_need_was_stopped_waits_for_a_leader,
    a_part_that_can_never_begin_is_stopped_by_its_wholes_leader,
    parts_are_held_to_the_date_of_their_whole,
    a_corrected_part_goes_out_by_itself_when_the_correction_of_its_whole_is_stopped,
);
