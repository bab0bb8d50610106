//! Channels: created, listed, renamed, archived.

use clickclack_protocol::api::{self, ChannelKind, EventBody};
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_protocol::time::{Millis, to_wire};
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, params};

use crate::access::{self, AccessError};
use crate::channel_members;
use crate::desk::{Deed, Target};
use crate::log::{self, Draft};
use crate::messages::as_of;
use crate::page::Page;
use crate::text::{self, Invalid, to_stored};

/// Name of the channel every workspace begins with.
pub const GENERAL: &str = "general";

/// Why a channel was not made, changed or entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// Not seen, or not one's to do.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A field is not as it must be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Another public channel has the name.
    #[error("another channel has this name")]
    NameTaken,
    /// The channel is archived.
    #[error("the channel is archived")]
    Archived,
    /// A workspace holds only so many.
    #[error("a workspace may have at most {0} channels")]
    TooMany(i64),
    /// Somebody changed it since the version that the caller has seen.
    #[error("the channel has changed meanwhile")]
    Stale,
}

impl From<StoreError> for ChannelError {
    fn from(error: StoreError) -> Self {
        if error.violates("channels_public_name") {
            Self::NameTaken
        } else {
            Self::Access(error.into())
        }
    }
}

pub(crate) const COLUMNS: &str = "c.id, c.workspace_id, c.kind, c.name, c.topic, c.archived_at, \
     c.created_by, c.created_at, c.last_seq, c.version";

pub(crate) fn from_row(row: &Row) -> Result<api::Channel, StoreError> {
    Ok(api::Channel {
        id: row.get(0)?,
        workspace_id: row.get(1)?,
        kind: access::channel_kind(row, 2)?,
        name: row.get(3)?,
        topic: row.get(4)?,
        archived_at: row.get::<Option<Millis>>(5)?.map(to_wire),
        created_by: row.get(6)?,
        created_at: to_wire(row.get(7)?),
        last_seq: row.get(8)?,
        version: row.get(9)?,
    })
}

pub(crate) async fn load(query: &mut Query, id: ChannelId) -> Result<api::Channel, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM channels c WHERE c.id = $1");
    from_row(&query.one(&sql, params![id]).await?)
}

/// Makes a channel and puts its creator in. No rights are checked; name and topic have been.
pub(crate) async fn insert(
    tx: &mut Tx,
    workspace_id: WorkspaceId,
    creator: UserId,
    kind: ChannelKind,
    name: &str,
    topic: &str,
) -> Result<api::Channel, StoreError> {
    let id: ChannelId = tx.new_id();
    let seq = tx.next_seq(workspace_id)?;
    let now = tx.now();
    tx.execute(
        "INSERT INTO channels (id, workspace_id, kind, name, topic, created_by, version, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, workspace_id, to_stored(kind), name, topic, creator, seq, now],
    )
    .await?;
    let channel = load(tx, id).await?;
    log::emit(tx, workspace_id, seq, Draft::channel(EventBody::ChannelCreated, channel)).await?;
    channel_members::join(tx, id, creator).await?;
    load(tx, id).await
}

/// Makes a channel and joins it.
#[derive(Debug, Clone)]
pub struct CreateChannel {
    /// Any member but a guest.
    pub actor: UserId,
    /// Where.
    pub workspace_id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// Public or private.
    pub kind: ChannelKind,
    /// What it is about.
    pub topic: String,
}

impl Deed for CreateChannel {
    fn target(&self) -> Target {
        Target::Workspace(self.workspace_id)
    }
}

impl Action for CreateChannel {
    type Output = api::Channel;
    type Error = ChannelError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Channel, ChannelError> {
        let member = access::to_enter(tx, self.actor, self.workspace_id).await?;
        if member.is_guest() {
            return Err(AccessError::Forbidden.into());
        }
        let name = text::channel_name(&self.name)?;
        let topic = text::topic(&self.topic)?;
        let count: i64 = tx
            .one(
                "SELECT COUNT(*) FROM channels WHERE workspace_id = $1",
                params![self.workspace_id],
            )
            .await?
            .get(0)?;
        if count >= limits::CHANNELS_PER_WORKSPACE {
            return Err(ChannelError::TooMany(limits::CHANNELS_PER_WORKSPACE));
        }
        Ok(insert(tx, self.workspace_id, self.actor, self.kind, &name, &topic).await?)
    }
}

/// Renames a channel, sets its topic, archives it or brings it back; what is not named stays.
#[derive(Debug, Clone)]
pub struct UpdateChannel {
    /// Topic: anybody in the channel; the rest: owner, admins and the channel's creator.
    pub actor: UserId,
    /// The channel.
    pub channel_id: ChannelId,
    /// The new name.
    pub name: Option<String>,
    /// The new topic, possibly empty.
    pub topic: Option<String>,
    /// Whether it is archived.
    pub archived: Option<bool>,
    /// The version that the caller has seen, to refuse a lost update.
    pub version: Option<i64>,
}

impl Deed for UpdateChannel {
    fn target(&self) -> Target {
        Target::Channel(self.channel_id)
    }
}

impl Action for UpdateChannel {
    type Output = api::Channel;
    type Error = ChannelError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Channel, ChannelError> {
        let viewer = access::to_view(tx, self.actor, self.channel_id).await?;
        let runs_it = viewer.member.moderates() || viewer.created_by == self.actor;
        let steers = self.name.is_some() || self.archived.is_some();
        if !(runs_it || (viewer.has_joined && !steers)) || viewer.member.is_guest() {
            return Err(AccessError::Forbidden.into());
        }
        let before = load(tx, self.channel_id).await?;
        if self.version.is_some_and(|version| version != before.version) {
            return Err(ChannelError::Stale);
        }
        let name = match &self.name {
            Some(name) => text::channel_name(name)?,
            None => before.name.clone(),
        };
        let topic = match &self.topic {
            Some(topic) => text::topic(topic)?,
            None => before.topic.clone(),
        };
        let was_archived = before.archived_at.is_some();
        let archived = self.archived.unwrap_or(was_archived);
        if name == before.name && topic == before.topic && archived == was_archived {
            return Ok(before);
        }
        if was_archived && archived {
            return Err(ChannelError::Archived);
        }
        let body = if archived { EventBody::ChannelArchived } else { EventBody::ChannelUpdated };
        let archived_at = archived.then(|| tx.now());
        let seq = tx.next_seq(before.workspace_id)?;
        tx.execute(
            "UPDATE channels SET name = $1, topic = $2, archived_at = $3, version = $4
             WHERE id = $5",
            params![name, topic, archived_at, seq, self.channel_id],
        )
        .await?;
        let channel = load(tx, self.channel_id).await?;
        log::emit(tx, channel.workspace_id, seq, Draft::channel(body, channel.clone())).await?;
        Ok(channel)
    }
}

/// A channel one sees.
#[derive(Debug, Clone)]
pub struct GetChannel {
    /// Who reads.
    pub actor: UserId,
    /// The channel.
    pub channel_id: ChannelId,
}

impl Lookup for GetChannel {
    type Output = api::Channel;
    type Error = AccessError;

    async fn run(&self, query: &mut Query) -> Result<api::Channel, AccessError> {
        access::to_view(query, self.actor, self.channel_id).await?;
        Ok(load(query, self.channel_id).await?)
    }
}

/// Where a member's channels come from: those that are public unless they are a guest, and those
/// that they are in. Parameters: the person, the workspace.
pub(crate) const VISIBLE: &str = "channels c
     JOIN members m ON m.workspace_id = c.workspace_id AND m.user_id = $1
     LEFT JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = m.user_id
     WHERE c.workspace_id = $2
       AND (cm.user_id IS NOT NULL OR (c.kind = 'public' AND m.role <> 'guest'))";

/// A page of the channels one sees.
#[derive(Debug, Clone)]
pub struct ListChannels {
    /// Who reads.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Which page.
    pub page: Page,
}

impl Lookup for ListChannels {
    type Output = api::ChannelPage;
    type Error = AccessError;

    async fn run(&self, query: &mut Query) -> Result<api::ChannelPage, AccessError> {
        access::to_enter(query, self.actor, self.workspace_id).await?;
        let sql = format!("SELECT {COLUMNS} FROM {VISIBLE} AND c.id > $3 ORDER BY c.id LIMIT $4");
        let page = &self.page;
        let rows = query
            .rows(&sql, params![self.actor, self.workspace_id, &page.after, page.rows()])
            .await?;
        let mut items = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
        let next_cursor = page.cut(&mut items, |channel| channel.id.to_string());
        Ok(api::ChannelPage { items, next_cursor, as_of: as_of(query, self.workspace_id).await? })
    }
}
