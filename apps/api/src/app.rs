//! The server: wiring its parts, starting them, and stopping them in order.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::from_fn_with_state;
use clickclack_chat::Desk;
use clickclack_chat::instance::InstanceError;
use clickclack_chat::setup::NewSetupToken;
use clickclack_protocol::time::Clock;
use clickclack_realtime::{Settings as BoardSettings, Switchboard};
use clickclack_store::{OpenError, Randomness, Settings as StoreSettings, Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::auth::caller::Authenticator;
use crate::auth::origin::Site;
use crate::auth::passwords::Passwords;
use crate::auth::rates::RateLimits;
use crate::config::Config;
use crate::http::door::{self, Door};
use crate::jobs::Worker;
use crate::leaves::{Board, Doors, Leaves};
use crate::listener::{self, TlsError};
use crate::mail::{MailError, Mailer, Smtp};
use crate::metrics::Metrics;
use crate::sink::Announcer;
use crate::socket::devices::Devices;
use crate::socket::log::{Log, Positions};
use crate::tail::Tail;
use crate::{VERSION, links, routes};

/// How long requests in flight may take when the server stops.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a server is made of.
pub struct Parts {
    /// Settings.
    pub config: Config,
    /// Where the present comes from.
    pub clock: Arc<dyn Clock>,
    /// Where ids and secrets come from.
    pub randomness: Arc<dyn Randomness>,
    /// Who takes mail; when absent, the mail server of the settings, if there is one.
    pub mailer: Option<Arc<dyn Mailer>>,
}

/// Why a server did not start. Each is a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be made.
    #[error("the folder {path} cannot be used: {reason}")]
    Folder {
        /// The folder.
        path: String,
        /// What is wrong with it.
        reason: std::io::Error,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {addr}: {reason}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// What is wrong with it.
        reason: std::io::Error,
    },
    /// TLS cannot be served.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The mail settings cannot be used.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database answered, but not what was asked.
    #[error("the database cannot be read: {0}")]
    Store(#[from] StoreError),
    /// The set-up link cannot be made.
    #[error("the set-up link cannot be made: {0}")]
    SetUp(#[from] InstanceError),
}

/// A server that runs.
pub struct Running {
    addr: SocketAddr,
    url: String,
    setup_link: Option<String>,
    desk: Desk,
    board: Board,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Starts a server; it answers when this returns.
pub async fn start(parts: Parts) -> Result<Running, StartError> {
    let Parts { config, clock, randomness, mailer } = parts;
    make_folder(&config.data)?;
    let tls = config.tls.as_ref().map(listener::tls).transpose()?;
    let mailer: Option<Arc<dyn Mailer>> = match (mailer, &config.mail) {
        (Some(mailer), _) => Some(mailer),
        (None, Some(settings)) => Some(Arc::new(Smtp::new(settings)?)),
        (None, None) => None,
    };
    let not_listening = |reason| StartError::Listen { addr: config.addr, reason };
    let socket = TcpListener::bind(config.addr).await.map_err(not_listening)?;
    let addr = socket.local_addr().map_err(not_listening)?;
    let site = Arc::new(Site::new(config.public_url.clone(), tls.is_some(), addr.port()));

    let store = Store::open(StoreSettings {
        randomness: Arc::clone(&randomness),
        ..StoreSettings::new(config.db.clone(), Arc::clone(&clock))
    })
    .await?;
    let desk = Desk::new(store.clone());
    let positions = Positions::default();
    let board = Switchboard::open(
        BoardSettings {
            epoch: store.epoch().to_owned(),
            server_version: VERSION.to_owned(),
            clock: Arc::clone(&clock),
        },
        Arc::new(Log::new(desk.clone(), positions.clone())),
    );
    let authenticator = Authenticator::new(desk.clone(), Arc::clone(&clock));
    let waiting = Arc::new(Notify::new());
    store.attach(Arc::new(Announcer::new(
        store.epoch().to_owned(),
        board.clone(),
        authenticator.clone(),
        positions.clone(),
        Arc::clone(&waiting),
    )));

    let mut tail = Tail::new(desk.clone(), board.clone(), authenticator.clone(), positions);
    tail.look().await?;
    let url = site.url();
    let token = desk.act(NewSetupToken).await?;
    let (stop, stopped) = watch::channel(false);
    let leaves = Leaves {
        desk: desk.clone(),
        site: Arc::clone(&site),
        clock: Arc::clone(&clock),
        authenticator,
        passwords: Passwords::new(config.hardness, Arc::clone(&randomness)),
        limits: RateLimits::new(config.rates, Arc::clone(&clock)),
        board: board.clone(),
        devices: Devices::new(Arc::clone(&clock), Arc::clone(&randomness)),
        metrics: Arc::default(),
        doors: Doors { sends_mail: mailer.is_some(), demo: config.dev },
        running: stopped.clone(),
    };
    let worker = Worker { desk: desk.clone(), clock, waiting, mailer, base: url.clone() };
    let router = router(leaves, &site, &config, &*randomness);
    let tasks = vec![
        tokio::spawn(tail.run()),
        tokio::spawn(worker.run()),
        tokio::spawn(listener::listen(socket, tls, router, stopped)),
    ];
    let setup_link = token.map(|token| links::setup(&url, &token));
    Ok(Running { addr, url, setup_link, desk, board, stop, tasks })
}

fn router(
    leaves: Leaves,
    site: &Site,
    config: &Config,
    randomness: &dyn Randomness,
) -> axum::Router {
    let mut run = [0; 4];
    randomness.fill(&mut run);
    let door = Door::new(
        site.clone(),
        config.trusted_proxies.clone(),
        leaves.limits.clone(),
        Arc::<Metrics>::clone(&leaves.metrics),
        format!("{:08x}", u32::from_be_bytes(run)),
    );
    routes::router().with_state(leaves).layer(from_fn_with_state(door, door::pass))
}

/// Only the server's own account may read what is kept there.
pub(crate) fn make_folder(path: &Path) -> Result<(), StartError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|reason| StartError::Folder { path: path.display().to_string(), reason })
}

impl Running {
    /// Where it listens, with the port that it got.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address for people.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The link that sets the server up, while it has no administrator.
    pub fn setup_link(&self) -> Option<&str> {
        self.setup_link.as_deref()
    }

    /// The desk, for whoever acts beside HTTP.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Stops: no new connections, sockets are told to come back, requests in flight finish within
    /// five seconds, and the database is closed after the last write.
    pub async fn shutdown(self) {
        let Self { board, desk, stop, tasks, .. } = self;
        stop.send_replace(true);
        board.close();
        // Everything that serves somebody holds a receiver.
        if timeout(PATIENCE, stop.closed()).await.is_err() {
            tracing::warn!("some requests did not finish in time");
        }
        for task in &tasks {
            task.abort();
        }
        for task in tasks {
            // Aborted or ended: gone either way.
            let _ = task.await;
        }
        desk.store().close().await;
    }
}
