//! Reading and writing papers: calendars, forms with their fonts, and the reader with its Vietnamese
//! model. A printed form is read back, so that one look proves all of it.

use jiff::{Timestamp, ToSpan};
use rules::calendar::{Basis, WorkingCalendar};
use scan::measure::words_found;

use super::Finding;
use crate::config::Config;
use crate::{shipped, worker};

/// Of the words of a printed form, so many are read on a sound machine.
const LEAST_FOUND: f64 = 0.8;

pub(super) fn look(config: &Config, now: Timestamp) -> Vec<Finding> {
    let mut findings = calendars(now);
    match print_all(now) {
        Ok(printed) => {
            findings.push(Finding::well(format!("{} mẫu giấy tờ in được, đủ phông chữ.", printed.len())));
            if let Some(pdf) = printed.into_iter().next() {
                findings.push(read_back(config, pdf));
            }
        }
        Err(error) => findings.push(Finding::broken(
            format!("Mẫu in hỏng: {error:#}."),
            "Chương trình bị thiếu hoặc sai bản: cài lại.",
        )),
    }
    findings
}

fn calendars(now: Timestamp) -> Vec<Finding> {
    let calendar = match shipped::calendar() {
        Ok(calendar) => calendar,
        Err(error) => {
            return vec![Finding::broken(format!("Lịch làm việc hỏng: {error:#}."), "Cài lại chương trình.")];
        }
    };
    let today = rules::calendar::legal_time(now).date();
    let this_year = year(&calendar, today.year(), Finding::broken);
    let next = today.saturating_add(1.year()).year();
    // A due date reaches into the next year from its last weeks on.
    let next_year = year(&calendar, next, if today.month() >= 10 { Finding::broken } else { Finding::note });
    vec![this_year, next_year]
}

fn year(calendar: &WorkingCalendar, year: i16, missing: fn(String, String) -> Finding) -> Finding {
    let advice = || format!("Cập nhật chương trình, hoặc thêm calendars/vn-{year}.toml.");
    match calendar.years().find(|(known, _)| *known == year) {
        None => missing(format!("Chưa có lịch nghỉ năm {year}: không tính được ngày hẹn trả."), advice()),
        Some((_, Basis::Issued)) => Finding::well(format!("Lịch nghỉ năm {year} theo thông báo chính thức.")),
        Some((_, Basis::Proposed | Basis::WeekendsOnly)) => Finding::note(
            format!("Lịch nghỉ năm {year} còn là dự kiến; ngày hẹn rơi vào năm đó được ghi là tạm tính."),
            advice(),
        ),
    }
}

fn print_all(now: Timestamp) -> anyhow::Result<Vec<Vec<u8>>> {
    let samples = shipped::samples()?;
    let mut printed = Vec::with_capacity(samples.len());
    for sheet in &samples {
        let code = &sheet.form.about().code;
        let paper = pdf::print::render(&sheet.form, &sheet.sample, now)
            .map_err(|error| anyhow::anyhow!("mẫu `{code}`: {error}"))?;
        printed.push(paper.pdf);
    }
    Ok(printed)
}

/// Reads a printed form with the limited child, as an upload would be.
fn read_back(config: &Config, pdf: Vec<u8>) -> Finding {
    const ADVICE: &str = "Cài bộ đọc chữ tiếng Việt: apt-get install tesseract-ocr tesseract-ocr-vie.";
    const PROOF: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc";
    let read = worker::pool(1, config.scan_bounds()).and_then(|pool| {
        let opened = pool.open(pdf, &config.scan_limits())?;
        let page = opened.first().map(|opened| &opened.page);
        let page = page.ok_or_else(|| anyhow::anyhow!("tệp in ra không có trang"))?;
        Ok(pool.read(&page.image, page.turn, page.dpi)?.text())
    });
    match read {
        Ok(text) if words_found(PROOF, &text) >= LEAST_FOUND => {
            Finding::well("Bộ đọc chữ tiếng Việt chạy được trong tiến trình con có giới hạn.")
        }
        Ok(_) => Finding::broken("Bộ đọc chữ chạy nhưng đọc sai tiếng Việt.", ADVICE),
        Err(error) => Finding::broken(format!("Bộ đọc chữ không chạy: {error:#}."), ADVICE),
    }
}
