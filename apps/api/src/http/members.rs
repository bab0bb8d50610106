//! The members of a workspace.

use axum::extract::State;
use axum::http::StatusCode;
use clickclack_chat::Desk;
use clickclack_chat::members::{ListMembers, RemoveMember, UpdateMember};
use clickclack_chat::page::Page;
use clickclack_protocol::api;
use clickclack_protocol::ids::{UserId, WorkspaceId};
use clickclack_protocol::limits;

use crate::auth::caller::Caller;
use crate::http::body::{Json, at_most};
use crate::http::parameters::{Ids, Query};
use crate::http::problem::Problem;
use crate::http::reply::{Reply, ok};

/// `listMembers`
pub async fn list_members(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(workspace_id): Ids<WorkspaceId>,
    Query(query): Query<api::ListMembersQuery>,
) -> Result<Reply<api::MemberPage>, Problem> {
    let page = Page::from_wire(query.cursor.as_deref(), query.limit)?;
    let q = query.q.unwrap_or_default();
    at_most("q", &q, limits::NAME_CHARS)?;
    Ok(ok(desk.look(ListMembers { actor: caller.user_id, workspace_id, q, page }).await?))
}

/// `updateMember`
pub async fn update_member(
    State(desk): State<Desk>,
    caller: Caller,
    Ids((workspace_id, user_id)): Ids<(WorkspaceId, UserId)>,
    Json(body): Json<api::UpdateMember>,
) -> Result<Reply<api::Member>, Problem> {
    let actor = caller.user_id;
    Ok(ok(desk.act(UpdateMember { actor, workspace_id, user_id, role: body.role }).await?))
}

/// `removeMember`
pub async fn remove_member(
    State(desk): State<Desk>,
    caller: Caller,
    Ids((workspace_id, user_id)): Ids<(WorkspaceId, UserId)>,
) -> Result<StatusCode, Problem> {
    desk.act(RemoveMember { actor: caller.user_id, workspace_id, user_id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
