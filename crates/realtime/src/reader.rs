//! What realtime asks of the database: the trait that the caller implements over the store.

use std::future::Future;

use clickclack_chat::live::{LiveEvent, Visibility};
use clickclack_protocol::api;
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};

/// The database cannot be read now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the database cannot be read now")]
pub struct Unavailable;

/// Reads of the log and of access. Implement it with plain `async fn`.
pub trait LogReader: Send + Sync + 'static {
    /// Everything that a person needs to follow a workspace, read in one snapshot. The cursor is
    /// well-formed; whether it belongs to this epoch and can be continued is for the reader to
    /// say.
    fn load(
        &self,
        user_id: UserId,
        workspace_id: WorkspaceId,
        after: Option<Cursor>,
    ) -> impl Future<Output = Result<Loaded, Unavailable>> + Send;

    /// All of the log's events `from..=to` in order, whoever may see them; at most 128.
    fn events(
        &self,
        workspace_id: WorkspaceId,
        from: i64,
        to: i64,
    ) -> impl Future<Output = Result<Vec<LiveEvent>, Unavailable>> + Send;
}

/// The answer to a wish to subscribe.
#[derive(Debug, Clone)]
pub enum Loaded {
    /// The person may follow.
    Here(Box<SubscriptionSnapshot>),
    /// The cursor cannot be continued.
    Resync(api::ResyncReason),
    /// There is no such workspace for this person.
    NotFound,
}

/// A workspace at one place in its log, as one person sees it.
#[derive(Debug, Clone)]
pub struct SubscriptionSnapshot {
    /// The place.
    pub as_of_seq: i64,
    /// What the person may see.
    pub visibility: Visibility,
    /// Every channel that the person sees.
    pub channels: Vec<SeenChannel>,
    /// The person's own state.
    pub personal: api::PersonalState,
    /// The events after the client's cursor up to `as_of_seq` that the person may see now, and
    /// those about their own access, oldest first. Empty without a cursor.
    pub replay: Vec<LiveEvent>,
}

/// A channel in a list of those that somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenChannel {
    /// The channel.
    pub id: ChannelId,
    /// Whether it is public.
    pub public: bool,
}
