//! What officers write before an act is done, who holds a form, and notes on dossiers.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::people::reading::Sight;
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::dossier::writing::{Hold, Note, Unsent, WritingForm};
use rules::id::{DossierId, NoteId, OfficerId};
use rules::people::Scope;
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The notes of one dossier that are shown.
const N_NOTES: i64 = 500;

/// What one officer has in one form about one dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub officer: OfficerId,
    pub form: WritingForm,
    pub dossier: DossierId,
}

fn instant(micros: i64, table: &'static str, column: &'static str, row: Uuid) -> Result<Timestamp, Error> {
    from_micros(micros).map_err(|_| Error::corrupt(table, column, row))
}

pub async fn unsent(reader: &mut Reader, place: Place) -> Result<Option<Unsent>, Error> {
    type Row = (i64, String, Json<Vec<(String, String)>>, i64);
    let row: Option<Row> = fetch_optional!(
        reader,
        "unsent.find",
        "select version, base, body, saved_at from unsent where officer = $1 and form = $2 and dossier = $3",
        place.officer.0,
        place.form.kind(),
        place.dossier.0,
    )?;
    row.map(|(version, base, Json(fields), saved_at)| {
        let saved_at = instant(saved_at, "unsent", "saved_at", place.dossier.0)?;
        Ok(Unsent { version, base, fields, saved_at })
    })
    .transpose()
}

/// Saves what stands on the version before it.
pub async fn save_unsent(tx: &mut Tx, place: Place, unsent: &Unsent) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "unsent.save",
        "insert into unsent (officer, form, dossier, version, base, body, saved_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (officer, form, dossier) do update set version = excluded.version,
            base = excluded.base, body = excluded.body, saved_at = excluded.saved_at
         where unsent.version = excluded.version - 1",
        place.officer.0,
        place.form.kind(),
        place.dossier.0,
        unsent.version,
        unsent.base.as_str(),
        Json(&unsent.fields),
        to_micros(unsent.saved_at),
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "unsent", row: place.dossier.to_string() });
    }
    Ok(())
}

/// It was sent, or given up.
pub async fn forget_unsent(tx: &mut Tx, place: Place) -> Result<(), Error> {
    execute!(
        tx,
        "unsent.forget",
        "delete from unsent where officer = $1 and form = $2 and dossier = $3",
        place.officer.0,
        place.form.kind(),
        place.dossier.0,
    )
    .map(drop)
}

/// Clears away what nobody came back to.
pub async fn forget_unsent_before(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    execute!(tx, "unsent.forget_before", "delete from unsent where saved_at < $1", to_micros(before))
}

/// Who holds a form, or held it last.
pub async fn hold(reader: &mut Reader, form: WritingForm, dossier: DossierId) -> Result<Option<Hold>, Error> {
    let row: Option<(Uuid, i64, i64)> = fetch_optional!(
        reader,
        "editing.find",
        "select officer, since, until from editing where form = $1 and dossier = $2",
        form.kind(),
        dossier.0,
    )?;
    row.map(|(officer, since, until)| {
        let at = |micros, column| instant(micros, "editing", column, dossier.0);
        Ok(Hold { officer: OfficerId(officer), since: at(since, "since")?, until: at(until, "until")? })
    })
    .transpose()
}

pub async fn save_hold(tx: &mut Tx, form: WritingForm, dossier: DossierId, hold: &Hold) -> Result<(), Error> {
    execute!(
        tx,
        "editing.save",
        "insert into editing (form, dossier, officer, since, until) values ($1, $2, $3, $4, $5)
         on conflict (form, dossier) do update set officer = excluded.officer, since = excluded.since,
            until = excluded.until",
        form.kind(),
        dossier.0,
        hold.officer.0,
        to_micros(hold.since),
        to_micros(hold.until),
    )
    .map(drop)
}

/// He has done what he held it for, or left it.
pub async fn let_go(tx: &mut Tx, place: Place) -> Result<(), Error> {
    execute!(
        tx,
        "editing.let_go",
        "delete from editing where form = $1 and dossier = $2 and officer = $3",
        place.form.kind(),
        place.dossier.0,
        place.officer.0,
    )
    .map(drop)
}

/// Adds a note with whom it is meant for.
pub async fn add_note(tx: &mut Tx, note: &Note) -> Result<(), Error> {
    execute!(
        tx,
        "note.add",
        "insert into note (id, dossier, author, text, written_at) values ($1, $2, $3, $4, $5)",
        note.id.0,
        note.dossier.0,
        note.author.0,
        note.text.as_str(),
        to_micros(note.written_at),
    )?;
    for officer in &note.mentioned {
        execute!(
            tx,
            "note.mention",
            "insert into note_mention (note, officer) values ($1, $2)",
            note.id.0,
            officer.0,
        )?;
    }
    Ok(())
}

/// Keeps that a note was struck out.
pub async fn strike_note(tx: &mut Tx, id: NoteId, at: Timestamp) -> Result<(), Error> {
    let n_rows = execute!(
        tx,
        "note.strike",
        "update note set struck_at = $2 where id = $1 and struck_at is null",
        id.0,
        to_micros(at),
    )?;
    if n_rows == 0 { Err(Error::Stale { table: "note", row: id.to_string() }) } else { Ok(()) }
}

/// The notes of a dossier, the newest first.
pub async fn notes(reader: &mut Reader, dossier: DossierId) -> Result<Vec<Note>, Error> {
    let rows: Vec<NoteRow> = fetch_all!(
        reader,
        "note.of_dossier",
        "select id, dossier, author, text, written_at, struck_at from note where dossier = $1
         order by written_at desc, id desc limit $2",
        dossier.0,
        N_NOTES,
    )?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mentioned: Vec<(Uuid, Uuid)> = fetch_all!(
        reader,
        "note.mentioned",
        "select note, officer from note_mention where note in IDS($1) order by note, officer",
        Json(&ids),
    )?;
    let mut by_note: BTreeMap<Uuid, Vec<OfficerId>> = BTreeMap::new();
    for (note, officer) in mentioned {
        by_note.entry(note).or_default().push(OfficerId(officer));
    }
    rows.into_iter().map(|row| row.note(&mut by_note)).collect()
}

/// Is a note of a dossier meant for an officer who has not seen it?
pub async fn is_mentioned(
    reader: &mut Reader,
    dossier: DossierId,
    officer: OfficerId,
) -> Result<bool, Error> {
    let row: Option<(Uuid,)> = fetch_optional!(
        reader,
        "note.is_mentioned",
        "select n.id from note n join note_mention m on m.note = n.id
         where n.dossier = $1 and m.officer = $2 and m.seen_at is null limit 1",
        dossier.0,
        officer.0,
    )?;
    Ok(row.is_some())
}

/// The dossiers a scope lets see whose notes are meant for an officer and that he has not seen yet, the
/// newest first.
pub async fn mentions_of(
    reader: &mut Reader,
    scope: &Scope,
    officer: OfficerId,
    limit: i64,
) -> Result<Vec<(DossierId, OfficerId, Timestamp)>, Error> {
    let rows: Vec<(Uuid, Uuid, i64)> = fetch_all!(
        reader,
        "note.mentions",
        "select n.dossier, n.author, n.written_at from note_mention m join note n on n.id = m.note
         join dossier d on d.id = n.dossier
         where m.officer = $1 and m.seen_at is null and n.struck_at is null and SEEN(d, d.procedure, $2)
         order by n.written_at desc, n.id desc limit $3",
        officer.0,
        Json(Sight::from(scope)),
        limit,
    )?;
    rows.into_iter()
        .map(|(dossier, author, at)| {
            let at = instant(at, "note", "written_at", dossier)?;
            Ok((DossierId(dossier), OfficerId(author), at))
        })
        .collect()
}

/// He has seen the notes of a dossier that are meant for him.
pub async fn note_seen(
    tx: &mut Tx,
    dossier: DossierId,
    officer: OfficerId,
    at: Timestamp,
) -> Result<u64, Error> {
    execute!(
        tx,
        "note.seen",
        "update note_mention set seen_at = $3 where officer = $2 and seen_at is null
         and note in (select id from note where dossier = $1)",
        dossier.0,
        officer.0,
        to_micros(at),
    )
}

#[derive(sqlx::FromRow)]
struct NoteRow {
    id: Uuid,
    dossier: Uuid,
    author: Uuid,
    text: String,
    written_at: i64,
    struck_at: Option<i64>,
}

impl NoteRow {
    fn note(self, mentioned: &mut BTreeMap<Uuid, Vec<OfficerId>>) -> Result<Note, Error> {
        let at = |micros, column| instant(micros, "note", column, self.id);
        Ok(Note {
            id: NoteId(self.id),
            dossier: DossierId(self.dossier),
            author: OfficerId(self.author),
            mentioned: mentioned.remove(&self.id).unwrap_or_default(),
            written_at: at(self.written_at, "written_at")?,
            struck_at: self.struck_at.map(|micros| at(micros, "struck_at")).transpose()?,
            text: self.text,
        })
    }
}

#[cfg(test)]
mod tests;
