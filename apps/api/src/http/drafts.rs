//! Unsent texts.

use axum::extract::State;
use clickclack_chat::Desk;
use clickclack_chat::drafts::{ListDrafts, PutDraft};
use clickclack_protocol::api;

use crate::auth::caller::Caller;
use crate::http::body::Json;
use crate::http::parameters::Query;
use crate::http::problem::Problem;
use crate::http::reply::{Reply, ok};

/// `listDrafts`
pub async fn list_drafts(
    State(desk): State<Desk>,
    caller: Caller,
    Query(query): Query<api::ListDraftsQuery>,
) -> Result<Reply<api::DraftList>, Problem> {
    let (actor, workspace_id) = (caller.user_id, query.workspace_id);
    Ok(ok(desk.look(ListDrafts { actor, workspace_id }).await?))
}

/// `putDraft`
pub async fn put_draft(
    State(desk): State<Desk>,
    caller: Caller,
    Json(body): Json<api::PutDraft>,
) -> Result<Reply<api::Draft>, Problem> {
    let api::PutDraft { channel_id, thread_root_id, body } = body;
    let actor = caller.user_id;
    Ok(ok(desk.act(PutDraft { actor, channel_id, thread_root_id, body }).await?))
}
