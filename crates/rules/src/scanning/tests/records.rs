//! The order is the law's: read, signed, confirmed, filed; a file that came signed is not signed again.

use super::{
    BINH, DOSSIER, ENTRY, FieldKey, HOA, HOLDER, RECORD, Record, RecordRefused, RecordState, SCOPE, Source,
    TypedFields, UPLOAD, at, blob, fields, reading,
};
use std::fmt::Write as _;

fn record(source: Source) -> Record {
    Record {
        id: RECORD,
        version: 1,
        dossier: DOSSIER,
        component: "to-khai".to_owned(),
        owner: HOLDER,
        scope: SCOPE,
        digitiser: HOA,
        source,
        state: RecordState::Reading,
    }
}

fn pages() -> Record {
    record(Source::Pages { pages: Vec::new() })
}

fn signed_file() -> Record {
    record(Source::SignedFile { upload: UPLOAD })
}

fn read(record: Record) -> Record {
    record.read(blob('a'), reading()).expect("it was being read")
}

fn sign(record: Record) -> Result<Record, RecordRefused> {
    record.signed(blob('b'), at("2026-11-18T10:00"))
}

fn file(record: Record) -> Result<Record, RecordRefused> {
    record.file(fields(), ENTRY, BINH)
}

#[test]
fn a_scan_is_read_signed_confirmed_and_filed() {
    let read = read(pages());
    assert_eq!(read.state, RecordState::ToSign { pdf: blob('a'), reading: reading() });
    let signed = sign(read).expect("it waits for its signature");
    let signed_at = Some(at("2026-11-18T10:00"));
    assert_eq!(signed.state, RecordState::ToConfirm { pdf: blob('b'), reading: reading(), signed_at });
    let filed = file(signed).expect("it waits for a person");
    assert_eq!(
        filed.state,
        RecordState::Filed {
            pdf: blob('b'),
            reading: reading(),
            entry: ENTRY,
            fields: fields(),
            confirmed_by: BINH
        }
    );
    assert_eq!(filed.state.pdf(), Some(&blob('b')), "the signed file is the one that is kept");
}

#[test]
fn a_file_that_came_signed_is_never_signed_over() {
    let read = read(signed_file());
    assert_eq!(read.state, RecordState::ToConfirm { pdf: blob('a'), reading: reading(), signed_at: None });
    assert_eq!(sign(read.clone()), Err(RecordRefused::NotNow("to_confirm")));
    assert_eq!(file(read).expect("a person confirmed").state.pdf(), Some(&blob('a')));
    // Nor after it was stuck and tried again.
    let stuck = signed_file().stuck("Ảnh quá mờ".to_owned()).expect("it was being read");
    for state in [
        stuck.clone().read(blob('a'), reading()),
        stuck.again().and_then(|record| record.read(blob('a'), reading())),
    ] {
        assert_eq!(state.map(|record| record.state.kind()), Ok("to_confirm"));
    }
}

type Act = fn(Record) -> Result<Record, RecordRefused>;

#[test]
fn each_state_allows_these_acts_and_no_others() {
    let to_sign = read(pages());
    let to_confirm = sign(to_sign.clone()).expect("read");
    let filed = file(to_confirm.clone()).expect("signed");
    let stuck = pages().stuck("Ảnh quá mờ".to_owned()).expect("it was being read");
    let acts: [(&str, Act); 5] = [
        ("read", |record| record.read(blob('c'), reading())),
        ("stuck", |record| record.stuck("Ảnh quá mờ".to_owned())),
        ("again", Record::again),
        ("signed", sign),
        ("file", file),
    ];
    let mut table = String::new();
    for record in [pages(), stuck, to_sign, to_confirm, filed] {
        table.push_str(record.state.kind());
        for (name, act) in acts {
            let to = match act(record.clone()) {
                Ok(after) => after.state.kind().to_owned(),
                Err(RecordRefused::AlreadyFiled) => "already filed".to_owned(),
                Err(RecordRefused::NotNow(kind)) => {
                    assert_eq!(kind, record.state.kind(), "{name} says where it stands");
                    continue;
                }
            };
            write!(table, "\n    {name} → {to}").expect("a string takes everything");
        }
        table.push('\n');
    }
    insta::assert_snapshot!(table, @r"
    reading
        read → to_sign
        stuck → stuck
    stuck
        read → to_sign
        again → reading
    to_sign
        signed → to_confirm
    to_confirm
        file → filed
    filed
        file → already filed
    ");
}

#[test]
fn what_a_person_changed_is_counted() {
    let record = read(pages());
    let as_proposed =
        TypedFields { owner_name: " Nguye\u{302}\u{303}n Văn An ".to_owned(), ..TypedFields::default() };
    assert_eq!(record.corrected(&as_proposed), Vec::<String>::new(), "another normal form is the same name");
    let mut typed = as_proposed;
    typed.set(FieldKey::OwnerName, "Nguyễn Văn Ân".to_owned());
    typed.set(FieldKey::Issuer, "UBND phường".to_owned());
    assert_eq!(
        record.corrected(&typed),
        ["ho-ten", "noi-cap"],
        "a field left empty by the reader counts too"
    );
    assert_eq!(pages().corrected(&TypedFields::default()), Vec::<String>::new());
}

#[test]
fn records_of_the_first_version_still_open() {
    let id = "00000000-0000-0000-0000-0000000000";
    let sha = "a".repeat(64);
    let reading_text = format!(
        r#"{{"words":{{"sha256":"{words}","bytes":1234}},"n_pages":2,"n_words":180,"confidence":0.875,
            "proposed":[{{"key":"owner_name","value":"Nguyễn Văn An","confidence":0.5,
            "place":[0,[10.0,20.0,300.0,44.0]],"doubts":["Chữ mờ"]}}],"warnings":[]}}"#,
        words = "7".repeat(64)
    );
    let pdf = format!(r#""pdf":{{"sha256":"{sha}","bytes":1234}},"reading":{reading_text}"#);
    let fields_text = r#"{"paper_type":"TLKT","owner_number":"001090012345","owner_name":"Nguyễn Văn An",
        "number":"45/TLKT-BS","issued_on":"2021-03-27","issuer":"UBND phường An Cựu",
        "summary":"Trích lục khai tử","valid_to":null,"scope":"Toàn quốc"}"#;
    let signed_at = Some(at("2026-11-18T10:00"));
    for (text, state) in [
        (r#"{"state":"reading"}"#.to_owned(), RecordState::Reading),
        (
            format!(r#"{{"state":"to_sign",{pdf}}}"#),
            RecordState::ToSign { pdf: blob('a'), reading: reading() },
        ),
        (
            format!(r#"{{"state":"to_confirm",{pdf},"signed_at":"2026-11-18T03:00:00Z"}}"#),
            RecordState::ToConfirm { pdf: blob('a'), reading: reading(), signed_at },
        ),
        (
            format!(
                r#"{{"state":"filed",{pdf},"entry":"{id}e1","fields":{fields_text},"confirmed_by":"{id}b2"}}"#
            ),
            RecordState::Filed {
                pdf: blob('a'),
                reading: reading(),
                entry: ENTRY,
                fields: fields(),
                confirmed_by: BINH,
            },
        ),
        (
            r#"{"state":"stuck","why":"Ảnh quá mờ"}"#.to_owned(),
            RecordState::Stuck { why: "Ảnh quá mờ".to_owned() },
        ),
    ] {
        let opened: RecordState = serde_json::from_str(&text).expect(&text);
        assert_eq!(opened, state);
        let value: serde_json::Value = serde_json::from_str(&text).expect(&text);
        assert_eq!(serde_json::to_value(&state).expect("a state is written"), value);
        assert_eq!(value["state"], state.kind(), "the column and the tag are one word");
    }
    let source: Source = serde_json::from_str(&format!(r#"{{"source":"signed_file","upload":"{id}11"}}"#))
        .expect("a source of the first version");
    assert_eq!(source, Source::SignedFile { upload: UPLOAD });
}
