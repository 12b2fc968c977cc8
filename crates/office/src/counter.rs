//! At the counter: open an intake, bring papers to its components, receive it or refuse it. Those who wait
//! are in [`queue`] and [`appointments`], what was taken in during an outage in [`provisional`], what the post
//! brought in [`parcels`].

mod answer;
pub mod appointments;
pub(crate) mod catalogue;
pub mod favourites;
pub mod fees;
pub mod parcels;
pub mod paying;
pub mod provisional;
pub mod queue;
pub mod screens;
pub mod slip;
mod stored;

pub use stored::offers_of;

use crate::act::By;
use crate::dossier::{Loaded, load_for};
use crate::jobs::Job;
use crate::unit::meant::{about, agency_by, settling};
use crate::{Error, Office, Refusal};
use bytes::Bytes;
use jiff::Timestamp;
use rules::calendar::legal_time;
use rules::code::{OwnerNumber, ProcedureCode, Sex};
use rules::counter::applicant::{Applicant, TypedApplicant};
use rules::counter::provisional::FromSlip;
use rules::counter::{self, Mark, Supply};
use rules::dossier::{Dossier, DossierPeople, Life, Refused, State};
use rules::event::{Body, NewEvent};
use rules::id::{AgencyId, DossierId, PartyId, RecordId, UploadId};
use rules::people::{Actor, AgencyScope, Matter, NotYours, Role};
use rules::procedure::{AgencyRule, Channel, Component, Procedure, SystemOfRecord};
use rules::scanning::{Arrangement, Edit, Record, RecordState, Source};
use rules::unit::{Level, UnitKind};
use std::sync::Arc;
use store::counter::{self as rows, KeptComponent, Upload, UploadState};
use store::people::{NumberKind, Party, PartyKind, PartyNumber};
use store::time::new_id;
use store::{Tx, event, scanning as records};

/// What a dossier is opened for, and how it came.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    pub procedure: &'a ProcedureCode,
    pub case: Option<&'a str>,
    pub channel: Channel,
    /// Who settles it, where the place the dossier is about decides.
    pub competent: Option<AgencyId>,
    /// Whether stored papers are used at once for what is required, or only offered.
    pub use_stored: bool,
}

impl<'a> Opening<'a> {
    /// Handed over at the counter: what the repository holds stands ticked.
    pub fn at_counter(procedure: &'a ProcedureCode, case: Option<&'a str>) -> Self {
        Self { procedure, case, channel: Channel::Direct, competent: None, use_stored: true }
    }
}

/// A file as it came, with the name its sender gave it.
#[derive(Clone, Debug)]
pub struct SentFile {
    pub name: String,
    pub bytes: Bytes,
}

impl Office {
    /// Begins a dossier: who, what for, how it came. It is not a dossier for the law yet.
    pub async fn open_intake(
        &self,
        by: &By,
        typed: &TypedApplicant,
        opening: Opening<'_>,
    ) -> Result<DossierId, Error> {
        let today = self.clock.today();
        let applicant = &typed.check(today).map_err(|faults| Error::Refused(Refusal::Applicant(faults)))?;
        self.act(by, "counter.open", |mut tx, now| async move {
            let dossier = self.opened(&mut tx, by, applicant, opening, None, now).await?.0;
            self.tie_to_queue(&mut tx, &by.actor, dossier.id, now).await?;
            Ok(dossier.id)
        })
        .await
    }

    /// The dossier for an applicant, as it is opened: at once, or later from a provisional slip.
    async fn opened(
        &self,
        tx: &mut Tx,
        by: &By,
        applicant: &Applicant,
        opening: Opening<'_>,
        slip: Option<FromSlip>,
        now: Timestamp,
    ) -> Result<(Dossier, Arc<Procedure>), Error> {
        let Opening { procedure, case, channel, competent, use_stored } = opening;
        let today = legal_time(now).date();
        let agency = by.actor.agency();
        let procedure = store::procedure::in_force(tx, procedure, today)
            .await?
            .ok_or(Error::Refused(Refusal::NotOffered))?;
        if let SystemOfRecord::Ministry(system) = &procedure.system {
            return Err(Refused::SettledElsewhere { system: system.clone() }.into());
        }
        let here = alone(agency);
        let matter = Matter { procedure: Some(&procedure.code), ..Matter::from(&here) };
        let right = by.actor.right_for_any(&Role::FOR_APPLICANT, agency, matter)?;
        let case = case
            .map_or_else(
                || procedure.cases.iter().find(|case| case.terms(channel).is_some()),
                |id| procedure.case(id),
            )
            // None of them: the first says so.
            .or_else(|| procedure.cases.first().filter(|_| case.is_none()))
            .ok_or(Error::Refused(Refusal::NotOffered))?;
        case.terms(channel).ok_or(Error::from(Refused::ChannelNotOffered))?;
        let named = match (&procedure.competent, competent) {
            (AgencyRule::OfLevel(level), Some(named)) => of_level(tx, named, *level).await?,
            (rule, _) => agency_by(tx, rule, &alone(agency), today).await?,
        };
        let named = named.ok_or(Error::Refused(Refusal::NotOffered))?;
        let competent = settling(tx, named, &about(&procedure), today).await?;
        let holder = save_applicant(tx, applicant, now).await?;
        let dossier = Dossier {
            id: DossierId(new_id(now)),
            version: 1,
            code: None,
            procedure: procedure.code.clone(),
            revision: procedure.revision,
            case: case.id.clone(),
            channel,
            people: DossierPeople { submitter: holder, holder, authorised: None },
            scope: AgencyScope { receiving: agency, competent, holding: agency },
            opened_at: now,
            opened_by: by.actor.officer().ok_or(NotYours::NeedsRole(Role::Counter))?,
            received_at: None,
            clock: None,
            due: None,
            outcome: None,
            state: State::Preparing,
            part_of: None,
            life: Life { slip, ..Life::default() },
        };
        let body = Body::IntakeOpened {
            procedure: procedure.code.to_string(),
            revision: procedure.revision,
            case: case.id.clone(),
        };
        self.add_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
        if use_stored {
            stored::tick_stored(tx, &by.actor, &dossier, case.components.iter(), now).await?;
        }
        Ok((dossier, procedure))
    }

    /// Another case of the procedure. If `use_stored`, stored papers are used at once for what it requires and
    /// nothing was brought or decided for yet.
    pub async fn choose_case(
        &self,
        by: &By,
        id: DossierId,
        case: &str,
        use_stored: bool,
    ) -> Result<(), Error> {
        self.act(by, "counter.case", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure, right } =
                self.load_intake(tx, by, id, &Role::FOR_APPLICANT).await?;
            let (dossier, body) = dossier.choose_case(&procedure, case)?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
            let Some(chosen) = procedure.case(case).filter(|_| use_stored) else { return Ok(()) };
            // A component has a row from the first decision on, and an upload while its file is being opened.
            let (kept, uploads) = (rows::components(tx, id).await?, rows::uploads(tx, id).await?);
            let is_untouched = |wanted: &&Component| {
                kept.iter().all(|kept| kept.component.id != wanted.id)
                    && uploads.iter().all(|upload| upload.component != wanted.id)
            };
            let untouched = chosen.components.iter().filter(is_untouched);
            stored::tick_stored(tx, &by.actor, &dossier, untouched, now).await
        })
        .await
    }

    /// Takes a file for a component. Its bytes are safe before the act begins; a job opens it.
    pub async fn add_file(
        &self,
        by: &By,
        id: DossierId,
        component: &str,
        file: SentFile,
    ) -> Result<UploadId, Error> {
        let n_bytes = file.bytes.len() as u64;
        let most = self.settings.limits.file_bytes;
        if n_bytes > most {
            let rejected = scan::intake::Rejected::TooLarge { bytes: n_bytes, most };
            return Err(Error::Refused(Refusal::Unreadable(rejected.in_vietnamese())));
        }
        let address = self.blobs.put(file.bytes).await.map_err(Error::broken)?;
        let file_name = shown_name(&file.name);
        let file_name = file_name.as_str();
        self.act(by, "counter.file", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure, .. } =
                self.load_intake(tx, by, id, &Role::FOR_APPLICANT).await?;
            let wanted = component_of(&procedure, &dossier, component)?;
            counter::may_take_pages(wanted)?;
            let kept = rows::component(tx, id, component).await?;
            match kept.component.supply {
                Supply::Missing | Supply::Pages { .. } | Supply::NotApplicable => {}
                supply => return Err(Error::Refused(Refusal::AlreadySupplied(already(&supply)))),
            }
            let upload = Upload {
                id: UploadId(new_id(now)),
                dossier: id,
                component: component.to_owned(),
                file_name: file_name.to_owned(),
                sha256: address.to_string(),
                n_bytes: i64::try_from(n_bytes).unwrap_or(i64::MAX),
                state: UploadState::Opening,
                already_signed: false,
                added_by: by.actor.officer().ok_or(NotYours::NeedsRole(Role::Counter))?,
            };
            rows::add_upload(tx, &upload, now).await?;
            let body = Body::FileAdded { component: component.to_owned(), upload: upload.id, bytes: n_bytes };
            event::append(tx, &NewEvent::of_dossier(id, &by.actor, now, body), now).await?;
            Job::OpenUpload(upload.id).push(tx, id.0, &by.actor, now).await?;
            Ok(upload.id)
        })
        .await
    }

    /// Rotates, moves or removes one page; the files stay as they are.
    pub async fn arrange(&self, by: &By, id: DossierId, component: &str, edit: Edit) -> Result<(), Error> {
        self.change_pages(by, "counter.arrange", id, component, |arrangement| {
            let body = Body::PagesArranged { component: component.to_owned(), edit };
            Ok((arrangement.edit(edit)?, body))
        })
        .await
    }

    /// Takes the last change of the pages back.
    pub async fn undo_arrange(&self, by: &By, id: DossierId, component: &str) -> Result<(), Error> {
        self.change_pages(by, "counter.undo", id, component, |arrangement| {
            let (arrangement, edit) = arrangement.undo()?;
            Ok((arrangement, Body::ArrangementUndone { component: component.to_owned(), edit }))
        })
        .await
    }

    /// The officer counted the sides of paper she fed in.
    // law: TT01-2023-VPCP/8.2
    pub async fn count_sides(
        &self,
        by: &By,
        id: DossierId,
        component: &str,
        sides: u32,
    ) -> Result<(), Error> {
        self.change_pages(by, "counter.sides", id, component, |mut arrangement| {
            arrangement.sides = Some(sides);
            Ok((arrangement, Body::SidesReconciled { component: component.to_owned(), sides }))
        })
        .await
    }

    async fn change_pages(
        &self,
        by: &By,
        name: &'static str,
        id: DossierId,
        component: &str,
        change: impl Fn(Arrangement) -> Result<(Arrangement, Body), Error>,
    ) -> Result<(), Error> {
        let change = &change;
        self.act(by, name, |mut tx, now| async move {
            let tx = &mut tx;
            self.load_intake(tx, by, id, &Role::AT_COUNTER).await?;
            let mut kept = rows::component(tx, id, component).await?;
            let Supply::Pages { arrangement } = kept.component.supply else {
                return Err(Error::NotFound);
            };
            let (arrangement, body) = change(arrangement)?;
            kept.component.supply = Supply::Pages { arrangement };
            rows::save_component(tx, id, &kept).await?;
            event::append(tx, &NewEvent::of_dossier(id, &by.actor, now, body), now).await?;
            Ok(())
        })
        .await
    }

    /// Marks a component as shown, taken on paper, not applicable, or takes any supply away again.
    pub async fn mark_component(
        &self,
        by: &By,
        id: DossierId,
        component: &str,
        mark: Mark,
    ) -> Result<(), Error> {
        self.act(by, "counter.mark", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure, .. } = self.load_intake(tx, by, id, marked_by(mark)).await?;
            let supply = counter::mark(component_of(&procedure, &dossier, component)?, mark)?;
            let body =
                Body::ComponentMarked { component: component.to_owned(), supply: supply.kind().to_owned() };
            supply_component(tx, id, component, supply).await?;
            event::append(tx, &NewEvent::of_dossier(id, &by.actor, now, body), now).await?;
            Ok(())
        })
        .await
    }

    /// A dossier whose papers may still be brought.
    async fn load_intake(
        &self,
        tx: &mut Tx,
        by: &By,
        id: DossierId,
        roles: &[Role],
    ) -> Result<Loaded, Error> {
        let mut loaded = load_for(tx, &by.actor, id).await?;
        loaded.as_any(&by.actor, roles, loaded.dossier.scope.receiving)?;
        match loaded.dossier.state {
            ref state if takes_papers(state) => Ok(loaded),
            State::Mirrored { .. } => Err(Refused::ReadOnly.into()),
            ref state => Err(Refused::NotInThisState(state.kind()).into()),
        }
    }

    pub(crate) async fn check_complete(
        &self,
        tx: &mut Tx,
        dossier: &Dossier,
        procedure: &Procedure,
    ) -> Result<(), Error> {
        let case = procedure.case(&dossier.case).ok_or(Error::NotFound)?;
        let uploads = rows::uploads(tx, dossier.id).await?;
        let brought: Vec<_> =
            rows::components(tx, dossier.id).await?.into_iter().map(|kept| kept.component).collect();
        let opening = |component: &str| {
            uploads.iter().any(|upload| upload.component == component && upload.state == UploadState::Opening)
        };
        let faults = counter::shortcomings(case, &brought, opening);
        if faults.is_empty() { Ok(()) } else { Err(Error::Refused(Refusal::Incomplete(faults))) }
    }

    /// A record, and the job that reads it, for every component whose pages have none yet.
    pub(crate) async fn begin_records(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        dossier: &Dossier,
        now: Timestamp,
    ) -> Result<(), Error> {
        let known = records::of_dossier(tx, dossier.id).await?;
        for KeptComponent { component, .. } in rows::components(tx, dossier.id).await? {
            let source = match component.supply {
                Supply::Pages { arrangement } => Source::Pages { pages: arrangement.pages() },
                Supply::SignedFile { upload } => Source::SignedFile { upload },
                _ => continue,
            };
            if known.iter().any(|record| record.component == component.id && record.source == source) {
                continue;
            }
            let record = Record {
                id: RecordId(new_id(now)),
                version: 1,
                dossier: dossier.id,
                component: component.id,
                owner: dossier.people.holder,
                scope: dossier.scope,
                digitiser: actor.officer().ok_or(NotYours::NeedsRole(Role::Counter))?,
                source,
                state: RecordState::Reading,
            };
            records::add(tx, &record, now).await?;
            Job::ReadRecord(record.id).push(tx, dossier.id.0, actor, now).await?;
        }
        Ok(())
    }
}

/// Whether papers may still be brought to a dossier: it is being prepared, sent and not answered yet, or waits for
/// some.
pub(crate) fn takes_papers(state: &State) -> bool {
    matches!(
        state,
        State::Preparing
            | State::Submitted { .. }
            | State::AwaitingPapers { .. }
            | State::AwaitingSupplement { .. }
    )
}

/// The agency, if it settles or settled procedures at this level.
async fn of_level(tx: &mut Tx, agency: AgencyId, level: Level) -> Result<Option<AgencyId>, Error> {
    let known = store::people::unit(tx, agency).await?;
    let fits = known.is_some_and(|known| known.unit.level == level && known.unit.kind != UnitKind::Counter);
    Ok(fits.then_some(agency))
}

/// Who marks a component so. What was shown or brought on paper, only the counter has seen.
fn marked_by(mark: Mark) -> &'static [Role] {
    match mark {
        Mark::Shown | Mark::OnPaper => &Role::AT_COUNTER,
        Mark::Missing | Mark::NotApplicable => &Role::FOR_APPLICANT,
    }
}

/// Whoever sits at a counter.
fn at_counter(actor: &Actor) -> Result<(), Error> {
    let sits = |role: &Role| actor.has_role(*role);
    if Role::AT_COUNTER.iter().any(sits) { Ok(()) } else { Err(NotYours::NeedsRole(Role::Counter).into()) }
}

/// A row that only one agency has to do with.
pub(crate) fn alone(agency: AgencyId) -> AgencyScope {
    AgencyScope { receiving: agency, competent: agency, holding: agency }
}

pub(crate) fn component_of<'p>(
    procedure: &'p Procedure,
    dossier: &Dossier,
    component: &str,
) -> Result<&'p Component, Error> {
    procedure.case(&dossier.case).and_then(|case| case.component(component)).ok_or(Error::NotFound)
}

async fn supply_component(
    tx: &mut Tx,
    dossier: DossierId,
    component: &str,
    supply: Supply,
) -> Result<(), Error> {
    let mut kept = rows::component(tx, dossier, component).await?;
    kept.component.supply = supply;
    rows::save_component(tx, dossier, &kept).await.map_err(Error::from)
}

fn already(supply: &Supply) -> &'static str {
    match supply {
        Supply::Reused { .. } => "đang dùng lại giấy trong kho",
        Supply::SignedFile { .. } => "đã có tệp ký số",
        Supply::Shown => "đã đánh dấu xuất trình",
        Supply::OnPaper => "đã nhận bản giấy",
        Supply::Missing | Supply::Pages { .. } | Supply::NotApplicable => "đã có cách khác",
    }
}

/// A file name fit to be shown: its last part, without control characters, not too long.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = rules::text::nfc(last).chars().filter(|c| !c.is_control()).take(200).collect();
    if clean.trim().is_empty() { "tệp không tên".to_owned() } else { clean }
}

/// The party behind the applicant's number, brought up to date with what was typed; a new one if the
/// number is new.
pub(crate) async fn save_applicant(
    tx: &mut Tx,
    applicant: &Applicant,
    now: Timestamp,
) -> Result<PartyId, Error> {
    let kind = number_kind(&applicant.number);
    let known = store::people::party_by_number(tx, kind, applicant.number.as_str()).await?;
    let typed_or = |typed: &str, known: &str| {
        if typed.is_empty() { known.to_owned() } else { typed.to_owned() }
    };
    let sex = applicant.sex.map(|sex| match sex {
        Sex::Male => "nam".to_owned(),
        Sex::Female => "nu".to_owned(),
    });
    let party = match known {
        Some(known) => Party {
            name: applicant.name.clone(),
            born_on: applicant.born_on.or(known.born_on),
            sex: sex.or(known.sex.clone()),
            address: typed_or(&applicant.address, &known.address),
            phone: typed_or(&applicant.phone, &known.phone),
            ..known
        },
        None => Party {
            id: PartyId(new_id(now)),
            version: 0,
            kind: match applicant.number {
                OwnerNumber::Organisation(_) => PartyKind::Organisation,
                _ => PartyKind::Person,
            },
            name: applicant.name.clone(),
            born_on: applicant.born_on,
            sex,
            address: applicant.address.clone(),
            phone: applicant.phone.clone(),
            email: String::new(),
            numbers: vec![PartyNumber { kind, number: applicant.number.as_str().to_owned(), given_on: None }],
        },
    };
    store::people::save_party(tx, &party).await?;
    crate::repository::index_party(tx, &party, now).await?;
    Ok(party.id)
}

/// The kind of number a party is known by.
pub(crate) fn number_kind(number: &OwnerNumber) -> NumberKind {
    match number {
        OwnerNumber::Person(_) => NumberKind::PersonalId,
        OwnerNumber::OldId(_) => NumberKind::OldId,
        OwnerNumber::Organisation(_) => NumberKind::TaxCode,
        OwnerNumber::Passport(_) => NumberKind::Passport,
    }
}
