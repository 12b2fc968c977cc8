//! Mail to officers: an address is proven by a code before anything else goes there; each working morning a
//! digest goes to those who asked for it, with numbers and codes of dossiers and nothing of any applicant.

mod digest;

pub use digest::Digest;

use crate::act::By;
use crate::jobs::Job;
use crate::people::delegation::note;
use crate::{Error, Office, Refusal, links};
use connect::mail::{Error as SendError, Letter};
use jiff::Timestamp;
use rand::Rng;
use rules::event::Body;
use rules::id::OfficerId;
use rules::mail::{CODE_EVERY, MailFault, check_address, check_code};
use rules::people::Actor;
use rules::words;
use sha2::{Digest as _, Sha256};
use std::time::Instant;
use store::link;
use store::mail::{self as rows, MailBox};
use store::people::{self, Officer};
use store::queue::Claimed;

/// The kinds of jobs that wait for the mail server.
pub(crate) const TO_ASK: [&str; 2] = ["mail_code", "mail_digest"];

impl From<MailFault> for Error {
    fn from(fault: MailFault) -> Self {
        let (field, said) = words::mail::fault(fault);
        Self::Refused(Refusal::Form(vec![(field.to_owned(), said)]))
    }
}

/// Codes are six digits, never kept as they are.
fn digest_of(officer: OfficerId, code: &str) -> Vec<u8> {
    Sha256::digest([officer.0.as_bytes().as_slice(), code.as_bytes()].concat()).to_vec()
}

/// A code goes out once a minute, whatever is put in.
fn not_too_soon(known: Option<&MailBox>, now: Timestamp) -> Result<(), Error> {
    let sent_at = known.filter(|known| known.confirmed_at.is_none()).and_then(|known| known.code_sent_at);
    if sent_at.is_some_and(|sent| now.duration_since(sent) < CODE_EVERY) {
        return Err(MailFault::TooSoon.into());
    }
    Ok(())
}

impl Office {
    /// The address of the officer who acts, if he has put one in.
    pub async fn own_mail(&self, actor: &Actor) -> Result<Option<MailBox>, Error> {
        let id = actor.officer().ok_or(Error::NotFound)?;
        Ok(rows::of_officer(&mut self.db.read().await?, id).await?)
    }

    /// Puts in an address; a code goes there.
    pub async fn put_mail(&self, by: &By, typed: &str) -> Result<(), Error> {
        if self.settings.mail.is_none() {
            return Err(MailFault::NoServer.into());
        }
        let address = &check_address(typed)?;
        self.act(by, "mail.put", |mut tx, now| async move {
            let tx = &mut tx;
            let id = by.actor.officer().ok_or(Error::NotFound)?;
            not_too_soon(rows::of_officer(tx, id).await?.as_ref(), now)?;
            rows::put(tx, id, address).await?;
            Job::MailCode(id).push_again(tx, id.0, &by.actor, now).await
        })
        .await
    }

    /// He types the code that was sent: from now on the digest goes there.
    pub async fn confirm_mail(&self, by: &By, code: &str) -> Result<(), Error> {
        let code = &code.replace([' ', '-'], "");
        // A wrong code is counted, so it is no error inside the act.
        let done: Result<(), MailFault> = self
            .act(by, "mail.confirm", |mut tx, now| async move {
                let tx = &mut tx;
                let id = by.actor.officer().ok_or(Error::NotFound)?;
                let Some(known) = rows::of_officer(tx, id).await? else {
                    return Ok(Some(MailFault::NothingToConfirm));
                };
                let Some(kept) = known.code else { return Ok(Some(MailFault::NothingToConfirm)) };
                if let Err(fault) = check_code(known.code_sent_at, known.n_tries, now) {
                    return Ok(Some(fault));
                }
                if kept != digest_of(id, code) {
                    rows::note_try(tx, id).await?;
                    return Ok(Some(MailFault::CodeWrong));
                }
                rows::confirm(tx, id, now).await?;
                note(tx, by, id, Body::MailConfirmed, now).await?;
                Ok(None)
            })
            .await
            .map(|fault: Option<MailFault>| fault.map_or(Ok(()), Err))?;
        done.map_err(Error::from)
    }

    /// Whether he wants the digest.
    pub async fn want_digest(&self, by: &By, wants: bool) -> Result<(), Error> {
        self.act(by, "mail.want_digest", |mut tx, _| async move {
            let tx = &mut tx;
            let id = by.actor.officer().ok_or(Error::NotFound)?;
            let known = rows::of_officer(tx, id).await?;
            if known.and_then(|known| known.confirmed_at).is_none() {
                return Err(MailFault::NotConfirmed.into());
            }
            Ok(rows::set_digest(tx, id, wants).await?)
        })
        .await
    }

    pub async fn remove_mail(&self, by: &By) -> Result<(), Error> {
        self.act(by, "mail.remove", |mut tx, now| async move {
            let tx = &mut tx;
            let id = by.actor.officer().ok_or(Error::NotFound)?;
            let known = rows::of_officer(tx, id).await?;
            // Taken away and put in again, it would get another code at once.
            not_too_soon(known.as_ref(), now)?;
            if known.is_some() {
                rows::remove(tx, id).await?;
                note(tx, by, id, Body::MailRemoved, now).await?;
            }
            Ok(())
        })
        .await
    }

    /// Draws a code, keeps its digest and sends it. Tried again, another code goes out and the one before it is
    /// worth nothing: none is ever kept.
    pub(crate) async fn mail_code(&self, job: &Claimed, id: OfficerId) -> Result<(), Error> {
        let mut reader = self.db.read().await?;
        let (known, officer) =
            (rows::of_officer(&mut reader, id).await?, people::officer(&mut reader, id).await?);
        drop(reader);
        let wanted = known.zip(officer).filter(|(known, officer)| {
            known.confirmed_at.is_none() && officer.active && self.settings.mail.is_some()
        });
        if let Some((known, officer)) = wanted {
            let code = draw();
            let digest = &digest_of(id, &code);
            let (now, to) = (self.clock.now(), known.address.as_str());
            let noted =
                self.db.act(|mut tx| async move { rows::note_code(&mut tx, id, to, digest, now).await });
            // He put another address meanwhile, which has a job of its own.
            if !noted.await? {
                return self.act_for_job(job, async |_, _| Ok(())).await;
            }
            let system = &self.settings.system_name;
            let text = format!(
                "Mã xác nhận địa chỉ thư của bạn: {code}\n\nGõ mã này ở trang Tài khoản, mục Thư nhắc việc, trong 30 phút.\nBạn không xin mã này thì bỏ qua thư; không có gì thay đổi.\n\n{system}\n"
            );
            let letter = Letter {
                to: known.address,
                to_name: officer.name,
                subject: format!("Mã xác nhận: {code}"),
                html: page(&text),
                text,
                id: format!("ma-{}", job.id),
            };
            self.give_off(&letter, false).await?;
        }
        self.act_for_job(job, async |_, _| Ok(())).await
    }

    /// Gives a message off and notes what came of it.
    async fn give_off(&self, letter: &Letter, is_test: bool) -> Result<(), Error> {
        let mailer = self.settings.mail.as_ref().ok_or(Error::from(MailFault::NoServer))?;
        let (at, begun) = (self.clock.now(), Instant::now());
        let sent = mailer.send(letter).await;
        let failure = sent.as_ref().err().map(SendError::failure);
        if let Err(error) = links::note(&self.db, link::MAIL, (at, begun), failure, is_test).await {
            tracing::warn!(%error, "cannot note an attempt");
        }
        match sent {
            Ok(()) => Ok(()),
            Err(error) if error.retry() => Err(Error::broken(error)),
            // An address that is refused for good is not asked again.
            Err(error) => {
                let said = words::link::failure(error.failure());
                Err(Error::Refused(Refusal::Unreadable(said)))
            }
        }
    }
}

/// A message to whoever asks for it, at the address he has proven.
pub(crate) async fn test_letter(office: &Office, actor: &Actor) -> Result<Letter, Error> {
    let known = office.own_mail(actor).await?.filter(|known| known.confirmed_at.is_some());
    let known = known.ok_or(Error::from(MailFault::NotConfirmed))?;
    let id = actor.officer().ok_or(Error::NotFound)?;
    let officer: Option<Officer> = people::officer(&mut office.db.read().await?, id).await?;
    let text = format!(
        "Đây là thư gửi thử từ trang Kết nối. Nhận được thư này tức là máy chủ thư đang chạy.\n\n{}\n",
        office.settings.system_name
    );
    Ok(Letter {
        to: known.address,
        to_name: officer.map(|officer| officer.name).unwrap_or_default(),
        subject: "Thư gửi thử".to_owned(),
        html: page(&text),
        text,
        id: format!("thu-{}", uuid::Uuid::new_v4()),
    })
}

#[expect(clippy::disallowed_methods, reason = "a secret, drawn here and nowhere else")]
fn draw() -> String {
    format!("{:06}", rand::rng().random_range(0..1_000_000_u32))
}

/// A text as a simple page: its lines, and nothing that could be taken for marks.
fn page(text: &str) -> String {
    let lines: Vec<String> = text.trim_end().lines().map(escaped).collect();
    format!("<!doctype html><html lang=\"vi\"><body><p>{}</p></body></html>", lines.join("<br>\n"))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn nothing_in_a_text_becomes_a_mark() {
        let shown = page("a <script> & \"b\"\nc\n");
        assert!(shown.contains("<p>a &lt;script&gt; &amp; &quot;b&quot;<br>\nc</p>"), "{shown}");
    }
}
