//! Opening a dossier in an emergency, in words: to the officer, to who reviews it, and to the person whose
//! papers they are.

use super::{lower_first, moment};
use crate::people::glass::{GlassFault, GlassVerdict, MOST_LETTERS_OF_REASON, MOST_LETTERS_OF_WORDS};
use jiff::Timestamp;

pub fn verdict(verdict: GlassVerdict) -> &'static str {
    match verdict {
        GlassVerdict::Fitting => "Đúng mục đích",
        GlassVerdict::Unfitting => "Không đúng mục đích",
    }
}

/// What the papers are looked at for, as their owner is told it.
pub fn purpose(code: &str, reason: &str) -> String {
    format!("mở khẩn cấp hồ sơ {code}, lý do: {reason}")
}

/// That somebody opened a dossier, in its timeline.
pub fn broken(reason: &str, until: Timestamp) -> String {
    format!("mở khẩn cấp hồ sơ để đọc đến {}, lý do: {reason}", moment(until))
}

/// What was said of an opening of `officer`, in the same place.
pub fn reviewed(officer: &str, said: GlassVerdict, words: &str) -> String {
    let words = if words.is_empty() { String::new() } else { format!(": {words}") };
    format!("xem xét lần mở khẩn cấp của {officer}, {}{words}", lower_first(verdict(said)))
}

/// Why the reader sees the dossier.
pub fn why(until: Timestamp, agency: &str) -> String {
    format!(
        "Bạn đọc được vì đã mở khẩn cấp hồ sơ này, đến {}. Chủ hồ sơ thấy việc này trong nhật ký xem giấy tờ \
         của mình; lãnh đạo {agency} sẽ xem xét",
        moment(until)
    )
}

/// Why it was not done, and what to do.
pub fn fault(fault: GlassFault) -> String {
    match fault {
        GlassFault::CodeMissing => "Nhập mã hồ sơ".to_owned(),
        GlassFault::ReasonShort => {
            "Ghi lý do thành một câu: chuyện gì xảy ra, vì sao phải xem ngay hồ sơ này".to_owned()
        }
        GlassFault::ReasonLong => format!("Lý do dài quá {MOST_LETTERS_OF_REASON} chữ cái. Rút ngắn lại"),
        GlassFault::NothingToOpen => {
            "Không có hồ sơ nào mở khẩn cấp được với mã này. Chưa có gì được mở. Xem lại từng ký tự của mã; \
             nếu mã đúng, gọi cơ quan giải quyết hồ sơ"
                .to_owned()
        }
        GlassFault::SeenAlready(_) => {
            "Bạn đang xem được hồ sơ này, không cần mở khẩn cấp. Lần này không tính".to_owned()
        }
        GlassFault::TooMany(0) => {
            "Hệ thống này không cho mở khẩn cấp. Gọi cơ quan giải quyết hồ sơ để hỏi".to_owned()
        }
        GlassFault::TooMany(most) => format!(
            "Hôm nay bạn đã mở khẩn cấp đủ {most} hồ sơ. Chưa có gì được mở thêm. Gọi cơ quan giải quyết hồ sơ, \
             hoặc nhờ đồng nghiệp"
        ),
        GlassFault::VerdictMissing => "Chọn đúng hay không đúng mục đích".to_owned(),
        GlassFault::WordsMissing => "Ghi vì sao không đúng mục đích".to_owned(),
        GlassFault::WordsLong => format!("Nhận xét dài quá {MOST_LETTERS_OF_WORDS} chữ cái. Rút ngắn lại"),
        GlassFault::OwnOpening => {
            "Không ai tự xem xét lần mở khẩn cấp của mình. Nhờ lãnh đạo khác của cơ quan".to_owned()
        }
        GlassFault::ReviewedAlready => "Lần mở khẩn cấp này đã được xem xét".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{fault, purpose, verdict, why};
    use crate::people::glass::{GlassFault, GlassVerdict, MOST_LETTERS_OF_REASON};
    use crate::sample::{DOSSIER, at};
    use crate::words::tests::{all_differ, is_said};

    #[test]
    fn an_emergency_is_said() {
        use GlassFault::{
            CodeMissing, NothingToOpen, OwnOpening, ReasonLong, ReasonShort, ReviewedAlready, SeenAlready,
            TooMany, VerdictMissing, WordsLong, WordsMissing,
        };
        all_differ(GlassVerdict::ALL.map(verdict));
        let faults = [
            CodeMissing,
            ReasonShort,
            ReasonLong,
            NothingToOpen,
            SeenAlready(DOSSIER),
            TooMany(0),
            TooMany(5),
            VerdictMissing,
            WordsMissing,
            WordsLong,
            OwnOpening,
            ReviewedAlready,
        ];
        all_differ(faults.map(fault));
        is_said(&why(at("2026-11-23T12:00"), "UBND xã An Cựu"));
        let longest = purpose("H56.15.3-261118-0012", &"ắ".repeat(MOST_LETTERS_OF_REASON));
        is_said(&longest);
        assert!(longest.chars().count() <= 500, "it stands in the column of purposes");
    }
}
