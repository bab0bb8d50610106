//! What everybody sees on a message: reactions and pins.

use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, MessageId};

use crate::answer::ClientError;
use crate::call::Call;
use crate::client::Client;

impl Client {
    /// Who reacted with what.
    pub async fn list_reactions(
        &self,
        message_id: MessageId,
    ) -> Result<api::ReactionList, ClientError> {
        self.get(Call::of("listReactions", &[("message_id", &message_id)])).await
    }

    /// Reacts with an emoji.
    pub async fn add_reaction(
        &self,
        message_id: MessageId,
        emoji: &str,
    ) -> Result<api::ReactionSet, ClientError> {
        let body = api::AddReaction { emoji: emoji.to_owned() };
        self.get(Call::of("addReaction", &[("message_id", &message_id)]).json(&body)).await
    }

    /// Takes one's reaction back.
    pub async fn remove_reaction(
        &self,
        message_id: MessageId,
        emoji: &str,
    ) -> Result<api::ReactionSet, ClientError> {
        // What form encoding writes differently from a path, a space, is in no emoji.
        let emoji: String = form_urlencoded::byte_serialize(emoji.as_bytes()).collect();
        self.get(Call::of("removeReaction", &[("message_id", &message_id), ("emoji", &emoji)]))
            .await
    }

    /// A channel's pinned messages.
    pub async fn list_pins(&self, channel_id: ChannelId) -> Result<api::PinList, ClientError> {
        self.get(Call::of("listPins", &[("channel_id", &channel_id)])).await
    }

    /// Pins a message.
    pub async fn pin_message(&self, message_id: MessageId) -> Result<api::Message, ClientError> {
        self.get(Call::of("pinMessage", &[("message_id", &message_id)])).await
    }

    /// Takes a pin off.
    pub async fn unpin_message(&self, message_id: MessageId) -> Result<api::Message, ClientError> {
        self.get(Call::of("unpinMessage", &[("message_id", &message_id)])).await
    }
}
