//! The sheets of the editor: each is a form of one part of a draft, filled from it and read back into it,
//! and each has buttons that add, move or take out its rows.

use super::typed::Unread;
use super::{cases, facts, flow, results};
use crate::form::{FormState, Posted};
use rules::procedure::editing::{Shift, shift};
use rules::procedure::{About, Finding, Procedure, Weight};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sheet {
    Facts,
    Results,
    /// The case at this place of the list.
    Case(usize),
    Process,
}

impl Sheet {
    /// Its address behind that of the draft.
    pub(super) fn path(self) -> String {
        match self {
            Self::Facts => String::new(),
            Self::Results => "/ket-qua".to_owned(),
            Self::Case(nth) => format!("/truong-hop/{}", nth + 1),
            Self::Process => "/quy-trinh".to_owned(),
        }
    }

    pub(super) fn all(draft: &Procedure) -> Vec<Self> {
        let cases = (0..draft.cases.len()).map(Self::Case);
        [Self::Facts].into_iter().chain(cases).chain([Self::Results, Self::Process]).collect()
    }

    pub(super) fn title(self, draft: &Procedure) -> String {
        match self {
            Self::Facts => "Thông tin chung".to_owned(),
            Self::Results => "Kết quả".to_owned(),
            Self::Process => "Quy trình".to_owned(),
            Self::Case(nth) => {
                let name = draft.cases.get(nth).map(|case| case.name.as_str()).unwrap_or_default();
                format!("Trường hợp: {name}")
            }
        }
    }

    pub(super) fn fill(self, draft: &Procedure) -> FormState {
        match self {
            Self::Facts => facts::fill(draft),
            Self::Results => results::fill(draft),
            Self::Case(nth) => cases::fill(draft, nth),
            Self::Process => flow::fill(draft),
        }
    }

    /// The draft with what was typed into this sheet.
    pub(super) fn read(self, base: &Procedure, posted: &Posted) -> Result<Procedure, Box<Unread>> {
        match self {
            Self::Facts => facts::read(base, posted),
            Self::Results => results::read(base, posted),
            Self::Case(nth) => cases::read(base, nth, posted),
            Self::Process => flow::read(base, posted),
        }
    }

    pub(super) fn edit(self, draft: Procedure, edit: &Edit) -> Procedure {
        match self {
            Self::Facts => facts::edit(draft, edit),
            Self::Results => results::edit(draft, edit),
            Self::Case(nth) => cases::edit(draft, nth, edit),
            Self::Process => flow::edit(draft, edit),
        }
    }

    /// Whether a finding is shown, and mended, here.
    pub(super) fn holds(self, about: &About, draft: &Procedure) -> bool {
        match (self, about) {
            (Self::Facts, About::Facts | About::Linked)
            | (Self::Results, About::Results)
            | (Self::Process, About::Process | About::Step(_) | About::Wait(_)) => true,
            (Self::Case(nth), About::Case(name)) => {
                draft.cases.get(nth).is_some_and(|case| case.name == *name)
            }
            _ => false,
        }
    }
}

/// What a button of a sheet does with its rows. A row is told by its kind and its place: `buoc:2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    Save,
    /// A new row of a kind; `at` is the row it belongs to or comes behind.
    Add {
        what: String,
        at: usize,
    },
    /// A step beside the way that leads on from this one.
    Branch {
        at: usize,
    },
    Shift {
        what: String,
        at: usize,
        by: Shift,
    },
    /// Takes a row out; `of` is the row it belongs to.
    Remove {
        what: String,
        of: usize,
        at: usize,
    },
}

impl Edit {
    /// From the value of the button that was pressed: `them:buoc:2`, `len:buoc:2`, `bo:phi:0:1`.
    pub(super) fn of(pressed: &str) -> Self {
        let mut parts = pressed.split(':');
        let act = parts.next().unwrap_or_default();
        let what = parts.next().unwrap_or_default().to_owned();
        let places: Vec<usize> = parts.filter_map(|place| place.parse().ok()).collect();
        let first = places.first().copied().unwrap_or_default();
        let last = places.last().copied().unwrap_or_default();
        match act {
            "them" => Self::Add { what, at: first },
            "re" => Self::Branch { at: first },
            "len" => Self::Shift { what, at: first, by: Shift::Earlier },
            "xuong" => Self::Shift { what, at: first, by: Shift::Later },
            "bo" => Self::Remove { what, of: first, at: last },
            _ => Self::Save,
        }
    }

    /// What was done, for the page that comes next.
    pub(super) fn done(&self) -> &'static str {
        match self {
            Self::Save => "Đã lưu bản nháp",
            Self::Add { .. } | Self::Branch { .. } => "Đã lưu bản nháp và thêm mục mới",
            Self::Shift { .. } => "Đã lưu bản nháp và đổi chỗ",
            Self::Remove { .. } => "Đã lưu bản nháp và bỏ mục",
        }
    }
}

/// Moves or takes out a row of a list without rows of its own.
pub(super) fn move_row<T>(list: &mut Vec<T>, kind: &str, edit: &Edit) {
    match edit {
        Edit::Shift { what, at, by } if what == kind => shift(list, *at, *by),
        Edit::Remove { what, at, .. } if what == kind && *at < list.len() => {
            list.remove(*at);
        }
        _ => {}
    }
}

/// A row of a form: its fields are named by its kind and place.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) kind: &'static str,
    pub(super) nth: usize,
    /// What its fields' names begin with.
    pub(super) at: String,
    pub(super) title: String,
    pub(super) is_first: bool,
    pub(super) is_last: bool,
}

impl Row {
    pub(super) fn of(kind: &'static str, titles: impl ExactSizeIterator<Item = String>) -> Vec<Self> {
        let n = titles.len();
        let row = |(nth, title): (usize, String)| Self {
            kind,
            nth,
            at: format!("{kind}{nth}-"),
            title,
            is_first: nth == 0,
            is_last: nth + 1 == n,
        };
        titles.enumerate().map(row).collect()
    }

    /// The name of one of its fields.
    pub(super) fn f(&self, field: &str) -> String {
        format!("{}{field}", self.at)
    }

    /// The value of a button that does something to it.
    pub(super) fn act(&self, act: &str) -> String {
        format!("{act}:{}:{}", self.kind, self.nth)
    }

    pub(super) fn number(&self) -> usize {
        self.nth + 1
    }
}

/// A finding as a page shows it.
#[derive(Clone, Debug)]
pub(super) struct FindingLine {
    pub(super) text: String,
    pub(super) is_fault: bool,
    /// Where it is mended.
    pub(super) href: String,
}

impl FindingLine {
    pub(super) fn of(finding: &Finding, base: &str, draft: &Procedure) -> Self {
        let sheet = Sheet::all(draft).into_iter().find(|sheet| sheet.holds(&finding.about, draft));
        let step = match &finding.about {
            About::Step(id) => draft.process.steps.iter().position(|step| step.id == *id),
            _ => None,
        };
        let place = match (&finding.about, step) {
            (_, Some(nth)) => format!("?mo={}#buoc-{nth}", nth + 1),
            (About::Wait(_), _) => "#luot-cho".to_owned(),
            (About::Linked, _) => "#lien-thong".to_owned(),
            _ => String::new(),
        };
        Self {
            text: super::typed::capital(&finding.sentence),
            is_fault: finding.weight == Weight::Fault,
            href: format!("{base}{}{place}", sheet.unwrap_or(Sheet::Facts).path()),
        }
    }
}
