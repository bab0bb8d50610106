//! What the socket does, for clients without one: events, typing, presence, and tickets to it.

use axum::extract::State;
use axum::http::StatusCode;
use clickclack_chat::Desk;
use clickclack_chat::channels::GetChannel;
use clickclack_chat::messages::GetMessage;
use clickclack_chat::replay::ListEvents;
use clickclack_chat::tickets::CreateTicket;
use clickclack_chat::workspaces::GetWorkspace;
use clickclack_protocol::api::{self, ChannelKind, ProblemCode};
use clickclack_protocol::cursor::Cursor;
use clickclack_realtime::ChannelPlace;

use crate::auth::caller::Caller;
use crate::http::body::Json;
use crate::http::parameters::{Query, limit};
use crate::http::problem::Problem;
use crate::http::reply::{Reply, created, ok};
use crate::leaves::Board;

/// `listEvents`
pub async fn list_events(
    State(desk): State<Desk>,
    caller: Caller,
    Query(query): Query<api::ListEventsQuery>,
) -> Result<Reply<api::EventPage>, Problem> {
    let after: Cursor = query
        .after_cursor
        .parse()
        .map_err(|_| Problem::field("after_cursor", "must be a cursor of this server"))?;
    let (actor, workspace_id) = (caller.user_id, query.workspace_id);
    let limit = limit(query.limit)?;
    Ok(ok(desk.look(ListEvents { actor, workspace_id, after, limit }).await?))
}

/// `sendEphemeral`
pub async fn send_ephemeral(
    State(desk): State<Desk>,
    State(board): State<Board>,
    caller: Caller,
    Json(body): Json<api::SendEphemeral>,
) -> Result<StatusCode, Problem> {
    let actor = caller.user_id;
    let channel = desk.look(GetChannel { actor, channel_id: body.channel_id }).await?;
    let place = ChannelPlace {
        workspace_id: channel.workspace_id,
        channel_id: channel.id,
        public: channel.kind == ChannelKind::Public,
    };
    if let Some(root_id) = body.thread_root_id {
        let root = desk.look(GetMessage { actor, message_id: root_id }).await?;
        // What is no thread of this channel is not there, as the channel itself would not be.
        if root.channel_id != channel.id || root.thread_root_id.is_some() {
            return Err(Problem::new(ProblemCode::NotFound));
        }
    }
    board.typing(actor, place, body.thread_root_id, body.typing);
    Ok(StatusCode::NO_CONTENT)
}

/// `createTicket`
pub async fn create_ticket(
    State(desk): State<Desk>,
    caller: Caller,
) -> Result<Reply<api::Ticket>, Problem> {
    let deed = CreateTicket { actor: caller.user_id, session_id: caller.session_id };
    Ok(created(desk.act(deed).await?))
}

/// `listOnline`
pub async fn list_online(
    State(desk): State<Desk>,
    State(board): State<Board>,
    caller: Caller,
    Query(query): Query<api::ListOnlineQuery>,
) -> Result<Reply<api::PresenceList>, Problem> {
    let workspace_id = query.workspace_id;
    desk.look(GetWorkspace { actor: caller.user_id, workspace_id }).await?;
    Ok(ok(api::PresenceList { items: board.presence(workspace_id) }))
}
