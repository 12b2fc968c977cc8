//! The events as whoever controls the office asks for and reads them.

use super::{date, lower_first};
use crate::event::trail::{Filter, Group, Telling};
use crate::words::sentence::Names;

pub fn group(group: Group) -> &'static str {
    match group {
        Group::Looking => "Xem, tra cứu giấy tờ",
        Group::Receiving => "Tiếp nhận hồ sơ, giấy tờ",
        Group::Digitising => "Số hóa",
        Group::Settling => "Giải quyết hồ sơ",
        Group::Results => "Ký, ban hành, trả kết quả",
        Group::Custody => "Bìa hồ sơ giấy",
        Group::SigningIn => "Đăng nhập, mật khẩu",
        Group::Rights => "Phân quyền, nghỉ, làm thay",
        Group::Setup => "Đơn vị, thủ tục, lịch, khóa",
        Group::Alarms => "Báo động",
    }
}

/// What is said in place of a sentence that is not told whole.
pub fn closed(telling: Telling, of: Option<Group>) -> String {
    let of = of.map_or_else(|| "việc khác".to_owned(), |of| lower_first(group(of)));
    match telling {
        Telling::Whole | Telling::NotPapers => format!("làm một việc về giấy tờ ({of})"),
        Telling::Secret => format!("làm một việc trong hồ sơ mật ({of})"),
    }
}

/// Which events were asked for, in the middle of a sentence; nothing for all of them.
pub(super) fn asked(filter: &Filter, names: &impl Names) -> String {
    let parts = [
        filter.dossier.map(|_| "của một hồ sơ".to_owned()),
        filter.person.map(|_| "về một người và giấy tờ của người ấy".to_owned()),
        filter.officer.map(|officer| format!("do {} làm", names.officer(officer))),
        filter.group.map(|of| format!("loại “{}”", group(of))),
        filter.from.map(|from| format!("từ ngày {}", date(from))),
        filter.to.map(|to| format!("đến hết ngày {}", date(to))),
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    if said.is_empty() { String::new() } else { format!(" {}", said.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::{closed, group};
    use crate::event::trail::{Group, Telling};

    #[test]
    fn what_is_not_told_says_only_what_kind_it_was() {
        let looked = Some(Group::Looking);
        assert_eq!(closed(Telling::Secret, looked), "làm một việc trong hồ sơ mật (xem, tra cứu giấy tờ)");
        assert_eq!(closed(Telling::NotPapers, None), "làm một việc về giấy tờ (việc khác)");
    }

    #[test]
    fn groups_have_names_of_their_own() {
        let names: std::collections::BTreeSet<&str> = Group::ALL.into_iter().map(group).collect();
        assert_eq!(names.len(), Group::ALL.len());
    }
}
