//! The few words in which the two engines differ.
//!
//! Everything else is written in what they share: `CAST(SUM(x) AS BIGINT)`, `NULLS LAST`,
//! `ON CONFLICT`, `RETURNING`; every TEXT column compares by bytes on both.

use std::fmt;

/// The database behind a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the server.
    Sqlite,
    /// A PostgreSQL server, 15 or newer.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

impl Engine {
    /// Ends a SELECT whose rows must not change before the action commits. SQLite has one writer,
    /// so there it is nothing. PostgreSQL leaves the keys free, for which every new row that points
    /// to a locked one asks: else a locked person's sends in other workspaces would wait as well,
    /// and two such waits can meet in a circle.
    pub fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR NO KEY UPDATE",
        }
    }

    /// The condition that a TEXT column is in a list: `among("m.id", "$2")`, bound to
    /// [`Value::list`](crate::Value::list).
    pub fn among(self, column: &str, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("{column} IN (SELECT value FROM json_each({parameter}))"),
            Self::Postgres => {
                format!(
                    "{column} = ANY (ARRAY(SELECT json_array_elements_text({parameter}::json)))"
                )
            }
        }
    }

    /// Opens a transaction for a batch of actions.
    pub(crate) fn begin(self) -> &'static str {
        match self {
            // Taking the write lock now spares a batch that could fail at its first write.
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        }
    }

    /// Opens a transaction that sees one state of the database.
    pub(crate) fn begin_snapshot(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN DEFERRED",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }
}
