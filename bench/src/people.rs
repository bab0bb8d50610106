//! Accounts to measure with.

use anyhow::Context;
use clickclack_client::Client;
use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, WorkspaceId};

pub(crate) const PASSWORD: &str = "a long walk on the beach";

/// The administrator's first workspace.
pub(crate) async fn workspace(administrator: &Client) -> anyhow::Result<WorkspaceId> {
    let list = administrator.list_workspaces().await?;
    Ok(list.items.first().context("set-up makes a workspace")?.id)
}

/// So many new members of the workspace, signed in.
pub(crate) async fn join(
    administrator: &Client,
    workspace_id: WorkspaceId,
    count: usize,
) -> anyhow::Result<Vec<Client>> {
    let invite =
        api::CreateInvite { role: None, max_uses: None, expires_in_s: None, channel_ids: None };
    let token = administrator.create_invite(workspace_id, &invite).await?.token;
    let nobody = administrator.signed_out();
    let mut people = Vec::with_capacity(count);
    for number in 0..count {
        let signed_in = nobody
            .sign_up(&api::SignUp {
                name: format!("Person {number}"),
                email: format!("person-{number}@tidepool.example"),
                password: PASSWORD.into(),
                invite_token: Some(token.clone()),
                transport: Some(api::SessionTransport::Token),
            })
            .await?;
        people.push(nobody.with_token(&signed_in.token.context("a token was asked for")?));
    }
    Ok(people)
}

/// So many public channels that all these people are in.
pub(crate) async fn channels(
    administrator: &Client,
    workspace_id: WorkspaceId,
    people: &[Client],
    count: usize,
) -> anyhow::Result<Vec<ChannelId>> {
    let mut channels = Vec::with_capacity(count);
    for number in 0..count {
        let body = api::CreateChannel {
            name: format!("channel-{number}"),
            kind: api::ChannelKind::Public,
            topic: None,
        };
        let channel = administrator.create_channel(workspace_id, &body).await?;
        for person in people {
            person.join_channel(channel.id).await?;
        }
        channels.push(channel.id);
    }
    Ok(channels)
}
