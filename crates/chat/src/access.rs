//! The only maker of rights. A function that needs a right takes its type, so none can forget the
//! check; what one may not see does not exist ([`AccessError::NotFound`]).
//!
//! In an action the workspace row is already locked, so what these functions see holds until the
//! commit.

use clickclack_protocol::api::{ChannelKind, Role, User};
use clickclack_protocol::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use clickclack_store::{Query, Row, StoreError, params};

/// Why somebody may not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// It does not exist, or not for this person.
    #[error("there is no such thing here")]
    NotFound,
    /// It exists and is seen, but this person may not do that to it.
    #[error("this is not yours to do")]
    Forbidden,
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A member of a workspace whose account is active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The person.
    pub user_id: UserId,
    /// The person's role there.
    pub role: Role,
}

impl Member {
    /// Guests see only channels that they are in.
    pub fn is_guest(&self) -> bool {
        self.role == Role::Guest
    }

    /// Owner and admins.
    pub fn moderates(&self) -> bool {
        matches!(self.role, Role::Owner | Role::Admin)
    }
}

/// A member who may change the workspace: its owner or an admin.
#[derive(Debug, Clone, Copy)]
pub struct Moderator(pub Member);

/// A member who sees a channel.
#[derive(Debug, Clone, Copy)]
pub struct Viewer {
    /// Who.
    pub member: Member,
    /// The channel.
    pub channel_id: ChannelId,
    /// Public or private.
    pub kind: ChannelKind,
    /// Who made the channel.
    pub created_by: UserId,
    /// Archived channels can be read and nothing else.
    pub is_archived: bool,
    /// Whether the member is in the channel, not only allowed to look in.
    pub has_joined: bool,
    /// Sequence of the newest message.
    pub last_seq: i64,
}

impl Viewer {
    /// Whether the channel is public.
    pub fn is_public(&self) -> bool {
        self.kind == ChannelKind::Public
    }
}

/// A viewer who may post: in the channel, which is not archived.
#[derive(Debug, Clone)]
pub struct Poster {
    /// The right to see.
    pub viewer: Viewer,
    /// What others will see of the author.
    pub author: User,
}

/// Why somebody who sees a channel may not post there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// Not seen, or not joined.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Nothing is written to an archived channel.
    #[error("the channel is archived")]
    Archived,
}

impl From<StoreError> for PostError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

/// A message somebody sees, with who wrote it.
#[derive(Debug, Clone, Copy)]
pub struct SeenMessage {
    /// Who looks, and where.
    pub viewer: Viewer,
    /// The message.
    pub message_id: MessageId,
    /// Its author.
    pub author_id: UserId,
    /// The message that it replies to.
    pub thread_root_id: Option<MessageId>,
    /// Whether only a tombstone is left of it.
    pub is_deleted: bool,
}

/// A message in a channel that somebody may post in: they may react to it and pin it.
#[derive(Debug, Clone)]
pub struct OpenMessage {
    /// Who, and where.
    pub poster: Poster,
    /// The message.
    pub message_id: MessageId,
    /// Whether only its place remains.
    pub is_deleted: bool,
}

/// The administrator of the instance.
#[derive(Debug, Clone, Copy)]
pub struct Administrator(pub UserId);

/// The member that a person is in a workspace.
pub async fn to_enter(
    query: &mut Query,
    user_id: UserId,
    workspace_id: WorkspaceId,
) -> Result<Member, AccessError> {
    let row = query
        .maybe(
            "SELECT m.role FROM members m JOIN users u ON u.id = m.user_id
             WHERE m.workspace_id = $1 AND m.user_id = $2 AND u.deactivated_at IS NULL",
            params![workspace_id, user_id],
        )
        .await?
        .ok_or(AccessError::NotFound)?;
    Ok(Member { workspace_id, user_id, role: role(&row, 0)? })
}

/// A member who may change the workspace.
pub async fn to_moderate(
    query: &mut Query,
    user_id: UserId,
    workspace_id: WorkspaceId,
) -> Result<Moderator, AccessError> {
    let member = to_enter(query, user_id, workspace_id).await?;
    if member.moderates() { Ok(Moderator(member)) } else { Err(AccessError::Forbidden) }
}

/// A member who sees the channel: a public one unless a guest, else one that they are in.
pub async fn to_view(
    query: &mut Query,
    user_id: UserId,
    channel_id: ChannelId,
) -> Result<Viewer, AccessError> {
    viewer(&seen(query, user_id, channel_id).await?, user_id, channel_id)
}

/// A viewer who may post.
pub async fn to_post(
    query: &mut Query,
    user_id: UserId,
    channel_id: ChannelId,
) -> Result<Poster, PostError> {
    let row = seen(query, user_id, channel_id).await?;
    let viewer = viewer(&row, user_id, channel_id)?;
    if viewer.is_archived {
        return Err(PostError::Archived);
    }
    if !viewer.has_joined {
        return Err(AccessError::Forbidden.into());
    }
    let kind = crate::text::stored(&row.get::<String>(8)?)?;
    let author = User { id: user_id, name: row.get(7)?, kind, deactivated: false };
    Ok(Poster { viewer, author })
}

/// The row of a channel that an active member sees, with the member's name and kind.
async fn seen(
    query: &mut Query,
    user_id: UserId,
    channel_id: ChannelId,
) -> Result<Row, AccessError> {
    let row = query
        .maybe(
            "SELECT c.workspace_id, m.role, c.kind, c.created_by, c.archived_at IS NOT NULL,
                    cm.user_id IS NOT NULL, c.last_seq, u.name, u.kind
             FROM channels c
             JOIN members m ON m.workspace_id = c.workspace_id AND m.user_id = $1
             JOIN users u ON u.id = m.user_id AND u.deactivated_at IS NULL
             LEFT JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = m.user_id
             WHERE c.id = $2
               AND (cm.user_id IS NOT NULL OR (c.kind = 'public' AND m.role <> 'guest'))",
            params![user_id, channel_id],
        )
        .await?;
    row.ok_or(AccessError::NotFound)
}

fn viewer(row: &Row, user_id: UserId, channel_id: ChannelId) -> Result<Viewer, AccessError> {
    Ok(Viewer {
        member: Member { workspace_id: row.get(0)?, user_id, role: role(row, 1)? },
        channel_id,
        kind: channel_kind(row, 2)?,
        created_by: row.get(3)?,
        is_archived: row.get(4)?,
        has_joined: row.get(5)?,
        last_seq: row.get(6)?,
    })
}

/// A message that the person sees.
pub async fn to_read(
    query: &mut Query,
    user_id: UserId,
    message_id: MessageId,
) -> Result<SeenMessage, AccessError> {
    let row = query
        .maybe(
            "SELECT channel_id, author_id, thread_root_id, deleted_at IS NOT NULL
             FROM messages WHERE id = $1",
            params![message_id],
        )
        .await?
        .ok_or(AccessError::NotFound)?;
    let viewer = to_view(query, user_id, row.get(0)?).await?;
    Ok(SeenMessage {
        viewer,
        message_id,
        author_id: row.get(1)?,
        thread_root_id: row.get(2)?,
        is_deleted: row.get(3)?,
    })
}

/// A message in a channel that the person may post in.
pub async fn to_mark(
    query: &mut Query,
    user_id: UserId,
    message_id: MessageId,
) -> Result<OpenMessage, PostError> {
    let row = query
        .maybe(
            "SELECT channel_id, deleted_at IS NOT NULL FROM messages WHERE id = $1",
            params![message_id],
        )
        .await?
        .ok_or(AccessError::NotFound)?;
    let poster = to_post(query, user_id, row.get(0)?).await?;
    Ok(OpenMessage { poster, message_id, is_deleted: row.get(1)? })
}

/// The instance's administrator.
pub async fn to_administer(
    query: &mut Query,
    user_id: UserId,
) -> Result<Administrator, AccessError> {
    let found = query
        .maybe(
            "SELECT id FROM users
             WHERE id = $1 AND is_administrator = 1 AND deactivated_at IS NULL",
            params![user_id],
        )
        .await?;
    if found.is_some() { Ok(Administrator(user_id)) } else { Err(AccessError::Forbidden) }
}

/// Reads a role from a column.
pub(crate) fn role(row: &Row, index: usize) -> Result<Role, StoreError> {
    crate::text::stored(&row.get::<String>(index)?)
}

/// Reads a channel's kind from a column.
pub(crate) fn channel_kind(row: &Row, index: usize) -> Result<ChannelKind, StoreError> {
    crate::text::stored(&row.get::<String>(index)?)
}
