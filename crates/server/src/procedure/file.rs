//! Procedures read from files named on the command line: the portable file, or a drawing that takes the
//! place of the process alone.

use std::path::Path;

use anyhow::{Context, Result, bail};
use rules::code::ProcedureCode;
use rules::procedure::{Procedure, bpmn, portable};
use store::Db;
use store::procedure::publishing::draft;

use crate::input;

/// No procedure and no drawing is larger.
pub(super) const LARGEST: u64 = 4 << 20;

/// The procedure of a portable file.
pub(super) fn procedure(path: &Path) -> Result<Procedure> {
    let name = || format!("tệp `{}`", path.display());
    let bytes = input::read(path, LARGEST).with_context(name)?;
    match portable::read(&bytes) {
        Ok(procedure) => Ok(procedure),
        Err(unread) => bail!("{}: {unread}", name()),
    }
}

/// What a file makes of a procedure: the whole of it, or, by a drawing, the process of the draft or of
/// the revision in force.
pub(super) async fn drafted(db: &Db, path: &Path, code: Option<&ProcedureCode>) -> Result<Procedure> {
    if !path.extension().is_some_and(|end| end == "bpmn" || end == "xml") {
        return procedure(path);
    }
    let code = code.context("tệp là bản vẽ BPMN; thêm --code MÃ của thủ tục có quy trình ấy")?;
    let name = || format!("tệp `{}`", path.display());
    let bytes = input::read(path, LARGEST).with_context(name)?;
    let process = match bpmn::read(&bytes) {
        Ok(process) => process,
        Err(faults) => {
            let faults: Vec<String> = faults.iter().map(|fault| format!("✗ {fault}")).collect();
            bail!("{}:\n{}", name(), faults.join("\n"));
        }
    };
    let drafted = draft(&mut db.read().await?, code).await?.procedure;
    let base = match drafted {
        Some(drafted) => drafted,
        None => super::in_force(db, code).await?,
    };
    Ok(Procedure { process, ..base })
}
