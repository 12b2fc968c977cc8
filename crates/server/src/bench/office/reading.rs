//! What pages and the API read, by one reader after the other, with the events that he has seen it.

use anyhow::{Context, Result};
use office::Office;

use super::filling::Sample;
use super::house::{House, Who};
use super::latency::Latencies;

/// Lines of the inbox page.
const N_LINES: i64 = 200;

/// Opens each sample's dossier, the inbox of its commune, and searches for it in three ways.
pub(super) async fn read(office: &Office, house: &House, samples: &[Sample]) -> Result<Latencies> {
    let mut latencies = Latencies::default();
    for sample in samples {
        let actor = &house.communes[sample.commune].by(Who::Specialist).actor;
        let opening = Box::pin(office.open_dossier(actor, sample.dossier));
        let view = latencies.time("mở hồ sơ", opening).await?;
        anyhow::ensure!(!view.timeline().is_empty(), "hồ sơ không có diễn biến");

        let sight = actor.sight();
        let inbox = async {
            let mut reader = office.db.read().await?;
            let lines = store::dossier::lines_waiting(&mut reader, &sight, N_LINES).await?;
            store::procedure::of_lines(&mut reader, &lines).await
        };
        latencies.time("danh sách việc", inbox).await?;

        if let Some(code) = &sample.code {
            let finding = Box::pin(office.find(actor, code, &["dossier"]));
            let found = latencies.time("tìm theo mã", finding).await?;
            let is_there = found.dossiers.iter().any(|line| line.dossier.id == sample.dossier);
            anyhow::ensure!(is_there, "không tìm thấy {code}");
        }
        let name = &sample.person.name;
        latencies.time("tìm theo tên", Box::pin(office.find(actor, name, &[]))).await?;
        let folded = rules::text::fold(name);
        let (first, last) = folded.split_once(' ').context("tên có nhiều chữ")?;
        let last = last.rsplit(' ').next().unwrap_or(last);
        let two = format!("{first} {last}");
        latencies.time("tìm hai chữ", Box::pin(office.find(actor, &two, &[]))).await?;
    }
    Ok(latencies)
}
