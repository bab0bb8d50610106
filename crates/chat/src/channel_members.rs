//! Who is in a channel: joining, leaving, adding, removing, listing.

use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, params};

use crate::access::{self, AccessError};
use crate::channels::{ChannelError, GENERAL, load};
use crate::desk::{Deed, Target};
use crate::log::{self, Draft};
use crate::messages::as_of;
use crate::page::Page;
use crate::personal;
use crate::reads;
use crate::text;

/// Puts somebody into a channel; nothing happens to who is in it already. No rights are checked.
pub(crate) async fn join(
    tx: &mut Tx,
    channel_id: ChannelId,
    user_id: UserId,
) -> Result<(), StoreError> {
    let now = tx.now();
    let added = tx
        .execute(
            "INSERT INTO channel_members (channel_id, user_id, joined_at) VALUES ($1, $2, $3)
             ON CONFLICT (channel_id, user_id) DO NOTHING",
            params![channel_id, user_id, now],
        )
        .await?;
    if added == 0 {
        return Ok(());
    }
    let channel = load(tx, channel_id).await?;
    // What was said before is history to read, not a backlog to catch up with.
    let who = (channel.workspace_id, user_id);
    let step = reads::catch_up(tx, who, channel_id, channel.last_seq).await?;
    personal::renew(tx, who, channel_id, step.version).await?;
    let user = load_user(tx, user_id).await?;
    let workspace_id = channel.workspace_id;
    let seq = tx.next_seq(workspace_id)?;
    log::emit(tx, workspace_id, seq, Draft::channel_member_added(channel, user)).await
}

/// Puts a new member into `#general`, whatever it is called by now: the workspace's oldest public
/// channel that is not archived.
pub(crate) async fn join_general(
    tx: &mut Tx,
    workspace_id: WorkspaceId,
    user_id: UserId,
) -> Result<(), StoreError> {
    let found = tx
        .maybe(
            "SELECT id FROM channels
             WHERE workspace_id = $1 AND kind = 'public' AND archived_at IS NULL
             ORDER BY CASE WHEN name = $2 THEN 0 ELSE 1 END, id LIMIT 1",
            params![workspace_id, GENERAL],
        )
        .await?;
    match found {
        Some(row) => join(tx, row.get(0)?, user_id).await,
        None => Ok(()),
    }
}

/// Takes somebody out of a channel; nothing happens to who is not in it.
async fn part(tx: &mut Tx, viewer: access::Viewer, user_id: UserId) -> Result<(), StoreError> {
    let gone = tx
        .execute(
            "DELETE FROM channel_members WHERE channel_id = $1 AND user_id = $2",
            params![viewer.channel_id, user_id],
        )
        .await?;
    if gone == 0 {
        return Ok(());
    }
    let workspace_id = viewer.member.workspace_id;
    let seq = tx.next_seq(workspace_id)?;
    let draft = Draft::channel_member_removed(viewer.channel_id, viewer.is_public(), user_id);
    log::emit(tx, workspace_id, seq, draft).await
}

/// What others see of an account.
pub(crate) async fn load_user(query: &mut Query, id: UserId) -> Result<api::User, StoreError> {
    let row = query
        .one(
            "SELECT id, name, kind, deactivated_at IS NOT NULL FROM users WHERE id = $1",
            params![id],
        )
        .await?;
    user_from_row(&row)
}

/// An account out of id, name, kind and whether it is deactivated.
pub(crate) fn user_from_row(row: &Row) -> Result<api::User, StoreError> {
    Ok(api::User {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: text::stored(&row.get::<String>(2)?)?,
        deactivated: row.get(3)?,
    })
}

/// Joins a public channel.
#[derive(Debug, Clone)]
pub struct JoinChannel {
    /// Who.
    pub actor: UserId,
    /// The channel.
    pub channel_id: ChannelId,
}

impl Deed for JoinChannel {
    fn target(&self) -> Target {
        Target::Channel(self.channel_id)
    }
}

impl Action for JoinChannel {
    type Output = api::Channel;
    type Error = ChannelError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Channel, ChannelError> {
        let viewer = access::to_view(tx, self.actor, self.channel_id).await?;
        if viewer.is_archived && !viewer.has_joined {
            return Err(ChannelError::Archived);
        }
        join(tx, self.channel_id, self.actor).await?;
        Ok(load(tx, self.channel_id).await?)
    }
}

/// Leaves a channel.
#[derive(Debug, Clone)]
pub struct LeaveChannel {
    /// Who.
    pub actor: UserId,
    /// The channel.
    pub channel_id: ChannelId,
}

impl Deed for LeaveChannel {
    fn target(&self) -> Target {
        Target::Channel(self.channel_id)
    }
}

impl Action for LeaveChannel {
    type Output = ();
    type Error = ChannelError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ChannelError> {
        let viewer = access::to_view(tx, self.actor, self.channel_id).await?;
        Ok(part(tx, viewer, self.actor).await?)
    }
}

/// Adds a member of the workspace to a channel that the actor is in.
#[derive(Debug, Clone)]
pub struct AddChannelMember {
    /// Anybody in the channel but a guest.
    pub actor: UserId,
    /// The channel.
    pub channel_id: ChannelId,
    /// Who comes in.
    pub user_id: UserId,
}

impl Deed for AddChannelMember {
    fn target(&self) -> Target {
        Target::Channel(self.channel_id)
    }
}

impl Action for AddChannelMember {
    type Output = ();
    type Error = ChannelError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ChannelError> {
        let viewer = access::to_view(tx, self.actor, self.channel_id).await?;
        if viewer.member.is_guest() || !viewer.has_joined {
            return Err(AccessError::Forbidden.into());
        }
        if viewer.is_archived {
            return Err(ChannelError::Archived);
        }
        access::to_enter(tx, self.user_id, viewer.member.workspace_id).await?;
        Ok(join(tx, self.channel_id, self.user_id).await?)
    }
}

/// Removes a person from a channel.
#[derive(Debug, Clone)]
pub struct RemoveChannelMember {
    /// Owner, admins, the channel's creator, or the person.
    pub actor: UserId,
    /// The channel.
    pub channel_id: ChannelId,
    /// Who goes.
    pub user_id: UserId,
}

impl Deed for RemoveChannelMember {
    fn target(&self) -> Target {
        Target::Channel(self.channel_id)
    }
}

impl Action for RemoveChannelMember {
    type Output = ();
    type Error = ChannelError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ChannelError> {
        let viewer = access::to_view(tx, self.actor, self.channel_id).await?;
        let own = self.user_id == self.actor;
        let runs_it = viewer.member.moderates()
            || (viewer.created_by == self.actor && !viewer.member.is_guest());
        if !own && !runs_it {
            return Err(AccessError::Forbidden.into());
        }
        let is_in = tx
            .maybe(
                "SELECT 1 FROM channel_members WHERE channel_id = $1 AND user_id = $2",
                params![self.channel_id, self.user_id],
            )
            .await?;
        if is_in.is_none() {
            return Err(AccessError::NotFound.into());
        }
        Ok(part(tx, viewer, self.user_id).await?)
    }
}

/// A page of the people in a channel.
#[derive(Debug, Clone)]
pub struct ListChannelMembers {
    /// Who reads.
    pub actor: UserId,
    /// The channel.
    pub channel_id: ChannelId,
    /// Which page.
    pub page: Page,
}

impl Lookup for ListChannelMembers {
    type Output = api::ChannelMemberPage;
    type Error = AccessError;

    async fn run(&self, query: &mut Query) -> Result<api::ChannelMemberPage, AccessError> {
        let viewer = access::to_view(query, self.actor, self.channel_id).await?;
        let rows = query
            .rows(
                "SELECT u.id, u.name, u.kind, u.deactivated_at IS NOT NULL
                 FROM channel_members cm JOIN users u ON u.id = cm.user_id
                 WHERE cm.channel_id = $1 AND cm.user_id > $2 ORDER BY cm.user_id LIMIT $3",
                params![self.channel_id, &self.page.after, self.page.rows()],
            )
            .await?;
        let mut items = rows.iter().map(user_from_row).collect::<Result<Vec<_>, _>>()?;
        let next_cursor = self.page.cut(&mut items, |user| user.id.to_string());
        let total = query
            .one(
                "SELECT COUNT(*) FROM channel_members WHERE channel_id = $1",
                params![self.channel_id],
            )
            .await?
            .get(0)?;
        let as_of = as_of(query, viewer.member.workspace_id).await?;
        Ok(api::ChannelMemberPage { items, next_cursor, total, as_of })
    }
}
