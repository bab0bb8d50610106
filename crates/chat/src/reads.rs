//! How far a person has read: state of their own, kept per channel, never moving back.

use std::sync::Arc;

use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, params};

use crate::access::{self, AccessError};
use crate::desk::{Deed, Target};
use crate::live::{Notice, Personal};

/// Moves a reading position forward; answers the new state when it moved.
pub(crate) async fn advance(
    tx: &mut Tx,
    who: (WorkspaceId, UserId),
    channel_id: ChannelId,
    seq: i64,
) -> Result<Option<api::ReadState>, StoreError> {
    place(tx, who, channel_id, seq, "WHERE excluded.read_seq > reads.read_seq").await
}

/// Starts a channel that somebody comes into as read up to its newest message. It is told also to
/// those who had read as far before they left: they forgot it with the channel.
pub(crate) async fn start(
    tx: &mut Tx,
    who: (WorkspaceId, UserId),
    channel_id: ChannelId,
    last_seq: i64,
) -> Result<api::ReadState, StoreError> {
    place(tx, who, channel_id, last_seq, "").await?.ok_or(StoreError::Internal)
}

/// Writes a position where the one that is there fulfils a condition.
///
/// The version comes from the membership, which only this workspace's actions write: a counter of
/// the account would be fought over by workspaces that lock in different orders.
async fn place(
    tx: &mut Tx,
    (workspace_id, user_id): (WorkspaceId, UserId),
    channel_id: ChannelId,
    seq: i64,
    condition: &'static str,
) -> Result<Option<api::ReadState>, StoreError> {
    let version: i64 = tx
        .one(
            "UPDATE members SET state_version = state_version + 1
             WHERE workspace_id = $1 AND user_id = $2 RETURNING state_version",
            params![workspace_id, user_id],
        )
        .await?
        .get(0)?;
    let sql = format!(
        "INSERT INTO reads (user_id, channel_id, read_seq, version) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, channel_id)
         DO UPDATE SET read_seq = excluded.read_seq, version = excluded.version {condition}
         RETURNING channel_id, read_seq, version"
    );
    let moved = tx.maybe(&sql, params![user_id, channel_id, seq, version]).await?;
    moved.map(|row| from_row(&row)).transpose()
}

fn from_row(row: &Row) -> Result<api::ReadState, StoreError> {
    Ok(api::ReadState {
        channel_id: row.get(0)?,
        read_seq: row.get(1)?,
        unread: 0,
        mentions: 0,
        version: row.get(2)?,
        as_of: String::new(),
    })
}

/// Says how far one has read.
#[derive(Debug, Clone)]
pub struct MarkRead {
    /// Who.
    pub actor: UserId,
    /// Where.
    pub channel_id: ChannelId,
    /// Up to which message; what lies beyond the newest counts as the newest.
    pub seq: i64,
}

impl Deed for MarkRead {
    fn target(&self) -> Target {
        Target::Channel(self.channel_id)
    }
}

impl Action for MarkRead {
    type Output = api::ReadState;
    type Error = AccessError;

    async fn run(&self, tx: &mut Tx) -> Result<api::ReadState, AccessError> {
        let viewer = access::to_view(tx, self.actor, self.channel_id).await?;
        let seq = self.seq.clamp(0, viewer.last_seq);
        let who = (viewer.member.workspace_id, self.actor);
        // Looked at first: a mark that changes nothing must not cost a write.
        let here = tx
            .maybe(
                "SELECT channel_id, read_seq, version FROM reads
                 WHERE user_id = $1 AND channel_id = $2",
                params![self.actor, self.channel_id],
            )
            .await?;
        if let Some(read) = here.as_ref().map(from_row).transpose()?
            && read.read_seq >= seq
        {
            return Ok(read);
        }
        let read = advance(tx, who, self.channel_id, seq).await?.ok_or(StoreError::Internal)?;
        tx.notify(Arc::new(Notice::Personal {
            workspace_id: who.0,
            user_id: self.actor,
            state: Personal::Read(read.clone()),
        }));
        Ok(read)
    }
}

/// One's own state in a workspace, whole or what changed since a version.
#[derive(Debug, Clone)]
pub struct GetMyState {
    /// Who.
    pub actor: UserId,
    /// Where.
    pub workspace_id: WorkspaceId,
    /// The version of an earlier answer; 0 for everything.
    pub since: i64,
}

impl Lookup for GetMyState {
    type Output = api::PersonalState;
    type Error = AccessError;

    async fn run(&self, query: &mut Query) -> Result<api::PersonalState, AccessError> {
        access::to_enter(query, self.actor, self.workspace_id).await?;
        Ok(personal(query, (self.workspace_id, self.actor), self.since).await?)
    }
}

/// What a member keeps for themselves. Positions in channels that they do not see any more stay out.
pub(crate) async fn personal(
    query: &mut Query,
    (workspace_id, user_id): (WorkspaceId, UserId),
    since: i64,
) -> Result<api::PersonalState, StoreError> {
    let version = query
        .one(
            "SELECT state_version FROM members WHERE workspace_id = $1 AND user_id = $2",
            params![workspace_id, user_id],
        )
        .await?
        .get(0)?;
    let rows = query
        .rows(
            "SELECT r.channel_id, r.read_seq, r.version FROM reads r
             JOIN channels c ON c.id = r.channel_id AND c.workspace_id = $1
             JOIN members m ON m.workspace_id = c.workspace_id AND m.user_id = r.user_id
             LEFT JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = r.user_id
             WHERE r.user_id = $2 AND r.version > $3
               AND (cm.user_id IS NOT NULL OR (c.kind = 'public' AND m.role <> 'guest'))
             ORDER BY r.channel_id",
            params![workspace_id, user_id, since],
        )
        .await?;
    Ok(api::PersonalState {
        version,
        reads: rows.iter().map(from_row).collect::<Result<_, _>>()?,
        follows: Vec::new(),
        follows_complete: true,
        saved: Vec::new(),
        drafts: Vec::new(),
        channel_preferences: Vec::new(),
        sidebar: api::Sidebar { sections: Vec::new(), version: 0 },
    })
}
