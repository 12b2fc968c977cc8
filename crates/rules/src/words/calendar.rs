//! What the days of a calendar are called, and how sure they are.

use crate::calendar::{DayLook, Part, Span, Sure};
use jiff::civil::Time;

pub fn day_look(look: DayLook) -> &'static str {
    match look {
        DayLook::Working => "Ngày làm việc",
        DayLook::Rest => "Nghỉ hằng tuần",
        DayLook::Off => "Nghỉ lễ, nghỉ bù",
        DayLook::MadeUp => "Làm bù",
        DayLook::Half(Part::Morning) => "Chỉ làm buổi sáng",
        DayLook::Half(Part::Afternoon) => "Chỉ làm buổi chiều",
        DayLook::Extra => "Mở cửa thêm",
    }
}

/// When a day's office is open: `07:00–11:30, 13:30–17:00`.
pub fn hours(spans: &[Span]) -> String {
    let time = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
    let span = |span: &Span| format!("{}–{}", time(span.open), time(span.close));
    spans.iter().map(span).collect::<Vec<_>>().join(", ")
}

pub fn sure(sure: Sure) -> &'static str {
    match sure {
        Sure::Read => "Đã đọc văn bản",
        Sure::Derived => "Suy ra từ luật",
        Sure::High => "Chắc chắn cao, cần đối chiếu",
        Sure::Medium => "Chắc chắn vừa, cần đối chiếu",
        Sure::Low => "Chưa chắc, cần đối chiếu",
        Sure::Proposed => "Đề xuất, chưa có quyết định",
    }
}
