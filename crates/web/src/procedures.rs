//! The catalogue of procedures for the one who keeps it: the list, each procedure with its revisions, and
//! the editor of its draft.

mod cases;
pub(crate) mod editor;
pub(crate) mod exchange;
mod facts;
mod flow;
mod picture;
pub(crate) mod publication;
pub(crate) mod rehearsal;
mod results;
mod sheet;
pub(crate) mod show;
mod typed;

use crate::Web;
use crate::admin::HERE;
use crate::error::Failure;
use crate::form::{Choice, FormState, encoded, new_key, query_value};
use crate::page::{Shell, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use office::procedure::catalogue::{Entry, Standing};
use rules::words;
use rules::words::procedure as said;
use std::collections::BTreeSet;

/// The place of the navigation all these pages belong to.
pub(crate) const PLACE: &str = "/quan-tri/thu-tuc";

const PAGE: usize = 25;

#[derive(Debug, Template)]
#[template(path = "procedures/list.html")]
struct ListPage {
    shell: Shell,
    form: FormState,
    fields: Vec<Choice>,
    levels: Vec<Choice>,
    standings: Vec<Choice>,
    rows: Vec<ListRow>,
    /// `1–25 trong 214 thủ tục`
    shown: String,
    prev: String,
    next: String,
    idem: String,
    import: FormState,
}

#[derive(Debug)]
struct ListRow {
    href: String,
    code: String,
    name: String,
    detail: String,
    tone: &'static str,
    icon: &'static str,
    standing: String,
    days: String,
    draft: String,
    draft_href: String,
}

/// What the list is narrowed by.
struct Filter {
    text: String,
    field: String,
    level: String,
    standing: String,
    page: usize,
}

impl Filter {
    fn of(query: Option<&str>) -> Self {
        Self {
            text: query_value(query, "q"),
            field: query_value(query, "linh-vuc"),
            level: query_value(query, "cap"),
            standing: query_value(query, "trang-thai"),
            page: query_value(query, "trang").parse().unwrap_or(1).max(1),
        }
    }

    fn admits(&self, entry: &Entry) -> bool {
        (self.field.is_empty() || entry.field == self.field)
            && (self.level.is_empty() || level_of(entry) == self.level)
            && match self.standing.as_str() {
                "" => true,
                "nhap" => entry.draft.is_some(),
                word => standing_word(&entry.standing) == word,
            }
    }

    fn page_href(&self, page: usize) -> String {
        let page = page.to_string();
        let parts = [
            ("trang", &page),
            ("q", &self.text),
            ("linh-vuc", &self.field),
            ("cap", &self.level),
            ("trang-thai", &self.standing),
        ];
        let kept = parts.iter().filter(|(_, value)| !value.is_empty());
        let kept: Vec<String> = kept.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        format!("{PLACE}?{}", kept.join("&"))
    }

    fn state(&self) -> FormState {
        FormState::default()
            .with("q", &self.text)
            .with("linh-vuc", &self.field)
            .with("cap", &self.level)
            .with("trang-thai", &self.standing)
    }
}

/// Who settles it, by the rule in force; what is not in force has no level.
fn level_of(entry: &Entry) -> String {
    entry.in_force.as_ref().map(|procedure| said::agency(&procedure.competent)).unwrap_or_default()
}

fn standing_word(standing: &Standing) -> &'static str {
    match standing {
        Standing::InForce(_) => "hieu-luc",
        Standing::ToCome => "sap-toi",
        Standing::Ended { .. } => "het",
        Standing::OnlyDrafted => "chua",
    }
}

pub(crate) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let filter = Filter::of(query.as_deref());
    let page = list_page(&web, &visitor, &filter, FormState::default()).await?;
    Ok(show(&web, &page))
}

async fn list_page(
    web: &Web,
    visitor: &Visitor,
    filter: &Filter,
    import: FormState,
) -> Result<ListPage, Failure> {
    let found = web.office.procedure_catalogue(&filter.text).await?;
    let distinct = |of: fn(&Entry) -> String| -> Vec<Choice> {
        let all: BTreeSet<String> = found.iter().map(of).filter(|value| !value.is_empty()).collect();
        all.into_iter().map(|value| Choice::new(&value, typed::capital(&value))).collect()
    };
    let (fields, levels) = (distinct(|entry| entry.field.clone()), distinct(level_of));
    let found: Vec<Entry> = found.into_iter().filter(|entry| filter.admits(entry)).collect();
    let n = found.len();
    let page = filter.page.min(n.div_ceil(PAGE)).max(1);
    let first = (page - 1) * PAGE;
    let last = (first + PAGE).min(n);
    let shown = match n {
        0 => String::new(),
        _ => format!("{}–{last} trong {n} thủ tục", first + 1),
    };
    Ok(ListPage {
        shell: shell(web, visitor, HERE).await?,
        form: filter.state(),
        fields,
        levels,
        standings: vec![
            Choice::new("hieu-luc", "Đang có hiệu lực"),
            Choice::new("sap-toi", "Sắp có hiệu lực"),
            Choice::new("het", "Hết hiệu lực"),
            Choice::new("chua", "Chưa công bố"),
            Choice::new("nhap", "Có bản nháp"),
        ],
        rows: found.into_iter().skip(first).take(PAGE).map(row).collect(),
        shown,
        prev: if page > 1 { filter.page_href(page - 1) } else { String::new() },
        next: if last < n { filter.page_href(page + 1) } else { String::new() },
        idem: new_key(),
        import,
    })
}

fn row(entry: Entry) -> ListRow {
    let (tone, icon, standing, mut days) = match &entry.standing {
        Standing::InForce(line) => (
            "ok",
            "circle-check",
            format!("Phiên bản {}", line.revision),
            show::days(line.valid_from, line.last_day),
        ),
        Standing::ToCome => ("info", "clock", "Sắp có hiệu lực".to_owned(), String::new()),
        Standing::Ended { last_day } => {
            let until = last_day.map(|day| format!("đến hết {}", words::date(day)));
            ("plain", "circle-slash", "Hết hiệu lực".to_owned(), until.unwrap_or_default())
        }
        Standing::OnlyDrafted => ("warn", "pen-line", "Chưa công bố".to_owned(), String::new()),
    };
    if let Some(next) = &entry.to_come {
        let begins = format!("phiên bản {} từ {}", next.revision, words::date(next.valid_from));
        days = if days.is_empty() { begins } else { format!("{days}; {begins}") };
    }
    let level = level_of(&entry);
    let steps = entry.in_force.as_ref().map(|procedure| format!(" · {} bước", procedure.process.steps.len()));
    ListRow {
        href: format!("{PLACE}/{}", entry.code),
        detail: match level.as_str() {
            "" => entry.field.clone(),
            level => format!("{} · {level}{}", entry.field, steps.unwrap_or_default()),
        },
        tone,
        icon,
        standing,
        days: typed::capital(&days),
        draft: entry
            .draft
            .as_ref()
            .map(|draft| format!("{}, {}", draft.by, words::moment(draft.at)))
            .unwrap_or_default(),
        draft_href: format!("{PLACE}/{}/soan", entry.code),
        code: entry.code,
        name: entry.name,
    }
}

#[cfg(test)]
mod tests;
