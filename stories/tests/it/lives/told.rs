//! How a life ends: its date explained, what happened told in sentences, its chain of events verified.

use super::{Dossier, Office, READER};
use serde_json::Value;
use std::fmt::Write as _;

impl Office {
    /// The common end of a life. What is told of it is its golden file `lives/told/<name>.snap`; what is
    /// `said` stands in it.
    pub(crate) async fn ends_well(mut self, name: &str, dossier: &Dossier, said: &[&str]) {
        let story = dossier.story().await;
        for sentence in said {
            assert!(story.contains(sentence), "“{sentence}” is not told:\n{story}");
        }
        insta::with_settings!({ snapshot_path => "told", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, story);
        });
        self.installation.stop().await;
        for command in ["seal", "verify"] {
            let answer = self.installation.command(&["audit", command]).await;
            let said = String::from_utf8_lossy(&answer.stdout).into_owned();
            assert_eq!(answer.status.code(), Some(0), "audit {command}: {said}");
        }
    }
}

impl Dossier {
    /// Everything there is to tell of it, and of its parts.
    async fn story(&self) -> String {
        let mut story = self.chapter().await;
        for part in self.get("parts").await.as_array().into_iter().flatten() {
            let id = part["dossier"].as_str().expect("a part has its id").to_owned();
            let part = Self { id, ..self.clone() };
            story.push_str(&format!("\n{}", part.chapter().await));
        }
        story
    }

    async fn chapter(&self) -> String {
        let now = self.now().await;
        let word = |field: &str| now[field].as_str().unwrap_or("-").to_owned();
        let mut told = format!(
            "{} {}\n{} ({}), {}\n\nVì sao là ngày này?\n",
            word("procedure"),
            word("code"),
            word("state_name"),
            now["number"],
            word("outcome")
        );
        for sentence in self.due_explained(&now).await {
            let _ = writeln!(told, "  {sentence}");
        }
        told.push_str("\nDiễn biến\n");
        for event in self.events().await {
            let word = |field: &str| event[field].as_str().expect("text").to_owned();
            let (at, kind) = (legal(&word("at")), word("kind"));
            let _ = writeln!(told, "  {at} {kind}: {} {}", word("who"), the_same_everywhere(&word("what")));
        }
        told
    }

    /// The sentences of its date; the explanation ends at the very date the dossier has.
    async fn due_explained(&self, now: &Value) -> Vec<String> {
        let explained = self.api.get(READER, &self.path("/due")).await;
        assert_eq!(explained["due"], now["due"], "the explanation and the dossier say the same");
        let counts = explained["clock"]["counts"].as_array();
        let last_day = counts.and_then(|counts| counts.last()?["days"].as_array()?.last()?["on"].as_str());
        if let (Some(last_day), Some(due)) = (last_day, now["due"]["on"].as_str()) {
            assert_eq!(last_day, due, "the last day told is the day it is due");
        }
        let sentences = explained["sentences"].as_array().expect("a list").iter();
        let sentences: Vec<String> =
            sentences.map(|sentence| sentence.as_str().expect("text").to_owned()).collect();
        assert!(!sentences.is_empty(), "something is always said");
        sentences
    }

    /// Its events in sentences, the oldest first.
    pub(super) async fn events(&self) -> Vec<Value> {
        let events = self.api.get(READER, &self.path("/events")).await;
        events.as_array().expect("a list").clone()
    }
}

/// An instant on the legal wall clock, as `2026-11-23T08:00`.
pub(super) fn legal(instant: &str) -> String {
    let instant: jiff::Timestamp = instant.parse().expect("an instant");
    rules::calendar::legal_time(instant).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Without what is another in every office and on every machine: the certificate, and how well a page
/// could be read.
fn the_same_everywhere(what: &str) -> String {
    for before in ["chứng thư ", "trang, "] {
        if let Some((said, _)) = what.split_once(before) {
            return format!("{said}{before}…");
        }
    }
    what.to_owned()
}
