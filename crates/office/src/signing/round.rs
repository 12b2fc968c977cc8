//! Many papers at one sitting. What waits is listed with what is unusual about it; a round begins with one
//! proof of who signs, and each of its papers is a job of its own: one that fails keeps back none of the
//! others, and what became of each is written beside it.

use super::SIGN;
use super::seal::SEAL;
use crate::act::By;
use crate::jobs::Job;
use crate::keys::SignedWith;
use crate::people::Device;
use crate::people::delegation::note;
use crate::{Error, Office};
use jiff::Timestamp;
use rules::event::Body;
use rules::id::{DossierId, OfficerId, ResultId, RoundId, RoundPaperId};
use rules::people::{Actor, Role};
use rules::procedure::{Procedure, Step, StepTask, Verdict};
use rules::signing::round::{CertificateState, Doubt, Facts, Outcome, check_size, doubts};
use rules::signing::{ResultPaper, ResultRefused};
use rules::words;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::dossier::DossierLine;
use store::queue::Claimed;
use store::signing::round::{self as rounds, Round, RoundLine, RoundPaper};
use store::time::new_id;
use store::{Reader, dossier as dossiers, signing as results};
use uuid::Uuid;

/// The name of the act.
const BEGIN: &str = "signing.begin_round";
/// The most papers listed at once, the soonest to be done first.
const N_LISTED: i64 = 200;
const CHANGED: &str = "Văn bản không còn chờ bạn ký: người khác vừa làm, hoặc hồ sơ đã chuyển đi";
const NOT_MINE: &str = "Hồ sơ không còn thuộc việc của bạn";
const FAILED: &str =
    "Máy chủ chưa ký được văn bản này. Văn bản chưa ký; ký lại, nếu vẫn lỗi thì báo quản trị";

/// A paper that waits for its signature or its seal.
#[derive(Clone, Debug)]
pub struct WaitingPaper {
    pub line: DossierLine,
    pub paper: ResultPaper,
    /// What the result is called.
    pub title: String,
    pub drafter: String,
    /// To sign or to seal.
    pub task: StepTask,
    /// The step it goes on to.
    pub onward: String,
    /// Nothing unusual: it may go into a round.
    pub doubts: Vec<Doubt>,
}

/// A paper as the signer was shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    dossier: DossierId,
    sha256: String,
}

/// A round that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    pub round: RoundId,
    /// Papers that were chosen, and are of no dossier he may see any more.
    pub n_gone: usize,
}

impl Chosen {
    /// None where that is no digest: 64 hexadecimal digits, small letters.
    pub fn new(dossier: DossierId, sha256: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_digest = sha256.len() == 64 && sha256.bytes().all(is_digit);
        is_digest.then(|| Self { dossier, sha256: sha256.to_owned() })
    }
}

impl Office {
    /// What this officer may sign or seal now, the soonest to be done first.
    pub async fn papers_to_sign(&self, actor: &Actor) -> Result<Vec<WaitingPaper>, Error> {
        let signer = actor.officer().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        let mut reader = self.db.read().await?;
        let roles: Vec<Role> =
            actor.held().map(|(post, _)| post.role).collect::<BTreeSet<_>>().into_iter().collect();
        let mut lines = dossiers::lines_with_paper(&mut reader, &actor.sight(), &roles, N_LISTED).await?;
        let revisions = store::procedure::of_lines(&mut reader, &lines).await?;
        let step_at = |line: &DossierLine| -> Option<(&Procedure, &Step)> {
            let dossier = &line.dossier;
            let procedure = revisions.get(&(dossier.procedure.to_string(), dossier.revision))?;
            let step = crate::dossier::step_of(dossier, procedure)?;
            let mine = actor.may_do_step(step, dossier.scope.holding, dossier, dossier.state.officer());
            let signs = matches!(step.task, StepTask::Sign | StepTask::Seal);
            (signs && mine.is_ok()).then_some((procedure.as_ref(), step))
        };
        lines.retain(|line| step_at(line).is_some());
        let known = Known::read(self, &mut reader, signer, &lines, now).await?;
        drop(reader);
        let listed = lines.into_iter().filter_map(|line| {
            let (procedure, step) = step_at(&line)?;
            known.waiting(self, signer, line.clone(), procedure, step)
        });
        Ok(listed.collect())
    }

    /// Begins a round of the papers chosen, after the officer proved with his password that it is he. A paper
    /// that may not be signed among many any more is in the round all the same, refused with its reason; what
    /// he may not even see any more is counted and left out.
    pub async fn begin_round(
        &self,
        by: &By,
        chosen: &[Chosen],
        password: &str,
        device: &Device,
    ) -> Result<Begun, Error> {
        if let Some(begun) = self.answered(by, BEGIN).await? {
            return Ok(begun);
        }
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        let mut seen = BTreeSet::new();
        let chosen: Vec<&Chosen> = chosen.iter().filter(|chosen| seen.insert(chosen.dossier)).collect();
        check_size(chosen.len())?;
        self.must_prove(id, password, device).await?;
        let now = self.clock.now();
        let round = Round { id: RoundId(new_id(now)), officer: id, begun_at: now };
        let papers = self.papers_of_round(&by.actor, round.id, &chosen).await?;
        let n_gone = chosen.len() - papers.len();
        if papers.is_empty() {
            return Err(Error::NotFound);
        }
        let (round, papers) = (&round, &papers);
        self.act(by, BEGIN, |mut tx, now| async move {
            let tx = &mut tx;
            rounds::add(tx, round, papers).await?;
            for paper in papers {
                if paper.outcome == Outcome::Waiting {
                    Job::SignPaper(paper.id).push(tx, paper.dossier.0, &by.actor, now).await?;
                } else {
                    rounds::settle(tx, paper.id, &paper.outcome).await?;
                }
            }
            let n_papers = u32::try_from(papers.len()).unwrap_or(u32::MAX);
            note(tx, by, id, Body::SigningRoundBegun { round: round.id, papers: n_papers }, now).await?;
            Ok(Begun { round: round.id, n_gone })
        })
        .await
    }

    /// A round of this officer's with what became of each paper so far.
    pub async fn round(&self, actor: &Actor, id: RoundId) -> Result<(Round, Vec<RoundLine>), Error> {
        let mut reader = self.db.read().await?;
        let round = rounds::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        if Some(round.officer) != actor.officer() {
            return Err(Error::NotFound);
        }
        Ok((round, rounds::lines(&mut reader, id).await?))
    }

    async fn papers_of_round(
        &self,
        actor: &Actor,
        round: RoundId,
        chosen: &[&Chosen],
    ) -> Result<Vec<RoundPaper>, Error> {
        let now = self.clock.now();
        let waiting: BTreeMap<DossierId, WaitingPaper> = self
            .papers_to_sign(actor)
            .await?
            .into_iter()
            .map(|paper| (paper.line.dossier.id, paper))
            .collect();
        let mut papers = Vec::new();
        for &chosen in chosen {
            let (result, task, onward, refused) = match waiting.get(&chosen.dossier) {
                Some(found) => (found.paper.id, found.task, found.onward.clone(), unfit(found, chosen)),
                None => match self.paper_gone_on(actor, chosen.dossier).await? {
                    Some(result) => (result, StepTask::Sign, String::new(), Some(CHANGED.to_owned())),
                    None => continue,
                },
            };
            let outcome = refused.map_or(Outcome::Waiting, |reason| Outcome::Refused { at: now, reason });
            papers.push(RoundPaper {
                id: RoundPaperId(new_id(now)),
                round,
                number: i64::try_from(papers.len()).unwrap_or(i64::MAX).saturating_add(1),
                dossier: chosen.dossier,
                result,
                task,
                read_sha256: chosen.sha256.clone(),
                onward,
                outcome,
            });
        }
        Ok(papers)
    }

    /// The last paper of a dossier that no longer waits for this officer; none where the dossier does not
    /// exist for him.
    async fn paper_gone_on(&self, actor: &Actor, id: DossierId) -> Result<Option<ResultId>, Error> {
        let mut reader = self.db.read().await?;
        let Some(dossier) = dossiers::find(&mut reader, id).await? else { return Ok(None) };
        if actor.may_see(&dossier).is_err() {
            return Ok(None);
        }
        let papers = results::results_of_dossier(&mut reader, id).await?;
        Ok(papers.last().map(|paper| paper.id))
    }

    /// The job of one paper: signs or seals it in the officer's name by the rights he has now.
    pub(crate) async fn sign_paper_of_round(&self, job: &Claimed, id: RoundPaperId) -> Result<(), Error> {
        let mut reader = self.db.read().await?;
        let (paper, officer) = rounds::paper(&mut reader, id).await?.ok_or(Error::NotFound)?;
        drop(reader);
        let done = Box::pin(self.sign_in_round(&paper, officer)).await;
        let at = self.clock.now();
        let outcome = match done {
            Ok(SignedWith { certificate, serial }) => Outcome::Signed { at, certificate, serial },
            Err(error) => match told(&error) {
                Some(reason) => Outcome::Refused { at, reason },
                None if job.attempt >= job.max_attempts => {
                    tracing::error!(paper = %id, error = ?error, "a paper of a round was not signed");
                    Outcome::Refused { at, reason: FAILED.to_owned() }
                }
                None => return Err(error),
            },
        };
        let outcome = &outcome;
        self.act_for_job(job, |mut tx, _| async move {
            rounds::settle(&mut tx, id, outcome).await?;
            Ok(())
        })
        .await
    }

    async fn sign_in_round(&self, paper: &RoundPaper, officer: OfficerId) -> Result<SignedWith, Error> {
        let by = By { actor: self.actor_of(officer).await?, key: Some(format!("round-{}", paper.id)) };
        let act = if paper.task == StepTask::Seal { SEAL } else { SIGN };
        // Stopped between the signature and the note of it, the job finds it done.
        if let Some(done) = self.answered(&by, act).await? {
            return Ok(done);
        }
        let mut reader = self.db.read().await?;
        let dossier = dossiers::find(&mut reader, paper.dossier).await?.ok_or(Error::NotFound)?;
        let current = results::result(&mut reader, paper.result).await?.ok_or(Error::NotFound)?;
        drop(reader);
        if current.state.pdf().sha256 != paper.read_sha256 {
            return Err(ResultRefused::ChangedSinceRead.into());
        }
        if dossier.state.officer().is_none() {
            self.take(&by, paper.dossier).await?;
        }
        match paper.task {
            StepTask::Seal => self.seal_result(&by, paper.dossier, &paper.onward).await,
            _ => self.sign_result(&by, paper.dossier, &paper.read_sha256, &paper.onward).await,
        }
    }
}

/// Why a paper that waits is not signed in this round.
fn unfit(found: &WaitingPaper, chosen: &Chosen) -> Option<String> {
    if found.paper.state.pdf().sha256 != chosen.sha256 {
        return Some(words::result_refused(&ResultRefused::ChangedSinceRead).to_owned());
    }
    let doubts: Vec<String> = found.doubts.iter().copied().map(words::doubt).collect();
    (!doubts.is_empty()).then(|| format!("{}. Mở hồ sơ để ký riêng", doubts.join("; ")))
}

/// What is told of an answer that will not change by trying again.
fn told(error: &Error) -> Option<String> {
    match error {
        Error::Refused(refusal) => Some(refusal.sentences(ToOwned::to_owned).join("; ")),
        Error::NotYours(why) => Some(words::not_yours(why)),
        Error::NotFound => Some(NOT_MINE.to_owned()),
        Error::Stale | Error::Broken(_) | Error::Busy => None,
    }
}

/// What is read once for all papers of the list.
struct Known {
    papers: BTreeMap<ResultId, ResultPaper>,
    pasts: BTreeMap<DossierId, rounds::Past>,
    read: BTreeSet<(ResultId, String)>,
    drafters: BTreeMap<OfficerId, String>,
    certificates: BTreeMap<Uuid, CertificateState>,
}

impl Known {
    async fn read(
        office: &Office,
        reader: &mut Reader,
        signer: OfficerId,
        lines: &[DossierLine],
        now: Timestamp,
    ) -> Result<Self, Error> {
        let ids: Vec<DossierId> = lines.iter().map(|line| line.dossier.id).collect();
        let wanted: Vec<ResultId> = lines.iter().filter_map(|line| line.dossier.state.result()).collect();
        let papers = results::results_by_ids(reader, &wanted).await?;
        let drafters: Vec<Uuid> = papers.iter().filter_map(ResultPaper::drafter).map(|id| id.0).collect();
        let mut certificates = BTreeMap::new();
        // An agency's seal or the signer's own: a handful, however many papers there are.
        let agencies = lines.iter().map(|line| super::sealing_agency(&line.dossier).0);
        for holder in agencies.chain([signer.0]).collect::<BTreeSet<_>>() {
            certificates.insert(holder, office.keys.state(reader, holder, now).await?);
        }
        Ok(Self {
            papers: papers.into_iter().map(|paper| (paper.id, paper)).collect(),
            pasts: rounds::pasts(reader, &ids).await?,
            read: rounds::read_by(reader, signer, &wanted).await?,
            drafters: store::people::officer_names(reader, &drafters).await?,
            certificates,
        })
    }

    fn waiting(
        &self,
        office: &Office,
        signer: OfficerId,
        line: DossierLine,
        procedure: &Procedure,
        step: &Step,
    ) -> Option<WaitingPaper> {
        let dossier = &line.dossier;
        let paper = self.papers.get(&dossier.state.result()?)?;
        let kind = procedure.result(&paper.result_type);
        let holder = if step.task == StepTask::Seal { super::sealing_agency(dossier).0 } else { signer.0 };
        let past = self.pasts.get(&dossier.id).copied().unwrap_or_default();
        let facts = Facts {
            dossier,
            step,
            paper,
            verdict: kind.map_or(Verdict::default(), |kind| kind.verdict),
            signer,
            certificate: self.certificates.get(&holder).copied().unwrap_or(CertificateState::Missing),
            n_sent_back: past.n_sent_back,
            n_papers_open: past.n_papers_open,
            was_read: self.read.contains(&(paper.id, paper.state.pdf().sha256.clone())),
            reading: office.settings.reading,
        };
        Some(WaitingPaper {
            title: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
            drafter: paper.drafter().and_then(|id| self.drafters.get(&id).cloned()).unwrap_or_default(),
            task: step.task,
            onward: step.next.first().cloned().unwrap_or_default(),
            doubts: doubts(&facts),
            paper: paper.clone(),
            line,
        })
    }
}
