//! How far a person has read, per channel: state of their own, which moves back only when they
//! mark something unread.

use clickclack_protocol::api;
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, params};

use crate::access::{self, AccessError};
use crate::desk::{Deed, Target};
use crate::follows;
use crate::live::Personal;
use crate::messages::as_of;
use crate::personal::tell;
use crate::{drafts, preferences, saved, unread};

/// A member and the workspace in which they keep something.
pub(crate) type Who = (WorkspaceId, UserId);

/// A change of what a member keeps for themselves.
pub(crate) struct Step {
    /// Their state's version from now on.
    pub(crate) version: i64,
    /// The position in the log at which it was made.
    pub(crate) as_of: String,
}

/// Counts a change of what a member keeps for themselves.
///
/// The version comes from the membership, which only this workspace's actions write: a counter of
/// the account would be fought over by workspaces that lock in different orders.
pub(crate) async fn step(tx: &mut Tx, (workspace_id, user_id): Who) -> Result<Step, StoreError> {
    let row = tx
        .one(
            "UPDATE members SET state_version = state_version + 1
             WHERE workspace_id = $1 AND user_id = $2
             RETURNING state_version, (SELECT epoch FROM instance WHERE id = 1)",
            params![workspace_id, user_id],
        )
        .await?;
    // The row of the workspace may lag behind what this batch has reserved.
    let seq = tx.seq(workspace_id).ok_or(StoreError::Internal)?;
    let as_of = Cursor { epoch: row.get(1)?, seq }.to_string();
    Ok(Step { version: row.get(0)?, as_of })
}

/// Moves a reading position to the channel's newest message, after which nothing can be unread:
/// the author's when they send, and that of somebody who comes in. It is told also to those who
/// had read as far before they left: they forgot it with the channel.
pub(crate) async fn catch_up(
    tx: &mut Tx,
    who: Who,
    channel_id: ChannelId,
    last_seq: i64,
) -> Result<Step, StoreError> {
    let step = place(tx, who, channel_id, last_seq).await?;
    let read = api::ReadState {
        channel_id,
        read_seq: last_seq,
        unread: 0,
        mentions: 0,
        version: step.version,
        as_of: step.as_of.clone(),
    };
    tell(tx, who, Personal::Read(read));
    Ok(step)
}

async fn place(tx: &mut Tx, who: Who, channel_id: ChannelId, seq: i64) -> Result<Step, StoreError> {
    let step = step(tx, who).await?;
    tx.execute(
        "INSERT INTO reads (user_id, channel_id, read_seq, version) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, channel_id)
         DO UPDATE SET read_seq = excluded.read_seq, version = excluded.version",
        params![who.1, channel_id, seq, step.version],
    )
    .await?;
    Ok(step)
}

/// Rows of positions with what stands after them. Parameters: the workspace, the person.
pub(crate) fn rows_of(condition: &str) -> String {
    let counts = unread::of_channel();
    format!(
        "SELECT r.channel_id, r.read_seq, r.version, {counts} FROM reads r
         JOIN channels c ON c.id = r.channel_id AND c.workspace_id = $1
         JOIN members m ON m.workspace_id = c.workspace_id AND m.user_id = r.user_id
         LEFT JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = r.user_id
         WHERE r.user_id = $2
           AND (cm.user_id IS NOT NULL OR (c.kind = 'public' AND m.role <> 'guest'))
           AND {condition}"
    )
}

fn from_row(row: &Row, as_of: &str) -> Result<api::ReadState, StoreError> {
    Ok(api::ReadState {
        channel_id: row.get(0)?,
        read_seq: row.get(1)?,
        version: row.get(2)?,
        unread: row.get(3)?,
        mentions: row.get(4)?,
        as_of: as_of.to_owned(),
    })
}

/// One's position in a channel that one sees, if one has ever read there.
async fn load(
    query: &mut Query,
    (workspace_id, user_id): Who,
    channel_id: ChannelId,
    as_of: &str,
) -> Result<Option<api::ReadState>, StoreError> {
    let sql = rows_of("r.channel_id = $3");
    let row = query.maybe(&sql, params![workspace_id, user_id, channel_id]).await?;
    row.map(|row| from_row(&row, as_of)).transpose()
}

/// The position in a log at which an action stands.
pub(crate) async fn standing(tx: &mut Tx, workspace_id: WorkspaceId) -> Result<String, StoreError> {
    let row = tx.one("SELECT epoch FROM instance WHERE id = 1", params![]).await?;
    let seq = tx.seq(workspace_id).ok_or(StoreError::Internal)?;
    Ok(Cursor { epoch: row.get(0)?, seq }.to_string())
}

/// Puts a position where it shall be, unless it is there, and tells its owner.
async fn settle(
    tx: &mut Tx,
    who: Who,
    channel_id: ChannelId,
    target: impl Fn(Option<i64>) -> i64,
) -> Result<api::ReadState, StoreError> {
    let as_of = standing(tx, who.0).await?;
    // Looked at first: a mark that changes nothing must not cost a write.
    let here = load(tx, who, channel_id, &as_of).await?;
    let seq = target(here.as_ref().map(|read| read.read_seq));
    if let Some(read) = here.filter(|read| read.read_seq == seq) {
        return Ok(read);
    }
    place(tx, who, channel_id, seq).await?;
    let read = load(tx, who, channel_id, &as_of).await?.ok_or(StoreError::Internal)?;
    tell(tx, who, Personal::Read(read.clone()));
    Ok(read)
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
        let target = |here: Option<i64>| here.map_or(seq, |here| here.max(seq));
        Ok(settle(tx, who, self.channel_id, target).await?)
    }
}

/// Makes everything from a message on unread again.
#[derive(Debug, Clone)]
pub struct MarkUnread {
    /// Who.
    pub actor: UserId,
    /// Where.
    pub channel_id: ChannelId,
    /// The first message that is unread again; what lies before it stays as it is.
    pub seq: i64,
}

impl Deed for MarkUnread {
    fn target(&self) -> Target {
        Target::Channel(self.channel_id)
    }
}

impl Action for MarkUnread {
    type Output = api::ReadState;
    type Error = AccessError;

    async fn run(&self, tx: &mut Tx) -> Result<api::ReadState, AccessError> {
        let viewer = access::to_view(tx, self.actor, self.channel_id).await?;
        let seq = self.seq.saturating_sub(1).clamp(0, viewer.last_seq);
        let who = (viewer.member.workspace_id, self.actor);
        let target = |here: Option<i64>| here.map_or(0, |here| here.min(seq));
        Ok(settle(tx, who, self.channel_id, target).await?)
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

/// What a member keeps for themselves. What belongs to channels that they do not see stays out.
pub(crate) async fn personal(
    query: &mut Query,
    who: Who,
    since: i64,
) -> Result<api::PersonalState, StoreError> {
    let (workspace_id, user_id) = who;
    let version = query
        .one(
            "SELECT state_version FROM members WHERE workspace_id = $1 AND user_id = $2",
            params![workspace_id, user_id],
        )
        .await?
        .get(0)?;
    let as_of = as_of(query, workspace_id).await?;
    let sql = rows_of("r.version > $3 ORDER BY r.channel_id");
    let rows = query.rows(&sql, params![workspace_id, user_id, since]).await?;
    let (follows, follows_complete) = follows::of_member(query, who, since, &as_of).await?;
    Ok(api::PersonalState {
        version,
        reads: rows.iter().map(|row| from_row(row, &as_of)).collect::<Result<_, _>>()?,
        follows,
        follows_complete,
        saved: saved::since(query, (workspace_id, user_id), since).await?,
        drafts: drafts::since(query, (workspace_id, user_id), since).await?,
        channel_preferences: preferences::since(query, (workspace_id, user_id), since).await?,
        sidebar: preferences::sidebar(query, (workspace_id, user_id)).await?,
    })
}
