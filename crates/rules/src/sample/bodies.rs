//! One event of every kind, with the values of the samples.

use super::{
    BINH, COMMITTEE, CONSULTATION, COUNTER, ELSEWHERE, ENTRY, HOA, PART, RECORD, RESULT, SCOPE, UPLOAD, at,
    delegation, machines, page, refusal,
};
use crate::calendar::Limit;
use crate::counter::provisional::Doubt;
use crate::counter::vietqr::Account;
use crate::custody::{Bearer, Holder, Shelf};
use crate::dossier::writing::WritingForm;
use crate::dossier::{
    AlarmKind, DueMoment, Fault, OpinionVerdict, Outcome, PaymentNotice, Receiver, ReturnWay, Wish,
};
use crate::event::trail::{Filter, Group};
use crate::event::{Body, FeePaid, HandOverWay, PostOutcome, Signedness, SupplementItem};
use crate::id::{
    AbsenceId, FoundPaperId, GlassId, NoteId, PartyId, PassingId, ProposalId, RoundId, StocktakingId,
};
use crate::people::delegation::{Delegation, DelegationKind};
use crate::people::glass::GlassVerdict;
use crate::people::leave::{Absence, Cover};
use crate::people::proposal::Change;
use crate::people::second_factor::Means;
use crate::people::{AgencyScope, Post, Role};
use crate::procedure::{Channel, WaitExit, WaitKind};
use crate::scanning::Edit;
use jiff::civil::date;
use uuid::Uuid;

/// What happens to people and their rights.
fn bodies_of_people() -> Vec<Body> {
    let text = |text: &str| text.to_owned();
    let absence = |cover| Absence {
        id: AbsenceId(Uuid::from_u128(0x32)),
        officer: HOA,
        valid_from: date(2026, 11, 9),
        valid_to: date(2026, 11, 13),
        cover,
    };
    let proposal = ProposalId(Uuid::from_u128(0x33));
    let leads =
        || Change::Post { officer: BINH, post: Post::new(COMMITTEE, Role::Leader), decision: String::new() };
    let examines = || Post::new(COMMITTEE, Role::Specialist);
    let on = date(2026, 11, 23);
    vec![
        Body::Reassigned { step: text("xem"), from: HOA, to: Some(BINH), reason: text("điều chuyển") },
        Body::Reassigned { step: text("xem"), from: HOA, to: None, reason: text("nghỉ ốm") },
        Body::Delegated { delegation: delegation() },
        Body::Delegated {
            delegation: Delegation {
                kind: DelegationKind::Authorisation,
                procedures: Some(vec!["1.004873".parse().expect("a code")]),
                ..delegation()
            },
        },
        Body::DelegationEnded {
            delegation: delegation().id,
            to: BINH,
            role: Role::Counter,
            reason: text("đi làm lại sớm"),
        },
        Body::LeaveBegun {
            absence: absence(Cover::Substitute { officer: BINH, decision: delegation().decision }),
        },
        Body::LeaveBegun {
            absence: absence(Cover::Inbox { reason: text("không có người cùng việc") })
        },
        Body::LeaveEnded { absence: AbsenceId(Uuid::from_u128(0x32)), on },
        Body::OfficerTransferred {
            on,
            ended: vec![Post::new(COUNTER, Role::Counter)],
            given: Vec::new(),
            decision: text("15/QĐ-UBND"),
        },
        Body::RightProposed { proposal, change: leads(), lapses_on: on },
        Body::RightConfirmed { proposal, change: leads() },
        Body::PostGiven { officer: BINH, post: examines(), decision: String::new() },
        Body::PostEnded { officer: BINH, post: examines(), on, decision: String::new() },
        Body::DossierViewed,
        Body::FoundInSearch { dossiers: 0, papers: 0 },
        Body::FoundInSearch { dossiers: 2, papers: 1 },
        Body::OfficerAdded { agency: COMMITTEE },
        Body::SignInLocked { reason: text("nghỉ hưu") },
        Body::SignInUnlocked,
        Body::PasswordReset,
        Body::PasswordChanged,
        Body::SignedOutElsewhere { sessions: 2 },
        Body::SignedInWith { means: Means::Passkey },
        Body::SecondFactorOn,
        Body::SecondFactorOff,
        Body::RecoveryCodeUsed { left: 9 },
        Body::PasskeyAdded { name: "Điện thoại".into() },
        Body::PasskeyRemoved { name: "Điện thoại".into() },
        Body::SecondFactorReset { reason: "mất điện thoại".into() },
        Body::SigningRoundBegun { round: RoundId(Uuid::from_u128(0x61)), papers: 40 },
        Body::PostGiven { officer: BINH, post: examines(), decision: text("16/QĐ-UBND") },
        Body::PostEnded { officer: BINH, post: examines(), on, decision: text("17/QĐ-UBND") },
    ]
}

/// Who of everybody looked at a person's papers in a month.
fn looks() -> Filter {
    Filter {
        person: Some(PartyId(Uuid::from_u128(0x71))),
        group: Some(Group::Looking),
        from: Some(date(2026, 11, 1)),
        to: Some(date(2026, 11, 30)),
        ..Filter::default()
    }
}

/// One body of every kind, in the order of the enum; where words depend on the data, one more.
pub(crate) fn bodies() -> Vec<Body> {
    let text = |text: &str| text.to_owned();
    let paper = || "to-khai".to_owned();
    let sha256 = || "7".repeat(64);
    let (due_at, due_on) = (at("2026-11-23T09:00"), date(2026, 11, 23));
    let certificate = || "CN=Trần Thị Hoa".to_owned();
    let items =
        || vec![SupplementItem { component: paper(), what: text("ghi rõ mục đích sử dụng") }];
    let mut bodies = vec![
        Body::IntakeOpened { procedure: text("1.004873"), revision: 1, case: text("da-ly-hon") },
        Body::CaseChosen { case: text("cap-lai") },
        Body::FileAdded { component: paper(), upload: UPLOAD, bytes: 2_450_000 },
        Body::FileRejected { component: paper(), upload: UPLOAD, why: text("PDF có mật khẩu") },
        Body::FileOpened { component: paper(), upload: UPLOAD, pages: 2, already_signed: Signedness::Signed },
        Body::PagesArranged { component: paper(), edit: Edit::Rotate { page: page(1) } },
        Body::ArrangementUndone { component: paper(), edit: Edit::Remove { page: page(2) } },
        Body::SidesReconciled { component: paper(), sides: 2 },
        Body::ComponentMarked { component: paper(), supply: text("shown") },
        Body::PaperReused { component: paper(), entry: ENTRY },
        Body::ReuseDeclined { component: paper(), entry: ENTRY, reason: text("bản cũ ghi sai năm sinh") },
        Body::DossierReceived {
            code: Some("H56.15.3-261118-0012".parse().expect("a code")),
            limit: Limit::WorkingDays(3),
            due_at,
            due_on,
            fee: 15_000,
            as_of: None,
        },
        Body::RefusedAtCounter { refusal: refusal() },
        Body::PaperRead { component: paper(), record: RECORD, pages: 2, words: 180, confidence: 0.875 },
        Body::PaperNotRead { component: paper(), record: RECORD, why: text("Ảnh quá mờ") },
        Body::PaperSigned {
            component: paper(),
            record: RECORD,
            sha256: sha256(),
            certificate: certificate(),
        },
        Body::FieldsConfirmed { component: paper(), record: RECORD, corrected: Vec::new() },
        Body::FieldsConfirmed {
            component: paper(),
            record: RECORD,
            corrected: vec![text("ho-ten"), text("ngay-cap")],
        },
        Body::PaperFiled { component: paper(), record: RECORD, entry: ENTRY },
        Body::DossierTaken { step: text("xem") },
        Body::StepFinished { step: text("chia"), next: text("xem"), opinion: String::new(), officer: None },
        Body::StepFinished {
            step: text("xem"),
            next: text("soan"),
            opinion: text("Đủ điều kiện"),
            officer: None,
        },
        Body::SentBack { step: text("ky"), to: text("soan"), reason: text("sai tên mẹ") },
        Body::SupplementAsked { items: items(), until: None, exception: None },
        Body::SupplementReceived { due_at, due_on },
        Body::Withdrawn { reason: text("không còn nhu cầu"), returned: Vec::new() },
        Body::ResultDrafted { result: RESULT, result_type: text("xac-nhan"), sha256: sha256() },
        Body::ResultSigned { result: RESULT, sha256: sha256(), certificate: certificate() },
        Body::ResultSealed {
            result: RESULT,
            number: text("45/UBND-XNTTHN"),
            issued_on: date(2026, 11, 23),
            sha256: sha256(),
            certificate: text("CN=UBND phường An Cựu"),
        },
        Body::ResultFiled { result: RESULT, entry: ENTRY },
        Body::ResultHandedOver {
            result: RESULT,
            way: HandOverWay::Counter,
            returned: Vec::new(),
            receiver: None,
        },
        Body::PaperViewed { entry: Some(ENTRY), record: None },
        Body::RepositoryListed { found: 3 },
        Body::SignedIn,
        Body::SignedOut,
        Body::SignInRefused,
        Body::DueMoved {
            was: at("2026-11-23T09:00"),
            due_at: at("2026-11-25T09:00"),
            due_on: date(2026, 11, 25),
            decision: text("Thông báo số 9441/TB-BNV"),
        },
        Body::CalendarDecided { decision: text("Thông báo số 9441/TB-BNV"), version: 2, moved: 41 },
        Body::Rerouted {
            from: SCOPE,
            to: AgencyScope { competent: ELSEWHERE, holding: ELSEWHERE, ..SCOPE },
            decision: text("Nghị quyết số 01/NQ-HĐND"),
        },
        Body::UnitReorganised { decision: text("Nghị quyết số 01/NQ-HĐND") },
        Body::PostsMoved {
            from: COMMITTEE, to: Some(ELSEWHERE), decision: text("Nghị quyết số 01/NQ-HĐND")
        },
        Body::PostsMoved { from: COMMITTEE, to: None, decision: text("Nghị quyết số 01/NQ-HĐND") },
        Body::ProcedureDrafted { procedure: text("1.004873"), version: 2 },
        Body::ProcedurePublished {
            procedure: text("1.004873"),
            revision: 3,
            decision: text("12/QĐ-UBND"),
            valid_from: date(2026, 12, 1),
            valid_to: None,
            content_of: None,
        },
        Body::ProcedurePublished {
            procedure: text("1.004873"),
            revision: 4,
            decision: text("15/QĐ-UBND"),
            valid_from: date(2027, 1, 1),
            valid_to: Some(date(2027, 12, 31)),
            content_of: Some(2),
        },
        Body::ProcedureRetired {
            procedure: text("1.004873"),
            revision: 4,
            last_day: date(2027, 6, 30),
            decision: text("20/QĐ-UBND"),
        },
    ];
    bodies.extend(bodies_of_the_whole_life(items));
    bodies.extend(bodies_of_people());
    bodies.extend(machines::bodies_of_the_audit());
    bodies.extend(bodies_of_custody());
    bodies.extend(bodies_of_writing());
    bodies.extend(bodies_of_an_outage());
    bodies.extend(machines::bodies_of_keys());
    bodies.extend(machines::bodies_of_an_identity_server());
    bodies.extend(bodies_of_the_way_out());
    bodies.extend(bodies_of_referrals(items));
    bodies.extend(bodies_of_an_emergency());
    bodies
}

fn bodies_of_an_emergency() -> Vec<Body> {
    let glass = GlassId(Uuid::from_u128(0x41));
    let reviewed =
        |verdict, words: &str| Body::GlassReviewed { glass, officer: BINH, verdict, words: words.to_owned() };
    vec![
        Body::GlassBroken {
            glass,
            reason: "Lũ cuốn mất giấy tờ, người dân cần xác nhận ngay".to_owned(),
            until: at("2026-11-23T12:00"),
        },
        reviewed(GlassVerdict::Fitting, ""),
        reviewed(GlassVerdict::Unfitting, "Hôm đó không có ai đến quầy"),
    ]
}

fn bodies_of_an_outage() -> Vec<Body> {
    let taken = |doubt| Body::SlipTaken {
        number: "PT-K7QX-261123-001".to_owned(),
        taken_at: at("2026-11-23T08:30"),
        components: vec!["to-khai".to_owned()],
        doubt,
    };
    vec![
        Body::DossierReceived {
            code: Some("H56.15.3-261118-0012".parse().expect("a code")),
            limit: Limit::WorkingDays(3),
            due_at: at("2026-11-26T17:00"),
            due_on: date(2026, 11, 26),
            fee: 15_000,
            as_of: Some(at("2026-11-23T08:30")),
        },
        taken(None),
        taken(Some(Doubt::ClockOff { minutes: 30 })),
        taken(Some(Doubt::ClockOff { minutes: -60 })),
        taken(Some(Doubt::WrittenAfterSent)),
        taken(Some(Doubt::TooOld { hours: 96 })),
    ]
}

fn bodies_of_the_way_out() -> Vec<Body> {
    let text = |text: &str| text.to_owned();
    let paid = |paid| Body::FeeCollected { amount: 15_000, receipt: text("0001234"), paid: Some(paid) };
    let given = |way, receiver| Body::ResultHandedOver {
        result: RESULT,
        way,
        returned: vec![text("to-khai")],
        receiver: Some(receiver),
    };
    let set = |account| Body::FeeAccountSet { account, from: date(2026, 12, 1), reason: text("9/QĐ-UBND") };
    let wanted = |return_way| Body::ReturnWayChosen { return_way };
    let answered = |outcome| Body::PostAnswered { result: RESULT, tracking: text("EA123456789VN"), outcome };
    let account = Account {
        bank: text("Kho bạc Nhà nước"),
        bin: text("970499"),
        number: text("3511012345"),
        holder: text("UBND XÃ YÊN BÌNH"),
    };
    vec![
        paid(FeePaid::Cash),
        paid(FeePaid::Transfer { transaction: text("GD26327001") }),
        set(Some(account)),
        set(None),
        given(HandOverWay::Counter, Receiver::Applicant),
        given(
            HandOverWay::Counter,
            Receiver::Authorised {
                name: text("Lê Văn An"), authorisation: text("Giấy ủy quyền 12/2026")
            },
        ),
        given(HandOverWay::Post, Receiver::Post { tracking: text("EA123456789VN") }),
        Body::SignedSheetKept { result: RESULT, sha256: "ab".repeat(32) },
        Body::CameByPost { tracking: text("EA123456788VN"), arrived_at: at("2026-11-23T08:15") },
        wanted(ReturnWay::Counter),
        wanted(ReturnWay::Post { address: text("Thôn Đá Chữ, xã Yên Bình") }),
        wanted(ReturnWay::Electronic),
        answered(PostOutcome::Delivered),
        answered(PostOutcome::CameBack),
    ]
}

fn bodies_of_referrals(items: impl Fn() -> Vec<SupplementItem>) -> Vec<Body> {
    let asked = |wish| Body::Referred { wish, reason: "chờ đo đạc lại".to_owned() };
    vec![
        asked(Wish::PutOff { by: Limit::WorkingDays(5) }),
        asked(Wish::AskAgain { items: items() }),
        Body::ReferralEnded { by: HOA, declined: Some("còn đủ thời gian".to_owned()) },
        Body::ReferralEnded { by: HOA, declined: None },
    ]
}

fn bodies_of_writing() -> Vec<Body> {
    let note = NoteId(Uuid::from_u128(0x71));
    let taken_over =
        |form| Body::EditingTakenOver { form, from: HOA, reason: "nghỉ đột xuất".to_owned() };
    let mut bodies = vec![
        Body::NoteWritten { note, mentioned: Vec::new() },
        Body::NoteWritten { note, mentioned: vec![HOA, BINH] },
        Body::NoteStruck { note },
    ];
    bodies.extend(WritingForm::ALL.map(taken_over));
    bodies
}

fn bodies_of_custody() -> Vec<Body> {
    let text = |text: &str| text.to_owned();
    let passing = PassingId(Uuid::from_u128(0x41));
    let found = FoundPaperId(Uuid::from_u128(0x42));
    let shelf = Shelf { room: text("1"), rack: text("B"), boxed: text("07") };
    let holders = [
        Holder::Bearer(Bearer { officer: BINH, agency: COUNTER }),
        Holder::Shelf { agency: COUNTER, shelf },
        Holder::Post { agency: COUNTER, consignment: text("RB118VN") },
        Holder::Outside { agency: COUNTER, name: text("Chi cục Thuế khu vực 3") },
        Holder::Applicant,
        Holder::Destroyed { record: text("Biên bản 4/BB-UBND") },
    ];
    let mut bodies = vec![
        Body::FolderPassed { passing, agency: COUNTER, officer: Some(BINH) },
        Body::FolderPassed { passing, agency: COMMITTEE, officer: None },
        Body::FolderConfirmed { passing },
        Body::FolderRefused { passing, reason: text("thiếu giấy khai sinh") },
        Body::FolderTakenBack { passing },
        Body::FolderReclaimed { from: HOA, reason: text("nghỉ thai sản") },
    ];
    bodies.extend(holders.map(|to| Body::FolderMoved { to }));
    bodies.extend([
        Body::FolderMissed,
        Body::FolderOpened,
        Body::PaperFound { found },
        Body::FoundPaperTied { found, place: text("khay máy quét, tầng 2") },
        Body::StocktakingEnded {
            stocktaking: StocktakingId(Uuid::from_u128(0x43)),
            seen: 41,
            missing: 1,
            surplus: 2,
        },
        Body::NumberBookSet { year: 2026, symbol: text("GXN-UBND"), was: 0, last: 143 },
        Body::RegisterPrinted {
            symbol: Some(text("GXN-UBND")),
            from: date(2026, 11, 1),
            to: date(2026, 11, 30),
            lines: 12,
        },
        Body::RegisterPrinted { symbol: None, from: date(2026, 11, 1), to: date(2026, 11, 30), lines: 214 },
        Body::AuditViewed { filter: looks() },
        Body::AuditViewed { filter: Filter::default() },
        Body::AuditExported { filter: looks(), events: 41, sha256: "7".repeat(64) },
    ]);
    bodies.extend([Some("7".repeat(64)), None].map(|sha256| Body::FormTextSet {
        form: "03-tu-choi".to_owned(),
        from: date(2026, 12, 1),
        sha256,
        reason: "9/QĐ-UBND".to_owned(),
    }));
    bodies.push(Body::CodeFormatSet {
        format: "{agency}-{yymmdd}-{ordinal:6}".to_owned(),
        from: date(2026, 12, 1),
        reason: "9/QĐ-UBND".to_owned(),
    });
    bodies.extend(machines::bodies_of_programs());
    bodies
}

/// What was added with the whole life of a dossier, and the bodies that say more since then.
fn bodies_of_the_whole_life(items: impl Fn() -> Vec<SupplementItem>) -> Vec<Body> {
    let text = |text: &str| text.to_owned();
    let until = at("2026-12-02T17:00");
    let (due_at, due_on) = (at("2026-11-23T09:00"), date(2026, 11, 23));
    let exception = || Some(text("giấy tờ nộp thay đã hết hạn"));
    let papers = || vec![text("to-khai")];
    vec![
        Body::DossierReceived {
            code: None,
            limit: Limit::WorkingDays(3),
            due_at,
            due_on,
            fee: 0,
            as_of: None,
        },
        Body::StepFinished {
            step: text("chia"),
            next: text("xem"),
            opinion: String::new(),
            officer: Some(BINH),
        },
        Body::SupplementAsked { items: items(), until: Some(until), exception: exception() },
        Body::Withdrawn { reason: text("không còn nhu cầu"), returned: papers() },
        Body::ResultHandedOver { result: RESULT, way: HandOverWay::Post, returned: papers(), receiver: None },
        Body::Submitted { channel: Channel::Online, answer_by: due_at },
        Body::PapersAsked { items: items(), until, exception: None },
        Body::PapersAsked { items: items(), until, exception: exception() },
        Body::PapersBrought { answer_by: due_at },
        Body::Transferred { step: text("xem"), agency: COMMITTEE },
        Body::Assigned { step: text("xem"), officer: BINH },
        Body::Consulted {
            consultation: CONSULTATION,
            agency: ELSEWHERE,
            question: text("Thửa đất có vướng quy hoạch không?"),
            due_at,
        },
        Body::ConsultAnswered {
            consultation: CONSULTATION,
            verdict: OpinionVerdict::Disagrees,
            opinion: text("Nằm trong hành lang đường"),
            lapsed_at: None,
        },
        Body::ConsultLapsed { consultation: CONSULTATION, agency: ELSEWHERE },
        Body::PaymentAsked {
            notice: PaymentNotice { number: text("TB-0113/CCT"), amount: 12_500_000 },
            until,
        },
        Body::PaymentReceived { receipt: text("BL-7712"), due_at, due_on },
        Body::FeeCollected { amount: 15_000, receipt: text("0001234"), paid: None },
        Body::Halted { reason: text("chờ kết luận thanh tra"), until },
        Body::Resumed { due_at, due_on },
        Body::DossierStopped { reason: text("đất đang tranh chấp") },
        Body::WaitExpired { what: WaitKind::Supplement, exit: WaitExit::Close },
        Body::WaitExpired { what: WaitKind::Halt, exit: WaitExit::Resume },
        Body::Extended {
            was: due_at,
            due_at: until,
            due_on: date(2026, 12, 2),
            reason: text("thiếu cán bộ"),
        },
        Body::WithdrawalAsked { reason: text("không còn nhu cầu") },
        Body::CorrectionBegun { result: RESULT, reason: text("sai năm sinh"), fault: Fault::Agency },
        Body::CorrectionBegun { result: RESULT, reason: text("đổi họ"), fault: Fault::Applicant },
        Body::ResultAnnulled {
            result: RESULT,
            decision: text("Quyết định 17/QĐ-UBND"),
            reason: text("cấp sai đối tượng"),
        },
        Body::PartOpened { part: text("khai-sinh"), dossier: PART },
        Body::PartAwaits { part: text("bao-hiem") },
        Body::PartEnded { dossier: PART, outcome: None },
        Body::MirrorUpdated {
            system: text("Phần mềm hộ tịch"), number: 4, status: text("Đang xử lý")
        },
        Body::AlarmRaised { alarm: AlarmKind::Silent, agency: COMMITTEE },
        Body::AlarmRaised { alarm: AlarmKind::Nobody, agency: COMMITTEE },
        Body::AlarmCleared { alarm: AlarmKind::Late },
        Body::ConsultAnswered {
            consultation: CONSULTATION,
            verdict: OpinionVerdict::Agrees,
            opinion: text("Không vướng"),
            lapsed_at: Some(until),
        },
        Body::PartEnded { dossier: PART, outcome: Some(Outcome::Refused) },
        Body::PartMayBegin { dossier: PART, reason: text("cha mẹ cam kết nộp sau") },
        Body::WholeMoved { due: Some(DueMoment { at: until, on: date(2026, 12, 2) }) },
        Body::WholeMoved { due: None },
        Body::NumberCancelled {
            result: RESULT, number: text("46/UBND-XNTTHN"), reason: text("sai tên mẹ")
        },
    ]
}
