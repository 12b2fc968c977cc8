//! Giấy khai sinh and trích lục khai sinh (bản sao), after the forms of TT 04/2020/TT-BTP.

use super::super::flow::{Field, Fill, Flow, Head, Para};
use super::super::marks;
use super::super::people::{Person, capital};
use super::super::words::Date;
use super::{Facts, Fields, NATION, Paper, committee, official};

const SIZE: f32 = 13.5;

pub(super) fn certificate(facts: &Facts, flow: Flow) -> Paper {
    let mut flow = flow.grounded([0.93, 0.70, 0.66]);
    let owner = &facts.owner;
    let place = owner.place;
    let on = facts.issued;
    flow.skip(6.0);
    let middle = [NATION[0], NATION[1], NATION[2]];
    let agency = format!("*{}*", super::kept_together(&committee(place)));
    let above = place.above(on).to_uppercase();
    flow.heads(&[Head::Text(12.5, &agency), Head::Text(12.5, &above), Head::Rule(20.0)], &middle);
    flow.skip(9.0);
    flow.para(Para::CENTRE.size(22.0).after(1.0), "*GIẤY KHAI SINH*");
    let number = format!("{}/{}", flow.dice.between(11, 320), on.year);
    flow.para(Para::CENTRE.size(13.0).after(6.0), &format!("Số: {number}"));

    person_block(&mut flow, owner, on);
    parent_block(&mut flow, "mẹ", &facts.mother, on);
    parent_block(&mut flow, "cha", &facts.father, on);
    let asker = format!("{}, số định danh cá nhân {}", owner.name, owner.personal_id);
    flow.field(SIZE, Fill::Typed, "Họ, chữ đệm, tên người đi khai sinh:", &asker);
    let issuer =
        format!("{}, {}", committee(place), place.full(on).split_once(", ").map_or("", |(_, rest)| rest));
    flow.field(SIZE, Fill::Typed, "Nơi đăng ký khai sinh:", &issuer);
    flow.field(SIZE, Fill::Typed, "Ngày, tháng, năm đăng ký:", &on.slashed());
    flow.field(SIZE, Fill::Typed, "Ghi chú:", "Đăng ký lại");
    flow.skip(6.0);

    let signer = official(&mut flow.dice);
    let clerk = official(&mut flow.dice);
    let left = vec![
        (Para::CENTRE, "*CÔNG CHỨC TƯ PHÁP - HỘ TỊCH*".to_owned()),
        (Para::CENTRE.size(12.0).after(20.0), "_(Ký, ghi rõ họ, chữ đệm, tên)_".to_owned()),
        (Para::CENTRE, format!("*{clerk}*")),
    ];
    let right = ["*NGƯỜI KÝ GIẤY KHAI SINH*".to_owned(), "*CHỦ TỊCH*".to_owned()];
    let at = flow.foot(&left, &right, &signer);
    marks::sign_and_seal(&mut flow, at, &committee(place), place.above(on));
    let fields = Fields {
        paper_name: "Giấy khai sinh".to_owned(),
        owner_personal_id: Some(owner.personal_id.clone()),
        owner_name: Some(owner.name.clone()),
        number: Some(number),
        issued_on: Some(on.iso()),
        issuer: Some(issuer),
        r#abstract: Some(format!("Giấy khai sinh của {}", owner.name)),
        signatory: Some(signer),
        signatory_title: Some("Chủ tịch".to_owned()),
        ..Fields::default()
    };
    Paper { sheets: flow.sheets, fields }
}

pub(super) fn extract(facts: &Facts, mut flow: Flow) -> Paper {
    let owner = &facts.owner;
    let place = owner.place;
    let on = facts.issued;
    let number = format!("{}/TLKS-BS", flow.dice.between(12, 900));
    let day = format!("{}, ngày {}", place.seat, on.long());
    super::official_head(&mut flow, Some(place.above(on)), &committee(place), Some(&number), &day);
    flow.skip(3.0);
    flow.para(Para::CENTRE.size(18.0), "*TRÍCH LỤC KHAI SINH*");
    flow.para(Para::CENTRE.size(14.0).after(5.0), "*(BẢN SAO)*");

    person_block(&mut flow, owner, on);
    parent_block(&mut flow, "mẹ", &facts.mother, on);
    parent_block(&mut flow, "cha", &facts.father, on);
    let registered = Date { year: owner.born.year, ..owner.born.months_later(1) };
    let book =
        format!("{}, số {} ngày {}", committee(place), flow.dice.between(5, 199), registered.slashed());
    flow.field(SIZE, Fill::Typed, "Đăng ký khai sinh tại:", &book);
    flow.field(SIZE, Fill::Typed, "Ghi chú:", "Trích lục từ Cơ sở dữ liệu hộ tịch điện tử");
    flow.skip(6.0);
    let signer = official(&mut flow.dice);
    let title = if flow.dice.chance(0.5) { "Chủ tịch" } else { "Phó Chủ tịch" };
    let right = ["*NGƯỜI KÝ TRÍCH LỤC*".to_owned(), format!("*{}*", title.to_uppercase())];
    let at = flow.foot(&[], &right, &signer);
    marks::sign_and_seal(&mut flow, at, &committee(place), place.above(on));
    let fields = Fields {
        paper_name: "Trích lục khai sinh (bản sao)".to_owned(),
        owner_personal_id: Some(owner.personal_id.clone()),
        owner_name: Some(owner.name.clone()),
        number: Some(number),
        issued_on: Some(on.iso()),
        issuer: Some(committee(place)),
        r#abstract: Some(format!("Trích lục khai sinh của {}", owner.name)),
        signatory: Some(signer),
        signatory_title: Some(title.to_owned()),
        ..Fields::default()
    };
    Paper { sheets: flow.sheets, fields }
}

fn person_block(flow: &mut Flow, owner: &Person, on: Date) {
    flow.field(SIZE, Fill::Typed, "Họ, chữ đệm, tên:", &owner.upper_name());
    flow.field(SIZE, Fill::Typed, "Ngày, tháng, năm sinh:", &owner.born.slashed());
    flow.field(SIZE, Fill::Typed, "Ghi bằng chữ:", &owner.born.in_words());
    flow.row(
        SIZE,
        Fill::Typed,
        &[
            Field { label: "Giới tính:", value: owner.gender.word(), share: 0.28 },
            Field { label: "Dân tộc:", value: owner.people, share: 0.32 },
            Field { label: "Quốc tịch:", value: "Việt Nam", share: 0.4 },
        ],
    );
    flow.field(SIZE, Fill::Typed, "Nơi sinh:", &format!("Trạm Y tế {}", owner.place.full(on)));
    flow.field(SIZE, Fill::Typed, "Quê quán:", &capital(&owner.place.full(on)));
    flow.field(SIZE, Fill::Typed, "Số định danh cá nhân:", &owner.personal_id);
}

fn parent_block(flow: &mut Flow, role: &str, parent: &Person, on: Date) {
    flow.field(SIZE, Fill::Typed, &format!("Họ, chữ đệm, tên người {role}:"), &parent.upper_name());
    let year = parent.born.year.to_string();
    flow.row(
        SIZE,
        Fill::Typed,
        &[
            Field { label: "Năm sinh:", value: &year, share: 0.28 },
            Field { label: "Dân tộc:", value: parent.people, share: 0.32 },
            Field { label: "Quốc tịch:", value: "Việt Nam", share: 0.4 },
        ],
    );
    flow.field(SIZE, Fill::Typed, "Nơi cư trú:", &capital(&parent.address(on)));
}
