//! The repository: filing papers and looking at them. Whoever looks leaves an event behind. What is found
//! by words is in [`find`].

mod find;

pub use find::{Found, KINDS, MOST_READ, Narrowed};

use crate::act::By;
use crate::people::glass::{Eyes, MayRead, entries_used};
use crate::unit::{may_see_through, sight_through};
use crate::{Error, Office};
use bytes::Bytes;
use jiff::Timestamp;
use rules::code::{DigitisationCode, DocumentNumber, OwnerNumber, TypeCode};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{DossierId, EntryId, PageId, PartyId, RecordId, ResultId};
use rules::people::{Actor, Matter};
use rules::repository::Entry;
use rules::scanning::Blob;
use std::collections::BTreeSet;
use store::blobs::Address;
use store::people::Party;
use store::people::reading::visible_entries;
use store::search::{self, Fields};
use store::{Tx, event, repository as entries};

/// A file with its kind, to be given to somebody who may have it.
#[derive(Debug)]
pub struct Served {
    pub bytes: Bytes,
    pub media_type: String,
}

impl Office {
    /// Reads a stored file.
    pub async fn file(&self, blob: &Blob) -> Result<Bytes, Error> {
        self.file_at(&blob.sha256).await
    }

    pub(crate) async fn file_at(&self, sha256: &str) -> Result<Bytes, Error> {
        let address: Address = sha256.parse().map_err(Error::broken)?;
        self.blobs.get(address).await.map_err(Error::broken)
    }

    /// Stores bytes; durable on return.
    pub(crate) async fn keep(&self, bytes: Vec<u8>) -> Result<Blob, Error> {
        let n_bytes = bytes.len() as u64;
        let address = self.blobs.put(Bytes::from(bytes)).await.map_err(Error::broken)?;
        Ok(Blob { sha256: address.to_string(), bytes: n_bytes })
    }

    /// Opens an entry's file. The reading is an event with its purpose.
    pub async fn view_entry(&self, by: &By, id: EntryId) -> Result<Served, Error> {
        let mut reader = self.db.read().await?;
        let entry = entries::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let dossier = store::dossier::find(&mut reader, entry.dossier).await?.ok_or(Error::NotFound)?;
        may_see_through(&mut reader, &by.actor, Matter::of_paper(&entry.scope, &dossier)).await?;
        drop(reader);
        let purpose = "tra cứu kho giấy tờ";
        let body = Body::PaperViewed { entry: Some(id), record: None };
        self.note_reading(by, Subject::Entry(id), Some(entry.dossier), purpose, body).await?;
        let bytes = self.file(&entry.pdf).await?;
        Ok(Served { bytes, media_type: "application/pdf".to_owned() })
    }

    /// Opens an entry that is offered to or used by a dossier the actor works on, though it came from
    /// another agency.
    // law: TT01-2023-VPCP/24
    pub async fn view_entry_for(
        &self,
        by: &By,
        dossier: DossierId,
        id: EntryId,
        eyes: Eyes,
    ) -> Result<Served, Error> {
        let mut reader = self.db.read().await?;
        let for_dossier = store::dossier::find(&mut reader, dossier).await?.ok_or(Error::NotFound)?;
        let MayRead { purpose, is_by_glass } =
            self.may_read(&mut reader, &by.actor, &for_dossier, eyes).await?;
        let entry = entries::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        if entry.owner != for_dossier.people.holder {
            return Err(Error::NotFound);
        }
        if is_by_glass {
            // One dossier was opened, not all that its holder has.
            let components = store::counter::components(&mut reader, dossier).await?;
            if !entries_used(components.iter().map(|kept| &kept.component.supply)).contains(&id) {
                return Err(Error::NotFound);
            }
        }
        drop(reader);
        let body = Body::PaperViewed { entry: Some(id), record: None };
        self.note_reading(by, Subject::Entry(id), Some(dossier), &purpose, body).await?;
        let bytes = self.file(&entry.pdf).await?;
        Ok(Served { bytes, media_type: "application/pdf".to_owned() })
    }

    /// Opens the signed PDF of a record.
    pub async fn view_record(&self, by: &By, id: RecordId, eyes: Eyes) -> Result<Served, Error> {
        let mut reader = self.db.read().await?;
        let record = store::scanning::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        // The dossier's agencies decide: it may have moved on since the record was made.
        let dossier = store::dossier::find(&mut reader, record.dossier).await?.ok_or(Error::NotFound)?;
        let MayRead { purpose, .. } = self.may_read(&mut reader, &by.actor, &dossier, eyes).await?;
        drop(reader);
        let pdf = record.state.pdf().ok_or(Error::NotFound)?;
        let body = Body::PaperViewed { entry: None, record: Some(id) };
        let subject = Subject::Dossier(record.dossier);
        self.note_reading(by, subject, Some(record.dossier), &purpose, body).await?;
        let bytes = self.file(pdf).await?;
        Ok(Served { bytes, media_type: "application/pdf".to_owned() })
    }

    /// Opens a draft, a signed or a sealed result.
    pub async fn view_result(&self, by: &By, id: ResultId, eyes: Eyes) -> Result<Served, Error> {
        let mut reader = self.db.read().await?;
        let result = store::signing::result(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let dossier = store::dossier::find(&mut reader, result.dossier).await?.ok_or(Error::NotFound)?;
        let MayRead { purpose, .. } = self.may_read(&mut reader, &by.actor, &dossier, eyes).await?;
        drop(reader);
        let (subject, dossier) = (Subject::Dossier(result.dossier), Some(result.dossier));
        let (purpose, sha256) = (&purpose, result.state.pdf().sha256.as_str());
        self.act(by, "repository.view", |mut tx, now| async move {
            let tx = &mut tx;
            let body = Body::PaperViewed { entry: None, record: None };
            let event = NewEvent::new(subject, dossier, &by.actor, now, body).for_purpose(purpose);
            event::append(tx, &event, now).await?;
            if let Some(officer) = by.actor.officer() {
                store::signing::round::note_read(tx, id, officer, sha256, now).await?;
            }
            Ok(())
        })
        .await?;
        let bytes = self.file(result.state.pdf()).await?;
        Ok(Served { bytes, media_type: "application/pdf".to_owned() })
    }

    /// The picture of a page of a dossier. Leafing through the pages is one event a sitting.
    pub async fn page_picture(
        &self,
        actor: &Actor,
        id: PageId,
        size: PictureSize,
        quarter_turns: u8,
        eyes: Eyes,
    ) -> Result<Served, Error> {
        let mut reader = self.db.read().await?;
        let (page, dossier) =
            store::counter::page_with_dossier(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let dossier = store::dossier::find(&mut reader, dossier).await?.ok_or(Error::NotFound)?;
        let may_read = self.may_read(&mut reader, actor, &dossier, eyes).await?;
        drop(reader);
        self.note_leafing(actor, &dossier, None, &may_read).await?;
        let (sha256, media_type) = match size {
            PictureSize::Thumbnail => (&page.thumbnail, "image/jpeg".to_owned()),
            PictureSize::Whole => (&page.sha256, page.picture.media_type.clone()),
        };
        let bytes = self.file_at(sha256).await?;
        if quarter_turns == 0 || size == PictureSize::Whole {
            return Ok(Served { bytes, media_type });
        }
        // Thumbnails are small and of our own making.
        let turned = tokio::task::spawn_blocking(move || turned(&bytes, quarter_turns));
        let bytes = turned.await.map_err(Error::broken)??;
        Ok(Served { bytes: Bytes::from(bytes), media_type })
    }

    /// The papers of one owner that this actor may see, and his dossiers. The listing is an event of
    /// its own: whose papers were looked through, by whom.
    pub async fn list_repository(&self, by: &By, owner: PartyId) -> Result<Listed, Error> {
        let mut reader = self.db.read().await?;
        let sight = sight_through(&mut reader, &by.actor).await?;
        let party = store::people::party(&mut reader, owner).await?.ok_or(Error::NotFound)?;
        let mut papers = entries::of_owner(&mut reader, owner).await?;
        let ids: Vec<EntryId> = papers.iter().map(|entry| entry.id).collect();
        let seen: BTreeSet<EntryId> = visible_entries(&mut reader, &sight, &ids).await?.into_iter().collect();
        papers.retain(|entry| seen.contains(&entry.id));
        let dossiers = store::dossier::lines_of_holder(&mut reader, owner, &sight, 100).await?;
        drop(reader);
        let found = u32::try_from(papers.len()).unwrap_or(u32::MAX);
        let body = Body::RepositoryListed { found };
        let subject = Subject::Party(owner);
        self.note_reading(by, subject, None, "tra cứu kho giấy tờ", body).await?;
        Ok(Listed { owner: party, papers, dossiers })
    }

    async fn note_reading(
        &self,
        by: &By,
        subject: Subject,
        dossier: Option<DossierId>,
        purpose: &str,
        body: Body,
    ) -> Result<(), Error> {
        let body = &body;
        self.act(by, "repository.view", |mut tx, now| async move {
            let tx = &mut tx;
            let event = NewEvent::new(subject, dossier, &by.actor, now, body.clone()).for_purpose(purpose);
            event::append(tx, &event, now).await?;
            Ok(())
        })
        .await
    }
}

/// One owner's repository as somebody may see it.
#[derive(Debug)]
pub struct Listed {
    pub owner: Party,
    pub papers: Vec<Entry>,
    pub dossiers: Vec<store::dossier::DossierLine>,
}

fn turned(jpeg: &[u8], quarter_turns: u8) -> Result<Vec<u8>, Error> {
    let picture =
        image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg).map_err(Error::broken)?;
    let picture = match quarter_turns % 4 {
        1 => picture.rotate90(),
        2 => picture.rotate180(),
        3 => picture.rotate270(),
        _ => picture,
    };
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 75)
        .encode_image(&picture.into_rgb8())
        .map_err(Error::broken)?;
    Ok(bytes)
}

/// Which picture of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureSize {
    Thumbnail,
    Whole,
}

/// The digitisation code of a component, counted up until it is free.
// law: TT01-2023-VPCP/7
pub(crate) async fn component_code(
    tx: &mut Tx,
    owner: &OwnerNumber,
    procedure: &rules::code::ProcedureCode,
    paper_type: &TypeCode,
) -> Result<DigitisationCode, Error> {
    let at = |copy: u32| DigitisationCode::of_component(owner.clone(), procedure, paper_type.clone(), copy);
    let first = at(1).to_string();
    let stem = first.rsplit_once('.').map_or(first.as_str(), |(stem, _)| stem);
    Ok(at(entries::n_with_code(tx, stem).await? + 1))
}

/// The digitisation code of a result. Two agencies, or two years, may give one person the same number of
/// the same kind of paper: then it is counted, as copies are.
// law: TT01-2023-VPCP/7
pub(crate) async fn result_code(
    tx: &mut Tx,
    owner: &OwnerNumber,
    kind: &TypeCode,
    number: &DocumentNumber,
) -> Result<DigitisationCode, Error> {
    let of = |copy| DigitisationCode::of_result(owner.clone(), kind.clone(), number.clone(), copy);
    let first = of(None).map_err(Error::broken)?;
    match entries::n_with_code(tx, &first.to_string()).await? {
        0 => Ok(first),
        n_given => of(Some(n_given + 1)).map_err(Error::broken),
    }
}

/// Files an entry and lets it be found by owner, number, title and the text that was read.
pub(crate) async fn file(
    tx: &mut Tx,
    entry: &Entry,
    owner: &Party,
    text: &str,
    now: Timestamp,
) -> Result<(), Error> {
    entries::add(tx, entry).await?;
    if let Ok(address) = entry.pdf.sha256.parse::<Address>() {
        let blob_owner = store::blobs::reference::Owner { kind: "entry", id: entry.id.0 };
        store::blobs::reference::add(tx, address, entry.pdf.bytes, blob_owner, now).await?;
    }
    let mut agencies = vec![entry.scope.receiving.0, entry.scope.competent.0, entry.scope.holding.0];
    agencies.sort_unstable();
    agencies.dedup();
    let number = entry.fields.number.clone().unwrap_or_default();
    let issuer = entry.fields.issuer.clone().unwrap_or_default();
    let codes: Vec<&str> = [number.as_str(), entry.fields.owner_number.as_str()]
        .into_iter()
        .filter(|code| !code.is_empty())
        .collect();
    search::index(
        tx,
        &search::Entry {
            kind: "entry",
            subject: entry.id.0,
            agencies: &agencies,
            at: now,
            fields: Fields {
                titles: &[entry.title.as_str(), owner.name.as_str()],
                codes: &codes,
                texts: &[entry.fields.summary.as_str(), issuer.as_str(), text],
            },
        },
    )
    .await
    .map_err(Error::from)
}

/// Lets a person be found by name and number. People are found by every agency of the installation:
/// whoever comes to a counter may have been at another one before.
pub(crate) async fn index_party(tx: &mut Tx, party: &Party, now: Timestamp) -> Result<(), Error> {
    let codes: Vec<&str> = party.numbers.iter().map(|number| number.number.as_str()).collect();
    search::index(
        tx,
        &search::Entry {
            kind: "party",
            subject: party.id.0,
            agencies: &[search::EVERYBODY],
            at: now,
            fields: Fields {
                titles: &[party.name.as_str()],
                codes: &codes,
                texts: &[party.address.as_str()],
            },
        },
    )
    .await
    .map_err(Error::from)
}

/// The owner behind a party id.
pub(crate) async fn owner(tx: &mut Tx, id: PartyId) -> Result<Party, Error> {
    store::people::party(tx, id).await?.ok_or(Error::NotFound)
}
