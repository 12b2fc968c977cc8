//! The events of the office in sentences, for whoever controls it: what was asked for as chips in the
//! address, which holds ids and never a name or a number.

pub(crate) mod asked;

use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key, query_value};
use crate::page::{Place, Shell, attachment, on_to, shell, show, show_as};
use crate::session::Visitor;
use askama::Template;
use asked::{Seen, asked_for, query, seek};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use office::audit::check::{ChainState, Checking};
use office::audit::export::ExportLine as Asked;
use office::audit::trail::{Concerned, Opens, Trail, TrailLine};
use rules::calendar::legal_time;
use rules::event::trail::{Filter, Group, Telling};
use rules::id::{AuditExportId, EventId};
use rules::words;
use store::audit::view::Check;
use store::queue::lines::State as Standing;

const PATH: &str = "/quan-tri/nhat-ky";

#[derive(Debug, Template)]
#[template(path = "audit/show.html")]
struct AuditPage {
    shell: Shell,
    keys: [String; 3],
    form: FormState,
    /// What is asked for now, to be sent along with a form.
    present: Vec<(&'static str, String)>,
    /// Those of it that have no field of their own in the form.
    held: Vec<(&'static str, String)>,
    chips: Vec<Chip>,
    groups: Vec<Choice>,
    reads_papers: bool,
    chain: Chain,
    days: Vec<DayOfEvents>,
    /// Where no event is: when the nearest was.
    nearest: String,
    newest_href: String,
    next_href: String,
    /// Whom somebody may have meant.
    choices: Vec<Choice>,
    exports: Vec<ExportLine>,
}

#[derive(Debug)]
struct Chip {
    label: String,
    href: String,
}

#[derive(Debug)]
struct Chain {
    tone: &'static str,
    icon: &'static str,
    badge: String,
    detail: String,
    faults: Vec<String>,
    is_checking: bool,
    has_stopped: bool,
}

#[derive(Debug)]
struct DayOfEvents {
    day: String,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    time: String,
    iso: String,
    tone: &'static str,
    icon: &'static str,
    who: String,
    what: String,
    agency: String,
    purpose: String,
    happened: String,
    about: Vec<About>,
}

/// A thing an event is about; no address where it is not to be opened.
#[derive(Debug)]
struct About {
    label: String,
    href: String,
}

#[derive(Debug)]
struct ExportLine {
    label: String,
    detail: String,
    href: String,
}

pub(crate) async fn show_trail(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(sent): RawQuery,
) -> Result<Response, Failure> {
    let filter = asked_for(sent.as_deref())?;
    let after = match query_value(sent.as_deref(), "sau") {
        none if none.is_empty() => None,
        id => Some(id.parse::<EventId>().map_err(|_| Failure::not_found())?),
    };
    let page = page(&web, &visitor, &filter, after, state(&filter), Vec::new()).await?;
    Ok(show(&web, &page))
}

/// What stands in the form: only what is no name and no number.
fn state(filter: &Filter) -> FormState {
    let day = |day: Option<jiff::civil::Date>| day.map(words::date).unwrap_or_default();
    FormState::default()
        .with("viec", filter.group.map(Group::code).unwrap_or_default())
        .with("tu", day(filter.from))
        .with("den", day(filter.to))
}

/// Takes what was typed and leads to the page of it, or shows whom it may mean.
pub(crate) async fn narrow(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let mut form = posted.state();
    let Seen { filter, choices } = seek(&web, &visitor, &posted, &mut form).await?;
    if form.errors().is_empty() && choices.is_empty() {
        return Ok(Redirect::to(&address(&filter)).into_response());
    }
    let page = page(&web, &visitor, &filter, None, form, choices).await?;
    Ok(show_as(&web, StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(crate) async fn ask_check(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    web.office.ask_audit_check(&posted.by(&visitor)).await?;
    let filter = asked::present(&posted)?;
    Ok(on_to(&web, &address(&filter), "Đang kiểm tra lại toàn bộ chuỗi. Kết quả hiện ở đầu trang này"))
}

pub(crate) async fn ask_export(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let filter = asked::present(&posted)?;
    match web.office.ask_audit_export(&posted.by(&visitor), &filter).await {
        Ok(_) => {
            Ok(on_to(&web, &address(&filter), "Đang lập tệp có chữ ký. Tải về ở mục “Tệp đã xuất” khi xong"))
        }
        Err(error) => {
            let mut form = state(&filter);
            form.refuse("", &refused(error)?);
            let page = page(&web, &visitor, &filter, None, form, Vec::new()).await?;
            Ok(show_as(&web, StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

pub(crate) async fn export_file(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: AuditExportId = place.id("id")?;
    let served = web.office.audit_export_file(&visitor.by(None), id).await?;
    Ok(attachment(served.bytes, "application/jsonl", &format!("nhat-ky-{id}.jsonl")))
}

fn address(filter: &Filter) -> String {
    let query = query(filter);
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
}

async fn page(
    web: &Web,
    visitor: &Visitor,
    filter: &Filter,
    after: Option<EventId>,
    form: FormState,
    choices: Vec<Choice>,
) -> Result<AuditPage, Failure> {
    let by = visitor.by(None);
    let trail = web.office.read_trail(&by, filter, after).await?;
    let exports = web.office.audit_exports(&by).await?;
    let next_href = trail.more_after.map_or_else(String::new, |last| {
        let here = address(filter);
        format!("{here}{}sau={last}", if here.contains('?') { '&' } else { '?' })
    });
    Ok(AuditPage {
        shell: shell(web, visitor, PATH).await?,
        keys: [new_key(), new_key(), new_key()],
        present: asked::pairs(filter),
        held: asked::pairs(&Filter { group: None, from: None, to: None, ..filter.clone() }),
        chips: chips(filter, &trail),
        groups: Group::ALL.into_iter().map(|of| Choice::new(of.code(), words::trail::group(of))).collect(),
        reads_papers: trail.reads_papers,
        chain: chain(&trail.chain),
        nearest: trail
            .nearest
            .map(|at| format!("Sự kiện gần nhất: {}.", words::moment(at)))
            .unwrap_or_default(),
        newest_href: if after.is_some() { address(filter) } else { String::new() },
        next_href,
        days: by_day(trail.lines, trail.reads_papers),
        choices,
        exports: exports.iter().map(export_line).collect(),
        form,
    })
}

fn chips(filter: &Filter, trail: &Trail) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut chip = |label: Option<String>, without: Filter| {
        chips.extend(label.map(|label| Chip { label, href: address(&without) }));
    };
    let named = &trail.named;
    let said = |what: &str, name: &Option<String>| name.as_ref().map(|name| format!("{what}: {name}"));
    chip(said("Hồ sơ", &named.dossier), Filter { dossier: None, ..filter.clone() });
    chip(said("Giấy của", &named.person), Filter { person: None, ..filter.clone() });
    chip(said("Cán bộ", &named.officer), Filter { officer: None, ..filter.clone() });
    let group = filter.group.map(|of| words::trail::group(of).to_owned());
    chip(group, Filter { group: None, ..filter.clone() });
    let from = filter.from.map(|day| format!("Từ {}", words::date(day)));
    chip(from, Filter { from: None, ..filter.clone() });
    let to = filter.to.map(|day| format!("Đến {}", words::date(day)));
    chip(to, Filter { to: None, ..filter.clone() });
    chips
}

/// The badge: what the last verification found, never a verification of its own.
fn chain(state: &ChainState) -> Chain {
    let sealed = state.sealed_until.map(|at| format!("Đã niêm phong đến {}.", words::moment(at)));
    let sealed = sealed.unwrap_or_else(|| "Chưa niêm phong lần nào.".to_owned());
    let is_checking = state.checking == Some(Checking::UnderWay);
    let has_stopped = state.checking == Some(Checking::Stopped);
    match &state.last {
        None => Chain {
            tone: "plain",
            icon: "circle-help",
            badge: "Chuỗi chưa được kiểm tra".to_owned(),
            detail: format!("{sealed} Máy tự kiểm tra mỗi ngày một lần."),
            faults: Vec::new(),
            is_checking,
            has_stopped,
        },
        Some(check) if check.n_faults == 0 => Chain {
            tone: if check.sealed_until.is_some() { "ok" } else { "plain" },
            icon: if check.sealed_until.is_some() { "shield-check" } else { "circle-help" },
            badge: whole_until(check, state.sealed_until),
            detail: format!(
                "Kiểm tra xong lúc {}: {} sự kiện, {} điểm niêm phong. {sealed}",
                words::moment(check.finished_at),
                check.n_events,
                check.n_checkpoints
            ),
            faults: Vec::new(),
            is_checking,
            has_stopped,
        },
        Some(check) => Chain {
            tone: "bad",
            icon: "triangle-alert",
            badge: format!("Chuỗi không nguyên vẹn: {} chỗ", check.n_faults),
            detail: format!("Kiểm tra xong lúc {}. {sealed}", words::moment(check.finished_at)),
            faults: check.faults.clone(),
            is_checking,
            has_stopped,
        },
    }
}

/// What was found whole; what was sealed since is not vouched for yet.
fn whole_until(check: &Check, sealed_until: Option<Timestamp>) -> String {
    match (check.sealed_until, sealed_until) {
        (Some(at), _) => format!("Chuỗi nguyên vẹn đến {}", words::moment(at)),
        (None, Some(_)) => "Phần đã niêm phong chưa được kiểm tra".to_owned(),
        (None, None) => "Chưa niêm phong lần nào".to_owned(),
    }
}

fn by_day(lines: Vec<TrailLine>, reads_papers: bool) -> Vec<DayOfEvents> {
    let mut days: Vec<DayOfEvents> = Vec::new();
    for line in lines {
        let day = words::date(legal_time(line.recorded_at).date());
        let told = told(line, reads_papers);
        match days.last_mut() {
            Some(last) if last.day == day => last.lines.push(told),
            _ => days.push(DayOfEvents { day, lines: vec![told] }),
        }
    }
    days
}

fn told(line: TrailLine, reads_papers: bool) -> Line {
    let (tone, icon) = match (line.telling, line.group) {
        (Telling::Secret, _) => ("warn", "lock"),
        (_, group) => ("plain", icon(group)),
    };
    Line {
        time: legal_time(line.recorded_at).strftime("%H:%M:%S").to_string(),
        iso: line.recorded_at.to_string(),
        tone,
        icon,
        who: line.who,
        what: line.what,
        agency: line.agency,
        purpose: line.purpose.unwrap_or_default(),
        happened: happened_before(line.happened_at, line.recorded_at),
        about: line.about.into_iter().map(|about| link(about, reads_papers)).collect(),
    }
}

/// When it happened, where that was another minute than when it was written down.
fn happened_before(happened_at: Timestamp, recorded_at: Timestamp) -> String {
    let said = words::moment(happened_at);
    if said == words::moment(recorded_at) { String::new() } else { said }
}

fn icon(group: Option<Group>) -> &'static str {
    match group {
        Some(Group::Looking) => "eye",
        Some(Group::Receiving) => "inbox",
        Some(Group::Digitising) => "scan-line",
        Some(Group::Settling) => "list-checks",
        Some(Group::Results) => "signature",
        Some(Group::Custody) => "folder-open",
        Some(Group::SigningIn) => "log-in",
        Some(Group::Rights) => "user-check",
        Some(Group::Setup) | None => "settings",
        Some(Group::Alarms) => "triangle-alert",
    }
}

fn link(about: Concerned, reads_papers: bool) -> About {
    match about {
        Concerned::Dossier(id, code, Opens::Yes) => {
            About { label: format!("Hồ sơ {code}"), href: format!("/ho-so/{id}") }
        }
        Concerned::Dossier(_, code, Opens::No) => {
            About { label: format!("Hồ sơ {code}"), href: String::new() }
        }
        Concerned::Person(id) if reads_papers => {
            let filter = Filter { person: Some(id), ..Filter::default() };
            About { label: "Mọi việc về giấy của người này".to_owned(), href: address(&filter) }
        }
        Concerned::Person(_) => {
            About { label: "Một người, tổ chức".to_owned(), href: String::new() }
        }
        Concerned::Officer(id, name) => {
            let filter = Filter { officer: Some(id), ..Filter::default() };
            About { label: format!("Tài khoản {name}"), href: address(&filter) }
        }
        Concerned::Unit(name) => About { label: name, href: String::new() },
    }
}

fn export_line(asked: &Asked) -> ExportLine {
    let Asked { export, job } = asked;
    let label = format!("Yêu cầu lúc {}", words::moment(export.asked_at));
    let (detail, href) = match (&export.made, job) {
        (Some(made), _) if export.is_dropped => {
            let detail = format!("{} sự kiện; tệp đã hết hạn giữ, xuất lại nếu còn cần", made.n_events);
            (detail, String::new())
        }
        (Some(made), _) => {
            let detail = format!("{} sự kiện, xong lúc {}", made.n_events, words::moment(made.at));
            (detail, format!("{PATH}/xuat/{}", export.id))
        }
        (None, Some(Standing::Waiting | Standing::Running)) => ("đang lập tệp".to_owned(), String::new()),
        (None, _) => {
            ("không lập được tệp; nhờ quản trị xem ở Việc chạy ngầm, rồi xuất lại".to_owned(), String::new())
        }
    };
    ExportLine { label, detail, href }
}
