//! How the applicant wants the result: until he has it, and with an address where the post brings it.

use super::states;
use crate::dossier::{Dossier, Life, Refused, ReturnWay, State};
use crate::event::Body;
use crate::procedure::Channel;
use crate::sample::{intake, procedure};

fn post(address: &str) -> ReturnWay {
    ReturnWay::Post { address: address.to_owned() }
}

#[test]
fn the_applicant_may_choose_again_until_he_has_the_result() {
    for (name, dossier) in states() {
        let (is_part, state) = (dossier.part_of.is_some(), dossier.state.clone());
        let chosen = dossier.choose_return_way(post("Thôn Đá Chữ, xã Yên Bình"));
        match chosen {
            Ok((after, body)) => {
                assert!(state.is_open() && !is_part, "{name}");
                assert_eq!(after.state, state, "{name}: he waits where he waited");
                let return_way = after.life.return_way.expect("it was chosen");
                assert_eq!(body, Body::ReturnWayChosen { return_way }, "{name}");
            }
            Err(Refused::GoesWithTheWhole) => assert!(is_part, "{name}"),
            Err(Refused::ReadOnly) => assert!(matches!(state, State::Mirrored { .. }), "{name}"),
            Err(refused) => assert!(!state.is_open(), "{name}: {refused:?}"),
        }
    }
}

#[test]
fn what_goes_by_post_waits_for_the_postman_once_it_is_out() {
    for (name, dossier) in states() {
        let is_out = matches!(dossier.state, State::Done { .. });
        let of = |channel, return_way| {
            let life = Life { return_way, ..dossier.life.clone() };
            Dossier { channel, life, ..dossier.clone() }.waits_for_post()
        };
        assert_eq!(of(Channel::Direct, Some(post("Thôn Đá Chữ"))), is_out, "{name}");
        assert_eq!(of(Channel::Post, None), is_out, "{name}: it came by post");
        assert!(!of(Channel::Post, Some(ReturnWay::Counter)), "{name}: he comes for it");
        assert!(!of(Channel::Online, None), "{name}");
    }
}

#[test]
fn the_post_needs_an_address_that_fits_an_envelope() {
    for (address, fits) in [
        ("Thôn Đá Chữ".to_owned(), true),
        ("ấ".repeat(500), true),
        ("ấ".repeat(501), false),
        (" \n".to_owned(), false),
    ] {
        let chosen = intake(&procedure()).choose_return_way(post(&address));
        assert_eq!(chosen.is_ok(), fits, "{address:?}");
        assert!(fits || chosen == Err(Refused::AddressUnfit), "{address:?}");
    }
}

#[test]
fn a_result_is_supposed_to_go_back_the_way_the_papers_came() {
    let home = "Thôn Đá Chữ";
    for (channel, home, supposed) in [
        (Channel::Direct, home, ReturnWay::Counter),
        (Channel::Post, home, post(home)),
        (Channel::Post, " ", ReturnWay::Counter),
        (Channel::Online, home, ReturnWay::Electronic),
    ] {
        assert_eq!(ReturnWay::proposed(channel, home), supposed, "{channel:?} {home:?}");
    }
}
