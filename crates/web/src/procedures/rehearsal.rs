//! “Chạy thử với hồ sơ mẫu”: who would hold a dossier when, by a draft that is not published yet.

use super::editor::{Head, Leaf, code_of, drafted, head};
use super::flow;
use super::typed::{capital, choices};
use crate::Web;
use crate::admin::HERE;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, query_value};
use crate::page::{Place, Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use rules::calendar::{instant, legal_time};
use rules::procedure::rehearsal::{Doing, End, Leg, Rehearsed, Sample};
use rules::procedure::{Channel, Procedure, duration};
use rules::scanning::day;
use rules::words;
use rules::words::procedure as said;
use std::collections::BTreeMap;

#[derive(Debug, Template)]
#[template(path = "procedures/rehearsal.html")]
struct RehearsalPage {
    shell: Shell,
    head: Head,
    form: FormState,
    cases: Vec<Choice>,
    channels: Vec<Choice>,
    forks: Vec<Fork>,
    waits: Vec<(String, String)>,
    outcome: Option<Outcome>,
}

/// A step with several ways on.
#[derive(Debug)]
struct Fork {
    field: String,
    label: String,
    ways: Vec<Choice>,
}

#[derive(Debug)]
struct Outcome {
    tone: &'static str,
    title: String,
    text: String,
    promised: String,
    due: String,
    legs: Vec<LegRow>,
}

#[derive(Debug)]
struct LegRow {
    step: String,
    who: String,
    from: String,
    until: String,
    is_wait: bool,
}

/// The form is sent by GET: it changes nothing, and its answer has an address of its own.
pub(crate) async fn show_rehearsal(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let saved = drafted(&web, &code_of(&place)?).await?;
    let draft = &saved.draft;
    let value = |name: &str| query_value(query.as_deref(), name);
    let is_asked = !value("ngay").is_empty() || !value("chay").is_empty();
    let mut form = asked(draft, &value, legal_time(web.office.clock.now()));
    let mut status = StatusCode::OK;
    let outcome = match is_asked.then(|| sample(draft, &form)) {
        None => None,
        Some(Ok(sample)) => match web.office.rehearse(draft, &sample, visitor.present.officer.agency) {
            Ok(rehearsed) => Some(outcome(&rehearsed)),
            Err(error) => {
                form.refuse("kenh", &refused(error)?);
                None
            }
        },
        Some(Err(faults)) => {
            for (field, message) in faults {
                form.fault(field, message);
            }
            None
        }
    };
    if !form.errors().is_empty() {
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let page = RehearsalPage {
        head: head(&web, &saved, Leaf::Rehearsal).await?,
        shell: shell(&web, &visitor, HERE).await?,
        form,
        cases: draft.cases.iter().map(|case| Choice::new(&case.id, &case.name)).collect(),
        channels: choices(&Channel::ALL, |of| words::channel(*of).to_owned()),
        forks: forks(draft),
        waits: waits(draft),
        outcome,
    };
    Ok(show_as(&web, status, &page))
}

/// What stands in the form: what was asked, else the first case today at the present hour.
fn asked(draft: &Procedure, value: &impl Fn(&str) -> String, now: DateTime) -> FormState {
    let or = |name: &str, otherwise: String| {
        Some(value(name)).filter(|text| !text.is_empty()).unwrap_or(otherwise)
    };
    let first = draft.cases.first();
    let case = or("truong-hop", first.map(|case| case.id.clone()).unwrap_or_default());
    let form = FormState::default()
        .with("truong-hop", case)
        .with("kenh", or("kenh", "direct".to_owned()))
        .with("ngay", or("ngay", words::date(now.date())))
        .with("gio", or("gio", format!("{:02}:{:02}", now.hour(), now.minute())));
    let form = waits(draft).into_iter().fold(form, |form, (field, _)| {
        let typed = value(&field);
        form.with(field, typed)
    });
    forks(draft).into_iter().fold(form, |form, fork| {
        let typed = value(&fork.field);
        form.with(fork.field, typed)
    })
}

fn forks(draft: &Procedure) -> Vec<Fork> {
    let steps = draft.process.steps.iter().enumerate().filter(|(_, step)| step.next.len() > 1);
    let name = |id: &String| draft.process.step(id).map_or(id.clone(), |step| step.name.clone());
    steps
        .map(|(nth, step)| Fork {
            field: format!("duong{nth}"),
            label: format!("Từ bước “{}” đi đến", step.name),
            ways: step.next.iter().map(|id| Choice::new(id, name(id))).collect(),
        })
        .collect()
}

/// The field of each wait, with its question.
fn waits(draft: &Procedure) -> Vec<(String, String)> {
    let waits = draft.process.waits.iter().enumerate();
    waits
        .map(|(nth, wait)| {
            let (what, most) = (said::wait(wait.what), words::limit(wait.limit));
            (format!("cho{nth}"), format!("{}, số ngày làm việc (tối đa {most})", capital(what)))
        })
        .collect()
}

fn sample<'d>(draft: &'d Procedure, form: &FormState) -> Result<Sample<'d>, Vec<(String, String)>> {
    let mut faults = Vec::new();
    let case = draft.case(form.value("truong-hop"));
    if case.is_none() {
        faults.push(("truong-hop".to_owned(), "Chọn một trường hợp".to_owned()));
    }
    let received_at = received_at(form, &mut faults);
    let channel = match form.value("kenh") {
        "online" => Channel::Online,
        "post" => Channel::Post,
        _ => Channel::Direct,
    };
    let mut days = BTreeMap::new();
    for (nth, (field, _)) in waits(draft).iter().enumerate() {
        match form.value(field).trim() {
            "" => {}
            text => match text.parse::<u32>().ok().filter(|days| *days <= 1_000) {
                Some(n) => drop(days.insert(nth, n)),
                None => {
                    faults.push((field.clone(), "Ghi số ngày, ví dụ 3; để trống nếu không thử".to_owned()));
                }
            },
        }
    }
    let ways = draft.process.steps.iter().enumerate();
    let ways = ways.map(|(nth, step)| (step.id.clone(), form.value(&format!("duong{nth}")).to_owned()));
    match (case, received_at) {
        (Some(case), Some(received_at)) if faults.is_empty() => Ok(Sample {
            case: &case.id,
            channel,
            received_at,
            ways: ways.filter(|(_, to)| !to.is_empty()).collect(),
            waits: days,
        }),
        _ => Err(faults),
    }
}

fn received_at(form: &FormState, faults: &mut Vec<(String, String)>) -> Option<Timestamp> {
    let day = day(form.value("ngay")).ok().flatten();
    if day.is_none() {
        faults.push(("ngay".to_owned(), "Ghi ngày tiếp nhận, ví dụ 23/11/2026".to_owned()));
    }
    let hour = hour(form.value("gio"));
    if hour.is_none() {
        faults.push(("gio".to_owned(), "Ghi giờ tiếp nhận, ví dụ 08:00".to_owned()));
    }
    instant(day?.to_datetime(hour?))
}

fn hour(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once([':', 'h', 'g']).unwrap_or((text.trim(), "0"));
    let minute = if minute.is_empty() { "0" } else { minute };
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn outcome(rehearsed: &Rehearsed<'_>) -> Outcome {
    let due = words::moment(rehearsed.due.at);
    let (tone, title, text) = match rehearsed.end {
        End::Ready { at, late_minutes: 0 } => (
            "ok",
            "Kịp hạn".to_owned(),
            format!("Kết quả đóng dấu lúc {}, hẹn trả {due}.", words::moment(at)),
        ),
        End::Ready { at, late_minutes } => (
            "bad",
            format!("Trễ {}", duration(late_minutes)),
            format!(
                "Kết quả đóng dấu lúc {}, hẹn trả {due}. Giảm thời gian các bước hoặc tăng thời hạn.",
                words::moment(at)
            ),
        ),
        End::Closed { at, what } => (
            "warn",
            "Hồ sơ bị đóng".to_owned(),
            format!(
                "Hết thời gian {} lúc {}, hồ sơ đóng theo quy trình.",
                said::wait(what),
                words::moment(at)
            ),
        ),
        End::NoResult => (
            "warn",
            "Chưa có kết quả".to_owned(),
            "Đường đã chọn không đến bước đóng dấu. Xem lại các bước.".to_owned(),
        ),
    };
    Outcome {
        tone,
        title,
        text,
        promised: words::moment(rehearsed.promised.at),
        due: if rehearsed.due == rehearsed.promised { String::new() } else { due },
        legs: rehearsed.legs.iter().map(leg).collect(),
    }
}

fn leg(leg: &Leg<'_>) -> LegRow {
    let who = match leg.doing {
        Doing::Works => flow::who(leg.step),
        Doing::Waits(what) => capital(said::wait(what)),
        Doing::AwaitsOpinions => "Chờ ý kiến, thời hạn dừng".to_owned(),
    };
    LegRow {
        step: leg.step.name.clone(),
        who,
        from: words::moment(leg.from),
        until: words::moment(leg.until),
        is_wait: leg.doing != Doing::Works,
    }
}

#[cfg(test)]
mod tests {
    use super::hour;
    use jiff::civil::time;

    #[test]
    fn hours_are_read_as_they_are_written() {
        assert_eq!(hour("8h30"), Some(time(8, 30, 0, 0)));
        assert_eq!(hour("16:05"), Some(time(16, 5, 0, 0)));
        assert_eq!((hour("8h"), hour("9")), (Some(time(8, 0, 0, 0)), Some(time(9, 0, 0, 0))));
        assert_eq!((hour("25:00"), hour("sáng")), (None, None));
    }
}
