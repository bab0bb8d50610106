//! The store: settings in, two doors out — write and read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use clickclack_protocol::time::Clock;

use crate::action::{Action, Lookup, Scope, Ticket, Waiting};
use crate::context::{Context, Counters, Counts};
use crate::event::Sink;
use crate::migrations::{self, Order, Schema};
use crate::postgres::Postgres;
use crate::randomness::{Mint, OsRandomness, Randomness};
use crate::sqlite::Sqlite;
use crate::{Engine, OpenError, StoreError};

/// How a store is opened.
pub struct Settings {
    /// `sqlite://PATH` (absolute with a third slash) or `postgres://…`.
    pub url: String,
    /// Where the present comes from.
    pub clock: Arc<dyn Clock>,
    /// Where ids and secrets come from.
    pub randomness: Arc<dyn Randomness>,
    /// Who is told of committed outcomes; can be attached later.
    pub sink: Option<Arc<dyn Sink>>,
    /// Reader threads (SQLite) or connections (PostgreSQL).
    pub readers: usize,
    /// Writing connections on PostgreSQL; SQLite has one writer.
    pub writers: usize,
    /// Most actions that may wait, for each scope on PostgreSQL.
    pub queue: usize,
    /// Whether to apply missing migrations or to refuse the database.
    pub migrate: bool,
    /// Whether a commit has reached the disk when it is answered. Without it, a power cut before
    /// the store is closed can cost the newest commits, never a part of one: for what can be made
    /// anew.
    pub durable: bool,
}

impl Settings {
    /// Settings with the usual figures: the system's randomness, no sink yet, 4 readers, 8 writers,
    /// 4096 waiting actions, migrations applied, every commit durable.
    pub fn new(url: impl Into<String>, clock: Arc<dyn Clock>) -> Self {
        Self {
            url: url.into(),
            clock,
            randomness: Arc::new(OsRandomness),
            sink: None,
            readers: 4,
            writers: 8,
            queue: 4096,
            migrate: true,
            durable: true,
        }
    }
}

/// A database with its writers and readers. Clones are the same store.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    backend: Backend,
    context: Arc<Context>,
    epoch: String,
}

enum Backend {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// What a URL names.
enum Place<'a> {
    File(PathBuf),
    Server(&'a str),
}

impl Place<'_> {
    fn of(url: &str) -> Result<Place<'_>, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite://").filter(|path| !path.is_empty()) {
            return Ok(Place::File(Path::new(path).to_owned()));
        }
        let is_server = url.starts_with("postgres://") || url.starts_with("postgresql://");
        if is_server { Ok(Place::Server(url)) } else { Err(OpenError::Url) }
    }

    /// Checks the schema, and migrates it when the settings say so.
    async fn prepare(&self, settings: &Settings, may_migrate: bool) -> Result<Schema, OpenError> {
        let (now, randomness) = (settings.clock.now(), &*settings.randomness);
        match self {
            Place::File(path) => {
                let order = Order::new(Engine::Sqlite, may_migrate, now, randomness);
                let path = path.clone();
                let work = move || migrations::sqlite::prepare(&path, &order);
                let done = tokio::task::spawn_blocking(work).await;
                done.map_err(|error| OpenError::Connect(error.to_string()))?
            }
            Place::Server(url) => {
                let order = Order::new(Engine::Postgres, may_migrate, now, randomness);
                migrations::postgres::prepare(url, &order).await
            }
        }
    }
}

impl Store {
    /// Opens a database; a missing SQLite file is created. Must be called inside a tokio runtime.
    pub async fn open(settings: Settings) -> Result<Self, OpenError> {
        let place = Place::of(&settings.url)?;
        let schema = place.prepare(&settings, settings.migrate).await?;
        let sink = OnceLock::new();
        if let Some(given) = settings.sink {
            drop(sink.set(given));
        }
        let context = Arc::new(Context {
            clock: settings.clock,
            randomness: settings.randomness,
            mint: Mint::default(),
            sink,
            counters: Counters::default(),
        });
        let (shared, queue) = (Arc::clone(&context), settings.queue);
        let backend = match place {
            Place::File(path) => Backend::Sqlite(Sqlite::start(
                &path,
                settings.readers,
                queue,
                settings.durable,
                shared,
            )?),
            Place::Server(url) => Backend::Postgres(Postgres::start(
                url,
                settings.readers,
                settings.writers,
                queue,
                settings.durable,
                shared,
            )?),
        };
        Ok(Self(Arc::new(Inner { backend, context, epoch: schema.epoch })))
    }

    /// Applies the missing migrations and nothing else; their names.
    pub async fn migrate(settings: Settings) -> Result<Vec<String>, OpenError> {
        let place = Place::of(&settings.url)?;
        Ok(place.prepare(&settings, true).await?.applied)
    }

    /// Runs an action under the locks of its scope and answers once it is committed and told. A
    /// caller that goes away does not undo its action.
    pub async fn write<A: Action>(&self, scope: Scope, action: A) -> Result<A::Output, A::Error> {
        let (ticket, answer) = Ticket::new(scope.ordered(), action);
        let ticket: Box<dyn Waiting> = ticket;
        match &self.0.backend {
            Backend::Sqlite(sqlite) => sqlite.write(ticket)?,
            Backend::Postgres(postgres) => postgres.write(ticket)?,
        }
        answer.await.unwrap_or_else(|_| Err(StoreError::Unavailable.into()))
    }

    /// Runs a lookup over one state of the database, which holds every write answered before.
    pub async fn read<L: Lookup>(&self, lookup: L) -> Result<L::Output, L::Error> {
        match &self.0.backend {
            Backend::Sqlite(sqlite) => sqlite.read(lookup).await,
            Backend::Postgres(postgres) => postgres.read(lookup).await,
        }
    }

    /// Names who is told of committed outcomes from now on. There is one sink for a store's life.
    pub fn attach(&self, sink: Arc<dyn Sink>) {
        assert!(self.0.context.sink.set(sink).is_ok(), "a store has one sink");
    }

    /// The engine behind it.
    pub fn engine(&self) -> Engine {
        match self.0.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// The name of this database's life, for cursors.
    pub fn epoch(&self) -> &str {
        &self.0.epoch
    }

    /// What was done since it was opened.
    pub fn counts(&self) -> Counts {
        self.0.context.counters.read()
    }

    /// Lets waiting actions finish and closes the database; afterwards everything is unavailable.
    pub async fn close(&self) {
        match &self.0.backend {
            Backend::Sqlite(sqlite) => sqlite.close().await,
            Backend::Postgres(postgres) => postgres.close().await,
        }
    }
}
