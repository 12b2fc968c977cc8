//! The signature under a notice: HMAC-SHA256 over its moment and its text, so that the receiver knows who
//! sent it, that nobody changed it, and that it is not an old one sent again.

use sha2::{Digest, Sha256};

/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;

/// RFC 2104.
fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; BLOCK];
    if key.len() > BLOCK {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let keyed = |pad: u8, text: &[u8]| {
        let mut digest = Sha256::new();
        digest.update(block.map(|byte| byte ^ pad));
        digest.update(text);
        digest.finalize()
    };
    keyed(0x5c, &keyed(0x36, text)).into()
}

/// What stands in `Motcua-Signature`: `t=<seconds>,v1=<hex>`, signed is `<seconds>.<body>`.
pub fn sign(secret: &str, seconds: i64, body: &str) -> String {
    let signed = hmac(secret.as_bytes(), format!("{seconds}.{body}").as_bytes());
    format!("t={seconds},v1={}", hex::encode(signed))
}

#[cfg(test)]
mod tests {
    use super::{hmac, sign};

    #[test]
    fn it_is_the_hmac_of_the_standard() {
        // RFC 4231, cases 1, 2 and 6.
        for (key, text, expected) in [
            (vec![0x0b; 20], "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe".to_vec(),
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 131],
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            assert_eq!(hex::encode(hmac(&key, text.as_bytes())), expected, "{text}");
        }
    }

    #[test]
    fn another_moment_or_text_has_another_signature() {
        let signed = sign("s", 1_795_400_000, "{}");
        assert!(signed.starts_with("t=1795400000,v1=") && signed.len() == 16 + 64, "{signed}");
        let tails =
            [sign("s", 1_795_400_001, "{}"), sign("s", 1_795_400_000, "{ }"), sign("S", 1_795_400_000, "{}")];
        for other in tails {
            assert_ne!(signed[16..], other[16..]);
        }
    }
}
