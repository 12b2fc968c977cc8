//! How the applicant wants the result: asked when the papers are taken, changed whenever he asks.

use super::{Dossier, Refused, State};
use crate::event::{Body, HandOverWay};
use crate::procedure::Channel;
use serde::{Deserialize, Serialize};

/// Where the result is to go. It says what the applicant wants; [`Body::ResultHandedOver`] says what was done.
// law: ND61-2018/20
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum ReturnWay {
    /// He fetches it where he handed his papers in.
    Counter,
    /// The public post brings it there.
    Post { address: String },
    /// He reads it in his repository; nothing is fetched.
    Electronic,
}

/// The longest address, in characters: that of the applicant's own.
const LONGEST: usize = 500;

impl ReturnWay {
    /// The way the result goes where this is done.
    pub fn way(&self) -> HandOverWay {
        match self {
            Self::Counter => HandOverWay::Counter,
            Self::Post { .. } => HandOverWay::Post,
            Self::Electronic => HandOverWay::Electronic,
        }
    }

    /// What is supposed of somebody who has not said it: the result goes back the way his papers came. To the
    /// post that needs his `home`.
    pub fn proposed(channel: Channel, home: &str) -> Self {
        match channel {
            Channel::Post if !home.trim().is_empty() => Self::Post { address: home.to_owned() },
            Channel::Direct | Channel::Post => Self::Counter,
            Channel::Online => Self::Electronic,
        }
    }
}

impl Dossier {
    /// How its applicant, who lives at `home`, wants the result: as he said, or as his papers came.
    pub fn return_way(&self, home: &str) -> ReturnWay {
        self.life.return_way.clone().unwrap_or_else(|| ReturnWay::proposed(self.channel, home))
    }

    /// Whether its result waits for a postman: it is out, and goes by post as the applicant said, or as his papers
    /// came where he said nothing; also where an address is still to be asked for.
    pub fn waits_for_post(&self) -> bool {
        let by_post = match &self.life.return_way {
            Some(return_way) => return_way.way() == HandOverWay::Post,
            None => self.channel == Channel::Post,
        };
        by_post && matches!(self.state, State::Done { .. })
    }

    /// The applicant says how he wants the result, until he has it. A part goes with its whole.
    // law: ND61-2018/20
    pub fn choose_return_way(self, return_way: ReturnWay) -> Result<(Self, Body), Refused> {
        if !self.state.is_open() {
            return Err(self.not_now());
        }
        if self.part_of.is_some() {
            return Err(Refused::GoesWithTheWhole);
        }
        if let ReturnWay::Post { address } = &return_way
            && (address.trim().is_empty() || address.chars().count() > LONGEST)
        {
            return Err(Refused::AddressUnfit);
        }
        let mut life = self.life;
        life.return_way = Some(return_way.clone());
        Ok((Self { life, ..self }, Body::ReturnWayChosen { return_way }))
    }
}
