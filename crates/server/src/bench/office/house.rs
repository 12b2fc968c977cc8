//! The office the bench works in: the shipped units, procedures and forms, officers of every role in each
//! commune, a clock of its own. The same on every database, to the id.

use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::Timestamp;
use office::calendar::Calendars;
use office::{By, Clock, Keys, Office, Settings};
use pdf::certificate::{DemoAuthority, Holder};
use rules::calendar::Counting;
use rules::code::ProcedureCode;
use rules::id::{AgencyId, OfficerId};
use rules::people::{Post, Role};
use rules::procedure::Procedure;
use rules::unit::{Level, Unit, UnitKind};
use store::Db;
use store::blobs::{Blobs, MasterKey, MasterKeys};
use store::people::Officer;
use store::signing::{KeyHolder, SoftwareKey};
use uuid::Uuid;

use crate::{shipped, worker};

/// Monday 23 November 2026, 08:00 of the legal clock: when the measuring begins.
pub(super) const TODAY: &str = "2026-11-23T01:00:00Z";
/// Before the first dossier.
const SINCE: &str = "2026-01-05T01:00:00Z";
/// Settled in a few steps, and in many.
pub(super) const SHORT: &str = "2.000815";
pub(super) const LONG: &str = "1.004873";
/// Of the keys, and of every officer.
pub(super) const PASSWORD: &str = "motcua-bench";

/// Who does a step of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Counter,
    Specialist,
    Head,
    Leader,
    Clerk,
}

const ROLES: [Role; 5] = [Role::Counter, Role::Specialist, Role::Head, Role::Leader, Role::Clerk];

/// A commune whose committee receives and settles.
#[derive(Clone, Debug)]
pub(super) struct Commune {
    pub(super) agency: AgencyId,
    officers: Vec<Officer>,
}

impl Commune {
    pub(super) fn by(&self, who: Who) -> By {
        By::new(office::people::actor_of(&self.officers[who as usize]))
    }

    pub(super) fn login(&self, who: Who) -> &str {
        &self.officers[who as usize].login
    }
}

/// What every database of the bench holds before the first dossier.
#[derive(Debug)]
pub(super) struct House {
    units: Vec<(AgencyId, Unit, Option<AgencyId>)>,
    procedures: Vec<Procedure>,
    /// One key for all who sign: what is measured here does not depend on whose it is.
    pkcs12: Vec<u8>,
    pub(super) communes: Vec<Commune>,
}

impl House {
    pub(super) fn shipped() -> Result<Self> {
        let mut units: Vec<(AgencyId, Unit, Option<AgencyId>)> = Vec::new();
        for unit in shipped::units()? {
            let parent = unit
                .parent
                .as_ref()
                .and_then(|key| units.iter().find(|(_, known, _)| known.key == *key).map(|(id, _, _)| *id));
            units.push((AgencyId(numbered(1, units.len())), unit, parent));
        }
        let today = Clock::set(TODAY.parse()?).today();
        let password_hash = office::people::password::hash_password(PASSWORD)?;
        let communes = units
            .iter()
            .filter(|(_, unit, _)| {
                unit.level == Level::Commune
                    && unit.kind == UnitKind::PeoplesCommittee
                    && unit.is_valid_on(today)
            })
            .enumerate()
            .map(|(at, (agency, _, _))| commune(at, *agency, &password_hash))
            .collect();
        let since = SINCE.parse()?;
        let holder = Holder::Agency { name: "Ủy ban nhân dân xã".to_owned() };
        let pkcs12 = DemoAuthority::create(since)?.issue(&holder, since)?.to_p12(PASSWORD)?;
        Ok(Self { units, procedures: procedures()?, pkcs12, communes })
    }

    /// Puts schema, units, procedures and officers into an empty database.
    pub(super) async fn furnish(&self, db: &Db) -> Result<()> {
        db.migrate().await?;
        db.act(|mut tx| async move {
            for (id, unit, parent) in &self.units {
                store::people::put_unit(&mut tx, *id, unit, *parent).await?;
            }
            for procedure in &self.procedures {
                store::procedure::add(&mut tx, procedure).await?;
            }
            for officer in self.communes.iter().flat_map(|commune| &commune.officers) {
                store::people::add_officer(&mut tx, officer).await?;
            }
            Ok::<_, store::Error>(())
        })
        .await?;
        Ok(())
    }

    /// Gives the leaders and the agencies their key to sign with.
    pub(super) async fn give_keys(&self, db: &Db) -> Result<()> {
        let leaders = self.communes.iter().flat_map(|commune| {
            let leader = commune.officers[Who::Leader as usize].id.0;
            [(leader, KeyHolder::Officer), (commune.agency.0, KeyHolder::Agency)]
        });
        let keys: Vec<SoftwareKey> = leaders
            .map(|(holder, holder_kind)| SoftwareKey {
                holder,
                holder_kind,
                label: "DEMO".to_owned(),
                pkcs12: self.pkcs12.clone(),
            })
            .collect();
        let keys = &keys;
        db.act(|mut tx| async move {
            for key in keys {
                store::signing::put_key(&mut tx, key).await?;
            }
            Ok::<_, store::Error>(())
        })
        .await?;
        Ok(())
    }

    /// An office on this database whose clock stands at `at`.
    pub(super) fn office(db: Db, at: Timestamp) -> Result<Office> {
        let key = MasterKey::from_bytes(&[7; 32]);
        Ok(Office {
            db,
            blobs: Blobs::memory(MasterKeys::new(key, Vec::new())),
            clock: Clock::set(at),
            calendars: Arc::new(Calendars::new(shipped::calendar()?, Vec::new())),
            forms: Arc::new(shipped::forms()?),
            printer: worker::printer()?,
            keys: Keys::new(PASSWORD),
            scanner: Arc::new(worker::pool(1, scan::worker::Bounds::default())?),
            settings: Arc::new(Settings {
                counting: Counting::Days,
                code_format: "{agency}-{yymmdd}-{ordinal:4}".to_owned().try_into()?,
                system_name: "Một Cửa".to_owned(),
                signed_forms: Vec::new(),
                lookup_url: "http://127.0.0.1".to_owned(),
                days_to_confirm: 7,
                second_factor: Vec::new(),
                hours_to_confirm_folder: 8,
                days_unseen: 30,
                minutes_held: 2,
                glass: rules::people::glass::GlassTerms::default(),
                reading: rules::signing::round::Reading::Trusted,
                limits: scan::intake::Limits::default(),
                timestamp_roots: Vec::new(),
                stamping: None,
                mail: None,
                digest_at: jiff::civil::time(7, 0, 0, 0),
                identity_server: None,
                passwords: office::people::password::Opens::Everyones,
                notices: connect::webhook::Sender::new(&[])
                    .expect("a client without special wishes can be made"),
            }),
            limits: shipped::limits()?.into(),
            queues: shipped::queues()?.into(),
            exercises: Arc::default(),
            wake: Arc::default(),
        })
    }
}

/// The shipped procedures; of the long one the paper is taken as a photocopy and the result drafted from
/// the general form. Scanning, reading and printing have a bench of their own.
fn procedures() -> Result<Vec<Procedure>> {
    let mut procedures = shipped::procedures()?;
    let short: ProcedureCode = SHORT.parse()?;
    let photocopy = procedures
        .iter()
        .find(|procedure| procedure.code == short)
        .and_then(|procedure| procedure.cases.first()?.component("ban-sao").cloned())
        .context("thủ tục mẫu thiếu thành phần `ban-sao`")?;
    let long: ProcedureCode = LONG.parse()?;
    for procedure in procedures.iter_mut().filter(|procedure| procedure.code == long) {
        for component in procedure.cases.iter_mut().flat_map(|case| &mut case.components) {
            if component.id == "to-khai" {
                *component = rules::procedure::Component {
                    id: component.id.clone(),
                    name: component.name.clone(),
                    paper_type: component.paper_type.clone(),
                    ..photocopy.clone()
                };
            }
        }
        for result in &mut procedure.results {
            "ket-qua-chung".clone_into(&mut result.form);
        }
    }
    Ok(procedures)
}

fn commune(at: usize, agency: AgencyId, password_hash: &str) -> Commune {
    let officers = ROLES.iter().enumerate().map(|(role, &post)| {
        let id = OfficerId(numbered(2, at * ROLES.len() + role));
        Officer {
            id,
            login: format!("can-bo-{at}-{role}"),
            name: format!("Cán bộ {at}.{role}"),
            title: String::new(),
            agency,
            password_hash: password_hash.to_owned(),
            active: true,
            posts: vec![Post::new(agency, post)],
        }
    });
    Commune { agency, officers: officers.collect() }
}

/// An id that is the same wherever the house is furnished.
fn numbered(kind: u128, at: usize) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | (kind << 32) | at as u128)
}
