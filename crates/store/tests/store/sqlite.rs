//! What only a SQLite file can suffer.

use std::sync::{Arc, Barrier};

use clickclack_protocol::ids::WorkspaceId;
use clickclack_store::{Action, Engine, Lookup, Query, Scope, Store, StoreError, Tx, params};

use crate::rig::{BROKEN, Database, End, HandClock, LOST, Refusal, Rig, note, run, tell};

/// Two notes and an event; the disk fills up before the statement at `full_at`, if any.
struct Pair {
    workspace: WorkspaceId,
    n: usize,
    full_at: Option<usize>,
}

impl Action for Pair {
    type Output = ();
    type Error = Refusal;

    async fn run(&self, tx: &mut Tx) -> Result<(), Refusal> {
        for half in 0..2 {
            let mut body = format!("{} {half}", self.n);
            if self.full_at == Some(half) {
                // The limit cannot go below the present size: nothing may grow from here on.
                tx.rows("PRAGMA max_page_count = 1", params![]).await?;
                body.push_str(&"x".repeat(1_000_000));
            }
            tx.execute("INSERT INTO notes (body) VALUES ($1)", params![body]).await?;
        }
        tell(tx, self.workspace, &self.n.to_string()).await?;
        Ok(())
    }
}

async fn a_full_disk_at(rig: &Rig, town: WorkspaceId, place: usize) {
    let pairs = (0..8).map(|n| {
        let full_at = (place / 2 == n).then_some(place % 2);
        Pair { workspace: town, n, full_at }
    });
    let before = rig.store.counts();
    let answers = rig.together(Scope::Workspace(town), pairs.collect()).await;
    assert_eq!(answers, vec![Err(LOST); 8], "statement {place}");
    assert_eq!(rig.store.counts().lost_batches - before.lost_batches, 1);
    assert!(rig.sink.heard().is_empty(), "statement {place}");
    assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, 0);
    assert_eq!(rig.number("SELECT COUNT(*) FROM events").await, 0);
    let unlimited = rig.act(Scope::Instance, |tx| {
        Box::pin(async move {
            tx.rows("PRAGMA max_page_count = 1073741823", params![]).await?;
            Ok(())
        })
    });
    assert_eq!(unlimited.await, Ok(()), "the writer goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_disk_at_any_statement_of_a_batch_is_nobodys_success() {
    run(Engine::Sqlite, async |rig| {
        let town = rig.workspace().await;
        for place in 0..16 {
            a_full_disk_at(rig, town, place).await;
        }
        let pairs = (0..8).map(|n| Pair { workspace: town, n, full_at: None }).collect();
        let answers = rig.together(Scope::Workspace(town), pairs).await;
        assert_eq!(answers, vec![Ok(()); 8]);
        assert_eq!(rig.sink.seqs(town), (1..=8).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_action_that_suspends_is_a_bug_of_its_own() {
    struct Suspends(WorkspaceId);
    impl Action for Suspends {
        type Output = i64;
        type Error = Refusal;
        async fn run(&self, tx: &mut Tx) -> Result<i64, Refusal> {
            tell(tx, self.0, "never").await?;
            tokio::task::yield_now().await;
            Ok(0)
        }
    }
    run(Engine::Sqlite, async |rig| {
        let town = rig.workspace().await;
        assert_eq!(rig.store.write(Scope::Workspace(town), Suspends(town)).await, Err(BROKEN));
        let next = rig.store.write(Scope::Workspace(town), note(town, "next", End::Well)).await;
        assert_eq!(next, Ok(1));
        assert_eq!(rig.sink.heard(), ["next"]);
    })
    .await;
}

async fn pragmas(query: &mut Query) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for name in [
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "busy_timeout",
        "trusted_schema",
        "query_only",
    ] {
        let row = query.one(&format!("PRAGMA {name}"), params![]).await?;
        let text = row.get::<String>(0).or_else(|_| row.get::<i64>(0).map(|n| n.to_string()))?;
        found.push(format!("{name}={text}"));
    }
    Ok(found)
}

/// Stays in its reader until all readers have met.
struct Meet(Arc<Barrier>);

impl Lookup for Meet {
    type Output = Vec<String>;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<Vec<String>, StoreError> {
        self.0.wait();
        pragmas(query).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_connection_has_every_pragma() {
    run(Engine::Sqlite, async |rig| {
        let mut expected = vec![
            "journal_mode=wal",
            "synchronous=2",
            "foreign_keys=1",
            "busy_timeout=5000",
            "trusted_schema=0",
            "query_only=0",
        ];
        let writer = rig.act(Scope::Instance, |tx| Box::pin(async move { Ok(pragmas(tx).await?) }));
        assert_eq!(writer.await.unwrap(), expected);
        let barrier = Arc::new(Barrier::new(4));
        let readers = (0..4).map(|_| rig.store.read(Meet(barrier.clone())));
        expected[5] = "query_only=1";
        for reader in futures_util::future::join_all(readers).await {
            assert_eq!(reader.unwrap(), expected);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_file_is_copied_before_a_migration_and_a_fresh_one_is_not() {
    let database = Database::create(Engine::Sqlite).await.unwrap();
    let (file, clock) = (database.file(), Arc::new(HandClock::default()));
    let copy = file.with_file_name("chat.db.before-0001_spine.backup");
    let older = rusqlite::Connection::open(&file).unwrap();
    older
        .execute_batch("CREATE TABLE cakes (name TEXT); INSERT INTO cakes VALUES ('plum')")
        .unwrap();
    drop(older);
    Store::open(database.settings(clock.clone())).await.unwrap().close().await;
    let copied = rusqlite::Connection::open(&copy).unwrap();
    let cake: String = copied.query_row("SELECT name FROM cakes", [], |row| row.get(0)).unwrap();
    assert_eq!(cake, "plum");
    assert!(!copied.table_exists(None, "users").unwrap(), "the copy is from before");
    drop(copied);
    std::fs::remove_file(&copy).unwrap();
    Store::open(database.settings(clock.clone())).await.unwrap().close().await;
    assert!(!copy.exists(), "no migration, no copy");
    database.remove().await;

    let fresh = Database::create(Engine::Sqlite).await.unwrap();
    Store::open(fresh.settings(clock)).await.unwrap().close().await;
    let names = std::fs::read_dir(fresh.file().parent().unwrap()).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["chat.db"], "no copy of nothing, and no log left after closing");
    fresh.remove().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    run(Engine::Sqlite, async |rig| {
        let mode = std::fs::metadata(rig.database.file()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    })
    .await;
}
