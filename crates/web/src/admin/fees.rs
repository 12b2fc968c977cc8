//! Where the fees of an agency are paid to from a day on, and the screens at its counters that ask for them.

use super::HERE;
use super::people::{agency_asked, agency_choices};
use super::read::Reading;
use crate::Web;
use crate::counter::screen_links::{self, ScreenLink};
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key};
use crate::page::{Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::counter::fees::{FeeSetup, NewAccount};
use rules::counter::vietqr::{Account, AccountFault};
use rules::id::{AgencyId, FeeScreenId};
use rules::words;
use store::counter::fees::FeeAccount;

const PATH: &str = "/quan-tri/thu-phi";

#[derive(Debug, Template)]
#[template(path = "admin/fees.html")]
struct FeesPage {
    shell: Shell,
    form: FormState,
    keys: [String; 2],
    base: String,
    unit: String,
    agencies: Vec<Choice>,
    account: Option<Account>,
    /// The code of that account, to be tried by a bank's app.
    check: String,
    /// The decisions, each with who made it and why.
    decided: Vec<(String, String)>,
    screens: Vec<ScreenLink>,
    /// The link that was just made, to be copied now.
    link: String,
    is_for_training: bool,
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let agency = agency_asked(&web, &visitor, query.as_deref()).await?;
    render(&web, &visitor, StatusCode::OK, agency, FormState::default(), String::new()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    agency: AgencyId,
    form: FormState,
    link: String,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let agencies = web.office.agencies_kept(actor).await?;
    let FeeSetup { unit, account, check, decided, names, screens } =
        web.office.fee_setup(actor, agency).await?;
    let line = |decided: &FeeAccount| {
        let who = names.get(&decided.put_by).map_or("?", String::as_str);
        let account = decided.account.as_ref().map_or_else(
            || "chỉ thu tiền mặt".to_owned(),
            |account| format!("{}, {}, {}", account.number, account.bank, account.holder),
        );
        (
            format!("Từ {}: {account}", words::date(decided.valid_from)),
            format!("{who} ghi lúc {}: {}", words::moment(decided.put_at), decided.reason),
        )
    };
    let page = FeesPage {
        shell: shell(web, visitor, HERE).await?,
        form: form.before(FormState::default().with("co-quan", agency.to_string()).with("cach", "tai-khoan")),
        keys: std::array::from_fn(|_| new_key()),
        base: format!("{PATH}/{agency}"),
        unit: unit.unit.name,
        agencies: agency_choices(&agencies),
        account,
        check: check.unwrap_or_default(),
        decided: decided.iter().map(line).collect(),
        screens: screens
            .into_iter()
            .map(|screen| {
                let name = format!("Quầy {}", screen.counter);
                ScreenLink::new(screen.id, name, screen.made_at, screen.withdrawn_at)
            })
            .collect(),
        link,
        is_for_training: web.office.is_for_training(),
    };
    Ok(show_as(web, status, &page))
}

/// The account as it was typed, with its faults at their fields; none where fees are to be paid in cash alone.
fn account(posted: &Posted, form: &mut FormState) -> Option<Account> {
    if posted.get("cach") == "tien-mat" {
        return None;
    }
    let field = |name| posted.get(name);
    match Account::read(
        field("ngan-hang"),
        field("ma-ngan-hang"),
        field("so-tai-khoan"),
        field("chu-tai-khoan"),
    ) {
        Ok(account) => Some(account),
        Err(faults) => {
            for fault in faults {
                let at = match fault {
                    AccountFault::Bank => "ngan-hang",
                    AccountFault::Bin => "ma-ngan-hang",
                    AccountFault::Number => "so-tai-khoan",
                    AccountFault::Holder => "chu-tai-khoan",
                };
                form.fault(at, words::way_out::account_fault(fault));
            }
            None
        }
    }
}

pub(crate) async fn set(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let agency = place.id("agency")?;
    let mut reading = Reading::of(&posted);
    let valid_from = reading.needed_day("tu");
    let mut form = reading.form;
    let account = account(&posted, &mut form);
    if form.errors().is_empty() {
        let new = NewAccount { valid_from, account, reason: posted.get("ly-do").to_owned() };
        match web.office.set_fee_account(&posted.by(&visitor), agency, &new).await {
            Ok(()) => {
                let said = format!("Đã ghi, áp dụng từ ngày {}", words::date(valid_from));
                return Ok(on_to(&web, &format!("{PATH}?co-quan={agency}"), &said));
            }
            Err(error) => form.refuse("tu", &refused(error)?),
        }
    }
    render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, agency, form, String::new()).await
}

/// Makes a link and shows it, once.
pub(crate) async fn add_screen(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let agency: AgencyId = place.id("agency")?;
    match web.office.add_fee_screen(&posted.by(&visitor), agency, posted.get("quay")).await {
        Ok(made) => {
            let unit = web.office.fee_setup(&visitor.present.actor, agency).await?.unit.unit;
            let link = screen_links::address(&web, "man-hinh-phi", &unit.key, &made.secret);
            render(&web, &visitor, StatusCode::OK, agency, FormState::default(), link).await
        }
        Err(error) => {
            let mut form = posted.state();
            form.refuse("quay", &refused(error)?);
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, agency, form, String::new()).await
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
    let screen: FeeScreenId = place.id("screen")?;
    web.office.withdraw_fee_screen(&posted.by(&visitor), agency, screen).await?;
    Ok(on_to(&web, &format!("{PATH}?co-quan={agency}"), "Đã thu hồi đường dẫn"))
}
