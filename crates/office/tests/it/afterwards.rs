//! What comes late, is done twice, or does not belong here: opinions, corrections, numbers, fees, and the
//! dossiers of other systems.

use crate::counter::received;
use crate::house::{House, applicant, id_of, smallest_form};
use jiff::SignedDuration;
use office::counter::Opening;
use office::dossier::{Asking, Mirror};
use office::forms::Answers;
use office::{By, Error, Forms, Refusal};
use rules::calendar::Limit;
use rules::counter::Mark;
use rules::dossier::{Custodian, Fault, MirrorNews, OpinionVerdict, Refused, State};
use rules::event::{HandOverWay, SupplementItem};
use rules::id::DossierId;
use rules::people::Role;
use rules::procedure::{Channel, ChannelTerms, Procedure, SystemOfRecord};
use rules::signing::{ResultPaper, ResultState};
use std::sync::Arc;
use store::signing::KeyHolder;
use store::testing::Scratch;

/// Certified copies: nothing of it is digitised.
pub(crate) fn copies() -> Procedure {
    toml::from_str(include_str!("../../../../procedures/2.000815/1.toml")).expect("a procedure")
}

/// A small office with one officer in each role that settles a dossier.
pub(crate) struct Team {
    pub(crate) house: House,
    pub(crate) counter: By,
    pub(crate) specialist: By,
    pub(crate) leader: By,
    pub(crate) clerk: By,
}

impl Team {
    pub(crate) async fn open(db: &Scratch) -> Self {
        Self::of(House::open(db).await).await
    }

    /// The officers of a house's commune.
    pub(crate) async fn of(house: House) -> Self {
        let counter = house.officer(Role::Counter).await;
        let specialist = house.officer(Role::Specialist).await;
        let leader = house.officer(Role::Leader).await;
        let clerk = house.officer(Role::Clerk).await;
        Self { house, counter, specialist, leader, clerk }
    }

    /// With a form and the keys that results are made with.
    pub(crate) async fn open_to_sign(db: &Scratch) -> Self {
        let team = Self::open_without_seal(db).await;
        team.house.give_key(team.house.commune.0, KeyHolder::Agency).await;
        team
    }

    /// The leader can sign, and the agency cannot seal.
    pub(crate) async fn open_without_seal(db: &Scratch) -> Self {
        let mut team = Self::open(db).await;
        team.house.office.forms = Arc::new(Forms::new([smallest_form()]));
        team.house.give_key(id_of(&team.leader.actor).0, KeyHolder::Officer).await;
        team
    }

    /// From the counter to the draft that waits for its signature.
    pub(crate) async fn draft(&self, id: DossierId) {
        let office = &self.house.office;
        office.take(&self.specialist, id).await.expect("taken");
        office.draft_result(&self.specialist, id, None, Answers::new()).await.expect("drafted");
        office.finish_step(&self.specialist, id, "ky", "đủ", None).await.expect("passed on");
    }

    pub(crate) async fn sign(&self, id: DossierId) {
        self.sign_only(id).await;
        self.house.office.take(&self.clerk, id).await.expect("taken");
    }

    /// Signed, and not in the clerk's hands yet.
    pub(crate) async fn sign_only(&self, id: DossierId) {
        let office = &self.house.office;
        office.take(&self.leader, id).await.expect("taken");
        let result = self.house.dossier(id).await.state.result().expect("drafted");
        let papers = self.papers(id).await;
        let draft = papers.iter().find(|paper| paper.id == result).expect("the draft");
        office.sign_result(&self.leader, id, &draft.state.pdf().sha256, "dong-dau").await.expect("signed");
    }

    /// All the way to the result.
    pub(crate) async fn seal(&self, id: DossierId) {
        self.draft(id).await;
        self.sign(id).await;
        self.house.office.seal_result(&self.clerk, id, "tra").await.expect("sealed");
    }

    async fn hand_over(&self, id: DossierId) {
        let way = HandOverWay::Counter;
        self.house.office.hand_over(&self.counter, id, way, Custodian::Applicant).await.expect("handed over");
    }

    pub(crate) async fn papers(&self, id: DossierId) -> Vec<ResultPaper> {
        let mut reader = self.house.office.db.read().await.expect("a snapshot");
        store::signing::results_of_dossier(&mut reader, id).await.expect("read")
    }
}

fn refusal(done: Result<impl std::fmt::Debug, Error>) -> Refused {
    match done {
        Err(Error::Refused(Refusal::Dossier(refused))) => refused,
        other => panic!("it was to be refused: {other:?}"),
    }
}

async fn an_opinion_that_comes_too_late_is_kept(db: Scratch) {
    let team = Team::open(&db).await;
    let (office, by) = (&team.house.office, &team.specialist);
    let id = received(&team.house, &team.counter).await;
    office.take(by, id).await.expect("taken");
    let question = "Bản chính có bị thu hồi không?".to_owned();
    let asking = Asking { agency: team.house.elsewhere, question, within: Limit::WorkingHours(2) };
    office.consult(by, id, asking).await.expect("asked");
    let asked = team.house.dossier(id).await.life.consultations[0].id;
    office.clock.advance(SignedDuration::from_hours(3));
    office.lapse_consult(by, id, asked).await.expect("late");
    let gone_on = team.house.dossier(id).await;

    let there = team.house.officer_of(team.house.elsewhere, Role::Specialist).await;
    office.clock.advance(SignedDuration::from_hours(30));
    let (verdict, opinion) = (OpinionVerdict::Disagrees, "Đã bị thu hồi");
    office.answer_consult(&there, id, asked, verdict, opinion).await.expect("kept");
    let kept = team.house.dossier(id).await;
    assert_eq!((&kept.state, &kept.clock, kept.due), (&gone_on.state, &gone_on.clock, gone_on.due));
    assert_eq!(kept.life.consultations[0].ended_at(), gone_on.life.consultations[0].ended_at());
    let view = office.dossier_view(&team.counter.actor, id).await.expect("the dossier");
    let told = view.timeline().last().map(|(_, said)| said.what.clone()).expect("something happened");
    assert!(
        told.starts_with("trả lời xin ý kiến sau khi đã ghi nhận quá hạn lúc 11:00 23/11/2026"),
        "{told}"
    );
    let again = office.answer_consult(&there, id, asked, verdict, opinion).await;
    assert_eq!(refusal(again), Refused::NoSuchConsultation);
}

async fn each_correction_remembers_what_it_superseded(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let id = received(&team.house, &team.counter).await;
    team.seal(id).await;
    team.hand_over(id).await;
    let mut superseded = Vec::new();
    for reason in ["sai năm sinh", "sai quê quán"] {
        superseded.extend(team.house.dossier(id).await.state.result());
        team.house.office.correct(&team.leader, id, reason, Fault::Agency).await.expect("begun");
        team.seal(id).await;
        team.hand_over(id).await;
    }
    let life = team.house.dossier(id).await.life;
    assert_eq!(life.corrections.iter().map(|before| before.result).collect::<Vec<_>>(), superseded);
    assert!(life.corrections.iter().all(|before| before.clock.is_some()), "with the clock it had");
    assert_eq!(team.papers(id).await.len(), 3, "no paper was deleted");
}

async fn a_number_that_was_given_is_issued_or_cancelled_with_its_reason(db: Scratch) {
    let team = Team::open_without_seal(&db).await;
    let office = &team.house.office;
    let id = received(&team.house, &team.counter).await;
    team.draft(id).await;
    team.sign(id).await;
    office.seal_result(&team.clerk, id, "tra").await.expect_err("there is no seal");
    let numbered = team.papers(id).await;
    assert_eq!(numbered[0].given_number().map(ToString::to_string).as_deref(), Some("01/SCT-BS"));
    office.send_back(&team.clerk, id, "ky", "sai tên").await.expect("sent back");
    assert_eq!(team.house.events(id).await.last().map(String::as_str), Some("number_cancelled"));
    let view = office.dossier_view(&team.counter.actor, id).await.expect("the dossier");
    let told = view.timeline().last().map(|(_, said)| said.what.clone()).expect("something happened");
    assert!(told.starts_with("hủy số 01/SCT-BS") && told.ends_with("lý do: sai tên"), "{told}");

    team.house.give_key(team.house.commune.0, KeyHolder::Agency).await;
    team.sign(id).await;
    office.seal_result(&team.clerk, id, "tra").await.expect("sealed");
    let papers = team.papers(id).await;
    let mut numbers: Vec<Option<String>> = papers
        .iter()
        .map(|paper| match &paper.state {
            ResultState::Sealed { number, .. } => Some(number.clone()),
            _ => paper.given_number().map(ToString::to_string),
        })
        .collect();
    numbers.sort();
    let book = ["01/SCT-BS", "02/SCT-BS"].map(|number| Some(number.to_owned()));
    assert_eq!(numbers, book, "the cancelled number stays, and no other paper gets it");
    let n_cancelled = team.house.events(id).await.iter().filter(|kind| *kind == "number_cancelled").count();
    assert_eq!(n_cancelled, 1);
}

async fn a_number_is_cancelled_with_the_dossier_that_ends(db: Scratch) {
    let team = Team::open_without_seal(&db).await;
    let office = &team.house.office;
    let id = received(&team.house, &team.counter).await;
    team.draft(id).await;
    team.sign(id).await;
    office.seal_result(&team.clerk, id, "tra").await.expect_err("there is no seal");
    office.withdraw(&team.counter, id, "đổi ý", Custodian::Applicant).await.expect("withdrawn");
    let events = team.house.events(id).await;
    assert_eq!(events[events.len() - 2..], ["withdrawn", "number_cancelled"]);
}

async fn fees_are_collected_where_they_are_owed(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let (office, by) = (&team.house.office, &team.counter);
    let gone = received(&team.house, by).await;
    team.seal(gone).await;
    team.hand_over(gone).await;
    office.collect_fee(by, gone, 2_000, "BL-1", None).await.expect("owed when it went out");
    assert_eq!(refusal(office.collect_fee(by, gone, 1, "BL-2", None).await), Refused::NothingOwed);
    let withdrawn = received(&team.house, by).await;
    office.withdraw(by, withdrawn, "đổi ý", Custodian::Applicant).await.expect("withdrawn");
    let refused = refusal(office.collect_fee(by, withdrawn, 2_000, "BL-3", None).await);
    assert_eq!(refused, Refused::NothingOwed);
    let said = rules::words::refused(&refused);
    assert!(said.contains("không thu thêm của người nộp"), "{said}");
}

async fn what_another_system_settles_is_mirrored_and_nothing_else_is(db: Scratch) {
    let team = Team::open(&db).await;
    let (office, by) = (&team.house.office, &team.counter);
    let system = "Hệ thống của Bộ Công an".to_owned();
    let code = "9.000004".parse().expect("a code");
    let theirs = Procedure { code, system: SystemOfRecord::Ministry(system.clone()), ..copies() };
    team.house.publish(std::slice::from_ref(&theirs)).await;
    let opened = office.open_intake(by, &applicant(), Opening::at_counter(&theirs.code, None)).await;
    let refused = refusal(opened);
    assert_eq!(refused, Refused::SettledElsewhere { system: system.clone() });
    let said = rules::words::refused(&refused);
    assert!(said.contains(&system) && said.contains("hồ sơ chưa được nộp"), "{said}");

    let mirror = |procedure: &Procedure, channel| Mirror {
        code: "G01-1".to_owned(),
        procedure: procedure.code.clone(),
        applicant: applicant(),
        channel,
        news: MirrorNews { number: 4, status: "Đang xử lý".to_owned(), due: None },
    };
    let ours = office.mirror(by, mirror(&copies(), Channel::Direct)).await;
    assert_eq!(refusal(ours), Refused::SettledHere);
    let by_post = office.mirror(by, mirror(&theirs, Channel::Post)).await;
    assert_eq!(refusal(by_post), Refused::ChannelNotOffered);
    let id = office.mirror(by, mirror(&theirs, Channel::Direct)).await.expect("mirrored");
    assert!(matches!(team.house.dossier(id).await.state, State::Mirrored { .. }));
    assert_eq!(refusal(office.receive(by, id).await), Refused::ReadOnly);
}

async fn supplements_are_counted_apart_before_and_after_acceptance(db: Scratch) {
    let team = Team::open(&db).await;
    let (office, by) = (&team.house.office, &team.counter);
    let mut offered = copies();
    let direct = offered.cases[0].channels[0].clone();
    offered.cases[0].channels.push(ChannelTerms { channel: Channel::Online, ..direct });
    let offered = Procedure { code: "9.000005".parse().expect("a code"), ..offered };
    team.house.publish(std::slice::from_ref(&offered)).await;
    let opening = Opening { channel: Channel::Online, ..Opening::at_counter(&offered.code, None) };
    let id = office.open_intake(by, &applicant(), opening).await.expect("an intake");
    let items =
        || vec![SupplementItem { component: "ban-sao".to_owned(), what: "bản rõ hơn".to_owned() }];
    office.mark_component(by, id, "ban-chinh", Mark::Shown).await.expect("shown");
    office.submit(by, id).await.expect("sent");
    office.ask_papers(by, id, items(), None).await.expect("once before acceptance");
    office.mark_component(by, id, "ban-sao", Mark::OnPaper).await.expect("brought");
    office.papers_brought(by, id).await.expect("brought");
    assert_eq!(refusal(office.ask_papers(by, id, items(), None).await), Refused::SupplementAskedBefore);
    office.receive(by, id).await.expect("received");
    office.take(&team.specialist, id).await.expect("taken");
    office.ask_supplement(&team.specialist, id, items(), None).await.expect("once after it");
    office.mark_component(by, id, "ban-sao", Mark::OnPaper).await.expect("brought");
    office.supplement_received(by, id).await.expect("brought");
    let again = office.ask_supplement(&team.specialist, id, items(), None).await;
    assert_eq!(refusal(again), Refused::SupplementAskedBefore);
}

store::on_both!(
    an_opinion_that_comes_too_late_is_kept,
    each_correction_remembers_what_it_superseded,
    a_number_that_was_given_is_issued_or_cancelled_with_its_reason,
    a_number_is_cancelled_with_the_dossier_that_ends,
    fees_are_collected_where_they_are_owed,
    what_another_system_settles_is_mirrored_and_nothing_else_is,
    supplements_are_counted_apart_before_and_after_acceptance,
);
