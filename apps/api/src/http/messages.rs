//! Messages.

use std::sync::Arc;

use axum::extract::State;
use clickclack_chat::Desk;
use clickclack_chat::history::ListMessages;
use clickclack_chat::messages::{DeleteMessage, EditMessage, GetMessage, GetMessageHistory};
use clickclack_chat::sending::{SendMessage, Sent};
use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, MessageId};

use crate::auth::caller::Caller;
use crate::http::body::{Json, not_negative};
use crate::http::parameters::{Ids, Query, limit, stretch};
use crate::http::problem::Problem;
use crate::http::reply::{Reply, created, ok};
use crate::metrics::Metrics;

/// `listMessages`
pub async fn list_messages(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
    Query(query): Query<api::ListMessagesQuery>,
) -> Result<Reply<api::MessagePage>, Problem> {
    let stretch = stretch(query.before_seq, query.after_seq, query.around_seq)?;
    let limit = limit(query.limit)?;
    Ok(ok(desk.look(ListMessages { actor: caller.user_id, channel_id, stretch, limit }).await?))
}

/// `sendMessage`
pub async fn send_message(
    State(desk): State<Desk>,
    State(metrics): State<Arc<Metrics>>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
    Json(body): Json<api::SendMessage>,
) -> Result<Reply<api::Sent>, Problem> {
    let api::SendMessage { nonce, body, quote_of } = body;
    let actor = caller.user_id;
    let send = SendMessage { actor, channel_id, nonce, body, quote_of };
    Ok(answer(desk.act(send).await?, &metrics))
}

/// New: 201, and counted; as sent before: 200.
pub(super) fn answer(sent: Sent, metrics: &Metrics) -> Reply<api::Sent> {
    if sent.is_new {
        metrics.sent();
        created(sent.sent)
    } else {
        ok(sent.sent)
    }
}

/// `getMessage`
pub async fn get_message(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(message_id): Ids<MessageId>,
) -> Result<Reply<api::Message>, Problem> {
    Ok(ok(desk.look(GetMessage { actor: caller.user_id, message_id }).await?))
}

/// `editMessage`
pub async fn edit_message(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(message_id): Ids<MessageId>,
    Json(body): Json<api::EditMessage>,
) -> Result<Reply<api::Message>, Problem> {
    let api::EditMessage { body, version } = body;
    not_negative("version", version)?;
    Ok(ok(desk.act(EditMessage { actor: caller.user_id, message_id, body, version }).await?))
}

/// `deleteMessage`
pub async fn delete_message(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(message_id): Ids<MessageId>,
) -> Result<Reply<api::Message>, Problem> {
    Ok(ok(desk.act(DeleteMessage { actor: caller.user_id, message_id }).await?))
}

/// `getMessageHistory`
pub async fn get_message_history(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(message_id): Ids<MessageId>,
) -> Result<Reply<api::MessageHistory>, Problem> {
    Ok(ok(desk.look(GetMessageHistory { actor: caller.user_id, message_id }).await?))
}
