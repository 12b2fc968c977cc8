//! Giấy chứng nhận đăng ký hộ kinh doanh, after the form of TT 01/2021/TT-BKHĐT.

use super::super::flow::{Field, Fill, Flow, Para};
use super::super::marks;
use super::super::people::{TWO_LEVELS, capital};
use super::super::words::{dotted, number};
use super::{Facts, Fields, Paper, committee, official};

const TRADES: [(&str, &str); 12] = [
    ("Bán lẻ lương thực, thực phẩm, đồ uống trong các cửa hàng chuyên doanh", "4722"),
    ("Nhà hàng và các dịch vụ ăn uống phục vụ lưu động", "5610"),
    ("Sửa chữa và bảo dưỡng mô tô, xe máy", "9521"),
    ("Cắt tóc, làm đầu, gội đầu", "9631"),
    ("Bán lẻ hàng may mặc, giày dép, hàng da và giả da", "4771"),
    ("May trang phục (trừ trang phục từ da lông thú)", "1410"),
    ("Sản xuất đồ gỗ xây dựng", "1622"),
    ("Dịch vụ lưu trú ngắn ngày", "5510"),
    ("Bán buôn gạo, lúa mỳ, hạt ngũ cốc khác, bột mỳ", "4631"),
    ("Vận tải hàng hóa bằng đường bộ", "4933"),
    ("Giáo dục nghề nghiệp trình độ sơ cấp", "8531"),
    ("Trồng rau, đậu các loại và trồng hoa", "0118"),
];

const SIGNS: [&str; 8] =
    ["Hương Quê", "Phát Đạt", "Bảy Rỗ", "Thịnh Vượng", "Út Mẫn", "Tuổi Thơ", "Đồng Tâm", "Ngọc Quỳnh"];

pub(super) fn household(facts: &Facts, mut flow: Flow) -> Paper {
    let owner = &facts.owner;
    let place = owner.place;
    let on = facts.issued;
    let office = if on >= TWO_LEVELS { "Phòng Kinh tế" } else { "Phòng Tài chính - Kế hoạch" };
    let above =
        if on >= TWO_LEVELS { committee(place) } else { format!("Ủy ban nhân dân {}", place.district) };
    let day = format!("{}, ngày {}", place.seat, on.long());
    super::official_head(&mut flow, Some(&above), office, None, &day);
    flow.para(Para::CENTRE.size(17.0), "*GIẤY CHỨNG NHẬN*");
    flow.para(Para::CENTRE.size(17.0).after(2.5), "*ĐĂNG KÝ HỘ KINH DOANH*");
    // Since then the number of the household is the tax code of its head.
    let code = if on >= TWO_LEVELS {
        owner.personal_id.clone()
    } else {
        format!("{}8{}", &place.id_prefix[1..], flow.dice.digits(7))
    };
    flow.para(Para::CENTRE.after(0.3), &format!("*Mã số hộ kinh doanh: {code}*"));
    flow.para(Para::CENTRE.size(13.0).after(4.0), &format!("_Đăng ký lần đầu, ngày {}_", on.long()));

    let size = 13.5;
    let sign = *flow.dice.pick(&SIGNS);
    let name = format!("HỘ KINH DOANH {}", sign.to_uppercase());
    flow.field(size, Fill::Typed, "1. Tên hộ kinh doanh viết bằng tiếng Việt (ghi bằng chữ in hoa):", &name);
    flow.field(size, Fill::Typed, "2. Địa chỉ trụ sở hộ kinh doanh:", &capital(&owner.address(on)));
    let phone = format!("09{}", flow.dice.digits(8));
    flow.field(size, Fill::Typed, "Điện thoại:", &phone);
    flow.para(Para::BODY.size(size).first(0.0).after(1.5), "3. Ngành, nghề kinh doanh:");
    let first = flow.dice.below(TRADES.len());
    let n_trades = flow.dice.between(3, 5) as usize;
    let mut rows = vec![vec!["STT".to_owned(), "Tên ngành".to_owned(), "Mã ngành".to_owned()]];
    for n in 0..n_trades {
        let (trade, code) = TRADES[(first + n * 5) % TRADES.len()];
        rows.push(vec![(n + 1).to_string(), trade.to_owned(), code.to_owned()]);
    }
    flow.table(12.5, &[0.09, 0.72, 0.19], &rows);
    let capital_vnd = u64::from(flow.dice.between(3, 60)) * 10_000_000;
    flow.field(size, Fill::Typed, "4. Vốn kinh doanh:", &format!("{} đồng", dotted(capital_vnd)));
    let spoken = format!("{} đồng", capital(&number(capital_vnd)));
    flow.field(size, Fill::Typed, "Vốn kinh doanh bằng chữ:", &spoken);
    flow.field(size, Fill::Typed, "5. Chủ thể thành lập hộ kinh doanh:", "Cá nhân");
    flow.para(Para::BODY.size(size).first(0.0).after(0.8), "6. Thông tin về chủ hộ kinh doanh:");
    flow.row(
        size,
        Fill::Typed,
        &[
            Field { label: "Họ và tên:", value: &owner.upper_name(), share: 0.66 },
            Field { label: "Giới tính:", value: owner.gender.word(), share: 0.34 },
        ],
    );
    flow.row(
        size,
        Fill::Typed,
        &[
            Field { label: "Sinh ngày:", value: &owner.born.slashed(), share: 0.38 },
            Field { label: "Dân tộc:", value: owner.people, share: 0.28 },
            Field { label: "Quốc tịch:", value: "Việt Nam", share: 0.34 },
        ],
    );
    flow.field(size, Fill::Typed, "Số định danh cá nhân:", &owner.personal_id);
    flow.field(size, Fill::Typed, "Địa chỉ thường trú:", &capital(&owner.address(on)));
    flow.skip(4.0);
    let signer = official(&mut flow.dice);
    let at = flow.foot(&[], &["*TRƯỞNG PHÒNG*".to_owned()], &signer);
    marks::sign_and_seal(
        &mut flow,
        at,
        office,
        if on >= TWO_LEVELS { place.commune } else { place.district },
    );
    let fields = Fields {
        paper_name: "Giấy chứng nhận đăng ký hộ kinh doanh".to_owned(),
        owner_personal_id: Some(owner.personal_id.clone()),
        owner_name: Some(owner.name.clone()),
        number: Some(code),
        issued_on: Some(on.iso()),
        issuer: Some(format!("{office} - {above}")),
        r#abstract: Some(format!("Chứng nhận đăng ký hộ kinh doanh {sign}")),
        signatory: Some(signer),
        signatory_title: Some("Trưởng phòng".to_owned()),
        ..Fields::default()
    };
    Paper { sheets: flow.sheets, fields }
}
