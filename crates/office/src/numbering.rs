//! How an agency writes the codes of its dossiers, decided from a day on, and the numbers its codes and books
//! stand at.

use crate::act::By;
use crate::dossier::typed;
use crate::people::administering::Reach;
use crate::{Error, Office, Refusal};
use jiff::civil::Date;
use rules::code::DossierCodeFormat;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, OfficerId};
use rules::people::Actor;
use rules::signing::book::Book;
use rules::words;
use std::collections::BTreeMap;
use store::numbering::{self as rows, CodeFormat};
use store::people::KeptUnit;
use store::signing::book;
use store::time::new_id;
use store::{Reader, event};

/// What an administrator sees of an agency's codes and numbers.
#[derive(Clone, Debug)]
pub struct Numbering {
    pub unit: KeptUnit,
    pub format: DossierCodeFormat,
    /// The first day of it; none where nothing was decided and the installation's holds.
    pub since: Option<Date>,
    /// The code of the next dossier that is received today.
    pub next_code: String,
    /// Every way of writing a code, with the first code of tomorrow written so.
    pub choices: Vec<(DossierCodeFormat, String)>,
    /// The latest first day first.
    pub decided: Vec<CodeFormat>,
    pub names: BTreeMap<OfficerId, String>,
    /// The books of numbers of this year.
    pub books: Vec<Book>,
}

/// A way of writing codes that is to hold.
#[derive(Clone, Debug)]
pub struct NewFormat {
    pub valid_from: Date,
    pub format: DossierCodeFormat,
    pub reason: String,
}

impl Office {
    /// How codes of an agency are written on a day.
    pub(crate) async fn code_format(
        &self,
        reader: &mut Reader,
        agency: AgencyId,
        day: Date,
    ) -> Result<DossierCodeFormat, Error> {
        let decided = rows::of_agency(reader, agency).await?;
        Ok(in_force(&decided, day).map_or(self.settings.code_format, |decided| decided.format))
    }

    /// The codes and numbers of an agency he keeps.
    pub async fn numbering(&self, actor: &Actor, agency: AgencyId) -> Result<Numbering, Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let reader = &mut reader;
        Reach::of(reader, actor).await?.must_show(agency)?;
        let unit = store::people::unit(reader, agency).await?.ok_or(Error::NotFound)?;
        let decided = rows::of_agency(reader, agency).await?;
        let since = in_force(&decided, today).map(|decided| decided.valid_from);
        let format = in_force(&decided, today).map_or(self.settings.code_format, |decided| decided.format);
        let code = &unit.unit.code;
        let next = rows::last_ordinal(reader, code.as_str(), today).await? + 1;
        let written = |format: DossierCodeFormat, day, ordinal| {
            format.code(code, day, ordinal).map(|code| code.to_string()).map_err(Error::broken)
        };
        let next_code = written(format, today, next)?;
        let tomorrow = today.tomorrow().map_err(Error::broken)?;
        let choices = DossierCodeFormat::all()
            .map(|format| Ok((format, written(format, tomorrow, 1)?)))
            .collect::<Result<_, Error>>()?;
        let ids: Vec<uuid::Uuid> = decided.iter().map(|decided| decided.put_by.0).collect();
        let names = store::people::officer_names(reader, &ids).await?;
        let books = book::of_agencies(reader, &[agency].into(), today.year()).await?;
        Ok(Numbering { unit, format, since, next_code, choices, decided, names, books })
    }

    /// Codes of an agency are written so from a day on: from tomorrow at the earliest, since the codes of one
    /// day are written in one way.
    pub async fn set_code_format(&self, by: &By, agency: AgencyId, new: &NewFormat) -> Result<(), Error> {
        let (today, reason) = (self.clock.today(), &typed(&new.reason));
        self.act(by, "numbering.set_code_format", |mut tx, now| async move {
            let tx = &mut tx;
            Reach::of(tx, &by.actor).await?.must_show(agency)?;
            let put_by = by.actor.officer().ok_or(Error::NotFound)?;
            let faults = faults(new, reason, today);
            if !faults.is_empty() {
                return Err(Error::Refused(Refusal::Form(faults)));
            }
            let (valid_from, format) = (new.valid_from, new.format);
            let reason = reason.clone();
            let id = new_id(now);
            let decided =
                CodeFormat { id, agency, valid_from, format, reason: reason.clone(), put_by, put_at: now };
            rows::add(tx, &decided).await?;
            let body = Body::CodeFormatSet { format: format.into(), from: valid_from, reason };
            event::append(tx, &NewEvent::new(Subject::Unit(agency), None, &by.actor, now, body), now).await?;
            Ok(())
        })
        .await
    }
}

/// The decision that holds on a day; `decided` has the latest first day first.
fn in_force(decided: &[CodeFormat], day: Date) -> Option<&CodeFormat> {
    decided.iter().find(|decided| decided.valid_from <= day)
}

fn faults(new: &NewFormat, reason: &str, today: Date) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    if new.valid_from <= today {
        let tomorrow = words::date(today.tomorrow().unwrap_or(today));
        let said = format!("Mã trong một ngày viết theo một cách. Chọn từ ngày {tomorrow} trở đi");
        faults.push(("tu".to_owned(), said));
    }
    if reason.is_empty() {
        faults.push(("ly-do".to_owned(), "Ghi lý do, hoặc số và ngày của quyết định".to_owned()));
    } else if reason.chars().count() > 500 {
        faults.push(("ly-do".to_owned(), "Lý do dài quá 500 chữ. Rút ngắn lại".to_owned()));
    }
    faults
}
