//! Over a mail server of ours on a real socket: nothing goes to an address before its code was typed, and each
//! working morning one digest goes to who asked for it, with codes and numbers and nothing of an applicant.

use crate::counter::received;
use crate::house::{House, id_of};
use connect::mail::{Mailer, Safety, Server};
use jiff::{SignedDuration, Timestamp};
use office::{By, Error, Refusal};
use rules::event::{Body, Subject};
use rules::link::{Cause, LinkState};
use rules::people::Role;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use store::testing::Scratch;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail server on a loopback port that keeps what it is given.
struct Post {
    port: u16,
    taken: Arc<Mutex<Vec<String>>>,
    is_busy: Arc<AtomicBool>,
}

impl Post {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (taken, is_busy) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (kept, busy) = (taken.clone(), is_busy.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Some(letter) = talk(stream, busy.load(Ordering::SeqCst)).await {
                    kept.lock().expect("whole").push(letter);
                }
            }
        });
        Self { port, taken, is_busy }
    }

    /// What was given off since it was last asked, decoded as far as its words go.
    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.taken.lock().expect("whole"))
    }

    fn mailer(&self) -> Mailer {
        Mailer::new(&Server {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            safety: Safety::Plain,
            login: None,
            roots: None,
            sender: "motcua@yenbinh.gov.vn".to_owned(),
            sender_name: "Một Cửa".to_owned(),
        })
        .expect("a mailer")
    }
}

/// The message of one session; none where it was refused.
async fn talk(stream: TcpStream, is_busy: bool) -> Option<String> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 thu\r\n").await.ok()?;
    let (mut letter, mut is_in_data, mut is_whole) = (String::new(), false, false);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return is_whole.then_some(letter);
        }
        let answer = match line.split_whitespace().next().unwrap_or_default() {
            "." if is_in_data => {
                (is_in_data, is_whole) = (false, true);
                "250 ok\r\n"
            }
            _ if is_in_data => {
                letter.push_str(&line);
                continue;
            }
            "MAIL" if is_busy => "451 later\r\n",
            "DATA" => {
                is_in_data = true;
                "354 go on\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

/// The words of a message whose parts are quoted-printable or base64.
fn read(letter: &str) -> String {
    let mut words = letter.replace("=\r\n", "");
    for part in letter.split("\r\n\r\n") {
        let body = part.split("\r\n--").next().unwrap_or_default();
        let packed: String = body.split_whitespace().collect();
        if let Some(text) = base64(&packed) {
            words.push_str(&text);
        }
    }
    let mut bytes = Vec::new();
    let mut rest = words.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = (byte == b'=').then(|| after.get(..2).and_then(|two| std::str::from_utf8(two).ok()));
        match code.flatten().and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(value) => {
                bytes.push(value);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn base64(packed: &str) -> Option<String> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut n_bits, mut bytes) = (0_u32, 0, Vec::new());
    for c in packed.trim_end_matches('=').chars() {
        bits = (bits << 6) | u32::try_from(LETTERS.find(c)?).ok()?;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push((bits >> n_bits) as u8);
            bits &= (1 << n_bits) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

async fn open(db: &Scratch) -> (House, Post) {
    let (mut house, post) = (House::open(db).await, Post::open().await);
    let settings = office::Settings { mail: Some(post.mailer()), ..(*house.office.settings).clone() };
    house.office.settings = Arc::new(settings);
    (house, post)
}

fn code_in(letter: &str) -> String {
    let words = read(letter);
    let at = words.find("thư của bạn: ").unwrap_or_else(|| panic!("no code in {words}"));
    words[at..].chars().filter(char::is_ascii_digit).take(6).collect()
}

fn said<T: std::fmt::Debug>(refused: Result<T, Error>) -> (String, String) {
    match refused {
        Err(Error::Refused(Refusal::Form(faults))) => faults.into_iter().next().expect("a fault"),
        other => panic!("{other:?}"),
    }
}

/// An officer whose address is proven.
async fn proven(house: &House, post: &Post, role: Role) -> By {
    let by = house.officer(role).await;
    house.office.put_mail(&by, "hoa@yenbinh.gov.vn").await.expect("kept");
    house.office.run_due_jobs().await.expect("sent");
    let code = code_in(&post.taken().pop().expect("a letter"));
    house.office.confirm_mail(&by, &code).await.expect("confirmed");
    by
}

async fn an_address_is_proven_by_its_code(db: Scratch) {
    let (house, post) = open(&db).await;
    let by = house.officer(Role::Counter).await;
    assert_eq!(said(house.office.confirm_mail(&by, "123456").await).0, "ma");
    assert_eq!(said(house.office.put_mail(&by, "hoa@x.vn, binh@x.vn").await).0, "dia-chi");
    assert!(said(house.office.want_digest(&by, true).await).1.contains("chưa được xác nhận"));
    house.office.put_mail(&by, "hoa@yenbinh.gov.vn").await.expect("kept");
    house.office.run_due_jobs().await.expect("sent");
    let letter = post.taken().pop().expect("a letter");
    assert!(letter.contains("<hoa@yenbinh.gov.vn>"), "{letter}");
    let code = code_in(&letter);
    assert!(said(house.office.put_mail(&by, "hoa@yenbinh.gov.vn").await).1.contains("Chờ một phút"));
    assert!(said(house.office.remove_mail(&by).await).1.contains("Chờ một phút"), "nor by taking it away");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert!(said(house.office.confirm_mail(&by, wrong).await).1.contains("Mã chưa đúng"));
    }
    assert!(said(house.office.confirm_mail(&by, &code).await).1.contains("sai 5 lần"), "it is not guessed");
    house.office.clock.advance(SignedDuration::from_mins(2));
    house.office.put_mail(&by, "hoa@yenbinh.gov.vn").await.expect("kept");
    house.office.run_due_jobs().await.expect("sent");
    let code = code_in(&post.taken().pop().expect("a letter"));
    house.office.clock.advance(SignedDuration::from_mins(31));
    assert!(said(house.office.confirm_mail(&by, &code).await).1.contains("quá 30 phút"));
    house.office.put_mail(&by, "hoa@yenbinh.gov.vn").await.expect("kept");
    house.office.run_due_jobs().await.expect("sent");
    let code = code_in(&post.taken().pop().expect("a letter"));
    house.office.confirm_mail(&by, &format!("{} {}", &code[..3], &code[3..])).await.expect("confirmed");
    let known = house.office.own_mail(&by.actor).await.expect("read").expect("an address");
    assert!(known.confirmed_at.is_some() && known.digest && known.code.is_none());
    house.office.remove_mail(&by).await.expect("removed");
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let subject = Subject::Officer(id_of(&by.actor));
    let events = store::event::of_subject(&mut reader, subject, 20).await.expect("read");
    let kinds: Vec<String> = events.iter().map(|event| Body::kind(&event.body)).collect();
    assert_eq!(kinds, ["mail_confirmed", "mail_removed"]);
    let told = format!("{events:?}");
    assert!(!told.contains("hoa@"), "the address is nobody's to read: {told}");
}

async fn one_digest_goes_out_on_a_working_morning(db: Scratch) {
    let (house, post) = open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let examiner = proven(&house, &post, Role::Specialist).await;
    let head = house.officer(Role::Head).await;
    let id = received(&house, &counter).await;
    let code = house.dossier(id).await.code.expect("received").to_string();
    let at = |text: &str| -> Timestamp { text.parse().expect("an instant") };
    let morning = async |now: &str| {
        let by = at(now).duration_since(house.office.clock.now());
        house.office.clock.advance(by);
        // Twice, as after a restart, and on two nodes.
        house.office.watch_once().await.expect("watched");
        house.office.watch_once().await.expect("watched");
        house.office.run_due_jobs().await.expect("sent");
        post.taken()
    };
    // Friday, when the dossier is late: not before seven, then once, then not again.
    assert!(morning("2026-11-26T23:59:00Z").await.is_empty());
    let letters = morning("2026-11-27T00:00:00Z").await;
    let waits = house.office.waiting(&examiner.actor).await.expect("read");
    assert!(waits.iter().any(|waiting| waiting.is_mine && waiting.line.dossier.id == id), "it is his to do");
    let [letter] = &letters[..] else { panic!("one letter, not {letters:?}") };
    let words = read(letter);
    for part in [code.as_str(), "http://127.0.0.1/ho-so/", "/viec", "Tất cả hồ sơ chờ bạn: 1"] {
        assert!(words.contains(part), "{part} in {words}");
    }
    assert!(!words.contains("Ngoãn") && !words.contains("038191004627"), "nothing of the applicant: {words}");
    assert!(letter.contains(&format!("<viec-{}-2026-11-27@", id_of(&examiner.actor))), "{letter}");
    assert!(morning("2026-11-27T01:00:00Z").await.is_empty(), "once a day");
    // Nobody else asked for one.
    assert!(house.office.own_mail(&head.actor).await.expect("read").is_none());
    // Not on Saturday, and not to who wants it no more.
    assert!(morning("2026-11-28T00:10:00Z").await.is_empty(), "a day off");
    house.office.want_digest(&examiner, false).await.expect("set");
    assert!(morning("2026-11-30T00:10:00Z").await.is_empty());
    house.office.want_digest(&examiner, true).await.expect("set");
    assert!(morning("2026-11-30T06:00:00Z").await.is_empty(), "at one o'clock the morning is over");
    assert_eq!(morning("2026-12-01T03:00:00Z").await.len(), 1, "late in the morning it still goes out");
}

async fn nothing_to_tell_is_not_told(db: Scratch) {
    let (house, post) = open(&db).await;
    let head = proven(&house, &post, Role::Head).await;
    // Over the 24th, a day off.
    house.office.clock.advance(SignedDuration::from_hours(48));
    house.office.watch_once().await.expect("watched");
    house.office.run_due_jobs().await.expect("run");
    assert!(post.taken().is_empty());
    let known = house.office.own_mail(&head.actor).await.expect("read").expect("an address");
    assert!(known.digest_on.is_some(), "it was asked for, and there was nothing");
}

async fn a_server_that_is_busy_is_asked_again(db: Scratch) {
    let (house, post) = open(&db).await;
    post.is_busy.store(true, Ordering::SeqCst);
    let by = house.officer(Role::Counter).await;
    house.office.put_mail(&by, "hoa@yenbinh.gov.vn").await.expect("kept");
    house.office.run_due_jobs().await.expect("tried");
    assert!(post.taken().is_empty());
    let admin = house.officer(Role::Admin).await;
    let (line, attempts) = house.office.link(&admin.actor, "mail").await.expect("shown");
    let LinkState::Fails(failure) = line.state else { panic!("{line:?}") };
    assert_eq!((failure.cause, failure.status, attempts.len()), (Cause::Refused, Some(451), 1));
    assert_eq!(line.n_waiting, Some(1));
    post.is_busy.store(false, Ordering::SeqCst);
    house.office.clock.advance(SignedDuration::from_mins(5));
    house.office.run_due_jobs().await.expect("sent");
    let letters = post.taken();
    assert_eq!(letters.len(), 1);
    house.office.confirm_mail(&by, &code_in(&letters[0])).await.expect("the newest code counts");
    let (line, _) = house.office.link(&admin.actor, "mail").await.expect("shown");
    assert_eq!((line.state, line.n_waiting), (LinkState::Works, Some(0)));
    // An administrator who has proven no address of his own has nowhere to send a test to.
    let refused = house.office.try_link(&admin, "mail").await;
    assert!(said(refused).1.contains("chưa được xác nhận"));
    let admin = proven(&house, &post, Role::Admin).await;
    let tried = house.office.try_link(&admin, "mail").await.expect("tried");
    assert_eq!((tried.failure, tried.is_test), (None, true));
    assert_eq!(post.taken().len(), 1);
    assert!(matches!(house.office.link(&by.actor, "mail").await, Err(Error::NotFound | Error::NotYours(_))));
}

store::on_both!(
    an_address_is_proven_by_its_code,
    one_digest_goes_out_on_a_working_morning,
    nothing_to_tell_is_not_told,
    a_server_that_is_busy_is_asked_again,
);
