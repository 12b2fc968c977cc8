//! The name of a blob: the SHA-256 of its bytes, which signatures and archive packages carry too.

use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// SHA-256 of the plaintext; written as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address([u8; 32]);

/// The text is not 64 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a blob address")]
pub struct BadAddress;

impl Address {
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes of the digest.
    pub fn digest(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).map_err(|_| BadAddress)?;
        // One name only: no capitals.
        if text.bytes().any(|b| b.is_ascii_uppercase()) { Err(BadAddress) } else { Ok(Self(digest)) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, BadAddress};

    #[test]
    fn an_address_is_the_sha_256_in_hex() {
        let address = Address::of(b"abc");
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(address.to_string(), hex);
        assert_eq!(hex.parse(), Ok(address));
        for bad in ["", "ba78", &hex.to_uppercase(), &format!("{hex}00"), &hex.replace('b', "g")] {
            assert_eq!(bad.parse::<Address>(), Err(BadAddress));
        }
    }
}
