//! The schema's history: which migrations this program has, which a database has, what to do.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::fmt::Write as _;

use clickclack_protocol::time::Millis;
use sha2::{Digest, Sha256};

use crate::OpenError;
use crate::randomness::Randomness;

/// One step of the schema, `0001_spine`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration {
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

mod embedded {
    use super::Migration;

    include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
}

/// The table that the store keeps for itself; the same words on both engines.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations \
    (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";

const APPLIED: &str = "SELECT name, checksum FROM migrations ORDER BY name";

const RECORD: &str = "INSERT INTO migrations (name, checksum, applied_at) VALUES ($1, $2, $3)";

/// The only row the store knows. Its epoch names this database's life.
const INSTANCE: &str = "INSERT INTO instance \
    (id, epoch, name, signup_policy, workspace_creation, created_at) \
    VALUES (1, $1, 'ClickClack', 'invite', 'everyone', $2) ON CONFLICT (id) DO NOTHING";

/// What was found and done on the way to an open database.
pub(crate) struct Schema {
    /// The migrations applied now.
    pub(crate) applied: Vec<String>,
    pub(crate) epoch: String,
}

/// How to bring a schema up to date.
pub(crate) struct Order<'a> {
    pub(crate) known: &'a [Migration],
    pub(crate) may_migrate: bool,
    pub(crate) now: Millis,
    pub(crate) epoch: String,
}

impl Order<'static> {
    pub(crate) fn new(
        engine: crate::Engine,
        may_migrate: bool,
        now: Millis,
        randomness: &dyn Randomness,
    ) -> Self {
        let known = match engine {
            crate::Engine::Sqlite => embedded::SQLITE,
            crate::Engine::Postgres => embedded::POSTGRES,
        };
        Self { known, may_migrate, now, epoch: fresh_epoch(randomness) }
    }
}

impl<'a> Order<'a> {
    /// The migrations that a database lacks which has `applied` (name, checksum).
    fn pending(&self, applied: &[(String, String)]) -> Result<Vec<&'a Migration>, OpenError> {
        let find = |name: &str| self.known.iter().find(|migration| migration.name == name);
        let unknown = applied.iter().filter(|(name, _)| find(name).is_none());
        let names: Vec<String> = unknown.map(|(name, _)| name.clone()).collect();
        if !names.is_empty() {
            return Err(OpenError::Newer { names });
        }
        for (name, checksum) in applied {
            if find(name).is_some_and(|migration| migration.checksum() != *checksum) {
                return Err(OpenError::Changed { name: name.clone() });
            }
        }
        let lacks =
            |migration: &&Migration| !applied.iter().any(|(name, _)| name == migration.name);
        let pending: Vec<&Migration> = self.known.iter().filter(lacks).collect();
        if !pending.is_empty() && !self.may_migrate {
            let names = pending.iter().map(|migration| migration.name.to_owned()).collect();
            return Err(OpenError::Behind { names });
        }
        Ok(pending)
    }
}

impl Migration {
    /// SHA-256 of the text, in hexadecimal.
    fn checksum(&self) -> String {
        hex(&Sha256::digest(self.sql.as_bytes()))
    }

    fn failed(&self, reason: impl std::fmt::Display) -> OpenError {
        OpenError::Migration { name: self.name.to_owned(), reason: reason.to_string() }
    }
}

/// 64 random bits as 16 hexadecimal digits: two lives of a database never meet.
fn fresh_epoch(randomness: &dyn Randomness) -> String {
    let mut bytes = [0; 8];
    randomness.fill(&mut bytes);
    hex(&bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes what is written into it");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Migration] =
        &[Migration { name: "0001_a", sql: "a" }, Migration { name: "0002_b", sql: "b" }];

    fn order(may_migrate: bool) -> Order<'static> {
        Order { known: KNOWN, may_migrate, now: 1, epoch: String::new() }
    }

    fn applied(names: &[(&str, &str)]) -> Vec<(String, String)> {
        let checksum = |sql: &str| hex(&Sha256::digest(sql.as_bytes()));
        names.iter().map(|(name, sql)| ((*name).to_owned(), checksum(sql))).collect()
    }

    #[test]
    fn what_is_missing_is_pending_in_order() {
        let names = |applied: &[(String, String)]| -> Vec<&str> {
            order(true).pending(applied).unwrap().iter().map(|migration| migration.name).collect()
        };
        assert_eq!(names(&[]), ["0001_a", "0002_b"]);
        assert_eq!(names(&applied(&[("0001_a", "a")])), ["0002_b"]);
        assert!(names(&applied(&[("0001_a", "a"), ("0002_b", "b")])).is_empty());
    }

    #[test]
    fn a_database_that_does_not_fit_is_refused() {
        let newer = order(true).pending(&applied(&[("0001_a", "a"), ("0003_c", "c")]));
        assert!(matches!(newer, Err(OpenError::Newer { names }) if names == ["0003_c"]));
        let changed = order(true).pending(&applied(&[("0001_a", "another a")]));
        assert!(matches!(changed, Err(OpenError::Changed { name }) if name == "0001_a"));
        let behind = order(false).pending(&applied(&[("0001_a", "a")]));
        assert!(matches!(behind, Err(OpenError::Behind { names }) if names == ["0002_b"]));
    }
}
