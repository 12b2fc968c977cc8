//! The working calendar of an office as a year, and deciding it: a day from a form or a whole file, what it
//! would change, and only then the decision.

mod grid;
mod typed;

use crate::Web;
use crate::admin::HERE;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key, query_value};
use crate::page::{Shell, on_to, shell, show, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{Multipart, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use grid::{Legend, Month, Row, legend, months, rows};
use office::Error;
use office::calendar::{CalendarYear, Decision, DueToday, MovedLine, Preview, faults_of};
use rules::calendar::{CalendarDecision, DayChanged};
use rules::words;
use rules::words::calendar::{day_look, hours};
use store::queue::lines::State as Standing;
use typed::{KINDS, NATION, Wanted, day_of, read_file};

const PATH: &str = "/quan-tri/lich";
/// The years for which the formulas of the moon were checked.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

#[derive(Debug, Template)]
#[template(path = "calendar/show.html")]
struct YearPage {
    shell: Shell,
    unit: String,
    year: i16,
    previous_href: String,
    next_href: String,
    units: Vec<Choice>,
    /// The unit and the year that are shown, for the form that chooses.
    shown: FormState,
    months: Vec<Month>,
    legend: Vec<Legend>,
    rows: Vec<Row>,
    /// What the office decided itself, if anything.
    own: String,
    decisions: Vec<DecisionLine>,
    form: FormState,
    kinds: Vec<Choice>,
    scopes: Vec<Choice>,
    decides_nation: bool,
    propose_href: String,
    unit_key: String,
    keys: [String; 2],
}

#[derive(Debug)]
struct DecisionLine {
    title: String,
    detail: String,
    tone: &'static str,
    icon: &'static str,
    state: &'static str,
}

#[derive(Debug, Template)]
#[template(path = "calendar/preview.html")]
struct PreviewPage {
    shell: Shell,
    whose: String,
    rests_on: String,
    warnings: Vec<String>,
    days: Vec<ChangedLine>,
    n_more_days: usize,
    today: Vec<TodayLine>,
    moved: Vec<MovedRow>,
    n_moved: u32,
    digest: String,
    /// The decision itself, to come back with the form.
    body: String,
    back: String,
    unit_key: String,
    year: i16,
    key: String,
    form: FormState,
}

#[derive(Debug)]
struct ChangedLine {
    on: String,
    was: String,
    becomes: String,
    reason: String,
}

#[derive(Debug)]
struct TodayLine {
    limit: String,
    was: String,
    becomes: String,
    differs: bool,
}

#[derive(Debug)]
struct MovedRow {
    code: String,
    was: String,
    becomes: String,
}

/// Changed days that are listed; the rest are counted.
const DAYS_LISTED: usize = 60;

pub(crate) async fn show_year(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(sent): RawQuery,
) -> Result<Response, Failure> {
    let value = |name| query_value(sent.as_deref(), name);
    let wanted = Wanted::of(&value("don-vi"), &value("nam"), web.office.clock.today().year())?;
    let form = match value("de-xuat").as_str() {
        "" => FormState::default(),
        _ => FormState::default().with("tep-lich", office::calendar::propose(wanted.year)?),
    };
    year_page(&web, &visitor, StatusCode::OK, &wanted, form).await
}

async fn year_page(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    wanted: &Wanted,
    form: FormState,
) -> Result<Response, Failure> {
    let shown = web.office.calendar_year(&visitor.present.actor, wanted.unit(), wanted.year).await?;
    let CalendarYear { unit, units, decides_nation, days, own, decisions } = shown;
    let year = wanted.year;
    let of_year = |year: i16| format!("{PATH}?don-vi={}&nam={year}", unit.unit.key);
    let mut scopes = vec![Choice::new("don-vi", format!("Riêng {}", unit.unit.name))];
    if decides_nation {
        scopes.push(Choice::new(NATION, "Cả nước (theo thông báo của năm)"));
    }
    let page = YearPage {
        shell: shell(web, visitor, HERE).await?,
        year,
        previous_href: of_year(year - 1),
        next_href: of_year(year + 1),
        shown: FormState::default().with("don-vi", &unit.unit.key).with("nam", year.to_string()),
        units: units.into_iter().map(|kept| Choice::new(kept.unit.key, kept.unit.name)).collect(),
        months: days.as_deref().map(|days| months(days, web.office.clock.today())).unwrap_or_default(),
        legend: legend(),
        rows: days.as_deref().map(rows).unwrap_or_default(),
        own: own.map(|own| own.decision).unwrap_or_default(),
        decisions: decisions.into_iter().map(decision_line).collect(),
        kinds: KINDS.iter().map(|(value, label)| Choice::new(*value, *label)).collect(),
        scopes,
        decides_nation,
        propose_href: format!("{}&de-xuat=1#nap", of_year(year)),
        unit_key: unit.unit.key,
        unit: unit.unit.name,
        keys: [new_key(), new_key()],
        form,
    };
    Ok(show_as(web, status, &page))
}

fn decision_line(decision: Decision) -> DecisionLine {
    let (tone, icon, state) = match (decision.line.counted_at, decision.job) {
        (Some(_), _) => ("ok", "circle-check", "Đã tính lại xong"),
        (None, Some(Standing::Dead)) => ("bad", "circle-alert", "Dừng, cần người xem ở Việc chạy ngầm"),
        (None, Some(Standing::Waiting)) => ("pause", "clock", "Chờ tính lại"),
        (None, None) => ("warn", "circle-help", "Chưa tính lại xong, không còn việc chạy ngầm"),
        (None, Some(Standing::Running | Standing::Done)) => ("info", "loader-circle", "Đang tính lại"),
    };
    let decided = decision.line.decided;
    DecisionLine {
        title: format!("{}, lần {}", decided.decision.rests_on(), decided.version),
        detail: format!(
            "{} quyết định lúc {}, {} hồ sơ đổi ngày hẹn trả",
            decision.by,
            words::moment(decided.decided_at),
            decided.n_moved
        ),
        tone,
        icon,
        state,
    }
}

/// One day from the form, looked at before it is decided.
pub(crate) async fn draft_day(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let wanted = Wanted::of(posted.get("don-vi"), posted.get("nam"), web.office.clock.today().year())?;
    let mut form = posted.state();
    let Some(day) = day_of(&posted, &mut form) else {
        return year_page(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &wanted, form).await;
    };
    let scope = wanted.scope(posted.get("pham-vi"), day.on);
    let now = match web.office.calendar_now(&scope, posted.get("can-cu")).await {
        Ok(now) => now,
        Err(error) => {
            form.refuse("ngay", &refused(error)?);
            return year_page(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &wanted, form).await;
        }
    };
    let decision = match day.row {
        Some(row) => now.with_day(row),
        None => now.without_day(day.on),
    };
    previewed(&web, &visitor, &wanted, decision, form, "ngay").await
}

/// A file that was chosen or pasted, looked at before it is decided.
pub(crate) async fn draft_file(
    State(web): State<Web>,
    visitor: Visitor,
    multipart: Multipart,
) -> Result<Response, Failure> {
    let sent = read_file(multipart, &visitor).await?;
    let wanted = Wanted::of(&sent.unit, &sent.year, web.office.clock.today().year())?;
    let mut form = FormState::default().with("tep-lich", &sent.text);
    if sent.text.trim().is_empty() {
        form.fault("tep-lich", "Chưa có nội dung. Chọn tệp hoặc dán nội dung tệp lịch");
        return year_page(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &wanted, form).await;
    }
    match office::calendar::parse(&sent.text) {
        Ok(decision) => previewed(&web, &visitor, &wanted, decision, form, "tep-lich").await,
        Err(astray) => {
            let at = astray.line.map(|line| format!(" ở dòng {line}")).unwrap_or_default();
            form.fault("tep-lich", format!("Tệp không đúng dạng{at}. Sửa theo mẫu của tệp lịch rồi gửi lại"));
            year_page(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &wanted, form).await
        }
    }
}

/// What a decision would change; what cannot be counted by goes back to its form.
async fn previewed(
    web: &Web,
    visitor: &Visitor,
    wanted: &Wanted,
    decision: CalendarDecision,
    mut form: FormState,
    field: &str,
) -> Result<Response, Failure> {
    match web.office.preview_calendar(&visitor.present.actor, &decision).await {
        Ok(preview) => {
            let page = preview_page(web, visitor, wanted, &decision, preview, FormState::default()).await?;
            Ok(show(web, &page))
        }
        Err(Error::NotFound) => {
            form.fault(field, "Không có đơn vị này trong phạm vi của bạn. Xem lại dòng `unit` của tệp");
            year_page(web, visitor, StatusCode::UNPROCESSABLE_ENTITY, wanted, form).await
        }
        Err(Error::NotYours(why)) => {
            form.fault(field, words::not_yours(&why));
            year_page(web, visitor, StatusCode::UNPROCESSABLE_ENTITY, wanted, form).await
        }
        Err(error) => {
            form.refuse(field, &refused(error)?);
            year_page(web, visitor, StatusCode::UNPROCESSABLE_ENTITY, wanted, form).await
        }
    }
}

async fn preview_page(
    web: &Web,
    visitor: &Visitor,
    wanted: &Wanted,
    decision: &CalendarDecision,
    preview: Preview,
    form: FormState,
) -> Result<PreviewPage, Failure> {
    let Preview { unit, days, today, first, n_moved, digest } = preview;
    let warnings = match decision {
        CalendarDecision::Year(table) => faults_of(table),
        CalendarDecision::Unit(_) => Vec::new(),
    };
    Ok(PreviewPage {
        shell: shell(web, visitor, HERE).await?,
        whose: unit.unwrap_or_else(|| "Cả nước".to_owned()),
        rests_on: decision.rests_on(),
        warnings,
        n_more_days: days.len().saturating_sub(DAYS_LISTED),
        days: days.into_iter().take(DAYS_LISTED).map(changed_line).collect(),
        today: today.into_iter().map(today_line).collect(),
        moved: first.into_iter().map(moved_row).collect(),
        n_moved,
        digest,
        body: serde_json::to_string(decision).map_err(|error| Failure::Broken(Error::broken(error)))?,
        back: wanted.address(),
        unit_key: wanted.unit().unwrap_or_default().to_owned(),
        year: wanted.year,
        key: new_key(),
        form,
    })
}

fn changed_line(changed: DayChanged) -> ChangedLine {
    let [hours_before, hours_after] = &changed.hours;
    let (was, becomes) = if changed.was == Some(changed.becomes) {
        (format!("Mở cửa {}", hours(hours_before)), format!("Mở cửa {}", hours(hours_after)))
    } else {
        let was = changed.was.map_or("Chưa có lịch", day_look);
        (was.to_owned(), day_look(changed.becomes).to_owned())
    };
    ChangedLine { on: words::date(changed.on), was, becomes, reason: changed.reason }
}

fn today_line(due: DueToday) -> TodayLine {
    let said =
        |day: Option<jiff::civil::Date>| day.map_or_else(|| "chưa có lịch năm ấy".to_owned(), words::date);
    TodayLine {
        limit: words::limit(due.limit),
        was: said(due.was),
        becomes: said(due.becomes),
        differs: due.was != due.becomes,
    }
}

fn moved_row(line: MovedLine) -> MovedRow {
    MovedRow {
        code: line.code.unwrap_or_else(|| "Phần việc liên thông".to_owned()),
        was: words::moment(line.old_due.at),
        becomes: words::moment(line.new_due.at),
    }
}

/// Keeps what was looked at; where the list has changed since, it is shown anew.
pub(crate) async fn decide(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let decision: CalendarDecision =
        serde_json::from_str(posted.get("lich")).map_err(|_| Failure::not_found())?;
    let wanted = Wanted::of(posted.get("don-vi"), posted.get("nam"), web.office.clock.today().year())?;
    match web.office.decide_calendar(&posted.by(&visitor), &decision, posted.get("danh-sach")).await {
        Ok(_) => Ok(on_to(&web, &wanted.address(), "Đã quyết định lịch. Ngày hẹn trả đang được tính lại")),
        Err(error) => {
            let mut form = FormState::default();
            form.refuse("", &refused(error)?);
            let preview = web.office.preview_calendar(&visitor.present.actor, &decision).await?;
            let page = preview_page(&web, &visitor, &wanted, &decision, preview, form).await?;
            Ok(show_as(&web, StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
