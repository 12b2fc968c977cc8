//! People and their rights in Vietnamese: why somebody may, whom to ask where he may not, what was wrong.

use super::{date, lower_first, not_yours, role};
use crate::code::ProcedureCode;
use crate::id::{AgencyId, OfficerId};
use crate::people::delegation::{Delegation, DelegationKind};
use crate::people::explain::Reason;
use crate::people::second_factor::Means;
use crate::people::{NotYours, PeopleFault, Post, Reach, Relation, Role, Sensitivity};
use jiff::civil::Date;

/// How ids are named where rights are explained.
pub trait Directory {
    fn officer(&self, id: OfficerId) -> String;
    fn agency(&self, id: AgencyId) -> String;
}

pub fn sensitivity(sensitivity: Sensitivity) -> &'static str {
    match sensitivity {
        Sensitivity::Personal => "Giấy tờ cá nhân",
        Sensitivity::Secret => "Giấy tờ mật",
    }
}

pub fn delegation_kind(kind: DelegationKind) -> &'static str {
    match kind {
        DelegationKind::Substitution => "Làm thay khi vắng mặt",
        DelegationKind::Authorisation => "Ủy quyền",
    }
}

/// Of whom a right is told: of the reader himself, or of somebody else to him.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    OfHimself,
    OfAnother,
}

impl Told {
    fn who(self) -> &'static str {
        match self {
            Self::OfHimself => "bạn",
            Self::OfAnother => "người này",
        }
    }

    fn sees(self) -> &'static str {
        match self {
            Self::OfHimself => "Bạn xem được",
            Self::OfAnother => "Người này xem được",
        }
    }
}

/// `Bạn xem được vì hồ sơ được tiếp nhận tại UBND xã A, nơi bạn là công chức tiếp nhận`
pub fn reason(reason: &Reason, told: Told, names: &impl Directory) -> String {
    let you = told.who();
    let agency = names.agency(reason.post.agency);
    let relation = match reason.relation {
        Relation::Receives => format!("được tiếp nhận tại {agency}"),
        Relation::Settles => format!("do {agency} giải quyết"),
        Relation::Holds => format!("đang ở {agency}"),
    };
    let held = lower_first(role(reason.post.role));
    let who = match &reason.through {
        None => format!("nơi {you} là {held}"),
        Some(through) => {
            let from = names.officer(through.from);
            let how = match through.kind {
                DelegationKind::Substitution => format!("cử {you} làm thay"),
                DelegationKind::Authorisation => format!("ủy quyền cho {you}"),
            };
            format!("nơi {from} là {held} và {how} {} ({})", days(through), through.decision)
        }
    };
    let limit = reason.post.procedures.as_deref().map_or_else(String::new, only);
    format!("{} vì hồ sơ {relation}, {who}{limit}", told.sees())
}

/// What a role works at, before the name of its agency.
fn work(role: Role) -> &'static str {
    match role {
        Role::Counter => "Tiếp nhận, số hóa và trả kết quả tại quầy của",
        Role::Specialist => "Thẩm định hồ sơ ở bước của chuyên viên tại",
        Role::Head => "Phân công, chuyển người và xem xét hồ sơ tại",
        Role::Leader => "Ký kết quả và quyết định tại",
        Role::Clerk => "Cấp số, đóng dấu và phát hành tại",
        Role::Admin => "Quản trị tài khoản, vai, lịch và hàng chờ của",
        Role::Auditor => "Đọc để kiểm soát thủ tục hành chính tại",
        Role::Gateway => "Gửi và nhận hồ sơ bằng kết nối với",
        Role::CentreHead => "Đứng đầu",
        Role::PostOffice => "Nhận và trả hồ sơ qua bưu chính cho",
    }
}

/// What a head of a one-stop unit heads, before the name of the agency: nothing where that is the unit itself.
fn centre_of(agency: &str) -> &'static str {
    let is_centre = ["Bộ phận", "Trung tâm"].iter().any(|begins| agency.starts_with(begins));
    if is_centre { "" } else { "Bộ phận Một cửa của " }
}

/// A post as the right it is: `Tiếp nhận, số hóa và trả kết quả tại quầy của UBND xã A; xem hồ sơ …`
pub fn right(post: &Post, through: Option<&Delegation>, names: &impl Directory) -> String {
    let sees = match post.role.reach() {
        Reach::Nothing => "và các đơn vị bên dưới; không mở hồ sơ nào",
        Reach::Received => "; xem hồ sơ nơi đó tiếp nhận",
        Reach::Concerned => "; xem hồ sơ nơi đó tiếp nhận, giải quyết hoặc đang giữ",
    };
    let gap = if sees.starts_with(';') { "" } else { " " };
    let limit = post.procedures.as_deref().map_or_else(String::new, only);
    let secret = match post.ceiling {
        Sensitivity::Personal => "",
        Sensitivity::Secret => ", cả giấy tờ mật",
    };
    let lent = through.map_or_else(String::new, |through| {
        let how = lower_first(delegation_kind(through.kind));
        format!(" ({how}, của {}, {}, {})", names.officer(through.from), days(through), through.decision)
    });
    let agency = names.agency(post.agency);
    let of = if post.role == Role::CentreHead { centre_of(&agency) } else { "" };
    format!("{} {of}{agency}{gap}{sees}{secret}{limit}{lent}", work(post.role))
}

/// Whom to ask for a right: those who have it and may lend it, else whoever gives posts.
pub fn who_could(needed: Role, agency: &str, holders: &[String]) -> String {
    let needs = format!("Việc này cần vai “{}” tại {agency}", role(needed));
    if holders.is_empty() {
        return format!("{needs}, chưa có ai giữ vai này. Quản trị hệ thống giao vai");
    }
    if needed.may_be_lent() {
        format!("{needs}; xin quyền từ: {}", holders.join(", "))
    } else {
        format!("{needs}, vai này không giao lại được. Người đang giữ: {}", holders.join(", "))
    }
}

/// A refusal with the way out of it. Nothing for what does not exist for the actor.
pub fn way_out(why: &NotYours, agency: &str, holders: &[String], names: &impl Directory) -> Option<String> {
    match why {
        NotYours::OutOfScope => None,
        NotYours::NeedsRole(needed) => Some(who_could(*needed, agency, holders)),
        NotYours::HeldBy(holder) => Some(format!(
            "{}. Người đang giữ: {}; xin chuyển hồ sơ từ người này hoặc lãnh đạo phòng",
            not_yours(why),
            names.officer(*holder)
        )),
    }
}

/// By what somebody signed in, after `đăng nhập bằng`.
pub fn means(means: Means) -> &'static str {
    match means {
        Means::Password => "mật khẩu",
        Means::AppCode => "mật khẩu và mã xác thực",
        Means::RecoveryCode => "mật khẩu và mã dự phòng",
        Means::Passkey => "khóa truy cập",
        Means::Identity => "máy chủ định danh",
        Means::IdentityStrong => "máy chủ định danh, xác thực hai lớp ở đó",
        Means::IdentityAppCode => "máy chủ định danh và mã xác thực",
        Means::IdentityRecoveryCode => "máy chủ định danh và mã dự phòng",
    }
}

/// Why something about people was not done, and what to do.
pub fn fault(fault: &PeopleFault) -> String {
    match fault {
        PeopleFault::ToHimself => "Không giao quyền cho chính người đang giữ. Chọn người khác".to_owned(),
        PeopleFault::NeverLent(held) => {
            format!("Vai “{}” không giao lại cho người khác được", role(*held))
        }
        PeopleFault::NotHisPost(held) => format!(
            "Người giao không tự mình giữ vai “{}” tại cơ quan này trong đủ các ngày và thủ tục đã chọn. \
             Quyền nhận từ người khác không giao tiếp được",
            role(*held)
        ),
        PeopleFault::DatesReversed => "Ngày cuối phải từ ngày đầu trở đi".to_owned(),
        PeopleFault::Past(last) => format!("Ngày {} đã qua. Chọn ngày từ hôm nay trở đi", date(*last)),
        PeopleFault::ProceduresNotNamed => {
            "Ủy quyền phải nêu từng thủ tục được giải quyết. Chọn ít nhất một thủ tục".to_owned()
        }
        PeopleFault::DecisionMissing => "Ghi số và ngày của quyết định".to_owned(),
        PeopleFault::ReasonMissing => "Ghi lý do".to_owned(),
        PeopleFault::Inactive => "Tài khoản này đã khóa. Chọn người đang làm việc".to_owned(),
        PeopleFault::AlsoAway(last) => {
            format!("Người làm thay cũng nghỉ đến hết ngày {}. Chọn người khác", date(*last))
        }
        PeopleFault::AwayAlready(last) => {
            format!("Đã ghi nghỉ đến hết ngày {}. Kết thúc lần nghỉ đó trước", date(*last))
        }
        PeopleFault::NobodyTakesOver { held: 0, .. } => {
            "Cử người làm thay, hoặc quyết định đưa việc về hộp chung của cơ quan".to_owned()
        }
        PeopleFault::NobodyTakesOver { held, codes } => format!(
            "Còn {held} hồ sơ đang giữ: {}. Cử người làm thay, hoặc quyết định đưa hồ sơ về hộp chung \
             của cơ quan",
            codes.join(", ")
        ),
        PeopleFault::NotMoved(codes) => {
            format!("Chưa nói hồ sơ nào về đâu: {}. Chọn người nhận hoặc hộp chung", codes.join(", "))
        }
        PeopleFault::NotInHand => {
            "Có hồ sơ không còn trong tay người này. Mở lại danh sách rồi chọn lại".to_owned()
        }
        PeopleFault::CannotTake(code) => {
            format!("Người được chọn không làm được bước hiện tại của hồ sơ {code}. Chọn người khác")
        }
        PeopleFault::SamePerson => "Vai này cần hai người: người đề xuất không tự xác nhận".to_owned(),
        PeopleFault::GainsHimself => {
            "Người được nhận quyền, hoặc người giao quyền, không tự xác nhận".to_owned()
        }
        PeopleFault::Lapsed(last) => {
            format!("Đề xuất hết hạn xác nhận từ sau ngày {}. Đề xuất lại", date(*last))
        }
        PeopleFault::Settled => "Việc này đã xong từ trước, không phải làm nữa".to_owned(),
        PeopleFault::HasIt(held) => {
            format!("Người này đã giữ vai “{}” tại cơ quan này trong các ngày đó", role(*held))
        }
        PeopleFault::HasNot(held) => {
            format!("Người này không giữ vai “{}” tại cơ quan này", role(*held))
        }
        PeopleFault::LoginUnusable(login) => format!(
            "Tên đăng nhập “{login}” không dùng được. Dùng 2 đến 60 chữ thường không dấu, chữ số, dấu chấm, gạch nối"
        ),
        PeopleFault::LoginTaken(login) => {
            format!("Tên đăng nhập “{login}” đã có người dùng. Chọn tên khác")
        }
        PeopleFault::NameMissing => "Ghi họ tên cán bộ".to_owned(),
        PeopleFault::NoSuchAgency => "Cơ quan này không còn hoạt động. Chọn cơ quan hiện có".to_owned(),
        PeopleFault::OutsideReach => "Cơ quan này ngoài phạm vi bạn quản trị. Nhờ quản trị của cơ quan đó, \
             hoặc của cấp trên chung, làm việc này"
            .to_owned(),
        PeopleFault::LocksHimself => "Không tự khóa tài khoản của mình. Nhờ quản trị khác".to_owned(),
        PeopleFault::AlreadySo => "Tài khoản đã ở tình trạng này, không phải làm nữa".to_owned(),
        PeopleFault::HasAdministrators => {
            "Hệ thống đã có cán bộ. Thêm người mới bằng tài khoản của một quản trị".to_owned()
        }
        PeopleFault::PasswordWrong => "Mật khẩu đang dùng chưa đúng. Gõ lại".to_owned(),
        PeopleFault::PasswordUnchanged => {
            "Mật khẩu mới giống mật khẩu đang dùng. Chọn mật khẩu khác".to_owned()
        }
        PeopleFault::PasswordShort(least) => {
            format!("Mật khẩu mới cần ít nhất {least} ký tự. Vài từ không liên quan nhau là dễ nhớ nhất")
        }
        PeopleFault::PasswordLong(most) => format!("Mật khẩu mới dài quá {most} ký tự. Rút ngắn lại"),
        PeopleFault::PasswordPlain => {
            "Mật khẩu mới dễ đoán: lặp ký tự hoặc chứa tên đăng nhập. Chọn mật khẩu khác".to_owned()
        }
        PeopleFault::PasswordTypedApart => "Hai lần gõ mật khẩu mới không giống nhau. Gõ lại".to_owned(),
        PeopleFault::CodeUnreadable => {
            "Mã xác thực có 6 chữ số; mã dự phòng có 16 chữ và số. Gõ lại".to_owned()
        }
        PeopleFault::CodeWrong => {
            "Mã này không đúng hoặc đã dùng rồi. Chờ ứng dụng đổi sang mã mới rồi gõ mã mới".to_owned()
        }
        PeopleFault::SecondFactorNotBegun => {
            "Chưa có khóa nào đang chờ mã. Bấm “Bật xác thực hai lớp” rồi làm lại".to_owned()
        }
        PeopleFault::SecondFactorIsOn => "Xác thực hai lớp đang bật rồi".to_owned(),
        PeopleFault::SecondFactorIsOff => "Xác thực hai lớp đang tắt".to_owned(),
        PeopleFault::OwesPasskey => {
            "Bạn đã có khóa truy cập. Đăng xuất, đăng nhập lại bằng khóa đó rồi làm tiếp".to_owned()
        }
        PeopleFault::PasskeyNameMissing => "Đặt tên cho khóa truy cập, ví dụ “Điện thoại của tôi”".to_owned(),
        PeopleFault::PasskeyNameLong(most) => {
            format!("Tên khóa truy cập dài quá {most} ký tự. Rút ngắn lại")
        }
        PeopleFault::PasskeyUnusable => {
            "Khóa truy cập chưa dùng được, hoặc đã quá 5 phút. Làm lại từ đầu".to_owned()
        }
        PeopleFault::NoPlaceForPasskeys => {
            "Khóa truy cập cần địa chỉ có tên miền và HTTPS. Quản trị hệ thống \
             đặt địa chỉ đó trong cấu hình"
                .to_owned()
        }
        PeopleFault::NoIdentityServer => "Hệ thống này không dùng máy chủ định danh".to_owned(),
        PeopleFault::IdentityMissing => "Ghi mã của người này ở máy chủ định danh".to_owned(),
        PeopleFault::IdentityLong(most) => format!("Mã ở máy chủ định danh dài quá {most} ký tự"),
        PeopleFault::IdentityTaken => {
            "Danh tính này đã gắn với tài khoản của một cán bộ khác. Gỡ ở tài khoản kia trước".to_owned()
        }
        PeopleFault::HasIdentity => "Tài khoản đã gắn với một danh tính. Gỡ danh tính đó trước".to_owned(),
        PeopleFault::HasNoIdentity => "Tài khoản chưa gắn với danh tính nào".to_owned(),
    }
}

/// `từ 01/11/2026 đến hết 15/11/2026`
pub fn days(delegation: &Delegation) -> String {
    span(delegation.valid_from, delegation.valid_to)
}

pub fn span(first: Date, last: Date) -> String {
    format!("từ {} đến hết {}", date(first), date(last))
}

/// The limit of a post to some procedures: `, chỉ với thủ tục 1.004873`.
pub fn only(procedures: &[ProcedureCode]) -> String {
    let codes: Vec<&str> = procedures.iter().map(ProcedureCode::as_str).collect();
    format!(", chỉ với thủ tục {}", codes.join(", "))
}

#[cfg(test)]
mod tests;
