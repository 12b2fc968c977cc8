//! What the tests of several stations share: a small procedure that is nobody's, one that ships, a
//! calendar, and values with fixed ids.

mod bodies;
mod machines;

pub(crate) use bodies::bodies;

use crate::calendar::{Counting, HoursPeriod, WorkingCalendar, YearTable, instant};
use crate::code::OwnerNumber;
use crate::counter::{Refusal, RefusalReason};
use crate::dossier::{Dossier, DossierPeople, Life, State, Terms};
use crate::id::{
    AgencyId, ConsultationId, DelegationId, DossierId, EntryId, OfficerId, PageId, PartyId, RecordId,
    ResultId, UploadId,
};
use crate::limits::Limits;
use crate::people::delegation::{Delegation, DelegationKind};
use crate::people::{AgencyScope, Role};
use crate::procedure::{
    AdmissibleForm, AgencyRule, Channel, Component, Custody, DigitisationClass, LinkedPart, Procedure,
    Required,
};
use crate::scanning::{Blob, FieldKey, Fields, Proposal, Reading};
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
pub(crate) const PART: DossierId = DossierId(Uuid::from_u128(0x22));
pub(crate) const CONSULTATION: ConsultationId = ConsultationId(Uuid::from_u128(0x31));

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

/// A procedure whose steps no code has ever heard of; the second case is offered by post alone.
pub(crate) fn procedure() -> Procedure {
    static PROCEDURE: LazyLock<Procedure> = LazyLock::new(|| {
        toml::from_str(include_str!("sample/procedure.toml")).expect("the procedure of the tests")
    });
    PROCEDURE.clone()
}

/// Kites and their string: a procedure of which two parts begin at once, and the third when the first has
/// its result. Each part is a [`procedure`].
pub(crate) fn whole() -> Procedure {
    let small = procedure();
    let part = |id: &str, after: &[&str]| LinkedPart {
        id: id.to_owned(),
        procedure: small.code.clone(),
        case: small.cases[0].id.clone(),
        agency: AgencyRule::Competent,
        after: after.iter().map(|id| (*id).to_owned()).collect(),
    };
    let linked = vec![part("dieu", &[]), part("day", &[]), part("duoi", &["dieu"])];
    let code = "9.000003".parse().expect("a code");
    Procedure { code, linked, name: "Cấp phép cả bộ diều".to_owned(), ..small.clone() }
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
        anew: false,
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
