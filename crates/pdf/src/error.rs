//! What can go wrong, named by thing and place. Refusals that an officer reads carry a Vietnamese
//! sentence beside the English line for the log.

/// Result of every fallible function of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a file could not be written, read or signed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes are not a PDF this crate is willing to read; `offset` counts from the file's start.
    #[error("pdf syntax at byte {offset}: {what}")]
    Syntax { offset: usize, what: &'static str },
    /// A known object is missing or of the wrong kind.
    #[error("pdf object `{object}`: {what}")]
    Object { object: String, what: &'static str },
    /// The work a file asks for is over a limit.
    #[error("pdf limit: {0}")]
    Limit(&'static str),
    /// The file is readable but must not be signed.
    #[error("not signed: {0}")]
    Refused(#[from] Refusal),
    /// Input for a new PDF is not usable; `page` counts from 1.
    #[error("page {page}: {what}")]
    Page { page: usize, what: &'static str },
    /// A visible mark cannot be drawn.
    #[error("visible mark: {0}")]
    Mark(&'static str),
    /// A key, certificate or PKCS#12 file is not usable.
    #[error("key: {what}")]
    Key {
        what: &'static str,
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// A cryptographic message is malformed.
    #[error("cms: {0}")]
    Cms(&'static str),
    /// The signature does not fit into the room kept for it.
    #[error("the signature needs {needed} bytes, {room} were kept")]
    Room { needed: usize, room: usize },
}

/// Why a readable file is not signed: signing it would break it, or promise what cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the file is encrypted")]
    Encrypted,
    #[error("the file has a hybrid cross-reference")]
    HybridXref,
    #[error("the page tree is broken")]
    BrokenPages,
    #[error("the file is certified and allows no change")]
    CertifiedNoChanges,
    #[error("an earlier signature locks every field")]
    FieldsLocked,
    #[error("the file has bytes after its last revision")]
    TrailingBytes,
    #[error("the file has an XFA form")]
    Xfa,
    #[error("page {0} does not exist")]
    NoSuchPage(usize),
    #[error("the name of the signature field is not usable")]
    FieldName,
    #[error("the certificate is not valid at the time of signing")]
    CertificateNotValid,
}

impl Refusal {
    /// What the officer reads: what happened, what it means, what to do.
    pub fn sentence(self) -> String {
        let text = match self {
            Self::Encrypted => {
                "Tệp PDF đang được mã hóa nên chưa thể ký. Hãy dùng bản không đặt mật khẩu rồi ký lại."
            }
            Self::HybridXref => {
                "Tệp PDF có hai bảng tra cứu khác nhau, mỗi phần mềm có thể hiển thị một kiểu. Hãy xuất lại tệp từ phần mềm gốc hoặc quét lại rồi ký."
            }
            Self::BrokenPages => {
                "Danh sách trang của tệp PDF bị hỏng. Hãy xuất lại hoặc quét lại tệp rồi ký."
            }
            Self::CertifiedNoChanges => {
                "Tệp đã được chứng thực với điều kiện không cho phép thay đổi. Ký thêm sẽ làm hỏng chữ ký đó, nên tệp được giữ nguyên."
            }
            Self::FieldsLocked => {
                "Chữ ký trước đã khóa toàn bộ biểu mẫu. Ký thêm sẽ làm hỏng chữ ký đó, nên tệp được giữ nguyên."
            }
            Self::TrailingBytes => {
                "Sau phần kết thúc của tệp PDF còn dữ liệu lạ. Hãy xuất lại hoặc quét lại tệp rồi ký."
            }
            Self::Xfa => {
                "Tệp dùng biểu mẫu XFA, nội dung có thể thay đổi theo phần mềm đọc. Hãy in ra PDF thường rồi ký."
            }
            Self::NoSuchPage(page) => {
                return format!("Tệp không có trang {page} để đặt dấu chữ ký. Hãy chọn lại trang.");
            }
            Self::FieldName => "Tên ô chữ ký không hợp lệ. Hãy dùng tên khác.",
            Self::CertificateNotValid => {
                "Chứng thư số chưa có hiệu lực hoặc đã hết hạn tại thời điểm ký. Hãy gia hạn hoặc dùng chứng thư khác."
            }
        };
        text.to_owned()
    }
}

impl Error {
    pub(crate) fn object(object: impl std::fmt::Display, what: &'static str) -> Self {
        Self::Object { object: object.to_string(), what }
    }

    pub(crate) fn key(what: &'static str) -> Self {
        Self::Key { what, source: None }
    }
}
