//! A round of signatures, said to its signer.

use super::date;
use crate::signing::round::{CertificateState, Doubt, MOST_PAPERS, RoundRefused};

/// Why a paper is not signed among many.
pub fn doubt(doubt: Doubt) -> String {
    match doubt {
        Doubt::NoKey => "Chưa có chứng thư số để ký".to_owned(),
        Doubt::CertificateNotYet(day) => format!("Chứng thư số có hiệu lực từ {}", date(day)),
        Doubt::CertificateExpired(day) => format!("Chứng thư số hết hạn {}", date(day)),
        Doubt::KeyEnded(day) => format!("Chứng thư số ngừng dùng từ {}", date(day)),
        Doubt::Ways => "Có nhiều hướng chuyển tiếp, phải chọn".to_owned(),
        Doubt::Refuses => "Kết quả là không chấp thuận".to_owned(),
        Doubt::Corrects => "Thay kết quả đã cấp có sai sót".to_owned(),
        Doubt::Disagreement => "Có cơ quan được hỏi không đồng ý".to_owned(),
        Doubt::SentBack(times) => format!("Đã bị trả lại {times} lần"),
        Doubt::PapersOpen(papers) => format!("{papers} giấy chưa số hóa xong"),
        Doubt::OwnDraft => "Chính bạn soạn dự thảo này".to_owned(),
        Doubt::Unread => "Bạn chưa mở xem bản này".to_owned(),
    }
}

/// Why a certificate signs nothing now, and what to do.
pub fn certificate(state: CertificateState) -> String {
    match state {
        CertificateState::Missing => {
            "Chưa có chứng thư số để ký. Quản trị hệ thống gắn chứng thư rồi làm lại".to_owned()
        }
        CertificateState::NotYet(day) => {
            format!("Chứng thư số có hiệu lực từ {}. Đến ngày đó mới ký được", date(day))
        }
        CertificateState::Expired(day) => format!(
            "Chứng thư số đã hết hạn ngày {}, văn bản chưa ký. Gia hạn, nhờ quản trị gắn chứng thư mới rồi ký lại",
            date(day)
        ),
        CertificateState::Ended(day) => format!(
            "Chứng thư số đã ngừng dùng từ {}, văn bản chưa ký. Nhờ quản trị gắn chứng thư mới rồi ký lại",
            date(day)
        ),
        CertificateState::Valid => "Chứng thư số còn hiệu lực".to_owned(),
    }
}

/// Why a round did not begin.
pub fn round_refused(refused: RoundRefused) -> String {
    match refused {
        RoundRefused::Empty => "Chọn ít nhất một văn bản".to_owned(),
        RoundRefused::TooMany(n) => {
            format!(
                "Một đợt có nhiều nhất {MOST_PAPERS} văn bản. Bạn đang chọn {n}, bỏ bớt {}",
                n - MOST_PAPERS
            )
        }
    }
}
