//! Exercises in an office to learn in: what to do, and what was seen to be done. Nothing is ticked off.

use super::Shell;
use crate::Web;
use crate::error::Failure;
use crate::form::{Posted, new_key};
use crate::page::{Place, on_to, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use office::training::Progress;

#[derive(Debug, Template)]
#[template(path = "handbook/exercises.html")]
struct List {
    shell: Shell,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    href: String,
    title: String,
    minutes: u8,
    state: &'static str,
    tone: &'static str,
    icon: &'static str,
}

pub(crate) async fn list(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let shell = shell(&web, &visitor, "/huong-dan").await?;
    let all = web.office.exercises_of(&visitor.present.actor).await?;
    let rows = all.iter().map(row).collect();
    Ok(show(&web, &List { shell, rows }))
}

fn row(progress: &Progress<'_>) -> Row {
    let (state, tone, icon) = match &progress.run {
        None => ("Chưa làm", "plain", "minus"),
        Some(_) if progress.is_over() => ("Đã xong", "ok", "circle-check"),
        Some(_) => ("Đang làm", "info", "pen-line"),
    };
    Row {
        href: href(&progress.exercise.id),
        title: progress.exercise.title.clone(),
        minutes: progress.exercise.minutes,
        state,
        tone,
        icon,
    }
}

fn href(id: &str) -> String {
    format!("/huong-dan/bai-tap/{id}")
}

#[derive(Debug, Template)]
#[template(path = "handbook/exercise.html")]
struct Page {
    shell: Shell,
    href: String,
    title: String,
    minutes: u8,
    is_begun: bool,
    is_over: bool,
    steps: Vec<StepRow>,
    idem: String,
}

#[derive(Debug)]
struct StepRow {
    says: String,
    /// Where it is done; empty until the exercise is begun.
    at: String,
    is_done: bool,
}

pub(crate) async fn show_exercise(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id = place.text("exercise")?;
    let all = web.office.exercises_of(&visitor.present.actor).await?;
    let progress =
        all.into_iter().find(|progress| progress.exercise.id == id).ok_or_else(Failure::not_found)?;
    let exercise = progress.exercise;
    let dossier = progress.run.as_ref().and_then(|run| run.dossier).map(|dossier| dossier.0.to_string());
    let at = |at: &str| at.replace("{ho-so}", dossier.as_deref().unwrap_or_default());
    let is_begun = progress.run.is_some();
    let steps = exercise.steps.iter().zip(&progress.done).map(|(step, &is_done)| StepRow {
        says: step.says.clone(),
        at: if is_begun { at(&step.at) } else { String::new() },
        is_done,
    });
    Ok(show(
        &web,
        &Page {
            shell: shell(&web, &visitor, "/huong-dan").await?,
            href: href(id),
            title: exercise.title.clone(),
            minutes: exercise.minutes,
            is_begun,
            is_over: is_begun && progress.is_over(),
            steps: steps.collect(),
            idem: new_key(),
        },
    ))
}

/// Begins an exercise, or begins it anew.
pub(crate) async fn begin(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    _posted: Posted,
) -> Result<Response, Failure> {
    let id = place.text("exercise")?;
    Box::pin(web.office.begin_exercise(&visitor.present.actor, id)).await?;
    Ok(on_to(&web, &href(id), "Đã sẵn sàng. Làm từng bước dưới đây."))
}
