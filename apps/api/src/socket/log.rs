//! The log as the switchboard reads it, and how far this process has seen each one it follows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clickclack_chat::live::LiveEvent;
use clickclack_chat::replay::{LoadSubscription, ReadLog, ReplayError};
use clickclack_chat::{AccessError, Desk};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{UserId, WorkspaceId};
use clickclack_realtime::{Loaded, LogReader, SeenChannel, SubscriptionSnapshot, Unavailable};
use clickclack_store::StoreError;

/// Events read at once.
const STRETCH: i64 = 500;

/// Reads logs from the database.
pub struct Log {
    desk: Desk,
    positions: Positions,
}

impl Log {
    /// Reads through this desk and notes what is followed.
    pub fn new(desk: Desk, positions: Positions) -> Self {
        Self { desk, positions }
    }
}

impl LogReader for Log {
    async fn load(
        &self,
        user_id: UserId,
        workspace_id: WorkspaceId,
        after: Option<Cursor>,
    ) -> Result<Loaded, Unavailable> {
        match self.desk.look(LoadSubscription { actor: user_id, workspace_id, after }).await {
            Ok(found) => {
                self.positions.follow(workspace_id, found.as_of);
                let public = |id| found.public_ids.contains(id);
                let channels = found.channel_ids.iter();
                Ok(Loaded::Here(Box::new(SubscriptionSnapshot {
                    as_of_seq: found.as_of,
                    channels: channels
                        .map(|id| SeenChannel { id: *id, public: public(id) })
                        .collect(),
                    visibility: found.visibility,
                    personal: found.personal,
                    replay: found.replay,
                })))
            }
            Err(ReplayError::Resync(reason)) => Ok(Loaded::Resync(reason)),
            Err(ReplayError::Access(AccessError::NotFound | AccessError::Forbidden)) => {
                Ok(Loaded::NotFound)
            }
            Err(ReplayError::Access(AccessError::Store(error))) => Err(unavailable(&error)),
        }
    }

    async fn events(
        &self,
        workspace_id: WorkspaceId,
        from: i64,
        to: i64,
    ) -> Result<Vec<LiveEvent>, Unavailable> {
        stretch(&self.desk, workspace_id, from - 1, to).await.map_err(|error| unavailable(&error))
    }
}

fn unavailable(error: &StoreError) -> Unavailable {
    tracing::warn!(%error, "a log could not be read");
    Unavailable
}

/// The events after a sequence up to another.
pub async fn stretch(
    desk: &Desk,
    workspace_id: WorkspaceId,
    mut after: i64,
    to: i64,
) -> Result<Vec<LiveEvent>, StoreError> {
    let mut events = Vec::new();
    while after < to {
        let wanted = ReadLog { workspace_id, after, to: Some(to), limit: STRETCH };
        let found = desk.look(wanted).await?;
        if found.end == after {
            break;
        }
        after = found.end;
        events.extend(found.events);
    }
    Ok(events)
}

/// The newest sequence that this process has seen of each log that somebody follows here. Another
/// process that writes shows as a log that ends beyond it. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Positions(Arc<Mutex<HashMap<WorkspaceId, i64>>>);

impl Positions {
    /// Somebody follows a log that was read up to here.
    pub fn follow(&self, workspace_id: WorkspaceId, seq: i64) {
        let mut positions = self.lock();
        let position = positions.entry(workspace_id).or_insert(seq);
        *position = seq.max(*position);
    }

    /// An event was committed here.
    pub fn passed(&self, workspace_id: WorkspaceId, seq: i64) {
        if let Some(position) = self.lock().get_mut(&workspace_id) {
            *position = seq.max(*position);
        }
    }

    /// How far a log has been seen, if anybody follows it.
    pub fn of(&self, workspace_id: WorkspaceId) -> Option<i64> {
        self.lock().get(&workspace_id).copied()
    }

    /// The logs that are followed; those that nobody follows any more are forgotten.
    pub fn followed(&self, is_followed: impl Fn(WorkspaceId) -> bool) -> Vec<WorkspaceId> {
        let mut positions = self.lock();
        positions.retain(|id, _| is_followed(*id));
        positions.keys().copied().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<WorkspaceId, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
