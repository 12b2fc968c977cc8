//! Quyết định công nhận thuận tình ly hôn, after the form of NQ 01/2017/NQ-HĐTP; two sides.

use super::super::dice::Dice;
use super::super::flow::{Flow, Para};
use super::super::marks;
use super::super::people::{Gender, Person, TWO_LEVELS, capital};
use super::super::words::{Date, dotted, number};
use super::{Facts, Fields, Paper, official};

pub(super) fn divorce(facts: &Facts, mut flow: Flow) -> Paper {
    let place = facts.owner.place;
    let on = facts.issued;
    // Regional courts took the place of district courts on the same day.
    let court = if on >= TWO_LEVELS {
        format!("Tòa án nhân dân khu vực {} - {}", flow.dice.between(1, 9), capital(place.province))
    } else {
        format!("Tòa án nhân dân {}", place.district)
    };
    let above = if on >= TWO_LEVELS { None } else { Some(place.province) };
    let number = format!("{}/{}/QĐST-HNGĐ", flow.dice.between(11, 240), on.year);
    let day = format!("{}, ngày {}", place.district.split_once(' ').map_or("", |(_, name)| name), on.long());
    super::official_head(&mut flow, above, &court, Some(&number), &day);
    flow.para(Para::CENTRE.size(15.0), "*QUYẾT ĐỊNH*");
    flow.para(Para::CENTRE, "*CÔNG NHẬN THUẬN TÌNH LY HÔN*");
    flow.para(Para::CENTRE.after(3.0), "*VÀ SỰ THỎA THUẬN CỦA CÁC ĐƯƠNG SỰ*");

    let (wife, husband) = if facts.owner.gender == Gender::Female {
        (&facts.owner, &facts.spouse)
    } else {
        (&facts.spouse, &facts.owner)
    };
    let judge = official(&mut flow.dice);
    let case = format!("{}/{}/TLST-HNGĐ", flow.dice.between(20, 400), on.year);
    let filed = Date {
        day: on.day.min(20),
        month: (on.month + 10) % 12 + 1,
        year: if on.month < 3 { on.year - 1 } else { on.year },
    };
    for text in grounds(&case, filed, on) {
        flow.para(Para::BODY, &text);
    }
    flow.para(Para::CENTRE.after(2.0), "*XÉT THẤY:*");
    flow.para(
        Para::BODY,
        "Việc thuận tình ly hôn và thỏa thuận của các đương sự được ghi trong biên bản hòa giải thành là hoàn \
         toàn tự nguyện và không vi phạm điều cấm của luật, không trái đạo đức xã hội.",
    );
    flow.para(
        Para::BODY,
        "Đã hết thời hạn bảy ngày, kể từ ngày lập biên bản ghi nhận sự tự nguyện ly hôn và hòa giải thành, không \
         có đương sự nào thay đổi ý kiến về sự thỏa thuận đó.",
    );
    flow.para(Para::CENTRE.after(2.0), "*QUYẾT ĐỊNH:*");
    flow.para(Para::BODY, "*1. Công nhận sự thuận tình ly hôn giữa:*");
    flow.para(Para::BODY, &party("Nguyên đơn", "Chị", wife, on));
    flow.para(Para::BODY, &party("Bị đơn", "Anh", husband, on));
    flow.para(Para::BODY, "*2. Công nhận sự thỏa thuận của các đương sự cụ thể như sau:*");
    for text in agreement(&mut flow.dice, wife, husband) {
        flow.para(Para::BODY, &text);
    }
    flow.para(
        Para::BODY.after(5.0),
        "*3.* Quyết định này có hiệu lực pháp luật ngay sau khi được ban hành và không bị kháng cáo, kháng nghị \
         theo thủ tục phúc thẩm.",
    );
    let left = [
        (Para::SMALL.size(12.0), "*_Nơi nhận:_*".to_owned()),
        (Para::SMALL, "- Các đương sự;".to_owned()),
        (Para::SMALL, "- Viện kiểm sát nhân dân cùng cấp;".to_owned()),
        (Para::SMALL, format!("- Ủy ban nhân dân {};", place.commune)),
        (Para::SMALL, "- Cơ quan thi hành án dân sự;".to_owned()),
        (Para::SMALL, "- Lưu hồ sơ vụ án.".to_owned()),
    ];
    let at = flow.foot(&left, &["*THẨM PHÁN*".to_owned()], &judge);
    marks::sign_and_seal(
        &mut flow,
        at,
        "Tòa án nhân dân",
        if on >= TWO_LEVELS { place.province } else { place.district },
    );
    let fields = Fields {
        paper_name: "Quyết định công nhận thuận tình ly hôn và sự thỏa thuận của các đương sự".to_owned(),
        owner_personal_id: Some(facts.owner.personal_id.clone()),
        owner_name: Some(facts.owner.name.clone()),
        number: Some(number),
        issued_on: Some(on.iso()),
        issuer: Some(court),
        r#abstract: Some(format!("Công nhận thuận tình ly hôn giữa {} và {}", wife.name, husband.name)),
        valid_from: Some(on.iso()),
        signatory: Some(judge),
        signatory_title: Some("Thẩm phán".to_owned()),
        ..Fields::default()
    };
    Paper { sheets: flow.sheets, fields }
}

fn grounds(case: &str, filed: Date, on: Date) -> [String; 4] {
    [
        "Căn cứ vào Điều 212 và Điều 213 của Bộ luật Tố tụng dân sự;".to_owned(),
        "Căn cứ vào các Điều 55, 57, 58, 81, 82 và 83 của Luật Hôn nhân và gia đình;".to_owned(),
        format!("Căn cứ vào hồ sơ vụ án dân sự thụ lý số {case} ngày {};", filed.long()),
        format!(
            "Căn cứ vào biên bản ghi nhận sự tự nguyện ly hôn và hòa giải thành lập ngày {} về việc các đương sự \
             tự nguyện thỏa thuận giải quyết toàn bộ vụ án.",
            Date { day: (on.day + 20) % 28 + 1, ..filed.months_later(1) }.long()
        ),
    ]
}

fn party(role: &str, title: &str, person: &Person, on: Date) -> String {
    format!(
        "_{role}:_ {title} *{}*, sinh ngày {}; số định danh cá nhân: {}; nơi cư trú: {}.",
        person.name,
        person.born.slashed(),
        person.personal_id,
        person.address(on)
    )
}

fn agreement(dice: &mut Dice, wife: &Person, husband: &Person) -> Vec<String> {
    let family = husband.name.split(' ').next().unwrap_or("Nguyễn");
    let born = Date::draw(dice, (2012, 2018));
    let support = u64::from(dice.between(3, 9)) * 500_000;
    let fee = 150_000;
    vec![
        format!("- Về quan hệ hôn nhân: Chị {} và anh {} thuận tình ly hôn.", wife.name, husband.name),
        format!(
            "- Về con chung: Giao cháu {family} Bảo Ngọc, sinh ngày {}, cho chị {} trực tiếp trông nom, chăm sóc, \
             nuôi dưỡng, giáo dục đến khi cháu đủ 18 tuổi. Anh {} có nghĩa vụ cấp dưỡng nuôi con mỗi tháng {} đồng \
             ({} đồng) và có quyền thăm nom con chung, không ai được cản trở.",
            born.slashed(),
            wife.name,
            husband.name,
            dotted(support),
            number(support)
        ),
        "- Về tài sản chung, nợ chung: Các đương sự tự thỏa thuận, không yêu cầu Tòa án giải quyết."
            .to_owned(),
        format!(
            "- Về án phí: Chị {} tự nguyện chịu {} đồng ({} đồng) án phí hôn nhân gia đình sơ thẩm, được trừ vào số \
             tiền tạm ứng án phí đã nộp tại Cơ quan thi hành án dân sự; hoàn trả chị {} số tiền còn lại.",
            wife.name,
            dotted(fee),
            number(fee),
            wife.name
        ),
    ]
}
