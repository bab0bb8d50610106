//! SQLite: one writer thread, some reader threads, the same pragmas on every connection.

pub(crate) mod statement;

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use tokio::sync::oneshot;

use crate::action::{Lookup, Waiting, look};
use crate::batch;
use crate::context::Context;
use crate::query::{Connection, Query};
use crate::queue::Queue;
use crate::tx::Tx;
use crate::{OpenError, StoreError};

/// On every connection. FULL, because an acknowledged message survives a power cut.
const PRAGMAS: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -16000;
    PRAGMA mmap_size = 134217728;
    PRAGMA journal_size_limit = 67108864;";

/// Prepared statements kept by each connection; more than the server has.
const STATEMENTS: usize = 512;

/// The threads around a database file.
pub(crate) struct Sqlite {
    writes: Arc<Queue<Box<dyn Waiting>>>,
    reads: Arc<Queue<Box<dyn Reading>>>,
    threads: std::sync::Mutex<Vec<JoinHandle<()>>>,
}

/// A lookup whose caller waits, without its types.
trait Reading: Send {
    /// Asks and answers; whether the connection is fit for more.
    fn run<'a>(self: Box<Self>, query: &'a mut Query) -> BoxFuture<'a, bool>
    where
        Self: 'a;
}

struct Request<L: Lookup> {
    lookup: L,
    reply: oneshot::Sender<Result<L::Output, L::Error>>,
}

impl<L: Lookup> Reading for Request<L> {
    fn run<'a>(self: Box<Self>, query: &'a mut Query) -> BoxFuture<'a, bool>
    where
        Self: 'a,
    {
        Box::pin(async move {
            if self.reply.is_closed() {
                return true;
            }
            let (found, is_fit) = look(query, &self.lookup).await;
            drop(self.reply.send(found));
            is_fit
        })
    }
}

/// Opens the file, creating it for the owner alone, and sets the pragmas.
pub(crate) fn connect(path: &Path) -> Result<rusqlite::Connection, rusqlite::Error> {
    if !path.exists() {
        create(path);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(path, flags)?;
    connection.execute_batch(PRAGMAS)?;
    // Without this SQLite may plan a statement anew each time that other values are bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Messages are nobody else's business: SQLite would create the file readable for all. What goes
/// wrong here, SQLite reports better when it opens the file.
fn create(path: &Path) {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}

fn connect_reader(path: &Path) -> Result<rusqlite::Connection, rusqlite::Error> {
    let connection = connect(path)?;
    connection.execute_batch("PRAGMA query_only = ON")?;
    Ok(connection)
}

impl Sqlite {
    pub(crate) fn start(
        path: &Path,
        readers: usize,
        limit: usize,
        durable: bool,
        context: Arc<Context>,
    ) -> Result<Self, OpenError> {
        let sqlite = Self {
            writes: Arc::new(Queue::new(limit)),
            reads: Arc::new(Queue::new(limit)),
            threads: std::sync::Mutex::default(),
        };
        let connection = connect(path)?;
        if !durable {
            // The log is written in order all the same, so what is lost is the newest.
            connection.execute_batch("PRAGMA synchronous = NORMAL")?;
        }
        let query = Query::new(Connection::Sqlite(connection));
        let pen = Writer { tx: Tx::new(query, context), path: path.to_owned() };
        let writes = Arc::clone(&sqlite.writes);
        sqlite.spawn("sqlite-writer", move || pen.run(&writes))?;
        for _ in 0..readers.max(1) {
            let query = Query::new(Connection::Sqlite(connect_reader(path)?));
            let (reads, path) = (Arc::clone(&sqlite.reads), path.to_owned());
            sqlite.spawn("sqlite-reader", move || read(query, &path, &reads))?;
        }
        Ok(sqlite)
    }

    fn spawn(&self, name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), OpenError> {
        let thread = std::thread::Builder::new().name(name.to_owned());
        let thread = thread.spawn(work).map_err(|error| OpenError::Connect(error.to_string()))?;
        self.threads().push(thread);
        Ok(())
    }

    fn threads(&self) -> std::sync::MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn write(&self, ticket: Box<dyn Waiting>) -> Result<(), StoreError> {
        self.writes.push(ticket)
    }

    pub(crate) async fn read<L: Lookup>(&self, lookup: L) -> Result<L::Output, L::Error> {
        let (reply, answer) = oneshot::channel();
        self.reads.push(Box::new(Request { lookup, reply }))?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Unavailable.into()))
    }

    /// Lets what waits finish, then ends the threads.
    pub(crate) async fn close(&self) {
        self.stop();
        let threads = std::mem::take(&mut *self.threads());
        let join = move || threads.into_iter().for_each(|thread| drop(thread.join()));
        drop(tokio::task::spawn_blocking(join).await);
    }

    fn stop(&self) {
        self.reads.close();
        self.writes.close();
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Refuses what still waits when a thread ends, however it ends, so that no caller waits for ever.
struct Hangup<'a, T>(&'a Queue<T>);

impl<T> Drop for Hangup<'_, T> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

struct Writer {
    tx: Tx,
    path: PathBuf,
}

impl Writer {
    fn run(mut self, queue: &Queue<Box<dyn Waiting>>) {
        let _hangup = Hangup(queue);
        let mut answered = 0;
        while let Some(mut waiting) = queue.take_together(batch::BATCH, answered) {
            answered = waiting.len();
            // No statement suspends on SQLite, and `guarded` refuses actions that do.
            let result = batch::run(&mut self.tx, &mut waiting)
                .now_or_never()
                .expect("a batch on SQLite runs to its end at once");
            if result.is_err() {
                self.recover();
            }
            batch::settle(&self.tx.context, result, waiting);
        }
        if let Connection::Sqlite(connection) = &self.tx.query.connection {
            // Only tidiness: the next start reads the log as well.
            drop(connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);"));
        }
    }

    /// Leaves a lost transaction, with a new connection if the old one cannot.
    fn recover(&mut self) {
        let Connection::Sqlite(connection) = &mut self.tx.query.connection else {
            return;
        };
        if connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok() {
            return;
        }
        match connect(&self.path) {
            Ok(new) => *connection = new,
            Err(error) => tracing::error!(%error, "the database file cannot be opened again"),
        }
    }
}

fn read(mut query: Query, path: &Path, queue: &Queue<Box<dyn Reading>>) {
    while let Some(requests) = queue.take(1) {
        for request in requests {
            let is_fit = request
                .run(&mut query)
                .now_or_never()
                .expect("a lookup on SQLite runs to its end at once");
            if is_fit {
                continue;
            }
            match connect_reader(path) {
                Ok(connection) => query = Query::new(Connection::Sqlite(connection)),
                Err(error) => tracing::error!(%error, "the database file cannot be opened again"),
            }
        }
    }
}
