//! What handlers ask for, each by its own type: the router's state is the tree, a handler takes
//! the leaves that it needs.

use std::sync::Arc;

use axum::extract::FromRef;
use clickclack_chat::Desk;
use clickclack_protocol::time::Clock;
use clickclack_realtime::Switchboard;
use tokio::sync::watch;

use crate::auth::caller::Authenticator;
use crate::auth::origin::Site;
use crate::auth::passwords::Passwords;
use crate::auth::rates::RateLimits;
use crate::metrics::Metrics;
use crate::socket::devices::Devices;
use crate::socket::log::Log;

/// The switchboard over this server's log.
pub type Board = Switchboard<Log>;

/// Which ways in are open beside passwords.
#[derive(Debug, Clone, Copy)]
pub struct Doors {
    /// The server can send mail.
    pub sends_mail: bool,
    /// `--dev`: people on this machine may be the demo administrator.
    pub demo: bool,
}

/// The router's state.
#[derive(Clone)]
pub struct Leaves {
    /// Where actions and lookups are handed in.
    pub desk: Desk,
    /// Where the server is found.
    pub site: Arc<Site>,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Whose a token is.
    pub authenticator: Authenticator,
    /// Hashing and checking.
    pub passwords: Passwords,
    /// Who asks too often.
    pub limits: RateLimits,
    /// Who is connected.
    pub board: Board,
    /// Names for sockets.
    pub devices: Devices,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Ways in.
    pub doors: Doors,
    /// Held by whatever serves somebody, so that stopping can wait for the last one.
    pub running: watch::Receiver<bool>,
}

macro_rules! leaf {
    ($($field:ident: $type:ty),+ $(,)?) => { $(
        impl FromRef<Leaves> for $type {
            fn from_ref(leaves: &Leaves) -> Self {
                leaves.$field.clone()
            }
        }
    )+ };
}

leaf! {
    desk: Desk,
    site: Arc<Site>,
    clock: Arc<dyn Clock>,
    authenticator: Authenticator,
    passwords: Passwords,
    limits: RateLimits,
    board: Board,
    devices: Devices,
    metrics: Arc<Metrics>,
    doors: Doors,
}
