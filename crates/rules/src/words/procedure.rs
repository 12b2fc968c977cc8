//! The words of a procedure's own enums: whom it names, what it waits for, what the clock does then.

use crate::procedure::{
    AgencyRule, ClockEffect, Custody, DigitisationClass, SystemOfRecord, Verdict, WaitExit, WaitKind,
};
use crate::unit::Level;

pub fn agency(rule: &AgencyRule) -> String {
    match rule {
        AgencyRule::Receiving => "cơ quan tiếp nhận".to_owned(),
        AgencyRule::Competent => "cơ quan giải quyết".to_owned(),
        AgencyRule::LevelAbove => "cấp trên của cơ quan giải quyết".to_owned(),
        AgencyRule::Named(code) => format!("cơ quan mã {}", code.as_str()),
        AgencyRule::OfLevel(level) => format!("cơ quan {} nơi có việc", self::level(*level)),
    }
}

pub fn level(level: Level) -> &'static str {
    match level {
        Level::Province => "cấp tỉnh",
        Level::District => "cấp huyện",
        Level::Commune => "cấp xã",
    }
}

pub fn wait(what: WaitKind) -> &'static str {
    match what {
        WaitKind::Supplement => "chờ bổ sung",
        WaitKind::Payment => "chờ nghĩa vụ tài chính",
        WaitKind::Halt => "dừng giải quyết",
    }
}

pub fn wait_exit(exit: WaitExit) -> &'static str {
    match exit {
        WaitExit::Close => "hết hạn thì đóng hồ sơ",
        WaitExit::Resume => "hết hạn thì làm tiếp",
    }
}

pub fn clock_effect(effect: ClockEffect) -> &'static str {
    match effect {
        ClockEffect::Restarts => "thời hạn dừng rồi tính lại từ đầu",
        ClockEffect::Pauses => "thời hạn dừng rồi tính tiếp",
        ClockEffect::Runs => "thời hạn vẫn chạy",
    }
}

pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Grants => "giải quyết",
        Verdict::Refuses => "từ chối giải quyết",
    }
}

/// Why a component is digitised, or is not.
pub fn digitisation(class: DigitisationClass) -> &'static str {
    match class {
        DigitisationClass::EarlierResult => "kết quả của thủ tục trước (nhóm a)",
        DigitisationClass::SectorLaw => "theo luật chuyên ngành (nhóm b)",
        DigitisationClass::Management => "theo danh mục quản lý (nhóm c)",
        DigitisationClass::OnDemand => "theo yêu cầu của người nộp (nhóm d)",
        DigitisationClass::AlreadyShared => "đã có trong cơ sở dữ liệu dùng chung",
        DigitisationClass::Secret => "giấy tờ mật, không số hóa",
        DigitisationClass::ByForm => "không số hóa theo hình thức",
    }
}

pub fn custody(custody: Custody) -> &'static str {
    match custody {
        Custody::Kept => "giữ trong hồ sơ",
        Custody::Returned => "trả lại ngay",
        Custody::ReturnedWithResult => "trả lại cùng kết quả",
    }
}

pub fn system(system: &SystemOfRecord) -> String {
    match system {
        SystemOfRecord::Own => "hệ thống này".to_owned(),
        SystemOfRecord::Ministry(name) => format!("hệ thống {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{agency, clock_effect, custody, digitisation, level, system, verdict, wait, wait_exit};
    use crate::procedure::{
        AgencyRule, ClockEffect, Custody, DigitisationClass, SystemOfRecord, Verdict, WaitExit, WaitKind,
    };
    use crate::unit::Level;
    use std::collections::BTreeSet;

    #[test]
    fn everything_is_said_and_no_two_alike() {
        let levels = [Level::Province, Level::District, Level::Commune];
        let agencies = [
            AgencyRule::Receiving,
            AgencyRule::Competent,
            AgencyRule::LevelAbove,
            AgencyRule::Named("H99.40".parse().expect("a code")),
        ];
        let mut said: Vec<String> = agencies.iter().map(agency).collect();
        said.extend(levels.map(|level| agency(&AgencyRule::OfLevel(level))));
        said.extend(levels.map(|of| level(of).to_owned()));
        said.extend(WaitKind::ALL.map(|what| wait(what).to_owned()));
        said.extend([WaitExit::Close, WaitExit::Resume].map(|exit| wait_exit(exit).to_owned()));
        said.extend(ClockEffect::ALL.map(|effect| clock_effect(effect).to_owned()));
        said.extend([Verdict::Grants, Verdict::Refuses].map(|of| verdict(of).to_owned()));
        said.extend(Custody::ALL.map(|of| custody(of).to_owned()));
        said.extend(DigitisationClass::ALL.map(|class| digitisation(class).to_owned()));
        said.extend(
            [SystemOfRecord::Own, SystemOfRecord::Ministry("Bộ Công an".to_owned())].iter().map(system),
        );
        let distinct: BTreeSet<&String> = said.iter().collect();
        assert_eq!(distinct.len(), said.len(), "{said:?}");
    }
}
