//! The events as sentences for whoever controls the office: an auditor reads his agencies with all below
//! them, an administrator his agency, and no papers. That he looked is an event itself.

use super::check::{ChainState, chain_state};
use crate::act::By;
use crate::{Error, Office};
use jiff::Timestamp;
use rules::event::trail::{About, Filter, Group, Lookout, Telling, cover, reads_events, telling};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, DossierId, EventId, OfficerId, PartyId};
use rules::people::{Actor, NotYours, Role};
use rules::procedure::{Case, Procedure};
use rules::scanning::FieldKey;
use rules::unit::Agencies;
use rules::words;
use rules::words::sentence::{Names, sentence, who};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::Reader;
use store::dossier::DossierLine;
use store::event::trail::{Kept, Wanted, page};
use store::people::Officer;
use store::people::roster::{self, AccountLine};
use uuid::Uuid;

/// Events on one page.
const PAGE: i64 = 50;
/// Why a person's trail is read.
const PURPOSE: &str = "kiểm tra nhật ký";

/// One event, told as far as the reader may know it.
#[derive(Clone, Debug, PartialEq)]
pub struct TrailLine {
    pub id: EventId,
    pub recorded_at: Timestamp,
    pub happened_at: Timestamp,
    pub who: String,
    pub what: String,
    pub agency: String,
    pub purpose: Option<String>,
    pub group: Option<Group>,
    pub telling: Telling,
    pub about: Vec<Concerned>,
    /// The row itself, of which a reader gets no more than `telling` says.
    pub(super) kept: Kept,
}

/// What an event is about, to go there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Concerned {
    /// Whether the reader may open it stands beside its code.
    Dossier(DossierId, String, Opens),
    Person(PartyId),
    Officer(OfficerId, String),
    Unit(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    Yes,
    No,
}

/// A page of events.
#[derive(Clone, Debug)]
pub struct Trail {
    pub lines: Vec<TrailLine>,
    /// The last of this page, where there are more behind it.
    pub more_after: Option<EventId>,
    /// The newest event there is but for the days asked for, where none is on the page.
    pub nearest: Option<Timestamp>,
    pub named: Named,
    pub chain: ChainState,
    /// May he ask for a person?
    pub reads_papers: bool,
}

/// What the parts of a filter are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    pub dossier: Option<String>,
    pub person: Option<String>,
    pub officer: Option<String>,
}

/// How far somebody sees.
pub(super) struct Sight {
    pub(super) lookouts: Vec<Lookout>,
    agencies: Vec<AgencyId>,
    units: BTreeMap<AgencyId, String>,
}

pub(super) fn may_read(actor: &Actor) -> Result<(), Error> {
    let reads =
        matches!(actor, Actor::Officer { posts, .. } if posts.iter().any(|post| reads_events(post.role)));
    if reads { Ok(()) } else { Err(NotYours::NeedsRole(Role::Auditor).into()) }
}

impl Sight {
    pub(super) async fn of(reader: &mut Reader, actor: &Actor) -> Result<Self, Error> {
        may_read(actor)?;
        let units = store::people::units(reader).await?;
        let tree = Agencies::new(units.iter().map(|kept| (kept.id, kept.unit.clone())));
        let posts = match actor {
            Actor::Officer { posts, .. } => posts.as_slice(),
            Actor::System { .. } => &[],
        };
        let lookouts: Vec<Lookout> = posts
            .iter()
            .filter(|post| reads_events(post.role))
            .map(|post| {
                let own = BTreeSet::from([post.agency]);
                let agencies = if post.role == Role::Auditor { tree.below(own) } else { own };
                let (role, ceiling) = (post.role, post.ceiling);
                Lookout { role, agencies, procedures: post.procedures.clone(), ceiling }
            })
            .collect();
        let agencies: BTreeSet<AgencyId> =
            lookouts.iter().flat_map(|lookout| lookout.agencies.iter().copied()).collect();
        let units = units.into_iter().map(|kept| (kept.id, kept.unit.name)).collect();
        Ok(Self { lookouts, agencies: agencies.into_iter().collect(), units })
    }

    fn reads_papers(&self) -> bool {
        self.lookouts.iter().any(|lookout| lookout.role == Role::Auditor)
    }

    fn reaches(&self, line: &DossierLine) -> bool {
        let scope = line.dossier.scope;
        [scope.receiving, scope.competent, scope.holding].iter().any(|agency| self.agencies.contains(agency))
    }

    /// Only who reads papers asks for a person or a dossier.
    pub(super) fn may_ask(&self, filter: &Filter) -> Result<(), Error> {
        if names_papers(filter) && !self.reads_papers() {
            return Err(NotYours::NeedsRole(Role::Auditor).into());
        }
        Ok(())
    }

    /// What was written out with these posts is his while his posts open as much.
    pub(super) fn must_cover(&self, then: &[Lookout]) -> Result<(), Error> {
        if cover(&self.lookouts, then) { Ok(()) } else { Err(NotYours::NeedsRole(Role::Auditor).into()) }
    }

    /// The next events of a filter behind one of them.
    pub(super) async fn page(
        &self,
        reader: &mut Reader,
        filter: &Filter,
        after: Option<EventId>,
        limit: i64,
    ) -> Result<Vec<Kept>, Error> {
        self.may_ask(filter)?;
        let wanted = Wanted { filter, agencies: &self.agencies, after, limit };
        page(reader, &wanted).await.map_err(Error::from)
    }
}

/// Is a person or a dossier asked for? Of such a page an event that is not told whole tells too much by
/// being there.
fn names_papers(filter: &Filter) -> bool {
    filter.person.is_some() || filter.dossier.is_some()
}

/// The names a page of sentences needs, each kind read once.
pub(super) struct Telltale<'s> {
    sight: &'s Sight,
    officers: BTreeMap<OfficerId, String>,
    dossiers: BTreeMap<DossierId, DossierLine>,
    procedures: BTreeMap<(String, u32), Arc<Procedure>>,
}

impl<'s> Telltale<'s> {
    pub(super) async fn of(
        reader: &mut Reader,
        sight: &'s Sight,
        kept: &[Kept],
        filter: &Filter,
    ) -> Result<Self, Error> {
        let mut dossiers: Vec<Uuid> =
            kept.iter().filter_map(|one| one.dossier).chain(filter.dossier).map(|id| id.0).collect();
        dossiers.sort_unstable();
        dossiers.dedup();
        let dossiers = store::dossier::lines_by_ids(reader, &dossiers).await?;
        let procedures = store::procedure::of_lines(reader, &dossiers).await?;
        let mut officers: Vec<Uuid> =
            kept.iter().flat_map(|one| [one.actor, one.on_behalf_of]).flatten().map(|id| id.0).collect();
        officers.extend(kept.iter().filter_map(|one| match one.subject {
            Subject::Officer(id) => Some(id.0),
            _ => None,
        }));
        for body in kept.iter().filter_map(|one| one.body.as_ref()) {
            ids_in(&serde_json::to_value(body).map_err(Error::broken)?, &mut officers);
        }
        officers.sort_unstable();
        officers.dedup();
        let officers = store::people::officer_names(reader, &officers).await?;
        let dossiers = dossiers.into_iter().map(|line| (line.dossier.id, line)).collect();
        Ok(Self { sight, officers, dossiers, procedures })
    }

    /// The lines of a page that the filter leaves to the reader.
    pub(super) fn all_told(&self, actor: &Actor, kept: Vec<Kept>, filter: &Filter) -> Vec<TrailLine> {
        let only_whole = names_papers(filter);
        let told = kept.into_iter().map(|one| self.told(actor, one));
        told.filter(|line| !only_whole || line.telling == Telling::Whole).collect()
    }

    fn told(&self, actor: &Actor, kept: Kept) -> TrailLine {
        let line = kept.dossier.and_then(|id| self.dossiers.get(&id));
        let procedure = line.and_then(|line| {
            self.procedures.get(&(line.dossier.procedure.to_string(), line.dossier.revision))
        });
        let names = Within { all: self, procedure: procedure.map(Arc::as_ref) };
        let about = line.map(|line| about(line, procedure.map(Arc::as_ref)));
        let telling = telling(&self.sight.lookouts, kept.agency, kept.subject, about.as_ref());
        let group = Group::of(&kept.kind);
        let what = match (telling, kept.event()) {
            (Telling::Whole, Some(event)) => sentence(&event, &names).what,
            (Telling::Whole, None) => {
                let of = group.map_or("việc khác", words::trail::group);
                format!("nội dung đã tiêu hủy theo quy định, dấu vết còn giữ ({of})")
            }
            (closed, _) => words::trail::closed(closed, group),
        };
        TrailLine {
            id: kept.id,
            recorded_at: kept.recorded_at,
            happened_at: kept.happened_at,
            who: who(kept.actor, kept.on_behalf_of, &names),
            agency: names.agency(kept.agency),
            purpose: kept
                .purpose
                .clone()
                .filter(|purpose| telling == Telling::Whole && !what.contains(purpose.as_str())),
            what,
            group,
            telling,
            about: self.concerned(actor, &kept, line, telling),
            kept,
        }
    }

    fn concerned(
        &self,
        actor: &Actor,
        kept: &Kept,
        line: Option<&DossierLine>,
        telling: Telling,
    ) -> Vec<Concerned> {
        if telling == Telling::Secret {
            return Vec::new();
        }
        let dossier = line.map(|line| {
            let opens = crate::dossier::may_see(actor, &line.dossier).is_ok();
            let code =
                line.dossier.code.as_ref().map_or_else(|| "chưa có mã".to_owned(), ToString::to_string);
            Concerned::Dossier(line.dossier.id, code, if opens { Opens::Yes } else { Opens::No })
        });
        let subject = match kept.subject {
            Subject::Party(id) => (telling == Telling::Whole).then_some(Concerned::Person(id)),
            Subject::Officer(id) if kept.actor != Some(id) => {
                self.officers.get(&id).map(|name| Concerned::Officer(id, name.clone()))
            }
            Subject::Unit(id) => self.sight.units.get(&id).cloned().map(Concerned::Unit),
            _ => None,
        };
        dossier.into_iter().chain(subject).collect()
    }

    /// Is what happens in this dossier told to the reader whole?
    fn opens(&self, line: &DossierLine) -> bool {
        let dossier = &line.dossier;
        let procedure = self.procedures.get(&(dossier.procedure.to_string(), dossier.revision));
        let about = about(line, procedure.map(Arc::as_ref));
        let subject = Subject::Dossier(dossier.id);
        self.sight.reaches(line)
            && telling(&self.sight.lookouts, dossier.scope.competent, subject, Some(&about)) == Telling::Whole
    }

    /// What the parts of the filter are called; what is not there for him is not found.
    async fn named(&self, reader: &mut Reader, filter: &Filter, kept: &[Kept]) -> Result<Named, Error> {
        let dossier = match filter.dossier {
            None => None,
            Some(id) => {
                let line = self.dossiers.get(&id).filter(|line| self.opens(line));
                let code = line.ok_or(Error::NotFound)?.dossier.code.as_ref();
                Some(code.map_or_else(|| "chưa có mã".to_owned(), ToString::to_string))
            }
        };
        let person = match filter.person {
            None => None,
            Some(id) => Some(store::people::party(reader, id).await?.ok_or(Error::NotFound)?.name),
        };
        let officer = match filter.officer {
            None => None,
            // Somebody of another agency is named only where he did something here.
            Some(id) => {
                let found = store::people::officer(reader, id).await?;
                let is_known = |one: &Officer| !kept.is_empty() || self.sight.agencies.contains(&one.agency);
                Some(found.filter(is_known).ok_or(Error::NotFound)?.name)
            }
        };
        Ok(Named { dossier, person, officer })
    }
}

/// Every id a body names: those that are officers have names.
fn ids_in(value: &Value, found: &mut Vec<Uuid>) {
    match value {
        Value::String(text) => found.extend(text.parse::<Uuid>().ok()),
        Value::Array(values) => values.iter().for_each(|value| ids_in(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| ids_in(value, found)),
        _ => {}
    }
}

fn about<'l>(line: &'l DossierLine, procedure: Option<&Procedure>) -> About<'l> {
    let dossier = &line.dossier;
    let case = procedure.and_then(|procedure| procedure.case(&dossier.case));
    About {
        agencies: [dossier.scope.receiving, dossier.scope.competent, dossier.scope.holding],
        procedure: &dossier.procedure,
        sensitivity: case.map(Case::sensitivity).unwrap_or_default(),
    }
}

/// The names of one event's dossier.
struct Within<'t> {
    all: &'t Telltale<'t>,
    procedure: Option<&'t Procedure>,
}

impl Names for Within<'_> {
    fn officer(&self, id: OfficerId) -> String {
        self.all.officers.get(&id).cloned().unwrap_or_else(|| "cán bộ".to_owned())
    }

    fn component(&self, id: &str) -> String {
        let cases = self.procedure.into_iter().flat_map(|procedure| &procedure.cases);
        let component = cases.into_iter().find_map(|case| case.component(id));
        component.map_or_else(|| id.to_owned(), |component| component.name.clone())
    }

    fn step(&self, id: &str) -> String {
        let step = self.procedure.and_then(|procedure| procedure.process.step(id));
        step.map_or_else(|| id.to_owned(), |step| step.name.clone())
    }

    fn field(&self, name: &str) -> String {
        let key = FieldKey::ALL.into_iter().find(|key| key.name() == name);
        key.map_or_else(|| name.to_owned(), |key| words::field(key).to_lowercase())
    }

    fn agency(&self, id: AgencyId) -> String {
        self.all.sight.units.get(&id).cloned().unwrap_or_else(|| "cơ quan khác".to_owned())
    }
}

impl Office {
    /// A page of the events that somebody asks for, behind one of them or from the newest on. That he
    /// read it is an event, about the person where he asked for one.
    // law: LBVDLCN2025/0
    pub async fn read_trail(&self, by: &By, filter: &Filter, after: Option<EventId>) -> Result<Trail, Error> {
        let mut reader = self.db.read().await?;
        let sight = Sight::of(&mut reader, &by.actor).await?;
        let mut kept = sight.page(&mut reader, filter, after, PAGE + 1).await?;
        let is_full = i64::try_from(kept.len()).is_ok_and(|n_kept| n_kept > PAGE);
        kept.truncate(PAGE as usize);
        let telltale = Telltale::of(&mut reader, &sight, &kept, filter).await?;
        let named = telltale.named(&mut reader, filter, &kept).await?;
        let nearest = if kept.is_empty() && after.is_none() {
            let any_day = Filter { from: None, to: None, ..filter.clone() };
            let newest = sight.page(&mut reader, &any_day, None, 1).await?;
            let told = Telltale::of(&mut reader, &sight, &newest, filter).await?;
            told.all_told(&by.actor, newest, filter).first().map(|line| line.recorded_at)
        } else {
            None
        };
        let chain = chain_state(&mut reader).await?;
        drop(reader);
        let more_after = kept.last().map(|last| last.id).filter(|_| is_full);
        let lines = telltale.all_told(&by.actor, kept, filter);
        let reads_papers = sight.reads_papers();
        self.note_view(by, filter).await?;
        Ok(Trail { lines, more_after, nearest, named, chain, reads_papers })
    }

    async fn note_view(&self, by: &By, filter: &Filter) -> Result<(), Error> {
        let Some(officer) = by.actor.officer() else { return Ok(()) };
        let subject = filter.person.map_or(Subject::Officer(officer), Subject::Party);
        // Reading again is looking again: no key makes two views one.
        self.act(&By::new(by.actor.clone()), "audit.view", |mut tx, now| async move {
            let body = Body::AuditViewed { filter: filter.clone() };
            let event = NewEvent::new(subject, None, &by.actor, now, body).for_purpose(PURPOSE);
            store::event::append(&mut tx, &event, now).await?;
            Ok(())
        })
        .await
    }

    /// The dossier of this code, if its events are his to read.
    pub async fn trail_dossier(&self, actor: &Actor, code: &str) -> Result<Option<DossierId>, Error> {
        let mut reader = self.db.read().await?;
        let sight = Sight::of(&mut reader, actor).await?;
        let Some(id) = store::dossier::id_by_code(&mut reader, code).await? else { return Ok(None) };
        let filter = Filter { dossier: Some(id), ..Filter::default() };
        let telltale = Telltale::of(&mut reader, &sight, &[], &filter).await?;
        Ok(telltale.dossiers.get(&id).filter(|line| telltale.opens(line)).map(|line| line.dossier.id))
    }

    /// Whom of his agencies he means by a login or by words of a name.
    pub async fn trail_officers(&self, actor: &Actor, typed: &str) -> Result<Vec<AccountLine>, Error> {
        let mut reader = self.db.read().await?;
        let sight = Sight::of(&mut reader, actor).await?;
        let agencies = sight.agencies.iter().copied().collect();
        let officers = roster::accounts_of(&mut reader, &agencies, self.clock.today()).await?;
        let wanted = rules::text::fold(typed);
        let (exact, part): (Vec<_>, Vec<_>) = officers
            .into_iter()
            .filter(|one| one.login == typed || rules::text::fold(&one.name).contains(&wanted))
            .partition(|one| one.login == typed || rules::text::fold(&one.name) == wanted);
        let mut found = if exact.is_empty() { part } else { exact };
        found.sort_by_cached_key(|one| (rules::text::person_sort_key(&one.name), one.login.clone()));
        Ok(found)
    }
}
