//! Children die and are replaced; the pool never goes down with them.

use std::process::Command;
use std::time::Duration;

use scan::geometry::Turn;
use scan::intake::{Hardship, Limits, Rejected};
use scan::worker::{Bounds, Error, Pool, Program};

use crate::paper::{Paper, decision};
use crate::program;

fn page() -> Vec<u8> {
    Paper::a4(100).jpeg()
}

#[test]
fn a_killed_child_is_replaced() {
    let pool = Pool::new(program(), 1, Bounds::default());
    pool.open(page(), &Limits::default()).expect("the file opens");
    let [first] = pool.idle_process_ids()[..] else { panic!("one child waits") };
    let status = Command::new("kill").args(["-9", &first.to_string()]).status().expect("kill runs");
    assert!(status.success());
    // It may die before or while it is asked; either way the next but one is answered.
    drop(pool.open(page(), &Limits::default()));
    pool.open(page(), &Limits::default()).expect("the file opens again");
    assert_ne!(pool.idle_process_ids(), [first]);
}

#[test]
fn a_child_is_replaced_after_its_share_of_work() {
    let pool = Pool::new(program(), 1, Bounds { requests: 2, ..Bounds::default() });
    let mut seen = Vec::new();
    for _ in 0..4 {
        pool.open(page(), &Limits::default()).expect("the file opens");
        seen.extend(pool.idle_process_ids());
    }
    seen.dedup();
    assert!(seen.len() >= 2, "{seen:?}");
}

#[test]
fn a_late_child_is_killed_and_the_file_is_too_hard() {
    let pool = Pool::new(program(), 1, Bounds { deadline: Duration::from_millis(30), ..Bounds::default() });
    let paper = decision(300);
    let image = scan::intake::open(paper.jpeg(), &Limits::default()).expect("the file opens").remove(0).image;
    let late = pool.read(&image, Turn::None, 300);
    assert!(matches!(late, Err(Error::Rejected(Rejected::TooHard { what: Hardship::Time }))), "{late:?}");
    assert!(pool.idle_process_ids().is_empty());
}

#[test]
fn a_child_that_wants_too_much_memory_dies_alone() {
    let pool = Pool::new(program(), 1, Bounds { memory_bytes: 160 << 20, ..Bounds::default() });
    // 48 million pixels want 144 MB decoded, and as much again to be made smaller.
    let wide = image::DynamicImage::new_rgb8(8_000, 6_000);
    let file = crate::paper::jpeg(&wide, 300);
    let died = pool.open(file, &Limits::default());
    assert!(
        matches!(died, Err(Error::Rejected(Rejected::TooHard { what: Hardship::Memory }))),
        "{:?}",
        died.map(|pages| pages.len())
    );
    pool.open(page(), &Limits::default()).expect("a small file opens");
}

#[test]
fn a_program_that_is_not_there_is_no_fault_of_the_file() {
    let nobody =
        Program { path: "/nonexistent/motcua".into(), arguments: Vec::new(), environment: Vec::new() };
    let pool = Pool::new(nobody, 1, Bounds::default());
    assert!(matches!(pool.open(page(), &Limits::default()), Err(Error::NoWorker { .. })));
    // A program that does not speak the protocol is found out at its greeting.
    let stranger = Program { path: "/bin/true".into(), arguments: Vec::new(), environment: Vec::new() };
    let pool = Pool::new(stranger, 1, Bounds::default());
    assert!(matches!(pool.open(page(), &Limits::default()), Err(Error::NoWorker { .. })));
}

#[test]
fn a_language_model_that_is_missing_is_no_fault_of_the_file() {
    let mut elsewhere = program();
    elsewhere.environment.push(("TESSDATA_PREFIX".into(), "/nonexistent".into()));
    let pool = Pool::new(elsewhere, 1, Bounds::default());
    let image = scan::intake::open(page(), &Limits::default()).expect("the file opens").remove(0).image;
    let failed = pool.read(&image, Turn::None, 100);
    assert!(
        matches!(failed, Err(Error::NoWorker { ref what }) if what.contains("tesseract-ocr-vie")),
        "{failed:?}"
    );
}

#[test]
fn pages_are_read_by_several_children_at_once() {
    let pool = Pool::new(program(), 2, Bounds::default());
    std::thread::scope(|scope| {
        let readers: Vec<_> =
            (0..4).map(|_| scope.spawn(|| pool.open(page(), &Limits::default()).is_ok())).collect();
        assert!(readers.into_iter().all(|reader| reader.join().expect("no thread panics")));
    });
    assert!((1..=2).contains(&pool.idle_process_ids().len()));
}
