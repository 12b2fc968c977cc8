//! For `motcua bench office` only: databases of its own, a loader that writes a life the acts lived once
//! again and again under other names, and the replay of what acts said to the engine. Nothing of the
//! product goes through here.

mod cell;
mod ground;
mod life;
mod load;
mod replay;

pub use crate::engine::record::{Recorder, SaidAct};
pub use ground::{Ground, dump};
pub use life::{Life, Names, Person, Scribe, files_in};
pub use load::{Batch, Loader, Maker, Written};
pub use replay::{Replayed, replay};

use crate::{Config, Db, Error};

/// Opens a database whose acts `recorder` hears.
pub async fn open_recorded(config: &Config, recorder: &Recorder) -> Result<Db, Error> {
    Db::open_with(config, Some(recorder.clone())).await
}

#[cfg(test)]
mod tests;
