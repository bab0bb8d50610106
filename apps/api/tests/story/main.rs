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
mod drafts;
mod following;
mod frames;
mod inviting;
mod listener;
mod members;
mod mentions;
mod messages;
mod nonsense;
mod nowhere;
mod operating;
mod page;
mod pins;
mod places;
mod post_office;
mod preferences;
mod presence;
mod privacy;
mod process;
mod program;
mod quotes;
mod rates;
mod reactions;
mod reading;
mod saved;
mod seeding;
mod sending;
mod setting_up;
mod signing_in;
mod signing_up;
mod starting;
mod storm;
mod threads;
mod town;
mod views;
