//! Signing: person then agency, marks in place, judged from outside.

use crate::samples::{Office, judge, keep, now, scan};
use pdf::Error;
use pdf::sign::{SignRequest, sign};
use pdf::stamp::{Place, Seal, SealArt, VisibleMark};
use pdf::validate::validate;

/// Left, lower edge, width, height of a signature slot, points.
const SLOT: [f64; 4] = [330.0, 230.0, 180.0, 50.0];

/// Digitiser, then person in a slot, then the agency's seal over it.
pub(crate) fn signed_thrice(office: &Office) -> [Vec<u8>; 3] {
    let [x, y, width, height] = SLOT;
    let first = SignRequest::marked(now(), VisibleMark::digitiser("Nguyễn Thị Hạnh", now()));
    let place = Place::At { page: 1, x, y, width, height };
    let second = SignRequest::marked(now(), VisibleMark::personal(place, "Trần Văn Quyết", now()));
    let seal = Seal::drawn("ỦY BAN NHÂN DÂN QUẬN HOÀN KIẾM", &["ỦY BAN", "NHÂN DÂN", "PHƯỜNG", "HÀNG TRỐNG"]);
    let over = Place::SealOver { page: 1, x, y, width, height };
    let third = SignRequest::marked(now(), VisibleMark::seal(over, seal));
    let one = sign(&scan(), &office.officer, &first).expect("a first signature");
    let two = sign(&one, &office.officer, &second).expect("a second signature");
    let three = sign(&two, &office.agency, &third).expect("a third signature");
    [one, two, three]
}

#[test]
fn successive_signatures_keep_what_was_there() {
    let office = Office::open();
    let original = scan();
    let [one, two, three] = signed_thrice(&office);
    assert!(one.starts_with(&original) && two.starts_with(&one) && three.starts_with(&two));
    let path = keep("thrice.pdf", &three).to_string_lossy().into_owned();
    keep("root.pem", &office.authority.root_pem().expect("a certificate"));
    let (passed, said) = judge("qpdf", &["--check", &path]);
    assert!(passed, "{said}");
    let (_, said) = judge("pdfsig", &["-nocert", &path]);
    assert_eq!(said.matches("Signature is Valid").count(), 3, "{said}");
}

/// A small picture with transparency.
fn png() -> Vec<u8> {
    let picture = image::RgbaImage::from_fn(60, 60, |x, y| {
        let inside = (x as i32 - 30).pow(2) + (y as i32 - 30).pow(2) < 800;
        image::Rgba([210, 20, 30, if inside { 160 } else { 0 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("an encodable picture");
    bytes.into_inner()
}

#[test]
fn a_picture_can_be_the_seal() {
    let office = Office::open();
    let seal = Seal { diameter_mm: 30.0, art: SealArt::Picture(png()) };
    let mut mark = VisibleMark::copy("SAO Y", "Ủy ban nhân dân phường Hoàn Kiếm", now());
    mark.image = Some(seal);
    let file = sign(&scan(), &office.agency, &SignRequest::marked(now(), mark)).expect("a signature");
    let path = keep("picture.pdf", &file).to_string_lossy().into_owned();
    let target = path.trim_end_matches(".pdf").to_owned();
    let (passed, said) = judge("pdftoppm", &["-r", "72", "-png", "-singlefile", &path, &target]);
    assert!(passed, "{said}");
    let page = image::open(format!("{target}.png")).expect("a picture").into_rgb8();
    let red = page.enumerate_pixels().filter(|(_, _, p)| p.0[0] > p.0[1].saturating_add(60));
    let places: Vec<(u32, u32)> = red.map(|(x, y, _)| (x, y)).collect();
    assert!(places.len() > 2_000, "{} red pixels", places.len());
    assert!(
        places.iter().all(|(x, y)| *x > page.width() / 2 && *y < 110),
        "the seal is not at the top right"
    );
    let broken = Seal { diameter_mm: 30.0, art: SealArt::Picture(vec![1, 2, 3]) };
    let place = Place::At { page: 1, x: 50.0, y: 50.0, width: 90.0, height: 90.0 };
    let request = SignRequest::marked(now(), VisibleMark::seal(place, broken));
    assert!(matches!(sign(&scan(), &office.agency, &request), Err(Error::Mark(_))));
}

#[test]
fn a_second_mark_in_a_corner_goes_below_the_first() {
    let office = Office::open();
    let request = SignRequest::marked(now(), VisibleMark::digitiser("Nguyễn Thị Hạnh", now()));
    let one = sign(&scan(), &office.officer, &request).expect("a signature");
    let request = SignRequest::marked(now(), VisibleMark::digitiser("Trần Văn Quyết", now()));
    let two = sign(&one, &office.officer, &request).expect("a signature");
    let path = keep("corner.pdf", &two).to_string_lossy().into_owned();
    let (_, said) = judge(
        "pdftotext",
        &["-layout", "-l", "1", "-W", "300", "-H", "80", "-x", "0", "-y", "0", &path, "-"],
    );
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(
        lines,
        [
            "Người số hóa: Nguyễn Thị Hạnh",
            "Thời gian số hóa: 21/11/2026 10:04:05 +07:00",
            "Người số hóa: Trần Văn Quyết",
            "Thời gian số hóa: 21/11/2026 10:04:05 +07:00"
        ]
    );
}

#[test]
fn the_seal_covers_a_third_of_the_signature_on_its_left() {
    let office = Office::open();
    let [_, _, three] = signed_thrice(&office);
    let path = keep("third.pdf", &three).to_string_lossy().into_owned();
    let target = path.trim_end_matches(".pdf").to_owned();
    judge("pdftoppm", &["-r", "72", "-png", "-singlefile", "-l", "1", &path, &target]);
    let page = image::open(format!("{target}.png")).expect("a picture").into_rgb8();
    let red = page.enumerate_pixels().filter(|(_, _, p)| p.0[0] > p.0[1].saturating_add(80));
    let right = red.map(|(x, _, _)| x).max().expect("a seal");
    let wanted = SLOT[0] + SLOT[2] / 3.0;
    assert!((f64::from(right) - wanted).abs() < 4.0, "the seal ends at {right}, not at {wanted}");
}

#[test]
fn the_report_is_read_in_plain_vietnamese() {
    let office = Office::open();
    let [_, two, _] = signed_thrice(&office);
    assert_eq!(
        validate(&two, &office.trust()).sentences(),
        [
            "Tệp còn nguyên vẹn từ khi ký và mọi người ký đều được tin cậy.",
            "Chữ ký 1: Nguyễn Thị Hạnh (DEMO), ký lúc 21/11/2026 10:04:05 +07:00 theo lời khai của người ký.",
            "Nội dung được ký còn nguyên vẹn.",
            "Chứng thư do Một Cửa DEMO – chỉ để dùng thử, không có giá trị pháp lý cấp, thuộc danh sách tin cậy.",
            "Sau chữ ký này chỉ có thêm chữ ký khác.",
            "Chữ ký 2: Nguyễn Thị Hạnh (DEMO), ký lúc 21/11/2026 10:04:05 +07:00 theo lời khai của người ký.",
            "Nội dung được ký còn nguyên vẹn; chữ ký bao trùm toàn bộ tệp.",
            "Chứng thư do Một Cửa DEMO – chỉ để dùng thử, không có giá trị pháp lý cấp, thuộc danh sách tin cậy.",
            "Việc chứng thư có bị thu hồi hay không chưa được kiểm tra ở bước này.",
            "Tệp có 2 trang.",
            "Tệp tự khai theo chuẩn PDF/A-2B; lời khai này chưa được kiểm tra."
        ]
    );
}

#[test]
fn the_second_file_identifier_is_new_with_each_revision() {
    let office = Office::open();
    let [one, two, _] = signed_thrice(&office);
    let identifiers = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let at = text.rfind("/ID[<").expect("an identifier");
        (text[at + 5..at + 37].to_owned(), text[at + 39..at + 71].to_owned())
    };
    let (first, second, third) = (identifiers(&scan()), identifiers(&one), identifiers(&two));
    assert!(first.0 == second.0 && second.0 == third.0);
    assert!(first.1 != second.1 && second.1 != third.1);
}

/// The clerk's seal: the seal over the person's signature, the number and the date in their places,
/// all of one signature; the person's stays valid.
#[test]
fn seal_number_and_date_are_one_signature() {
    let office = Office::open();
    let [one, two, _] = signed_thrice(&office);
    let at = |x, y, width, height| Place::At { page: 1, x, y, width, height };
    let [x, y, width, height] = SLOT;
    let over = Place::SealOver { page: 1, x, y, width, height };
    let marks = vec![
        VisibleMark::seal(over, Seal::drawn("ỦY BAN NHÂN DÂN", &["XÃ YÊN BÌNH"])),
        VisibleMark::words(at(80.0, 700.0, 40.0, 12.8), "118"),
        VisibleMark::words(at(330.0, 700.0, 142.0, 12.8), "ngày 21 tháng 11 năm 2026"),
    ];
    let request = SignRequest { marks, ..SignRequest::invisible(now()) };
    let sealed = sign(&two, &office.agency, &request).expect("a seal with number and date");
    assert!(sealed.starts_with(&two) && two.starts_with(&one));
    let report = validate(&sealed, &office.trust());
    assert_eq!(report.verdict, pdf::validate::Verdict::Intact, "{:?}", report.problems);
    assert_eq!(report.signatures.len(), 3);
    assert!(report.signatures.iter().all(|signature| signature.warnings.is_empty()), "{report:#?}");
    let path = keep("sealed.pdf", &sealed).to_string_lossy().into_owned();
    let (passed, said) = judge("qpdf", &["--check", &path]);
    assert!(passed, "{said}");

    let elsewhere = VisibleMark::words(Place::At { page: 9, x: 1.0, y: 1.0, width: 40.0, height: 14.0 }, "1");
    let request = SignRequest { marks: vec![elsewhere], ..SignRequest::invisible(now()) };
    assert!(sign(&two, &office.agency, &request).is_err());
}
