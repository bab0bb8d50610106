//! Stories through the public doors: a server of its own for each, on SQLite and on PostgreSQL, a
//! clock that is turned by hand, and every answer held against the contract.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod access;
mod browser;
mod by_mail;
mod channels;
mod contract;
mod crash;
mod cutting;
mod demo;
mod dice;
mod doors;
mod following;
mod frames;
mod inviting;
mod listener;
mod members;
mod messages;
mod nonsense;
mod nowhere;
mod operating;
mod page;
mod places;
mod post_office;
mod presence;
mod privacy;
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
