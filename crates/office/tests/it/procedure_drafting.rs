//! The catalogue as its keeper sees it, and what the editor does beside saving: a draft begun from a
//! revision, an earlier saving taken back, linked parts looked for, a sample dossier sent through.

use crate::house::House;
use jiff::civil::date;
use office::procedure::catalogue::Standing;
use office::{By, Error, Refusal};
use rules::calendar::Limit;
use rules::people::{NotYours, Role};
use rules::procedure::publishing::{Publication, PublishRefused};
use rules::procedure::rehearsal::{End, Sample};
use rules::procedure::testing::random_sound_procedure;
use rules::procedure::{About, AgencyRule, LinkedPart, Procedure, Weight};
use std::collections::BTreeMap;
use store::on_both;
use store::testing::Scratch;

impl House {
    async fn published_from(&self, by: &By, procedure: &Procedure, valid_from: jiff::civil::Date) {
        let past = self.office.procedure_past(&procedure.code).await;
        let seen = past.map_or(0, |past| past.draft.version);
        let seen = self.office.draft_procedure(by, procedure, seen).await.expect("drafted");
        let decided = Publication { decision: "1/QĐ-UBND".to_owned(), valid_from, valid_to: None };
        self.office.publish_procedure(by, &procedure.code, seen, &decided).await.expect("published");
    }

    async fn found(&self, text: &str) -> Vec<String> {
        let found = self.office.procedure_catalogue(text).await.expect("read");
        found.into_iter().map(|entry| entry.code).collect()
    }
}

async fn the_catalogue_tells_what_holds_what_comes_and_what_is_drafted(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Admin).await;
    let [running, coming, drafted] =
        [(11, "Cấp phép thả diều"), (12, "Cấp phép đá cầu"), (13, "Cấp phép chơi bi")].map(|(seed, name)| {
            Procedure {
                name: name.to_owned(),
                synonyms: vec![format!("giấy {seed}")],
                ..random_sound_procedure(seed)
            }
        });
    house.published_from(&by, &running, date(2026, 11, 23)).await;
    house.published_from(&by, &running, date(2027, 1, 1)).await;
    house.published_from(&by, &coming, date(2027, 1, 1)).await;
    house.office.draft_procedure(&by, &drafted, 0).await.expect("drafted");
    let all = house.office.procedure_catalogue("").await.expect("read");
    let of = |procedure: &Procedure| {
        all.iter().find(|entry| entry.code == procedure.code.as_str()).expect("listed")
    };
    let entry = of(&running);
    assert!(matches!(&entry.standing, Standing::InForce(line) if line.revision == 1), "{:?}", entry.standing);
    assert_eq!(entry.to_come.as_ref().map(|line| line.revision), Some(2));
    assert!(entry.draft.is_none(), "published drafts are none");
    assert_eq!(of(&coming).standing, Standing::ToCome);
    assert_eq!(
        (&of(&drafted).standing, of(&drafted).name.as_str()),
        (&Standing::OnlyDrafted, "Cấp phép chơi bi")
    );
    assert_eq!(house.found("tha dieu").await, [running.code.to_string()]);
    assert_eq!(house.found("cptd").await, [running.code.to_string()], "by initials");
    assert_eq!(house.found("giay 11").await, [running.code.to_string()], "by what people say");
    assert_eq!(house.found(coming.code.as_str()).await, [coming.code.to_string()]);
    assert_eq!(house.found("choi bi").await, [drafted.code.to_string()]);
    let past = house.office.procedure_past(&running.code).await.expect("read");
    assert_eq!(past.revisions.len(), 2);
    assert_eq!((past.publishers.len(), past.newest.revision), (1, 2));
    let nobody = house.office.procedure_past(&"1.999999".parse().expect("a code")).await;
    assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");
}

async fn a_draft_begins_as_a_revision_and_its_savings_come_back(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Admin).await;
    let first = random_sound_procedure(14);
    house.published_from(&by, &first, date(2026, 11, 23)).await;
    let code = &first.code;
    assert!(
        matches!(house.office.drafted(code).await, Err(Error::NotFound)),
        "published, so nothing is drafted"
    );
    let seen = house.office.draft_from_revision(&by, code, 1, 2).await.expect("begun");
    let (begun, version) = house.office.drafted(code).await.expect("drafted");
    assert_eq!((version, begun.revision), (seen, 1));
    let renamed = Procedure { name: "Tên khác".to_owned(), ..begun.clone() };
    let seen = house.office.draft_procedure(&by, &renamed, seen).await.expect("saved");
    let stale = house.office.take_draft_back(&by, code, 3, seen - 1).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
    house.office.take_draft_back(&by, code, 3, seen).await.expect("taken back");
    assert_eq!(house.office.drafted(code).await.expect("drafted"), (begun, seen + 1));
    let past = house.office.procedure_past(code).await.expect("read");
    let versions: Vec<i64> = past.savings.iter().map(|saving| saving.version).collect();
    assert_eq!(versions, [5, 4, 3, 1], "publishing is no saving");
    assert!(past.last_saving().is_some());
    let none = house.office.draft_from_revision(&by, code, 9, seen + 1).await;
    assert!(
        matches!(none, Err(Error::Refused(Refusal::Procedure(PublishRefused::NoSuchRevision)))),
        "{none:?}"
    );
    let clerk = house.officer(Role::Clerk).await;
    let not_his = house.office.draft_from_revision(&clerk, code, 1, seen + 1).await;
    assert!(matches!(not_his, Err(Error::NotYours(NotYours::NeedsRole(Role::Admin)))), "{not_his:?}");
}

async fn linked_parts_that_are_not_to_be_had_are_found(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Admin).await;
    let other = random_sound_procedure(15);
    house.published_from(&by, &other, date(2027, 1, 1)).await;
    let mut draft = random_sound_procedure(16);
    draft.linked.push(LinkedPart {
        id: "phan".to_owned(),
        procedure: other.code.clone(),
        case: other.cases[0].id.clone(),
        agency: AgencyRule::Competent,
        after: Vec::new(),
    });
    // The days a file came with are overwritten by the decision, so they are not what is looked at.
    (draft.valid_from, draft.valid_to) = (date(2027, 6, 1), Some(date(2027, 5, 1)));
    let faults = async |first, last| {
        let found = house.office.findings_of_draft(&draft, (first, last)).await.expect("read");
        found
            .into_iter()
            .filter(|found| found.weight == Weight::Fault)
            .map(|found| found.about)
            .collect::<Vec<_>>()
    };
    assert_eq!(faults(date(2026, 12, 31), None).await, [About::Linked]);
    assert_eq!(faults(date(2027, 1, 1), None).await, []);
    assert_eq!(faults(date(2027, 1, 2), Some(date(2027, 1, 1))).await, [About::Facts]);
}

async fn a_sample_dossier_goes_through_a_draft(db: Scratch) {
    let house = House::open(&db).await;
    let mut draft = random_sound_procedure(17);
    let sample = |channel| Sample {
        case: "",
        channel,
        received_at: house.office.clock.now(),
        ways: BTreeMap::new(),
        waits: BTreeMap::new(),
    };
    let (case, channel) = (draft.cases[0].id.clone(), draft.cases[0].channels[0].channel);
    let rehearsed = house
        .office
        .rehearse(&draft, &Sample { case: &case, ..sample(channel) }, house.commune)
        .expect("it is sound");
    assert!(matches!(rehearsed.end, End::Ready { late_minutes: 0, .. }), "{:?}", rehearsed.end);
    let none = house.office.rehearse(&draft, &sample(channel), house.commune);
    assert!(matches!(none, Err(Error::Refused(Refusal::Unreadable(_)))), "{none:?}");
    draft.process.steps[0].allowance = Limit::WorkingDays(200);
    let slow = house.office.rehearse(&draft, &Sample { case: &case, ..sample(channel) }, house.commune);
    let late = slow.map(|slow| matches!(slow.end, End::Ready { late_minutes: 1.., .. }));
    assert!(late.expect("the calendar reaches so far"));
}

on_both!(
    the_catalogue_tells_what_holds_what_comes_and_what_is_drafted,
    a_draft_begins_as_a_revision_and_its_savings_come_back,
    linked_parts_that_are_not_to_be_had_are_found,
    a_sample_dossier_goes_through_a_draft,
);
