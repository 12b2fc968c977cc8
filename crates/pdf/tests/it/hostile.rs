//! Truncated and mutated files: an answer, never a panic or a hang.

use crate::samples::{Office, now, scan};
use pdf::sign::{SignRequest, sign};
use pdf::validate::{Verdict, validate};

/// A small generator, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// A signed file small enough to be mutated often.
fn small(office: &Office) -> Vec<u8> {
    use crate::samples::{jpeg, metadata, page};
    let mut page = page(jpeg(pdf::archive::Colour::Grey, 64, 64), 64);
    page.words.truncate(0);
    let scan = pdf::archive::write(&[page], &metadata()).expect("a file");
    sign(&scan, &office.officer, &SignRequest::invisible(now())).expect("a signature")
}

fn examine(bytes: &[u8], office: &Office) -> Verdict {
    if let Ok(document) = pdf::read::open(bytes) {
        let _ = (document.page_sizes(), document.has_signatures(), document.pdfa_claim());
    }
    let _ = pdf::sign::prepare(bytes, office.officer.certificate(), &[], &SignRequest::invisible(now()));
    let report = validate(bytes, &office.trust());
    assert!(!report.sentences().is_empty());
    report.verdict
}

#[test]
fn truncations_are_never_accepted() {
    let office = Office::open();
    let file = small(&office);
    let mut dice = Dice(1);
    for _ in 0..150 {
        // The last byte is a line end that the file can lose without losing anything.
        let cut = dice.roll(file.len() - 1);
        let verdict = examine(&file[..cut], &office);
        assert!(verdict != Verdict::Intact, "cut at {cut}");
    }
}

#[test]
fn mutations_never_panic() {
    const WORDS: [&[u8]; 14] = [
        b"<<",
        b">>",
        b"[",
        b"]",
        b"(",
        b"<",
        b"obj",
        b" 0 R",
        b"/Prev 15",
        b"/Kids[1 0 R]",
        b"99999999999",
        b"-1",
        b"stream\n",
        b"startxref\n0\n%%EOF",
    ];
    let office = Office::open();
    let files = [small(&office), scan()];
    let mut dice = Dice(7);
    for round in 0..300 {
        let mut bytes = files[usize::from(round % 20 == 0)].clone();
        for _ in 0..=dice.roll(4) {
            let at = dice.roll(bytes.len());
            match dice.roll(4) {
                0 => bytes[at] = dice.roll(256) as u8,
                1 => {
                    let word = WORDS[dice.roll(WORDS.len())];
                    bytes.splice(at..at, word.iter().copied());
                }
                2 => {
                    let end = (at + dice.roll(64)).min(bytes.len());
                    bytes.drain(at..end);
                }
                _ => {
                    let end = (at + dice.roll(64)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    bytes.extend(part);
                }
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        examine(&bytes, &office);
    }
}

#[test]
fn circles_end() {
    let office = Office::open();
    let around = |body: &str| {
        let start = body.len();
        format!(
            "{body}xref\n0 1\n0000000000 65535 f\r\ntrailer\n<</Root 1 0 R/Size 9/Prev {start}>>\nstartxref\n{start}\n%%EOF\n"
        )
    };
    assert_eq!(examine(around("%PDF-1.7\n").as_bytes(), &office), Verdict::Unreadable);
    // Pages, kids and fields that contain themselves; a stream whose length is itself.
    let body = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/AcroForm 1 0 R/Fields[1 0 R]>>\nendobj\n\
                2 0 obj\n<</Length 2 0 R>>\nstream\n\nendstream\nendobj\n";
    let (first, second, start) = (9, body.find("2 0 obj").expect("an object"), body.len());
    let file = format!(
        "{body}xref\n0 3\n0000000000 65535 f\r\n{first:010} 00000 n\r\n{second:010} 00000 n\r\n\
         trailer\n<</Root 1 0 R/Size 3/Info 2 0 R>>\nstartxref\n{start}\n%%EOF\n"
    );
    examine(file.as_bytes(), &office);
}
