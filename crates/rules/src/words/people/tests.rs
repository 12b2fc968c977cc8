//! Rights are explained both ways, and every fault says what to do.

use super::{Directory, Told, delegation_kind, fault, means, reason, right, sensitivity, way_out, who_could};
use crate::id::{AgencyId, OfficerId};
use crate::people::delegation::{Delegation, DelegationKind, Lent};
use crate::people::explain::explain_view;
use crate::people::second_factor::Means;
use crate::people::{Actor, AgencyScope, NotYours, PeopleFault, Post, Role, Sensitivity};
use crate::sample::{BINH, COMMITTEE, COUNTER, HOA, delegation, intake, procedure};
use crate::words::tests::{all_differ, is_said};
use jiff::civil::date;

struct Fixed;

impl Directory for Fixed {
    fn officer(&self, id: OfficerId) -> String {
        if id == HOA { "bà Trần Thị Hoa".to_owned() } else { "ông Lê Bình".to_owned() }
    }

    fn agency(&self, id: AgencyId) -> String {
        if id == COUNTER { "Bộ phận Một cửa xã An Cựu" } else { "UBND xã An Cựu" }.to_owned()
    }
}

fn actor(posts: Vec<Post>, lent: Vec<Lent>) -> Actor {
    Actor::Officer { id: BINH, name: "Lê Bình".to_owned(), agency: COUNTER, posts, lent }
}

#[test]
fn who_sees_a_dossier_is_told_why() {
    let dossier = intake(&procedure());
    let holding = AgencyScope { holding: COMMITTEE, ..dossier.scope };
    let dossier = crate::dossier::Dossier { scope: holding, ..dossier };
    let authorised = Delegation { kind: DelegationKind::Authorisation, role: Role::Leader, ..delegation() };
    let officer = actor(
        vec![
            Post::new(COUNTER, Role::Counter),
            Post { procedures: Some(vec![dossier.procedure.clone()]), ..Post::new(COMMITTEE, Role::Head) },
            Post::new(COUNTER, Role::Admin),
        ],
        vec![
            Lent { delegation: delegation(), post: Post::new(COUNTER, Role::Counter) },
            Lent { delegation: authorised, post: Post::new(COMMITTEE, Role::Leader) },
        ],
    );
    let said: Vec<String> =
        explain_view(&officer, &dossier).iter().map(|found| reason(found, Told::OfHimself, &Fixed)).collect();
    for sentence in &said {
        is_said(sentence);
    }
    insta::assert_snapshot!(said.join("\n"), @r"
    Bạn xem được vì hồ sơ được tiếp nhận tại Bộ phận Một cửa xã An Cựu, nơi bạn là công chức tiếp nhận
    Bạn xem được vì hồ sơ do UBND xã An Cựu giải quyết, nơi bạn là lãnh đạo phòng, chỉ với thủ tục 9.000001
    Bạn xem được vì hồ sơ được tiếp nhận tại Bộ phận Một cửa xã An Cựu, nơi bà Trần Thị Hoa là công chức tiếp nhận và cử bạn làm thay từ 09/11/2026 đến hết 13/11/2026 (12/QĐ-UBND ngày 05/11/2026)
    Bạn xem được vì hồ sơ do UBND xã An Cựu giải quyết, nơi bà Trần Thị Hoa là lãnh đạo ký và ủy quyền cho bạn từ 09/11/2026 đến hết 13/11/2026 (12/QĐ-UBND ngày 05/11/2026)
    ");
    assert!(explain_view(&actor(vec![Post::new(COUNTER, Role::Admin)], Vec::new()), &dossier).is_empty());
}

#[test]
fn another_is_told_of_as_another() {
    let dossier = intake(&procedure());
    let officer =
        actor(Vec::new(), vec![Lent { delegation: delegation(), post: Post::new(COUNTER, Role::Counter) }]);
    let said = reason(&explain_view(&officer, &dossier)[0], Told::OfAnother, &Fixed);
    assert!(said.starts_with("Người này xem được vì") && said.contains("cử người này làm thay"), "{said}");
}

#[test]
fn a_post_is_told_as_the_right_it_is() {
    let limited = Post {
        procedures: Some(vec!["1.004873".parse().expect("a code")]),
        ceiling: Sensitivity::Secret,
        ..Post::new(COMMITTEE, Role::Head)
    };
    let said = [
        right(&limited, None, &Fixed),
        right(&Post::new(COUNTER, Role::Counter), Some(&delegation()), &Fixed),
        right(&Post::new(COUNTER, Role::CentreHead), None, &Fixed),
        right(&Post::new(COMMITTEE, Role::CentreHead), None, &Fixed),
        right(&Post::new(COMMITTEE, Role::Admin), None, &Fixed),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    Phân công, chuyển người và xem xét hồ sơ tại UBND xã An Cựu; xem hồ sơ nơi đó tiếp nhận, giải quyết hoặc đang giữ, cả giấy tờ mật, chỉ với thủ tục 1.004873
    Tiếp nhận, số hóa và trả kết quả tại quầy của Bộ phận Một cửa xã An Cựu; xem hồ sơ nơi đó tiếp nhận, giải quyết hoặc đang giữ (làm thay khi vắng mặt, của bà Trần Thị Hoa, từ 09/11/2026 đến hết 13/11/2026, 12/QĐ-UBND ngày 05/11/2026)
    Đứng đầu Bộ phận Một cửa xã An Cựu; xem hồ sơ nơi đó tiếp nhận
    Đứng đầu Bộ phận Một cửa của UBND xã An Cựu; xem hồ sơ nơi đó tiếp nhận
    Quản trị tài khoản, vai, lịch và hàng chờ của UBND xã An Cựu và các đơn vị bên dưới; không mở hồ sơ nào
    ");
    for role in Role::ALL {
        is_said(&right(&Post::new(COMMITTEE, role), None, &Fixed));
    }
}

#[test]
fn who_may_not_is_told_whom_to_ask_and_a_stranger_nothing() {
    let holders = ["Đặng Thu Hà".to_owned(), "Bàn Văn Lẩy".to_owned()];
    let said = [
        who_could(Role::Clerk, "UBND xã An Cựu", &holders),
        who_could(Role::Clerk, "UBND xã An Cựu", &[]),
        who_could(Role::Auditor, "Sở Nội vụ", &holders),
        way_out(&NotYours::HeldBy(HOA), "UBND xã An Cựu", &holders, &Fixed).expect("a way"),
    ];
    all_differ(said.clone());
    insta::assert_snapshot!(said.join("\n"), @r"
    Việc này cần vai “Văn thư” tại UBND xã An Cựu; xin quyền từ: Đặng Thu Hà, Bàn Văn Lẩy
    Việc này cần vai “Văn thư” tại UBND xã An Cựu, chưa có ai giữ vai này. Quản trị hệ thống giao vai
    Việc này cần vai “Kiểm soát thủ tục hành chính” tại Sở Nội vụ, vai này không giao lại được. Người đang giữ: Đặng Thu Hà, Bàn Văn Lẩy
    Người khác đang thụ lý hồ sơ này. Bạn xem được, chưa sửa được. Người đang giữ: bà Trần Thị Hoa; xin chuyển hồ sơ từ người này hoặc lãnh đạo phòng
    ");
    let asked = way_out(&NotYours::NeedsRole(Role::Clerk), "UBND xã An Cựu", &holders, &Fixed);
    assert_eq!(asked.as_ref(), Some(&said[0]));
    assert_eq!(way_out(&NotYours::OutOfScope, "UBND xã An Cựu", &holders, &Fixed), None);
}

#[test]
fn every_fault_is_said() {
    let day = date(2026, 11, 21);
    let codes = || vec!["H56.15.3-261118-0012".to_owned()];
    all_differ(
        [
            PeopleFault::ToHimself,
            PeopleFault::NeverLent(Role::Admin),
            PeopleFault::NotHisPost(Role::Leader),
            PeopleFault::DatesReversed,
            PeopleFault::Past(day),
            PeopleFault::ProceduresNotNamed,
            PeopleFault::DecisionMissing,
            PeopleFault::ReasonMissing,
            PeopleFault::Inactive,
            PeopleFault::AlsoAway(day),
            PeopleFault::AwayAlready(day),
            PeopleFault::NobodyTakesOver { held: 0, codes: Vec::new() },
            PeopleFault::NobodyTakesOver { held: 1, codes: codes() },
            PeopleFault::NotMoved(codes()),
            PeopleFault::NotInHand,
            PeopleFault::CannotTake(codes().remove(0)),
            PeopleFault::SamePerson,
            PeopleFault::GainsHimself,
            PeopleFault::Lapsed(day),
            PeopleFault::Settled,
            PeopleFault::HasIt(Role::Head),
            PeopleFault::HasNot(Role::Head),
            PeopleFault::LoginUnusable("Mây".into()),
            PeopleFault::LoginTaken("quay.yenbinh".into()),
            PeopleFault::NameMissing,
            PeopleFault::NoSuchAgency,
            PeopleFault::OutsideReach,
            PeopleFault::LocksHimself,
            PeopleFault::AlreadySo,
            PeopleFault::HasAdministrators,
            PeopleFault::PasswordWrong,
            PeopleFault::PasswordUnchanged,
            PeopleFault::PasswordShort(12),
            PeopleFault::PasswordLong(200),
            PeopleFault::PasswordPlain,
            PeopleFault::PasswordTypedApart,
            PeopleFault::CodeUnreadable,
            PeopleFault::CodeWrong,
            PeopleFault::SecondFactorNotBegun,
            PeopleFault::SecondFactorIsOn,
            PeopleFault::SecondFactorIsOff,
            PeopleFault::OwesPasskey,
            PeopleFault::PasskeyNameMissing,
            PeopleFault::PasskeyNameLong(60),
            PeopleFault::PasskeyUnusable,
            PeopleFault::NoPlaceForPasskeys,
            PeopleFault::NoIdentityServer,
            PeopleFault::IdentityMissing,
            PeopleFault::IdentityLong(255),
            PeopleFault::IdentityTaken,
            PeopleFault::HasIdentity,
            PeopleFault::HasNoIdentity,
        ]
        .iter()
        .map(fault),
    );
    all_differ([DelegationKind::Substitution, DelegationKind::Authorisation].map(delegation_kind));
    all_differ([Sensitivity::Personal, Sensitivity::Secret].map(sensitivity));
    all_differ(
        [
            Means::Password,
            Means::AppCode,
            Means::RecoveryCode,
            Means::Passkey,
            Means::Identity,
            Means::IdentityStrong,
            Means::IdentityAppCode,
            Means::IdentityRecoveryCode,
        ]
        .map(means),
    );
}
