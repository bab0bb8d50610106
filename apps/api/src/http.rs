//! The HTTP doors, one module per noun: parse, call one action, reply.

pub mod body;
pub mod channels;
pub mod door;
pub mod drafts;
pub mod headers;
pub mod health;
pub mod instance;
pub mod invites;
pub mod members;
pub mod messages;
pub mod parameters;
pub mod people;
pub mod pins;
pub mod preferences;
pub mod problem;
pub mod reactions;
pub mod realtime;
mod refusals;
pub mod reply;
pub mod saved;
pub mod signing_in;
pub mod threads;
pub mod workspaces;
