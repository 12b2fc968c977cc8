//! Every form of the `forms` folder against its sample and golden text; places, bounds, bad input.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::Timestamp;
use serde_json::{Value, json};
use unicode_normalization::is_nfc;

use super::{Error, Form, MAX_PAGES, Paper, Printed, Slot, render};

const ABOUT: &str = r#"
code = "thu"
name = "Phiếu thử"
legal_basis = ["Nghị định 30/2020/NĐ-CP"]
valid_from = "2025-07-01"
valid_to = "2026-06-30"
paper = "A5"
"#;

fn at() -> Timestamp {
    "2026-11-05T02:12:00Z".parse().expect("a timestamp")
}

fn form(source: &str) -> Form {
    Form::new(ABOUT, source.to_owned()).expect("a description")
}

fn print(source: &str, data: &Value) -> Result<Printed, Error> {
    render(&form(source), data, at())
}

/// Folders `forms/<code>/<valid-from>`.
fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms");
    let list = |folder: &Path| -> Vec<PathBuf> {
        let mut list: Vec<PathBuf> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.is_dir())
            .collect();
        list.sort();
        list
    };
    list(&root).iter().flat_map(|form| list(form)).collect()
}

fn load(folder: &Path) -> (Form, Value) {
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a file of the form");
    let form = Form::new(&read("form.toml"), read("form.typ")).expect("a description");
    (form, serde_json::from_str(&read("sample.json")).expect("JSON"))
}

fn sample(code: &str) -> (Form, Value) {
    let folder = folders()
        .into_iter()
        .find(|folder| folder.parent().is_some_and(|parent| parent.ends_with(code)))
        .expect("the form");
    load(&folder)
}

/// The text of a PDF through poppler, laid out as on the page; none where poppler is not there.
fn text_of(pdf: &[u8]) -> Option<String> {
    poppler(pdf, "-layout")
}

fn poppler(pdf: &[u8], order: &str) -> Option<String> {
    let child = Command::new("pdftotext")
        .args([order, "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        assert!(option_env!("CI").is_none(), "pdftotext is missing");
        return None;
    };
    child.stdin.take().expect("piped").write_all(pdf).expect("read by pdftotext");
    let output = child.wait_with_output().expect("the text");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    Some(lines.join("\n").trim_end().to_owned() + "\n")
}

/// Slips that nobody signs, or by hand alone.
const UNSIGNED: [&str; 3] = ["phieu-lay-so", "bien-lai-thu-phi", "to-phan-cach"];

/// To accept new texts, run once with `UPDATE_FORMS=1` and read the difference.
#[test]
fn every_form_prints_its_sample() {
    let folders = folders();
    assert!(folders.len() >= 7);
    for folder in folders {
        let (form, data) = load(&folder);
        let name = folder.display();
        assert!(folder.ends_with(format!("{}/{}", form.about().code, form.about().valid_from)));
        let printed = render(&form, &data, at()).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        // A separator sheet has a front and a back.
        let n_pages = data["sheets"].as_array().map_or(1, |sheets| 2 * sheets.len());
        assert_eq!(printed.pages, n_pages, "{name}");
        let is_signed = printed.slots.iter().any(|slot| slot.name == "ky");
        assert_eq!(is_signed, !UNSIGNED.contains(&form.about().code.as_str()), "{name}");

        let Some(text) = text_of(&printed.pdf) else {
            continue;
        };
        assert!(is_nfc(&text), "{name}");
        let golden = folder.join("sample.txt");
        if option_env!("UPDATE_FORMS").is_some() {
            fs::write(&golden, &text).expect("the golden text");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert!(text == expected, "{name}: the text is now\n{text}");
    }
}

/// An office to learn in draws across every sheet that it is worth nothing.
#[test]
fn every_form_keeps_what_is_drawn_behind_it() {
    for folder in folders() {
        let (form, data) = load(&folder);
        let marked = format!("#set page(background: place(top + left)[VẼ SAU TỜ]); {}", form.source());
        let printed = render(&form.with_source(marked).expect("a template"), &data, at()).expect("a PDF");
        if let Some(text) = poppler(&printed.pdf, "-raw") {
            assert!(text.contains("VẼ SAU TỜ"), "{}: {text}", folder.display());
        }
    }
}

#[test]
fn the_same_input_gives_the_same_archival_file() {
    let (form, data) = sample("01-giay-tiep-nhan");
    let first = render(&form, &data, at()).expect("a PDF").pdf;
    let second = render(&form, &data, at()).expect("a PDF").pdf;
    assert!(first == second);

    let later = render(&form, &data, at() + jiff::SignedDuration::from_secs(60)).expect("a PDF");
    assert!(first != later.pdf);
    let text = String::from_utf8_lossy(&first);
    assert!(text.contains("pdfaid:part>2<") && text.contains("pdfaid:conformance>B<"));
    assert!(text.contains("2026-11-05T09:12:00+07:00"));
}

fn slot<'a>(printed: &'a Printed, name: &str) -> &'a Slot {
    printed.slots.iter().find(|slot| slot.name == name).expect("the slot")
}

#[test]
fn a_result_keeps_room_for_signature_seal_number_and_day() {
    for code in ["ket-qua-xac-nhan-hon-nhan", "ket-qua-chung", "ket-qua-ho-kinh-doanh"] {
        let (form, mut data) = sample(code);
        let printed = render(&form, &data, at()).expect("a PDF");
        let names: Vec<&str> = printed.slots.iter().map(|slot| slot.name.as_str()).collect();
        assert_eq!(names, ["so", "ngay", "ky", "dau"], "{code}");

        // The seal covers the left third of the signature; number and day stand side by side.
        let (sign, seal) = (slot(&printed, "ky"), slot(&printed, "dau"));
        assert!((seal.x_pt + seal.width_pt - sign.x_pt - sign.width_pt / 3.0).abs() < 0.01);
        let middle = |slot: &Slot| slot.y_pt + slot.height_pt / 2.0;
        assert!((middle(seal) - middle(sign)).abs() < 0.01);
        let (number, day) = (slot(&printed, "so"), slot(&printed, "ngay"));
        assert!((number.y_pt - day.y_pt).abs() < 6.0 && number.x_pt < day.x_pt);
        assert!(number.y_pt > 600.0 && sign.y_pt < number.y_pt);

        // A number and a day that are known are printed, and nothing is left to draw.
        data["number"] = json!("118");
        data["issued_on"] = json!("2026-01-09");
        let printed = render(&form, &data, at()).expect("a PDF");
        assert_eq!(printed.slots.len(), 2);
        if let Some(text) = text_of(&printed.pdf) {
            assert!(text.contains("Số: 118/") && text.contains("ngày 09 tháng 01 năm 2026"));
        }
    }
}

#[test]
fn a_slot_is_measured_from_the_lower_left_corner() {
    let source = r#"#import "/motcua.typ": *
#set page(width: 200pt, height: 300pt, margin: 20pt)
#pagebreak()
#place(top + left, dx: 10pt, dy: 30pt, slot("ky", 50pt, 40pt))"#;
    let printed = print(source, &json!({})).expect("a PDF");
    let expected =
        Slot { name: "ky".to_owned(), page: 2, x_pt: 30.0, y_pt: 210.0, width_pt: 50.0, height_pt: 40.0 };
    assert_eq!(printed.slots, [expected]);
}

#[test]
fn forty_components_and_endless_names_stay_on_the_sheet() {
    let (form, mut data) = sample("01-giay-tiep-nhan");
    let long = "Quyết định phê duyệt quy hoạch chi tiết xây dựng tỷ lệ 1/500 ".repeat(3);
    let components: Vec<Value> =
        (1..=40).map(|at| json!({ "name": format!("Giấy tờ số {at}: {long}"), "original": at })).collect();
    data["components"] = json!(components);
    data["submitter_name"] = json!("Nguyễn".repeat(60));
    let printed = render(&form, &data, at()).expect("a PDF");
    assert!(printed.pages > 1);
    assert_eq!(slot(&printed, "ky").page, printed.pages);

    let Some(text) = text_of(&printed.pdf) else {
        return;
    };
    assert!(text.contains("Giấy tờ số 40"));
    // A page 595 points wide has no room for 120 letters: the name must have been broken.
    let squeezed = text.replace('\u{200b}', "");
    assert!(squeezed.lines().all(|line| line.matches("Nguyễn").count() <= 20));
    assert!(squeezed.matches("Nguyễn").count() >= 60);
}

#[test]
fn a_draft_says_so_on_every_page() {
    let (form, mut data) = sample("ket-qua-chung");
    let words = |data: &Value| {
        let printed = render(&form, data, at()).expect("a PDF");
        let text = poppler(&printed.pdf, "-raw")?;
        // Set askew, the two words come out as lines of their own.
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let draft = lines.windows(2).filter(|pair| *pair == ["DỰ", "THẢO"]).count();
        Some((printed.pages, draft))
    };
    let body = data["body"].as_array().expect("paragraphs").clone();
    data["body"] = json!(vec![body; 6].concat());
    let Some((pages, draft)) = words(&data) else {
        return;
    };
    assert!(pages > 1 && draft == 0);
    data["draft"] = json!(true);
    assert_eq!(words(&data), Some((pages, pages)));
}

#[test]
fn text_in_another_normal_form_prints_composed() {
    let decomposed = "Tie\u{302}\u{301}p nha\u{323}\u{302}n";
    let printed = print("#json(\"/data.json\").text", &json!({ "text": decomposed })).expect("a PDF");
    if let Some(text) = text_of(&printed.pdf) {
        assert_eq!(text.trim(), "Tiếp nhận");
    }
}

#[test]
fn data_is_text_and_never_markup() {
    let data = json!({ "text": "#read(\"/etc/passwd\") *đậm* $x$ <ky> \\" });
    let printed = print("#json(\"/data.json\").text", &data).expect("a PDF");
    assert!(printed.slots.is_empty());
    if let Some(text) = text_of(&printed.pdf) {
        assert_eq!(text.trim(), "#read(\"/etc/passwd\") *đậm* $x$ <ky> \\");
    }
}

/// Whatever was typed into a name, the sheet is printed; where a letter is missing it shows that one is.
#[test]
fn letters_no_face_has_keep_no_sheet_from_print() {
    let typed = "Vàng 李 \u{1f600}\u{e000}\u{0} \u{feff}A\u{200b}\u{202e} Sử\u{fdd0} e\u{302}\u{301}";
    let printed = print("#json(\"/data.json\").text", &json!({ "text": typed })).expect("a PDF");
    if let Some(text) = text_of(&printed.pdf) {
        assert_eq!(text.trim(), "Vàng □ □□ A Sử□ ế");
    }
}

fn refusal(source: &str) -> String {
    print(source, &json!({})).expect_err("a refusal").to_string()
}

#[test]
fn a_form_reaches_nothing_outside() {
    for path in ["/etc/passwd", "../../../../etc/passwd", "/Cargo.toml", "form.toml"] {
        let message = refusal(&format!("Một dòng\n\n#read(\"{path}\")"));
        assert!(message.starts_with("form `thu`, `form.typ` line 3: "), "{message}");
    }
    let message = refusal("#import \"@preview/cetz:0.4.0\": canvas");
    assert!(message.starts_with("form `thu`, `form.typ` line 1: "), "{message}");
}

#[test]
fn a_wrong_form_says_where_and_why() {
    let cases = [
        ("dòng\n#let x = (", "line 2: unclosed delimiter"),
        ("#while true { }", "line 1: condition is always true"),
        ("#let i = 0\n#while i >= 0 { i += 1 }", "line 2: loop seems to be infinite"),
        ("#let f(x) = f(x)\n#f(1)", "maximum function call depth exceeded"),
        ("#import \"/motcua.typ\": *\n\n#data.dossier_code", "line 3: dictionary does not contain key"),
        ("#import \"/motcua.typ\": *\n#signed(1, [])", "line 2: "),
        ("#metadata(3) <slot>", "slot `` is not a place made by `slot`"),
        (
            "#import \"/motcua.typ\": *\n#slot(\"a\", 1pt, 1pt)#slot(\"a\", 1pt, 1pt)",
            "slot `a` is there twice",
        ),
        (
            "#import \"/motcua.typ\": *\n#place(dx: -500pt, slot(\"a\", 1pt, 1pt))",
            "slot `a` is not on its page",
        ),
    ];
    for (source, expected) in cases {
        let message = refusal(source);
        assert!(message.contains(expected), "{source}: {message}");
    }
}

#[test]
fn sizes_are_bounded() {
    let long = format!("#for i in range({MAX_PAGES}) [#pagebreak() trang]");
    assert_eq!(refusal(&long), "form `thu` makes 201 pages, more than 200");

    let big = json!({ "text": "ă".repeat(1 << 20) });
    let fault = print("", &big).expect_err("too large").to_string();
    assert_eq!(fault, "data of 2097163 bytes is more than 2097152");
    let fault = Form::new(ABOUT, " ".repeat(1 << 19)).expect_err("too large").to_string();
    assert_eq!(fault, "template of 524288 bytes is more than 262144");
}

/// As many lines as an office prints at once, each as long as they come.
#[test]
fn a_long_register_fits_the_bounds() {
    let (form, mut data) = sample("07-so-theo-doi");
    let longest = data["lines"][0].clone();
    data["lines"] = Value::Array(vec![longest; 1_000]);
    let printed = render(&form, &data, at()).expect("a PDF");
    assert!(printed.pages > 100, "{} pages", printed.pages);
}

#[test]
fn a_qr_code_lacks_nothing_the_law_wants() {
    let (form, data) = sample("01-giay-tiep-nhan");
    for key in &form.about().qr {
        let mut less = data.clone();
        less.as_object_mut().expect("an object").remove(key);
        let fault = render(&form, &less, at()).expect_err("a refusal").to_string();
        assert!(fault.contains(&format!("`{key}` belongs in the QR code")), "{fault}");
    }
    let mut more = data;
    more["paper_name"] = json!("ỹ".repeat(1000));
    let fault = render(&form, &more, at()).expect_err("a refusal").to_string();
    assert!(fault.ends_with("bytes do not fit into a QR code"), "{fault}");
}

#[test]
fn the_drawing_is_the_code_module_by_module() {
    let text = "000.26.47.H18-261105-0012|1.004873|Giấy tiếp nhận hồ sơ";
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).expect("a code");
    let width = code.width();
    let svg = super::qr::drawing(text).expect("a drawing");
    assert!(svg.contains(&format!("viewBox=\"0 0 {0} {0}\"", width + 8)));

    let (_, bars) = svg.rsplit_once("d=\"").expect("the path of the bars");
    let (bars, _) = bars.split_once('"').expect("its end");
    let mut drawn = vec![qrcode::Color::Light; width * width];
    for bar in bars.split('M').skip(1) {
        let numbers: Vec<usize> = bar
            .split(|letter: char| !letter.is_ascii_digit())
            .filter_map(|number| number.parse().ok())
            .collect();
        let from = (numbers[1] - 4) * width + numbers[0] - 4;
        drawn[from..from + numbers[2]].fill(qrcode::Color::Dark);
    }
    assert!(drawn == code.to_colors());
}

#[test]
fn a_separator_in_a_field_does_not_make_two_fields() {
    let form = Form::new(&format!("{ABOUT}qr = [\"a\", \"b\", \"c\"]"), String::new()).expect("a form");
    let data = json!({ "a": "một|hai\nba", "b": "", "c": 4 });
    assert_eq!(super::qr::text(&form, &data).expect("a text"), "một hai ba||4");
}

#[test]
fn a_description_is_read_strictly() {
    let form = form("");
    assert_eq!(form.about().paper, Paper::A5);
    let valid = |day: &str| form.is_valid_on(day.parse().expect("a day"));
    assert!(!valid("2025-06-30") && valid("2025-07-01"));
    assert!(valid("2026-06-30") && !valid("2026-07-01"));
    assert!(Form::new(&format!("{ABOUT}\nsize = 3"), String::new()).is_err());
    assert!(Form::new(&ABOUT.replace("A5", "A3"), String::new()).is_err());
}
