//! The officer's second factor: set up with his app, seen, turned off.

use crate::Web;
use crate::device::FromDevice;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key};
use crate::page::{self, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use office::Error;
use office::people::second_factor::{Enrolment, TurnedOn};
use rules::people::second_factor::RecoveryCode;
use rules::words;

const HERE: &str = "/tai-khoan/hai-lop";

#[derive(Debug, Template)]
#[template(path = "people/second_factor.html")]
struct SecondFactor {
    shell: Shell,
    form: FormState,
    idem: String,
    progress: Progress,
}

/// Where the setting up has got to.
#[derive(Debug)]
enum Progress {
    Off,
    /// The app has its key; its first code is waited for.
    Begun(Enrolment),
    On(About),
}

/// What is said of a second factor that is on.
#[derive(Debug)]
pub(super) struct About {
    pub(super) since: String,
    pub(super) codes_left: i64,
}

impl From<TurnedOn> for About {
    fn from(on: TurnedOn) -> Self {
        Self { since: words::moment(on.since), codes_left: on.recovery_codes_left }
    }
}

/// The recovery codes, on the one page that shows them.
#[derive(Debug, Template)]
#[template(path = "people/recovery_codes.html")]
struct RecoveryCodes {
    shell: Shell,
    codes: Vec<String>,
}

async fn page_of(web: &Web, visitor: &Visitor, form: FormState) -> Result<SecondFactor, Failure> {
    let by = visitor.by(None);
    let progress = match web.office.second_factor(&by).await? {
        Some(on) => Progress::On(on.into()),
        None => web.office.enrolment(&by).await?.map_or(Progress::Off, Progress::Begun),
    };
    let shell = shell(web, visitor, HERE).await?;
    Ok(SecondFactor { shell, form, idem: new_key(), progress })
}

/// The page again, with what was wrong at a field of it.
async fn again(web: &Web, visitor: &Visitor, field: &str, error: Error) -> Result<Response, Failure> {
    let mut form = FormState::default();
    form.refuse(field, &refused(error)?);
    Ok(show_as(web, StatusCode::UNPROCESSABLE_ENTITY, &page_of(web, visitor, form).await?))
}

pub(crate) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    Ok(page::show(&web, &page_of(&web, &visitor, FormState::default()).await?))
}

pub(crate) async fn begin(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    match web.office.begin_second_factor(&posted.by(&visitor), &visitor.token).await {
        Ok(()) => Ok(Redirect::to(HERE).into_response()),
        Err(error) => again(&web, &visitor, "", error).await,
    }
}

/// Shows the recovery codes; they are shown to nobody again.
pub(crate) async fn turn_on(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let by = posted.by(&visitor);
    match web.office.turn_on_second_factor(&by, &visitor.token, posted.get("ma")).await {
        Ok(Some(codes)) => {
            let codes = codes.iter().map(RecoveryCode::reveal).collect();
            Ok(page::show(&web, &RecoveryCodes { shell: shell(&web, &visitor, HERE).await?, codes }))
        }
        Ok(None) => Ok(on_to(&web, HERE, "Xác thực hai lớp đang bật. Mã dự phòng chỉ hiện một lần")),
        Err(error) => again(&web, &visitor, "ma", error).await,
    }
}

pub(crate) async fn turn_off(
    State(web): State<Web>,
    visitor: Visitor,
    FromDevice(device): FromDevice,
    posted: Posted,
) -> Result<Response, Failure> {
    let by = posted.by(&visitor);
    match web.office.turn_off_second_factor(&by, posted.get("mat-khau"), &device).await {
        Ok(()) => Ok(on_to(&web, "/tai-khoan", "Đã tắt xác thực hai lớp")),
        Err(error) => again(&web, &visitor, "mat-khau", error).await,
    }
}
