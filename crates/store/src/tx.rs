//! Writing: what an action may do beyond reading.

use std::any::Any;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use clickclack_protocol::ids::{EventId, Id, WorkspaceId};
use clickclack_protocol::time::Millis;

use crate::context::Context;
use crate::event::{Committed, LogRow};
use crate::ledger::Ledger;
use crate::query::Query;
use crate::value::Value;
use crate::{StoreError, params};

/// The transaction of a batch, lent to one action at a time.
pub struct Tx {
    pub(crate) query: Query,
    pub(crate) ledger: Ledger,
    pub(crate) context: Arc<Context>,
    now: Millis,
}

impl Deref for Tx {
    type Target = Query;

    fn deref(&self) -> &Query {
        &self.query
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Query {
        &mut self.query
    }
}

impl Tx {
    pub(crate) fn new(query: Query, context: Arc<Context>) -> Self {
        Self { query, ledger: Ledger::default(), context, now: 0 }
    }

    /// Looks at the clock for the next action.
    pub(crate) fn tick(&mut self) {
        self.now = self.context.clock.now();
    }

    /// Runs a statement that answers no rows; how many rows it touched.
    pub async fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        self.query.execute(sql, params).await
    }

    /// The time of this action; it does not move while the action runs.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// A new id, greater than every id made before.
    pub fn new_id<T: Id>(&mut self) -> T {
        self.context.mint.id(self.now, &*self.context.randomness)
    }

    /// A new id as text, `prefix_` and a ULID, for rows that have no id type of their own.
    pub fn new_key(&mut self, prefix: &str) -> String {
        let mut buffer = [0; ulid::ULID_LEN];
        let ulid = self.context.mint.next(self.now, &*self.context.randomness);
        format!("{prefix}_{}", ulid.array_to_str(&mut buffer))
    }

    /// 32 bytes that nobody can guess.
    pub fn secret(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.context.randomness.fill(&mut bytes);
        bytes
    }

    /// The newest sequence of a log in the action's scope, its own reservations included; `None`
    /// when there is no such workspace. The column `workspaces.event_seq` lags behind it inside a
    /// transaction.
    pub fn seq(&self, workspace: WorkspaceId) -> Option<i64> {
        self.ledger.seq(workspace)
    }

    /// Opens the log of a workspace whose row this action has just inserted: no one else can know
    /// it before commit, so it needs no lock.
    pub fn begin_log(&mut self, workspace: WorkspaceId) {
        self.ledger.begin(workspace);
    }

    /// Reserves the next sequence of a log in the action's scope. Each must be emitted, in order,
    /// before the action ends: logs have no holes.
    pub fn next_seq(&mut self, workspace: WorkspaceId) -> Result<i64, StoreError> {
        self.ledger.reserve(workspace)
    }

    /// Writes an event to the log and tells it after commit.
    pub async fn emit(&mut self, row: LogRow) -> Result<EventId, StoreError> {
        const SQL: &str = "INSERT INTO events \
            (workspace_id, seq, id, type, channel_id, subject_id, user_id, facts, created_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let LogRow { workspace_id, seq, kind, channel_id, subject_id, user_id, facts, live } = row;
        if !self.ledger.is_due(workspace_id, seq) {
            return Err(StoreError::internal(format_args!("{kind} was emitted out of order")));
        }
        let (event_id, created_at): (EventId, Millis) = (self.new_id(), self.now);
        let params = params![
            workspace_id,
            seq,
            event_id,
            kind,
            channel_id,
            subject_id,
            user_id,
            facts,
            created_at
        ];
        self.query.execute(SQL, params).await?;
        self.ledger.emitted(Committed { workspace_id, seq, event_id, created_at, kind, live });
        Ok(event_id)
    }

    /// Tells something after commit that no log keeps: personal state, revocations.
    pub fn notify(&mut self, notice: Arc<dyn Any + Send + Sync>) {
        self.ledger.notify(notice);
    }
}
