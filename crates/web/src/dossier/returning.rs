//! How the applicant wants the result, as forms ask it: at the intake, and on the dossier's page.

use crate::form::{Choice, FormState};
use rules::dossier::ReturnWay;
use rules::event::HandOverWay;
use rules::words;

/// The ways, by the word of a form.
const WAYS: [(&str, HandOverWay); 3] =
    [("quay", HandOverWay::Counter), ("buu-chinh", HandOverWay::Post), ("dien-tu", HandOverWay::Electronic)];

pub(crate) const QUESTION: &str = "Người nộp nhận kết quả";
pub(crate) const ADDRESS: &str = "Địa chỉ nhận bưu gửi";
pub(crate) const BY_POST_ONLY: &str = "Chỉ ghi khi nhận qua bưu chính";

pub(crate) fn choices() -> Vec<Choice> {
    WAYS.map(|(word, way)| Choice::new(word, words::upper_first(words::hand_over_way(way)))).into()
}

/// The word of a form for it.
pub(crate) fn word_of(return_way: &ReturnWay) -> &'static str {
    let known = WAYS.into_iter().find(|(_, way)| *way == return_way.way());
    known.map_or("", |(word, _)| word)
}

/// What the word and the address beside it stand for; none where it is none of the words.
pub(crate) fn read(word: &str, address: &str) -> Option<ReturnWay> {
    let (_, way) = WAYS.into_iter().find(|(known, _)| *known == word)?;
    Some(match way {
        HandOverWay::Counter => ReturnWay::Counter,
        HandOverWay::Post => ReturnWay::Post { address: address.to_owned() },
        HandOverWay::Electronic => ReturnWay::Electronic,
    })
}

/// The fields of the intake as they stand before anybody typed; `home` is there for when the post is chosen.
pub(crate) fn at_first(return_way: &ReturnWay, home: &str) -> FormState {
    let address = if let ReturnWay::Post { address } = return_way { address } else { home };
    FormState::default().with("cach-nhan", word_of(return_way)).with("dia-chi-nhan", address)
}
