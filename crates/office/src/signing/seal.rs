//! The clerk's part: number, date and seal on what was signed, and the result in its owner's repository.

use super::{ResultContext, current_paper, slot};
use crate::act::{By, Hand};
use crate::dossier::{Loaded, load_for};
use crate::keys::{Signed, SignedWith, sign};
use crate::{Error, Office};
use jiff::Timestamp;
use jiff::civil::Date;
use pdf::sign::SignRequest;
use pdf::stamp::{Seal, VisibleMark};
use rules::code::{DocumentNumber, OwnerNumber, TypeCode};
use rules::dossier::Dossier;
use rules::event::Body;
use rules::id::{DossierId, EntryId, ResultId};
use rules::procedure::{StepTask, WaitExit};
use rules::repository::{Entry, Origin};
use rules::scanning::{Blob, Fields};
use rules::signing::book::{Book, NumberLine, NumberStanding};
use rules::signing::{ResultPaper, ResultState, Sealing, Slot};
use rules::words;
use store::people::KeptUnit;
use store::signing::book;
use store::time::new_id;
use store::{Tx, event, signing as results};

/// The name of the act.
pub(super) const SEAL: &str = "signing.seal";

impl Office {
    /// The clerk gives the number and the date, and sets the agency's seal as a second signature. The
    /// result goes into its owner's repository in the same act.
    ///
    /// The number is given in an act of its own, because it is drawn into the signed increment: a seal
    /// that fails, or a machine that stops, finds the same number again and the book has no gap.
    // law: ND30-2020/25
    pub async fn seal_result(&self, by: &By, id: DossierId, to: &str) -> Result<SignedWith, Error> {
        if let Some(done) = self.answered(by, SEAL).await? {
            return Ok(done);
        }
        let context = self.result_context(&by.actor, id, None).await?;
        let now = self.clock.now();
        let agency = context.dossier.scope.competent;
        let (paper, number, issued_on) = self.number_result(by, id, &context.result_type.symbol).await?;
        let ResultState::Signed { pdf, slots, .. } = &paper.state else {
            return Err(rules::signing::ResultRefused::NotNow(paper.state.kind()).into());
        };
        let request = SignRequest {
            at: now,
            reason: Some("Cấp số, ban hành".to_owned()),
            location: Some(context.agency.unit.place.clone()),
            field_name: "dau-co-quan".to_owned(),
            marks: seal_marks(slots, &context.agency, &number, issued_on),
        };
        let mut reader = self.db.read().await?;
        let key = self.keys.of(&mut reader, agency.0, now).await?;
        drop(reader);
        let original = self.file(pdf).await?;
        let Signed { bytes, with } = sign(original.to_vec(), key, request).await?;
        let (sealed, with) = (&self.keep(bytes).await?, &with);
        let (context, number, version) = (&context, &number, paper.version);
        self.act(by, SEAL, |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor, now).await?;
            let onward = loaded.onward(tx, to, None, now).await?;
            let current = current_paper(tx, &loaded.dossier).await?;
            if current.version != version {
                return Err(Error::Stale);
            }
            let result = current.id;
            let entry = EntryId(new_id(now));
            let sealing = Sealing {
                pdf: sealed.clone(),
                number: number.clone(),
                issued_on,
                by: by.actor.officer().ok_or(Error::NotFound)?,
                agency,
                entry,
            };
            let current = current.seal(sealing)?;
            results::save_result(tx, &current).await?;
            book::issue(tx, result).await?;
            let filed = (entry, sealed, number, issued_on);
            let kept = result_entry(tx, context, result, filed, now).await?;
            let owner = crate::repository::owner(tx, kept.owner).await?;
            crate::repository::file(tx, &kept, &owner, "", now).await?;
            let Loaded { dossier, procedure, right } = loaded;
            let filed = by.hand(right).event(id, now, Body::ResultFiled { result, entry });
            let mut dossier = dossier.sealed(&procedure, onward, context.result_type.verdict)?;
            if let Some(wrong) = dossier.life.correcting.take() {
                supersede(tx, id, wrong, entry).await?;
            }
            let body = Body::ResultSealed {
                result,
                number: number.to_string(),
                issued_on,
                sha256: sealed.sha256.clone(),
                certificate: with.certificate.clone(),
            };
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
            event::append(tx, &filed, now).await?;
            Ok(with.clone())
        })
        .await
    }

    /// Gives the signed paper the next number of its book, once. The day it is given is the day of the
    /// document, also where the seal is set on another.
    // law: ND30-2020/15
    async fn number_result(
        &self,
        by: &By,
        id: DossierId,
        symbol: &str,
    ) -> Result<(ResultPaper, DocumentNumber, Date), Error> {
        let (paper, _) = self.paper_to_sign(by, id, StepTask::Seal).await?;
        if let Some(number) = paper.given_number().cloned() {
            let given_on = self.day_of_number(&paper, &number).await?;
            return Ok((paper, number, given_on));
        }
        let today = self.clock.today();
        self.db
            .act(|mut tx| async move {
                let tx = &mut tx;
                let loaded = load_for(tx, &by.actor, id).await?;
                let agency = loaded.dossier.scope.competent;
                let current = current_paper(tx, &loaded.dossier).await?;
                let last = book::next_number(tx, agency, today.year(), symbol).await?;
                let book = Book { agency, year: today.year(), symbol: symbol.to_owned(), last };
                let number: DocumentNumber = book.written(last).parse().map_err(Error::broken)?;
                let current = current.number(number.clone())?;
                results::save_result(tx, &current).await?;
                let (result, standing) = (current.id, NumberStanding::Given);
                let line = NumberLine { number: last, result, dossier: id, given_on: today, standing };
                book::add_line(tx, &book, &line).await?;
                Ok((ResultPaper { version: current.version + 1, ..current }, number, today))
            })
            .await
    }
}

impl Office {
    /// The day a number was given. One that was given before the book had lines is written down now, with
    /// today as its day; where the book has that number already, the older line stands.
    async fn day_of_number(&self, paper: &ResultPaper, number: &DocumentNumber) -> Result<Date, Error> {
        let today = self.clock.today();
        self.db
            .act(|mut tx| async move {
                let tx = &mut tx;
                if let Some(day) = book::given_on(tx, paper.id).await? {
                    return Ok(day);
                }
                let Some((digits, symbol)) = number.as_str().split_once('/') else { return Ok(today) };
                let (agency, year) = (paper.scope.competent, today.year());
                let number = digits.parse().map_err(Error::broken)?;
                let book = Book { agency, year, symbol: symbol.to_owned(), last: number };
                let (result, dossier, standing) = (paper.id, paper.dossier, NumberStanding::Given);
                book::adopt_line(
                    tx,
                    &book,
                    &NumberLine { number, result, dossier, given_on: today, standing },
                )
                .await?;
                Ok(today)
            })
            .await
    }
}

/// Writes down the numbers that were given to papers which will not be issued, for the paper was sent back
/// or the dossier ended before the seal. The signed paper keeps its number in the book; no other gets it.
// law: ND30-2020/15
pub(crate) async fn cancel_numbers(
    tx: &mut Tx,
    hand: Hand<'_>,
    dossier: &Dossier,
    because: &Body,
    now: Timestamp,
) -> Result<(), Error> {
    let reason = match because {
        Body::SentBack { reason, .. } | Body::Withdrawn { reason, .. } | Body::DossierStopped { reason } => {
            reason.clone()
        }
        Body::WaitExpired { what, exit: WaitExit::Close } => {
            format!("hết thời gian {}", words::wait_kind(*what))
        }
        _ => return Ok(()),
    };
    for paper in results::results_of_dossier(tx, dossier.id).await? {
        let Some(number) = paper.given_number().filter(|_| dossier.state.result() != Some(paper.id)) else {
            continue;
        };
        if book::cancel(tx, paper.id, &reason).await? {
            let (result, number, reason) = (paper.id, number.to_string(), reason.clone());
            event::append(
                tx,
                &hand.event(dossier.id, now, Body::NumberCancelled { result, number, reason }),
                now,
            )
            .await?;
        }
    }
    Ok(())
}

/// The corrected result takes the place of the wrong one, which stays readable.
// law: ND61-2018/21
async fn supersede(tx: &mut Tx, dossier: DossierId, wrong: ResultId, by: EntryId) -> Result<(), Error> {
    for entry in store::repository::of_dossier(tx, dossier).await? {
        if entry.origin == (Origin::Result { result: wrong }) {
            store::repository::supersede(tx, entry.id, by).await?;
        }
    }
    Ok(())
}

/// The seal over the left third of the signature, and number and date in their places.
// law: ND30-2020/PL1
fn seal_marks(slots: &[Slot], agency: &KeptUnit, number: &DocumentNumber, day: Date) -> Vec<VisibleMark> {
    let mut marks = Vec::new();
    if let Some(place) = slot(slots, "dau") {
        marks.push(VisibleMark::seal(place, Seal::drawn(&agency.unit.name, &[])));
    }
    if let Some(place) = slot(slots, "so") {
        let digits = number.as_str().split('/').next().unwrap_or_default();
        marks.push(VisibleMark::words(place, digits));
    }
    if let Some(place) = slot(slots, "ngay") {
        let text = format!("ngày {:02} tháng {:02} năm {}", day.day(), day.month(), day.year());
        marks.push(VisibleMark::words(place, &text));
    }
    marks
}

async fn result_entry(
    tx: &mut Tx,
    context: &ResultContext,
    result: ResultId,
    (entry, sealed, number, issued_on): (EntryId, &Blob, &DocumentNumber, Date),
    now: Timestamp,
) -> Result<Entry, Error> {
    let owner_number: OwnerNumber =
        context.holder.numbers.iter().find_map(|number| number.number.parse().ok()).ok_or(Error::NotFound)?;
    let kind: TypeCode = context.result_type.code.parse().map_err(Error::broken)?;
    let code = crate::repository::result_code(tx, &owner_number, &kind, number).await?;
    Ok(Entry {
        id: entry,
        owner: context.dossier.people.holder,
        origin: Origin::Result { result },
        dossier: context.dossier.id,
        scope: context.dossier.scope,
        code: code.to_string(),
        paper_type: context.result_type.code.clone(),
        title: context.result_type.name.clone(),
        pdf: sealed.clone(),
        fields: Fields {
            paper_type: context.result_type.code.clone(),
            owner_number,
            owner_name: context.holder.name.clone(),
            number: Some(number.to_string()),
            issued_on: Some(issued_on),
            issuer: Some(context.agency.unit.name.clone()),
            summary: context.result_type.name.clone(),
            valid_to: context.result_type.validity.last_day(issued_on),
            scope: context.result_type.scope.clone(),
        },
        filed_at: now,
        superseded_by: None,
        annulled_on: None,
    })
}
