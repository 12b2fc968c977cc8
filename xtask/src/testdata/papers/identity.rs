//! A copied identity card on a sheet, with the seven-field code of its front. The picture is a
//! grey silhouette; nothing of a real card's protection is drawn.

use qrcode::{Color, EcLevel, QrCode};

use super::super::flow::{Flow, Para};
use super::super::people::{Person, capital};
use super::super::sheet::{Ink, Sheet, Written, mm};
use super::super::typeface::Face;
use super::super::words::Date;
use super::{Facts, Fields, Paper};

/// Side of the code on the card, millimetres.
const CODE_MM: f32 = 15.0;

/// The text of the code: personal id, old number, name, birth, gender, address, day of issue.
pub(crate) fn qr_text(person: &Person, issued: Date) -> String {
    let day = |date: Date| format!("{:02}{:02}{}", date.day, date.month, date.year);
    let old = format!("1{}", &person.personal_id[4..]);
    format!(
        "{}|{old}|{}|{}|{}|{}|{}",
        person.personal_id,
        person.name,
        day(person.born),
        person.gender.word(),
        capital(&person.address(issued)),
        day(issued)
    )
}

pub(super) fn card(facts: &Facts, mut flow: Flow) -> Paper {
    let owner = &facts.owner;
    let on = facts.issued;
    flow.skip(14.0);
    let (x, y) = (flow.left + mm(flow.dice.range(10.0, 24.0)), flow.y);
    let sheet = flow.sheet();
    sheet.wash = [0.62, 0.80, 0.86];
    let (w, h) = (mm(85.6), mm(53.98));
    sheet.plane_mut(Ink::Wash).fill(x, y, x + w, y + h, 0.55);
    for (from, to) in [(y, y + 2.0), (y + h, y + h + 2.0)] {
        sheet.plane_mut(Ink::Black).fill(x, from, x + w, to, 0.35);
    }
    portrait(sheet, x + mm(4.0), y + mm(17.0));
    code(sheet, &qr_text(owner, on), x + w - mm(CODE_MM + 3.0), y + mm(3.0));
    print_card(sheet, owner, on, (x, y));
    flow.y = y + h + mm(14.0);
    flow.para(Para::CENTRE.size(13.0), "_(Bản chụp mặt trước thẻ căn cước công dân)_");
    let fields = Fields {
        paper_name: "Thẻ căn cước công dân".to_owned(),
        owner_personal_id: Some(owner.personal_id.clone()),
        owner_name: Some(owner.name.clone()),
        number: Some(owner.personal_id.clone()),
        issued_on: Some(on.iso()),
        r#abstract: Some(format!("Căn cước công dân của {}", owner.name)),
        ..Fields::default()
    };
    Paper { sheets: flow.sheets, fields }
}

fn print_card(sheet: &mut Sheet, owner: &Person, on: Date, (x, y): (f32, f32)) {
    let expires =
        Date { year: owner.born.year + if on.year - owner.born.year < 40 { 40 } else { 60 }, ..owner.born };
    let address = capital(&owner.address(on));
    let (street, rest) = address.split_once(", ").unwrap_or((&address, ""));
    let birthplace = capital(&owner.place.full(on));
    let (commune, above) = birthplace.split_once(", ").unwrap_or((&birthplace, ""));
    let sex = format!("Giới tính: {}   Quốc tịch: Việt Nam", owner.gender.word());
    let lines = [
        (14.0, 6.0, 5.6, Face::Bold, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM".to_owned()),
        (25.0, 9.0, 5.6, Face::Bold, "Độc lập - Tự do - Hạnh phúc".to_owned()),
        (22.0, 14.5, 9.0, Face::Bold, "CĂN CƯỚC CÔNG DÂN".to_owned()),
        (28.0, 20.5, 8.6, Face::Bold, format!("Số: {}", owner.personal_id)),
        (28.0, 24.0, 6.2, Face::Regular, "Họ và tên:".to_owned()),
        (28.0, 27.6, 8.6, Face::Bold, owner.upper_name()),
        (28.0, 31.2, 6.6, Face::Regular, format!("Ngày sinh: {}", owner.born.slashed())),
        (28.0, 34.6, 6.6, Face::Regular, sex),
        (28.0, 38.0, 6.6, Face::Regular, format!("Quê quán: {commune},")),
        (28.0, 41.2, 6.6, Face::Regular, above.to_owned()),
        (28.0, 44.6, 6.6, Face::Regular, format!("Nơi thường trú: {street},")),
        (28.0, 47.8, 6.6, Face::Regular, rest.to_owned()),
        (4.0, 50.6, 5.6, Face::Regular, format!("Có giá trị đến: {}", expires.slashed())),
    ];
    for (dx, dy, size, face, text) in lines {
        let (from, baseline) = (x + mm(dx), y + mm(dy));
        let wide = sheet.print(face, size, (from, baseline), &text);
        if !text.is_empty() {
            sheet.record(&text, from, from + wide, baseline, size, Written::Print);
        }
    }
}

fn portrait(sheet: &mut Sheet, x: f32, y: f32) {
    let plane = sheet.plane_mut(Ink::Black);
    let (w, h) = (mm(20.0), mm(27.0));
    plane.fill(x, y, x + w, y + h, 0.12);
    plane.dot(x + w / 2.0, y + h * 0.38, w * 0.24, 0.62);
    for row in (h * 0.66) as usize..h as usize {
        let spread = w * (0.24 + 0.22 * ((row as f32 / h - 0.66) / 0.34));
        plane.fill(x + w / 2.0 - spread, y + row as f32, x + w / 2.0 + spread, y + row as f32 + 1.0, 0.55);
    }
}

fn code(sheet: &mut Sheet, text: &str, x: f32, y: f32) {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("seven short fields fit a code");
    let side = mm(CODE_MM);
    let module = side / code.width() as f32;
    // The quiet zone is white also on the tinted card.
    let quiet = module * 3.0;
    let wash = sheet.plane_mut(Ink::Wash);
    for row in (y - quiet) as usize..(y + side + quiet) as usize {
        let start = row * wash.w;
        wash.px[start + (x - quiet) as usize..start + (x + side + quiet) as usize].fill(0);
    }
    let plane = sheet.plane_mut(Ink::Black);
    for (n, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            let (column, row) = ((n % code.width()) as f32, (n / code.width()) as f32);
            let (x0, y0) = ((x + column * module).round(), (y + row * module).round());
            let (x1, y1) = ((x + (column + 1.0) * module).round(), (y + (row + 1.0) * module).round());
            for py in y0 as usize..y1 as usize {
                plane.px[py * plane.w + x0 as usize..py * plane.w + x1 as usize].fill(250);
            }
        }
    }
}
