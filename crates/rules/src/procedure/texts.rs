//! The texts a procedure must have: what is printed, looked up or asked by them cannot be empty. Whoever
//! drafts in the editor is told field by field; a file that was loaded is held against them here.

use super::{About, Case, Procedure, ProcedureFault, Step, SystemOfRecord};

pub(super) fn collect(procedure: &Procedure, faults: &mut Vec<ProcedureFault>) {
    let mut texts = Texts { faults, about: About::Facts };
    texts.hold("tên thủ tục", &procedure.name);
    texts.hold("lĩnh vực của thủ tục", &procedure.field);
    if let SystemOfRecord::Ministry(name) = &procedure.system {
        texts.hold("tên hệ thống của bộ, ngành", name);
    }
    texts.about = About::Linked;
    for (nth, part) in (1..).zip(&procedure.linked) {
        texts.hold(format!("mã của phần liên thông thứ {nth}"), &part.id);
        texts.hold(format!("mã trường hợp của phần liên thông thứ {nth}"), &part.case);
    }
    texts.about = About::Results;
    for (nth, result) in (1..).zip(&procedure.results) {
        texts.hold(format!("tên của kết quả thứ {nth}"), &result.name);
        texts.hold(format!("mã loại của kết quả thứ {nth}"), &result.code);
        texts.hold(format!("mẫu in của kết quả thứ {nth}"), &result.form);
        texts.hold(format!("mã trong tệp của kết quả thứ {nth}"), &result.id);
    }
    for (nth, case) in (1..).zip(&procedure.cases) {
        texts.of_case(nth, case);
    }
    for (nth, step) in (1..).zip(&procedure.process.steps) {
        texts.of_step(nth, step);
    }
}

struct Texts<'f> {
    faults: &'f mut Vec<ProcedureFault>,
    about: About,
}

impl Texts<'_> {
    fn hold(&mut self, what: impl Into<String>, text: &str) {
        if text.trim().is_empty() {
            self.faults.push(ProcedureFault::Empty { what: what.into(), about: self.about.clone() });
        }
    }

    fn of_case(&mut self, nth: usize, case: &Case) {
        self.about = About::Case(case.name.clone());
        self.hold(format!("tên của trường hợp thứ {nth}"), &case.name);
        self.hold(format!("mã của trường hợp thứ {nth}"), &case.id);
        for (part, component) in (1..).zip(&case.components) {
            let of = format!("của giấy tờ thứ {part} trong trường hợp “{}”", case.name);
            self.hold(format!("tên {of}"), &component.name);
            self.hold(format!("mã loại {of}"), &component.paper_type);
            self.hold(format!("mã {of}"), &component.id);
        }
        for fee in case.channels.iter().flat_map(|terms| &terms.fees) {
            self.hold(format!("tên một khoản thu trong trường hợp “{}”", case.name), &fee.name);
        }
    }

    fn of_step(&mut self, nth: usize, step: &Step) {
        self.about = About::Step(step.id.clone());
        self.hold(format!("tên của bước thứ {nth}"), &step.name);
        self.hold(format!("mã của bước thứ {nth}"), &step.id);
        for asked in &step.consults {
            self.hold(format!("nội dung xin ý kiến ở bước “{}”", step.name), &asked.question);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::procedure::tests::kite;
    use crate::procedure::{Procedure, ProcedureFault, SystemOfRecord};

    #[test]
    fn every_text_that_must_say_something_is_missed() {
        type Planted = (fn(&mut Procedure), &'static str);
        let planted: [Planted; 13] = [
            (|p| p.name.clear(), "tên thủ tục"),
            (|p| " ".clone_into(&mut p.field), "lĩnh vực của thủ tục"),
            (|p| p.system = SystemOfRecord::Ministry(String::new()), "tên hệ thống của bộ, ngành"),
            (|p| p.results[1].name.clear(), "tên của kết quả thứ 2"),
            (|p| p.results[0].code.clear(), "mã loại của kết quả thứ 1"),
            (|p| p.results[0].form.clear(), "mẫu in của kết quả thứ 1"),
            (|p| p.cases[1].name.clear(), "tên của trường hợp thứ 2"),
            (|p| p.cases[0].components[0].name.clear(), "tên của giấy tờ thứ 1 trong trường hợp “Diều nhỏ”"),
            (
                |p| p.cases[0].components[0].paper_type.clear(),
                "mã loại của giấy tờ thứ 1 trong trường hợp “Diều nhỏ”",
            ),
            (
                |p| p.cases[0].channels[0].fees[0].name.clear(),
                "tên một khoản thu trong trường hợp “Diều nhỏ”",
            ),
            (|p| p.process.steps[2].name.clear(), "tên của bước thứ 3"),
            (
                |p| p.process.steps[1].consults[0].question.clear(),
                "nội dung xin ý kiến ở bước “Hỏi hàng xóm”",
            ),
            (|p| p.cases[0].components[0].id.clear(), "mã của giấy tờ thứ 1 trong trường hợp “Diều nhỏ”"),
        ];
        for (change, missed) in planted {
            let mut procedure = kite();
            assert_eq!(procedure.faults(), []);
            change(&mut procedure);
            let found: Vec<String> = procedure
                .faults()
                .into_iter()
                .filter_map(|fault| match fault {
                    ProcedureFault::Empty { what, .. } => Some(what),
                    _ => None,
                })
                .collect();
            assert_eq!(found, [missed]);
        }
    }
}
