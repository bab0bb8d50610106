//! What other processes write to the same database: the command line revokes a session, adds a
//! person. Looked for twice a second, with one small read each when nothing happens.

use std::time::Duration;

use clickclack_chat::Desk;
use clickclack_chat::heads::Heads;
use clickclack_chat::revocations::Revocations;
use clickclack_store::StoreError;
use tokio::time::{MissedTickBehavior, interval};

use crate::auth::caller::Authenticator;
use crate::leaves::Board;
use crate::socket::log::{Positions, stretch};

/// How often it is looked: a revoked session is cut within a second.
const EVERY: Duration = Duration::from_millis(500);

/// Follows the database.
pub struct Tail {
    desk: Desk,
    board: Board,
    authenticator: Authenticator,
    positions: Positions,
    /// The newest revocation that was seen; `None` before the first look.
    revoked: Option<i64>,
}

impl Tail {
    /// Tells these of what it finds.
    pub fn new(
        desk: Desk,
        board: Board,
        authenticator: Authenticator,
        positions: Positions,
    ) -> Self {
        Self { desk, board, authenticator, positions, revoked: None }
    }

    /// Looks until the task is aborted.
    pub async fn run(mut self) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut was_well = true;
        loop {
            ticks.tick().await;
            let looked = self.look().await;
            if let (Err(error), true) = (&looked, was_well) {
                tracing::warn!(%error, "cannot see what other processes write");
            }
            was_well = looked.is_ok();
        }
    }

    /// Looks once.
    pub async fn look(&mut self) -> Result<(), StoreError> {
        self.revocations().await?;
        self.logs().await
    }

    async fn revocations(&mut self) -> Result<(), StoreError> {
        let page = self.desk.look(Revocations { after_seq: self.revoked }).await?;
        for ended in page.items {
            self.authenticator.forget(ended.user_id, ended.session_id);
            self.board.revoked(ended.user_id, ended.session_id);
        }
        self.revoked = Some(page.newest_seq);
        Ok(())
    }

    async fn logs(&self) -> Result<(), StoreError> {
        let workspace_ids = self.positions.followed(|id| self.board.watches(id));
        if workspace_ids.is_empty() {
            return Ok(());
        }
        for (workspace_id, head) in self.desk.look(Heads { workspace_ids }).await? {
            if self.positions.of(workspace_id).is_none_or(|seen| seen >= head) {
                continue;
            }
            // The newest is enough: the hub sees what it lacks before it and reads that in pieces.
            // Some of it may have been committed here this very moment: the hub drops doubles.
            let newest = stretch(&self.desk, workspace_id, head - 1, head).await?;
            self.positions.passed(workspace_id, head);
            self.board.committed(newest);
        }
        Ok(())
    }
}
