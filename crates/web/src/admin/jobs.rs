//! What runs behind the pages: the queue, what failed and why, and trying again by hand.

use crate::Web;
use crate::error::Failure;
use crate::form::{Posted, new_key};
use crate::page::{self, Place, Shell, on_to, shell};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use rules::words;
use store::queue::lines::{self, State as Standing};

#[derive(Debug, Template)]
#[template(path = "admin/jobs.html")]
struct Jobs {
    shell: Shell,
    groups: Vec<Group>,
    idem: String,
}

#[derive(Debug)]
struct Group {
    title: &'static str,
    empty: &'static str,
    rows: Vec<JobRow>,
}

#[derive(Debug)]
struct JobRow {
    id: String,
    kind: &'static str,
    tries: String,
    when: String,
    why: String,
    may_retry: bool,
}

pub(crate) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let mut reader = web.office.db.read().await?;
    let mut groups = Vec::new();
    for (state, title, empty) in [
        (Standing::Dead, "Cần người xem", "Không có việc nào hỏng."),
        (Standing::Running, "Đang chạy", "Không có việc nào đang chạy."),
        (Standing::Waiting, "Đang chờ", "Không có việc nào chờ."),
        (Standing::Done, "Vừa xong", "Chưa có việc nào."),
    ] {
        let rows = lines::lines_in(&mut reader, state, 50, 0)
            .await?
            .into_iter()
            .map(|line| JobRow {
                id: line.id.to_string(),
                kind: kind(&line.kind),
                tries: format!("{}/{}", line.attempts, line.max_attempts),
                when: words::moment(line.updated_at),
                why: line.last_error.unwrap_or_default(),
                may_retry: state == Standing::Dead,
            })
            .collect();
        groups.push(Group { title, empty, rows });
    }
    drop(reader);
    let shell = shell(&web, &visitor, super::HERE).await?;
    Ok(page::show(&web, &Jobs { shell, groups, idem: new_key() }))
}

fn kind(kind: &str) -> &'static str {
    match kind {
        "open_upload" => "Mở tệp đã gửi",
        "recount_dues" => "Tính lại ngày hẹn trả theo lịch mới",
        "read_record" => "Đọc giấy, tạo PDF/A",
        "sign_record" => "Ký số bản số hóa",
        "sign_paper" => "Ký một văn bản trong đợt ký",
        "verify_audit" => "Kiểm tra chuỗi niêm phong",
        "export_audit" => "Xuất nhật ký ra tệp có chữ ký",
        "notify" => "Gửi thông báo tự động cho hệ thống khác",
        "mail_code" => "Gửi mã xác nhận địa chỉ thư",
        "mail_digest" => "Gửi thư nhắc việc buổi sáng",
        "do_in_bulk" => "Làm một việc cho nhiều hồ sơ",
        "reroute" => "Chuyển hồ sơ theo sắp xếp đơn vị",
        _ => "Việc khác",
    }
}

pub(crate) async fn retry(
    State(web): State<Web>,
    _visitor: Visitor,
    place: Place,
    _posted: Posted,
) -> Result<Response, Failure> {
    let again = web.office.retry_job(place.id("id")?).await?;
    let message = if again {
        "Đã đưa việc vào hàng chờ."
    } else {
        "Việc này không còn ở trạng thái hỏng."
    };
    Ok(on_to(&web, "/quan-tri/viec", message))
}
