//! What was typed or sent about a calendar: which office and year, one day with its decision, or a file.

use crate::error::Failure;
use crate::form::{FormState, Posted, bounded, check_token};
use crate::session::Visitor;
use axum::extract::Multipart;
use jiff::civil::Date;
use office::calendar::Scope;
use rules::calendar::{DayKind, Part, Sure, TableDay};
use rules::scanning::day;

/// The value that means everybody's calendar.
pub(super) const NATION: &str = "ca-nuoc";
/// A calendar is written by hand.
const LARGEST_FILE: usize = 256 * 1024;

/// What a day may be made, as the form says it.
pub(super) const KINDS: [(&str, &str); 5] = [
    ("nghi", "Nghỉ cả ngày"),
    ("lam-bu", "Làm bù cả ngày"),
    ("sang", "Chỉ làm buổi sáng, vẫn tính là một ngày làm việc"),
    ("chieu", "Chỉ làm buổi chiều, vẫn tính là một ngày làm việc"),
    ("thuong", "Như ngày thường: bỏ quy định riêng của ngày này"),
];

/// The office and the year that are looked at.
#[derive(Debug)]
pub(super) struct Wanted {
    unit: String,
    pub(super) year: i16,
}

impl Wanted {
    /// Nothing is this year, and one's own office.
    pub(super) fn of(unit: &str, year: &str, this_year: i16) -> Result<Self, Failure> {
        // It goes into addresses.
        if !unit.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(Failure::not_found());
        }
        let year = if year.is_empty() { Some(this_year) } else { year.parse().ok() };
        let year = year.filter(|year| super::YEARS.contains(year)).ok_or_else(Failure::not_found)?;
        Ok(Self { unit: unit.to_owned(), year })
    }

    pub(super) fn unit(&self) -> Option<&str> {
        Some(self.unit.as_str()).filter(|unit| !unit.is_empty())
    }

    pub(super) fn address(&self) -> String {
        format!("{}?don-vi={}&nam={}", super::PATH, self.unit, self.year)
    }

    /// Whose calendar a day is put into.
    pub(super) fn scope(&self, chosen: &str, on: Date) -> Scope {
        if chosen == NATION { Scope::Nation(on.year()) } else { Scope::Unit(self.unit.clone()) }
    }
}

/// A day from the form; no row where it is to be as usual.
pub(super) struct TypedDay {
    pub(super) on: Date,
    pub(super) row: Option<TableDay>,
}

/// The day that was typed, or its faults at their fields.
pub(super) fn day_of(posted: &Posted, form: &mut FormState) -> Option<TypedDay> {
    let on = day(posted.get("ngay")).ok().flatten();
    if on.is_none() {
        form.fault("ngay", "Ghi ngày, ví dụ 30/4/2027");
    }
    let half = |part| DayKind::HalfDay { part, counts: true };
    let kind = match posted.get("la") {
        "nghi" => Some(Some(DayKind::Off)),
        "lam-bu" => Some(Some(DayKind::Worked)),
        "sang" => Some(Some(half(Part::Morning))),
        "chieu" => Some(Some(half(Part::Afternoon))),
        "thuong" => Some(None),
        _ => None,
    };
    if kind.is_none() {
        form.fault("la", "Chọn ngày ấy là gì");
    }
    let (reason, law) = (posted.get("ly-do"), posted.get("can-cu"));
    if reason.is_empty() && kind != Some(None) {
        form.fault("ly-do", "Ghi lý do; người dân đọc được khi xem vì sao hẹn ngày ấy");
    }
    if law.is_empty() {
        form.fault("can-cu", "Ghi số và ngày của quyết định hoặc thông báo");
    }
    if !form.errors().is_empty() {
        return None;
    }
    let on = on?;
    let row = kind?.map(|is| TableDay {
        on,
        is,
        reason: rules::text::nfc(reason),
        law: rules::text::nfc(law),
        sure: Sure::Read,
        note: None,
    });
    Some(TypedDay { on, row })
}

/// A file that was chosen or pasted.
#[derive(Default)]
pub(super) struct SentFile {
    pub(super) unit: String,
    pub(super) year: String,
    pub(super) text: String,
}

/// Reads the form with its file; one that was chosen goes before what was pasted.
pub(super) async fn read_file(mut multipart: Multipart, visitor: &Visitor) -> Result<SentFile, Failure> {
    let mut sent = SentFile::default();
    let (mut checked, mut pasted) = (false, String::new());
    while let Some(part) = multipart.next_field().await.map_err(|_| Failure::form_too_large())? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = bounded(part, LARGEST_FILE).await?;
        let text = rules::text::nfc(&String::from_utf8_lossy(&bytes));
        match name.as_str() {
            "csrf" => {
                check_token(text.trim(), visitor)?;
                checked = true;
            }
            "don-vi" => text.trim().clone_into(&mut sent.unit),
            "nam" => text.trim().clone_into(&mut sent.year),
            "tep-lich" => pasted = text,
            "file" => sent.text = text,
            _ => {}
        }
    }
    if !checked {
        return Err(Failure::form_too_old());
    }
    if sent.text.trim().is_empty() {
        sent.text = pasted;
    }
    Ok(sent)
}
