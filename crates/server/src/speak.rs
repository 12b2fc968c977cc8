//! Words to the person at the terminal: answers on standard output, complaints on standard error.
//! Logs of a running server are `logs`' work.

use std::fmt::Display;
use std::io::Write;

/// One line of the answer. A reader that went away (`| head`) is no failure.
pub(crate) fn say(line: impl Display) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}

/// One line that is not part of the answer.
pub(crate) fn complain(line: impl Display) {
    drop(writeln!(std::io::stderr().lock(), "{line}"));
}

/// The whole answer as one JSON document.
pub(crate) fn say_json(answer: &impl serde::Serialize) -> anyhow::Result<()> {
    say(serde_json::to_string_pretty(answer)?);
    Ok(())
}
