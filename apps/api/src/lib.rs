//! The server of ClickClack: HTTP and socket doors, sign-in, command line and the embedded page,
//! around the domain in `clickclack_chat`.

pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod http;
pub mod jobs;
pub mod leaves;
pub mod links;
pub mod listener;
pub mod mail;
pub mod metrics;
pub mod routes;
pub mod sink;
pub mod socket;
pub mod tail;
pub mod web;

/// The server's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
