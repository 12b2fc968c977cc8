//! Time stamps of RFC 3161 over any bytes: the query, the token in the answer, and what a token proves.
//! Sending the query is not done here.
//!
//! The query carries no nonce: the imprint is drawn from bytes that name their own moment, so a token
//! given earlier for other bytes cannot be passed off for these.

use crate::asn1::{self, INTEGER, OCTETS, SEQUENCE, oid, sequence, tlv};
use crate::certificate::Certificate;
use crate::cms::SHA256;
use crate::error::{Error, Result};
use crate::validate::Problem;
use crate::validate::crypto;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

const BOOLEAN: u8 = 0x01;
const NULL: &[u8] = &[5, 0];

/// What to send to an authority so that it stamps `data`; asks for its certificate in the token.
pub fn query(data: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[&oid(SHA256), NULL]);
    let imprint = sequence(&[&algorithm, &tlv(OCTETS, &Sha256::digest(data))]);
    sequence(&[&tlv(INTEGER, &[1]), &imprint, &tlv(BOOLEAN, &[0xFF])])
}

/// The token in an authority's answer; an error when it granted none.
pub fn token(reply: &[u8]) -> Result<Vec<u8>> {
    const WRONG: &str = "a malformed answer of a time stamp authority";
    let parts = asn1::read(reply)?.0.expect(SEQUENCE, WRONG)?.children()?;
    let status = parts.first().ok_or(Error::Cms(WRONG))?.children()?;
    let status = status.first().filter(|status| status.tag == INTEGER).ok_or(Error::Cms(WRONG))?;
    match (status.content, parts.get(1)) {
        // Granted, perhaps with changes.
        ([0 | 1], Some(token)) => Ok(token.raw.to_vec()),
        ([0 | 1], None) => Err(Error::Cms(WRONG)),
        _ => Err(Error::Cms("the time stamp authority refused")),
    }
}

/// What a sound token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The bytes existed by then.
    pub at: Timestamp,
    pub authority: Certificate,
}

/// Whom to believe about the time.
#[derive(Debug, Clone, Copy)]
pub enum Trust<'t> {
    /// Any authority that signs soundly: its name is told, and a person decides.
    Anybody,
    /// Authorities whose certificate leads to one of these.
    Roots(&'t [Certificate]),
}

/// Checks that `token` stamps exactly `data`, soundly and by a trusted authority.
pub fn judge(token: &[u8], data: &[u8], trust: Trust<'_>) -> Result<Stamp, Problem> {
    let (stamp, others) = crypto::judge_token(token, data)?;
    match trust {
        Trust::Roots(roots) if !crypto::is_trusted(&stamp.authority, &others, roots, stamp.at) => {
            Err(Problem::WrongCertificate)
        }
        Trust::Anybody | Trust::Roots(_) => Ok(stamp),
    }
}

#[cfg(test)]
mod tests {
    use super::{Trust, judge, query, token};
    use crate::asn1::{sequence, tlv};

    #[test]
    fn a_refusal_gives_no_token() {
        let status = |code: u8| sequence(&[&tlv(2, &[code])]);
        for reply in [sequence(&[&status(2)]), sequence(&[&status(0)]), sequence(&[]), b"<html>".to_vec()] {
            token(&reply).expect_err("no token");
        }
        let kept = sequence(&[&tlv(6, &[42])]);
        assert_eq!(token(&sequence(&[&status(1), &kept])).expect("granted with changes"), kept);
    }

    #[test]
    fn a_query_differs_by_its_data() {
        assert_eq!(query(b"a").len(), query(b"b").len());
        assert_ne!(query(b"a"), query(b"b"));
    }

    #[test]
    fn nonsense_is_no_stamp() {
        judge(b"nonsense", b"data", Trust::Anybody).expect_err("no stamp");
    }
}
