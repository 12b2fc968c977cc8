//! An office to learn in: exercises with a dossier that the colleagues bring as far as the exercise wants
//! it. A real office has none, and nothing here does anything in it.

use crate::act::By;
use crate::counter::Opening;
use crate::dossier::act::{Act, MarkWord};
use crate::people::actor_of;
use crate::{Error, Office};
use pdf::print::Form;
use rules::code::ProcedureCode;
use rules::counter::applicant::TypedApplicant;
use rules::id::{AgencyId, DossierId};
use rules::people::{Actor, Role};
use rules::training::{Exercise, Prepared};
use store::training::{self as rows, Run};

/// The procedure of the exercises: short, and without scans.
const PROCEDURE: &str = "2.000815";
const COMPONENTS: [(&str, MarkWord); 2] = [("ban-chinh", MarkWord::Shown), ("ban-sao", MarkWord::OnPaper)];

/// On the first line of a template, so that its lines keep their numbers.
const WORTH_NOTHING: &str =
    "#set page(background: rotate(-45deg, text(38pt, fill: luma(232))[BẢN TẬP – KHÔNG CÓ GIÁ TRỊ])); ";

/// An exercise as its learner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress<'e> {
    pub exercise: &'e Exercise,
    /// None where he has not begun it.
    pub run: Option<Run>,
    /// Which steps are done.
    pub done: Vec<bool>,
}

impl Progress<'_> {
    pub fn is_over(&self) -> bool {
        self.done.iter().all(|done| *done)
    }
}

impl Office {
    /// Whether this office is one to learn in.
    pub fn is_for_training(&self) -> bool {
        !self.exercises.is_empty()
    }

    /// A form as this office prints it: where it is one to learn in, the sheet says across itself that it is
    /// worth nothing.
    pub(crate) fn as_it_prints_here(&self, form: &Form) -> Result<Form, pdf::print::Error> {
        if !self.is_for_training() {
            return Ok(form.clone());
        }
        form.with_source(format!("{WORTH_NOTHING}{}", form.source()))
    }

    /// The exercises for the roles an officer holds, with how far he has come.
    ///
    /// # Errors
    /// [`Error::NotFound`] in a real office.
    pub async fn exercises_of(&self, actor: &Actor) -> Result<Vec<Progress<'_>>, Error> {
        let officer = actor.officer().filter(|_| self.is_for_training()).ok_or(Error::NotFound)?;
        let mut reader = self.db.read().await?;
        let runs = rows::runs_of(&mut reader, officer).await?;
        let mut all = Vec::new();
        for exercise in self.exercises.iter().filter(|exercise| learns_at(actor, exercise.role).is_some()) {
            let run = runs.iter().find(|run| run.exercise == exercise.id).cloned();
            let done = match &run {
                Some(run) => {
                    exercise.done(&run.kinds(&rows::counts(&mut reader, officer, run.dossier).await?))
                }
                None => exercise.done(&[]),
            };
            all.push(Progress { exercise, run, done });
        }
        Ok(all)
    }

    /// Begins an exercise, or begins it anew: a dossier is brought as far as it wants, in the names of
    /// colleagues of the learner's agency.
    ///
    /// # Errors
    /// [`Error::NotFound`] in a real office, or where it is no exercise for him.
    pub async fn begin_exercise(&self, actor: &Actor, id: &str) -> Result<(), Error> {
        let officer = actor.officer().ok_or(Error::NotFound)?;
        let exercise = self.exercises.iter().find(|exercise| exercise.id == id).ok_or(Error::NotFound)?;
        let agency = learns_at(actor, exercise.role).ok_or(Error::NotFound)?;
        let dossier = match exercise.prepares {
            Prepared::Nothing => None,
            as_far_as => Some(Box::pin(self.prepare(agency, as_far_as)).await?),
        };
        let now = self.clock.now();
        self.db
            .act(|mut tx| async move {
                let before = rows::counts(&mut tx, officer, dossier).await?;
                let run = Run { officer, exercise: id.to_owned(), begun_at: now, before, dossier };
                rows::begin(&mut tx, &run).await?;
                Ok::<_, Error>(())
            })
            .await
    }

    async fn prepare(&self, agency: AgencyId, as_far_as: Prepared) -> Result<DossierId, Error> {
        let by = async |role| self.colleague(agency, role).await;
        let counter = by(Role::Counter).await?;
        let procedure: ProcedureCode = PROCEDURE.parse().map_err(Error::broken)?;
        let id = self.open_intake(&counter, &invented(), Opening::at_counter(&procedure, None)).await?;
        for (component, mark) in COMPONENTS {
            self.perform(&counter, id, Act::Mark { component: component.to_owned(), mark }).await?;
        }
        self.perform(&counter, id, Act::Receive).await?;
        if as_far_as >= Prepared::Drafted {
            let specialist = by(Role::Specialist).await?;
            self.perform(&specialist, id, Act::Take).await?;
            self.draft_as_the_form_says(&specialist, id).await?;
            let to_sign =
                Act::FinishStep {
                    to: "ky".to_owned(), opinion: "Đủ điều kiện".to_owned(), officer: None
                };
            self.perform(&specialist, id, to_sign).await?;
        }
        if as_far_as >= Prepared::Signed {
            let leader = by(Role::Leader).await?;
            self.perform(&leader, id, Act::Take).await?;
            let mut reader = self.db.read().await?;
            let dossier = store::dossier::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
            let result = dossier.state.result().ok_or(Error::NotFound)?;
            let paper = store::signing::result(&mut reader, result).await?.ok_or(Error::NotFound)?;
            drop(reader);
            self.sign_result(&leader, id, &paper.state.pdf().sha256, "dong-dau").await?;
        }
        if as_far_as >= Prepared::Sealed {
            let clerk = by(Role::Clerk).await?;
            self.perform(&clerk, id, Act::Take).await?;
            self.perform(&clerk, id, Act::Seal { to: "tra".to_owned() }).await?;
        }
        Ok(id)
    }

    async fn draft_as_the_form_says(&self, by: &By, id: DossierId) -> Result<(), Error> {
        let title = self.result_context(&by.actor, id, None).await?.result_type.name.clone();
        let answers = [
            ("title", title),
            ("body", "Bản sao này đúng với bản chính.".to_owned()),
            ("signer_capacity", "TM. Ủy ban nhân dân".to_owned()),
            ("signer_name", "Người ký".to_owned()),
        ];
        let answers = answers.into_iter().map(|(key, answer)| (key.to_owned(), answer)).collect();
        self.draft_result(by, id, None, answers).await.map(drop)
    }

    /// Somebody of the agency who holds this role today.
    async fn colleague(&self, agency: AgencyId, role: Role) -> Result<By, Error> {
        let mut reader = self.db.read().await?;
        let able = store::people::rights::able(&mut reader, agency, role, self.clock.today()).await?;
        let first = able.first().ok_or(Error::NotFound)?;
        let officer = store::people::officer(&mut reader, first.officer).await?.ok_or(Error::NotFound)?;
        Ok(By::new(actor_of(&officer)))
    }
}

/// The agency in which he holds this role.
fn learns_at(actor: &Actor, role: Role) -> Option<AgencyId> {
    actor.held().find(|(post, _)| post.role == role).map(|(post, _)| post.agency)
}

/// An applicant nobody is: a new one each time, so that no exercise meets another's papers.
fn invented() -> TypedApplicant {
    let serial = uuid::Uuid::new_v4().as_u128() % 1_000_000;
    TypedApplicant {
        number: format!("038191{serial:06}"),
        name: "Người Tập Huấn".to_owned(),
        born_on: "2/9/1991".to_owned(),
        sex: "nu".to_owned(),
        address: "Thôn Đông Hạ".to_owned(),
        phone: String::new(),
    }
}
