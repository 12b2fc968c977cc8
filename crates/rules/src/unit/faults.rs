//! What is wrong with the trees of an installation: all faults are gathered, each said in Vietnamese,
//! before any of it is used.

use super::{Face, Matter, Unit, Units, next_day};
use crate::code::AgencyCode;
use crate::words::date;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is wrong with a set of trees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitFault {
    DuplicateKey(String),
    UnknownParent {
        unit: String,
        parent: String,
    },
    UnknownPredecessor {
        unit: String,
        predecessor: String,
    },
    ValidToBeforeFrom(String),
    Cycle(String),
    /// It ended, and nobody took its work over.
    NoSuccessor(String),
    /// Several took parts of it, and no decision says who takes what is not allotted.
    Undecided(String),
    /// A decision gives something to a unit that is not there to take it.
    NotAnHeir {
        unit: String,
        heir: String,
    },
    /// The successor is not there on the day after the end.
    SuccessorAbsent {
        unit: String,
        successor: String,
    },
    /// The unit above it ended, or had not begun, while it was there.
    Orphaned {
        unit: String,
        parent: String,
    },
    /// Two units with one code, from this day.
    CodeTwice {
        code: AgencyCode,
        unit: String,
        other: String,
        day: Date,
    },
    /// What it was called is not one after the other within its time.
    OverlappingNames(String),
    /// It has one competence twice at a time, or one that ends before it begins.
    OverlappingCompetences(String),
}

impl fmt::Display for UnitFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateKey(unit) => write!(f, "đơn vị “{unit}” có hai lần"),
            Self::UnknownParent { unit, parent } => {
                write!(f, "đơn vị “{unit}” ghi đơn vị cấp trên “{parent}” không có")
            }
            Self::UnknownPredecessor { unit, predecessor } => {
                write!(f, "đơn vị “{unit}” ghi đơn vị tiền thân “{predecessor}” không có")
            }
            Self::ValidToBeforeFrom(unit) => {
                write!(f, "đơn vị “{unit}” hết hiệu lực trước ngày có hiệu lực")
            }
            Self::Cycle(unit) => write!(f, "đơn vị “{unit}” nằm trong vòng cấp trên, cấp dưới"),
            Self::NoSuccessor(unit) => {
                write!(f, "đơn vị “{unit}” kết thúc mà không có đơn vị kế thừa")
            }
            Self::Undecided(unit) => write!(
                f,
                "đơn vị “{unit}” chia cho nhiều đơn vị mà chưa có quyết định ai nhận phần việc còn lại"
            ),
            Self::NotAnHeir { unit, heir } => {
                write!(f, "đơn vị “{unit}” giao việc cho “{heir}”, không phải đơn vị kế thừa")
            }
            Self::SuccessorAbsent { unit, successor } => {
                write!(f, "đơn vị kế thừa “{successor}” không hoạt động vào ngày sau khi “{unit}” kết thúc")
            }
            Self::Orphaned { unit, parent } => {
                write!(f, "đơn vị “{unit}” còn hoạt động khi đơn vị cấp trên “{parent}” không hoạt động")
            }
            Self::CodeTwice { code, unit, other, day } => {
                write!(f, "từ ngày {}, mã {code} là của cả “{unit}” và “{other}”", date(*day))
            }
            Self::OverlappingNames(unit) => {
                write!(f, "tên cũ của đơn vị “{unit}” không nối tiếp nhau trong thời gian đơn vị có hiệu lực")
            }
            Self::OverlappingCompetences(unit) => {
                write!(f, "thẩm quyền của đơn vị “{unit}” trùng thời gian hoặc kết thúc trước khi bắt đầu")
            }
        }
    }
}

/// Every fault of the trees of one installation, all together.
pub fn faults(units: &[Unit]) -> Vec<UnitFault> {
    let mut faults = Vec::new();
    let mut keys = BTreeSet::new();
    for unit in units {
        if !keys.insert(unit.key.as_str()) {
            faults.push(UnitFault::DuplicateKey(unit.key.clone()));
        }
    }
    let all = Units::new(units.iter().cloned());
    for unit in units {
        of_links(&all, unit, &mut faults);
        of_times(&all, unit, &mut faults);
        if unit.valid_to.is_some_and(|last| last >= unit.valid_from) {
            of_end(&all, unit, &mut faults);
        }
    }
    of_codes(units, &mut faults);
    faults
}

fn of_links(all: &Units, unit: &Unit, faults: &mut Vec<UnitFault>) {
    let key = || unit.key.clone();
    for parent in unit.faces().iter().filter_map(|face| face.parent).collect::<BTreeSet<_>>() {
        if all.get(parent).is_none() {
            faults.push(UnitFault::UnknownParent { unit: key(), parent: parent.to_owned() });
        }
    }
    for predecessor in &unit.predecessors {
        if all.get(&predecessor.unit).is_none() {
            faults.push(UnitFault::UnknownPredecessor { unit: key(), predecessor: predecessor.unit.clone() });
        }
    }
    for competence in &unit.competences {
        if let Some(heir) = &competence.passed_to
            && all.get(heir).is_none()
        {
            faults.push(UnitFault::NotAnHeir { unit: key(), heir: heir.clone() });
        }
    }
    if unit.faces().iter().any(|face| all.hangs_in_a_ring(unit, face.from)) {
        faults.push(UnitFault::Cycle(key()));
    }
}

fn of_times(all: &Units, unit: &Unit, faults: &mut Vec<UnitFault>) {
    if unit.valid_to.is_some_and(|last| last < unit.valid_from) {
        faults.push(UnitFault::ValidToBeforeFrom(unit.key.clone()));
        return;
    }
    let faces = unit.faces();
    if faces.iter().any(|face| face.to.is_some_and(|last| last < face.from)) {
        faults.push(UnitFault::OverlappingNames(unit.key.clone()));
        return;
    }
    if overlap_in_time(unit) {
        faults.push(UnitFault::OverlappingCompetences(unit.key.clone()));
    }
    let orphaned = |face: &Face<'_>| {
        let parent = all.get(face.parent?)?;
        let covered = parent.valid_from <= face.from && not_before(parent.valid_to, face.to);
        (!covered).then(|| parent.key.clone())
    };
    for parent in faces.iter().filter_map(orphaned).collect::<BTreeSet<_>>() {
        faults.push(UnitFault::Orphaned { unit: unit.key.clone(), parent });
    }
}

/// Whether a time with this last day lasts at least as long as the other.
fn not_before(last: Option<Date>, other: Option<Date>) -> bool {
    last.is_none_or(|last| other.is_some_and(|other| other <= last))
}

fn overlap_in_time(unit: &Unit) -> bool {
    let mut of: BTreeMap<&Matter, Vec<(Date, Option<Date>)>> = BTreeMap::new();
    for competence in &unit.competences {
        of.entry(&competence.of).or_default().push((competence.from, competence.to));
    }
    of.into_values().any(|mut times| {
        times.sort_unstable_by_key(|(from, _)| *from);
        times.iter().any(|(from, to)| to.is_some_and(|last| last < *from))
            || times.windows(2).any(|pair| pair[0].1.is_none_or(|last| last >= pair[1].0))
    })
}

fn of_end(all: &Units, unit: &Unit, faults: &mut Vec<UnitFault>) {
    let Some(after) = unit.valid_to.map(next_day) else { return };
    let heirs = all.heirs(&unit.key);
    match (&heirs[..], &unit.succession) {
        ([], _) => faults.push(UnitFault::NoSuccessor(unit.key.clone())),
        ([_, _, ..], None) => faults.push(UnitFault::Undecided(unit.key.clone())),
        (_, Some(succession)) => {
            let named = succession.allotted.iter().map(|part| &part.to).chain([&succession.rest]);
            for heir in named.filter(|named| !heirs.iter().any(|heir| heir.key == **named)) {
                faults.push(UnitFault::NotAnHeir { unit: unit.key.clone(), heir: heir.clone() });
            }
        }
        ([_], None) => {}
    }
    for heir in heirs.iter().filter(|heir| !heir.is_valid_on(after)) {
        let (unit, successor) = (unit.key.clone(), heir.key.clone());
        faults.push(UnitFault::SuccessorAbsent { unit, successor });
    }
}

/// A code in either order, without the zeros the older one is filled up with.
fn bare(code: &AgencyCode) -> String {
    let levels: Vec<&str> = code.levels().iter().map(|group| group.trim_start_matches('0')).collect();
    levels.join(".")
}

fn of_codes(units: &[Unit], faults: &mut Vec<UnitFault>) {
    type Use<'u> = (Date, Option<Date>, &'u str, &'u AgencyCode);
    let mut uses: BTreeMap<String, Vec<Use<'_>>> = BTreeMap::new();
    for unit in units {
        for face in unit.faces() {
            let codes: BTreeMap<String, &AgencyCode> =
                face.old_code.into_iter().chain([face.code]).map(|code| (bare(code), code)).collect();
            for (bare, code) in codes {
                uses.entry(bare).or_default().push((face.from, face.to, &unit.key, code));
            }
        }
    }
    for mut of_code in uses.into_values() {
        of_code.sort_unstable_by_key(|(from, _, unit, _)| (*from, *unit));
        for pair in of_code.windows(2) {
            let ((_, last, unit, code), (day, _, other, _)) = (pair[0], pair[1]);
            if unit != other && last.is_none_or(|last| last >= day) {
                faults.push(UnitFault::CodeTwice {
                    code: code.clone(),
                    unit: unit.to_owned(),
                    other: other.to_owned(),
                    day,
                });
            }
        }
    }
}
