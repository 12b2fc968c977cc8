//! The anchor: the newest checkpoint as a small text to be kept where nobody who can write in the database
//! can write. It is what shows that the newest checkpoints themselves were taken away.

use std::fmt;
use store::audit::Checkpoint;

/// Which checkpoint there was, and its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub number: i64,
    pub digest: Vec<u8>,
    /// What the checkpoint's signature covers, for people and for tools that are not ours.
    statement: String,
}

/// The text is not that of an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the text of a checkpoint: `{0}` is missing or malformed")]
pub struct Illegible(&'static str);

impl Anchor {
    pub fn of(checkpoint: &Checkpoint) -> Self {
        let (number, digest) = (checkpoint.number, checkpoint.digest().into());
        Self { number, digest, statement: checkpoint.statement() }
    }

    /// Reads what `Display` wrote.
    pub fn parse(text: &str) -> Result<Self, Illegible> {
        let value = |name: &str| {
            text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
        };
        let number = value("number").and_then(|number| number.parse().ok()).ok_or(Illegible("number"))?;
        let digest = value("digest")
            .and_then(|digest| hex::decode(digest).ok())
            .filter(|digest| digest.len() == 32)
            .ok_or(Illegible("digest"))?;
        let statement = text.lines().take_while(|line| !line.starts_with("digest:"));
        let statement = statement.flat_map(|line| [line, "\n"]).collect();
        Ok(Self { number, digest, statement })
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}digest: {}", self.statement, hex::encode(&self.digest))
    }
}

#[cfg(test)]
mod tests {
    use super::Anchor;
    use store::audit::Checkpoint;

    #[test]
    fn an_anchor_is_read_as_it_was_written() {
        let checkpoint = Checkpoint {
            number: 17,
            sealed_at: "2026-11-21T07:30:00Z".parse().expect("an instant"),
            first_ordinal: 1_201,
            last_ordinal: 1_260,
            events_digest: vec![1; 32],
            previous: Some(vec![2; 32]),
            certificate: vec![3],
            signature: vec![4],
            time_stamp: None,
        };
        let anchor = Anchor::of(&checkpoint);
        let text = anchor.to_string();
        assert!(text.contains("number: 17\n") && text.contains("events: 1201-1260\n"), "{text}");
        assert_eq!(Anchor::parse(&text), Ok(anchor));
        for (from, to) in [("number: 17", "number: x"), ("digest: ", "digest: 00"), ("digest: ", "")] {
            let error = Anchor::parse(&text.replace(from, to)).expect_err(to);
            assert!(error.to_string().contains(from.split(':').next().expect("a name")), "{error}");
        }
    }
}
