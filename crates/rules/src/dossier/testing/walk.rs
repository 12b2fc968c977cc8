//! A walk: one dossier, with its parts where it is a whole, lives by chance, and is looked at after every
//! act. In the end it is led home by nothing but what is said to come next.

use super::{Act, Draw, Setting, Tally, broken, likely};
use crate::dossier::{Dossier, NextAct, PartEnd, PartOfWhole, Refused, State, Terms};
use crate::id::DossierId;
use crate::procedure::{Procedure, StepTask};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use uuid::Uuid;

/// More acts than lead any dossier home.
const LONG_WAY: usize = 400;

/// A dossier and its parts; the first is the whole.
#[derive(Debug)]
pub struct Walk<'a> {
    dossiers: Vec<Dossier>,
    whole: &'a Procedure,
    /// The procedures of the parts, by the id of the part.
    parts: BTreeMap<String, &'a Procedure>,
    terms: Terms<'a>,
    now: Timestamp,
    tally: &'a mut Tally,
}

impl<'a> Walk<'a> {
    /// Begins with `dossier`, which is being put together. The procedure of each part is found by its
    /// code among `others`; a procedure may be its own part.
    pub fn new(
        dossier: Dossier,
        whole: &'a Procedure,
        others: &'a [Procedure],
        terms: Terms<'a>,
        tally: &'a mut Tally,
    ) -> Self {
        let procedure = |code| others.iter().find(|procedure| procedure.code == code);
        let parts = whole.linked.iter().filter_map(|linked| {
            let procedure = procedure(linked.procedure.clone())?;
            Some((linked.id.clone(), procedure))
        });
        let (now, parts) = (dossier.opened_at, parts.collect());
        Self { dossiers: vec![dossier], whole, parts, terms, now, tally }
    }

    pub fn dossiers(&self) -> &[Dossier] {
        &self.dossiers
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Nothing is left to do here that anybody would try.
    pub fn is_over(&self) -> bool {
        let is_over = |nth| {
            let dossier: &Dossier = &self.dossiers[nth];
            let is_elsewhere = matches!(dossier.state, State::Mirrored { .. });
            is_elsewhere || likely(dossier, self.procedure_of(nth)).is_empty()
        };
        (0..self.dossiers.len()).all(is_over)
    }

    /// Some time passes, and an act is tried on one of the dossiers.
    ///
    /// # Errors
    /// What the act broke, in words.
    pub fn step(&mut self, draw: Draw<'_>) -> Result<(), String> {
        let nth = self.dossier_to_act_on(draw);
        let likely = likely(&self.dossiers[nth], self.procedure_of(nth));
        let among = if likely.is_empty() || draw(8) == 0 { &Act::ALL[..] } else { &likely };
        let act = among[draw(among.len())];
        self.pass_time(nth, act, draw);
        self.tally.tried += 1;
        match self.attempt(nth, act, draw) {
            Ok(()) => self.look(),
            Err(_) => Ok(()),
        }
    }

    /// Mostly one with which something can be done.
    fn dossier_to_act_on(&self, draw: Draw<'_>) -> usize {
        let drawn = draw(self.dossiers.len());
        let is_worth_it = |nth: &usize| {
            let dossier = &self.dossiers[*nth];
            !likely(dossier, self.procedure_of(*nth)).is_empty()
        };
        let worth_it: Vec<usize> = (0..self.dossiers.len()).filter(is_worth_it).collect();
        if worth_it.is_empty() || draw(10) == 0 { drawn } else { worth_it[drawn % worth_it.len()] }
    }

    /// Minutes, days or weeks; whoever lets a wait run out, or an opinion lapse, mostly comes in time.
    fn pass_time(&mut self, nth: usize, act: Act, draw: Draw<'_>) {
        let minutes = [120, 120, 120, 120, 120, 120, 1_440, 1_440, 7_200, 28_800][draw(10)];
        let passed = SignedDuration::from_mins(i64::try_from(draw(minutes)).unwrap_or_default());
        self.now += passed;
        let dossier = &self.dossiers[nth];
        let until = match act {
            Act::Expire => dossier.state.wait().and_then(|(_, until)| until),
            Act::Lapse => dossier.life.consultations.iter().map(|asked| asked.due).max(),
            _ => None,
        };
        if let Some(until) = until.filter(|_| draw(4) != 0) {
            self.now = self.now.max(until.at);
        }
    }

    fn procedure_of(&self, nth: usize) -> &'a Procedure {
        let dossier = &self.dossiers[nth];
        let known = self.dossiers[0].life.parts.iter().find(|part| part.dossier == dossier.id);
        known.and_then(|known| self.parts.get(&known.part).copied()).unwrap_or(self.whole)
    }

    fn setting(&self, nth: usize) -> Setting<'a> {
        Setting { procedure: self.procedure_of(nth), terms: self.terms, now: self.now }
    }

    /// Does the act, and what follows from it for the whole and its parts.
    fn attempt(&mut self, nth: usize, act: Act, draw: Draw<'_>) -> Result<(), Refused> {
        // These follow from what happens to the whole.
        if nth > 0 && matches!(act, Act::StartPart | Act::HandOverPart | Act::WithdrawPart) {
            return Err(Refused::GoesWithTheWhole);
        }
        if act == Act::StopPart {
            self.dossiers[0].check_part_to_decide(self.whole, self.dossiers[nth].id)?;
        }
        let before = self.dossiers[nth].clone();
        let (after, _) = act.perform(before.clone(), self.setting(nth), draw)?;
        self.tally.count((act, before.state.kind(), after.state.kind()));
        assert_eq!(kept(&after), kept(&before), "{act:?} changed what never changes");
        assert!(before.code.is_none() || after.code == before.code, "{act:?} changed the code");
        self.dossiers[nth] = after;
        match act {
            Act::Receive if nth == 0 => self.open_parts(),
            Act::HandOver => self.with_parts(Act::HandOverPart),
            Act::Withdraw => {
                self.with_parts(Act::WithdrawPart);
                self.with_parts(Act::HandOverPart);
            }
            _ => {}
        }
        if matches!(self.dossiers[0].state, State::Stopped { .. }) {
            self.with_parts(Act::StopPart);
        }
        self.tell_whole();
        self.tell_parts();
        Ok(())
    }

    fn open_parts(&mut self) {
        for linked in &self.whole.linked {
            let whole = &self.dossiers[0];
            let id = DossierId(Uuid::from_u128(0x2_0000 + self.dossiers.len() as u128));
            let Some(procedure) = self.parts.get(&linked.id) else { continue };
            let agency = whole.scope.competent;
            let opened = whole.open_part(linked, id, procedure, agency, self.terms, self.now);
            let (part, _) = opened.expect("a part is received with its whole");
            self.dossiers.push(part);
            self.dossiers[0].life.parts.push(PartOfWhole::opened(&linked.id, id, agency));
        }
    }

    /// Does to the parts what the whole brings with it, where they let it happen.
    fn with_parts(&mut self, act: Act) {
        for nth in 1..self.dossiers.len() {
            let before = self.dossiers[nth].clone();
            let from = before.state.kind();
            if let Ok((after, _)) = act.perform(before, self.setting(nth), &mut |_| 0) {
                self.tally.tried += 1;
                self.tally.count((act, from, after.state.kind()));
                self.dossiers[nth] = after;
            }
        }
    }

    /// What has ended is known to the whole, and what waited for it begins.
    fn tell_whole(&mut self) {
        let ended = self.dossiers[1..].iter().filter(|part| has_ended(part));
        let ended: Vec<_> = ended.filter_map(|part| Some((part.id, part.outcome?))).collect();
        for (id, outcome) in ended {
            let end = PartEnd { at: self.now, outcome };
            self.dossiers[0] = self.dossiers[0].clone().part_ended(id, end);
        }
        let may_begin = self.dossiers[0].parts_that_may_begin(self.whole);
        for nth in 1..self.dossiers.len() {
            let waits = matches!(self.dossiers[nth].state, State::AwaitingParts { .. });
            if waits && may_begin.contains(&self.dossiers[nth].id) {
                let waiting = self.dossiers[nth].clone();
                let begun = waiting.start_part(self.procedure_of(nth), self.terms, self.now);
                self.dossiers[nth] = begun.expect("what may begin begins").0;
                self.tally.tried += 1;
                self.tally.count((Act::StartPart, "awaiting_parts", "received"));
            }
        }
    }

    /// The parts are held to the date of their whole.
    fn tell_parts(&mut self) {
        let Ok(due) = self.dossiers[0].due_for_parts(self.whole, self.terms) else { return };
        for part in &mut self.dossiers[1..] {
            if let Some((moved, _)) = part.clone().whole_moved(due, self.now) {
                *part = moved;
            }
        }
    }

    /// Holds what must hold of every dossier against what there is now.
    fn look(&self) -> Result<(), String> {
        let mut broken_now = Vec::new();
        for (nth, dossier) in self.dossiers.iter().enumerate() {
            broken_now.extend(broken(dossier, self.procedure_of(nth), self.terms));
            broken_now.extend(self.stuck_in_a_wait(nth));
        }
        let (whole, parts) = (&self.dossiers[0], &self.dossiers[1..]);
        // A part that is being corrected has ended before.
        let done = |part: &Dossier| has_ended(part) || part.life.correcting.is_some();
        if matches!(whole.state, State::Done { .. }) {
            let goes = Act::HandOver.perform(whole.clone(), self.setting(0), &mut |_| 0).is_ok();
            if goes != parts.iter().all(done) {
                broken_now.push(format!("a whole goes when all its parts have ended: {:?}", self.dossiers));
            }
        }
        if broken_now.is_empty() { Ok(()) } else { Err(broken_now.join("\n")) }
    }

    /// A wait runs out when its time is over, and not a minute sooner.
    fn stuck_in_a_wait(&self, nth: usize) -> Option<String> {
        let dossier = &self.dossiers[nth];
        let (what, until) = dossier.state.wait()?;
        let expire = |now| {
            let done = Act::Expire.perform(dossier.clone(), Setting { now, ..self.setting(nth) }, &mut |_| 0);
            done.map(|(after, _)| after.state.kind())
        };
        let until = until?.at;
        let (early, late) = (expire(until - SignedDuration::from_mins(1)), expire(until));
        let holds = early == Err(Refused::NotExpired) && late.is_ok();
        (!holds).then(|| format!("{what:?} until {until}: {early:?}, then {late:?}"))
    }

    /// Does whatever is said to come next, and nothing else, until every dossier has ended.
    ///
    /// # Errors
    /// What comes next is not allowed, or the way home is too long.
    pub fn go_home(&mut self) -> Result<(), String> {
        for _ in 0..LONG_WAY {
            let Some((nth, act)) = self.comes_next()? else { return Ok(()) };
            let dossier = self.dossiers[nth].clone();
            self.tally.tried += 1;
            if let Err(refused) = self.attempt(nth, act, &mut |_| 0) {
                return Err(format!("{act:?} comes next, and is not allowed: {refused:?}: {dossier:?}"));
            }
            self.now += SignedDuration::from_mins(30);
            self.look()?;
        }
        Err(format!("the way home has no end: {:?}", self.dossiers))
    }

    /// The dossier that can be helped, and how. What only waits for the others is passed over.
    fn comes_next(&self) -> Result<Option<(usize, Act)>, String> {
        let mut waits = Vec::new();
        for (nth, dossier) in self.dossiers.iter().enumerate() {
            if matches!(dossier.state, State::Preparing) {
                continue;
            }
            let standing = dossier.standing(self.procedure_of(nth), self.terms);
            let standing = standing.map_err(|refused| format!("{refused:?}: {dossier:?}"))?;
            let Some(standing) = standing else { continue };
            let act = match standing.next {
                NextAct::Answer => Act::Receive,
                NextAct::TakePapers => Act::PapersBrought,
                NextAct::Transfer => Act::Transfer,
                NextAct::Take(_) => Act::Take,
                NextAct::Do(task) => work(dossier, self.procedure_of(nth), task),
                NextAct::AwaitOpinions => Act::Answer,
                NextAct::AwaitSupplement => Act::SupplementReceived,
                NextAct::AwaitPayment => Act::PaymentReceived,
                NextAct::EndHalt => Act::Resume,
                NextAct::ConfirmWithdrawal => Act::Withdraw,
                NextAct::DecidePart => Act::LetPartBegin,
                // The walk refers nothing.
                NextAct::AnswerReferral => return Err(format!("nothing was referred: {dossier:?}")),
                NextAct::HandOver if dossier.part_of.is_none() => Act::HandOver,
                NextAct::AwaitParts | NextAct::AwaitWhole | NextAct::HandOver => {
                    waits.push(dossier);
                    continue;
                }
            };
            return Ok(Some((nth, act)));
        }
        // A part whose result is there goes with its whole; a whole that was stopped takes nothing along.
        let whole_ended = !self.dossiers[0].state.is_open();
        match waits.iter().find(|dossier| !(whole_ended && dossier.part_of.is_some())) {
            Some(dossier) => Err(format!("everything waits for something else: {dossier:?}")),
            None => Ok(None),
        }
    }
}

/// What is done at a step whose task this is.
fn work(dossier: &Dossier, procedure: &Procedure, task: StepTask) -> Act {
    let step = dossier.state.step().and_then(|id| procedure.process.step(id));
    if step.is_some_and(|step| dossier.consults_wanted(step).next().is_some()) {
        return Act::Consult;
    }
    match task {
        StepTask::Draft if dossier.state.result().is_none() => Act::Draft,
        StepTask::Sign => Act::Sign,
        StepTask::Seal => Act::Seal,
        _ => Act::Finish,
    }
}

/// Its result is there, or it ended without one.
fn has_ended(dossier: &Dossier) -> bool {
    !dossier.state.is_open() || matches!(dossier.state, State::Done { .. })
}

/// What no act changes.
fn kept(dossier: &Dossier) -> impl PartialEq + std::fmt::Debug {
    let Dossier { id, procedure, revision, channel, people, opened_at, opened_by, part_of, .. } = dossier;
    (*id, procedure.clone(), *revision, *channel, *people, *opened_at, *opened_by, *part_of)
}
