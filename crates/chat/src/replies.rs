//! Replying in the thread of a message, exactly once for a nonce.

use clickclack_protocol::ids::{MessageId, UserId};
use clickclack_store::{Action, Tx, params};

use crate::access::{self, SeenMessage};
use crate::desk::{Deed, Target};
use crate::follows;
use crate::log::{self, Draft};
use crate::messages::MessageError;
use crate::sending::{Place, Sending, Sent, next_place};
use crate::threads;

/// Replies to a message.
#[derive(Debug, Clone)]
pub struct SendReply {
    /// The author.
    pub actor: UserId,
    /// The message that the thread hangs on.
    pub root_id: MessageId,
    /// The author's name for this send: the same again answers what was sent then.
    pub nonce: String,
    /// Markdown.
    pub body: String,
    /// The message that it quotes.
    pub quote_of: Option<MessageId>,
    /// Whether it is shown in the channel too: one message in two places.
    pub also_in_channel: bool,
}

impl Deed for SendReply {
    fn target(&self) -> Target {
        Target::Message(self.root_id)
    }
}

impl Action for SendReply {
    type Output = Sent;
    type Error = MessageError;

    async fn run(&self, tx: &mut Tx) -> Result<Sent, MessageError> {
        let also = if self.also_in_channel { "+channel" } else { "" };
        let sending = Sending {
            actor: self.actor,
            nonce: &self.nonce,
            body: &self.body,
            quote_of: self.quote_of,
            target: format!("{}{also}", self.root_id),
        };
        sending.check()?;
        if let Some(sent) = sending.replayed(tx).await? {
            return Ok(sent);
        }
        let seen = access::to_read(tx, self.actor, self.root_id).await?;
        let poster = access::to_post(tx, self.actor, seen.viewer.channel_id).await?;
        open(tx, &seen).await?;
        let viewer = poster.viewer;
        let spoken = sending.settle(tx, &viewer).await?;
        let version = tx.next_seq(viewer.member.workspace_id)?;
        let seq = if self.also_in_channel {
            Some(next_place(tx, viewer.channel_id).await?)
        } else {
            None
        };
        let thread_seq = self.next_thread_place(tx, &seen, version).await?;
        let place = Place { seq, thread: Some((self.root_id, thread_seq)) };
        let message = sending.insert(tx, poster, spoken, place, version).await?;
        follows::concern(tx, &seen, &message).await?;
        let sent = Sent::new(&message);
        let thread = threads::summary(tx, self.root_id).await?;
        let draft = Draft::reply(message, thread, viewer.is_public());
        log::emit(tx, viewer.member.workspace_id, version, draft).await?;
        Ok(sent)
    }
}

impl SendReply {
    /// Takes the next place in the thread, which begins with its first reply, and counts the author.
    async fn next_thread_place(
        &self,
        tx: &mut Tx,
        root: &SeenMessage,
        version: i64,
    ) -> Result<i64, MessageError> {
        let now = tx.now();
        let row = tx
            .one(
                "INSERT INTO threads
                   (root_id, channel_id, last_seq, reply_count, last_reply_at, version)
                 VALUES ($1, $2, 1, 1, $3, $4)
                 ON CONFLICT (root_id) DO UPDATE SET last_seq = threads.last_seq + 1,
                   reply_count = threads.reply_count + 1,
                   last_reply_at = excluded.last_reply_at, version = excluded.version
                 RETURNING last_seq",
                params![self.root_id, root.viewer.channel_id, now, version],
            )
            .await?;
        let seq: i64 = row.get(0)?;
        tx.execute(
            "INSERT INTO thread_repliers (root_id, user_id, replies, last_seq)
             VALUES ($1, $2, 1, $3)
             ON CONFLICT (root_id, user_id) DO UPDATE SET replies = thread_repliers.replies + 1,
               last_seq = excluded.last_seq",
            params![self.root_id, self.actor, seq],
        )
        .await?;
        Ok(seq)
    }
}

/// Refuses what cannot be replied to: a reply, what was deleted before anybody replied, and what is
/// locked.
async fn open(tx: &mut Tx, root: &SeenMessage) -> Result<(), MessageError> {
    if root.thread_root_id.is_some() {
        return Err(MessageError::NestedThread);
    }
    let sql = "SELECT locked_at IS NOT NULL, last_seq FROM threads WHERE root_id = $1";
    let thread = tx.maybe(sql, params![root.message_id]).await?;
    let (locked, last_seq) = match &thread {
        Some(row) => (row.get(0)?, row.get::<i64>(1)?),
        None => (false, 0),
    };
    match (locked, last_seq) {
        (true, _) => Err(MessageError::ThreadLocked),
        (false, 0) if root.is_deleted => Err(MessageError::Deleted),
        (false, _) => Ok(()),
    }
}
