//! Drafting the result: the form's questions, filled with what is known, and the draft to look at.

use crate::Web;
use crate::deed::Deed;
use crate::error::{Failure, refused};
use crate::form::{FormState, new_key};
use crate::page::{Place, Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::forms::{Answers, AskKind, Sheet};
use office::signing::ResultContext;
use rules::id::DossierId;
use rules::signing::ResultState;
use rules::words;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Template)]
#[template(path = "dossier/draft.html")]
struct Draft {
    shell: Shell,
    id: String,
    code: String,
    holder: String,
    title: String,
    form: FormState,
    questions: Vec<Question>,
    idem: String,
    /// The draft as it is, to look at.
    shown_href: String,
}

#[derive(Debug)]
struct Question {
    name: String,
    label: String,
    hint: String,
    required: bool,
    kind: &'static str,
}

pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: DossierId = place.id("id")?;
    let context = web.office.open_draft(&visitor.present.actor, id).await?;
    let sheet = web.office.sheet_of(&context)?;
    let answers = match drafted(&web, &context).await? {
        Some(answers) => answers,
        None => sheet.defaults(&facts(&web, &context).await?),
    };
    let form = answers.into_iter().fold(FormState::default(), |form, (key, value)| form.with(key, value));
    show(&web, &visitor, StatusCode::OK, &context, &sheet, form).await
}

pub(crate) async fn save(deed: Deed) -> Result<Response, Failure> {
    let context = deed.office().open_draft(&deed.visitor.present.actor, deed.id).await?;
    let sheet = deed.office().sheet_of(&context)?;
    let answers: Answers =
        sheet.asks.iter().map(|ask| (ask.key.clone(), deed.get(&ask.key).to_owned())).collect();
    match deed.office().draft_result(&deed.by(), deed.id, None, answers.clone()).await {
        Ok(()) => Ok(deed.to_dossier("Đã lưu dự thảo. Xem lại rồi chuyển bước.")),
        Err(error) => {
            let mut form =
                answers.into_iter().fold(FormState::default(), |form, (key, value)| form.with(key, value));
            form.refuse("", &refused(error)?);
            show(&deed.web, &deed.visitor, StatusCode::UNPROCESSABLE_ENTITY, &context, &sheet, form).await
        }
    }
}

async fn show(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    context: &ResultContext,
    sheet: &Arc<Sheet>,
    form: FormState,
) -> Result<Response, Failure> {
    let page = Draft {
        shell: shell(web, visitor, "/viec").await?,
        id: context.dossier.id.to_string(),
        code: context.dossier_code.clone(),
        holder: context.holder.name.clone(),
        title: context.result_type.name.clone(),
        form,
        questions: sheet
            .asks
            .iter()
            .map(|ask| Question {
                name: ask.key.clone(),
                label: ask.label.clone(),
                hint: ask.hint.clone(),
                required: !ask.optional,
                kind: match ask.kind {
                    AskKind::Text | AskKind::Money => "text",
                    AskKind::Area | AskKind::Lines => "area",
                    AskKind::Date => "date",
                },
            })
            .collect(),
        idem: new_key(),
        shown_href: context
            .dossier
            .state
            .result()
            .map(|result| format!("/ket-qua/{result}/tep"))
            .unwrap_or_default(),
    };
    Ok(show_as(web, status, &page))
}

/// The answers of the draft there is.
async fn drafted(web: &Web, context: &ResultContext) -> Result<Option<Answers>, Failure> {
    let Some(id) = context.dossier.state.result() else { return Ok(None) };
    let mut reader = web.office.db.read().await?;
    let paper = store::signing::result(&mut reader, id).await?;
    Ok(paper.and_then(|paper| match paper.state {
        ResultState::Drafted { answers, .. } | ResultState::Signed { answers, .. } => Some(answers),
        ResultState::Sealed { .. } => None,
    }))
}

/// What the braces of a form's defaults stand for.
async fn facts(web: &Web, context: &ResultContext) -> Result<BTreeMap<&'static str, String>, Failure> {
    let holder = &context.holder;
    let sex = holder.sex.as_deref().unwrap_or_default();
    let mut reader = web.office.db.read().await?;
    let signer =
        store::people::leader_of(&mut reader, context.dossier.scope.competent, web.office.clock.today())
            .await?;
    let (signer_name, signer_title) = signer.unwrap_or_default();
    let number = holder.numbers.first().map(|number| number.number.clone()).unwrap_or_default();
    Ok(BTreeMap::from([
        ("holder_title", if sex == "nam" { "ông" } else { "bà" }.to_owned()),
        ("holder_name", holder.name.clone()),
        ("submitter_name", holder.name.clone()),
        ("holder_born_on", holder.born_on.map(words::date).unwrap_or_default()),
        (
            "holder_sex",
            match sex {
                "nam" => "Nam",
                "nu" => "Nữ",
                _ => "",
            }
            .to_owned(),
        ),
        ("holder_number", number),
        ("holder_address", holder.address.clone()),
        ("holder_phone", holder.phone.clone()),
        ("result_name", context.result_type.name.clone()),
        ("procedure_lower", context.procedure.name.to_lowercase()),
        ("dossier_code", context.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("signer_name", signer_name),
        ("signer_capacity", capacity(&signer_title)),
        ("today", words::date(web.office.clock.today())),
    ]))
}

/// The lines above a signature: a deputy signs for the head.
// law: ND30-2020/PL1
fn capacity(title: &str) -> String {
    match title.strip_prefix("Phó ") {
        Some(head) => {
            let mut letters = head.chars();
            let head: String =
                letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
            format!("KT. {head}\n{title}")
        }
        None => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::capacity;

    #[test]
    fn a_deputy_signs_for_the_head() {
        assert_eq!(capacity("Phó Chủ tịch"), "KT. Chủ tịch\nPhó Chủ tịch");
        assert_eq!(capacity("Phó giám đốc"), "KT. Giám đốc\nPhó giám đốc");
        assert_eq!(capacity("Chủ tịch"), "Chủ tịch");
    }
}
