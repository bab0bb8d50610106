//! The reference of P1: a bare rusqlite loop that writes the rows of a send, 64 sends in one
//! transaction, with the schema, the pragmas and the fsync of the product.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

/// A message of ordinary length.
pub(crate) const BODY: &str =
    "Release train is at 15:00. Anything that should *not* board, say so here before the freeze.";
const BATCH: usize = 64;
const SCHEMA: [&str; 2] = [
    include_str!("../../infra/migrations/sqlite/0001_spine.sql"),
    include_str!("../../infra/migrations/sqlite/0002_conversation.sql"),
];

/// The loop over a database of its own.
pub(crate) struct Loop {
    database: Connection,
    senders: usize,
    channels: usize,
    count: usize,
}

impl Loop {
    pub(crate) fn open(path: &Path, senders: usize, channels: usize) -> anyhow::Result<Self> {
        let database = Connection::open(path)?;
        database.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA cache_size = -16000; PRAGMA mmap_size = 134217728;",
        )?;
        database.execute_batch(&SCHEMA.concat())?;
        database.execute("INSERT INTO workspaces VALUES ('wsp', 'Tidepool', 0, 0, 0)", [])?;
        for number in 0..senders {
            database.execute(
                "INSERT INTO users (id, kind, name, name_folded, created_at)
                 VALUES (?1, 'human', 'x', 'x', 0)",
                [user(number)],
            )?;
            database.execute(
                "INSERT INTO members (workspace_id, user_id, role, joined_at)
                 VALUES ('wsp', ?1, 'member', 0)",
                [user(number)],
            )?;
        }
        for number in 0..channels {
            database.execute(
                "INSERT INTO channels (id, workspace_id, kind, name, created_by, created_at)
                 VALUES (?1, 'wsp', 'public', ?1, ?2, 0)",
                [channel(number), user(0)],
            )?;
        }
        Ok(Self { database, senders, channels, count: 0 })
    }

    /// Writes for so long; sends a second.
    pub(crate) fn run(&mut self, each: Duration) -> anyhow::Result<f64> {
        let (start, first) = (Instant::now(), self.count);
        while start.elapsed() < each {
            self.database.execute_batch("BEGIN IMMEDIATE")?;
            for _ in 0..BATCH {
                self.send()?;
            }
            let event_seq = i64::try_from(self.count)?;
            let mut log = self.database.prepare_cached("UPDATE workspaces SET event_seq = ?1")?;
            log.execute([event_seq])?;
            drop(log);
            self.database.execute_batch("COMMIT")?;
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of sends fits in a float")]
        Ok((self.count - first) as f64 / start.elapsed().as_secs_f64())
    }

    fn send(&mut self) -> rusqlite::Result<()> {
        let count = self.count;
        self.count += 1;
        let version = i64::try_from(count).expect("nobody sends 2^63 messages");
        let (author, channel) = (user(count % self.senders), channel(count % self.channels));
        let id = format!("msg_01M7Q5CQG5{count:016}");
        let nonce = format!("bench-{count}");
        let database = &self.database;
        let seq: i64 = database
            .prepare_cached(
                "UPDATE channels SET last_seq = last_seq + 1 WHERE id = ?1 RETURNING last_seq",
            )?
            .query_row([&channel], |row| row.get(0))?;
        database
            .prepare_cached(
                "INSERT INTO messages (id, channel_id, seq, author_id, body, nonce, version,
                 created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)",
            )?
            .execute(params![id, channel, seq, author, BODY, nonce, version])?;
        database.prepare_cached("INSERT INTO sends VALUES (?1, ?2, ?3, ?4)")?.execute(params![
            author,
            nonce,
            FINGERPRINT,
            id
        ])?;
        let state: i64 = database
            .prepare_cached(
                "UPDATE members SET state_version = state_version + 1
                 WHERE workspace_id = 'wsp' AND user_id = ?1 RETURNING state_version",
            )?
            .query_row([&author], |row| row.get(0))?;
        database
            .prepare_cached(
                "INSERT INTO reads VALUES (?1, ?2, ?3, ?4) ON CONFLICT (user_id, channel_id)
                 DO UPDATE SET read_seq = excluded.read_seq, version = excluded.version",
            )?
            .execute(params![author, channel, seq, state])?;
        database
            .prepare_cached("INSERT INTO events VALUES ('wsp', ?1, ?2, ?3, ?4, ?5, NULL, NULL, 0)")?
            .execute(params![version, id, "message.created", channel, id])?;
        Ok(())
    }
}

/// As long as the real one.
const FINGERPRINT: &str = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg";

fn user(number: usize) -> String {
    format!("usr_01M7Q5CQG5{number:016}")
}

fn channel(number: usize) -> String {
    format!("chn_01M7Q5CQG5{number:016}")
}
