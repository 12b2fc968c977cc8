//! The sheet of one case of a draft: its channels with time limits and fees, and its components.

use super::sheet::{Edit, Row, move_row};
use super::typed::{Typed, Unread, choices, units, with_limit, word};
use crate::form::{Choice, FormState, Posted};
use rules::calendar::Limit;
use rules::procedure::editing::{fresh_id, shift};
use rules::procedure::{
    AdmissibleForm, Case, Channel, ChannelTerms, Component, Custody, DigitisationClass, Fee, Procedure,
    Required,
};
use rules::words;
use rules::words::procedure as said;

#[derive(Debug)]
pub(super) struct CaseSheet {
    pub(super) nth: usize,
    pub(super) results: Vec<Choice>,
    pub(super) channels: Vec<ChannelRow>,
    pub(super) components: Vec<PaperRow>,
    pub(super) channel_names: Vec<Choice>,
    pub(super) units: Vec<Choice>,
    pub(super) forms: Vec<Choice>,
    pub(super) classes: Vec<Choice>,
    pub(super) required: Vec<Choice>,
    pub(super) custodies: Vec<Choice>,
}

#[derive(Debug)]
pub(super) struct ChannelRow {
    pub(super) row: Row,
    /// What the names of each fee's fields begin with.
    pub(super) fees: Vec<String>,
}

#[derive(Debug)]
pub(super) struct PaperRow {
    pub(super) row: Row,
    /// Unfolded, where something is wrong with its fields or missing in them.
    pub(super) is_open: bool,
}

pub(super) fn case_sheet(draft: &Procedure, nth: usize, form: &FormState) -> CaseSheet {
    let no_case = Vec::new();
    let (channels, components) = match draft.cases.get(nth) {
        Some(case) => (case.channels.as_slice(), &case.components),
        None => (&[] as &[ChannelTerms], &no_case),
    };
    let rows = Row::of("kenh", channels.iter().map(|terms| words::channel(terms.channel).to_owned()));
    let channels = rows
        .into_iter()
        .zip(channels)
        .map(|(row, terms)| ChannelRow {
            fees: (0..terms.fees.len()).map(|fee| format!("kenh{}-phi{fee}-", row.nth)).collect(),
            row,
        })
        .collect();
    CaseSheet {
        nth,
        results: draft.results.iter().map(|result| Choice::new(&result.id, &result.name)).collect(),
        channels,
        components: Row::of("tp", components.iter().map(|component| component.name.clone()))
            .into_iter()
            .map(|row| PaperRow {
                is_open: form.errs_in(&row.at) || form.value(&row.f("loai")).is_empty(),
                row,
            })
            .collect(),
        channel_names: choices(&Channel::ALL, |channel| words::channel(*channel).to_owned()),
        units: units(),
        forms: choices(&AdmissibleForm::ALL, |form| words::admissible_form(*form).to_owned()),
        classes: choices(&DigitisationClass::ALL, |class| said::digitisation(*class).to_owned()),
        required: choices(&[Required::Always, Required::IfAny], |of| words::required(*of).to_owned()),
        custodies: choices(&Custody::ALL, |custody| said::custody(*custody).to_owned()),
    }
}

pub(super) fn fill(draft: &Procedure, nth: usize) -> FormState {
    let Some(case) = draft.cases.get(nth) else { return FormState::default() };
    let form =
        FormState::default().with("ma", &case.id).with("ten", &case.name).with("ket-qua", &case.result);
    let form = case.channels.iter().enumerate().fold(form, |form, (nth, terms)| {
        let at = format!("kenh{nth}-");
        let form = form.with("kenh", nth.to_string()).with(format!("{at}kenh"), word(&terms.channel));
        let form = with_limit(form, &format!("{at}han"), terms.limit);
        terms.fees.iter().enumerate().fold(form, |form, (fee, of)| {
            let fee_at = format!("{at}phi{fee}-");
            form.with(format!("{at}phi"), fee.to_string())
                .with(format!("{fee_at}ten"), &of.name)
                .with(format!("{fee_at}tien"), amount(of.amount))
                .with(format!("{fee_at}ghi-chu"), of.note.clone().unwrap_or_default())
        })
    });
    case.components.iter().enumerate().fold(form, |form, (nth, component)| {
        let at = format!("tp{nth}-");
        form.with("tp", nth.to_string())
            .with(format!("{at}id"), &component.id)
            .with(format!("{at}ten"), &component.name)
            .with(format!("{at}loai"), &component.paper_type)
            .with(format!("{at}chinh"), component.originals.to_string())
            .with(format!("{at}sao"), component.copies.to_string())
            .with(format!("{at}hinh-thuc"), word(&component.form))
            .with(format!("{at}so-hoa"), word(&component.digitise))
            .with(format!("{at}thay"), component.replaced_by.join(", "))
            .with(format!("{at}lap-rieng"), if component.anew { "1" } else { "" })
            .with(format!("{at}bat-buoc"), word(&component.required))
            .with(format!("{at}giu"), word(&component.custody))
            .with(format!("{at}ghi-chu"), component.note.clone().unwrap_or_default())
    })
}

/// `100.000`, as it is written here.
fn amount(amount: i64) -> String {
    match amount {
        0 => "0".to_owned(),
        amount => words::money(amount).trim_end_matches(" đồng").to_owned(),
    }
}

pub(super) fn read(base: &Procedure, nth: usize, posted: &Posted) -> Result<Procedure, Box<Unread>> {
    let mut typed = Typed::of(posted);
    let mut draft = base.clone();
    let id = typed.text("ma");
    let Some(case) = draft.cases.get_mut(nth).filter(|case| case.id == id) else {
        typed.fault("", "Trường hợp này vừa bị bỏ hoặc đổi chỗ. Mở lại bản nháp để xem".to_owned());
        return typed.done(draft);
    };
    case.name = typed.required("ten", "Ghi tên trường hợp");
    case.result = typed.text("ket-qua");
    case.channels = typed.rows("kenh").iter().map(|at| channel(&mut typed, at)).collect();
    case.components = typed.rows("tp").iter().map(|at| component(&mut typed, at)).collect();
    typed.done(draft)
}

fn channel(typed: &mut Typed<'_>, at: &str) -> ChannelTerms {
    let fees = typed.rows(&format!("{at}phi"));
    ChannelTerms {
        channel: typed.one_of(&format!("{at}kenh"), Channel::Direct),
        limit: typed.limit(&format!("{at}han")),
        fees: fees
            .iter()
            .map(|at| Fee {
                name: typed.required(&format!("{at}ten"), "Ghi tên khoản thu, hoặc bỏ khoản này"),
                amount: typed.number(&format!("{at}tien")),
                note: typed.some_text(&format!("{at}ghi-chu")),
            })
            .collect(),
    }
}

fn component(typed: &mut Typed<'_>, at: &str) -> Component {
    Component {
        id: typed.text(&format!("{at}id")),
        name: typed.required(&format!("{at}ten"), "Ghi tên giấy tờ"),
        paper_type: typed.required(&format!("{at}loai"), "Ghi mã loại giấy tờ"),
        originals: typed.number(&format!("{at}chinh")),
        copies: typed.number(&format!("{at}sao")),
        form: typed.one_of(&format!("{at}hinh-thuc"), AdmissibleForm::Original),
        digitise: typed.one_of(&format!("{at}so-hoa"), DigitisationClass::SectorLaw),
        replaced_by: typed.codes(&format!("{at}thay")),
        anew: typed.is_ticked(&format!("{at}lap-rieng")),
        required: typed.one_of(&format!("{at}bat-buoc"), Required::Always),
        custody: typed.one_of(&format!("{at}giu"), Custody::Kept),
        note: typed.some_text(&format!("{at}ghi-chu")),
    }
}

/// A case to begin with, received directly.
pub(super) fn blank(draft: &Procedure) -> Case {
    Case {
        id: fresh_id("truong-hop", draft.cases.iter().map(|case| case.id.as_str())),
        name: "Trường hợp mới".to_owned(),
        components: Vec::new(),
        channels: vec![terms(Channel::Direct)],
        result: draft.results.first().map(|result| result.id.clone()).unwrap_or_default(),
    }
}

fn terms(channel: Channel) -> ChannelTerms {
    ChannelTerms { channel, limit: Limit::WorkingDays(3), fees: Vec::new() }
}

pub(super) fn edit(mut draft: Procedure, nth: usize, edit: &Edit) -> Procedure {
    match edit {
        // A new case is mostly like the one it stands beside.
        Edit::Add { what, .. } if what == "truong-hop" => {
            let copy = Case {
                id: fresh_id("truong-hop", draft.cases.iter().map(|case| case.id.as_str())),
                name: "Trường hợp mới".to_owned(),
                ..draft.cases.get(nth).cloned().unwrap_or_else(|| blank(&draft))
            };
            draft.cases.insert((nth + 1).min(draft.cases.len()), copy);
        }
        Edit::Shift { what, by, .. } if what == "truong-hop" => shift(&mut draft.cases, nth, *by),
        Edit::Remove { what, .. } if what == "truong-hop" && nth < draft.cases.len() => {
            draft.cases.remove(nth);
        }
        edit => {
            if let Some(case) = draft.cases.get_mut(nth) {
                edit_case(case, edit);
            }
        }
    }
    draft
}

fn edit_case(case: &mut Case, edit: &Edit) {
    match edit {
        Edit::Add { what, .. } if what == "kenh" => {
            let free = Channel::ALL.into_iter().find(|channel| case.terms(*channel).is_none());
            let like = case.channels.first().cloned().unwrap_or_else(|| terms(Channel::Direct));
            case.channels.extend(free.map(|channel| ChannelTerms { channel, ..like }));
        }
        Edit::Add { what, at } if what == "phi" => {
            let fee = Fee { name: "Phí".to_owned(), amount: 0, note: None };
            case.channels.iter_mut().skip(*at).take(1).for_each(|terms| terms.fees.push(fee.clone()));
        }
        Edit::Remove { what, of, at } if what == "phi" => {
            let fees = case.channels.get_mut(*of).map(|terms| &mut terms.fees);
            if let Some(fees) = fees.filter(|fees| *at < fees.len()) {
                fees.remove(*at);
            }
        }
        Edit::Add { what, .. } if what == "tp" => {
            let id = fresh_id("giay", case.components.iter().map(|component| component.id.as_str()));
            case.components.push(Component {
                id,
                name: "Giấy tờ mới".to_owned(),
                paper_type: String::new(),
                originals: 1,
                copies: 0,
                form: AdmissibleForm::Original,
                digitise: DigitisationClass::SectorLaw,
                replaced_by: Vec::new(),
                anew: false,
                required: Required::Always,
                custody: Custody::Kept,
                note: None,
            });
        }
        edit => {
            move_row(&mut case.channels, "kenh", edit);
            move_row(&mut case.components, "tp", edit);
        }
    }
}
