//! The domain against real databases, without doors: what must hold when several people do things
//! at once, and what a snapshot and the events after it add up to.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod changes;
mod coming_and_going;
mod credentials;
mod importing;
mod instance;
mod own_things;
mod signing_up;
mod snapshot_and_events;
mod town;
