//! Why a result is due when it is, in sentences that can be read out at the counter. Long runs of
//! equal days become one line; the data behind them keep every day.

use crate::calendar::{Counted, Why, legal_time};
use crate::dossier::State;
use crate::dossier::clock::{CountEnd, CountPart, CountTold, DayTold, Explanation, Stood, Tally};
use crate::id::OfficerId;
use crate::words;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

/// What the first count began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    Acceptance,
    /// A result that went out is made anew, under a new clock.
    // law: ND61-2018/21
    Correction,
}

/// The lines of an explanation; `officer` says who stopped the clock.
pub fn explanation(told: &Explanation, officer: impl Fn(OfficerId) -> String) -> Vec<String> {
    explanation_since(Begun::Acceptance, told, officer)
}

/// The same, where the first count may have begun with something else.
pub fn explanation_since(
    begun: Begun,
    told: &Explanation,
    officer: impl Fn(OfficerId) -> String,
) -> Vec<String> {
    let mut lines = Vec::new();
    for (nth, count) in told.counts.iter().enumerate() {
        lines.push(begins(begun, told, count, nth));
        let mut extended = false;
        for run in runs(&count.days) {
            if let Some(by) = count.extension.filter(|_| !extended && is_extension(run[0].part)) {
                extended = true;
                lines.push(format!(
                    "Gia hạn thêm {} ({}).",
                    words::limit(by.by),
                    law_reference("ND61-2018/19.9")
                ));
            }
            lines.push(format!("{}: {}.", dates(run), run_of_days(run, &officer)));
        }
        lines.push(ends(count));
    }
    for year in &told.provisional {
        lines.push(format!("Tạm tính: chưa có thông báo chính thức về ngày nghỉ năm {year}."));
    }
    lines
}

/// What is said of a dossier that has no clock of its own.
pub fn without_clock(state: &State) -> String {
    match state {
        State::Mirrored { system, .. } => format!("Ngày hẹn trả do {system} đặt."),
        State::AwaitingParts { .. } => {
            "Chờ kết quả của phần việc trước, khi có mới bắt đầu tính thời hạn.".to_owned()
        }
        State::NotReceived { .. } => "Hồ sơ không được tiếp nhận nên không có ngày hẹn trả.".to_owned(),
        _ => "Hồ sơ chưa được tiếp nhận nên chưa có ngày hẹn trả.".to_owned(),
    }
}

fn begins(begun: Begun, told: &Explanation, count: &CountTold, nth: usize) -> String {
    let (at, limit) = (spoken_moment(count.started_at), words::limit(told.limit));
    match begun {
        _ if nth > 0 => format!("Từ {at} tính lại từ đầu {limit} ({}).", law_reference("ND61-2018/19.4")),
        Begun::Acceptance => format!("Tiếp nhận {at}, thời hạn {limit}."),
        Begun::Correction => {
            format!("Đính chính kết quả từ {at}, thời hạn {limit} ({}).", law_reference("ND61-2018/21"))
        }
    }
}

fn ends(count: &CountTold) -> String {
    match count.end {
        CountEnd::Due(due) => format!("Hẹn trả {}.", spoken_moment(due.at)),
        CountEnd::Standing { since } => {
            format!("Đồng hồ dừng từ {}, chưa có ngày hẹn trả.", spoken_moment(since))
        }
        CountEnd::NeverDue { since } => format!(
            "Hồ sơ kết thúc trong lúc đồng hồ dừng từ {}, nên không còn ngày hẹn trả.",
            spoken_moment(since)
        ),
        CountEnd::Restarted { since, at } => {
            format!("Lần tính này dừng từ {} đến {}.", spoken_moment(since), spoken_moment(at))
        }
    }
}

fn is_extension(part: CountPart) -> bool {
    matches!(part, CountPart::Extension | CountPart::ExtensionGivenBack)
}

/// What makes two days one line.
#[derive(PartialEq)]
enum Alike<'a> {
    /// Days that gave the same.
    Counted(CountPart, &'a Why, Option<u32>),
    /// Days that gave nothing, for the same reason.
    Off(&'a Why, Option<&'a str>),
    Standing(CountPart, &'a Stood),
    Alone,
}

fn alike(day: &DayTold) -> Alike<'_> {
    match (&day.counted, day.stood.as_slice()) {
        (None, []) => Alike::Off(&day.why, day.law.as_deref()),
        (None, [stood]) if matches!(day.why, Why::Working) => Alike::Standing(day.part, stood),
        (Some(Counted::Minutes(minutes)), []) if matches!(day.why, Why::Working) => {
            Alike::Counted(day.part, &day.why, Some(*minutes))
        }
        (Some(Counted::Day(_)), []) if matches!(day.why, Why::Working | Why::Calendar) => {
            Alike::Counted(day.part, &day.why, None)
        }
        _ => Alike::Alone,
    }
}

/// Runs of days that are told together. Weekly rest inside a run belongs to it; two working days are
/// still told one by one.
fn runs(days: &[DayTold]) -> Vec<&[DayTold]> {
    let (mut runs, mut rest) = (Vec::new(), days);
    while let Some(first) = rest.first() {
        let first_alike = alike(first);
        let takes_rest = matches!(first_alike, Alike::Counted(..) | Alike::Standing(..));
        let (mut length, mut seen, mut same) = (1, 1, 1);
        if first_alike != Alike::Alone {
            for day in &rest[1..] {
                seen += 1;
                if alike(day) == first_alike {
                    (length, same) = (seen, same + 1);
                } else if !(takes_rest && day.why == Why::Rest && day.stood.is_empty()) {
                    break;
                }
            }
        }
        if takes_rest && same < 3 {
            length = 1;
        }
        let (run, later) = rest.split_at(length);
        runs.push(run);
        rest = later;
    }
    runs
}

fn run_of_days(run: &[DayTold], officer: &impl Fn(OfficerId) -> String) -> String {
    let (first, last) = (&run[0], &run[run.len() - 1]);
    if run.len() == 1 || alike(first) == Alike::Alone {
        return one_day(first, officer);
    }
    let same = run.iter().filter(|day| alike(day) == alike(first)).count();
    let but_rest = if same < run.len() { ", trừ ngày nghỉ hằng tuần" } else { "" };
    match alike(first) {
        Alike::Counted(part, Why::Calendar, _) => {
            format!("{} {same} ngày liên tục, {}", given(part), total(last.total))
        }
        Alike::Counted(part, _, _) => {
            format!("{} {same} ngày làm việc{but_rest}, {}", given(part), total(last.total))
        }
        Alike::Standing(_, stood) => {
            let minutes = run.iter().flat_map(|day| &day.stood).map(|stood| stood.minutes).sum();
            standing(&Stood { minutes, ..*stood }, officer)
        }
        Alike::Off(..) | Alike::Alone => one_day(first, officer),
    }
}

fn one_day(day: &DayTold, officer: &impl Fn(OfficerId) -> String) -> String {
    let mut parts = Vec::new();
    let plain = matches!(day.why, Why::Working | Why::Calendar);
    // That a day was a working day says nothing where it is told what it gave, or for what it stood.
    if !plain || (day.counted.is_none() && day.stood.is_empty()) {
        parts.push(what_it_was(day));
    }
    match day.counted {
        Some(Counted::Minutes(minutes)) => {
            parts.push(format!("{} {}, {}", given(day.part), hours(minutes), total(day.total)));
        }
        Some(Counted::Day(nth)) => parts.push(nth_day(day, nth)),
        None => {}
    }
    parts.extend(day.stood.iter().map(|stood| standing(stood, officer)));
    parts.join("; ")
}

/// The date's own reason and its law. Weekly rest needs none to be believed.
fn what_it_was(day: &DayTold) -> String {
    let why = match &day.why {
        Why::Off(reason) if reason.starts_with("nghỉ ") => reason.clone(),
        why => why.to_string(),
    };
    match day.law.as_deref() {
        Some(law) if day.why != Why::Rest => format!("{why} ({})", law_reference(law)),
        _ => why,
    }
}

fn nth_day(day: &DayTold, nth: u32) -> String {
    match day.total {
        Tally::Days { of, .. } => format!("{} ngày {nth}/{of}", given(day.part)),
        Tally::Minutes { .. } => format!("{} ngày {nth}", given(day.part)),
    }
}

/// The verb for what a date gave.
fn given(part: CountPart) -> &'static str {
    match part {
        CountPart::Limit => "tính",
        CountPart::GivenBack | CountPart::ExtensionGivenBack => "cộng bù",
        CountPart::Extension => "gia hạn",
    }
}

fn total(total: Tally) -> String {
    match total {
        Tally::Minutes { done, of } if done % 60 == 0 && of % 60 == 0 => {
            format!("đã được {}/{} giờ", done / 60, of / 60)
        }
        Tally::Minutes { done, of } => format!("đã được {}/{}", hours(done), hours(of)),
        Tally::Days { done, of } => format!("đã được {done}/{of} ngày"),
    }
}

fn standing(stood: &Stood, officer: &impl Fn(OfficerId) -> String) -> String {
    let by = stood.by.map(|by| format!(", {} ghi", officer(by))).unwrap_or_default();
    format!(
        "đồng hồ dừng {}: {}{by}",
        hours(stood.minutes),
        words::lower_first(words::stop_cause(stood.cause))
    )
}

/// `7 giờ 30 phút`
fn hours(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} phút"),
        (hours, 0) => format!("{hours} giờ"),
        (hours, minutes) => format!("{hours} giờ {minutes} phút"),
    }
}

/// `Thứ Ba 24/11`, `Thứ Bảy 21/11, Chủ nhật 22/11`, `Từ thứ Hai 16/02 đến thứ Sáu 20/02`.
fn dates(run: &[DayTold]) -> String {
    match run {
        [] => String::new(),
        [day] => spoken_day(day.date),
        [first, last] => {
            format!("{}, {}", spoken_day(first.date), words::lower_first(&spoken_day(last.date)))
        }
        [first, .., last] => format!(
            "Từ {} đến {}",
            words::lower_first(&spoken_day(first.date)),
            words::lower_first(&spoken_day(last.date))
        ),
    }
}

fn spoken_day(date: Date) -> String {
    format!("{} {:02}/{:02}", weekday(date.weekday()), date.day(), date.month())
}

/// `09:00 thứ Tư 18/11/2026` in the legal zone.
fn spoken_moment(at: Timestamp) -> String {
    let at = legal_time(at);
    let day = words::lower_first(&spoken_day(at.date()));
    format!("{:02}:{:02} {day}/{}", at.hour(), at.minute(), at.year())
}

pub fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Thứ Hai",
        Weekday::Tuesday => "Thứ Ba",
        Weekday::Wednesday => "Thứ Tư",
        Weekday::Thursday => "Thứ Năm",
        Weekday::Friday => "Thứ Sáu",
        Weekday::Saturday => "Thứ Bảy",
        Weekday::Sunday => "Chủ nhật",
    }
}

/// Our short names of laws as an officer says them: `ND61-2018/19.4` is `NĐ 61/2018, Điều 19`. What is
/// already said in words stays as it is.
pub fn law_reference(law: &str) -> String {
    law.split("; ").map(one_reference).collect::<Vec<_>>().join("; ")
}

fn one_reference(law: &str) -> String {
    let (document, clause) =
        law.split_once('/').map_or((law, None), |(document, rest)| (document, Some(rest)));
    let letters = document.chars().take_while(char::is_ascii_uppercase).count();
    let (kind, number) = document.split_at(letters);
    let named = match kind {
        "BLLD" => format!("Bộ luật Lao động {number}"),
        "BLDS" => format!("Bộ luật Dân sự {number}"),
        "ND" => format!("NĐ {}", number.replace('-', "/")),
        "NQ" | "QD" | "TB" | "CV" | "TT" if number.starts_with(|c: char| c.is_ascii_digit()) => {
            let kind = if kind == "QD" { "QĐ" } else { kind };
            format!("{kind} {}", number.replace('-', "/"))
        }
        _ => return law.to_owned(),
    };
    // The article is enough to be said; the point is in the data.
    match clause.and_then(|clause| clause.split('.').next()) {
        Some(article) if kind != "NQ" => format!("{named}, Điều {article}"),
        _ => named,
    }
}
