//! The stage of the walk: four agencies with officers of every role, keys to sign with, procedures drawn
//! from the seed, and a form as small as a form can be.

use super::procedures;
use crate::house::{House, smallest_form};
use jiff::Timestamp;
use office::{By, Forms, Office};
use pdf::certificate::{DemoAuthority, Holder};
use rules::counter::applicant::TypedApplicant;
use rules::dossier::{Dossier, Terms};
use rules::id::{AgencyId, OfficerId};
use rules::people::{AgencyScope, Post, Role};
use rules::procedure::testing::Dice;
use rules::procedure::{AgencyRule, Procedure, Step};
use rules::unit::UnitTree;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::people::Officer;
use store::signing::{KeyHolder, SoftwareKey};
use store::testing::Scratch;
use uuid::Uuid;

/// People of whom dossiers are: few enough that everybody has several.
pub(super) const N_APPLICANTS: usize = 150;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Agencies {
    pub(super) commune: AgencyId,
    pub(super) other_commune: AgencyId,
    pub(super) department: AgencyId,
    pub(super) province: AgencyId,
}

impl Agencies {
    pub(super) fn all(self) -> [AgencyId; 4] {
        [self.commune, self.other_commune, self.department, self.province]
    }
}

pub(super) struct Town {
    pub(super) office: Office,
    pub(super) agencies: Agencies,
    pub(super) officers: Vec<By>,
    pub(super) procedures: Vec<Procedure>,
    codes: BTreeMap<AgencyId, String>,
}

impl Town {
    pub(super) async fn found(db: &Scratch, dice: &mut Dice) -> Self {
        let House { mut office, commune, elsewhere } = House::open(db).await;
        office.forms = Arc::new(Forms::new([smallest_form()]));
        let (department, province) = (agency(), agency());
        let agencies = Agencies { commune, other_commune: elsewhere, department, province };
        let codes = put_units(&office, agencies).await;
        let officers = employ(&office, agencies).await;
        let procedures = procedures::drawn(dice, &codes[&department]);
        let published = &procedures;
        office
            .db
            .act(|mut tx| async move {
                for procedure in published {
                    store::procedure::add(&mut tx, procedure).await?;
                }
                Ok::<_, store::Error>(())
            })
            .await
            .expect("procedures");
        Self { office, agencies, officers, procedures, codes }
    }

    pub(super) fn procedure_of(&self, dossier: &Dossier) -> &Procedure {
        let found = self
            .procedures
            .iter()
            .find(|known| known.code == dossier.procedure && known.revision == dossier.revision);
        found.expect("a procedure of the town")
    }

    /// The agency a rule names for a dossier of this scope.
    pub(super) fn agency_by(&self, rule: &AgencyRule, scope: &AgencyScope) -> Option<AgencyId> {
        match rule {
            AgencyRule::Receiving => Some(scope.receiving),
            AgencyRule::Competent => Some(scope.competent),
            AgencyRule::LevelAbove if scope.competent == self.agencies.province => None,
            AgencyRule::LevelAbove => Some(self.agencies.province),
            AgencyRule::Named(code) => {
                self.agencies.all().into_iter().find(|id| self.codes[id] == code.as_str())
            }
            AgencyRule::OfLevel(_) => None,
        }
    }

    /// The step a dossier is at, with the agency that does it.
    pub(super) fn step_of(&self, dossier: &Dossier) -> Option<(&Step, AgencyId)> {
        let step = self.procedure_of(dossier).process.step(dossier.state.step()?)?;
        Some((step, self.agency_by(&step.agency, &dossier.scope)?))
    }

    pub(super) fn with_post(&self, agency: AgencyId, role: Role) -> Vec<usize> {
        let places = 0..self.officers.len();
        places.filter(|place| has_post(&self.officers[*place], agency, role)).collect()
    }

    pub(super) fn place_of(&self, officer: OfficerId) -> Option<usize> {
        self.officers.iter().position(|by| by.actor.officer() == Some(officer))
    }

    /// What a dossier is judged by: the limits of the day it was received on.
    pub(super) fn terms_of(&self, dossier: &Dossier) -> Terms<'_> {
        let since = dossier.received_at.unwrap_or(dossier.opened_at);
        let day = rules::calendar::legal_time(since).date();
        Terms {
            calendar: self.office.calendars.of(dossier.scope.competent),
            counting: self.office.settings.counting,
            limits: rules::limits::in_force(&self.office.limits, day).expect("limits of the day"),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.office.clock.now()
    }
}

pub(super) fn has_post(by: &By, agency: AgencyId, role: Role) -> bool {
    by.actor.held().any(|(post, _)| post.agency == agency && post.role == role)
}

pub(super) fn applicant(nth: usize) -> TypedApplicant {
    TypedApplicant {
        number: format!("038085{nth:06}"),
        name: format!("Người Nộp {}", ["An", "Bình", "Chi", "Dũng", "Giang"][nth % 5]),
        address: "Thôn Đông Hạ".to_owned(),
        ..TypedApplicant::default()
    }
}

fn agency() -> AgencyId {
    AgencyId(Uuid::new_v4())
}

/// The two communes and the department below the province. Gives the codes.
async fn put_units(office: &Office, agencies: Agencies) -> BTreeMap<AgencyId, String> {
    let tree: UnitTree =
        toml::from_str(include_str!("../../../../../units/two-level-sample.toml")).expect("the sample tree");
    let placed = [
        (agencies.province, "ubnd-tinh-yen-son-2025", None),
        (agencies.department, "so-tu-phap-2025", Some(agencies.province)),
        (agencies.commune, "xa-yen-binh-2025", Some(agencies.province)),
        (agencies.other_commune, "xa-thac-may-2025", Some(agencies.province)),
    ];
    let units = placed.map(|(id, key, parent)| {
        (id, tree.units.iter().find(|unit| unit.key == key).expect("a unit of the sample"), parent)
    });
    let put = &units;
    office
        .db
        .act(|mut tx| async move {
            for (id, unit, parent) in put {
                let kept = store::people::put_unit(&mut tx, *id, unit, *parent).await?;
                assert_eq!(kept, *id);
            }
            Ok::<_, store::Error>(())
        })
        .await
        .expect("units");
    units.iter().map(|(id, unit, _)| (*id, unit.code.to_string())).collect()
}

/// Two officers in every role of every agency, three with two posts. Nobody opens a dossier at the province,
/// which has no counter: nothing is above it that could be asked.
async fn employ(office: &Office, agencies: Agencies) -> Vec<By> {
    let mut posts: Vec<Vec<Post>> = Vec::new();
    for agency in agencies.all() {
        for role in Role::ALL {
            if agency != agencies.province || !Role::FOR_APPLICANT.contains(&role) {
                posts.extend([vec![Post::new(agency, role)], vec![Post::new(agency, role)]]);
            }
        }
    }
    let both =
        |one: (AgencyId, Role), two: (AgencyId, Role)| vec![Post::new(one.0, one.1), Post::new(two.0, two.1)];
    posts.push(both((agencies.commune, Role::Head), (agencies.commune, Role::Leader)));
    posts.push(both((agencies.commune, Role::Counter), (agencies.other_commune, Role::Counter)));
    posts.push(both((agencies.department, Role::Specialist), (agencies.commune, Role::Specialist)));
    let now = office.clock.now();
    let authority = DemoAuthority::create(now).expect("an authority");
    let key_of = |holder: Uuid, holder_kind, named: Holder| {
        let key = authority.issue(&named, now).expect("a key");
        let label = key.certificate().subject_common_name().to_owned();
        SoftwareKey {
            holder,
            holder_kind,
            label,
            pkcs12: key.to_p12(office.keys.password()).expect("packed"),
        }
    };
    let mut keys: Vec<SoftwareKey> = agencies
        .all()
        .map(|agency| key_of(agency.0, KeyHolder::Agency, Holder::Agency { name: "Cơ quan".to_owned() }))
        .into();
    let mut officers = Vec::new();
    for (nth, posts) in posts.into_iter().enumerate() {
        let id = OfficerId(Uuid::from_u128(0x0ff1_ce00 + nth as u128));
        let name = format!("Cán bộ {nth}");
        if posts.iter().any(|post| post.role == Role::Leader) {
            let named = Holder::Person { name: name.clone(), agency: "Cơ quan".to_owned() };
            keys.push(key_of(id.0, KeyHolder::Officer, named));
        }
        officers.push(Officer {
            id,
            login: id.to_string(),
            name,
            title: String::new(),
            agency: posts[0].agency,
            password_hash: String::new(),
            active: true,
            posts,
        });
    }
    let (officers, keys) = (&officers, &keys);
    office
        .db
        .act(|mut tx| async move {
            for officer in officers {
                store::people::add_officer(&mut tx, officer).await?;
            }
            for key in keys {
                store::signing::put_key(&mut tx, key).await?;
            }
            Ok::<_, store::Error>(())
        })
        .await
        .expect("officers and their keys");
    officers.iter().map(|officer| By::new(office::people::actor_of(officer))).collect()
}
