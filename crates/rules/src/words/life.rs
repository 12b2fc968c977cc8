//! Words of a dossier's life: its states and outcomes, what comes next, what the law does not let happen.

use super::{calendar_error, date, lower_first, money, step_task};
use crate::dossier::{AlarmKind, NextAct, OpinionVerdict, Outcome, Refused, State};
use crate::procedure::{StepTask, WaitExit, WaitKind};

/// The national wording of a state.
pub fn state(state: &State) -> &'static str {
    state_kind(state.kind())
}

/// The same, from the word kept in a column.
pub fn state_kind(kind: &str) -> &'static str {
    match kind {
        "preparing" => "Đang lập tại quầy",
        "submitted" => "Mới đăng ký",
        "awaiting_papers" => "Chờ bổ sung để tiếp nhận",
        "received" => "Được tiếp nhận",
        "not_received" => "Không được tiếp nhận",
        "awaiting_parts" => "Chờ kết quả phần việc trước",
        "in_process" => "Đang xử lý",
        "awaiting_supplement" => "Yêu cầu bổ sung",
        "awaiting_payment" => "Chờ thực hiện nghĩa vụ tài chính",
        "halted" => "Tạm dừng giải quyết",
        "stopped" => "Dừng xử lý",
        "withdrawn" => "Rút hồ sơ",
        "done" => "Đã xử lý xong",
        "handed_over" => "Đã trả kết quả",
        "mirrored" => "Theo hệ thống của bộ, ngành",
        _ => "Không rõ trạng thái",
    }
}

pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Granted => "Đã giải quyết",
        Outcome::Refused => "Từ chối",
        Outcome::Withdrawn => "Người nộp rút",
        Outcome::Stopped => "Dừng giải quyết",
        Outcome::Annulled => "Kết quả đã bị hủy",
    }
}

pub fn wait_kind(what: WaitKind) -> &'static str {
    match what {
        WaitKind::Supplement => "bổ sung hồ sơ",
        WaitKind::Payment => "thực hiện nghĩa vụ tài chính",
        WaitKind::Halt => "tạm dừng giải quyết",
    }
}

pub fn wait_exit(exit: WaitExit) -> &'static str {
    match exit {
        WaitExit::Close => "hồ sơ kết thúc",
        WaitExit::Resume => "hồ sơ được giải quyết tiếp",
    }
}

pub fn opinion_verdict(verdict: OpinionVerdict) -> &'static str {
    match verdict {
        OpinionVerdict::Agrees => "đồng ý",
        OpinionVerdict::Disagrees => "không đồng ý",
        OpinionVerdict::Notes => "có ý kiến",
    }
}

/// Why a dossier raises an alarm.
pub fn alarm_kind(alarm: AlarmKind) -> &'static str {
    match alarm {
        AlarmKind::Silent => "hồ sơ không rõ ai phải làm gì tiếp, đến khi nào",
        AlarmKind::Nobody => "không có ai đang giữ vai phải xử lý hồ sơ",
        AlarmKind::Late => "việc tiếp theo đã quá hạn",
        AlarmKind::Unconfirmed => "bìa hồ sơ giấy đã giao mà người nhận chưa xác nhận đúng hạn",
        AlarmKind::Unreviewed => "hồ sơ được mở khẩn cấp mà quá hạn chưa ai xem xét",
    }
}

/// What comes next, as an order to its owner.
pub fn next_act(next: NextAct) -> String {
    match next {
        NextAct::Answer => "Tiếp nhận, yêu cầu bổ sung hoặc từ chối hồ sơ mới gửi đến".to_owned(),
        NextAct::TakePapers => "Chờ người nộp hoàn thiện hồ sơ để tiếp nhận".to_owned(),
        NextAct::Transfer => "Chuyển hồ sơ cho cơ quan giải quyết".to_owned(),
        NextAct::Take(task) => format!("Nhận việc: {}", lower_first(step_task(task))),
        NextAct::Do(task) => step_task(task).to_owned(),
        NextAct::AwaitOpinions => "Chờ cơ quan phối hợp trả lời, đôn đốc nếu chậm".to_owned(),
        NextAct::AwaitParts => "Chờ kết quả của phần việc trước".to_owned(),
        NextAct::DecidePart => {
            "Quyết định về phần việc bị vướng: dừng, hoặc cho bắt đầu và ghi lý do".to_owned()
        }
        NextAct::AnswerReferral => "Duyệt hoặc không duyệt đề nghị trình lãnh đạo".to_owned(),
        NextAct::AwaitWhole => "Chờ hồ sơ chung xong để trả kết quả cùng một lần".to_owned(),
        NextAct::AwaitSupplement => "Chờ người nộp bổ sung".to_owned(),
        NextAct::AwaitPayment => "Chờ người nộp thực hiện nghĩa vụ tài chính".to_owned(),
        NextAct::EndHalt => "Giải quyết tiếp hoặc dừng hẳn".to_owned(),
        NextAct::ConfirmWithdrawal => "Xác nhận việc rút hồ sơ, trả lại bản chính".to_owned(),
        NextAct::HandOver => "Trả kết quả".to_owned(),
    }
}

/// Why a transition did not happen.
pub fn refused(refused: &Refused) -> String {
    match refused {
        Refused::NotInThisState(kind) => {
            format!("Hồ sơ đang ở trạng thái “{}” nên chưa làm việc này được", state_kind(kind))
        }
        Refused::NotThisStep { step, task } => {
            format!("Bước “{step}” là bước {}", lower_first(step_task(*task)))
        }
        Refused::NoSuchWay { from, to } => {
            format!("Quy trình không cho chuyển từ bước “{from}” đến bước “{to}”")
        }
        Refused::StepNotDone { task, .. } => match task {
            StepTask::Draft => "Chưa có dự thảo kết quả. Soạn dự thảo rồi chuyển bước".to_owned(),
            StepTask::Approve => "Chưa có dự thảo để duyệt. Trả lại bước soạn dự thảo".to_owned(),
            task => format!("Bước này đi tiếp bằng việc “{}”", step_task(*task)),
        },
        Refused::ReasonMissing => "Ghi ý kiến hoặc lý do trước khi chuyển".to_owned(),
        Refused::SupplementAskedBefore => {
            "Hồ sơ này đã được yêu cầu bổ sung một lần. Luật chỉ cho yêu cầu một lần; yêu cầu lần nữa phải do \
             lãnh đạo quyết định, có lý do"
                .to_owned()
        }
        Refused::SupplementTooLate { last } => format!(
            "Chỉ được yêu cầu bổ sung đến hết ngày {}; sau ngày này phải do lãnh đạo quyết định, có lý do",
            date(*last)
        ),
        Refused::NoSuchWait { what, .. } => {
            format!("Quy trình không cho {} ở bước này", wait_kind(*what))
        }
        Refused::NotExpired => "Thời gian chờ chưa hết".to_owned(),
        Refused::ExtendedBefore => {
            "Hồ sơ này đã được gia hạn một lần. Luật chỉ cho hẹn lại ngày trả một lần".to_owned()
        }
        Refused::TooLateToExtend { last } => format!(
            "Phải xin lỗi và hẹn lại trước ngày hẹn trả ít nhất một ngày; ngày cuối để gia hạn là {}",
            date(*last)
        ),
        Refused::NoLaterDate => "Ngày hẹn mới phải sau ngày hẹn cũ; chọn thời gian gia hạn dài hơn".to_owned(),
        Refused::ClockStands => {
            "Thời hạn đang tạm dừng để chờ ý kiến nên chưa có ngày hẹn để gia hạn".to_owned()
        }
        Refused::ConsultsOpen { n_open } => format!(
            "Còn {n_open} cơ quan phối hợp chưa có ý kiến. Chờ trả lời, hoặc ghi nhận là quá hạn rồi đi tiếp"
        ),
        Refused::NoSuchConsultation => "Không có yêu cầu cho ý kiến nào đang chờ như vậy".to_owned(),
        Refused::ConsultNotLate => "Cơ quan phối hợp vẫn còn thời gian trả lời".to_owned(),
        Refused::WrongAmount { due } => {
            format!("Số tiền không đúng; còn phải nộp: {}", lower_first(&money(*due)))
        }
        Refused::OriginalsHeld { components } => format!(
            "Còn giữ bản chính của {} giấy. Trả lại cho người nộp rồi xác nhận đã trả",
            components.len()
        ),
        Refused::PartsNotReady { n_open } => {
            format!("Còn {n_open} phần việc liên thông chưa xong. Trả kết quả khi mọi phần đã xong")
        }
        Refused::GoesWithTheWhole => {
            "Đây là một phần của hồ sơ liên thông; trả kết quả hoặc rút ở hồ sơ chung".to_owned()
        }
        Refused::ReferredBefore => {
            "Đã có một đề nghị đang trình lãnh đạo; chờ trả lời, hoặc rút đề nghị ấy rồi trình lại".to_owned()
        }
        Refused::NeedsNoLeader => "Việc này làm được ngay, không cần trình lãnh đạo".to_owned(),
        Refused::NoSuchReferral => {
            "Đề nghị này đã được trả lời, đã rút lại hoặc đã thay bằng đề nghị khác; mở lại hồ sơ để xem".to_owned()
        }
        Refused::NoPartToDecide => {
            "Không có phần việc nào như vậy đang chờ quyết định; phần việc đã bắt đầu, hoặc vẫn còn chờ kết \
             quả của phần việc trước"
                .to_owned()
        }
        Refused::NothingOwed => {
            "Hồ sơ không còn nợ phí, lệ phí, nên không thu thêm của người nộp. Nếu đã thu thì trả lại tiền và \
             hủy biên lai"
                .to_owned()
        }
        Refused::SettledElsewhere { system } => format!(
            "Thủ tục này do {system} giải quyết, nên hồ sơ chưa được nộp và không tiếp nhận ở đây. Hướng dẫn \
             người nộp gửi qua hệ thống đó"
        ),
        Refused::SettledHere => {
            "Thủ tục này do hệ thống này giải quyết, nên không ghi theo dõi hồ sơ của hệ thống khác. Tiếp \
             nhận hồ sơ như các thủ tục khác"
                .to_owned()
        }
        Refused::ReadOnly => {
            "Hồ sơ này do hệ thống của bộ, ngành giải quyết; ở đây chỉ xem và theo dõi".to_owned()
        }
        Refused::WrongRevision => "Thủ tục hoặc trường hợp không khớp với lúc tiếp nhận".to_owned(),
        Refused::ChannelNotOffered => {
            "Trường hợp này không nhận qua kênh đã chọn, nên hồ sơ chưa được nộp. Chọn kênh khác hoặc trường \
             hợp khác của thủ tục"
                .to_owned()
        }
        Refused::AddressUnfit => {
            "Nhận kết quả qua bưu chính thì cần địa chỉ, dài nhất 500 chữ. Ghi địa chỉ nhận bưu gửi".to_owned()
        }
        Refused::Calendar(error) => calendar_error(error),
    }
}
