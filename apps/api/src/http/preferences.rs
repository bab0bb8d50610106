//! How one wants channels and the sidebar.

use axum::extract::State;
use clickclack_chat::Desk;
use clickclack_chat::preferences::{UpdateChannelPreferences, UpdatePreferences};
use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, WorkspaceId};

use crate::auth::caller::Caller;
use crate::http::body::Json;
use crate::http::parameters::Ids;
use crate::http::problem::Problem;
use crate::http::reply::{Reply, ok};

/// `updateChannelPreferences`
pub async fn update_channel_preferences(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(channel_id): Ids<ChannelId>,
    Json(body): Json<api::UpdateChannelPreferences>,
) -> Result<Reply<api::ChannelPreferences>, Problem> {
    let api::UpdateChannelPreferences { starred, muted } = body;
    let actor = caller.user_id;
    Ok(ok(desk.act(UpdateChannelPreferences { actor, channel_id, starred, muted }).await?))
}

/// `updatePreferences`
pub async fn update_preferences(
    State(desk): State<Desk>,
    caller: Caller,
    Ids(workspace_id): Ids<WorkspaceId>,
    Json(body): Json<api::UpdatePreferences>,
) -> Result<Reply<api::Sidebar>, Problem> {
    let (actor, sections) = (caller.user_id, body.sections);
    Ok(ok(desk.act(UpdatePreferences { actor, workspace_id, sections }).await?))
}
