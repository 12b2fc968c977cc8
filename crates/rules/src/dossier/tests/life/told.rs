//! A dossier that tells its life while it lives it.

use super::super::{code, items};
use crate::dossier::{Acceptance, Custodian, Dossier, Onward, Question, Refused, State};
use crate::event::{Body, Event, HandOverWay, Subject};
use crate::id::{AgencyId, ConsultationId, EventId, OfficerId, ResultId};
use crate::measure::{DueMark, due_mark};
use crate::procedure::{Channel, Procedure, StepTask, Verdict};
use crate::sample::{BINH, COMMITTEE, COUNTER, DOSSIER, HOA, RESULT, at, intake, terms};
use crate::words;
use crate::words::sentence::{Names, sentence};
use jiff::Timestamp;
use std::fmt::Write as _;
use uuid::Uuid;

pub(super) struct NamesOf<'a>(&'a Procedure);

impl Names for NamesOf<'_> {
    fn officer(&self, id: OfficerId) -> String {
        if id == HOA { "Hoa".to_owned() } else { "Bình".to_owned() }
    }

    fn component(&self, id: &str) -> String {
        let found = self.0.cases.iter().find_map(|case| case.component(id));
        found.map_or_else(|| id.to_owned(), |component| component.name.clone())
    }

    fn step(&self, id: &str) -> String {
        self.0.process.step(id).map_or_else(|| id.to_owned(), |step| step.name.clone())
    }

    fn field(&self, name: &str) -> String {
        name.to_owned()
    }

    fn agency(&self, id: AgencyId) -> String {
        let name = match id {
            COUNTER => "Bộ phận Một cửa",
            COMMITTEE => "UBND phường",
            _ => "Công an phường",
        };
        name.to_owned()
    }
}

pub(super) type Done = Result<(Dossier, Body), Refused>;

/// A dossier that writes its timeline while it lives.
pub(super) struct Life<'a> {
    pub(super) procedure: &'a Procedure,
    pub(super) dossier: Dossier,
    pub(super) now: Timestamp,
    pub(super) page: String,
}

impl<'a> Life<'a> {
    pub(super) fn new(procedure: &'a Procedure) -> Self {
        Self::of(procedure, intake(procedure))
    }

    pub(super) fn online(procedure: &'a Procedure) -> Self {
        Self::of(procedure, Dossier { channel: Channel::Online, ..intake(procedure) })
    }

    pub(super) fn of(procedure: &'a Procedure, dossier: Dossier) -> Self {
        Self { procedure, now: dossier.opened_at, dossier, page: String::new() }
    }

    pub(super) fn on(&mut self, moment: &str) -> &mut Self {
        self.now = at(moment);
        self
    }

    /// Writes down what an officer did, or what came to pass by itself.
    pub(super) fn tell(&mut self, by: Option<OfficerId>, dossier: Dossier, body: Body) -> &mut Self {
        let event = Event {
            id: EventId(Uuid::nil()),
            subject: Subject::Dossier(DOSSIER),
            dossier: Some(DOSSIER),
            agency: COMMITTEE,
            actor: by,
            on_behalf_of: None,
            purpose: None,
            happened_at: self.now,
            recorded_at: self.now,
            body,
        };
        let line = sentence(&event, &NamesOf(self.procedure));
        let today = crate::calendar::legal_time(self.now).date();
        let mark = due_mark(&dossier, self.now, today);
        let due = match (mark, dossier.due) {
            (Some(DueMark::Stopped), _) => " | đồng hồ dừng".to_owned(),
            (Some(mark), Some(due)) => {
                format!(" | hẹn {}, {}", words::moment(due.at), words::lower_first(&words::due_mark(mark)))
            }
            _ => format!(" | {}", words::lower_first(words::state(&dossier.state))),
        };
        writeln!(self.page, "{} {} {}{due}", words::moment(self.now), line.who, line.what)
            .expect("a string takes everything");
        self.dossier = dossier;
        self
    }

    pub(super) fn act(
        &mut self,
        by: OfficerId,
        act: impl FnOnce(Dossier, &Procedure, Timestamp) -> Done,
    ) -> &mut Self {
        let (dossier, body) = act(self.dossier.clone(), self.procedure, self.now).expect("the law allows it");
        self.tell(Some(by), dossier, body)
    }

    /// What the law does not let happen, in the words the officer reads.
    pub(super) fn cannot(
        &mut self,
        by: OfficerId,
        act: impl FnOnce(Dossier, &Procedure, Timestamp) -> Done,
    ) -> &mut Self {
        let refused = act(self.dossier.clone(), self.procedure, self.now).expect_err("the law forbids it");
        let who = NamesOf(self.procedure).officer(by);
        writeln!(self.page, "{} {who} ✗ {}", words::moment(self.now), words::refused(&refused))
            .expect("a string takes everything");
        self
    }

    pub(super) fn receive(&mut self) -> &mut Self {
        self.act(HOA, |dossier, procedure, now| {
            dossier.receive(procedure, Acceptance { code: Some(code()), terms: terms() }, now)
        })
    }

    pub(super) fn take(&mut self) -> &mut Self {
        self.act(BINH, |dossier, _, now| dossier.take(BINH, COMMITTEE, now))
    }

    pub(super) fn finish(&mut self) -> &mut Self {
        self.finish_with(RESULT, Verdict::Grants)
    }

    /// Does whatever the present step is there for, and goes the first way on.
    pub(super) fn finish_with(&mut self, result: ResultId, verdict: Verdict) -> &mut Self {
        let (dossier, now) = (self.dossier.clone(), self.now);
        let (step, _) = dossier.working_step(self.procedure).expect("an officer has it");
        let (task, to) = (step.task, step.next.first().cloned().unwrap_or_default());
        let onward = Onward { to: &to, holding: COMMITTEE, officer: None, now };
        let sha256 = "7".repeat(64);
        match task {
            StepTask::Sign => {
                let signed = dossier.signed(self.procedure, onward).expect("drafted");
                let certificate = "CN=Lê Bình".to_owned();
                self.tell(Some(BINH), signed, Body::ResultSigned { result, sha256, certificate })
            }
            StepTask::Seal => {
                let onward = Onward { holding: COUNTER, ..onward };
                let sealed = dossier.sealed(self.procedure, onward, verdict).expect("signed");
                let body = Body::ResultSealed {
                    result,
                    number: "45/UBND-XNTTHN".to_owned(),
                    issued_on: crate::calendar::legal_time(now).date(),
                    sha256,
                    certificate: "CN=UBND phường".to_owned(),
                };
                self.tell(Some(BINH), sealed, body)
            }
            StepTask::HandOver => panic!("a result waits in its own state"),
            StepTask::Assign | StepTask::Examine | StepTask::Verify | StepTask::Draft | StepTask::Approve => {
                self.act(BINH, |dossier, procedure, _| {
                    let dossier = match task {
                        StepTask::Draft => dossier.draft(procedure, result)?,
                        _ => dossier,
                    };
                    dossier.finish_step(procedure, onward, "Đồng ý".to_owned())
                })
            }
        }
    }

    /// Every step that is left, in one go.
    pub(super) fn settle(&mut self, result: ResultId, verdict: Verdict) -> &mut Self {
        while !matches!(self.dossier.state, State::Done { .. }) {
            if self.dossier.state.officer().is_none() {
                self.take();
            }
            self.finish_with(result, verdict);
        }
        self
    }

    pub(super) fn hand_over(&mut self) -> &mut Self {
        self.act(HOA, |dossier, procedure, _| {
            dossier.hand_over(procedure, &[], HandOverWay::Counter, Custodian::Applicant)
        })
    }

    pub(super) fn ask_supplement(&mut self, exception: Option<&str>) -> &mut Self {
        self.act(BINH, |dossier, procedure, now| {
            dossier.ask_supplement(procedure, items(), exception, terms(), now)
        })
    }

    pub(super) fn supplement_received(&mut self) -> &mut Self {
        self.act(HOA, |dossier, _, now| dossier.supplement_received(terms(), now))
    }

    pub(super) fn expire(&mut self) -> &mut Self {
        let expired = self.dossier.clone().expire(self.procedure, terms(), self.now);
        let (dossier, body) = expired.expect("its time is over");
        self.tell(None, dossier, body)
    }

    pub(super) fn consult(&mut self, nth: u128, agency: AgencyId) -> &mut Self {
        self.act(BINH, |dossier, procedure, now| {
            let step = dossier.state.step().and_then(|id| procedure.process.step(id)).expect("at a step");
            let wanted = dossier.consults_wanted(step).next().expect("the process wants it asked");
            let question = Question {
                id: ConsultationId(Uuid::from_u128(nth)),
                rule: Some(wanted.id.clone()),
                agency,
                question: wanted.question.clone(),
                allowance: wanted.allowance,
                clock: wanted.clock,
            };
            dossier.consult(procedure, question, BINH, terms(), now)
        })
    }
}
