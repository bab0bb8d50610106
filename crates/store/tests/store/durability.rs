//! What is on the disk when somebody has their answer.

use clickclack_store::{
    Action, Engine, Lookup, Query, Scope, Settings, Store, StoreError, Tx, params,
};

use crate::both;
use crate::rig::{End, note};

struct Notes;

impl Lookup for Notes {
    type Output = i64;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<i64, StoreError> {
        query.one("SELECT COUNT(*) FROM notes", params![]).await?.get(0)
    }
}

/// What the writer has been told about waiting for the disk.
struct Patience;

impl Action for Patience {
    type Output = String;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<String, StoreError> {
        let sql = match tx.engine() {
            Engine::Sqlite => "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous",
            Engine::Postgres => "SELECT current_setting('synchronous_commit')",
        };
        tx.one(sql, params![]).await?.get(0)
    }
}

both! {
    async fn an_answer_waits_for_the_disk_unless_it_was_told_not_to(rig: &Rig) {
        let town = rig.workspace().await;
        let answered = rig.store.write(Scope::Instance, Patience).await.unwrap();
        assert!(["2", "on"].contains(&answered.as_str()), "{answered}");

        let hasty = Store::open(Settings { durable: false, ..rig.settings() }).await.unwrap();
        let answered = hasty.write(Scope::Instance, Patience).await.unwrap();
        assert!(["1", "off"].contains(&answered.as_str()), "{answered}");
        hasty.write(Scope::Workspace(town), note(town, "in haste", End::Well)).await.unwrap();
        hasty.close().await;
        assert_eq!(rig.store.read(Notes).await, Ok(1));
    }
}
