//! Edits of a process that keep its ways together: a step put between two others is on the way from the
//! one to the other, and what led to a step that is taken out leads on to where it led. Whether the
//! outcome is sound is the proof's to say.

use super::{AgencyRule, Process, Step, StepTask};
use crate::calendar::Limit;
use crate::people::Role;
use crate::text::fold;

/// Which neighbour a thing changes places with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    Earlier,
    Later,
}

impl Step {
    /// A step to begin with: it fits wherever nothing is sealed yet.
    pub fn blank(id: String, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            role: Role::Specialist,
            agency: AgencyRule::Competent,
            allowance: Limit::WorkingHours(1),
            task: StepTask::Verify,
            next: Vec::new(),
            back_to: Vec::new(),
            consults: Vec::new(),
        }
    }
}

impl Process {
    /// Puts a step behind the one at `after`, on every way that led on from it. Nothing comes behind a
    /// hand-over: there the new step goes before it, on every way that led to it.
    pub fn insert_after(&mut self, after: usize, mut step: Step) {
        let Some(before) = self.steps.get_mut(after) else { return self.steps.push(step) };
        if before.task == StepTask::HandOver {
            let last = before.id.clone();
            self.lead_elsewhere(&last, std::slice::from_ref(&step.id));
            step.next = vec![last];
            return self.steps.insert(after, step);
        }
        step.next = std::mem::replace(&mut before.next, vec![step.id.clone()]);
        self.steps.insert(after + 1, step);
    }

    /// Lets the step at `at` also go on to a new step, which comes back to the way that is proposed.
    pub fn branch_at(&mut self, at: usize, mut step: Step) {
        let Some(fork) = self.steps.get_mut(at).filter(|fork| fork.task != StepTask::HandOver) else {
            return;
        };
        step.next = fork.next.first().cloned().into_iter().collect();
        fork.next.push(step.id.clone());
        self.steps.insert(at + 1, step);
    }

    /// Takes a step out. What led to it leads on to where it led; nothing goes back to it, and a wait that
    /// could begin there alone goes with it.
    pub fn remove_step(&mut self, at: usize) {
        if at >= self.steps.len() {
            return;
        }
        let gone = self.steps.remove(at);
        self.lead_elsewhere(&gone.id, &gone.next);
        for step in &mut self.steps {
            step.back_to.retain(|to| *to != gone.id);
        }
        self.waits.retain_mut(|wait| {
            let began_everywhere = wait.steps.is_empty();
            wait.steps.retain(|step| *step != gone.id);
            // Without a step of its own it would begin everywhere now.
            began_everywhere || !wait.steps.is_empty()
        });
    }

    /// Every way to `from` leads to `to` instead, without naming a step twice.
    fn lead_elsewhere(&mut self, from: &str, to: &[String]) {
        for step in &mut self.steps {
            let Some(at) = step.next.iter().position(|next| next == from) else { continue };
            let new: Vec<String> =
                to.iter().filter(|id| !step.next.contains(id) && **id != step.id).cloned().collect();
            step.next.splice(at..=at, new);
        }
    }
}

/// Lets the thing at `at` change places with a neighbour; the first and the last stay where there is none.
pub fn shift<T>(list: &mut [T], at: usize, by: Shift) {
    let other = match by {
        Shift::Earlier => at.checked_sub(1),
        Shift::Later => Some(at + 1),
    };
    if let Some(other) = other.filter(|other| at.max(*other) < list.len()) {
        list.swap(at, other);
    }
}

/// An id made of a name that no other thing has: `tham-dinh`, then `tham-dinh-2`.
pub fn fresh_id<'a>(name: &str, taken: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = fold(name)
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let mut base = words.join("-");
    base.truncate(40);
    if base.is_empty() {
        base.push_str("muc");
    }
    let taken: Vec<&str> = taken.collect();
    let numbered = (2..).map(|n: u32| format!("{base}-{n}"));
    let free = std::iter::once(base.clone()).chain(numbered).find(|id| !taken.contains(&id.as_str()));
    free.unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::{Shift, fresh_id, shift};
    use crate::procedure::tests::kite;
    use crate::procedure::{Process, Step};
    use crate::sample::shipped;
    use proptest::prelude::{any, prop_assert, proptest};

    fn new() -> Step {
        Step::blank("moi".to_owned(), "Bước mới")
    }

    fn ways(process: &Process, id: &str) -> Vec<String> {
        process.step(id).expect("a step").next.clone()
    }

    #[test]
    fn a_step_is_put_on_the_way_of_the_one_before() {
        let mut process = kite().process;
        process.insert_after(0, new());
        assert_eq!(process.steps[1].id, "moi");
        assert_eq!(ways(&process, "ngo"), ["moi"]);
        assert_eq!(ways(&process, "moi"), ["viet", "hoi"]);
        assert_eq!(process.steps.len(), 7);
    }

    #[test]
    fn a_step_behind_the_hand_over_goes_before_it() {
        let mut process = kite().process;
        process.insert_after(5, new());
        assert_eq!((ways(&process, "dau"), ways(&process, "moi")), (vec!["moi".into()], vec!["dua".into()]));
        assert_eq!(process.steps[6].id, "dua");
    }

    #[test]
    fn a_branch_comes_back_to_the_proposed_way() {
        let mut process = kite().process;
        process.branch_at(2, new());
        assert_eq!(
            (ways(&process, "viet"), ways(&process, "moi")),
            (vec!["duyet".into(), "moi".into()], vec!["duyet".into()])
        );
        let before = process.clone();
        process.branch_at(6, Step::blank("khac".to_owned(), ""));
        assert_eq!(process, before, "nothing branches off the hand-over");
    }

    #[test]
    fn what_led_to_a_step_that_is_gone_leads_on() {
        let mut process = kite().process;
        process.remove_step(1);
        assert_eq!(ways(&process, "ngo"), ["viet"], "named once");
        process.remove_step(1);
        assert_eq!(ways(&process, "ngo"), ["duyet"]);
        assert!(process.step("duyet").expect("a step").back_to.is_empty());
        let halt = &process.waits[process.waits.len() - 1];
        assert_eq!(halt.steps, ["duyet"], "what began at the step that is gone begins no more");
        let (n_waits, halt) = (process.waits.len(), halt.what);
        process.remove_step(1);
        assert_eq!(process.waits.len(), n_waits - 1, "a wait goes with the last step it could begin at");
        assert!(process.waits.iter().all(|wait| wait.what != halt), "and those of every step stay");
        let before = process.clone();
        process.remove_step(99);
        assert_eq!(process, before);
    }

    #[test]
    fn neighbours_change_places() {
        let mut letters = ['a', 'b', 'c'];
        shift(&mut letters, 1, Shift::Earlier);
        assert_eq!(letters, ['b', 'a', 'c']);
        shift(&mut letters, 1, Shift::Later);
        shift(&mut letters, 2, Shift::Later);
        shift(&mut letters, 0, Shift::Earlier);
        assert_eq!(letters, ['b', 'c', 'a']);
    }

    #[test]
    fn ids_are_made_of_names() {
        assert_eq!(fresh_id("Thẩm định  hồ sơ!", std::iter::empty()), "tham-dinh-ho-so");
        assert_eq!(fresh_id("Ký", ["ky", "ky-2"].into_iter()), "ky-3");
        assert_eq!(fresh_id("…", std::iter::empty()), "muc");
        assert!(fresh_id(&"dài ".repeat(40), std::iter::empty()).len() <= 40);
    }

    proptest! {
        /// A step that was just put in and is taken out again leaves everything as it was.
        #[test]
        fn an_insertion_is_undone_by_removing(at in 0_usize..7) {
            let process = shipped().process;
            let mut edited = process.clone();
            edited.insert_after(at, new());
            let place = edited.steps.iter().position(|step| step.id == "moi").expect("it is there");
            edited.remove_step(place);
            prop_assert!(edited == process);
        }

        /// Whatever is edited, a sound process gains no way to a step that is not there.
        #[test]
        fn no_edit_leaves_a_way_to_nowhere(edits in any::<[(u8, u8); 6]>()) {
            let mut process = shipped().process;
            for (nth, (what, at)) in edits.into_iter().enumerate() {
                let at = usize::from(at) % process.steps.len().max(1);
                let step = Step::blank(format!("moi-{nth}"), "Bước mới");
                match what % 4 {
                    0 => process.insert_after(at, step),
                    1 => process.branch_at(at, step),
                    2 => process.remove_step(at),
                    _ => shift(&mut process.steps, at, Shift::Later),
                }
            }
            for to in process.steps.iter().flat_map(|step| step.next.iter().chain(&step.back_to)) {
                prop_assert!(process.step(to).is_some());
            }
        }
    }
}
