//! Many papers signed or sealed at one sitting: what may be among them, who may begin, and that one paper
//! which fails keeps back none of the others.

use crate::accounts::device;
use crate::afterwards::Team;
use crate::counter::received;
use crate::house::{House, id_of, keyed};
use crate::people::faults;
use jiff::{SignedDuration, Timestamp};
use office::people::glass::Eyes;
use office::people::password::hash_password;
use office::signing::round::{Chosen, WaitingPaper};
use office::{By, Error, Refusal};
use rules::dossier::Custodian;
use rules::event::Subject;
use rules::id::{DossierId, OfficerId, RoundId};
use rules::people::{PeopleFault, Post, Role};
use rules::procedure::StepTask;
use rules::signing::ResultState;
use rules::signing::round::{Doubt, Outcome, Reading, RoundRefused};
use std::sync::Arc;
use store::signing::KeyHolder;
use store::testing::Scratch;

const PASSWORD: &str = "bốn con trâu trắng";

async fn give_password(house: &House, id: OfficerId) {
    let hash = &hash_password(PASSWORD).expect("a hash");
    let given =
        house.office.db.act(|mut tx| async move { store::people::set_password(&mut tx, id, hash).await });
    given.await.expect("a password");
}

/// A team whose leader and clerk can prove who they are.
async fn team(db: &Scratch) -> Team {
    let team = Team::open_to_sign(db).await;
    for by in [&team.leader, &team.clerk] {
        give_password(&team.house, id_of(&by.actor)).await;
    }
    team
}

/// So many dossiers whose drafts wait for the leader.
async fn drafts(team: &Team, n: usize) -> Vec<DossierId> {
    let mut drafted = Vec::new();
    for _ in 0..n {
        let id = received(&team.house, &team.counter).await;
        team.draft(id).await;
        drafted.push(id);
    }
    drafted
}

async fn waiting(team: &Team, by: &By) -> Vec<WaitingPaper> {
    team.house.office.papers_to_sign(&by.actor).await.expect("listed")
}

fn as_shown(papers: &[WaitingPaper]) -> Vec<Chosen> {
    let chosen = |paper: &WaitingPaper| {
        Chosen::new(paper.line.dossier.id, &paper.paper.state.pdf().sha256).expect("a digest")
    };
    papers.iter().map(chosen).collect()
}

async fn begin(team: &Team, by: &By, chosen: &[Chosen]) -> Result<RoundId, Error> {
    Ok(team.house.office.begin_round(by, chosen, PASSWORD, &device("bàn ký")).await?.round)
}

async fn outcomes(team: &Team, by: &By, id: RoundId) -> Vec<Outcome> {
    let (_, lines) = team.house.office.round(&by.actor, id).await.expect("his round");
    lines.into_iter().map(|line| line.paper.outcome).collect()
}

fn reason(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused { reason, .. } => reason,
        other => panic!("it was to be refused: {other:?}"),
    }
}

fn doubts(papers: &[WaitingPaper], id: DossierId) -> &[Doubt] {
    let found = papers.iter().find(|paper| paper.line.dossier.id == id);
    &found.expect("it waits").doubts
}

async fn a_round_signs_each_paper_alone_and_says_what_became_of_it(db: Scratch) {
    let team = team(&db).await;
    let office = &team.house.office;
    let drafted = drafts(&team, 4).await;
    office.take(&team.leader, drafted[0]).await.expect("one he has in hand already");
    let listed = waiting(&team, &team.leader).await;
    assert_eq!(listed.len(), 4);
    assert!(listed.iter().all(|paper| paper.doubts.is_empty() && paper.task == StepTask::Sign), "{listed:?}");
    assert_eq!(listed[0].drafter, "Specialist");

    // One is sent back after the list was shown, and comes again with another draft.
    let gone = drafted[2];
    office.take(&team.leader, gone).await.expect("taken");
    office.send_back(&team.leader, gone, "du-thao", "sai tên").await.expect("sent back");

    let sent = keyed(&team.leader, "dot-ky-1");
    let round = begin(&team, &sent, &as_shown(&listed)).await.expect("begun");
    assert_eq!(begin(&team, &sent, &as_shown(&listed)).await.expect("answered"), round, "sent twice");
    assert_eq!(office.run_due_jobs().await.expect("run"), 3);
    for (outcome, paper) in outcomes(&team, &team.leader, round).await.iter().zip(&listed) {
        let id = paper.line.dossier.id;
        let state = team.papers(id).await[0].state.clone();
        if id == gone {
            assert!(reason(outcome).starts_with("Văn bản không còn chờ bạn ký"), "{outcome:?}");
            assert!(matches!(state, ResultState::Drafted { .. }), "{state:?}");
        } else {
            let Outcome::Signed { certificate, serial, .. } = outcome else { panic!("{outcome:?}") };
            assert_eq!(certificate, "Lê Bình (DEMO)");
            assert!(!serial.is_empty());
            assert!(matches!(state, ResultState::Signed { .. }), "{state:?}");
            assert_eq!(team.house.dossier(id).await.state.step(), Some("dong-dau"));
            assert_eq!(team.house.events(id).await.last().map(String::as_str), Some("result_signed"));
        }
    }
    let mut reader = office.db.read().await.expect("a snapshot");
    let subject = Subject::Officer(id_of(&team.leader.actor));
    let told = store::event::of_subject(&mut reader, subject, 100).await.expect("read");
    let begun = told.iter().filter(|event| event.body.kind() == "signing_round_begun").count();
    assert_eq!(begun, 1, "one proof, one event");
}

/// The clerk of two communes seals for both, and the certificate of one of them has run out.
async fn an_expired_seal_keeps_back_its_own_papers_only(db: Scratch) {
    let here = team(&db).await;
    let House { office, commune, elsewhere } = &here.house;
    let there = House { office: office.clone(), commune: *elsewhere, elsewhere: *commune };
    let there = Team::of(there).await;
    there.house.give_key(id_of(&there.leader.actor).0, KeyHolder::Officer).await;
    let long_ago: Timestamp = "2016-11-20T01:00:00Z".parse().expect("an instant");
    there.house.give_key_of(elsewhere.0, KeyHolder::Agency, long_ago).await;
    let clerk = here.house.officer_with(Post::new(*commune, Role::Clerk)).await;
    let id = id_of(&clerk.actor);
    let post = &Post::new(*elsewhere, Role::Clerk);
    office
        .db
        .act(|mut tx| async move { store::people::rights::add_post(&mut tx, id, post).await })
        .await
        .expect("a second post");
    give_password(&here.house, id).await;
    let clerk = By::new(office.actor_of(id).await.expect("an actor"));

    let mut signed = drafts(&here, 3).await;
    for id in &signed {
        here.sign_only(*id).await;
    }
    let unsealable = drafts(&there, 1).await[0];
    there.sign_only(unsealable).await;
    signed.push(unsealable);
    let listed = waiting(&here, &clerk).await;
    assert_eq!(listed.len(), 4);
    assert!(matches!(doubts(&listed, unsealable), [Doubt::CertificateExpired(_)]), "{listed:?}");
    let round = begin(&here, &clerk, &as_shown(&listed)).await.expect("begun");
    office.run_due_jobs().await.expect("run");
    for (outcome, paper) in outcomes(&here, &clerk, round).await.iter().zip(&listed) {
        let id = paper.line.dossier.id;
        if id == unsealable {
            assert!(reason(outcome).starts_with("Chứng thư số hết hạn"), "{outcome:?}");
            assert_eq!(there.papers(id).await[0].given_number(), None, "no number was drawn for it");
        } else {
            assert!(matches!(outcome, Outcome::Signed { .. }), "{outcome:?}");
            assert!(matches!(team_state(&here, id).await, ResultState::Sealed { .. }));
        }
    }
}

async fn team_state(team: &Team, id: DossierId) -> ResultState {
    team.papers(id).await[0].state.clone()
}

async fn a_certificate_that_runs_out_meanwhile_signs_nothing_more(db: Scratch) {
    let team = team(&db).await;
    let office = &team.house.office;
    let drafted = drafts(&team, 1).await;
    let round =
        begin(&team, &team.leader, &as_shown(&waiting(&team, &team.leader).await)).await.expect("begun");
    office.clock.advance(SignedDuration::from_hours(24 * 366 * 30));
    office.run_due_jobs().await.expect("run");
    let outcome = &outcomes(&team, &team.leader, round).await[0];
    assert!(reason(outcome).starts_with("Chứng thư số đã hết hạn ngày "), "{outcome:?}");
    assert!(matches!(team_state(&team, drafted[0]).await, ResultState::Drafted { .. }));
}

async fn what_is_unusual_is_not_signed_among_many(db: Scratch) {
    let team = team(&db).await;
    let office = &team.house.office;
    let drafted = drafts(&team, 2).await;
    office.take(&team.leader, drafted[1]).await.expect("taken");
    office.send_back(&team.leader, drafted[1], "du-thao", "sai tên").await.expect("sent back");
    team.draft(drafted[1]).await;
    let listed = waiting(&team, &team.leader).await;
    assert_eq!(doubts(&listed, drafted[0]), []);
    assert_eq!(doubts(&listed, drafted[1]), [Doubt::SentBack(1)]);
    let round = begin(&team, &team.leader, &as_shown(&listed)).await.expect("begun");
    office.run_due_jobs().await.expect("run");
    let told = outcomes(&team, &team.leader, round).await;
    let of = |id| listed.iter().position(|paper| paper.line.dossier.id == id).expect("listed");
    assert!(matches!(told[of(drafted[0])], Outcome::Signed { .. }), "{told:?}");
    assert_eq!(reason(&told[of(drafted[1])]), "Đã bị trả lại 1 lần. Mở hồ sơ để ký riêng");
}

async fn where_it_is_asked_for_a_draft_is_opened_before(db: Scratch) {
    let mut team = team(&db).await;
    let settings = office::Settings { reading: Reading::Required, ..(*team.house.office.settings).clone() };
    team.house.office.settings = Arc::new(settings);
    let drafted = drafts(&team, 1).await[0];
    assert_eq!(doubts(&waiting(&team, &team.leader).await, drafted), [Doubt::Unread]);
    let paper = team.papers(drafted).await[0].id;
    team.house
        .office
        .view_result(&team.specialist, paper, Eyes::Person)
        .await
        .expect("somebody else opens it");
    assert_eq!(doubts(&waiting(&team, &team.leader).await, drafted), [Doubt::Unread]);
    team.house.office.view_result(&team.leader, paper, Eyes::Person).await.expect("opened");
    assert_eq!(doubts(&waiting(&team, &team.leader).await, drafted), []);
}

async fn a_round_is_begun_by_who_proves_himself_and_seen_by_him(db: Scratch) {
    let team = team(&db).await;
    let office = &team.house.office;
    drafts(&team, 1).await;
    let chosen = as_shown(&waiting(&team, &team.leader).await);
    let at = device("bàn ký");
    let wrong = office.begin_round(&team.leader, &chosen, "đoán mò", &at).await;
    assert_eq!(faults(wrong), [PeopleFault::PasswordWrong]);
    let empty = begin(&team, &team.leader, &[]).await;
    assert!(matches!(empty, Err(Error::Refused(Refusal::Round(RoundRefused::Empty)))), "{empty:?}");
    assert!(waiting(&team, &team.clerk).await.is_empty(), "what the leader signs is not the clerk's");
    let round = begin(&team, &team.leader, &chosen).await.expect("begun");
    let foreign = office.round(&team.clerk.actor, round).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");

    let stranger = team.house.officer_of(team.house.elsewhere, Role::Leader).await;
    give_password(&team.house, id_of(&stranger.actor)).await;
    assert!(waiting(&team, &stranger).await.is_empty());
    let foreign = begin(&team, &stranger, &chosen).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    for _ in 0..5 {
        office.begin_round(&team.clerk, &chosen, "đoán mò", &at).await.expect_err("wrong");
    }
    let throttled = begin(&team, &team.clerk, &chosen).await;
    assert!(matches!(throttled, Err(Error::Refused(Refusal::SignInThrottled(_)))), "{throttled:?}");
}

async fn what_left_meanwhile_keeps_back_none_of_the_others(db: Scratch) {
    let team = team(&db).await;
    let office = &team.house.office;
    let drafted = drafts(&team, 2).await;
    let shown = waiting(&team, &team.leader).await;
    let mut chosen = as_shown(&shown);
    let withdrawn = shown[0].line.dossier.id;
    assert!(drafted.contains(&withdrawn));
    office.withdraw(&team.counter, withdrawn, "đổi ý", Custodian::Applicant).await.expect("withdrawn");
    let nobody_knows = DossierId(store::time::new_id(office.clock.now()));
    chosen.push(Chosen::new(nobody_knows, &"ab".repeat(32)).expect("a digest"));
    let begun = office.begin_round(&team.leader, &chosen, PASSWORD, &device("bàn ký")).await.expect("begun");
    assert_eq!(begun.n_gone, 1, "what he was never shown is not in it");
    office.run_due_jobs().await.expect("run");
    let told = outcomes(&team, &team.leader, begun.round).await;
    assert_eq!(told.len(), 2);
    assert!(matches!(told[1], Outcome::Signed { .. }), "{told:?}");
    assert!(reason(&told[0]).starts_with("Văn bản không còn chờ bạn ký"), "{told:?}, {withdrawn:?}");
}

async fn a_right_that_ended_meanwhile_signs_nothing(db: Scratch) {
    let team = team(&db).await;
    let office = &team.house.office;
    let drafted = drafts(&team, 1).await[0];
    let round =
        begin(&team, &team.leader, &as_shown(&waiting(&team, &team.leader).await)).await.expect("begun");
    let leader = id_of(&team.leader.actor);
    let admin = team.house.officer(Role::Admin).await;
    office.lock_sign_in(&admin, leader, "nghỉ việc").await.expect("locked");
    office.run_due_jobs().await.expect("run");
    let mut reader = office.db.read().await.expect("a snapshot");
    let lines = store::signing::round::lines(&mut reader, round).await.expect("read");
    assert!(matches!(lines[0].paper.outcome, Outcome::Refused { .. }), "{lines:?}");
    assert!(matches!(team_state(&team, drafted).await, ResultState::Drafted { .. }));
}

store::on_both!(
    a_round_signs_each_paper_alone_and_says_what_became_of_it,
    an_expired_seal_keeps_back_its_own_papers_only,
    a_certificate_that_runs_out_meanwhile_signs_nothing_more,
    what_is_unusual_is_not_signed_among_many,
    where_it_is_asked_for_a_draft_is_opened_before,
    a_round_is_begun_by_who_proves_himself_and_seen_by_him,
    what_left_meanwhile_keeps_back_none_of_the_others,
    a_right_that_ended_meanwhile_signs_nothing,
);
