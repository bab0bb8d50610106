//! Stories through the public doors: a server of its own for each, on SQLite and on PostgreSQL, a
//! clock that is turned by hand, and every answer held against the contract.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod access;
mod browser;
mod by_mail;
mod contract;
mod crash;
mod demo;
mod dice;
mod doors;
mod inviting;
mod listener;
mod nonsense;
mod nowhere;
mod operating;
mod places;
mod post_office;
mod process;
mod program;
mod rates;
mod sending;
mod setting_up;
mod signing_in;
mod signing_up;
mod starting;
mod storm;
mod town;
mod views;
