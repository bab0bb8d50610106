//! A store with a fresh database for each test, a hand-turned clock, a sink that remembers, and
//! actions made of closures.

use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use clickclack_protocol::ids::WorkspaceId;
use clickclack_protocol::time::{Clock, Millis};
use clickclack_store::{
    Action, Engine, LogRow, Lookup, Outcome, Query, Row, Scope, SeededRandomness, Settings, Sink,
    Store, StoreError, Tx, params,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

/// Tells one story twice: `both! { async fn name(rig: &Rig) { … } }`.
#[macro_export]
macro_rules! both {
    ($(async fn $name:ident($rig:ident: &Rig) $body:block)+) => { $(
        mod $name {
            use super::*;

            async fn story($rig: &$crate::rig::Rig) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_sqlite() {
                $crate::rig::run(clickclack_store::Engine::Sqlite, story).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_postgres() {
                $crate::rig::run(clickclack_store::Engine::Postgres, story).await;
            }
        }
    )+ };
}

/// Opens a rig, tells the story and leaves nothing behind.
pub(crate) async fn run(engine: Engine, story: impl AsyncFn(&Rig)) {
    let Some(database) = Database::create(engine).await else {
        return;
    };
    let rig = Rig::open(database).await;
    let told = AssertUnwindSafe(story(&rig)).catch_unwind().await;
    rig.store.close().await;
    rig.database.remove().await;
    if let Err(panic) = told {
        resume_unwind(panic);
    }
}

pub(crate) struct Rig {
    pub(crate) store: Store,
    pub(crate) sink: Arc<Recorder>,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) database: Database,
}

impl Rig {
    async fn open(database: Database) -> Self {
        let sink = Arc::new(Recorder::default());
        let clock = Arc::new(HandClock(AtomicI64::new(1_000_000)));
        let settings = Settings { sink: Some(sink.clone()), ..database.settings(clock.clone()) };
        let store = Store::open(settings).await.unwrap();
        Self { store, sink, clock, database }
    }

    /// Settings for another store over the same database.
    pub(crate) fn settings(&self) -> Settings {
        self.database.settings(self.clock.clone())
    }

    /// Runs a closure as an action.
    pub(crate) async fn act<T: Send + 'static>(
        &self,
        scope: Scope,
        run: impl for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, Refusal>> + Send + Sync + 'static,
    ) -> Result<T, Refusal> {
        self.store.write(scope, Do(run)).await
    }

    /// Runs statements in one action.
    pub(crate) async fn sql(&self, statements: &'static [&'static str]) -> Result<(), Refusal> {
        self.store.write(Scope::Instance, Sql(statements)).await
    }

    pub(crate) async fn rows(&self, sql: &'static str) -> Vec<Row> {
        self.store.read(Select(sql)).await.unwrap()
    }

    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        self.rows(sql).await[0].get(0).unwrap()
    }

    /// A workspace whose log is empty, and the table `notes`.
    pub(crate) async fn workspace(&self) -> WorkspaceId {
        self.sql(&["CREATE TABLE IF NOT EXISTS notes (body TEXT PRIMARY KEY, size BIGINT)"])
            .await
            .unwrap();
        self.bare_workspace().await
    }

    pub(crate) async fn bare_workspace(&self) -> WorkspaceId {
        self.act(Scope::Instance, |tx| {
            Box::pin(async move {
                let id: WorkspaceId = tx.new_id();
                let sql = "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3)";
                tx.execute(sql, params![id, "town", tx.now()]).await?;
                Ok(id)
            })
        })
        .await
        .unwrap()
    }

    /// Occupies the writer of a scope until the gate is opened, so that what is written meanwhile
    /// waits and then rides in one transaction.
    pub(crate) async fn gate(&self, scope: Scope) -> Gate {
        let (entered, is_inside) = oneshot::channel();
        let (open, opened) = mpsc::channel();
        let action = Stop { entered: Mutex::new(Some(entered)), opened: Mutex::new(opened) };
        let store = self.store.clone();
        let done = tokio::spawn(async move { store.write(scope, action).await });
        is_inside.await.unwrap();
        Gate { open, done }
    }

    /// Writes all of these in one transaction; their answers in order.
    pub(crate) async fn together<A: Action>(
        &self,
        scope: Scope,
        actions: Vec<A>,
    ) -> Vec<Result<A::Output, A::Error>> {
        let gate = self.gate(scope.clone()).await;
        let mut writes: Vec<_> = actions
            .into_iter()
            .map(|action| Box::pin(self.store.write(scope.clone(), action)))
            .collect();
        for write in &mut writes {
            assert!(waits(write.as_mut()), "it waits behind the gate");
        }
        gate.open().await;
        futures_util::future::join_all(writes).await
    }
}

pub(crate) struct Gate {
    open: mpsc::Sender<()>,
    done: tokio::task::JoinHandle<Result<(), StoreError>>,
}

impl Gate {
    pub(crate) async fn open(self) {
        self.open.send(()).unwrap();
        self.done.await.unwrap().unwrap();
    }
}

struct Stop {
    entered: Mutex<Option<oneshot::Sender<()>>>,
    opened: Mutex<mpsc::Receiver<()>>,
}

impl Action for Stop {
    type Output = ();
    type Error = StoreError;

    async fn run(&self, _: &mut Tx) -> Result<(), StoreError> {
        self.entered.lock().unwrap().take().unwrap().send(()).unwrap();
        self.opened.lock().unwrap().recv().unwrap();
        Ok(())
    }
}

/// Why an action of these stories ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    Store(StoreError),
    Changed,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

pub(crate) const LOST: Refusal = Refusal::Store(StoreError::Unavailable);
pub(crate) const BROKEN: Refusal = Refusal::Store(StoreError::Internal);

/// A closure as an action.
pub(crate) struct Do<F>(pub(crate) F);

impl<T, F> Action for Do<F>
where
    T: Send + 'static,
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, Refusal>> + Send + Sync + 'static,
{
    type Output = T;
    type Error = Refusal;

    fn run(&self, tx: &mut Tx) -> impl Future<Output = Result<T, Refusal>> + Send {
        (self.0)(tx)
    }
}

/// Makes an action of a closure where one is wanted as a value.
pub(crate) fn action<T, F>(run: F) -> Do<F>
where
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, Refusal>> + Send + Sync + 'static,
{
    Do(run)
}

/// Sets a write going; whether it still waits.
pub(crate) fn waits(write: Pin<&mut impl Future>) -> bool {
    write.now_or_never().is_none()
}

pub(crate) struct Sql(pub(crate) &'static [&'static str]);

impl Action for Sql {
    type Output = ();
    type Error = Refusal;

    async fn run(&self, tx: &mut Tx) -> Result<(), Refusal> {
        for sql in self.0 {
            tx.execute(sql, params![]).await?;
        }
        Ok(())
    }
}

pub(crate) struct Select(pub(crate) &'static str);

impl Lookup for Select {
    type Output = Vec<Row>;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<Vec<Row>, StoreError> {
        query.rows(self.0, params![]).await
    }
}

/// Writes a note and tells it; then ends as it was told to.
pub(crate) struct Note {
    pub(crate) workspace: WorkspaceId,
    pub(crate) body: String,
    pub(crate) end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Well,
    Refused,
    Panic,
}

pub(crate) fn note(workspace: WorkspaceId, body: impl Into<String>, end: End) -> Note {
    Note { workspace, body: body.into(), end }
}

impl Action for Note {
    type Output = i64;
    type Error = Refusal;

    async fn run(&self, tx: &mut Tx) -> Result<i64, Refusal> {
        tx.execute("INSERT INTO notes (body) VALUES ($1)", params![&self.body]).await?;
        let seq = tell(tx, self.workspace, &self.body).await?;
        match self.end {
            End::Well => Ok(seq),
            End::Refused => Err(Refusal::Changed),
            End::Panic => panic!("an action panics on purpose"),
        }
    }
}

/// Emits an event whose live form is the text.
pub(crate) async fn tell(
    tx: &mut Tx,
    workspace_id: WorkspaceId,
    text: &str,
) -> Result<i64, StoreError> {
    let seq = tx.next_seq(workspace_id)?;
    tx.emit(row(workspace_id, seq, text)).await?;
    Ok(seq)
}

pub(crate) fn row(workspace_id: WorkspaceId, seq: i64, text: &str) -> LogRow {
    LogRow {
        workspace_id,
        seq,
        kind: "note.written",
        channel_id: None,
        subject_id: None,
        user_id: None,
        facts: None,
        live: Arc::new(text.to_owned()),
    }
}

/// Remembers what was told.
#[derive(Default)]
pub(crate) struct Recorder(Mutex<Vec<Vec<Outcome>>>);

impl Sink for Recorder {
    fn committed(&self, batch: Vec<Outcome>) {
        self.0.lock().unwrap().push(batch);
    }
}

impl Recorder {
    /// The texts told so far, in order; notices in brackets.
    pub(crate) fn heard(&self) -> Vec<String> {
        let text = |live: &Arc<dyn std::any::Any + Send + Sync>| {
            live.downcast_ref::<String>().unwrap().clone()
        };
        let batches = self.0.lock().unwrap();
        batches
            .iter()
            .flatten()
            .map(|outcome| match outcome {
                Outcome::Event(event) => text(&event.live),
                Outcome::Notice(notice) => format!("[{}]", text(notice)),
            })
            .collect()
    }

    /// The sequences told of one workspace, in order.
    pub(crate) fn seqs(&self, workspace: WorkspaceId) -> Vec<i64> {
        let batches = self.0.lock().unwrap();
        batches
            .iter()
            .flatten()
            .filter_map(|outcome| match outcome {
                Outcome::Event(event) if event.workspace_id == workspace => Some(event.seq),
                _ => None,
            })
            .collect()
    }
}

#[derive(Default)]
pub(crate) struct HandClock(AtomicI64);

impl HandClock {
    pub(crate) fn turn(&self, millis: Millis) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}

/// A place for a database of its own.
pub(crate) enum Database {
    File { folder: PathBuf },
    Server { server: String, name: String },
}

static COUNT: AtomicU64 = AtomicU64::new(0);

impl Database {
    /// `None` where the story cannot be told on this machine.
    pub(crate) async fn create(engine: Engine) -> Option<Self> {
        let name =
            format!("clickclack_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        if engine == Engine::Sqlite {
            let folder = std::env::temp_dir().join(name);
            std::fs::create_dir(&folder).unwrap();
            return Some(Self::File { folder });
        }
        let Ok(server) = std::env::var("CLICKCLACK_TEST_POSTGRES") else {
            let is_required = std::env::var_os("CLICKCLACK_TEST_REQUIRE_POSTGRES");
            assert!(is_required.is_none_or(|value| value != "1"), "PostgreSQL is required");
            println!("not run on PostgreSQL: CLICKCLACK_TEST_POSTGRES is not set");
            return None;
        };
        let database = Self::Server { server, name };
        database.ask_server("CREATE DATABASE", " TEMPLATE template0").await;
        Some(database)
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::File { .. } => format!("sqlite://{}", self.file().display()),
            Self::Server { server, name } => {
                let (base, query) = server.split_once('?').unwrap_or((server, ""));
                let scheme = base.find("://").unwrap() + 3;
                let end = base[scheme..].find('/').map_or(base.len(), |at| scheme + at);
                format!("{}/{name}?{query}", &base[..end])
            }
        }
    }

    pub(crate) fn file(&self) -> PathBuf {
        match self {
            Self::File { folder } => folder.join("chat.db"),
            Self::Server { .. } => panic!("a server keeps its files to itself"),
        }
    }

    pub(crate) fn settings(&self, clock: Arc<HandClock>) -> Settings {
        let randomness = Arc::new(SeededRandomness::new(COUNT.fetch_add(1, Ordering::SeqCst)));
        Settings { randomness, ..Settings::new(self.url(), clock) }
    }

    async fn ask_server(&self, before: &str, after: &str) {
        if let Self::Server { server, name } = self {
            let client = connect(server).await;
            client.batch_execute(&format!("{before} {name}{after}")).await.unwrap();
        }
    }

    pub(crate) async fn remove(&self) {
        match self {
            Self::File { folder } => std::fs::remove_dir_all(folder).unwrap(),
            Self::Server { .. } => self.ask_server("DROP DATABASE", " WITH (FORCE)").await,
        }
    }
}

/// A plain connection to a PostgreSQL server.
pub(crate) async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
