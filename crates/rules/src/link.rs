//! Links to other systems: what one attempt came to, and how a link stands after many.

use jiff::Timestamp;

/// Attempts of each link that are kept.
pub const KEPT: i64 = 300;
/// Attempts from which times are told.
pub const MEASURED: usize = 100;

/// Why an attempt failed, as somebody who can mend it would put it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nobody is there under that name or address, or nobody listens.
    Unreachable,
    /// No answer in time.
    TooSlow,
    /// No safe connection: certificate, name, or no TLS offered.
    Tls,
    /// It does not believe who we are.
    SignIn,
    /// It understood and said no.
    Refused,
    /// Its answer makes no sense, or is another program's.
    Malformed,
    /// The answer is well formed and proves nothing: a time stamp of a stranger.
    Untrusted,
    /// Our own rules let nothing be sent there.
    Forbidden,
    /// A store of ours failed to take or to give back.
    Broken,
}

impl Cause {
    pub const ALL: [Self; 9] = [
        Self::Unreachable,
        Self::TooSlow,
        Self::Tls,
        Self::SignIn,
        Self::Refused,
        Self::Malformed,
        Self::Untrusted,
        Self::Forbidden,
        Self::Broken,
    ];

    /// As it is kept.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TooSlow => "too_slow",
            Self::Tls => "tls",
            Self::SignIn => "sign_in",
            Self::Refused => "refused",
            Self::Malformed => "malformed",
            Self::Untrusted => "untrusted",
            Self::Forbidden => "forbidden",
            Self::Broken => "broken",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.code() == code)
    }
}

/// What came of one attempt: nothing where it did what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    pub cause: Cause,
    /// What the other side answered with, where it has numbers for that.
    pub status: Option<u16>,
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self { cause, status: None }
    }
}

/// How a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Not configured.
    Off,
    /// Nothing was sent yet.
    Untried,
    Works,
    /// The last attempt failed.
    Fails(Failure),
}

impl LinkState {
    pub fn of(last_ok: Option<Timestamp>, last_failed: Option<(Timestamp, Failure)>) -> Self {
        match (last_ok, last_failed) {
            (None, None) => Self::Untried,
            (Some(_), None) => Self::Works,
            (ok, Some((at, _))) if ok.is_some_and(|ok| ok > at) => Self::Works,
            (_, Some((_, failure))) => Self::Fails(failure),
        }
    }
}

/// The time within which 95 of 100 attempts were answered, of these; none where there are none.
pub fn p95(mut took_ms: Vec<u32>) -> Option<u32> {
    took_ms.sort_unstable();
    let at = (took_ms.len() * 95).div_ceil(100).checked_sub(1)?;
    took_ms.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::{Cause, LinkState, p95};

    #[test]
    fn the_last_attempt_says_how_a_link_stands() {
        let at = |second| Some(jiff::Timestamp::from_second(second).expect("an instant"));
        let failed = |second| at(second).map(|at| (at, Cause::Tls.into()));
        assert_eq!(LinkState::of(None, None), LinkState::Untried);
        assert_eq!(LinkState::of(at(2), failed(1)), LinkState::Works);
        assert_eq!(LinkState::of(at(1), None), LinkState::Works);
        assert_eq!(LinkState::of(at(1), failed(2)), LinkState::Fails(Cause::Tls.into()));
        assert_eq!(LinkState::of(None, failed(2)), LinkState::Fails(Cause::Tls.into()));
    }

    #[test]
    fn five_in_a_hundred_may_be_slower() {
        assert_eq!(p95(Vec::new()), None);
        assert_eq!(p95(vec![7]), Some(7));
        assert_eq!(p95((1..=100).rev().collect()), Some(95));
        assert_eq!(p95((1..=20).collect()), Some(19));
    }

    #[test]
    fn a_cause_is_found_again_by_its_code() {
        for cause in Cause::ALL {
            assert_eq!(Cause::parse(cause.code()), Some(cause));
        }
        assert_eq!(Cause::parse("else"), None);
    }
}
