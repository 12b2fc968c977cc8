//! The papers of a dossier: the list of what was brought, and their pages to look at beside the work.

use office::dossier::view::DossierView;
use rules::counter::Supply;
use rules::scanning::{Record, Source};
use rules::words;

#[derive(Debug)]
pub(crate) struct PaperRow {
    pub(crate) href: String,
    pub(crate) thumb_href: String,
    pub(crate) title: String,
    pub(crate) detail: String,
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) state: String,
}

/// The pages of a dossier's papers, one of them large.
#[derive(Debug)]
pub(crate) struct Viewer {
    pub(crate) pages: Vec<Leaf>,
    /// The one that is shown large, from 0.
    pub(crate) shown: usize,
}

/// One page.
#[derive(Debug)]
pub(crate) struct Leaf {
    /// From 1 over all papers, as it stands in the address.
    pub(crate) number: usize,
    pub(crate) thumb_href: String,
    pub(crate) large_href: String,
    /// The paper, and which of its pages.
    pub(crate) title: String,
}

impl Viewer {
    /// The pages of what was brought, in the order of the components; `chosen` as the address has it.
    pub(crate) fn of(view: &DossierView, chosen: &str) -> Self {
        let components = view.case().map(|case| case.components.as_slice()).unwrap_or_default();
        let mut pages = Vec::new();
        for component in components {
            let Some(record) = view.record(&component.id) else { continue };
            let n_pages = n_pages(record);
            for at in 0..n_pages {
                let title = if n_pages == 1 {
                    component.name.clone()
                } else {
                    format!("{}, trang {}/{n_pages}", component.name, at + 1)
                };
                pages.push(Leaf {
                    number: pages.len() + 1,
                    thumb_href: thumbnail(record, at),
                    large_href: format!("/so-hoa/{}/anh/{at}", record.id),
                    title,
                });
            }
        }
        let shown = chosen.parse().unwrap_or(1_usize).saturating_sub(1);
        Self { shown: if shown < pages.len() { shown } else { 0 }, pages }
    }

    pub(crate) fn current(&self) -> Option<&Leaf> {
        self.pages.get(self.shown)
    }
}

fn n_pages(record: &Record) -> usize {
    match &record.source {
        Source::Pages { pages } => pages.len(),
        Source::SignedFile { .. } => {
            record.state.reading().and_then(|reading| usize::try_from(reading.n_pages).ok()).unwrap_or(0)
        }
    }
}

/// A small picture of a page; a file that came signed has none but its pages themselves.
fn thumbnail(record: &Record, at: usize) -> String {
    match &record.source {
        Source::Pages { pages } => pages
            .get(at)
            .map(|page| format!("/trang/{}/nho?xoay={}", page.page, page.quarter_turns))
            .unwrap_or_default(),
        Source::SignedFile { .. } => format!("/so-hoa/{}/anh/{at}", record.id),
    }
}

pub(super) fn papers(view: &DossierView) -> Vec<PaperRow> {
    let Some(case) = view.case() else { return Vec::new() };
    case.components
        .iter()
        .map(|component| {
            let supply = view.supply(&component.id);
            let record = view.record(&component.id);
            let reused = match supply {
                Supply::Reused { entry } => view.entry(*entry),
                _ => None,
            };
            let (tone, icon, state) = match (supply, record) {
                (Supply::Reused { .. }, _) => ("ok", "archive", "Dùng lại từ kho".to_owned()),
                (_, Some(record)) => {
                    let kind = record.state.kind();
                    let (tone, icon) = match kind {
                        "filed" => ("ok", "circle-check"),
                        "stuck" => ("bad", "circle-alert"),
                        "to_confirm" => ("warn", "eye"),
                        _ => ("info", "loader-circle"),
                    };
                    (tone, icon, words::record_state(kind).to_owned())
                }
                (Supply::Missing | Supply::NotApplicable, None) => {
                    ("plain", "minus", words::supply(supply).to_owned())
                }
                (supply, None) => ("ok", "circle-check", words::supply(supply).to_owned()),
            };
            let href = match (reused, record) {
                (Some(entry), _) => format!("/ho-so/{}/kho/{}", view.dossier.id, entry.id),
                (None, Some(record)) if record.state.pdf().is_some() => {
                    format!("/so-hoa/{}/tep", record.id)
                }
                _ => String::new(),
            };
            PaperRow {
                href,
                thumb_href: record.map(|record| thumbnail(record, 0)).unwrap_or_default(),
                title: component.name.clone(),
                detail: paper_detail(view, supply, record),
                tone,
                icon,
                state,
            }
        })
        .collect()
}

fn paper_detail(view: &DossierView, supply: &Supply, record: Option<&Record>) -> String {
    let entry = match (supply, record.map(|record| &record.state)) {
        (Supply::Reused { entry }, _) | (_, Some(rules::scanning::RecordState::Filed { entry, .. })) => {
            view.entry(*entry)
        }
        _ => None,
    };
    if let Some(entry) = entry {
        let mut parts = vec![format!("mã số hóa {}", entry.code)];
        parts.extend(entry.fields.number.as_ref().map(|number| format!("số {number}")));
        parts.extend(entry.fields.issued_on.map(|day| format!("cấp {}", words::date(day))));
        return parts.join(" · ");
    }
    record
        .and_then(|record| record.state.reading())
        .map(|reading| format!("{} trang · {} chữ", reading.n_pages, reading.n_words))
        .unwrap_or_default()
}
