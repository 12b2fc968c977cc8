//! The agencies that were asked about a dossier, as rows: what their inbox is made of. The consultation
//! itself stands with the dossier, which writes these rows when it is saved.

use crate::Error;
use crate::engine::{Tx, execute};
use crate::time::to_micros;
use rules::dossier::{Consultation, Dossier};

/// Brings the rows of a dossier's consultations up to date.
pub(super) async fn keep(tx: &mut Tx, dossier: &Dossier) -> Result<(), Error> {
    for asked in &dossier.life.consultations {
        execute!(
            tx,
            "consultation.keep",
            "insert into consultation (id, dossier, agency, asked_at, due_at, ended_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (id) do update set agency = excluded.agency, ended_at = excluded.ended_at",
            asked.id.0,
            dossier.id.0,
            asked.agency.0,
            to_micros(asked.asked_at),
            to_micros(asked.due.at),
            ended_at(dossier, asked),
        )?;
    }
    Ok(())
}

/// A closed dossier waits for nobody.
fn ended_at(dossier: &Dossier, asked: &Consultation) -> Option<i64> {
    let finished = || dossier.clock.as_ref().and_then(|clock| clock.finished_at);
    asked.ended_at().or_else(|| finished().filter(|_| !dossier.state.is_open())).map(to_micros)
}
