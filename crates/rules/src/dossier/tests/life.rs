//! Whole lives of a dossier, printed day by day as the timeline shows them.

use super::{Acceptance, Body, Dossier, HandOverWay, Procedure, State, SupplementItem};
use crate::calendar::Counting;
use crate::event::{Event, Subject};
use crate::id::{EventId, OfficerId};
use crate::measure::{DueMark, due_mark};
use crate::procedure::StepTask;
use crate::sample::{
    BINH, COMMITTEE, COUNTER, DOSSIER, HOA, RESULT, at, calendar, intake, procedure, refusal, shipped,
};
use crate::words;
use crate::words::sentence::{Names, sentence};
use jiff::Timestamp;
use std::fmt::Write as _;
use uuid::Uuid;

struct NamesOf<'a>(&'a Procedure);

impl Names for NamesOf<'_> {
    fn officer(&self, id: OfficerId) -> String {
        if id == HOA { "Hoa".to_owned() } else { "Bình".to_owned() }
    }

    fn component(&self, id: &str) -> String {
        let found = self.0.cases.iter().find_map(|case| case.component(id));
        found.map_or_else(|| id.to_owned(), |component| component.name.clone())
    }

    fn step(&self, id: &str) -> String {
        self.0.process.step(id).map_or_else(|| id.to_owned(), |step| step.name.clone())
    }

    fn field(&self, name: &str) -> String {
        name.to_owned()
    }
}

/// A dossier that writes its timeline while it lives.
struct Life<'a> {
    procedure: &'a Procedure,
    dossier: Dossier,
    now: Timestamp,
    page: String,
}

impl<'a> Life<'a> {
    fn new(procedure: &'a Procedure) -> Self {
        let dossier = intake(procedure);
        Self { procedure, now: dossier.opened_at, dossier, page: String::new() }
    }

    fn on(&mut self, moment: &str) -> &mut Self {
        self.now = at(moment);
        self
    }

    fn tell(&mut self, by: OfficerId, dossier: Dossier, body: Body) -> &mut Self {
        let event = Event {
            id: EventId(Uuid::nil()),
            subject: Subject::Dossier(DOSSIER),
            dossier: Some(DOSSIER),
            agency: COMMITTEE,
            actor: Some(by),
            on_behalf_of: None,
            purpose: None,
            happened_at: self.now,
            recorded_at: self.now,
            body,
        };
        let line = sentence(&event, &NamesOf(self.procedure));
        let today = crate::calendar::legal_time(self.now).date();
        let mark = due_mark(&dossier, self.now, today);
        let due = match (mark, dossier.due) {
            (Some(DueMark::Stopped), _) => " | đồng hồ dừng".to_owned(),
            (Some(mark), Some(due)) => {
                format!(" | hẹn {}, {}", words::moment(due.at), words::lower_first(&words::due_mark(mark)))
            }
            _ => format!(" | {}", words::lower_first(words::state(&dossier.state))),
        };
        writeln!(self.page, "{} {} {}{due}", words::moment(self.now), line.who, line.what)
            .expect("a string takes everything");
        self.dossier = dossier;
        self
    }

    fn act(
        &mut self,
        by: OfficerId,
        act: impl FnOnce(Dossier, &Procedure, Timestamp) -> Result<(Dossier, Body), super::Refused>,
    ) -> &mut Self {
        let (dossier, body) = act(self.dossier.clone(), self.procedure, self.now).expect("the law allows it");
        self.tell(by, dossier, body)
    }

    fn receive(&mut self) -> &mut Self {
        self.act(HOA, |dossier, procedure, now| {
            let code = super::code();
            dossier.receive(
                procedure,
                Acceptance { code, calendar: calendar(), counting: Counting::Hours },
                now,
            )
        })
    }

    fn take(&mut self) -> &mut Self {
        self.act(BINH, |dossier, _, _| dossier.take(BINH))
    }

    /// Does whatever the present step is there for, and goes the first way on.
    fn finish(&mut self) -> &mut Self {
        let dossier = self.dossier.clone();
        let (step, _) = dossier.working_step(self.procedure).expect("an officer has it");
        let (task, to) = (step.task, step.next.first().cloned().unwrap_or_default());
        let sha256 = "7".repeat(64);
        match task {
            StepTask::Sign => {
                let signed = dossier.signed(self.procedure, &to, COMMITTEE).expect("drafted");
                let certificate = "CN=Lê Bình".to_owned();
                self.tell(BINH, signed, Body::ResultSigned { result: RESULT, sha256, certificate })
            }
            StepTask::Seal => {
                let sealed = dossier.sealed(self.procedure, &to, COUNTER, self.now).expect("signed");
                let body = Body::ResultSealed {
                    result: RESULT,
                    number: "45/UBND-XNTTHN".to_owned(),
                    issued_on: crate::calendar::legal_time(self.now).date(),
                    sha256,
                    certificate: "CN=UBND phường".to_owned(),
                };
                self.tell(BINH, sealed, body)
            }
            StepTask::HandOver => panic!("a result waits in its own state"),
            StepTask::Assign | StepTask::Examine | StepTask::Verify | StepTask::Draft | StepTask::Approve => {
                self.act(BINH, |dossier, procedure, _| {
                    let dossier = match task {
                        StepTask::Draft => dossier.draft(procedure, RESULT)?,
                        _ => dossier,
                    };
                    dossier.finish_step(procedure, &to, "Đồng ý".to_owned(), COMMITTEE)
                })
            }
        }
    }

    fn hand_over(&mut self) -> &mut Self {
        self.act(HOA, |dossier, _, _| dossier.hand_over(HandOverWay::Counter))
    }
}

#[test]
fn a_life_with_a_supplement_gets_a_new_date() {
    let procedure = procedure();
    let mut life = Life::new(&procedure);
    life.on("2026-11-18T09:00").receive();
    life.on("2026-11-18T10:00").take();
    life.on("2026-11-19T08:00").act(BINH, |dossier, procedure, now| {
        let item = SupplementItem { component: "don".to_owned(), what: "ghi rõ cỡ diều".to_owned() };
        dossier.ask_supplement(procedure, vec![item], now)
    });
    // Monday; Tuesday the 24th is a day off, so three days more end on Friday.
    life.on("2026-11-23T14:00").act(HOA, |dossier, _, now| dossier.supplement_received(calendar(), now));
    life.on("2026-11-25T09:00").finish();
    life.on("2026-11-25T10:00").take().finish();
    life.on("2026-11-25T14:00").take();
    life.on("2026-11-25T14:05").act(BINH, |dossier, procedure, _| {
        dossier.send_back(procedure, "viet", "sai cỡ diều".to_owned(), COMMITTEE)
    });
    life.on("2026-11-26T08:00").take().finish();
    life.on("2026-11-27T08:00").take().finish();
    life.on("2026-11-27T14:10").take();
    life.on("2026-11-30T08:00").finish();
    life.on("2026-11-30T09:00").hand_over();
    assert!(matches!(life.dossier.state, State::HandedOver { .. }));
    insta::assert_snapshot!(life.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    10:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    08:00 19/11/2026 Bình yêu cầu người nộp bổ sung: Đơn xin thả diều: ghi rõ cỡ diều. Thời hạn tạm dừng | đồng hồ dừng
    14:00 23/11/2026 Hoa nhận đủ bổ sung; thời hạn tính lại từ đầu, hẹn trả mới 14:00 27/11/2026 | hẹn 14:00 27/11/2026, trong hạn
    09:00 25/11/2026 Bình xong bước “Ngó qua”, chuyển sang “Viết phép”. Ý kiến: Đồng ý | hẹn 14:00 27/11/2026, trong hạn
    10:00 25/11/2026 Bình nhận xử lý ở bước “Viết phép” | hẹn 14:00 27/11/2026, trong hạn
    10:00 25/11/2026 Bình xong bước “Viết phép”, chuyển sang “Duyệt”. Ý kiến: Đồng ý | hẹn 14:00 27/11/2026, trong hạn
    14:00 25/11/2026 Bình nhận xử lý ở bước “Duyệt” | hẹn 14:00 27/11/2026, trong hạn
    14:05 25/11/2026 Bình trả lại từ bước “Duyệt” về “Viết phép”, lý do: sai cỡ diều | hẹn 14:00 27/11/2026, trong hạn
    08:00 26/11/2026 Bình nhận xử lý ở bước “Viết phép” | hẹn 14:00 27/11/2026, sắp đến hạn
    08:00 26/11/2026 Bình xong bước “Viết phép”, chuyển sang “Duyệt”. Ý kiến: Đồng ý | hẹn 14:00 27/11/2026, sắp đến hạn
    08:00 27/11/2026 Bình nhận xử lý ở bước “Duyệt” | hẹn 14:00 27/11/2026, đến hạn hôm nay
    08:00 27/11/2026 Bình phê duyệt và ký số kết quả bằng chứng thư CN=Lê Bình | hẹn 14:00 27/11/2026, đến hạn hôm nay
    14:10 27/11/2026 Bình nhận xử lý ở bước “Vào sổ, đóng dấu” | hẹn 14:00 27/11/2026, quá hạn hôm nay
    08:00 30/11/2026 Bình cấp số 45/UBND-XNTTHN ngày 30/11/2026, đóng dấu cơ quan bằng chữ ký số thứ hai | đã xử lý xong
    09:00 30/11/2026 Hoa trả kết quả tại quầy | đã trả kết quả
    ");
}

#[test]
fn a_shipped_procedure_is_walked_by_its_own_steps() {
    let procedure = shipped();
    let mut life = Life::new(&procedure);
    life.on("2026-11-18T09:00").receive();
    while !matches!(life.dossier.state, State::Done { .. }) {
        life.take().finish();
    }
    life.on("2026-11-20T09:00").hand_over();
    insta::assert_snapshot!(life.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 15.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Phân công xử lý” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình xong bước “Phân công xử lý”, chuyển sang “Tra cứu sổ hộ tịch, thẩm định hồ sơ”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Tra cứu sổ hộ tịch, thẩm định hồ sơ” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình xong bước “Tra cứu sổ hộ tịch, thẩm định hồ sơ”, chuyển sang “Soạn dự thảo kết quả”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Soạn dự thảo kết quả” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình xong bước “Soạn dự thảo kết quả”, chuyển sang “Lãnh đạo phòng kiểm tra dự thảo”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Lãnh đạo phòng kiểm tra dự thảo” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình xong bước “Lãnh đạo phòng kiểm tra dự thảo”, chuyển sang “Lãnh đạo ký duyệt”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Lãnh đạo ký duyệt” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình phê duyệt và ký số kết quả bằng chứng thư CN=Lê Bình | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Văn thư vào số, ký số cơ quan” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình cấp số 45/UBND-XNTTHN ngày 18/11/2026, đóng dấu cơ quan bằng chữ ký số thứ hai | đã xử lý xong
    09:00 20/11/2026 Hoa trả kết quả tại quầy | đã trả kết quả
    ");
}

#[test]
fn a_refused_intake_never_gets_a_code_or_a_date() {
    let procedure = procedure();
    let mut life = Life::new(&procedure);
    life.act(HOA, |dossier, _, _| dossier.refuse_at_counter(refusal()));
    assert_eq!((&life.dossier.code, life.dossier.due), (&None, None));
    insta::assert_snapshot!(life.page, @"08:30 18/11/2026 Hoa từ chối tiếp nhận: không thuộc thẩm quyền giải quyết. Nộp tại phường Thủy Xuân, nơi thường trú | không được tiếp nhận");
}
