//! Threads: replying, reading, following, naming and locking them.

use std::sync::Arc;

use axum::extract::State;
use clickclack_chat::Desk;
use clickclack_chat::followed::ListThreads;
use clickclack_chat::follows::{FollowThread, MarkThreadRead, MarkThreadUnread};
use clickclack_chat::page::Page;
use clickclack_chat::replies::SendReply;
use clickclack_chat::threads::{GetThread, UpdateThread};
use clickclack_protocol::api;
use clickclack_protocol::ids::MessageId;

use crate::auth::caller::Caller;
use crate::http::body::{Json, not_negative, place};
use crate::http::messages::answer;
use crate::http::parameters::{Ids, Query, limit, stretch};
use crate::http::problem::Problem;
use crate::http::reply::{Reply, ok};
use crate::metrics::Metrics;

/// `getThread`
pub async fn get_thread(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(root_id): Ids<MessageId>,
    Query(query): Query<api::GetThreadQuery>,
) -> Result<Reply<api::ThreadPage>, Problem> {
    let stretch = stretch(query.before_seq, query.after_seq, query.around_seq)?;
    let limit = limit(query.limit)?;
    Ok(ok(desk.look(GetThread { actor: caller.user_id, root_id, stretch, limit }).await?))
}

/// `sendReply`
pub async fn send_reply(
    State(desk): State<Desk>,
    State(metrics): State<Arc<Metrics>>,
    caller: Caller,
    Ids(root_id): Ids<MessageId>,
    Json(body): Json<api::SendReply>,
) -> Result<Reply<api::Sent>, Problem> {
    let api::SendReply { nonce, body, quote_of, also_in_channel } = body;
    let also_in_channel = also_in_channel.unwrap_or(false);
    let actor = caller.user_id;
    let send = SendReply { actor, root_id, nonce, body, quote_of, also_in_channel };
    Ok(answer(desk.act(send).await?, &metrics))
}

/// `listThreads`
pub async fn list_threads(
    State(desk): State<Desk>,
    caller: Caller,
    Query(query): Query<api::ListThreadsQuery>,
) -> Result<Reply<api::FollowedThreadPage>, Problem> {
    let page = Page::from_wire(query.cursor.as_deref(), query.limit)?;
    let (actor, workspace_id) = (caller.user_id, query.workspace_id);
    let unread = query.unread.unwrap_or(false);
    Ok(ok(desk.look(ListThreads { actor, workspace_id, unread, page }).await?))
}

/// `updateThread`
pub async fn update_thread(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(root_id): Ids<MessageId>,
    Json(body): Json<api::UpdateThread>,
) -> Result<Reply<api::ThreadSummary>, Problem> {
    let api::UpdateThread { title, locked, version } = body;
    not_negative("version", version)?;
    let actor = caller.user_id;
    Ok(ok(desk.act(UpdateThread { actor, root_id, title, locked, version }).await?))
}

/// `followThread`
pub async fn follow_thread(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(root_id): Ids<MessageId>,
) -> Result<Reply<api::ThreadFollow>, Problem> {
    Ok(ok(desk.act(FollowThread { actor: caller.user_id, root_id, following: true }).await?))
}

/// `unfollowThread`
pub async fn unfollow_thread(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(root_id): Ids<MessageId>,
) -> Result<Reply<api::ThreadFollow>, Problem> {
    Ok(ok(desk.act(FollowThread { actor: caller.user_id, root_id, following: false }).await?))
}

/// `markThreadRead`
pub async fn mark_thread_read(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(root_id): Ids<MessageId>,
    Json(body): Json<api::MarkRead>,
) -> Result<Reply<api::ThreadFollow>, Problem> {
    not_negative("seq", Some(body.seq))?;
    Ok(ok(desk.act(MarkThreadRead { actor: caller.user_id, root_id, seq: body.seq }).await?))
}

/// `markThreadUnread`
pub async fn mark_thread_unread(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(root_id): Ids<MessageId>,
    Json(body): Json<api::MarkUnread>,
) -> Result<Reply<api::ThreadFollow>, Problem> {
    let seq = place(body.seq)?;
    Ok(ok(desk.act(MarkThreadUnread { actor: caller.user_id, root_id, seq }).await?))
}
