//! `motcua bench truth`: what was read is held against what is known.

use serde_json::json;

use crate::program::{folder, good_jpeg, motcua, write};

#[test]
fn another_programs_text_is_scored_like_ours() {
    let (place, texts) = (folder(), folder());
    for (name, truth, read) in
        [("mot", "Giấy khai sinh", "Giấy khai sinh"), ("hai", "Giấy khai tử", "Giấy khai tư")]
    {
        write(place.path(), &format!("{name}.jpg"), b"not opened");
        write(place.path(), &format!("{name}.gt.txt"), truth);
        write(texts.path(), &format!("{name}.txt"), read);
    }
    let arguments = ["bench", "truth", "--json", "--score"];
    let call = || {
        let mut call: Vec<_> = arguments.iter().map(std::ffi::OsString::from).collect();
        call.extend([texts.path().into(), place.path().into()]);
        motcua(&call)
    };
    let ran = call();
    assert_eq!(ran.code, 0, "{}", ran.complained);
    let letters = &ran.json()["letters"]["-"];
    assert_eq!(letters["n_pages"], 2);
    let rate = |of: &str| letters[of].as_f64().expect("a number");
    // One letter of twelve on one page of two; only its mark is wrong; one word of three.
    for (of, percent) in [("cer", 100.0 / 24.0), ("cer_without_marks", 0.0), ("wer", 100.0 / 6.0)] {
        assert!((rate(of) - percent).abs() < 1e-9, "{of}: {}", rate(of));
    }
    std::fs::remove_file(texts.path().join("hai.txt")).expect("it was there");
    assert_eq!(call().code, 1, "a page that was not read is told");
}

#[test]
fn a_field_that_was_not_found_counts_as_missed() {
    let place = folder();
    write(place.path(), "giay.jpg", good_jpeg());
    write(place.path(), "giay.gt.txt", "Số: 12/QĐ-UBND");
    write(place.path(), "giay.fields.json", r#"{"number": "12/QĐ-UBND", "owner_name": null}"#);
    let ran = motcua(["bench".as_ref(), "truth".as_ref(), "--json".as_ref(), place.path().as_os_str()]);
    assert_eq!(ran.code, 0, "{}", ran.complained);
    let answer = ran.json();
    assert_eq!(answer["by_field"]["number"]["missed"], 1, "{answer}");
    assert_eq!(answer["by_field"].as_object().expect("fields").len(), 1, "{answer}");
    let missed =
        json!([{ "paper": "-/giay", "field": "number", "truth": null, "value": null, "is_flagged": false }]);
    assert_eq!(answer["not_right"], missed);
}
