//! What changed between two contents of a procedure, in sentences for the one who signs the decision.
//! Things are the same thing when they have the same id. Every field is taken apart by name, so that a
//! new one does not compile until it is said here.

use super::{Case, ChannelTerms, Component, Fee, LinkedPart, Procedure, ResultType};
use crate::calendar::Limit;
use crate::words;
use crate::words::procedure as said;
use jiff::civil::Date;

mod process;

/// The sentences; none where both say the same. The number of the revision is no content.
pub fn diff(before: &Procedure, after: &Procedure) -> Vec<String> {
    let mut changes = Changes::default();
    changes.of_procedure(before, after);
    let is_same = *before == Procedure { revision: before.revision, ..after.clone() };
    if changes.said.is_empty() && !is_same {
        // Two things with one id: a faulty file, of which a sentence would name the wrong one.
        changes.said.push("Có thay đổi ở những mục trùng mã; sửa các mã trùng rồi so lại".to_owned());
    }
    changes.said
}

/// The sentences so far.
#[derive(Default)]
struct Changes {
    said: Vec<String>,
}

/// What became of the things of two lists.
struct Paired<'t, T> {
    gone: Vec<&'t T>,
    new: Vec<&'t T>,
    kept: Vec<(&'t T, &'t T)>,
    reordered: bool,
}

fn paired<'t, T, K: PartialEq>(before: &'t [T], after: &'t [T], key: impl Fn(&T) -> K) -> Paired<'t, T> {
    let find = |among: &'t [T], one: &T| among.iter().find(|other| key(other) == key(one));
    let kept: Vec<(&T, &T)> =
        before.iter().filter_map(|one| find(after, one).map(|other| (one, other))).collect();
    let in_new_order = after.iter().filter(|one| find(before, one).is_some());
    Paired {
        gone: before.iter().filter(|one| find(after, one).is_none()).collect(),
        new: after.iter().filter(|one| find(before, one).is_none()).collect(),
        reordered: !in_new_order.map(&key).eq(kept.iter().map(|(one, _)| key(one))),
        kept,
    }
}

impl Changes {
    fn say(&mut self, sentence: String) {
        self.said.push(sentence);
    }

    /// `about: before → after`, where they differ.
    fn words<T: PartialEq>(&mut self, about: &str, (before, after): (&T, &T), say: impl Fn(&T) -> String) {
        if before != after {
            self.say(format!("{about}: {} → {}", say(before), say(after)));
        }
    }

    fn text(&mut self, about: &str, both: (&String, &String)) {
        self.words(about, both, |text| quoted(text));
    }

    fn limit(&mut self, about: &str, (before, after): (Limit, Limit)) {
        if before == after {
            return;
        }
        let sentence = match (parts(before), parts(after)) {
            ((Some(from), unit), (Some(to), other)) if unit == other => format!("{from} → {to} {unit}"),
            _ => format!("{} → {}", limit(before), limit(after)),
        };
        self.say(format!("{about} {sentence}"));
    }

    /// Texts that come and go: `thêm what “…”`, `bỏ what “…”`.
    fn texts(&mut self, about: &str, what: &str, before: &[String], after: &[String]) {
        let pairs = paired(before, after, String::clone);
        for text in pairs.new {
            self.say(format!("{about}: thêm {what} {}", quoted(text)));
        }
        for text in pairs.gone {
            self.say(format!("{about}: bỏ {what} {}", quoted(text)));
        }
        if pairs.reordered {
            self.say(format!("{about}: đổi thứ tự {what}"));
        }
    }

    fn of_procedure(&mut self, before: &Procedure, after: &Procedure) {
        let Procedure {
            code,
            revision: _,
            name,
            field,
            valid_from,
            valid_to,
            decision,
            competent,
            synonyms,
            cases,
            results,
            process,
            system,
            linked,
            supplement_within,
            notes,
        } = after;
        self.words("Mã thủ tục", (&before.code, code), |code| code.to_string());
        self.text("Tên thủ tục", (&before.name, name));
        self.text("Lĩnh vực", (&before.field, field));
        self.words("Có hiệu lực từ", (&before.valid_from, valid_from), |day| words::date(*day));
        self.words("Hết hiệu lực", (&before.valid_to, valid_to), |day| last_day(*day));
        self.text("Quyết định công bố", (&before.decision, decision));
        self.words("Cơ quan giải quyết", (&before.competent, competent), said::agency);
        self.texts("Thủ tục", "tên thường gọi", &before.synonyms, synonyms);
        self.of_cases(&before.cases, cases);
        self.of_results(&before.results, results);
        self.of_process(&before.process, process);
        self.words("Hệ thống giải quyết", (&before.system, system), said::system);
        self.of_linked(&before.linked, linked);
        let within = |limit: &Option<Limit>| limit.map_or("theo quy định chung".to_owned(), self::limit);
        self.words("Hạn yêu cầu bổ sung", (&before.supplement_within, supplement_within), within);
        self.texts("Thủ tục", "ghi chú", &before.notes, notes);
    }

    fn of_cases(&mut self, before: &[Case], after: &[Case]) {
        let pairs = paired(before, after, |case| case.id.clone());
        for case in pairs.new {
            let channels: Vec<String> = case.channels.iter().map(terms).collect();
            self.say(format!(
                "Thêm trường hợp {}: {}; {} thành phần hồ sơ",
                quoted(&case.name),
                channels.join(", "),
                case.components.len()
            ));
        }
        for case in pairs.gone {
            self.say(format!("Bỏ trường hợp {}", quoted(&case.name)));
        }
        for (before, after) in pairs.kept {
            let Case { id: _, name, components, channels, result } = after;
            let about = format!("Trường hợp {}", quoted(name));
            self.text(&format!("{about}, tên"), (&before.name, name));
            self.text(&format!("{about}, loại kết quả"), (&before.result, result));
            self.of_channels(&about, &before.channels, channels);
            self.of_components(&about, &before.components, components);
        }
        if pairs.reordered {
            self.say("Đổi thứ tự các trường hợp".to_owned());
        }
    }

    fn of_channels(&mut self, about: &str, before: &[ChannelTerms], after: &[ChannelTerms]) {
        let pairs = paired(before, after, |terms| terms.channel);
        for new in pairs.new {
            self.say(format!("{about}: nhận thêm qua {}", terms(new)));
        }
        for gone in pairs.gone {
            self.say(format!("{about}: thôi nhận qua kênh {}", channel(gone)));
        }
        for (before, after) in pairs.kept {
            let ChannelTerms { channel: _, limit, fees } = after;
            let about = format!("{about}, kênh {}", channel(after));
            self.limit(&format!("{about}: thời hạn"), (before.limit, *limit));
            self.of_fees(&about, &before.fees, fees);
        }
        if pairs.reordered {
            self.say(format!("{about}: đổi thứ tự các kênh"));
        }
    }

    fn of_fees(&mut self, about: &str, before: &[Fee], after: &[Fee]) {
        let pairs = paired(before, after, |fee| fee.name.clone());
        for fee in pairs.new {
            self.say(format!("{about}: thu thêm {} {}", quoted(&fee.name), money(fee.amount)));
        }
        for fee in pairs.gone {
            self.say(format!("{about}: thôi thu {}", quoted(&fee.name)));
        }
        for (before, after) in pairs.kept {
            let Fee { name, amount, note } = after;
            let about = format!("{about}, {}", quoted(name));
            self.words(&about, (&before.amount, amount), |amount| money(*amount));
            self.words(&format!("{about}, ghi chú"), (&before.note, note), |note| some_text(note.as_ref()));
        }
        if pairs.reordered {
            self.say(format!("{about}: đổi thứ tự các khoản thu"));
        }
    }

    fn of_components(&mut self, about: &str, before: &[Component], after: &[Component]) {
        let pairs = paired(before, after, |component| component.id.clone());
        for component in pairs.new {
            self.say(format!("{about}: thêm thành phần {}", quoted(&component.name)));
        }
        for component in pairs.gone {
            self.say(format!("{about}: bỏ thành phần {}", quoted(&component.name)));
        }
        for (before, after) in pairs.kept {
            self.of_component(&format!("{about}, thành phần {}", quoted(&after.name)), before, after);
        }
        if pairs.reordered {
            self.say(format!("{about}: đổi thứ tự các thành phần"));
        }
    }

    fn of_component(&mut self, about: &str, before: &Component, after: &Component) {
        let Component {
            id: _,
            name,
            paper_type,
            originals,
            copies,
            form,
            digitise,
            replaced_by,
            anew,
            required,
            custody,
            note,
        } = after;
        let about = |what: &str| format!("{about}, {what}");
        self.text(&about("tên"), (&before.name, name));
        self.text(&about("loại giấy tờ"), (&before.paper_type, paper_type));
        self.words(&about("số bản chính"), (&before.originals, originals), u8::to_string);
        self.words(&about("số bản sao"), (&before.copies, copies), u8::to_string);
        self.words(&about("hình thức"), (&before.form, form), |form| {
            words::lower_first(words::admissible_form(*form))
        });
        self.words(&about("nhóm số hóa"), (&before.digitise, digitise), |class| {
            words::procedure::digitisation(*class).to_owned()
        });
        self.texts(&about("giấy thay được"), "loại giấy", &before.replaced_by, replaced_by);
        self.words(&about("lập riêng cho từng hồ sơ"), (&before.anew, anew), |anew| {
            if *anew { "có" } else { "không" }.to_owned()
        });
        self.words(&about("bắt buộc"), (&before.required, required), |required| {
            words::lower_first(words::required(*required))
        });
        self.words(&about("bản giấy"), (&before.custody, custody), |custody| {
            said::custody(*custody).to_owned()
        });
        self.words(&about("ghi chú"), (&before.note, note), |note| some_text(note.as_ref()));
    }

    fn of_results(&mut self, before: &[ResultType], after: &[ResultType]) {
        let pairs = paired(before, after, |result| result.id.clone());
        for result in pairs.new {
            let verdict = said::verdict(result.verdict);
            self.say(format!("Thêm loại kết quả {} ({verdict})", quoted(&result.name)));
        }
        for result in pairs.gone {
            self.say(format!("Bỏ loại kết quả {}", quoted(&result.name)));
        }
        for (before, after) in pairs.kept {
            let ResultType { id: _, code, name, form, symbol, validity, scope, verdict } = after;
            let about = |what: &str| format!("Kết quả {}, {what}", quoted(name));
            self.text(&about("mã"), (&before.code, code));
            self.text(&about("tên"), (&before.name, name));
            self.text(&about("mẫu in"), (&before.form, form));
            self.text(&about("ký hiệu"), (&before.symbol, symbol));
            self.words(&about("thời hạn giá trị"), (&before.validity, validity), |validity| {
                words::lower_first(&words::validity(*validity))
            });
            self.text(&about("phạm vi"), (&before.scope, scope));
            self.words(&about("nội dung"), (&before.verdict, verdict), |of| said::verdict(*of).to_owned());
        }
        if pairs.reordered {
            self.say("Đổi thứ tự các loại kết quả".to_owned());
        }
    }

    fn of_linked(&mut self, before: &[LinkedPart], after: &[LinkedPart]) {
        let pairs = paired(before, after, |part| part.id.clone());
        for part in pairs.new {
            self.say(format!("Thêm phần liên thông {}: thủ tục {}", quoted(&part.id), part.procedure));
        }
        for part in pairs.gone {
            self.say(format!("Bỏ phần liên thông {}", quoted(&part.id)));
        }
        for (before, after) in pairs.kept {
            let LinkedPart { id, procedure, case, agency, after: waits_for } = after;
            let about = format!("Phần liên thông {}", quoted(id));
            self.words(&format!("{about}, thủ tục"), (&before.procedure, procedure), |code| {
                code.to_string()
            });
            self.text(&format!("{about}, trường hợp"), (&before.case, case));
            self.words(&format!("{about}, cơ quan"), (&before.agency, agency), said::agency);
            self.texts(&about, "phần phải chờ", &before.after, waits_for);
        }
        if pairs.reordered {
            self.say("Đổi thứ tự các phần liên thông".to_owned());
        }
    }
}

fn quoted(text: &str) -> String {
    format!("“{text}”")
}

fn some_text(text: Option<&String>) -> String {
    text.map_or("không có".to_owned(), |text| quoted(text))
}

fn last_day(day: Option<Date>) -> String {
    day.map_or("không định ngày".to_owned(), |day| format!("sau ngày {}", words::date(day)))
}

fn channel(terms: &ChannelTerms) -> String {
    words::channel(terms.channel).to_lowercase()
}

fn terms(terms: &ChannelTerms) -> String {
    format!("kênh {} {}", channel(terms), limit(terms.limit))
}

fn money(amount: i64) -> String {
    words::lower_first(&words::money(amount))
}

/// The number of a limit and what it counts; a limit within the day has no number.
fn parts(limit: Limit) -> (Option<u32>, &'static str) {
    match limit {
        Limit::WorkingHours(n) => (Some(n), "giờ làm việc"),
        Limit::WorkingDays(n) => (Some(n), "ngày làm việc"),
        Limit::CalendarDays(n) => (Some(n), "ngày liên tục"),
        Limit::SameDay => (None, "trong ngày"),
    }
}

fn limit(limit: Limit) -> String {
    match parts(limit) {
        (Some(n), unit) => format!("{n} {unit}"),
        (None, unit) => unit.to_owned(),
    }
}

#[cfg(test)]
mod tests;
