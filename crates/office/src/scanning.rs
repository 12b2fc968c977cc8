//! Digitisation: files opened into pages, pages read into a searchable PDF/A, the digitiser's signature,
//! the fields confirmed by a person, the code, the repository. Each step by a job is one act whose
//! outcome and whose next job are one commit; killed anywhere, it goes on by itself, exactly once.

pub mod camera;
mod opening;
mod picture;
mod propose;

use crate::act::By;
use crate::archive::{self, Sheet};
use crate::counter::component_of;
use crate::jobs::{Job, system_for};
use crate::keys::{Signed, sign};
use crate::people::glass::Eyes;
use crate::{Error, Office, Refusal};
use pdf::archive::Metadata;
use pdf::sign::SignRequest;
use pdf::stamp::VisibleMark;
use picture::smaller;
use rules::code::{OwnerNumber, TypeCode};
use rules::dossier::Dossier;
use rules::event::{Body, NewEvent};
use rules::id::{EntryId, PageId, RecordId};
use rules::people::{Actor, Matter, Role};
use rules::procedure::Component;
use rules::repository::{Entry, Origin};
use rules::scanning::{
    Blob, FieldFault, FieldKey, FieldProblem, Reading, Record, RecordState, Source, TypedFields,
};
use scan::extract::Extracted;
use scan::geometry::Turn;
use scan::intake::{Encoding, Ink, PageImage, Rejected};
use scan::recognise::PageText;
use scan::worker;
use store::counter::{self as rows, Page};
use store::people::Party;
use store::queue::Claimed;
use store::time::new_id;
use store::{Reader, event, scanning as records};

/// A page ready to be read: its row, its turn, its bytes.
struct Loaded {
    page: Page,
    turn: Turn,
    bytes: Vec<u8>,
}

impl Office {
    /// Reads a record's pages and writes its PDF/A; a file that came signed is read but not rewritten.
    pub(crate) async fn read_record(&self, job: &Claimed, id: RecordId) -> Result<(), Error> {
        let mut reader = self.db.read().await?;
        let record = records::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        drop(reader);
        if !matches!(record.state, RecordState::Reading) {
            return self.act_for_job(job, |_, _| async { Ok(()) }).await;
        }
        match self.try_to_read(&record).await {
            Ok((pdf, reading)) => self.note_read(job, id, pdf, reading).await,
            // A page that can never be read, or the last try: a person must look, and nothing is lost.
            Err(Error::Refused(Refusal::Unreadable(why))) => self.note_stuck(job, id, why).await,
            Err(error) if job.attempt >= job.max_attempts => {
                tracing::error!(record = %id, %error, "a paper could not be read");
                let why = "Máy đọc gặp lỗi nhiều lần. Xem lại trang quét rồi đọc lại".to_owned();
                self.note_stuck(job, id, why).await
            }
            Err(error) => Err(error),
        }
    }

    async fn try_to_read(&self, record: &Record) -> Result<(Blob, Reading), Error> {
        let now = self.clock.now();
        let (pages, kept_file) = self.pages_of(record).await?;
        let mut texts = Vec::with_capacity(pages.len());
        for page in &pages {
            texts.push(self.read_page(page).await?);
        }
        let component = self.component_named(record).await?;
        let owner = {
            let mut reader = self.db.read().await?;
            store::people::party(&mut reader, record.owner).await?.ok_or(Error::NotFound)?
        };
        let extracted = scan::extract::fields(&texts, self.clock.today());
        let reading = self.reading_of(&texts, extracted, &component, &owner).await?;
        let pdf = match kept_file {
            Some(pdf) => pdf,
            None => {
                let meta = Metadata {
                    title: component.name.clone(),
                    author: None,
                    creator: self.settings.system_name.clone(),
                    created: now,
                    language: "vi".to_owned(),
                    id_seed: record.id.to_string(),
                };
                let bytes = tokio::task::spawn_blocking(move || write(&pages, &texts, &meta))
                    .await
                    .map_err(Error::broken)??;
                self.keep(bytes).await?
            }
        };
        Ok((pdf, reading))
    }

    /// The pages of a record in their order and turn; with the file itself where it came signed.
    async fn pages_of(&self, record: &Record) -> Result<(Vec<Loaded>, Option<Blob>), Error> {
        let mut reader = self.db.read().await?;
        match &record.source {
            Source::Pages { pages } => {
                let ids: Vec<PageId> = pages.iter().map(|page| page.page).collect();
                let rows = rows::pages(&mut reader, &ids).await?;
                drop(reader);
                let mut loaded = Vec::with_capacity(rows.len());
                for (page, arranged) in rows.into_iter().zip(pages) {
                    let turns = (page.picture.quarter_turns + arranged.quarter_turns) % 4;
                    let bytes = self.file_at(&page.sha256).await?.to_vec();
                    loaded.push(Loaded { page, turn: turn(turns), bytes });
                }
                Ok((loaded, None))
            }
            Source::SignedFile { upload } => {
                let upload = rows::upload(&mut reader, *upload).await?.ok_or(Error::NotFound)?;
                let rows = rows::pages_of_upload(&mut reader, upload.id).await?;
                drop(reader);
                let mut loaded = Vec::with_capacity(rows.len());
                for page in rows {
                    let turn = turn(page.picture.quarter_turns);
                    let bytes = self.file_at(&page.sha256).await?.to_vec();
                    loaded.push(Loaded { page, turn, bytes });
                }
                let bytes = u64::try_from(upload.n_bytes).unwrap_or_default();
                Ok((loaded, Some(Blob { sha256: upload.sha256, bytes })))
            }
        }
    }

    async fn read_page(&self, page: &Loaded) -> Result<PageText, Error> {
        let scanner = self.scanner.clone();
        let image = image_of(page);
        let (turn, dpi) = (page.turn, page.page.picture.dpi);
        let read = tokio::task::spawn_blocking(move || scanner.read(&image, turn, dpi))
            .await
            .map_err(Error::broken)?;
        rejected_apart(read)?.map_err(|rejected| {
            let number = page.page.number + 1;
            let why = format!("trang {number} của tệp: {}", rejected.in_vietnamese());
            Error::Refused(Refusal::Unreadable(why))
        })
    }

    async fn reading_of(
        &self,
        texts: &[PageText],
        extracted: Extracted,
        component: &Component,
        owner: &Party,
    ) -> Result<Reading, Error> {
        let n_words: usize = texts.iter().map(|text| text.words.len()).sum();
        let confidence = mean(texts.iter().flat_map(|text| &text.words).map(|word| word.confidence));
        let mut warnings: Vec<String> = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            for warning in &text.quality.warnings {
                warnings.push(format!("Trang {}: {}", number + 1, warning.in_vietnamese()));
            }
        }
        let words = serde_json::to_vec(texts).map_err(Error::broken)?;
        Ok(Reading {
            words: self.keep(words).await?,
            n_pages: u32::try_from(texts.len()).unwrap_or(u32::MAX),
            n_words: u32::try_from(n_words).unwrap_or(u32::MAX),
            confidence,
            proposed: propose::proposals(extracted, component, owner, texts),
            warnings,
        })
    }

    async fn component_named(&self, record: &Record) -> Result<Component, Error> {
        let mut reader = self.db.read().await?;
        let dossier = store::dossier::find(&mut reader, record.dossier).await?.ok_or(Error::NotFound)?;
        let procedure = crate::dossier::revision_of(&mut reader, &dossier).await?;
        component_of(&procedure, &dossier, &record.component).cloned()
    }

    async fn note_read(&self, job: &Claimed, id: RecordId, pdf: Blob, reading: Reading) -> Result<(), Error> {
        let (pdf, reading) = (&pdf, &reading);
        self.act_for_job(job, |mut tx, now| async move {
            let tx = &mut tx;
            let record = records::find(tx, id).await?.ok_or(Error::NotFound)?;
            let actor = system_for(record.digitiser, record.scope.receiving);
            let body = Body::PaperRead {
                component: record.component.clone(),
                record: id,
                pages: reading.n_pages,
                words: reading.n_words,
                confidence: reading.confidence,
            };
            let event = NewEvent::of_dossier(record.dossier, &actor, now, body);
            let record = record.read(pdf.clone(), reading.clone())?;
            records::save(tx, &record).await?;
            event::append(tx, &event, now).await?;
            if matches!(record.state, RecordState::ToSign { .. }) {
                Job::SignRecord(id).push(tx, record.dossier.0, &actor, now).await?;
            }
            Ok(())
        })
        .await
    }

    async fn note_stuck(&self, job: &Claimed, id: RecordId, why: String) -> Result<(), Error> {
        let why = &why;
        self.act_for_job(job, |mut tx, now| async move {
            let tx = &mut tx;
            let record = records::find(tx, id).await?.ok_or(Error::NotFound)?;
            let actor = system_for(record.digitiser, record.scope.receiving);
            let body =
                Body::PaperNotRead { component: record.component.clone(), record: id, why: why.clone() };
            let event = NewEvent::of_dossier(record.dossier, &actor, now, body);
            let record = record.stuck(why.clone())?;
            records::save(tx, &record).await?;
            event::append(tx, &event, now).await?;
            Ok(())
        })
        .await
    }

    /// Puts the digitiser's own signature on the PDF/A, before any field is taken from it.
    // law: TT01-2023-VPCP/8.1
    pub(crate) async fn sign_record(&self, job: &Claimed, id: RecordId) -> Result<(), Error> {
        let mut reader = self.db.read().await?;
        let record = records::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let RecordState::ToSign { pdf, .. } = &record.state else {
            drop(reader);
            return self.act_for_job(job, |_, _| async { Ok(()) }).await;
        };
        let officer = store::people::officer(&mut reader, record.digitiser).await?.ok_or(Error::NotFound)?;
        let key = self.keys.of(&mut reader, officer.id.0, self.clock.now()).await?;
        drop(reader);
        let original = self.file(pdf).await?;
        let at = self.clock.now();
        let request = SignRequest {
            at,
            reason: Some("Ký số bản số hóa".to_owned()),
            location: None,
            field_name: "nguoi-so-hoa".to_owned(),
            marks: vec![VisibleMark::digitiser(&officer.name, at)],
        };
        let Signed { bytes, with } = sign(original.to_vec(), key, request).await?;
        let (signed, with) = (&self.keep(bytes).await?, &with);
        self.act_for_job(job, |mut tx, now| async move {
            let tx = &mut tx;
            let record = records::find(tx, id).await?.ok_or(Error::NotFound)?;
            let actor = system_for(record.digitiser, record.scope.receiving);
            let body = Body::PaperSigned {
                component: record.component.clone(),
                record: id,
                sha256: signed.sha256.clone(),
                certificate: with.certificate.clone(),
            };
            let event = NewEvent::of_dossier(record.dossier, &actor, now, body);
            let record = record.signed(signed.clone(), at)?;
            records::save(tx, &record).await?;
            event::append(tx, &event, now).await?;
            Ok(())
        })
        .await
    }

    /// A person confirms the fields beside the signed file; the paper gets its code and enters its
    /// owner's repository.
    // law: TT01-2023-VPCP/9.2
    pub async fn confirm_fields(&self, by: &By, id: RecordId, typed: &TypedFields) -> Result<EntryId, Error> {
        let today = self.clock.today();
        let text = &self.text_of(id).await?;
        self.act(by, "scanning.confirm", |mut tx, now| async move {
            let tx = &mut tx;
            let record = records::find(tx, id).await?.ok_or(Error::NotFound)?;
            let dossier = dossier_of(tx, &by.actor, &record).await?;
            let owner = crate::repository::owner(tx, record.owner).await?;
            let fields = typed.check(&owner_numbers(&owner), today)?;
            let corrected = record.corrected(typed);
            let officer = by.actor.officer().ok_or(Error::NotFound)?;
            let procedure = crate::dossier::revision_of(tx, &dossier).await?;
            let title = component_of(&procedure, &dossier, &record.component)?.name.clone();
            let paper_type: TypeCode = fields.paper_type.parse().map_err(|_| {
                let key = FieldKey::PaperType;
                Error::from(vec![FieldFault { key, fault: FieldProblem::Empty }])
            })?;
            let code =
                crate::repository::component_code(tx, &fields.owner_number, &dossier.procedure, &paper_type)
                    .await?;
            let entry_id = EntryId(new_id(now));
            let record = record.file(fields.clone(), entry_id, officer)?;
            let pdf = record.state.pdf().cloned().ok_or(Error::NotFound)?;
            let entry = Entry {
                id: entry_id,
                owner: record.owner,
                origin: Origin::Record { record: id },
                dossier: record.dossier,
                scope: record.scope,
                code: code.to_string(),
                paper_type: fields.paper_type.clone(),
                title,
                pdf,
                fields,
                filed_at: now,
                superseded_by: None,
                annulled_on: None,
            };
            crate::repository::file(tx, &entry, &owner, text, now).await?;
            records::save(tx, &record).await?;
            let component = record.component.clone();
            for body in [
                Body::FieldsConfirmed {
                    component: component.clone(),
                    record: id,
                    corrected: corrected.clone(),
                },
                Body::PaperFiled { component: component.clone(), record: id, entry: entry_id },
            ] {
                let event = NewEvent::of_dossier(record.dossier, &by.actor, now, body);
                event::append(tx, &event, now).await?;
            }
            Ok(entry_id)
        })
        .await
    }

    /// Has a paper that could not be read tried again.
    pub async fn read_again(&self, by: &By, id: RecordId) -> Result<(), Error> {
        self.act(by, "scanning.read_again", |mut tx, now| async move {
            let tx = &mut tx;
            let record = records::find(tx, id).await?.ok_or(Error::NotFound)?;
            let dossier = dossier_of(tx, &by.actor, &record).await?;
            let record = record.again()?;
            records::save(tx, &record).await?;
            Job::ReadRecord(id).push_again(tx, dossier.id.0, &by.actor, now).await
        })
        .await
    }

    /// The words that were read off a record, page by page.
    async fn page_texts(&self, record: &Record) -> Result<Vec<PageText>, Error> {
        let Some(reading) = record.state.reading() else { return Ok(Vec::new()) };
        let bytes = self.file(&reading.words).await?;
        serde_json::from_slice(&bytes).map_err(Error::broken)
    }

    /// The sizes of the pages that were read, in order; boxes of proposals refer to them.
    pub async fn page_sizes(&self, record: &Record) -> Result<Vec<PageSize>, Error> {
        let texts = self.page_texts(record).await?;
        Ok(texts.iter().map(|text| PageSize { width: text.width, height: text.height }).collect())
    }

    async fn text_of(&self, id: RecordId) -> Result<String, Error> {
        let mut reader = self.db.read().await?;
        let record = records::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        drop(reader);
        let texts = self.page_texts(&record).await?;
        Ok(texts.iter().map(PageText::text).collect::<Vec<_>>().join("\n"))
    }

    /// One page of a record as a picture to look at: turned as the officer turned it, scaled
    /// down for the screen.
    pub async fn record_page(
        &self,
        actor: &Actor,
        id: RecordId,
        number: usize,
        eyes: Eyes,
    ) -> Result<Vec<u8>, Error> {
        let mut reader = self.db.read().await?;
        let record = records::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let dossier = store::dossier::find(&mut reader, record.dossier).await?.ok_or(Error::NotFound)?;
        let may_read = self.may_read(&mut reader, actor, &dossier, eyes).await?;
        drop(reader);
        self.note_leafing(actor, &dossier, Some(&record), &may_read).await?;
        let page = self.pages_of(&record).await?.0.into_iter().nth(number).ok_or(Error::NotFound)?;
        let scanner = self.scanner.clone();
        let (image, turn) = (image_of(&page), page.turn);
        let (width, height) = turn.size(page.page.picture.width, page.page.picture.height);
        let cut = tokio::task::spawn_blocking(move || {
            let whole = rejected_apart(scanner.crop(&image, turn, &[[0, 0, width, height]]))?
                .map_err(|rejected| Error::Refused(Refusal::Unreadable(rejected.in_vietnamese())))?;
            smaller(&whole.into_iter().next().ok_or(Error::NotFound)?)
        })
        .await;
        cut.map_err(Error::broken)?
    }
}

/// The dossier of a record, for whoever may digitise it.
async fn dossier_of(reader: &mut Reader, actor: &Actor, record: &Record) -> Result<Dossier, Error> {
    let dossier = store::dossier::find(reader, record.dossier).await?.ok_or(Error::NotFound)?;
    let matter = Matter::of_paper(&record.scope, &dossier);
    actor.right_for_any(&Role::AT_COUNTER, record.scope.receiving, matter)?;
    Ok(dossier)
}

/// What the file is to blame for, apart from what the machine is to blame for.
fn rejected_apart<T>(answer: Result<T, worker::Error>) -> Result<Result<T, Rejected>, Error> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(worker::Error::Rejected(rejected)) => Ok(Err(rejected)),
        Err(error) => Err(Error::broken(error)),
    }
}

/// Pixels of a page as it was turned and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize {
    pub width: u32,
    pub height: u32,
}

/// The numbers a repository owner is known by.
pub fn owner_numbers(owner: &Party) -> Vec<OwnerNumber> {
    owner.numbers.iter().filter_map(|number| number.number.parse().ok()).collect()
}

fn image_of(page: &Loaded) -> PageImage {
    PageImage {
        encoding: match page.page.picture.media_type.as_str() {
            "image/jpeg" => Encoding::Jpeg,
            _ => Encoding::Png,
        },
        ink: match page.page.picture.ink.as_str() {
            "bilevel" => Ink::Bilevel,
            "grey" => Ink::Grey,
            _ => Ink::Colour,
        },
        bytes: page.bytes.clone(),
    }
}

fn ink_word(ink: Ink) -> &'static str {
    match ink {
        Ink::Bilevel => "bilevel",
        Ink::Grey => "grey",
        Ink::Colour => "colour",
    }
}

/// The archival file of pages that were read.
fn write(pages: &[Loaded], texts: &[PageText], meta: &Metadata) -> Result<Vec<u8>, Error> {
    let scans = pages
        .iter()
        .zip(texts)
        .map(|(page, text)| {
            archive::page(&Sheet {
                image: &image_of(page),
                width: page.page.picture.width,
                height: page.page.picture.height,
                dpi: page.page.picture.dpi,
                turn: page.turn,
                text,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    pdf::archive::write(&scans, meta).map_err(Error::broken)
}

fn turn(quarter_turns: u8) -> Turn {
    Turn::from_degrees(i32::from(quarter_turns % 4) * 90).unwrap_or_default()
}

fn quarter_turns(turn: Turn) -> u8 {
    (turn.degrees() / 90) as u8
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, n) = values.fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
    if n == 0 { 0.0 } else { sum / n as f32 }
}
