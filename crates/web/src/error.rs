//! The pages of things that went wrong: what happened, what it means for the paper, what to do. Never a
//! number of the protocol, never a word of the machine.

use crate::Web;
use crate::api::rate::TooOften;
use crate::page::html;
use askama::Template;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use office::people::api_key::KeyRefused;
use office::{Error, Refusal};
use rules::people::Role;
use rules::people::api_key::Scope;
use rules::words;

#[derive(Debug, Template)]
#[template(path = "layout/error.html")]
struct ErrorPage {
    title: String,
    happened: String,
    means: String,
    todo: String,
    incident: String,
    home: &'static str,
}

/// An answer that is not the page that was asked for.
#[derive(Debug)]
pub(crate) enum Failure {
    Page {
        status: StatusCode,
        page: Box<ErrorText>,
    },
    /// To the sign-in page, and back here after it.
    SignIn {
        back: String,
    },
    /// To his own page, where he sets it up.
    SecondFactorFirst,
    Broken(Error),
}

#[derive(Debug)]
pub(crate) struct ErrorText {
    title: String,
    happened: String,
    means: String,
    todo: String,
}

impl Failure {
    fn page(status: StatusCode, title: &str, happened: &str, means: &str, todo: &str) -> Self {
        let page = ErrorText {
            title: title.to_owned(),
            happened: happened.to_owned(),
            means: means.to_owned(),
            todo: todo.to_owned(),
        };
        Self::Page { status, page: Box::new(page) }
    }

    pub(crate) fn not_found() -> Self {
        Self::page(
            StatusCode::NOT_FOUND,
            "Không thấy trang này",
            "Địa chỉ này không có, hoặc hồ sơ, giấy tờ ở đây không thuộc cơ quan của bạn.",
            "Không có gì bị mất.",
            "Tìm theo mã hồ sơ hoặc tên người ở ô tìm kiếm. Nếu chắc chắn phải xem được, nhờ quản trị hệ thống kiểm tra quyền.",
        )
    }

    pub(crate) fn role_missing(_web: &Web, roles: &[Role]) -> Self {
        let names: Vec<&str> = roles.iter().map(|&role| words::role(role)).collect();
        Self::page(
            StatusCode::FORBIDDEN,
            "Bạn chưa có quyền ở đây",
            &format!("Trang này dành cho vai: {}.", names.join(", ")),
            "Không có gì bị thay đổi.",
            "Nếu công việc cần quyền này, đề nghị quản trị hệ thống của cơ quan cấp.",
        )
    }

    pub(crate) fn sign_in_first(parts: &Parts) -> Self {
        let back = if parts.method.is_safe() { parts.uri.path().to_owned() } else { "/".to_owned() };
        Self::SignIn { back }
    }

    pub(crate) fn form_too_old() -> Self {
        Self::page(
            StatusCode::FORBIDDEN,
            "Trang này mở đã lâu",
            "Biểu mẫu được mở từ một phiên đăng nhập khác nên không gửi được.",
            "Chưa có gì được ghi.",
            "Quay lại trang trước, tải lại trang rồi gửi lại.",
        )
    }

    pub(crate) fn form_too_large() -> Self {
        Self::page(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Nội dung gửi quá lớn",
            "Biểu mẫu chứa nhiều chữ hơn mức cho phép.",
            "Chưa có gì được ghi.",
            "Rút ngắn nội dung rồi gửi lại. Tài liệu dài nên gửi thành tệp.",
        )
    }

    fn second_factor_missing() -> Self {
        Self::page(
            StatusCode::FORBIDDEN,
            "Cần bật xác thực hai lớp",
            "Cơ quan yêu cầu vai của bạn đăng nhập bằng xác thực hai lớp, mà tài khoản chưa bật.",
            "Không có gì bị thay đổi.",
            "Mở trang tài khoản trong trình duyệt, bật xác thực hai lớp rồi đăng nhập lại.",
        )
    }

    /// The password was right, and a code is needed beside it.
    pub(crate) fn code_needed() -> Response {
        let problem = serde_json::json!({
            "type": "urn:motcua:problem:code-needed",
            "title": "Cần mã xác thực",
            "status": StatusCode::UNAUTHORIZED.as_u16(),
            "detail": "Mật khẩu đúng, nhưng tài khoản này bật xác thực hai lớp.",
            "means": "Chưa đăng nhập.",
            "todo": "Gửi lại yêu cầu với trường `code`: mã 6 chữ số của ứng dụng, hoặc một mã dự phòng.",
        });
        let media_type = [(header::CONTENT_TYPE, "application/problem+json")];
        (StatusCode::UNAUTHORIZED, media_type, problem.to_string()).into_response()
    }

    pub(crate) fn file_too_large() -> Self {
        Self::page(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Tệp quá nặng",
            "Tệp nặng hơn mức cho phép, hoặc đường truyền bị ngắt giữa chừng.",
            "Tệp này chưa được nhận. Các tệp khác của hồ sơ vẫn còn.",
            "Quét ở 200 dpi hoặc tách làm nhiều tệp rồi gửi lại.",
        )
    }

    /// The address is there, and is not asked in this way.
    pub(crate) fn not_so() -> Self {
        Self::page(
            StatusCode::METHOD_NOT_ALLOWED,
            "Không mở được theo cách này",
            "Địa chỉ này chỉ nhận biểu mẫu gửi từ trang của nó, hoặc chỉ để xem.",
            "Không có gì bị thay đổi.",
            "Quay lại trang trước rồi bấm nút trên trang.",
        )
    }

    pub(crate) fn token_missing() -> Self {
        Self::page(
            StatusCode::UNAUTHORIZED,
            "Chưa xác thực",
            "Yêu cầu không mang mã phiên hoặc khóa API còn hiệu lực trong đầu mục Authorization.",
            "Chưa có gì được ghi.",
            "Đăng nhập ở /api/v1/session rồi gửi lại với mã phiên nhận được.",
        )
    }

    /// A key opens nothing, or not from here.
    pub(crate) fn key_refused(why: KeyRefused) -> Self {
        let happened = match why {
            KeyRefused::Unknown => "Không có khóa API này.",
            KeyRefused::Expired => "Khóa API đã hết hạn.",
            KeyRefused::Revoked => "Khóa API đã bị thu hồi.",
            KeyRefused::Locked => "Tài khoản của khóa API này đang bị khóa.",
            KeyRefused::Elsewhere => "Khóa API này không được dùng từ địa chỉ mạng đang gọi.",
        };
        let status = match why {
            KeyRefused::Elsewhere => StatusCode::FORBIDDEN,
            _ => StatusCode::UNAUTHORIZED,
        };
        Self::page(
            status,
            "Khóa API không dùng được",
            happened,
            "Chưa có gì được ghi.",
            "Chủ khóa xem lại ở trang Tài khoản của tôi, Khóa API; cần thì tạo khóa mới.",
        )
    }

    /// The key is for something else.
    pub(crate) fn out_of_scope(scopes: &[Scope]) -> Self {
        let names: Vec<&str> = scopes.iter().map(|&scope| words::api_key::scope(scope)).collect();
        Self::page(
            StatusCode::FORBIDDEN,
            "Khóa API không được cấp cho việc này",
            &format!("Việc này cần khóa được cấp: {}.", names.join(" hoặc ")),
            "Chưa có gì được ghi.",
            "Chủ khóa tạo khóa mới có việc này, rồi thu hồi khóa cũ.",
        )
    }

    /// Only who signed in himself does it.
    pub(crate) fn not_by_key() -> Self {
        Self::page(
            StatusCode::FORBIDDEN,
            "Khóa API không làm được việc này",
            "Ký, đóng dấu, hủy kết quả và cấp quyền cần chính cán bộ đăng nhập.",
            "Chưa có gì được ghi.",
            "Đăng nhập ở /api/v1/session rồi gửi lại với mã phiên nhận được, hoặc làm trên trang.",
        )
    }

    /// A key was used too often.
    pub(crate) fn too_often(TooOften(wait): TooOften) -> Self {
        let seconds = wait.as_millis().div_ceil(1_000);
        Self::page(
            StatusCode::TOO_MANY_REQUESTS,
            "Gọi quá nhanh",
            "Khóa API này vừa gọi nhiều hơn mức cho phép.",
            "Yêu cầu này chưa được làm.",
            &format!("Đợi {seconds} giây rồi gửi lại. Mỗi khóa gọi được 10 lần mỗi giây."),
        )
    }

    pub(crate) fn not_understood(why: &str) -> Self {
        Self::page(
            StatusCode::BAD_REQUEST,
            "Không hiểu yêu cầu",
            &format!("Nội dung JSON không đúng mẫu: {why}."),
            "Chưa có gì được ghi.",
            "Sửa theo mô tả API rồi gửi lại.",
        )
    }

    /// A rule said no, in these sentences.
    pub(crate) fn refused(sentences: &[String]) -> Self {
        Self::page(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Chưa làm được việc này",
            &sentences.join(". "),
            "Không có gì bị thay đổi.",
            "Quay lại trang trước, sửa theo lời trên rồi làm lại.",
        )
    }

    pub(crate) fn foreign() -> Self {
        Self::page(
            StatusCode::FORBIDDEN,
            "Yêu cầu đến từ trang khác",
            "Một trang web khác đã gửi biểu mẫu này thay bạn, nên hệ thống không nhận.",
            "Chưa có gì được ghi.",
            "Mở lại trang từ hệ thống một cửa rồi làm lại.",
        )
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(),
            Error::NotYours(why) => Self::page(
                StatusCode::FORBIDDEN,
                "Việc này chưa đến lượt bạn",
                &words::not_yours(&why),
                "Không có gì bị thay đổi.",
                "Quay lại trang hồ sơ để xem ai đang giữ và việc tiếp theo.",
            ),
            Error::Refused(refusal) => Self::refused(&refusal.sentences(ToOwned::to_owned)),
            Error::Stale => Self::page(
                StatusCode::CONFLICT,
                "Có người vừa sửa trước bạn",
                "Trong lúc bạn mở trang này, người khác đã thay đổi hồ sơ.",
                "Thay đổi của người kia được giữ. Thay đổi của bạn chưa ghi.",
                "Tải lại trang, xem phần mới rồi làm lại nếu còn cần.",
            ),
            error => Self::Broken(error),
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Error::from(error).into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn { back } => {
                let back = if back == "/" { String::new() } else { format!("?ve={back}") };
                Redirect::to(&format!("/dang-nhap{back}")).into_response()
            }
            Self::SecondFactorFirst => Redirect::to("/tai-khoan").into_response(),
            Self::Page { status, page } => show(status, *page, String::new()),
            Self::Broken(error) => {
                let (text, incident) = broken(&error);
                show(StatusCode::INTERNAL_SERVER_ERROR, text, incident)
            }
        }
    }
}

/// What is told of a fault of ours, with the code under which the log has it.
fn broken(error: &Error) -> (ErrorText, String) {
    // Six letters and figures that a person can read on the telephone.
    let incident = incident_code();
    tracing::error!(incident, error = ?error, "a request failed");
    let happened = if matches!(error, Error::Busy) {
        "Máy chủ đang rất bận nên chưa làm xong việc này."
    } else {
        "Máy chủ gặp lỗi khi làm việc này."
    };
    let text = ErrorText {
        title: "Có lỗi ở phía chúng tôi".to_owned(),
        happened: happened.to_owned(),
        means: "Những gì đã lưu trước đó vẫn còn nguyên. Việc vừa bấm chưa được ghi.".to_owned(),
        todo: "Làm lại sau ít phút. Nếu vẫn lỗi, gọi hỗ trợ và đọc mã sự cố dưới đây.".to_owned(),
    };
    (text, incident)
}

impl Failure {
    /// As whoever asked for this path reads it.
    pub(crate) fn at(self, path: &str) -> Response {
        if path.starts_with("/api/") { self.into_json() } else { self.into_response() }
    }

    /// The same for a caller of the API, as RFC 9457 says it.
    pub(crate) fn into_json(self) -> Response {
        let told = |status: StatusCode, text: &ErrorText, incident: &str| {
            let mut body = serde_json::json!({
                "type": "about:blank",
                "title": text.title,
                "status": status.as_u16(),
                "detail": text.happened,
                "means": text.means,
                "todo": text.todo,
            });
            if !incident.is_empty() {
                body["incident"] = incident.into();
            }
            let problem = [(header::CONTENT_TYPE, "application/problem+json")];
            let mut response = (status, problem, body.to_string()).into_response();
            if status == StatusCode::TOO_MANY_REQUESTS {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            response
        };
        match self {
            Self::SignIn { .. } => Self::token_missing().into_json(),
            Self::SecondFactorFirst => Self::second_factor_missing().into_json(),
            Self::Page { status, page } => told(status, &page, ""),
            Self::Broken(error) => {
                let (text, incident) = broken(&error);
                told(StatusCode::INTERNAL_SERVER_ERROR, &text, &incident)
            }
        }
    }
}

fn show(status: StatusCode, text: ErrorText, incident: String) -> Response {
    let page = ErrorPage {
        title: text.title,
        happened: text.happened,
        means: text.means,
        todo: text.todo,
        incident,
        home: "/",
    };
    let mut response = html(status, &page);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn incident_code() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHKLMNPQRTUVXY3456789";
    let chance = uuid::Uuid::new_v4();
    let letters: String = chance
        .as_bytes()
        .iter()
        .take(6)
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect();
    format!("{}-{}", &letters[..3], &letters[3..])
}

/// The sentences of a refusal, if that is what the error is: shown on the page itself.
pub(crate) fn refused(error: Error) -> Result<Refusal, Failure> {
    match error {
        Error::Refused(refusal) => Ok(refusal),
        error => Err(error.into()),
    }
}
