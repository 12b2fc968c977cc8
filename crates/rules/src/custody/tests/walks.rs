//! Any acts in any order by anybody: a folder always has one holder or one open passing, and only who was
//! given it ever confirms.

use super::{COLLEAGUE, GIVER, RECEIVER, folder_of, paper, shelf};
use crate::custody::{Bearer, Destination, Folder, Holder, Keeper, Keeping, Receiver};
use crate::dossier::State;
use crate::event::Body;
use crate::id::PassingId;
use crate::people::Sensitivity;
use crate::procedure::testing::Dice;
use crate::sample::at;
use jiff::SignedDuration;
use proptest::prelude::{any, proptest};
use uuid::Uuid;

const HANDS: [Bearer; 3] = [GIVER, COLLEAGUE, RECEIVER];

/// The office's own book beside the folder: who holds it, or who gave it to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Book {
    With(Option<Bearer>),
    Given { by: Bearer, to: Receiver, passing: PassingId },
}

impl Book {
    fn of(folder: &Folder) -> Self {
        match &folder.keeping {
            Keeping::With(_) => Self::With(folder.keeping.bearer()),
            Keeping::Passing { from, to, passing, .. } => {
                Self::Given { by: *from, to: *to, passing: *passing }
            }
        }
    }

    /// What an act that was let through makes of it, told by nothing but who did it and its event.
    fn after(self, by: Bearer, body: &Body) -> Self {
        match (self, body) {
            (Self::With(_), Body::FolderPassed { passing, agency, officer }) => {
                Self::Given { by, to: Receiver { agency: *agency, officer: *officer }, passing: *passing }
            }
            (Self::Given { by: giver, to, passing }, Body::FolderConfirmed { passing: confirmed }) => {
                assert_eq!(passing, *confirmed);
                assert!(
                    to.admits(by) && giver.officer != by.officer,
                    "{by:?} confirmed what was given to {to:?}"
                );
                Self::With(Some(by))
            }
            (Self::Given { by: giver, to, passing }, Body::FolderRefused { passing: refused, .. }) => {
                assert_eq!(passing, *refused);
                assert!(to.admits(by), "{by:?} refused what was given to {to:?}");
                Self::With(Some(giver))
            }
            (Self::Given { by: giver, passing, .. }, Body::FolderTakenBack { passing: back }) => {
                assert_eq!((giver, passing), (by, *back), "only its giver takes it back");
                Self::With(Some(giver))
            }
            (
                Self::With(Some(from)) | Self::Given { by: from, .. },
                Body::FolderReclaimed { from: told, .. },
            ) => {
                assert_eq!((from.officer, from.agency), (*told, by.agency), "a head of the same agency");
                Self::With(Some(by))
            }
            (Self::With(_), Body::FolderMoved { to: Holder::Bearer(bearer) }) => Self::With(Some(*bearer)),
            (Self::With(_), Body::FolderMoved { .. }) => Self::With(None),
            (book, body) => panic!("{book:?} cannot be followed by {body:?}"),
        }
    }
}

fn live(seed: u64, n_acts: usize) {
    let mut dice = Dice::new(seed);
    let mut draw = |below| dice.below(below);
    let guarded = [Sensitivity::Personal, Sensitivity::Secret][draw(2)];
    let mut folder = folder_of(vec![paper("to-khai", guarded)], Keeping::With(Holder::Bearer(GIVER)));
    let mut book = Book::of(&folder);
    for n in 0..n_acts {
        let now = at("2026-11-23T09:00") + SignedDuration::from_mins(i64::try_from(n).expect("few"));
        let by =
            Keeper { bearer: HANDS[draw(3)], ceiling: [Sensitivity::Personal, Sensitivity::Secret][draw(2)] };
        let someone = HANDS[draw(3)];
        let to = Receiver { agency: someone.agency, officer: [None, Some(someone.officer)][draw(2)] };
        let passing = (PassingId(Uuid::from_u128(n as u128 + 1)), now);
        let state = [State::Preparing, State::Withdrawn { reason: String::new() }][draw(2)].clone();
        let tried = folder.clone();
        let done = match draw(9) {
            0 | 1 => tried.pass(by, to, [Sensitivity::Personal, Sensitivity::Secret][draw(2)], passing, now),
            2 | 3 => tried.confirm(by, now),
            4 => tried.refuse(by, "thiếu giấy", now),
            5 => tried.take_back(by, now),
            6 => tried.take(by, now),
            7 => tried.reclaim(by, "nghỉ ốm", now),
            _ => {
                let away = [
                    Destination::Shelf(shelf()),
                    Destination::Post { consignment: "RB1".to_owned() },
                    Destination::Outside { name: "Thuế".to_owned() },
                    Destination::Applicant,
                ];
                tried.place(by, away[draw(4)].clone(), &state, now)
            }
        };
        let Ok((next, body)) = done else { continue };
        assert!(!folder.keeping.is_gone(), "nothing happens to what is gone: {body:?}");
        book = book.after(by.bearer, &body);
        assert_eq!(Book::of(&next), book);
        if let (Keeping::With(Holder::Bearer(bearer)), Body::FolderConfirmed { .. }) = (&next.keeping, &body)
        {
            assert!(guarded <= by.ceiling && *bearer == by.bearer, "who has it may have it");
        }
        folder = next;
    }
}

proptest! {
    #[test]
    fn a_folder_has_one_holder_or_one_open_passing(seed in any::<u64>()) {
        live(seed, 60);
    }
}
