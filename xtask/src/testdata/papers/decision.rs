//! Quyết định in the layout of NĐ 30/2020/NĐ-CP, one or two sides.

use super::super::dice::Dice;
use super::super::flow::{Flow, Para};
use super::super::marks;
use super::super::people::{Person, capital};
use super::super::sheet::mm;
use super::super::words::{Date, dotted, number};
use super::{Facts, Fields, Paper, chair, committee, official};

/// One subject: abstract, grounds, articles, and the office that keeps a copy.
struct Matter {
    subject: String,
    grounds: Vec<String>,
    articles: Vec<String>,
    office: &'static str,
}

pub(super) fn decision(facts: &Facts, mut flow: Flow) -> Paper {
    let owner = &facts.owner;
    let place = owner.place;
    let on = facts.issued;
    let number = format!("{}/QĐ-UBND", flow.dice.between(24, 2980));
    let day = format!("{}, ngày {}", place.seat, on.long());
    super::official_head(&mut flow, Some(place.above(on)), &committee(place), Some(&number), &day);
    let which = flow.dice.below(4);
    let mut dice = flow.dice.clone();
    let matter = match which {
        0 => single_parent(&mut dice, owner, on),
        1 => land_use(&mut dice, owner, on),
        2 => working_group(&mut dice, owner, on),
        _ => plan(&mut dice, owner, on),
    };
    flow.dice = dice;
    flow.para(Para::CENTRE.size(15.0), "*QUYẾT ĐỊNH*");
    let edges = (flow.left + mm(22.0), flow.right - mm(22.0));
    flow.para_within(Para::CENTRE.after(0.0), edges, &format!("*{}*", matter.subject));
    let middle = f32::midpoint(flow.left, flow.right);
    let y = flow.y + 12.0;
    flow.sheet().rule(middle - 210.0, middle + 210.0, y, 4.0);
    flow.skip(5.0);
    let body = committee(place).to_uppercase();
    flow.para(Para::CENTRE.after(2.5), &format!("*{}*", body.replace("ỦY BAN", "CHỦ TỊCH ỦY BAN")));
    for ground in &matter.grounds {
        flow.para(Para::BODY, &format!("_{ground}_"));
    }
    flow.para(Para::CENTRE.after(2.5), "*QUYẾT ĐỊNH:*");
    for (n, article) in matter.articles.iter().enumerate() {
        for (part, text) in article.split('\n').enumerate() {
            let head = if part == 0 { format!("*Điều {}.* ", n + 1) } else { String::new() };
            flow.para(Para::BODY, &format!("{head}{text}"));
        }
    }
    flow.skip(3.0);
    let signer = official(&mut flow.dice);
    let mut dice = flow.dice.clone();
    // The chairman decides in his own name here, not for the committee.
    let (mut right, title) = chair(&mut dice, "Ủy ban nhân dân");
    right.remove(0);
    flow.dice = dice;
    let left = [
        (Para::SMALL.size(12.0), "*_Nơi nhận:_*".to_owned()),
        (Para::SMALL, format!("- Như Điều {};", matter.articles.len())),
        (Para::SMALL, "- Thường trực Đảng ủy, HĐND;".to_owned()),
        (Para::SMALL, "- Chủ tịch, các Phó Chủ tịch;".to_owned()),
        (Para::SMALL, format!("- Lưu: VT, {}.", matter.office)),
    ];
    let at = flow.foot(&left, &right, &signer);
    marks::sign_and_seal(&mut flow, at, &committee(place), place.above(on));
    let fields = Fields {
        paper_name: "Quyết định".to_owned(),
        owner_personal_id: Some(owner.personal_id.clone()),
        owner_name: Some(owner.name.clone()),
        number: Some(number),
        issued_on: Some(on.iso()),
        issuer: Some(committee(place)),
        r#abstract: Some(matter.subject),
        valid_from: Some(on.iso()),
        signatory: Some(signer),
        signatory_title: Some(title),
        ..Fields::default()
    };
    Paper { sheets: flow.sheets, fields }
}

fn local_government(on: Date) -> String {
    if on >= super::super::people::TWO_LEVELS {
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;".to_owned()
    } else {
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015; Luật sửa đổi, bổ sung một số điều của \
         Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền địa phương ngày 22 tháng 11 năm 2019;"
            .to_owned()
    }
}

fn naming(person: &Person, on: Date) -> String {
    format!(
        "{} *{}*, sinh ngày {}, số định danh cá nhân {}, nơi cư trú: {}",
        person.title(),
        person.name,
        person.born.slashed(),
        person.personal_id,
        person.address(on)
    )
}

fn single_parent(dice: &mut Dice, owner: &Person, on: Date) -> Matter {
    let (base, rate) = (500_000_u64, u64::from(dice.between(2, 4)));
    let amount = base * rate / 2;
    let start = Date { day: 1, ..on.months_later(1) };
    Matter {
        subject: "Về việc hưởng trợ cấp xã hội hằng tháng".to_owned(),
        grounds: vec![
            local_government(on),
            "Căn cứ Nghị định số 20/2021/NĐ-CP ngày 15 tháng 3 năm 2021 của Chính phủ quy định chính sách trợ giúp \
             xã hội đối với đối tượng bảo trợ xã hội; Nghị định số 76/2024/NĐ-CP ngày 01 tháng 7 năm 2024 của Chính \
             phủ sửa đổi, bổ sung một số điều của Nghị định số 20/2021/NĐ-CP;"
                .to_owned(),
            format!(
                "Xét hồ sơ đề nghị hưởng trợ cấp xã hội của {} {} và kết quả xét duyệt của Hội đồng xét duyệt trợ giúp \
                 xã hội {};",
                owner.title(),
                owner.name,
                owner.place.commune
            ),
            "Theo đề nghị của Trưởng phòng Văn hóa - Xã hội.".to_owned(),
        ],
        articles: vec![
            format!(
                "Trợ cấp xã hội hằng tháng cho {}, thuộc diện người đơn thân nghèo đang nuôi con.\nMức trợ cấp: {} đồng \
                 mỗi tháng ({} đồng), hệ số {},{}; thời gian hưởng kể từ ngày {}.",
                naming(owner, on),
                dotted(amount),
                number(amount),
                rate / 2,
                rate % 2 * 5,
                start.long()
            ),
            format!(
                "Phòng Văn hóa - Xã hội có trách nhiệm lập danh sách chi trả, cấp Thẻ bảo hiểm y tế và quản lý đối tượng \
                 theo quy định; Bưu điện {} chi trả trợ cấp qua tài khoản hoặc tại nơi cư trú, chậm nhất vào ngày 10 hằng \
                 tháng.",
                owner.place.commune
            ),
            format!(
                "Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân, Trưởng \
                 phòng Văn hóa - Xã hội, Trưởng phòng Kinh tế và {} {} chịu trách nhiệm thi hành Quyết định này./.",
                owner.title(),
                owner.name
            ),
        ],
        office: "VHXH",
    }
}

fn land_use(dice: &mut Dice, owner: &Person, on: Date) -> Matter {
    let (parcel, map, area) = (dice.between(3, 890), dice.between(2, 71), dice.between(60, 420));
    Matter {
        subject: "Về việc cho phép chuyển mục đích sử dụng đất".to_owned(),
        grounds: vec![
            local_government(on),
            "Căn cứ Luật Đất đai ngày 18 tháng 01 năm 2024;".to_owned(),
            "Căn cứ Nghị định số 102/2024/NĐ-CP ngày 30 tháng 7 năm 2024 của Chính phủ quy định chi tiết thi hành một số \
             điều của Luật Đất đai;"
                .to_owned(),
            format!("Xét đơn xin chuyển mục đích sử dụng đất của {} {} và hồ sơ kèm theo;", owner.title(), owner.name),
            "Theo đề nghị của Trưởng phòng Kinh tế.".to_owned(),
        ],
        articles: vec![
            format!(
                "Cho phép {} được chuyển mục đích sử dụng {area} m² đất trồng cây lâu năm sang đất ở.\nVị trí, ranh giới \
                 thửa đất số {parcel}, tờ bản đồ số {map}, được xác định theo Trích lục bản đồ địa chính do Chi nhánh Văn \
                 phòng đăng ký đất đai lập; thời hạn sử dụng đất: ổn định, lâu dài.\nHình thức: Nhà nước giao đất có thu \
                 tiền sử dụng đất; giá đất tính tiền sử dụng đất theo Bảng giá đất hiện hành.",
                naming(owner, on)
            ),
            "Phòng Kinh tế có trách nhiệm chuyển thông tin địa chính đến cơ quan thuế để xác định nghĩa vụ tài chính; hướng \
             dẫn người sử dụng đất thực hiện nghĩa vụ tài chính; trao Giấy chứng nhận quyền sử dụng đất cho người sử dụng \
             đất đã hoàn thành nghĩa vụ tài chính; chỉnh lý hồ sơ địa chính theo quy định."
                .to_owned(),
            "Người sử dụng đất có trách nhiệm sử dụng đất đúng mục đích, đúng ranh giới; thực hiện đầy đủ các biện pháp bảo \
             vệ môi trường, không làm tổn hại đến lợi ích hợp pháp của người sử dụng đất liền kề."
                .to_owned(),
            format!(
                "Quyết định này có hiệu lực kể từ ngày ký. Trưởng phòng Kinh tế, thủ trưởng các đơn vị có liên quan và {} {} \
                 chịu trách nhiệm thi hành Quyết định này./.",
                owner.title(),
                owner.name
            ),
        ],
        office: "KT",
    }
}

fn working_group(dice: &mut Dice, owner: &Person, on: Date) -> Matter {
    let members: Vec<String> = [
        "Trưởng phòng Văn hóa - Xã hội, Phó Tổ trưởng",
        "Công chức Tư pháp - Hộ tịch, thành viên",
        "Trưởng Công an, thành viên",
        "Giám đốc Trung tâm Phục vụ hành chính công, thành viên thường trực",
    ]
    .iter()
    .enumerate()
    .map(|(n, role)| format!("{}. {}, {role};", n + 2, capital(&official(dice))))
    .collect();
    Matter {
        subject: "Về việc kiện toàn Tổ công tác số hóa hồ sơ, giấy tờ và kết quả giải quyết thủ tục hành chính".to_owned(),
        grounds: vec![
            local_government(on),
            "Căn cứ Nghị định số 61/2018/NĐ-CP ngày 23 tháng 4 năm 2018 của Chính phủ về thực hiện cơ chế một cửa, một cửa \
             liên thông trong giải quyết thủ tục hành chính; Nghị định số 107/2021/NĐ-CP ngày 06 tháng 12 năm 2021 của \
             Chính phủ sửa đổi, bổ sung một số điều của Nghị định số 61/2018/NĐ-CP;"
                .to_owned(),
            "Căn cứ Thông tư số 01/2023/TT-VPCP ngày 05 tháng 4 năm 2023 của Văn phòng Chính phủ quy định một số nội dung và \
             biện pháp thi hành trong số hóa hồ sơ, giấy tờ, kết quả giải quyết thủ tục hành chính và thực hiện thủ tục \
             hành chính trên môi trường điện tử;"
                .to_owned(),
            "Theo đề nghị của Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân.".to_owned(),
        ],
        articles: vec![
            format!(
                "Kiện toàn Tổ công tác số hóa hồ sơ, giấy tờ và kết quả giải quyết thủ tục hành chính (sau đây gọi tắt là Tổ \
                 công tác), gồm các ông, bà có tên sau đây:\n1. {}, làm Tổ trưởng;\n{}",
                capital(&naming(owner, on)),
                members.join("\n")
            ),
            "Tổ công tác có nhiệm vụ rà soát, thống kê kết quả giải quyết thủ tục hành chính còn hiệu lực; xây dựng kế hoạch \
             và tổ chức thực hiện việc số hóa; kiểm tra, đối chiếu, ký số và lưu trữ dữ liệu vào kho dữ liệu điện tử của tổ \
             chức, cá nhân; bảo đảm an toàn thông tin và bảo vệ dữ liệu cá nhân trong quá trình thực hiện.\nCác thành viên \
             Tổ công tác làm việc theo chế độ kiêm nhiệm; Tổ tự giải thể sau khi hoàn thành nhiệm vụ."
                .to_owned(),
            "Kinh phí thực hiện được bố trí từ nguồn ngân sách nhà nước theo phân cấp hiện hành và các nguồn hợp pháp khác \
             (nếu có)."
                .to_owned(),
            "Quyết định này có hiệu lực kể từ ngày ký và thay thế các quyết định trước đây trái với Quyết định này. Chánh Văn \
             phòng, thủ trưởng các cơ quan, đơn vị có liên quan và các ông, bà có tên tại Điều 1 chịu trách nhiệm thi hành \
             Quyết định này./."
                .to_owned(),
        ],
        office: "VP",
    }
}

fn plan(dice: &mut Dice, owner: &Person, on: Date) -> Matter {
    let households = dice.between(18, 140);
    let budget = u64::from(dice.between(120, 900)) * 1_000_000;
    Matter {
        subject: "Về việc phê duyệt danh sách hộ gia đình được hỗ trợ xóa nhà tạm, nhà dột nát".to_owned(),
        grounds: vec![
            local_government(on),
            "Căn cứ Luật Ngân sách nhà nước ngày 25 tháng 6 năm 2015;".to_owned(),
            "Căn cứ kết quả rà soát hộ nghèo, hộ cận nghèo theo chuẩn nghèo đa chiều; biên bản họp bình xét của các thôn, tổ \
             dân phố và ý kiến của Ủy ban Mặt trận Tổ quốc Việt Nam cùng cấp;"
                .to_owned(),
            "Theo đề nghị của Trưởng phòng Kinh tế.".to_owned(),
        ],
        articles: vec![
            format!(
                "Phê duyệt danh sách {households} hộ gia đình được hỗ trợ xây mới, sửa chữa nhà ở năm {} trên địa bàn {}, với \
                 tổng kinh phí {} đồng ({} đồng).\nĐại diện hộ thứ nhất trong danh sách: {}.\nMức hỗ trợ: 60.000.000 đồng đối \
                 với nhà xây mới và 30.000.000 đồng đối với nhà sửa chữa, chi trả làm hai đợt theo tiến độ nghiệm thu.",
                on.year,
                owner.place.full(on),
                dotted(budget),
                number(budget),
                naming(owner, on)
            ),
            "Phòng Kinh tế chủ trì, phối hợp với các trưởng thôn, tổ trưởng tổ dân phố hướng dẫn các hộ gia đình lựa chọn mẫu \
             nhà bảo đảm ba cứng (nền cứng, khung - tường cứng, mái cứng); theo dõi, nghiệm thu và thanh quyết toán theo \
             đúng quy định của pháp luật; công khai danh sách tại trụ sở và nhà văn hóa các thôn."
                .to_owned(),
            "Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng, Trưởng phòng Kinh tế, thủ trưởng các đơn vị liên quan \
             và các hộ gia đình có tên trong danh sách chịu trách nhiệm thi hành Quyết định này./."
                .to_owned(),
        ],
        office: "KT",
    }
}
