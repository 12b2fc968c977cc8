//! The officers an administrator keeps: found, listed, and new ones added.

use super::HERE;
use super::officer::Drawn;
use super::read::Reading;
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, encoded, new_key, query_value};
use crate::page::{self, Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::Refusal;
use office::people::roster::{ON_A_PAGE, Roster, RosterLine, Wanted};
use rules::id::AgencyId;
use rules::people::account::NewAccount;
use rules::people::{PeopleFault, Post, Role};
use rules::words;
use std::collections::BTreeMap;

const LIST: &str = "/quan-tri/can-bo";

#[derive(Debug, Template)]
#[template(path = "admin/people.html")]
struct People {
    shell: Shell,
    form: FormState,
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
    signed_in: String,
    active: bool,
    has_second_factor: bool,
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

/// What is asked for, as the address says it.
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
            words: query_value(query, "tim").trim().chars().take(100).collect(),
            agency: query_value(query, "co-quan"),
            role: query_value(query, "vai"),
            page: page.clamp(1, 10_000),
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

    /// The address of the list without one of its filters, or on another page.
    fn href(&self, without: &str, page: usize) -> String {
        let mut parts = Vec::new();
        for (name, value) in [("tim", &self.words), ("co-quan", &self.agency), ("vai", &self.role)] {
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

pub(super) fn agency_choices(agencies: &[(AgencyId, String)]) -> Vec<Choice> {
    agencies.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect()
}

/// `Văn thư, từ 01/12/2026`; the agency only where it is not the one told already.
fn told(post: &Post, home: AgencyId, names: &BTreeMap<AgencyId, String>) -> String {
    let role = words::role(post.role).to_owned();
    let agency =
        (post.agency != home).then(|| names.get(&post.agency).map_or("?", String::as_str).to_owned());
    let until = post.valid_to.map(|last| format!("đến hết {}", words::date(last)));
    [Some(role), agency, until].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn row(line: RosterLine, names: &BTreeMap<AgencyId, String>) -> Row {
    let account = line.account;
    let agency = names.get(&account.agency).cloned().unwrap_or_default();
    let about = if account.title.is_empty() { agency } else { format!("{}, {agency}", account.title) };
    let waiting: Vec<&str> = line.waiting.iter().map(|&role| words::role(role)).collect();
    Row {
        href: format!("{LIST}/{}", account.id),
        name: account.name,
        about,
        login: account.login,
        posts: line.posts.iter().map(|post| told(post, account.agency, names)).collect(),
        signed_in: line.signed_in_at.map_or_else(|| "Chưa lần nào".to_owned(), words::moment),
        active: account.active,
        has_second_factor: line.has_second_factor,
        waiting: waiting.join(", "),
        away: line.away_until.map(words::date).unwrap_or_default(),
    }
}

pub(crate) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let asked = Asked::of(query.as_deref());
    let Roster { lines, n, page, agencies, names } =
        web.office.roster(&visitor.present.actor, &asked.wanted()).await?;
    let mut filters = Vec::new();
    if !asked.words.is_empty() {
        filters.push((format!("Tìm: {}", asked.words), asked.href("tim", 1)));
    }
    if let Some(name) = asked.wanted().agency.and_then(|agency| names.get(&agency)) {
        filters.push((name.clone(), asked.href("co-quan", 1)));
    }
    if let Some(role) = asked.wanted().role {
        filters.push((words::role(role).to_owned(), asked.href("vai", 1)));
    }
    let (first, last) = (page * ON_A_PAGE + 1, page * ON_A_PAGE + lines.len());
    let form = FormState::default()
        .with("tim", &asked.words)
        .with("co-quan", &asked.agency)
        .with("vai", &asked.role);
    let people = People {
        shell: shell(&web, &visitor, HERE).await?,
        form,
        agencies: agency_choices(&agencies),
        roles: role_choices(),
        filters,
        pager: if n == 0 { String::new() } else { format!("{first}–{last} trong {n} cán bộ") },
        previous: if page > 0 { asked.href("", page) } else { String::new() },
        next: if last < n { asked.href("", page + 2) } else { String::new() },
        rows: lines.into_iter().map(|line| row(line, &names)).collect(),
    };
    Ok(page::show(&web, &people))
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
    use super::Asked;

    #[test]
    fn a_filter_is_taken_away_and_the_others_stay() {
        let asked = Asked::of(Some("tim=L%C3%AA+B%C3%ACnh&vai=van-thu&trang=3"));
        assert_eq!((asked.words.as_str(), asked.wanted().page), ("Lê Bình", 2));
        assert_eq!(asked.href("tim", 1), "/quan-tri/can-bo?vai=van-thu");
        assert_eq!(asked.href("vai", 1), "/quan-tri/can-bo?tim=L%C3%AA%20B%C3%ACnh");
        assert_eq!(asked.href("", 4), "/quan-tri/can-bo?tim=L%C3%AA%20B%C3%ACnh&vai=van-thu&trang=4");
        assert_eq!(Asked::of(None).href("tim", 1), "/quan-tri/can-bo");
        assert_eq!(Asked::of(Some("trang=0")).wanted().page, 0);
    }
}
