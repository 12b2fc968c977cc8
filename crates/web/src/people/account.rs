//! The officer's own page: what he is, his password, where he is signed in.

use super::second_factor::About;
use crate::Web;
use crate::device::FromDevice;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key};
use crate::page::{Shell, on_to, shell, show, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::people::password::NewPassword;
use office::people::sessions::Sitting;
use office::{Error, Refusal};
use rules::people::PeopleFault;
use rules::people::delegation::Lent;
use rules::people::second_factor::Standing;
use rules::signing::keys::KeyState;
use rules::words;

#[derive(Debug, Template)]
#[template(path = "people/account.html")]
struct Account {
    shell: Shell,
    name: String,
    title: String,
    login: String,
    posts: Vec<(String, String)>,
    /// The name in his own certificate, and how it stands; none where he has none.
    certificate: Option<(String, String)>,
    /// What to tell him about a certificate that ends, or has.
    warned: String,
    standing: Standing,
    second_factor: Option<About>,
    n_passkeys: usize,
    has_server: bool,
    form: FormState,
    idem: String,
    sittings: Vec<SignedInAt>,
}

/// A line of where he is signed in.
#[derive(Debug)]
struct SignedInAt {
    program: String,
    address: String,
    since: String,
    seen: String,
    is_this: bool,
}

impl SignedInAt {
    fn of(sitting: Sitting) -> Self {
        Self {
            program: program(&sitting.device.agent),
            address: sitting.device.address,
            since: words::moment(sitting.begun_at),
            seen: words::moment(sitting.seen_at),
            is_this: sitting.is_this,
        }
    }
}

/// `Edge trên Windows`, by what a program calls itself; most of them call themselves Chrome and Safari as
/// well, so the order matters.
fn program(agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    let browser = named(&[
        ("Edg", "Edge"),
        ("coc_coc", "Cốc Cốc"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = named(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "máy Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} trên {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => "Chương trình khác".to_owned(),
    }
}

pub(crate) async fn account(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    Ok(show(&web, &page(&web, &visitor, FormState::default()).await?))
}

async fn page(web: &Web, visitor: &Visitor, form: FormState) -> Result<Account, Failure> {
    let officer = &visitor.present.officer;
    let mut reader = web.office.db.read().await?;
    let mut posts = Vec::new();
    for (post, lent) in visitor.present.actor.held() {
        let unit = store::people::unit(&mut reader, post.agency).await?;
        let role = words::role(post.role);
        let until =
            |lent: &Lent| format!("{role} (làm thay đến hết {})", words::date(lent.delegation.valid_to));
        let role = lent.map_or_else(|| role.to_owned(), until);
        posts.push((unit.map(|kept| kept.unit.name).unwrap_or_default(), role));
    }
    drop(reader);
    let own = web.office.own_key(&visitor.present.actor).await?;
    let warned = own.as_ref().map(|(_, state)| warned(*state)).unwrap_or_default();
    let certificate = own.map(|(label, state)| (label, words::keys::state(state)));
    let by = visitor.by(None);
    let sittings = web.office.sittings(&by, &visitor.token).await?;
    let second_factor = web.office.second_factor(&by).await?;
    let n_passkeys = web.office.passkeys(&by).await?.len();
    Ok(Account {
        shell: shell(web, visitor, "/tai-khoan").await?,
        name: officer.name.clone(),
        title: officer.title.clone(),
        login: officer.login.clone(),
        posts,
        certificate,
        warned,
        standing: visitor.present.standing,
        second_factor: second_factor.map(About::from),
        n_passkeys,
        has_server: web.office.settings.identity_server.is_some(),
        form,
        idem: new_key(),
        sittings: sittings.into_iter().map(SignedInAt::of).collect(),
    })
}

/// What an officer has to know about his own certificate; nothing while it holds for long.
fn warned(state: KeyState) -> String {
    match state {
        KeyState::Ending(day) => format!(
            "Chứng thư số của bạn hết hạn ngày {}. Gia hạn rồi đưa tệp khóa mới cho quản trị hệ thống trước ngày đó.",
            words::date(day)
        ),
        KeyState::Expired(_) | KeyState::Ended(_) => {
            "Chứng thư số của bạn không ký được nữa. Đưa tệp khóa mới cho quản trị hệ thống.".to_owned()
        }
        KeyState::Unread => {
            "Máy chủ không mở được khóa ký của bạn. Báo quản trị hệ thống gắn lại.".to_owned()
        }
        KeyState::Missing | KeyState::NotYet(_) | KeyState::Valid(_) => String::new(),
    }
}

pub(crate) async fn change_password(
    State(web): State<Web>,
    visitor: Visitor,
    FromDevice(device): FromDevice,
    posted: Posted,
) -> Result<Response, Failure> {
    let typed = NewPassword {
        old: posted.get("mat-khau-cu"),
        new: posted.get("mat-khau-moi"),
        again: posted.get("mat-khau-lai"),
    };
    let mut form = FormState::default();
    match web.office.change_password(&posted.by(&visitor), &visitor.token, typed, &device).await {
        Ok(()) => {
            return Ok(on_to(
                &web,
                "/tai-khoan",
                "Đã đổi mật khẩu. Các nơi đăng nhập khác đã được đăng xuất",
            ));
        }
        Err(Error::Refused(Refusal::People(faults))) => {
            for fault in faults {
                let field = match fault {
                    PeopleFault::PasswordWrong => "mat-khau-cu",
                    PeopleFault::PasswordTypedApart => "mat-khau-lai",
                    _ => "mat-khau-moi",
                };
                form.fault(field, words::people::fault(&fault));
            }
        }
        Err(error) => {
            for sentence in refused(error)?.sentences(ToOwned::to_owned) {
                form.fault("mat-khau-cu", sentence);
            }
        }
    }
    Ok(show_as(&web, StatusCode::UNPROCESSABLE_ENTITY, &page(&web, &visitor, form).await?))
}

pub(crate) async fn sign_out_elsewhere(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let said = match web.office.sign_out_elsewhere(&posted.by(&visitor), &visitor.token).await? {
        0 => "Không còn nơi nào khác đang đăng nhập".to_owned(),
        n => format!("Đã đăng xuất ở {n} nơi khác"),
    };
    Ok(on_to(&web, "/tai-khoan", &said))
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    fn a_program_is_told_by_its_most_telling_name() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(program(chrome), "Chrome trên Windows");
        assert_eq!(program(&format!("{chrome} Edg/142.0.0.0")), "Edge trên Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1";
        assert_eq!(program(phone), "Safari trên iPhone");
        assert_eq!(program("curl/8.5.0"), "Chương trình khác");
        assert_eq!(program(""), "Chương trình khác");
    }
}
