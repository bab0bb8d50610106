//! The WebSocket adapter: lets a socket in, and moves frames between it and its connection to the
//! switchboard. One task and no timer of its own.

pub mod devices;
pub mod log;

use std::error::Error;
use std::ops::ControlFlow;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use bytes::Bytes;
use clickclack_chat::callers;
use clickclack_chat::sessions::ListSessions;
use clickclack_chat::tickets::UseTicket;
use clickclack_protocol::api::{OpenSocketQuery, ProblemCode};
use clickclack_protocol::limits;
use clickclack_realtime::{Close, Connection, Frame, Identity, Step};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite;

use crate::auth::caller::{Via, own_origin, shown};
use crate::http::parameters::Query;
use crate::http::problem::Problem;
use crate::leaves::Leaves;
use devices::Devices;
use log::Log;

/// The subprotocol that frames of the contract are spoken in.
const PROTOCOL: &str = "clickclack.v1";
/// What a token is prefixed with as a subprotocol.
const BEARER: &str = "bearer.";
/// How long one write may take: a reader that takes nothing for so long is gone.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);

/// `openSocket`
pub async fn open_socket(
    State(leaves): State<Leaves>,
    State(devices): State<Devices>,
    Query(query): Query<OpenSocketQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let (mut parts, _) = request.into_parts();
    let upgrade = upgrade(&mut parts).await?;
    let entry = admit(&leaves, &parts.headers, query.ticket).await?;
    let session = entry.session;
    leaves.limits.session(session.session_id)?;
    let identity = Identity {
        user_id: session.user_id,
        session_id: session.session_id,
        device_id: devices.next(),
    };
    let connection = leaves.board.connect(identity).map_err(|_| {
        Problem::new(ProblemCode::RateLimited)
            .detail("One person may not have more sockets open.")
            .limit(limits::SOCKETS_PER_USER)
            .retry_after(1)
    })?;
    // Once more, now that a revocation would find the socket.
    still_alive(&leaves, &entry).await?;
    let running = leaves.running.clone();
    Ok(upgrade.on_upgrade(async move |socket| {
        run(socket, connection).await;
        drop(running);
    }))
}

/// The handshake with small buffers: the framework's own cost 133 KiB a socket.
async fn upgrade(parts: &mut Parts) -> Result<WebSocketUpgrade, Problem> {
    let needed = || {
        Problem::new(ProblemCode::UpgradeRequired)
            .detail(format!("Open a WebSocket with the subprotocol {PROTOCOL}."))
    };
    let upgrade = WebSocketUpgrade::from_request_parts(parts, &()).await.map_err(|_| needed())?;
    let upgrade = upgrade
        .read_buffer_size(1024)
        .write_buffer_size(0)
        .max_message_size(limits::FRAME_BYTES)
        .max_frame_size(limits::FRAME_BYTES)
        .protocols([PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return Err(needed());
    }
    Ok(upgrade)
}

/// Who comes in.
struct Entry {
    session: callers::Caller,
    /// What showed the session, unless it was used up by that.
    token: Option<String>,
}

async fn admit(
    leaves: &Leaves,
    headers: &HeaderMap,
    ticket: Option<String>,
) -> Result<Entry, Problem> {
    let site = &leaves.site;
    // A page of somebody else's is refused whatever it brings along.
    if headers.contains_key(header::ORIGIN) {
        own_origin(site, headers)?;
    }
    if let Some(ticket) = ticket {
        let session = leaves.desk.act(UseTicket { ticket }).await?;
        return Ok(Entry { session, token: None });
    }
    let token = match protocol_token(headers) {
        Some(token) => token,
        None => {
            let shown = shown(site, headers).ok_or(Problem::new(ProblemCode::Unauthenticated))?;
            if shown.via == Via::Cookie {
                own_origin(site, headers)?;
            }
            shown.token
        }
    };
    let session = leaves.authenticator.session(token).await?;
    Ok(Entry { session, token: Some(token.to_owned()) })
}

/// The token among the offered subprotocols, where a browser's script can put it.
fn protocol_token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|protocol| protocol.trim().strip_prefix(BEARER))
}

async fn still_alive(leaves: &Leaves, entry: &Entry) -> Result<(), Problem> {
    if let Some(token) = &entry.token {
        return leaves.authenticator.session(token).await.map(drop);
    }
    let callers::Caller { user_id: actor, session_id, .. } = entry.session;
    let now = leaves.clock.now();
    let alive = leaves.desk.look(ListSessions { actor, session_id, now }).await?;
    if alive.items.iter().any(|session| session.current) {
        Ok(())
    } else {
        Err(Problem::new(ProblemCode::Unauthenticated))
    }
}

/// Moves frames until either side ends.
async fn run(mut socket: WebSocket, mut connection: Connection<Log>) {
    loop {
        let step = tokio::select! {
            step = connection.next() => step,
            message = socket.recv() => {
                if hear(&mut connection, message).is_break() {
                    return;
                }
                continue;
            }
        };
        let (message, is_last) = match step {
            Step::Send(frame) => (text(&frame), false),
            Step::Ping => (Message::Ping(Bytes::new()), false),
            Step::Close(close) => (farewell(close), true),
        };
        let sent = timeout(WRITE_TIMEOUT, socket.send(message)).await;
        if is_last || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}

fn hear(
    connection: &mut Connection<Log>,
    message: Option<Result<Message, axum::Error>>,
) -> ControlFlow<()> {
    match message {
        Some(Ok(Message::Text(text))) => connection.text(text.as_str()),
        Some(Ok(Message::Binary(_))) => connection.binary(),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => connection.pong(),
        Some(Err(error)) if is_too_big(&error) => connection.too_big(),
        Some(Ok(Message::Close(_)) | Err(_)) | None => return ControlFlow::Break(()),
    }
    ControlFlow::Continue(())
}

fn is_too_big(error: &axum::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<tungstenite::Error>());
    matches!(cause, Some(tungstenite::Error::Capacity(_)))
}

fn text(frame: &Frame) -> Message {
    let text = Utf8Bytes::try_from(frame.bytes()).expect("a frame is JSON, which is UTF-8");
    Message::Text(text)
}

fn farewell(close: Close) -> Message {
    let reason = Utf8Bytes::from_static(close.reason);
    Message::Close(Some(CloseFrame { code: close.code.as_u16(), reason }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_the_subprotocols() {
        let mut headers = HeaderMap::new();
        assert_eq!(protocol_token(&headers), None);
        headers.append(header::SEC_WEBSOCKET_PROTOCOL, "clickclack.v1".parse().unwrap());
        assert_eq!(protocol_token(&headers), None);
        headers.append(header::SEC_WEBSOCKET_PROTOCOL, "a, bearer.cks_x".parse().unwrap());
        assert_eq!(protocol_token(&headers), Some("cks_x"));
    }
}
