//! Messages that one saved.

use axum::extract::State;
use clickclack_chat::Desk;
use clickclack_chat::page::Page;
use clickclack_chat::saved::{ListSaved, SaveMessage, UnsaveMessage};
use clickclack_protocol::api;
use clickclack_protocol::ids::MessageId;

use crate::auth::caller::Caller;
use crate::http::parameters::{Ids, Query};
use crate::http::problem::Problem;
use crate::http::reply::{Reply, ok};

/// `listSaved`
pub async fn list_saved(
    State(desk): State<Desk>,
    caller: Caller,
    Query(query): Query<api::ListSavedQuery>,
) -> Result<Reply<api::SavedPage>, Problem> {
    let page = Page::from_wire(query.cursor.as_deref(), query.limit)?;
    let (actor, workspace_id) = (caller.user_id, query.workspace_id);
    Ok(ok(desk.look(ListSaved { actor, workspace_id, page }).await?))
}

/// `saveMessage`
pub async fn save_message(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(message_id): Ids<MessageId>,
) -> Result<Reply<api::SavedMark>, Problem> {
    Ok(ok(desk.act(SaveMessage { actor: caller.user_id, message_id }).await?))
}

/// `unsaveMessage`
pub async fn unsave_message(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(message_id): Ids<MessageId>,
) -> Result<Reply<api::SavedMark>, Problem> {
    Ok(ok(desk.act(UnsaveMessage { actor: caller.user_id, message_id }).await?))
}
