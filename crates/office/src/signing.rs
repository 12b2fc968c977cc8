//! Results: drafted from a form, approved and signed by the competent person; the clerk's part is in
//! [`seal`], his books in [`book`], many papers at one sitting in [`round`]. Signatures are computed before the act; the act fixes
//! them only if nothing changed.

pub mod book;
mod facts;
pub mod marks;
pub mod round;
mod seal;

pub use facts::Facts;

pub(crate) use seal::cancel_numbers;

use crate::act::By;
use crate::dossier::writing::sent;
use crate::dossier::{Loaded, load_for};
use crate::forms::{Answers, Sheet};
use crate::keys::{Signed, SignedWith, sign};
use crate::{Error, Office, Refusal};
use jiff::Timestamp;
use pdf::sign::SignRequest;
use pdf::stamp::{Place, VisibleMark};
use rules::dossier::writing::WritingForm;
use rules::dossier::{Dossier, Refused};
use rules::event::Body;
use rules::id::{AgencyId, DossierId, ResultId};
use rules::people::Actor;
use rules::procedure::{Procedure, ResultType, Step, StepTask};
use rules::signing::{ResultPaper, ResultState, Slot};
use rules::unit::UnitKind;
use rules::words;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::people::{KeptUnit, Officer, Party};
use store::time::new_id;
use store::{Reader, Tx, dossier as dossiers, signing as results};

/// The name of the act.
const SIGN: &str = "signing.sign";

/// Everything that goes on a result but the answers.
#[derive(Debug)]
pub struct ResultContext {
    pub dossier: Dossier,
    /// The code the applicant knows: a part goes under the code of its whole.
    pub dossier_code: String,
    pub procedure: Arc<Procedure>,
    pub result_type: ResultType,
    pub agency: KeptUnit,
    pub parent: Option<KeptUnit>,
    pub holder: Party,
}

impl Office {
    /// The facts a result is drafted from: of the kind named, or of the kind drafted already, or of the
    /// kind the case gives when all is in order.
    pub async fn result_context(
        &self,
        actor: &Actor,
        id: DossierId,
        kind: Option<&str>,
    ) -> Result<ResultContext, Error> {
        let mut reader = self.db.read().await?;
        let dossier = dossiers::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        actor.may_see(&dossier)?;
        let procedure = crate::dossier::revision_of(&mut reader, &dossier).await?;
        let drafted = match dossier.state.result() {
            Some(result) => results::result(&mut reader, result).await?.map(|paper| paper.result_type),
            None => None,
        };
        let result_type = result_type_of(&procedure, &dossier, kind.or(drafted.as_deref()))?.clone();
        let agency =
            store::people::unit(&mut reader, dossier.scope.competent).await?.ok_or(Error::NotFound)?;
        let parent = match agency.parent {
            Some(parent) => store::people::unit(&mut reader, parent).await?,
            None => None,
        };
        let holder =
            store::people::party(&mut reader, dossier.people.holder).await?.ok_or(Error::NotFound)?;
        let whole = match dossier.part_of {
            Some(whole) => dossiers::find(&mut reader, whole).await?,
            None => None,
        };
        let code = whole.as_ref().unwrap_or(&dossier).code.as_ref();
        let dossier_code = code.map(ToString::to_string).unwrap_or_default();
        Ok(ResultContext { dossier, dossier_code, procedure, result_type, agency, parent, holder })
    }

    /// Drafts the result from its form and the officer's answers.
    pub async fn draft_result(
        &self,
        by: &By,
        id: DossierId,
        kind: Option<&str>,
        answers: Answers,
    ) -> Result<(), Error> {
        let context = self.result_context(&by.actor, id, kind).await?;
        let sheet = self.sheet_of(&context)?;
        let faults = sheet.faults(&answers);
        if !faults.is_empty() {
            return Err(Error::Refused(Refusal::Form(faults)));
        }
        let now = self.clock.now();
        let data = self.result_data(&context, &sheet, &answers, now);
        let code = &context.result_type.form;
        let printed = self.print_made(&context.agency, code, now, data, now).await?;
        let slots: Vec<Slot> = printed.slots.iter().map(kept_slot).collect();
        let pdf = self.keep(printed.pdf).await?;
        let (pdf, slots, answers, context) = (&pdf, &slots, &answers, &context);
        self.act(by, "signing.draft", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor, now).await?;
            let officer = by.actor.officer().ok_or(Error::NotFound)?;
            let Loaded { dossier, procedure, right } = loaded;
            let drafted = match dossier.state.result() {
                Some(result) => results::result(tx, result).await?,
                None => None,
            };
            // A signed draft that was sent back is left as it is; a new paper takes its place.
            let drafted = drafted.filter(|paper| {
                matches!(paper.state, ResultState::Drafted { .. })
                    && paper.result_type == context.result_type.id
            });
            let result = match drafted {
                Some(paper) => {
                    let paper = paper.redraft(pdf.clone(), slots.clone(), answers.clone(), officer)?;
                    results::save_result(tx, &paper).await?;
                    paper.id
                }
                None => {
                    let paper = ResultPaper {
                        id: ResultId(new_id(now)),
                        version: 1,
                        dossier: id,
                        owner: dossier.people.holder,
                        scope: dossier.scope,
                        result_type: context.result_type.id.clone(),
                        state: ResultState::Drafted {
                            pdf: pdf.clone(),
                            slots: slots.clone(),
                            answers: answers.clone(),
                            drafted_by: officer,
                        },
                    };
                    results::add_result(tx, &paper, now).await?;
                    paper.id
                }
            };
            let dossier = dossier.draft(&procedure, result)?;
            let body = Body::ResultDrafted {
                result,
                result_type: context.result_type.id.clone(),
                sha256: pdf.sha256.clone(),
            };
            sent(tx, &by.actor, WritingForm::Draft, id).await?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }

    /// The competent person approves the draft he has read (its digest) and signs it.
    // law: ND30-2020/25
    pub async fn sign_result(
        &self,
        by: &By,
        id: DossierId,
        read_sha256: &str,
        to: &str,
    ) -> Result<SignedWith, Error> {
        if let Some(done) = self.answered(by, SIGN).await? {
            return Ok(done);
        }
        let (paper, officer) = self.paper_to_sign(by, id, StepTask::Sign).await?;
        let ResultState::Drafted { pdf, slots, .. } = &paper.state else {
            return Err(rules::signing::ResultRefused::NotNow(paper.state.kind()).into());
        };
        if pdf.sha256 != read_sha256 {
            return Err(rules::signing::ResultRefused::ChangedSinceRead.into());
        }
        let now = self.clock.now();
        let mark = slot(slots, "ky").map(|place| VisibleMark::personal(place, &officer.name, now));
        let request = SignRequest {
            at: now,
            reason: Some("Phê duyệt và ký kết quả".to_owned()),
            location: None,
            field_name: "ky-so".to_owned(),
            marks: mark.into_iter().collect(),
        };
        let mut reader = self.db.read().await?;
        let key = self.keys.of(&mut reader, officer.id.0, self.clock.now()).await?;
        drop(reader);
        let original = self.file(pdf).await?;
        let Signed { bytes, with } = sign(original.to_vec(), key, request).await?;
        let (signed, with) = (&self.keep(bytes).await?, &with);
        let context = &self.result_context(&by.actor, id, None).await?;
        let facts = &self.result_facts(context).await?;
        let sheet = &self.sheet_of(context).ok();
        self.act(by, SIGN, |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor, now).await?;
            let onward = loaded.onward(tx, to, None, now).await?;
            let current = current_paper(tx, &loaded.dossier).await?;
            let result = current.id;
            let current = current.sign(read_sha256, signed.clone(), officer.id, now)?;
            results::save_result(tx, &current).await?;
            if let ResultState::Signed { answers, .. } = &current.state {
                let wording = marks::wording(sheet.as_deref(), context, facts, answers, now);
                results::wording::keep(tx, result, &marks::likeness(context), &wording).await?;
            }
            let Loaded { dossier, procedure, right } = loaded;
            let dossier = dossier.signed(&procedure, onward)?;
            let body = Body::ResultSigned {
                result,
                sha256: signed.sha256.clone(),
                certificate: with.certificate.clone(),
            };
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
            Ok(with.clone())
        })
        .await
    }

    /// The paper of the dossier's present step, if this actor may do that step and it is `task`.
    async fn paper_to_sign(
        &self,
        by: &By,
        id: DossierId,
        task: StepTask,
    ) -> Result<(ResultPaper, Officer), Error> {
        let now = self.clock.now();
        self.db
            .act(|mut tx| async move {
                let tx = &mut tx;
                let mut loaded = load_for(tx, &by.actor, id).await?;
                let step: Step = loaded.step_for(tx, &by.actor, now).await?;
                if step.task != task {
                    return Err(Refused::NotThisStep { step: step.id, task: step.task }.into());
                }
                let officer = by.actor.officer().ok_or(Error::NotFound)?;
                let officer = store::people::officer(tx, officer).await?.ok_or(Error::NotFound)?;
                Ok((current_paper(tx, &loaded.dossier).await?, officer))
            })
            .await
    }

    /// The form the result of this dossier is drafted from.
    pub fn sheet_of(&self, context: &ResultContext) -> Result<Arc<Sheet>, Error> {
        let agency = context.agency.unit.code.as_str();
        self.forms.find(&context.result_type.form, agency, self.clock.today()).map_err(Error::broken)
    }

    fn result_data(
        &self,
        context: &ResultContext,
        sheet: &Sheet,
        answers: &Answers,
        now: Timestamp,
    ) -> Value {
        let unit = &context.agency.unit;
        let holder = &context.holder;
        let number = holder.numbers.first().map(|number| number.number.clone()).unwrap_or_default();
        // A people's committee stands alone at the head of its papers; its parts stand under it.
        let (parent, name) = match unit.kind {
            UnitKind::PeoplesCommittee => (String::new(), unit.name.clone()),
            _ => (unit.heading[0].clone(), unit.heading[1].clone()),
        };
        let mut data = Map::new();
        for (key, value) in [
            ("agency_parent", parent),
            ("agency_name", name),
            ("dossier_code", context.dossier_code.clone()),
            ("procedure_code", context.procedure.code.to_string()),
            ("personal_id", number),
            ("paper_name", context.result_type.name.clone()),
            ("system_name", self.settings.system_name.clone()),
            ("published_at", minute(now)),
            ("validity", words::validity(context.result_type.validity)),
            ("scope", context.result_type.scope.clone()),
            ("symbol", context.result_type.symbol.clone()),
            ("number", String::new()),
            ("issued_on", String::new()),
            ("place", unit.place.clone()),
        ] {
            data.insert(key.to_owned(), json!(value));
        }
        sheet.fill(answers, &mut data);
        Value::Object(data)
    }
}

/// `2026-11-05T09:10` of the legal clock, as forms take it.
pub(crate) fn minute(at: Timestamp) -> String {
    rules::calendar::legal_time(at).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The kind of result named, else the one the dossier's case gives.
pub fn result_type_of<'p>(
    procedure: &'p Procedure,
    dossier: &Dossier,
    kind: Option<&str>,
) -> Result<&'p ResultType, Error> {
    let usual = || procedure.case(&dossier.case).map(|case| case.result.as_str());
    kind.or_else(usual)
        .and_then(|id| procedure.result(id))
        .ok_or(Error::Refused(Refusal::Dossier(Refused::WrongRevision)))
}

async fn current_paper(reader: &mut Reader, dossier: &Dossier) -> Result<ResultPaper, Error> {
    let Some(id) = dossier.state.result() else {
        let step = dossier.state.step().unwrap_or_default().to_owned();
        return Err(Refused::StepNotDone { step, task: StepTask::Draft }.into());
    };
    results::result(reader, id).await?.ok_or(Error::NotFound)
}

/// The draft in force again when a signed paper was sent back.
pub(crate) async fn draft_of_signed(
    tx: &mut Tx,
    dossier: &Dossier,
    now: Timestamp,
) -> Result<Option<ResultId>, Error> {
    let Some(result) = dossier.state.result() else { return Ok(None) };
    let paper = results::result(tx, result).await?.ok_or(Error::NotFound)?;
    let Some(draft) = paper.sent_back(ResultId(new_id(now))) else { return Ok(None) };
    results::add_result(tx, &draft, now).await?;
    // What was sent back is no decision that others are held against.
    results::wording::forget(tx, result).await?;
    Ok(Some(draft.id))
}

/// A slot as the form gives it, in data that can be kept.
fn kept_slot(slot: &pdf::print::Slot) -> Slot {
    Slot {
        name: slot.name.clone(),
        page: u32::try_from(slot.page).unwrap_or(1),
        x: slot.x_pt as f32,
        y: slot.y_pt as f32,
        width: slot.width_pt as f32,
        height: slot.height_pt as f32,
    }
}

fn slot(slots: &[Slot], name: &str) -> Option<Place> {
    slots.iter().find(|slot| slot.name == name).map(|slot| Place::At {
        page: slot.page as usize,
        x: f64::from(slot.x),
        y: f64::from(slot.y),
        width: f64::from(slot.width),
        height: f64::from(slot.height),
    })
}

/// Whose seal a dossier's result carries.
pub fn sealing_agency(dossier: &Dossier) -> AgencyId {
    dossier.scope.competent
}
