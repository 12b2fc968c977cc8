//! Signing in through an identity server: why what it answered lets nobody in.

use jiff::Timestamp;

/// Letters of who somebody is at an identity server, at most.
pub const LONGEST_SUBJECT: usize = 255;

/// Why an identity server's answer proves nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFault {
    /// It said no: he did not agree, or may not.
    Denied,
    /// The code it gave was used, is too old, or is another's.
    CodeRefused,
    /// What came is no answer at all.
    Malformed,
    /// It is signed in a way that is not taken, or not at all.
    Algorithm,
    /// Signed by a key the server does not publish.
    Key,
    Signature,
    /// It speaks for another server.
    Issuer,
    /// It is meant for another program.
    Audience,
    /// It answers another question.
    Nonce,
    /// Its time is over, or has not come.
    Time,
    /// It does not say who he is in the way the installation asks for.
    Nobody,
}

/// Why nobody gets in by an identity server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenIdRefused {
    /// None is set up.
    Off,
    /// It could not be reached, and has not been since then.
    Down {
        since: Timestamp,
    },
    Answer(AnswerFault),
    /// Nobody's account is tied to whom it named.
    Stranger,
    /// The browser that came back is not the one that was sent, or too late.
    NotAsked,
    /// Passwords open administrators' accounts only.
    PasswordsOff,
}
