//! Invites: making and ending them, and coming in by one.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use clickclack_chat::Desk;
use clickclack_chat::invites::{CreateInvite, ListInvites, RevokeInvite};
use clickclack_chat::joining::{AcceptInvite, GetInvite};
use clickclack_chat::page::Page;
use clickclack_protocol::api;
use clickclack_protocol::ids::{InviteId, WorkspaceId};
use clickclack_protocol::time::Clock;

use crate::auth::caller::Caller;
use crate::auth::origin::Site;
use crate::auth::peer::Peer;
use crate::auth::rates::RateLimits;
use crate::http::body::Json;
use crate::http::parameters::{Ids, Query, Token};
use crate::http::problem::Problem;
use crate::http::reply::{Reply, created, ok};
use crate::links;

/// `createInvite`
pub async fn create_invite(
    State(desk): State<Desk>,
    State(site): State<Arc<Site>>,
    caller: Caller,
    Ids(workspace_id): Ids<WorkspaceId>,
    Json(body): Json<api::CreateInvite>,
) -> Result<Reply<api::CreatedInvite>, Problem> {
    let deed = CreateInvite {
        actor: Some(caller.user_id),
        workspace_id,
        role: body.role,
        max_uses: body.max_uses,
        expires_in_s: body.expires_in_s,
        channel_ids: body.channel_ids,
    };
    let made = desk.act(deed).await?;
    let url = links::invite(&site.url(), &made.token);
    Ok(created(api::CreatedInvite { invite: made.invite, token: made.token, url }))
}

/// `listInvites`
pub async fn list_invites(
    State(desk): State<Desk>,
    State(clock): State<Arc<dyn Clock>>,
    caller: Caller,
    Ids(workspace_id): Ids<WorkspaceId>,
    Query(query): Query<api::ListInvitesQuery>,
) -> Result<Reply<api::InvitePage>, Problem> {
    let page = Page::from_wire(query.cursor.as_deref(), query.limit)?;
    let (actor, now) = (caller.user_id, clock.now());
    Ok(ok(desk.look(ListInvites { actor, workspace_id, page, now }).await?))
}

/// `revokeInvite`
pub async fn revoke_invite(
    State(desk): State<Desk>,
    caller: Caller,
    Ids((workspace_id, invite_id)): Ids<(WorkspaceId, InviteId)>,
) -> Result<StatusCode, Problem> {
    desk.act(RevokeInvite { actor: caller.user_id, workspace_id, invite_id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `getInvite`
pub async fn get_invite(
    State(desk): State<Desk>,
    State(clock): State<Arc<dyn Clock>>,
    State(limits): State<RateLimits>,
    Extension(peer): Extension<Peer>,
    Token(token): Token,
) -> Result<Reply<api::InvitePreview>, Problem> {
    limits.credential(peer.limited_as())?;
    Ok(ok(desk.look(GetInvite { token, now: clock.now() }).await?))
}

/// `acceptInvite`
pub async fn accept_invite(
    State(desk): State<Desk>,
    State(limits): State<RateLimits>,
    Extension(peer): Extension<Peer>,
    caller: Caller,
    Token(token): Token,
) -> Result<Reply<api::Workspace>, Problem> {
    limits.credential(peer.limited_as())?;
    Ok(ok(desk.act(AcceptInvite { actor: caller.user_id, token }).await?))
}
