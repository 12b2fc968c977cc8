//! Officers at work at the same time: each takes dossier after dossier through acts that neither print nor
//! sign, which are measured by `bench digitise` and by the stories.

use anyhow::{Context, Result};
use jiff::SignedDuration;
use office::dossier::act::{Act, MarkWord};
use office::{Clock, Office};
use rules::calendar::Limit;
use rules::event::SupplementItem;
use rules::procedure::Channel;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::house::{Commune, House, LONG, Who};
use super::latency::Latencies;
use super::people::person;
use super::stories::{Deed, brought, open};

/// Who works, and how much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    pub(super) n_officers: usize,
    pub(super) n_dossiers_each: usize,
    /// The first person of theirs in the row of people.
    pub(super) first_person: usize,
}

impl Work {
    pub(super) fn n_people(&self) -> usize {
        self.n_officers * self.n_dossiers_each
    }
}

/// What work came to.
#[derive(Debug)]
pub(super) struct Worked {
    pub(super) latencies: Latencies,
    pub(super) took: Duration,
}

/// Lets all officers work, each in a task of his own and by a clock of his own: no two of them act in the
/// same microsecond, as in an office, so that said again they meet as seldom as they did.
pub(super) async fn work(office: &Office, house: &Arc<House>, work: Work) -> Result<Worked> {
    let begun = Instant::now();
    let since = office.clock.now();
    let officers = (0..work.n_officers).map(|at| {
        let clock = Clock::set(since + SignedDuration::from_micros(i64::try_from(at).unwrap_or(0)));
        let (office, house) = (Office { clock, ..office.clone() }, Arc::clone(house));
        tokio::spawn(async move {
            let mut latencies = Latencies::default();
            let commune = &house.communes[at % house.communes.len()];
            for n in 0..work.n_dossiers_each {
                let who = work.first_person + n * work.n_officers + at;
                one_dossier(&office, commune, n + at, who, &mut latencies).await?;
            }
            anyhow::Ok(latencies)
        })
    });
    let officers: Vec<_> = officers.collect();
    let mut latencies = Latencies::default();
    for officer in officers {
        latencies.take_in(officer.await??);
    }
    office.clock.advance(SignedDuration::from_hours(1));
    Ok(Worked { latencies, took: begun.elapsed() })
}

/// One of three courses, by turns.
async fn one_dossier(
    office: &Office,
    commune: &Commune,
    turn: usize,
    who: usize,
    latencies: &mut Latencies,
) -> Result<()> {
    let tick = || office.clock.advance(SignedDuration::from_millis(1));
    tick();
    let person = person(who);
    let opening = open(office, commune, LONG, Channel::Direct, &person);
    let id = latencies.time("lập hồ sơ", opening).await?;
    for (who, (name, act)) in course(turn) {
        tick();
        let by = commune.by(who);
        let done = latencies.time(name, office.perform(&by, id, act)).await;
        done.with_context(|| format!("không làm được `{name}`"))?;
    }
    Ok(())
}

type Named = (&'static str, Act);

fn course(turn: usize) -> Vec<(Who, Named)> {
    use Who::{Counter, Head, Leader, Specialist};
    let to = |to: &str| {
        let (to, opinion) = (to.to_owned(), "Hồ sơ hợp lệ".to_owned());
        ("xong bước", Act::FinishStep { to, opinion, officer: None })
    };
    let take = || ("nhận việc", Act::Take);
    let marks = brought(LONG).into_iter().filter_map(|(who, deed)| match deed {
        Deed::Act(act) => Some((who, ("đánh dấu giấy tờ", act))),
        _ => None,
    });
    let received = marks.chain([(Counter, ("tiếp nhận", Act::Receive))]);
    let examined = [(Head, take()), (Head, to("tham-dinh")), (Specialist, take())];
    let reason = || "Chờ kết quả xác minh".to_owned();
    match turn % 3 {
        0 => {
            let items = vec![SupplementItem {
                component: "to-khai".to_owned(),
                what: "Thiếu chữ ký".to_owned(),
            }];
            let brought = Act::Mark { component: "to-khai".to_owned(), mark: MarkWord::OnPaper };
            let supplemented = [
                (Specialist, ("yêu cầu bổ sung", Act::AskSupplement { items, exception: None })),
                (Counter, ("đánh dấu giấy tờ", brought)),
                (Counter, ("nhận bổ sung", Act::SupplementReceived)),
                (Specialist, to("du-thao")),
            ];
            received.chain(examined).chain(supplemented).collect()
        }
        1 => {
            let halted = [
                (Specialist, ("tạm dừng", Act::Halt { reason: reason() })),
                (Specialist, ("tiếp tục", Act::Resume)),
                (Specialist, to("du-thao")),
                (Specialist, take()),
            ];
            received.chain(examined).chain(halted).collect()
        }
        _ => {
            let extended = Act::Extend { by: Limit::WorkingDays(2), reason: reason() };
            let withdrawn = Act::Withdraw { reason: "Đổi ý".to_owned(), originals_returned: true };
            let ended = [
                (Leader, ("gia hạn", extended)),
                (Head, take()),
                (Head, to("tham-dinh")),
                (Counter, ("rút hồ sơ", withdrawn)),
            ];
            received.chain(ended).collect()
        }
    }
}
