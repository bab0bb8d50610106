//! Drafts: unsent texts that follow their author from device to device. One that was sent or given
//! up leaves its row with no text, so that what changed since a version can be told.

use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_protocol::time::to_wire;
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, params};

use crate::access::{self, AccessError};
use crate::desk::{Deed, Target};
use crate::live::Personal;
use crate::personal::{self, SEEN};
use crate::text;

/// Why a draft was not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// Channel or root are not seen.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The text is longer than [`limits::MESSAGE_CHARS`].
    #[error("the text is too long")]
    TooLong,
    /// The root is a reply itself.
    #[error("a reply has no thread of its own")]
    NestedThread,
    /// A member keeps only so many.
    #[error("at most {0} drafts are kept")]
    TooMany(i64),
}

impl From<StoreError> for DraftError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

const COLUMNS: &str = "d.channel_id, d.thread_root_id, d.body, d.updated_at, d.version";

fn from_row(row: &Row) -> Result<api::Draft, StoreError> {
    let root: String = row.get(1)?;
    Ok(api::Draft {
        channel_id: row.get(0)?,
        thread_root_id: if root.is_empty() { None } else { Some(row.get(1)?) },
        body: row.get(2)?,
        updated_at: to_wire(row.get(3)?),
        version: row.get(4)?,
    })
}

/// Keeps an unsent text in place of what was kept there before; the last one written wins.
#[derive(Debug, Clone)]
pub struct PutDraft {
    /// Whose: anybody who sees the channel.
    pub actor: UserId,
    /// Where it is to be sent.
    pub channel_id: ChannelId,
    /// The thread in which it is to be sent.
    pub thread_root_id: Option<MessageId>,
    /// The text; nothing but white space gives the draft up.
    pub body: String,
}

impl Deed for PutDraft {
    fn target(&self) -> Target {
        Target::Channel(self.channel_id)
    }
}

impl Action for PutDraft {
    type Output = api::Draft;
    type Error = DraftError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Draft, DraftError> {
        if text::is_too_long(&self.body) {
            return Err(DraftError::TooLong);
        }
        let viewer = access::to_view(tx, self.actor, self.channel_id).await?;
        self.check_root(tx).await?;
        let body = if self.body.trim().is_empty() { "" } else { &self.body };
        let before = self.kept(tx).await?;
        let had = before.as_ref().map_or("", |draft| &draft.body);
        if body == had {
            let (channel_id, thread_root_id) = (self.channel_id, self.thread_root_id);
            let (body, updated_at) = (String::new(), to_wire(tx.now()));
            let none = api::Draft { channel_id, thread_root_id, body, updated_at, version: 0 };
            return Ok(before.unwrap_or(none));
        }
        let who = (viewer.member.workspace_id, self.actor);
        if had.is_empty() && count(tx, who).await? >= limits::DRAFTS_PER_MEMBER {
            return Err(DraftError::TooMany(limits::DRAFTS_PER_MEMBER));
        }
        Ok(self.write(tx, who, body).await?)
    }
}

impl PutDraft {
    /// The root is a message of this channel, and no reply: one that is elsewhere is not found.
    async fn check_root(&self, query: &mut Query) -> Result<(), DraftError> {
        let Some(root_id) = self.thread_root_id else { return Ok(()) };
        let row = query
            .maybe(
                "SELECT thread_root_id IS NOT NULL FROM messages WHERE id = $1 AND channel_id = $2",
                params![root_id, self.channel_id],
            )
            .await?
            .ok_or(AccessError::NotFound)?;
        if row.get(0)? { Err(DraftError::NestedThread) } else { Ok(()) }
    }

    fn root_key(&self) -> String {
        self.thread_root_id.map(|id| id.to_string()).unwrap_or_default()
    }

    async fn kept(&self, query: &mut Query) -> Result<Option<api::Draft>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM drafts d
             WHERE d.user_id = $1 AND d.channel_id = $2 AND d.thread_root_id = $3"
        );
        let row = query.maybe(&sql, params![self.actor, self.channel_id, self.root_key()]).await?;
        row.as_ref().map(from_row).transpose()
    }

    /// Writes the text and tells the person's own sessions.
    async fn write(
        &self,
        tx: &mut Tx,
        who: (WorkspaceId, UserId),
        body: &str,
    ) -> Result<api::Draft, StoreError> {
        let version = personal::next_version(tx, who).await?;
        let now = tx.now();
        tx.execute(
            "INSERT INTO drafts (user_id, channel_id, thread_root_id, body, updated_at, version)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (user_id, channel_id, thread_root_id) DO UPDATE
             SET body = excluded.body, updated_at = excluded.updated_at, version = excluded.version",
            params![self.actor, self.channel_id, self.root_key(), body, now, version],
        )
        .await?;
        let draft = api::Draft {
            channel_id: self.channel_id,
            thread_root_id: self.thread_root_id,
            body: body.to_owned(),
            updated_at: to_wire(now),
            version,
        };
        personal::tell(tx, who, Personal::Draft(draft.clone()));
        Ok(draft)
    }
}

/// How many texts a member keeps where they can find them.
async fn count(
    query: &mut Query,
    (workspace_id, user_id): (WorkspaceId, UserId),
) -> Result<i64, StoreError> {
    let sql = format!(
        "SELECT COUNT(*) FROM drafts d CROSS JOIN channels c {SEEN}
           AND c.id = d.channel_id AND d.user_id = $1 AND d.body <> ''"
    );
    query.one(&sql, params![user_id, workspace_id]).await?.get(0)
}

/// The drafts that changed after a version, those that were given up too; for version 0 those that
/// have a text. The last written first.
pub(crate) async fn since(
    query: &mut Query,
    (workspace_id, user_id): (WorkspaceId, UserId),
    version: i64,
) -> Result<Vec<api::Draft>, StoreError> {
    // Only who asks what changed walks through those that were given up.
    let standing = if version == 0 { "AND d.body <> ''" } else { "" };
    let sql = format!(
        "SELECT {COLUMNS} FROM drafts d CROSS JOIN channels c {SEEN}
           AND c.id = d.channel_id AND d.user_id = $1 AND d.version > $3 {standing}
         ORDER BY d.updated_at DESC, d.version DESC"
    );
    let rows = query.rows(&sql, params![user_id, workspace_id, version]).await?;
    rows.iter().map(from_row).collect()
}

/// One's own unsent texts in a workspace, the last written first.
#[derive(Debug, Clone)]
pub struct ListDrafts {
    /// Who reads.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
}

impl Lookup for ListDrafts {
    type Output = api::DraftList;
    type Error = AccessError;

    async fn run(&self, query: &mut Query) -> Result<api::DraftList, AccessError> {
        access::to_enter(query, self.actor, self.workspace_id).await?;
        Ok(api::DraftList { items: since(query, (self.workspace_id, self.actor), 0).await? })
    }
}
