//! Doors for operators: is the process there, is the database, and how much is going on.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header;
use axum::response::IntoResponse;
use clickclack_chat::Desk;
use clickclack_chat::instance::GetAuthProviders;
use clickclack_protocol::api::{self, HealthStatus, ProblemCode};

use crate::VERSION;
use crate::auth::caller::Caller;
use crate::auth::passwords::Passwords;
use crate::auth::peer::Peer;
use crate::http::problem::Problem;
use crate::http::reply::{Reply, ok};
use crate::leaves::{Board, Leaves};
use crate::metrics::{Connected, Metrics};

/// The contract, as it is in the source.
const CONTRACT: &str = include_str!("../../../../packages/protocol/openapi.yaml");

fn well() -> Reply<api::Health> {
    ok(api::Health { status: HealthStatus::Ok, server_version: VERSION.to_owned() })
}

/// `getHealth`
pub async fn get_health() -> Reply<api::Health> {
    well()
}

/// `getReadiness`
pub async fn get_readiness(State(desk): State<Desk>) -> Result<Reply<api::Health>, Problem> {
    desk.look(GetAuthProviders).await?;
    Ok(well())
}

/// `getContract`
pub async fn get_contract() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/yaml")], CONTRACT)
}

/// `getMetrics`: for this machine and the administrator; nobody else learns that it is there.
pub async fn get_metrics(
    State(leaves): State<Leaves>,
    State(desk): State<Desk>,
    State(board): State<Board>,
    State(metrics): State<Arc<Metrics>>,
    State(passwords): State<Passwords>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    if !peer.is_local {
        let (mut parts, _) = request.into_parts();
        match Caller::from_request_parts(&mut parts, &leaves).await {
            Ok(caller) if caller.is_administrator => {}
            Ok(_) | Err(_) => return Err(Problem::new(ProblemCode::NotFound)),
        }
    }
    let counts = board.connections();
    let connected = Connected { sockets: counts.sockets, people: counts.people };
    let text = metrics.render(desk.store().counts(), connected, passwords.runs());
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}
