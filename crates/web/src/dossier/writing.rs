//! Prose kept while it is typed: saved by the page every few seconds or by a button, offered when the form
//! is opened again, and both shown where two windows wrote the same. The hold on a form is renewed here, too.

use super::both;
use crate::Web;
use crate::deed::Deed;
use crate::error::{Failure, refused};
use crate::form::FormState;
use crate::page::on_to;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use office::dossier::writing::{Holding, Keeping};
use rules::dossier::writing::{Unsent, WritingForm};
use rules::id::DossierId;
use rules::people::Actor;
use rules::words;
use rules::words::sentence::Names;
use serde_json::json;

/// The fields a kept form carries beside its own: which version the window holds, what it was opened on,
/// and that the page saves by itself.
const VERSION: &str = "nhap-ban";
pub(super) const BASE: &str = "nhap-goc";
const BY_ITSELF: &str = "tu-luu";

/// The forms in addresses.
const FORMS: [(&str, WritingForm); 4] = [
    ("du-thao", WritingForm::Draft),
    ("bo-sung", WritingForm::Supplement),
    ("y-kien", WritingForm::Opinion),
    ("ghi-chu", WritingForm::Note),
];

pub(super) fn slug(form: WritingForm) -> &'static str {
    FORMS.iter().find(|(_, known)| *known == form).map_or("", |(slug, _)| slug)
}

/// Where a form is filled in.
pub(super) fn page_of(form: WritingForm, dossier: DossierId) -> String {
    match form {
        WritingForm::Draft | WritingForm::Supplement => format!("/ho-so/{dossier}/{}", slug(form)),
        WritingForm::Opinion | WritingForm::Note => format!("/ho-so/{dossier}"),
    }
}

/// What a form shows of its kept prose.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// Where it is saved.
    pub(crate) action: String,
    pub(crate) version: i64,
    pub(crate) base: String,
    /// When what stands in the fields was saved; empty where it was not.
    pub(crate) saved: String,
    /// When what is offered was saved; empty where nothing is.
    pub(crate) offered: String,
    pub(crate) go_on_href: String,
    /// What the form began with was changed after the kept prose was begun.
    pub(crate) is_overtaken: bool,
}

impl Kept {
    /// A form, and what stands in its fields: what was kept where the officer goes on with it, else `shown`.
    /// `base` says what `shown` is.
    pub(crate) async fn open(
        web: &Web,
        actor: &Actor,
        form: WritingForm,
        dossier: DossierId,
        base: &str,
        chosen: &str,
        shown: FormState,
    ) -> Result<(Self, FormState), Failure> {
        let kept = web.office.unsent(actor, form, dossier).await?;
        let goes_on = chosen == slug(form);
        let mut this = Self {
            action: format!("/ho-so/{dossier}/nhap/{}", slug(form)),
            base: base.to_owned(),
            go_on_href: format!("{}?nhap={}", page_of(form, dossier), slug(form)),
            ..Self::default()
        };
        // The form was posted and comes back with its faults: it stands on what it stood on.
        if shown.holds(slug(form)) && shown.holds(VERSION) {
            this.version = shown.value(VERSION).parse().unwrap_or(0);
            return Ok((this, shown));
        }
        let Some(Unsent { version, base: begun_on, fields, saved_at }) = kept else {
            return Ok((this, shown));
        };
        if !goes_on {
            this.offered = words::moment(saved_at);
            return Ok((this, shown));
        }
        this.version = version;
        this.saved = words::queue::clock(saved_at);
        this.is_overtaken = begun_on != base;
        let typed =
            fields.into_iter().fold(FormState::default(), |form, (name, value)| form.with(name, value));
        Ok((this, typed.before(shown)))
    }

    /// The same form after it was posted and something was wrong with it.
    pub(crate) fn posted(form: WritingForm, deed: &Deed, base: &str) -> Self {
        Self {
            action: format!("/ho-so/{}/nhap/{}", deed.id, slug(form)),
            version: deed.get(VERSION).parse().unwrap_or(0),
            base: base.to_owned(),
            ..Self::default()
        }
    }
}

impl Kept {
    /// Keeps what was posted, on what it was begun on; both texts are shown where another window was faster.
    pub(super) async fn save(&mut self, deed: &Deed, form: WritingForm) -> Result<Option<Response>, Failure> {
        let (actor, fields) = (&deed.visitor.present.actor, typed(deed));
        let base = deed.get(BASE);
        match deed.office().keep_unsent(actor, form, deed.id, self.version, base, &fields).await? {
            Keeping::Kept(unsent) => {
                (self.version, self.saved) = (unsent.version, words::queue::clock(unsent.saved_at));
                Ok(None)
            }
            Keeping::Meanwhile(other) => both::show(deed, form, fields, other).await.map(Some),
        }
    }
}

/// Was the form posted on what it shows now?
pub(crate) fn is_on(deed: &Deed, base: &str) -> bool {
    deed.get(BASE) == base
}

fn form_of(deed: &Deed) -> Result<WritingForm, Failure> {
    let slug = deed.place.text("form")?;
    FORMS.iter().find(|(known, _)| *known == slug).map(|(_, form)| *form).ok_or_else(Failure::not_found)
}

/// What was typed, without what the form carries for itself.
pub(crate) fn typed(deed: &Deed) -> Vec<(String, String)> {
    let own = ["csrf", "idempotency_key", VERSION, BASE, BY_ITSELF, "tien-to", "den", "buoc"];
    let fields = deed.posted.fields().filter(|(name, _)| !own.contains(name));
    fields.map(|(name, value)| (name.to_owned(), rules::text::nfc(value))).collect()
}

/// Saves what is typed: the page asks in the background, the button for a page.
pub(crate) async fn keep(deed: Deed) -> Result<Response, Failure> {
    let form = form_of(&deed)?;
    let actor = &deed.visitor.present.actor;
    let fields = typed(&deed);
    let seen = deed.get(VERSION).parse().unwrap_or(0);
    let by_itself = !deed.get(BY_ITSELF).is_empty();
    match deed.office().keep_unsent(actor, form, deed.id, seen, deed.get(BASE), &fields).await {
        Ok(Keeping::Kept(unsent)) if by_itself => {
            let (version, saved) = (unsent.version, words::queue::clock(unsent.saved_at));
            Ok(Json(json!({ "version": version, "saved": saved })).into_response())
        }
        Ok(Keeping::Kept(unsent)) => {
            let to = format!("{}?nhap={}", page_of(form, deed.id), slug(form));
            Ok(on_to(&deed.web, &to, &format!("Đã lưu nháp lúc {}.", words::queue::clock(unsent.saved_at))))
        }
        Ok(Keeping::Meanwhile(other)) if by_itself => {
            let said = format!(
                "Bản nháp này vừa được lưu ở cửa sổ khác lúc {}. Chưa lưu phần đang gõ. Bấm “Lưu nháp” để xem cả hai bản rồi chọn.",
                words::queue::clock(other.saved_at)
            );
            Ok((StatusCode::CONFLICT, Json(json!({ "said": said }))).into_response())
        }
        Ok(Keeping::Meanwhile(other)) => both::show(&deed, form, fields, other).await,
        Err(error) => {
            let said = refused(error)?.sentences(ToOwned::to_owned);
            if !by_itself {
                return Err(Failure::refused(&said));
            }
            let said = said.join(". ");
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "said": said }))).into_response())
        }
    }
}

/// The officer does not want what was kept.
pub(crate) async fn give_up(deed: Deed) -> Result<Response, Failure> {
    let form = form_of(&deed)?;
    deed.office().drop_unsent(&deed.visitor.present.actor, form, deed.id).await?;
    Ok(on_to(&deed.web, &page_of(form, deed.id), "Đã bỏ bản nháp."))
}

/// The page with the draft is still open, and somebody sits at it.
pub(crate) async fn stay(deed: Deed) -> Result<Response, Failure> {
    match deed.office().hold_draft(&deed.visitor.present.actor, deed.id).await? {
        Holding::Mine => Ok(StatusCode::NO_CONTENT.into_response()),
        Holding::Of(officer, since) => {
            let said = held_by(&deed.web, deed.id, &deed.visitor.present.actor, officer, since).await?;
            Ok((StatusCode::CONFLICT, Json(json!({ "said": said }))).into_response())
        }
    }
}

/// Who fills in a form, since when, and what that means.
pub(crate) async fn held_by(
    web: &Web,
    dossier: DossierId,
    actor: &Actor,
    officer: rules::id::OfficerId,
    since: jiff::Timestamp,
) -> Result<String, Failure> {
    let view = web.office.dossier_view(actor, dossier).await?;
    let mut reader = web.office.db.read().await?;
    let names = store::people::officer_names(&mut reader, &[officer.0]).await?;
    let name = names.get(&officer).cloned().unwrap_or_else(|| view.officer(officer));
    Ok(format!(
        "{name} đang soạn dự thảo này từ {}. Bạn xem được, chưa sửa được.",
        words::queue::clock(since)
    ))
}

/// A head lets the draft that somebody holds be gone on with.
pub(crate) async fn take_over(deed: Deed) -> Result<Response, Failure> {
    match deed.office().take_over_draft(&deed.by(), deed.id, deed.get("ly-do")).await {
        Ok(()) => Ok(on_to(
            &deed.web,
            &page_of(WritingForm::Draft, deed.id),
            "Đã cho soạn tiếp. Việc này được ghi vào diễn biến của hồ sơ.",
        )),
        Err(error) => Box::pin(super::draft::held(&deed, &refused(error)?)).await,
    }
}
