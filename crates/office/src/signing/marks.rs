//! What an officer changed in a draft: against the form it began with, and against the last decision of its
//! kind that was signed in the same agency. Drafter and signer see the same marks.
//!
//! Nothing of the other person is shown, because nothing of him is kept: the wording is masked when it is
//! signed ([`rules::signing::wording`]), and read with the facts of the dossier at hand in place of his. It
//! is still read only by who may see the dossier it came from.

use super::ResultContext;
use super::facts::Facts;
use crate::forms::{Answers, Ask, AskKind, Sheet};
use crate::{Error, Office};
use jiff::Timestamp;
use rules::people::Actor;
use rules::signing::ResultState;
use rules::signing::wording::{PERSONAL, masked, worded_for};
use rules::text::diff::{Piece, is_changed, word_changes};
use store::signing::wording::{Likeness, Wording, last_alike};
use store::{Reader, signing as results};

/// How many of the last decisions are tried until one may be seen.
const N_TRIED: i64 = 5;

/// What differs in a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The fields that are not as the form had them.
    pub template: Vec<FieldMarks>,
    /// When the decision was signed that the draft is held against, and the fields that differ from it.
    pub last: Option<(Timestamp, Vec<FieldMarks>)>,
}

/// What differs in one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldMarks {
    pub label: String,
    pub pieces: Vec<Piece>,
}

impl Office {
    /// The marks of what stands in the fields of a draft.
    pub async fn draft_marks(
        &self,
        actor: &Actor,
        context: &ResultContext,
        answers: &Answers,
    ) -> Result<Marks, Error> {
        let sheet = self.sheet_of(context)?;
        let facts = self.result_facts(context).await?;
        let template = marks(&sheet, &sheet.defaults(&facts), answers);
        let mut reader = self.db.read().await?;
        let last = last_readable(&mut reader, actor, context).await?.map(|wording| {
            let worded = wording.answers.iter().map(|(key, text)| (key.clone(), worded_for(text, &facts)));
            let worded: Answers = worded.collect();
            let mut compared = answers.clone();
            compared.retain(|key, _| worded.contains_key(key));
            (wording.signed_at, marks(&sheet, &worded, &compared))
        });
        Ok(Marks { template, last })
    }

    /// The same of the draft or the signed paper a dossier has; none where it has neither.
    pub async fn marks_of(&self, actor: &Actor, context: &ResultContext) -> Result<Option<Marks>, Error> {
        match self.answers_of(context).await? {
            Some(answers) => self.draft_marks(actor, context, &answers).await.map(Some),
            None => Ok(None),
        }
    }

    /// The answers of the draft there is.
    pub async fn answers_of(&self, context: &ResultContext) -> Result<Option<Answers>, Error> {
        let Some(id) = context.dossier.state.result() else { return Ok(None) };
        let mut reader = self.db.read().await?;
        Ok(results::result(&mut reader, id).await?.and_then(|paper| match paper.state {
            ResultState::Drafted { answers, .. } | ResultState::Signed { answers, .. } => Some(answers),
            ResultState::Sealed { .. } => None,
        }))
    }
}

/// The fields whose words are others than they were.
fn marks(sheet: &Sheet, old: &Answers, new: &Answers) -> Vec<FieldMarks> {
    let text = |answers: &Answers, key: &str| answers.get(key).cloned().unwrap_or_default();
    let of = |ask: &Ask| {
        let pieces = word_changes(&text(old, &ask.key), &text(new, &ask.key));
        is_changed(&pieces).then(|| FieldMarks { label: ask.label.clone(), pieces })
    };
    sheet.asks.iter().filter_map(of).collect()
}

async fn last_readable(
    reader: &mut Reader,
    actor: &Actor,
    context: &ResultContext,
) -> Result<Option<Wording>, Error> {
    let wordings = last_alike(reader, &likeness(context), context.dossier.id, N_TRIED).await?;
    for wording in wordings {
        let dossier = store::dossier::find(reader, wording.dossier).await?;
        if dossier.is_some_and(|dossier| crate::dossier::may_see(actor, &dossier).is_ok()) {
            return Ok(Some(wording));
        }
    }
    Ok(None)
}

pub(super) fn likeness(context: &ResultContext) -> Likeness {
    Likeness {
        agency: context.dossier.scope.competent,
        procedure: context.dossier.procedure.clone(),
        case: context.dossier.case.clone(),
        result_type: context.result_type.id.clone(),
    }
}

/// The wording of a signed draft without the person it is about: its prose alone, for what stands in the
/// short fields is the person's, and nothing to go by.
pub(super) fn wording(
    sheet: Option<&Sheet>,
    context: &ResultContext,
    facts: &Facts,
    answers: &Answers,
    signed_at: Timestamp,
) -> Wording {
    let mut nobodys = facts.clone();
    nobodys.retain(|name, _| !PERSONAL.contains(name));
    let template = sheet.map(|sheet| sheet.defaults(&nobodys)).unwrap_or_default();
    let asks = sheet.map(|sheet| sheet.asks.as_slice()).unwrap_or_default();
    let prose = asks.iter().filter(|ask| matches!(ask.kind, AskKind::Area | AskKind::Lines));
    let answers = prose
        .filter_map(|ask| {
            let default = template.get(&ask.key).map_or("", String::as_str);
            Some((ask.key.clone(), masked(answers.get(&ask.key)?, facts, default)))
        })
        .collect();
    Wording { dossier: context.dossier.id, signed_at, answers }
}
