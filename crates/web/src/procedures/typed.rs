//! Between the fields of a form and the values of a procedure: what stands in a field for a value, and
//! what was typed back into one. Every fault is gathered with the name of its field.

use crate::form::{Choice, FormState, MOST_FIELDS, Posted};
use rules::calendar::Limit;
use rules::procedure::{AgencyRule, Procedure};
use rules::text::nfc;
use rules::unit::Level;
use rules::words::procedure as said;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::str::FromStr;

/// The most rows of one kind in a form: more than any procedure has.
const MOST_ROWS: usize = 200;

/// What was typed into a sheet and cannot be saved so.
#[derive(Debug, PartialEq)]
pub(super) struct Unread {
    /// As far as it could be read: it has the rows that were sent.
    pub(super) draft: Procedure,
    /// Each with the name of its field.
    pub(super) faults: Vec<(String, String)>,
}

/// What was typed, being read.
pub(super) struct Typed<'f> {
    posted: &'f Posted,
    faults: Vec<(String, String)>,
}

impl<'f> Typed<'f> {
    pub(super) fn of(posted: &'f Posted) -> Self {
        Self { posted, faults: Vec::new() }
    }

    /// The draft as it was read; with the faults, where something was wrong with a field.
    pub(super) fn done(mut self, draft: Procedure) -> Result<Procedure, Box<Unread>> {
        // The last field of every form: without it the rest was cut off on the way.
        if self.posted.get("het").is_empty() {
            let cut = format!(
                "Biểu mẫu gửi đến không đủ: mạng đứt giữa chừng, hoặc nhiều hơn {MOST_FIELDS} ô. Gửi lại; nếu \
                 vẫn không được thì xuất thủ tục ra tệp, sửa tệp rồi nạp lại"
            );
            self.fault("", cut);
        }
        if self.faults.is_empty() { Ok(draft) } else { Err(Box::new(Unread { draft, faults: self.faults })) }
    }

    pub(super) fn fault(&mut self, name: &str, message: String) {
        self.faults.push((name.to_owned(), message));
    }

    /// The rows of a kind, in their order: what stands between the name of the kind and that of a field.
    pub(super) fn rows(&mut self, kind: &str) -> Vec<String> {
        let rows: Vec<String> = self.posted.all(kind).map(|row| format!("{kind}{row}-")).collect();
        if rows.len() > MOST_ROWS {
            self.fault(
                "",
                format!("Một danh sách có {} dòng, nhiều nhất là {MOST_ROWS}. Bỏ bớt", rows.len()),
            );
        }
        rows
    }

    pub(super) fn text(&self, name: &str) -> String {
        nfc(&self.posted.get(name).replace("\r\n", "\n"))
    }

    pub(super) fn some_text(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    pub(super) fn is_ticked(&self, name: &str) -> bool {
        self.posted.has(name)
    }

    pub(super) fn required(&mut self, name: &str, missing: &str) -> String {
        let text = self.text(name);
        if text.is_empty() {
            self.fault(name, missing.to_owned());
        }
        text
    }

    /// A whole number; an empty field is 0. Points between thousands are left out.
    pub(super) fn number<N: FromStr + Default>(&mut self, name: &str) -> N {
        let text = self.text(name);
        if text.is_empty() {
            return N::default();
        }
        without_points(&text).parse().unwrap_or_else(|_| {
            self.fault(name, format!("“{text}” không phải số dùng được ở đây. Gõ một số nguyên, ví dụ 3"));
            N::default()
        })
    }

    /// A number and what it counts.
    pub(super) fn limit(&mut self, name: &str) -> Limit {
        let n = self.number(&format!("{name}-so"));
        match self.posted.get(&format!("{name}-dv")) {
            "gio" => Limit::WorkingHours(n),
            "ngay-lien-tuc" => Limit::CalendarDays(n),
            "trong-ngay" => Limit::SameDay,
            _ => Limit::WorkingDays(n),
        }
    }

    /// None where neither number nor unit says anything.
    pub(super) fn some_limit(&mut self, name: &str) -> Option<Limit> {
        let is_empty = self.text(&format!("{name}-so")).is_empty();
        let same_day = self.posted.get(&format!("{name}-dv")) == "trong-ngay";
        (!is_empty || same_day).then(|| self.limit(name))
    }

    /// One of the values a list offered.
    pub(super) fn one_of<T: DeserializeOwned>(&mut self, name: &str, otherwise: T) -> T {
        from_word(self.posted.get(name)).unwrap_or_else(|| {
            self.fault(name, "Chọn một giá trị trong danh sách".to_owned());
            otherwise
        })
    }

    pub(super) fn agency(&mut self, name: &str) -> AgencyRule {
        let code = format!("{name}-ma");
        match self.posted.get(name) {
            "named" => match self.text(&code).parse() {
                Ok(code) => AgencyRule::Named(code),
                Err(_) => {
                    self.fault(&code, "Ghi mã định danh của cơ quan, ví dụ H99.40".to_owned());
                    AgencyRule::Competent
                }
            },
            word => agency_of(word).unwrap_or(AgencyRule::Competent),
        }
    }

    /// A field of several texts, one a line.
    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        self.text(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// A field of several codes with commas between them.
    pub(super) fn codes(&self, name: &str) -> Vec<String> {
        let text = self.text(name);
        text.split(',').map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned).collect()
    }

    /// The choices of a list of selects `{name}0`, `{name}1`…, without those left empty.
    pub(super) fn chosen(&self, name: &str) -> Vec<String> {
        let names = (0_usize..).map(|nth| format!("{name}{nth}"));
        let sent = names.take_while(|select| self.posted.has(select)).map(|select| self.text(&select));
        sent.filter(|id| !id.is_empty()).collect()
    }
}

/// `1.234.567` without its points. Points that do not stand between thousands stay: `1.5` is not 15.
fn without_points(text: &str) -> String {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let groups: Vec<&str> = digits.split('.').collect();
    let (first, thousands) = groups.split_first().map_or((0, &[][..]), |(first, rest)| (first.len(), rest));
    let is_grouped = (1..=3).contains(&first) && thousands.iter().all(|group| group.len() == 3);
    if is_grouped { text.replace('.', "") } else { text.to_owned() }
}

/// The word of a value without content, as files write it.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn from_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}

pub(super) fn choices<T: Serialize>(all: &[T], said: impl Fn(&T) -> String) -> Vec<Choice> {
    all.iter().map(|value| Choice::new(word(value), capital(&said(value)))).collect()
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

pub(super) fn with_limit(form: FormState, name: &str, limit: Limit) -> FormState {
    let (n, unit) = match limit {
        Limit::WorkingHours(n) => (n.to_string(), "gio"),
        Limit::WorkingDays(n) => (n.to_string(), "ngay"),
        Limit::CalendarDays(n) => (n.to_string(), "ngay-lien-tuc"),
        Limit::SameDay => (String::new(), "trong-ngay"),
    };
    form.with(format!("{name}-so"), n).with(format!("{name}-dv"), unit)
}

pub(super) fn units() -> Vec<Choice> {
    vec![
        Choice::new("gio", "giờ làm việc"),
        Choice::new("ngay", "ngày làm việc"),
        Choice::new("ngay-lien-tuc", "ngày (cả ngày nghỉ)"),
        Choice::new("trong-ngay", "trong ngày"),
    ]
}

const LEVELS: [(&str, Level); 3] = [
    ("level-province", Level::Province),
    ("level-district", Level::District),
    ("level-commune", Level::Commune),
];

fn agency_of(word: &str) -> Option<AgencyRule> {
    match word {
        "receiving" => Some(AgencyRule::Receiving),
        "competent" => Some(AgencyRule::Competent),
        "level_above" => Some(AgencyRule::LevelAbove),
        word => LEVELS.iter().find(|(known, _)| *known == word).map(|(_, level)| AgencyRule::OfLevel(*level)),
    }
}

pub(super) fn with_agency(form: FormState, name: &str, agency: &AgencyRule) -> FormState {
    match agency {
        AgencyRule::Named(code) => form.with(name, "named").with(format!("{name}-ma"), code.as_str()),
        AgencyRule::OfLevel(of) => {
            let word = LEVELS.iter().find(|(_, level)| level == of).map_or("", |(word, _)| word);
            form.with(name, word)
        }
        rule => form.with(name, word(rule)),
    }
}

pub(super) fn agencies() -> Vec<Choice> {
    let rules = [AgencyRule::Receiving, AgencyRule::Competent, AgencyRule::LevelAbove];
    let plain = rules.iter().map(|rule| Choice::new(word(rule), capital(&said::agency(rule))));
    let named = std::iter::once(Choice::new("named", "Cơ quan theo mã"));
    let levels = LEVELS
        .iter()
        .map(|(word, level)| Choice::new(*word, capital(&said::agency(&AgencyRule::OfLevel(*level)))));
    plain.chain(named).chain(levels).collect()
}

#[cfg(test)]
mod tests {
    use super::Typed;
    use crate::form::Posted;

    fn number(text: &str) -> Result<i64, ()> {
        let posted = Posted::parse(format!("so={text}").as_bytes());
        let mut typed = Typed::of(&posted);
        let number = typed.number("so");
        if typed.faults.is_empty() { Ok(number) } else { Err(()) }
    }

    #[test]
    fn points_stand_between_thousands_only() {
        assert_eq!((number("100.000"), number("1.234.567")), (Ok(100_000), Ok(1_234_567)));
        assert_eq!((number("15"), number(""), number("-2.000")), (Ok(15), Ok(0), Ok(-2_000)));
        for odd in ["1.5", "1.50", "10.0000", "1000.000", ".5", "5.", "1..000", "1,5"] {
            assert_eq!(number(odd), Err(()), "{odd}");
        }
    }

    #[test]
    fn a_step_may_have_as_many_ways_as_it_likes() {
        let sent: Vec<String> = (0..40).map(|nth| format!("tiep{nth}=buoc-{nth}")).collect();
        let posted = Posted::parse(sent.join("&").as_bytes());
        assert_eq!(Typed::of(&posted).chosen("tiep").len(), 40);
    }

    #[test]
    fn too_many_rows_are_told_and_none_is_dropped() {
        let sent: Vec<String> = (0..201).map(|nth| format!("tp={nth}")).collect();
        let posted = Posted::parse(sent.join("&").as_bytes());
        let mut typed = Typed::of(&posted);
        assert_eq!(typed.rows("tp").len(), 201);
        assert!(typed.faults[0].1.contains("201 dòng"), "{:?}", typed.faults);
    }
}
