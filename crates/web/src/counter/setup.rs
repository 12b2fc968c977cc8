//! How the queue of an office runs, and the links to its call screens: for whoever heads it, and who keeps
//! the system.

use super::screen_links::{self, ScreenLink};
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key};
use crate::page::{Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use office::Refusal;
use office::counter::screens::QueueSetup;
use rules::counter::queue::PriorityReason;
use rules::counter::queue::setup::{Figure, QueueRules};
use rules::id::{AgencyId, CallScreenId};
use rules::people::Role;
use rules::words;

#[derive(Debug, Template)]
#[template(path = "counter/setup.html")]
struct SetupPage {
    shell: Shell,
    base: String,
    agency: String,
    basis: String,
    version: i64,
    form: FormState,
    reasons: Vec<Choice>,
    figures: Vec<(String, &'static str)>,
    screens: Vec<ScreenLink>,
    /// The link that was just made, to be copied now.
    link: String,
    keys: [String; 2],
}

/// The name of a figure's field.
fn field(figure: Figure) -> &'static str {
    match figure {
        Figure::ElderlyFromAge => "tuoi",
        Figure::PriorityRun => "lien-tiep",
        Figure::MostAbsences => "goi-lai",
        Figure::SlotMinutes => "khung-phut",
        Figure::SlotCapacity => "khung-nguoi",
        Figure::DaysAhead => "truoc-ngay",
        Figure::GraceMinutes => "cho-phut",
    }
}

/// The officer's own office.
pub(crate) async fn own(visitor: Visitor) -> Response {
    let heads = |role: Role| matches!(role, Role::Head | Role::CentreHead);
    let actor = &visitor.present.actor;
    let headed = actor.held().map(|(post, _)| post).find(|post| heads(post.role)).map(|post| post.agency);
    Redirect::to(&format!("/quan-tri/hang-cho/{}", headed.unwrap_or_else(|| actor.agency()))).into_response()
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let setup = web.office.queue_setup(&visitor.present.actor, place.id("agency")?).await?;
    let form = state(&setup.rules);
    render(&web, &visitor, StatusCode::OK, setup, form, String::new()).await
}

fn state(rules: &QueueRules) -> FormState {
    let form = Figure::ALL.into_iter().fold(FormState::default(), |form, figure| {
        form.with(field(figure), rules.figure(figure).to_string())
    });
    rules.reasons.iter().fold(form, |form, reason| form.with("uu-tien", reason.code()))
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    setup: QueueSetup,
    form: FormState,
    link: String,
) -> Result<Response, Failure> {
    let QueueSetup { unit, rules, version, screens } = setup;
    let reason =
        |reason: PriorityReason| Choice::new(reason.code(), words::queue::priority_reason(reason, &rules));
    let page = SetupPage {
        shell: shell(web, visitor, "/quan-tri/hang-cho").await?,
        base: format!("/quan-tri/hang-cho/{}", unit.id),
        agency: unit.unit.name,
        basis: match version {
            0 => format!("Đang theo mức chung: {}", rules.basis),
            _ => format!("Cơ quan tự đặt, áp dụng từ {}", words::date(rules.from)),
        },
        version,
        form,
        reasons: PriorityReason::ALL.into_iter().map(reason).collect(),
        figures: Figure::ALL
            .into_iter()
            .map(|figure| (field(figure).to_owned(), words::queue::queue_figure(figure)))
            .collect(),
        screens: screens
            .into_iter()
            .map(|screen| ScreenLink::new(screen.id, screen.name, screen.made_at, screen.withdrawn_at))
            .collect(),
        link,
        keys: [new_key(), new_key()],
    };
    Ok(show_as(web, status, &page))
}

/// The rules as they were typed; figures that are none are out of every range.
fn typed(posted: &Posted, now: &QueueRules) -> QueueRules {
    let reasons =
        PriorityReason::ALL.into_iter().filter(|r| posted.all("uu-tien").any(|sent| sent == r.code()));
    let rules = QueueRules { reasons: reasons.collect(), basis: String::new(), ..now.clone() };
    Figure::ALL.into_iter().fold(rules, |rules, figure| {
        rules.with_figure(figure, posted.get(field(figure)).parse().unwrap_or(u32::MAX))
    })
}

pub(crate) async fn decide(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let agency: AgencyId = place.id("agency")?;
    let setup = web.office.queue_setup(&visitor.present.actor, agency).await?;
    let seen = posted.sent("phien-ban")?;
    let rules = typed(&posted, &setup.rules);
    match web.office.decide_queue_rules(&posted.by(&visitor), agency, &rules, seen).await {
        Ok(()) => Ok(on_to(&web, &format!("/quan-tri/hang-cho/{agency}"), "Đã lưu, áp dụng từ bây giờ")),
        Err(error) => {
            let mut form = posted.state();
            match refused(error)? {
                Refusal::QueueFigures(figures) => {
                    for figure in figures {
                        form.fault(field(figure), words::queue::figure_fault(figure));
                    }
                }
                other => form.refuse("", &other),
            }
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, setup, form, String::new()).await
        }
    }
}

/// Makes a link and shows it, once.
pub(crate) async fn add_screen(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let agency: AgencyId = place.id("agency")?;
    let made = web.office.add_call_screen(&posted.by(&visitor), agency, posted.get("ten-man-hinh")).await;
    let setup = web.office.queue_setup(&visitor.present.actor, agency).await?;
    let mut form = state(&setup.rules);
    match made {
        Ok(link) => {
            let link = screen_links::address(&web, "man-hinh-goi", &setup.unit.unit.key, &link.secret);
            render(&web, &visitor, StatusCode::OK, setup, form, link).await
        }
        Err(error) => {
            form.refuse("ten-man-hinh", &refused(error)?);
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, setup, form, String::new()).await
        }
    }
}

pub(crate) async fn withdraw_screen(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let agency: AgencyId = place.id("agency")?;
    let screen: CallScreenId = place.id("screen")?;
    web.office.withdraw_call_screen(&posted.by(&visitor), agency, screen).await?;
    Ok(on_to(&web, &format!("/quan-tri/hang-cho/{agency}"), "Đã thu hồi đường dẫn"))
}
