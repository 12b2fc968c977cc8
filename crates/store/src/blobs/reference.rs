//! Who needs which blob: rows written in the act that needs it, and what nobody needs any more.

use super::Address;
use crate::engine::{execute, fetch_all};
use crate::{Error, Reader, Tx, time};
use jiff::Timestamp;
use uuid::Uuid;

/// What needs a blob.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// The sort of thing, e.g. `paper`.
    pub kind: &'a str,
    pub id: Uuid,
}

/// Says in the act's transaction that `owner` needs the blob. Saying it twice changes nothing.
pub async fn add(
    tx: &mut Tx,
    address: Address,
    size_bytes: u64,
    owner: Owner<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    execute!(
        tx,
        "blob.store",
        "insert into blob (address, size_bytes, stored_at) values ($1, $2, $3)
         on conflict (address) do update set stored_at = excluded.stored_at",
        address.to_string(),
        i64::try_from(size_bytes).unwrap_or(i64::MAX),
        time::to_micros(now),
    )?;
    execute!(
        tx,
        "blob.add_reference",
        "insert into blob_reference (address, owner_kind, owner, created_at) values ($1, $2, $3, $4)
         on conflict (address, owner_kind, owner) do nothing",
        address.to_string(),
        owner.kind,
        owner.id,
        time::to_micros(now),
    )
    .map(drop)
}

/// Says that `owner` no longer needs the blob; `false` when it did not.
pub async fn remove(tx: &mut Tx, address: Address, owner: Owner<'_>) -> Result<bool, Error> {
    let n_rows = execute!(
        tx,
        "blob.remove_reference",
        "delete from blob_reference where address = $1 and owner_kind = $2 and owner = $3",
        address.to_string(),
        owner.kind,
        owner.id,
    )?;
    Ok(n_rows == 1)
}

/// The blobs `owner` needs, in the order they came.
pub async fn of_owner(reader: &mut Reader, owner: Owner<'_>) -> Result<Vec<Address>, Error> {
    let rows: Vec<(String,)> = fetch_all!(
        reader,
        "blob.of_owner",
        "select address from blob_reference where owner_kind = $1 and owner = $2
         order by created_at, address limit 10000",
        owner.kind,
        owner.id,
    )?;
    rows.into_iter().map(|(address,)| parse(address)).collect()
}

/// Blobs that nobody needs and nobody stored since `before`: the days of grace are the caller's.
pub async fn unneeded(reader: &mut Reader, before: Timestamp, limit: u32) -> Result<Vec<Address>, Error> {
    let rows: Vec<(String,)> = fetch_all!(
        reader,
        "blob.unneeded",
        "select address from blob b
         where stored_at < $1 and not exists (select 1 from blob_reference r where r.address = b.address)
         order by stored_at limit $2",
        time::to_micros(before),
        i64::from(limit),
    )?;
    rows.into_iter().map(|(address,)| parse(address)).collect()
}

/// Forgets a blob in the act before its file is deleted; `false` when somebody needs it after all,
/// or stored it since `before`: leave the file.
pub async fn forget(tx: &mut Tx, address: Address, before: Timestamp) -> Result<bool, Error> {
    let n_rows = execute!(
        tx,
        "blob.forget",
        "delete from blob where address = $1 and stored_at < $2
         and not exists (select 1 from blob_reference r where r.address = blob.address)",
        address.to_string(),
        time::to_micros(before),
    )?;
    Ok(n_rows == 1)
}

fn parse(address: String) -> Result<Address, Error> {
    address.parse().map_err(|_| Error::Corrupt { table: "blob", column: "address".to_owned(), row: address })
}
