//! Separator sheets: a code is itself or nothing, and a stack loses no page.

use crate::sample::page;
use crate::scanning::separator::{Separator, split};
use crate::scanning::{Arrangement, BadEdit};
use proptest::prelude::{Just, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::Strategy;

fn separator(component: &str) -> Separator {
    let procedure = "1.004873".parse().expect("a code");
    Separator { procedure, component: component.to_owned() }
}

#[test]
fn a_separators_code_is_read_as_it_was_printed() {
    let text = separator("to-khai").text();
    assert_eq!(text, "TACH|1.004873|to-khai|6ea15aaf");
    assert_eq!(Separator::read(&text), Some(separator("to-khai")));
    for other in [
        "",
        "TACH|",
        "TACH|1.004873|to-khai",
        "TACH|1.004873|to-khai|6ea15aae",
        "TACH|1.004873|ban-chinh|6ea15aaf",
        "034185001234|123456789|Nguyễn Thị Vân|01021985|Nữ|Thôn Đông|12032021",
    ] {
        assert_eq!(Separator::read(other), None, "{other}");
    }
}

#[test]
fn a_stack_falls_into_its_papers() {
    let (to_khai, ban_sao) = (separator("to-khai"), separator("ban-sao"));
    let stack = [None, Some(to_khai.clone()), None, None, Some(ban_sao), None, Some(to_khai), None];
    let stack = (0_u128..).map(page).zip(stack);
    let piles = split("ban-chinh", stack, |_| true);
    let seen: Vec<_> = piles
        .iter()
        .map(|pile| (pile.component.as_str(), pile.pages.clone(), pile.separators.clone(), pile.n_papers()))
        .collect();
    let pages = |numbers: &[u128]| numbers.iter().map(|&number| page(number)).collect::<Vec<_>>();
    assert_eq!(
        seen,
        [
            ("ban-chinh", pages(&[0]), pages(&[]), 1),
            ("to-khai", pages(&[1, 2, 3, 6, 7]), pages(&[1, 6]), 3),
            ("ban-sao", pages(&[4, 5]), pages(&[4]), 1),
        ]
    );
}

#[test]
fn a_separator_for_what_takes_no_pages_stays_where_it_is_seen() {
    let stack = [(page(0), None), (page(1), Some(separator("da-co"))), (page(2), None)];
    let piles = split("to-khai", stack, |separator| separator.component != "da-co");
    assert_eq!(piles.len(), 1);
    assert_eq!((piles[0].pages.len(), piles[0].separators.len()), (3, 0));
}

proptest! {
    #[test]
    fn a_stack_loses_no_page_and_an_undo_brings_its_sheets_back(
        stack in proptest::collection::vec(
            prop_oneof![3 => Just(None), 1 => (0..4_u8).prop_map(Some)], 0..40),
        taken in any::<[bool; 4]>(),
    ) {
        let names = ["a", "b", "c", "d"];
        let of = |at: &Option<u8>| at.map(|at| separator(names[usize::from(at)]));
        let sent: Vec<_> = (0_u128..).map(page).take(stack.len()).collect();
        let piles = split("dau", sent.iter().copied().zip(stack.iter().map(of)), |separator| {
            names.iter().zip(taken).any(|(name, takes)| takes && *name == separator.component)
        });
        let mut seen: Vec<_> = piles.iter().flat_map(|pile| pile.pages.clone()).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, sent);
        for pile in piles {
            let mut arranged = pile.put_into(Arrangement { sides: Some(9), ..Arrangement::default() });
            prop_assert_eq!(arranged.sides, None, "the sides were counted without these");
            prop_assert_eq!(arranged.pages().len(), pile.n_papers());
            prop_assert!(arranged.pages().iter().all(|left| !pile.separators.contains(&left.page)));
            for _ in &pile.separators {
                arranged = arranged.undo().expect("an edit each").0;
            }
            let all: Vec<_> = arranged.pages().iter().map(|left| left.page).collect();
            prop_assert_eq!(&all, &pile.pages);
            prop_assert_eq!(arranged.undo(), Err(BadEdit::NothingToUndo));
        }
    }
}
