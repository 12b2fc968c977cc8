//! The sheet of a draft's results: what it gives, and what it refuses with.

use super::sheet::{Edit, Row, move_row};
use super::typed::{Typed, Unread, choices, word};
use crate::form::{Choice, FormState, Posted};
use rules::procedure::editing::fresh_id;
use rules::procedure::{Procedure, ResultType, Validity, Verdict};
use rules::words::procedure as said;

#[derive(Debug)]
pub(super) struct Results {
    pub(super) rows: Vec<Row>,
    pub(super) verdicts: Vec<Choice>,
}

pub(super) fn results(procedure: &Procedure) -> Results {
    Results {
        rows: Row::of("kq", procedure.results.iter().map(|result| result.name.clone())),
        verdicts: choices(&[Verdict::Grants, Verdict::Refuses], |of| said::verdict(*of).to_owned()),
    }
}

pub(super) fn fill(procedure: &Procedure) -> FormState {
    procedure.results.iter().enumerate().fold(FormState::default(), |form, (nth, result)| {
        let at = format!("kq{nth}-");
        let months = match result.validity {
            Validity::Indefinite => String::new(),
            Validity::Months(months) => months.to_string(),
        };
        form.with("kq", nth.to_string())
            .with(format!("{at}id"), &result.id)
            .with(format!("{at}ma"), &result.code)
            .with(format!("{at}ten"), &result.name)
            .with(format!("{at}mau"), &result.form)
            .with(format!("{at}ky-hieu"), &result.symbol)
            .with(format!("{at}thang"), months)
            .with(format!("{at}pham-vi"), &result.scope)
            .with(format!("{at}noi-dung"), word(&result.verdict))
    })
}

pub(super) fn read(base: &Procedure, posted: &Posted) -> Result<Procedure, Box<Unread>> {
    let mut typed = Typed::of(posted);
    let mut results = Vec::new();
    for at in typed.rows("kq") {
        let months = format!("{at}thang");
        let validity = match typed.some_text(&months) {
            None => Validity::Indefinite,
            Some(_) => Validity::Months(typed.number(&months)),
        };
        results.push(ResultType {
            id: typed.text(&format!("{at}id")),
            code: typed.required(&format!("{at}ma"), "Ghi mã loại kết quả"),
            name: typed.required(&format!("{at}ten"), "Ghi tên kết quả như in trên giấy"),
            form: typed.required(&format!("{at}mau"), "Ghi mẫu in, ví dụ ket-qua-chung"),
            symbol: typed.text(&format!("{at}ky-hieu")),
            validity,
            scope: typed.text(&format!("{at}pham-vi")),
            verdict: typed.one_of(&format!("{at}noi-dung"), Verdict::Grants),
        });
    }
    typed.done(Procedure { results, ..base.clone() })
}

pub(super) fn edit(mut draft: Procedure, edit: &Edit) -> Procedure {
    match edit {
        Edit::Add { what, .. } if what == "kq" => {
            let id = fresh_id("ket-qua", draft.results.iter().map(|result| result.id.as_str()));
            draft.results.push(ResultType {
                id,
                code: String::new(),
                name: "Kết quả mới".to_owned(),
                form: "ket-qua-chung".to_owned(),
                symbol: String::new(),
                validity: Validity::Indefinite,
                scope: "Toàn quốc".to_owned(),
                verdict: Verdict::Grants,
            });
        }
        edit => move_row(&mut draft.results, "kq", edit),
    }
    draft
}
