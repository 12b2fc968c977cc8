//! Mirrors of the dossiers that a ministry's system settles: taken over as that system tells them.

use super::{Loaded, load, typed};
use crate::act::By;
use crate::counter::{alone, save_applicant};
use crate::unit::meant::{about, agency_by, settling};
use crate::{Error, Office, Refusal};
use rules::code::ProcedureCode;
use rules::counter::applicant::TypedApplicant;
use rules::dossier::{Dossier, DossierPeople, Life, MirrorNews, State};
use rules::id::DossierId;
use rules::people::{AgencyScope, Matter, NotYours, Role};
use rules::procedure::Channel;
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
            if let Some(id) = store::dossier::id_by_foreign_code(tx, code).await? {
                let Loaded { dossier, procedure, .. } = load(tx, id).await?;
                let (dossier, body) = dossier.mirror(&procedure, mirror.news.clone(), now)?;
                self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
                return Ok(id);
            }
            // On the channel it came by, wherever a case offers it; the ministry does not tell the case.
            let offers = |case: &&rules::procedure::Case| case.terms(mirror.channel).is_some();
            let case = procedure.cases.iter().find(offers).or(procedure.cases.first());
            let named = agency_by(tx, &procedure.competent, &alone(agency), today).await?;
            let competent = settling(tx, named.unwrap_or(agency), &about(&procedure), today).await?;
            let holder = save_applicant(tx, applicant, now).await?;
            let opened = Dossier {
                id: DossierId(new_id(now)),
                version: 1,
                code: None,
                procedure: procedure.code.clone(),
                revision: procedure.revision,
                case: case.map(|case| case.id.clone()).unwrap_or_default(),
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
            let (dossier, body) = opened.mirror(&procedure, mirror.news.clone(), now)?;
            self.add_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
            self.index_dossier(tx, &dossier, &procedure, now).await?;
            Ok(dossier.id)
        })
        .await
    }
}
