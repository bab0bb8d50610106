//! Reactions to messages.

use axum::extract::State;
use clickclack_chat::Desk;
use clickclack_chat::reactions::{AddReaction, ListReactions, RemoveReaction};
use clickclack_protocol::api;
use clickclack_protocol::ids::MessageId;

use crate::auth::caller::Caller;
use crate::http::body::Json;
use crate::http::parameters::Ids;
use crate::http::problem::Problem;
use crate::http::reply::{Reply, ok};

/// `listReactions`
pub async fn list_reactions(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(message_id): Ids<MessageId>,
) -> Result<Reply<api::ReactionList>, Problem> {
    Ok(ok(desk.look(ListReactions { actor: caller.user_id, message_id }).await?))
}

/// `addReaction`
pub async fn add_reaction(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(message_id): Ids<MessageId>,
    Json(body): Json<api::AddReaction>,
) -> Result<Reply<api::ReactionSet>, Problem> {
    let emoji = body.emoji;
    Ok(ok(desk.act(AddReaction { actor: caller.user_id, message_id, emoji }).await?))
}

/// `removeReaction`
pub async fn remove_reaction(
    State(desk): State<Desk>,
    caller: Caller,
    Ids((message_id, emoji)): Ids<(MessageId, api::Emoji)>,
) -> Result<Reply<api::ReactionSet>, Problem> {
    Ok(ok(desk.act(RemoveReaction { actor: caller.user_id, message_id, emoji }).await?))
}
