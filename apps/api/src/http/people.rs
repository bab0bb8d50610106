//! Oneself, one's sessions, and the other accounts.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use clickclack_chat::accounts::{GetMe, GetUser, ListUsers, UpdateMe};
use clickclack_chat::activation::{DeactivateUser, ReactivateUser};
use clickclack_chat::page::Page;
use clickclack_chat::passwords::{ChangePassword, CurrentPassword};
use clickclack_chat::reads::GetMyState;
use clickclack_chat::sessions::{ListSessions, RevokeSession};
use clickclack_chat::{Desk, text};
use clickclack_protocol::api::{self, ProblemCode};
use clickclack_protocol::ids::{SessionId, UserId};
use clickclack_protocol::limits;
use clickclack_protocol::time::Clock;

use crate::auth::caller::Caller;
use crate::auth::passwords::Passwords;
use crate::auth::peer::Peer;
use crate::auth::rates::RateLimits;
use crate::http::body::{Json, at_most, not_negative};
use crate::http::parameters::{Ids, Query};
use crate::http::problem::Problem;
use crate::http::reply::{Reply, ok};

/// `getMe`
pub async fn get_me(
    State(desk): State<Desk>,
    caller: Caller,
) -> Result<Reply<api::Account>, Problem> {
    Ok(ok(desk.look(GetMe { actor: caller.user_id }).await?))
}

/// `updateMe`
pub async fn update_me(
    State(desk): State<Desk>,
    caller: Caller,
    Json(body): Json<api::UpdateMe>,
) -> Result<Reply<api::Account>, Problem> {
    Ok(ok(desk.act(UpdateMe { actor: caller.user_id, name: body.name }).await?))
}

/// `changePassword`
pub async fn change_password(
    State(desk): State<Desk>,
    State(passwords): State<Passwords>,
    State(limits): State<RateLimits>,
    Extension(peer): Extension<Peer>,
    caller: Caller,
    Json(body): Json<api::ChangePassword>,
) -> Result<StatusCode, Problem> {
    text::new_password("new_password", &body.new_password)?;
    let current = body.current_password.unwrap_or_default();
    at_most("current_password", &current, limits::PASSWORD_CHARS)?;
    // A stolen session must not become a way to guess the password.
    limits.account(peer.limited_as(), &caller.user_id.to_string())?;
    let actor = caller.user_id;
    let verified_phc = desk.look(CurrentPassword { actor }).await?;
    if verified_phc.is_some() && !passwords.verify(current, verified_phc.clone()).await? {
        return Err(Problem::new(ProblemCode::CredentialsInvalid));
    }
    let new_phc = passwords.hash(body.new_password).await?;
    let session_id = caller.session_id;
    desk.act(ChangePassword { actor, session_id, verified_phc, new_phc }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `getMyState`
pub async fn get_my_state(
    State(desk): State<Desk>,
    caller: Caller,
    Query(query): Query<api::GetMyStateQuery>,
) -> Result<Reply<api::PersonalState>, Problem> {
    not_negative("since", query.since)?;
    let since = query.since.unwrap_or(0);
    Ok(ok(desk
        .look(GetMyState { actor: caller.user_id, workspace_id: query.workspace_id, since })
        .await?))
}

/// `listSessions`
pub async fn list_sessions(
    State(desk): State<Desk>,
    State(clock): State<Arc<dyn Clock>>,
    caller: Caller,
) -> Result<Reply<api::SessionList>, Problem> {
    let Caller { user_id: actor, session_id, .. } = caller;
    Ok(ok(desk.look(ListSessions { actor, session_id, now: clock.now() }).await?))
}

/// `revokeSession`
pub async fn revoke_session(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(session_id): Ids<SessionId>,
) -> Result<StatusCode, Problem> {
    desk.act(RevokeSession { actor: caller.user_id, session_id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `listUsers`
pub async fn list_users(
    State(desk): State<Desk>,
    caller: Caller,
    Query(query): Query<api::ListUsersQuery>,
) -> Result<Reply<api::AccountPage>, Problem> {
    let page = Page::from_wire(query.cursor.as_deref(), query.limit)?;
    Ok(ok(desk.look(ListUsers { actor: caller.user_id, page }).await?))
}

/// `getUser`
pub async fn get_user(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(user_id): Ids<UserId>,
) -> Result<Reply<api::User>, Problem> {
    Ok(ok(desk.look(GetUser { actor: caller.user_id, user_id }).await?))
}

/// `deactivateUser`
pub async fn deactivate_user(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(user_id): Ids<UserId>,
) -> Result<Reply<api::Account>, Problem> {
    Ok(ok(desk.act(DeactivateUser { actor: Some(caller.user_id), user_id }).await?))
}

/// `reactivateUser`
pub async fn reactivate_user(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(user_id): Ids<UserId>,
) -> Result<Reply<api::Account>, Problem> {
    Ok(ok(desk.act(ReactivateUser { actor: Some(caller.user_id), user_id }).await?))
}
