//! What only the leader may do is referred to him, and done as it was referred once he grants it.

use crate::afterwards::{Team, copies};
use crate::house::applicant;
use jiff::{SignedDuration, Timestamp};
use office::counter::Opening;
use office::dossier::act::Act;
use office::dossier::offer::Offer;
use office::{By, Error, Refusal};
use rules::calendar::Limit;
use rules::counter::Mark;
use rules::dossier::{NextAct, Refused, Wish};
use rules::event::SupplementItem;
use rules::id::DossierId;
use rules::people::Role;
use rules::procedure::Procedure;
use store::testing::Scratch;

const WHY: &str = "chờ xác minh thực địa";

fn put_off() -> Wish {
    Wish::PutOff { by: Limit::WorkingDays(2) }
}

fn items() -> Vec<SupplementItem> {
    vec![SupplementItem { component: "ban-sao".to_owned(), what: "bản rõ hơn".to_owned() }]
}

fn refused(done: Result<(), Error>) -> Refused {
    match done {
        Err(Error::Refused(Refusal::Dossier(refused))) => refused,
        other => panic!("it was to be refused: {other:?}"),
    }
}

/// A dossier with days to go, in the hand of the specialist.
async fn in_hand(team: &Team) -> DossierId {
    let mut slow = Procedure { code: "9.000006".parse().expect("a code"), ..copies() };
    slow.cases[0].channels[0].limit = Limit::WorkingDays(5);
    team.house.publish(std::slice::from_ref(&slow)).await;
    let (office, counter) = (&team.house.office, &team.counter);
    let opening = Opening::at_counter(&slow.code, None);
    let id = office.open_intake(counter, &applicant(), opening).await.expect("an intake");
    office.mark_component(counter, id, "ban-chinh", Mark::Shown).await.expect("shown");
    office.mark_component(counter, id, "ban-sao", Mark::OnPaper).await.expect("on paper");
    office.receive(counter, id).await.expect("received");
    office.take(&team.specialist, id).await.expect("taken");
    id
}

async fn referred_at(team: &Team, id: DossierId) -> Timestamp {
    team.house.dossier(id).await.referral().expect("it was referred").at
}

async fn offers(team: &Team, by: &By, id: DossierId) -> Vec<Offer> {
    let office = &team.house.office;
    let view = office.dossier_view(&by.actor, id).await.expect("the dossier");
    office.offers(&by.actor, &view).await.expect("offers")
}

async fn a_date_is_put_off_as_it_was_referred(db: Scratch) {
    let team = Team::open(&db).await;
    let office = &team.house.office;
    let id = in_hand(&team).await;
    let due = team.house.dossier(id).await.due.expect("a date");
    assert!(offers(&team, &team.specialist, id).await.contains(&Offer::ReferExtension));
    assert!(offers(&team, &team.leader, id).await.contains(&Offer::Extend), "he needs nobody's leave");
    // Who does not do the step refers nothing.
    let head = team.house.officer(Role::Head).await;
    for stranger in [&team.counter, &team.clerk, &head] {
        let done = office.refer(stranger, id, put_off(), WHY).await;
        assert!(matches!(done, Err(Error::NotYours(_))), "{done:?}");
    }
    office.refer(&team.specialist, id, put_off(), WHY).await.expect("referred");
    let at = referred_at(&team, id).await;
    assert_eq!(team.house.dossier(id).await.due, Some(due), "nothing is put off yet");

    // It is the leader's now: in his list of work, and on his overview.
    let is_mine = async |by: &By| {
        let waiting = office.waiting(&by.actor).await.expect("read");
        waiting.into_iter().any(|waiting| waiting.line.dossier.id == id && waiting.is_mine)
    };
    assert!(is_mine(&team.leader).await && is_mine(&team.specialist).await && !is_mine(&team.clerk).await);
    let referred: Vec<DossierId> = office
        .referred_to(&team.leader.actor)
        .await
        .expect("read")
        .iter()
        .map(|line| line.dossier.id)
        .collect();
    assert_eq!(referred, [id]);
    assert!(office.referred_to(&team.specialist.actor).await.expect("read").is_empty());
    let elsewhere = team.house.officer_of(team.house.elsewhere, Role::Leader).await;
    assert!(office.referred_to(&elsewhere.actor).await.expect("read").is_empty());
    let view = office.dossier_view(&team.leader.actor, id).await.expect("the dossier");
    let standing = view.standing.expect("open");
    assert_eq!((standing.next, standing.owner.role), (NextAct::AnswerReferral, Role::Leader));

    // Only he answers, and only what he has read.
    let done = office.grant_referral(&elsewhere, id, at).await;
    assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
    for stranger in [&team.specialist, &head] {
        let done = office.grant_referral(stranger, id, at).await;
        assert!(matches!(done, Err(Error::NotYours(_))), "{done:?}");
        let done = office.decline_referral(stranger, id, at, "không").await;
        assert!(matches!(done, Err(Error::NotYours(_))), "{done:?}");
    }
    let other = at + SignedDuration::from_secs(1);
    assert_eq!(refused(office.grant_referral(&team.leader, id, other).await), Refused::NoSuchReferral);
    office.perform(&team.leader, id, Act::GrantReferral { referred_at: at }).await.expect("granted");
    let dossier = team.house.dossier(id).await;
    assert!(dossier.due.expect("a date") > due && dossier.referral().is_none());
    assert_eq!(dossier.life.n_extensions, 1);
    let events = team.house.events(id).await;
    assert!(events.ends_with(&["referred".to_owned(), "extended".to_owned()]), "{events:?}");
    assert_eq!(refused(office.grant_referral(&team.leader, id, at).await), Refused::NoSuchReferral, "once");
    assert_eq!(refused(office.refer(&team.specialist, id, put_off(), WHY).await), Refused::ExtendedBefore);
}

async fn papers_are_asked_for_again_when_the_leader_grants_it(db: Scratch) {
    let team = Team::open(&db).await;
    let (office, by) = (&team.house.office, &team.specialist);
    let id = in_hand(&team).await;
    let again = || Wish::AskAgain { items: items() };
    assert_eq!(refused(office.refer(by, id, again(), WHY).await), Refused::NeedsNoLeader);
    office.ask_supplement(by, id, items(), None).await.expect("the first time");
    office.mark_component(&team.counter, id, "ban-sao", Mark::OnPaper).await.expect("brought");
    office.supplement_received(&team.counter, id).await.expect("brought");
    let offered = offers(&team, by, id).await;
    assert!(offered.contains(&Offer::ReferSupplement), "{offered:?}");
    let unknown = vec![SupplementItem { component: "khac".to_owned(), what: "…".to_owned() }];
    let done = office.refer(by, id, Wish::AskAgain { items: unknown }, WHY).await;
    assert!(done.is_err(), "no such paper is of this case");

    // What the applicant would read is seen before it is referred, and nothing is changed by looking.
    let view = office.dossier_view(&by.actor, id).await.expect("the dossier");
    let waiting = office.try_supplement_referral(&by.actor, &view, items(), WHY).expect("it may be granted");
    assert_eq!(waiting.state.kind(), "awaiting_supplement");
    assert_eq!(team.house.dossier(id).await.version, view.dossier.version);

    office.refer(by, id, again(), WHY).await.expect("referred");
    let at = referred_at(&team, id).await;
    office.grant_referral(&team.leader, id, at).await.expect("granted");
    let dossier = team.house.dossier(id).await;
    assert_eq!((dossier.state.kind(), dossier.life.n_supplements), ("awaiting_supplement", 2));
    let view = office.dossier_view(&by.actor, id).await.expect("the dossier");
    assert_eq!(view.supply("ban-sao").kind(), "missing", "it is to be brought anew");
}

async fn a_referral_is_declined_with_a_reason_or_taken_back(db: Scratch) {
    let team = Team::open(&db).await;
    let (office, by) = (&team.house.office, &team.specialist);
    let id = in_hand(&team).await;
    let before = team.house.dossier(id).await;
    office.refer(by, id, put_off(), WHY).await.expect("referred");
    assert_eq!(refused(office.refer(by, id, put_off(), WHY).await), Refused::ReferredBefore);
    let at = referred_at(&team, id).await;
    assert_eq!(refused(office.decline_referral(&team.leader, id, at, " ").await), Refused::ReasonMissing);
    office.decline_referral(&team.leader, id, at, "còn đủ thời gian").await.expect("declined");
    let dossier = team.house.dossier(id).await;
    assert_eq!((dossier.life, dossier.due, dossier.state), (before.life, before.due, before.state));
    let view = office.dossier_view(&by.actor, id).await.expect("the dossier");
    assert_eq!(view.standing.expect("open").owner.role, Role::Specialist, "it is his again");

    office.clock.advance(SignedDuration::from_mins(5));
    office.refer(by, id, put_off(), WHY).await.expect("referred again");
    let at = referred_at(&team, id).await;
    let done = office.take_back_referral(&team.leader, id, at).await;
    assert_eq!(refused(done), Refused::NoSuchReferral, "it is not his");
    office.perform(by, id, Act::TakeBackReferral { referred_at: at }).await.expect("taken back");
    assert!(team.house.dossier(id).await.referral().is_none());
    let events = team.house.events(id).await;
    let kinds = ["referred", "referral_ended", "referred", "referral_ended"].map(str::to_owned);
    assert!(events.ends_with(&kinds), "{events:?}");
}

store::on_both!(
    a_date_is_put_off_as_it_was_referred,
    papers_are_asked_for_again_when_the_leader_grants_it,
    a_referral_is_declined_with_a_reason_or_taken_back,
);
