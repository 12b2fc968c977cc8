//! `motcua audit verify`: recomputes the chain of events of every subject and names the first links that
//! do not hold. What a chain alone cannot show is said by `store::event::check_chain`.

use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use rules::event::Subject;
use store::{Db, event};

use crate::config::Place;
use crate::installation;
use crate::speak::say;

/// Chains looked up at once.
const PAGE: i64 = 500;
/// Broken chains that are named; the rest are counted.
const MOST_NAMED: usize = 20;

/// Kiểm tra dấu vết
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Tính lại chuỗi sự kiện của mọi hồ sơ, mục kho, người, đơn vị và tài khoản; báo chỗ đứt đầu tiên của từng chuỗi
    #[command(after_help = "Mã thoát: 0 mọi chuỗi nguyên vẹn, 1 có chuỗi bị đứt.")]
    Verify(VerifyArgs),
}

#[derive(Debug, clap::Args)]
struct VerifyArgs {
    #[command(flatten)]
    place: Place,
}

/// What became of looking at all chains.
#[derive(Debug, Default)]
struct Walk {
    n_chains: usize,
    /// The first row of each broken chain that does not hold.
    broken: Vec<(Subject, event::Break)>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let What::Verify(args) = &args.what;
    let config = args.place.load()?;
    ensure!(
        !config.store.url.is_empty() || config.sqlite_file().exists(),
        "chưa có cơ sở dữ liệu ở `{}`",
        config.sqlite_file().display()
    );
    let (walk, n_events) = installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let walk = walk(&db).await.context("không đọc được sự kiện")?;
        let n_events = event::count(&mut db.read().await?).await?;
        db.close().await;
        anyhow::Ok((walk, n_events))
    })?;
    for (subject, broken) in walk.broken.iter().take(MOST_NAMED) {
        say(format_args!(
            "✗ {} {}: đứt ở sự kiện số {} (mã {})",
            named(*subject),
            subject.id(),
            broken.number,
            broken.event.0
        ));
    }
    if walk.broken.is_empty() {
        say(format_args!("✓ {} chuỗi, {n_events} sự kiện: nguyên vẹn.", walk.n_chains));
        return Ok(ExitCode::SUCCESS);
    }
    say(format_args!(
        "{} trong {} chuỗi bị đứt: sự kiện đã bị sửa, chèn hoặc xóa ngoài chương trình. \
         Giữ nguyên cơ sở dữ liệu, đối chiếu với bản sao lưu gần nhất.",
        walk.broken.len(),
        walk.n_chains
    ));
    Ok(ExitCode::FAILURE)
}

async fn walk(db: &Db) -> Result<Walk, store::Error> {
    let mut walk = Walk::default();
    let mut after = None;
    loop {
        // A snapshot for each page: one for all would hold the database's log from being cleared.
        let mut reader = db.read().await?;
        let subjects = event::subjects(&mut reader, after, PAGE).await?;
        let Some(last) = subjects.last() else { return Ok(walk) };
        after = Some(*last);
        for subject in subjects {
            walk.n_chains += 1;
            if let Some(broken) = event::check_chain(&mut reader, subject).await? {
                walk.broken.push((subject, broken));
            }
        }
    }
}

fn named(subject: Subject) -> &'static str {
    match subject {
        Subject::Dossier(_) => "Hồ sơ",
        Subject::Entry(_) => "Mục kho",
        Subject::Officer(_) => "Tài khoản",
        Subject::Party(_) => "Người, tổ chức",
        Subject::Unit(_) => "Đơn vị",
    }
}
