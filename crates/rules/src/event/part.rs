//! What bodies are made of that no station has for itself: how, what and whether, in one word each.

use serde::{Deserialize, Serialize};

/// Whether the old key has signed that another takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voucher {
    Given,
    /// The old key was lost.
    Missing,
}

/// How a key to sign with came to be here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyOrigin {
    /// By the program itself: at the start of a demonstration, or for the audit chain.
    Given,
    /// Out of a file that an administrator put in.
    File,
    /// Signed by itself, to try things with.
    Trial,
}

/// Whether an uploaded file carries signatures already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signedness {
    Unsigned,
    Signed,
}

/// One thing the applicant is asked to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplementItem {
    pub component: String,
    pub what: String,
}

/// How a fee was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum FeePaid {
    Cash,
    /// Into the agency's account, where the officer saw it arrive under the bank's number.
    Transfer {
        transaction: String,
    },
}

/// What became of a result that went by post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostOutcome {
    Delivered,
    /// Nobody took it; it is at the office again.
    CameBack,
}

/// How a result left the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOverWay {
    Counter,
    Post,
    Electronic,
}
