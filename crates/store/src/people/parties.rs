//! Parties: people and organisations, with the numbers they are and were known by.

use super::corrupt;
use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use jiff::civil::Date;
use rules::id::PartyId;
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

async fn with_numbers(reader: &mut Reader, row: PartyRow) -> Result<Party, Error> {
    let numbers: Vec<(String, String, Option<String>)> = fetch_all!(
        reader,
        "party.numbers",
        "select kind, number, given_on from party_number where party = $1 order by kind, number",
        row.id,
    )?;
    let day = |text: Option<String>, table, column| {
        text.map(|text| text.parse::<Date>().map_err(|_| corrupt(table, column, row.id))).transpose()
    };
    let numbers = numbers
        .into_iter()
        .map(|(kind, number, given_on)| {
            Ok(PartyNumber {
                kind: NumberKind::parse(&kind).ok_or_else(|| corrupt("party_number", "kind", row.id))?,
                number,
                given_on: day(given_on, "party_number", "given_on")?,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let kind = match row.kind.as_str() {
        "person" => PartyKind::Person,
        "organisation" => PartyKind::Organisation,
        _ => return Err(corrupt("party", "kind", row.id)),
    };
    Ok(Party {
        id: PartyId(row.id),
        version: row.version,
        kind,
        born_on: day(row.born_on, "party", "born_on")?,
        name: row.name,
        sex: row.sex,
        address: row.address,
        phone: row.phone,
        email: row.email,
        numbers,
    })
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
