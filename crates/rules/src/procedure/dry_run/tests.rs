//! What is tried changes what it should: by hand on a known week, and over random pasts, where trying
//! nothing new changes nothing.

use super::{Cause, DryRun, Pace, Past, Replayed, Skipped, Trial, replay};
use crate::calendar::{Counting, DayKind, Limit, Part, Sure, TableDay, WorkingCalendar};
use crate::dossier::clock::{Clock, Stop, StopCause};
use crate::event::{Body, Event, Subject};
use crate::id::{EventId, ResultId};
use crate::procedure::testing::{Dice, random_sound_procedure};
use crate::procedure::tests::kite;
use crate::procedure::{Channel, ClockEffect, Procedure, Step, StepTask, WaitKind};
use crate::sample::{COUNTER, DOSSIER, HOA, at, calendar};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

fn event(happened_at: Timestamp, body: Body) -> Event {
    Event {
        id: EventId(Uuid::nil()),
        subject: Subject::Dossier(DOSSIER),
        dossier: Some(DOSSIER),
        agency: COUNTER,
        actor: Some(HOA),
        on_behalf_of: None,
        purpose: None,
        happened_at,
        recorded_at: happened_at,
        body,
    }
}

fn finished(step: &str, next: &str) -> Body {
    Body::StepFinished { step: step.to_owned(), next: next.to_owned(), opinion: String::new(), officer: None }
}

fn signed() -> Body {
    let text = String::new;
    Body::ResultSigned { result: ResultId(Uuid::nil()), sha256: text(), certificate: text() }
}

fn sealed() -> Body {
    Body::ResultSealed {
        result: ResultId(Uuid::nil()),
        number: "1/UBND-TD".to_owned(),
        issued_on: date(2026, 11, 20),
        sha256: String::new(),
        certificate: String::new(),
    }
}

/// Received on Monday 16 November at 07:00 with three working days; looked at for 6 hours, drafted in 4,
/// signed in 2, sealed in 2: done on Tuesday at 15:00.
struct Week {
    procedure: Procedure,
    clock: Clock,
    events: Vec<Event>,
}

const RECEIVED: &str = "2026-11-16T07:00";

fn week() -> Week {
    let clock =
        Clock::start(Limit::WorkingDays(3), Counting::Hours, at(RECEIVED)).finish(at("2026-11-17T15:00"));
    let events = vec![
        event(at("2026-11-16T15:00"), finished("ngo", "viet")),
        event(at("2026-11-17T09:00"), finished("viet", "duyet")),
        event(at("2026-11-17T11:00"), signed()),
        event(at("2026-11-17T15:00"), sealed()),
    ];
    Week { procedure: kite(), clock, events }
}

impl Week {
    fn tried(&self, draft: &Procedure, calendar: &WorkingCalendar, pace: Pace) -> Result<Replayed, Skipped> {
        let past = Past {
            case: "dieu-nho",
            channel: Channel::Direct,
            received_at: at(RECEIVED),
            clock: &self.clock,
            events: &self.events,
            process: &self.procedure.process,
        };
        replay(&past, &Trial { draft, then: crate::sample::calendar(), calendar, pace })
    }

    /// As it went, under this draft.
    fn under(&self, change: impl FnOnce(&mut Procedure)) -> Replayed {
        let mut draft = self.procedure.clone();
        change(&mut draft);
        self.tried(&draft, calendar(), Pace::AsBefore).expect("it was settled")
    }
}

#[test]
fn nothing_new_changes_nothing() {
    let replayed = week().under(|_| {});
    assert_eq!(replayed.before, replayed.after);
    assert_eq!(replayed.after.finished_at, at("2026-11-17T15:00"));
    assert_eq!(replayed.after.due.at, at("2026-11-18T17:00"));
    assert!(!replayed.after.is_late() && replayed.causes.is_empty());
}

#[test]
fn a_shorter_limit_is_named_with_the_step_that_was_slow() {
    let replayed = week().under(|draft| draft.cases[0].channels[0].limit = Limit::WorkingHours(10));
    assert_eq!(replayed.after.due.at, at("2026-11-17T09:00"));
    assert_eq!(replayed.after.late_minutes, 4 * 60, "fourteen hours of work for ten");
    assert_eq!(
        replayed.causes,
        [
            Cause::Limit { was: Limit::WorkingDays(3), is: Limit::WorkingHours(10) },
            Cause::Step { step: "Ngó qua".to_owned(), took_minutes: 360, allowed_minutes: 240 },
        ]
    );
    assert!(
        replayed.to_string().ends_with(
            ": trễ 4 giờ làm việc, vì thời hạn đổi từ 03 ngày làm việc thành 10 giờ làm việc; bước “Ngó qua” mất 6 giờ làm việc, được giao 4 giờ làm việc"
        ),
        "{replayed}"
    );
}

#[test]
fn a_new_step_takes_its_allowance_and_is_named() {
    let add = |draft: &mut Procedure, hours| {
        let new = Step {
            id: "do-gio".to_owned(),
            name: "Đo gió".to_owned(),
            allowance: Limit::WorkingHours(hours),
            task: StepTask::Verify,
            next: vec!["viet".to_owned()],
            ..draft.process.steps[0].clone()
        };
        draft.process.steps[0].next = vec![new.id.clone()];
        draft.process.steps.push(new);
    };
    let in_time = week().under(|draft| add(draft, 8));
    assert!(!in_time.after.is_late(), "{in_time}");
    assert_eq!(in_time.after.finished_at, at("2026-11-18T15:00"));
    let late = week().under(|draft| add(draft, 16));
    assert_eq!(late.after.late_minutes, 6 * 60);
    assert_eq!(late.causes[0], Cause::NewStep { step: "Đo gió".to_owned(), minutes: 16 * 60 });
}

#[test]
fn a_step_that_is_gone_or_kept_to_its_time_is_faster() {
    let shorter = week().under(|draft| draft.process.steps[0].name = "Nhìn".to_owned());
    assert_eq!(shorter.after.finished_at, at("2026-11-17T15:00"), "a name is no time");
    let mut draft = kite();
    draft.process.steps[0].allowance = Limit::WorkingHours(1);
    let kept = week().tried(&draft, calendar(), Pace::WithinAllowance).expect("it was settled");
    assert_eq!(kept.after.finished_at, at("2026-11-17T08:00"), "five hours less");
    let mut draft = kite();
    draft.process.steps.retain(|step| step.task != StepTask::Examine);
    let gone = week().tried(&draft, calendar(), Pace::AsBefore).expect("it was settled");
    assert_eq!(gone.after.finished_at, at("2026-11-16T17:00"), "the draft, the signature and the seal");
}

#[test]
fn a_day_in_the_calendar_that_is_tried_is_named() {
    let tried = |is| TableDay {
        on: date(2026, 11, 16),
        is,
        reason: "Chiều tránh bão".to_owned(),
        law: String::new(),
        sure: Sure::Read,
        note: None,
    };
    let with = |is| calendar().clone().with_days(vec![tried(is)]).expect("the year has a table");
    let stormy = with(DayKind::HalfDay { part: Part::Morning, counts: true });
    let mut week = week();
    for (limit, late_minutes) in [(Limit::CalendarDays(1), 90), (Limit::WorkingHours(14), 0)] {
        week.clock.limit = limit;
        week.procedure.cases[0].channels[0].limit = limit;
        let replayed = week.tried(&week.procedure, &stormy, Pace::AsBefore).expect("it was settled");
        assert_eq!(replayed.after.finished_at, at("2026-11-18T08:30"), "an afternoon later");
        assert_eq!(replayed.after.late_minutes, late_minutes, "a limit in days does not wait for the storm");
        assert_eq!(replayed.causes.contains(&Cause::Calendar), late_minutes > 0, "{replayed}");
        assert!(!replayed.before.is_late());
    }
}

#[test]
fn what_the_clock_does_in_a_wait_can_be_tried() {
    let mut week = week();
    let (asked, brought) = (at("2026-11-16T15:00"), at("2026-11-18T15:00"));
    let restart = Stop::restarting(StopCause::Supplement, asked);
    week.clock = Clock::start(Limit::WorkingHours(10), Counting::Hours, at(RECEIVED))
        .stop(restart)
        .resume(brought)
        .finish(at("2026-11-19T15:00"));
    week.events = vec![
        event(brought, finished("ngo", "viet")),
        event(at("2026-11-19T09:00"), finished("viet", "duyet")),
        event(at("2026-11-19T11:00"), signed()),
        event(at("2026-11-19T15:00"), sealed()),
    ];
    week.procedure.cases[0].channels[0].limit = Limit::WorkingHours(10);
    let as_it_was = week.under(|_| {});
    assert_eq!(as_it_was.before, as_it_was.after, "the limit began anew on Wednesday at 15:00");
    assert!(!as_it_was.after.is_late());
    let pausing = week.under(|draft| draft.process.waits[0].clock = ClockEffect::Pauses);
    assert_eq!(pausing.after.late_minutes, 4 * 60, "six hours before and eight after, for ten");
    assert!(
        pausing.causes.contains(&Cause::Wait { what: WaitKind::Supplement, is: ClockEffect::Pauses }),
        "{pausing}"
    );
}

#[test]
fn a_dossier_that_was_late_says_so() {
    let mut week = week();
    week.clock.limit = Limit::WorkingHours(8);
    week.procedure.cases[0].channels[0].limit = Limit::WorkingHours(8);
    let late = week.under(|_| {});
    assert_eq!((late.before.late_minutes, late.after.late_minutes), (6 * 60, 6 * 60));
    assert_eq!(late.causes[0], Cause::LateBefore);
    let saved = week.under(|draft| draft.cases[0].channels[0].limit = Limit::WorkingDays(3));
    assert!(saved.to_string().ends_with(": trước trễ 6 giờ làm việc, nay đúng hạn"), "{saved}");
}

#[test]
fn what_cannot_be_tried_is_counted() {
    let week = week();
    let mut other = week.procedure.clone();
    other.cases.remove(0);
    assert_eq!(week.tried(&other, calendar(), Pace::AsBefore), Err(Skipped::NotOffered));
    let mut unsettled = Week { events: week.events[..3].to_vec(), ..self::week() };
    assert_eq!(unsettled.tried(&week.procedure, calendar(), Pace::AsBefore), Err(Skipped::NotSettled));
    unsettled.clock.finished_at = None;
    assert_eq!(unsettled.tried(&week.procedure, calendar(), Pace::AsBefore), Err(Skipped::NotSettled));
    let mut run = DryRun::default();
    run.add("a", week.tried(&other, calendar(), Pace::AsBefore));
    run.add("b", unsettled.tried(&week.procedure, calendar(), Pace::AsBefore));
    run.add("c", Ok(week.under(|_| {})));
    run.add("d", Ok(week.under(|draft| draft.cases[0].channels[0].limit = Limit::WorkingHours(10))));
    assert_eq!((run.n_replayed, run.n_late_before, run.n_late_after, run.n_newly_late), (2, 0, 1, 1));
    assert_eq!((run.n_not_offered, run.n_not_settled), (1, 1));
    assert_eq!(run.late.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["d"]);
    assert_eq!(run.sentences().len(), 5, "{:?}", run.sentences());
}

/// A past drawn at random: every step of the proposed way, some of them sent back, with stops between.
fn drawn(dice: &mut Dice, procedure: &Procedure) -> Week {
    let mut now = at(RECEIVED) + SignedDuration::from_secs(dice.below(400_000) as i64);
    let received = now;
    let limit = procedure.cases[0].channels[0].limit;
    let counting = *dice.one_of(&[Counting::Hours, Counting::Days]);
    let mut clock = Clock::start(limit, counting, received);
    let mut events = Vec::new();
    let mut step = procedure.process.first().expect("a step");
    loop {
        now += SignedDuration::from_secs(dice.below(300_000) as i64);
        if dice.once_in(3) && step.task < StepTask::Seal {
            let cause = *dice.one_of(&[StopCause::Supplement, StopCause::Payment, StopCause::Opinion]);
            let restarts =
                cause == StopCause::Supplement && procedure.process.waits[0].clock == ClockEffect::Restarts;
            clock =
                clock.stop(if restarts { Stop::restarting(cause, now) } else { Stop::pausing(cause, now) });
            now += SignedDuration::from_secs(dice.below(400_000) as i64);
            clock = clock.resume(now);
            now += SignedDuration::from_secs(dice.below(50_000) as i64);
        }
        let next = step.next.first().expect("a way on");
        match step.task {
            StepTask::Sign => events.push(event(now, signed())),
            StepTask::Seal => {
                events.push(event(now, sealed()));
                break;
            }
            _ => events.push(event(now, finished(&step.id, next))),
        }
        step = procedure.process.step(next).expect("a step");
    }
    Week { procedure: procedure.clone(), clock: clock.finish(now), events }
}

#[test]
fn trying_nothing_new_gives_back_every_random_past() {
    let mut dice = Dice::new(11);
    let mut n_late = 0;
    for seed in 0..2_000 {
        let mut procedure = random_sound_procedure(seed);
        // What a payment's clock does is drawn as pausing.
        for wait in procedure.process.waits.iter_mut().skip(1) {
            wait.clock = ClockEffect::Pauses;
        }
        let week = drawn(&mut dice, &procedure);
        let past = Past {
            case: &procedure.cases[0].id,
            channel: Channel::Direct,
            received_at: first_start(&week.clock),
            clock: &week.clock,
            events: &week.events,
            process: &procedure.process,
        };
        let trial = Trial { draft: &procedure, then: calendar(), calendar: calendar(), pace: Pace::AsBefore };
        let replayed = replay(&past, &trial).expect("it was settled");
        assert_eq!(replayed.before, replayed.after, "seed {seed}");
        n_late += usize::from(replayed.after.is_late());
        let whole = Trial { pace: Pace::WithinAllowance, ..trial };
        let kept = replay(&past, &whole).expect("it was settled");
        assert!(kept.after.finished_at <= replayed.after.finished_at, "seed {seed}");
    }
    assert!((200..1_800).contains(&n_late), "{n_late} of 2000 are late");
}

/// When the first count of a clock began.
fn first_start(clock: &Clock) -> Timestamp {
    clock.earlier.first().map_or(clock.started_at, |count| count.started_at)
}
