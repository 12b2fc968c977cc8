//! A small office to act in: one commune with officers of every role and a clock that stands still. The
//! limited reader is not needed by these acts; papers that are read belong to the stories.

use jiff::Timestamp;
use office::forms::Sheet;
use office::{By, Calendars, Clock, Forms, Keys, Office, Settings};
use pdf::certificate::{DemoAuthority, Holder};
use rules::calendar::{Counting, HoursPeriod, WorkingCalendar, YearTable};
use rules::counter::applicant::TypedApplicant;
use rules::counter::queue::setup::QueueRules;
use rules::event::Body;
use rules::id::{AgencyId, DossierId, OfficerId};
use rules::people::{Actor, Post, Role};
use rules::procedure::Procedure;
use rules::unit::UnitTree;
use serde::Deserialize;
use std::sync::Arc;
use store::blobs::{Blobs, MasterKey, MasterKeys};
use store::people::Officer;
use store::signing::{KeyHolder, SoftwareKey};
use store::testing::Scratch;

/// Monday 23 November 2026, 08:00 of the legal clock.
pub(crate) const MORNING: &str = "2026-11-23T01:00:00Z";

pub(crate) struct House {
    pub(crate) office: Office,
    pub(crate) commune: AgencyId,
    pub(crate) elsewhere: AgencyId,
}

#[derive(Deserialize)]
struct Hours {
    hours: Vec<HoursPeriod>,
}

fn calendar() -> WorkingCalendar {
    let hours: Hours =
        toml::from_str(include_str!("../../../../calendars/hours.toml")).expect("working hours");
    let years: [YearTable; 2] = [
        toml::from_str(include_str!("../../../../calendars/vn-2026.toml")).expect("the year 2026"),
        toml::from_str(include_str!("../../../../calendars/vn-2027.toml")).expect("the year 2027"),
    ];
    WorkingCalendar::new(hours.hours, years.into()).expect("a calendar")
}

fn limits() -> Vec<rules::limits::Limits> {
    #[derive(Deserialize)]
    struct Sets {
        limits: Vec<rules::limits::Limits>,
    }
    let sets: Sets = toml::from_str(include_str!("../../../../limits/vn.toml")).expect("the limits");
    sets.limits
}

fn queues() -> Vec<QueueRules> {
    #[derive(Deserialize)]
    struct Sets {
        queues: Vec<QueueRules>,
    }
    let sets: Sets = toml::from_str(include_str!("../../../../queues/national.toml")).expect("the queues");
    sets.queues
}

impl House {
    pub(crate) async fn open(db: &Scratch) -> Self {
        let now: Timestamp = MORNING.parse().expect("an instant");
        let tree: UnitTree =
            toml::from_str(include_str!("../../../../units/two-level-sample.toml")).expect("the sample tree");
        let procedures = [
            include_str!("../../../../procedures/1.004873/1.toml"),
            include_str!("../../../../procedures/2.000815/1.toml"),
        ]
        .map(|text| toml::from_str(text).expect("a procedure"));
        let (commune, elsewhere) = (new_agency(now), new_agency(now));
        let units = [(commune, "xa-yen-binh-2025"), (elsewhere, "xa-thac-may-2025")];
        let (tree, procedures) = (&tree, &procedures);
        db.act(|mut tx| async move {
            for (id, key) in units {
                let unit = tree.units.iter().find(|unit| unit.key == key).expect("a commune");
                store::people::put_unit(&mut tx, id, unit, None).await?;
            }
            for procedure in procedures {
                store::procedure::add(&mut tx, procedure).await?;
            }
            Ok::<_, store::Error>(())
        })
        .await
        .expect("units and procedures");
        let key = MasterKey::from_bytes(&[7; 32]);
        let nobody = scan::worker::Program {
            path: "/nonexistent".into(),
            arguments: Vec::new(),
            environment: Vec::new(),
        };
        let office = Office {
            db: (**db).clone(),
            blobs: Blobs::memory(MasterKeys::new(key, Vec::new())),
            clock: Clock::set(now),
            calendars: Arc::new(Calendars::new(calendar(), Vec::new())),
            forms: Arc::new(Forms::default()),
            printer: pdf::print::limited::Printer::Here,
            keys: Keys::new("not used"),
            scanner: Arc::new(scan::worker::Pool::new(nobody, 1, scan::worker::Bounds::default())),
            settings: Arc::new(Settings {
                counting: Counting::Days,
                code_format: "{agency}-{yymmdd}-{ordinal:4}".to_owned().try_into().expect("a format"),
                system_name: "Một Cửa".to_owned(),
                signed_forms: vec!["01-giay-tiep-nhan".to_owned()],
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
                notices: connect::webhook::Sender::new(&["127.0.0.0/8".parse().expect("a range")])
                    .expect("a client"),
            }),
            limits: limits().into(),
            queues: queues().into(),
            exercises: Arc::default(),
            wake: Arc::default(),
        };
        Self { office, commune, elsewhere }
    }

    /// An officer of the commune in one role.
    pub(crate) async fn officer(&self, role: Role) -> By {
        self.officer_of(self.commune, role).await
    }

    pub(crate) async fn officer_of(&self, agency: AgencyId, role: Role) -> By {
        self.officer_with(Post::new(agency, role)).await
    }

    /// An officer with this post.
    pub(crate) async fn officer_with(&self, post: Post) -> By {
        self.officer_in(vec![post]).await
    }

    /// Who administers both communes.
    pub(crate) async fn administrator(&self) -> By {
        let posts = [self.commune, self.elsewhere].map(|agency| Post::new(agency, Role::Admin));
        self.officer_in(posts.into()).await
    }

    /// An officer with these posts, who works where the first is.
    pub(crate) async fn officer_in(&self, posts: Vec<Post>) -> By {
        let first = posts.first().expect("a post");
        let id = OfficerId(store::time::new_id(self.office.clock.now()));
        let officer = &Officer {
            id,
            login: id.to_string(),
            name: format!("{:?}", first.role),
            title: String::new(),
            agency: first.agency,
            password_hash: String::new(),
            active: true,
            posts,
        };
        self.office
            .db
            .act(|mut tx| async move { store::people::add_officer(&mut tx, officer).await })
            .await
            .expect("an officer");
        By::new(office::people::actor_of(officer))
    }

    pub(crate) async fn publish(&self, procedures: &[Procedure]) {
        let published = self.office.db.act(|mut tx| async move {
            for procedure in procedures {
                store::procedure::add(&mut tx, procedure).await?;
            }
            Ok::<_, store::Error>(())
        });
        published.await.expect("procedures");
    }

    /// Gives an officer or an agency a key to sign with.
    pub(crate) async fn give_key(&self, holder: uuid::Uuid, holder_kind: KeyHolder) {
        self.give_key_of(holder, holder_kind, self.office.clock.now()).await;
    }

    /// The same with a certificate that was issued at another time.
    pub(crate) async fn give_key_of(&self, holder: uuid::Uuid, holder_kind: KeyHolder, now: Timestamp) {
        let named = match holder_kind {
            KeyHolder::Officer => Holder::Person { name: "Lê Bình".to_owned(), agency: "Xã".to_owned() },
            KeyHolder::Agency | KeyHolder::Installation => Holder::Agency { name: "Xã".to_owned() },
        };
        let authority = DemoAuthority::create(now).expect("an authority");
        let issued = authority.issue(&named, now).expect("a key");
        let label = issued.certificate().subject_common_name().to_owned();
        let pkcs12 = issued.to_p12(self.office.keys.password()).expect("packed");
        let key = &SoftwareKey { holder, holder_kind, label, pkcs12 };
        let put = self.office.db.act(|mut tx| async move { store::signing::put_key(&mut tx, key).await });
        put.await.expect("a key");
    }

    pub(crate) async fn dossier(&self, id: DossierId) -> rules::dossier::Dossier {
        let mut reader = self.office.db.read().await.expect("a snapshot");
        store::dossier::find(&mut reader, id).await.expect("read").expect("the dossier")
    }

    /// The kinds of the dossier's events, in their order.
    pub(crate) async fn events(&self, id: DossierId) -> Vec<String> {
        let mut reader = self.office.db.read().await.expect("a snapshot");
        let events = store::event::of_dossier(&mut reader, id).await.expect("read");
        let broken =
            store::event::check_chain(&mut reader, rules::event::Subject::Dossier(id)).await.expect("read");
        assert_eq!(broken, None, "the chain holds");
        events.iter().map(|event| Body::kind(&event.body)).collect()
    }

    /// The kinds of the jobs that wait for this dossier.
    pub(crate) async fn jobs(&self, id: DossierId) -> Vec<String> {
        let mut reader = self.office.db.read().await.expect("a snapshot");
        let lines = store::queue::lines::lines_for(&mut reader, id.0).await.expect("read");
        lines.into_iter().map(|line| line.kind).collect()
    }
}

fn new_agency(now: Timestamp) -> AgencyId {
    AgencyId(store::time::new_id(now))
}

pub(crate) fn applicant() -> TypedApplicant {
    TypedApplicant {
        number: "038191004627".to_owned(),
        name: "Nguyễn Thị Ngoãn".to_owned(),
        born_on: "14/03/1991".to_owned(),
        sex: "nu".to_owned(),
        address: "Thôn Đông Hạ".to_owned(),
        phone: String::new(),
    }
}

/// The same actor with a form's key.
pub(crate) fn keyed(by: &By, key: &str) -> By {
    By { key: Some(key.to_owned()), ..by.clone() }
}

pub(crate) fn id_of(actor: &Actor) -> OfficerId {
    actor.officer().expect("an officer")
}

/// One line and the three places the marks of signature, seal and number go to: typesetting is what an
/// act costs most.
pub(crate) fn smallest_form() -> Sheet {
    let about = r#"
        code = "ket-qua-chung"
        name = "Văn bản kết quả"
        legal_basis = ["Mẫu thử"]
        valid_from = "2020-01-01"
        paper = "A5"
    "#;
    let source = r#"#import "/motcua.typ": *
#data.paper_name
#slot("so", 10mm, 5mm)
#slot("dau", 30mm, 30mm)
#slot("ky", 60mm, 20mm)
"#;
    let form = pdf::print::Form::new(about, source.to_owned()).expect("a form");
    Sheet::new(form, None).expect("a sheet")
}
