//! Workspaces and their snapshots.

use axum::extract::State;
use clickclack_chat::Desk;
use clickclack_chat::snapshot::GetSnapshot;
use clickclack_chat::workspaces::{CreateWorkspace, GetWorkspace, ListWorkspaces, UpdateWorkspace};
use clickclack_protocol::api;
use clickclack_protocol::ids::WorkspaceId;

use crate::auth::caller::Caller;
use crate::http::body::{Json, not_negative};
use crate::http::parameters::Ids;
use crate::http::problem::Problem;
use crate::http::reply::{Reply, created, ok};
use crate::leaves::Board;

/// `listWorkspaces`
pub async fn list_workspaces(
    State(desk): State<Desk>,
    caller: Caller,
) -> Result<Reply<api::WorkspaceList>, Problem> {
    Ok(ok(desk.look(ListWorkspaces { actor: caller.user_id }).await?))
}

/// `createWorkspace`
pub async fn create_workspace(
    State(desk): State<Desk>,
    caller: Caller,
    Json(body): Json<api::CreateWorkspace>,
) -> Result<Reply<api::Workspace>, Problem> {
    Ok(created(desk.act(CreateWorkspace { actor: caller.user_id, name: body.name }).await?))
}

/// `getWorkspace`
pub async fn get_workspace(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(workspace_id): Ids<WorkspaceId>,
) -> Result<Reply<api::Workspace>, Problem> {
    Ok(ok(desk.look(GetWorkspace { actor: caller.user_id, workspace_id }).await?))
}

/// `updateWorkspace`
pub async fn update_workspace(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(workspace_id): Ids<WorkspaceId>,
    Json(body): Json<api::UpdateWorkspace>,
) -> Result<Reply<api::Workspace>, Problem> {
    not_negative("version", body.version)?;
    let deed = UpdateWorkspace {
        actor: caller.user_id,
        workspace_id,
        name: body.name,
        version: body.version,
    };
    Ok(ok(desk.act(deed).await?))
}

/// `getSnapshot`
pub async fn get_snapshot(
    State(desk): State<Desk>,
    State(board): State<Board>,
    caller: Caller,
    Ids(workspace_id): Ids<WorkspaceId>,
) -> Result<Reply<api::Snapshot>, Problem> {
    let mut snapshot = desk.look(GetSnapshot { actor: caller.user_id, workspace_id }).await?;
    snapshot.presence = board.presence(workspace_id);
    Ok(ok(snapshot))
}
