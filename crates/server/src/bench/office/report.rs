//! The figures as a person reads them, with what machine they come from.

use std::fmt::Write;
use std::time::Duration;

use store::Engine;

use super::latency::Quantiles;
use super::{Measured, Plan};
use crate::bench::table::{Cell, Table};
use crate::parallel::processors;

/// What everything below was measured on.
pub(super) fn machine(plan: &Plan) -> String {
    let load = first_words("/proc/loadavg", 3);
    let memory = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| text.split_whitespace().nth(1)?.parse::<f64>().ok())
        .map_or_else(|| "?".to_owned(), |kib| format!("{:.0}", kib / 1_048_576.0));
    let kernel = first_words("/proc/version", 3);
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    format!(
        "Máy: {} lõi, {memory} GiB, {kernel}; tải trung bình lúc bắt đầu {load}; bản dựng {profile}\n\
         {} hồ sơ có sẵn, {} cán bộ làm cùng lúc\n",
        processors(),
        plan.n_dossiers,
        plan.n_officers,
    )
}

fn first_words(path: &str, n: usize) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace().take(n).collect::<Vec<_>>().join(" ")
}

pub(super) fn of(measured: &Measured) -> String {
    let name = match measured.engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let mut told = format!("── {name} ──\n");
    for load in &measured.loads {
        let gib = load.n_bytes as f64 / 1_073_741_824.0;
        line(
            &mut told,
            &format!("nạp tới {} hồ sơ: {:.0} s, {gib:.2} GiB", load.n_dossiers, load.took.as_secs_f64()),
        );
    }
    line(&mut told, &format!("\n{}", acts(measured)));
    let per_second = |n: usize, took: Duration| n as f64 / took.as_secs_f64().max(1e-9);
    let (said, bound) = (measured.said, measured.bound);
    let (ours, most) = (per_second(said.n_acts, measured.took), per_second(bound.n_acts, bound.took));
    line(
        &mut told,
        &format!(
            "\n{} việc, {} câu lệnh, {} dòng, {} lần ghi đĩa: {ours:.0} việc/giây",
            said.n_acts, said.n_statements, said.n_rows, said.n_commits
        ),
    );
    line(
        &mut told,
        &format!(
            "trình điều khiển trần nói lại {} việc, {} câu lệnh, {} dòng, {} lần ghi đĩa: {most:.0} việc/giây",
            bound.n_acts, bound.n_statements, bound.n_rows, bound.n_commits
        ),
    );
    line(&mut told, &format!("đạt {:.0} % của mức đó\n", ours / most.max(1e-9) * 100.0));
    line(&mut told, &readings(measured).to_string());
    line(
        &mut told,
        &format!(
            "\nmột vòng canh hồ sơ: {} ms; niêm phong {} diễn biến/giây; tải trung bình lúc xong {}",
            ms(measured.watch),
            per_second(usize::try_from(measured.sealed.n_events).unwrap_or(0), measured.sealed.took).round(),
            first_words("/proc/loadavg", 3),
        ),
    );
    told
}

fn line(told: &mut String, text: &str) {
    writeln!(told, "{text}").expect("a string takes it");
}

fn ms(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1_000.0)
}

fn acts(measured: &Measured) -> Table {
    let mut table = Table::new(&["việc", "lần", "p50 ms", "p95 ms"]);
    let row = |name: &str, times: Quantiles| {
        vec![
            Cell::text(name),
            Cell::whole(times.n),
            Cell::fraction(Some(times.p50.as_secs_f64() * 1_000.0)),
            Cell::fraction(Some(times.p95.as_secs_f64() * 1_000.0)),
        ]
    };
    for (kind, times) in measured.acts.kinds() {
        table.row(row(kind, times));
    }
    if let Some(times) = measured.acts.all() {
        table.row(row("tất cả", times));
    }
    table
}

fn readings(measured: &Measured) -> Table {
    let heads: Vec<String> = measured
        .readings
        .iter()
        .flat_map(|(n, _)| [format!("p50 ms ở {n}"), format!("p95 ms ở {n}")])
        .chain(["p95 gấp".to_owned()])
        .collect();
    let head: Vec<&str> = ["đọc"].into_iter().chain(heads.iter().map(String::as_str)).collect();
    let mut table = Table::new(&head);
    let Some((_, last)) = measured.readings.last() else { return table };
    for (kind, _) in last.kinds() {
        let of_kind: Vec<Quantiles> = measured
            .readings
            .iter()
            .filter_map(|(_, times)| times.kinds().find(|(other, _)| *other == kind).map(|(_, times)| times))
            .collect();
        let mut cells = vec![Cell::text(kind)];
        for times in &of_kind {
            cells.push(Cell::fraction(Some(times.p50.as_secs_f64() * 1_000.0)));
            cells.push(Cell::fraction(Some(times.p95.as_secs_f64() * 1_000.0)));
        }
        let grown = of_kind.first().zip(of_kind.last());
        cells.push(Cell::fraction(
            grown.map(|(few, many)| many.p95.as_secs_f64() / few.p95.as_secs_f64().max(1e-9)),
        ));
        table.row(cells);
    }
    table
}
