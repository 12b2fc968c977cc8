//! Against a mail server of ours on a real socket: it takes, refuses, is slow, wants TLS, wants a password.

use super::{Letter, Mailer, Safety, Server};
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::extension::SubjectAlternativeName;
use openssl::x509::{X509, X509Name};
use rules::link::Cause;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How the server behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Takes,
    OffersTls,
    TlsAtOnce,
    RefusesAddress,
    Busy,
    Silent,
    WantsPassword,
    Nonsense,
}

struct Taken {
    port: u16,
    /// What it was sent, line by line.
    heard: Arc<Mutex<String>>,
    root: Vec<u8>,
}

/// A certificate for this machine that nobody else vouches for.
fn certificate() -> (PKey<Private>, X509) {
    let key = Rsa::generate(2048).and_then(PKey::from_rsa).expect("a key");
    let mut name = X509Name::builder().expect("a name");
    name.append_entry_by_nid(Nid::COMMONNAME, "may-chu-thu").expect("a name");
    let name = name.build();
    let mut builder = X509::builder().expect("a builder");
    builder.set_version(2).expect("a version");
    builder.set_subject_name(&name).expect("a name");
    builder.set_issuer_name(&name).expect("a name");
    builder.set_pubkey(&key).expect("a key");
    let start = Asn1Time::days_from_now(0).expect("a day");
    let end = Asn1Time::days_from_now(2).expect("a day");
    builder.set_not_before(&start).expect("a day");
    builder.set_not_after(&end).expect("a day");
    let context = builder.x509v3_context(None, None);
    let names = SubjectAlternativeName::new().dns("localhost").build(&context).expect("names");
    builder.append_extension(names).expect("names");
    builder.sign(&key, MessageDigest::sha256()).expect("signed");
    (key, builder.build())
}

fn serve(manner: Manner) -> Taken {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let heard = Arc::new(Mutex::new(String::new()));
    let (key, x509) = certificate();
    let root = x509.to_pem().expect("PEM");
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).expect("an acceptor");
    acceptor.set_private_key(&key).expect("a key");
    acceptor.set_certificate(&x509).expect("a certificate");
    let (acceptor, kept) = (acceptor.build(), heard.clone());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.expect("a connection");
            stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
            // Whoever does not like what he hears goes away in the middle.
            drop(talk(stream, manner, &acceptor, &kept));
        }
    });
    Taken { port, heard, root }
}

fn talk(
    stream: TcpStream,
    manner: Manner,
    acceptor: &SslAcceptor,
    heard: &Mutex<String>,
) -> std::io::Result<()> {
    let broken = |_| std::io::Error::other("no handshake");
    match manner {
        // It hears nothing, for nobody speaks before he was greeted.
        Manner::Silent => (&stream).read(&mut [0]).map(drop),
        Manner::TlsAtOnce => {
            let stream = acceptor.accept(stream).map_err(broken)?;
            session(stream, manner, heard, true).map(drop)
        }
        Manner::OffersTls => {
            let stream = session(stream, manner, heard, true)?;
            let stream = acceptor.accept(stream).map_err(broken)?;
            session(stream, manner, heard, false).map(drop)
        }
        _ => session(stream, manner, heard, true).map(drop),
    }
}

/// One session, to its end or to STARTTLS.
fn session<S: Read + Write>(
    stream: S,
    manner: Manner,
    heard: &Mutex<String>,
    greets: bool,
) -> std::io::Result<S> {
    let mut stream = BufReader::new(stream);
    let say = |stream: &mut BufReader<S>, line: &str| stream.get_mut().write_all(line.as_bytes());
    if greets {
        say(&mut stream, if manner == Manner::Nonsense { "HTTP/1.1 400 Bad\r\n" } else { "220 thu\r\n" })?;
    }
    let mut is_in_data = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(stream.into_inner());
        }
        heard.lock().expect("whole").push_str(&line);
        if is_in_data {
            if line == ".\r\n" {
                is_in_data = false;
                say(&mut stream, "250 ok\r\n")?;
            }
            continue;
        }
        let word = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let answer = match (word.as_str(), manner) {
            ("EHLO", Manner::OffersTls) if greets => "250-thu\r\n250 STARTTLS\r\n",
            ("EHLO", Manner::WantsPassword) => "250-thu\r\n250 AUTH PLAIN\r\n",
            ("EHLO", _) => "250-thu\r\n250 8BITMIME\r\n",
            ("STARTTLS", _) => {
                say(&mut stream, "220 go on\r\n")?;
                return Ok(stream.into_inner());
            }
            ("AUTH", _) if line.contains("AHRodQBkdW5n") => "235 ok\r\n",
            ("AUTH", _) => "535 wrong\r\n",
            ("MAIL", Manner::Busy) => "451 later\r\n",
            ("RCPT", Manner::RefusesAddress) => "550 no such person\r\n",
            ("DATA", _) => {
                is_in_data = true;
                "354 go on\r\n"
            }
            ("QUIT", _) => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        say(&mut stream, answer)?;
    }
}

fn server(port: u16, safety: Safety) -> Server {
    Server {
        host: "localhost".to_owned(),
        port,
        safety,
        login: None,
        roots: None,
        sender: "motcua@yenbinh.gov.vn".to_owned(),
        sender_name: "Một Cửa".to_owned(),
    }
}

fn letter() -> Letter {
    Letter {
        to: "hoa@yenbinh.gov.vn".to_owned(),
        to_name: "Trần Thị Hoa".to_owned(),
        subject: "Việc ngày 23/11/2026: 2 quá hạn".to_owned(),
        text: "Hai hồ sơ quá hạn.\n".to_owned(),
        html: "<p>Hai hồ sơ quá hạn.</p>".to_owned(),
        id: "viec-1-2026-11-23".to_owned(),
    }
}

async fn sent(server: &Server) -> Result<(), super::Error> {
    Mailer::new(server).expect("a mailer").send(&letter()).await
}

#[tokio::test]
async fn a_message_is_given_off_whole() {
    let there = serve(Manner::Takes);
    sent(&server(there.port, Safety::Plain)).await.expect("taken");
    let heard = there.heard.lock().expect("whole").clone();
    for part in [
        "EHLO yenbinh.gov.vn",
        "MAIL FROM:<motcua@yenbinh.gov.vn>",
        "RCPT TO:<hoa@yenbinh.gov.vn>",
        "Message-ID: <viec-1-2026-11-23@yenbinh.gov.vn>",
        "Auto-Submitted: auto-generated",
        "text/plain",
        "text/html",
    ] {
        assert!(heard.contains(part), "{part} in {heard}");
    }
}

#[tokio::test]
async fn nobodys_name_adds_a_header_or_an_addressee() {
    let there = serve(Manner::Takes);
    let mut letter = letter();
    letter.to_name = "Hoa\r\nBcc: ke-la@x.vn\r\n\r\nthân thư".to_owned();
    letter.subject = "Việc\r\nBcc: ke-la@x.vn".to_owned();
    letter.id = "a>\r\nBcc: ke-la@x.vn".to_owned();
    let mut named = server(there.port, Safety::Plain);
    named.sender_name = "Một Cửa\nReply-To: ke-la@x.vn".to_owned();
    Mailer::new(&named).expect("a mailer").send(&letter).await.expect("taken");
    let heard = there.heard.lock().expect("whole").clone();
    let head = heard.split("\r\n\r\n").next().expect("a head");
    for line in head.lines() {
        assert!(!line.starts_with("Bcc:") && !line.starts_with("Reply-To:"), "{head}");
    }
    assert_eq!(heard.matches("RCPT TO").count(), 1);
    letter.to = "hoa@x.vn>\r\nRCPT TO:<ke-la@x.vn".to_owned();
    let error = Mailer::new(&named).expect("a mailer").send(&letter).await.expect_err("no address");
    assert!(!error.retry() && error.failure().cause == Cause::Malformed);
}

#[tokio::test]
async fn a_refusal_is_told_with_its_number_and_whether_to_try_again() {
    let there = serve(Manner::RefusesAddress);
    let error = sent(&server(there.port, Safety::Plain)).await.expect_err("refused");
    assert_eq!((error.failure().cause, error.failure().status), (Cause::Refused, Some(550)));
    assert!(!error.retry());
    let there = serve(Manner::Busy);
    let error = sent(&server(there.port, Safety::Plain)).await.expect_err("later");
    assert_eq!((error.failure().status, error.retry()), (Some(451), true));
    let there = serve(Manner::Nonsense);
    let error = sent(&server(there.port, Safety::Plain)).await.expect_err("nonsense");
    assert!(matches!(error.failure().cause, Cause::Malformed | Cause::Refused), "{error:?}");
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let error = sent(&server(nobody, Safety::Plain)).await.expect_err("nobody");
    assert_eq!((error.failure().cause, error.retry()), (Cause::Unreachable, true));
}

#[tokio::test]
async fn a_server_that_says_nothing_is_not_waited_for() {
    let there = serve(Manner::Silent);
    let begun = std::time::Instant::now();
    let error = sent(&server(there.port, Safety::Plain)).await.expect_err("silent");
    assert_eq!((error.failure().cause, error.retry()), (Cause::TooSlow, true), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn nothing_is_said_before_the_connection_is_safe() {
    // One that offers no TLS is not spoken to.
    let there = serve(Manner::Takes);
    let error = sent(&server(there.port, Safety::StartTls)).await.expect_err("no TLS");
    assert_eq!(error.failure().cause, Cause::Tls, "{error:?}");
    assert!(!there.heard.lock().expect("whole").contains("MAIL FROM"));
    for (manner, safety) in [(Manner::OffersTls, Safety::StartTls), (Manner::TlsAtOnce, Safety::Tls)] {
        let there = serve(manner);
        // A certificate nobody vouches for is not believed.
        let error = sent(&server(there.port, safety)).await.expect_err("a stranger's certificate");
        assert_eq!(error.failure().cause, Cause::Tls, "{error:?}");
        assert!(!there.heard.lock().expect("whole").contains("MAIL FROM"));
        let known = Server { roots: Some(there.root.clone()), ..server(there.port, safety) };
        sent(&known).await.expect("taken over TLS");
        assert!(there.heard.lock().expect("whole").contains("MAIL FROM"));
    }
}

#[tokio::test]
async fn a_password_is_proven_and_never_printed() {
    let there = serve(Manner::WantsPassword);
    let login = |password: &str| Some(("thu".to_owned(), password.to_owned()));
    let knows = Server { login: login("dung"), ..server(there.port, Safety::Plain) };
    assert!(!format!("{knows:?} {:?}", Mailer::new(&knows)).contains("dung"));
    sent(&knows).await.expect("taken");
    Mailer::new(&knows).expect("a mailer").check().await.expect("it answers");
    let guesses = Server { login: login("sai"), ..knows };
    let error = sent(&guesses).await.expect_err("wrong");
    assert_eq!((error.failure().cause, error.failure().status), (Cause::SignIn, Some(535)));
    let error = Mailer::new(&guesses).expect("a mailer").check().await.expect_err("wrong");
    assert_eq!(error.failure().cause, Cause::SignIn);
}

#[test]
fn a_sender_that_is_no_address_is_no_mailer() {
    let nameless = Server { sender: "một cửa".to_owned(), ..server(25, Safety::Plain) };
    Mailer::new(&nameless).expect_err("no address");
    let strange = Server { roots: Some(b"nonsense".to_vec()), ..server(25, Safety::Tls) };
    drop(Mailer::new(&strange));
}
