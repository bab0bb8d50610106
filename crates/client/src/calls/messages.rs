//! Messages.

use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, MessageId};

use crate::answer::ClientError;
use crate::call::Call;
use crate::client::Client;

impl Client {
    /// A stretch of history.
    pub async fn list_messages(
        &self,
        channel_id: ChannelId,
        query: &api::ListMessagesQuery,
    ) -> Result<api::MessagePage, ClientError> {
        self.get(Call::of("listMessages", &[("channel_id", &channel_id)]).query(query)).await
    }

    /// Sends a message, exactly once for a nonce.
    pub async fn send_message(
        &self,
        channel_id: ChannelId,
        body: &api::SendMessage,
    ) -> Result<api::Sent, ClientError> {
        self.get(Call::of("sendMessage", &[("channel_id", &channel_id)]).json(body)).await
    }

    /// A message.
    pub async fn get_message(&self, message_id: MessageId) -> Result<api::Message, ClientError> {
        self.get(Call::of("getMessage", &[("message_id", &message_id)])).await
    }

    /// Changes one's own message.
    pub async fn edit_message(
        &self,
        message_id: MessageId,
        body: &api::EditMessage,
    ) -> Result<api::Message, ClientError> {
        self.get(Call::of("editMessage", &[("message_id", &message_id)]).json(body)).await
    }

    /// Deletes a message.
    pub async fn delete_message(&self, message_id: MessageId) -> Result<api::Message, ClientError> {
        self.get(Call::of("deleteMessage", &[("message_id", &message_id)])).await
    }

    /// What a message said before.
    pub async fn get_message_history(
        &self,
        message_id: MessageId,
    ) -> Result<api::MessageHistory, ClientError> {
        self.get(Call::of("getMessageHistory", &[("message_id", &message_id)])).await
    }
}
