//! Pins: the messages that a channel keeps at hand, put up and taken off by anybody who may post.

use clickclack_protocol::api::{self, EventBody};
use clickclack_protocol::ids::{ChannelId, MessageId, UserId};
use clickclack_protocol::limits;
use clickclack_store::{Action, Lookup, Query, StoreError, Tx, params};

use crate::access::{self, AccessError, OpenMessage};
use crate::desk::{Deed, Target};
use crate::log::{self, Draft};
use crate::messages::{self, as_of};
use crate::quotes;

/// Why a pin was not put up or taken off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Not seen, or one may not post there.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Nothing is written to an archived channel.
    #[error("the channel is archived")]
    Archived,
    /// What is no longer there cannot be pinned.
    #[error("the message is deleted")]
    Deleted,
    /// A channel holds only so many.
    #[error("a channel may have at most {0} pins")]
    TooMany(i64),
}

impl From<StoreError> for PinError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

impl From<access::PostError> for PinError {
    fn from(error: access::PostError) -> Self {
        match error {
            access::PostError::Access(error) => Self::Access(error),
            access::PostError::Archived => Self::Archived,
        }
    }
}

/// Pins a message to its channel. One that is pinned stays as it is.
#[derive(Debug, Clone)]
pub struct PinMessage {
    /// Who: anybody who may post in the channel.
    pub actor: UserId,
    /// The message.
    pub message_id: MessageId,
}

impl Deed for PinMessage {
    fn target(&self) -> Target {
        Target::Message(self.message_id)
    }
}

impl Action for PinMessage {
    type Output = api::Message;
    type Error = PinError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Message, PinError> {
        let open = access::to_mark(tx, self.actor, self.message_id).await?;
        if open.is_deleted {
            return Err(PinError::Deleted);
        }
        let before = messages::load(tx, self.message_id).await?;
        if before.pin.is_some() {
            return Ok(before);
        }
        let count: i64 = tx
            .one(
                "SELECT COUNT(*) FROM messages WHERE channel_id = $1 AND pinned_at IS NOT NULL",
                params![before.channel_id],
            )
            .await?
            .get(0)?;
        if count >= limits::PINS_PER_CHANNEL {
            return Err(PinError::TooMany(limits::PINS_PER_CHANNEL));
        }
        Ok(set(tx, &open, Some(self.actor)).await?)
    }
}

/// Takes a message's pin off, whoever put it up.
#[derive(Debug, Clone)]
pub struct UnpinMessage {
    /// Who: anybody who may post in the channel.
    pub actor: UserId,
    /// The message.
    pub message_id: MessageId,
}

impl Deed for UnpinMessage {
    fn target(&self) -> Target {
        Target::Message(self.message_id)
    }
}

impl Action for UnpinMessage {
    type Output = api::Message;
    type Error = PinError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Message, PinError> {
        let open = access::to_mark(tx, self.actor, self.message_id).await?;
        let before = messages::load(tx, self.message_id).await?;
        if before.pin.is_none() {
            return Ok(before);
        }
        Ok(set(tx, &open, None).await?)
    }
}

/// Writes the pin, or that there is none, and tells it.
async fn set(
    tx: &mut Tx,
    open: &OpenMessage,
    pinned_by: Option<UserId>,
) -> Result<api::Message, StoreError> {
    let viewer = open.poster.viewer;
    let workspace_id = viewer.member.workspace_id;
    let seq = tx.next_seq(workspace_id)?;
    let pinned_at = pinned_by.map(|_| tx.now());
    tx.execute(
        "UPDATE messages SET pinned_at = $1, pinned_by = $2, version = $3 WHERE id = $4",
        params![pinned_at, pinned_by, seq, open.message_id],
    )
    .await?;
    let message = messages::load(tx, open.message_id).await?;
    let body = if pinned_by.is_some() { EventBody::PinAdded } else { EventBody::PinRemoved };
    let draft = Draft::message(body, message.clone(), viewer.is_public());
    log::emit(tx, workspace_id, seq, draft).await?;
    Ok(message)
}

/// The pinned messages of a channel, the newest pin first.
#[derive(Debug, Clone)]
pub struct ListPins {
    /// Who reads.
    pub actor: UserId,
    /// The channel.
    pub channel_id: ChannelId,
}

impl Lookup for ListPins {
    type Output = api::PinList;
    type Error = AccessError;

    async fn run(&self, query: &mut Query) -> Result<api::PinList, AccessError> {
        let viewer = access::to_view(query, self.actor, self.channel_id).await?;
        let sql = format!(
            "SELECT {} FROM {} WHERE m.channel_id = $1 AND m.pinned_at IS NOT NULL
             ORDER BY m.pinned_at DESC, m.id DESC",
            messages::COLUMNS,
            messages::TABLES
        );
        let rows = query.rows(&sql, params![self.channel_id]).await?;
        let items = rows.iter().map(messages::from_row).collect::<Result<_, _>>()?;
        let items = messages::complete(query, items).await?;
        Ok(api::PinList {
            quoted: quotes::seen_by(query, self.actor, quotes::in_these(&items)).await?,
            items,
            as_of: as_of(query, viewer.member.workspace_id).await?,
        })
    }
}
