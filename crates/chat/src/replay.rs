//! The log read back: rows hold ids and the facts that die with a change; what they tell is filled
//! in, in bulk, with what stands now. Merging keeps the higher version, so a reader who applies a
//! replayed event ends where a reader of the live one does.

use std::collections::HashSet;

use clickclack_protocol::api::{self, EventBody, ResyncReason};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_store::{Lookup, Query, StoreError, params};

use crate::access::{self, AccessError};
use crate::channels::VISIBLE;
use crate::hydration::{COLUMNS, Entry, hydrate};
use crate::live::{LiveEvent, Visibility};
use crate::reads;

/// Rows of the log that a replay looks through, hidden ones included.
const DISTANCE: i64 = 20_000;
/// Bytes of text that a replay carries at most: it lies in memory until its reader has taken it.
/// Several times what a socket's queue holds, so that who was too slow for that can resume.
const BYTES: usize = 16 * 1024 * 1024;
/// Rows that are filled in at once.
const PORTION: usize = 128;

/// Why a reader cannot go on from a cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// Not a member.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The reader needs a fresh snapshot.
    #[error("the cursor cannot be continued: {0:?}")]
    Resync(ResyncReason),
}

impl From<StoreError> for ReplayError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

/// What a subscription starts with, read in one snapshot of the database.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Name of this database's life.
    pub epoch: String,
    /// The position of the snapshot: the subscription goes live after it.
    pub as_of: i64,
    /// Where the stream begins: the reader's cursor, or `as_of`.
    pub from: i64,
    /// What the reader may see.
    pub visibility: Visibility,
    /// The channels that the reader may see.
    pub channel_ids: Vec<ChannelId>,
    /// Those of them that are public.
    pub public_ids: HashSet<ChannelId>,
    /// The reader's own state.
    pub personal: api::PersonalState,
    /// The visible events after the cursor, in order.
    pub replay: Vec<LiveEvent>,
}

/// Loads what a subscription starts with.
#[derive(Debug, Clone)]
pub struct LoadSubscription {
    /// The reader.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The reader's position; the log's end when absent.
    pub after: Option<Cursor>,
}

impl Lookup for LoadSubscription {
    type Output = Subscription;
    type Error = ReplayError;

    async fn run(&self, query: &mut Query) -> Result<Subscription, ReplayError> {
        let member = access::to_enter(query, self.actor, self.workspace_id).await?;
        let head = Head::read(query, self.workspace_id).await?;
        let from = match &self.after {
            Some(cursor) => head.check(query, self.workspace_id, cursor).await?,
            None => head.seq,
        };
        let mut replay = Vec::new();
        if from < head.seq {
            let reader = Reader { user_id: self.actor, is_guest: member.is_guest() };
            let most = limits::REPLAY_EVENTS;
            let rows = visible_rows(query, self.workspace_id, reader, from, most + 1).await?;
            if i64::try_from(rows.len()).is_ok_and(|count| count > most) {
                return Err(ReplayError::Resync(ResyncReason::TooFarBehind));
            }
            replay = within_bytes(query, self.workspace_id, &head.epoch, &rows).await?;
        }
        let Seen { joined, public_ids, channel_ids } =
            visible_channels(query, self.actor, self.workspace_id).await?;
        let personal = reads::personal(query, (self.workspace_id, self.actor), 0).await?;
        Ok(Subscription {
            epoch: head.epoch,
            as_of: head.seq,
            from,
            visibility: Visibility { is_guest: member.is_guest(), joined },
            channel_ids,
            public_ids,
            personal,
            replay,
        })
    }
}

/// Fills the rows in, as long as they are not too much to say.
async fn within_bytes(
    query: &mut Query,
    workspace_id: WorkspaceId,
    epoch: &str,
    rows: &[Entry],
) -> Result<Vec<LiveEvent>, ReplayError> {
    let mut replay = Vec::with_capacity(rows.len());
    let mut bytes = 0;
    for portion in rows.chunks(PORTION) {
        let events = hydrate(query, workspace_id, epoch, portion).await?;
        bytes += events.iter().map(|live| text_bytes(&live.event.body)).sum::<usize>();
        if bytes > BYTES {
            return Err(ReplayError::Resync(ResyncReason::TooFarBehind));
        }
        replay.extend(events);
    }
    Ok(replay)
}

/// The part of an event that can be long.
fn text_bytes(body: &EventBody) -> usize {
    match body {
        EventBody::MessageCreated(payload)
        | EventBody::MessageUpdated(payload)
        | EventBody::MessageDeleted(payload)
        | EventBody::PinAdded(payload)
        | EventBody::PinRemoved(payload) => message_bytes(&payload.message),
        EventBody::ThreadReplyCreated(payload) => message_bytes(&payload.message),
        _ => 0,
    }
}

/// The parts of a message that can be long.
fn message_bytes(message: &api::Message) -> usize {
    /// An id with its quotes and comma.
    const ID: usize = 33;
    /// A person's id and kind with the names of the fields.
    const PERSON: usize = 128;
    let reactions = message.reactions.iter().flat_map(|set| &set.items);
    let named = message.mentions.iter().flat_map(|mentions| &mentions.people);
    let repliers = message.thread.iter().flat_map(|thread| &thread.repliers);
    message.body.len()
        + reactions.map(|one| one.user_ids.len() * ID).sum::<usize>()
        + named.chain(repliers).map(|user| user.name.len() + PERSON).sum::<usize>()
}

/// The events after a cursor that one may see, by pages.
#[derive(Debug, Clone)]
pub struct ListEvents {
    /// The reader.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The reader's position.
    pub after: Cursor,
    /// Events at most.
    pub limit: i64,
}

impl Lookup for ListEvents {
    type Output = api::EventPage;
    type Error = ReplayError;

    async fn run(&self, query: &mut Query) -> Result<api::EventPage, ReplayError> {
        let member = access::to_enter(query, self.actor, self.workspace_id).await?;
        let head = Head::read(query, self.workspace_id).await?;
        let from = head.check(query, self.workspace_id, &self.after).await?;
        let reader = Reader { user_id: self.actor, is_guest: member.is_guest() };
        let mut rows = visible_rows(query, self.workspace_id, reader, from, self.limit + 1).await?;
        let has_more = i64::try_from(rows.len()).is_ok_and(|count| count > self.limit);
        if has_more {
            rows.pop();
        }
        let end = match rows.last() {
            Some(last) if has_more => last.seq,
            _ => head.seq,
        };
        let events = hydrate(query, self.workspace_id, &head.epoch, &rows).await?;
        Ok(api::EventPage {
            events: events.into_iter().map(|live| live.event).collect(),
            cursor: Cursor { epoch: head.epoch, seq: end }.to_string(),
            has_more,
        })
    }
}

/// A stretch of the log for the hub, whoever may see it: `after < seq <= to`.
#[derive(Debug, Clone)]
pub struct ReadLog {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The last event that the hub has.
    pub after: i64,
    /// The last event that it wants; everything when absent.
    pub to: Option<i64>,
    /// Events at most.
    pub limit: i64,
}

/// What the log holds after a position.
#[derive(Debug, Clone)]
pub struct LogStretch {
    /// The events in order, without a hole.
    pub events: Vec<LiveEvent>,
    /// The last sequence read.
    pub end: i64,
}

impl Lookup for ReadLog {
    type Output = LogStretch;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<LogStretch, StoreError> {
        let epoch: String =
            query.one("SELECT epoch FROM instance WHERE id = 1", params![]).await?.get(0)?;
        let sql = format!(
            "SELECT {COLUMNS} FROM events e
             WHERE e.workspace_id = $1 AND e.seq > $2 AND e.seq <= $3 ORDER BY e.seq LIMIT $4"
        );
        let to = self.to.unwrap_or(i64::MAX);
        let rows = query.rows(&sql, params![self.workspace_id, self.after, to, self.limit]).await?;
        let rows = rows.iter().map(Entry::from_row).collect::<Result<Vec<_>, _>>()?;
        let end = rows.last().map_or(self.after, |entry| entry.seq);
        Ok(LogStretch { events: hydrate(query, self.workspace_id, &epoch, &rows).await?, end })
    }
}

/// The end of the log and the database's life.
struct Head {
    epoch: String,
    seq: i64,
}

impl Head {
    async fn read(query: &mut Query, workspace_id: WorkspaceId) -> Result<Self, StoreError> {
        let row = query
            .one(
                "SELECT i.epoch, w.event_seq FROM instance i CROSS JOIN workspaces w
                 WHERE w.id = $1",
                params![workspace_id],
            )
            .await?;
        Ok(Self { epoch: row.get(0)?, seq: row.get(1)? })
    }

    /// The sequence to go on from, if that is possible.
    async fn check(
        &self,
        query: &mut Query,
        workspace_id: WorkspaceId,
        cursor: &Cursor,
    ) -> Result<i64, ReplayError> {
        if cursor.epoch != self.epoch {
            return Err(ReplayError::Resync(ResyncReason::OtherEpoch));
        }
        if cursor.seq > self.seq {
            return Err(ReplayError::Resync(ResyncReason::UnknownCursor));
        }
        if self.seq - cursor.seq > DISTANCE {
            return Err(ReplayError::Resync(ResyncReason::TooFarBehind));
        }
        if cursor.seq < self.seq {
            let next = query
                .maybe(
                    "SELECT seq FROM events WHERE workspace_id = $1 AND seq = $2",
                    params![workspace_id, cursor.seq + 1],
                )
                .await?;
            if next.is_none() {
                return Err(ReplayError::Resync(ResyncReason::TooOld));
            }
        }
        Ok(cursor.seq)
    }
}

#[derive(Clone, Copy)]
struct Reader {
    user_id: UserId,
    is_guest: bool,
}

/// The rows after a position that the reader may see now, filtered before the limit. That the
/// reader lost access is always among them; that they once came into a channel is not when they
/// see it no longer, since its row is filled in with what the channel is called by now.
async fn visible_rows(
    query: &mut Query,
    workspace_id: WorkspaceId,
    reader: Reader,
    after: i64,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM events e
         LEFT JOIN channels c ON c.id = e.channel_id
         LEFT JOIN channel_members cm ON cm.channel_id = e.channel_id AND cm.user_id = $1
         WHERE e.workspace_id = $2 AND e.seq > $3
           AND (e.channel_id IS NULL OR cm.user_id IS NOT NULL
                OR (e.user_id = $1 AND e.type <> 'channel.member_added')
                OR (c.kind = 'public' AND $4 = 0))
         ORDER BY e.seq LIMIT $5"
    );
    let is_guest = i64::from(reader.is_guest);
    let rows =
        query.rows(&sql, params![reader.user_id, workspace_id, after, is_guest, limit]).await?;
    rows.iter().map(Entry::from_row).collect()
}

/// The channels that a member sees.
#[derive(Default)]
struct Seen {
    joined: HashSet<ChannelId>,
    public_ids: HashSet<ChannelId>,
    channel_ids: Vec<ChannelId>,
}

async fn visible_channels(
    query: &mut Query,
    user_id: UserId,
    workspace_id: WorkspaceId,
) -> Result<Seen, StoreError> {
    let sql = format!(
        "SELECT c.id, cm.user_id IS NOT NULL, c.kind = 'public' FROM {VISIBLE} ORDER BY c.id"
    );
    let rows = query.rows(&sql, params![user_id, workspace_id]).await?;
    let mut seen = Seen::default();
    for row in &rows {
        let id = row.get(0)?;
        if row.get::<bool>(1)? {
            seen.joined.insert(id);
        }
        if row.get::<bool>(2)? {
            seen.public_ids.insert(id);
        }
        seen.channel_ids.push(id);
    }
    Ok(seen)
}
