//! What is to be done next with a dossier: what, by whom, until when; and the task of its step.

use crate::form::Choice;
use office::dossier::view::DossierView;
use rules::dossier::{AtStep, State as Standing};
use rules::people::Actor;
use rules::procedure::{Channel, StepTask};
use rules::words;
use rules::words::sentence::Names;

/// What is to be done now, and by whom.
#[derive(Debug)]
pub(crate) struct NextAct {
    pub(crate) sentence: String,
    /// Until when; empty where no date is set.
    pub(crate) by: String,
    pub(crate) may_take: bool,
    /// The task of the step in this officer's hands, or nothing.
    pub(crate) task: &'static str,
    pub(crate) ways: Vec<Choice>,
    pub(crate) back: Vec<Choice>,
    /// The digest of the draft the signer reads.
    pub(crate) sha256: String,
    pub(crate) result: String,
    pub(crate) has_draft: bool,
}

pub(super) fn next_act(view: &DossierView, actor: &Actor) -> NextAct {
    let dossier = &view.dossier;
    let step = view.present_step();
    let mine = dossier.state.officer().is_some() && dossier.state.officer() == actor.officer();
    let waiting = matches!(
        dossier.state,
        Standing::Received { .. } | Standing::InProcess(AtStep { officer: None, .. })
    );
    let working = view.may_do_step && mine && matches!(dossier.state, Standing::InProcess(_));
    let handing_over = view.may_do_step && matches!(dossier.state, Standing::Done { .. });
    let result = dossier.state.result().and_then(|id| view.results.iter().find(|result| result.id == id));
    let choice = |id: &String| {
        let name = view.procedure.process.step(id).map(|step| step.name.clone());
        Choice::new(id, name.unwrap_or_else(|| id.clone()))
    };
    NextAct {
        sentence: sentence(view),
        by: by(view),
        may_take: waiting && view.may_do_step,
        task: match step.filter(|_| working || handing_over).map(|step| step.task) {
            Some(StepTask::Assign) => "assign",
            Some(StepTask::Examine) => "examine",
            Some(StepTask::Verify) => "verify",
            Some(StepTask::Draft) => "draft",
            Some(StepTask::Approve) => "approve",
            Some(StepTask::Sign) => "sign",
            Some(StepTask::Seal) => "seal",
            Some(StepTask::HandOver) => "hand_over",
            None => "",
        },
        ways: step.map(|step| step.next.iter().map(choice).collect()).unwrap_or_default(),
        back: step
            .filter(|_| working)
            .map(|step| step.back_to.iter().map(choice).collect())
            .unwrap_or_default(),
        sha256: result.map(|result| result.state.pdf().sha256.clone()).unwrap_or_default(),
        result: result.map(|result| result.id.to_string()).unwrap_or_default(),
        has_draft: result.is_some(),
    }
}

/// Who acts next, and by when.
fn sentence(view: &DossierView) -> String {
    let dossier = &view.dossier;
    let holding = &view.holding.unit.name;
    match &dossier.state {
        Standing::Preparing => "Đang lập tại quầy, chưa tiếp nhận.".to_owned(),
        Standing::NotReceived { .. } => "Đã từ chối tiếp nhận; không còn việc gì phải làm.".to_owned(),
        Standing::Withdrawn { .. } if dossier.code.is_none() && dossier.channel == Channel::Direct => {
            "Đã bỏ khi đang lập tại quầy; không còn việc gì phải làm.".to_owned()
        }
        Standing::Withdrawn { .. } => "Người nộp đã rút hồ sơ; trả lại bản chính.".to_owned(),
        Standing::HandedOver { .. } => "Đã trả kết quả; không còn việc gì phải làm.".to_owned(),
        Standing::AwaitingSupplement { .. } => "Chờ người nộp bổ sung. Thời hạn đang tạm dừng.".to_owned(),
        Standing::Submitted { .. } => "Mới gửi đến, chờ trả lời người nộp.".to_owned(),
        Standing::AwaitingPapers { until, .. } => {
            format!("Chờ người nộp hoàn thiện hồ sơ đến {}.", words::moment(until.at))
        }
        Standing::AwaitingPayment { notice, until, .. } => format!(
            "Chờ người nộp thực hiện nghĩa vụ tài chính ({}) đến {}.",
            words::money(notice.amount),
            words::moment(until.at)
        ),
        Standing::Halted { reason, until, .. } => {
            format!("Tạm dừng giải quyết đến {}: {reason}.", words::moment(until.at))
        }
        Standing::Stopped { .. } => "Đã dừng giải quyết; không còn việc gì phải làm.".to_owned(),
        Standing::AwaitingParts { .. } => "Chờ kết quả của phần việc liên thông trước.".to_owned(),
        Standing::Mirrored { system, status, .. } => format!("{system} đang giải quyết: {status}."),
        Standing::Received { step }
        | Standing::Done { step, .. }
        | Standing::InProcess(AtStep { step, officer: None, .. }) => {
            format!("Chờ {} ở bước “{}”.", role_at(view, step, holding), view.named_step(step))
        }
        Standing::InProcess(AtStep { step, officer: Some(officer), .. }) => {
            let since = view.held_since().map(|at| format!(", giữ từ {}", words::moment(at)));
            let (officer, step) = (view.officer(*officer), view.named_step(step));
            format!("{officer} đang làm bước “{step}”{}.", since.unwrap_or_default())
        }
    }
}

fn role_at(view: &DossierView, step: &str, holding: &str) -> String {
    let role = view.procedure.process.step(step).map_or("", |step| words::role(step.role));
    format!("{} ({holding})", role.to_lowercase())
}

/// Until when the next act is to be done: what the step allows, not the day the applicant was told.
fn by(view: &DossierView) -> String {
    view.standing.map(|standing| format!("trước {}", words::moment(standing.by.at))).unwrap_or_default()
}
