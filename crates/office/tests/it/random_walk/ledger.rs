//! What the walk knows of every dossier, and how what it finds after an act is held against what it knew.

use super::checks;
use super::tally::Tally;
use super::town::Town;
use office::dossier::act::Act;
use rules::counter::{DossierComponent, Incomplete};
use rules::dossier::{Dossier, State, Wish};
use rules::event::{Body, Event};
use rules::id::{DossierId, OfficerId};
use rules::procedure::StepTask;
use rules::signing::ResultState;
use std::collections::BTreeMap;
use store::Reader;
use store::testing::columns;

#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) dossier: Dossier,
    pub(super) n_events: i64,
    pub(super) missing: Vec<String>,
    pub(super) draft: Option<String>,
}

/// An act that was accepted.
#[derive(Clone, Debug)]
pub(super) struct Accepted<'a> {
    pub(super) by: Option<OfficerId>,
    pub(super) act: &'a Act,
}

#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) known: BTreeMap<DossierId, Known>,
    /// In the order in which they were opened: what is drawn by a number is drawn again by it.
    pub(super) order: Vec<DossierId>,
    pub(super) tally: Tally,
}

impl Ledger {
    pub(super) fn get(&self, id: DossierId) -> &Known {
        &self.known[&id]
    }

    /// The whole a dossier belongs to; itself where it is nobody's part.
    pub(super) fn root(&self, id: DossierId) -> DossierId {
        self.get(id).dossier.part_of.unwrap_or(id)
    }

    /// A dossier nobody has seen yet, with the event it begins with.
    pub(super) async fn discover(&mut self, town: &Town, reader: &mut Reader, id: DossierId, first: &[&str]) {
        let dossier = find(reader, id).await;
        let events = columns::events_after(reader, id, 0).await.expect("read");
        let kinds: Vec<String> = events.iter().map(kind).collect();
        let begins = kinds.first().is_some_and(|kind| first.contains(&kind.as_str()));
        // What was opened may have changed with its whole since.
        let goes_on = kinds.iter().skip(1).all(|kind| RELATED.contains(&kind.as_str()));
        assert!(begins && goes_on, "{id}: {events:?}");
        let n_saves = kinds.iter().filter(|kind| is_save(kind)).count();
        assert_eq!(usize::try_from(dossier.version), Ok(n_saves), "{id}: a save an event, {events:?}");
        self.keep(town, reader, dossier, n_of(&events)).await;
        self.order.push(id);
    }

    /// A dossier on which acts were tried, some of them accepted.
    pub(super) async fn observe(
        &mut self,
        town: &Town,
        reader: &mut Reader,
        id: DossierId,
        accepted: &[Accepted<'_>],
    ) {
        let found = self.look(reader, id).await;
        let (before, after) = (&self.get(id).dossier, &found.dossier);
        if accepted.is_empty() {
            assert_eq!(before, after, "{id}: a refused act changed something");
            assert!(found.events.is_empty(), "{id}: a refused act left {:?}", found.events);
            return;
        }
        let expected = accepted.iter().filter_map(|accepted| event_of(accepted.act, before));
        let mut expected: Vec<&str> = expected.collect();
        let mut written: Vec<String> = found.events.iter().map(kind).collect();
        let goes_along = ["part_opened", "part_ended", "result_filed", "number_cancelled"];
        written.retain(|kind| !goes_along.contains(&kind.as_str()));
        expected.sort_unstable();
        written.sort_unstable();
        // Asking every agency the process wants is one act, and an event for each of them.
        if accepted.iter().any(|accepted| matches!(accepted.act, Act::ConsultAll)) {
            expected.dedup();
            written.dedup();
        }
        assert_eq!(written, expected, "{id}: one event an act, after {accepted:?}");
        for event in &found.events {
            assert!(accepted.iter().any(|accepted| accepted.by == event.actor), "{id}: {event:?}");
            assert_eq!(event.happened_at, town.now(), "{id}: {event:?}");
        }
        self.take(town, reader, found).await;
        self.observe_family(town, reader, id, &RELATED).await;
    }

    /// What an act on one of a family did to the others.
    async fn observe_family(&mut self, town: &Town, reader: &mut Reader, id: DossierId, kinds: &[&str]) {
        let root = self.root(id);
        let mut family = vec![root];
        family.extend(self.get(root).dossier.life.parts.iter().map(|part| part.dossier));
        for member in family.iter().copied().filter(|member| *member != id) {
            if self.known.contains_key(&member) {
                self.observe_other(town, reader, member, kinds).await;
            } else {
                self.discover(town, reader, member, &["dossier_received", "part_awaits"]).await;
            }
        }
        if family.len() > 1 {
            let dossiers = family.iter().map(|member| (*member, &self.get(*member).dossier)).collect();
            checks::check_family(town, &self.get(root).dossier, &dossiers);
        }
    }

    /// A dossier that nobody acted on, which may have changed in these ways only.
    async fn observe_other(&mut self, town: &Town, reader: &mut Reader, id: DossierId, kinds: &[&str]) {
        let found = self.look(reader, id).await;
        for event in &found.events {
            assert!(kinds.contains(&kind(event).as_str()), "{id}: {event:?} came from nowhere");
        }
        if found.events.is_empty() {
            assert_eq!(self.get(id).dossier, found.dossier, "{id}: changed without an event");
            return;
        }
        self.take(town, reader, found).await;
    }

    /// Every dossier that is not as it was known to be, changed by nobody's hand: by the watch, if it
    /// changed at all.
    pub(super) async fn observe_all(&mut self, town: &Town, reader: &mut Reader, kinds: &[&str]) {
        let heads = columns::heads(reader).await.expect("read");
        assert_eq!(heads.len(), self.known.len(), "a dossier that nobody opened");
        for (id, version, n_events) in heads {
            let known = self.get(id);
            if (known.dossier.version, known.n_events) != (version, n_events) {
                self.observe_other(town, reader, id, kinds).await;
                self.observe_family(town, reader, id, kinds).await;
            }
        }
    }

    async fn look(&self, reader: &mut Reader, id: DossierId) -> Found {
        let n_known = self.get(id).n_events;
        let events = columns::events_after(reader, id, n_known).await.expect("read");
        Found { dossier: find(reader, id).await, events }
    }

    /// Holds a change against the events that tell of it, and keeps it.
    async fn take(&mut self, town: &Town, reader: &mut Reader, found: Found) {
        let Found { dossier: after, events } = found;
        let id = after.id;
        let known = self.get(id);
        let (before, n_events) = (known.dossier.clone(), known.n_events + n_of(&events));
        checks::check_kept(&before, &after);
        let saving: Vec<String> = events.iter().map(kind).filter(|kind| is_save(kind)).collect();
        let n_saves = i64::try_from(saving.len()).expect("few");
        assert_eq!(after.version, before.version + n_saves, "{id}: a save an event, {events:?}");
        if let [first, rest @ ..] = saving.as_slice()
            && rest.iter().all(|kind| kind == first)
        {
            self.tally.note(before.state.kind(), first, after.state.kind());
        }
        self.keep(town, reader, after, n_events).await;
    }

    async fn keep(&mut self, town: &Town, reader: &mut Reader, dossier: Dossier, n_events: i64) {
        checks::check(town, reader, &dossier).await;
        let missing = missing(town, reader, &dossier).await;
        let draft = draft(town, reader, &dossier).await;
        self.known.insert(dossier.id, Known { dossier, n_events, missing, draft });
    }
}

/// What acts on a whole do to its parts, and on a part to its whole and the parts that waited for it.
const RELATED: [&str; 8] = [
    "part_ended",
    "dossier_received",
    "withdrawn",
    "result_handed_over",
    "dossier_stopped",
    "part_opened",
    "whole_moved",
    "number_cancelled",
];

struct Found {
    dossier: Dossier,
    events: Vec<Event>,
}

pub(super) async fn find(reader: &mut Reader, id: DossierId) -> Dossier {
    store::dossier::find(reader, id).await.expect("read").expect("the dossier is there")
}

fn n_of(events: &[Event]) -> i64 {
    i64::try_from(events.len()).expect("few")
}

pub(super) fn kind(event: &Event) -> String {
    Body::kind(&event.body)
}

/// Papers and alarms have rows of their own; everything else is saved with the dossier.
fn is_save(kind: &str) -> bool {
    let beside = [
        "component_marked",
        "sides_reconciled",
        "paper_reused",
        "result_filed",
        "number_cancelled",
        "part_opened",
        "alarm_raised",
        "alarm_cleared",
    ];
    !beside.contains(&kind)
}

/// The components that keep a dossier from being complete, where that is asked.
async fn missing(town: &Town, reader: &mut Reader, dossier: &Dossier) -> Vec<String> {
    let is_asked = matches!(
        dossier.state,
        State::Preparing
            | State::Submitted { .. }
            | State::AwaitingPapers { .. }
            | State::AwaitingSupplement { .. }
    );
    let Some(case) = town.procedure_of(dossier).case(&dossier.case).filter(|_| is_asked) else {
        return Vec::new();
    };
    let kept = store::counter::components(reader, dossier.id).await.expect("read");
    let brought: Vec<DossierComponent> = kept.into_iter().map(|kept| kept.component).collect();
    let faults = rules::counter::shortcomings(case, &brought, |_| false);
    let missing = faults.into_iter().filter_map(|fault| match fault {
        Incomplete::Missing { component } => Some(component),
        _ => None,
    });
    missing.collect()
}

/// The digest of the draft that waits for its signature. The paper is there as the step needs it.
async fn draft(town: &Town, reader: &mut Reader, dossier: &Dossier) -> Option<String> {
    let (step, _) = town.step_of(dossier)?;
    if !matches!(step.task, StepTask::Sign | StepTask::Seal) {
        return None;
    }
    let result = dossier.state.at_step()?.result.expect("signed or sealed is what was drafted");
    let paper = store::signing::result(reader, result).await.expect("read").expect("the paper");
    match (step.task, paper.state) {
        (StepTask::Sign, ResultState::Drafted { pdf, .. }) => Some(pdf.sha256),
        (StepTask::Seal, ResultState::Signed { .. }) => None,
        (_, state) => panic!("{}: {} at “{}”", dossier.id, state.kind(), step.name),
    }
}

/// The event an accepted act writes on the dossier it is done on, as that stood before.
fn event_of(act: &Act, before: &Dossier) -> Option<&'static str> {
    Some(match act {
        Act::ChooseCase { .. } => "case_chosen",
        Act::ChooseReturnWay { .. } => "return_way_chosen",
        Act::Mark { .. } => "component_marked",
        Act::CountSides { .. } => "sides_reconciled",
        Act::Reuse { .. } => "paper_reused",
        Act::Submit => "submitted",
        Act::Receive => "dossier_received",
        Act::Refuse { .. } => "refused_at_counter",
        Act::AskPapers { .. } => "papers_asked",
        Act::PapersBrought => "papers_brought",
        Act::Transfer => "transferred",
        Act::Take => "dossier_taken",
        Act::Assign { .. } => "assigned",
        Act::FinishStep { .. } => "step_finished",
        Act::SendBack { .. } => "sent_back",
        Act::AskSupplement { .. } => "supplement_asked",
        Act::SupplementReceived => "supplement_received",
        Act::AskPayment { .. } => "payment_asked",
        Act::PaymentReceived { .. } => "payment_received",
        Act::CollectFee { .. } => "fee_collected",
        Act::Halt { .. } => "halted",
        Act::Resume => "resumed",
        Act::Stop { .. } => "dossier_stopped",
        Act::Extend { .. } => "extended",
        Act::ConsultAll | Act::Consult { .. } => "consulted",
        Act::Answer { .. } => "consult_answered",
        Act::Lapse { .. } => "consult_lapsed",
        Act::Draft { .. } => "result_drafted",
        Act::Sign { .. } => "result_signed",
        Act::Seal { .. } => "result_sealed",
        Act::AskWithdrawal { .. } => "withdrawal_asked",
        Act::Withdraw { .. } => "withdrawn",
        Act::HandOver { .. } => "result_handed_over",
        Act::Correct { .. } => "correction_begun",
        Act::Annul { .. } => "result_annulled",
        Act::LetPartBegin { .. } => "part_may_begin",
        // The part says that it was stopped, the whole that it ended.
        Act::StopPart { .. } => return None,
        Act::DeclineReuse { .. } => "reuse_declined",
        Act::Arrange { .. } => "pages_arranged",
        Act::UndoArrangement { .. } => "arrangement_undone",
        Act::Reassign { .. } => "reassigned",
        Act::Refer { .. } => "referred",
        Act::GrantReferral { .. } => match before.life.referral.as_ref()?.wish {
            Wish::PutOff { .. } => "extended",
            Wish::AskAgain { .. } => "supplement_asked",
        },
        Act::DeclineReferral { .. } | Act::TakeBackReferral { .. } => "referral_ended",
        Act::WriteNote { .. } => "note_written",
        Act::StrikeNote { .. } => "note_struck",
    })
}
