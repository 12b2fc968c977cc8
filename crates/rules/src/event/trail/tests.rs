//! Every kind of event is in one group, and posts open what they are for.

use super::{About, Filter, Group, Lookout, Telling, cover, telling};
use crate::code::ProcedureCode;
use crate::event::{Body, Subject};
use crate::id::{AgencyId, DossierId, OfficerId, PartyId};
use crate::people::{Role, Sensitivity};
use crate::sample::bodies;
use jiff::civil::date;
use uuid::Uuid;

const HERE: AgencyId = AgencyId(Uuid::from_u128(1));
const THERE: AgencyId = AgencyId(Uuid::from_u128(2));

#[test]
fn every_kind_is_in_one_group() {
    for kind in bodies().iter().map(Body::kind) {
        let n_groups = Group::ALL.iter().filter(|group| group.kinds().contains(&kind.as_str())).count();
        assert_eq!(n_groups, 1, "{kind}");
    }
    let known: Vec<String> = bodies().iter().map(Body::kind).collect();
    for kind in Group::ALL.iter().flat_map(|group| group.kinds()) {
        assert!(known.iter().any(|one| one == kind), "{kind} is no kind of event");
    }
}

#[test]
fn a_group_is_found_by_its_code() {
    for group in Group::ALL {
        assert_eq!(Group::parse(group.code()), Some(group));
    }
    assert_eq!(Group::parse("khac"), None);
    assert_eq!(Group::of("paper_viewed"), Some(Group::Looking));
    assert_eq!(Group::of("paper_eaten"), None);
}

#[test]
fn days_are_legal_days_and_the_last_is_within() {
    let filter = Filter { from: Some(date(2026, 11, 23)), to: Some(date(2026, 11, 24)), ..Filter::default() };
    let (from, until) = filter.span();
    assert_eq!(from.map(|at| at.to_string()).as_deref(), Some("2026-11-22T17:00:00Z"));
    assert_eq!(until.map(|at| at.to_string()).as_deref(), Some("2026-11-24T17:00:00Z"));
    assert_eq!(Filter::default().span(), (None, None));
}

fn lookout(role: Role, procedures: Option<Vec<ProcedureCode>>, ceiling: Sensitivity) -> Lookout {
    Lookout { role, agencies: [HERE].into(), procedures, ceiling }
}

fn code(text: &str) -> ProcedureCode {
    text.parse().expect("a code")
}

#[test]
fn an_auditor_reads_papers_and_an_administrator_does_not() {
    let procedure = code("2.000815");
    let about = About { agencies: [HERE; 3], procedure: &procedure, sensitivity: Sensitivity::Personal };
    let dossier = Subject::Dossier(DossierId(Uuid::from_u128(7)));
    let person = Subject::Party(PartyId(Uuid::from_u128(8)));
    let officer = Subject::Officer(OfficerId(Uuid::from_u128(9)));
    let auditor = [lookout(Role::Auditor, None, Sensitivity::Personal)];
    let admin = [lookout(Role::Admin, None, Sensitivity::Secret)];
    for (posts, papers) in [(&auditor, Telling::Whole), (&admin, Telling::NotPapers)] {
        assert_eq!(telling(posts, HERE, dossier, Some(&about)), papers);
        assert_eq!(telling(posts, HERE, person, None), papers);
        assert_eq!(telling(posts, HERE, officer, None), Telling::Whole);
    }
    // What officers of another agency did in a dossier of his is his to read, and theirs is not.
    assert_eq!(telling(&auditor, THERE, dossier, Some(&about)), Telling::Whole);
    let theirs = About { agencies: [THERE; 3], ..about };
    assert_eq!(telling(&auditor, THERE, dossier, Some(&theirs)), Telling::NotPapers);
}

#[test]
fn a_secret_dossier_opens_to_a_ceiling_and_a_limited_post_to_its_procedures() {
    let (mine, other) = (code("2.000815"), code("1.004873"));
    let secret = About { agencies: [HERE; 3], procedure: &mine, sensitivity: Sensitivity::Secret };
    let dossier = Subject::Dossier(DossierId(Uuid::from_u128(7)));
    let post = |procedures, ceiling| [lookout(Role::Auditor, procedures, ceiling)];
    let told = |posts: &[Lookout], about: &About<'_>| telling(posts, HERE, dossier, Some(about));
    assert_eq!(told(&post(None, Sensitivity::Personal), &secret), Telling::Secret);
    assert_eq!(told(&post(None, Sensitivity::Secret), &secret), Telling::Whole);
    let limited = post(Some(vec![mine.clone()]), Sensitivity::Secret);
    assert_eq!(told(&limited, &secret), Telling::Whole);
    let of_other = About { procedure: &other, ..secret };
    assert_eq!(told(&limited, &of_other), Telling::Secret);
    assert_eq!(told(&limited, &About { sensitivity: Sensitivity::Personal, ..of_other }), Telling::NotPapers);
    let admin = [lookout(Role::Admin, None, Sensitivity::Secret)];
    assert_eq!(told(&admin, &secret), Telling::Secret, "of a secret dossier not even its code is told");
    let person = Subject::Party(PartyId(Uuid::from_u128(8)));
    assert_eq!(telling(&limited, HERE, person, None), Telling::NotPapers, "of no known procedure");
}

#[test]
fn posts_cover_what_was_opened_by_no_more_than_they_open() {
    let whole = lookout(Role::Auditor, None, Sensitivity::Secret);
    let limited = lookout(Role::Auditor, Some(vec![code("2.000815")]), Sensitivity::Personal);
    let both = Lookout { agencies: [HERE, THERE].into(), ..whole.clone() };
    let admin = lookout(Role::Admin, None, Sensitivity::Secret);
    let covers =
        |today: &Lookout, then: &Lookout| cover(std::slice::from_ref(today), std::slice::from_ref(then));
    assert!(covers(&whole, &whole) && covers(&whole, &limited) && covers(&both, &whole));
    for (today, then) in [(&limited, &whole), (&whole, &both), (&admin, &whole), (&whole, &admin)] {
        assert!(!covers(today, then), "{today:?} covers {then:?}");
    }
    assert!(cover(&[admin.clone(), both], &[whole.clone(), admin]));
    assert!(!cover(&[], &[whole]));
}
