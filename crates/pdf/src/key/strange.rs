//! Key files of strangers. A PKCS#12 file says itself how often its password is hashed, and one made with ill
//! will says a billion times; so it is opened in a child process that the kernel bounds, and that hands the
//! key back in a file of our own making.

use super::{Key, algorithm_of};
use crate::certificate::Certificate;
use crate::print::limited::{Bounds, confine};
use openssl::pkcs12::Pkcs12;
use openssl::rand::rand_bytes;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Bytes of a request or an answer: a file of 64 KiB, in hexadecimal digits, and some words.
const MOST: u64 = 512 * 1024;

/// Where key files of strangers are opened.
#[derive(Debug, Clone)]
pub enum Opener {
    /// In a child: usually this very program with a hidden subcommand that calls [`serve`].
    Child { path: PathBuf, arguments: Vec<OsString>, bounds: Bounds },
    /// In this process, for tests of what stands around it.
    Here,
}

/// A key takes a few milliseconds and little memory.
pub const BOUNDS: Bounds =
    Bounds { memory_bytes: 512 << 20, cpu_seconds: 3, deadline: Duration::from_secs(8) };

/// Why a file gave no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unopened {
    NotAKeyFile,
    /// Or it is locked by means that are no longer safe.
    PasswordWrong,
    NoKeyInside,
    NoCertificateInside,
    Weak,
    /// It took too long, or too much memory.
    TooHard,
}

#[derive(Serialize, Deserialize)]
struct Request {
    bounds: Bounds,
    pkcs12: String,
    password: String,
    /// What the key is handed back under.
    once: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
enum Reply {
    Opened { pkcs12: String },
    Unopened { why: Unopened },
}

impl Opener {
    /// The key in a file, and nothing that the file says beside it. Blocking, at most as long as its bounds
    /// let it be.
    pub fn open(&self, pkcs12: &[u8], password: &str) -> Result<Key, Unopened> {
        let Self::Child { path, arguments, bounds } = self else { return open(pkcs12, password) };
        let mut once = [0; 24];
        rand_bytes(&mut once).map_err(|_| Unopened::TooHard)?;
        let request = Request {
            bounds: *bounds,
            pkcs12: hex::encode(pkcs12),
            password: password.to_owned(),
            once: hex::encode(once),
        };
        match ask(path, arguments, &request).ok_or(Unopened::TooHard)? {
            Reply::Opened { pkcs12 } => hex::decode(pkcs12)
                .ok()
                .and_then(|pkcs12| Key::from_p12(&pkcs12, &request.once).ok())
                .ok_or(Unopened::TooHard),
            Reply::Unopened { why } => Err(why),
        }
    }
}

/// The child's answer; none where it was late, died, or said something else.
fn ask(path: &Path, arguments: &[OsString], request: &Request) -> Option<Reply> {
    let bytes = serde_json::to_vec(request).ok()?;
    let mut child = Command::new(path)
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let pipes = child.stdin.take().zip(child.stdout.take());
    let (send, receive) = mpsc::channel();
    // Pipes cannot be waited for with a time limit, so a thread talks.
    thread::spawn(move || {
        let Some((mut to, from)) = pipes else { return };
        let mut answer = Vec::new();
        let asked = to.write_all(&bytes);
        drop(to);
        let read = asked.and_then(|()| from.take(MOST).read_to_end(&mut answer));
        // Nobody listens any more when the deadline has passed.
        drop(send.send(read.map(|_| answer)));
    });
    let answer = receive.recv_timeout(request.bounds.deadline);
    drop(child.kill());
    drop(child.wait());
    serde_json::from_slice(&answer.ok()?.ok()?).ok()
}

/// The child's side: bounds itself, opens what it was sent and answers.
pub fn serve(input: impl Read, mut output: impl Write) -> io::Result<()> {
    let request: Request = serde_json::from_reader(input.take(MOST))?;
    // What the library reads when it is first used, it must read while files can still be opened.
    openssl::init();
    rand_bytes(&mut [0])?;
    confine(request.bounds)?;
    let pkcs12 = hex::decode(&request.pkcs12).unwrap_or_default();
    let opened = open(&pkcs12, &request.password)
        .and_then(|key| key.to_p12(&request.once).map_err(|_| Unopened::TooHard));
    let reply = match opened {
        Ok(pkcs12) => Reply::Opened { pkcs12: hex::encode(pkcs12) },
        Err(why) => Reply::Unopened { why },
    };
    output.write_all(&serde_json::to_vec(&reply)?)?;
    output.flush()
}

fn open(pkcs12: &[u8], password: &str) -> Result<Key, Unopened> {
    let file = Pkcs12::from_der(pkcs12).map_err(|_| Unopened::NotAKeyFile)?;
    let parts = file.parse2(password).map_err(|_| Unopened::PasswordWrong)?;
    let private = parts.pkey.ok_or(Unopened::NoKeyInside)?;
    let certificate = parts.cert.ok_or(Unopened::NoCertificateInside)?;
    algorithm_of(&private).map_err(|_| Unopened::Weak)?;
    let chain = parts.ca.into_iter().flatten().map(Certificate::from_x509).collect::<Result<_, _>>();
    let certificate = Certificate::from_x509(certificate).map_err(|_| Unopened::NotAKeyFile)?;
    Key::software(private, certificate, chain.map_err(|_| Unopened::NotAKeyFile)?)
        .map_err(|_| Unopened::NoCertificateInside)
}

#[cfg(test)]
mod tests {
    use super::{Opener, Unopened, serve};
    use crate::certificate::self_signed;
    use crate::key::Key;
    use openssl::asn1::Asn1Time;
    use openssl::hash::MessageDigest;
    use openssl::pkcs12::Pkcs12;
    use openssl::pkey::{PKey, PKeyRef, Private};
    use openssl::rsa::Rsa;
    use openssl::stack::Stack;
    use openssl::x509::X509;

    #[test]
    fn each_file_that_is_none_is_told_apart() {
        let key = self_signed("Lê Bình", 2, "2026-11-21T03:00:00Z".parse().expect("a time")).expect("a key");
        let packed = key.to_p12("mật khẩu").expect("packed");
        let opened = Opener::Here.open(&packed, "mật khẩu").expect("opened");
        assert_eq!(opened.certificate(), key.certificate());
        let Key::Software(parts) = &key;
        let bare = Pkcs12::builder().pkey(&parts.private).build2("x").and_then(|file| file.to_der());
        let mut chain = Stack::new().expect("a stack");
        chain.push(parts.certificate.x509().clone()).expect("pushed");
        let without_key = Pkcs12::builder().ca(chain).build2("x").and_then(|file| file.to_der());
        let small = Rsa::generate(1024).and_then(PKey::from_rsa).expect("a small key");
        let weak = Pkcs12::builder().pkey(&small).cert(&certified(&small)).build2("x");
        let weak = weak.and_then(|file| file.to_der());
        for (bytes, password, why) in [
            (packed.clone(), "khác", Unopened::PasswordWrong),
            (b"%PDF-1.7".to_vec(), "x", Unopened::NotAKeyFile),
            (packed[..packed.len() / 2].to_vec(), "mật khẩu", Unopened::NotAKeyFile),
            (bare.expect("packed"), "x", Unopened::NoCertificateInside),
            (without_key.expect("packed"), "x", Unopened::NoKeyInside),
            (weak.expect("packed"), "x", Unopened::Weak),
        ] {
            assert_eq!(Opener::Here.open(&bytes, password).err(), Some(why));
        }
    }

    fn certified(key: &PKeyRef<Private>) -> X509 {
        let mut builder = X509::builder().expect("a builder");
        builder.set_pubkey(key).expect("a key");
        // Without days it is no certificate to read back.
        builder.set_not_before(&Asn1Time::days_from_now(0).expect("today")).expect("set");
        builder.set_not_after(&Asn1Time::days_from_now(9).expect("a day")).expect("set");
        builder.sign(key, MessageDigest::sha256()).expect("signed");
        builder.build()
    }

    #[test]
    fn what_is_no_request_is_no_answer() {
        let mut answer = Vec::new();
        serve(&b"nonsense"[..], &mut answer).expect_err("no request");
        assert!(answer.is_empty());
    }
}
