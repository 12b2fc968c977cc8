//! What the tests of several stations share: a small procedure that is nobody's, one that ships, a
//! calendar, and values with fixed ids.

use crate::calendar::{Counting, HoursPeriod, Limit, WorkingCalendar, YearTable, instant};
use crate::code::OwnerNumber;
use crate::counter::{Refusal, RefusalReason};
use crate::dossier::{Dossier, DossierPeople, Life, State, Terms};
use crate::event::{Body, HandOverWay, Signedness, SupplementItem};
use crate::id::{
    AbsenceId, AgencyId, DelegationId, DossierId, EntryId, OfficerId, PageId, PartyId, ProposalId, RecordId,
    ResultId, UploadId,
};
use crate::limits::Limits;
use crate::people::delegation::{Delegation, DelegationKind};
use crate::people::leave::{Absence, Cover};
use crate::people::proposal::Change;
use crate::people::{AgencyScope, Post, Role};
use crate::procedure::{AdmissibleForm, Channel, Component, Custody, DigitisationClass, Procedure, Required};
use crate::scanning::{Blob, Edit, FieldKey, Fields, Proposal, Reading};
use jiff::Timestamp;
use jiff::civil::date;
use std::sync::{LazyLock, OnceLock};
use uuid::Uuid;

pub(crate) const COUNTER: AgencyId = AgencyId(Uuid::from_u128(0xa1));
pub(crate) const COMMITTEE: AgencyId = AgencyId(Uuid::from_u128(0xa2));
pub(crate) const ELSEWHERE: AgencyId = AgencyId(Uuid::from_u128(0xa9));
pub(crate) const HOA: OfficerId = OfficerId(Uuid::from_u128(0xb1));
pub(crate) const BINH: OfficerId = OfficerId(Uuid::from_u128(0xb2));
pub(crate) const HOLDER: PartyId = PartyId(Uuid::from_u128(0xc1));
pub(crate) const RESULT: ResultId = ResultId(Uuid::from_u128(0xd1));
pub(crate) const ENTRY: EntryId = EntryId(Uuid::from_u128(0xe1));
pub(crate) const RECORD: RecordId = RecordId(Uuid::from_u128(0xf1));
pub(crate) const UPLOAD: UploadId = UploadId(Uuid::from_u128(0x11));
pub(crate) const DOSSIER: DossierId = DossierId(Uuid::from_u128(0x21));

pub(crate) const SCOPE: AgencyScope =
    AgencyScope { receiving: COUNTER, competent: COMMITTEE, holding: COUNTER };

pub(crate) fn page(n: u128) -> PageId {
    PageId(Uuid::from_u128(0x1000 + n))
}

/// A moment by the legal wall clock: `2026-11-18T09:00`.
pub(crate) fn at(text: &str) -> Timestamp {
    instant(text.parse().expect("a time of the test")).expect("a moment of our time")
}

/// The calendar that ships, 2025 to 2027.
pub(crate) fn calendar() -> &'static WorkingCalendar {
    #[derive(serde::Deserialize)]
    struct HoursFile {
        hours: Vec<HoursPeriod>,
    }
    static CALENDAR: OnceLock<WorkingCalendar> = OnceLock::new();
    CALENDAR.get_or_init(|| {
        let hours: HoursFile =
            toml::from_str(include_str!("../../../calendars/hours.toml")).expect("the hours");
        let tables = [
            include_str!("../../../calendars/vn-2025.toml"),
            include_str!("../../../calendars/vn-2026.toml"),
            include_str!("../../../calendars/vn-2027.toml"),
        ];
        let tables = tables.map(|text| toml::from_str::<YearTable>(text).expect("a table"));
        WorkingCalendar::new(hours.hours, tables.into()).expect("the calendars fit together")
    })
}

/// The general limits that ship.
pub(crate) fn limits() -> &'static Limits {
    #[derive(serde::Deserialize)]
    struct LimitsFile {
        limits: Vec<Limits>,
    }
    static LIMITS: LazyLock<Limits> = LazyLock::new(|| {
        let file: LimitsFile = toml::from_str(include_str!("../../../limits/vn.toml")).expect("the limits");
        file.limits.into_iter().next_back().expect("one set of limits")
    });
    &LIMITS
}

/// What acts of the tests are judged by.
pub(crate) fn terms() -> Terms<'static> {
    Terms { calendar: calendar(), counting: Counting::Hours, limits: limits() }
}

/// A procedure whose steps no code has ever heard of; the second case is not offered online.
pub(crate) fn procedure() -> Procedure {
    static PROCEDURE: LazyLock<Procedure> = LazyLock::new(|| {
        toml::from_str(include_str!("sample/procedure.toml")).expect("the procedure of the tests")
    });
    PROCEDURE.clone()
}

/// The certificate of marital status, as it ships.
pub(crate) fn shipped() -> Procedure {
    toml::from_str(include_str!("../../../procedures/1.004873/1.toml")).expect("a shipped procedure")
}

/// A dossier of `procedure`'s first case, opened by Hoa at the counter.
pub(crate) fn intake(procedure: &Procedure) -> Dossier {
    Dossier {
        id: DOSSIER,
        version: 1,
        code: None,
        procedure: procedure.code.clone(),
        revision: procedure.revision,
        case: procedure.cases[0].id.clone(),
        channel: Channel::Direct,
        people: DossierPeople { submitter: HOLDER, holder: HOLDER, authorised: None },
        scope: SCOPE,
        opened_at: at("2026-11-18T08:30"),
        opened_by: HOA,
        received_at: None,
        clock: None,
        due: None,
        outcome: None,
        state: State::Preparing,
        part_of: None,
        life: Life::default(),
    }
}

pub(crate) fn component(id: &str, form: AdmissibleForm, digitise: DigitisationClass) -> Component {
    Component {
        id: id.to_owned(),
        name: format!("Giấy {id}"),
        paper_type: "TLKT".to_owned(),
        originals: 1,
        copies: 0,
        form,
        digitise,
        replaced_by: vec!["TLKT-BS".to_owned()],
        required: Required::Always,
        custody: Custody::Kept,
        note: None,
    }
}

pub(crate) fn owner_number() -> OwnerNumber {
    "001090012345".parse().expect("a number of the right shape")
}

pub(crate) fn blob(first: char) -> Blob {
    Blob { sha256: first.to_string().repeat(64), bytes: 1_234 }
}

pub(crate) fn reading() -> Reading {
    Reading {
        words: blob('7'),
        n_pages: 2,
        n_words: 180,
        confidence: 0.875,
        proposed: vec![Proposal {
            key: FieldKey::OwnerName,
            value: "Nguyễn Văn An".to_owned(),
            confidence: 0.5,
            place: Some((0, [10.0, 20.0, 300.0, 44.0])),
            doubts: vec!["Chữ mờ".to_owned()],
        }],
        warnings: Vec::new(),
    }
}

pub(crate) fn fields() -> Fields {
    Fields {
        paper_type: "TLKT".to_owned(),
        owner_number: owner_number(),
        owner_name: "Nguyễn Văn An".to_owned(),
        number: Some("45/TLKT-BS".to_owned()),
        issued_on: Some(date(2021, 3, 27)),
        issuer: Some("UBND phường An Cựu".to_owned()),
        summary: "Trích lục khai tử".to_owned(),
        valid_to: None,
        scope: "Toàn quốc".to_owned(),
    }
}

pub(crate) fn refusal() -> Refusal {
    Refusal {
        reason: RefusalReason::NotCompetent,
        explanation: "Nộp tại phường Thủy Xuân, nơi thường trú".to_owned(),
    }
}

/// Hoa's work at the counter, done by Bình in the second week of November.
pub(crate) fn delegation() -> Delegation {
    Delegation {
        id: DelegationId(Uuid::from_u128(0x31)),
        from: HOA,
        to: BINH,
        agency: COUNTER,
        role: Role::Counter,
        procedures: None,
        valid_from: date(2026, 11, 9),
        valid_to: date(2026, 11, 13),
        kind: DelegationKind::Substitution,
        decision: "12/QĐ-UBND ngày 05/11/2026".to_owned(),
    }
}

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
    let leads = || Change::Post { officer: BINH, post: Post::new(COMMITTEE, Role::Leader) };
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
        Body::PostGiven { officer: BINH, post: Post::new(COMMITTEE, Role::Specialist) },
        Body::PostEnded { officer: BINH, post: Post::new(COMMITTEE, Role::Specialist), on },
    ]
}

/// One body of every kind, in the order of the enum; where words depend on the data, one more.
pub(crate) fn bodies() -> Vec<Body> {
    let text = |text: &str| text.to_owned();
    let paper = || "to-khai".to_owned();
    let sha256 = || "7".repeat(64);
    let (due_at, due_on) = (at("2026-11-23T09:00"), date(2026, 11, 23));
    let certificate = || "CN=Trần Thị Hoa".to_owned();
    vec![
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
            code: "H56.15.3-261118-0012".parse().expect("a code"),
            limit: Limit::WorkingDays(3),
            due_at,
            due_on,
            fee: 15_000,
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
        Body::StepFinished { step: text("chia"), next: text("xem"), opinion: String::new() },
        Body::StepFinished { step: text("xem"), next: text("soan"), opinion: text("Đủ điều kiện") },
        Body::SentBack { step: text("ky"), to: text("soan"), reason: text("sai tên mẹ") },
        Body::SupplementAsked {
            items: vec![SupplementItem {
                component: paper(), what: text("ghi rõ mục đích sử dụng")
            }],
        },
        Body::SupplementReceived { due_at, due_on },
        Body::Withdrawn { reason: text("không còn nhu cầu") },
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
        Body::ResultHandedOver { result: RESULT, way: HandOverWay::Counter },
        Body::PaperViewed { entry: Some(ENTRY), record: None },
        Body::RepositoryListed { found: 3 },
        Body::SignedIn,
        Body::SignedOut,
        Body::SignInRefused,
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
    ]
    .into_iter()
    .chain(bodies_of_people())
    .collect()
}
