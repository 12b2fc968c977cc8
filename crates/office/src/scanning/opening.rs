//! A file opened into pages, and a stack of papers into its components.

use super::{ink_word, quarter_turns, rejected_apart};
use crate::counter::{component_of, takes_papers};
use crate::jobs::system_for;
use crate::{Error, Office};
use jiff::Timestamp;
use rules::counter::{Supply, may_take_pages};
use rules::dossier::Dossier;
use rules::event::{Body, NewEvent, Signedness};
use rules::id::{PageId, UploadId};
use rules::people::Actor;
use rules::procedure::Procedure;
use rules::scanning::Arrangement;
use rules::scanning::separator::{self, Pile, Separator, split};
use scan::intake::Rejected;
use scan::worker::Opened;
use store::counter::{self as rows, KeptComponent, Page, Picture, Upload, UploadState};
use store::queue::Claimed;
use store::time::new_id;
use store::{Tx, event};

/// A page that was opened, and what the separator sheet says that it is.
type Sheet = (Page, Option<Separator>);

/// A dossier that takes a stack in.
struct Taking<'a> {
    dossier: &'a Dossier,
    procedure: &'a Procedure,
    kept: Vec<KeptComponent>,
}

impl Taking<'_> {
    /// The piles of what was sent, without those that are nothing but sheets.
    fn piles(&self, upload: &Upload, stack: &[Sheet], signed: bool) -> Vec<Pile> {
        let mut piles = if signed {
            vec![Pile::whole(&upload.component, stack.iter().map(|(page, _)| page.id))]
        } else {
            let sheets = stack.iter().map(|(page, sheet)| (page.id, sheet.clone()));
            split(&upload.component, sheets, |sheet| self.heeds(sheet))
        };
        piles.retain(|pile| pile.n_papers() > 0);
        piles
    }

    fn kept(&self, component: &str) -> KeptComponent {
        let known = self.kept.iter().find(|kept| kept.component.id == component);
        known.cloned().unwrap_or_else(|| KeptComponent::missing(component))
    }

    /// Whether the pages behind this sheet go to its component: one of this dossier that takes pages now.
    fn heeds(&self, sheet: &Separator) -> bool {
        let wanted = component_of(self.procedure, self.dossier, &sheet.component);
        takes_papers(&self.dossier.state)
            && sheet.procedure.national() == self.dossier.procedure.national()
            && wanted.is_ok_and(|component| may_take_pages(component).is_ok())
            && arrangement_of(self.kept(&sheet.component).component.supply).is_some()
    }
}

/// The pages that were brought, to which more can be put; none where something else was.
fn arrangement_of(supply: Supply) -> Option<Arrangement> {
    match supply {
        Supply::Missing | Supply::NotApplicable => Some(Arrangement::default()),
        Supply::Pages { arrangement } => Some(arrangement),
        _ => None,
    }
}

/// What was brought, with a file that came signed; none where something is there. It never mixes with pages: it
/// would have to be rewritten.
fn with_signed(supply: &Supply, upload: UploadId) -> Option<Supply> {
    matches!(supply, Supply::Missing | Supply::NotApplicable).then_some(Supply::SignedFile { upload })
}

impl Office {
    /// Opens an uploaded file into pages. A file that came signed is kept as it is and its pages are
    /// only looked at; a stack falls at its separator sheets into the papers of the dossier; a file that
    /// cannot be used is rejected in words and kept.
    pub(crate) async fn open_upload(&self, job: &Claimed, id: UploadId) -> Result<(), Error> {
        let mut reader = self.db.read().await?;
        let upload = rows::upload(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let dossier = store::dossier::find(&mut reader, upload.dossier).await?.ok_or(Error::NotFound)?;
        drop(reader);
        let actor = &system_for(upload.added_by, dossier.scope.receiving);
        if upload.state != UploadState::Opening {
            return self.act_for_job(job, |_, _| async { Ok(()) }).await;
        }
        let file = self.file_at(&upload.sha256).await?;
        let signed = is_signed_pdf(&file);
        let opened = match self.open_pages(file.to_vec()).await? {
            Ok(opened) => opened,
            Err(rejected) => {
                let why = &rejected.in_vietnamese();
                let upload = &upload;
                return self
                    .act_for_job(job, |mut tx, now| async move {
                        set_aside(&mut tx, upload, actor, false, why, now).await
                    })
                    .await;
            }
        };
        let mut stack = Vec::with_capacity(opened.len());
        for (number, opened) in opened.into_iter().enumerate() {
            let sheet = opened.separator.as_deref().filter(|_| !signed).and_then(Separator::read);
            stack.push((self.keep_page(id, number, opened).await?, sheet));
        }
        let (upload, stack) = (&upload, &stack);
        self.act_for_job(job, |mut tx, now| async move {
            let tx = &mut tx;
            // As it stands now: its case may have been changed while the file was opened.
            let dossier = &store::dossier::find(tx, upload.dossier).await?.ok_or(Error::NotFound)?;
            let procedure = &*crate::dossier::revision_of(tx, dossier).await?;
            for (page, _) in stack {
                rows::add_page(tx, page).await?;
            }
            let kept = rows::components(tx, dossier.id).await?;
            let taking = Taking { dossier, procedure, kept };
            let piles = taking.piles(upload, stack, signed);
            if piles.is_empty() {
                let why = "Tệp chỉ có tờ phân cách, không có giấy nào. Quét lại cả giấy";
                return set_aside(tx, upload, actor, signed, why, now).await;
            }
            rows::settle_upload(tx, id, &UploadState::Opened, signed).await?;
            for pile in piles {
                let mut kept = taking.kept(&pile.component);
                let supply = kept.component.supply;
                let supply = if signed {
                    with_signed(&supply, id)
                } else {
                    arrangement_of(supply).map(|pages| Supply::Pages { arrangement: pile.put_into(pages) })
                };
                let Some(supply) = supply else {
                    // Only the first pile can be of a component nobody asked about: nothing is saved yet.
                    let why = "Thành phần này đã có giấy. Bỏ giấy cũ rồi gửi lại tệp";
                    return set_aside(tx, upload, actor, signed, why, now).await;
                };
                kept.component.supply = supply;
                rows::save_component(tx, dossier.id, &kept).await?;
                let body = Body::FileOpened {
                    pages: u32::try_from(pile.n_papers()).unwrap_or(u32::MAX),
                    component: pile.component,
                    upload: id,
                    already_signed: if signed { Signedness::Signed } else { Signedness::Unsigned },
                };
                event::append(tx, &NewEvent::of_dossier(dossier.id, actor, now, body), now).await?;
            }
            Ok(())
        })
        .await
    }

    /// Opens a file in the limited child: pages with thumbnails, and which are separator sheets.
    async fn open_pages(&self, file: Vec<u8>) -> Result<Result<Vec<Opened>, Rejected>, Error> {
        let (scanner, limits) = (self.scanner.clone(), self.settings.limits);
        let opening = move || scanner.open_stack(file, &limits, separator::PREFIX);
        rejected_apart(tokio::task::spawn_blocking(opening).await.map_err(Error::broken)?)
    }

    async fn keep_page(&self, upload: UploadId, number: usize, opened: Opened) -> Result<Page, Error> {
        let Opened { page, thumbnail, .. } = opened;
        let picture = Picture {
            media_type: page.image.encoding.media_type().to_owned(),
            width: page.width,
            height: page.height,
            dpi: page.dpi,
            ink: ink_word(page.image.ink).to_owned(),
            quarter_turns: quarter_turns(page.turn),
            n_bytes: page.image.bytes.len() as u64,
        };
        let image = self.keep(page.image.bytes).await?;
        let thumbnail = self.keep(thumbnail).await?;
        Ok(Page {
            id: PageId(new_id(self.clock.now())),
            upload,
            number: u32::try_from(number).unwrap_or(u32::MAX),
            sha256: image.sha256,
            thumbnail: thumbnail.sha256,
            picture,
        })
    }
}

/// A file that cannot be used: it is kept, and its sender is told why.
async fn set_aside(
    tx: &mut Tx,
    upload: &Upload,
    actor: &Actor,
    signed: bool,
    why: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let state = UploadState::Rejected(format!("“{}”: {why}", upload.file_name));
    rows::settle_upload(tx, upload.id, &state, signed).await?;
    let body =
        Body::FileRejected { component: upload.component.clone(), upload: upload.id, why: why.to_owned() };
    event::append(tx, &NewEvent::of_dossier(upload.dossier, actor, now, body), now).await?;
    Ok(())
}

/// A PDF that carries signatures is used as it is, byte for byte.
fn is_signed_pdf(file: &[u8]) -> bool {
    file.starts_with(b"%PDF")
        && pdf::read::open(file).and_then(|document| document.has_signatures()).unwrap_or(false)
}
