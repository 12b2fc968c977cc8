//! Into whose hands a result goes at the counter, and the sheet he signs for it.

use super::load_for;
use crate::act::By;
use crate::counter::SentFile;
use crate::dossier::view::DossierView;
use crate::{Error, Office, Refusal};
use bytes::Bytes;
use rules::dossier::{Custodian, Dossier, NotTheReceiver, Presented, Receiver};
use rules::event::{Body, NewEvent};
use rules::id::{DossierId, ReceiptId};
use rules::people::{Actor, Role};
use rules::procedure::Procedure;
use rules::words::way_out::not_the_receiver;
use scan::intake::{Kind, Rejected, sniff};
use store::blobs::reference::{self, Owner};
use store::signing::receipts::{self, ResultReceipt, Sheet};
use store::{Reader, Tx, event};

/// The kind of owner that signed sheets have among blobs.
const OWNER: &str = "result_receipt";

/// How a result is given out, as the act was asked.
pub(super) enum Giving {
    /// By who does not say to whom.
    Untold(Custodian),
    /// `returned` are the components whose papers he has again.
    ByHand { presented: Presented, returned: Vec<String> },
    /// In an envelope that the post took, with the papers that were lent.
    ByPost { tracking: String },
}

/// How a result is given out, as the rules let it.
pub(super) struct Given {
    pub(super) custodian: Custodian,
    /// Who takes it, where that is known.
    receiver: Option<Receiver>,
    pub(super) signs: Option<Signs>,
}

/// What stands on the sheet that whoever takes it at the counter signs.
pub(super) struct Signs {
    pub(super) name: String,
    pub(super) number: String,
    pub(super) authorisation: String,
}

impl Giving {
    /// What was asked, held against who the applicant is and which papers were lent; every fault at its field.
    pub(super) async fn to_whom(
        &self,
        reader: &mut Reader,
        dossier: &Dossier,
        procedure: &Procedure,
        lent: &[String],
    ) -> Result<Given, Error> {
        let (presented, returned) = match self {
            Self::Untold(custodian) => {
                return Ok(Given { custodian: *custodian, receiver: None, signs: None });
            }
            Self::ByPost { tracking } => {
                let receiver = Some(Receiver::Post { tracking: tracking.clone() });
                return Ok(Given { custodian: Custodian::Applicant, receiver, signs: None });
            }
            Self::ByHand { presented, returned } => (presented, returned),
        };
        let holder = store::people::party(reader, dossier.people.holder).await?.ok_or(Error::NotFound)?;
        let numbers: Vec<&str> = holder.numbers.iter().map(|known| known.number.as_str()).collect();
        let mut faults = Vec::new();
        let case = procedure.case(&dossier.case);
        for held in lent.iter().filter(|&held| !returned.contains(held)) {
            let name = case.and_then(|case| case.component(held)).map_or(held.as_str(), |paper| &paper.name);
            let said = format!("Cơ quan còn giữ bản chính “{name}”. Trả cho người nhận rồi đánh dấu");
            faults.push(("tra-lai".to_owned(), said));
        }
        match presented.receives(&numbers) {
            Ok(receiver) if faults.is_empty() => {
                let (name, authorisation) = match &receiver {
                    Receiver::Authorised { name, authorisation } => (name.clone(), authorisation.clone()),
                    _ => (holder.name.clone(), String::new()),
                };
                let number = presented.number.chars().filter(|c| c.is_alphanumeric()).collect();
                Ok(Given {
                    custodian: Custodian::Applicant,
                    receiver: Some(receiver),
                    signs: Some(Signs { name, number, authorisation }),
                })
            }
            Ok(_) => Err(Error::Refused(Refusal::Form(faults))),
            Err(why) => {
                let field = match why {
                    NotTheReceiver::NumberMissing | NotTheReceiver::NumberWrong => "so-giay-to",
                    NotTheReceiver::NotAuthorised => "uy-quyen",
                    NotTheReceiver::NameMissing | NotTheReceiver::TooLong => "ten-nguoi-nhan",
                };
                faults.insert(0, (field.to_owned(), not_the_receiver(why).to_owned()));
                Err(Error::Refused(Refusal::Form(faults)))
            }
        }
    }
}

impl Given {
    /// The event of the hand-over, told with who took it if that is known.
    pub(super) fn told(&self, body: Body) -> Body {
        match &self.receiver {
            Some(receiver) => body.into_hands_of(receiver.clone()),
            None => body,
        }
    }
}

impl Office {
    /// The components whose papers go back with the result of a dossier.
    pub async fn to_give_back(&self, view: &DossierView) -> Result<Vec<String>, Error> {
        let mut reader = self.db.read().await?;
        let brought = super::ending::brought(&mut reader, view.dossier.id).await?;
        Ok(view.dossier.lent(&view.procedure, &brought))
    }

    /// Who took the results of a dossier at the counter.
    pub async fn receipts_of(&self, view: &DossierView) -> Result<Vec<ResultReceipt>, Error> {
        Ok(receipts::of_dossier(&mut self.db.read().await?, view.dossier.id).await?)
    }

    /// Keeps the scanned sheet on which the receiver signed, with the dossier.
    pub async fn keep_signed_sheet(
        &self,
        by: &By,
        id: DossierId,
        receipt: ReceiptId,
        file: SentFile,
    ) -> Result<(), Error> {
        let unreadable = |why: Rejected| Error::Refused(Refusal::Unreadable(why.in_vietnamese()));
        let (n_bytes, most) = (file.bytes.len() as u64, self.settings.limits.file_bytes);
        if n_bytes > most {
            return Err(unreadable(Rejected::TooLarge { bytes: n_bytes, most }));
        }
        let kind = match sniff(&file.bytes).map_err(unreadable)? {
            Kind::Pdf => "pdf",
            Kind::Jpeg => "jpeg",
            Kind::Png => "png",
            Kind::Tiff => "tiff",
        };
        let address = self.blobs.put(file.bytes).await.map_err(Error::broken)?;
        self.act(by, "dossier.keep_signed_sheet", |mut tx, now| async move {
            let tx: &mut Tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.as_any(&by.actor, &Role::AT_COUNTER, loaded.dossier.scope.receiving)?;
            let officer = by.actor.officer().ok_or(Error::NotFound)?;
            let kept = receipts::of_dossier(tx, id).await?;
            let kept = kept.into_iter().find(|kept| kept.id == receipt).ok_or(Error::NotFound)?;
            let sheet = Sheet { sha256: address.to_string(), kind: kind.to_owned(), by: officer, at: now };
            reference::add(tx, address, n_bytes, Owner { kind: OWNER, id: receipt.0 }, now).await?;
            receipts::keep_sheet(tx, receipt, &sheet).await?;
            let body = Body::SignedSheetKept { result: kept.result, sha256: sheet.sha256 };
            event::append(tx, &loaded.right.mark(NewEvent::of_dossier(id, &by.actor, now, body)), now)
                .await?;
            Ok(())
        })
        .await
    }

    /// The scanned sheet, with its kind; that it was looked at is told by the dossier that was opened.
    pub async fn signed_sheet(
        &self,
        actor: &Actor,
        id: DossierId,
        receipt: ReceiptId,
    ) -> Result<(Bytes, String), Error> {
        let view = self.open_dossier(actor, id).await?;
        let kept = self.receipts_of(&view).await?.into_iter().find(|kept| kept.id == receipt);
        let sheet = kept.and_then(|kept| kept.sheet).ok_or(Error::NotFound)?;
        let address = sheet.sha256.parse().map_err(Error::broken)?;
        Ok((self.blobs.get(address).await.map_err(Error::broken)?, sheet.kind))
    }
}
