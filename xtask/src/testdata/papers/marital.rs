//! Giấy xác nhận tình trạng hôn nhân and the request for it, after the forms of TT 04/2020/TT-BTP.

use super::super::flow::{Align, Field, Fill, Flow, Para};
use super::super::marks;
use super::super::people::{Person, capital};
use super::super::words::Date;
use super::{Facts, Fields, NATION, Paper, chair, committee, official};

/// The certificate is good for six months from the day of issue.
// law: ND123-2015/23.1
const MONTHS_VALID: u32 = 6;

pub(super) fn certificate(facts: &Facts, mut flow: Flow) -> Paper {
    let owner = &facts.owner;
    let place = owner.place;
    let on = facts.issued;
    let number = format!("{}/UBND-XNTTHN", flow.dice.between(8, 540));
    let day = format!("{}, ngày {}", place.seat, on.long());
    super::official_head(&mut flow, Some(place.above(on)), &committee(place), Some(&number), &day);
    flow.skip(3.0);
    flow.para(Para::CENTRE.size(16.0).after(5.0), "*GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN*");
    let lines = [
        "Căn cứ Nghị định số 123/2015/NĐ-CP ngày 15 tháng 11 năm 2015 của Chính phủ quy định chi tiết một số \
         điều và biện pháp thi hành Luật Hộ tịch;"
            .to_owned(),
        format!(
            "Xét đề nghị của {} *{}*, về việc cấp Giấy xác nhận tình trạng hôn nhân,",
            owner.title(),
            owner.name
        ),
    ];
    for line in &lines {
        flow.para(Para::BODY, line);
    }
    flow.para(Para::CENTRE.after(2.0), "*XÁC NHẬN:*");
    let size = 14.0;
    flow.field(size, Fill::Typed, "Họ, chữ đệm, tên:", &owner.upper_name());
    flow.field(size, Fill::Typed, "Ngày, tháng, năm sinh:", &owner.born.slashed());
    flow.row(size, Fill::Typed, &person_row(owner));
    let card_day = Date { year: on.year - 3, ..on.months_later(5) };
    let identity = format!(
        "Căn cước công dân số {}, do Cục Cảnh sát quản lý hành chính về trật tự xã hội cấp ngày {}",
        owner.personal_id,
        card_day.slashed()
    );
    flow.field(size, Fill::Typed, "Giấy tờ tùy thân:", &identity);
    flow.field(size, Fill::Typed, "Nơi cư trú:", &capital(&owner.address(on)));
    let status = if flow.dice.chance(0.5) {
        "Hiện tại chưa đăng ký kết hôn với ai.".to_owned()
    } else {
        format!(
            "Có đăng ký kết hôn với {} {}, nhưng đã ly hôn theo Quyết định có hiệu lực của Tòa án nhân dân; \
             hiện tại chưa đăng ký kết hôn với ai.",
            facts.spouse.title(),
            facts.spouse.name
        )
    };
    flow.field(size, Fill::Typed, "Tình trạng hôn nhân:", &status);
    let until = on.months_later(MONTHS_VALID);
    let partner = official(&mut flow.dice);
    flow.para(
        Para::BODY.after(1.0),
        &format!("Giấy này được cấp để làm thủ tục đăng ký kết hôn với {} tại {}.", partner, place.full(on)),
    );
    flow.para(
        Para::BODY.after(6.0),
        &format!("Giấy này có giá trị sử dụng đến ngày {}, kể từ ngày cấp.", until.long()),
    );
    let signer = official(&mut flow.dice);
    let mut dice = flow.dice.clone();
    let (right, title) = chair(&mut dice, "Ủy ban nhân dân");
    flow.dice = dice;
    let left = [
        (Para::SMALL.size(12.0), "*_Nơi nhận:_*".to_owned()),
        (Para::SMALL, format!("- {} {};", capital(owner.title()), owner.name)),
        (Para::SMALL, "- Lưu: VT, TP-HT.".to_owned()),
    ];
    let at = flow.foot(&left, &right, &signer);
    marks::sign_and_seal(&mut flow, at, &committee(place), place.above(on));
    let fields = Fields {
        paper_name: "Giấy xác nhận tình trạng hôn nhân".to_owned(),
        owner_personal_id: Some(owner.personal_id.clone()),
        owner_name: Some(owner.name.clone()),
        number: Some(number),
        issued_on: Some(on.iso()),
        issuer: Some(committee(place)),
        r#abstract: Some(format!("Xác nhận tình trạng hôn nhân của {}", owner.name)),
        valid_from: Some(on.iso()),
        valid_to: Some(until.iso()),
        signatory: Some(signer),
        signatory_title: Some(title),
        ..Fields::default()
    };
    Paper { sheets: flow.sheets, fields }
}

fn person_row(owner: &Person) -> [Field<'static>; 3] {
    [
        Field { label: "Giới tính:", value: owner.gender.word(), share: 0.28 },
        Field { label: "Dân tộc:", value: owner.people, share: 0.32 },
        Field { label: "Quốc tịch:", value: "Việt Nam", share: 0.4 },
    ]
}

pub(super) fn request(facts: &Facts, mut flow: Flow) -> Paper {
    let owner = &facts.owner;
    let place = owner.place;
    let on = facts.issued;
    flow.head(&NATION);
    flow.skip(8.0);
    flow.para(Para::CENTRE.size(16.0).after(4.0), "*TỜ KHAI CẤP GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN*");
    flow.para(Para::CENTRE.after(4.0), &format!("Kính gửi: {}, {}", committee(place), place.above(on)));
    let size = 13.5;
    let pen = Fill::Pen;
    let card_day = Date { year: on.year - 4, ..on.months_later(2) };
    let id = format!("{} cấp ngày {}", owner.personal_id, card_day.slashed());
    flow.field(size, pen, "Họ, chữ đệm, tên người yêu cầu:", &owner.name);
    flow.field(size, pen, "Nơi cư trú:", &capital(&owner.address(on)));
    flow.field(size, pen, "Giấy tờ tùy thân: Thẻ căn cước công dân số", &id);
    flow.field(size, pen, "Quan hệ với người được cấp Giấy xác nhận tình trạng hôn nhân:", "Bản thân");
    flow.para(
        Para { first: 0.0, align: Align::Left, ..Para::BODY.size(size).after(1.0) },
        "*Đề nghị cơ quan cấp Giấy xác nhận tình trạng hôn nhân cho người có tên dưới đây:*",
    );
    flow.field(size, pen, "Họ, chữ đệm, tên:", &owner.upper_name());
    flow.field(size, pen, "Ngày, tháng, năm sinh:", &owner.born.slashed());
    flow.row(size, pen, &person_row(owner));
    flow.field(size, pen, "Nơi cư trú:", &capital(&owner.address(on)));
    let status = format!(
        "Đã đăng ký kết hôn với {} {}, đã ly hôn theo Quyết định của Tòa án nhân dân; hiện tại chưa đăng ký \
         kết hôn với ai",
        facts.spouse.title(),
        facts.spouse.name
    );
    flow.field(size, pen, "Tình trạng hôn nhân:", &status);
    flow.field(size, pen, "Mục đích yêu cầu cấp Giấy xác nhận:", "Để làm thủ tục đăng ký kết hôn");
    flow.para(
        Para::BODY.size(size).after(1.0),
        "Tôi cam đoan những nội dung khai trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật về cam \
         đoan của mình.",
    );
    flow.skip(3.0);
    let right = [
        format!("_Làm tại: {}, ngày {}_", place.seat, on.long()),
        "*Người yêu cầu*".to_owned(),
        "_(Ký, ghi rõ họ, chữ đệm, tên)_".to_owned(),
    ];
    let at = flow.foot(&[], &right, &owner.name);
    marks::sign(&mut flow, at);
    let fields = Fields {
        paper_name: "Tờ khai cấp Giấy xác nhận tình trạng hôn nhân".to_owned(),
        owner_personal_id: Some(owner.personal_id.clone()),
        owner_name: Some(owner.name.clone()),
        issued_on: Some(on.iso()),
        r#abstract: Some(format!("Đề nghị cấp Giấy xác nhận tình trạng hôn nhân cho {}", owner.name)),
        signatory: Some(owner.name.clone()),
        ..Fields::default()
    };
    Paper { sheets: flow.sheets, fields }
}
