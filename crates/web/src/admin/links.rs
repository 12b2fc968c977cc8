//! Links to other systems: how each stands, why it fails in plain words, and an attempt on demand.

use super::HERE;
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key};
use crate::page::{Place, Shell, on_to, shell, show, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::links::{Link, LinkLine};
use rules::link::LinkState;
use rules::webhook::host;
use rules::words;
use store::link::Attempt;

const LIST: &str = "/quan-tri/ket-noi";

#[derive(Debug, Template)]
#[template(path = "admin/links.html")]
struct Links {
    shell: Shell,
    form: FormState,
    idem: String,
    rows: Vec<Row>,
}

#[derive(Debug, Template)]
#[template(path = "admin/link.html")]
struct One {
    shell: Shell,
    form: FormState,
    idem: String,
    row: Row,
    attempts: Vec<Tried>,
}

/// One link.
#[derive(Debug)]
struct Row {
    href: String,
    name: String,
    about: String,
    tone: &'static str,
    icon: &'static str,
    state: &'static str,
    /// Why it fails, or why it is off.
    why: String,
    last_ok: String,
    last_failed: String,
    p95: String,
    failed: String,
    waiting: String,
    may_try: bool,
}

/// One attempt of a link.
#[derive(Debug)]
struct Tried {
    at: String,
    took: String,
    tone: &'static str,
    icon: &'static str,
    said: String,
    is_test: bool,
}

fn took(ms: u32) -> String {
    match ms {
        ms if ms >= 10_000 => format!("{} giây", ms / 1_000),
        ms if ms >= 1_000 => format!("{},{} giây", ms / 1_000, ms % 1_000 / 100),
        ms => format!("{ms} ms"),
    }
}

impl Row {
    fn of(line: LinkLine) -> Self {
        let (name, about) = match &line.link {
            Link::Timestamp(host) => ("Dấu thời gian".to_owned(), host.clone()),
            Link::Mail(host) => ("Máy chủ thư".to_owned(), host.clone()),
            Link::Webhook(webhook, agency) => {
                let at = host(&webhook.address).unwrap_or_default();
                (format!("Thông báo tự động: {}", webhook.name), format!("{at}, việc của {agency}"))
            }
            Link::Database => ("Cơ sở dữ liệu".to_owned(), "Bên trong".to_owned()),
            Link::Files => ("Kho tệp".to_owned(), "Bên trong".to_owned()),
        };
        let (tone, icon) = match line.state {
            LinkState::Off => ("plain", "minus"),
            LinkState::Untried => ("pause", "clock"),
            LinkState::Works => ("ok", "circle-check"),
            LinkState::Fails(_) => ("bad", "circle-x"),
        };
        let is_stopped = matches!(line.link, Link::Webhook(..)) && line.state == LinkState::Off;
        let is_inside = matches!(line.link, Link::Database | Link::Files);
        Self {
            href: format!("{LIST}/{}", line.link.key()),
            name,
            about,
            tone,
            icon,
            state: match (is_stopped, is_inside && line.state == LinkState::Untried) {
                (true, _) => "Đã ngừng gửi",
                (_, true) => "Chưa thử lần nào",
                _ => words::link::state(line.state),
            },
            why: match line.state {
                LinkState::Fails(failure) => words::link::failure(failure),
                _ => String::new(),
            },
            last_ok: line.last_ok.map(words::moment).unwrap_or_default(),
            last_failed: line.last_failed.map(|(at, _)| words::moment(at)).unwrap_or_default(),
            p95: line.p95_ms.map(took).unwrap_or_default(),
            failed: match line.n_kept {
                0 => String::new(),
                n => format!("{} trong {n} lần gần nhất", line.n_failed),
            },
            waiting: line.n_waiting.map(|n| n.to_string()).unwrap_or_default(),
            may_try: line.state != LinkState::Off,
        }
    }
}

impl Tried {
    fn of(attempt: &Attempt) -> Self {
        let (tone, icon, said) = match attempt.failure {
            None => ("ok", "circle-check", "Được".to_owned()),
            Some(failure) => ("bad", "circle-x", words::link::failure(failure)),
        };
        Self {
            at: words::moment(attempt.at),
            took: took(attempt.took_ms),
            tone,
            icon,
            said,
            is_test: attempt.is_test,
        }
    }
}

pub(crate) async fn list(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let links = web.office.links(&visitor.present.actor).await?;
    let page = Links {
        shell: shell(&web, &visitor, HERE).await?,
        form: FormState::default(),
        idem: new_key(),
        rows: links.into_iter().map(Row::of).collect(),
    };
    Ok(show(&web, &page))
}

pub(crate) async fn one(State(web): State<Web>, visitor: Visitor, place: Place) -> Result<Response, Failure> {
    render(&web, &visitor, StatusCode::OK, place.text("link")?, FormState::default()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    key: &str,
    form: FormState,
) -> Result<Response, Failure> {
    let (line, attempts) = web.office.link(&visitor.present.actor, key).await?;
    let page = One {
        shell: shell(web, visitor, HERE).await?,
        form,
        idem: new_key(),
        row: Row::of(line),
        attempts: attempts.iter().map(Tried::of).collect(),
    };
    Ok(show_as(web, status, &page))
}

/// Really asks the other side, and shows what came of it.
pub(crate) async fn try_once(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let key = place.text("link")?;
    let mut form = FormState::default();
    match web.office.try_link(&posted.by(&visitor), key).await {
        Ok(Attempt { failure: None, took_ms, .. }) => {
            Ok(on_to(&web, &format!("{LIST}/{key}"), &format!("Gửi thử được, trong {}", took(took_ms))))
        }
        Ok(Attempt { failure: Some(failure), .. }) => {
            form.fault("", words::link::failure(failure));
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, key, form).await
        }
        Err(error) => {
            form.refuse("", &refused(error)?);
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, key, form).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::took;

    #[test]
    fn times_are_told_as_people_say_them() {
        assert_eq!(
            [7, 999, 1_250, 9_999, 12_700].map(took),
            ["7 ms", "999 ms", "1,2 giây", "9,9 giây", "12 giây"]
        );
    }
}
