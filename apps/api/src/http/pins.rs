//! Pins of a channel.

use axum::extract::State;
use clickclack_chat::Desk;
use clickclack_chat::pins::{ListPins, PinMessage, UnpinMessage};
use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, MessageId};

use crate::auth::caller::Caller;
use crate::http::parameters::Ids;
use crate::http::problem::Problem;
use crate::http::reply::{Reply, ok};

/// `listPins`
pub async fn list_pins(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
) -> Result<Reply<api::PinList>, Problem> {
    Ok(ok(desk.look(ListPins { actor: caller.user_id, channel_id }).await?))
}

/// `pinMessage`
pub async fn pin_message(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(message_id): Ids<MessageId>,
) -> Result<Reply<api::Message>, Problem> {
    Ok(ok(desk.act(PinMessage { actor: caller.user_id, message_id }).await?))
}

/// `unpinMessage`
pub async fn unpin_message(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(message_id): Ids<MessageId>,
) -> Result<Reply<api::Message>, Problem> {
    Ok(ok(desk.act(UnpinMessage { actor: caller.user_id, message_id }).await?))
}
