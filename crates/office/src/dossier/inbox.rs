//! What waits for an officer: one reading for his inbox, for the numbers told beside it, and for the morning's
//! mail.

use super::referral::leads;
use super::step_of;
use crate::{Error, Office};
use rules::dossier::NextAct;
use rules::people::Actor;
use rules::words;
use store::dossier::DossierLine;

/// Dossiers that are read, the soonest due first.
pub const MOST_READ: i64 = 500;

/// A dossier that waits, and whether this officer can do its step.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub line: DossierLine,
    pub step: Option<String>,
    pub is_mine: bool,
}

impl Office {
    /// What waits in the agencies of an officer, the soonest due first.
    pub async fn waiting(&self, actor: &Actor) -> Result<Vec<Waiting>, Error> {
        let mut reader = self.db.read().await?;
        let lines = store::dossier::lines_waiting(&mut reader, &actor.sight(), MOST_READ).await?;
        let revisions = store::procedure::of_lines(&mut reader, &lines).await?;
        let with_step = |line: DossierLine| {
            let procedure = revisions.get(&(line.dossier.procedure.to_string(), line.dossier.revision))?;
            let step = step_of(&line.dossier, procedure);
            let dossier = &line.dossier;
            let held = dossier.state.officer();
            let is_mine = step
                .is_some_and(|step| actor.may_do_step(step, dossier.scope.holding, dossier, held).is_ok());
            // What was referred comes before the step, for whoever answers it.
            let is_referred = leads(actor, dossier);
            let step = if is_referred {
                Some(words::next_act(NextAct::AnswerReferral))
            } else {
                step.map(|step| step.name.clone())
            };
            Some(Waiting { line, step, is_mine: is_mine || is_referred })
        };
        Ok(lines.into_iter().filter_map(with_step).collect())
    }
}
