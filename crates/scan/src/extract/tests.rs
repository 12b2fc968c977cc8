//! Papers laid out word by word, as recognition gives them.

use jiff::civil::{Date, date};

use super::{Doubt, Extracted, FieldKey, PaperKind, fields};
use crate::recognise::{PageText, Quality, Timings, Word};

const TODAY: Date = date(2025, 6, 1);

/// A page of 1,654 × 2,339 pixels; each line is its left end, its top, and its words.
fn page(lines: &[(u32, u32, &str)]) -> PageText {
    let mut words = Vec::new();
    for (line, &(left, top, text)) in (0..).zip(lines) {
        let mut x = left;
        for word in text.split(' ') {
            let width = word.chars().count() as u32 * 14;
            let rect = [x, top, x + width, top + 30];
            words.push(Word { text: word.to_owned(), confidence: 0.95, rect, line, block: 0 });
            x += width + 10;
        }
    }
    let quality = Quality {
        dpi: 200,
        is_blank: false,
        blur: 0.0,
        text_confidence: 0.95,
        non_syllable_share: 0.0,
        warnings: Vec::new(),
    };
    let (width, height) = (1_654, 2_339);
    PageText {
        words,
        width,
        height,
        skew_degrees: 0.0,
        turn_proposed: None,
        quality,
        timings: Timings::default(),
    }
}

fn value(extracted: &Extracted, key: FieldKey) -> Option<&str> {
    extracted.find(key).map(|field| field.value.as_str())
}

fn doubts(extracted: &Extracted, key: FieldKey) -> &[Doubt] {
    extracted.find(key).map_or(&[], |field| &field.doubts)
}

#[test]
fn a_birth_certificate() {
    let page = page(&[
        (150, 150, "ỦY BAN NHÂN DÂN"),
        (150, 190, "PHƯỜNG HẢI CHÂU"),
        (850, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (150, 260, "Số: 123/2021"),
        (620, 350, "GIẤY KHAI SINH"),
        (200, 500, "Họ, chữ đệm, tên: TRẦN NGỌC MINH"),
        (200, 560, "Ngày, tháng, năm sinh: 05/02/2021 Ghi bằng chữ: ngày năm"),
        (200, 620, "Giới tính: Nữ Dân tộc: Kinh Quốc tịch: Việt Nam"),
        (200, 680, "Số định danh cá nhân: 048321 001234"),
        (200, 740, "Họ, chữ đệm, tên người mẹ: LÊ THỊ HOA"),
        (200, 1300, "Nơi đăng ký khai sinh: Ủy ban nhân dân phường Hải Châu"),
        (900, 1500, "Hải Châu, ngày 10 tháng 02 năm 2021"),
        (1000, 1560, "NGƯỜI KÝ GIẤY KHAI SINH"),
        (1050, 1600, "PHÓ CHỦ TỊCH"),
        (1050, 1800, "Phạm Văn Đồng"),
    ]);
    let extracted = fields(&[page], TODAY);
    assert_eq!(extracted.paper_type.kind, PaperKind::BirthCertificate);
    assert_eq!(value(&extracted, FieldKey::PaperType), Some("GIẤY KHAI SINH"));
    assert_eq!(value(&extracted, FieldKey::OwnerName), Some("TRẦN NGỌC MINH"));
    assert_eq!(value(&extracted, FieldKey::OwnerPersonalId), Some("048321001234"));
    assert!(doubts(&extracted, FieldKey::OwnerPersonalId).is_empty());
    assert_eq!(value(&extracted, FieldKey::Number), Some("123/2021"));
    assert_eq!(value(&extracted, FieldKey::IssuedOn), Some("2021-02-10"));
    assert_eq!(value(&extracted, FieldKey::Issuer), Some("Ủy ban nhân dân phường Hải Châu"));
    assert_eq!(value(&extracted, FieldKey::Abstract), Some("Giấy khai sinh của Trần Ngọc Minh"));
    assert_eq!(value(&extracted, FieldKey::Signatory), Some("Phạm Văn Đồng"));
}

#[test]
fn a_certificate_of_marital_status_is_good_for_six_months() {
    let page = page(&[
        (150, 150, "UBND XÃ BÌNH MINH"),
        (850, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (150, 220, "Số: 45/UBND-XNTTHN"),
        (900, 220, "Bình Minh, ngày 31 tháng 8 năm 2024"),
        (420, 350, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN"),
        (200, 500, "Xét đề nghị của ông/bà: Lê Văn Nam"),
        (200, 560, "XÁC NHẬN"),
        (200, 620, "Họ, chữ đệm, tên: Lê Văn Nam"),
        (200, 680, "Giấy tờ tùy thân: CCCD số 030090004321 cấp ngày 01/01/2022"),
        (200, 740, "Tình trạng hôn nhân: Chưa đăng ký kết hôn với ai"),
        (200, 800, "Giấy này được cấp để: làm thủ tục đăng ký kết hôn với bà"),
        (200, 840, "Trần Thị Hà."),
        (200, 900, "Giấy này có giá trị sử dụng 06 tháng kể từ ngày cấp."),
        (1000, 1100, "CHỦ TỊCH"),
        (1000, 1300, "Nguyễn Văn An"),
    ]);
    let extracted = fields(&[page], TODAY);
    assert_eq!(extracted.paper_type.kind, PaperKind::MaritalStatusCertificate);
    assert_eq!(value(&extracted, FieldKey::IssuedOn), Some("2024-08-31"));
    // Six months after the last of August is the last of February.
    assert_eq!(value(&extracted, FieldKey::ValidTo), Some("2025-02-28"));
    assert_eq!(doubts(&extracted, FieldKey::ValidTo), [Doubt::WorkedOut]);
    assert_eq!(value(&extracted, FieldKey::OwnerPersonalId), Some("030090004321"));
    assert_eq!(value(&extracted, FieldKey::OwnerName), Some("Lê Văn Nam"));
    assert_eq!(value(&extracted, FieldKey::Scope), Some("làm thủ tục đăng ký kết hôn với bà"));
    assert_eq!(value(&extracted, FieldKey::Signatory), Some("Nguyễn Văn An"));
}

#[test]
fn a_licence_of_a_household_business() {
    let page = page(&[
        (150, 150, "UBND QUẬN BA ĐÌNH"),
        (150, 190, "PHÒNG TÀI CHÍNH - KẾ HOẠCH"),
        (850, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (600, 340, "GIẤY CHỨNG NHẬN"),
        (480, 385, "ĐĂNG KÝ HỘ KINH DOANH"),
        (640, 440, "Số: 01A8012345"),
        (500, 490, "Đăng ký lần đầu, ngày 15 tháng 7 năm 2023"),
        (200, 600, "1. Tên hộ kinh doanh: TẠP HÓA HỒNG"),
        (200, 660, "5. Họ và tên chủ hộ kinh doanh: Đỗ Thị Hồng Giới tính: Nữ"),
        (200, 720, "Số CCCD: 001185012345"),
        (1000, 1500, "TRƯỞNG PHÒNG"),
        (1000, 1750, "Vũ Minh Tuấn"),
    ]);
    let extracted = fields(&[page], TODAY);
    assert_eq!(extracted.paper_type.kind, PaperKind::HouseholdBusinessLicence);
    assert_eq!(value(&extracted, FieldKey::PaperType), Some("GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH"));
    assert_eq!(value(&extracted, FieldKey::Number), Some("01A8012345"));
    assert_eq!(value(&extracted, FieldKey::Issuer), Some("PHÒNG TÀI CHÍNH - KẾ HOẠCH - UBND QUẬN BA ĐÌNH"));
    assert_eq!(value(&extracted, FieldKey::IssuedOn), Some("2023-07-15"));
    assert_eq!(value(&extracted, FieldKey::OwnerName), Some("Đỗ Thị Hồng"));
    assert_eq!(value(&extracted, FieldKey::OwnerPersonalId), Some("001185012345"));
    assert_eq!(value(&extracted, FieldKey::Signatory), Some("Vũ Minh Tuấn"));
}

#[test]
fn an_official_letter_has_its_abstract_under_its_number() {
    let page = page(&[
        (150, 150, "SỞ NỘI VỤ"),
        (850, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (150, 220, "Số: 512/SNV-CCHC"),
        (120, 265, "V/v báo cáo kết quả số hóa"),
        (120, 300, "hồ sơ quý I năm 2025"),
        (900, 220, "Đà Nẵng, ngày 02 tháng 4 năm 2025"),
        (500, 420, "Kính gửi: Ủy ban nhân dân các xã, phường"),
    ]);
    let extracted = fields(&[page], TODAY);
    assert_eq!(extracted.paper_type.kind, PaperKind::OfficialLetter);
    assert_eq!(value(&extracted, FieldKey::Number), Some("512/SNV-CCHC"));
    assert_eq!(
        value(&extracted, FieldKey::Abstract),
        Some("V/v báo cáo kết quả số hóa hồ sơ quý I năm 2025")
    );
    assert_eq!(value(&extracted, FieldKey::Issuer), Some("SỞ NỘI VỤ"));
}

#[test]
fn a_land_certificate_and_an_application() {
    let land = page(&[
        (500, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (550, 300, "GIẤY CHỨNG NHẬN"),
        (450, 345, "QUYỀN SỬ DỤNG ĐẤT"),
        (300, 390, "QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT"),
        (200, 560, "I. Người sử dụng đất, chủ sở hữu nhà ở và tài sản khác gắn liền với đất"),
        (200, 600, "Ông: Hoàng Văn Thụ, sinh năm 1960, CMND số 151234567"),
    ]);
    let extracted = fields(&[land], TODAY);
    assert_eq!(extracted.paper_type.kind, PaperKind::LandCertificate);
    assert_eq!(value(&extracted, FieldKey::OwnerName), Some("Hoàng Văn Thụ"));
    assert_eq!(doubts(&extracted, FieldKey::OwnerPersonalId), [Doubt::OldIdentityCard]);

    let request = page(&[
        (500, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (500, 300, "ĐƠN ĐỀ NGHỊ CẤP BẢN SAO"),
        (400, 400, "Kính gửi: Ủy ban nhân dân xã Đông Hải"),
        (200, 500, "Tôi tên là: Bùi Thị Lan"),
        (1000, 1200, "Đông Hải, ngày 03 tháng 01 năm 2025"),
        (1050, 1250, "NGƯỜI LÀM ĐƠN"),
        (1050, 1450, "Bùi Thị Lan"),
    ]);
    let extracted = fields(&[request], TODAY);
    assert_eq!(extracted.paper_type.kind, PaperKind::Request);
    assert_eq!(value(&extracted, FieldKey::OwnerName), Some("Bùi Thị Lan"));
    assert_eq!(value(&extracted, FieldKey::Signatory), Some("Bùi Thị Lan"));
    assert_eq!(value(&extracted, FieldKey::IssuedOn), Some("2025-01-03"));
    assert_eq!(value(&extracted, FieldKey::Number), None);
}

#[test]
fn what_breaks_a_rule_says_so() {
    let with = |number: &str, day: &str, id: &str| {
        fields(
            &[page(&[
                (150, 150, "UBND XÃ BÌNH MINH"),
                (150, 220, number),
                (900, 220, day),
                (600, 350, "QUYẾT ĐỊNH"),
                (200, 600, id),
            ])],
            TODAY,
        )
    };
    let bad = with(
        "Số: #74./QĐ-UBND",
        "Bình Minh, ngày 31 tháng 02 năm 2024",
        "Số định danh cá nhân: 0303O1004321",
    );
    assert_eq!(doubts(&bad, FieldKey::Number), [Doubt::NotANumber]);
    assert_eq!(doubts(&bad, FieldKey::IssuedOn), [Doubt::NoSuchDay]);
    assert_eq!(value(&bad, FieldKey::IssuedOn), Some("ngày 31 tháng 02 năm 2024"));
    assert_eq!(value(&bad, FieldKey::OwnerPersonalId), Some("0303O1004321"));
    assert_eq!(doubts(&bad, FieldKey::OwnerPersonalId), [Doubt::NotAPersonalId]);

    let odd =
        with("Số: 7/QĐ-UBND", "Bình Minh, ngày 02 tháng 6 năm 2025", "Mã hồ sơ 030301004321 và 030301004322");
    assert!(doubts(&odd, FieldKey::Number).is_empty());
    assert_eq!(doubts(&odd, FieldKey::IssuedOn), [Doubt::InFuture]);
    let doubts = doubts(&odd, FieldKey::OwnerPersonalId);
    assert_eq!(doubts, [Doubt::Unlabelled, Doubt::Another { value: "030301004322".to_owned() }]);
    // A day that was written by hand and not read at all is not guessed.
    let bare = with("Số: /QĐ-UBND", "Bình Minh, ngày … tháng … năm 2025", "");
    assert_eq!(super::tests::doubts(&bare, FieldKey::IssuedOn), [Doubt::NoSuchDay]);
    assert_eq!(super::tests::doubts(&bare, FieldKey::Number), [Doubt::NotANumber]);
}

#[test]
fn other_papers_numbers_and_days_are_not_taken() {
    let annex = page(&[
        (800, 150, "Phụ lục"),
        (500, 250, "(Kèm theo Công văn số 840/UBND-SGDĐT"),
        (600, 290, "ngày 19/10/2023 của UBND thành phố)"),
        (200, 400, "Căn cứ Luật số 12/2020/QH14 ngày 01 tháng 6 năm 2020;"),
    ]);
    let extracted = fields(&[annex], TODAY);
    assert_eq!(value(&extracted, FieldKey::Number), None);
    assert_eq!(value(&extracted, FieldKey::IssuedOn), None);
    assert_eq!(extracted.paper_type.kind, PaperKind::Unknown);
}

#[test]
fn nothing_gives_nothing() {
    assert!(fields(&[], TODAY).fields.is_empty());
    assert!(fields(&[page(&[])], TODAY).fields.is_empty());
}

#[test]
fn a_decision_speaks_of_a_person_and_begins_on_its_day() {
    let first = page(&[
        (150, 150, "HUYỆN PHONG MỸ"),
        (150, 190, "UY BAN NHÂN DẪN"),
        (150, 230, "XÃ VĨNH THUẬN"),
        (850, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (150, 300, "Số: 1609/QĐ-UBND"),
        (850, 300, "Vĩnh Thuận, ngày 01 tháng II năm 2021"),
        (700, 400, "QUYẾT ĐỊNH"),
        (500, 450, "Về việc phê duyệt danh sách hộ được hỗ trợ"),
        (200, 700, "Đại diện hộ thứ nhất: bà Lê Thị Mẫn, sinh ngày 20/04/1985, số định"),
        (200, 740, "danh cá nhân 092185609739, nơi cư trú: xã Vĩnh Thuận"),
        (200, 900, "Điều 3. Quyết định này có hiệu lực kể từ"),
        (200, 940, "ngày ký. Trưởng phòng Kinh tế chịu trách nhiệm thi hành."),
    ]);
    let second =
        page(&[(1000, 200, "KT. CHỦ TỊCH"), (1000, 240, "PHÓ CHỦ TỊCH"), (1000, 480, "Dương Xuân Trường")]);
    let extracted = fields(&[first, second], TODAY);
    for (key, expected) in [
        (FieldKey::Issuer, "ỦY BAN NHÂN DÂN XÃ VĨNH THUẬN"),
        (FieldKey::IssuedOn, "2021-11-01"),
        (FieldKey::ValidFrom, "2021-11-01"),
        (FieldKey::OwnerName, "Lê Thị Mẫn"),
        (FieldKey::OwnerPersonalId, "092185609739"),
        (FieldKey::Signatory, "Dương Xuân Trường"),
    ] {
        assert_eq!(value(&extracted, key), Some(expected), "{key:?}");
        assert!(doubts(&extracted, key).is_empty(), "{key:?}: {:?}", doubts(&extracted, key));
    }
}

#[test]
fn a_land_certificate_is_known_by_its_serial_and_its_parcel() {
    let page = page(&[
        (500, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (600, 350, "GIẤY CHỨNG NHẬN"),
        (600, 390, "QUYỀN SỬ DỤNG ĐẤT"),
        (750, 450, "DH 971459"),
        (200, 550, "Ông: TẠ CÔNG PHƯỢNG, sinh năm 1968, số định danh cá nhân 075068268439"),
        (200, 700, "a) Thửa đất số: 264, tờ bản đồ số: 24"),
        (200, 740, "b) Địa chỉ: Số 119 đường Lý Thường Kiệt, xã Suối Rạch, tỉnh Đồng Nai"),
        (200, 780, "c) Diện tích: 2141,6 m²"),
        (900, 1600, "Đồng Nai, ngày 09 tháng 10 năm 2024"),
        (850, 1650, "SO TÀI NGUYÊN VÀ MÔI TRUỜNG"),
        (1000, 1700, "GIÁM ĐỐC"),
        (1000, 1950, "Huỳnh Thanh Tùng"),
    ]);
    let extracted = fields(&[page], TODAY);
    for (key, expected) in [
        (FieldKey::Number, "DH 971459"),
        (FieldKey::Issuer, "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG"),
        (FieldKey::OwnerName, "TẠ CÔNG PHƯỢNG"),
        (FieldKey::Abstract, "Thửa đất số 264, tờ bản đồ số 24, xã Suối Rạch, tỉnh Đồng Nai"),
        (FieldKey::Signatory, "Huỳnh Thanh Tùng"),
    ] {
        assert_eq!(value(&extracted, key), Some(expected), "{key:?}");
    }
}

#[test]
fn a_household_business_is_known_by_its_own_number_and_not_by_its_house() {
    let page = page(&[
        (150, 150, "ỦY BAN NHÂN DÂN"),
        (150, 190, "HUYỆN XUÂN TRẢNG"),
        (150, 230, "PHÒNG TÀI CHÍNH - KẾ HOẠCH"),
        (600, 400, "GIẤY CHỨNG NHẬN"),
        (550, 440, "ĐĂNG KÝ HỘ KINH DOANH"),
        (600, 500, "Mã số hộ kinh doanh: 7581095716"),
        (600, 540, "Đăng ký lần đầu, ngày 03 tháng 8 năm 2022"),
        (200, 650, "1. Tên hộ kinh doanh viết bằng tiếng Việt (ghi bằng chữ in hoa): HỘ KINH"),
        (200, 690, "DOANH THỊNH VƯỢNG"),
        (200, 730, "2. Địa chỉ trụ sở hộ kinh doanh: Số 8 ngõ Giếng Mứt, xã Suối Rạch"),
    ]);
    let extracted = fields(&[page], TODAY);
    assert_eq!(value(&extracted, FieldKey::Number), Some("7581095716"));
    let issuer = "PHÒNG TÀI CHÍNH - KẾ HOẠCH - ỦY BAN NHÂN DÂN HUYỆN XUÂN TRẢNG";
    assert_eq!(value(&extracted, FieldKey::Issuer), Some(issuer));
    let told = "Chứng nhận đăng ký hộ kinh doanh Thịnh Vượng";
    assert_eq!(value(&extracted, FieldKey::Abstract), Some(told));
}

#[test]
fn a_name_is_read_as_most_places_have_it_and_that_others_differ_is_told() {
    let certificate = |others: &[(u32, u32, &str)]| {
        let own = [(620, 350, "GIẤY KHAI SINH"), (200, 500, "Họ, chữ đệm, tên: LÝ DUY MÃN")];
        fields(&[page(&[&own, others].concat())], TODAY)
    };
    let parent = (200, 700, "Họ, chữ đệm, tên người đi khai sinh: Lý Duy Mẫn, số định danh");
    let extracted = certificate(&[parent, (200, 800, "Người được khai sinh là Lý Duy Mẫn")]);
    assert_eq!(value(&extracted, FieldKey::OwnerName), Some("LÝ DUY MẪN"));
    // Two brothers may be called Hùng and Hưng: what was read here is never put aside in silence.
    let read = Doubt::Another { value: "LÝ DUY MÃN".to_owned() };
    assert_eq!(doubts(&extracted, FieldKey::OwnerName), [read]);
    let extracted = certificate(&[parent]);
    assert_eq!(value(&extracted, FieldKey::OwnerName), Some("LÝ DUY MÃN"));
    let other = Doubt::Another { value: "lý duy mẫn".to_owned() };
    assert_eq!(doubts(&extracted, FieldKey::OwnerName), std::slice::from_ref(&other));
    assert_eq!(doubts(&extracted, FieldKey::Abstract), [other], "what is made of it is as doubtful");
}

#[test]
fn a_request_has_no_issuer_and_its_wish_is_its_abstract() {
    let page = page(&[
        (500, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (400, 350, "TỜ KHAI CẤP GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN"),
        (200, 450, "Họ, chữ đệm, tên người yêu cầu: Dương Anh Tuấn"),
        (200, 600, "Đề nghị cơ quan cấp Giấy xác nhận tình trạng hôn nhân cho người có tên"),
        (200, 640, "dưới đây:"),
        (200, 700, "Họ, chữ đệm, tên: DƯƠNG ANH TUẤN"),
    ]);
    let extracted = fields(&[page], TODAY);
    assert_eq!(value(&extracted, FieldKey::Issuer), None);
    assert_eq!(value(&extracted, FieldKey::OwnerName), Some("DƯƠNG ANH TUẤN"));
    let told = "Đề nghị cấp giấy xác nhận tình trạng hôn nhân cho Dương Anh Tuấn";
    assert_eq!(value(&extracted, FieldKey::Abstract), Some(told));
}

#[test]
fn a_name_of_two_words_and_a_guessed_signatory_are_told() {
    let page = page(&[
        (620, 350, "GIẤY KHAI SINH"),
        (200, 500, "Họ, chữ đệm, tên: LÊ ĐỨC"),
        (1000, 1900, "Đỗ Công Phượng"),
    ]);
    let extracted = fields(&[page], TODAY);
    assert_eq!(doubts(&extracted, FieldKey::OwnerName), [Doubt::ShortName]);
    assert_eq!(value(&extracted, FieldKey::Signatory), Some("Đỗ Công Phượng"));
    assert_eq!(doubts(&extracted, FieldKey::Signatory), [Doubt::Unlabelled]);
}
