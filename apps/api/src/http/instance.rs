//! The instance's settings, for its administrator.

use axum::extract::State;
use clickclack_chat::Desk;
use clickclack_chat::instance::{GetInstance, UpdateInstance};
use clickclack_protocol::api;

use crate::auth::caller::Caller;
use crate::http::body::Json;
use crate::http::problem::Problem;
use crate::http::reply::{Reply, ok};

/// `getInstance`
pub async fn get_instance(
    State(desk): State<Desk>,
    caller: Caller,
) -> Result<Reply<api::Instance>, Problem> {
    Ok(ok(desk.look(GetInstance { actor: caller.user_id }).await?))
}

/// `updateInstance`
pub async fn update_instance(
    State(desk): State<Desk>,
    caller: Caller,
    Json(body): Json<api::UpdateInstance>,
) -> Result<Reply<api::Instance>, Problem> {
    let deed = UpdateInstance {
        actor: caller.user_id,
        name: body.name,
        signup_policy: body.signup_policy,
        workspace_creation: body.workspace_creation,
    };
    Ok(ok(desk.act(deed).await?))
}
