//! `motcua unit`: looks a file of units or a decision on them over, shows what the decision would do, and
//! does it. What it means is `office::unit`'s.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use office::unit::{Change, Moved, Place, Plan, Turn};
use office::{By, Error, Office};
use rules::people::Actor;
use rules::unit::{Reorganisation, Unit, UnitTree};
use rules::words;
use store::unit as rows;

use crate::config::{Config, Place as Installed};
use crate::speak::{complain, say};
use crate::{input, installation, shipped};

/// A file of units is written by hand.
const LARGEST_FILE: u64 = 16 << 20;

/// Sắp xếp đơn vị hành chính: sáp nhập, chia, đổi tên, chuyển thẩm quyền
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Kiểm tra tệp cây đơn vị hoặc tệp quyết định sắp xếp, nói mọi lỗi một lần
    #[command(after_help = "Mã thoát: 0 không có lỗi, 1 có lỗi.")]
    Check(CheckArgs),
    /// Cho xem quyết định sắp xếp sẽ làm gì, không thay đổi gì
    Plan(FileArgs),
    /// Áp dụng quyết định sắp xếp; dừng giữa chừng thì chạy lại, phần đã làm không làm lại
    Apply(FileArgs),
}

#[derive(Debug, clap::Args)]
struct CheckArgs {
    /// Tệp TOML. Có tệp cây đơn vị thì quyết định được kiểm tra trên các cây đó, không thì trên đơn vị đang có
    #[arg(required = true, value_name = "TỆP")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    place: Installed,
}

#[derive(Debug, clap::Args)]
struct FileArgs {
    /// Tệp TOML của quyết định
    #[arg(value_name = "TỆP")]
    file: PathBuf,
    #[command(flatten)]
    place: Installed,
}

/// What a file holds.
enum Read {
    Tree(UnitTree),
    Decision(Reorganisation),
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::Check(args) => check(args),
        What::Plan(args) => with_office(args, false),
        What::Apply(args) => with_office(args, true),
    }
}

fn read(path: &Path) -> Result<Read> {
    let name = || format!("tệp `{}`", path.display());
    let bytes = input::read(path, LARGEST_FILE).with_context(name)?;
    let text = String::from_utf8(bytes).with_context(name)?;
    let table: toml::Table = toml::from_str(&text).with_context(name)?;
    Ok(if table.contains_key("changes") {
        Read::Decision(toml::from_str(&text).with_context(name)?)
    } else {
        Read::Tree(toml::from_str(&text).with_context(name)?)
    })
}

fn decision(path: &Path) -> Result<Reorganisation> {
    match read(path)? {
        Read::Decision(decided) => Ok(decided),
        Read::Tree(_) => {
            anyhow::bail!("tệp `{}` là cây đơn vị, không phải quyết định sắp xếp", path.display())
        }
    }
}

fn check(args: &CheckArgs) -> Result<ExitCode> {
    let (mut units, mut decisions) = (Vec::new(), Vec::new());
    for file in &args.files {
        match read(file)? {
            Read::Tree(tree) => units.extend(tree.units),
            Read::Decision(decided) => decisions.push(decided),
        }
    }
    if units.is_empty() {
        units = present_units(&args.place.load()?)?;
    }
    let mut faults: Vec<String> = rules::unit::faults(&units).iter().map(ToString::to_string).collect();
    decisions.sort_by_key(|decided| decided.effective_on);
    for decided in &decisions {
        match decided.apply(&units) {
            Ok(after) => units = after,
            Err(why) => faults.extend(why.iter().map(|fault| format!("{}: {fault}", decided.id))),
        }
    }
    for fault in &faults {
        say(format_args!("✗ {fault}"));
    }
    if faults.is_empty() {
        say(format_args!("✓ {} đơn vị, {} quyết định: không có lỗi.", units.len(), decisions.len()));
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// The units of the installation, or those that ship where there is none yet.
fn present_units(config: &Config) -> Result<Vec<Unit>> {
    if config.store.url.is_empty() && !config.sqlite_file().exists() {
        return shipped::units();
    }
    installation::runtime()?.block_on(async {
        let db = installation::database(config).await?;
        let kept = rows::units(&mut db.read().await?).await?;
        db.close().await;
        Ok(kept.into_iter().map(|kept| kept.unit).collect())
    })
}

fn with_office(args: &FileArgs, applies: bool) -> Result<ExitCode> {
    let decided = decision(&args.file)?;
    let config = args.place.load()?;
    ensure!(
        !config.store.url.is_empty() || config.sqlite_file().exists(),
        "chưa có cơ sở dữ liệu ở `{}`; chạy `motcua migrate` trước",
        config.sqlite_file().display()
    );
    installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let office = installation::office(&config, db).await?;
        let done = plan_and_apply(&office, &decided, applies).await;
        office.db.close().await;
        done
    })
}

async fn plan_and_apply(office: &Office, decided: &Reorganisation, applies: bool) -> Result<ExitCode> {
    let by = By::new(machine(office, decided).await?);
    match office.plan_reorganisation(&by.actor, decided).await {
        Ok(plan) => show(&plan),
        Err(error) => return refused(error),
    }
    if !applies {
        return Ok(ExitCode::SUCCESS);
    }
    let begun = match office.begin_reorganisation(&by, decided).await {
        Ok(begun) => begun,
        Err(error) => return refused(error),
    };
    let mut shown = 0;
    loop {
        match office.reroute_some(begun).await? {
            Turn::More { n_rerouted } if n_rerouted > shown => {
                shown = n_rerouted;
                say(format_args!("… đã chuyển {n_rerouted} hồ sơ"));
            }
            Turn::More { .. } => {}
            Turn::Done { n_rerouted } => {
                say(format_args!("✓ Đã áp dụng {}: chuyển {n_rerouted} hồ sơ.", decided.decision));
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
}

/// Whoever gives commands on the machine acts for the first unit the decision names.
async fn machine(office: &Office, decided: &Reorganisation) -> Result<Actor> {
    let named: BTreeSet<&str> = decided.changes.iter().flat_map(rules::unit::Change::units).collect();
    let kept = rows::units(&mut office.db.read().await?).await?;
    let agency = kept
        .iter()
        .find(|kept| named.contains(kept.unit.key.as_str()))
        .context("cơ sở dữ liệu không có đơn vị nào trong quyết định")?;
    Ok(Actor::System { on_behalf_of: None, agency: agency.id })
}

fn refused(error: Error) -> Result<ExitCode> {
    let Error::Refused(refusal) = error else { return Err(error.into()) };
    for sentence in refusal.sentences(str::to_owned) {
        complain(format_args!("✗ {sentence}"));
    }
    Ok(ExitCode::FAILURE)
}

fn show(plan: &Plan) {
    say(format_args!("{}, có hiệu lực từ {}", plan.decision, words::date(plan.effective_on)));
    for change in &plan.units {
        match change {
            Change::Founded(name) => say(format_args!("  + {name}")),
            Change::Ended { name, heirs } => say(format_args!("  − {name} → {}", heirs.join("; "))),
            Change::Given { name, matters } => {
                say(format_args!("  ~ {name} nhận thẩm quyền: {}", matters.join("; ")));
            }
            Change::Changed { before, after } => say(format_args!("  ~ {before} → {after}")),
        }
    }
    say(format_args!("Hồ sơ đang giải quyết được chuyển: {}", plan.n_dossiers));
    for Moved { place, from, to, n } in &plan.moved {
        let place = match place {
            Place::Receiving => "nơi tiếp nhận",
            Place::Competent => "cơ quan giải quyết",
            Place::Holding => "nơi đang giữ",
        };
        say(format_args!("  {n} hồ sơ, {place}: {from} → {to}"));
    }
    if plan.n_lost > 0 {
        say(format_args!("! {} hồ sơ chưa có đơn vị nào nhận; bổ sung vào quyết định", plan.n_lost));
    }
    for post in &plan.posts {
        let role = words::role(post.role);
        match &post.to {
            Some(to) => say(format_args!("  {} ({role}, {}) → {to}", post.officer, post.agency)),
            None => say(format_args!(
                "! {} ({role}, {}) hết vị trí; cần bố trí vị trí mới",
                post.officer, post.agency
            )),
        }
    }
}
