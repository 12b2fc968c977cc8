//! The proof that a process is sound: from wherever a dossier can come to, a way leads to the hand-over,
//! no step is never come to, and each task finds the paper as it needs it. What is walked is not the
//! steps alone but the steps with what has become of the paper, as the dossier's own rules change it.

use super::faults::{About, Place, duplicates};
use super::{ProcedureFault, Process, Step, StepTask};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::ops::RangeInclusive;

/// More steps than any internal process has; the bound keeps the proof quick on hostile files.
pub const MOST_STEPS: usize = 100;

/// What has become of the result's paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paper {
    Blank,
    Drafted,
    Signed,
    Sealed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    Forward,
    /// Sent back, with a reason.
    Back,
}

/// The steps from the first to the one where a fault shows, each with the move that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way(pub Vec<(Move, Place)>);

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, (by, place)) in self.0.iter().enumerate() {
            match by {
                _ if nth == 0 => {}
                Move::Forward => write!(f, " → ")?,
                Move::Back => write!(f, " ↩ ")?,
            }
            write!(f, "{}", place.name)?;
        }
        Ok(())
    }
}

impl StepTask {
    /// The paper this task can be done with.
    fn needs(self) -> RangeInclusive<Paper> {
        match self {
            Self::Assign | Self::Examine | Self::Verify => Paper::Blank..=Paper::Signed,
            Self::Draft => Paper::Blank..=Paper::Drafted,
            Self::Approve | Self::Sign => Paper::Drafted..=Paper::Drafted,
            Self::Seal => Paper::Signed..=Paper::Signed,
            Self::HandOver => Paper::Sealed..=Paper::Sealed,
        }
    }

    fn leaves(self, paper: Paper) -> Paper {
        match self {
            Self::Draft => Paper::Drafted,
            Self::Sign => Paper::Signed,
            Self::Seal => Paper::Sealed,
            Self::Assign | Self::Examine | Self::Verify | Self::Approve | Self::HandOver => paper,
        }
    }
}

/// A dossier at a step, before the step is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    step: usize,
    paper: Paper,
}

/// The ways between the steps, by their places in the list. Ways to unknown steps are left out, and
/// nothing leads on from a hand-over.
pub(super) struct Graph<'p> {
    steps: &'p [Step],
    next: Vec<Vec<usize>>,
    back: Vec<Vec<usize>>,
}

pub(super) fn collect(process: &Process, faults: &mut Vec<ProcedureFault>) {
    duplicates("bước", &About::Process, process.steps.iter().map(|step| &step.id), faults);
    if process.steps.is_empty() {
        faults.push(ProcedureFault::NoStep);
        return;
    }
    if process.steps.len() > MOST_STEPS {
        faults.push(ProcedureFault::TooManySteps { most: MOST_STEPS });
        return;
    }
    let graph = Graph::of(process);
    graph.collect_bad_ways(process, faults);
    let reached = graph.forward_from(0);
    for (nth, step) in graph.steps.iter().enumerate() {
        if !reached.contains(&nth) {
            faults.push(ProcedureFault::Unreachable { step: step.place() });
        }
    }
    if let Some(way) = graph.circle() {
        faults.push(ProcedureFault::Circle { way });
    }
    graph.collect_walked_faults(faults);
}

impl<'p> Graph<'p> {
    pub(super) fn of(process: &'p Process) -> Self {
        let places: BTreeMap<&str, usize> =
            process.steps.iter().enumerate().map(|(nth, step)| (step.id.as_str(), nth)).collect();
        let known = |ids: &[String]| ids.iter().filter_map(|id| places.get(id.as_str()).copied()).collect();
        let next = |step: &Step| match step.task {
            StepTask::HandOver => Vec::new(),
            _ => known(&step.next),
        };
        Self {
            steps: &process.steps,
            next: process.steps.iter().map(next).collect(),
            back: process.steps.iter().map(|step| known(&step.back_to)).collect(),
        }
    }

    /// What a step's own lines show, without walking.
    fn collect_bad_ways(&self, process: &Process, faults: &mut Vec<ProcedureFault>) {
        for (nth, step) in self.steps.iter().enumerate() {
            let about = About::Step(step.id.clone());
            let ways = |what: &str| format!("{what} của bước “{}”", step.name);
            duplicates(&ways("đường đi tiếp"), &about, step.next.iter(), faults);
            duplicates(&ways("đường trả lại"), &about, step.back_to.iter(), faults);
            for to in step.next.iter().chain(&step.back_to) {
                if process.step(to).is_none() {
                    faults.push(ProcedureFault::UnknownStep { step: step.place(), to: to.clone() });
                }
            }
            match step.task {
                StepTask::HandOver if !step.next.is_empty() => {
                    faults.push(ProcedureFault::NotTheEnd { step: step.place() });
                }
                StepTask::HandOver if !step.back_to.is_empty() => {
                    faults.push(ProcedureFault::BackAfterSeal { step: step.place() });
                }
                StepTask::Sign | StepTask::Approve if step.back_to.is_empty() => {
                    faults.push(ProcedureFault::CannotDecline { step: step.place() });
                }
                _ => {}
            }
            for &to in &self.back[nth] {
                if to == nth || !self.forward_from(to).contains(&nth) {
                    let to = self.steps[to].place();
                    faults.push(ProcedureFault::NotEarlier { step: step.place(), to });
                }
            }
        }
    }

    fn forward_from(&self, start: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::from([start]);
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            open.extend(self.next[at].iter().filter(|to| reached.insert(**to)));
        }
        reached
    }

    /// Steps in an order in which every way forward leads to a later one, as far as there is one; those
    /// on a circle or before it are left out.
    fn last_to_first(&self) -> Vec<usize> {
        let mut ordered = Vec::new();
        let mut placed = BTreeSet::new();
        while let Some(at) = (0..self.steps.len())
            .find(|at| !placed.contains(at) && self.next[*at].iter().all(|to| placed.contains(to)))
        {
            placed.insert(at);
            ordered.push(at);
        }
        ordered
    }

    /// A way forward that comes back to a step it has passed.
    fn circle(&self) -> Option<Way> {
        let placed: BTreeSet<usize> = self.last_to_first().into_iter().collect();
        // What leads to a circle is not placed, so from the first step on there is always a next one.
        let onward = |at: usize| self.next[at].iter().copied().find(|to| !placed.contains(to));
        let mut passed = Vec::new();
        let mut at = Some(0).filter(|first| !placed.contains(first))?;
        while !passed.contains(&at) {
            passed.push(at);
            at = onward(at)?;
        }
        passed.push(at);
        Some(self.way(passed.into_iter().map(|at| (Move::Forward, at))))
    }

    /// The way forward whose steps weigh most together, with its weight; none where a circle is.
    pub(super) fn heaviest_way(&self, weight: impl Fn(&Step) -> u32) -> Option<(Way, u32)> {
        let ordered = self.last_to_first();
        if !ordered.contains(&0) {
            return None;
        }
        // The weight from each step to the end, and the step that comes next on that way.
        let mut onward: BTreeMap<usize, (u32, Option<usize>)> = BTreeMap::new();
        for at in ordered {
            let heaviest = self.next[at].iter().map(|to| (onward[to].0, *to)).max_by_key(|(rest, _)| *rest);
            let rest = heaviest.map_or(0, |(rest, _)| rest);
            onward.insert(at, (rest.saturating_add(weight(&self.steps[at])), heaviest.map(|(_, to)| to)));
        }
        let way = std::iter::successors(Some(0), |at| onward[at].1);
        Some((self.way(way.map(|at| (Move::Forward, at))), onward[&0].0))
    }

    fn way(&self, steps: impl Iterator<Item = (Move, usize)>) -> Way {
        Way(steps.map(|(by, at)| (by, self.steps[at].place())).collect())
    }

    fn is_blocked(&self, at: Standing) -> bool {
        !self.steps[at.step].task.needs().contains(&at.paper)
    }

    fn is_end(&self, at: Standing) -> bool {
        self.steps[at.step].task == StepTask::HandOver && !self.is_blocked(at)
    }

    /// Where a dossier can go from here: on, when the task can be done, and back, until the seal is set.
    /// A draft that was sent back must be signed again.
    fn moves(&self, at: Standing) -> Vec<(Move, Standing)> {
        let mut moves = Vec::new();
        if !self.is_blocked(at) {
            let paper = self.steps[at.step].task.leaves(at.paper);
            moves.extend(self.next[at.step].iter().map(|&step| (Move::Forward, Standing { step, paper })));
        }
        if at.paper < Paper::Sealed {
            let paper = at.paper.min(Paper::Drafted);
            moves.extend(self.back[at.step].iter().map(|&step| (Move::Back, Standing { step, paper })));
        }
        moves
    }

    fn collect_walked_faults(&self, faults: &mut Vec<ProcedureFault>) {
        let walk = Walk::of(self);
        let mut named = BTreeSet::new();
        let blocked: Vec<Standing> = walk.found.iter().copied().filter(|at| self.is_blocked(*at)).collect();
        for at in &blocked {
            let task = self.steps[at.step].task;
            if named.insert((at.step, at.paper > *task.needs().end())) {
                faults.push(ProcedureFault::Misplaced { way: walk.way_to(self, *at), task, paper: at.paper });
            }
        }
        // A dead end that a misplaced task explains is not told twice.
        let mut told = walk.leading_to(walk.found.iter().copied().filter(|at| self.is_end(*at)).collect());
        told.extend(walk.leading_to(blocked));
        let (stuck, rest): (Vec<Standing>, Vec<Standing>) =
            walk.found.iter().partition(|at| self.moves(**at).is_empty());
        let mut named = BTreeSet::new();
        for at in stuck.into_iter().chain(rest) {
            // One step is a dead end once, whatever the paper was.
            if !told.contains(&at) && named.insert(at.step) {
                faults.push(ProcedureFault::DeadEnd { way: walk.way_to(self, at) });
                told.extend(walk.leading_to(vec![at]));
                told.extend(Walk::from(self, at).found);
            }
        }
    }
}

/// Everywhere a dossier can come to, the nearest first, each with whence and how it was come to first.
struct Walk {
    found: Vec<Standing>,
    came: BTreeMap<Standing, Option<(Move, Standing)>>,
    before: BTreeMap<Standing, Vec<Standing>>,
}

impl Walk {
    fn of(graph: &Graph<'_>) -> Self {
        Self::from(graph, Standing { step: 0, paper: Paper::Blank })
    }

    fn from(graph: &Graph<'_>, start: Standing) -> Self {
        let mut walk =
            Self { found: Vec::new(), came: BTreeMap::from([(start, None)]), before: BTreeMap::new() };
        let mut open = VecDeque::from([start]);
        while let Some(at) = open.pop_front() {
            walk.found.push(at);
            for (by, to) in graph.moves(at) {
                walk.before.entry(to).or_default().push(at);
                walk.came.entry(to).or_insert_with(|| {
                    open.push_back(to);
                    Some((by, at))
                });
            }
        }
        walk
    }

    /// Those from which one of `goals` can be come to, and the goals themselves.
    fn leading_to(&self, mut open: Vec<Standing>) -> BTreeSet<Standing> {
        let mut leading: BTreeSet<Standing> = open.iter().copied().collect();
        while let Some(at) = open.pop() {
            let before = self.before.get(&at).into_iter().flatten().copied();
            open.extend(before.filter(|standing| leading.insert(*standing)));
        }
        leading
    }

    fn way_to(&self, graph: &Graph<'_>, at: Standing) -> Way {
        let mut back = Vec::new();
        let mut here = Some(at);
        while let Some(at) = here {
            let came = self.came.get(&at).copied().flatten();
            back.push((came.map_or(Move::Forward, |(by, _)| by), at.step));
            here = came.map(|(_, before)| before);
        }
        graph.way(back.into_iter().rev())
    }
}

#[cfg(test)]
mod tests;
