//! The events of a filter as a file that stands for itself: one event a line, and under them a signature
//! of the key that seals the chain. Made by a job with the rights its officer has then.
//!
//! The first line says what was asked for and which checkpoint was the newest; the one before the last how
//! many events there are; the last is the signature over every byte above it.

use super::trail::{Sight, Telltale, TrailLine, may_read};
use super::verify::is_a_key_of_ours;
use crate::act::By;
use crate::jobs::Job;
use crate::repository::Served;
use crate::{Error, Keys, Office};
use pdf::certificate::Certificate;
use rules::event::trail::Filter;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AuditExportId, EventId};
use serde_json::{Value, json};
use store::audit::view::{self, Export, Made};
use store::blobs::reference::{self, Owner};
use store::queue::Claimed;
use store::time::new_id;
use store::{Db, event};

/// Events in one file at most.
pub const MOST_EVENTS: usize = 100_000;
const PAGE: i64 = 500;
const FORM: &str = "motcua audit export, form 1";
const OWNER: &str = "audit_export";
/// Files shown to the officer who asked for them.
const SHOWN: i64 = 5;

impl Office {
    /// Leaves the file to the queue.
    pub async fn ask_audit_export(&self, by: &By, filter: &Filter) -> Result<AuditExportId, Error> {
        Sight::of(&mut self.db.read().await?, &by.actor).await?.may_ask(filter)?;
        let asked_by = by.actor.officer().ok_or(Error::NotFound)?;
        self.act(by, "audit.ask_export", |mut tx, now| async move {
            let id = AuditExportId(new_id(now));
            let export = Export { id, asked_by, asked_at: now, filter: filter.clone(), made: None };
            view::add_export(&mut tx, &export).await?;
            Job::ExportAudit(id).push(&mut tx, id.0, &by.actor, now).await?;
            Ok(id)
        })
        .await
    }

    /// The files somebody asked for, the latest first.
    pub async fn audit_exports(&self, by: &By) -> Result<Vec<Export>, Error> {
        may_read(&by.actor)?;
        let officer = by.actor.officer().ok_or(Error::NotFound)?;
        view::exports_of(&mut self.db.read().await?, officer, SHOWN).await.map_err(Error::from)
    }

    /// The file, for whoever asked for it.
    pub async fn audit_export_file(&self, by: &By, id: AuditExportId) -> Result<Served, Error> {
        may_read(&by.actor)?;
        let export = view::export(&mut self.db.read().await?, id).await?.ok_or(Error::NotFound)?;
        if Some(export.asked_by) != by.actor.officer() {
            return Err(Error::NotFound);
        }
        let made = export.made.ok_or(Error::NotFound)?;
        let bytes = self.file_at(&made.sha256).await?;
        Ok(Served { bytes, media_type: "application/jsonl".to_owned() })
    }

    pub(crate) async fn export_audit(&self, job: &Claimed, id: AuditExportId) -> Result<(), Error> {
        let export = view::export(&mut self.db.read().await?, id).await?.ok_or(Error::NotFound)?;
        let actor = &self.actor_of(export.asked_by).await?;
        let (text, n_events) = self.written(&By::new(actor.clone()), &export).await?;
        let text = self.signed(text).await?;
        let blob = &self.keep(text.into_bytes()).await?;
        let filter = &export.filter;
        self.act_for_job(job, |mut tx, now| async move {
            let tx = &mut tx;
            let made = Made { at: now, n_events, sha256: blob.sha256.clone() };
            if !view::note_made(tx, id, &made).await? {
                return Ok(());
            }
            let address = blob.sha256.parse().map_err(Error::broken)?;
            reference::add(tx, address, blob.bytes, Owner { kind: OWNER, id: id.0 }, now).await?;
            let subject = filter.person.map_or(Subject::Officer(export.asked_by), Subject::Party);
            let body =
                Body::AuditExported { filter: filter.clone(), events: n_events, sha256: blob.sha256.clone() };
            event::append(tx, &NewEvent::new(subject, None, actor, now, body), now).await?;
            Ok(())
        })
        .await
    }

    /// The lines above the signature, and how many events are among them.
    async fn written(&self, by: &By, export: &Export) -> Result<(String, u32), Error> {
        let mut reader = self.db.read().await?;
        let sight = Sight::of(&mut reader, &by.actor).await?;
        let checkpoint = store::audit::last(&mut reader).await?.map(|last| last.statement());
        drop(reader);
        let head = json!({
            "form": FORM, "asked_at": export.asked_at.to_string(), "filter": export.filter,
            "checkpoint": checkpoint,
        });
        let mut text = format!("{head}\n");
        let (mut n_events, mut after) = (0_usize, None);
        loop {
            let mut reader = self.db.read().await?;
            let mut kept = sight.page(&mut reader, &export.filter, after, PAGE).await?;
            kept.truncate(MOST_EVENTS - n_events);
            let Some(last) = kept.last() else { break };
            after = Some(last.id);
            let telltale = Telltale::of(&mut reader, &sight, &kept, &export.filter).await?;
            drop(reader);
            n_events += kept.len();
            for one in kept {
                text.push_str(&line(&telltale.told(&by.actor, one)).to_string());
                text.push('\n');
            }
        }
        let is_whole = n_events < MOST_EVENTS;
        text.push_str(&json!({ "events": n_events, "whole": is_whole }).to_string());
        text.push('\n');
        Ok((text, u32::try_from(n_events).map_err(Error::broken)?))
    }

    /// The same with its signature under it.
    async fn signed(&self, text: String) -> Result<String, Error> {
        self.keys.make_for_audit(&self.db, self.clock.now()).await?;
        let key = self.keys.of_audit(&mut self.db.read().await?).await?.ok_or(Error::NotFound)?;
        let signed = tokio::task::spawn_blocking(move || {
            let signature = hex::encode(key.sign(text.as_bytes())?);
            let certificate = hex::encode(key.certificate().der());
            let last = json!({ "signature": signature, "certificate": certificate });
            Ok::<_, pdf::Error>(format!("{text}{last}\n"))
        });
        signed.await.map_err(Error::broken)?.map_err(Error::broken)
    }
}

fn line(told: &TrailLine) -> Value {
    let kept = &told.kept;
    json!({
        "event": kept.id, "recorded_at": kept.recorded_at.to_string(),
        "happened_at": kept.happened_at.to_string(), "kind": kept.kind, "who": told.who,
        "what": told.what, "agency": told.agency, "purpose": told.purpose,
        "subject": format!("{}:{}", kept.subject.kind(), kept.subject.id()), "number": kept.number,
        "dossier": kept.dossier, "digest": hex::encode(&kept.digest),
    })
}

/// What was found about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportReport {
    pub n_events: usize,
    /// Events that are not, or not so, in this database.
    pub differing: Vec<EventId>,
}

/// Why a file is not one that this installation made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOurs {
    /// It is not of the form.
    Illegible,
    /// Another key signed it than this installation's.
    ForeignKey,
    /// A byte above the signature was changed.
    Signature,
}

/// Holds a file against its signature, and each of its events against the database.
pub async fn check_export(db: &Db, keys: &Keys, text: &str) -> Result<Result<ExportReport, NotOurs>, Error> {
    let Some((signed, signature, certificate)) = parts(text) else { return Ok(Err(NotOurs::Illegible)) };
    let present = keys.of_audit(&mut db.read().await?).await?;
    if !is_a_key_of_ours(db, present.as_ref().map(|key| key.certificate()), &certificate).await? {
        return Ok(Err(NotOurs::ForeignKey));
    }
    if !certificate.has_signed(signed.as_bytes(), &signature) {
        return Ok(Err(NotOurs::Signature));
    }
    let Some(named) = events(signed) else { return Ok(Err(NotOurs::Illegible)) };
    let mut differing = Vec::new();
    for page in named.chunks(PAGE as usize) {
        let ids: Vec<EventId> = page.iter().map(|(id, _)| *id).collect();
        let digests = event::trail::digests(&mut db.read().await?, &ids).await?;
        let differs = |(id, digest): &&(EventId, String)| {
            digests.get(id).is_none_or(|today| hex::encode(today) != *digest)
        };
        differing.extend(page.iter().filter(differs).map(|(id, _)| *id));
    }
    Ok(Ok(ExportReport { n_events: named.len(), differing }))
}

/// What is signed, the signature, and whose it is.
fn parts(text: &str) -> Option<(&str, Vec<u8>, Certificate)> {
    let above = text.trim_end_matches('\n').rfind('\n')? + 1;
    let (signed, last) = text.split_at(above);
    let last: Value = serde_json::from_str(last).ok()?;
    let bytes = |name: &str| hex::decode(last.get(name)?.as_str()?).ok();
    Some((signed, bytes("signature")?, Certificate::from_der(&bytes("certificate")?).ok()?))
}

/// Each event of the signed lines with the digest it had; none where they are not of the form.
fn events(signed: &str) -> Option<Vec<(EventId, String)>> {
    let mut lines = signed.lines().map(|line| serde_json::from_str::<Value>(line).ok());
    if lines.next()??.get("form")?.as_str()? != FORM {
        return None;
    }
    let mut found = Vec::new();
    for line in lines {
        let line = line?;
        match (line.get("event"), line.get("events")) {
            (Some(id), _) => {
                let digest = line.get("digest")?.as_str()?.to_owned();
                found.push((id.as_str()?.parse().ok()?, digest));
            }
            (None, Some(n_events)) => {
                let is_complete = n_events.as_u64() == u64::try_from(found.len()).ok();
                return is_complete.then_some(found);
            }
            (None, None) => return None,
        }
    }
    None
}
