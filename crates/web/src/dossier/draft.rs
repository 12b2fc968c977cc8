//! Drafting the result: the form's questions filled with what is known, beside the papers; what differs from
//! the form is marked. One officer fills it in at a time.

use super::marks::{Shown, Word, pieces};
use super::papers::Viewer;
use super::writing::{Kept, held_by, is_on};
use crate::Web;
use crate::deed::Deed;
use crate::error::{Failure, refused};
use crate::form::{FormState, new_key, query_value};
use crate::page::{Message, Place, Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::Refusal;
use office::dossier::view::DossierView;
use office::dossier::writing::Holding;
use office::forms::{Answers, AskKind, Sheet};
use office::signing::ResultContext;
use rules::dossier::writing::WritingForm;
use rules::id::DossierId;
use rules::people::{Actor, Role};
use rules::procedure::StepTask;
use rules::signing::ResultState;
use rules::text::diff::{is_changed, word_changes};
use std::sync::Arc;

const FORM: WritingForm = WritingForm::Draft;

#[derive(Debug, Template)]
#[template(path = "dossier/draft.html")]
struct Page {
    shell: Shell,
    id: String,
    code: String,
    holder: String,
    title: String,
    viewer: Viewer,
    form: FormState,
    questions: Vec<Question>,
    idem: String,
    kept: Kept,
    marks: Shown,
    /// The draft as it is, to look at.
    shown_href: String,
    /// Who fills it in, where it is another; then nothing can be typed here.
    held: String,
    may_take_over: bool,
}

#[derive(Debug)]
struct Question {
    name: String,
    label: String,
    hint: String,
    required: bool,
    kind: &'static str,
    /// What stands there, to be read where another fills it in.
    value: String,
    /// What the saved draft says otherwise, where it was saved after this was begun.
    overtaken: Vec<Word>,
}

/// The draft of a dossier, and the form it is made from.
struct Drafting {
    view: DossierView,
    context: ResultContext,
    sheet: Arc<Sheet>,
    /// The answers of the draft there is.
    drafted: Option<Answers>,
    /// Its digest; empty where there is none.
    base: String,
}

impl Drafting {
    async fn open(web: &Web, actor: &Actor, id: DossierId) -> Result<Self, Failure> {
        let view = web.office.open_dossier(actor, id).await?;
        let context = web.office.result_context(actor, id, None).await?;
        let sheet = web.office.sheet_of(&context)?;
        let drafted = web.office.answers_of(&context).await?;
        let current = view.results.iter().find(|paper| Some(paper.id) == view.dossier.state.result());
        let base = current
            .filter(|paper| matches!(paper.state, ResultState::Drafted { .. }))
            .map(|paper| paper.state.pdf().sha256.clone())
            .unwrap_or_default();
        Ok(Self { view, context, sheet, drafted, base })
    }

    /// Who else fills the form in; whoever may do the step holds it by opening it.
    async fn held(&self, web: &Web, actor: &Actor) -> Result<Option<String>, Failure> {
        let drafts = self.view.present_step().is_some_and(|step| step.task == StepTask::Draft);
        let id = self.view.dossier.id;
        let holding = if drafts && self.view.may_do_step {
            web.office.hold_draft(actor, id).await?
        } else {
            web.office.holder_of_draft(actor, id).await?
        };
        Ok(match holding {
            Holding::Mine => None,
            Holding::Of(officer, since) => Some(held_by(web, id, actor, officer, since).await?),
        })
    }

    fn answers(&self, value: impl Fn(&str) -> String) -> Answers {
        self.sheet.asks.iter().map(|ask| (ask.key.clone(), value(&ask.key))).collect()
    }
}

pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let id: DossierId = place.id("id")?;
    let actor = &visitor.present.actor;
    let drafting = Drafting::open(&web, actor, id).await?;
    let answers = match &drafting.drafted {
        Some(answers) => answers.clone(),
        None => web.office.template_of(&drafting.context).await?,
    };
    let shown = state_of(answers);
    let query = query.as_deref();
    let chosen = query_value(query, "nhap");
    let (kept, form) = Kept::open(&web, actor, FORM, id, &drafting.base, &chosen, shown).await?;
    let held = drafting.held(&web, actor).await?.unwrap_or_default();
    let trang = query_value(query, "trang");
    show(&web, &visitor, StatusCode::OK, &drafting, Shape { kept, held, page: trang }, form).await
}

fn state_of(answers: Answers) -> FormState {
    answers.into_iter().fold(FormState::default(), |form, (key, value)| form.with(key, value))
}

pub(crate) async fn save(deed: Deed) -> Result<Response, Failure> {
    let actor = &deed.visitor.present.actor;
    let drafting = Drafting::open(&deed.web, actor, deed.id).await?;
    let answers = drafting.answers(|key| deed.get(key).to_owned());
    let mut form = state_of(answers.clone());
    let mut kept = Kept::posted(FORM, &deed, &drafting.base);
    let held = drafting.held(&deed.web, actor).await?.unwrap_or_default();
    let only_marks = !deed.get("xem").is_empty();
    kept.is_overtaken = !is_on(&deed, &drafting.base);
    if !held.is_empty() {
        // Nothing that was typed is lost by it: it is kept as his own.
        if let Some(both) = kept.save(&deed, FORM).await? {
            return Ok(both);
        }
        form.fault("", held.clone());
    } else if !only_marks && !kept.is_overtaken {
        match deed.office().draft_result(&deed.by(), deed.id, None, answers).await {
            Ok(()) => return Ok(deed.to_dossier("Đã lưu dự thảo. Xem lại rồi chuyển bước.")),
            Err(error) => form.refuse("", &refused(error)?),
        }
    }
    let status = if only_marks { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shape = Shape { kept, held, page: String::new() };
    show(&deed.web, &deed.visitor, status, &drafting, shape, form).await
}

/// The page again after a head was refused to go on with the form of another.
pub(super) async fn held(deed: &Deed, refusal: &Refusal) -> Result<Response, Failure> {
    let actor = &deed.visitor.present.actor;
    let drafting = Drafting::open(&deed.web, actor, deed.id).await?;
    let mut form = state_of(drafting.drafted.clone().unwrap_or_default());
    form.refuse("ly-do", refusal);
    let held = drafting.held(&deed.web, actor).await?.unwrap_or_default();
    let shape = Shape { kept: Kept::default(), held, page: String::new() };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    show(&deed.web, &deed.visitor, status, &drafting, shape, form).await
}

/// What the page is besides the draft: the prose that is kept, who holds it, the page of the papers.
struct Shape {
    kept: Kept,
    held: String,
    page: String,
}

async fn show(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    drafting: &Drafting,
    shape: Shape,
    form: FormState,
) -> Result<Response, Failure> {
    let Drafting { view, context, sheet, drafted, .. } = drafting;
    let actor = &visitor.present.actor;
    let dossier = &view.dossier;
    let answers = drafting.answers(|key| form.value(key).to_owned());
    let marks = web.office.draft_marks(actor, context, &answers).await?;
    let overtaken = |key: &str| {
        let current = drafted.as_ref().filter(|_| shape.kept.is_overtaken);
        let changes =
            current.map(|drafted| word_changes(drafted.get(key).map_or("", String::as_str), form.value(key)));
        changes.filter(|changes| is_changed(changes)).map(pieces).unwrap_or_default()
    };
    let questions = sheet
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
            value: form.value(&ask.key).to_owned(),
            overtaken: overtaken(&ask.key),
        })
        .collect();
    let mut shell = shell(web, visitor, "/viec").await?;
    if !shape.held.is_empty() {
        shell.flash.push(Message { tone: "warn", text: shape.held.clone() });
    }
    let page = Page {
        shell,
        id: dossier.id.to_string(),
        code: context.dossier_code.clone(),
        holder: context.holder.name.clone(),
        title: context.result_type.name.clone(),
        viewer: Viewer::of(view, &shape.page),
        form,
        questions,
        idem: new_key(),
        kept: shape.kept,
        marks: marks.into(),
        shown_href: dossier.state.result().map(|id| format!("/ket-qua/{id}/tep")).unwrap_or_default(),
        held: shape.held,
        may_take_over: actor
            .right_for_any(&[Role::Head, Role::Leader], dossier.scope.holding, dossier)
            .is_ok(),
    };
    Ok(show_as(web, status, &page))
}
