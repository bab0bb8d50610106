//! Channels, who is in them, and how far one has read.

use axum::extract::State;
use axum::http::StatusCode;
use clickclack_chat::Desk;
use clickclack_chat::channel_members::{
    AddChannelMember, JoinChannel, LeaveChannel, ListChannelMembers, RemoveChannelMember,
};
use clickclack_chat::channels::{CreateChannel, GetChannel, ListChannels, UpdateChannel};
use clickclack_chat::page::Page;
use clickclack_chat::reads::{MarkRead, MarkUnread};
use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};

use crate::auth::caller::Caller;
use crate::http::body::{Json, not_negative, place};
use crate::http::parameters::{Ids, Query};
use crate::http::problem::Problem;
use crate::http::reply::{Reply, created, ok};

/// `listChannels`
pub async fn list_channels(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(workspace_id): Ids<WorkspaceId>,
    Query(query): Query<api::ListChannelsQuery>,
) -> Result<Reply<api::ChannelPage>, Problem> {
    let page = Page::from_wire(query.cursor.as_deref(), query.limit)?;
    Ok(ok(desk.look(ListChannels { actor: caller.user_id, workspace_id, page }).await?))
}

/// `createChannel`
pub async fn create_channel(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(workspace_id): Ids<WorkspaceId>,
    Json(body): Json<api::CreateChannel>,
) -> Result<Reply<api::Channel>, Problem> {
    let deed = CreateChannel {
        actor: caller.user_id,
        workspace_id,
        name: body.name,
        kind: body.kind,
        topic: body.topic.unwrap_or_default(),
    };
    Ok(created(desk.act(deed).await?))
}

/// `getChannel`
pub async fn get_channel(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
) -> Result<Reply<api::Channel>, Problem> {
    Ok(ok(desk.look(GetChannel { actor: caller.user_id, channel_id }).await?))
}

/// `updateChannel`
pub async fn update_channel(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
    Json(body): Json<api::UpdateChannel>,
) -> Result<Reply<api::Channel>, Problem> {
    not_negative("version", body.version)?;
    let deed = UpdateChannel {
        actor: caller.user_id,
        channel_id,
        name: body.name,
        topic: body.topic,
        archived: body.archived,
        version: body.version,
    };
    Ok(ok(desk.act(deed).await?))
}

/// `joinChannel`
pub async fn join_channel(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
) -> Result<Reply<api::Channel>, Problem> {
    Ok(ok(desk.act(JoinChannel { actor: caller.user_id, channel_id }).await?))
}

/// `leaveChannel`
pub async fn leave_channel(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
) -> Result<StatusCode, Problem> {
    desk.act(LeaveChannel { actor: caller.user_id, channel_id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `markRead`
pub async fn mark_read(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
    Json(body): Json<api::MarkRead>,
) -> Result<Reply<api::ReadState>, Problem> {
    not_negative("seq", Some(body.seq))?;
    Ok(ok(desk.act(MarkRead { actor: caller.user_id, channel_id, seq: body.seq }).await?))
}

/// `markUnread`
pub async fn mark_unread(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
    Json(body): Json<api::MarkUnread>,
) -> Result<Reply<api::ReadState>, Problem> {
    let seq = place(body.seq)?;
    Ok(ok(desk.act(MarkUnread { actor: caller.user_id, channel_id, seq }).await?))
}

/// `listChannelMembers`
pub async fn list_channel_members(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
    Query(query): Query<api::ListChannelMembersQuery>,
) -> Result<Reply<api::ChannelMemberPage>, Problem> {
    let page = Page::from_wire(query.cursor.as_deref(), query.limit)?;
    Ok(ok(desk.look(ListChannelMembers { actor: caller.user_id, channel_id, page }).await?))
}

/// `addChannelMember`
pub async fn add_channel_member(
    State(desk): State<Desk>,
    caller: Caller,
    Ids((channel_id, user_id)): Ids<(ChannelId, UserId)>,
) -> Result<StatusCode, Problem> {
    desk.act(AddChannelMember { actor: caller.user_id, channel_id, user_id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `removeChannelMember`
pub async fn remove_channel_member(
    State(desk): State<Desk>,
    caller: Caller,
    Ids((channel_id, user_id)): Ids<(ChannelId, UserId)>,
) -> Result<StatusCode, Problem> {
    desk.act(RemoveChannelMember { actor: caller.user_id, channel_id, user_id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
