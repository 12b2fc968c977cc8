//! A fee is collected at the counter: in cash, or by a transfer for which the code stands here and on the screen
//! before the payer.

use crate::Web;
use crate::deed::Deed;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key};
use crate::page::{Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::counter::paying::{AtSeat, FeeDesk};
use office::{Error, Refusal};
use rules::event::FeePaid;
use rules::id::DossierId;
use rules::words;

#[derive(Debug, Template)]
#[template(path = "counter/paying.html")]
struct Page {
    shell: Shell,
    id: String,
    code: String,
    holder: String,
    owed: String,
    transfer: Option<Transfer>,
    screen: Screen,
    form: FormState,
    keys: [String; 4],
    is_for_training: bool,
}

#[derive(Debug)]
struct Transfer {
    holder: String,
    account: String,
    bank: String,
    reference: String,
    picture: String,
}

/// The screen at the officer's counter, in words, and what can be done with it.
#[derive(Debug)]
struct Screen {
    said: String,
    may_show: bool,
    shows: bool,
}

impl From<AtSeat> for Screen {
    fn from(at: AtSeat) -> Self {
        let (said, may_show, shows) = match at {
            AtSeat::NoSeat => (
                "Chưa biết bạn ngồi quầy nào: ghi số quầy ở trang Quầy để dùng màn hình phụ.".to_owned(),
                false,
                false,
            ),
            AtSeat::NoScreen(seat) => (
                format!("Quầy {seat} chưa có màn hình phụ. Người nộp quét mã ngay trên màn hình này."),
                false,
                false,
            ),
            AtSeat::Idle(seat) => {
                (format!("Màn hình phụ quầy {seat} chưa hiện mã của hồ sơ này."), true, false)
            }
            AtSeat::ShowsThis(seat, until) => {
                let until = words::queue::clock(until);
                (format!("Màn hình phụ quầy {seat} đang hiện mã này, đến {until}."), true, true)
            }
        };
        Self { said, may_show, shows }
    }
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    render(&web, &visitor, place.id("id")?, StatusCode::OK, FormState::default()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    id: DossierId,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let view = web.office.open_dossier(actor, id).await?;
    let seat = web.office.seat(&visitor.token).await?;
    let FeeDesk { owed, transfer, screen } = match web.office.fee_desk(actor, &view, seat.as_deref()).await {
        Ok(desk) => desk,
        // There is nothing to collect: the dossier says what there is.
        Err(error) => {
            let said = refused(error)?.sentences_of(&view).join(". ");
            return Ok(on_to(web, &format!("/ho-so/{id}"), &said));
        }
    };
    let amount = words::money(owed);
    let typed = amount.trim_end_matches(" đồng");
    let page = Page {
        shell: shell(web, visitor, "/quay").await?,
        id: id.to_string(),
        code: view.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        holder: view.holder.name.clone(),
        transfer: transfer.map(|transfer| Transfer {
            holder: transfer.account.holder,
            account: transfer.account.number,
            bank: transfer.account.bank,
            reference: transfer.reference,
            picture: transfer.picture,
        }),
        screen: screen.into(),
        form: form.before(FormState::default().with("so-tien", typed).with("so-tien-ck", typed)),
        owed: amount,
        keys: std::array::from_fn(|_| new_key()),
        is_for_training: web.office.is_for_training(),
    };
    Ok(show_as(web, status, &page))
}

/// A whole number as people write it, `1.250.000`.
fn amount(posted: &Posted, field: &str, form: &mut FormState) -> i64 {
    let digits: String = posted.get(field).chars().filter(|c| !matches!(c, '.' | ' ' | '\u{a0}')).collect();
    let amount = digits.trim_end_matches("đồng").parse().ok().filter(|amount: &i64| *amount > 0);
    if amount.is_none() {
        form.fault(field, "Ghi số tiền bằng chữ số, ví dụ 150.000");
    }
    amount.unwrap_or_default()
}

/// A number that stands on a paper or in an account.
fn number<'p>(posted: &'p Posted, field: &str, missing: &str, form: &mut FormState) -> &'p str {
    let said = posted.get(field);
    if said.is_empty() {
        form.fault(field, missing);
    } else if said.chars().count() > 60 {
        form.fault(field, "Dài quá 60 chữ. Kiểm tra lại");
    }
    said
}

/// The officer has the money: in hand, or seen in the account.
pub(crate) async fn collect(deed: Deed) -> Result<Response, Failure> {
    let (posted, mut form) = (&deed.posted, deed.posted.state());
    let receipt_missing = "Ghi số biên lai giao cho người nộp";
    let (amount, receipt, paid) = if deed.get("cach") == "chuyen-khoan" {
        let missing = "Ghi số giao dịch thấy trong sao kê hoặc tin báo của ngân hàng";
        let transaction = number(posted, "giao-dich", missing, &mut form).to_owned();
        let amount = amount(posted, "so-tien-ck", &mut form);
        let receipt = number(posted, "bien-lai-ck", receipt_missing, &mut form);
        (amount, receipt, FeePaid::Transfer { transaction })
    } else {
        let amount = amount(posted, "so-tien", &mut form);
        (amount, number(posted, "bien-lai", receipt_missing, &mut form), FeePaid::Cash)
    };
    if form.errors().is_empty() {
        match deed.office().collect_fee(&deed.by(), deed.id, amount, receipt, Some(paid)).await {
            Ok(()) => return Ok(deed.to_dossier("Đã thu. In biên lai ở mục In phiếu.")),
            Err(error) => refuse(&deed, error, &mut form).await?,
        }
    }
    render(&deed.web, &deed.visitor, deed.id, StatusCode::UNPROCESSABLE_ENTITY, form).await
}

/// Puts the code on the screen at the officer's counter, or takes it away.
pub(crate) async fn on_screen(deed: Deed) -> Result<Response, Failure> {
    let seat = deed.office().seat(&deed.visitor.token).await?.unwrap_or_default();
    let done = if deed.get("viec") == "cat" {
        deed.office().clear_screen(&deed.by(), deed.id, &seat).await
    } else {
        deed.office().ask_on_screen(&deed.by(), deed.id, &seat).await
    };
    match done {
        Ok(()) => Ok(on_to(&deed.web, &format!("/ho-so/{}/thu-phi", deed.id), "")),
        Err(error) => {
            let mut form = deed.posted.state();
            refuse(&deed, error, &mut form).await?;
            render(&deed.web, &deed.visitor, deed.id, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// What was refused, said with the names of this dossier.
async fn refuse(deed: &Deed, error: Error, form: &mut FormState) -> Result<(), Failure> {
    match refused(error)? {
        Refusal::Form(faults) => {
            for (_, said) in faults {
                form.fault("", said);
            }
        }
        refusal => {
            let view = deed.office().open_dossier(&deed.visitor.present.actor, deed.id).await?;
            for said in refusal.sentences_of(&view) {
                form.fault("", said);
            }
        }
    }
    Ok(())
}
