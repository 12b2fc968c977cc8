//! One inner side of a giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất,
//! with the parcel's drawing and its table of edges.

use super::super::flow::{Fill, Flow, Para};
use super::super::marks;
use super::super::people::{TWO_LEVELS, capital};
use super::super::sheet::{Ink, Written, mm};
use super::super::typeface::{self, Face};
use super::super::words::number;
use super::{Facts, Fields, NATION, Paper, official};

pub(super) fn certificate(facts: &Facts, flow: Flow) -> Paper {
    let mut flow = flow.grounded([0.96, 0.66, 0.70]);
    let owner = &facts.owner;
    let place = owner.place;
    let on = facts.issued;
    let serial = format!(
        "{}{} {}",
        flow.dice.pick(&['C', 'D']),
        flow.dice.pick(&['B', 'H', 'K', 'M', 'Q']),
        flow.dice.digits(6)
    );
    flow.skip(3.0);
    flow.head(&NATION);
    flow.skip(4.0);
    flow.para(Para::CENTRE.size(16.0), "*GIẤY CHỨNG NHẬN*");
    flow.para(Para::CENTRE.size(13.0), "*QUYỀN SỬ DỤNG ĐẤT,*");
    flow.para(Para::CENTRE.size(13.0).after(2.0), "*QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT*");
    flow.para(Para::CENTRE.size(13.0).after(2.0), &format!("*{serial}*"));

    let size = 13.0;
    let body = Para { first: 0.0, ..Para::BODY.size(size).after(0.8) };
    flow.para(body, "*I. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất*");
    let title = capital(owner.title());
    let year = owner.born.year;
    flow.para(
        body,
        &format!(
            "{title}: *{}*, sinh năm {year}, số định danh cá nhân {}",
            owner.upper_name(),
            owner.personal_id
        ),
    );
    flow.para(body, &format!("Địa chỉ thường trú: {}", owner.address(on)));
    flow.para(body, "*II. Thửa đất, nhà ở và tài sản khác gắn liền với đất*");
    flow.para(body, "*1. Thửa đất*");
    let (parcel, map) = (flow.dice.between(12, 780), flow.dice.between(2, 64));
    flow.field(size, Fill::Typed, "a) Thửa đất số:", &format!("{parcel}, tờ bản đồ số: {map}"));
    flow.field(size, Fill::Typed, "b) Địa chỉ:", &capital(&owner.address(on)));
    let edges: Vec<u32> = (0..4)
        .map(|n| flow.dice.between(if n % 2 == 0 { 520 } else { 1400 }, if n % 2 == 0 { 980 } else { 2600 }))
        .collect();
    let area = (edges[0] + edges[2]) * (edges[1] + edges[3]) / 400 * 10;
    let area = (area / 100, area % 100 / 10);
    let spoken = format!(
        "{},{} m² (bằng chữ: {} phẩy {} mét vuông)",
        area.0,
        area.1,
        number(u64::from(area.0)),
        number(u64::from(area.1))
    );
    flow.field(size, Fill::Typed, "c) Diện tích:", &spoken);
    flow.field(size, Fill::Typed, "d) Hình thức sử dụng:", "Sử dụng riêng");
    flow.field(size, Fill::Typed, "đ) Mục đích sử dụng:", "Đất ở tại nông thôn; đất trồng cây lâu năm");
    flow.field(
        size,
        Fill::Typed,
        "e) Thời hạn sử dụng:",
        "Đất ở: Lâu dài; đất trồng cây lâu năm: đến ngày 15/10/2043",
    );
    flow.field(
        size,
        Fill::Typed,
        "g) Nguồn gốc sử dụng:",
        "Nhận chuyển nhượng đất được Công nhận QSDĐ như giao đất có thu tiền sử dụng đất",
    );
    flow.para(body, "*2. Nhà ở:* -/-");
    flow.para(body.after(2.0), "*III. Sơ đồ thửa đất, nhà ở và tài sản khác gắn liền với đất*");
    drawing(&mut flow, parcel, &edges);

    let signer = official(&mut flow.dice);
    let (agency, lines, role) = if on >= TWO_LEVELS {
        ("Chi nhánh Văn phòng đăng ký đất đai", vec!["*GIÁM ĐỐC*".to_owned()], "Giám đốc")
    } else {
        (
            "Sở Tài nguyên và Môi trường",
            vec!["*TUQ. GIÁM ĐỐC*".to_owned(), "*GIÁM ĐỐC VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI*".to_owned()],
            "Giám đốc Văn phòng đăng ký đất đai",
        )
    };
    let book = format!("CS {}", flow.dice.digits(5));
    let mut right = vec![
        format!(
            "_{}, ngày {}_",
            capital(place.province.trim_start_matches("tỉnh ").trim_start_matches("thành phố ")),
            on.long()
        ),
        format!("*{}*", agency.to_uppercase()),
    ];
    right.extend(lines);
    let left = [(Para::SMALL.size(12.0), format!("Số vào sổ cấp GCN: {book}"))];
    let at = flow.foot(&left, &right, &signer);
    marks::sign_and_seal(&mut flow, at, agency, place.province);
    let fields = Fields {
        paper_name: "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất".to_owned(),
        owner_personal_id: Some(owner.personal_id.clone()),
        owner_name: Some(owner.name.clone()),
        number: Some(serial),
        issued_on: Some(on.iso()),
        issuer: Some(agency.to_owned()),
        r#abstract: Some(format!("Thửa đất số {parcel}, tờ bản đồ số {map}, {}", place.full(on))),
        signatory: Some(signer),
        signatory_title: Some(role.to_owned()),
        ..Fields::default()
    };
    Paper { sheets: flow.sheets, fields }
}

/// The parcel as a leaning quadrangle with numbered corners, and the table of its edges beside it.
fn drawing(flow: &mut Flow, parcel: u32, edges: &[u32]) {
    let top = flow.y;
    let (x, y) = (flow.left + mm(12.0), top + mm(4.0));
    let corners: Vec<(f32, f32)> = [(0.0, 4.0), (34.0, 0.0), (40.0, 24.0), (5.0, 29.0)]
        .iter()
        .map(|(dx, dy)| (x + mm(dx + flow.dice.range(-1.5, 1.5)), y + mm(dy + flow.dice.range(-1.5, 1.5))))
        .collect();
    let sheet = flow.sheet();
    for n in 0..4 {
        let (a, b) = (corners[n], corners[(n + 1) % 4]);
        for step in 0..=400 {
            let t = step as f32 / 400.0;
            sheet.plane_mut(Ink::Black).dot(a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t, 2.0, 0.9);
        }
        let label = (n + 1).to_string();
        let at = (a.0 + if n == 0 || n == 3 { -40.0 } else { 14.0 }, a.1 + 12.0);
        let wide = sheet.print(Face::Regular, 10.0, at, &label);
        sheet.record(&label, at.0, at.0 + wide, at.1, 10.0, Written::Print);
    }
    let label = parcel.to_string();
    let at = (x + mm(20.0) - typeface::width(Face::Bold, 12.0, &label) / 2.0, y + mm(16.0));
    let wide = sheet.print(Face::Bold, 12.0, at, &label);
    sheet.record(&label, at.0, at.0 + wide, at.1, 12.0, Written::Print);

    let mut rows = vec![vec!["Cạnh".to_owned(), "Chiều dài (m)".to_owned()]];
    for (n, edge) in edges.iter().enumerate() {
        rows.push(vec![
            format!("{}-{}", n + 1, (n + 1) % 4 + 1),
            format!("{},{:02}", edge / 100, edge % 100),
        ]);
    }
    let left = flow.left;
    flow.left += (flow.right - left) * 0.52;
    flow.table(11.0, &[0.3, 0.55], &rows);
    flow.left = left;
    flow.y = flow.y.max(top + mm(40.0));
}
