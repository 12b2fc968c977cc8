//! The officers an administrator keeps: found, listed, and new ones added.

use super::HERE;
use super::officer::{Drawn, SigningIn};
use super::read::Reading;
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, encoded, new_key, query_value, sought};
use crate::page::{self, Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use office::Refusal;
use office::people::roster::{ON_A_PAGE, Roster, RosterLine, Wanted};
use rules::id::AgencyId;
use rules::people::account::NewAccount;
use rules::people::{PeopleFault, Post, Role};
use rules::words;
use std::collections::BTreeMap;
use store::people::roster::AccountLine;

const LIST: &str = "/quan-tri/can-bo";

#[derive(Debug, Template)]
#[template(path = "admin/people.html")]
struct People {
    shell: Shell,
    form: FormState,
    idem: String,
    agencies: Vec<Choice>,
    roles: Vec<Choice>,
    /// The filters in force, each with the address of the list without it.
    filters: Vec<(String, String)>,
    rows: Vec<Row>,
    pager: String,
    previous: String,
    next: String,
}

#[derive(Debug)]
struct Row {
    href: String,
    name: String,
    /// Title and agency.
    about: String,
    login: String,
    posts: Vec<String>,
    signing_in: Option<SigningIn>,
    active: bool,
    waiting: String,
    away: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/new_officer.html")]
struct NewOfficer {
    shell: Shell,
    form: FormState,
    agencies: Vec<Choice>,
    idem: String,
}

/// What is asked for. The address says it without the words, which are somebody's name: those are posted, and
/// the page that answers has no address of its own.
struct Asked {
    words: String,
    agency: String,
    role: String,
    page: usize,
}

impl Asked {
    fn of(query: Option<&str>) -> Self {
        let page = query_value(query, "trang").parse().unwrap_or(1_usize);
        Self {
            words: String::new(),
            agency: query_value(query, "co-quan"),
            role: query_value(query, "vai"),
            page: page.clamp(1, 10_000),
        }
    }

    fn posted(posted: &Posted) -> Self {
        Self {
            words: sought(posted.get("tim")),
            agency: posted.get("co-quan").to_owned(),
            role: posted.get("vai").to_owned(),
            page: 1,
        }
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            words: self.words.clone(),
            agency: self.agency.parse().ok(),
            role: Role::of_word(&self.role),
            page: self.page - 1,
        }
    }

    /// The address of the list without the words and one of its filters, or on another page.
    fn href(&self, without: &str, page: usize) -> String {
        let mut parts = Vec::new();
        for (name, value) in [("co-quan", &self.agency), ("vai", &self.role)] {
            if name != without && !value.is_empty() {
                parts.push(format!("{name}={}", encoded(value)));
            }
        }
        if page > 1 {
            parts.push(format!("trang={page}"));
        }
        if parts.is_empty() { LIST.to_owned() } else { format!("{LIST}?{}", parts.join("&")) }
    }
}

/// The roles as choices; those that take two persons say so.
pub(super) fn role_choices() -> Vec<Choice> {
    let label = |role: Role| {
        let second = if role.is_high() { " (cần người thứ hai)" } else { "" };
        format!("{}{second}", words::role(role))
    };
    Role::ALL.into_iter().map(|role| Choice::new(role.word(), label(role))).collect()
}

/// The agency a page of administration is asked about (`co-quan`): the officer's own where none is named, or
/// the first of those he keeps.
pub(super) async fn agency_asked(
    web: &Web,
    visitor: &Visitor,
    query: Option<&str>,
) -> Result<AgencyId, Failure> {
    let asked = query_value(query, "co-quan");
    if !asked.is_empty() {
        return asked.parse().map_err(|_| Failure::not_found());
    }
    let actor = &visitor.present.actor;
    let kept = web.office.agencies_kept(actor).await?;
    let own = kept.iter().map(|(id, _)| *id).find(|id| *id == actor.agency());
    own.or_else(|| kept.first().map(|(id, _)| *id)).ok_or_else(Failure::not_found)
}

pub(super) fn agency_choices(agencies: &[(AgencyId, String)]) -> Vec<Choice> {
    agencies.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect()
}

/// Officers of whom one is chosen.
pub(super) fn colleague_choices(officers: &[AccountLine]) -> Vec<Choice> {
    let choice = |one: &AccountLine| Choice::new(one.id.to_string(), format!("{} ({})", one.name, one.login));
    officers.iter().map(choice).collect()
}

/// `Văn thư, từ 01/12/2026`; the agency only where it is not the one told already, the first day only where
/// it is yet to come.
fn told(post: &Post, home: AgencyId, today: Date, names: &BTreeMap<AgencyId, String>) -> String {
    let role = words::role(post.role).to_owned();
    let agency =
        (post.agency != home).then(|| names.get(&post.agency).map_or("?", String::as_str).to_owned());
    let from = post.valid_from.filter(|first| today < *first);
    let days = match (from, post.valid_to) {
        (Some(first), Some(last)) => Some(words::people::span(first, last)),
        (Some(first), None) => Some(format!("từ {}", words::date(first))),
        (None, Some(last)) => Some(format!("đến hết {}", words::date(last))),
        (None, None) => None,
    };
    [Some(role), agency, days].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn row(line: RosterLine, today: Date, names: &BTreeMap<AgencyId, String>) -> Row {
    let account = line.account;
    let agency = names.get(&account.agency).cloned().unwrap_or_default();
    let about = if account.title.is_empty() { agency } else { format!("{}, {agency}", account.title) };
    let waiting: Vec<&str> = line.waiting.iter().map(|&role| words::role(role)).collect();
    Row {
        href: format!("{LIST}/{}", account.id),
        name: account.name,
        about,
        login: account.login,
        posts: line.posts.iter().map(|post| told(post, account.agency, today, names)).collect(),
        signing_in: line.signing_in.as_ref().map(SigningIn::of),
        active: account.active,
        waiting: waiting.join(", "),
        away: line.away_until.map(words::date).unwrap_or_default(),
    }
}

pub(crate) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    render_list(&web, &visitor, &Asked::of(query.as_deref())).await
}

/// Looks for words of a name: shows whom they find, or goes to the list where none were typed.
pub(crate) async fn find(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let asked = Asked::posted(&posted);
    if asked.words.is_empty() {
        return Ok(Redirect::to(&asked.href("", 1)).into_response());
    }
    render_list(&web, &visitor, &asked).await
}

async fn render_list(web: &Web, visitor: &Visitor, asked: &Asked) -> Result<Response, Failure> {
    let today = web.office.clock.today();
    let Roster { lines, n, page, agencies, names } =
        web.office.roster(&visitor.present.actor, &asked.wanted()).await?;
    let mut filters = Vec::new();
    let by_words = !asked.words.is_empty();
    if by_words {
        filters.push((format!("Tìm: {}", asked.words), asked.href("", 1)));
    } else {
        if let Some(name) = asked.wanted().agency.and_then(|agency| names.get(&agency)) {
            filters.push((name.clone(), asked.href("co-quan", 1)));
        }
        if let Some(role) = asked.wanted().role {
            filters.push((words::role(role).to_owned(), asked.href("vai", 1)));
        }
    }
    let (first, last) = (page * ON_A_PAGE + 1, page * ON_A_PAGE + lines.len());
    let more = if by_words && last < n { ". Gõ thêm chữ để thấy người còn lại" } else { "" };
    let form = FormState::default()
        .with("tim", &asked.words)
        .with("co-quan", &asked.agency)
        .with("vai", &asked.role);
    let people = People {
        shell: shell(web, visitor, HERE).await?,
        form,
        idem: new_key(),
        agencies: agency_choices(&agencies),
        roles: role_choices(),
        filters,
        pager: if n == 0 { String::new() } else { format!("{first}–{last} trong {n} cán bộ{more}") },
        previous: if page > 0 { asked.href("", page) } else { String::new() },
        next: if last < n && !by_words { asked.href("", page + 2) } else { String::new() },
        rows: lines.into_iter().map(|line| row(line, today, &names)).collect(),
    };
    Ok(page::show(web, &people))
}

pub(crate) async fn new_page(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    render_new(&web, &visitor, StatusCode::OK, FormState::default()).await
}

async fn render_new(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let agencies = web.office.agencies_kept(&visitor.present.actor).await?;
    let shell = shell(web, visitor, HERE).await?;
    let page = NewOfficer { shell, form, agencies: agency_choices(&agencies), idem: new_key() };
    Ok(show_as(web, status, &page))
}

/// The field a fault of a new account is said at.
fn field_of(fault: &PeopleFault) -> &'static str {
    match fault {
        PeopleFault::NameMissing => "ho-ten",
        PeopleFault::OutsideReach | PeopleFault::NoSuchAgency => "co-quan",
        _ => "dang-nhap",
    }
}

/// Opens an account and shows its password, once.
pub(crate) async fn add(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let mut reading = Reading::of(&posted);
    let agency = reading.chosen("co-quan", "Chọn cơ quan");
    let mut form = reading.form;
    let account = NewAccount {
        login: posted.get("dang-nhap").to_owned(),
        name: posted.get("ho-ten").to_owned(),
        title: posted.get("chuc-danh").to_owned(),
        agency: agency.unwrap_or_else(|| visitor.present.actor.agency()),
    };
    if agency.is_none() {
        for fault in account.check().err().unwrap_or_default() {
            form.fault(field_of(&fault), words::people::fault(&fault));
        }
        return render_new(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    match web.office.add_officer(&posted.by(&visitor), &account).await {
        Ok((id, password)) => Drawn::answer(&web, &visitor, id, password, "Đã thêm cán bộ").await,
        Err(error) => {
            refuse(&mut form, &refused(error)?, field_of);
            render_new(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// What was refused, each fault at the field it is about.
pub(super) fn refuse(form: &mut FormState, refusal: &Refusal, field_of: fn(&PeopleFault) -> &'static str) {
    match refusal {
        Refusal::People(faults) => {
            for fault in faults {
                form.fault(field_of(fault), words::people::fault(fault));
            }
        }
        other => form.refuse("", other),
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, told};
    use crate::form::Posted;
    use jiff::civil::date;
    use rules::id::AgencyId;
    use rules::people::{Post, Role};
    use std::collections::BTreeMap;
    use uuid::Uuid;

    #[test]
    fn a_filter_is_taken_away_and_the_others_stay() {
        let asked = Asked::of(Some("co-quan=7&vai=van-thu&trang=3"));
        assert_eq!(asked.wanted().page, 2);
        assert_eq!(asked.href("co-quan", 1), "/quan-tri/can-bo?vai=van-thu");
        assert_eq!(asked.href("vai", 1), "/quan-tri/can-bo?co-quan=7");
        assert_eq!(asked.href("", 4), "/quan-tri/can-bo?co-quan=7&vai=van-thu&trang=4");
        assert_eq!(Asked::of(None).href("vai", 1), "/quan-tri/can-bo");
        assert_eq!(Asked::of(Some("trang=0")).wanted().page, 0);
    }

    #[test]
    fn a_name_that_was_typed_stands_in_no_address() {
        let asked = Asked::posted(&Posted::parse("tim=+L%C3%AA+B%C3%ACnh&vai=van-thu".as_bytes()));
        assert_eq!(asked.wanted().words, "Lê Bình");
        assert_eq!(asked.href("", 1), "/quan-tri/can-bo?vai=van-thu");
        assert_eq!(Asked::of(Some("tim=L%C3%AA+B%C3%ACnh")).wanted().words, "");
    }

    #[test]
    fn a_post_that_is_yet_to_begin_says_from_when() {
        let home = AgencyId(Uuid::from_u128(1));
        let post = |from, to| Post { valid_from: from, valid_to: to, ..Post::new(home, Role::Clerk) };
        let told = |from, to| told(&post(from, to), home, date(2026, 11, 23), &BTreeMap::new());
        let (past, ahead, end) = (date(2026, 1, 5), date(2026, 12, 1), date(2026, 12, 31));
        assert_eq!(told(Some(past), None), "Văn thư");
        assert_eq!(told(Some(past), Some(end)), "Văn thư, đến hết 31/12/2026");
        assert_eq!(told(Some(ahead), None), "Văn thư, từ 01/12/2026");
        assert_eq!(told(Some(ahead), Some(end)), "Văn thư, từ 01/12/2026 đến hết 31/12/2026");
    }
}
