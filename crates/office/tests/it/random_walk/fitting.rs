//! Acts that fit where a dossier stands: what the people of an office would do next, each with a weight.

use super::may::speaks_for;
use super::town::{Town, has_post};
use jiff::Timestamp;
use office::dossier::act::{Act, MarkWord};
use rules::calendar::{Limit, legal_time};
use rules::counter::RefusalReason;
use rules::dossier::{AtStep, Consultation, Dossier, Fault, OpinionVerdict, ReturnWay, State, Wish};
use rules::event::{FeePaid, HandOverWay, SupplementItem};
use rules::id::AgencyId;
use rules::people::Role;
use rules::procedure::testing::Dice;
use rules::procedure::{Channel, Procedure, Step, StepTask, Treatment, WaitKind};

/// An act that somebody of the town might do now.
#[derive(Clone, Debug)]
pub(super) struct Fitting {
    pub(super) weight: usize,
    pub(super) officer: usize,
    pub(super) act: Act,
}

/// What else is known of the dossier when an act is chosen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'f> {
    pub(super) now: Timestamp,
    /// The components that lack what they need.
    pub(super) missing: &'f [String],
    /// The digest of the draft that waits for its signature.
    pub(super) draft: Option<&'f str>,
    /// Whether results may be printed just now: it is what an act costs most.
    pub(super) may_print: bool,
}

struct Choices<'t> {
    town: &'t Town,
    dice: &'t mut Dice,
    dossier: &'t Dossier,
    procedure: &'t Procedure,
    facts: Facts<'t>,
    list: Vec<Fitting>,
}

pub(super) fn acts(town: &Town, dice: &mut Dice, dossier: &Dossier, facts: Facts<'_>) -> Vec<Fitting> {
    let procedure = town.procedure_of(dossier);
    let mut choices = Choices { town, dice, dossier, procedure, facts, list: Vec::new() };
    choices.collect();
    choices.list
}

impl Choices<'_> {
    fn collect(&mut self) {
        match &self.dossier.state {
            State::Preparing => self.preparing(),
            State::Submitted { .. } => self.submitted(),
            State::AwaitingPapers { .. } => self.awaiting_papers(),
            State::Received { .. } => self.received(),
            State::InProcess(at_step) => self.in_process(at_step),
            State::AwaitingSupplement { .. } => {
                self.marks(20);
                if self.facts.missing.is_empty() {
                    self.at_counter(20, Act::SupplementReceived);
                }
            }
            State::AwaitingPayment { .. } => {
                self.at_counter(12, Act::PaymentReceived { receipt: "BL-1".to_owned() });
            }
            State::Halted { .. } => {
                self.at_step(9, Act::Resume);
                self.by_leader(6, Act::Stop { reason: said("không đủ điều kiện") });
            }
            State::Done { .. } => self.done(),
            State::HandedOver { .. } => self.handed_over(),
            State::AwaitingParts { .. }
            | State::NotReceived { .. }
            | State::Stopped { .. }
            | State::Withdrawn { .. }
            | State::Mirrored { .. } => {}
        }
        if self.dossier.state.is_open() && !matches!(self.dossier.state, State::Preparing) {
            self.whenever();
        }
    }

    fn preparing(&mut self) {
        self.marks(20);
        let cases = &self.procedure.cases;
        let case = self.dice.one_of(cases).id.clone();
        if self.dossier.channel == Channel::Direct {
            if self.facts.missing.is_empty() {
                self.at_counter(30, Act::Receive);
            }
            self.at_counter(1, Act::Withdraw { reason: said("người nộp về"), originals_returned: true });
        } else {
            self.at_counter(30, Act::Submit);
        }
        self.at_counter(2, Act::ChooseCase { case, use_stored: true });
        let return_way = ReturnWay::Post { address: said("Thôn Đá Chữ") };
        self.at_counter(1, Act::ChooseReturnWay { return_way });
        self.at_counter(2, refusal());
    }

    fn submitted(&mut self) {
        self.marks(20);
        if self.facts.missing.is_empty() {
            self.at_counter(16, Act::Receive);
        }
        if let Some(items) = self.items() {
            let asked_before = self.dossier.life.n_papers_asked > 0;
            if asked_before {
                self.by_leader(6, Act::AskPapers { items, exception: Some(said("giấy cũ hết hạn")) });
            } else {
                self.at_counter(30, Act::AskPapers { items, exception: None });
            }
        }
        self.at_counter(4, refusal());
    }

    fn awaiting_papers(&mut self) {
        self.marks(12);
        self.at_counter(9, Act::PapersBrought);
        if self.facts.missing.is_empty() {
            self.at_counter(24, Act::Receive);
        }
    }

    fn received(&mut self) {
        self.at_counter(20, Act::Transfer);
        self.at_step(12, Act::Take);
        self.put_off(3);
    }

    fn in_process(&mut self, at_step: &AtStep) {
        let Some((step, agency)) = self.town.step_of(self.dossier) else { return };
        self.put_off(3);
        if self.dice.once_in(if at_step.result.is_none() { 2 } else { 6 }) {
            self.by_leader(1, Act::Stop { reason: said("không thuộc đối tượng") });
        }
        let officers = self.town.with_post(agency, step.role);
        if let Some(&given) = self.pick(&officers)
            && at_step.officer.is_none()
        {
            let officer = rules::people::Actor::officer(&self.town.officers[given].actor);
            let officer = officer.expect("an officer of the town");
            self.by(6, agency, Role::Head, Act::Assign { officer });
        }
        match at_step.officer.and_then(|officer| self.town.place_of(officer)) {
            None => self.at_step(20, Act::Take),
            Some(holder) => self.in_hand(holder, step, at_step),
        }
        for asked in self.dossier.life.consultations.iter().filter(|asked| asked.answer.is_none()) {
            self.answer(asked);
        }
    }

    /// What the officer who has it in hand may do.
    fn in_hand(&mut self, holder: usize, step: &Step, at_step: &AtStep) {
        let wanted = self.dossier.consults_wanted(step).next().is_some();
        let is_asked = self.dossier.life.consultations.iter().any(Consultation::is_open);
        if wanted {
            self.add(40, holder, Act::ConsultAll);
        } else if !is_asked {
            self.task(holder, step, at_step);
        }
        for asked in self.dossier.life.consultations.iter().filter(|asked| asked.is_open()) {
            if asked.due.at <= self.facts.now {
                self.add(30, holder, Act::Lapse { consultation: asked.id });
            }
        }
        self.waits(holder, step);
        let agencies = self.town.agencies.all();
        let agency = *self.dice.one_of(&agencies);
        let within = Limit::WorkingHours(4);
        self.add(1, holder, Act::Consult { agency, question: said("ý kiến về hồ sơ"), within });
    }

    fn task(&mut self, holder: usize, step: &Step, at_step: &AtStep) {
        if !step.back_to.is_empty() {
            let to = self.dice.one_of(&step.back_to).clone();
            self.add(3, holder, Act::SendBack { to, reason: said("còn sai sót") });
        }
        if step.next.is_empty() {
            return;
        }
        let to = self.dice.one_of(&step.next).clone();
        match step.task {
            StepTask::Draft if at_step.result.is_none() => {
                if self.facts.may_print {
                    let kind = self.dice.once_in(4).then(|| "tu-choi".to_owned());
                    self.add(60, holder, Act::Draft { kind, answers: office::forms::Answers::new() });
                }
            }
            StepTask::Sign => {
                if let Some(read) = self.facts.draft {
                    self.add(60, holder, Act::Sign { read_sha256: read.to_owned(), to });
                }
            }
            StepTask::Seal => self.add(60, holder, Act::Seal { to }),
            StepTask::HandOver => {}
            StepTask::Assign | StepTask::Examine | StepTask::Verify | StepTask::Draft | StepTask::Approve => {
                let officer = self.next_officer(&to);
                self.add(40, holder, Act::FinishStep { to, opinion: said("đủ điều kiện"), officer });
            }
        }
    }

    /// Sometimes the next step is given to somebody at once.
    fn next_officer(&mut self, to: &str) -> Option<rules::id::OfficerId> {
        let step = self.procedure.process.step(to)?;
        let agency = self.town.agency_by(&step.agency, &self.dossier.scope)?;
        let officers = self.town.with_post(agency, step.role);
        let given = self.pick(&officers).copied().filter(|_| self.dice.once_in(3))?;
        self.town.officers[given].actor.officer()
    }

    fn waits(&mut self, holder: usize, step: &Step) {
        let process = &self.procedure.process;
        if process.wait(WaitKind::Supplement, step).is_some()
            && let Some(items) = self.items()
        {
            let within = self.procedure.supplement_within;
            let terms = self.town.terms_of(self.dossier);
            let within = within.unwrap_or(terms.limits.supplement_within);
            let last = self.dossier.received_at.and_then(|at| terms.end_of(at, within).ok());
            let in_time = last.is_some_and(|last| self.facts.now <= last.at);
            if self.dossier.life.n_supplements == 0 && in_time {
                self.add(5, holder, Act::AskSupplement { items, exception: None });
            } else {
                let exception = Some(said("phát hiện giấy giả"));
                self.by_leader(3, Act::AskSupplement { items, exception });
            }
        }
        if process.wait(WaitKind::Payment, step).is_some() {
            self.add(10, holder, Act::AskPayment { number: "TB-7".to_owned(), amount: 150_000 });
        }
        if process.wait(WaitKind::Halt, step).is_some() {
            self.add(8, holder, Act::Halt { reason: said("chờ quyết định của tòa án") });
        }
    }

    fn answer(&mut self, asked: &Consultation) {
        let places = 0..self.town.officers.len();
        let speakers: Vec<usize> =
            places.filter(|place| speaks_for(&self.town.officers[*place], asked.agency)).collect();
        let verdicts = [OpinionVerdict::Agrees, OpinionVerdict::Disagrees, OpinionVerdict::Notes];
        let verdict = *self.dice.one_of(&verdicts);
        if let Some(&speaker) = self.pick(&speakers) {
            let opinion = said("đồng ý");
            self.add(8, speaker, Act::Answer { consultation: asked.id, verdict, opinion });
        }
    }

    fn done(&mut self) {
        let ways = [HandOverWay::Counter, HandOverWay::Post, HandOverWay::Electronic];
        let way = *self.dice.one_of(&ways);
        self.at_step(30, Act::HandOver { way, originals_returned: true });
        self.at_counter(1, Act::ChooseReturnWay { return_way: ReturnWay::Electronic });
    }

    fn handed_over(&mut self) {
        let fault = *self.dice.one_of(&[Fault::Agency, Fault::Applicant]);
        self.by_leader(4, Act::Correct { reason: said("sai năm sinh"), fault });
        let decision = "12/QĐ-UBND".to_owned();
        self.by_leader(3, Act::Annul { decision, reason: said("cấp sai đối tượng") });
    }

    /// What may happen to any open dossier.
    fn whenever(&mut self) {
        let waits = self.dossier.state.wait().is_some();
        let is_near = self.dossier.state.result().is_some();
        // Work is seldom taken back while it is in somebody's hand.
        let is_given_up = match self.dossier.state {
            State::InProcess(_) => self.dice.once_in(if is_near { 12 } else { 3 }),
            _ => waits || !is_near,
        };
        if is_given_up {
            let weight = match self.dossier.state {
                State::Submitted { .. } => 3,
                _ if waits => 7,
                _ => 1,
            };
            self.at_counter(weight, Act::Withdraw { reason: said("đổi ý"), originals_returned: true });
            self.at_counter(1, Act::AskWithdrawal { reason: said("không còn nhu cầu") });
        }
        let due = self.dossier.life.fee.due - self.dossier.life.fee.paid;
        if due > 0 {
            let amount = if self.dice.once_in(2) { due } else { (due / 2).max(1) };
            self.at_counter(
                3,
                Act::CollectFee { amount, receipt: "PT-1".to_owned(), paid: Some(FeePaid::Cash) },
            );
        }
        for (part, _) in self.dossier.blocked_parts(self.procedure) {
            self.by_leader(20, Act::LetPartBegin { part, reason: said("giấy cũ còn giá trị") });
            self.by_leader(6, Act::StopPart { part, reason: said("phần trước bị từ chối") });
        }
        if self.dossier.life.withdrawal_asked.is_some() {
            self.at_counter(20, Act::Withdraw { reason: said("đổi ý"), originals_returned: true });
        }
    }

    fn put_off(&mut self, weight: usize) {
        let today = legal_time(self.facts.now).date();
        let in_time = self.dossier.due.is_some_and(|due| due.on > today);
        if in_time && self.dossier.life.n_extensions == 0 {
            let by = Limit::WorkingDays(1 + self.dice.below(5) as u32);
            self.by_leader(weight, Act::Extend { by, reason: said("chờ ý kiến liên ngành") });
            self.at_step(weight, Act::Refer { wish: Wish::PutOff { by }, reason: said("chờ đo đạc") });
        }
        if self.dossier.life.n_supplements > 0
            && let Some(items) = self.items()
        {
            self.at_step(weight, Act::Refer { wish: Wish::AskAgain { items }, reason: said("giấy hết hạn") });
        }
        if let Some(referral) = self.dossier.referral() {
            let referred_at = referral.at;
            self.by_leader(8, Act::GrantReferral { referred_at });
            self.by_leader(2, Act::DeclineReferral { referred_at, reason: said("còn thời gian") });
            self.at_step(1, Act::TakeBackReferral { referred_at });
        }
    }

    fn marks(&mut self, weight: usize) {
        for component in self.facts.missing {
            if let Some(mark) = mark_of(self.procedure, self.dossier, component) {
                self.at_counter(weight, Act::Mark { component: component.clone(), mark });
            }
        }
    }

    /// One paper to ask the applicant for; none where the case has no components.
    fn items(&mut self) -> Option<Vec<SupplementItem>> {
        let components = &self.procedure.case(&self.dossier.case)?.components;
        let component = components.get(self.dice.below(components.len()))?.id.clone();
        Some(vec![SupplementItem { component, what: said("bản rõ hơn") }])
    }

    fn pick<'l>(&mut self, among: &'l [usize]) -> Option<&'l usize> {
        among.get(self.dice.below(among.len()))
    }

    fn at_counter(&mut self, weight: usize, act: Act) {
        self.by(weight, self.dossier.scope.receiving, Role::Counter, act);
    }

    fn by_leader(&mut self, weight: usize, act: Act) {
        self.by(weight, self.dossier.scope.competent, Role::Leader, act);
    }

    fn at_step(&mut self, weight: usize, act: Act) {
        let Some((step, agency)) = self.town.step_of(self.dossier) else { return };
        match self.dossier.state.officer().and_then(|officer| self.town.place_of(officer)) {
            Some(holder) => self.add(weight, holder, act),
            None => self.by(weight, agency, step.role, act),
        }
    }

    fn by(&mut self, weight: usize, agency: AgencyId, role: Role, act: Act) {
        let officers = &self.town.officers;
        let n = officers.len();
        let first = self.dice.below(n);
        let places = (0..n).map(|nth| (first + nth) % n);
        if let Some(officer) = { places }.find(|place| has_post(&officers[*place], agency, role)) {
            self.add(weight, officer, act);
        }
    }

    fn add(&mut self, weight: usize, officer: usize, act: Act) {
        self.list.push(Fitting { weight, officer, act });
    }
}

/// The mark a component of the case may get; none where it can only be scanned.
pub(super) fn mark_of(procedure: &Procedure, dossier: &Dossier, component: &str) -> Option<MarkWord> {
    let component = procedure.case(&dossier.case)?.component(component)?;
    match component.treatment() {
        Treatment::ShowOnly => Some(MarkWord::Shown),
        Treatment::DoNotDigitise(_) => Some(MarkWord::OnPaper),
        Treatment::Digitise(_) => None,
    }
}

fn refusal() -> Act {
    Act::Refuse { reason: RefusalReason::NotCompetent, explanation: said("nộp ở nơi khác") }
}

fn said(text: &str) -> String {
    text.to_owned()
}
