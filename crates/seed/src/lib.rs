//! The demo workspace: a play with a cast and a set, performed through the domain's own actions on
//! a clock that is moved from line to line, so that its events, versions, counts and ids are those
//! of a workspace in which people have talked for a week.

mod calendar;
mod cast;
mod chance;
mod clock;
mod crowd;
mod error;
mod history;
mod parse;
mod performance;
mod play;
mod seed;
mod set;
mod stage;

pub use clock::StageClock;
pub use error::SeedError;
pub use seed::{Seeded, Wish, seed};
