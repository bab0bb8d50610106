//! Messages that were written before they came here: many at a time, each with its own date.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clickclack_protocol::api::EventBody;
use clickclack_protocol::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use clickclack_protocol::time::Millis;
use clickclack_store::{Action, Tx, Value, params};

use crate::access::{self, Viewer};
use crate::desk::{Deed, Target};
use crate::log::{self, Draft};
use crate::messages::{self, MessageError};
use crate::reads;
use crate::text::Invalid;

/// Messages that one import takes at most, so that nobody waits long for it.
pub const IMPORT_MESSAGES: usize = 500;
/// Messages in one statement: few enough for either engine's limit of parameters, and enough that
/// the way to a database server is not what takes the time.
const ROWS: usize = 100;

/// A message as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The author, who is in the channel.
    pub author_id: UserId,
    /// Markdown. Nobody is called by it: what was said then is no news now.
    pub body: String,
    /// When it was written.
    pub created_at: Millis,
}

/// Puts messages at the end of a channel, in their order, at the machine.
///
/// Each has its place, its version and its row in the log as after a send, and who wrote
/// one of them has read them all. No nonce is kept, since nobody will ask whether an import arrived: who is not answered
/// looks at the channel. The log says when they came here, the messages when they were written.
#[derive(Debug, Clone)]
pub struct ImportMessages {
    /// The channel.
    pub channel_id: ChannelId,
    /// Up to [`IMPORT_MESSAGES`] of them, oldest first.
    pub messages: Vec<Written>,
}

impl Deed for ImportMessages {
    fn target(&self) -> Target {
        Target::Channel(self.channel_id)
    }
}

impl Action for ImportMessages {
    type Output = ();
    type Error = MessageError;

    async fn run(&self, tx: &mut Tx) -> Result<(), MessageError> {
        if self.messages.len() > IMPORT_MESSAGES {
            let message = format!("must be at most {IMPORT_MESSAGES}");
            return Err(Invalid::new("messages", message).into());
        }
        let (authors, viewer) = self.check(tx).await?;
        let Some(viewer) = viewer else { return Ok(()) };
        let workspace_id = viewer.member.workspace_id;
        let first = viewer.last_seq + 1;
        let mut next = first;
        for rows in self.messages.chunks(ROWS) {
            next = self.insert(tx, workspace_id, next, rows).await?;
        }
        let last = next - 1;
        let sql = "UPDATE channels SET last_seq = $1 WHERE id = $2";
        tx.execute(sql, params![last, self.channel_id]).await?;
        for author_id in authors {
            reads::catch_up(tx, (workspace_id, author_id), self.channel_id, last).await?;
        }
        self.tell(tx, viewer, first).await
    }
}

impl ImportMessages {
    /// Texts that may be messages, by people who may post here; who, and where that is.
    async fn check(&self, tx: &mut Tx) -> Result<(BTreeSet<UserId>, Option<Viewer>), MessageError> {
        let mut authors = BTreeSet::new();
        let mut viewer = None;
        for message in &self.messages {
            messages::body(&message.body)?;
            if authors.insert(message.author_id) {
                let poster = access::to_post(tx, message.author_id, self.channel_id).await?;
                viewer = Some(poster.viewer);
            }
        }
        Ok((authors, viewer))
    }

    /// Writes some rows, the first at `seq`; the place after the last.
    async fn insert(
        &self,
        tx: &mut Tx,
        workspace_id: WorkspaceId,
        mut seq: i64,
        rows: &[Written],
    ) -> Result<i64, MessageError> {
        let mut values: Vec<Value> = Vec::with_capacity(rows.len() * COLUMNS);
        for message in rows {
            let (id, version): (MessageId, i64) = (tx.new_id(), tx.next_seq(workspace_id)?);
            values.extend([
                id.into(),
                self.channel_id.into(),
                seq.into(),
                message.author_id.into(),
                message.body.as_str().into(),
                id.to_string().into(),
                version.into(),
                message.created_at.into(),
            ]);
            seq += 1;
        }
        tx.execute(&statement(rows.len()), &values).await?;
        Ok(seq)
    }

    /// One event for each message, in the order in which their versions were reserved.
    async fn tell(&self, tx: &mut Tx, viewer: Viewer, first: i64) -> Result<(), MessageError> {
        let sql = format!(
            "SELECT {} FROM {} WHERE m.channel_id = $1 AND m.seq >= $2 ORDER BY m.seq",
            messages::COLUMNS,
            messages::TABLES
        );
        for row in tx.rows(&sql, params![self.channel_id, first]).await? {
            let message = messages::from_row(&row)?;
            let (workspace_id, seq) = (message.workspace_id, message.version);
            let draft = Draft::message(EventBody::MessageCreated, message, viewer.is_public());
            log::emit(tx, workspace_id, seq, draft).await?;
        }
        Ok(())
    }
}

/// Parameters of a row.
const COLUMNS: usize = 8;

/// The statement that writes so many rows.
fn statement(rows: usize) -> String {
    let mut sql = "INSERT INTO messages
         (id, channel_id, seq, author_id, body, nonce, version, created_at) VALUES "
        .to_owned();
    for row in 0..rows {
        let first = row * COLUMNS + 1;
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for parameter in first..first + COLUMNS {
            let comma = if parameter == first { "" } else { ", " };
            write!(sql, "{comma}${parameter}").expect("a string takes what is written into it");
        }
        sql.push(')');
    }
    sql
}
