//! The machines of realtime, turned by hand: no sleeps, no network, no clock but the test's.

#![expect(clippy::unwrap_used, reason = "a test says by failing what it did not expect")]

mod hub;
mod names;
mod presence;
mod session;
mod stream;
mod switchboard;
mod typing;
