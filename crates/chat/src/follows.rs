//! Following threads: who hears of new replies, and how far they have read them. A row stays when
//! somebody stops, so that a thread does not take them back by itself.

use std::collections::{BTreeMap, BTreeSet};

use clickclack_protocol::api;
use clickclack_protocol::ids::{MessageId, UserId};
use clickclack_protocol::limits;
use clickclack_store::{Action, Query, Row, StoreError, Tx, Value, params};

use crate::access::SeenMessage;
use crate::desk::{Deed, Target};
use crate::live::Personal;
use crate::messages::MessageError;
use crate::personal::tell;
use crate::reads::{Who, standing, step};
use crate::threads;
use crate::unread;

/// Columns of a follow `f` with its root `m0` and its thread `t`, for [`from_row`].
pub(crate) fn columns() -> String {
    let counts = unread::of_thread();
    format!("f.root_id, m0.channel_id, f.following, f.read_seq, f.version, {counts}")
}

/// Where they come from.
pub(crate) const TABLES: &str = "thread_follows f JOIN messages m0 ON m0.id = f.root_id \
     LEFT JOIN threads t ON t.root_id = f.root_id";

/// When something last happened in a thread; a root that nobody has replied to counts by itself.
pub(crate) const MOVED_AT: &str = "COALESCE(t.last_reply_at, m0.created_at)";

/// Follows of roots that a member sees, the one with the newest reply first, counted only after the
/// limit. The column after [`columns`] says when something last happened there. Parameters: the
/// workspace, the person, and those of the condition and the limit.
pub(crate) fn newest(condition: &str, limit: &str) -> String {
    let columns = columns();
    format!(
        "SELECT {columns}, p.moved_at FROM (
           SELECT f.user_id, f.root_id, {MOVED_AT} AS moved_at FROM {TABLES}
           JOIN channels c ON c.id = m0.channel_id AND c.workspace_id = $1
           JOIN members m1 ON m1.workspace_id = c.workspace_id AND m1.user_id = f.user_id
           LEFT JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = f.user_id
           WHERE f.workspace_id = $1 AND f.user_id = $2
             AND (cm.user_id IS NOT NULL OR (c.kind = 'public' AND m1.role <> 'guest'))
             AND {condition}
           ORDER BY moved_at DESC, f.root_id DESC LIMIT {limit}) AS p
         CROSS JOIN {TABLES}
         WHERE f.user_id = p.user_id AND f.root_id = p.root_id
         ORDER BY p.moved_at DESC, f.root_id DESC"
    )
}

/// A follow out of [`columns`].
pub(crate) fn from_row(row: &Row, as_of: &str) -> Result<api::ThreadFollow, StoreError> {
    Ok(api::ThreadFollow {
        root_id: row.get(0)?,
        channel_id: row.get(1)?,
        following: row.get(2)?,
        read_seq: row.get(3)?,
        version: row.get(4)?,
        unread: row.get(5)?,
        mentions: row.get(6)?,
        as_of: as_of.to_owned(),
    })
}

/// How somebody follows a thread that they see.
pub(crate) async fn load(
    query: &mut Query,
    root: &SeenMessage,
    as_of: &str,
) -> Result<api::ThreadFollow, StoreError> {
    let columns = columns();
    let sql = format!("SELECT {columns} FROM {TABLES} WHERE f.user_id = $1 AND f.root_id = $2");
    let row = query.maybe(&sql, params![root.viewer.member.user_id, root.message_id]).await?;
    match row {
        Some(row) => from_row(&row, as_of),
        None => Ok(api::ThreadFollow {
            root_id: root.message_id,
            channel_id: root.viewer.channel_id,
            following: false,
            read_seq: 0,
            unread: 0,
            mentions: 0,
            version: 0,
            as_of: as_of.to_owned(),
        }),
    }
}

/// The threads that a member follows or once followed, those with the newest replies, and whether
/// these are all.
pub(crate) async fn of_member(
    query: &mut Query,
    (workspace_id, user_id): Who,
    since: i64,
    as_of: &str,
) -> Result<(Vec<api::ThreadFollow>, bool), StoreError> {
    let most = limits::FOLLOWS;
    let sql = newest("f.version > $3", "$4");
    let rows = query.rows(&sql, params![workspace_id, user_id, since, most + 1]).await?;
    let mut follows = rows.iter().map(|row| from_row(row, as_of)).collect::<Result<Vec<_>, _>>()?;
    let most = usize::try_from(most).expect("limits are positive");
    let are_all = follows.len() <= most;
    follows.truncate(most);
    Ok((follows, are_all))
}

/// Writes how somebody follows a thread from now on, and tells them.
pub(crate) async fn put(
    tx: &mut Tx,
    who: Who,
    root_id: MessageId,
    following: bool,
    read_seq: i64,
) -> Result<api::ThreadFollow, StoreError> {
    let step = step(tx, who).await?;
    tx.execute(
        "INSERT INTO thread_follows (user_id, workspace_id, root_id, following, read_seq, version)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (user_id, root_id) DO UPDATE SET following = excluded.following,
           read_seq = excluded.read_seq, version = excluded.version",
        params![who.1, who.0, root_id, following, read_seq, step.version],
    )
    .await?;
    let columns = columns();
    let sql = format!("SELECT {columns} FROM {TABLES} WHERE f.user_id = $1 AND f.root_id = $2");
    let follow = from_row(&tx.one(&sql, params![who.1, root_id]).await?, &step.as_of)?;
    tell(tx, who, Personal::Follow(follow.clone()));
    Ok(follow)
}

/// Makes those follow a thread whom a reply concerns: its author, who has read up to it; whom it
/// calls by name, also those who had stopped; and the author of the root, unless they had stopped.
pub(crate) async fn concern(
    tx: &mut Tx,
    root: &SeenMessage,
    reply: &api::Message,
) -> Result<(), StoreError> {
    let seq = reply.thread_seq.expect("a reply has a place in its thread");
    let called = reply.mentions.as_ref().map_or(&[][..], |mentions| &mentions.called);
    let concerned: BTreeSet<UserId> =
        called.iter().copied().chain([root.author_id, reply.author.id]).collect();
    let rows = concerned_rows(tx, root, &concerned).await?;
    for (user_id, before) in rows {
        let who = (reply.workspace_id, user_id);
        if user_id == reply.author.id {
            put(tx, who, root.message_id, true, seq).await?;
            continue;
        }
        let (following, read_seq) = before.unwrap_or((false, 0));
        let stopped = before.is_some() && !following;
        if following || (stopped && !called.contains(&user_id)) {
            continue;
        }
        // What was said before they came, or while they were gone, is history to read.
        put(tx, who, root.message_id, true, read_seq.max(seq - 1)).await?;
    }
    Ok(())
}

/// Those of these people who see the channel, with whether they follow the thread and how far they
/// have read it, if they ever did.
async fn concerned_rows(
    tx: &mut Tx,
    root: &SeenMessage,
    people: &BTreeSet<UserId>,
) -> Result<BTreeMap<UserId, Option<(bool, i64)>>, StoreError> {
    let among = tx.engine().among("m.user_id", "$4");
    let sql = format!(
        "SELECT m.user_id, f.following, f.read_seq FROM members m
         LEFT JOIN channel_members cm ON cm.channel_id = $1 AND cm.user_id = m.user_id
         LEFT JOIN thread_follows f ON f.user_id = m.user_id AND f.root_id = $2
         WHERE m.workspace_id = $3 AND {among}
           AND (cm.user_id IS NOT NULL OR ($5 = 1 AND m.role <> 'guest'))"
    );
    let viewer = &root.viewer;
    let params = [
        viewer.channel_id.into(),
        root.message_id.into(),
        viewer.member.workspace_id.into(),
        Value::list(people),
        i64::from(viewer.is_public()).into(),
    ];
    let rows = tx.rows(&sql, &params).await?;
    rows.iter()
        .map(|row| {
            let following: Option<bool> = row.get(1)?;
            let follow = following.zip(row.get(2)?);
            Ok((row.get(0)?, follow))
        })
        .collect()
}

/// Follows a thread, or stops.
#[derive(Debug, Clone)]
pub struct FollowThread {
    /// Who.
    pub actor: UserId,
    /// The message that the thread hangs on.
    pub root_id: MessageId,
    /// Whether to follow it from now on.
    pub following: bool,
}

impl Deed for FollowThread {
    fn target(&self) -> Target {
        Target::Message(self.root_id)
    }
}

impl Action for FollowThread {
    type Output = api::ThreadFollow;
    type Error = MessageError;

    async fn run(&self, tx: &mut Tx) -> Result<api::ThreadFollow, MessageError> {
        let root = threads::root(tx, self.actor, self.root_id).await?;
        let workspace_id = root.viewer.member.workspace_id;
        let as_of = standing(tx, workspace_id).await?;
        let before = load(tx, &root, &as_of).await?;
        // Who never followed can say that they will not: the thread then leaves them alone.
        if before.following == self.following && before.version > 0 {
            return Ok(before);
        }
        let read_seq = if self.following {
            threads::last_seq(tx, self.root_id).await?
        } else {
            before.read_seq
        };
        let who = (workspace_id, self.actor);
        Ok(put(tx, who, self.root_id, self.following, read_seq).await?)
    }
}

/// Says how far one has read in a thread that one follows. Who does not follow it keeps no place.
#[derive(Debug, Clone)]
pub struct MarkThreadRead {
    /// Who.
    pub actor: UserId,
    /// The message that the thread hangs on.
    pub root_id: MessageId,
    /// Up to which reply, by `thread_seq`; what lies beyond the newest counts as the newest.
    pub seq: i64,
}

impl Deed for MarkThreadRead {
    fn target(&self) -> Target {
        Target::Message(self.root_id)
    }
}

impl Action for MarkThreadRead {
    type Output = api::ThreadFollow;
    type Error = MessageError;

    async fn run(&self, tx: &mut Tx) -> Result<api::ThreadFollow, MessageError> {
        let root = threads::root(tx, self.actor, self.root_id).await?;
        let workspace_id = root.viewer.member.workspace_id;
        let as_of = standing(tx, workspace_id).await?;
        let before = load(tx, &root, &as_of).await?;
        let seq = self.seq.min(threads::last_seq(tx, self.root_id).await?);
        if !before.following || before.read_seq >= seq {
            return Ok(before);
        }
        Ok(put(tx, (workspace_id, self.actor), self.root_id, true, seq).await?)
    }
}

/// Makes everything from a reply on unread again; one follows the thread then.
#[derive(Debug, Clone)]
pub struct MarkThreadUnread {
    /// Who.
    pub actor: UserId,
    /// The message that the thread hangs on.
    pub root_id: MessageId,
    /// The first reply that is unread again, by `thread_seq`; what lies before it stays as it is.
    pub seq: i64,
}

impl Deed for MarkThreadUnread {
    fn target(&self) -> Target {
        Target::Message(self.root_id)
    }
}

impl Action for MarkThreadUnread {
    type Output = api::ThreadFollow;
    type Error = MessageError;

    async fn run(&self, tx: &mut Tx) -> Result<api::ThreadFollow, MessageError> {
        let root = threads::root(tx, self.actor, self.root_id).await?;
        let workspace_id = root.viewer.member.workspace_id;
        let as_of = standing(tx, workspace_id).await?;
        let before = load(tx, &root, &as_of).await?;
        let last = threads::last_seq(tx, self.root_id).await?;
        let mut seq = self.seq.saturating_sub(1).clamp(0, last);
        if before.following {
            seq = seq.min(before.read_seq);
            if seq == before.read_seq {
                return Ok(before);
            }
        }
        Ok(put(tx, (workspace_id, self.actor), self.root_id, true, seq).await?)
    }
}
