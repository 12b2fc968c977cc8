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
use jiff::SignedDuration;
use pdf::certificate::Certificate;
use rules::event::trail::{Filter, Telling};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AuditExportId, EventId, OfficerId};
use rules::people::Actor;
use serde_json::{Value, json};
use store::audit::view::{self, Export, Made};
use store::blobs::Address;
use store::blobs::reference::{self, Owner};
use store::queue::Claimed;
use store::queue::lines::{self, State};
use store::time::new_id;
use store::{Db, Reader, event};
use uuid::Uuid;

/// Events in one file at most.
const MOST_EVENTS: usize = 100_000;
const PAGE: i64 = 500;
const FORM: &str = "motcua audit export, form 1";
const OWNER: &str = "audit_export";
/// Files shown to the officer who asked for them.
const SHOWN: i64 = 5;
/// How long a file waits to be fetched.
const DAYS_KEPT: i64 = 30;
/// Files let go in one turn.
const DROPPED_AT_ONCE: i64 = 100;

/// A file somebody asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportLine {
    pub export: Export,
    /// Where its job stands, while it is not made.
    pub job: Option<State>,
}

impl Office {
    /// Leaves the file to the queue; the same asked for again while it is being made is the same file.
    pub async fn ask_audit_export(&self, by: &By, filter: &Filter) -> Result<AuditExportId, Error> {
        Sight::of(&mut self.db.read().await?, &by.actor).await?.may_ask(filter)?;
        let asked_by = by.actor.officer().ok_or(Error::NotFound)?;
        self.act(by, "audit.ask_export", |mut tx, now| async move {
            let asked = exports(&mut tx, asked_by).await?;
            let under_way = asked.into_iter().find(|line| {
                line.export.filter == *filter && matches!(line.job, Some(State::Waiting | State::Running))
            });
            if let Some(line) = under_way {
                return Ok(line.export.id);
            }
            let id = AuditExportId(new_id(now));
            let filter = filter.clone();
            let export = Export { id, asked_by, asked_at: now, filter, made: None, is_dropped: false };
            view::add_export(&mut tx, &export).await?;
            Job::ExportAudit(id).push(&mut tx, id.0, &by.actor, now).await?;
            Ok(id)
        })
        .await
    }

    /// The files somebody asked for, the latest first.
    pub async fn audit_exports(&self, by: &By) -> Result<Vec<ExportLine>, Error> {
        may_read(&by.actor)?;
        let officer = by.actor.officer().ok_or(Error::NotFound)?;
        exports(&mut self.db.read().await?, officer).await
    }

    /// The file, for whoever asked for it while he may read as much as he might then.
    pub async fn audit_export_file(&self, by: &By, id: AuditExportId) -> Result<Served, Error> {
        let mut reader = self.db.read().await?;
        let sight = Sight::of(&mut reader, &by.actor).await?;
        let export = view::export(&mut reader, id).await?.ok_or(Error::NotFound)?;
        drop(reader);
        if Some(export.asked_by) != by.actor.officer() || export.is_dropped {
            return Err(Error::NotFound);
        }
        let made = export.made.ok_or(Error::NotFound)?;
        sight.must_cover(&made.sight)?;
        let bytes = self.file_at(&made.sha256).await?;
        Ok(Served { bytes, media_type: "application/jsonl".to_owned() })
    }

    pub(crate) async fn export_audit(&self, job: &Claimed, id: AuditExportId) -> Result<(), Error> {
        let export = view::export(&mut self.db.read().await?, id).await?.ok_or(Error::NotFound)?;
        let actor = &self.actor_of(export.asked_by).await?;
        let sight = Sight::of(&mut self.db.read().await?, actor).await?;
        let (text, n_events) = self.written(actor, &sight, &export).await?;
        let text = self.signed(text).await?;
        let blob = &self.keep(text.into_bytes()).await?;
        let (filter, sight) = (&export.filter, &sight.lookouts);
        self.act_for_job(job, |mut tx, now| async move {
            let tx = &mut tx;
            let made = Made { at: now, n_events, sha256: blob.sha256.clone(), sight: sight.clone() };
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

    /// Lets files go that waited long enough to be fetched. What was in them is still in the events.
    pub(super) async fn drop_old_exports(&self) -> Result<(), Error> {
        let now = self.clock.now();
        let before = now - SignedDuration::from_hours(24 * DAYS_KEPT);
        let old = view::made_before(&mut self.db.read().await?, before, DROPPED_AT_ONCE).await?;
        for export in old {
            let Some(made) = export.made else { continue };
            let address: Address = made.sha256.parse().map_err(Error::broken)?;
            let is_free = self
                .db
                .act(|mut tx| async move {
                    let tx = &mut tx;
                    view::note_dropped(tx, export.id, now).await?;
                    reference::remove(tx, address, Owner { kind: OWNER, id: export.id.0 }).await?;
                    reference::forget(tx, address, before).await
                })
                .await?;
            if is_free {
                self.blobs.delete(address, before).await.map_err(Error::broken)?;
            }
        }
        Ok(())
    }

    /// The lines above the signature, and how many events are among them.
    async fn written(&self, actor: &Actor, sight: &Sight, export: &Export) -> Result<(String, u32), Error> {
        let checkpoint = store::audit::last(&mut self.db.read().await?).await?.map(|last| last.statement());
        let head = json!({
            "form": FORM, "asked_at": export.asked_at.to_string(), "filter": export.filter,
            "checkpoint": checkpoint,
        });
        let mut text = format!("{head}\n");
        let (mut n_events, mut after, mut is_whole) = (0_usize, None, true);
        while is_whole {
            let mut reader = self.db.read().await?;
            let mut kept = sight.page(&mut reader, &export.filter, after, PAGE).await?;
            let Some(last) = kept.last() else { break };
            after = Some(last.id);
            is_whole = n_events + kept.len() <= MOST_EVENTS;
            kept.truncate(MOST_EVENTS - n_events);
            let telltale = Telltale::of(&mut reader, sight, &kept, &export.filter).await?;
            drop(reader);
            for told in telltale.all_told(actor, kept, &export.filter) {
                n_events += 1;
                text.push_str(&line(&told).to_string());
                text.push('\n');
            }
        }
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

/// The files somebody asked for with their jobs.
async fn exports(reader: &mut Reader, officer: OfficerId) -> Result<Vec<ExportLine>, Error> {
    let asked = view::exports_of(reader, officer, SHOWN).await?;
    let ids: Vec<Uuid> = asked.iter().map(|export| export.id.0).collect();
    let jobs = lines::newest_for(reader, &ids).await?;
    let job = |export: &Export| jobs.get(&export.id.0).copied().filter(|_| export.made.is_none());
    Ok(asked.into_iter().map(|export| ExportLine { job: job(&export), export }).collect())
}

/// What an event is about stands only where it is told whole: kind and subject tell what the sentence
/// keeps back.
fn line(told: &TrailLine) -> Value {
    let kept = &told.kept;
    let mut line = json!({
        "event": kept.id, "recorded_at": kept.recorded_at.to_string(),
        "happened_at": kept.happened_at.to_string(), "who": told.who, "what": told.what,
        "agency": told.agency, "digest": hex::encode(&kept.digest),
    });
    if told.telling == Telling::Whole {
        line["kind"] = json!(kept.kind);
        line["purpose"] = json!(told.purpose);
        line["subject"] = json!(format!("{}:{}", kept.subject.kind(), kept.subject.id()));
        line["number"] = json!(kept.number);
        line["dossier"] = json!(kept.dossier);
    }
    line
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
