//! Channels and who is in them.

use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};

use crate::answer::ClientError;
use crate::call::Call;
use crate::client::Client;

impl Client {
    /// The channels one may see.
    pub async fn list_channels(
        &self,
        workspace_id: WorkspaceId,
        query: &api::ListChannelsQuery,
    ) -> Result<api::ChannelPage, ClientError> {
        self.get(Call::of("listChannels", &[("workspace_id", &workspace_id)]).query(query)).await
    }

    /// Creates a channel.
    pub async fn create_channel(
        &self,
        workspace_id: WorkspaceId,
        body: &api::CreateChannel,
    ) -> Result<api::Channel, ClientError> {
        self.get(Call::of("createChannel", &[("workspace_id", &workspace_id)]).json(body)).await
    }

    /// A channel.
    pub async fn get_channel(&self, channel_id: ChannelId) -> Result<api::Channel, ClientError> {
        self.get(Call::of("getChannel", &[("channel_id", &channel_id)])).await
    }

    /// Changes a channel.
    pub async fn update_channel(
        &self,
        channel_id: ChannelId,
        body: &api::UpdateChannel,
    ) -> Result<api::Channel, ClientError> {
        self.get(Call::of("updateChannel", &[("channel_id", &channel_id)]).json(body)).await
    }

    /// Joins a public channel.
    pub async fn join_channel(&self, channel_id: ChannelId) -> Result<api::Channel, ClientError> {
        self.get(Call::of("joinChannel", &[("channel_id", &channel_id)])).await
    }

    /// Leaves a channel.
    pub async fn leave_channel(&self, channel_id: ChannelId) -> Result<(), ClientError> {
        self.done(Call::of("leaveChannel", &[("channel_id", &channel_id)])).await
    }

    /// Says how far one has read.
    pub async fn mark_read(
        &self,
        channel_id: ChannelId,
        body: &api::MarkRead,
    ) -> Result<api::ReadState, ClientError> {
        self.get(Call::of("markRead", &[("channel_id", &channel_id)]).json(body)).await
    }

    /// Makes everything from a message on unread again.
    pub async fn mark_unread(
        &self,
        channel_id: ChannelId,
        body: &api::MarkUnread,
    ) -> Result<api::ReadState, ClientError> {
        self.get(Call::of("markUnread", &[("channel_id", &channel_id)]).json(body)).await
    }

    /// The people in a channel.
    pub async fn list_channel_members(
        &self,
        channel_id: ChannelId,
        query: &api::ListChannelMembersQuery,
    ) -> Result<api::ChannelMemberPage, ClientError> {
        self.get(Call::of("listChannelMembers", &[("channel_id", &channel_id)]).query(query)).await
    }

    /// Adds a person to a channel.
    pub async fn add_channel_member(
        &self,
        channel_id: ChannelId,
        user_id: UserId,
    ) -> Result<(), ClientError> {
        self.done(Call::of(
            "addChannelMember",
            &[("channel_id", &channel_id), ("user_id", &user_id)],
        ))
        .await
    }

    /// Removes a person from a channel.
    pub async fn remove_channel_member(
        &self,
        channel_id: ChannelId,
        user_id: UserId,
    ) -> Result<(), ClientError> {
        self.done(Call::of(
            "removeChannelMember",
            &[("channel_id", &channel_id), ("user_id", &user_id)],
        ))
        .await
    }
}
