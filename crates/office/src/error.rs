//! The only error pages see: not found, not yours, refused (with the rule's reason), changed by somebody
//! else meanwhile, or broken underneath.

use rules::calendar::CalendarError;
use rules::counter::queue::QueueRefused;
use rules::counter::queue::setup::Figure;
use rules::counter::{Incomplete, NotAllowed};
use rules::custody::CustodyRefused;
use rules::dossier::writing::WritingRefused;
use rules::people::glass::GlassFault;
use rules::people::openid::OpenIdRefused;
use rules::people::{NotYours, PeopleFault};
use rules::procedure::publishing::{self, PublishRefused};
use rules::reuse::{DeclineRefused, NotReusable};
use rules::scanning::{BadEdit, FieldFault, RecordRefused};
use rules::signing::ResultRefused;
use rules::signing::book::BookRefused;
use rules::signing::round::{CertificateState, RoundRefused};
use rules::unit::ReorganisationFault;
use rules::words::sentence::Names;
use rules::{dossier, words};

/// Why an act was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not there, or not there for this actor.
    #[error("not found")]
    NotFound,
    #[error("not the actor's to do: {0:?}")]
    NotYours(NotYours),
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Somebody else changed it since it was read.
    #[error("changed by somebody else meanwhile")]
    Stale,
    /// A file of the store or a part of the machine failed; nothing was changed.
    #[error("broken underneath")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the store is busy")]
    Busy,
}

/// What a rule answered instead of letting it happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    Dossier(dossier::Refused),
    Record(RecordRefused),
    Result(ResultRefused),
    Edit(BadEdit),
    Component(NotAllowed),
    /// The component is already supplied in another way; the word of that way.
    AlreadySupplied(&'static str),
    Incomplete(Vec<Incomplete>),
    Fields(Vec<FieldFault>),
    Reuse(NotReusable),
    Decline(DeclineRefused),
    /// What is wrong with what was typed about the applicant: the form field and the sentence.
    Applicant(Vec<(&'static str, String)>),
    /// Login or password do not match, or the account is closed.
    SignIn,
    /// Too many failures; try again after so many minutes.
    SignInThrottled(i64),
    /// Nobody holds a key to sign this with.
    NoKey,
    /// The certificate does not hold now.
    Certificate(CertificateState),
    Round(RoundRefused),
    /// The form cannot be filled: what is missing.
    Form(Vec<(String, String)>),
    /// The procedure is not offered, or not by this agency.
    NotOffered,
    /// The agency has ended, and nobody decided who carries on its work.
    NobodySettles,
    Unreadable(String),
    Procedure(PublishRefused),
    /// What is wrong with a post, a delegation, a leave or a transfer.
    People(Vec<PeopleFault>),
    /// Why units cannot be reorganised so.
    Reorganisation(Vec<ReorganisationFault>),
    /// A calendar that is to be decided cannot be counted by.
    Calendar(CalendarError),
    /// The dossiers that a calendar moves are others than were shown.
    ImpactChanged,
    /// No checkpoint is there yet that another key could follow.
    NothingSealed,
    /// The key was said to be lost, and opens.
    AuditKeyNotLost,
    /// The password was right, and a code is needed beside it.
    CodeNeeded,
    /// The second step came too late, or the first was never made.
    SignInExpired,
    /// No passkey that is known here has answered.
    PasskeyUnknown,
    /// Why folders of paper do not go where somebody wants them: the code of each, and the reason.
    Custody(Vec<(String, CustodyRefused)>),
    /// What was read or typed is no code of a folder, or of none that is here.
    FolderUnknown(String),
    /// More folders than are counted or given at once.
    TooManyFolders(usize),
    /// What was typed about a found paper: the form field and the sentence.
    Found(Vec<(&'static str, String)>),
    /// Why nobody is called, or no appointment made.
    Queue(QueueRefused),
    /// Figures of a queue that are out of their range.
    QueueFigures(Vec<Figure>),
    /// Why a book of numbers does not go on where it was told to.
    Book(BookRefused),
    /// More lines than are printed at once, which are so many.
    RegisterTooLong(i64),
    Writing(WritingRefused),
    /// Why nobody gets in by the identity server of this name.
    IdentityServer(String, OpenIdRefused),
    /// Why a dossier is not opened in an emergency, or an opening not reviewed.
    Glass(Vec<GlassFault>),
}

/// A refusal of a rule with the names of steps in place of their ids.
fn with_names(refused: &dossier::Refused, names: &impl Names) -> dossier::Refused {
    use dossier::Refused;
    match refused.clone() {
        Refused::NoSuchWay { from, to } => {
            Refused::NoSuchWay { from: names.step(&from), to: names.step(&to) }
        }
        Refused::NotThisStep { step, task } => Refused::NotThisStep { step: names.step(&step), task },
        refused => refused,
    }
}

impl Refusal {
    /// The same where the dossier is at hand, which knows the names of its papers and steps.
    pub fn sentences_of(&self, names: &impl Names) -> Vec<String> {
        match self {
            Self::Dossier(refused) => vec![words::refused(&with_names(refused, names))],
            refusal => refusal.sentences(|component| names.component(component)),
        }
    }

    /// What to tell the person, one sentence a reason. `component` names a component by its id.
    pub fn sentences(&self, component: impl Fn(&str) -> String) -> Vec<String> {
        match self {
            Self::Dossier(refused) => vec![words::refused(refused)],
            Self::Record(refused) => vec![words::record_refused(refused)],
            Self::Result(refused) => vec![words::result_refused(refused).to_owned()],
            Self::Edit(bad) => vec![words::bad_edit(*bad).to_owned()],
            Self::Component(why) => vec![words::not_allowed(*why).to_owned()],
            Self::AlreadySupplied(way) => {
                vec![format!("Thành phần này {way}. Bỏ cách cũ trước khi chọn cách khác")]
            }
            Self::Incomplete(faults) => {
                faults.iter().map(|fault| words::incomplete(fault, &component)).collect()
            }
            Self::Fields(faults) => {
                faults.iter().map(|fault| words::field_problem(fault.key, &fault.fault)).collect()
            }
            Self::Reuse(why) => vec![words::not_reusable(*why)],
            Self::Decline(why) => vec![words::decline_refused(*why).to_owned()],
            Self::Applicant(faults) => faults.iter().map(|(_, sentence)| sentence.clone()).collect(),
            Self::SignIn => vec!["Tên đăng nhập hoặc mật khẩu không đúng".to_owned()],
            Self::SignInThrottled(minutes) => vec![format!(
                "Đã sai nhiều lần. Chờ {minutes} phút rồi đăng nhập lại, hoặc nhờ quản trị đặt lại mật khẩu"
            )],
            Self::NoKey => vec![words::certificate(CertificateState::Missing)],
            Self::Certificate(state) => vec![words::certificate(*state)],
            Self::Round(refused) => vec![words::round_refused(*refused)],
            Self::Form(faults) => faults.iter().map(|(_, sentence)| sentence.clone()).collect(),
            Self::NotOffered => {
                vec!["Thủ tục này chưa được công bố, đã hết hiệu lực, hoặc nơi này không nhận".to_owned()]
            }
            Self::NobodySettles => vec![
                "Cơ quan được nêu tên không còn hoạt động và chưa có quyết định giao việc cho cơ quan nào. \
                 Báo quản trị hệ thống bổ sung quyết định rồi làm lại"
                    .to_owned(),
            ],
            Self::Unreadable(why) | Self::FolderUnknown(why) => vec![why.clone()],
            Self::Procedure(refused) => publishing::refused(refused),
            Self::People(faults) => faults.iter().map(words::people::fault).collect(),
            Self::Reorganisation(faults) => faults.iter().map(ToString::to_string).collect(),
            Self::Calendar(error) => vec![words::calendar_error(error)],
            Self::ImpactChanged => vec![
                "Danh sách hồ sơ đổi ngày hẹn trả đã thay đổi từ lúc bạn xem. Lịch chưa được lưu. Xem lại danh sách rồi lưu"
                    .to_owned(),
            ],
            Self::NothingSealed => {
                vec!["Chưa có điểm niêm phong nào nên chưa có khóa để đổi".to_owned()]
            }
            Self::CodeNeeded => {
                vec!["Tài khoản này bật xác thực hai lớp. Gửi thêm mã xác thực hoặc mã dự phòng".to_owned()]
            }
            Self::SignInExpired => {
                vec!["Đã quá 5 phút từ lúc gõ mật khẩu. Đăng nhập lại từ đầu".to_owned()]
            }
            Self::PasskeyUnknown => vec![
                "Khóa truy cập này chưa được thêm ở đây, hoặc đã bị gỡ. Đăng nhập bằng mật khẩu".to_owned(),
            ],
            Self::Custody(refused) => refused.iter().map(folder_refused).collect(),
            Self::TooManyFolders(most) => {
                vec![format!("Nhiều hơn {most} bìa một lần. Chia thành nhiều lần nhỏ hơn")]
            }
            Self::Found(faults) => faults.iter().map(|(_, sentence)| sentence.clone()).collect(),
            Self::AuditKeyNotLost => {
                vec!["Khóa niêm phong cũ vẫn mở được. Đổi khóa không kèm `--old-key-lost`, để khóa cũ ký nhận khóa mới".to_owned()]
            }
            Self::Queue(refused) => vec![words::queue::queue_refused(*refused).to_owned()],
            Self::IdentityServer(server, why) => vec![words::openid::refused(server, *why)],
            Self::Glass(faults) => faults.iter().copied().map(words::glass::fault).collect(),
            Self::Writing(refused) => vec![words::writing::refused(*refused).to_owned()],
            Self::QueueFigures(figures) => figures.iter().copied().map(words::queue::figure_fault).collect(),
            Self::Book(refused) => vec![words::book::book_refused(*refused)],
            Self::RegisterTooLong(most) => vec![format!(
                "Sổ in mỗi lần không quá {most} dòng. Chọn khoảng ngày ngắn hơn, ví dụ từng tháng"
            )],
        }
    }
}

/// Of one folder the reason alone; of several, which of them it is said of.
fn folder_refused((code, why): &(String, CustodyRefused)) -> String {
    let why = words::custody::refused(*why);
    if code.is_empty() { why.to_owned() } else { format!("Bìa {code}: {why}") }
}

impl Error {
    /// Something underneath failed that the actor can do nothing about.
    pub fn broken(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Broken(Box::new(source))
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Stale { .. } => Self::Stale,
            store::Error::Busy => Self::Busy,
            error => Self::Broken(Box::new(error)),
        }
    }
}

macro_rules! refusal_from {
    ($($from:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$from> for Error {
            fn from(refused: $from) -> Self {
                Self::Refused(Refusal::$variant(refused))
            }
        }
    )+};
}

refusal_from! {
    dossier::Refused => Dossier,
    RecordRefused => Record,
    ResultRefused => Result,
    BadEdit => Edit,
    NotAllowed => Component,
    NotReusable => Reuse,
    DeclineRefused => Decline,
    PublishRefused => Procedure,
    CalendarError => Calendar,
    QueueRefused => Queue,
    RoundRefused => Round,
    WritingRefused => Writing,
    Vec<FieldFault> => Fields,
    Vec<PeopleFault> => People,
}

impl From<CustodyRefused> for Error {
    fn from(why: CustodyRefused) -> Self {
        Self::Refused(Refusal::Custody(vec![(String::new(), why)]))
    }
}

impl From<NotYours> for Error {
    fn from(why: NotYours) -> Self {
        match why {
            // What an actor may not know exists does not exist for him.
            NotYours::OutOfScope => Self::NotFound,
            why => Self::NotYours(why),
        }
    }
}
