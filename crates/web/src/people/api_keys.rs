//! Keys for programs: one's own, and those of a program's account for its administrator. A key is shown once.

use crate::Web;
use crate::admin::HERE as ADMINISTRATION;
use crate::device::FromDevice;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key};
use crate::page::{self, Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::people::Device;
use office::people::api_key::Made;
use office::{Error, Refusal};
use rules::id::OfficerId;
use rules::people::PeopleFault;
use rules::people::api_key::{Scope, TypedKey};
use rules::scanning::day;
use rules::words;
use store::people::api_key::ApiKey;

const OWN: &str = "/tai-khoan/khoa-api";

/// Whose keys a page is about, and where it stands.
struct Whose {
    officer: OfficerId,
    /// Empty for one's own.
    name: String,
    here: String,
    back: String,
    place: &'static str,
}

impl Whose {
    fn own(visitor: &Visitor) -> Self {
        let (officer, back) = (visitor.present.officer.id, "/tai-khoan".to_owned());
        Self { officer, name: String::new(), here: OWN.to_owned(), back, place: OWN }
    }

    /// The account of a program; anybody else's does not exist here.
    async fn of(web: &Web, visitor: &Visitor, place: &Place) -> Result<Self, Failure> {
        let officer: OfficerId = place.id("id")?;
        let actor = &visitor.present.actor;
        if !web.office.is_of_a_program(actor, officer).await? {
            return Err(Failure::not_found());
        }
        let found = store::people::officer(&mut web.office.db.read().await?, officer).await?;
        let name = found.ok_or_else(Failure::not_found)?.name;
        let back = format!("{ADMINISTRATION}/can-bo/{officer}");
        Ok(Self { officer, name, here: format!("{back}/khoa-api"), back, place: ADMINISTRATION })
    }
}

#[derive(Debug, Template)]
#[template(path = "people/api_keys.html")]
struct ApiKeys {
    shell: Shell,
    form: FormState,
    idem: String,
    name: String,
    here: String,
    back: String,
    keys: Vec<Line>,
    /// Those that can be revoked.
    choices: Vec<Choice>,
    scopes: Vec<ScopeChoice>,
}

#[derive(Debug)]
struct ScopeChoice {
    code: &'static str,
    label: &'static str,
    hint: &'static str,
    checked: bool,
}

/// A line of the list.
#[derive(Debug)]
struct Line {
    name: String,
    prefix: String,
    scopes: String,
    last_day: String,
    used: String,
    tone: &'static str,
    icon: &'static str,
    state: &'static str,
}

impl Line {
    fn of(key: &ApiKey, now: jiff::Timestamp) -> Self {
        let (tone, icon, state) = match key.revoked_at {
            Some(_) => ("plain", "x", "Đã thu hồi"),
            None if key.expires_at <= now => ("plain", "clock", "Hết hạn"),
            None => ("ok", "circle-check", "Đang dùng được"),
        };
        let scopes: Vec<&str> = key.scopes.iter().map(|scope| words::api_key::scope(*scope)).collect();
        let ranges: Vec<String> = key.ranges.iter().map(ToString::to_string).collect();
        let from = if ranges.is_empty() { String::new() } else { format!("; từ {}", ranges.join(", ")) };
        Self {
            name: key.name.clone(),
            prefix: format!("{}…", key.prefix),
            scopes: format!("{}{from}", scopes.join(", ")),
            last_day: words::date(key.last_day),
            used: key.last_used_at.map_or_else(|| "Chưa dùng".to_owned(), words::moment),
            tone,
            icon,
            state,
        }
    }
}

/// The key, on the one page that shows it.
#[derive(Debug, Template)]
#[template(path = "people/api_key_made.html")]
struct MadeKey {
    shell: Shell,
    secret: String,
    here: String,
    example: String,
}

pub(crate) async fn show_own(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let page = page_of(&web, &visitor, Whose::own(&visitor), FormState::default()).await?;
    Ok(page::show(&web, &page))
}

pub(crate) async fn show_of(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let whose = Whose::of(&web, &visitor, &place).await?;
    Ok(page::show(&web, &page_of(&web, &visitor, whose, FormState::default()).await?))
}

async fn page_of(web: &Web, visitor: &Visitor, whose: Whose, form: FormState) -> Result<ApiKeys, Failure> {
    let keys = web.office.api_keys(&visitor.by(None), whose.officer).await?;
    let now = web.office.clock.now();
    let in_use = keys.iter().filter(|key| key.revoked_at.is_none() && key.expires_at > now);
    let choice = |key: &ApiKey| Choice::new(key.id.to_string(), format!("{} ({}…)", key.name, key.prefix));
    Ok(ApiKeys {
        shell: shell(web, visitor, whose.place).await?,
        idem: new_key(),
        choices: in_use.map(choice).collect(),
        keys: keys.iter().map(|key| Line::of(key, now)).collect(),
        scopes: Scope::ALL
            .into_iter()
            .map(|scope| ScopeChoice {
                code: scope.code(),
                label: words::api_key::scope(scope),
                hint: words::api_key::scope_hint(scope),
                checked: form.has("quyen", scope.code()),
            })
            .collect(),
        name: whose.name,
        here: whose.here,
        back: whose.back,
        form,
    })
}

pub(crate) async fn make_own(
    State(web): State<Web>,
    visitor: Visitor,
    FromDevice(device): FromDevice,
    posted: Posted,
) -> Result<Response, Failure> {
    make(&web, &visitor, Whose::own(&visitor), &device, &posted).await
}

pub(crate) async fn make_of(
    State(web): State<Web>,
    visitor: Visitor,
    FromDevice(device): FromDevice,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let whose = Whose::of(&web, &visitor, &place).await?;
    make(&web, &visitor, whose, &device, &posted).await
}

async fn make(
    web: &Web,
    visitor: &Visitor,
    whose: Whose,
    device: &Device,
    posted: &Posted,
) -> Result<Response, Failure> {
    let scopes: Vec<Scope> = posted.all("quyen").filter_map(Scope::parse).collect();
    let typed = TypedKey {
        name: posted.get("ten"),
        scopes: &scopes,
        last_day: day(posted.get("het-han")).ok().flatten(),
        ranges: posted.get("dia-chi"),
    };
    let by = posted.by(visitor);
    match web.office.make_api_key(&by, whose.officer, typed, posted.get("mat-khau"), device).await {
        Ok(Made { secret: Some(secret), .. }) => {
            let address = web.office.settings.lookup_url.trim_end_matches('/');
            let example = format!("curl -H \"Authorization: Bearer {secret}\" {address}/api/v1/me");
            let shell = shell(web, visitor, whose.place).await?;
            Ok(page::show(web, &MadeKey { shell, secret, example, here: whose.here }))
        }
        Ok(Made { secret: None, .. }) => {
            Ok(on_to(web, &whose.here, "Khóa đã hiện một lần. Lỡ mất thì thu hồi rồi tạo khóa mới"))
        }
        Err(error) => {
            let mut form = posted.state();
            let refusal = refused(error)?;
            let is_password = refusal == Refusal::People(vec![PeopleFault::PasswordWrong]);
            form.refuse(if is_password { "mat-khau" } else { "" }, &refusal);
            Ok(show_as(web, StatusCode::UNPROCESSABLE_ENTITY, &page_of(web, visitor, whose, form).await?))
        }
    }
}

pub(crate) async fn revoke_own(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    revoke(&web, &visitor, Whose::own(&visitor), &posted).await
}

pub(crate) async fn revoke_of(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let whose = Whose::of(&web, &visitor, &place).await?;
    revoke(&web, &visitor, whose, &posted).await
}

async fn revoke(web: &Web, visitor: &Visitor, whose: Whose, posted: &Posted) -> Result<Response, Failure> {
    let revoked = match posted.get("khoa").parse() {
        Ok(id) => web.office.revoke_api_key(&posted.by(visitor), whose.officer, id).await,
        Err(_) => Err(Error::NotFound),
    };
    match revoked {
        Ok(()) => {
            Ok(on_to(web, &whose.here, "Đã thu hồi khóa. Chương trình dùng khóa này bị từ chối từ bây giờ"))
        }
        Err(Error::NotFound) => {
            let mut form = posted.state();
            form.fault("khoa", "Chọn khóa cần thu hồi");
            Ok(show_as(web, StatusCode::UNPROCESSABLE_ENTITY, &page_of(web, visitor, whose, form).await?))
        }
        Err(error) => Err(error.into()),
    }
}
