//! The examples of `docs/api.md`, run as they are written: each block of shell in the order of the text, in
//! one shell, against a fresh demonstration.

use crate::installation::Installation;
use std::fmt::Write as _;
use std::process::Stdio;
use store::Engine;
use tokio::process::Command;

const TEXT: &str = include_str!("../../../docs/api.md");
/// Lines of an example, at most.
const MOST_LINES: usize = 10;

/// Each block of shell under the heading it stands under.
fn examples(text: &str) -> Vec<(String, String)> {
    let (mut found, mut heading, mut block) = (Vec::new(), String::new(), None::<String>);
    for line in text.lines() {
        match (&mut block, line) {
            (None, "```sh") => block = Some(String::new()),
            (Some(_), "```") => found.extend(block.take().map(|block| (heading.clone(), block))),
            (Some(block), line) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, line) => {
                if let Some(title) = line.strip_prefix("## ") {
                    title.clone_into(&mut heading);
                }
            }
        }
    }
    found
}

pub(crate) async fn every_example_of_the_api_does_what_it_says(engine: Engine) {
    let office = Installation::start_at(engine, "2026-11-23T08:00").await;
    let examples = examples(TEXT);
    assert!(examples.len() >= 12, "one for each task");
    let mut script = format!("set -eu -o pipefail\noffice={}\n", office.address);
    for (heading, example) in &examples {
        let n_lines = example.lines().count();
        assert!(n_lines <= MOST_LINES, "{heading} has {n_lines} lines");
        write!(script, "echo '== {heading}' >&2\n{example}").expect("a string takes it");
    }
    let mut shell = Command::new("bash");
    shell.args(["-c", &script]).current_dir(office.folder()).stdin(Stdio::null());
    let done = shell.output().await.expect("a shell is there");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "an example failed, the last that is named:\n{said}");
}

#[test]
fn the_blocks_are_found_under_their_headings() {
    let text = "# A\n\n## One\n\n```sh\na\nb\n```\n\n```json\n{}\n```\n## Two\n```sh\nc\n```\n";
    let expected = [("One", "a\nb\n"), ("Two", "c\n")].map(|(h, e)| (h.to_owned(), e.to_owned()));
    assert_eq!(examples(text), expected);
}
