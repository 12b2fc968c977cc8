//! Measures reading against truth: `OMP_THREAD_LIMIT=1 cargo run --release --example measure -- FOLDER`.
//! The folder holds pictures and beside each its `NAME.gt.txt`; `NAME__CONDITION` groups the rows.
//! With `--dump FOLDER` what was read is written there, for comparing by eye; with `--score FOLDER`
//! nothing is read, and the texts of another reader lying there are scored the same way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use scan::geometry::Turn;
use scan::intake::{Limits, open};
use scan::measure::{character_error_rate, without_diacritics, words_found};
use scan::recognise::Reader;

#[derive(Default)]
struct Row {
    n_pages: u32,
    error: f64,
    error_without_marks: f64,
    found: f64,
    cpu_s: f64,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder is given"));
    let flag = arguments.next();
    let other = arguments.next().map(PathBuf::from);
    let dump = other.clone().filter(|_| flag.as_deref() == Some("--dump"));
    if let Some(texts) = other.filter(|_| flag.as_deref() == Some("--score")) {
        return score(&folder, &texts);
    }
    let mut reader = Reader::new().expect("the engine starts");
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for picture in pictures(&folder) {
        let name = picture.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let Ok(truth) = std::fs::read_to_string(folder.join(format!("{name}.gt.txt"))) else { continue };
        let before = cpu_seconds();
        let file = std::fs::read(&picture).expect("the picture is readable");
        let page = open(file, &Limits::default()).expect("the picture opens").remove(0);
        let text = reader.read(&page.image, Turn::None, page.dpi).expect("the page is read");
        let cpu_s = cpu_seconds() - before;
        let read = text.text();
        let error = character_error_rate(&truth, &read);
        let error_without_marks =
            character_error_rate(&without_diacritics(&truth), &without_diacritics(&read));
        let found = words_found(&truth, &read);
        print(&format!(
            "{name}: CER {:.2} nd {:.2} found {:.1} dpi {} ({:?}) skew {:.2} conf {:.2} strange {:.3} blur {:.2} {:?} {:?}",
            error * 100.0,
            error_without_marks * 100.0,
            found * 100.0,
            page.dpi,
            page.dpi_source,
            text.skew_degrees,
            text.quality.text_confidence,
            text.quality.non_syllable_share,
            text.quality.blur,
            text.quality.warnings,
            text.timings
        ));
        if let Some(dump) = &dump {
            std::fs::write(dump.join(format!("{name}.txt")), &read).expect("the folder takes files");
        }
        let condition = name.split("__").nth(1).unwrap_or("other").to_owned();
        for key in [condition, "ALL".to_owned()] {
            let row = rows.entry(key).or_default();
            row.n_pages += 1;
            row.error += error;
            row.error_without_marks += error_without_marks;
            row.found += found;
            row.cpu_s += cpu_s;
        }
    }
    print_rows(&rows);
}

/// Scores what another reader wrote.
fn score(folder: &Path, texts: &Path) {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for picture in pictures(folder) {
        let name = picture.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let truth = std::fs::read_to_string(folder.join(format!("{name}.gt.txt")));
        let read = std::fs::read_to_string(texts.join(format!("{name}.txt")));
        let (Ok(truth), Ok(read)) = (truth, read) else { continue };
        let condition = name.split("__").nth(1).unwrap_or("other").to_owned();
        for key in [condition, "ALL".to_owned()] {
            let row = rows.entry(key).or_default();
            row.n_pages += 1;
            row.error += character_error_rate(&truth, &read);
            row.error_without_marks +=
                character_error_rate(&without_diacritics(&truth), &without_diacritics(&read));
            row.found += words_found(&truth, &read);
        }
    }
    print_rows(&rows);
}

fn print_rows(rows: &BTreeMap<String, Row>) {
    for (condition, row) in rows {
        let mean = |sum: f64| sum / f64::from(row.n_pages);
        print(&format!(
            "{condition:>10}  pages {:>2}  CER {:>5.2} %  nd {:>5.2} %  words found {:>5.1} %  CPU {:.2} s/page",
            row.n_pages,
            mean(row.error) * 100.0,
            mean(row.error_without_marks) * 100.0,
            mean(row.found) * 100.0,
            mean(row.cpu_s)
        ));
    }
}

#[expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]
fn print(line: &str) {
    println!("{line}");
}

fn pictures(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is readable");
    let mut pictures: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| {
            path.extension().is_some_and(|end| ["jpg", "png", "tif"].iter().any(|known| end == *known))
        })
        .collect();
    pictures.sort();
    pictures
}

/// User and system time of this process so far, in hundredths as the kernel counts.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("the kernel tells our times");
    let after_name = stat.rsplit(')').next().expect("rsplit gives at least one part");
    let ticks: f64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}
