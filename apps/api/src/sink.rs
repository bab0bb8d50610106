//! What happens with a commit: events go to the switchboard, notices to whom they concern.

use std::sync::Arc;

use clickclack_chat::live::Notice;
use clickclack_chat::log;
use clickclack_store::{Committed, Outcome, Sink};
use tokio::sync::Notify;

use crate::auth::caller::Authenticator;
use crate::leaves::Board;
use crate::socket::log::Positions;

/// Told by the store of every commit of this process.
pub struct Announcer {
    epoch: String,
    board: Board,
    authenticator: Authenticator,
    positions: Positions,
    jobs: Arc<Notify>,
}

impl Announcer {
    /// Tells all of these.
    pub fn new(
        epoch: String,
        board: Board,
        authenticator: Authenticator,
        positions: Positions,
        jobs: Arc<Notify>,
    ) -> Self {
        Self { epoch, board, authenticator, positions, jobs }
    }

    fn event(&self, committed: &Committed) {
        self.positions.passed(committed.workspace_id, committed.seq);
        if !self.board.watches(committed.workspace_id) {
            return;
        }
        // No panic here: this runs in the store's writer, between a commit and its answer.
        if let Some(event) = log::live(committed, &self.epoch) {
            self.board.committed([event]);
        } else {
            tracing::error!(?committed, "an event that the domain did not write");
        }
    }

    fn notice(&self, notice: &Notice) {
        match notice {
            Notice::Personal { workspace_id, user_id, state } => {
                self.board.personal(*workspace_id, *user_id, state.clone());
            }
            Notice::Revoked { user_id, session_id, .. } => {
                // First forgotten, then closed: who connects in between is asked again.
                self.authenticator.forget(*user_id, *session_id);
                self.board.revoked(*user_id, *session_id);
            }
            Notice::JobWaiting => self.jobs.notify_one(),
        }
    }
}

impl Sink for Announcer {
    fn committed(&self, batch: Vec<Outcome>) {
        for outcome in batch {
            match outcome {
                Outcome::Event(committed) => self.event(&committed),
                Outcome::Notice(notice) => {
                    if let Some(notice) = notice.downcast_ref::<Notice>() {
                        self.notice(notice);
                    }
                }
            }
        }
    }
}
