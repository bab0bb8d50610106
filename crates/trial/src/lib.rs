//! What tests of several crates need and the product does not: databases that are made for one test
//! and thrown away after it, on both engines, and a clock that is turned by hand.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use clickclack_protocol::time::{Clock, Millis};
use futures_util::FutureExt;

/// Tells each story twice, on SQLite and on PostgreSQL.
///
/// ```ignore
/// both! {
///     /// What it shows.
///     async fn a_story(database: &Database) { … }
/// }
/// ```
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident: &Database) $body:block)+) => { $(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn story($database: &$crate::Database) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                $crate::run($crate::Kind::Sqlite, story).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                $crate::run($crate::Kind::Postgres, story).await;
            }
        }
    )+ };
}

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// The server named by `CLICKCLACK_TEST_POSTGRES`.
    Postgres,
}

/// Makes a database, tells the story and leaves nothing behind, also when it fails.
pub async fn run(kind: Kind, story: impl AsyncFn(&Database)) {
    let Some(database) = Database::create(kind).await else {
        return;
    };
    let told = AssertUnwindSafe(story(&database)).catch_unwind().await;
    database.remove().await;
    if let Err(panic) = told {
        resume_unwind(panic);
    }
}

/// An empty database of its own, with a folder for whatever else a test writes.
#[derive(Debug)]
pub struct Database {
    folder: tempfile::TempDir,
    server: Option<Server>,
}

#[derive(Debug)]
struct Server {
    url: String,
    name: String,
}

static COUNT: AtomicU64 = AtomicU64::new(0);

impl Database {
    /// `None` where there is no PostgreSQL to test on, unless one is required
    /// (`CLICKCLACK_TEST_REQUIRE_POSTGRES=1`): then the test fails.
    pub async fn create(kind: Kind) -> Option<Self> {
        let folder = tempfile::tempdir().expect("the folder for temporary files is writable");
        if kind == Kind::Sqlite {
            return Some(Self { folder, server: None });
        }
        let Ok(url) = std::env::var("CLICKCLACK_TEST_POSTGRES") else {
            let required = std::env::var_os("CLICKCLACK_TEST_REQUIRE_POSTGRES");
            assert!(required.is_none_or(|value| value != "1"), "PostgreSQL is required");
            println!("not run on PostgreSQL: CLICKCLACK_TEST_POSTGRES is not set");
            return None;
        };
        let count = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("trial_{}_{count}", std::process::id());
        let database = Self { folder, server: Some(Server { url, name }) };
        database.ask_server("CREATE DATABASE", " TEMPLATE template0").await;
        Some(database)
    }

    /// Which engine it is on.
    pub fn kind(&self) -> Kind {
        if self.server.is_some() { Kind::Postgres } else { Kind::Sqlite }
    }

    /// The URL of the database.
    pub fn url(&self) -> String {
        match &self.server {
            None => format!("sqlite://{}", self.file().display()),
            Some(Server { url, name }) => {
                let (base, query) = url.split_once('?').unwrap_or((url, ""));
                let host = base.find("://").expect("a URL has a scheme") + 3;
                let end = base[host..].find('/').map_or(base.len(), |at| host + at);
                format!("{}/{name}?{query}", &base[..end])
            }
        }
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("clickclack.sqlite3")
    }

    /// A folder that goes away with the database.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn ask_server(&self, before: &str, after: &str) {
        if let Some(Server { url, name }) = &self.server {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
                .await
                .expect("the tests' PostgreSQL answers");
            let connection = tokio::spawn(connection);
            let sql = format!("{before} {name}{after}");
            client.batch_execute(&sql).await.expect("its owner may make databases");
            drop(client);
            drop(connection.await);
        }
    }

    /// Runs statements on the database behind the product's back.
    pub async fn run_sql(&self, statements: &str) {
        if self.server.is_none() {
            let connection = rusqlite::Connection::open(self.file()).expect("the file is there");
            return connection.execute_batch(statements).expect("the statements are good");
        }
        let (client, connection) = tokio_postgres::connect(&self.url(), tokio_postgres::NoTls)
            .await
            .expect("the tests' PostgreSQL answers");
        let connection = tokio::spawn(connection);
        client.batch_execute(statements).await.expect("the statements are good");
        drop(client);
        drop(connection.await);
    }

    /// Throws the database away. The folder goes with the value.
    pub async fn remove(&self) {
        self.ask_server("DROP DATABASE", " WITH (FORCE)").await;
    }
}

/// A clock that stands until it is turned.
#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl Default for HandClock {
    fn default() -> Self {
        Self(AtomicI64::new(1_795_000_000_000))
    }
}

impl HandClock {
    /// Moves it on.
    pub fn turn(&self, millis: Millis) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}
