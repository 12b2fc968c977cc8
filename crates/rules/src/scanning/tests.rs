//! Pages are never lost or doubled, records keep the law's order, and fields are checked all at once.

use super::{
    ArrangedPage, Arrangement, BadEdit, Edit, FieldFault, FieldKey, FieldProblem, Record, RecordRefused,
    RecordState, Source, TypedFields, day,
};
use crate::id::PageId;
use crate::sample::{
    BINH, DOSSIER, ENTRY, HOA, HOLDER, RECORD, SCOPE, UPLOAD, at, blob, fields, owner_number, page, reading,
};
use jiff::civil::{Date, date};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use std::collections::BTreeSet;

mod fields;
mod records;
mod separator;

/// What may happen to an arrangement, in any order a hostile hand can think of.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Edit(Edit),
    Arrive(PageId),
    Undo,
}

fn happening() -> impl Strategy<Value = Happening> {
    (0..6_u8, 0..8_u128).prop_map(|(what, n)| {
        let page = page(n);
        match what {
            0 => Happening::Edit(Edit::Rotate { page }),
            1 => Happening::Edit(Edit::MoveUp { page }),
            2 => Happening::Edit(Edit::MoveDown { page }),
            3 => Happening::Edit(Edit::Remove { page }),
            4 => Happening::Arrive(page),
            _ => Happening::Undo,
        }
    })
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    proptest::collection::vec(happening(), 0..40)
}

fn perform(arrangement: Arrangement, happening: Happening) -> Arrangement {
    let before = arrangement.clone();
    match happening {
        Happening::Edit(edit) => arrangement.edit(edit).unwrap_or(before),
        Happening::Arrive(page) => arrangement.with_arrived([page]),
        Happening::Undo => arrangement.undo().map_or(before, |(undone, _)| undone),
    }
}

/// A list changed in place, which is what a reader expects the recipe to mean.
fn in_place(pages: &mut Vec<ArrangedPage>, edit: Edit) -> bool {
    let Some(at) = pages.iter().position(|arranged| arranged.page == edit.page()) else {
        return false;
    };
    match edit {
        Edit::Rotate { .. } => pages[at].quarter_turns = (pages[at].quarter_turns + 1) % 4,
        Edit::MoveUp { .. } if at == 0 => return false,
        Edit::MoveUp { .. } => pages.swap(at, at - 1),
        Edit::MoveDown { .. } if at + 1 == pages.len() => return false,
        Edit::MoveDown { .. } => pages.swap(at, at + 1),
        Edit::Remove { .. } => {
            pages.remove(at);
        }
    }
    true
}

proptest! {
    #[test]
    fn undoing_everything_gives_the_order_of_arrival(happenings in happenings()) {
        let mut arrangement = happenings.into_iter().fold(Arrangement::default(), perform);
        let arrived = arrangement.arrived.clone();
        for _ in 0..arrangement.edits.len() {
            (arrangement, _) = arrangement.undo().expect("an edit is left");
        }
        prop_assert_eq!(arrangement.clone().undo(), Err(BadEdit::NothingToUndo));
        let flat: Vec<_> = arrived.into_iter().map(|page| ArrangedPage { page, quarter_turns: 0 }).collect();
        prop_assert_eq!(arrangement.pages(), flat);
    }

    #[test]
    fn a_page_stands_once_or_not_at_all(happenings in happenings()) {
        let mut arrangement = Arrangement::default();
        for happening in happenings {
            arrangement = perform(arrangement, happening);
            let pages = arrangement.pages();
            let distinct: BTreeSet<PageId> = pages.iter().map(|arranged| arranged.page).collect();
            prop_assert_eq!(distinct.len(), pages.len());
            prop_assert!(distinct.iter().all(|page| arrangement.arrived.contains(page)));
            prop_assert!(pages.iter().all(|arranged| arranged.quarter_turns < 4));
            prop_assert_eq!(usize::try_from(arrangement.n_pages()), Ok(pages.len()));
        }
    }

    #[test]
    fn a_removed_page_comes_back_only_by_undo(happenings in happenings()) {
        let mut arrangement = Arrangement::default();
        for happening in happenings {
            let standing = |arrangement: &Arrangement| -> BTreeSet<PageId> {
                arrangement.pages().into_iter().map(|arranged| arranged.page).collect()
            };
            let (known, before) = (arrangement.arrived.clone(), standing(&arrangement));
            arrangement = perform(arrangement, happening);
            let after = standing(&arrangement);
            for back in after.difference(&before).filter(|page| known.contains(page)) {
                prop_assert!(matches!(happening, Happening::Undo), "{:?} came back by {:?}", back, happening);
            }
        }
    }

    #[test]
    fn late_pages_come_last_and_move_nothing(
        happenings in happenings(),
        late in 1..5_u128,
    ) {
        let arrangement = happenings.into_iter().fold(Arrangement::default(), perform);
        let before = arrangement.pages();
        let after = arrangement.with_arrived((100..100 + late).map(page)).pages();
        let (old, new) = after.split_at(before.len());
        prop_assert_eq!(old, before);
        let fresh: Vec<_> =
            (100..100 + late).map(|n| ArrangedPage { page: page(n), quarter_turns: 0 }).collect();
        prop_assert_eq!(new, fresh);
    }

    #[test]
    fn the_recipe_says_what_the_hand_did(
        edits in happenings(),
        count in 0..8_u128,
    ) {
        let mut arrangement = Arrangement::default().with_arrived((0..count).map(page));
        let mut pages = arrangement.pages();
        for happening in edits {
            let Happening::Edit(edit) = happening else { continue };
            let done = in_place(&mut pages, edit);
            match arrangement.clone().edit(edit) {
                Ok(edited) => {
                    prop_assert!(done);
                    arrangement = edited;
                }
                Err(_) => prop_assert!(!done),
            }
            prop_assert_eq!(arrangement.pages(), pages.clone());
        }
    }

    #[test]
    fn any_text_is_a_day_or_none_and_never_a_panic(text in any::<String>()) {
        if let Ok(Some(day)) = day(&text) {
            prop_assert!((1900..=2200).contains(&day.year()));
        }
    }
}

#[test]
fn an_edit_that_would_do_nothing_is_refused() {
    let two = Arrangement::default().with_arrived([page(0), page(1)]);
    for (edit, why) in [
        (Edit::MoveUp { page: page(0) }, BadEdit::AtTheEdge),
        (Edit::MoveDown { page: page(1) }, BadEdit::AtTheEdge),
        (Edit::Rotate { page: page(7) }, BadEdit::NoSuchPage),
        (Edit::Remove { page: page(7) }, BadEdit::NoSuchPage),
    ] {
        assert_eq!(two.clone().edit(edit), Err(why), "{edit:?}");
    }
    assert_eq!(two.clone().undo().map(|_| ()), Err(BadEdit::NothingToUndo));
    let removed = two.edit(Edit::Remove { page: page(0) }).expect("it is there");
    assert_eq!(removed.edit(Edit::Rotate { page: page(0) }), Err(BadEdit::NoSuchPage));
}

#[test]
fn a_job_that_runs_twice_brings_its_pages_once() {
    let once = Arrangement::default().with_arrived([page(0), page(1)]);
    assert_eq!(once.clone().with_arrived([page(0), page(1), page(1)]), once);
    // Nor does it bring back what was taken out in between.
    let removed = once.edit(Edit::Remove { page: page(0) }).expect("it is there");
    assert_eq!(removed.clone().with_arrived([page(0)]), removed);
}

#[test]
fn four_quarter_turns_are_none() {
    let mut arrangement = Arrangement::default().with_arrived([page(0)]);
    for turns in [1, 2, 3, 0, 1] {
        arrangement = arrangement.edit(Edit::Rotate { page: page(0) }).expect("it is there");
        assert_eq!(arrangement.pages()[0].quarter_turns, turns);
    }
}
