//! Sổ theo dõi hồ sơ: what an agency received, in the order it came, on screen and on paper.

use crate::signing::book::printable;
use crate::{Error, Office};
use jiff::civil::Date;
use rules::calendar::legal_time;
use rules::id::{AgencyId, DossierId};
use rules::people::{Actor, Role};
use rules::words;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::dossier::register::{self, Place, RegisterLine};
use store::people::KeptUnit;

/// A page of the register with the names of those who settle.
#[derive(Clone, Debug)]
pub struct RegisterPage {
    pub unit: KeptUnit,
    pub lines: Vec<RegisterLine>,
    pub agencies: BTreeMap<AgencyId, String>,
}

/// The agencies whose register an officer reads: where he receives, keeps the books, heads or looks over.
pub fn reads_register_of(actor: &Actor) -> BTreeSet<AgencyId> {
    actor.agencies_where(|role| {
        matches!(
            role,
            Role::Counter | Role::Clerk | Role::Head | Role::Leader | Role::CentreHead | Role::Auditor
        )
    })
}

impl Office {
    /// What `agency` received from one day to another, behind a place of its register.
    // law: TT03-2025-VPCP/PL1
    pub async fn register_page(
        &self,
        actor: &Actor,
        agency: AgencyId,
        days: (Date, Date),
        after: Option<Place>,
        limit: i64,
    ) -> Result<RegisterPage, Error> {
        if !reads_register_of(actor).contains(&agency) {
            return Err(Error::NotFound);
        }
        let mut reader = self.db.read().await?;
        let unit = store::people::unit(&mut reader, agency).await?.ok_or(Error::NotFound)?;
        let lines = register::lines(&mut reader, &actor.sight(), agency, days, after, limit).await?;
        let agencies = store::people::unit_names(&mut reader).await?;
        Ok(RegisterPage { unit, lines, agencies })
    }

    /// The register from one day to another on paper. Lines are counted from 1 January, without gaps.
    // law: TT01-2018-VPCP/10.2
    pub async fn print_dossier_register(
        &self,
        actor: &Actor,
        agency: AgencyId,
        days: (Date, Date),
    ) -> Result<Vec<u8>, Error> {
        let most = crate::signing::book::MOST_PRINTED + 1;
        let page = self.register_page(actor, agency, days, None, most).await?;
        let n_lines = printable(page.lines.len())?;
        let ids: Vec<DossierId> = page.lines.iter().map(|line| line.line.dossier.id).collect();
        let mut reader = self.db.read().await?;
        let counted = (days.0.first_of_year(), days.1);
        let ordinals = register::ordinals(&mut reader, agency, counted, &ids).await?;
        drop(reader);
        let lines: Vec<Value> = page
            .lines
            .iter()
            .map(|line| {
                let dossier = &line.line.dossier;
                let settles = page.agencies.get(&dossier.scope.competent);
                json!({
                    "ordinal": ordinals.get(&dossier.id),
                    "code": dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
                    "procedure": line.line.procedure_name,
                    "holder": line.line.holder_name,
                    "address": line.holder_address,
                    "phone": line.holder_phone,
                    "settles": settles.cloned().unwrap_or_default(),
                    "received_on": line.received_on.to_string(),
                    "due_on": dossier.due.map(|due| due.on.to_string()).unwrap_or_default(),
                    "handed_over_on":
                        line.handed_over_at.map(|at| legal_time(at).date().to_string()).unwrap_or_default(),
                    "note": words::state(&dossier.state),
                })
            })
            .collect();
        let mut data = self.register_head(&page.unit, days);
        data.insert("lines".to_owned(), Value::Array(lines));
        let printed = self.print_for(&page.unit, "07-so-theo-doi", data).await?;
        self.note_printed(actor, agency, None, days, n_lines).await?;
        Ok(printed)
    }
}
