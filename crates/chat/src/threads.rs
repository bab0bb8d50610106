//! Threads: what hangs on a message, seen from outside, read by stretches, named and locked.

use std::collections::HashMap;

use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, MessageId, UserId};
use clickclack_protocol::limits;
use clickclack_protocol::time::{Millis, to_wire};
use clickclack_store::{Action, Lookup, Query, StoreError, Tx, Value, params};

use crate::access::{self, AccessError, SeenMessage};
use crate::channel_members::user_from_row;
use crate::desk::{Deed, Target};
use crate::follows;
use crate::history::Stretch;
use crate::log::{self, Draft};
use crate::messages::{self, MessageError, as_of};
use crate::quotes;
use crate::text;

/// The message that a thread hangs on, or can hang on: one that the person sees and that is no
/// reply itself.
pub(crate) async fn root(
    query: &mut Query,
    actor: UserId,
    root_id: MessageId,
) -> Result<SeenMessage, MessageError> {
    let seen = access::to_read(query, actor, root_id).await?;
    if seen.thread_root_id.is_some() { Err(MessageError::NestedThread) } else { Ok(seen) }
}

/// Place of the newest reply; 0 where nobody has replied.
pub(crate) async fn last_seq(query: &mut Query, root_id: MessageId) -> Result<i64, StoreError> {
    let sql = "SELECT last_seq FROM threads WHERE root_id = $1";
    query.maybe(sql, params![root_id]).await?.map_or(Ok(0), |row| row.get(0))
}

/// What threads look like from outside, of those of these messages that have one.
pub(crate) async fn summaries(
    query: &mut Query,
    root_ids: &[MessageId],
) -> Result<HashMap<MessageId, api::ThreadSummary>, StoreError> {
    if root_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let list = Value::list(root_ids);
    let among = query.engine().among("t.root_id", "$1");
    let sql = format!(
        "SELECT t.root_id, t.channel_id, t.title, t.locked_at IS NOT NULL, t.last_seq,
                t.reply_count, t.last_reply_at, t.version
         FROM threads t WHERE {among}"
    );
    let mut found = HashMap::new();
    for row in query.rows(&sql, std::slice::from_ref(&list)).await? {
        let title: String = row.get(2)?;
        let summary = api::ThreadSummary {
            root_id: row.get(0)?,
            channel_id: row.get(1)?,
            title: (!title.is_empty()).then_some(title),
            locked: row.get(3)?,
            last_seq: row.get(4)?,
            reply_count: row.get(5)?,
            last_reply_at: row.get::<Option<Millis>>(6)?.map(to_wire),
            repliers: Vec::new(),
            version: row.get(7)?,
        };
        found.insert(summary.root_id, summary);
    }
    if found.values().any(|summary| summary.reply_count > 0) {
        fill_repliers(query, &list, &mut found).await?;
    }
    Ok(found)
}

/// The five who replied last, found by the index whoever else did.
async fn fill_repliers(
    query: &mut Query,
    root_ids: &Value,
    summaries: &mut HashMap<MessageId, api::ThreadSummary>,
) -> Result<(), StoreError> {
    let among = query.engine().among("t.root_id", "$1");
    let sql = format!(
        "SELECT u.id, u.name, u.kind, u.deactivated_at IS NOT NULL, t.root_id
         FROM threads t
         JOIN thread_repliers r ON r.root_id = t.root_id AND r.last_seq >= COALESCE(
           (SELECT x.last_seq FROM thread_repliers x WHERE x.root_id = t.root_id
            ORDER BY x.last_seq DESC LIMIT 1 OFFSET 4), 0)
         JOIN users u ON u.id = r.user_id
         WHERE {among} ORDER BY r.last_seq DESC"
    );
    for row in query.rows(&sql, std::slice::from_ref(root_ids)).await? {
        if let Some(summary) = summaries.get_mut(&row.get(4)?) {
            summary.repliers.push(user_from_row(&row)?);
        }
    }
    Ok(())
}

/// What a thread that is there looks like from outside.
pub(crate) async fn summary(
    query: &mut Query,
    root_id: MessageId,
) -> Result<api::ThreadSummary, StoreError> {
    summaries(query, &[root_id]).await?.remove(&root_id).ok_or(StoreError::Internal)
}

/// Fills in the threads that hang on these messages.
pub(crate) async fn fill(
    query: &mut Query,
    messages: &mut [api::Message],
) -> Result<(), StoreError> {
    let roots = messages.iter().filter(|message| message.thread_root_id.is_none());
    let root_ids: Vec<_> = roots.map(|message| message.id).collect();
    let mut found = summaries(query, &root_ids).await?;
    for message in messages {
        message.thread = found.remove(&message.id);
    }
    Ok(())
}

/// Counts a reply that is deleted now, and tells what the thread looks like without it.
pub(crate) async fn forget_reply(
    tx: &mut Tx,
    reply: &api::Message,
    root_id: MessageId,
    public: bool,
) -> Result<(), StoreError> {
    let version = tx.next_seq(reply.workspace_id)?;
    tx.execute(
        "UPDATE threads SET reply_count = reply_count - 1, version = $1 WHERE root_id = $2",
        params![version, root_id],
    )
    .await?;
    tx.execute(
        "UPDATE thread_repliers SET replies = replies - 1 WHERE root_id = $1 AND user_id = $2",
        params![root_id, reply.author.id],
    )
    .await?;
    tx.execute(
        "DELETE FROM thread_repliers WHERE root_id = $1 AND user_id = $2 AND replies = 0",
        params![root_id, reply.author.id],
    )
    .await?;
    let thread = summary(tx, root_id).await?;
    log::emit(tx, reply.workspace_id, version, Draft::thread(thread, public)).await
}

/// Gives a thread a title, locks it or opens it again; what is not named stays.
#[derive(Debug, Clone)]
pub struct UpdateThread {
    /// The author of the root, the workspace's owner or an admin.
    pub actor: UserId,
    /// The message that the thread hangs on.
    pub root_id: MessageId,
    /// The new title; an empty one takes it away.
    pub title: Option<String>,
    /// Whether nobody may reply.
    pub locked: Option<bool>,
    /// The version that the caller has seen, to refuse a lost update.
    pub version: Option<i64>,
}

impl Deed for UpdateThread {
    fn target(&self) -> Target {
        Target::Message(self.root_id)
    }
}

impl Action for UpdateThread {
    type Output = api::ThreadSummary;
    type Error = MessageError;

    async fn run(&self, tx: &mut Tx) -> Result<api::ThreadSummary, MessageError> {
        let root = root(tx, self.actor, self.root_id).await?;
        let viewer = root.viewer;
        if root.author_id != self.actor && !viewer.member.moderates() {
            return Err(AccessError::Forbidden.into());
        }
        if viewer.is_archived {
            return Err(MessageError::Archived);
        }
        let before = summaries(tx, &[self.root_id]).await?.remove(&self.root_id);
        if root.is_deleted && before.is_none() {
            return Err(MessageError::Deleted);
        }
        let seen = before.as_ref().map_or(0, |thread| thread.version);
        if self.version.is_some_and(|version| version != seen) {
            return Err(MessageError::Stale);
        }
        let title_before = before.as_ref().and_then(|thread| thread.title.clone());
        let title_before = title_before.unwrap_or_default();
        let title = match &self.title {
            Some(title) if title.trim().is_empty() => String::new(),
            Some(title) => text::line("title", title, limits::THREAD_TITLE_CHARS)?,
            None => title_before.clone(),
        };
        let was_locked = before.as_ref().is_some_and(|thread| thread.locked);
        let locked = self.locked.unwrap_or(was_locked);
        if title == title_before && locked == was_locked {
            // A message that nobody replied to has a thread without title that is not locked.
            return Ok(before.unwrap_or_else(|| bare(self.root_id, viewer.channel_id)));
        }
        let workspace_id = viewer.member.workspace_id;
        let version = tx.next_seq(workspace_id)?;
        let locked_at = locked.then(|| tx.now());
        tx.execute(
            "INSERT INTO threads (root_id, channel_id, title, locked_at, version)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (root_id) DO UPDATE SET title = excluded.title,
               locked_at = excluded.locked_at, version = excluded.version",
            params![self.root_id, viewer.channel_id, title, locked_at, version],
        )
        .await?;
        let thread = summary(tx, self.root_id).await?;
        let draft = Draft::thread(thread.clone(), viewer.is_public());
        log::emit(tx, workspace_id, version, draft).await?;
        Ok(thread)
    }
}

/// The thread of a message that nobody has replied to.
fn bare(root_id: MessageId, channel_id: ChannelId) -> api::ThreadSummary {
    api::ThreadSummary {
        root_id,
        channel_id,
        title: None,
        locked: false,
        reply_count: 0,
        last_seq: 0,
        last_reply_at: None,
        repliers: Vec::new(),
        version: 0,
    }
}

/// A thread: its root and a stretch of its replies.
#[derive(Debug, Clone)]
pub struct GetThread {
    /// Who reads.
    pub actor: UserId,
    /// The message that it hangs on.
    pub root_id: MessageId,
    /// Which stretch, by `thread_seq`.
    pub stretch: Stretch,
    /// Replies at most.
    pub limit: i64,
}

impl Lookup for GetThread {
    type Output = api::ThreadPage;
    type Error = MessageError;

    async fn run(&self, query: &mut Query) -> Result<api::ThreadPage, MessageError> {
        let seen = root(query, self.actor, self.root_id).await?;
        let as_of = as_of(query, seen.viewer.member.workspace_id).await?;
        let root = messages::load(query, self.root_id).await?;
        let last = root.thread.as_ref().map_or(0, |thread| thread.last_seq);
        let (from, to) = self.stretch.range(last, self.limit);
        let (columns, tables) = (messages::COLUMNS, messages::TABLES);
        let sql = format!(
            "SELECT {columns} FROM {tables}
             WHERE m.thread_root_id = $1 AND m.thread_seq >= $2 AND m.thread_seq <= $3
             ORDER BY m.thread_seq"
        );
        let rows = query.rows(&sql, params![self.root_id, from, to]).await?;
        let replies = rows.iter().map(messages::from_row).collect::<Result<_, _>>()?;
        let replies = messages::complete(query, replies).await?;
        let quotes = quotes::in_these(replies.iter().chain([&root]));
        Ok(api::ThreadPage {
            quoted: quotes::seen_by(query, self.actor, quotes).await?,
            root,
            replies,
            has_older: from > 1 && last > 0,
            has_newer: to < last,
            follow: follows::load(query, &seen, &as_of).await?,
            as_of,
        })
    }
}
