//! Sending a message, exactly once for a nonce.

use clickclack_protocol::api::{self, EventBody};
use clickclack_protocol::ids::{ChannelId, MessageId, UserId};
use clickclack_protocol::limits;
use clickclack_protocol::time::to_wire;
use clickclack_store::{Action, Tx, params};
use sha2::{Digest, Sha256};

use crate::access::{self, AccessError, Poster};
use crate::desk::{Deed, Target};
use crate::log::{self, Draft};
use crate::messages::{self, MessageError};
use crate::reads;
use crate::text::Invalid;
use crate::token;

/// Posts a message in a channel.
#[derive(Debug, Clone)]
pub struct SendMessage {
    /// The author.
    pub actor: UserId,
    /// The channel.
    pub channel_id: ChannelId,
    /// The author's name for this send: the same again answers what was sent then.
    pub nonce: String,
    /// Markdown.
    pub body: String,
}

/// The answer to a send.
#[derive(Debug, Clone)]
pub struct Sent {
    /// What is said on the wire.
    pub sent: api::Sent,
    /// Whether it was sent now; else it had been sent before.
    pub is_new: bool,
}

impl Deed for SendMessage {
    fn target(&self) -> Target {
        Target::Channel(self.channel_id)
    }
}

impl Action for SendMessage {
    type Output = Sent;
    type Error = MessageError;

    /// The workspace row is already locked, so what `access` sees holds until commit.
    async fn run(&self, tx: &mut Tx) -> Result<Sent, MessageError> {
        self.check()?;
        if let Some(sent) = self.replayed(tx).await? {
            return Ok(sent);
        }
        let poster = access::to_post(tx, self.actor, self.channel_id).await?;
        let viewer = poster.viewer;
        let message = self.insert(tx, poster).await?;
        let seq = message.version;
        let sent = api::Sent {
            id: message.id,
            seq: message.seq,
            thread_seq: None,
            message: Some(message.clone()),
        };
        let draft = Draft::message(EventBody::MessageCreated, message, viewer.is_public());
        log::emit(tx, viewer.member.workspace_id, seq, draft).await?;
        Ok(Sent { sent, is_new: true })
    }
}

impl SendMessage {
    fn check(&self) -> Result<(), MessageError> {
        let chars = self.nonce.chars().count();
        if !(8..=limits::NONCE_CHARS).contains(&chars) || self.nonce.chars().any(char::is_control) {
            let max = limits::NONCE_CHARS;
            let message = format!("must have 8 to {max} printable characters");
            return Err(Invalid::new("nonce", message).into());
        }
        messages::body(&self.body)
    }

    /// What distinguishes this send from another under the same nonce.
    fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.channel_id.to_string());
        hash.update([0]);
        hash.update(&self.body);
        token::encode(&hash.finalize())
    }

    /// Looked up before the right to post: who lost the right must still learn that it was sent.
    async fn replayed(&self, tx: &mut Tx) -> Result<Option<Sent>, MessageError> {
        let found = tx
            .maybe(
                "SELECT s.fingerprint, s.message_id, m.seq FROM sends s
                 JOIN messages m ON m.id = s.message_id
                 WHERE s.author_id = $1 AND s.nonce = $2",
                params![self.actor, &self.nonce],
            )
            .await?;
        let Some(row) = found else { return Ok(None) };
        if row.get::<String>(0)? != self.fingerprint() {
            return Err(MessageError::NonceConflict);
        }
        let id: MessageId = row.get(1)?;
        let message = match access::to_read(tx, self.actor, id).await {
            Ok(_) => Some(messages::load(tx, id).await?),
            Err(AccessError::Store(error)) => return Err(error.into()),
            Err(AccessError::NotFound | AccessError::Forbidden) => None,
        };
        let sent = api::Sent { id, seq: row.get(2)?, thread_seq: None, message };
        Ok(Some(Sent { sent, is_new: false }))
    }

    /// Writes the message; it answers what a reader of the row would find, without reading it.
    async fn insert(&self, tx: &mut Tx, poster: Poster) -> Result<api::Message, MessageError> {
        let workspace_id = poster.viewer.member.workspace_id;
        let version = tx.next_seq(workspace_id)?;
        let seq: i64 = tx
            .one(
                "UPDATE channels SET last_seq = last_seq + 1 WHERE id = $1 RETURNING last_seq",
                params![self.channel_id],
            )
            .await?
            .get(0)?;
        let id: MessageId = tx.new_id();
        let now = tx.now();
        tx.execute(
            "INSERT INTO messages (id, channel_id, seq, author_id, body, nonce, version, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![id, self.channel_id, seq, self.actor, &self.body, &self.nonce, version, now],
        )
        .await?;
        tx.execute(
            "INSERT INTO sends (author_id, nonce, fingerprint, message_id) VALUES ($1, $2, $3, $4)",
            params![self.actor, &self.nonce, self.fingerprint(), id],
        )
        .await?;
        reads::advance(tx, (workspace_id, self.actor), self.channel_id, seq).await?;
        Ok(api::Message {
            id,
            workspace_id,
            channel_id: self.channel_id,
            seq: Some(seq),
            author: poster.author,
            body: self.body.clone(),
            nonce: self.nonce.clone(),
            revision: 1,
            edited_at: None,
            deleted_at: None,
            created_at: to_wire(now),
            version,
            thread_root_id: None,
            thread_seq: None,
            quote_of: None,
            mentions: None,
            pin: None,
            reactions: None,
            thread: None,
        })
    }
}
