//! A place for every parameter of the contract: things of Ana's town, by the name of the parameter,
//! and what can be seen of the town, to tell whether anything has changed.

use clickclack_client::Call;
use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, InviteId, MessageId, SessionId, UserId, WorkspaceId};
use clickclack_protocol::operations::Operation;
use serde_json::{Value, json};

use crate::town::{Person, Town, no_invite};

/// Things that exist, all of which Ana may see.
pub(crate) struct Places {
    ana: Person,
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) channel_id: ChannelId,
    pub(crate) message_id: MessageId,
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    pub(crate) invite_id: InviteId,
    pub(crate) token: String,
}

impl Places {
    pub(crate) async fn of(town: &Town) -> Self {
        let ben = town.person("Ben").await;
        let message = town.ana.says(town.general, "low tide at four").await;
        let invite = town.ana.client.create_invite(town.workspace_id, &no_invite()).await.unwrap();
        Self {
            ana: town.ana.clone(),
            workspace_id: town.workspace_id,
            channel_id: town.general,
            message_id: message.id,
            user_id: ben.id,
            session_id: town.ana.client.list_sessions().await.unwrap().items[0].id,
            invite_id: invite.invite.id,
            token: invite.token,
        }
    }

    /// What stands for a parameter of a path.
    pub(crate) fn value(&self, name: &str) -> String {
        match name {
            "workspace_id" => self.workspace_id.to_string(),
            "channel_id" => self.channel_id.to_string(),
            "message_id" | "root_id" => self.message_id.to_string(),
            "user_id" => self.user_id.to_string(),
            "session_id" => self.session_id.to_string(),
            "invite_id" => self.invite_id.to_string(),
            "token" => self.token.clone(),
            "emoji" => "%F0%9F%A6%80".to_owned(),
            other => panic!("there is no place for {other}"),
        }
    }

    /// A call of the operation on things that exist.
    pub(crate) fn call(&self, operation: &Operation) -> Call {
        self.call_with(operation, "", "")
    }

    /// The same with one parameter of the path replaced.
    pub(crate) fn call_with(&self, operation: &Operation, name: &str, value: &str) -> Call {
        let path = self.path_with(operation, name, value);
        Call::raw(operation.method.parse().unwrap(), path)
    }

    /// The path of the operation on things that exist.
    pub(crate) fn path(&self, operation: &Operation) -> String {
        self.path_with(operation, "", "")
    }

    fn path_with(&self, operation: &Operation, name: &str, value: &str) -> String {
        let parts = operation.path.split('/').map(|part| {
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some(parameter) if parameter == name => value.to_owned(),
                Some(parameter) => self.value(parameter),
                None => part.to_owned(),
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }

    /// Everything that Ana sees, but for who is there at the moment.
    pub(crate) async fn seen(&self) -> Value {
        let client = &self.ana.client;
        let workspaces = client.list_workspaces().await.unwrap().items;
        let mut snapshots = Vec::new();
        for workspace in &workspaces {
            let snapshot = self.ana.snapshot(workspace.id).await;
            snapshots.push(api::Snapshot { presence: Vec::new(), ..snapshot });
        }
        let invites = api::ListInvitesQuery::default();
        let messages = api::ListMessagesQuery::default();
        json!({
            "me": client.get_me().await.unwrap(),
            "sessions": client.list_sessions().await.unwrap(),
            "instance": client.get_instance().await.unwrap(),
            "accounts": client.list_users(&api::ListUsersQuery::default()).await.unwrap(),
            "workspaces": workspaces,
            "snapshots": snapshots,
            "invites": client.list_invites(self.workspace_id, &invites).await.unwrap(),
            "messages": client.list_messages(self.channel_id, &messages).await.unwrap(),
        })
    }
}
