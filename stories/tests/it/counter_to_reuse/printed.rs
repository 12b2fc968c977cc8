//! What came out on paper, read back with programs that are not ours, and what the calendar should say.

use crate::installation::Installation;
use jiff::civil::{Date, DateTime};
use rules::calendar::{HoursPeriod, WorkingCalendar, YearTable, legal_time};
use rules::id::DossierId;
use std::path::Path;
use tokio::process::Command;

/// A printed document as text, with the text of its QR code.
#[derive(Debug)]
pub(super) struct Printed {
    pub(super) text: String,
    pub(super) code: String,
    about: String,
    fonts: String,
}

/// Reads a PDF with poppler and its first page's code with a reader of codes.
pub(super) async fn read(office: &Installation, pdf: &[u8]) -> Printed {
    let file = office.folder().join("printed.pdf");
    std::fs::write(&file, pdf).expect("the file can be written");
    let text = poppler("pdftotext", &["-layout"], &file, &["-"]).await;
    let about = poppler("pdfinfo", &[], &file, &[]).await;
    let fonts = poppler("pdffonts", &[], &file, &[]).await;
    let picture = office.folder().join("printed");
    let picture_name = picture.display().to_string();
    poppler(
        "pdftoppm",
        &["-gray", "-r", "200", "-f", "1", "-l", "1", "-singlefile"],
        &file,
        &[&picture_name],
    )
    .await;
    let picture = std::fs::read(picture.with_extension("pgm")).expect("poppler wrote the picture");
    Printed {
        text: String::from_utf8(text).expect("its text is UTF-8"),
        about: String::from_utf8(about).expect("poppler speaks UTF-8"),
        fonts: String::from_utf8(fonts).expect("poppler speaks UTF-8"),
        code: code_on(&picture),
    }
}

async fn poppler(program: &str, before: &[&str], file: &Path, after: &[&str]) -> Vec<u8> {
    let done = Command::new(program).args(before).arg(file).args(after).output().await;
    let done = done.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// The text of the QR code on a picture in the PGM format.
fn code_on(picture: &[u8]) -> String {
    // `P5 <width> <height> <depth>`, one white space, the picture.
    let mut rest = picture;
    let mut head = [""; 4];
    for word in &mut head {
        let end = rest.iter().position(u8::is_ascii_whitespace).expect("the head has four words");
        *word = std::str::from_utf8(&rest[..end]).expect("the head is text");
        rest = &rest[end + 1..];
    }
    let [_, width, height, _] = head;
    let size = |text: &str| text.parse::<u32>().expect("a size is a number");
    let format = Some(rxing::BarcodeFormat::QR_CODE);
    let found = rxing::helpers::detect_in_luma(rest.to_vec(), size(width), size(height), format);
    found.expect("there is a QR code on it").getText().to_owned()
}

impl Printed {
    /// On A4, in nothing but letters of Times' measures, all of them in the file.
    // law: ND30-2020/PL1
    #[track_caller]
    pub(super) fn is_as_the_decree_wants(&self) {
        assert!(self.about.contains("A4"), "{}", self.about);
        let fonts: Vec<&str> = self.fonts.lines().skip(2).collect();
        let is_right = |font: &&str| font.contains("+LiberationSerif") && font.contains(" yes yes yes ");
        assert!(!fonts.is_empty() && fonts.iter().all(is_right), "{}", self.fonts);
    }

    /// `ngày 05 tháng 11 năm 2026`
    pub(super) fn names_day(&self, day: Date) -> bool {
        self.text.contains(&format!("ngày {:02} tháng {:02} năm {}", day.day(), day.month(), day.year()))
    }
}

/// When a dossier was received and when it is due, in the legal zone.
pub(super) async fn moments(office: &Installation, dossier: &str) -> (DateTime, DateTime) {
    let id: DossierId = dossier.trim_start_matches("/ho-so/").parse().expect("an address holds the id");
    let db = office.database().await;
    let mut reader = db.read().await.expect("the database can be read");
    let dossier = store::dossier::find(&mut reader, id).await.expect("it is read").expect("it is there");
    drop(reader);
    db.close().await;
    let received = dossier.received_at.expect("it was received");
    (legal_time(received), legal_time(dossier.due.expect("it has a due date").at))
}

/// A due date of so many working days, by the calendars of the repository: counted backwards as minutes
/// of work between the two, not by the sum that made it.
#[track_caller]
pub(super) fn fits_the_calendar(received: DateTime, due: DateTime, days: u32) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../calendars");
    let (mut hours, mut tables) = (Vec::new(), Vec::new());
    for file in std::fs::read_dir(folder).expect("the calendars are there") {
        let file = file.expect("a folder is read").path();
        if file.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("a calendar is read");
        if file.ends_with("hours.toml") {
            let table: toml::Table = text.parse().expect("hours are TOML");
            hours = table["hours"].clone().try_into::<Vec<HoursPeriod>>().expect("hours are periods");
        } else {
            tables.push(toml::from_str::<YearTable>(&text).expect("a year is a table"));
        }
    }
    let calendar = WorkingCalendar::new(hours, tables).expect("the calendars fit");
    let minutes = calendar.working_minutes_between(received, due).expect("the years are known");
    assert_eq!(minutes, days * 8 * 60, "from {received} to {due}");
    assert!(calendar.is_working(due.date()).expect("the year is known"), "{due} is a day of rest");
}

/// A line of a timeline with what differs from run to run replaced by what it is.
pub(super) fn masked(line: &str) -> String {
    let words: Vec<String> = line.split(' ').map(masked_word).collect();
    let line = words.join(" ");
    // `312 chữ, độ tin cậy 93 %` depends on the reader's version.
    match line.split_once(" trang, ") {
        Some((before, after)) => {
            let rest = after.split_once(" %").map_or("", |(_, rest)| rest);
            format!("{before} trang, N chữ, độ tin cậy N %{rest}")
        }
        None => line,
    }
}

fn masked_word(word: &str) -> String {
    let bare = word.trim_end_matches([';', ',', '.']);
    let end = &word[bare.len()..];
    let is = |shape: &str| {
        bare.len() == shape.len()
            && bare.bytes().zip(shape.bytes()).all(|(byte, of)| match of {
                b'9' => byte.is_ascii_digit(),
                of => byte == of,
            })
    };
    let mask = if is("99:99") {
        "HH:MM"
    } else if is("99/99/9999") {
        "DD/MM/YYYY"
    } else if bare.starts_with("H99.") && bare.len() > 12 {
        "MÃ"
    } else {
        return word.to_owned();
    };
    format!("{mask}{end}")
}
