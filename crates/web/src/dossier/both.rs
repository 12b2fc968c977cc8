//! Two windows wrote the same form: both texts side by side, and one is chosen. Neither is lost.

use super::writing::{BASE, page_of, slug};
use crate::deed::Deed;
use crate::error::Failure;
use crate::page::{Shell, shell, show_as};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use office::dossier::view::DossierView;
use rules::dossier::writing::{Unsent, WritingForm};
use rules::id::OfficerId;
use rules::text::diff::{is_changed, word_changes};
use rules::words;
use rules::words::sentence::Names;
use std::collections::BTreeMap;

type Fields = [(String, String)];

#[derive(Debug, Template)]
#[template(path = "dossier/unsent_conflict.html")]
struct Conflict {
    shell: Shell,
    action: String,
    what: &'static str,
    version: i64,
    base: String,
    saved: String,
    go_on_href: String,
    typed: Vec<(String, String)>,
    fields: Vec<TwoTexts>,
}

/// One field that two windows filled in otherwise.
#[derive(Debug)]
struct TwoTexts {
    label: String,
    mine: String,
    theirs: String,
}

/// What the fields of a form are called, and what the values of its boxes and lists read.
struct Words {
    view: DossierView,
    /// Of the questions of a draft, and of the reasons a paper is asked for.
    known: BTreeMap<String, String>,
    officers: BTreeMap<OfficerId, String>,
}

impl Words {
    async fn of(deed: &Deed, form: WritingForm) -> Result<Self, Failure> {
        let (office, actor) = (deed.office(), &deed.visitor.present.actor);
        let view = office.dossier_view(actor, deed.id).await?;
        let mut officers = BTreeMap::new();
        let known: BTreeMap<String, String> = match form {
            WritingForm::Draft => {
                let context = office.result_context(actor, deed.id, None).await?;
                let sheet = office.sheet_of(&context)?;
                sheet.asks.iter().map(|ask| (ask.key.clone(), ask.label.clone())).collect()
            }
            WritingForm::Supplement => super::supplement::reasons(office, &view)?
                .iter()
                .map(|reason| (reason.id.clone(), reason.label.clone()))
                .collect(),
            WritingForm::Note => {
                officers = office.notes(actor, &view.dossier).await?.1.into_iter().collect();
                BTreeMap::new()
            }
            WritingForm::Opinion => BTreeMap::new(),
        };
        Ok(Self { view, known, officers })
    }

    fn label(&self, name: &str) -> String {
        let of_paper = |prefix| name.strip_prefix(prefix).map(|component| self.view.component(component));
        match name {
            "y-kien" => "Ý kiến".to_owned(),
            "ghi-chu" => "Ghi chú".to_owned(),
            "nhac" => "Nhắc đồng nghiệp".to_owned(),
            "giay" => "Giấy cần bổ sung".to_owned(),
            "ly-do" => "Lý do của lãnh đạo".to_owned(),
            _ => match (of_paper("vi-sao-"), of_paper("ghi-them-")) {
                (Some(paper), _) => format!("Lý do: {paper}"),
                (_, Some(paper)) => format!("Ghi thêm: {paper}"),
                _ => self.known.get(name).cloned().unwrap_or_else(|| name.to_owned()),
            },
        }
    }

    fn value(&self, name: &str, value: &str) -> String {
        let officer = || value.parse().ok().and_then(|officer| self.officers.get(&officer));
        match name {
            "giay" => self.view.component(value),
            "nhac" => officer().cloned().unwrap_or_default(),
            _ if name.starts_with("vi-sao-") => self.known.get(value).cloned().unwrap_or_default(),
            _ => value.to_owned(),
        }
    }

    /// All that stands in the fields of a name: boxes have one name more than once.
    fn all(&self, fields: &Fields, name: &str) -> String {
        let of_name = fields.iter().filter(|(key, _)| key == name);
        of_name.map(|(_, value)| self.value(name, value)).collect::<Vec<_>>().join(", ")
    }
}

fn names<'f>(typed: &'f Fields, other: &'f Fields) -> Vec<&'f str> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in typed.iter().chain(other) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

pub(super) async fn show(
    deed: &Deed,
    form: WritingForm,
    typed: Vec<(String, String)>,
    other: Unsent,
) -> Result<Response, Failure> {
    let words = Words::of(deed, form).await?;
    let fields = names(&typed, &other.fields)
        .into_iter()
        .map(|name| TwoTexts {
            label: words.label(name),
            mine: words.all(&typed, name),
            theirs: words.all(&other.fields, name),
        })
        .filter(|field| is_changed(&word_changes(&field.mine, &field.theirs)))
        .collect();
    let page = Conflict {
        shell: shell(&deed.web, &deed.visitor, "/viec").await?,
        action: format!("/ho-so/{}/nhap/{}", deed.id, slug(form)),
        what: words::writing::form(form),
        version: other.version,
        base: deed.get(BASE).to_owned(),
        saved: words::moment(other.saved_at),
        go_on_href: format!("{}?nhap={}", page_of(form, deed.id), slug(form)),
        typed,
        fields,
    };
    Ok(show_as(&deed.web, StatusCode::CONFLICT, &page))
}
