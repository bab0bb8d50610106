//! Lookups: one state of the database each, and no change.

use std::sync::{Arc, Mutex, mpsc};

use clickclack_store::{Lookup, Query, Scope, StoreError, Value, params};

use crate::both;
use crate::rig::{End, Select, note};

/// Reads a number, lets others write, and reads it again.
struct Twice {
    read: Mutex<Option<tokio::sync::oneshot::Sender<()>>>,
    go_on: Mutex<mpsc::Receiver<()>>,
}

impl Lookup for Twice {
    type Output = (i64, i64);
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<(i64, i64), StoreError> {
        let first = query.one("SELECT COUNT(*) FROM notes", params![]).await?.get(0)?;
        self.read.lock().unwrap().take().unwrap().send(()).unwrap();
        self.go_on.lock().unwrap().recv().unwrap();
        let second = query.one("SELECT COUNT(*) FROM events", params![]).await?.get(0)?;
        Ok((first, second))
    }
}

struct Panics;

impl Lookup for Panics {
    type Output = ();
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<(), StoreError> {
        query.rows("SELECT 1", params![]).await?;
        panic!("a lookup panics on purpose");
    }
}

struct Among(Vec<&'static str>);

impl Lookup for Among {
    type Output = Vec<String>;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<Vec<String>, StoreError> {
        let among = query.engine().among("body", "$2");
        let sql = format!("SELECT body FROM notes WHERE body <> $1 AND {among} ORDER BY body");
        let rows = query.rows(&sql, params!["b", Value::list(&self.0)]).await?;
        rows.iter().map(|row| row.get(0)).collect()
    }
}

both! {
    async fn statements_of_a_lookup_agree_while_others_write(rig: &Rig) {
        let town = rig.workspace().await;
        let write = |body: &str| {
            rig.store.write(Scope::Workspace(town), note(town, body, End::Well))
        };
        write("before").await.unwrap();
        let (read, has_read) = tokio::sync::oneshot::channel();
        let (go, go_on) = mpsc::channel();
        let lookup = Twice { read: Mutex::new(Some(read)), go_on: Mutex::new(go_on) };
        let store = rig.store.clone();
        let reading = tokio::spawn(async move { store.read(lookup).await });
        has_read.await.unwrap();
        write("meanwhile").await.unwrap();
        go.send(()).unwrap();
        assert_eq!(reading.await.unwrap(), Ok((1, 1)));
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, 2);
    }

    async fn what_was_answered_can_be_read(rig: &Rig) {
        let town = rig.workspace().await;
        for n in 1..=50_i64 {
            let write = rig.store.write(Scope::Workspace(town), note(town, n.to_string(), End::Well));
            write.await.unwrap();
            assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, n);
            assert_eq!(rig.number("SELECT MAX(event_seq) FROM workspaces").await, n);
        }
    }

    async fn a_lookup_changes_nothing(rig: &Rig) {
        rig.workspace().await;
        for sql in ["INSERT INTO notes (body) VALUES ('x') RETURNING 1", "DELETE FROM notes"] {
            assert!(rig.store.read(Select(sql)).await.is_err(), "{sql}");
        }
        assert_eq!(rig.number("SELECT COUNT(*) FROM notes").await, 0);
    }

    async fn a_failed_lookup_leaves_its_reader_whole(rig: &Rig) {
        for _ in 0..8 {
            assert_eq!(rig.store.read(Panics).await, Err(StoreError::Internal));
            assert_eq!(rig.store.read(Select("SELEKT")).await, Err(StoreError::Internal));
        }
        for _ in 0..8 {
            assert_eq!(rig.number("SELECT 7").await, 7);
        }
    }

    async fn a_list_is_one_parameter(rig: &Rig) {
        let town = rig.workspace().await;
        for body in ["a", "b", "c", "d\"'"] {
            rig.store.write(Scope::Workspace(town), note(town, body, End::Well)).await.unwrap();
        }
        let found = rig.store.read(Among(vec!["d\"'", "b", "a", "z"])).await.unwrap();
        assert_eq!(found, ["a", "d\"'"]);
        assert!(rig.store.read(Among(vec![])).await.unwrap().is_empty());
    }

    async fn many_read_at_once(rig: &Rig) {
        rig.workspace().await;
        let store = Arc::new(rig.store.clone());
        let reads = (0..200).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.read(Select("SELECT COUNT(*) FROM notes")).await })
        });
        for read in reads.collect::<Vec<_>>() {
            assert_eq!(read.await.unwrap().unwrap()[0].get(0), Ok(0_i64));
        }
    }
}
