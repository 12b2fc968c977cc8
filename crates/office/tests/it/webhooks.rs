//! Notices reach a receiver of ours over a real connection: thin, signed, again until they are taken, and
//! not for ever.

use crate::counter::received;
use crate::house::House;
use jiff::SignedDuration;
use office::webhook::sign;
use office::{By, Error, Refusal};
use rules::event::trail::Group;
use rules::id::WebhookId;
use rules::people::Role;
use rules::webhook::TypedWebhook;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use store::testing::Scratch;
use store::webhook::Notice;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A counterpart on a loopback port that keeps what it is sent and answers as told.
struct Receiver {
    address: String,
    status: Arc<AtomicU16>,
    taken: Arc<Mutex<Vec<Sent>>>,
}

/// A request: its headers in small letters, and its body.
#[derive(Clone, Debug)]
struct Sent {
    head: String,
    body: String,
}

impl Sent {
    fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }
}

impl Receiver {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}/nhan", listener.local_addr().expect("an address"));
        let (status, taken) = (Arc::new(AtomicU16::new(204)), Arc::new(Mutex::new(Vec::new())));
        let (answer, kept) = (status.clone(), taken.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sent = read(stream, answer.load(Ordering::SeqCst)).await;
                kept.lock().expect("whole").push(sent);
            }
        });
        Self { address, status, taken }
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    fn taken(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.taken.lock().expect("whole"))
    }
}

async fn read(mut stream: TcpStream, status: u16) -> Sent {
    let mut bytes = Vec::new();
    let text = loop {
        let mut chunk = [0; 4096];
        let n_read = stream.read(&mut chunk).await.expect("a request");
        bytes.extend_from_slice(&chunk[..n_read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            break Sent { head, body: body.to_owned() };
        }
    };
    let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.expect("an answer");
    text
}

async fn add(house: &House, admin: &By, receiver: &Receiver) -> (WebhookId, String) {
    let groups = [Group::Receiving];
    let typed = TypedWebhook { name: "cổng tỉnh", address: &receiver.address, groups: &groups };
    let added = house.office.add_webhook(admin, house.commune, typed).await.expect("added");
    (added.id, added.secret.expect("told once"))
}

async fn log(house: &House, admin: &By, id: WebhookId) -> Vec<Notice> {
    house.office.webhook(&admin.actor, id).await.expect("shown").told
}

async fn a_thin_signed_notice_is_taken(db: Scratch) {
    let house = House::open(&db).await;
    let receiver = Receiver::open().await;
    let admin = house.officer(Role::Admin).await;
    let (id, secret) = add(&house, &admin, &receiver).await;
    let counter = house.officer(Role::Counter).await;
    let dossier = received(&house, &counter).await;
    house.office.run_due_jobs().await.expect("sent");
    let sent = receiver.taken();
    let code = house.dossier(dossier).await.code.expect("received").to_string();
    let told: Vec<serde_json::Value> =
        sent.iter().map(|sent| serde_json::from_str(&sent.body).expect("JSON")).collect();
    let receipt = told.iter().position(|told| told["kind"] == "dossier_received").expect("it is told");
    let notice = &told[receipt];
    assert_eq!(notice["dossier"], dossier.to_string());
    assert_eq!(notice["code"], code);
    let fields: Vec<&str> = notice.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(fields, ["at", "code", "dossier", "id", "kind"], "and nothing of a person");
    let now = house.office.clock.now().as_second();
    for sent in &sent {
        assert_eq!(sent.header("motcua-signature"), sign(&secret, now, &sent.body));
        assert_eq!(sent.header("content-type"), "application/json");
    }
    let log = log(&house, &admin, id).await;
    assert_eq!(log.len(), sent.len());
    assert!(log.iter().all(|notice| notice.taken_at.is_some() && notice.last_status == Some(204)));
    // Asked for, it is sent once more.
    house.office.send_notice_again(&admin, id, log[0].id).await.expect("asked");
    house.office.run_due_jobs().await.expect("sent");
    assert_eq!(receiver.taken().len(), 1);
    // Of another agency nothing is told, and its administrator finds nothing.
    let theirs = house.officer_of(house.elsewhere, Role::Admin).await;
    assert!(matches!(house.office.webhook(&theirs.actor, id).await, Err(Error::NotFound)));
    assert!(matches!(house.office.remove_webhook(&theirs, id).await, Err(Error::NotFound)));
    house.office.remove_webhook(&admin, id).await.expect("removed");
    received(&house, &counter).await;
    house.office.run_due_jobs().await.expect("nothing to send");
    assert!(receiver.taken().is_empty());
}

async fn what_is_not_taken_is_sent_again_and_given_up_after_days(db: Scratch) {
    let house = House::open(&db).await;
    let (busy, open) = (Receiver::open().await, Receiver::open().await);
    busy.answers(503);
    let admin = house.officer(Role::Admin).await;
    let (id, _) = add(&house, &admin, &busy).await;
    let (other, _) = add(&house, &admin, &open).await;
    let counter = house.officer(Role::Counter).await;
    received(&house, &counter).await;
    house.office.run_due_jobs().await.expect("tried");
    let n_events = busy.taken().len();
    assert!(n_events > 0);
    assert_eq!(open.taken().len(), n_events, "one that fails holds up no other");
    // Later it is taken, and by the other not a second time.
    busy.answers(200);
    house.office.clock.advance(SignedDuration::from_hours(1));
    house.office.run_due_jobs().await.expect("sent");
    assert_eq!((busy.taken().len(), open.taken().len()), (n_events, 0));
    let failing = async |id| house.office.webhook(&admin.actor, id).await.expect("shown").webhook;
    assert_eq!(failing(id).await.failing_since, None);
    // For three days nothing is taken.
    busy.answers(500);
    received(&house, &counter).await;
    house.office.run_due_jobs().await.expect("tried");
    assert!(failing(id).await.failing_since.is_some());
    house.office.clock.advance(SignedDuration::from_hours(3 * 24));
    received(&house, &counter).await;
    house.office.run_due_jobs().await.expect("tried");
    assert!(failing(id).await.stopped_at.is_some());
    assert!(failing(other).await.stopped_at.is_none());
    busy.taken();
    received(&house, &counter).await;
    house.office.run_due_jobs().await.expect("not tried");
    assert!(busy.taken().is_empty());
    house.office.resume_webhook(&admin, id).await.expect("resumed");
    busy.answers(200);
    received(&house, &counter).await;
    house.office.run_due_jobs().await.expect("sent");
    assert!(!busy.taken().is_empty());
}

async fn an_address_that_may_not_be_told_is_refused_in_words(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    let typed = |address| TypedWebhook { name: "cổng", address, groups: &[Group::Results] };
    for address in ["http://cong.tinh.gov.vn/", "https://ai:k@cong.vn/"] {
        let refused = house.office.add_webhook(&admin, house.commune, typed(address)).await;
        let is_said =
            matches!(&refused, Err(Error::Refused(Refusal::Form(faults))) if faults[0].0 == "dia-chi");
        assert!(is_said, "{refused:?}");
    }
    let refused = house.office.add_webhook(&admin, house.elsewhere, typed("https://cong.vn/")).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::People(_)))), "{refused:?}");
    let counter = house.officer(Role::Counter).await;
    let refused = house.office.add_webhook(&counter, house.commune, typed("https://cong.vn/")).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    // A private network nobody allowed is never connected to.
    let id = house.office.add_webhook(
        &admin,
        house.commune,
        TypedWebhook { groups: &[Group::Receiving], ..typed("https://10.1.2.3/nhan") },
    );
    let id = id.await.expect("judged when it is told").id;
    received(&house, &counter).await;
    house.office.run_due_jobs().await.expect("tried");
    let told = log(&house, &admin, id).await;
    assert!(!told.is_empty());
    assert!(
        told.iter().all(|notice| notice.last_error.as_deref().is_some_and(|said| said.contains("not open")))
    );
}

store::on_both! {
    a_thin_signed_notice_is_taken,
    what_is_not_taken_is_sent_again_and_given_up_after_days,
    an_address_that_may_not_be_told_is_refused_in_words,
}
