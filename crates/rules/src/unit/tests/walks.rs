//! Random reorganisations, one after the other, over random trees: after each, every dossier is with units
//! that are there, no two have one code, and doing it again changes nothing.

use super::reorganise::{old, reorganisation};
use super::{field, procedure, unit};
use crate::id::AgencyId;
use crate::people::AgencyScope;
use crate::unit::{About, Agencies, Allotment, Change, Placed, Reorganisation, Unit, faults};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

const FIELDS: [&str; 3] = ["Hộ tịch", "Đất đai", "Chứng thực"];

/// What happens, with dice for who it happens to.
#[derive(Clone, Copy, Debug)]
enum Kind {
    MergeIntoNew,
    Absorb,
    Split,
    Rename,
    Recode,
    Pass,
}

fn steps() -> impl Strategy<Value = Vec<(Kind, [usize; 3])>> {
    let kind = prop_oneof![
        Just(Kind::MergeIntoNew),
        Just(Kind::Absorb),
        Just(Kind::Split),
        Just(Kind::Rename),
        Just(Kind::Recode),
        Just(Kind::Pass),
    ];
    prop::collection::vec((kind, prop::array::uniform3(0..1000_usize)), 1..12)
}

/// The first day of the n-th reorganisation.
fn day(n: usize) -> Date {
    date(2000, 1, 1).saturating_add((n as i64 * 100).days())
}

/// A decision on units that are there; none where too few are.
fn decided(n: usize, kind: Kind, dice: [usize; 3], units: &[Unit]) -> Option<Reorganisation> {
    let there: Vec<&str> = units
        .iter()
        .filter(|unit| unit.is_valid_on(day(n)) && unit.parent.is_some())
        .map(|unit| unit.key.as_str())
        .collect();
    let pick = |at: usize| there.get(dice[at] % there.len().max(1)).map(|key| (*key).to_owned());
    let (first, second) = (pick(0)?, pick(1)?);
    let founded = |key: &str| Unit { valid_from: day(n), ..unit(key, Some("tinh")) };
    let (new, other) = (format!("n{n}"), format!("m{n}"));
    let of = field(FIELDS[dice[2] % FIELDS.len()]);
    let (units, change) = match kind {
        Kind::MergeIntoNew if first != second => {
            (vec![founded(&new)], Change::Merge { from: vec![first, second], into: new })
        }
        Kind::Absorb if first != second => (vec![], Change::Merge { from: vec![first], into: second }),
        Kind::Split => {
            let by = vec![Allotment { of, to: other.clone() }];
            let into = vec![new.clone(), other.clone()];
            (vec![founded(&new), founded(&other)], Change::Split { from: first, into, by, rest: Some(new) })
        }
        Kind::Rename => {
            let heading = ["ỦY BAN NHÂN DÂN".to_owned(), new.to_uppercase()];
            (vec![], Change::Rename { unit: first, name: new, heading, place: None })
        }
        Kind::Recode => {
            let code = format!("H57.{n}").parse().expect("a code");
            (vec![], Change::Recode { unit: first, code, old_code: None })
        }
        Kind::Pass if first != second => {
            (vec![], Change::PassCompetence { matters: vec![of], from: first, to: second })
        }
        Kind::MergeIntoNew | Kind::Absorb | Kind::Pass => return None,
    };
    Some(Reorganisation { effective_on: day(n), ..reorganisation(units, vec![change]) })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_decided_no_dossier_is_left_with_nobody(
        n_units in 2..8_usize,
        steps in steps(),
        dossiers in prop::collection::vec((prop::array::uniform3(0..1000_usize), 0..FIELDS.len()), 1..20),
    ) {
        let mut units = vec![old("tinh", None)];
        units.extend((0..n_units).map(|n| old(&format!("u{n}"), Some("tinh"))));
        let mut ids: BTreeMap<String, AgencyId> = BTreeMap::new();
        let mut open: Vec<(AgencyScope, usize)> = Vec::new();
        let code = procedure("1.000001");
        for (n, (kind, dice)) in steps.into_iter().enumerate() {
            let Some(decided) = decided(n, kind, dice, &units) else { continue };
            let after = decided.apply(&units).map_err(|why| TestCaseError::fail(format!("{why:?}")))?;
            prop_assert_eq!(&decided.apply(&after).expect("again"), &after);
            prop_assert_eq!(faults(&after), vec![]);
            for unit in &after {
                let next = AgencyId(Uuid::from_u128(ids.len() as u128));
                ids.entry(unit.key.clone()).or_insert(next);
            }
            let agencies = Agencies::new(after.iter().map(|unit| (ids[&unit.key], unit.clone())));
            if open.is_empty() {
                let id = |at: usize| ids[&format!("u{}", at % n_units)];
                open = dossiers
                    .iter()
                    .map(|(at, field)| {
                        let [receiving, competent, holding] = at.map(id);
                        (AgencyScope { receiving, competent, holding }, *field)
                    })
                    .collect();
            }
            for (scope, field) in &mut open {
                let about = About { procedure: &code, field: FIELDS[*field] };
                let placed = Placed { scope: *scope, held_by: None, about };
                let moved = agencies.reroute(&placed, day(n));
                if let Some(moved) = moved.map_err(|why| TestCaseError::fail(format!("{why:?}")))? {
                    // Whoever has it now sees it, and all that was before.
                    prop_assert!(agencies.seen_by(&[moved.receiving]).contains(&scope.receiving));
                    *scope = moved;
                }
                for agency in [scope.receiving, scope.competent, scope.holding] {
                    prop_assert!(agencies.unit(agency).is_some_and(|unit| unit.is_valid_on(day(n))));
                }
                let again = agencies.reroute(&Placed { scope: *scope, ..placed }, day(n));
                prop_assert_eq!(again, Ok(None));
            }
            units = after;
        }
    }
}
