//! A random walk: random acts by random officers over random sound procedures, several at the same time,
//! never break what holds everywhere. Most of them fit where the dossier stands, the others are
//! whatever comes. The seed says every draw; `MOTCUA_WALK_SEED` and `MOTCUA_WALK_ACTS` walk it again, and
//! with `MOTCUA_WALK_AT_ONCE=1` in single file, so that no two acts meet.

mod checks;
mod ending;
mod fitting;
mod ledger;
mod may;
mod offered;
mod procedures;
mod tally;
mod town;
mod wild;

use fitting::Facts;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use ledger::{Accepted, Ledger};
use office::counter::Opening;
use office::dossier::Mirror;
use office::dossier::act::Act;
use office::{By, Error};
use rules::dossier::{MirrorNews, State};
use rules::id::{AgencyId, DossierId};
use rules::people::Role;
use rules::procedure::Channel;
use rules::procedure::testing::Dice;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use store::testing::Scratch;
use town::{N_APPLICANTS, Town};

/// Dossiers that are open at the same time.
const N_ALIVE: usize = 320;
/// Every transition is taken at least so often in a whole walk.
const LEAST: u32 = 100;
/// What is offered is held against what is accepted in one round of so many.
const OFFERS_EVERY: usize = 3;
/// Acts between two looks of the watch.
const WATCH_EVERY: usize = 500;
/// Results drafted in a whole walk: printing and signing are what an act costs most.
const MOST_DRAFTS: usize = 700;

/// How far the walk goes, and from where.
#[derive(Clone, Copy, Debug)]
struct Plan {
    seed: u64,
    n_acts: usize,
    at_once: usize,
}

impl Plan {
    /// What every test run walks; the whole, with the count of every transition, is asked for by
    /// `MOTCUA_WALK_ACTS=100000`.
    const USUAL: usize = 20_000;
    const WHOLE: usize = 100_000;

    #[expect(clippy::disallowed_methods, reason = "a failing walk is walked again from the command line")]
    fn from_environment() -> Self {
        let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        Self {
            seed: number("MOTCUA_WALK_SEED").unwrap_or(20_261_123),
            n_acts: number("MOTCUA_WALK_ACTS").map_or(Self::USUAL, |n| n as usize),
            at_once: number("MOTCUA_WALK_AT_ONCE").map_or(8, |n| n as usize),
        }
    }
}

/// Says which walk it was when a test fails on it.
#[derive(Debug)]
struct Told(Plan);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Plan { seed, n_acts, .. } = self.0;
            #[expect(clippy::print_stderr, reason = "the one thing that is needed to walk it again")]
            {
                eprintln!("the walk: MOTCUA_WALK_SEED={seed} MOTCUA_WALK_ACTS={n_acts}");
            }
        }
    }
}

/// A dossier somebody opens.
#[derive(Clone, Debug)]
struct Wish {
    procedure: usize,
    case: String,
    channel: Channel,
    competent: Option<AgencyId>,
    applicant: usize,
}

#[derive(Clone, Debug)]
enum Deed {
    Open(Wish),
    Act(DossierId, Act),
}

/// What somebody tries.
#[derive(Clone, Debug)]
struct Try {
    officer: usize,
    /// Sometimes the form carries a key, and is sent again.
    key: Option<String>,
    deed: Deed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Opened(DossierId),
    Done,
    Refused,
}

struct Walk {
    plan: Plan,
    town: Town,
    dice: Dice,
    ledger: Ledger,
    mirror: DossierId,
    n_tried: usize,
    n_accepted: usize,
    n_drafts: usize,
}

async fn a_hundred_thousand_random_acts_break_nothing(db: Scratch) {
    let plan = Plan::from_environment();
    let _told = Told(plan);
    let begun = Instant::now();
    let mut walk = Walk::begin(&db, plan).await;
    let mut n_looks = 0;
    while walk.n_tried < plan.n_acts {
        walk.round().await;
        if walk.n_tried / WATCH_EVERY > n_looks {
            walk.watch().await;
            n_looks += 1;
        }
        walk.time_passes();
    }
    walk.watch().await;
    let mut reader = walk.reader().await;
    ending::check(&walk.town, &walk.ledger, &mut reader).await;
    let Walk { ledger, n_tried, n_accepted, n_drafts, .. } = &walk;
    let table = ledger.tally.table();
    #[expect(clippy::print_stdout, reason = "shown with `--nocapture` only")]
    {
        println!(
            "{:?}: {n_tried} acts, {n_accepted} accepted, {n_drafts} drafts, {} dossiers, until {}, {:.0?}\n{table}",
            db.engine(),
            ledger.known.len(),
            walk.town.now(),
            begun.elapsed(),
        );
    }
    assert!(n_accepted * 10 >= n_tried * 3, "{n_accepted} of {n_tried} were accepted");
    if plan.n_acts >= Plan::WHOLE {
        let rare = ledger.tally.rare(LEAST);
        assert!(rare.is_empty(), "less than {LEAST} times: {rare:#?}\n{table}");
    }
}

impl Walk {
    async fn begin(db: &Scratch, plan: Plan) -> Self {
        let mut dice = Dice::new(plan.seed);
        let town = Town::found(db, &mut dice).await;
        let mirror = mirrored(&town).await;
        let mut ledger = Ledger::default();
        let mut reader = town.office.db.read().await.expect("a snapshot");
        ledger.discover(&town, &mut reader, mirror, &["mirror_updated"]).await;
        Self { plan, town, dice, ledger, mirror, n_tried: 0, n_accepted: 0, n_drafts: 0 }
    }

    async fn reader(&self) -> store::Reader {
        self.town.office.db.read().await.expect("a snapshot")
    }

    /// Some acts at the same time: on different families, or now and then on one dossier.
    async fn round(&mut self) {
        let tries = self.draw_all();
        self.n_tried += tries.len();
        // Every so often, for reading a dossier costs as much as an act on it.
        let offers = match &tries[..] {
            [attempt, ..] if self.dice.once_in(OFFERS_EVERY) => offered::before(&self.town, attempt).await,
            _ => None,
        };
        let answers = join_all(tries.iter().map(|attempt| perform(&self.town, attempt))).await;
        let mut reader = self.reader().await;
        let mut acted: BTreeMap<DossierId, Vec<(&Try, &Act, bool)>> = BTreeMap::new();
        for (attempt, answer) in tries.iter().zip(&answers) {
            self.n_accepted += usize::from(*answer != Answer::Refused);
            match (&attempt.deed, *answer) {
                (Deed::Open(wish), Answer::Opened(id)) => {
                    assert!(self.may_open(attempt.officer, wish), "{attempt:?}");
                    self.ledger.discover(&self.town, &mut reader, id, &["intake_opened"]).await;
                }
                (Deed::Act(id, act), answer) => {
                    acted.entry(*id).or_default().push((attempt, act, answer == Answer::Done));
                }
                (Deed::Open(_), _) => {}
            }
        }
        for (id, tried) in acted {
            if let [(attempt, _, _)] = tried[..]
                && let Some(offers) = offers.as_ref().filter(|_| is_of(&tries[0], id))
            {
                offered::check(attempt, offers, answers[0]);
            }
            if let [(attempt, act, true)] = tried[..] {
                let (by, before) = (&self.town.officers[attempt.officer], &self.ledger.get(id).dossier);
                assert!(may::may(&self.town, by, before, act), "{id}: {attempt:?} in {:?}", before.state);
            }
            let accepted: Vec<Accepted<'_>> = tried
                .iter()
                .filter(|(_, _, is_accepted)| *is_accepted)
                .map(|(attempt, act, _)| Accepted { by: self.officer(attempt.officer), act })
                .collect();
            self.n_drafts +=
                accepted.iter().filter(|accepted| matches!(accepted.act, Act::Draft { .. })).count();
            self.ledger.observe(&self.town, &mut reader, id, &accepted).await;
        }
        drop(reader);
        self.send_again(&tries, &answers).await;
    }

    /// The same form again, with its key: answered the same, and nothing happens.
    async fn send_again(&mut self, tries: &[Try], answers: &[Answer]) {
        for (attempt, answer) in tries.iter().zip(answers) {
            if attempt.key.is_none() || *answer == Answer::Refused {
                continue;
            }
            assert_eq!(perform(&self.town, attempt).await, *answer, "{attempt:?} sent again");
            let id = match (&attempt.deed, *answer) {
                (Deed::Act(id, _), _) => *id,
                (Deed::Open(_), Answer::Opened(id)) => id,
                (Deed::Open(_), _) => continue,
            };
            let mut reader = self.reader().await;
            self.ledger.observe(&self.town, &mut reader, id, &[]).await;
        }
    }

    fn draw_all(&mut self) -> Vec<Try> {
        let mut tries: Vec<Try> = Vec::new();
        let mut busy: BTreeSet<DossierId> = BTreeSet::new();
        let open: Vec<DossierId> = {
            let ledger = &self.ledger;
            let is_open = |id: &&DossierId| ledger.get(**id).dossier.state.is_open();
            ledger.order.iter().filter(is_open).copied().collect()
        };
        while tries.len() < self.plan.at_once {
            if self.dice.once_in(if open.len() < N_ALIVE { 5 } else { 60 }) {
                let attempt = self.draw_opening();
                tries.push(attempt);
                continue;
            }
            let id = self.draw_dossier(&open);
            if !busy.insert(self.ledger.root(id)) {
                continue;
            }
            // Now and then several at once on the same dossier, none of them knowing of the others.
            let n_at_once = if self.dice.once_in(30) && self.plan.at_once > 1 { 3 } else { 1 };
            for _ in 0..n_at_once {
                let attempt = self.draw_act(id);
                tries.push(attempt);
            }
        }
        tries
    }

    /// Most often an open dossier, sometimes one whose result went out; else any there is.
    fn draw_dossier(&mut self, open: &[DossierId]) -> DossierId {
        let order = &self.ledger.order;
        if self.dice.once_in(120) {
            let known = |id: &DossierId| &self.ledger.get(*id).dossier;
            let went_out = |id: &&DossierId| matches!(known(id).state, State::HandedOver { .. });
            let went_out: Vec<DossierId> = order.iter().filter(went_out).copied().collect();
            if !went_out.is_empty() {
                return *self.dice.one_of(&went_out);
            }
        }
        if open.is_empty() || self.dice.once_in(8) {
            // The latest are the likeliest to have something left to do.
            let n_latest = order.len().min(2 * N_ALIVE);
            return order[order.len() - 1 - self.dice.below(n_latest)];
        }
        *self.dice.one_of(open)
    }

    fn draw_act(&mut self, id: DossierId) -> Try {
        let known = self.ledger.get(id);
        let facts = Facts {
            now: self.town.now(),
            missing: &known.missing,
            draft: known.draft.as_deref(),
            may_print: self.n_drafts * self.plan.n_acts.max(Plan::WHOLE) <= MOST_DRAFTS * self.n_tried,
        };
        let fits = !self.dice.once_in(4) && !is_left_waiting(known);
        let (dice, dossier) = (&mut self.dice, &known.dossier);
        let fitting = if fits { fitting::acts(&self.town, dice, dossier, facts) } else { Vec::new() };
        let weight: usize = fitting.iter().map(|fitting| fitting.weight).sum();
        let mut at = dice.below(weight);
        let chosen = fitting.into_iter().find(|fitting| {
            let is_chosen = at < fitting.weight;
            at = at.saturating_sub(fitting.weight);
            is_chosen
        });
        let (officer, act) = match chosen {
            Some(fitting) => (fitting.officer, fitting.act),
            None => (dice.below(self.town.officers.len()), wild::act(&self.town, dice, dossier)),
        };
        Try { officer, key: self.draw_key(), deed: Deed::Act(id, act) }
    }

    fn draw_key(&mut self) -> Option<String> {
        self.dice.once_in(40).then(|| format!("walk-{}-{}", self.n_tried, self.dice.below(1_000_000_000)))
    }

    fn draw_opening(&mut self) -> Try {
        let (town, dice) = (&self.town, &mut self.dice);
        let agencies = [town.agencies.commune, town.agencies.other_commune, town.agencies.department];
        let counters = town.with_post(*dice.one_of(&agencies), Role::Counter);
        let fits = !dice.once_in(5);
        let officer = if fits { *dice.one_of(&counters) } else { dice.below(town.officers.len()) };
        // The first are wholes with parts; each of those makes several dossiers.
        let procedure = dice.below(town.procedures.len());
        let offered = &town.procedures[procedure];
        let case = dice.one_of(&offered.cases);
        let anyway = *dice.one_of(&Channel::ALL);
        let channel = if fits { dice.one_of(&case.channels).channel } else { anyway };
        let communes = [town.agencies.commune, town.agencies.other_commune];
        let competent = if fits { Some(*dice.one_of(&communes)) } else { None };
        let wish = Wish {
            procedure,
            case: case.id.clone(),
            channel,
            competent,
            applicant: dice.below(N_APPLICANTS),
        };
        Try { officer, key: self.draw_key(), deed: Deed::Open(wish) }
    }

    fn may_open(&self, officer: usize, wish: &Wish) -> bool {
        let by = &self.town.officers[officer];
        let procedure = &self.town.procedures[wish.procedure];
        let is_offered = procedure.case(&wish.case).is_some_and(|case| case.terms(wish.channel).is_some());
        let sends = [Role::Counter, Role::PostOffice, Role::Gateway];
        is_offered && sends.into_iter().any(|role| town::has_post(by, by.actor.agency(), role))
    }

    fn officer(&self, place: usize) -> Option<rules::id::OfficerId> {
        self.town.officers[place].actor.officer()
    }

    /// The watch does what nobody's hand does: waits run out, alarms are raised and cleared.
    async fn watch(&mut self) {
        self.town.office.watch_once().await.expect("a round of the watch");
        let mut reader = self.reader().await;
        const BY_ITSELF: [&str; 8] = [
            "wait_expired",
            "whole_moved",
            "number_cancelled",
            "alarm_raised",
            "alarm_cleared",
            "part_ended",
            "dossier_received",
            "dossier_stopped",
        ];
        self.ledger.observe_all(&self.town, &mut reader, &BY_ITSELF).await;
        let state = &self.ledger.get(self.mirror).dossier.state;
        assert!(matches!(state, State::Mirrored { .. }), "nothing is done to a mirror");
    }

    /// Minutes most often, an hour now and then, a weekend or a feast sometimes; within the years that have
    /// a calendar.
    fn time_passes(&mut self) {
        let last: Timestamp = "2027-09-15T01:00:00Z".parse().expect("an instant");
        let minutes = match self.dice.below(200) {
            _ if self.town.now() > last => 0,
            0 => 1 + self.dice.below(4 * 24 * 60),
            1..20 => self.dice.below(3 * 60),
            _ => self.dice.below(12),
        };
        self.town.office.clock.advance(SignedDuration::from_mins(minutes as i64));
    }
}

fn is_of(attempt: &Try, dossier: DossierId) -> bool {
    matches!(&attempt.deed, Deed::Act(id, _) if *id == dossier)
}

/// Some applicants never bring what they were asked for, some halts are forgotten.
fn is_left_waiting(known: &ledger::Known) -> bool {
    let waits = matches!(
        known.dossier.state,
        State::AwaitingPapers { .. }
            | State::AwaitingSupplement { .. }
            | State::AwaitingPayment { .. }
            | State::Halted { .. }
    );
    waits && known.n_events % 2 == 0
}

/// One dossier of a ministry's system.
async fn mirrored(town: &Town) -> DossierId {
    let counters = town.with_post(town.agencies.commune, Role::Counter);
    let procedure = town.procedures.last().expect("the ministry's");
    let mirror = Mirror {
        code: "BTP-1".to_owned(),
        procedure: procedure.code.clone(),
        applicant: town::applicant(0),
        channel: procedure.cases[0].channels[0].channel,
        news: MirrorNews { number: 4, status: "Đang xử lý".to_owned(), due: None },
    };
    town.office.mirror(&town.officers[counters[0]], mirror).await.expect("a mirror")
}

async fn perform(town: &Town, attempt: &Try) -> Answer {
    let by = &By { key: attempt.key.clone(), ..town.officers[attempt.officer].clone() };
    let answer = match &attempt.deed {
        Deed::Act(id, act) => town.office.perform(by, *id, act.clone()).await.map(|()| Answer::Done),
        Deed::Open(wish) => {
            let procedure = &town.procedures[wish.procedure].code;
            let Wish { channel, competent, .. } = *wish;
            let use_stored = wish.applicant.is_multiple_of(2);
            let opening = Opening { procedure, case: Some(&wish.case), channel, competent, use_stored };
            let applicant = town::applicant(wish.applicant);
            town.office.open_intake(by, &applicant, opening).await.map(Answer::Opened)
        }
    };
    match answer {
        Ok(answer) => answer,
        Err(Error::Refused(_) | Error::NotYours(_) | Error::NotFound | Error::Stale) => Answer::Refused,
        Err(error) => panic!("{attempt:?}: {error:?}"),
    }
}

store::on_both!(a_hundred_thousand_random_acts_break_nothing);
