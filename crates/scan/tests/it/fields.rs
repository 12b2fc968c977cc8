//! From a drawn paper to its fields, through the real engine.

use jiff::civil::date;
use scan::extract::{FieldKey, PaperKind, fields};
use scan::geometry::Turn;
use scan::intake::Limits;

use crate::POOL;
use crate::paper::decision;

#[test]
fn a_decision_gives_its_fields() {
    let mut paper = decision(200);
    paper.stamp(140.0, 196.0, 19.0);
    let opened = POOL.open(paper.jpeg(), &Limits::default()).expect("the file opens");
    let text = POOL.read(&opened[0].page.image, Turn::None, 200).expect("the page is read");
    let extracted = fields(std::slice::from_ref(&text), date(2024, 6, 1));
    assert_eq!(extracted.paper_type.kind, PaperKind::Decision, "{}", text.text());
    let value = |key| extracted.find(key).map(|field| field.value.as_str());
    assert_eq!(value(FieldKey::Number), Some("125/QĐ-UBND"), "{}", text.text());
    assert_eq!(value(FieldKey::IssuedOn), Some("2024-03-12"));
    assert_eq!(value(FieldKey::Issuer), Some("ỦY BAN NHÂN DÂN XÃ HỒNG THÁI"));
    assert_eq!(value(FieldKey::Abstract), Some("Về việc công nhận hộ gia đình văn hóa năm 2023"));
    assert_eq!(value(FieldKey::Signatory), Some("Nguyễn Thị Hồng Vân"));
    assert_eq!(value(FieldKey::OwnerPersonalId), None);
    // The box of the number lies on the number.
    let printed = paper.words.iter().find(|(word, _)| word == "125/QĐ-UBND").expect("it is printed").1;
    let read = extracted.find(FieldKey::Number).expect("it is found").rect;
    assert!(read[0].abs_diff(printed[0]) < 12 && read[1].abs_diff(printed[1]) < 24, "{read:?} {printed:?}");
}
