//! How each fault of a procedure is said to the one who drafts it: what is wrong, and where.

use super::{Advice, Place, ProcedureFault};
use crate::procedure::StepTask;
use crate::procedure::soundness::Paper;
use crate::procedure::timing::duration;
use crate::words;
use crate::words::procedure::wait;
use std::fmt;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}”", self.name)
    }
}

/// Why the task cannot be done with the paper as it then is.
fn misplaced(task: StepTask, paper: Paper) -> &'static str {
    match (task, paper) {
        (_, Paper::Sealed) => "đến đây kết quả đã đóng dấu, chỉ còn trả kết quả",
        (StepTask::HandOver, _) => "đến đây kết quả chưa đóng dấu, chưa trả được",
        (StepTask::Seal, _) => "đến đây dự thảo chưa được ký, chưa đóng dấu được",
        (_, Paper::Signed) => "đến đây dự thảo đã ký, không soạn, duyệt hay ký lần nữa được",
        (_, Paper::Blank | Paper::Drafted) => "đến đây chưa có dự thảo để duyệt hoặc ký",
    }
}

impl fmt::Display for ProcedureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ValidToBeforeFrom => write!(f, "ngày hết hiệu lực trước ngày có hiệu lực"),
            Self::NoCase => write!(f, "thủ tục chưa có trường hợp nào"),
            Self::NoChannel { case } => write!(f, "trường hợp “{case}” chưa có kênh nộp nào"),
            Self::ChannelTwice { case, channel } => {
                write!(f, "trường hợp “{case}” ghi kênh “{}” hai lần", words::channel(*channel))
            }
            Self::UnknownResult { case, result } => {
                write!(f, "trường hợp “{case}” trả loại kết quả “{result}” không có trong thủ tục")
            }
            Self::PromisesRefusal { case } => {
                write!(f, "kết quả của trường hợp “{case}” là văn bản từ chối; chọn kết quả giải quyết")
            }
            Self::NoRefusingResult => {
                write!(f, "quy trình có thể từ chối, mà thủ tục chưa có loại kết quả từ chối giải quyết")
            }
            Self::NegativeFee { case, fee } => {
                write!(f, "trường hợp “{case}”: khoản “{fee}” có số tiền âm")
            }
            Self::DuplicateId { what, id, .. } => write!(f, "{what}: mã “{id}” có hai lần"),
            Self::Empty { what, .. } => write!(f, "{what} còn để trống"),
            Self::NoTime { what, .. } => write!(f, "{what}: thời hạn bằng không"),
            Self::NoStep => write!(f, "quy trình chưa có bước nào"),
            Self::TooManySteps { most } => write!(f, "quy trình dài quá {most} bước"),
            Self::UnknownStep { step, to } => write!(f, "bước {step} chuyển đến bước “{to}” không có"),
            Self::Unreachable { step } => write!(f, "không có đường nào đến bước {step}"),
            Self::Circle { way } => write!(
                f,
                "{way}: đường đi tới quay vòng mãi; nếu là trả lại thì khai ở phần trả lại, kèm lý do"
            ),
            Self::DeadEnd { way } => write!(f, "{way}: từ đây không còn đường nào đến bước trả kết quả"),
            Self::Misplaced { way, task, paper } => write!(f, "{way}: {}", misplaced(*task, *paper)),
            Self::NotTheEnd { step } => write!(f, "bước {step}: trả kết quả phải là bước cuối cùng"),
            Self::BackAfterSeal { step } => {
                write!(f, "bước {step} có đường trả lại, nhưng kết quả đã đóng dấu thì không trả lại được")
            }
            Self::NotEarlier { step, to } => {
                write!(f, "bước {step} trả lại bước {to}, nhưng {to} không phải bước trước nó")
            }
            Self::CannotDecline { step } => {
                write!(f, "bước {step} không có đường trả lại: người duyệt, người ký không từ chối được")
            }
            Self::TooLong { case, channel, limit, way, over_minutes } => write!(
                f,
                "trường hợp “{case}”, kênh {}: các bước {way} cộng lại vượt thời hạn {} là {}",
                words::channel(*channel).to_lowercase(),
                words::limit(*limit),
                duration(*over_minutes)
            ),
            Self::LevelOnlyForCompetent { what, .. } => {
                write!(f, "{what}: chỉ cơ quan giải quyết được chọn theo cấp")
            }
            Self::NoSuchWork { step, role } => {
                write!(f, "bước {step} giao cho vai “{}”, vai này không giải quyết hồ sơ", words::role(*role))
            }
            Self::WaitAtUnknownStep { what, step } => {
                write!(f, "lượt {}: không có bước “{step}”", wait(*what))
            }
            Self::WaitNowhere { what } => {
                write!(f, "lượt {}: không có bước nào để bắt đầu chờ", wait(*what))
            }
            Self::WaitTwice { what, step } => {
                write!(f, "bước {step} có hai lượt {}; lượt sau không bao giờ dùng đến", wait(*what))
            }
            Self::WaitAfterSeal { what, step } => {
                write!(f, "lượt {} ở bước {step}: kết quả đã có, không còn gì để chờ", wait(*what))
            }
            Self::SupplementRuns => {
                write!(f, "trong lúc chờ bổ sung, thời hạn giải quyết không được chạy tiếp")
            }
            Self::RestartsFor { what } => write!(
                f,
                "lượt {}: chỉ bổ sung hồ sơ mới được tính lại thời hạn từ đầu; chọn tạm dừng hoặc chạy tiếp",
                wait(*what)
            ),
            Self::NoSupplementWait => {
                write!(f, "thủ tục có thành phần hồ sơ mà quy trình không có lượt chờ bổ sung")
            }
            Self::ConsultsItself { step, consult } => {
                write!(
                    f,
                    "bước {step}, ý kiến “{consult}”: cơ quan được hỏi chính là cơ quan đang làm bước này"
                )
            }
            Self::ConsultAfterSeal { step, consult } => {
                write!(f, "bước {step}, ý kiến “{consult}”: kết quả đã có, không còn gì để hỏi")
            }
            Self::ConsultRestarts { step, consult } => write!(
                f,
                "bước {step}, ý kiến “{consult}”: hỏi ý kiến không được làm thời hạn tính lại từ đầu"
            ),
            Self::ConsultTooLong { step, consult } => write!(
                f,
                "bước {step}, ý kiến “{consult}”: hạn trả lời dài hơn thời gian của bước, mà thời hạn vẫn chạy"
            ),
            Self::UnknownPart { part, after } => {
                write!(f, "phần liên thông “{part}” chờ phần “{after}” không có")
            }
            Self::PartsInCircle { parts } => {
                write!(f, "các phần liên thông chờ nhau thành vòng: {}", parts.join(" → "))
            }
            Self::PartOfItself { part } => {
                write!(f, "phần liên thông “{part}” lại là chính thủ tục này")
            }
            Self::PartNotOffered { part } => write!(
                f,
                "phần liên thông “{part}”: thủ tục hoặc trường hợp ấy chưa có hiệu lực vào ngày thủ tục này bắt đầu"
            ),
        }
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnusualRole { step, role, usual } => write!(
                f,
                "bước {step} giao cho vai “{}”; thường là “{}”",
                words::role(*role),
                words::role(*usual)
            ),
            Self::SameName { name } => write!(f, "có hai bước cùng tên “{name}”"),
        }
    }
}
