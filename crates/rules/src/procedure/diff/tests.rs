//! Each change is said so that it can be read aloud, and no change is passed over.

use super::diff;
use crate::calendar::Limit;
use crate::procedure::testing::{Dice, random_sound_procedure};
use crate::procedure::tests::kite;
use crate::procedure::{
    ClockEffect, Fee, LinkedPart, Procedure, StepTask, SystemOfRecord, Validity, WaitExit,
};
use crate::sample::shipped;
use crate::text::nfc;
use jiff::civil::date;
use serde_json::Value;

#[test]
fn changes_are_said_in_sentences() {
    let before = kite();
    let mut after = before.clone();
    after.revision += 1;
    after.valid_from = date(2027, 1, 1);
    after.synonyms.push("xin thả diều".to_owned());
    after.cases[0].channels[0].limit = Limit::WorkingDays(2);
    after.cases[0].channels[0].fees[0].amount = 0;
    after.cases[0].components.clear();
    after.cases[1].channels[0].limit = Limit::SameDay;
    after.results[0].validity = Validity::Indefinite;
    after.process.steps[2].back_to.push("hoi".to_owned());
    after.process.steps[1].consults[0].clock = ClockEffect::Pauses;
    after.process.steps[1].next.clear();
    after.process.steps[3].name = "Ký".to_owned();
    after.process.steps[0].next.swap(0, 1);
    after.process.waits[0].exit = WaitExit::Resume;
    after.process.waits[1].steps = vec!["duyet".to_owned()];
    after.process.waits.push(after.process.waits[0].clone());
    after.supplement_within = Some(Limit::WorkingDays(3));
    assert_eq!(
        diff(&before, &after),
        [
            "Có hiệu lực từ: 01/07/2025 → 01/01/2027",
            "Thủ tục: thêm tên thường gọi “xin thả diều”",
            "Trường hợp “Diều nhỏ”, kênh trực tiếp: thời hạn 3 → 2 ngày làm việc",
            "Trường hợp “Diều nhỏ”, kênh trực tiếp, “Lệ phí”: 15.000 đồng → không thu",
            "Trường hợp “Diều nhỏ”: bỏ thành phần “Đơn xin thả diều”",
            "Trường hợp “Diều to”, kênh bưu chính công ích: thời hạn 18 giờ làm việc → trong ngày",
            "Kết quả “Giấy phép thả diều”, thời hạn giá trị: có giá trị 06 tháng kể từ ngày cấp → có giá trị không thời hạn",
            "Bước “Ngó qua”: đổi thứ tự đường đi tiếp đến các bước, nay ưu tiên “Hỏi hàng xóm”",
            "Bước “Hỏi hàng xóm”: bỏ đường đi tiếp đến “Viết phép”",
            "Bước “Hỏi hàng xóm”, ý kiến “Gió cấp mấy?”: thời hạn vẫn chạy → thời hạn dừng rồi tính tiếp",
            "Bước “Viết phép”: thêm đường trả về “Hỏi hàng xóm”",
            "Bước “Duyệt” đổi tên thành “Ký”",
            "Thêm lượt chờ bổ sung: ở mọi bước thẩm định, xác minh, dự thảo, 20 ngày làm việc, hết hạn thì làm tiếp, thời hạn dừng rồi tính lại từ đầu",
            "Lượt chờ bổ sung: hết hạn thì đóng hồ sơ → hết hạn thì làm tiếp",
            "Lượt dừng giải quyết: ở bước “Hỏi hàng xóm”, “Duyệt” → ở bước “Ký”",
            "Hạn yêu cầu bổ sung: theo quy định chung → 3 ngày làm việc",
        ]
    );
}

#[test]
fn what_comes_and_goes_is_named() {
    let before = shipped();
    let mut after = before.clone();
    after.cases.remove(0);
    after.cases[0].channels.remove(1);
    after.process.steps.remove(0);
    after.results.remove(1);
    let forth = diff(&before, &after);
    let back = diff(&after, &before);
    assert_eq!(
        forth,
        [
            "Bỏ trường hợp “Chưa đăng ký kết hôn với ai”",
            "Trường hợp “Đã ly hôn”: thôi nhận qua kênh trực tuyến",
            "Bỏ loại kết quả “Thông báo từ chối giải quyết hồ sơ”",
            "Bỏ bước “Phân công xử lý”",
            "Bước đầu tiên: “Phân công xử lý” → “Tra cứu sổ hộ tịch, thẩm định hồ sơ”",
        ]
    );
    assert_eq!(back.len(), forth.len());
    assert!(back.iter().any(|said| said.starts_with("Thêm bước “")), "{back:?}");
}

#[test]
fn the_same_content_has_no_difference() {
    for seed in 0..500 {
        let procedure = random_sound_procedure(seed);
        let next = Procedure { revision: procedure.revision + 1, ..procedure.clone() };
        assert_eq!(diff(&procedure, &next), [""; 0], "seed {seed}");
    }
}

/// Every place in the written form at which a value stands.
fn places(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                path.push(key.clone());
                places(value, path, found);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (nth, value) in items.iter().enumerate() {
                path.push(nth.to_string());
                places(value, path, found);
                path.pop();
            }
        }
        _ => found.push(path.clone()),
    }
}

/// Changes one value anywhere; gives nothing where the change makes no procedure.
fn changed_at(procedure: &Procedure, path: &[String]) -> Option<Procedure> {
    let mut whole = serde_json::to_value(procedure).expect("a procedure is written");
    let pointer = format!("/{}", path.join("/"));
    let value = whole.pointer_mut(&pointer)?;
    let other = |text: &str, among: &[&str]| {
        among
            .contains(&text)
            .then(|| among.iter().find(|other| **other != text).map(|other| Value::from(*other)))
    };
    let changed = match value {
        Value::Number(number) => Value::from(number.as_i64()?.checked_add(1)?),
        Value::String(text) => other(text, &["direct", "online", "post"])
            .or_else(|| other(text, &["restarts", "pauses", "runs"]))
            .or_else(|| other(text, &["close", "resume"]))
            .or_else(|| {
                other(text, &["examine", "verify", "draft", "sign", "seal", "hand_over", "approve", "assign"])
            })
            .or_else(|| other(text, &["receiving", "competent", "level_above"]))
            .or_else(|| other(text, &["specialist", "head", "leader", "clerk", "counter"]))
            .or_else(|| other(text, &["grants", "refuses"]))
            .or_else(|| other(text, &["kept", "returned", "returned_with_result"]))
            .or_else(|| other(text, &["always", "if_any"]))
            .or_else(|| other(text, &["original", "photocopy", "shown", "certified_copy", "electronic_copy"]))
            .or_else(|| other(text, &["management", "by_form", "on_demand", "earlier_result", "sector_law"]))
            .or_else(|| other(text, &["supplement", "payment", "halt"]))
            .or_else(|| other(text, &["2025-07-01", "2099-12-31"]))
            .unwrap_or_else(|| Some(Value::from(format!("{text}-khác"))))?,
        _ => return None,
    };
    *value = changed;
    serde_json::from_value(whole).ok()
}

#[test]
fn no_change_is_passed_over() {
    let mut dice = Dice::new(3);
    let (mut n_changes, mut n_whole) = (0, 0);
    for seed in 0..30 {
        let mut procedure = random_sound_procedure(seed);
        procedure.cases[0].channels[0].fees.push(Fee {
            name: "Phí".to_owned(),
            amount: 5,
            note: Some("theo nghị quyết".to_owned()),
        });
        procedure.system = SystemOfRecord::Ministry("Bộ".to_owned());
        procedure.supplement_within = Some(Limit::WorkingDays(3));
        procedure.linked.push(LinkedPart {
            id: "phan".to_owned(),
            procedure: "1.004873".parse().expect("a code"),
            case: "da-ly-hon".to_owned(),
            agency: crate::procedure::AgencyRule::LevelAbove,
            after: vec!["khac".to_owned()],
        });
        let whole = serde_json::to_value(&procedure).expect("a procedure is written");
        let mut found = Vec::new();
        places(&whole, &mut Vec::new(), &mut found);
        for path in found {
            let Some(changed) = changed_at(&procedure, &path) else { continue };
            let said = diff(&procedure, &changed);
            let is_number = path == ["revision"];
            assert_eq!(said.is_empty(), is_number, "{path:?}");
            for sentence in &said {
                assert_eq!(nfc(sentence), *sentence);
            }
            n_changes += 1;
        }
        // Lists in another order.
        let mut turned = procedure.clone();
        match dice.below(3) {
            0 => turned.process.steps.reverse(),
            1 => turned.results.reverse(),
            _ => turned.cases.reverse(),
        }
        assert_eq!(diff(&procedure, &turned).is_empty(), procedure == turned);
        n_whole += usize::from(procedure != turned);
    }
    assert!(n_changes > 2_000 && n_whole > 10, "{n_changes} changes, {n_whole} orders");
}

#[test]
fn things_with_one_id_are_not_mistaken_for_each_other() {
    let mut before = kite();
    before.process.steps.push(before.process.steps[5].clone());
    let mut after = before.clone();
    after.process.steps[6].task = StepTask::Examine;
    assert_eq!(diff(&before, &after), ["Có thay đổi ở những mục trùng mã; sửa các mã trùng rồi so lại"]);
}
