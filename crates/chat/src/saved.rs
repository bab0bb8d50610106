//! Saved messages: what a member wants to find again, for themselves alone. A mark that was taken
//! away leaves its row, so that what changed since a version can be told.

use clickclack_protocol::api;
use clickclack_protocol::ids::{MessageId, UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_protocol::time::{Millis, to_wire};
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, params};

use crate::access::{self, AccessError, SeenMessage};
use crate::desk::{Deed, Target};
use crate::live::Personal;
use crate::messages::{self, as_of};
use crate::page::Page;
use crate::personal::{self, SEEN};
use crate::text::Invalid;

/// Why a message was not saved, or the list not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SavedError {
    /// Not seen.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A field is not as it must be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// What is no longer there cannot be saved.
    #[error("the message is deleted")]
    Deleted,
    /// A member saves only so many.
    #[error("at most {0} messages can be saved")]
    TooMany(i64),
}

impl From<StoreError> for SavedError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

/// Marks `s` with their messages `m` that the person `$1` sees in the workspace `$2` and that are
/// still there.
fn listed() -> String {
    format!(
        "saved_messages s ON s.message_id = m.id AND s.user_id = $1 {SEEN}
             AND s.workspace_id = $2 AND s.saved_at IS NOT NULL AND m.deleted_at IS NULL"
    )
}

/// Saves a message for oneself. One that is saved stays as it is.
#[derive(Debug, Clone)]
pub struct SaveMessage {
    /// Who: anybody who sees it.
    pub actor: UserId,
    /// The message.
    pub message_id: MessageId,
}

impl Deed for SaveMessage {
    fn target(&self) -> Target {
        Target::Message(self.message_id)
    }
}

impl Action for SaveMessage {
    type Output = api::SavedMark;
    type Error = SavedError;

    async fn run(&self, tx: &mut Tx) -> Result<api::SavedMark, SavedError> {
        let seen = access::to_read(tx, self.actor, self.message_id).await?;
        let before = mark(tx, &seen).await?;
        if before.saved {
            return Ok(before);
        }
        if seen.is_deleted {
            return Err(SavedError::Deleted);
        }
        let workspace_id = seen.viewer.member.workspace_id;
        let sql = format!(
            "SELECT COUNT(*) FROM messages m JOIN channels c ON c.id = m.channel_id JOIN {}",
            listed()
        );
        let count: i64 = tx.one(&sql, params![self.actor, workspace_id]).await?.get(0)?;
        if count >= limits::SAVED_PER_MEMBER {
            return Err(SavedError::TooMany(limits::SAVED_PER_MEMBER));
        }
        Ok(set(tx, &seen, true).await?)
    }
}

/// Saves a message no longer.
#[derive(Debug, Clone)]
pub struct UnsaveMessage {
    /// Who: anybody who sees it.
    pub actor: UserId,
    /// The message.
    pub message_id: MessageId,
}

impl Deed for UnsaveMessage {
    fn target(&self) -> Target {
        Target::Message(self.message_id)
    }
}

impl Action for UnsaveMessage {
    type Output = api::SavedMark;
    type Error = SavedError;

    async fn run(&self, tx: &mut Tx) -> Result<api::SavedMark, SavedError> {
        let seen = access::to_read(tx, self.actor, self.message_id).await?;
        let before = mark(tx, &seen).await?;
        if !before.saved {
            return Ok(before);
        }
        Ok(set(tx, &seen, false).await?)
    }
}

/// The reader's mark on a message; version 0 where there never was one.
async fn mark(query: &mut Query, seen: &SeenMessage) -> Result<api::SavedMark, StoreError> {
    let row = query
        .maybe(
            "SELECT saved_at IS NOT NULL, version FROM saved_messages
             WHERE user_id = $1 AND message_id = $2",
            params![seen.viewer.member.user_id, seen.message_id],
        )
        .await?;
    Ok(api::SavedMark {
        message_id: seen.message_id,
        channel_id: seen.viewer.channel_id,
        saved: row.as_ref().map_or(Ok(false), |row| row.get(0))?,
        version: row.as_ref().map_or(Ok(0), |row| row.get(1))?,
    })
}

/// Writes the mark and tells the person's own sessions.
async fn set(tx: &mut Tx, seen: &SeenMessage, saved: bool) -> Result<api::SavedMark, StoreError> {
    let member = seen.viewer.member;
    let who = (member.workspace_id, member.user_id);
    let version = personal::next_version(tx, who).await?;
    let saved_at = saved.then(|| tx.now());
    tx.execute(
        "INSERT INTO saved_messages (user_id, message_id, workspace_id, saved_at, version)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, message_id)
         DO UPDATE SET saved_at = excluded.saved_at, version = excluded.version",
        params![member.user_id, seen.message_id, member.workspace_id, saved_at, version],
    )
    .await?;
    let channel_id = seen.viewer.channel_id;
    let mark = api::SavedMark { message_id: seen.message_id, channel_id, saved, version };
    personal::tell(tx, who, Personal::Saved(mark.clone()));
    Ok(mark)
}

/// The marks that changed after a version; for version 0 those that stand, and nothing of those
/// that were taken away.
pub(crate) async fn since(
    query: &mut Query,
    (workspace_id, user_id): (WorkspaceId, UserId),
    version: i64,
) -> Result<Vec<api::SavedMark>, StoreError> {
    // Only who asks what changed walks through those that were taken away.
    let which = if version == 0 {
        "s.saved_at IS NOT NULL AND m.deleted_at IS NULL"
    } else {
        "(s.saved_at IS NULL OR m.deleted_at IS NULL)"
    };
    let sql = format!(
        "SELECT s.message_id, m.channel_id, s.saved_at IS NOT NULL, s.version
         FROM saved_messages s JOIN messages m ON m.id = s.message_id
         JOIN channels c ON c.id = m.channel_id {SEEN}
           AND s.user_id = $1 AND s.workspace_id = $2 AND s.version > $3
           AND {which}
         ORDER BY s.message_id"
    );
    let rows = query.rows(&sql, params![user_id, workspace_id, version]).await?;
    rows.iter()
        .map(|row| {
            Ok(api::SavedMark {
                message_id: row.get(0)?,
                channel_id: row.get(1)?,
                saved: row.get(2)?,
                version: row.get(3)?,
            })
        })
        .collect()
}

/// A page of what one saved, the newest mark first. What was deleted and what one no longer sees
/// has left the list.
#[derive(Debug, Clone)]
pub struct ListSaved {
    /// Who reads.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Which page.
    pub page: Page,
}

impl Lookup for ListSaved {
    type Output = api::SavedPage;
    type Error = SavedError;

    async fn run(&self, query: &mut Query) -> Result<api::SavedPage, SavedError> {
        access::to_enter(query, self.actor, self.workspace_id).await?;
        let (before_at, before_id) = position(&self.page.after)?;
        let sql = format!(
            "SELECT {}, s.saved_at FROM {} JOIN {}
               AND (s.saved_at < $3 OR (s.saved_at = $3 AND s.message_id < $4))
             ORDER BY s.saved_at DESC, s.message_id DESC LIMIT $5",
            messages::COLUMNS,
            messages::TABLES,
            listed()
        );
        let rows = query
            .rows(
                &sql,
                params![self.actor, self.workspace_id, before_at, before_id, self.page.rows()],
            )
            .await?;
        let mut places = rows.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let next_cursor = self.page.cut(&mut places, |(at, id)| format!("{at} {id}"));
        let shown = rows.iter().take(places.len()).map(messages::from_row);
        let shown = shown.collect::<Result<_, _>>()?;
        let messages = messages::complete(query, shown).await?;
        let items = places
            .iter()
            .zip(messages)
            .map(|((at, _), message)| api::SavedMessage { message, saved_at: to_wire(*at) });
        let items = items.collect();
        Ok(api::SavedPage { items, next_cursor, as_of: as_of(query, self.workspace_id).await? })
    }
}

/// When a row's message was saved, and its id: the order of the list.
fn place(row: &Row) -> Result<(Millis, MessageId), StoreError> {
    Ok((row.get(messages::COLUMN_COUNT)?, row.get(0)?))
}

/// What a cursor says: the next page lies before this place.
fn position(cursor: &str) -> Result<(Millis, String), Invalid> {
    if cursor.is_empty() {
        return Ok((Millis::MAX, String::new()));
    }
    cursor
        .split_once(' ')
        .and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())))
        .ok_or_else(|| Invalid::new("cursor", "must be a `next_cursor` of this list"))
}
