//! Every shipped procedure through every sheet of the editor: its page is rendered, the fields of the page
//! are sent back as a browser sends them, and the draft is what it was.

use super::cases::case_sheet;
use super::editor::{page_of, sample_head};
use super::sheet::{Edit, Sheet};
use crate::form::{Posted, encoded};
use rules::procedure::editing::Shift;
use rules::procedure::testing::random_sound_procedure;
use rules::procedure::{LinkedPart, Procedure, SystemOfRecord, Validity, portable};
use std::path::Path;

fn shipped() -> Vec<Procedure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../procedures");
    let entries = |folder: &Path| -> Vec<_> {
        let read = std::fs::read_dir(folder).expect("a folder of procedures");
        read.map(|entry| entry.expect("an entry").path()).collect()
    };
    let files = entries(&folder).into_iter().flat_map(|code| entries(&code));
    let all: Vec<Procedure> = files
        .map(|file| portable::read(&std::fs::read(file).expect("a file")).expect("a procedure"))
        .collect();
    assert!(all.len() >= 27, "{} procedures ship", all.len());
    all
}

/// The fields of the form with this id, as a browser would send them.
fn fields(page: &str, form: &str) -> Vec<(String, String)> {
    let start = page.find(&format!("id=\"{form}\"")).expect("the form");
    let end = start + page[start..].find("</form>").expect("its end");
    let mut rest = &page[start..end];
    let mut sent = Vec::new();
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let tag_end = rest.find('>').expect("a whole tag");
        let (tag, after) = (&rest[..tag_end], &rest[tag_end + 1..]);
        let name = attribute(tag, "name").unwrap_or_default();
        let is_box = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
        if tag.starts_with("input ") && (!is_box || tag.contains(" checked")) {
            sent.push((name, attribute(tag, "value").unwrap_or_default()));
        } else if tag.starts_with("textarea ") {
            let text = &after[..after.find("</textarea>").expect("its end")];
            sent.push((name, plain(text.strip_prefix('\n').unwrap_or(text))));
        } else if tag.starts_with("select ") {
            let options = &after[..after.find("</select>").expect("its end")];
            let chosen = options.split("<option ").skip(1).find(|option| option.contains(" selected"));
            // Without a choice a browser sends the first option.
            let option = chosen.or(options.split("<option ").nth(1));
            sent.push((name, option.and_then(|option| attribute(option, "value")).unwrap_or_default()));
        }
        rest = after;
    }
    sent
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let from = tag
        .find(&format!(" {name}=\""))
        .map(|at| at + name.len() + 3)
        .or_else(|| tag.starts_with(&format!("{name}=\"")).then_some(name.len() + 2))?;
    let until = from + tag[from..].find('"')?;
    Some(plain(&tag[from..until]))
}

fn plain(text: &str) -> String {
    let marks = [
        ("&lt;", "<"),
        ("&#60;", "<"),
        ("&gt;", ">"),
        ("&#62;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
        ("&#38;", "&"),
    ];
    marks.iter().fold(text.to_owned(), |text, (mark, letter)| text.replace(mark, letter))
}

fn body(sent: &[(String, String)]) -> Vec<u8> {
    let pairs = sent.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&").into_bytes()
}

fn sent_back(sheet: Sheet, draft: &Procedure) -> Posted {
    let page = page_of(sheet, draft, sample_head(draft), sheet.fill(draft));
    Posted::parse(&body(&fields(&page, "bang")))
}

fn assert_unchanged(draft: &Procedure) {
    for sheet in Sheet::all(draft) {
        let posted = sent_back(sheet, draft);
        let read = sheet.read(draft, &posted);
        assert_eq!(read.as_ref(), Ok(draft), "{} {sheet:?}", draft.code);
        assert_eq!(portable::read(portable::write(draft).as_bytes()).as_ref(), Ok(draft));
    }
}

#[test]
fn every_shipped_procedure_comes_back_from_its_forms_as_it_was() {
    for procedure in shipped() {
        assert_unchanged(&procedure);
    }
}

#[test]
fn whatever_a_procedure_may_hold_comes_back() {
    for seed in 0..40 {
        let mut procedure = random_sound_procedure(seed);
        procedure.name = "Cấp “phép” & <b>đậm</b> 'nháy' \"kép\"".to_owned();
        procedure.system = SystemOfRecord::Ministry("Hệ thống của Bộ".to_owned());
        procedure.results[0].validity = Validity::Months(6);
        procedure.linked.push(LinkedPart {
            id: "phan".to_owned(),
            procedure: "1.004873".parse().expect("a code"),
            case: "da-ly-hon".to_owned(),
            agency: rules::procedure::AgencyRule::Named("H99.40".parse().expect("a code")),
            after: vec!["khac".to_owned(), "nua".to_owned()],
        });
        assert_unchanged(&procedure);
    }
}

#[test]
fn a_form_that_was_cut_off_changes_nothing() {
    let procedure = random_sound_procedure(3);
    let page = page_of(Sheet::Process, &procedure, sample_head(&procedure), Sheet::Process.fill(&procedure));
    let mut sent = fields(&page, "bang");
    assert_eq!(sent.pop(), Some(("het".to_owned(), "1".to_owned())), "the last field of the form");
    let posted = Posted::parse(&body(&sent));
    let faults = Sheet::Process.read(&procedure, &posted).expect_err("it is not whole").faults;
    assert!(faults[0].1.contains("không đủ"), "{faults:?}");
}

#[test]
fn what_is_no_number_is_told_at_its_field_with_all_else() {
    let procedure = random_sound_procedure(3);
    let page = page_of(Sheet::Process, &procedure, sample_head(&procedure), Sheet::Process.fill(&procedure));
    let mut sent = fields(&page, "bang");
    for (name, value) in &mut sent {
        match name.as_str() {
            "buoc0-han-so" => *value = "ba".to_owned(),
            "buoc1-ten" => value.clear(),
            _ => {}
        }
    }
    let faults =
        Sheet::Process.read(&procedure, &Posted::parse(&body(&sent))).expect_err("two faults").faults;
    let fields: Vec<&str> = faults.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["buoc0-han-so", "buoc1-ten"]);
}

#[test]
fn buttons_say_what_they_do_to_which_row() {
    let add = |what: &str, at| Edit::Add { what: what.to_owned(), at };
    assert_eq!(Edit::of("them:buoc:2"), add("buoc", 2));
    assert_eq!(Edit::of("them:kq"), add("kq", 0));
    assert_eq!(Edit::of("re:buoc:4"), Edit::Branch { at: 4 });
    let up = Edit::Shift { what: "tp".to_owned(), at: 3, by: Shift::Earlier };
    assert_eq!(Edit::of("len:tp:3"), up);
    assert_eq!(Edit::of("bo:phi:1:2"), Edit::Remove { what: "phi".to_owned(), of: 1, at: 2 });
    assert_eq!((Edit::of(""), Edit::of("khac")), (Edit::Save, Edit::Save));
}

#[test]
fn rows_are_added_moved_and_taken_out() {
    let draft =
        shipped().into_iter().find(|procedure| procedure.cases.len() > 1).expect("one with two cases");
    let edit = |sheet: Sheet, draft: Procedure, pressed: &str| sheet.edit(draft, &Edit::of(pressed));
    let case = Sheet::Case(0);
    let n_fees = draft.cases[0].channels[0].fees.len();
    let edited = edit(case, draft.clone(), "them:phi:0");
    assert_eq!(edited.cases[0].channels[0].fees.len(), n_fees + 1);
    assert_eq!(edit(case, edited, &format!("bo:phi:0:{n_fees}")), draft);
    let n = draft.cases[0].components.len();
    let edited = edit(case, draft.clone(), "them:tp");
    assert_eq!(case_sheet(&edited, 0, &Sheet::Case(0).fill(&edited)).components.len(), n + 1);
    assert_eq!(edit(case, edited, &format!("bo:tp:{n}")), draft);
    let twice = edit(case, edit(case, draft.clone(), "xuong:tp:0"), "len:tp:1");
    assert_eq!(twice, draft);
    let copied = edit(case, draft.clone(), "them:truong-hop");
    assert_eq!(copied.cases.len(), draft.cases.len() + 1);
    assert_eq!(copied.cases[1].components, draft.cases[0].components, "like the one beside it");
    assert!(
        copied.faults().iter().all(|fault| !fault.to_string().contains("hai lần")),
        "with an id of its own"
    );
    assert_eq!(edit(Sheet::Case(1), copied, "bo:truong-hop:1"), draft);
    for (sheet, add, remove) in [
        (Sheet::Results, "them:kq", format!("bo:kq:{}", draft.results.len())),
        (Sheet::Facts, "them:phan", format!("bo:phan:{}", draft.linked.len())),
        (Sheet::Process, "them:cho", format!("bo:cho:{}", draft.process.waits.len())),
        (Sheet::Process, "them:y-kien:1", format!("bo:y-kien:1:{}", draft.process.steps[1].consults.len())),
        (Sheet::Process, "them:buoc:1", "bo:buoc:2".to_owned()),
        (Sheet::Process, "re:buoc:1", "bo:buoc:2".to_owned()),
    ] {
        let edited = edit(sheet, draft.clone(), add);
        assert_ne!(edited, draft, "{add}");
        assert_unchanged(&edited_for_saving(edited.clone()));
        assert_eq!(edit(sheet, edited, &remove), draft, "{remove}");
    }
}

/// What a new row leaves empty must be typed before it can be saved.
fn edited_for_saving(mut draft: Procedure) -> Procedure {
    for result in &mut draft.results {
        if result.code.is_empty() {
            result.code = "MOI".to_owned();
        }
    }
    draft
}
