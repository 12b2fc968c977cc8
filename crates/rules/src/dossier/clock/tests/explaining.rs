//! "Vì sao là ngày này?" as it is read out at the counter.

use super::{adding, by};
use crate::calendar::{Counting, Limit};
use crate::dossier::clock::{Clock, Stop, StopCause};
use crate::sample::{HOA, at, calendar};
use crate::text::nfc;
use crate::words::explanation::explanation;

fn told(clock: &Clock, now: &str) -> String {
    let told = clock.explain(calendar(), at(now)).expect("the tables reach so far");
    let lines = explanation(&told, |_| "Trần Thị Hoa".to_owned());
    for line in &lines {
        assert_eq!(nfc(line), *line, "one normal form");
    }
    lines.join("\n")
}

#[test]
fn a_day_off_is_named_with_its_law() {
    let clock = Clock::start(Limit::WorkingDays(1), Counting::Hours, at("2026-11-23T14:00"));
    insta::assert_snapshot!(told(&clock, "2026-11-23T15:00"), @r"
    Tiếp nhận 14:00 thứ Hai 23/11/2026, thời hạn 01 ngày làm việc.
    Thứ Hai 23/11: tính 3 giờ, đã được 3/8 giờ.
    Thứ Ba 24/11: nghỉ: Ngày Văn hóa Việt Nam (NQ 28/2026/QH16).
    Thứ Tư 25/11: tính 5 giờ, đã được 8/8 giờ.
    Hẹn trả 14:00 thứ Tư 25/11/2026.
    ");
    let clock = Clock::start(Limit::WorkingDays(1), Counting::Days, at("2026-04-24T10:00"));
    insta::assert_snapshot!(told(&clock, "2026-04-24T15:00"), @r"
    Tiếp nhận 10:00 thứ Sáu 24/04/2026, thời hạn 01 ngày làm việc.
    Thứ Sáu 24/04: ngày tiếp nhận, không tính (Bộ luật Dân sự 2015, Điều 147).
    Thứ Bảy 25/04: ngày nghỉ hằng tuần.
    Chủ nhật 26/04: nghỉ: Giỗ Tổ Hùng Vương (Bộ luật Lao động 2019, Điều 112).
    Thứ Hai 27/04: nghỉ bù Giỗ Tổ Hùng Vương (Bộ luật Lao động 2019, Điều 111; TB 9441/2025/BNV).
    Thứ Ba 28/04: tính ngày 1/1.
    Hẹn trả 17:00 thứ Ba 28/04/2026.
    ");
}

#[test]
fn an_arrival_at_night_or_after_the_hour_says_from_when_it_counts() {
    let clock = Clock::start(Limit::WorkingHours(8), Counting::Hours, at("2026-02-13T17:01"));
    insta::assert_snapshot!(told(&clock, "2026-02-13T17:01"), @r"
    Tiếp nhận 17:01 thứ Sáu 13/02/2026, thời hạn 08 giờ làm việc.
    Thứ Sáu 13/02: nhận ngoài giờ làm việc, tính từ giờ làm việc kế tiếp.
    Thứ Bảy 14/02, chủ nhật 15/02: ngày nghỉ hằng tuần.
    Từ thứ Hai 16/02 đến thứ Sáu 20/02: nghỉ: Tết Âm lịch (Bộ luật Lao động 2019, Điều 112; TB 9441/2025/BNV).
    Thứ Bảy 21/02, chủ nhật 22/02: ngày nghỉ hằng tuần.
    Thứ Hai 23/02: tính 8 giờ, đã được 8/8 giờ.
    Hẹn trả 17:00 thứ Hai 23/02/2026.
    ");
    let clock = Clock::start(Limit::SameDay, Counting::Hours, at("2026-03-06T15:30"));
    insta::assert_snapshot!(told(&clock, "2026-03-06T15:30"), @r"
    Tiếp nhận 15:30 thứ Sáu 06/03/2026, thời hạn trong ngày.
    Thứ Sáu 06/03: nhận sau giờ chốt trong ngày, chuyển sang ngày làm việc kế tiếp (NĐ 61/2018, Điều 18).
    Thứ Bảy 07/03, chủ nhật 08/03: ngày nghỉ hằng tuần.
    Thứ Hai 09/03: tính ngày 1/1.
    Hẹn trả 17:00 thứ Hai 09/03/2026.
    ");
}

#[test]
fn stops_are_told_with_their_cause_and_who_made_them() {
    let stop = adding("2026-11-19T09:00", "2026-11-20T09:00").by(HOA);
    for counting in [Counting::Hours, Counting::Days] {
        let clock = Clock::start(Limit::WorkingDays(3), counting, at("2026-11-18T09:00")).stop(stop);
        match counting {
            Counting::Hours => insta::assert_snapshot!(told(&clock, "2026-11-20T09:00"), @r"
            Tiếp nhận 09:00 thứ Tư 18/11/2026, thời hạn 03 ngày làm việc.
            Thứ Tư 18/11: tính 6 giờ, đã được 6/24 giờ.
            Thứ Năm 19/11: tính 2 giờ, đã được 8/24 giờ; đồng hồ dừng 6 giờ: chờ ý kiến cơ quan phối hợp, Trần Thị Hoa ghi.
            Thứ Sáu 20/11: tính 6 giờ, đã được 14/24 giờ; đồng hồ dừng 2 giờ: chờ ý kiến cơ quan phối hợp, Trần Thị Hoa ghi.
            Thứ Bảy 21/11, chủ nhật 22/11: ngày nghỉ hằng tuần.
            Thứ Hai 23/11: tính 8 giờ, đã được 22/24 giờ.
            Thứ Ba 24/11: nghỉ: Ngày Văn hóa Việt Nam (NQ 28/2026/QH16).
            Thứ Tư 25/11: tính 2 giờ, đã được 24/24 giờ.
            Hẹn trả 09:00 thứ Tư 25/11/2026.
            "),
            Counting::Days => insta::assert_snapshot!(told(&clock, "2026-11-20T09:00"), @r"
            Tiếp nhận 09:00 thứ Tư 18/11/2026, thời hạn 03 ngày làm việc.
            Thứ Tư 18/11: ngày tiếp nhận, không tính (Bộ luật Dân sự 2015, Điều 147).
            Thứ Năm 19/11: tính ngày 1/3; đồng hồ dừng 6 giờ: chờ ý kiến cơ quan phối hợp, Trần Thị Hoa ghi.
            Thứ Sáu 20/11: tính ngày 2/3; đồng hồ dừng 2 giờ: chờ ý kiến cơ quan phối hợp, Trần Thị Hoa ghi.
            Thứ Bảy 21/11, chủ nhật 22/11: ngày nghỉ hằng tuần.
            Thứ Hai 23/11: tính ngày 3/3.
            Thứ Ba 24/11: nghỉ: Ngày Văn hóa Việt Nam (NQ 28/2026/QH16).
            Thứ Tư 25/11: cộng bù 8 giờ, đã được 8/8 giờ.
            Hẹn trả 17:00 thứ Tư 25/11/2026.
            "),
        }
    }
}

#[test]
fn a_limit_of_thirty_days_is_a_few_lines() {
    let clock = Clock::start(Limit::WorkingDays(30), Counting::Days, at("2026-03-16T09:00"));
    insta::assert_snapshot!(told(&clock, "2026-03-16T09:00"), @r"
    Tiếp nhận 09:00 thứ Hai 16/03/2026, thời hạn 30 ngày làm việc.
    Thứ Hai 16/03: ngày tiếp nhận, không tính (Bộ luật Dân sự 2015, Điều 147).
    Từ thứ Ba 17/03 đến thứ Sáu 24/04: tính 29 ngày làm việc, trừ ngày nghỉ hằng tuần, đã được 29/30 ngày.
    Thứ Bảy 25/04: ngày nghỉ hằng tuần.
    Chủ nhật 26/04: nghỉ: Giỗ Tổ Hùng Vương (Bộ luật Lao động 2019, Điều 112).
    Thứ Hai 27/04: nghỉ bù Giỗ Tổ Hùng Vương (Bộ luật Lao động 2019, Điều 111; TB 9441/2025/BNV).
    Thứ Ba 28/04: tính ngày 30/30.
    Hẹn trả 17:00 thứ Ba 28/04/2026.
    ");
    let every_day = clock.explain(calendar(), at("2026-03-16T09:00")).expect("the tables reach so far");
    assert_eq!(every_day.counts[0].days.len(), 44, "the data keep every day");
    let clock = Clock::start(Limit::CalendarDays(20), Counting::Days, at("2026-03-04T09:00"));
    insta::assert_snapshot!(told(&clock, "2026-03-04T09:00"), @r"
    Tiếp nhận 09:00 thứ Tư 04/03/2026, thời hạn 20 ngày.
    Thứ Tư 04/03: ngày tiếp nhận, không tính (Bộ luật Dân sự 2015, Điều 147).
    Từ thứ Năm 05/03 đến thứ Ba 24/03: tính 20 ngày liên tục, đã được 20/20 ngày.
    Hẹn trả 17:00 thứ Ba 24/03/2026.
    ");
}

#[test]
fn a_second_count_and_an_extension_are_told_after_the_first() {
    let clock = Clock::start(Limit::WorkingDays(3), Counting::Hours, at("2026-11-02T09:00"))
        .stop(Stop::restarting(StopCause::Supplement, at("2026-11-03T15:00")).by(HOA));
    insta::assert_snapshot!(told(&clock, "2026-11-12T10:00"), @r"
    Tiếp nhận 09:00 thứ Hai 02/11/2026, thời hạn 03 ngày làm việc.
    Thứ Hai 02/11: tính 6 giờ, đã được 6/24 giờ.
    Thứ Ba 03/11: tính 6 giờ, đã được 12/24 giờ; đồng hồ dừng 2 giờ: chờ bổ sung hồ sơ, Trần Thị Hoa ghi.
    Từ thứ Tư 04/11 đến thứ Tư 11/11: đồng hồ dừng 48 giờ: chờ bổ sung hồ sơ, Trần Thị Hoa ghi.
    Thứ Năm 12/11: đồng hồ dừng 3 giờ: chờ bổ sung hồ sơ, Trần Thị Hoa ghi.
    Đồng hồ dừng từ 15:00 thứ Ba 03/11/2026, chưa có ngày hẹn trả.
    ");
    let clock = clock.resume(at("2026-11-16T14:00")).extend(by(Limit::WorkingDays(2)));
    insta::assert_snapshot!(told(&clock, "2026-11-16T14:00"), @r"
    Tiếp nhận 09:00 thứ Hai 02/11/2026, thời hạn 03 ngày làm việc.
    Thứ Hai 02/11: tính 6 giờ, đã được 6/24 giờ.
    Thứ Ba 03/11: tính 6 giờ, đã được 12/24 giờ; đồng hồ dừng 2 giờ: chờ bổ sung hồ sơ, Trần Thị Hoa ghi.
    Từ thứ Tư 04/11 đến thứ Sáu 13/11: đồng hồ dừng 64 giờ: chờ bổ sung hồ sơ, Trần Thị Hoa ghi.
    Thứ Bảy 14/11, chủ nhật 15/11: ngày nghỉ hằng tuần.
    Thứ Hai 16/11: đồng hồ dừng 5 giờ: chờ bổ sung hồ sơ, Trần Thị Hoa ghi.
    Lần tính này dừng từ 15:00 thứ Ba 03/11/2026 đến 14:00 thứ Hai 16/11/2026.
    Từ 14:00 thứ Hai 16/11/2026 tính lại từ đầu 03 ngày làm việc (NĐ 61/2018, Điều 19).
    Thứ Hai 16/11: tính 3 giờ, đã được 3/24 giờ.
    Thứ Ba 17/11: tính 8 giờ, đã được 11/24 giờ.
    Thứ Tư 18/11: tính 8 giờ, đã được 19/24 giờ.
    Thứ Năm 19/11: tính 5 giờ, đã được 24/24 giờ.
    Gia hạn thêm 02 ngày làm việc (NĐ 61/2018, Điều 19).
    Thứ Năm 19/11: gia hạn 3 giờ, đã được 3/16 giờ.
    Thứ Sáu 20/11: gia hạn 8 giờ, đã được 11/16 giờ.
    Thứ Bảy 21/11, chủ nhật 22/11: ngày nghỉ hằng tuần.
    Thứ Hai 23/11: gia hạn 5 giờ, đã được 16/16 giờ.
    Hẹn trả 14:00 thứ Hai 23/11/2026.
    ");
}

#[test]
fn a_date_counted_through_a_year_that_is_not_decided_says_so() {
    let clock = Clock::start(Limit::WorkingDays(2), Counting::Days, at("2026-12-30T09:00"));
    insta::assert_snapshot!(told(&clock, "2026-12-30T09:00"), @r"
    Tiếp nhận 09:00 thứ Tư 30/12/2026, thời hạn 02 ngày làm việc.
    Thứ Tư 30/12: ngày tiếp nhận, không tính (Bộ luật Dân sự 2015, Điều 147).
    Thứ Năm 31/12: tính ngày 1/2.
    Thứ Sáu 01/01: nghỉ: Tết Dương lịch (Bộ luật Lao động 2019, Điều 112).
    Thứ Bảy 02/01, chủ nhật 03/01: ngày nghỉ hằng tuần.
    Thứ Hai 04/01: tính ngày 2/2.
    Hẹn trả 17:00 thứ Hai 04/01/2027.
    Tạm tính: chưa có thông báo chính thức về ngày nghỉ năm 2027.
    ");
}

#[test]
fn a_stop_in_the_minute_of_acceptance_makes_no_arrival_after_hours() {
    let clock = Clock::start(Limit::WorkingDays(1), Counting::Hours, at("2026-11-25T08:00"))
        .stop(Stop::pausing(StopCause::Halt, at("2026-11-25T08:00")).by(HOA));
    insta::assert_snapshot!(told(&clock, "2026-11-25T09:00"), @r"
    Tiếp nhận 08:00 thứ Tư 25/11/2026, thời hạn 01 ngày làm việc.
    Thứ Tư 25/11: đồng hồ dừng 1 giờ: dừng giải quyết hồ sơ, Trần Thị Hoa ghi.
    Đồng hồ dừng từ 08:00 thứ Tư 25/11/2026, chưa có ngày hẹn trả.
    ");
}
