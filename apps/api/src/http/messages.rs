//! Messages.

use std::sync::Arc;

use axum::extract::State;
use clickclack_chat::Desk;
use clickclack_chat::messages::{
    DeleteMessage, EditMessage, GetMessage, GetMessageHistory, ListMessages, Stretch,
};
use clickclack_chat::sending::SendMessage;
use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, MessageId};

use crate::auth::caller::Caller;
use crate::http::body::{Json, not_negative};
use crate::http::parameters::{Ids, Query, limit};
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
    let (stretch, limit) = (stretch(&query)?, limit(query.limit)?);
    Ok(ok(desk.look(ListMessages { actor: caller.user_id, channel_id, stretch, limit }).await?))
}

/// At most one of the three positions, each where a message can be.
fn stretch(query: &api::ListMessagesQuery) -> Result<Stretch, Problem> {
    let at_least = |field: &'static str, seq: i64, least: i64| {
        if seq >= least {
            Ok(seq)
        } else {
            Err(Problem::field(field, format!("must be at least {least}")))
        }
    };
    match (query.before_seq, query.after_seq, query.around_seq) {
        (None, None, None) => Ok(Stretch::Newest),
        (Some(seq), None, None) => Ok(Stretch::Before(at_least("before_seq", seq, 1)?)),
        (None, Some(seq), None) => Ok(Stretch::After(at_least("after_seq", seq, 0)?)),
        (None, None, Some(seq)) => Ok(Stretch::Around(at_least("around_seq", seq, 1)?)),
        (Some(_), _, _) => Err(Problem::field("before_seq", "only one position may be given")),
        (None, Some(_), Some(_)) => {
            Err(Problem::field("after_seq", "only one position may be given"))
        }
    }
}

/// `sendMessage`
pub async fn send_message(
    State(desk): State<Desk>,
    State(metrics): State<Arc<Metrics>>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
    Json(body): Json<api::SendMessage>,
) -> Result<Reply<api::Sent>, Problem> {
    let actor = caller.user_id;
    let sent =
        desk.act(SendMessage { actor, channel_id, nonce: body.nonce, body: body.body }).await?;
    if sent.is_new {
        metrics.sent();
        Ok(created(sent.sent))
    } else {
        Ok(ok(sent.sent))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_has_one_position() {
        let query = |before_seq, after_seq, around_seq| {
            stretch(&api::ListMessagesQuery { before_seq, after_seq, around_seq, limit: None })
        };
        assert_eq!(query(None, None, None).unwrap(), Stretch::Newest);
        assert_eq!(query(Some(3), None, None).unwrap(), Stretch::Before(3));
        assert_eq!(query(None, Some(0), None).unwrap(), Stretch::After(0));
        assert_eq!(query(None, None, Some(1)).unwrap(), Stretch::Around(1));
        for (before, after, around) in [
            (Some(0), None, None),
            (None, Some(-1), None),
            (None, None, Some(0)),
            (Some(1), Some(1), None),
            (None, Some(1), Some(1)),
        ] {
            assert!(query(before, after, around).is_err());
        }
    }
}
