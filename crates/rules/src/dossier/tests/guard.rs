//! Nothing is ever silent: who has each open dossier, what comes next, and by when.

use super::{Drafted, asked, awaiting_payment, done, in_parts, received, states, working};
use crate::dossier::{Dossier, NextAct};
use crate::procedure::{ClockEffect, StepTask};
use crate::sample::{BINH, COMMITTEE, COUNTER, at, procedure, terms};
use crate::words;
use std::fmt::Write as _;

#[test]
fn every_open_dossier_has_an_owner_a_next_act_and_a_date() {
    let mut page = String::new();
    for (name, dossier) in states() {
        let standing = dossier.standing(&procedure(), terms()).expect("it can be said");
        let said = standing.map_or("–".to_owned(), |standing| {
            let agency = match standing.owner.agency {
                COUNTER => "quầy",
                COMMITTEE => "ủy ban",
                _ => "nơi khác",
            };
            let hand = if standing.owner.officer == Some(BINH) { ", Bình" } else { "" };
            let role = words::role(standing.owner.role);
            let (next, by) = (words::next_act(standing.next), words::moment(standing.by.at));
            format!("{role} ({agency}{hand}) | {next} | {by}")
        });
        writeln!(page, "{name:<15} {said}").expect("a string takes everything");
    }
    insta::assert_snapshot!(page, @r"
    preparing       –
    … online        –
    submitted       Công chức tiếp nhận (quầy) | Tiếp nhận, yêu cầu bổ sung hoặc từ chối hồ sơ mới gửi đến | 09:00 19/11/2026
    awaiting papers Công chức tiếp nhận (quầy) | Chờ người nộp hoàn thiện hồ sơ để tiếp nhận | 16:00 17/12/2026
    not received    –
    received        Công chức tiếp nhận (quầy) | Chuyển hồ sơ cho cơ quan giải quyết | 17:00 18/11/2026
    awaiting parts  Công chức tiếp nhận (quầy) | Chờ kết quả của phần việc trước | 09:00 23/11/2026
    nobody has it   Chuyên viên (ủy ban) | Nhận việc: thẩm định | 15:00 18/11/2026
    examine         Chuyên viên (ủy ban, Bình) | Thẩm định | 15:00 18/11/2026
    … supplemented  Chuyên viên (ủy ban, Bình) | Thẩm định | 10:00 19/11/2026
    … clock stands  Chuyên viên (ủy ban, Bình) | Chờ cơ quan phối hợp trả lời, đôn đốc nếu chậm | 10:00 19/11/2026
    … asked         Chuyên viên (ủy ban, Bình) | Chờ cơ quan phối hợp trả lời, đôn đốc nếu chậm | 10:00 19/11/2026
    … must ask      Lãnh đạo phòng (ủy ban, Bình) | Thẩm định | 15:00 18/11/2026
    draft           Chuyên viên (ủy ban, Bình) | Dự thảo kết quả | 15:00 18/11/2026
    … drafted       Chuyên viên (ủy ban, Bình) | Dự thảo kết quả | 15:00 18/11/2026
    … correcting    Chuyên viên (ủy ban, Bình) | Dự thảo kết quả | 10:00 19/11/2026
    … of a whole    Chuyên viên (ủy ban, Bình) | Dự thảo kết quả | 15:00 18/11/2026
    sign            Lãnh đạo ký (ủy ban, Bình) | Phê duyệt, ký số | 11:00 18/11/2026
    … no draft      Lãnh đạo ký (ủy ban, Bình) | Phê duyệt, ký số | 11:00 18/11/2026
    seal            Văn thư (ủy ban, Bình) | Cấp số, đóng dấu | 11:00 18/11/2026
    awaiting paper  Công chức tiếp nhận (quầy) | Chờ người nộp bổ sung | 15:00 26/11/2026
    awaiting money  Công chức tiếp nhận (quầy) | Chờ người nộp thực hiện nghĩa vụ tài chính | 17:00 30/11/2026
    halted          Chuyên viên (ủy ban, Bình) | Giải quyết tiếp hoặc dừng hẳn | 16:00 26/11/2026
    stopped         –
    withdrawn       –
    done            Công chức tiếp nhận (quầy) | Trả kết quả | 08:00 19/11/2026
    … in parts      Công chức tiếp nhận (quầy) | Chờ kết quả của phần việc trước | 09:00 23/11/2026
    … of a whole    Công chức tiếp nhận (quầy) | Trả kết quả | 08:00 19/11/2026
    handed over     –
    … annulled      –
    mirrored        –
    ");
}

fn by(dossier: &Dossier) -> jiff::Timestamp {
    dossier.standing(&procedure(), terms()).expect("it can be said").expect("it is open").by.at
}

#[test]
fn a_step_has_its_allowance_but_not_beyond_the_date() {
    let mut dossier = working("ngo", Drafted::No);
    assert_eq!(by(&dossier), at("2026-11-18T15:00"), "four hours from nine");
    dossier.life.at_step_since = Some(at("2026-11-23T08:00"));
    assert_eq!(by(&dossier), at("2026-11-23T09:00"), "when it is due");
    // After a wait the step has its allowance again.
    dossier.life.at_step_since = Some(at("2026-11-18T09:00"));
    dossier.life.wait_ended_at = Some(at("2026-11-19T07:00"));
    assert_eq!(by(&dossier), at("2026-11-19T11:00"));
}

#[test]
fn an_opinion_is_waited_for_until_it_is_due_but_not_beyond_the_date() {
    let waits = asked(ClockEffect::Runs);
    assert_eq!(by(&waits), at("2026-11-19T10:00"));
    let late = Dossier {
        due: received().due.map(|due| super::DueMoment { at: at("2026-11-19T09:00"), ..due }),
        ..waits
    };
    assert_eq!(by(&late), at("2026-11-19T09:00"));
}

#[test]
fn a_wish_to_withdraw_comes_before_everything_else() {
    for dossier in [received(), working("ngo", Drafted::No), awaiting_payment()] {
        let (wished, _) = dossier.ask_withdrawal("thôi".to_owned(), at("2026-11-18T16:00")).expect("open");
        let standing = wished.standing(&procedure(), terms()).expect("it can be said").expect("it is open");
        assert_eq!((standing.next, standing.owner.agency), (NextAct::ConfirmWithdrawal, COUNTER));
        assert_eq!(standing.by.at, at("2026-11-19T16:00"));
    }
}

#[test]
fn a_whole_that_is_done_waits_for_its_parts() {
    let next = |dossier: Dossier| {
        dossier.standing(&procedure(), terms()).expect("it can be said").expect("it is open").next
    };
    assert_eq!(next(in_parts(done(), false)), NextAct::AwaitParts);
    assert_eq!(next(in_parts(done(), true)), NextAct::HandOver);
}

#[test]
fn the_word_of_what_comes_next_is_its_own() {
    let all = [
        NextAct::Answer,
        NextAct::TakePapers,
        NextAct::Transfer,
        NextAct::Take(StepTask::Examine),
        NextAct::Do(StepTask::Examine),
        NextAct::AwaitOpinions,
        NextAct::AwaitParts,
        NextAct::DecidePart,
        NextAct::AnswerReferral,
        NextAct::AwaitWhole,
        NextAct::AwaitSupplement,
        NextAct::AwaitPayment,
        NextAct::EndHalt,
        NextAct::ConfirmWithdrawal,
        NextAct::HandOver,
    ];
    let words: std::collections::BTreeSet<&str> = all.iter().map(|next| next.kind()).collect();
    assert_eq!(words.len(), all.len());
}
