//! Mirrors of the dossiers that a ministry's system settles: taken over as that system tells them.

use super::{Loaded, load, typed};
use crate::act::By;
use crate::counter::{agency_by, alone, save_applicant};
use crate::{Error, Office, Refusal};
use rules::code::ProcedureCode;
use rules::counter::applicant::TypedApplicant;
use rules::dossier::{Dossier, DossierPeople, Life, MirrorNews, State};
use rules::id::DossierId;
use rules::people::{AgencyScope, Matter, NotYours, Role};
use rules::procedure::{Channel, SystemOfRecord};
use store::time::new_id;

/// What a ministry's system tells of one dossier.
#[derive(Clone, Debug)]
pub struct Mirror {
    /// The code it has there.
    pub code: String,
    pub procedure: ProcedureCode,
    pub applicant: TypedApplicant,
    pub channel: Channel,
    pub news: MirrorNews,
}

impl Office {
    /// Takes over what the system of record says; a dossier not known yet is added.
    // law: ND224-2026/15
    pub async fn mirror(&self, by: &By, mirror: Mirror) -> Result<DossierId, Error> {
        let today = self.clock.today();
        let applicant =
            &mirror.applicant.check(today).map_err(|faults| Error::Refused(Refusal::Applicant(faults)))?;
        let (mirror, code) = (&mirror, &typed(&mirror.code));
        self.act(by, "dossier.mirror", |mut tx, now| async move {
            let tx = &mut tx;
            let agency = by.actor.agency();
            let procedure = store::procedure::in_force(tx, &mirror.procedure, today)
                .await?
                .ok_or(Error::Refused(Refusal::NotOffered))?;
            let here = alone(agency);
            let matter = Matter { procedure: Some(&procedure.code), ..Matter::from(&here) };
            let right = by.actor.right_for_any(&[Role::Counter, Role::Gateway], agency, matter)?;
            let SystemOfRecord::Ministry(system) = &procedure.system else {
                return Err(Error::Refused(Refusal::NotOffered));
            };
            if let Some(id) = store::dossier::id_by_foreign_code(tx, code).await? {
                let Loaded { dossier, procedure, .. } = load(tx, id).await?;
                let (dossier, body) = dossier.mirror(system, mirror.news.clone(), now)?;
                self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
                return Ok(id);
            }
            let competent = agency_by(tx, &procedure.competent, agency, agency).await?.unwrap_or(agency);
            let holder = save_applicant(tx, applicant, now).await?;
            let opened = Dossier {
                id: DossierId(new_id(now)),
                version: 1,
                code: None,
                procedure: procedure.code.clone(),
                revision: procedure.revision,
                case: procedure.cases.first().map(|case| case.id.clone()).unwrap_or_default(),
                channel: mirror.channel,
                people: DossierPeople { submitter: holder, holder, authorised: None },
                scope: AgencyScope { receiving: agency, competent, holding: competent },
                opened_at: now,
                opened_by: by.actor.officer().ok_or(NotYours::NeedsRole(Role::Counter))?,
                received_at: None,
                clock: None,
                due: None,
                outcome: None,
                state: State::Preparing,
                part_of: None,
                life: Life { foreign_code: Some(code.clone()), ..Life::default() },
            };
            let (dossier, body) = opened.mirror(system, mirror.news.clone(), now)?;
            self.add_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
            self.index_dossier(tx, &dossier, &procedure, now).await?;
            Ok(dossier.id)
        })
        .await
    }
}
