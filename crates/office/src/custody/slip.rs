//! The printed papers of custody: the cover of a folder with its code, and the slip of a hand-over.

use super::view::{FolderView, PassingView};
use crate::signing::minute;
use crate::{Error, Office};
use rules::calendar::legal_time;
use rules::people::Actor;
use rules::words::sentence::Names;
use serde_json::{Value, json};
use store::custody::passing::PassingOutcome;

/// Who prints.
fn name_of(actor: &Actor) -> &str {
    match actor {
        Actor::Officer { name, .. } => name,
        Actor::System { .. } => "",
    }
}

impl Office {
    /// Bìa hồ sơ, A4: its code as a QR code that says nothing of anybody, and the list of its papers.
    pub async fn folder_cover(&self, actor: &Actor, view: &FolderView) -> Result<Vec<u8>, Error> {
        let line = &view.seen.line;
        let mut reader = self.db.read().await?;
        let dossier = store::dossier::find(&mut reader, line.folder.dossier).await?.ok_or(Error::NotFound)?;
        let unit = store::people::unit(&mut reader, dossier.scope.receiving).await?.ok_or(Error::NotFound)?;
        drop(reader);
        let papers: Vec<Value> = view
            .papers
            .iter()
            .map(|(name, paper)| {
                let returned = paper.returned_at.map(|at| legal_time(at).date().to_string());
                json!({
                    "name": name,
                    "originals": paper.originals,
                    "copies": paper.copies,
                    "returned_on": returned.unwrap_or_default(),
                })
            })
            .collect();
        let mut data = self.head_of(&unit);
        for (key, value) in [
            ("folder_code", json!(line.folder.code.to_string())),
            ("dossier_code", json!(line.dossier_code)),
            ("procedure_code", json!(dossier.procedure.to_string())),
            ("procedure_name", json!(line.procedure_name)),
            ("received_at", json!(dossier.received_at.map(minute).unwrap_or_default())),
            ("papers", Value::Array(papers)),
            ("return_to", json!(unit.unit.name)),
            ("officer_name", json!(name_of(actor))),
        ] {
            data.insert(key.to_owned(), value);
        }
        self.print_for(&unit, "bia-ho-so", data).await
    }

    /// Biên bản giao nhận hồ sơ giấy, of one hand-over.
    pub async fn passing_slip(&self, view: &PassingView) -> Result<Vec<u8>, Error> {
        let passing = &view.passing;
        let mut reader = self.db.read().await?;
        let unit = store::people::unit(&mut reader, passing.from.agency).await?.ok_or(Error::NotFound)?;
        drop(reader);
        let folders: Vec<Value> = view
            .lines
            .iter()
            .map(|(line, known)| {
                let (originals, copies) = known.folder.papers_in().fold((0_u32, 0_u32), |(n, m), paper| {
                    (n + u32::from(paper.originals), m + u32::from(paper.copies))
                });
                let note = match line.settled.as_ref().map(|settled| (settled.outcome, &settled.reason)) {
                    None => String::new(),
                    Some((PassingOutcome::Confirmed, _)) => "đã nhận".to_owned(),
                    Some((PassingOutcome::Refused, reason)) => format!("không nhận: {reason}"),
                    Some((PassingOutcome::TakenBack | PassingOutcome::Reclaimed, _)) => {
                        "đã lấy lại".to_owned()
                    }
                };
                json!({
                    "folder_code": known.folder.code.to_string(),
                    "dossier_code": known.dossier_code,
                    "procedure_name": known.procedure_name,
                    "originals": originals,
                    "copies": copies,
                    "note": note,
                })
            })
            .collect();
        let named =
            |officer: Option<_>| officer.map(|officer| view.names.officer(officer)).unwrap_or_default();
        let mut data = self.head_of(&unit);
        for (key, value) in [
            ("given_at", json!(minute(passing.given_at))),
            ("due_at", json!(minute(passing.due_at))),
            ("giver_name", json!(named(Some(passing.from.officer)))),
            ("giver_agency", json!(view.names.agency(passing.from.agency))),
            ("receiver_name", json!(named(passing.to.officer))),
            ("receiver_agency", json!(view.names.agency(passing.to.agency))),
            ("folders", Value::Array(folders)),
        ] {
            data.insert(key.to_owned(), value);
        }
        let (data, now) = (Value::Object(data), self.clock.now());
        Ok(self.print_made(&unit, "bien-ban-giao-nhan", passing.given_at, data, now).await?.pdf)
    }
}
