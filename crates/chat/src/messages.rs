//! Messages: reading them one by one, editing and deleting them.

use clickclack_protocol::api::{self, EventBody};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{MessageId, UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_protocol::time::{Millis, to_wire};
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, params};

use crate::access::{self, AccessError, SeenMessage};
use crate::desk::{Deed, Target};
use crate::log::{self, Draft};
use crate::mentions;
use crate::reactions;
use crate::text::{self, Invalid, stored};
use crate::threads;

/// Why a message was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Not seen, or not one's own.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A field is not as it must be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The text is longer than [`limits::MESSAGE_CHARS`].
    #[error("the message is too long")]
    TooLong,
    /// Nothing is written to an archived channel.
    #[error("the channel is archived")]
    Archived,
    /// The nonce stands for another send.
    #[error("the nonce was used for something else")]
    NonceConflict,
    /// A deleted message cannot be edited.
    #[error("the message is deleted")]
    Deleted,
    /// Somebody changed it since the version that the caller has seen.
    #[error("the message has changed meanwhile")]
    Stale,
    /// Threads have one level: a reply has none of its own.
    #[error("a reply has no thread of its own")]
    NestedThread,
    /// Nobody may reply in a locked thread.
    #[error("the thread is locked")]
    ThreadLocked,
}

/// The key that keeps an author's nonces apart. A send looks before it writes, but waits only for
/// others of its workspace: on PostgreSQL two sends to two workspaces can meet here.
const NONCE_KEY: &str = "sends_pkey";

impl From<StoreError> for MessageError {
    fn from(error: StoreError) -> Self {
        if error.violates(NONCE_KEY) { Self::NonceConflict } else { Self::Access(error.into()) }
    }
}

impl From<access::PostError> for MessageError {
    fn from(error: access::PostError) -> Self {
        match error {
            access::PostError::Access(error) => Self::Access(error),
            access::PostError::Archived => Self::Archived,
        }
    }
}

/// The columns that [`from_row`] reads.
pub(crate) const COLUMNS: &str = "m.id, c.workspace_id, m.channel_id, m.seq, m.author_id, u.name, \
     u.kind, u.deactivated_at IS NOT NULL, m.body, m.nonce, m.revision, m.edited_at, \
     m.deleted_at, m.created_at, m.version, m.thread_root_id, m.thread_seq, m.quote_of, \
     m.names, m.everyone, m.pinned_at, m.pinned_by, m.reactions_version";
/// How many they are: the index of what a statement reads after them.
pub(crate) const COLUMN_COUNT: usize = 23;
/// Where they come from.
pub(crate) const TABLES: &str = "messages m JOIN channels c ON c.id = m.channel_id \
     JOIN users u ON u.id = m.author_id";

/// A message out of [`COLUMNS`]. What other tables hold of it comes with [`complete`].
pub(crate) fn from_row(row: &Row) -> Result<api::Message, StoreError> {
    Ok(api::Message {
        id: row.get(0)?,
        workspace_id: row.get(1)?,
        channel_id: row.get(2)?,
        seq: row.get(3)?,
        author: api::User {
            id: row.get(4)?,
            name: row.get(5)?,
            kind: stored(&row.get::<String>(6)?)?,
            deactivated: row.get(7)?,
        },
        body: row.get(8)?,
        nonce: row.get(9)?,
        revision: row.get(10)?,
        edited_at: row.get::<Option<Millis>>(11)?.map(to_wire),
        deleted_at: row.get::<Option<Millis>>(12)?.map(to_wire),
        created_at: to_wire(row.get(13)?),
        version: row.get(14)?,
        thread_root_id: row.get(15)?,
        thread_seq: row.get(16)?,
        quote_of: row.get(17)?,
        mentions: mentions::hint(row.get(18)?, everyone(row, 19)?),
        pin: pin(row.get(20)?, row.get(21)?),
        reactions: reactions::unfilled(row.get(22)?),
        thread: None,
    })
}

fn everyone(row: &Row, index: usize) -> Result<Option<api::MentionsEveryone>, StoreError> {
    row.get::<Option<String>>(index)?.map(|text| stored(&text)).transpose()
}

fn pin(at: Option<Millis>, by: Option<UserId>) -> Option<api::Pin> {
    Some(api::Pin { user_id: by?, created_at: to_wire(at?) })
}

/// Fills in what other tables hold of these messages, in bulk.
pub(crate) async fn complete(
    query: &mut Query,
    mut messages: Vec<api::Message>,
) -> Result<Vec<api::Message>, StoreError> {
    mentions::fill(query, &mut messages).await?;
    threads::fill(query, &mut messages).await?;
    reactions::fill(query, &mut messages).await?;
    Ok(messages)
}

/// The message as it is now.
pub(crate) async fn load(query: &mut Query, id: MessageId) -> Result<api::Message, StoreError> {
    let row =
        query.one(&format!("SELECT {COLUMNS} FROM {TABLES} WHERE m.id = $1"), params![id]).await?;
    let message = from_row(&row)?;
    Ok(complete(query, vec![message]).await?.remove(0))
}

/// A text that may be a message: something visible in it, not too long, no U+0000.
pub(crate) fn body(text: &str) -> Result<(), MessageError> {
    if text.trim().is_empty() {
        return Err(Invalid::new("body", "must not be empty").into());
    }
    if text::is_too_long(text) {
        return Err(MessageError::TooLong);
    }
    if text.contains('\0') {
        return Err(Invalid::new("body", "must not contain U+0000").into());
    }
    Ok(())
}

/// Changes the text of one's own message; the old text stays in its history.
#[derive(Debug, Clone)]
pub struct EditMessage {
    /// Who edits.
    pub actor: UserId,
    /// The message.
    pub message_id: MessageId,
    /// The new text.
    pub body: String,
    /// The version that the caller has seen, to refuse a lost update.
    pub version: Option<i64>,
}

impl Deed for EditMessage {
    fn target(&self) -> Target {
        Target::Message(self.message_id)
    }
}

impl Action for EditMessage {
    type Output = api::Message;
    type Error = MessageError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Message, MessageError> {
        body(&self.body)?;
        let seen = to_write(tx, self.actor, self.message_id).await?;
        if seen.author_id != self.actor {
            return Err(AccessError::Forbidden.into());
        }
        let before = load(tx, self.message_id).await?;
        if before.deleted_at.is_some() {
            return Err(MessageError::Deleted);
        }
        if self.version.is_some_and(|version| version != before.version) {
            return Err(MessageError::Stale);
        }
        let spoken = mentions::find(tx, &seen.viewer, &self.body).await?;
        if before.body == spoken.body {
            return Ok(before);
        }
        let workspace_id = seen.viewer.member.workspace_id;
        let seq = tx.next_seq(workspace_id)?;
        tx.execute(
            "INSERT INTO message_revisions (message_id, revision, body, created_at)
             SELECT id, revision, body, COALESCE(edited_at, created_at) FROM messages WHERE id = $1",
            params![self.message_id],
        )
        .await?;
        tx.execute(
            "UPDATE messages SET body = $1, revision = revision + 1, edited_at = $2, version = $3
             WHERE id = $4",
            params![&spoken.body, tx.now(), seq, self.message_id],
        )
        .await?;
        mentions::rename(tx, &before, &spoken.people).await?;
        let message = load(tx, self.message_id).await?;
        let draft =
            Draft::message(EventBody::MessageUpdated, message.clone(), seen.viewer.is_public());
        log::emit(tx, workspace_id, seq, draft).await?;
        Ok(message)
    }
}

/// Deletes a message to a tombstone: its text and history go, its place stays.
#[derive(Debug, Clone)]
pub struct DeleteMessage {
    /// Who deletes: the author, or the workspace's owner or an admin.
    pub actor: UserId,
    /// The message.
    pub message_id: MessageId,
}

impl Deed for DeleteMessage {
    fn target(&self) -> Target {
        Target::Message(self.message_id)
    }
}

impl Action for DeleteMessage {
    type Output = api::Message;
    type Error = MessageError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Message, MessageError> {
        // Also in an archived channel: what should not stand there must be removable.
        let seen = access::to_read(tx, self.actor, self.message_id).await?;
        let viewer = seen.viewer;
        if seen.author_id != self.actor && !viewer.member.moderates() {
            return Err(AccessError::Forbidden.into());
        }
        let before = load(tx, self.message_id).await?;
        if before.deleted_at.is_some() {
            return Ok(before);
        }
        let workspace_id = viewer.member.workspace_id;
        let seq = tx.next_seq(workspace_id)?;
        tx.execute("DELETE FROM message_revisions WHERE message_id = $1", params![self.message_id])
            .await?;
        reactions::erase(tx, &before, seq).await?;
        tx.execute(
            "UPDATE messages
             SET body = '', quote_of = NULL, deleted_at = $1, version = $2,
                 pinned_at = NULL, pinned_by = NULL
             WHERE id = $3",
            params![tx.now(), seq, self.message_id],
        )
        .await?;
        mentions::rename(tx, &before, &[]).await?;
        let message = load(tx, self.message_id).await?;
        let draft = Draft::message(EventBody::MessageDeleted, message.clone(), viewer.is_public());
        log::emit(tx, workspace_id, seq, draft).await?;
        if let Some(root_id) = seen.thread_root_id {
            threads::forget_reply(tx, &message, root_id, viewer.is_public()).await?;
        }
        Ok(message)
    }
}

/// A message that the person sees, in a channel that is not archived.
async fn to_write(
    query: &mut Query,
    actor: UserId,
    message_id: MessageId,
) -> Result<SeenMessage, MessageError> {
    let seen = access::to_read(query, actor, message_id).await?;
    if seen.viewer.is_archived { Err(MessageError::Archived) } else { Ok(seen) }
}

/// One message.
#[derive(Debug, Clone)]
pub struct GetMessage {
    /// Who reads.
    pub actor: UserId,
    /// The message.
    pub message_id: MessageId,
}

impl Lookup for GetMessage {
    type Output = api::Message;
    type Error = MessageError;

    async fn run(&self, query: &mut Query) -> Result<api::Message, MessageError> {
        access::to_read(query, self.actor, self.message_id).await?;
        Ok(load(query, self.message_id).await?)
    }
}

/// What a message said before its edits, oldest first, the present text last; of a message that
/// was edited very often the newest texts, [`limits::PAGE_MAX`] of them.
#[derive(Debug, Clone)]
pub struct GetMessageHistory {
    /// Who reads.
    pub actor: UserId,
    /// The message.
    pub message_id: MessageId,
}

impl Lookup for GetMessageHistory {
    type Output = api::MessageHistory;
    type Error = MessageError;

    async fn run(&self, query: &mut Query) -> Result<api::MessageHistory, MessageError> {
        access::to_read(query, self.actor, self.message_id).await?;
        let rows = query
            .rows(
                "SELECT revision, body, created_at FROM message_revisions WHERE message_id = $1
                 UNION ALL
                 SELECT revision, body, COALESCE(edited_at, created_at) FROM messages
                 WHERE id = $1 AND deleted_at IS NULL
                 ORDER BY 1 DESC LIMIT $2",
                params![self.message_id, limits::PAGE_MAX],
            )
            .await?;
        let revisions = rows
            .iter()
            .rev()
            .map(|row| {
                Ok(api::MessageRevision {
                    revision: row.get(0)?,
                    body: row.get(1)?,
                    created_at: to_wire(row.get(2)?),
                })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(api::MessageHistory { revisions })
    }
}

/// The position in a workspace's log that this snapshot of the database stands at.
pub(crate) async fn as_of(
    query: &mut Query,
    workspace_id: WorkspaceId,
) -> Result<String, StoreError> {
    let row = query
        .one(
            "SELECT i.epoch, w.event_seq FROM instance i CROSS JOIN workspaces w WHERE w.id = $1",
            params![workspace_id],
        )
        .await?;
    Ok(Cursor { epoch: row.get(0)?, seq: row.get(1)? }.to_string())
}
