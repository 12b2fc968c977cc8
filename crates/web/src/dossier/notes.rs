//! Notes of colleagues on a dossier, which the applicant never sees.

use super::acts::after;
use super::writing::Kept;
use crate::Web;
use crate::deed::Deed;
use crate::error::Failure;
use crate::form::{Choice, FormState};
use axum::response::Response;
use office::dossier::view::DossierView;
use rules::dossier::writing::WritingForm;
use rules::id::{NoteId, OfficerId};
use rules::people::Actor;
use rules::words;

/// The notes of a dossier and the form for a new one.
#[derive(Debug)]
pub(crate) struct Notes {
    pub(crate) rows: Vec<NoteRow>,
    pub(crate) colleagues: Vec<Choice>,
    pub(crate) kept: Kept,
}

#[derive(Debug)]
pub(crate) struct NoteRow {
    pub(crate) author: String,
    pub(crate) written: String,
    pub(crate) text: String,
    pub(crate) mentioned: String,
    /// When it was struck out; empty while it stands.
    pub(crate) struck: String,
    /// Where its author strikes it out; empty for everybody else.
    pub(crate) strike_action: String,
}

impl Notes {
    pub(crate) async fn open(
        web: &Web,
        actor: &Actor,
        view: &DossierView,
        chosen: &str,
        form: FormState,
    ) -> Result<(Self, FormState), Failure> {
        let (notes, colleagues) = web.office.notes(actor, &view.dossier).await?;
        let id = view.dossier.id;
        let people = notes.iter().flat_map(|note| note.mentioned.iter().chain([&note.author]));
        let ids: Vec<uuid::Uuid> = people.map(|officer| officer.0).collect();
        let mut reader = web.office.db.read().await?;
        let names = store::people::officer_names(&mut reader, &ids).await?;
        drop(reader);
        let name = |officer: &OfficerId| names.get(officer).cloned().unwrap_or_default();
        let (kept, form) = Kept::open(web, actor, WritingForm::Note, id, "", chosen, form).await?;
        let rows = notes
            .into_iter()
            .map(|note| NoteRow {
                author: name(&note.author),
                written: words::moment(note.written_at),
                mentioned: note.mentioned.iter().map(name).collect::<Vec<_>>().join(", "),
                struck: note.struck_at.map(words::moment).unwrap_or_default(),
                strike_action: if actor.officer() == Some(note.author) && note.struck_at.is_none() {
                    format!("/ho-so/{id}/ghi-chu/{}/gach", note.id)
                } else {
                    String::new()
                },
                text: note.text,
            })
            .collect();
        let mine = actor.officer();
        let colleagues = colleagues
            .into_iter()
            .filter(|(officer, _)| Some(*officer) != mine)
            .map(|(officer, name)| Choice::new(officer.to_string(), name))
            .collect();
        Ok((Self { rows, colleagues, kept }, form))
    }
}

pub(crate) async fn write(deed: Deed) -> Result<Response, Failure> {
    let mentioned: Vec<OfficerId> = deed.posted.all("nhac").filter_map(|id| id.parse().ok()).collect();
    let done = deed.office().write_note(&deed.by(), deed.id, deed.get("ghi-chu"), &mentioned).await;
    after(&deed, at_field(done), "Đã ghi chú.").await
}

/// What is wrong with a note is said at its field.
fn at_field(done: Result<(), office::Error>) -> Result<(), office::Error> {
    use office::{Error, Refusal};
    match done {
        Err(Error::Refused(refusal @ Refusal::Writing(_))) => {
            let said = refusal.sentences(ToOwned::to_owned).join(". ");
            Err(Error::Refused(Refusal::Form(vec![("ghi-chu".to_owned(), said)])))
        }
        done => done,
    }
}

pub(crate) async fn strike(deed: Deed) -> Result<Response, Failure> {
    let note: NoteId = deed.place.id("note")?;
    let done = deed.office().strike_note(&deed.by(), deed.id, note).await;
    after(&deed, done, "Đã gạch bỏ ghi chú; ghi chú vẫn xem lại được.").await
}
