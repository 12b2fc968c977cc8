//! Mail to officers in words.

use super::date;
use crate::mail::{Counts, MOST_TRIES, MailFault};
use jiff::civil::Date;

/// The field a fault belongs to, and the sentence.
pub fn fault(fault: MailFault) -> (&'static str, String) {
    match fault {
        MailFault::AddressMissing => ("dia-chi", "Ghi địa chỉ thư điện tử".to_owned()),
        MailFault::AddressUnusable => {
            ("dia-chi", "Địa chỉ thư chưa đúng. Ghi một địa chỉ, ví dụ ten@coquan.gov.vn".to_owned())
        }
        MailFault::NoServer => {
            ("", "Hệ thống chưa có máy chủ thư nên chưa gửi được. Báo quản trị hệ thống".to_owned())
        }
        MailFault::TooSoon => ("dia-chi", "Vừa gửi một mã. Chờ một phút rồi làm lại".to_owned()),
        MailFault::CodeWrong => ("ma", "Mã chưa đúng. Xem lại thư mới nhất rồi gõ lại".to_owned()),
        MailFault::CodeOld => ("ma", "Mã đã quá 30 phút. Xin mã khác".to_owned()),
        MailFault::TooManyTries => ("ma", format!("Đã gõ sai {MOST_TRIES} lần. Xin mã khác")),
        MailFault::NothingToConfirm => ("ma", "Chưa có mã nào được gửi. Ghi địa chỉ để nhận mã".to_owned()),
        MailFault::NotConfirmed => (
            "",
            "Địa chỉ thư của bạn chưa được xác nhận. Gõ mã đã gửi tới địa chỉ đó ở trang Thư nhắc việc"
                .to_owned(),
        ),
    }
}

/// The subject of a digest.
pub fn digest_subject(counts: Counts, day: Date) -> String {
    let Counts { n_overdue, n_today, n_soon, n_mine } = counts;
    let parts: Vec<String> = [(n_overdue, "quá hạn"), (n_today, "hạn hôm nay"), (n_soon, "sắp đến hạn")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, words)| format!("{n} {words}"))
        .collect();
    let told = if parts.is_empty() { format!("{n_mine} hồ sơ chờ bạn") } else { parts.join(", ") };
    format!("Việc ngày {}: {told}", date(day))
}

#[cfg(test)]
mod tests {
    use super::digest_subject;
    use crate::mail::Counts;
    use jiff::civil::date;

    #[test]
    fn the_subject_says_what_is_pressing() {
        let day = date(2026, 11, 23);
        let counts = Counts { n_overdue: 2, n_today: 0, n_soon: 3, n_mine: 9 };
        assert_eq!(digest_subject(counts, day), "Việc ngày 23/11/2026: 2 quá hạn, 3 sắp đến hạn");
        let counts = Counts { n_mine: 4, ..Counts::default() };
        assert_eq!(digest_subject(counts, day), "Việc ngày 23/11/2026: 4 hồ sơ chờ bạn");
    }
}
