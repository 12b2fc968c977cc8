//! What those who lead see of the work: of their agency, and leaders of an agency of all below it too.
//! A number tells nothing of anybody's papers; of the dossiers behind it each shows as much as its reader
//! may see.

use crate::unit::agencies;
use crate::{Error, Office};
use jiff::{SignedDuration, Timestamp};
use rules::calendar::{Counting, Limit, legal_time};
use rules::id::{AgencyId, OfficerId};
use rules::measure::overview::{DueGroup, Look, Tally};
use rules::people::{Actor, Role};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use store::Reader;
use store::dossier::DossierLine;
use store::measure::{self, Ended, InHandOf, Open, Overseen, Part, Settled};

/// What is over counts for so many days.
pub const DAYS_BACK: i64 = 30;

/// Working days that are near.
const NEAR: u32 = 3;

/// The numbers of all that somebody oversees.
#[derive(Clone, Debug)]
pub struct Overview {
    pub look: Look,
    pub all: Tally,
    /// By name of the part, those with most that is late first.
    pub by_unit: Vec<Line>,
    pub by_officer: Vec<Line>,
    pub by_procedure: Vec<Line>,
}

/// One row of a table: a part of the work with its numbers.
#[derive(Clone, Debug)]
pub struct Line {
    pub part: Part,
    pub name: String,
    pub tally: Tally,
}

/// Which dossiers stand behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// All that is open, or one group of it.
    Open(Option<DueGroup>),
    Settled(Ended),
}

/// The dossiers behind a number, a page of them.
#[derive(Clone, Debug)]
pub struct Listed {
    pub look: Look,
    pub lines: Vec<DossierLine>,
    /// How many there are on all pages.
    pub n: u64,
    /// The names of what the list is narrowed by, and of everybody it names.
    pub units: BTreeMap<AgencyId, String>,
    pub officers: BTreeMap<OfficerId, String>,
    pub procedures: BTreeMap<String, String>,
}

impl Office {
    /// The numbers of what an actor oversees, in a fixed number of readings.
    pub async fn overview(&self, actor: &Actor) -> Result<Overview, Error> {
        let look = self.look(actor);
        let mut reader = self.db.read().await?;
        let overseen = overseen(&mut reader, actor).await?;
        let open = measure::open(&mut reader, &overseen, &look).await?;
        let settled = measure::settled(&mut reader, &overseen, since(look.now)).await?;
        let names = Names::read(&mut reader, &open, &settled).await?;
        Ok(told(look, &open, &settled, &names))
    }

    /// The dossiers behind one of those numbers, from the `offset`-th on.
    pub async fn behind(
        &self,
        actor: &Actor,
        part: &Part,
        behind: Behind,
        (limit, offset): (i64, i64),
    ) -> Result<Listed, Error> {
        let look = self.look(actor);
        let mut reader = self.db.read().await?;
        let overseen = overseen(&mut reader, actor).await?;
        let page = (limit, offset);
        let lines = match behind {
            Behind::Open(group) => {
                measure::lines_open(&mut reader, &overseen, (part, group), &look, page).await?
            }
            Behind::Settled(which) => {
                let since = since(look.now);
                measure::lines_settled(&mut reader, &overseen, (part, which), since, page).await?
            }
        };
        let open = measure::open(&mut reader, &overseen, &look).await?;
        let settled = measure::settled(&mut reader, &overseen, since(look.now)).await?;
        let names = Names::read(&mut reader, &open, &settled).await?;
        let tally = tally(part, &open, &settled);
        let n = match behind {
            Behind::Open(None) => tally.n_open(),
            Behind::Open(Some(group)) => tally.n(group),
            Behind::Settled(Ended::All) => tally.n_settled(),
            Behind::Settled(Ended::Late) => tally.n_late(),
        };
        let Names { units, officers, procedures } = names;
        Ok(Listed { look, lines, n, units, officers, procedures })
    }

    fn look(&self, actor: &Actor) -> Look {
        let (now, today) = (self.clock.now(), self.clock.today());
        let calendar = match leading(actor).next() {
            Some((agency, _)) => self.calendars.of(agency).clone(),
            None => self.calendars.national().clone(),
        };
        let near = calendar.due(legal_time(now), Limit::WorkingDays(NEAR), Counting::Days);
        Look { now, today, near: near.map_or(today, |near| near.at.date()) }
    }
}

fn since(now: Timestamp) -> Timestamp {
    now - SignedDuration::from_hours(24 * DAYS_BACK)
}

/// Where an actor leads today, and whether it is all below that too.
fn leading(actor: &Actor) -> impl Iterator<Item = (AgencyId, Role)> + '_ {
    let leads = [Role::Head, Role::Leader, Role::CentreHead];
    actor.held().filter(move |(post, _)| leads.contains(&post.role)).map(|(post, _)| (post.agency, post.role))
}

/// What an actor oversees: a head his agency, a leader his agency and all below it. Who has to do with some
/// procedures only oversees those.
async fn overseen(reader: &mut Reader, actor: &Actor) -> Result<Overseen, Error> {
    let agencies = agencies(reader).await?;
    let mut overseen = Overseen::default();
    for (post, _) in actor.held() {
        let reach = match post.role {
            Role::Head => BTreeSet::from([post.agency]),
            Role::Leader | Role::CentreHead => {
                let mut reach = agencies.below(BTreeSet::from([post.agency]));
                reach.insert(post.agency);
                reach
            }
            _ => continue,
        };
        match &post.procedures {
            None => overseen.whole.extend(reach),
            Some(procedures) => {
                let pairs = |agency: AgencyId| procedures.iter().map(move |of| (agency, of.clone()));
                overseen.in_part.extend(reach.into_iter().flat_map(pairs));
            }
        }
    }
    Ok(overseen)
}

/// The names a page of numbers needs.
struct Names {
    units: BTreeMap<AgencyId, String>,
    officers: BTreeMap<OfficerId, String>,
    procedures: BTreeMap<String, String>,
}

impl Names {
    async fn read(reader: &mut Reader, open: &[Open], settled: &[Settled]) -> Result<Self, Error> {
        let officers = open.iter().filter_map(|row| row.officer);
        let officers: BTreeSet<OfficerId> =
            officers.chain(settled.iter().filter_map(|row| row.officer)).collect();
        let officers: Vec<_> = officers.into_iter().map(|officer| officer.0).collect();
        let of_open = open.iter().map(|row| (&row.procedure, &row.procedure_name));
        let of_settled = settled.iter().map(|row| (&row.procedure, &row.procedure_name));
        Ok(Self {
            units: store::people::unit_names(reader).await?,
            officers: store::people::officer_names(reader, &officers).await?,
            procedures: of_open.chain(of_settled).map(|(code, name)| (code.clone(), name.clone())).collect(),
        })
    }
}

/// The numbers of one part, of rows of the whole.
fn tally(part: &Part, open: &[Open], settled: &[Settled]) -> Tally {
    let is_of = |unit: AgencyId, officer: Option<OfficerId>, procedure: &str| {
        part.unit.is_none_or(|of| of == unit)
            && part.officer.is_none_or(|of| of == hands(officer))
            && part.procedure.as_ref().is_none_or(|of| of.as_str() == procedure)
    };
    let all =
        tallies(open, settled, |unit, officer, procedure| is_of(unit, officer, procedure).then_some(()));
    all.into_values().next().unwrap_or_default()
}

fn hands(officer: Option<OfficerId>) -> InHandOf {
    officer.map_or(InHandOf::Nobody, InHandOf::Officer)
}

/// The numbers by a key that is made of unit, officer and procedure; rows without one are left out.
fn tallies<'r, K: Ord>(
    open: &'r [Open],
    settled: &'r [Settled],
    key: impl Fn(AgencyId, Option<OfficerId>, &'r str) -> Option<K>,
) -> BTreeMap<K, Tally> {
    let mut tallies: BTreeMap<K, Tally> = BTreeMap::new();
    for row in open {
        if let Some(key) = key(row.unit, row.officer, &row.procedure) {
            tallies.entry(key).or_default().add_open(row.group, row.n);
        }
    }
    for row in settled {
        if let Some(key) = key(row.unit, row.officer, &row.procedure) {
            tallies.entry(key).or_default().add_settled(row.hours, row.n, row.in_time);
        }
    }
    tallies
}

fn told(look: Look, open: &[Open], settled: &[Settled], names: &Names) -> Overview {
    let unit = |unit: AgencyId| Line::of(Part { unit: Some(unit), ..Part::default() }, names);
    let officer = |officer| Line::of(Part { officer: Some(hands(officer)), ..Part::default() }, names);
    let procedure = |code: &str| Line::of(Part { procedure: code.parse().ok(), ..Part::default() }, names);
    Overview {
        look,
        all: tally(&Part::default(), open, settled),
        by_unit: lines(tallies(open, settled, |of, _, _| Some(of)), unit),
        by_officer: lines(tallies(open, settled, |_, of, _| Some(of)), officer),
        by_procedure: lines(tallies(open, settled, |_, _, of| Some(of)), procedure),
    }
}

/// What is late most stands first.
fn lines<K>(tallies: BTreeMap<K, Tally>, line: impl Fn(K) -> Line) -> Vec<Line> {
    let mut lines: Vec<Line> = tallies.into_iter().map(|(key, tally)| Line { tally, ..line(key) }).collect();
    lines.sort_by_cached_key(|line| {
        (Reverse(line.tally.n(DueGroup::Overdue)), rules::text::sort_key(&line.name))
    });
    lines
}

impl Line {
    fn of(part: Part, names: &Names) -> Self {
        let name = match (part.unit, part.officer, &part.procedure) {
            (Some(unit), _, _) => names.units.get(&unit).cloned(),
            (_, Some(InHandOf::Nobody), _) => Some("Chưa giao cho ai".to_owned()),
            (_, Some(InHandOf::Officer(officer)), _) => names.officers.get(&officer).cloned(),
            (_, _, Some(code)) => names.procedures.get(code.as_str()).cloned(),
            _ => None,
        };
        Self { part, name: name.unwrap_or_default(), tally: Tally::default() }
    }
}
