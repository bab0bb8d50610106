//! The domain of ClickClack: who may do what (`access`), what happens when they do (one module
//! per noun, one action or lookup per verb), and what others hear of it (`log`, `live`).
//!
//! Nothing here knows HTTP, sockets or tokio tasks. An action checks, does and emits; the store
//! commits; the event goes round to everybody, the sender included.

pub mod access;
pub mod accounts;
pub mod activation;
pub mod all_sessions;
pub mod callers;
pub mod channel_members;
pub mod channels;
pub mod demo;
pub mod desk;
pub mod drafts;
pub mod expiry;
pub mod followed;
pub mod follows;
pub mod heads;
pub mod history;
mod hydration;
pub mod importing;
pub mod instance;
pub mod invites;
pub mod jobs;
pub mod joining;
pub mod links;
pub mod live;
pub mod log;
pub mod members;
mod mentions;
pub mod messages;
mod naming;
pub mod page;
pub mod passwords;
mod personal;
pub mod pins;
pub mod preferences;
mod quotes;
pub mod reactions;
pub mod reads;
pub mod replay;
pub mod replies;
pub mod revocations;
pub mod saved;
pub mod sending;
pub mod sessions;
pub mod setup;
pub mod signup;
pub mod snapshot;
pub mod text;
pub mod threads;
pub mod tickets;
pub mod token;
mod unread;
pub mod workspaces;

pub use access::AccessError;
pub use desk::{Deed, Desk, Target};
pub use text::Invalid;
