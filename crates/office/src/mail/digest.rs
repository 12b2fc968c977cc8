//! The morning's digest: asked for once a working day for each officer who wants it, and made of what his inbox
//! shows at that moment.

use super::{Letter, escaped};
use crate::jobs::Job;
use crate::people::actor_on;
use crate::{Error, Office};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::calendar::{instant, legal_time};
use rules::id::OfficerId;
use rules::mail::{Counts, MORNING, MOST_NAMED};
use rules::measure::{DueMark, due_mark};
use rules::words;
use std::fmt::Write as _;
use store::mail as rows;
use store::people::{self, Officer, rights};
use store::queue::Claimed;
use uuid::Uuid;

/// Officers looked at in one reading.
const PAGE: i64 = 500;

/// What a digest tells: numbers, and the pressing dossiers by code, link and date. No applicant is in it, so that
/// mail outside the house tells nothing of anybody.
// law: LBVDLCN2025/0
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    pub counts: Counts,
    pub pressing: Vec<Pressing>,
}

/// One dossier in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressing {
    pub code: String,
    pub link: String,
    pub mark: String,
    pub due: String,
}

impl Office {
    /// Asks for the digests of this morning, where it is a working morning: a job for each officer, once.
    pub(crate) async fn ask_for_digests(&self, now: Timestamp) -> Result<usize, Error> {
        let local = legal_time(now);
        let (today, hour) = (local.date(), self.settings.digest_at);
        let begins = instant(today.to_datetime(hour)).filter(|begins| now >= *begins);
        let is_time = begins.is_some_and(|begins| now.duration_since(begins) < MORNING);
        if self.settings.mail.is_none() || !is_time {
            return Ok(0);
        }
        let (mut after, mut n_asked) = (OfficerId(Uuid::nil()), 0);
        loop {
            let mut reader = self.db.read().await?;
            let waiting = rows::without_digest(&mut reader, today, after, PAGE).await?;
            let Some(&last) = waiting.last() else { return Ok(n_asked) };
            after = last;
            let away = rights::absences_of(&mut reader, &waiting, today).await?;
            let mut wanted = Vec::new();
            for id in waiting {
                let is_away = away.iter().any(|absence| absence.officer == id && absence.is_on(today));
                let officer = people::officer(&mut reader, id).await?.filter(|officer| officer.active);
                let works = |officer: &Officer| {
                    // A year without a table has no working days yet.
                    self.calendars.of(officer.agency).is_working(today).unwrap_or(false)
                };
                if !is_away && officer.as_ref().is_some_and(works) {
                    wanted.push(id);
                }
            }
            drop(reader);
            for id in wanted {
                let asked: bool = self
                    .db
                    .act(|mut tx| async move {
                        let is_first = rows::note_digest(&mut tx, id, today).await?;
                        if is_first {
                            Job::MailDigest(id).push_on(&mut tx, today, id.0, now).await?;
                        }
                        Ok::<_, Error>(is_first)
                    })
                    .await?;
                n_asked += usize::from(asked);
            }
            self.wake.notify_one();
        }
    }

    /// Sends the digest that was asked for today, if there is still something to tell.
    pub(crate) async fn mail_digest(&self, job: &Claimed, id: OfficerId) -> Result<(), Error> {
        let now = self.clock.now();
        let today = legal_time(now).date();
        let mut reader = self.db.read().await?;
        let known = rows::of_officer(&mut reader, id)
            .await?
            .filter(|known| known.digest && known.confirmed_at.is_some() && known.digest_on == Some(today));
        let officer = people::officer(&mut reader, id).await?.filter(|officer| officer.active);
        drop(reader);
        if let Some((known, officer)) = known.zip(officer)
            && !self.is_past_morning(now, today)
        {
            let digest = self.digest_of(&officer, now, today).await?;
            if !digest.counts.is_nothing() {
                let letter = self.digest_letter(&digest, &officer, known.address, today);
                self.give_off(&letter, false).await?;
            }
        }
        self.act_for_job(job, async |_, _| Ok(())).await
    }

    fn is_past_morning(&self, now: Timestamp, today: Date) -> bool {
        instant(today.to_datetime(self.settings.digest_at))
            .is_none_or(|begins| now.duration_since(begins) >= MORNING)
    }

    /// What the inbox of an officer shows of his own steps.
    async fn digest_of(&self, officer: &Officer, now: Timestamp, today: Date) -> Result<Digest, Error> {
        let actor = actor_on(&mut self.db.read().await?, officer, today).await?;
        let waiting = self.waiting(&actor).await?;
        let mine = || waiting.iter().filter(|waiting| waiting.is_mine).map(|waiting| &waiting.line.dossier);
        let counts = Counts::of(mine().map(|dossier| due_mark(dossier, now, today)));
        let pressing = mine().filter_map(|dossier| {
            let mark = due_mark(dossier, now, today)?;
            let is_pressing = matches!(mark, DueMark::Overdue { .. } | DueMark::Today | DueMark::Soon);
            is_pressing.then(|| Pressing {
                code: dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
                link: self.link_to(&format!("/ho-so/{}", dossier.id)),
                mark: words::due_mark(mark),
                due: dossier.due.map(|due| words::moment(due.at)).unwrap_or_default(),
            })
        });
        Ok(Digest { counts, pressing: pressing.take(MOST_NAMED).collect() })
    }

    fn link_to(&self, path: &str) -> String {
        format!("{}{path}", self.settings.lookup_url.trim_end_matches('/'))
    }

    fn digest_letter(&self, digest: &Digest, officer: &Officer, to: String, day: Date) -> Letter {
        Letter {
            to,
            to_name: officer.name.clone(),
            subject: words::mail::digest_subject(digest.counts, day),
            text: self.digest_text(digest),
            html: self.digest_page(digest),
            id: format!("viec-{}-{day}", officer.id),
        }
    }

    fn digest_text(&self, digest: &Digest) -> String {
        let mut text = String::new();
        for (n, words) in told(digest.counts) {
            let _ = writeln!(text, "{words}: {n}");
        }
        text.push('\n');
        for one in &digest.pressing {
            let _ = writeln!(text, "{} – {}, hẹn trả {}\n{}\n", one.code, one.mark, one.due, one.link);
        }
        let more = left_out(digest);
        if more > 0 {
            let _ = writeln!(text, "Và {more} hồ sơ khác.\n");
        }
        let _ = writeln!(text, "Mở hộp việc: {}", self.link_to("/viec"));
        let _ = writeln!(text, "Thôi nhận thư này: {}", self.link_to("/tai-khoan/thu"));
        text
    }

    fn digest_page(&self, digest: &Digest) -> String {
        let link = |href: &str, label: &str| format!("<a href=\"{}\">{}</a>", escaped(href), escaped(label));
        let mut page = String::from("<!doctype html><html lang=\"vi\"><body><ul>");
        for (n, words) in told(digest.counts) {
            let _ = write!(page, "<li>{words}: <strong>{n}</strong></li>");
        }
        page.push_str("</ul>");
        if !digest.pressing.is_empty() {
            page.push_str("<ul>");
            for one in &digest.pressing {
                let (mark, due) = (escaped(&one.mark), escaped(&one.due));
                let _ = write!(page, "<li>{} – {mark}, hẹn trả {due}</li>", link(&one.link, &one.code));
            }
            page.push_str("</ul>");
        }
        let more = left_out(digest);
        if more > 0 {
            let _ = write!(page, "<p>Và {more} hồ sơ khác.</p>");
        }
        let inbox = link(&self.link_to("/viec"), "Mở hộp việc");
        let stop = link(&self.link_to("/tai-khoan/thu"), "Thôi nhận thư này");
        let _ = write!(page, "<p>{inbox}</p><p>{stop}</p></body></html>");
        page
    }
}

fn told(counts: Counts) -> [(usize, &'static str); 4] {
    [
        (counts.n_overdue, "Quá hạn"),
        (counts.n_today, "Hạn hôm nay"),
        (counts.n_soon, "Sắp đến hạn"),
        (counts.n_mine, "Tất cả hồ sơ chờ bạn"),
    ]
}

/// Pressing dossiers that are not named.
fn left_out(digest: &Digest) -> usize {
    let Counts { n_overdue, n_today, n_soon, .. } = digest.counts;
    (n_overdue + n_today + n_soon).saturating_sub(digest.pressing.len())
}
