//! Everything a person may meet is said, in Vietnamese, in one normal form, and says what to do.

use crate::calendar::{CalendarError, Limit};
use crate::counter::{Incomplete, Mark, NotAllowed, RefusalReason, Supply};
use crate::dossier::clock::{Kept, StopCause};
use crate::dossier::{
    AtStep, DueMoment, NextAct, OpinionVerdict, Outcome, PaymentNotice, Refused, State, StoppedFor,
};
use crate::event::HandOverWay;
use crate::measure::DueMark;
use crate::people::{NotYours, Role};
use crate::procedure::{
    About, AdmissibleForm, Advice, Channel, DigitisationClass, Move, Paper, Place, ProcedureFault, Required,
    StepTask, Validity, WaitExit, WaitKind, Way,
};
use crate::repository::Standing;
use crate::reuse::{DeclineRefused, NotReusable};
use crate::sample::{COUNTER, ENTRY, HOA, RESULT, UPLOAD, at, blob, component, page, reading, refusal};
use crate::scanning::{Arrangement, BadEdit, Edit, FieldKey, FieldProblem, RecordRefused, RecordState};
use crate::signing::{ResultRefused, ResultState};
use crate::text::nfc;
use crate::words;
use crate::words::sentence::size;
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet};

mod events;

/// Fails on what is not a plain Vietnamese phrase.
pub(super) fn is_said(text: &str) {
    assert!(!text.trim().is_empty() && text.trim() == text, "{text:?}");
    assert_eq!(nfc(text), text, "one normal form");
    let vietnamese = |c: char| c.is_alphabetic() && !c.is_ascii();
    assert!(text.contains(vietnamese), "Vietnamese has accents: {text}");
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let foreign =
            ["error", "invalid", "unknown", "none", "some", "null", "the", "not", "no", "day", "days"];
        assert!(!foreign.contains(&word.to_lowercase().as_str()), "“{word}” in: {text}");
        let letters = ['f', 'j', 'w', 'z'];
        assert!(word == "PDF" || !word.to_lowercase().contains(letters), "“{word}” in: {text}");
    }
    assert_ne!(words::lower_first(text).trim_end_matches('.'), "không hợp lệ", "says nothing");
}

/// Every variant is said, and no two alike.
pub(super) fn all_differ(texts: impl IntoIterator<Item = impl Into<String>>) {
    let texts: Vec<String> = texts.into_iter().map(Into::into).collect();
    let distinct: BTreeSet<&String> = texts.iter().collect();
    assert_eq!(distinct.len(), texts.len(), "{texts:?}");
    for text in &texts {
        is_said(text);
    }
}

const DAY: Date = date(2026, 11, 21);

#[test]
fn people_and_procedures_are_said() {
    all_differ(Role::ALL.map(words::role));
    all_differ(Channel::ALL.map(words::channel));
    all_differ(StepTask::ALL.map(words::step_task));
    all_differ([Required::Always, Required::IfAny].map(words::required));
    all_differ([Validity::Indefinite, Validity::Months(6)].map(words::validity));
    all_differ(AdmissibleForm::ALL.map(words::admissible_form));
    let treatment = |form, class| words::treatment(&component("giay", form, class));
    all_differ(DigitisationClass::ALL.map(|class| treatment(AdmissibleForm::Original, class)));
    is_said(treatment(AdmissibleForm::Shown, DigitisationClass::ByForm));
    all_differ(
        [NotYours::NeedsRole(Role::Clerk), NotYours::OutOfScope, NotYours::HeldBy(HOA)]
            .map(|why| words::not_yours(&why)),
    );
}

fn states() -> Vec<State> {
    let step = || "ngo".to_owned();
    let at_step = || AtStep { step: step(), officer: None, result: None };
    let until = DueMoment { at: at("2026-11-21T09:00"), on: DAY };
    vec![
        State::Preparing,
        State::Submitted { answer_by: until },
        State::AwaitingPapers { items: Vec::new(), until },
        State::Received { step: step() },
        State::NotReceived { refusal: refusal() },
        State::AwaitingParts { step: step() },
        State::InProcess(at_step()),
        State::AwaitingSupplement { at_step: at_step(), items: Vec::new(), until: None },
        State::AwaitingPayment {
            at_step: at_step(),
            notice: PaymentNotice { number: step(), amount: 1 },
            until,
        },
        State::Halted { at_step: at_step(), reason: step(), until },
        State::Stopped { why: StoppedFor::Expired(WaitKind::Supplement) },
        State::Withdrawn { reason: step() },
        State::Done { step: step(), result: RESULT },
        State::HandedOver { result: RESULT, way: HandOverWay::Counter },
        State::Mirrored { system: step(), number: 4, status: step(), synced_at: until.at },
    ]
}

#[test]
fn a_dossier_is_said_in_every_state() {
    all_differ(states().iter().map(words::state));
    assert!(states().iter().all(|state| words::state(state) != words::state_kind("?")), "none falls through");
    all_differ(
        [Outcome::Granted, Outcome::Refused, Outcome::Withdrawn, Outcome::Stopped, Outcome::Annulled]
            .map(words::outcome),
    );
    all_differ([WaitKind::Supplement, WaitKind::Payment, WaitKind::Halt].map(words::wait_kind));
    all_differ([WaitExit::Close, WaitExit::Resume].map(words::wait_exit));
    all_differ(
        [OpinionVerdict::Agrees, OpinionVerdict::Disagrees, OpinionVerdict::Notes]
            .map(words::opinion_verdict),
    );
    let causes = [StopCause::Supplement, StopCause::Payment, StopCause::Opinion, StopCause::Halt];
    all_differ(causes.map(words::stop_cause));
    all_differ([Kept::Early, Kept::InTime, Kept::Late].map(words::kept));
    all_differ([HandOverWay::Counter, HandOverWay::Post, HandOverWay::Electronic].map(words::hand_over_way));
    all_differ(
        [
            DueMark::Overdue { days: 0 },
            DueMark::Overdue { days: 12 },
            DueMark::Today,
            DueMark::Soon,
            DueMark::InTime,
            DueMark::Stopped,
        ]
        .map(words::due_mark),
    );
}

#[test]
fn what_comes_next_is_said() {
    let mut all = vec![
        NextAct::Answer,
        NextAct::TakePapers,
        NextAct::Transfer,
        NextAct::AwaitOpinions,
        NextAct::AwaitParts,
        NextAct::DecidePart,
        NextAct::AnswerReferral,
        NextAct::AwaitWhole,
        NextAct::AwaitSupplement,
        NextAct::AwaitPayment,
        NextAct::EndHalt,
        NextAct::ConfirmWithdrawal,
    ];
    all.extend(StepTask::ALL.map(NextAct::Take));
    all.extend(StepTask::ALL.map(NextAct::Do));
    all_differ(all.into_iter().map(words::next_act));
    let hand_over = words::next_act(NextAct::HandOver);
    assert_eq!(hand_over, words::next_act(NextAct::Do(StepTask::HandOver)), "one work, one word");
}

#[test]
fn every_refusal_of_a_transition_is_said() {
    let step = || "Duyệt".to_owned();
    let mut all: Vec<Refused> = states().iter().map(|state| Refused::NotInThisState(state.kind())).collect();
    all.extend([
        Refused::NoSuchWay { from: step(), to: "Đóng dấu".to_owned() },
        Refused::ReasonMissing,
        Refused::SupplementAskedBefore,
        Refused::SupplementTooLate { last: DAY },
        Refused::NotExpired,
        Refused::ExtendedBefore,
        Refused::TooLateToExtend { last: DAY },
        Refused::NoLaterDate,
        Refused::ClockStands,
        Refused::ConsultsOpen { n_open: 2 },
        Refused::NoSuchConsultation,
        Refused::ConsultNotLate,
        Refused::WrongAmount { due: 15_000 },
        Refused::OriginalsHeld { components: vec![step(), step()] },
        Refused::PartsNotReady { n_open: 2 },
        Refused::GoesWithTheWhole,
        Refused::ReadOnly,
        Refused::NoPartToDecide,
        Refused::ReferredBefore,
        Refused::NeedsNoLeader,
        Refused::NoSuchReferral,
        Refused::NothingOwed,
        Refused::SettledElsewhere { system: step() },
        Refused::SettledHere,
        Refused::WrongRevision,
        Refused::ChannelNotOffered,
        Refused::AddressUnfit,
    ]);
    let waits = [WaitKind::Supplement, WaitKind::Payment, WaitKind::Halt];
    all.extend(waits.map(|what| Refused::NoSuchWait { step: step(), what }));
    all.extend(StepTask::ALL.map(|task| Refused::StepNotDone { step: step(), task }));
    all.extend(StepTask::ALL.map(|task| Refused::NotThisStep { step: step(), task }));
    all.extend(calendar_errors().map(Refused::Calendar));
    all_differ(all.iter().map(words::refused));
}

fn calendar_errors() -> [CalendarError; 8] {
    [
        CalendarError::NoTable { year: 2028 },
        CalendarError::NoHours { on: DAY },
        CalendarError::TwoTables { year: 2028 },
        CalendarError::StrayDay { on: DAY, year: 2028 },
        CalendarError::TwiceInTable { on: DAY },
        CalendarError::BadHours { from: DAY },
        CalendarError::TwoHours { on: DAY },
        CalendarError::EndOfTime { on: DAY },
    ]
}

#[test]
fn what_the_calendar_lacks_names_the_year_or_the_day() {
    for error in calendar_errors() {
        let text = words::calendar_error(&error);
        assert!(text.contains("2028") || text.contains("21/11/2026"), "{text}");
    }
}

#[test]
fn the_counter_is_said() {
    let supplies = [
        Supply::Missing,
        Supply::Pages { arrangement: Arrangement::default() },
        Supply::SignedFile { upload: UPLOAD },
        Supply::Reused { entry: ENTRY },
        Supply::Shown,
        Supply::OnPaper,
        Supply::NotApplicable,
    ];
    all_differ(supplies.iter().map(words::supply));
    all_differ([Mark::Missing, Mark::Shown, Mark::OnPaper, Mark::NotApplicable].map(words::mark));
    all_differ(RefusalReason::ALL.map(words::refusal_reason));
    all_differ(
        [
            NotAllowed::IsRequired,
            NotAllowed::MustBeDigitised,
            NotAllowed::IsOnlyShown,
            NotAllowed::IsKeptOnPaper,
        ]
        .map(words::not_allowed),
    );
    let component = || "don".to_owned();
    let faults = [
        Incomplete::Missing { component: component() },
        Incomplete::NoPages { component: component() },
        Incomplete::SidesDiffer { component: component(), counted: 4, pages: 3 },
        Incomplete::SidesNotCounted { component: component() },
        Incomplete::StillOpening { component: component() },
    ];
    let said = faults.map(|fault| words::incomplete(&fault, |_| "Đơn xin thả diều".to_owned()));
    assert!(said.iter().all(|text| text.contains("Đơn xin thả diều")), "each names its paper: {said:?}");
    assert!(said[2].contains("4 mặt") && said[2].contains("3 trang"), "{}", said[2]);
    all_differ(said);
}

#[test]
fn scanning_is_said() {
    all_differ(FieldKey::ALL.map(words::field));
    let problems = [
        FieldProblem::Empty,
        FieldProblem::TooLong(300),
        FieldProblem::BadOwnerNumber("Số định danh có 12 chữ số".to_owned()),
        FieldProblem::OtherOwner,
        FieldProblem::BadNumber,
        FieldProblem::BadDate,
        FieldProblem::InTheFuture,
        FieldProblem::EndsBeforeIssue,
    ];
    for key in FieldKey::ALL {
        all_differ(problems.iter().map(|problem| words::field_problem(key, problem)));
    }
    let edits = [
        Edit::Rotate { page: page(1) },
        Edit::MoveUp { page: page(1) },
        Edit::MoveDown { page: page(1) },
        Edit::Remove { page: page(1) },
    ];
    all_differ(edits.map(words::edit));
    all_differ([BadEdit::NoSuchPage, BadEdit::AtTheEdge, BadEdit::NothingToUndo].map(words::bad_edit));
    let pdf = || blob('a');
    let states = [
        RecordState::Reading,
        RecordState::ToSign { pdf: pdf(), reading: reading() },
        RecordState::ToConfirm { pdf: pdf(), reading: reading(), signed_at: None },
        RecordState::Filed {
            pdf: pdf(),
            reading: reading(),
            entry: ENTRY,
            fields: crate::sample::fields(),
            confirmed_by: HOA,
        },
        RecordState::Stuck { why: "Ảnh quá mờ".to_owned() },
    ];
    let said = states.map(|state| words::record_state(state.kind()));
    assert!(!said.contains(&words::record_state("?")), "none falls through");
    all_differ(said);
    all_differ(
        [RecordRefused::NotNow("to_sign"), RecordRefused::AlreadyFiled]
            .map(|why| words::record_refused(&why)),
    );
}

#[test]
fn signing_repository_and_reuse_are_said() {
    let states = [
        ResultState::Drafted { pdf: blob('a'), slots: Vec::new(), answers: BTreeMap::new(), drafted_by: HOA },
        ResultState::Signed {
            pdf: blob('a'),
            slots: Vec::new(),
            answers: BTreeMap::new(),
            signed_by: HOA,
            signed_at: at("2026-11-21T09:00"),
            number: None,
            draft: None,
        },
        ResultState::Sealed {
            pdf: blob('a'),
            number: "45/UBND".to_owned(),
            issued_on: DAY,
            signed_by: HOA,
            sealed_by: HOA,
            seal_of: COUNTER,
            entry: ENTRY,
        },
    ];
    all_differ(states.iter().map(words::result_state));
    let mut refusals: Vec<ResultRefused> =
        states.iter().map(|state| ResultRefused::NotNow(state.kind())).collect();
    refusals.extend([ResultRefused::ChangedSinceRead, ResultRefused::HasItsNumber]);
    all_differ(refusals.iter().map(words::result_refused));
    let standings = [
        Standing::Valid,
        Standing::Expired(DAY),
        Standing::Superseded(ENTRY),
        Standing::NotYetIssued(DAY),
        Standing::Annulled(DAY),
    ];
    all_differ(standings.map(words::standing));
    all_differ(
        [
            NotReusable::OtherOwner,
            NotReusable::OtherPaper,
            NotReusable::NotStanding(Standing::Expired(DAY)),
            NotReusable::NothingToReuse,
            NotReusable::MadeAnew,
        ]
        .map(words::not_reusable),
    );
    all_differ([DeclineRefused::NotOffered, DeclineRefused::ReasonMissing].map(words::decline_refused));
}

#[test]
fn faults_of_a_procedure_are_said() {
    use ProcedureFault as Fault;
    let text = || "bước".to_owned();
    let step = || Place { id: text(), name: "Ký".to_owned() };
    let way = || Way(vec![(Move::Forward, step())]);
    let misplaced = |task, paper| Fault::Misplaced { way: way(), task, paper };
    let what = WaitKind::Supplement;
    let faults = [
        Fault::ValidToBeforeFrom,
        Fault::NoCase,
        Fault::NoChannel { case: text() },
        Fault::ChannelTwice { case: text(), channel: Channel::Direct },
        Fault::UnknownResult { case: text(), result: text() },
        Fault::PromisesRefusal { case: text() },
        Fault::NoRefusingResult,
        Fault::NegativeFee { case: text(), fee: text() },
        Fault::DuplicateId { what: text(), id: text(), about: About::Facts },
        Fault::Empty { what: text(), about: About::Facts },
        Fault::NoTime { what: text(), about: About::Facts },
        Fault::NoStep,
        Fault::TooManySteps { most: 100 },
        Fault::UnknownStep { step: step(), to: text() },
        Fault::Unreachable { step: step() },
        Fault::Circle { way: way() },
        Fault::DeadEnd { way: way() },
        misplaced(StepTask::Sign, Paper::Blank),
        misplaced(StepTask::Draft, Paper::Signed),
        misplaced(StepTask::Seal, Paper::Drafted),
        misplaced(StepTask::HandOver, Paper::Signed),
        misplaced(StepTask::Examine, Paper::Sealed),
        Fault::NotTheEnd { step: step() },
        Fault::BackAfterSeal { step: step() },
        Fault::NotEarlier { step: step(), to: step() },
        Fault::CannotDecline { step: step() },
        Fault::TooLong {
            case: text(),
            channel: Channel::Direct,
            limit: Limit::SameDay,
            way: way(),
            over_minutes: 61,
        },
        Fault::WaitAtUnknownStep { what, step: text() },
        Fault::WaitNowhere { what },
        Fault::WaitTwice { what, step: step() },
        Fault::WaitAfterSeal { what: WaitKind::Payment, step: step() },
        Fault::SupplementRuns,
        Fault::RestartsFor { what: WaitKind::Halt },
        Fault::NoSupplementWait,
        Fault::ConsultsItself { step: step(), consult: text() },
        Fault::ConsultAfterSeal { step: step(), consult: text() },
        Fault::ConsultRestarts { step: step(), consult: text() },
        Fault::ConsultTooLong { step: step(), consult: text() },
        Fault::LevelOnlyForCompetent { what: text(), about: About::Facts },
        Fault::NoSuchWork { step: step(), role: Role::Admin },
        Fault::UnknownPart { part: text(), after: text() },
        Fault::PartsInCircle { parts: vec![text()] },
        Fault::PartOfItself { part: text() },
        Fault::PartNotOffered { part: text() },
    ];
    all_differ(faults.map(|fault| fault.to_string()));
    let advice = [
        Advice::UnusualRole { step: step(), role: Role::Head, usual: Role::Leader },
        Advice::SameName { name: text() },
    ];
    all_differ(advice.map(|advice| advice.to_string()));
}

#[test]
fn money_dates_and_limits_have_their_forms() {
    for (amount, said) in [
        (0, "Không thu"),
        (1, "1 đồng"),
        (999, "999 đồng"),
        (1_000, "1.000 đồng"),
        (15_000, "15.000 đồng"),
        (1_234_567, "1.234.567 đồng"),
        (-15_000, "-15.000 đồng"),
        (i64::MAX, "9.223.372.036.854.775.807 đồng"),
        (i64::MIN, "-9.223.372.036.854.775.808 đồng"),
    ] {
        assert_eq!(words::money(amount), said);
    }
    for (limit, said) in [
        (Limit::WorkingHours(4), "04 giờ làm việc"),
        (Limit::WorkingDays(3), "03 ngày làm việc"),
        (Limit::WorkingDays(15), "15 ngày làm việc"),
        (Limit::CalendarDays(120), "120 ngày"),
        (Limit::SameDay, "trong ngày"),
    ] {
        assert_eq!(words::limit(limit), said);
    }
    assert_eq!(words::date(date(2026, 3, 4)), "04/03/2026");
    assert_eq!(words::moment(at("2026-03-04T07:05")), "07:05 04/03/2026");
    let midnight_here = "2026-03-03T17:00:00Z".parse().expect("a moment");
    assert_eq!(words::moment(midnight_here), "00:00 04/03/2026", "the legal zone, not the machine's");
    for (bytes, said) in [
        (0, "0 KB"),
        (1, "1 KB"),
        (640_000, "640 KB"),
        (999_000, "999 KB"),
        (999_001, "1,0 MB"),
        (1_000_000, "1,0 MB"),
        (2_450_000, "2,4 MB"),
        (52_428_800, "52,4 MB"),
    ] {
        assert_eq!(size(bytes), said, "{bytes}");
    }
}

#[test]
fn a_law_is_named_as_an_officer_says_it() {
    for (law, said) in [
        ("ND61-2018/19.4", "NĐ 61/2018, Điều 19"),
        ("NQ28-2026-QH16/2", "NQ 28/2026/QH16"),
        ("BLLD2019/112.1.b; TB9441-2025-BNV", "Bộ luật Lao động 2019, Điều 112; TB 9441/2025/BNV"),
        ("BLDS2015/148.5", "Bộ luật Dân sự 2015, Điều 148"),
        ("QD12-2026-UBND/3", "QĐ 12/2026/UBND, Điều 3"),
        ("Thông báo hoán đổi ngày làm việc năm 2026", "Thông báo hoán đổi ngày làm việc năm 2026"),
        ("TTr nội bộ số 5/2026", "TTr nội bộ số 5/2026"),
    ] {
        assert_eq!(words::explanation::law_reference(law), said);
    }
}

#[test]
fn only_the_first_letter_of_a_word_goes_small() {
    for (text, said) in [
        ("Ảnh quá mờ", "ảnh quá mờ"),
        ("Đang xử lý", "đang xử lý"),
        ("PDF có mật khẩu", "PDF có mật khẩu"),
        ("UBND phường", "UBND phường"),
        ("Ô", "ô"),
        ("", ""),
    ] {
        assert_eq!(words::lower_first(text), said);
    }
}
