//! Parties: people and organisations, with the numbers they are and were known by.

use super::corrupt;
use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use jiff::civil::Date;
use rules::id::PartyId;
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A party as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub id: PartyId,
    pub version: i64,
    pub kind: PartyKind,
    pub name: String,
    pub born_on: Option<Date>,
    /// `nam`, `nu`, or none.
    pub sex: Option<String>,
    pub address: String,
    pub phone: String,
    pub email: String,
    pub numbers: Vec<PartyNumber>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyKind {
    Person,
    Organisation,
}

/// A number a party is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyNumber {
    pub kind: NumberKind,
    pub number: String,
    pub given_on: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberKind {
    PersonalId,
    OldId,
    TaxCode,
    Passport,
}

impl NumberKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PersonalId => "personal_id",
            Self::OldId => "old_id",
            Self::TaxCode => "tax_code",
            Self::Passport => "passport",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::PersonalId, Self::OldId, Self::TaxCode, Self::Passport]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

impl PartyKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
        }
    }
}

impl Party {
    pub fn number(&self, kind: NumberKind) -> Option<&str> {
        self.numbers.iter().find(|number| number.kind == kind).map(|number| number.number.as_str())
    }
}

#[derive(sqlx::FromRow)]
struct PartyRow {
    id: Uuid,
    version: i64,
    kind: String,
    name: String,
    born_on: Option<String>,
    sex: Option<String>,
    address: String,
    phone: String,
    email: String,
}

pub async fn party(reader: &mut Reader, id: PartyId) -> Result<Option<Party>, Error> {
    let row: Option<PartyRow> = fetch_optional!(
        reader,
        "party.find",
        "select id, version, kind, name, born_on, sex, address, phone, email from party where id = $1",
        id.0,
    )?;
    match row {
        Some(row) => with_numbers(reader, row).await.map(Some),
        None => Ok(None),
    }
}

/// The party a number belongs to.
pub async fn party_by_number(
    reader: &mut Reader,
    kind: NumberKind,
    number: &str,
) -> Result<Option<Party>, Error> {
    let row: Option<PartyRow> = fetch_optional!(
        reader,
        "party.by_number",
        "select p.id, p.version, p.kind, p.name, p.born_on, p.sex, p.address, p.phone, p.email
         from party p join party_number n on n.party = p.id where n.kind = $1 and n.number = $2",
        kind.as_str(),
        number,
    )?;
    match row {
        Some(row) => with_numbers(reader, row).await.map(Some),
        None => Ok(None),
    }
}

/// Parties by id, in no particular order.
pub async fn parties_by_ids(reader: &mut Reader, ids: &[PartyId]) -> Result<Vec<Party>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<PartyRow> = fetch_all!(
        reader,
        "party.by_ids",
        "select id, version, kind, name, born_on, sex, address, phone, email from party where id in IDS($1)",
        Json(&ids),
    )?;
    all_with_numbers(reader, rows).await
}

async fn with_numbers(reader: &mut Reader, row: PartyRow) -> Result<Party, Error> {
    let id = row.id;
    all_with_numbers(reader, vec![row]).await?.pop().ok_or_else(|| corrupt("party", "id", id))
}

async fn all_with_numbers(reader: &mut Reader, rows: Vec<PartyRow>) -> Result<Vec<Party>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let numbers: Vec<NumberRow> = fetch_all!(
        reader,
        "party.numbers",
        "select party, kind, number, given_on from party_number where party in IDS($1)
         order by party, kind, number",
        Json(&ids),
    )?;
    let mut numbers_of: BTreeMap<Uuid, Vec<PartyNumber>> = BTreeMap::new();
    for row in numbers {
        numbers_of.entry(row.party).or_default().push(PartyNumber::try_from(row)?);
    }
    rows.into_iter()
        .map(|row| {
            let numbers = numbers_of.remove(&row.id).unwrap_or_default();
            row.party(numbers)
        })
        .collect()
}

#[derive(sqlx::FromRow)]
struct NumberRow {
    party: Uuid,
    kind: String,
    number: String,
    given_on: Option<String>,
}

impl TryFrom<NumberRow> for PartyNumber {
    type Error = Error;

    fn try_from(row: NumberRow) -> Result<Self, Error> {
        let kind = NumberKind::parse(&row.kind).ok_or_else(|| corrupt("party_number", "kind", row.party))?;
        let given_on = day(row.given_on, "party_number", "given_on", row.party)?;
        Ok(Self { kind, number: row.number, given_on })
    }
}

impl PartyRow {
    fn party(self, numbers: Vec<PartyNumber>) -> Result<Party, Error> {
        let kind = match self.kind.as_str() {
            "person" => PartyKind::Person,
            "organisation" => PartyKind::Organisation,
            _ => return Err(corrupt("party", "kind", self.id)),
        };
        Ok(Party {
            id: PartyId(self.id),
            version: self.version,
            kind,
            born_on: day(self.born_on, "party", "born_on", self.id)?,
            name: self.name,
            sex: self.sex,
            address: self.address,
            phone: self.phone,
            email: self.email,
            numbers,
        })
    }
}

fn day(
    text: Option<String>,
    table: &'static str,
    column: &'static str,
    party: Uuid,
) -> Result<Option<Date>, Error> {
    text.map(|text| text.parse::<Date>().map_err(|_| corrupt(table, column, party))).transpose()
}

/// Adds a party (version 0), or saves the one that was read at `party.version`. Numbers it had before
/// and has not now stay its own: papers are found by them.
///
/// # Errors
/// [`Error::Taken`] (`party_number_pkey`) when a number belongs to another party, [`Error::Stale`]
/// when the party was saved by somebody else meanwhile; the act must fail then.
pub async fn save_party(tx: &mut Tx, party: &Party) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "party.save",
        "insert into party (id, version, kind, name, born_on, sex, address, phone, email)
         values ($1, cast($2 as bigint) + 1, $3, $4, $5, $6, $7, $8, $9)
         on conflict (id) do update set version = party.version + 1, name = excluded.name,
            born_on = excluded.born_on, sex = excluded.sex, address = excluded.address,
            phone = excluded.phone, email = excluded.email
         where party.version = $2",
        party.id.0,
        party.version,
        party.kind.as_str(),
        party.name.as_str(),
        party.born_on.map(|day| day.to_string()),
        party.sex.as_deref(),
        party.address.as_str(),
        party.phone.as_str(),
        party.email.as_str(),
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "party", row: party.id.to_string() });
    }
    for number in &party.numbers {
        let saved = execute!(
            tx,
            "party.save_number",
            "insert into party_number (kind, number, party, given_on) values ($1, $2, $3, $4)
             on conflict (kind, number) do update set given_on = excluded.given_on
             where party_number.party = excluded.party",
            number.kind.as_str(),
            number.number.as_str(),
            party.id.0,
            number.given_on.map(|day| day.to_string()),
        )?;
        if saved == 0 {
            return Err(Error::Taken("party_number_pkey".into()));
        }
    }
    Ok(())
}
