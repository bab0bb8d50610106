//! What every part of a member's own state shares: its version, how it is told, and what becomes of
//! it when the member leaves or comes back.

use std::sync::Arc;

use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};
use clickclack_store::{StoreError, Tx, params};

use crate::live::{Notice, Personal};

/// Joins a channel `c` of the workspace `$2` with the person `$1`, and keeps it if they see it. What
/// they keep about channels stands before it with a CROSS JOIN: that is how SQLite is told to begin
/// there, and not with every channel of the workspace.
pub(crate) const SEEN: &str =
    "JOIN members me ON me.workspace_id = c.workspace_id AND me.user_id = $1
     LEFT JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = me.user_id
     WHERE c.workspace_id = $2
       AND (cm.user_id IS NOT NULL OR (c.kind = 'public' AND me.role <> 'guest'))";

/// Counts a change. The version comes from the membership, which only this workspace's actions
/// write: a counter of the account would be fought over by workspaces that lock in different orders.
pub(crate) async fn next_version(
    tx: &mut Tx,
    (workspace_id, user_id): (WorkspaceId, UserId),
) -> Result<i64, StoreError> {
    tx.one(
        "UPDATE members SET state_version = state_version + 1
         WHERE workspace_id = $1 AND user_id = $2 RETURNING state_version",
        params![workspace_id, user_id],
    )
    .await?
    .get(0)
}

/// Tells the person's own sessions after the commit.
pub(crate) fn tell(tx: &mut Tx, (workspace_id, user_id): (WorkspaceId, UserId), state: Personal) {
    tx.notify(Arc::new(Notice::Personal { workspace_id, user_id, state }));
}

/// Forgets what somebody who leaves the workspace kept there.
pub(crate) async fn forget(
    tx: &mut Tx,
    (workspace_id, user_id): (WorkspaceId, UserId),
) -> Result<(), StoreError> {
    const OF_CHANNELS: [&str; 2] = [
        "DELETE FROM drafts WHERE user_id = $1
         AND channel_id IN (SELECT id FROM channels WHERE workspace_id = $2)",
        "DELETE FROM channel_preferences WHERE user_id = $1
         AND channel_id IN (SELECT id FROM channels WHERE workspace_id = $2)",
    ];
    const OF_WORKSPACES: [&str; 3] = [
        "DELETE FROM thread_follows WHERE user_id = $1 AND workspace_id = $2",
        "DELETE FROM saved_messages WHERE user_id = $1 AND workspace_id = $2",
        "DELETE FROM sidebars WHERE user_id = $1 AND workspace_id = $2",
    ];
    for sql in OF_CHANNELS.into_iter().chain(OF_WORKSPACES) {
        tx.execute(sql, params![user_id, workspace_id]).await?;
    }
    Ok(())
}

/// Counts what somebody keeps in a channel as changed when they come into it: their clients forgot
/// it when they lost the channel, and find it again by asking for what changed since.
pub(crate) async fn renew(
    tx: &mut Tx,
    who: (WorkspaceId, UserId),
    channel_id: ChannelId,
    version: i64,
) -> Result<(), StoreError> {
    const ALL: [&str; 4] = [
        "UPDATE thread_follows SET version = $1 WHERE user_id = $2 AND EXISTS
         (SELECT 1 FROM messages m WHERE m.id = thread_follows.root_id AND m.channel_id = $3)",
        "UPDATE drafts SET version = $1 WHERE user_id = $2 AND channel_id = $3",
        "UPDATE channel_preferences SET version = $1 WHERE user_id = $2 AND channel_id = $3",
        "UPDATE saved_messages SET version = $1 WHERE user_id = $2 AND EXISTS
         (SELECT 1 FROM messages m WHERE m.id = saved_messages.message_id AND m.channel_id = $3)",
    ];
    for sql in ALL {
        tx.execute(sql, params![version, who.1, channel_id]).await?;
    }
    tx.execute(
        "UPDATE sidebars SET version = $1
         WHERE user_id = $2 AND workspace_id = $3 AND sections LIKE $4",
        params![version, who.1, who.0, format!("%{channel_id}%")],
    )
    .await?;
    Ok(())
}
