//! Templates that agencies have of their own: which prints a paper of a moment, trying one, and putting it in
//! force from a day on. One that was in force is never changed, so that a paper printed again comes out as it
//! was.

use super::Sheet;
use super::fault::sentence;
use crate::act::By;
use crate::dossier::typed;
use crate::people::administering::Reach;
use crate::{Error, Office, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;
use pdf::print::Printed;
use rules::calendar::legal_time;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, FormTextId, OfficerId};
use rules::people::Actor;
use rules::words;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::forms::{self as rows, FormText};
use store::people::KeptUnit;
use store::time::new_id;
use store::{Reader, event};

/// Pages of a preview that are drawn.
const PAGES_DRAWN: usize = 3;
/// Pixels of a drawn page: an A4 sheet at 100 dots an inch.
const PAGE_PIXELS: u64 = 970_000;

/// A form in the list of an agency.
#[derive(Clone, Debug)]
pub struct FormLine {
    pub code: String,
    pub name: String,
    pub legal_basis: Vec<String>,
    pub in_use: InUse,
    /// The next first day of another version.
    pub next: Option<Date>,
}

/// What a paper is printed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InUse {
    /// What came with the program.
    Shipped {
        since: Date,
    },
    Own {
        since: Date,
    },
}

/// A form of an agency with every version of it.
#[derive(Clone, Debug)]
pub struct FormSheet {
    pub unit: String,
    pub code: String,
    pub name: String,
    pub legal_basis: Vec<String>,
    pub in_use: InUse,
    /// The template papers of today are printed from.
    pub source: String,
    /// The one that came with the program.
    pub shipped: String,
    /// The latest first day first.
    pub versions: Vec<FormText>,
    pub names: BTreeMap<OfficerId, String>,
}

/// What came of trying a template with the sample of its form.
#[derive(Clone, Debug)]
pub struct TriedForm {
    pub n_pages: usize,
    /// The first pages as pictures, with their media types.
    pub pages: Vec<(&'static str, Vec<u8>)>,
}

/// A version that is to be put in force.
#[derive(Clone, Debug)]
pub struct NewText {
    pub valid_from: Date,
    /// None goes back to what came with the program.
    pub source: Option<String>,
    pub reason: String,
}

impl Office {
    /// What a paper of an agency that was made at an instant is printed from: the one with the later first
    /// day of the agency's own and of the program's, since a new law ends what was made for the old one.
    pub(crate) async fn sheet_in_use(
        &self,
        reader: &mut Reader,
        unit: &KeptUnit,
        code: &str,
        made_at: Timestamp,
    ) -> Result<Arc<Sheet>, Error> {
        let day = legal_time(made_at).date();
        let shipped = self.forms.find(code, unit.unit.code.as_str(), day).map_err(Error::broken)?;
        let own = rows::in_use(reader, unit.id, code, day, made_at).await?;
        match own.filter(|own| shipped.form.about().valid_from <= own.valid_from).and_then(|own| own.source) {
            Some(source) => Ok(Arc::new(shipped.with_own_text(source).map_err(Error::broken)?)),
            None => Ok(shipped),
        }
    }

    /// The forms of an agency he keeps, by name, and what each is printed from today.
    pub async fn form_lines(
        &self,
        actor: &Actor,
        agency: AgencyId,
    ) -> Result<(KeptUnit, Vec<FormLine>), Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let unit = kept_unit(&mut reader, actor, agency).await?;
        let texts = rows::of_agency(&mut reader, agency, None).await?;
        let codes: BTreeSet<&str> = self.forms.codes().collect();
        let mut lines = Vec::new();
        for code in codes {
            let Ok(shipped) = self.forms.find(code, unit.unit.code.as_str(), today) else { continue };
            let own: Vec<&FormText> = texts.iter().filter(|text| text.code == code).collect();
            let about = shipped.form.about();
            lines.push(FormLine {
                code: code.to_owned(),
                name: about.name.clone(),
                legal_basis: about.legal_basis.clone(),
                in_use: standing(&shipped, &own, today).0,
                next: own.iter().map(|text| text.valid_from).filter(|from| today < *from).min(),
            });
        }
        lines.sort_by_cached_key(|line| rules::text::sort_key(&line.name));
        Ok((unit, lines))
    }

    /// One form of an agency he keeps.
    pub async fn form_sheet(&self, actor: &Actor, agency: AgencyId, code: &str) -> Result<FormSheet, Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let unit = kept_unit(&mut reader, actor, agency).await?;
        let shipped = self.forms.find(code, unit.unit.code.as_str(), today).map_err(|_| Error::NotFound)?;
        let versions = rows::of_agency(&mut reader, agency, Some(code)).await?;
        let (in_use, own) = standing(&shipped, &versions.iter().collect::<Vec<_>>(), today);
        let source = own.unwrap_or_else(|| shipped.form.source()).to_owned();
        let ids: Vec<uuid::Uuid> = versions.iter().map(|text| text.put_by.0).collect();
        let names = store::people::officer_names(&mut reader, &ids).await?;
        let about = shipped.form.about();
        Ok(FormSheet {
            unit: unit.unit.name,
            code: code.to_owned(),
            name: about.name.clone(),
            legal_basis: about.legal_basis.clone(),
            in_use,
            source,
            shipped: shipped.form.source().to_owned(),
            versions,
            names,
        })
    }

    /// Prints the form's sample from a template, in the limited child, and draws it.
    pub async fn try_form(
        &self,
        actor: &Actor,
        agency: AgencyId,
        code: &str,
        source: &str,
    ) -> Result<TriedForm, Error> {
        let mut reader = self.db.read().await?;
        let unit = kept_unit(&mut reader, actor, agency).await?;
        drop(reader);
        let printed = self.printed_sample(&unit, code, source).await?;
        let scanner = Arc::clone(&self.scanner);
        let (n_pages, pdf) = (printed.pages, printed.pdf);
        let limits = scan::intake::Limits { page_pixels: PAGE_PIXELS, ..self.settings.limits };
        let opened = tokio::task::spawn_blocking(move || scanner.open(pdf, &limits))
            .await
            .map_err(Error::broken)?
            .map_err(Error::broken)?;
        let picture = |opened: scan::worker::Opened| {
            let image = opened.page.image;
            (image.encoding.media_type(), image.bytes)
        };
        Ok(TriedForm { n_pages, pages: opened.into_iter().take(PAGES_DRAWN).map(picture).collect() })
    }

    /// Puts a template in force for an agency from a day on, or goes back to the one that came with the
    /// program. Only what prints its sample is taken, and never for a day that is past.
    pub async fn set_form(&self, by: &By, agency: AgencyId, code: &str, text: &NewText) -> Result<(), Error> {
        const SET: &str = "forms.set";
        if let Some(()) = self.answered(by, SET).await? {
            return Ok(());
        }
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let unit = kept_unit(&mut reader, &by.actor, agency).await?;
        drop(reader);
        let shipped = self.forms.find(code, unit.unit.code.as_str(), text.valid_from.max(today));
        let shipped = shipped.map_err(|_| Error::NotFound)?;
        let reason = &typed(&text.reason);
        let mut faults = day_and_reason(text, reason, today);
        if text.valid_from < shipped.form.about().valid_from {
            let since = words::date(shipped.form.about().valid_from);
            faults
                .push(("tu".to_owned(), format!("Mẫu theo luật có từ ngày {since}. Chọn từ ngày đó trở đi")));
        }
        if let Some(source) = &text.source
            && let Err(Error::Refused(Refusal::Form(found))) = self.printed_sample(&unit, code, source).await
        {
            faults.extend(found);
        }
        if !faults.is_empty() {
            return Err(Error::Refused(Refusal::Form(faults)));
        }
        self.act(by, SET, |mut tx, now| async move {
            let tx = &mut tx;
            Reach::of(tx, &by.actor).await?.must_show(agency)?;
            let put_by = by.actor.officer().ok_or(Error::NotFound)?;
            rows::add(
                tx,
                &FormText {
                    id: FormTextId(new_id(now)),
                    agency,
                    code: code.to_owned(),
                    valid_from: text.valid_from,
                    source: text.source.clone(),
                    reason: reason.clone(),
                    put_by,
                    put_at: now,
                },
            )
            .await?;
            let sha256 = text.source.as_ref().map(|source| hex::encode(Sha256::digest(source)));
            let (form, from, reason) = (code.to_owned(), text.valid_from, reason.clone());
            let body = Body::FormTextSet { form, from, sha256, reason };
            event::append(tx, &NewEvent::new(Subject::Unit(agency), None, &by.actor, now, body), now).await?;
            Ok(())
        })
        .await
    }

    /// The sample of a form from a template; what is wrong with it is a fault of the field `mau`.
    async fn printed_sample(&self, unit: &KeptUnit, code: &str, source: &str) -> Result<Printed, Error> {
        let shipped = self.forms.find(code, unit.unit.code.as_str(), self.clock.today());
        let shipped = shipped.map_err(|_| Error::NotFound)?;
        let faulty = |said: String| Error::Refused(Refusal::Form(vec![("mau".to_owned(), said)]));
        if source.trim().is_empty() {
            return Err(faulty("Mẫu chưa có chữ nào".to_owned()));
        }
        let own =
            shipped.with_own_text(source.to_owned()).map_err(|error| faulty(sentence(&error, source)))?;
        let data = shipped.sample.clone();
        let at = self.clock.now();
        let wanted = self.printed(shipped, data.clone(), at).await?.map_err(Error::broken)?;
        let printed =
            self.printed(Arc::new(own), data, at).await?.map_err(|error| faulty(sentence(&error, source)))?;
        let names = |printed: &Printed| -> BTreeSet<String> {
            printed.slots.iter().map(|slot| slot.name.clone()).collect()
        };
        let missing: Vec<String> = names(&wanted).difference(&names(&printed)).cloned().collect();
        if missing.is_empty() {
            return Ok(printed);
        }
        let missing = missing.join("”, “");
        Err(faulty(format!(
            "Mẫu thiếu chỗ chừa “{missing}” cho chữ ký, dấu, số hoặc ngày. Giữ lại lệnh slot của bản gốc"
        )))
    }

    /// A form with its data as a file: one of the agency's own in the limited child, one of ours here.
    pub(super) async fn printed(
        &self,
        sheet: Arc<Sheet>,
        data: Value,
        at: Timestamp,
    ) -> Result<Result<Printed, pdf::print::Error>, Error> {
        let printer = sheet.is_own().then(|| self.printer.clone());
        let form = self.as_it_prints_here(&sheet.form).map_err(Error::broken)?;
        let render = move || match printer {
            Some(printer) => printer.render(&form, &data, at),
            None => pdf::print::render(&form, &data, at),
        };
        tokio::task::spawn_blocking(render).await.map_err(Error::broken)
    }
}

/// A unit of today that this administrator keeps.
async fn kept_unit(reader: &mut Reader, actor: &Actor, agency: AgencyId) -> Result<KeptUnit, Error> {
    Reach::of(reader, actor).await?.must_show(agency)?;
    store::people::unit(reader, agency).await?.ok_or(Error::NotFound)
}

/// What is in use on a day, with the text of it where it is the agency's own. `own` are its versions, the
/// latest first day first.
fn standing<'t>(shipped: &Sheet, own: &[&'t FormText], day: Date) -> (InUse, Option<&'t str>) {
    let since = shipped.form.about().valid_from;
    let latest = own.iter().find(|text| text.valid_from <= day).filter(|text| since <= text.valid_from);
    match latest.map(|text| (text.valid_from, text.source.as_deref())) {
        Some((since, Some(source))) => (InUse::Own { since }, Some(source)),
        Some((since, None)) => (InUse::Shipped { since }, None),
        None => (InUse::Shipped { since }, None),
    }
}

fn day_and_reason(text: &NewText, reason: &str, today: Date) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    if text.valid_from < today {
        let said = format!("Ngày {} đã qua. Chọn từ hôm nay trở đi", words::date(text.valid_from));
        faults.push(("tu".to_owned(), said));
    }
    if reason.is_empty() {
        faults.push(("ly-do".to_owned(), "Ghi lý do, hoặc số và ngày của quyết định".to_owned()));
    } else if reason.chars().count() > 500 {
        faults.push(("ly-do".to_owned(), "Lý do dài quá 500 chữ. Rút ngắn lại".to_owned()));
    }
    faults
}
