//! The token in which an identity server says who somebody is: a JSON Web Signature over claims. Two ways of
//! signing are taken, each with the kind of key that belongs to it; everything a token could choose for
//! itself is chosen here.

use super::{LONGEST, Setup};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Public};
use openssl::rsa::Rsa;
use openssl::sign::Verifier;
use rules::people::openid::{AnswerFault, LONGEST_SUBJECT};
use serde::Deserialize;
use serde_json::{Map, Value};

/// What two clocks may differ by.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// Keys a server may publish.
const MOST_KEYS: usize = 100;
/// Bits of an RSA key, at least and at most.
const RSA_BITS: std::ops::RangeInclusive<u32> = 2048..=8192;
/// Bytes of each half of an ES256 signature, and of each coordinate of its key.
const HALF: usize = 32;

/// Who signed in at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub subject: String,
    /// The server asked for a second factor, in a way the installation takes.
    pub is_two_factors: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    RS256,
    ES256,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// What must be understood to judge the token: nothing of it is.
    crit: Option<Value>,
}

/// A token taken apart, nothing of it believed yet.
pub(super) struct Signed<'t> {
    algorithm: Algorithm,
    kid: Option<String>,
    /// What is signed.
    text: &'t str,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

pub(super) fn read(token: &str) -> Result<Signed<'_>, AnswerFault> {
    if token.len() > LONGEST {
        return Err(AnswerFault::Malformed);
    }
    let (text, signature) = token.rsplit_once('.').ok_or(AnswerFault::Malformed)?;
    let (header, claims) = text.split_once('.').ok_or(AnswerFault::Malformed)?;
    let header: Header = serde_json::from_slice(&bytes(header)?).map_err(|_| AnswerFault::Malformed)?;
    let algorithm = match header.alg.as_str() {
        "RS256" => Algorithm::RS256,
        "ES256" => Algorithm::ES256,
        _ => return Err(AnswerFault::Algorithm),
    };
    if header.crit.is_some() {
        return Err(AnswerFault::Algorithm);
    }
    let (claims, signature) = (bytes(claims)?, bytes(signature)?);
    Ok(Signed { algorithm, kid: header.kid, text, claims, signature })
}

fn bytes(text: &str) -> Result<Vec<u8>, AnswerFault> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| AnswerFault::Malformed)
}

/// The keys a server publishes (JWKS).
#[derive(Clone, Debug, Deserialize)]
pub(super) struct KeySet {
    keys: Vec<Key>,
}

#[derive(Clone, Debug, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// The claims of a token that one of these keys has signed.
    pub(super) fn verify(&self, signed: &Signed<'_>) -> Result<Claims, AnswerFault> {
        let fitting: Vec<&Key> =
            self.keys.iter().take(MOST_KEYS).filter(|key| key.may_have_signed(signed)).collect();
        // Without a name there must be no choice.
        let [key] = fitting[..] else { return Err(AnswerFault::Key) };
        let key = key.public(signed.algorithm).ok_or(AnswerFault::Key)?;
        if !is_signed_by(&key, signed).unwrap_or(false) {
            return Err(AnswerFault::Signature);
        }
        serde_json::from_slice(&signed.claims).map(Claims).map_err(|_| AnswerFault::Malformed)
    }
}

impl Key {
    fn may_have_signed(&self, signed: &Signed<'_>) -> bool {
        let (kind, algorithm) = match signed.algorithm {
            Algorithm::RS256 => ("RSA", "RS256"),
            Algorithm::ES256 => ("EC", "ES256"),
        };
        self.kty == kind
            && self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && self.alg.as_deref().is_none_or(|own| own == algorithm)
            && (signed.kid.is_none() || self.kid == signed.kid)
    }

    fn public(&self, algorithm: Algorithm) -> Option<PKey<Public>> {
        let number = |text: &Option<String>| BigNum::from_slice(&bytes(text.as_deref()?).ok()?).ok();
        match algorithm {
            Algorithm::RS256 => {
                let modulus = number(&self.n)?;
                if !RSA_BITS.contains(&u32::try_from(modulus.num_bits()).ok()?) {
                    return None;
                }
                PKey::from_rsa(Rsa::from_public_components(modulus, number(&self.e)?).ok()?).ok()
            }
            Algorithm::ES256 => {
                if self.crv.as_deref() != Some("P-256") {
                    return None;
                }
                let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).ok()?;
                // Refuses what is no point of the curve.
                let (x, y) = (number(&self.x)?, number(&self.y)?);
                let key = EcKey::from_public_key_affine_coordinates(&group, &x, &y);
                PKey::from_ec_key(key.ok()?).ok()
            }
        }
    }
}

fn is_signed_by(key: &PKey<Public>, signed: &Signed<'_>) -> Result<bool, ErrorStack> {
    let signature = match signed.algorithm {
        Algorithm::RS256 => signed.signature.clone(),
        Algorithm::ES256 => {
            let Some((r, s)) = signed.signature.split_at_checked(HALF).filter(|(_, s)| s.len() == HALF)
            else {
                return Ok(false);
            };
            EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?.to_der()?
        }
    };
    let mut verifier = Verifier::new(MessageDigest::sha256(), key)?;
    verifier.verify_oneshot(&signature, signed.text.as_bytes())
}

/// What a token says, signed by its server.
#[derive(Debug)]
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    /// Who it says has signed in: of this server, to us, now, and as an answer to what was asked.
    pub(super) fn judge(&self, setup: &Setup, nonce: &str, now: Timestamp) -> Result<Identity, AnswerFault> {
        if self.text("iss") != Some(&setup.issuer) {
            return Err(AnswerFault::Issuer);
        }
        if !self.is_for(&setup.client) {
            return Err(AnswerFault::Audience);
        }
        if self.text("nonce") != Some(nonce) {
            return Err(AnswerFault::Nonce);
        }
        let made = self.instant("iat")?.ok_or(AnswerFault::Time)?;
        let ends = self.instant("exp")?.ok_or(AnswerFault::Time)?;
        let begins = self.instant("nbf")?.unwrap_or(made);
        if now - SKEW >= ends || made > now + SKEW || begins > now + SKEW {
            return Err(AnswerFault::Time);
        }
        let subject = match self.0.get(&setup.claim) {
            Some(Value::String(subject)) => rules::text::nfc(subject.trim()),
            Some(Value::Number(number)) => number.to_string(),
            _ => return Err(AnswerFault::Nobody),
        };
        if subject.is_empty() || subject.chars().count() > LONGEST_SUBJECT {
            return Err(AnswerFault::Nobody);
        }
        Ok(Identity { subject, is_two_factors: self.is_two_factors(&setup.two_factors) })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    fn instant(&self, name: &str) -> Result<Option<Timestamp>, AnswerFault> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64));
        let instant = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        instant.map(Some).ok_or(AnswerFault::Malformed)
    }

    /// Meant for this client; where others are named too, given out to it.
    fn is_for(&self, client: &str) -> bool {
        let n_others = match self.0.get("aud") {
            Some(Value::String(one)) if one == client => 0,
            Some(Value::Array(all)) if all.iter().any(|one| one == client) => all.len() - 1,
            _ => return false,
        };
        match self.0.get("azp") {
            Some(holder) => holder == client,
            None => n_others == 0,
        }
    }

    fn is_two_factors(&self, taken: &[String]) -> bool {
        let says = |word: &String| match word.split_once(':') {
            Some(("acr", level)) => self.text("acr") == Some(level),
            Some(("amr", way)) => self
                .0
                .get("amr")
                .and_then(Value::as_array)
                .is_some_and(|ways| ways.iter().any(|one| one == way)),
            _ => false,
        };
        taken.iter().any(says)
    }
}
