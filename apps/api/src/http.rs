//! The HTTP doors, one module per noun: parse, call one action, reply.

pub mod body;
pub mod channels;
pub mod door;
pub mod headers;
pub mod health;
pub mod instance;
pub mod invites;
pub mod members;
pub mod messages;
pub mod parameters;
pub mod people;
pub mod problem;
pub mod realtime;
mod refusals;
pub mod reply;
pub mod signing_in;
pub mod workspaces;
