//! Do the steps fit into what each case promises? Counted at the worst: along the longest way forward,
//! with a full day of eight hours, and calendar days with the most days of rest they can hold.

use super::faults::About;
use super::soundness::Graph;
use super::{Procedure, ProcedureFault, Step};
use crate::calendar::Limit;

const MINUTES_OF_DAY: u32 = 8 * 60;

pub(super) fn collect(procedure: &Procedure, faults: &mut Vec<ProcedureFault>) {
    collect_nothings(procedure, faults);
    let process = &procedure.process;
    if process.steps.is_empty() || process.steps.len() > super::soundness::MOST_STEPS {
        return;
    }
    let Some((way, needed)) = Graph::of(process).heaviest_way(|step| most_minutes(step.allowance)) else {
        return;
    };
    for case in &procedure.cases {
        for terms in &case.channels {
            let over_minutes = needed.saturating_sub(least_minutes(terms.limit));
            if over_minutes > 0 {
                faults.push(ProcedureFault::TooLong {
                    case: case.name.clone(),
                    channel: terms.channel,
                    limit: terms.limit,
                    way: way.clone(),
                    over_minutes,
                });
            }
        }
    }
}

/// Limits of nothing, wherever a limit stands.
fn collect_nothings(procedure: &Procedure, faults: &mut Vec<ProcedureFault>) {
    let cases = procedure.cases.iter().flat_map(|case| {
        let about = About::Case(case.name.clone());
        let what = format!("trường hợp “{}”", case.name);
        case.channels.iter().map(move |terms| (what.clone(), about.clone(), terms.limit))
    });
    let at = |step: &Step| About::Step(step.id.clone());
    let steps = procedure
        .process
        .steps
        .iter()
        .map(|step| (format!("bước “{}”", step.name), at(step), step.allowance));
    let consults = procedure.process.steps.iter().flat_map(|step| {
        step.consults.iter().map(move |asked| {
            (format!("bước “{}”, ý kiến “{}”", step.name, asked.question), at(step), asked.allowance)
        })
    });
    let waits = procedure.process.waits.iter().map(|wait| {
        let what = format!("lượt {}", crate::words::procedure::wait(wait.what));
        (what, About::Wait(wait.what), wait.limit)
    });
    let supplement =
        procedure.supplement_within.map(|limit| ("hạn yêu cầu bổ sung".to_owned(), About::Facts, limit));
    for (what, about, limit) in cases.chain(steps).chain(consults).chain(waits).chain(supplement) {
        if matches!(limit, Limit::WorkingHours(0) | Limit::WorkingDays(0) | Limit::CalendarDays(0)) {
            faults.push(ProcedureFault::NoTime { what, about });
        }
    }
}

/// The working minutes a limit is sure to hold: of ten calendar days, at worst four are weekends.
pub(super) fn least_minutes(limit: Limit) -> u32 {
    match limit {
        Limit::CalendarDays(days) => {
            days.saturating_sub(days.div_ceil(7).saturating_mul(2)).saturating_mul(MINUTES_OF_DAY)
        }
        limit => most_minutes(limit),
    }
}

/// The working minutes a limit can take at most.
pub(super) fn most_minutes(limit: Limit) -> u32 {
    match limit {
        Limit::WorkingHours(hours) => hours.saturating_mul(60),
        Limit::WorkingDays(days) => days.saturating_mul(MINUTES_OF_DAY),
        Limit::CalendarDays(days) => (days - days / 7 * 2).saturating_mul(MINUTES_OF_DAY),
        Limit::SameDay => MINUTES_OF_DAY,
    }
}

/// `3 ngày 4 giờ làm việc`, a day being eight hours.
pub fn duration(minutes: u32) -> String {
    let parts =
        [(minutes / MINUTES_OF_DAY, "ngày"), (minutes % MINUTES_OF_DAY / 60, "giờ"), (minutes % 60, "phút")];
    let said: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if said.is_empty() { "0 phút".to_owned() } else { format!("{} làm việc", said.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::{duration, least_minutes, most_minutes};
    use crate::calendar::Limit;

    #[test]
    fn calendar_days_hold_at_least_and_at_most_so_many_working_days() {
        // Counted by walking: every weekday a period of so many days can begin on.
        for days in 1..60_u32 {
            let working =
                (0..7).map(|first| (first..first + days).filter(|day| day % 7 < 5).count() as u32 * 480);
            let (least, most) = (working.clone().min(), working.max());
            let limit = Limit::CalendarDays(days);
            assert!(Some(least_minutes(limit)) <= least, "{days} days");
            assert!(Some(most_minutes(limit)) >= most, "{days} days");
        }
    }

    #[test]
    fn durations_are_said_in_days_of_eight_hours() {
        for (minutes, said) in [
            (0, "0 phút"),
            (59, "59 phút làm việc"),
            (120, "2 giờ làm việc"),
            (480, "1 ngày làm việc"),
            (8 * 60 * 3 + 4 * 60 + 5, "3 ngày 4 giờ 5 phút làm việc"),
        ] {
            assert_eq!(duration(minutes), said);
        }
    }
}
