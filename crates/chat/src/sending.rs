//! Sending, exactly once for a nonce: messages to a channel here, replies in `replies`.

use clickclack_protocol::api::{self, EventBody};
use clickclack_protocol::ids::{ChannelId, MessageId, UserId};
use clickclack_protocol::limits;
use clickclack_protocol::time::to_wire;
use clickclack_store::{Action, Query, Tx, params};
use sha2::{Digest, Sha256};

use crate::access::{self, AccessError, Poster};
use crate::desk::{Deed, Target};
use crate::log::{self, Draft};
use crate::mentions::{self, Spoken};
use crate::messages::{self, MessageError};
use crate::quotes;
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
    /// The message that it quotes.
    pub quote_of: Option<MessageId>,
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
        let sending = Sending {
            actor: self.actor,
            nonce: &self.nonce,
            body: &self.body,
            quote_of: self.quote_of,
            target: self.channel_id.to_string(),
        };
        sending.check()?;
        if let Some(sent) = sending.replayed(tx).await? {
            return Ok(sent);
        }
        let poster = access::to_post(tx, self.actor, self.channel_id).await?;
        let viewer = poster.viewer;
        let spoken = sending.settle(tx, &viewer).await?;
        let version = tx.next_seq(viewer.member.workspace_id)?;
        let seq = next_place(tx, self.channel_id).await?;
        let place = Place { seq: Some(seq), thread: None };
        let message = sending.insert(tx, poster, spoken, place, version).await?;
        let sent = Sent::new(&message);
        let draft = Draft::message(EventBody::MessageCreated, message, viewer.is_public());
        log::emit(tx, viewer.member.workspace_id, version, draft).await?;
        Ok(sent)
    }
}

impl Sent {
    /// The answer to a message that was written now.
    pub(crate) fn new(message: &api::Message) -> Self {
        let sent = api::Sent {
            id: message.id,
            seq: message.seq,
            thread_seq: message.thread_seq,
            message: Some(message.clone()),
        };
        Self { sent, is_new: true }
    }
}

/// Takes the next place in a channel.
pub(crate) async fn next_place(tx: &mut Tx, channel_id: ChannelId) -> Result<i64, MessageError> {
    let row = tx
        .one(
            "UPDATE channels SET last_seq = last_seq + 1 WHERE id = $1 RETURNING last_seq",
            params![channel_id],
        )
        .await?;
    Ok(row.get(0)?)
}

/// Where a new message stands: in its channel, in a thread, or in both.
pub(crate) struct Place {
    /// In the channel.
    pub(crate) seq: Option<i64>,
    /// In the thread of a root.
    pub(crate) thread: Option<(MessageId, i64)>,
}

/// A send, wherever it goes.
pub(crate) struct Sending<'a> {
    pub(crate) actor: UserId,
    pub(crate) nonce: &'a str,
    /// As the author wrote it.
    pub(crate) body: &'a str,
    pub(crate) quote_of: Option<MessageId>,
    /// Where it goes, in words that mean nothing else.
    pub(crate) target: String,
}

impl Sending<'_> {
    /// Nonce and text, which need no database.
    pub(crate) fn check(&self) -> Result<(), MessageError> {
        let chars = self.nonce.chars().count();
        if !(8..=limits::NONCE_CHARS).contains(&chars) || self.nonce.chars().any(char::is_control) {
            let max = limits::NONCE_CHARS;
            let message = format!("must have 8 to {max} printable characters");
            return Err(Invalid::new("nonce", message).into());
        }
        messages::body(self.body)
    }

    /// What distinguishes this send from another under the same nonce. No part contains U+0000.
    fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(&self.target);
        hash.update([0]);
        hash.update(self.body);
        if let Some(quote_of) = self.quote_of {
            hash.update([0]);
            hash.update(quote_of.to_string());
        }
        token::encode(&hash.finalize())
    }

    /// Looked up before the right to post: who lost the right must still learn that it was sent.
    pub(crate) async fn replayed(&self, tx: &mut Tx) -> Result<Option<Sent>, MessageError> {
        let found = tx
            .maybe(
                "SELECT s.fingerprint, s.message_id, m.seq, m.thread_seq FROM sends s
                 JOIN messages m ON m.id = s.message_id
                 WHERE s.author_id = $1 AND s.nonce = $2",
                params![self.actor, self.nonce],
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
        let sent = api::Sent { id, seq: row.get(2)?, thread_seq: row.get(3)?, message };
        Ok(Some(Sent { sent, is_new: false }))
    }

    /// Finds out whom it speaks to, and that its author sees what it quotes.
    pub(crate) async fn settle(
        &self,
        query: &mut Query,
        viewer: &access::Viewer,
    ) -> Result<Spoken, MessageError> {
        quotes::check(query, viewer, self.quote_of).await?;
        mentions::find(query, viewer, self.body).await
    }

    /// Writes the message; it answers what a reader of the row would find, without reading it.
    pub(crate) async fn insert(
        &self,
        tx: &mut Tx,
        poster: Poster,
        spoken: Spoken,
        place: Place,
        version: i64,
    ) -> Result<api::Message, MessageError> {
        let viewer = poster.viewer;
        let id: MessageId = tx.new_id();
        let now = tx.now();
        let message = api::Message {
            id,
            workspace_id: viewer.member.workspace_id,
            channel_id: viewer.channel_id,
            seq: place.seq,
            mentions: mentions::of_new(self.actor, &spoken.people, spoken.everyone),
            author: poster.author,
            body: spoken.body,
            nonce: self.nonce.to_owned(),
            revision: 1,
            edited_at: None,
            deleted_at: None,
            created_at: to_wire(now),
            version,
            thread_root_id: place.thread.map(|(root_id, _)| root_id),
            thread_seq: place.thread.map(|(_, seq)| seq),
            quote_of: self.quote_of,
            pin: None,
            reactions: None,
            thread: None,
        };
        tx.execute(
            "INSERT INTO messages (id, channel_id, seq, thread_root_id, thread_seq, author_id, body,
               nonce, quote_of, names, everyone, version, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            params![
                id,
                message.channel_id,
                message.seq,
                message.thread_root_id,
                message.thread_seq,
                self.actor,
                &message.body,
                self.nonce,
                self.quote_of,
                !spoken.people.is_empty(),
                mentions::everyone_column(&message),
                version,
                now
            ],
        )
        .await?;
        tx.execute(
            "INSERT INTO sends (author_id, nonce, fingerprint, message_id) VALUES ($1, $2, $3, $4)",
            params![self.actor, self.nonce, self.fingerprint(), id],
        )
        .await?;
        mentions::insert(tx, &message).await?;
        if let Some(seq) = message.seq {
            let who = (message.workspace_id, self.actor);
            reads::catch_up(tx, who, message.channel_id, seq).await?;
        }
        Ok(message)
    }
}
