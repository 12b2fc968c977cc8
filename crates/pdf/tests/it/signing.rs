//! Signing: person then agency, marks in place, judged from outside.

use crate::samples::{Office, judge, keep, now, scan};
use pdf::sign::{SignRequest, sign};
use pdf::stamp::{Place, Seal, VisibleMark};

const SLOT: [f64; 4] = [330.0, 560.0, 180.0, 50.0];

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
