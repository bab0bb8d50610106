//! Rows of the log made into events again: ids filled in, in bulk, with what stands now.

use std::collections::{HashMap, HashSet};

use clickclack_protocol::api::{self, EventBody};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{ChannelId, EventId, MessageId, UserId, WorkspaceId};
use clickclack_protocol::time::{Millis, to_wire};
use clickclack_store::{Query, Row, StoreError, Value};

use crate::live::{AccessChange, Audience, LiveEvent};
use crate::log::{GuestFact, ReactionFact, channel_audience};
use crate::{channel_members, channels, members, messages, threads, workspaces};

/// The columns that [`Entry::from_row`] reads.
pub(crate) const COLUMNS: &str =
    "e.seq, e.id, e.type, e.channel_id, e.subject_id, e.user_id, e.facts, e.created_at";

/// A row of the log.
pub(crate) struct Entry {
    pub(crate) seq: i64,
    id: EventId,
    kind: String,
    channel_id: Option<ChannelId>,
    subject_id: String,
    user_id: Option<UserId>,
    facts: Option<String>,
    created_at: Millis,
}

impl Entry {
    pub(crate) fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.get(0)?,
            id: row.get(1)?,
            kind: row.get(2)?,
            channel_id: row.get(3)?,
            subject_id: row.get(4)?,
            user_id: row.get(5)?,
            facts: row.get(6)?,
            created_at: row.get(7)?,
        })
    }

    fn is_about_message(&self) -> bool {
        self.kind.starts_with("message.")
            || self.kind.starts_with("pin.")
            || self.kind == "thread.reply_created"
    }

    /// What came or went, if the row is about a reaction.
    fn reaction(&self) -> Option<ReactionFact> {
        if !self.kind.starts_with("reaction.") {
            return None;
        }
        serde_json::from_str(self.facts.as_deref()?).ok()
    }
}

/// What the rows speak of, as it stands now.
struct Subjects {
    workspace_id: WorkspaceId,
    messages: HashMap<MessageId, api::Message>,
    threads: HashMap<MessageId, api::ThreadSummary>,
    channels: HashMap<ChannelId, api::Channel>,
    members: HashMap<UserId, api::Member>,
    users: HashMap<UserId, api::User>,
    workspace: Option<api::Workspace>,
}

impl Subjects {
    async fn load(
        query: &mut Query,
        workspace_id: WorkspaceId,
        rows: &[Entry],
    ) -> Result<Self, StoreError> {
        let about_messages = rows.iter().filter(|entry| entry.is_about_message());
        let message_ids: HashSet<&str> =
            about_messages.map(|entry| entry.subject_id.as_str()).collect();
        let channel_ids: HashSet<ChannelId> =
            rows.iter().filter_map(|entry| entry.channel_id).collect();
        let user_ids: HashSet<UserId> = rows.iter().filter_map(|entry| entry.user_id).collect();
        let workspace = if rows.iter().any(|entry| entry.kind == "workspace.updated") {
            Some(workspaces::load(query, workspace_id).await?)
        } else {
            None
        };
        let engine = query.engine();
        let messages = bulk(query, message_ids, messages::from_row, || {
            let among = engine.among("m.id", "$1");
            format!("SELECT {} FROM {} WHERE {among}", messages::COLUMNS, messages::TABLES)
        });
        let messages = messages.await?;
        let messages = messages::complete(query, messages).await?;
        let messages: HashMap<_, _> = messages.into_iter().map(|m| (m.id, m)).collect();
        let threads = load_threads(query, rows, &messages).await?;
        let channels = bulk(query, channel_ids, channels::from_row, || {
            let among = engine.among("c.id", "$1");
            format!("SELECT {} FROM channels c WHERE {among}", channels::COLUMNS)
        });
        let channels = channels.await?.into_iter().map(|c| (c.id, c)).collect();
        let reactors = rows.iter().filter_map(|entry| Some(entry.reaction()?.user_id));
        let named: HashSet<UserId> = user_ids.iter().copied().chain(reactors).collect();
        let users = bulk(query, named, channel_members::user_from_row, || {
            let among = engine.among("id", "$1");
            format!("SELECT id, name, kind, deactivated_at IS NOT NULL FROM users WHERE {among}")
        });
        let users = users.await?.into_iter().map(|u| (u.id, u)).collect();
        let members = load_members(query, workspace_id, &user_ids).await?;
        Ok(Self { workspace_id, messages, threads, channels, members, users, workspace })
    }

    /// Somebody who has gone since is told as they came: the row that takes them away follows, and
    /// a hole would stop everybody who waits for the log to be dense.
    fn member(&self, entry: &Entry, user_id: UserId) -> Option<api::Member> {
        if let Some(member) = self.members.get(&user_id) {
            return Some(member.clone());
        }
        Some(api::Member {
            workspace_id: self.workspace_id,
            user: self.users.get(&user_id)?.clone(),
            role: api::Role::Member,
            joined_at: to_wire(entry.created_at),
            version: entry.seq,
        })
    }
}

/// Loads rows by a list of ids, if there are any.
async fn bulk<T, I: std::fmt::Display>(
    query: &mut Query,
    ids: impl IntoIterator<Item = I>,
    read: fn(&Row) -> Result<T, StoreError>,
    sql: impl FnOnce() -> String,
) -> Result<Vec<T>, StoreError> {
    let mut ids = ids.into_iter().peekable();
    if ids.peek().is_none() {
        return Ok(Vec::new());
    }
    query.rows(&sql(), &[Value::list(ids)]).await?.iter().map(read).collect()
}

/// The threads that changed, and those of replies.
async fn load_threads(
    query: &mut Query,
    rows: &[Entry],
    messages: &HashMap<MessageId, api::Message>,
) -> Result<HashMap<MessageId, api::ThreadSummary>, StoreError> {
    let root_of = |entry: &Entry| {
        let subject = entry.subject_id.parse().ok()?;
        match entry.kind.as_str() {
            "thread.state_updated" => Some(subject),
            "thread.reply_created" => messages.get(&subject)?.thread_root_id,
            _ => None,
        }
    };
    let root_ids: Vec<MessageId> = rows.iter().filter_map(root_of).collect();
    threads::summaries(query, &root_ids).await
}

async fn load_members(
    query: &mut Query,
    workspace_id: WorkspaceId,
    user_ids: &HashSet<UserId>,
) -> Result<HashMap<UserId, api::Member>, StoreError> {
    if user_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let among = query.engine().among("m.user_id", "$2");
    let (columns, tables) = (members::COLUMNS, members::TABLES);
    let sql = format!("SELECT {columns} FROM {tables} WHERE m.workspace_id = $1 AND {among}");
    let rows = query.rows(&sql, &[workspace_id.into(), Value::list(user_ids)]).await?;
    rows.iter().map(|row| members::from_row(row).map(|member| (member.user.id, member))).collect()
}

/// Makes an event of each row.
pub(crate) async fn hydrate(
    query: &mut Query,
    workspace_id: WorkspaceId,
    epoch: &str,
    rows: &[Entry],
) -> Result<Vec<LiveEvent>, StoreError> {
    let subjects = Subjects::load(query, workspace_id, rows).await?;
    Ok(rows.iter().filter_map(|entry| event(entry, &subjects, workspace_id, epoch)).collect())
}

fn event(
    entry: &Entry,
    subjects: &Subjects,
    workspace_id: WorkspaceId,
    epoch: &str,
) -> Option<LiveEvent> {
    let (body, change) = tell(entry, subjects)?;
    let seq = match &body {
        EventBody::MessageCreated(payload)
        | EventBody::MessageUpdated(payload)
        | EventBody::MessageDeleted(payload)
        | EventBody::PinAdded(payload)
        | EventBody::PinRemoved(payload) => payload.message.seq,
        EventBody::ThreadReplyCreated(payload) => payload.message.seq,
        _ => None,
    };
    let audience = match entry.channel_id {
        None => Audience::Workspace,
        Some(id) => channel_audience(subjects.channels.get(&id)?),
    };
    Some(LiveEvent {
        workspace_id,
        seq: entry.seq,
        event: api::Event {
            id: entry.id,
            cursor: Cursor { epoch: epoch.to_owned(), seq: entry.seq }.to_string(),
            workspace_id,
            channel_id: entry.channel_id,
            seq,
            created_at: to_wire(entry.created_at),
            body,
        },
        audience,
        change,
    })
}

fn tell(entry: &Entry, subjects: &Subjects) -> Option<(EventBody, Option<AccessChange>)> {
    let message = || {
        let id = entry.subject_id.parse().ok()?;
        Some(api::MessagePayload { message: subjects.messages.get(&id)?.clone() })
    };
    let channel = || Some(subjects.channels.get(&entry.channel_id?)?.clone());
    let member = || Some(api::MemberPayload { member: subjects.member(entry, entry.user_id?)? });
    let reaction = || {
        let ReactionFact { emoji, user_id } = entry.reaction()?;
        let user = subjects.users.get(&user_id)?.clone();
        Some(api::ReactionPayload { message_id: entry.subject_id.parse().ok()?, emoji, user })
    };
    let plain = |body| Some((body, None));
    match entry.kind.as_str() {
        "message.created" => plain(EventBody::MessageCreated(message()?)),
        "message.updated" => plain(EventBody::MessageUpdated(message()?)),
        "message.deleted" => plain(EventBody::MessageDeleted(message()?)),
        "thread.reply_created" => {
            let message = message()?.message;
            let thread = subjects.threads.get(&message.thread_root_id?)?.clone();
            plain(EventBody::ThreadReplyCreated(api::ThreadReplyPayload { message, thread }))
        }
        "thread.state_updated" => {
            let thread = subjects.threads.get(&entry.subject_id.parse().ok()?)?.clone();
            plain(EventBody::ThreadStateUpdated(api::ThreadPayload { thread }))
        }
        "reaction.added" => plain(EventBody::ReactionAdded(reaction()?)),
        "reaction.removed" => plain(EventBody::ReactionRemoved(reaction()?)),
        "pin.added" => plain(EventBody::PinAdded(message()?)),
        "pin.removed" => plain(EventBody::PinRemoved(message()?)),
        "channel.created" => {
            plain(EventBody::ChannelCreated(api::ChannelPayload { channel: channel()? }))
        }
        "channel.updated" => {
            plain(EventBody::ChannelUpdated(api::ChannelPayload { channel: channel()? }))
        }
        "channel.archived" => {
            plain(EventBody::ChannelArchived(api::ChannelPayload { channel: channel()? }))
        }
        "channel.member_added" => {
            let (channel, user_id) = (channel()?, entry.user_id?);
            let change = AccessChange::Joined { channel_id: channel.id, user_id };
            let user = subjects.users.get(&user_id)?.clone();
            let payload = api::ChannelMemberPayload { channel, user };
            Some((EventBody::ChannelMemberAdded(payload), Some(change)))
        }
        "channel.member_removed" => {
            let (channel_id, user_id) = (entry.channel_id?, entry.user_id?);
            let payload = api::ChannelMemberRemovedPayload { channel_id, user_id };
            let change = AccessChange::Left { channel_id, user_id };
            Some((EventBody::ChannelMemberRemoved(payload), Some(change)))
        }
        "member.joined" => plain(EventBody::MemberJoined(member()?)),
        "member.updated" => Some((EventBody::MemberUpdated(member()?), guest_change(entry))),
        "member.removed" => {
            let user_id = entry.user_id?;
            let body = EventBody::MemberRemoved(api::MemberRemovedPayload { user_id });
            Some((body, Some(AccessChange::Removed { user_id })))
        }
        "workspace.updated" => {
            let workspace = subjects.workspace.clone()?;
            plain(EventBody::WorkspaceUpdated(api::WorkspacePayload { workspace }))
        }
        _ => None,
    }
}

fn guest_change(entry: &Entry) -> Option<AccessChange> {
    let fact: GuestFact = serde_json::from_str(entry.facts.as_deref()?).ok()?;
    Some(AccessChange::Guest { user_id: entry.user_id?, is_guest: fact.is_guest })
}
