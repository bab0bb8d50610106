//! The WebSocket adapter: who is let in (here), the handshake (`upgrade`), and the frames (`pump`).
//! One task a socket, and no timer of its own.

pub mod devices;
pub mod log;
mod pump;
mod upgrade;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, header};
use clickclack_chat::callers;
use clickclack_chat::sessions::ListSessions;
use clickclack_chat::tickets::UseTicket;
use clickclack_protocol::api::{OpenSocketQuery, ProblemCode};
use clickclack_protocol::limits;
use clickclack_realtime::Identity;

use crate::auth::caller::{Via, own_origin, shown};
use crate::http::parameters::Query;
use crate::http::problem::Problem;
use crate::leaves::Leaves;
use devices::Devices;
use upgrade::Upgrade;

/// What a token is prefixed with as a subprotocol.
const BEARER: &str = "bearer.";

/// `openSocket`
pub async fn open_socket(
    State(leaves): State<Leaves>,
    State(devices): State<Devices>,
    Query(query): Query<OpenSocketQuery>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let (mut parts, _) = request.into_parts();
    let upgrade = Upgrade::of(&mut parts)?;
    let entry = admit(&leaves, &parts.headers, query.ticket).await?;
    let session = entry.session;
    leaves.limits.session(session.session_id)?;
    let identity = Identity {
        user_id: session.user_id,
        session_id: session.session_id,
        device_id: devices.next(),
        expires_at: session.expires_at,
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
    let (response, stream) = upgrade.accept();
    tokio::spawn(async move {
        match stream.await {
            Ok(stream) => pump::run(stream, connection).await,
            Err(error) => tracing::debug!(%error, "a socket broke before it was open"),
        }
        drop(running);
    });
    Ok(response)
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
    let token = if let Some(token) = protocol_token(headers) {
        token
    } else {
        let shown = shown(site, headers).ok_or(Problem::new(ProblemCode::Unauthenticated))?;
        if shown.via == Via::Cookie {
            own_origin(site, headers)?;
        }
        shown.token
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
