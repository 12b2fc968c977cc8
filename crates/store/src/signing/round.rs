//! Rounds of signatures with their papers, what is unusual about a dossier whose paper waits, and who has
//! opened which draft.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::id::{DossierId, OfficerId, ResultId, RoundId, RoundPaperId};
use rules::procedure::StepTask;
use rules::signing::round::Outcome;
use sqlx::types::Json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Many papers signed or sealed at one sitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    pub id: RoundId,
    pub officer: OfficerId,
    pub begun_at: Timestamp,
}

/// One of its papers, as the officer was shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundPaper {
    pub id: RoundPaperId,
    pub round: RoundId,
    /// Its place in the round, from 1.
    pub number: i64,
    pub dossier: DossierId,
    pub result: ResultId,
    /// To sign or to seal.
    pub task: StepTask,
    pub read_sha256: String,
    /// The step it goes on to.
    pub onward: String,
    pub outcome: Outcome,
}

/// A paper of a round as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundLine {
    pub paper: RoundPaper,
    pub dossier_code: Option<String>,
    pub holder_name: String,
    pub procedure_name: String,
}

/// What is to be known of the past of a dossier before its paper is signed among many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    pub n_sent_back: u32,
    /// Records that are not in the repository yet.
    pub n_papers_open: u32,
}

fn task_text(task: StepTask) -> &'static str {
    if task == StepTask::Seal { "seal" } else { "sign" }
}

/// Adds a round with its papers, all of them waiting.
pub async fn add(tx: &mut Tx, round: &Round, papers: &[RoundPaper]) -> Result<(), Error> {
    execute!(
        tx,
        "signing_round.add",
        "insert into signing_round (id, officer, begun_at) values ($1, $2, $3)",
        round.id.0,
        round.officer.0,
        to_micros(round.begun_at),
    )?;
    for paper in papers {
        execute!(
            tx,
            "signing_round.add_paper",
            "insert into signing_round_paper (id, round, number, dossier, result, task, read_sha256, onward,
                outcome)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting')",
            paper.id.0,
            round.id.0,
            paper.number,
            paper.dossier.0,
            paper.result.0,
            task_text(paper.task),
            paper.read_sha256.as_str(),
            paper.onward.as_str(),
        )?;
    }
    Ok(())
}

/// Writes down what became of a paper; `false` where that was written down before, and stays.
pub async fn settle(tx: &mut Tx, id: RoundPaperId, outcome: &Outcome) -> Result<bool, Error> {
    let (word, at, reason, signer) = match outcome {
        Outcome::Waiting => return Ok(false),
        Outcome::Signed { at, certificate, serial } => ("signed", at, None, Some((certificate, serial))),
        Outcome::Refused { at, reason } => ("refused", at, Some(reason.as_str()), None),
    };
    let n_rows = execute!(
        tx,
        "signing_round.settle",
        "update signing_round_paper
            set outcome = $2, done_at = $3, reason = $4, certificate = $5, certificate_number = $6
         where id = $1 and outcome = 'waiting'",
        id.0,
        word,
        to_micros(*at),
        reason,
        signer.map(|(certificate, _)| certificate.as_str()),
        signer.map(|(_, serial)| serial.as_str()),
    )?;
    Ok(n_rows == 1)
}

pub async fn find(reader: &mut Reader, id: RoundId) -> Result<Option<Round>, Error> {
    let row: Option<(Uuid, Uuid, i64)> = fetch_optional!(
        reader,
        "signing_round.find",
        "select id, officer, begun_at from signing_round where id = $1",
        id.0,
    )?;
    row.map(round_of).transpose()
}

/// The last rounds of an officer, the newest first.
pub async fn of_officer(reader: &mut Reader, officer: OfficerId, limit: i64) -> Result<Vec<Round>, Error> {
    let rows: Vec<(Uuid, Uuid, i64)> = fetch_all!(
        reader,
        "signing_round.of_officer",
        "select id, officer, begun_at from signing_round where officer = $1
         order by begun_at desc, id desc limit $2",
        officer.0,
        limit,
    )?;
    rows.into_iter().map(round_of).collect()
}

fn round_of((id, officer, begun_at): (Uuid, Uuid, i64)) -> Result<Round, Error> {
    let begun_at = from_micros(begun_at).map_err(|_| Error::corrupt("signing_round", "begun_at", id))?;
    Ok(Round { id: RoundId(id), officer: OfficerId(officer), begun_at })
}

/// Papers of rounds with whose they are and what they are about: which of them is said last.
macro_rules! papers {
    ($fetch:ident, $reader:expr, $name:literal, $which:literal, $bind:expr) => {
        $fetch!(
            $reader,
            $name,
            concat!(
                "select p.id, p.round, p.number, p.dossier, p.result, p.task, p.read_sha256, p.onward,
                    p.outcome, p.done_at, p.reason, p.certificate, p.certificate_number, r.officer,
                    d.code as dossier_code, h.name as holder_name, c.name as procedure_name
                 from signing_round_paper p
                 join signing_round r on r.id = p.round
                 join dossier d on d.id = p.dossier
                 join party h on h.id = d.holder
                 join procedure c on c.code = d.procedure and c.revision = d.revision
                 where ",
                $which
            ),
            $bind,
        )
    };
}

/// One paper, with the officer in whose name it is signed.
pub async fn paper(reader: &mut Reader, id: RoundPaperId) -> Result<Option<(RoundPaper, OfficerId)>, Error> {
    let row: Option<PaperRow> = papers!(fetch_optional, reader, "signing_round.paper", "p.id = $1", id.0)?;
    row.map(|row| Ok((row.paper()?, OfficerId(row.officer)))).transpose()
}

/// The papers of a round in their order.
pub async fn lines(reader: &mut Reader, round: RoundId) -> Result<Vec<RoundLine>, Error> {
    let rows: Vec<PaperRow> =
        papers!(fetch_all, reader, "signing_round.lines", "p.round = $1 order by p.number", round.0)?;
    rows.into_iter()
        .map(|row| {
            Ok(RoundLine {
                paper: row.paper()?,
                dossier_code: row.dossier_code,
                holder_name: row.holder_name,
                procedure_name: row.procedure_name,
            })
        })
        .collect()
}

/// What is unusual about the past of these dossiers; who is not in it has nothing of the kind.
pub async fn pasts(reader: &mut Reader, dossiers: &[DossierId]) -> Result<BTreeMap<DossierId, Past>, Error> {
    let ids: Vec<Uuid> = dossiers.iter().map(|id| id.0).collect();
    let sent_back: Vec<(Uuid, i64)> = fetch_all!(
        reader,
        "signing_round.n_sent_back",
        "select dossier, count(*) from event where dossier in IDS($1) and kind = 'sent_back' group by dossier",
        Json(&ids),
    )?;
    let open: Vec<(Uuid, i64)> = fetch_all!(
        reader,
        "signing_round.n_papers_open",
        "select dossier, count(*) from record where dossier in IDS($1) and state <> 'filed' group by dossier",
        Json(&ids),
    )?;
    let mut pasts: BTreeMap<DossierId, Past> = BTreeMap::new();
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    for (dossier, n) in sent_back {
        pasts.entry(DossierId(dossier)).or_default().n_sent_back = count(n);
    }
    for (dossier, n) in open {
        pasts.entry(DossierId(dossier)).or_default().n_papers_open = count(n);
    }
    Ok(pasts)
}

/// An officer has opened a draft or a signed paper: these very bytes.
pub async fn note_read(
    tx: &mut Tx,
    result: ResultId,
    officer: OfficerId,
    sha256: &str,
    now: Timestamp,
) -> Result<(), Error> {
    execute!(
        tx,
        "result_reading.note",
        "insert into result_reading (result, officer, sha256, read_at) values ($1, $2, $3, $4)
         on conflict (result, officer, sha256) do nothing",
        result.0,
        officer.0,
        sha256,
        to_micros(now),
    )
    .map(drop)
}

/// Which of these papers an officer has opened, by the digest of what he was shown.
pub async fn read_by(
    reader: &mut Reader,
    officer: OfficerId,
    results: &[ResultId],
) -> Result<BTreeSet<(ResultId, String)>, Error> {
    let ids: Vec<Uuid> = results.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, String)> = fetch_all!(
        reader,
        "result_reading.by",
        "select result, sha256 from result_reading where officer = $1 and result in IDS($2)",
        officer.0,
        Json(&ids),
    )?;
    Ok(rows.into_iter().map(|(result, sha256)| (ResultId(result), sha256)).collect())
}

#[derive(sqlx::FromRow)]
struct PaperRow {
    id: Uuid,
    round: Uuid,
    number: i64,
    dossier: Uuid,
    result: Uuid,
    task: String,
    read_sha256: String,
    onward: String,
    outcome: String,
    done_at: Option<i64>,
    reason: Option<String>,
    certificate: Option<String>,
    certificate_number: Option<String>,
    officer: Uuid,
    dossier_code: Option<String>,
    holder_name: String,
    procedure_name: String,
}

impl PaperRow {
    fn paper(&self) -> Result<RoundPaper, Error> {
        let corrupt = |column: &str| Error::corrupt("signing_round_paper", column, self.id);
        Ok(RoundPaper {
            id: RoundPaperId(self.id),
            round: RoundId(self.round),
            number: self.number,
            dossier: DossierId(self.dossier),
            result: ResultId(self.result),
            task: match self.task.as_str() {
                "sign" => StepTask::Sign,
                "seal" => StepTask::Seal,
                _ => return Err(corrupt("task")),
            },
            read_sha256: self.read_sha256.clone(),
            onward: self.onward.clone(),
            outcome: self.kept_outcome().ok_or_else(|| corrupt("outcome"))?,
        })
    }

    fn kept_outcome(&self) -> Option<Outcome> {
        let at = || from_micros(self.done_at?).ok();
        match self.outcome.as_str() {
            "waiting" => Some(Outcome::Waiting),
            "signed" => {
                let (certificate, serial) = (self.certificate.clone()?, self.certificate_number.clone()?);
                Some(Outcome::Signed { at: at()?, certificate, serial })
            }
            "refused" => Some(Outcome::Refused { at: at()?, reason: self.reason.clone()? }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
