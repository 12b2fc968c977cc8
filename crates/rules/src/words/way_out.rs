//! Money and the way out: how fees were paid, who took a result, what the post said.

use super::hand_over_way;
use crate::counter::vietqr::AccountFault;
use crate::dossier::{NotTheReceiver, Receiver, ReturnWay};
use crate::event::{FeePaid, PostOutcome};

pub fn fee_paid(paid: &FeePaid) -> String {
    match paid {
        FeePaid::Cash => "bằng tiền mặt".to_owned(),
        FeePaid::Transfer { transaction } => {
            format!("bằng chuyển khoản, ngân hàng ghi số giao dịch {transaction}")
        }
    }
}

pub fn receiver(who: &Receiver) -> String {
    match who {
        Receiver::Applicant => "chủ hồ sơ nhận".to_owned(),
        Receiver::Authorised { name, authorisation } => format!("{name} nhận thay theo {authorisation}"),
        Receiver::Post { tracking } => format!("số hiệu {tracking}"),
    }
}

/// That the applicant chose it, as the timeline says it.
pub fn return_chosen(return_way: &ReturnWay) -> String {
    format!("ghi người nộp nhận kết quả {}", wanted(return_way))
}

/// How the applicant wants the result, as a sentence goes on with it.
pub fn wanted(return_way: &ReturnWay) -> String {
    let way = hand_over_way(return_way.way());
    match return_way {
        ReturnWay::Post { address } => format!("{way}, đến {address}"),
        ReturnWay::Counter | ReturnWay::Electronic => way.to_owned(),
    }
}

/// Where he registered to get it, as the receipt says it; `counter` is the unit that took his papers.
pub fn registered_at(return_way: &ReturnWay, counter: &str) -> String {
    match return_way {
        ReturnWay::Counter => counter.to_owned(),
        ReturnWay::Post { address } => format!("{address} (gửi qua bưu chính)"),
        ReturnWay::Electronic => "Kho dữ liệu điện tử của người nộp (bản điện tử)".to_owned(),
    }
}

pub fn post_outcome(outcome: PostOutcome) -> &'static str {
    match outcome {
        PostOutcome::Delivered => "bưu chính đã phát kết quả",
        PostOutcome::CameBack => "bưu chính chuyển hoàn kết quả, giấy đã về cơ quan",
    }
}

/// What was wrong with what whoever stands at the counter said of himself, and what to do.
pub fn not_the_receiver(why: NotTheReceiver) -> &'static str {
    match why {
        NotTheReceiver::NumberMissing => "Xem giấy tờ tùy thân của người nhận rồi ghi số",
        NotTheReceiver::NumberWrong => {
            "Số giấy tờ tùy thân gồm 6 đến 20 chữ số hoặc chữ cái, ví dụ 038191000001"
        }
        NotTheReceiver::NotAuthorised => {
            "Người này không phải chủ hồ sơ. Có giấy ủy quyền thì ghi giấy đó; không có thì chưa trả kết quả"
        }
        NotTheReceiver::NameMissing => "Ghi họ tên người nhận thay",
        NotTheReceiver::TooLong => "Họ tên và giấy ủy quyền dài nhất 200 chữ. Rút ngắn lại",
    }
}

pub fn account_fault(fault: AccountFault) -> &'static str {
    match fault {
        AccountFault::Bank => {
            "Ghi tên ngân hàng hoặc kho bạc, chỉ gồm chữ, số và dấu câu thường, dài nhất 100 chữ"
        }
        AccountFault::Bin => "Mã ngân hàng gồm đúng 6 chữ số",
        AccountFault::Number => "Số tài khoản gồm 1 đến 19 chữ số hoặc chữ cái không dấu",
        AccountFault::Holder => {
            "Ghi tên chủ tài khoản đúng như ngân hàng ghi, chỉ gồm chữ, số và dấu câu thường, dài nhất 100 chữ"
        }
    }
}
