//! A workspace with people in it, on a database of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use clickclack_chat::Desk;
use clickclack_protocol::ids::UserId;
use clickclack_protocol::time::{Clock, Millis};
use clickclack_store::{Action, Scope, SeededRandomness, Settings, Store, StoreError, Tx, params};
use clickclack_trial::Database;

/// A clock that moves one millisecond each time it is read.
pub(crate) struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Millis {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// A desk over an empty database.
pub(crate) struct Town {
    pub(crate) desk: Desk,
}

impl Town {
    pub(crate) async fn open(database: &Database, seed: u64) -> Self {
        let clock = Arc::new(Ticking(AtomicI64::new(1_795_000_000_000)));
        let mut settings = Settings::new(database.url(), clock);
        settings.randomness = Arc::new(SeededRandomness::new(seed));
        settings.readers = 1;
        let desk = Desk::new(Store::open(settings).await.unwrap());
        Self { desk }
    }

    /// An account that can act, without a way to sign in.
    pub(crate) async fn person(&self, name: &str) -> UserId {
        let action = InsertPerson { name: name.to_owned() };
        self.desk.store().write(Scope::Instance, action).await.unwrap()
    }
}

struct InsertPerson {
    name: String,
}

impl Action for InsertPerson {
    type Output = UserId;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<UserId, StoreError> {
        let id: UserId = tx.new_id();
        let now = tx.now();
        tx.execute(
            "INSERT INTO users (id, kind, name, name_folded, created_at)
             VALUES ($1, 'human', $2, $3, $4)",
            params![id, &self.name, self.name.to_lowercase(), now],
        )
        .await?;
        Ok(id)
    }
}
