//! The first sheet of a draft: what the procedure is called, who settles it, what goes with it.

use super::cases;
use super::sheet::{Edit, Row, move_row};
use super::typed::{Typed, Unread, agencies, units, with_agency, with_limit};
use crate::form::{Choice, FormState, Posted};
use rules::procedure::editing::fresh_id;
use rules::procedure::{AgencyRule, LinkedPart, Procedure, SystemOfRecord};

/// The rows of the sheet with what its lists offer.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) parts: Vec<Row>,
    pub(super) agencies: Vec<Choice>,
    pub(super) units: Vec<Choice>,
    pub(super) systems: Vec<Choice>,
}

pub(super) fn facts(procedure: &Procedure) -> Facts {
    Facts {
        parts: Row::of("phan", procedure.linked.iter().map(|part| part.procedure.to_string())),
        agencies: agencies(),
        units: units(),
        systems: vec![Choice::new("own", "Hệ thống này"), Choice::new("ministry", "Hệ thống của bộ, ngành")],
    }
}

pub(super) fn fill(procedure: &Procedure) -> FormState {
    let form = FormState::default()
        .with("ten", &procedure.name)
        .with("linh-vuc", &procedure.field)
        .with("thuong-goi", procedure.synonyms.join("\n"))
        .with("ghi-chu", procedure.notes.join("\n"));
    let form = match &procedure.system {
        SystemOfRecord::Own => form.with("he-thong", "own"),
        SystemOfRecord::Ministry(name) => form.with("he-thong", "ministry").with("he-thong-ten", name),
    };
    let form = with_agency(form, "co-quan", &procedure.competent);
    let form = match procedure.supplement_within {
        Some(limit) => with_limit(form, "han-bo-sung", limit),
        None => form.with("han-bo-sung-dv", "ngay"),
    };
    procedure.linked.iter().enumerate().fold(form, |form, (nth, part)| {
        let at = format!("phan{nth}-");
        let form = form
            .with("phan", nth.to_string())
            .with(format!("{at}ma"), &part.id)
            .with(format!("{at}thu-tuc"), part.procedure.as_str())
            .with(format!("{at}truong-hop"), &part.case)
            .with(format!("{at}sau"), part.after.join(", "));
        with_agency(form, &format!("{at}co-quan"), &part.agency)
    })
}

pub(super) fn read(base: &Procedure, posted: &Posted) -> Result<Procedure, Box<Unread>> {
    let mut typed = Typed::of(posted);
    let mut draft = base.clone();
    draft.name = typed.required("ten", "Ghi tên thủ tục như quyết định công bố");
    draft.field = typed.required("linh-vuc", "Ghi lĩnh vực của thủ tục");
    draft.competent = typed.agency("co-quan");
    draft.synonyms = typed.lines("thuong-goi");
    draft.notes = typed.lines("ghi-chu");
    draft.supplement_within = typed.some_limit("han-bo-sung");
    draft.system = match posted.get("he-thong") {
        "ministry" => {
            let missing = "Ghi tên hệ thống của bộ, ngành, hoặc chọn Hệ thống này";
            SystemOfRecord::Ministry(typed.required("he-thong-ten", missing))
        }
        _ => SystemOfRecord::Own,
    };
    let mut linked = Vec::new();
    for at in typed.rows("phan") {
        let field = format!("{at}thu-tuc");
        let procedure = typed.text(&field).parse().unwrap_or_else(|error| {
            typed.fault(&field, format!("{error}"));
            base.code.clone()
        });
        linked.push(LinkedPart {
            id: typed.text(&format!("{at}ma")),
            procedure,
            case: typed.text(&format!("{at}truong-hop")),
            agency: typed.agency(&format!("{at}co-quan")),
            after: typed.codes(&format!("{at}sau")),
        });
    }
    draft.linked = linked;
    typed.done(draft)
}

/// Adds, moves or takes out a linked part.
pub(super) fn edit(mut draft: Procedure, edit: &Edit) -> Procedure {
    match edit {
        Edit::Add { what, .. } if what == "phan" => {
            let id = fresh_id("phan", draft.linked.iter().map(|part| part.id.as_str()));
            draft.linked.push(LinkedPart {
                id,
                procedure: draft.code.clone(),
                case: String::new(),
                agency: AgencyRule::Competent,
                after: Vec::new(),
            });
        }
        Edit::Add { what, .. } if what == "truong-hop" => draft.cases.push(cases::blank(&draft)),
        edit => move_row(&mut draft.linked, "phan", edit),
    }
    draft
}
