//! Stories through the public doors: a server of its own for each, on SQLite and on PostgreSQL, a
//! clock that is turned by hand, and every answer held against the contract.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod contract;
mod listener;
mod sending;
mod town;
