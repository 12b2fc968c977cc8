//! One officer before his administrator: what he is and may do, and a form for everything that is changed of
//! it. The acts of the forms are in [`super::account`] and [`super::rights`].

use super::HERE;
use super::people::{agency_choices, colleague_choices, refuse, role_choices};
use super::read::post_value;
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, new_key};
use crate::page::{self, Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::Error;
use office::people::accounts::Drawn as Password;
use office::people::api_key::is_program;
use office::people::sheet::{self, Sheet};
use rules::id::OfficerId;
use rules::people::delegation::Delegation;
use rules::people::leave::{Absence, Cover};
use rules::people::proposal::{Change, Proposal};
use rules::people::{PeopleFault, Post, Sensitivity};
use rules::words;
use rules::words::people::{self as said, Directory};

#[derive(Debug, Template)]
#[template(path = "admin/officer.html")]
struct OfficerPage {
    shell: Shell,
    form: FormState,
    idem: String,
    /// The form that was sent and refused; it stands open.
    opened: &'static str,
    base: String,
    id: String,
    name: String,
    about: String,
    login: String,
    active: bool,
    /// Are the accounts of his agency this administrator's?
    is_kept: bool,
    /// Only a program uses the account: its keys are made here.
    is_program: bool,
    signing_in: Option<SigningIn>,
    may_reset_second_factor: bool,
    /// What the identity server is called; empty where there is none.
    server: String,
    /// Who he is there; empty where that is not known.
    identity: String,
    rights: Vec<String>,
    posts: Vec<PostRow>,
    waiting: Vec<String>,
    absences: Vec<LeaveRow>,
    lends: Vec<String>,
    borrows: Vec<String>,
    n_in_hand: usize,
    in_hand: String,
    agencies: Vec<Choice>,
    roles: Vec<Choice>,
    /// His posts of today, to be ended.
    own: Vec<Choice>,
    /// Those that may be lent.
    lendable: Vec<Choice>,
    colleagues: Vec<Choice>,
    kinds: Vec<Choice>,
    /// What he lends and was lent, to be taken back.
    lent: Vec<Choice>,
}

#[derive(Debug)]
struct PostRow {
    role: String,
    agency: String,
    days: String,
    limits: String,
}

/// How somebody signs in, in words.
#[derive(Debug)]
pub(super) struct SigningIn {
    pub(super) last: String,
    pub(super) has_second_factor: bool,
}

impl SigningIn {
    pub(super) fn of(known: &sheet::SigningIn) -> Self {
        Self {
            last: known.last_at.map_or_else(|| "Chưa lần nào".to_owned(), words::moment),
            has_second_factor: known.has_second_factor,
        }
    }
}

#[derive(Debug)]
struct LeaveRow {
    id: String,
    idem: String,
    days: String,
    cover: String,
}

/// A password that was drawn, on the one page that shows it.
#[derive(Debug, Template)]
#[template(path = "admin/drawn.html")]
pub(super) struct Drawn {
    shell: Shell,
    title: String,
    back: String,
    name: String,
    login: String,
    agency: String,
    password: String,
    address: String,
    at: String,
}

impl Drawn {
    /// Shows a password to whoever's form drew it; the form sent again leads to the officer's page.
    pub(super) async fn answer(
        web: &Web,
        visitor: &Visitor,
        id: OfficerId,
        password: Option<Password>,
        title: &str,
    ) -> Result<Response, Failure> {
        let Some(password) = password else {
            let said = "Mật khẩu đã hiện một lần. Lỡ mất phiếu thì sinh mật khẩu mới";
            return Ok(on_to(web, &path(id), said));
        };
        let sheet = web.office.officer_sheet(&visitor.present.actor, id).await?;
        let page = Self {
            shell: shell(web, visitor, HERE).await?,
            title: title.to_owned(),
            back: path(id),
            agency: sheet.named.agency(sheet.officer.agency),
            name: sheet.officer.name,
            login: sheet.officer.login,
            password: password.reveal().to_owned(),
            address: web.office.settings.lookup_url.clone(),
            at: words::moment(web.office.clock.now()),
        };
        Ok(page::show(web, &page))
    }
}

/// The address of an officer's page.
pub(super) fn path(id: OfficerId) -> String {
    format!("/quan-tri/can-bo/{id}")
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    render(&web, &visitor, place.id("id")?, StatusCode::OK, "", FormState::default()).await
}

/// A form of the page: what it is called, and at which of its fields a fault is said.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub(super) form: &'static str,
    pub(super) field_of: fn(&PeopleFault) -> &'static str,
}

impl At {
    /// A form of one button: what is wrong is said at the top.
    pub(super) const TOP: Self = Self { form: "", field_of: |_| "" };
}

/// The page again, with what was wrong in one of its forms.
pub(super) async fn again(
    web: &Web,
    visitor: &Visitor,
    id: OfficerId,
    at: At,
    form: FormState,
) -> Result<Response, Failure> {
    render(web, visitor, id, StatusCode::UNPROCESSABLE_ENTITY, at.form, form).await
}

/// On to the page after an act, or the page again with what was refused.
pub(super) async fn answer(
    web: &Web,
    visitor: &Visitor,
    id: OfficerId,
    at: At,
    mut form: FormState,
    done: Result<impl AsRef<str> + Send, Error>,
) -> Result<Response, Failure> {
    match done {
        Ok(said) => Ok(on_to(web, &path(id), said.as_ref())),
        Err(error) => {
            refuse(&mut form, &refused(error)?, at.field_of);
            again(web, visitor, id, at, form).await
        }
    }
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    id: OfficerId,
    status: StatusCode,
    opened: &'static str,
    form: FormState,
) -> Result<Response, Failure> {
    let sheet = web.office.officer_sheet(&visitor.present.actor, id).await?;
    let shell = shell(web, visitor, HERE).await?;
    let server = web.office.settings.identity_server.as_ref();
    let server = server.map_or_else(String::new, |server| server.name().to_owned());
    let page = page_of(shell, sheet, web.office.clock.today(), opened, form);
    Ok(show_as(web, status, &OfficerPage { server, ..page }))
}

fn page_of(
    shell: Shell,
    sheet: Sheet,
    today: jiff::civil::Date,
    opened: &'static str,
    form: FormState,
) -> OfficerPage {
    let Sheet { officer, named, .. } = sheet;
    let label = |post: &Post| format!("{}, {}", words::role(post.role), named.agency(post.agency));
    let choice = |post: &Post| Choice::new(post_value(post.agency, post.role), label(post));
    let own: Vec<&Post> = officer.posts.iter().filter(|post| post.is_valid_on(today)).collect();
    let agency = named.agency(officer.agency);
    let is_program = sheet.is_kept && is_program(&officer);
    let codes: Vec<&str> = sheet.in_hand.iter().take(SHOWN).map(|held| held.code.as_str()).collect();
    let rest = if sheet.in_hand.len() > SHOWN { ", …" } else { "" };
    let lent = |lent: &Delegation| {
        let label =
            format!("{} → {}: {}", named.officer(lent.from), named.officer(lent.to), lend_of(lent, &named));
        Choice::new(lent.id.to_string(), label)
    };
    OfficerPage {
        shell,
        form,
        idem: new_key(),
        opened,
        base: path(officer.id),
        id: officer.id.to_string(),
        about: if officer.title.is_empty() { agency } else { format!("{}, {agency}", officer.title) },
        name: officer.name,
        login: officer.login,
        active: officer.active,
        is_kept: sheet.is_kept,
        is_program,
        signing_in: sheet.signing_in.map(|signing_in| SigningIn::of(&signing_in)),
        may_reset_second_factor: sheet.signing_in.is_some_and(|signing_in| signing_in.has_second_factor),
        server: String::new(),
        identity: sheet.identity.unwrap_or_default(),
        rights: sheet.rights,
        posts: officer.posts.iter().map(|post| post_row(post, &named)).collect(),
        waiting: sheet.proposals.iter().map(|proposal| waiting(proposal, &named)).collect(),
        absences: sheet.absences.iter().map(|absence| leave_row(absence, &named)).collect(),
        lends: sheet
            .lends
            .iter()
            .map(|lent| format!("{} làm thay: {}", named.officer(lent.to), lend_of(lent, &named)))
            .collect(),
        borrows: sheet
            .borrows
            .iter()
            .map(|lent| format!("Thay {}: {}", named.officer(lent.from), lend_of(lent, &named)))
            .collect(),
        n_in_hand: sheet.in_hand.len(),
        in_hand: format!("{}{rest}", codes.join(", ")),
        agencies: agency_choices(&sheet.agencies),
        roles: role_choices(),
        own: own.iter().map(|post| choice(post)).collect(),
        lendable: own.iter().filter(|post| post.role.may_be_lent()).map(|post| choice(post)).collect(),
        colleagues: colleague_choices(&sheet.colleagues),
        kinds: vec![
            Choice::new("lam-thay", "Làm thay khi vắng mặt"),
            Choice::new("uy-quyen", "Ủy quyền giải quyết thủ tục"),
        ],
        lent: sheet.lends.iter().chain(&sheet.borrows).map(lent).collect(),
    }
}

/// Codes shown of what he has in hand.
const SHOWN: usize = 10;

fn post_row(post: &Post, names: &impl Directory) -> PostRow {
    let first =
        post.valid_from.map_or_else(|| "Từ trước".to_owned(), |day| format!("Từ {}", words::date(day)));
    let last = post.valid_to.map_or_else(String::new, |day| format!(" đến hết {}", words::date(day)));
    let procedures = post.procedures.as_deref().map(|codes| {
        let codes: Vec<&str> = codes.iter().map(rules::code::ProcedureCode::as_str).collect();
        format!("Chỉ thủ tục {}", codes.join(", "))
    });
    let secret = (post.ceiling == Sensitivity::Secret).then(|| "Mở cả giấy tờ mật".to_owned());
    PostRow {
        role: words::role(post.role).to_owned(),
        agency: names.agency(post.agency),
        days: format!("{first}{last}"),
        limits: procedures.into_iter().chain(secret).collect::<Vec<_>>().join(". "),
    }
}

/// `Lãnh đạo phòng, UBND xã A, từ … đến hết … (9/QĐ)`
fn lend_of(lent: &Delegation, names: &impl Directory) -> String {
    let limit = lent.procedures.as_deref().map_or_else(String::new, said::only);
    let role = words::role(lent.role);
    format!("{role}, {}, {}{limit} ({})", names.agency(lent.agency), said::days(lent), lent.decision)
}

/// What waits for a second person, until when, and who proposed it.
pub(super) fn waiting(proposal: &Proposal, names: &impl Directory) -> String {
    let what = match &proposal.change {
        Change::Post { post, decision, .. } => {
            let decision = if decision.is_empty() { String::new() } else { format!(" ({decision})") };
            format!("{}, {}{decision}", words::role(post.role), names.agency(post.agency))
        }
        Change::Delegation { delegation } => {
            format!("làm thay {}: {}", names.officer(delegation.from), lend_of(delegation, names))
        }
    };
    let (by, last) = (names.officer(proposal.by), words::date(proposal.lapses_on));
    format!("{what}. {by} đề xuất; xác nhận trước khi hết {last}")
}

fn leave_row(absence: &Absence, names: &impl Directory) -> LeaveRow {
    LeaveRow {
        id: absence.id.to_string(),
        idem: new_key(),
        days: said::span(absence.valid_from, absence.valid_to),
        cover: match &absence.cover {
            Cover::Substitute { officer, decision } => {
                format!("{} làm thay ({decision})", names.officer(*officer))
            }
            Cover::Inbox { reason } => format!("hồ sơ đã về hộp chung: {reason}"),
        },
    }
}
