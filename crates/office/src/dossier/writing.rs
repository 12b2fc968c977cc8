//! What officers write before an act is done: prose kept as it is typed, the hold on a form, and notes.
//! Keeping prose and renewing a hold are no acts and leave no event: they change nothing anybody decides by.

use super::{load_for, may_see, typed};
use crate::act::By;
use crate::{Error, Office};
use jiff::{SignedDuration, Timestamp};
use rules::dossier::writing::{Hold, Note, Unsent, WritingForm, check_length};
use rules::id::{DossierId, NoteId, OfficerId};
use rules::people::{Actor, Role};
use serde::{Deserialize, Serialize};
use store::dossier::writing::{self as rows, Place};
use store::people::rights;
use store::time::new_id;
use store::{Reader, Tx};

/// How long prose is kept that nobody comes back to.
const DAYS_KEPT: i64 = 30;
/// The form one officer fills in at a time; of the others each officer has his own.
const HELD: WritingForm = WritingForm::Draft;
/// The mentions shown at once.
const N_MENTIONS: i64 = 50;

/// What became of prose that was to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    Kept(Unsent),
    /// Another window saved this meanwhile; nothing was changed.
    Meanwhile(Unsent),
}

/// Whether an officer fills in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Holding {
    Mine,
    /// Another does, since then.
    Of(OfficerId, Timestamp),
}

/// A dossier with a note that is meant for the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub dossier: DossierId,
    pub author: OfficerId,
    pub at: Timestamp,
}

fn place(actor: &Actor, form: WritingForm, dossier: DossierId) -> Result<Place, Error> {
    let officer = actor.officer().ok_or(Error::NotFound)?;
    Ok(Place { officer, form, dossier })
}

/// What was written is done: nothing of it is kept, and the form is free.
pub(crate) async fn sent(
    tx: &mut Tx,
    actor: &Actor,
    form: WritingForm,
    dossier: DossierId,
) -> Result<(), Error> {
    let Ok(place) = place(actor, form, dossier) else { return Ok(()) };
    rows::forget_unsent(tx, place).await?;
    Ok(rows::let_go(tx, place).await?)
}

async fn check_seen(reader: &mut Reader, actor: &Actor, id: DossierId) -> Result<(), Error> {
    let dossier = store::dossier::find(reader, id).await?.ok_or(Error::NotFound)?;
    Ok(may_see(actor, &dossier)?)
}

impl Office {
    /// What the actor typed into a form and did not send.
    pub async fn unsent(
        &self,
        actor: &Actor,
        form: WritingForm,
        dossier: DossierId,
    ) -> Result<Option<Unsent>, Error> {
        let Ok(place) = place(actor, form, dossier) else { return Ok(None) };
        let mut reader = self.db.read().await?;
        Ok(rows::unsent(&mut reader, place).await?)
    }

    /// Keeps what is typed. `seen` is the version the window began with or saved last.
    pub async fn keep_unsent(
        &self,
        actor: &Actor,
        form: WritingForm,
        dossier: DossierId,
        seen: i64,
        base: &str,
        fields: &[(String, String)],
    ) -> Result<Keeping, Error> {
        check_length(base, fields)?;
        let place = place(actor, form, dossier)?;
        let now = self.clock.now();
        let old = now - SignedDuration::from_hours(24 * DAYS_KEPT);
        self.db
            .act(|mut tx| async move {
                let tx = &mut tx;
                check_seen(tx, actor, dossier).await?;
                let kept = rows::unsent(tx, place).await?;
                let before = kept.as_ref().map(|kept| kept.version);
                let unsent = match Unsent::kept(kept, seen, base.to_owned(), fields.to_vec(), now) {
                    Ok(unsent) => unsent,
                    Err(meanwhile) => return Ok(Keeping::Meanwhile(meanwhile)),
                };
                if before.is_none() {
                    rows::forget_unsent_before(tx, old).await?;
                }
                if before != Some(unsent.version) {
                    rows::save_unsent(tx, place, &unsent).await?;
                }
                Ok(Keeping::Kept(unsent))
            })
            .await
    }

    /// The officer begins afresh.
    pub async fn drop_unsent(
        &self,
        actor: &Actor,
        form: WritingForm,
        dossier: DossierId,
    ) -> Result<(), Error> {
        let place = place(actor, form, dossier)?;
        self.db
            .act(|mut tx| async move {
                check_seen(&mut tx, actor, dossier).await?;
                Ok(rows::forget_unsent(&mut tx, place).await?)
            })
            .await
    }

    fn lease(&self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.settings.minutes_held))
    }

    /// Whoever may do the step begins to fill in the draft, or goes on; it is held until the lease ends.
    pub async fn hold_draft(&self, actor: &Actor, dossier: DossierId) -> Result<Holding, Error> {
        let officer = actor.officer().ok_or(Error::NotFound)?;
        let (now, lease) = (self.clock.now(), self.lease());
        self.db
            .act(|mut tx| async move {
                let tx = &mut tx;
                load_for(tx, actor, dossier).await?.step_for(tx, actor, now).await?;
                let current = rows::hold(tx, HELD, dossier).await?;
                match Hold::claim(current, officer, now, lease) {
                    Ok(hold) => {
                        rows::save_hold(tx, HELD, dossier, &hold).await?;
                        Ok(Holding::Mine)
                    }
                    Err(held) => Ok(Holding::Of(held.officer, held.since)),
                }
            })
            .await
    }

    /// Who fills in the draft now; [`Holding::Mine`] where nobody else does.
    pub async fn holder_of_draft(&self, actor: &Actor, dossier: DossierId) -> Result<Holding, Error> {
        let mut reader = self.db.read().await?;
        check_seen(&mut reader, actor, dossier).await?;
        let now = self.clock.now();
        let hold = rows::hold(&mut reader, HELD, dossier).await?;
        let other = hold.filter(|hold| hold.until > now && Some(hold.officer) != actor.officer());
        Ok(other.map_or(Holding::Mine, |hold| Holding::Of(hold.officer, hold.since)))
    }

    /// A head lets the draft that somebody holds be gone on with: by the officer whose step it is now, or
    /// by the head where that is the very one who holds it.
    pub async fn take_over_draft(&self, by: &By, dossier: DossierId, reason: &str) -> Result<(), Error> {
        let lease = self.lease();
        self.act(by, "dossier.take_over_draft", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, dossier).await?;
            loaded.as_any(&by.actor, &[Role::Head, Role::Leader], loaded.dossier.scope.holding)?;
            let head = by.actor.officer().ok_or(Error::NotFound)?;
            let current = rows::hold(tx, HELD, dossier).await?;
            let holder = current.map(|hold| hold.officer);
            let officer = loaded.dossier.state.officer().filter(|one| Some(*one) != holder).unwrap_or(head);
            let (hold, body) = Hold::take_over(current, HELD, officer, &typed(reason), now, lease)?;
            rows::save_hold(tx, HELD, dossier, &hold).await?;
            if let Some(body) = body {
                let event = by.hand(loaded.right).event(dossier, now, body);
                store::event::append(tx, &event, now).await?;
            }
            Ok(())
        })
        .await
    }

    /// Writes a note for colleagues. Who is mentioned must work where the dossier can be seen.
    pub async fn write_note(
        &self,
        by: &By,
        dossier: DossierId,
        text: &str,
        mentioned: &[OfficerId],
    ) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "dossier.write_note", |mut tx, now| async move {
            let tx = &mut tx;
            let loaded = load_for(tx, &by.actor, dossier).await?;
            let author = by.actor.officer().ok_or(Error::NotFound)?;
            let known = colleagues(tx, &loaded.dossier, today).await?;
            let mentioned =
                mentioned.iter().copied().filter(|one| known.iter().any(|(id, _)| id == one)).collect();
            let id = NoteId(new_id(now));
            let text = text.to_owned();
            let note = Note { id, dossier, author, text, mentioned, written_at: now, struck_at: None };
            let (note, body) = note.write()?;
            rows::add_note(tx, &note).await?;
            sent(tx, &by.actor, WritingForm::Note, dossier).await?;
            let event = by.hand(loaded.right).event(dossier, now, body);
            store::event::append(tx, &event, now).await?;
            Ok(())
        })
        .await
    }

    /// The author strikes his note out.
    pub async fn strike_note(&self, by: &By, dossier: DossierId, id: NoteId) -> Result<(), Error> {
        self.act(by, "dossier.strike_note", |mut tx, now| async move {
            let tx = &mut tx;
            let loaded = load_for(tx, &by.actor, dossier).await?;
            let officer = by.actor.officer().ok_or(Error::NotFound)?;
            let notes = rows::notes(tx, dossier).await?;
            let note = notes.into_iter().find(|note| note.id == id).ok_or(Error::NotFound)?;
            let (note, body) = note.strike(officer, now)?;
            rows::strike_note(tx, note.id, now).await?;
            let event = by.hand(loaded.right).event(dossier, now, body);
            store::event::append(tx, &event, now).await?;
            Ok(())
        })
        .await
    }

    /// The notes of a dossier the actor sees, and the colleagues a note may be meant for. Those meant for
    /// him count as seen.
    pub async fn notes(
        &self,
        actor: &Actor,
        dossier: &rules::dossier::Dossier,
    ) -> Result<(Vec<Note>, Vec<(OfficerId, String)>), Error> {
        let mut reader = self.db.read().await?;
        may_see(actor, dossier)?;
        let notes = rows::notes(&mut reader, dossier.id).await?;
        let colleagues = colleagues(&mut reader, dossier, self.clock.today()).await?;
        let officer = match actor.officer() {
            Some(officer) => rows::is_mentioned(&mut reader, dossier.id, officer).await?.then_some(officer),
            None => None,
        };
        drop(reader);
        if let Some(officer) = officer {
            let (id, now) = (dossier.id, self.clock.now());
            let seen = self.db.act(|mut tx| async move {
                Ok::<_, Error>(rows::note_seen(&mut tx, id, officer, now).await?)
            });
            seen.await?;
        }
        Ok((notes, colleagues))
    }

    /// The notes meant for the actor that he has not seen.
    pub async fn mentions(&self, actor: &Actor) -> Result<Vec<Mention>, Error> {
        let Some(officer) = actor.officer() else { return Ok(Vec::new()) };
        let mut reader = self.db.read().await?;
        let rows = rows::mentions_of(&mut reader, &actor.sight(), officer, N_MENTIONS).await?;
        Ok(rows.into_iter().map(|(dossier, author, at)| Mention { dossier, author, at }).collect())
    }
}

/// Who may be mentioned: those who do steps of this procedure in the agency that holds the dossier.
async fn colleagues(
    reader: &mut Reader,
    dossier: &rules::dossier::Dossier,
    today: jiff::civil::Date,
) -> Result<Vec<(OfficerId, String)>, Error> {
    let mut found: Vec<(OfficerId, String)> = Vec::new();
    for role in [Role::Specialist, Role::Head] {
        let able = rights::able(reader, dossier.scope.holding, role, today).await?;
        found.extend(
            able.into_iter()
                .filter(|able| able.covers(&dossier.procedure))
                .map(|able| (able.officer, able.name)),
        );
    }
    found.sort_by(|one, other| one.1.cmp(&other.1).then(one.0.cmp(&other.0)));
    found.dedup();
    Ok(found)
}
