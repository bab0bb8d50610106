//! Reading: statements over a connection of either engine.

use crate::value::{Row, Value};
use crate::{Engine, StoreError, postgres, sqlite};

/// A connection inside a transaction. Access functions take `&mut Query`, so that they work in
/// lookups and, through [`Tx`](crate::Tx), in actions.
///
/// After a failed statement the transaction is over for its action or lookup on both engines:
/// PostgreSQL cannot go on, and SQLite must not, or the two would differ.
pub struct Query {
    pub(crate) connection: Connection,
    failed: bool,
}

/// The connection itself. Owned, so that what holds it may move between threads.
pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(Box<deadpool_postgres::Object>),
}

impl Query {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection, failed: false }
    }

    /// The engine, for the fragments of SQL in which the two differ.
    pub fn engine(&self) -> Engine {
        match self.connection {
            Connection::Sqlite(_) => Engine::Sqlite,
            Connection::Postgres(_) => Engine::Postgres,
        }
    }

    /// All rows of the answer.
    pub async fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.check(params)?;
        let rows = match &mut self.connection {
            Connection::Sqlite(connection) => sqlite::statement::rows(connection, sql, params),
            Connection::Postgres(client) => postgres::statement::rows(client, sql, params).await,
        };
        self.failed |= rows.is_err();
        rows
    }

    /// The one row that the answer must have.
    pub async fn one(&mut self, sql: &str, params: &[Value]) -> Result<Row, StoreError> {
        let row = self.maybe(sql, params).await?;
        row.ok_or_else(|| StoreError::internal(format_args!("no row where one must be: {sql}")))
    }

    /// The row of an answer that has at most one.
    pub async fn maybe(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        let mut rows = self.rows(sql, params).await?;
        if rows.len() > 1 {
            return Err(StoreError::internal(format_args!("more than one row: {sql}")));
        }
        Ok(rows.pop())
    }

    /// Runs a statement that answers no rows; how many it touched.
    pub(crate) async fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        self.check(params)?;
        let touched = match &mut self.connection {
            Connection::Sqlite(connection) => sqlite::statement::execute(connection, sql, params),
            Connection::Postgres(client) => postgres::statement::execute(client, sql, params).await,
        };
        self.failed |= touched.is_err();
        touched
    }

    /// Steers the transaction: BEGIN, SAVEPOINT, COMMIT… Several statements are joined with `"; "`,
    /// one round trip on PostgreSQL; the first that fails ends the list.
    pub(crate) async fn control(&mut self, sql: &'static str) -> Result<(), StoreError> {
        match &mut self.connection {
            Connection::Sqlite(connection) => sqlite::statement::control(connection, sql),
            Connection::Postgres(client) => postgres::statement::control(client, sql).await,
        }
    }

    /// Whether the connection is still inside its transaction, as far as it can be known without
    /// asking the server. SQLite drops a transaction by itself when the disk is full or memory ends.
    pub(crate) fn stands(&self) -> bool {
        match &self.connection {
            Connection::Sqlite(connection) => !connection.is_autocommit(),
            Connection::Postgres(client) => !client.is_closed(),
        }
    }

    /// Whether a statement has failed since [`Query::renew`].
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Forgets the failure, after a rollback or before a transaction.
    pub(crate) fn renew(&mut self) {
        self.failed = false;
    }

    fn check(&self, params: &[Value]) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::internal("a statement followed one that had failed"));
        }
        let nul = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
        if params.iter().any(nul) { Err(StoreError::Nul) } else { Ok(()) }
    }
}
