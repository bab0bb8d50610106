//! What an action leaves behind for others: log rows, their live form, and who is told of them.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use clickclack_protocol::ids::{ChannelId, EventId, UserId, WorkspaceId};
use clickclack_protocol::time::Millis;

/// An event on its way into the log.
pub struct LogRow {
    /// Whose log.
    pub workspace_id: WorkspaceId,
    /// Reserved with [`Tx::next_seq`](crate::Tx::next_seq).
    pub seq: i64,
    /// Its type on the wire, `message.created`.
    pub kind: &'static str,
    /// The channel it happened in.
    pub channel_id: Option<ChannelId>,
    /// The entity that changed.
    pub subject_id: Option<String>,
    /// Whose access or membership changed.
    pub user_id: Option<UserId>,
    /// JSON: what dies with the change and is needed to tell it.
    pub facts: Option<String>,
    /// What the action has in hand for those who listen now; the store does not look inside.
    pub live: Arc<dyn Any + Send + Sync>,
}

/// An event that is in the log for good.
#[derive(Clone)]
pub struct Committed {
    /// Whose log.
    pub workspace_id: WorkspaceId,
    /// Its place there.
    pub seq: i64,
    /// The row's id.
    pub event_id: EventId,
    /// When the action ran.
    pub created_at: Millis,
    /// Its type on the wire.
    pub kind: &'static str,
    /// As given in [`LogRow::live`].
    pub live: Arc<dyn Any + Send + Sync>,
}

/// Something that a committed action told.
#[derive(Clone)]
pub enum Outcome {
    /// An event of the log.
    Event(Committed),
    /// A notice that no log keeps, from [`Tx::notify`](crate::Tx::notify).
    Notice(Arc<dyn Any + Send + Sync>),
}

impl fmt::Debug for Committed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.workspace_id, self.seq, self.kind)
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event) => event.fmt(f),
            Self::Notice(_) => f.write_str("notice"),
        }
    }
}

/// Who is told of committed outcomes.
pub trait Sink: Send + Sync + 'static {
    /// Takes the outcomes of one transaction, in commit order, before the callers of its actions
    /// have their answers. Outcomes of one workspace arrive in the order of its log. Called from the
    /// writing thread or task, so it must not block.
    fn committed(&self, batch: Vec<Outcome>);
}
