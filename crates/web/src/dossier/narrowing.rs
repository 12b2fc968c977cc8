//! What the inbox or a search is narrowed by, in its address, as chips that are taken off one by one, and as the fields
//! of a form; all of it works without script.

use crate::form::{Choice, FormState, encoded, query_value, sought};
use jiff::civil::Date;
use rules::id::{AgencyId, OfficerId};
use rules::measure::narrowing::{Came, Hands, Mark, Narrowing, Papers};
use rules::scanning::day;
use rules::words;
use std::collections::BTreeMap;
use store::dossier::DossierLine;

pub(crate) const INBOX: &str = "/viec";

/// The marks of the deadline: in the address, and in words.
pub(crate) const MARKS: [(Mark, &str, &str); 5] = [
    (Mark::Overdue, "qua-han", "Quá hạn"),
    (Mark::Today, "hom-nay", "Đến hạn hôm nay"),
    (Mark::Soon, "sap-den-han", "Sắp đến hạn"),
    (Mark::InTime, "trong-han", "Trong hạn"),
    (Mark::Stopped, "tam-dung", "Tạm dừng"),
];

/// Where one looks things up.
pub(crate) const FOUND: &str = "/tim";
/// What says in an address that it is one of those, and how.
const PLACE: &str = "o";
const SEARCH: &str = "tim";
const FIRST: &str = "co";
const MINE: &str = "toi";
const NOBODY: &str = "chua-giao";

/// A condition with the way to the list without it.
#[derive(Debug)]
pub(crate) struct Removable {
    pub(crate) href: String,
    pub(crate) label: String,
}

/// The names that stand in chips and in the lists of the form, from the rows there are.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) procedures: BTreeMap<String, String>,
    pub(crate) units: BTreeMap<AgencyId, String>,
    pub(crate) officers: BTreeMap<OfficerId, String>,
    pub(crate) states: BTreeMap<&'static str, &'static str>,
}

impl Known {
    pub(crate) fn of<'l>(
        lines: impl Iterator<Item = &'l DossierLine>,
        unit_names: &BTreeMap<AgencyId, String>,
    ) -> Self {
        let mut known = Self::default();
        for line in lines {
            let dossier = &line.dossier;
            known.procedures.insert(dossier.procedure.to_string(), line.procedure_name.clone());
            known.states.insert(dossier.state.kind(), words::state(&dossier.state));
            let unit = dossier.scope.holding;
            known.units.insert(unit, unit_names.get(&unit).cloned().unwrap_or_default());
            if let (Some(officer), Some(name)) = (dossier.state.officer(), &line.officer_name) {
                known.officers.insert(officer, name.clone());
            }
        }
        known
    }

    /// What each select of the form offers, by its field.
    pub(crate) fn choices(&self) -> Choices {
        let mut hands = vec![Choice::new(MINE, "Tôi đang giữ"), Choice::new(NOBODY, "Chưa ai nhận")];
        hands.extend(by_name(self.officers.iter().map(|(id, name)| Choice::new(id.to_string(), name))));
        Choices {
            marks: MARKS.iter().map(|(_, word, label)| Choice::new(*word, *label)).collect(),
            procedures: by_name(self.procedures.iter().map(|(code, name)| Choice::new(code, name))),
            units: by_name(self.units.iter().map(|(id, name)| Choice::new(id.to_string(), name))),
            hands,
            states: self.states.iter().map(|(kind, label)| Choice::new(*kind, *label)).collect(),
            came: vec![Choice::new(FIRST, "Lấy số ưu tiên ở quầy")],
            papers: vec![Choice::new("xong", "Đã số hóa xong"), Choice::new("con", "Còn giấy chưa số hóa")],
        }
    }
}

fn by_name(choices: impl Iterator<Item = Choice>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = choices.collect();
    choices.sort_by_cached_key(|choice| rules::text::sort_key(&choice.label));
    choices
}

#[derive(Debug)]
pub(crate) struct Choices {
    pub(crate) marks: Vec<Choice>,
    pub(crate) procedures: Vec<Choice>,
    pub(crate) units: Vec<Choice>,
    pub(crate) hands: Vec<Choice>,
    pub(crate) states: Vec<Choice>,
    pub(crate) papers: Vec<Choice>,
    pub(crate) came: Vec<Choice>,
}

/// What an address, or the fields of a form, narrow by. What does not parse narrows nothing.
pub(crate) fn read(value: impl Fn(&str) -> String) -> Narrowing {
    let some = |name: &str| Some(value(name)).filter(|text| !text.is_empty());
    let word = some("han").unwrap_or_default();
    Narrowing {
        mark: MARKS.iter().find(|(_, known, _)| *known == word).map(|(mark, _, _)| *mark),
        procedure: some("thu-tuc").and_then(|code| code.parse().ok()),
        unit: some("don-vi").and_then(|id| id.parse().ok()),
        hands: some("can-bo").and_then(|word| match word.as_str() {
            MINE => Some(Hands::Mine),
            NOBODY => Some(Hands::Nobody),
            id => id.parse().ok().map(Hands::Officer),
        }),
        state: some("trang-thai"),
        due_from: day(&value("tu")).ok().flatten(),
        due_to: day(&value("den")).ok().flatten(),
        papers: some("so-hoa").and_then(|word| match word.as_str() {
            "xong" => Some(Papers::Digitised),
            "con" => Some(Papers::Waiting),
            _ => None,
        }),
        received_from: day(&value("nhan-tu")).ok().flatten(),
        received_to: day(&value("nhan-den")).ok().flatten(),
        came: some("uu-tien").filter(|word| word == FIRST).map(|_| Came::First),
        sought: (value(PLACE) == SEARCH).then(|| sought(&value("q"))),
    }
}

pub(crate) fn of_query(query: Option<&str>) -> Narrowing {
    read(|name| query_value(query, name))
}

/// The fields with what is narrowed by.
pub(crate) fn fields(narrowing: &Narrowing) -> Vec<(&'static str, String)> {
    let date = |day: Option<Date>| day.map(words::date);
    let all = [
        ("han", narrowing.mark.and_then(mark_word).map(ToOwned::to_owned)),
        ("thu-tuc", narrowing.procedure.as_ref().map(ToString::to_string)),
        ("don-vi", narrowing.unit.map(|unit| unit.to_string())),
        (
            "can-bo",
            narrowing.hands.map(|hands| match hands {
                Hands::Mine => MINE.to_owned(),
                Hands::Nobody => NOBODY.to_owned(),
                Hands::Officer(officer) => officer.to_string(),
            }),
        ),
        ("trang-thai", narrowing.state.clone()),
        ("tu", date(narrowing.due_from)),
        ("den", date(narrowing.due_to)),
        (
            "so-hoa",
            narrowing.papers.map(|papers| match papers {
                Papers::Digitised => "xong".to_owned(),
                Papers::Waiting => "con".to_owned(),
            }),
        ),
        ("nhan-tu", date(narrowing.received_from)),
        ("nhan-den", date(narrowing.received_to)),
        ("uu-tien", narrowing.came.map(|Came::First| FIRST.to_owned())),
        (PLACE, narrowing.sought.as_ref().map(|_| SEARCH.to_owned())),
        ("q", narrowing.sought.clone()),
    ];
    all.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
}

fn mark_word(mark: Mark) -> Option<&'static str> {
    MARKS.iter().find(|(known, _, _)| *known == mark).map(|(_, word, _)| *word)
}

pub(crate) fn form(narrowing: &Narrowing) -> FormState {
    fields(narrowing).into_iter().fold(FormState::default(), |form, (name, value)| form.with(name, value))
}

/// The address of the inbox narrowed so; one that is narrowed by nothing says so, since an inbox may open
/// with a view.
pub(crate) fn href(narrowing: &Narrowing) -> String {
    let query = query(narrowing);
    if narrowing.sought.is_some() {
        return format!("{FOUND}?{query}");
    }
    if query.is_empty() { format!("{INBOX}?tat-ca=1") } else { format!("{INBOX}?{query}") }
}

/// What is narrowed by, as an address says it.
pub(crate) fn query(narrowing: &Narrowing) -> String {
    let parts: Vec<String> =
        fields(narrowing).iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    parts.join("&")
}

/// Every condition but the mark, which has a row of chips of its own.
pub(crate) fn removable(narrowing: &Narrowing, known: &Known) -> Vec<Removable> {
    let mut chips = Vec::new();
    let mut chip = |label: String, change: fn(&mut Narrowing)| {
        let mut without = narrowing.clone();
        change(&mut without);
        chips.push(Removable { href: href(&without), label });
    };
    if let Some(code) = &narrowing.procedure {
        let name = known.procedures.get(code.as_str()).cloned();
        chip(name.unwrap_or_else(|| code.to_string()), |without| without.procedure = None);
    }
    if let Some(unit) = narrowing.unit {
        let name = known.units.get(&unit).cloned().unwrap_or_else(|| "Đơn vị khác".to_owned());
        chip(name, |without| without.unit = None);
    }
    if let Some(hands) = narrowing.hands {
        let name = match hands {
            Hands::Mine => "Tôi đang giữ".to_owned(),
            Hands::Nobody => "Chưa ai nhận".to_owned(),
            Hands::Officer(officer) => {
                known.officers.get(&officer).cloned().unwrap_or_else(|| "Cán bộ khác".to_owned())
            }
        };
        chip(name, |without| without.hands = None);
    }
    if let Some(state) = &narrowing.state {
        let label = known.states.get(state.as_str()).copied().unwrap_or("Trạng thái khác");
        chip(label.to_owned(), |without| without.state = None);
    }
    if let Some(first) = narrowing.due_from {
        chip(format!("Hạn từ {}", words::date(first)), |without| without.due_from = None);
    }
    if let Some(last) = narrowing.due_to {
        chip(format!("Hạn đến {}", words::date(last)), |without| without.due_to = None);
    }
    if let Some(papers) = narrowing.papers {
        let label = match papers {
            Papers::Digitised => "Đã số hóa xong",
            Papers::Waiting => "Còn giấy chưa số hóa",
        };
        chip(label.to_owned(), |without| without.papers = None);
    }
    if let Some(first) = narrowing.received_from {
        chip(format!("Tiếp nhận từ {}", words::date(first)), |without| without.received_from = None);
    }
    if let Some(last) = narrowing.received_to {
        chip(format!("Tiếp nhận đến {}", words::date(last)), |without| without.received_to = None);
    }
    if narrowing.came.is_some() {
        chip("Lấy số ưu tiên".to_owned(), |without| without.came = None);
    }
    chips
}

#[cfg(test)]
mod tests {
    use super::{Known, href, of_query, removable};
    use rules::measure::narrowing::{Hands, Narrowing};

    const FULL: &str = "/viec?han=qua-han&thu-tuc=1.004873&don-vi=00000000-0000-0000-0000-000000000001\
        &can-bo=toi&trang-thai=in_process&tu=01/12/2026&den=31/12/2026&so-hoa=con\
        &nhan-tu=01/11/2026&nhan-den=30/11/2026&uu-tien=co";

    #[test]
    fn an_address_is_what_it_narrows_by() {
        let narrowing = of_query(FULL.split_once('?').map(|(_, query)| query));
        assert_eq!(href(&narrowing), FULL);
        assert_eq!(href(&of_query(None)), "/viec?tat-ca=1");
        let found = "/tim?trang-thai=done&o=tim&q=Nguy%E1%BB%85n";
        let narrowing = of_query(found.split_once('?').map(|(_, query)| query));
        assert_eq!((narrowing.sought.as_deref(), href(&narrowing).as_str()), (Some("Nguyễn"), found));
        assert!(
            of_query(Some("han=la&can-bo=Lan&tu=hom+qua&so-hoa=x")).is_empty(),
            "what is odd narrows nothing"
        );
    }

    #[test]
    fn each_chip_takes_off_one_condition() {
        let narrowing = of_query(FULL.split_once('?').map(|(_, query)| query));
        let chips = removable(&narrowing, &Known::default());
        assert_eq!(chips.len(), 10, "all but the mark");
        for chip in &chips {
            let without = of_query(chip.href.split_once('?').map(|(_, query)| query));
            assert_ne!(without, narrowing);
            assert_eq!(removable(&without, &Known::default()).len(), 9, "{}", chip.label);
        }
        let alone = Narrowing { hands: Some(Hands::Nobody), ..Narrowing::default() };
        assert_eq!(removable(&alone, &Known::default())[0].href, "/viec?tat-ca=1");
    }
}
