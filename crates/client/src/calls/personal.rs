//! What a member keeps for themselves: saved messages, drafts, preferences.

use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, MessageId, WorkspaceId};

use crate::answer::ClientError;
use crate::call::Call;
use crate::client::Client;

impl Client {
    /// What one saved.
    pub async fn list_saved(
        &self,
        query: &api::ListSavedQuery,
    ) -> Result<api::SavedPage, ClientError> {
        self.get(Call::of("listSaved", &[]).query(query)).await
    }

    /// Saves a message.
    pub async fn save_message(&self, message_id: MessageId) -> Result<api::SavedMark, ClientError> {
        self.get(Call::of("saveMessage", &[("message_id", &message_id)])).await
    }

    /// Saves a message no longer.
    pub async fn unsave_message(
        &self,
        message_id: MessageId,
    ) -> Result<api::SavedMark, ClientError> {
        self.get(Call::of("unsaveMessage", &[("message_id", &message_id)])).await
    }

    /// One's own unsent texts.
    pub async fn list_drafts(
        &self,
        query: &api::ListDraftsQuery,
    ) -> Result<api::DraftList, ClientError> {
        self.get(Call::of("listDrafts", &[]).query(query)).await
    }

    /// Keeps an unsent text; an empty one is given up.
    pub async fn put_draft(&self, body: &api::PutDraft) -> Result<api::Draft, ClientError> {
        self.get(Call::of("putDraft", &[]).json(body)).await
    }

    /// Stars or mutes a channel.
    pub async fn update_channel_preferences(
        &self,
        channel_id: ChannelId,
        body: &api::UpdateChannelPreferences,
    ) -> Result<api::ChannelPreferences, ClientError> {
        let call = Call::of("updateChannelPreferences", &[("channel_id", &channel_id)]);
        self.get(call.json(body)).await
    }

    /// Arranges the sidebar.
    pub async fn update_preferences(
        &self,
        workspace_id: WorkspaceId,
        body: &api::UpdatePreferences,
    ) -> Result<api::Sidebar, ClientError> {
        let call = Call::of("updatePreferences", &[("workspace_id", &workspace_id)]);
        self.get(call.json(body)).await
    }
}
