//! All that one person needs to show a workspace, as of one position in its log.

use clickclack_protocol::api;
use clickclack_protocol::ids::{UserId, WorkspaceId};
use clickclack_store::{Lookup, Query, StoreError, params};

use crate::access::{self, AccessError};
use crate::channels::{self, VISIBLE};
use crate::members;
use crate::messages::as_of;
use crate::reads;
use crate::workspaces;

/// Members that a snapshot carries; the directory pages through the rest.
pub const MEMBERS: i64 = 1_000;

/// The snapshot of a workspace. Presence is not kept in the database: the door adds it.
#[derive(Debug, Clone)]
pub struct GetSnapshot {
    /// Who reads.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
}

impl Lookup for GetSnapshot {
    type Output = api::Snapshot;
    type Error = AccessError;

    async fn run(&self, query: &mut Query) -> Result<api::Snapshot, AccessError> {
        access::to_enter(query, self.actor, self.workspace_id).await?;
        let me = members::load(query, self.workspace_id, self.actor)
            .await?
            .ok_or(AccessError::NotFound)?;
        let mut members = self.members(query).await?;
        let members_complete = i64::try_from(members.len()).is_ok_and(|count| count <= MEMBERS);
        if !members_complete {
            members.pop();
        }
        let sql = format!(
            "SELECT {}, cm.user_id IS NOT NULL FROM {VISIBLE} ORDER BY c.id",
            channels::COLUMNS
        );
        let rows = query.rows(&sql, params![self.actor, self.workspace_id]).await?;
        let mut joined_channel_ids = Vec::new();
        let mut channels = Vec::with_capacity(rows.len());
        for row in &rows {
            let channel = channels::from_row(row)?;
            if row.get::<bool>(10)? {
                joined_channel_ids.push(channel.id);
            }
            channels.push(channel);
        }
        let personal = reads::personal(query, (self.workspace_id, self.actor), 0).await?;
        Ok(api::Snapshot {
            as_of: as_of(query, self.workspace_id).await?,
            workspace: workspaces::load(query, self.workspace_id).await?,
            me,
            members,
            members_complete,
            channels,
            joined_channel_ids,
            personal,
            presence: Vec::new(),
        })
    }
}

impl GetSnapshot {
    /// One member more than a snapshot carries tells whether it carries them all.
    async fn members(&self, query: &mut Query) -> Result<Vec<api::Member>, StoreError> {
        let sql = format!(
            "SELECT {} FROM {} WHERE m.workspace_id = $1 ORDER BY m.user_id LIMIT $2",
            members::COLUMNS,
            members::TABLES
        );
        let rows = query.rows(&sql, params![self.workspace_id, MEMBERS + 1]).await?;
        rows.iter().map(members::from_row).collect()
    }
}
