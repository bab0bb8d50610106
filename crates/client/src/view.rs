//! One person's view of one workspace, kept true by events: a snapshot reduced with what came
//! after it. Pure; the TypeScript SDK's `reduce` follows the same rules.

use std::collections::{BTreeMap, BTreeSet};

use clickclack_protocol::api::{self, ChannelKind, EventBody, Role};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{ChannelId, MessageId, UserId};

use crate::reactions;

mod own;

/// A view. Two views of the same person at the same position are equal.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The position: every visible event up to here is applied.
    pub cursor: Cursor,
    /// The workspace.
    pub workspace: api::Workspace,
    /// Oneself.
    pub me: api::Member,
    /// Everybody.
    pub members: BTreeMap<UserId, api::Member>,
    /// The channels one may see.
    pub channels: BTreeMap<ChannelId, api::Channel>,
    /// The channels one is in.
    pub joined: BTreeSet<ChannelId>,
    /// How far one has read, and what is unread.
    pub reads: BTreeMap<ChannelId, api::ReadState>,
    /// The threads that one follows or once followed.
    pub follows: BTreeMap<MessageId, api::ThreadFollow>,
    /// The messages held, of all channels and threads.
    pub messages: BTreeMap<MessageId, api::Message>,
    /// For each channel the sequence from which on every message is held.
    pub held_from: BTreeMap<ChannelId, i64>,
    /// For each thread that was loaded or heard of, the same by `thread_seq`, with its channel.
    pub thread_held_from: BTreeMap<MessageId, (ChannelId, i64)>,
    /// What the view cannot know by itself any more.
    pub state: ViewState,
}

/// Whether a view can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewState {
    /// Events keep it true.
    Live,
    /// One's own role crossed the border of guesthood: a fresh snapshot is needed.
    Stale,
    /// One is no longer a member: everything is erased.
    Gone,
}

impl View {
    /// The view that a snapshot shows; no messages are held yet.
    ///
    /// # Panics
    /// When the snapshot's position is not a cursor.
    pub fn new(snapshot: api::Snapshot) -> Self {
        let channels: BTreeMap<_, _> = snapshot.channels.into_iter().map(|c| (c.id, c)).collect();
        let own = snapshot.personal;
        Self {
            cursor: snapshot.as_of.parse().expect("the contract says that `as_of` is a cursor"),
            workspace: snapshot.workspace,
            me: snapshot.me,
            members: snapshot.members.into_iter().map(|m| (m.user.id, m)).collect(),
            joined: snapshot.joined_channel_ids.into_iter().collect(),
            reads: own.reads.into_iter().map(|read| (read.channel_id, read)).collect(),
            follows: own.follows.into_iter().map(|follow| (follow.root_id, follow)).collect(),
            messages: BTreeMap::new(),
            thread_held_from: BTreeMap::new(),
            held_from: channels.values().map(|c| (c.id, c.last_seq + 1)).collect(),
            channels,
            state: ViewState::Live,
        }
    }

    /// Takes in a stretch of history. It counts as held when it reaches up to what is held.
    pub fn load(&mut self, channel_id: ChannelId, page: &api::MessagePage) {
        if !self.channels.contains_key(&channel_id) {
            return;
        }
        for message in &page.messages {
            self.merge(message.clone());
        }
        if let (Some(first), Some(last)) = (page.messages.first(), page.messages.last()) {
            let (first, last) = (first.seq.unwrap_or(0), last.seq.unwrap_or(0));
            let from = self.held_from.entry(channel_id).or_insert(last + 1);
            if last + 1 >= *from {
                *from = first.min(*from);
            }
        }
    }

    /// Takes in a thread whose channel is seen. A stretch counts as held when it reaches up to what
    /// is held.
    pub fn load_thread(&mut self, page: &api::ThreadPage) {
        if !self.channels.contains_key(&page.root.channel_id) {
            return;
        }
        let root_id = page.root.id;
        self.merge(page.root.clone());
        for reply in &page.replies {
            self.merge(reply.clone());
        }
        let first = page.replies.first().and_then(|reply| reply.thread_seq).unwrap_or(1);
        let last = page.replies.last().and_then(|reply| reply.thread_seq).unwrap_or(0);
        let unheld = (page.root.channel_id, last + 1);
        let (_, from) = self.thread_held_from.entry(root_id).or_insert(unheld);
        if last + 1 >= *from {
            *from = first.min(*from);
        }
    }

    /// Keeps only the channels that a `subscribed` frame names.
    pub fn subscribed(&mut self, channel_ids: &[ChannelId]) {
        let seen: BTreeSet<_> = channel_ids.iter().copied().collect();
        let gone: Vec<_> = self.channels.keys().filter(|id| !seen.contains(id)).copied().collect();
        for channel_id in gone {
            self.erase(channel_id);
        }
    }

    /// Moves over events that one may not see.
    pub fn advance(&mut self, cursor: &Cursor) {
        if cursor.epoch == self.cursor.epoch && cursor.seq > self.cursor.seq {
            self.cursor = cursor.clone();
        }
    }

    /// Applies an event; one that was applied before changes nothing.
    ///
    /// # Panics
    /// When the event's position is not a cursor of this view's epoch.
    pub fn apply(&mut self, event: &api::Event) {
        let cursor: Cursor = event.cursor.parse().expect("the contract says it is a cursor");
        assert_eq!(cursor.epoch, self.cursor.epoch, "another epoch is a resync, not an event");
        if cursor.seq <= self.cursor.seq || self.state == ViewState::Gone {
            return;
        }
        match &event.body {
            EventBody::MessageCreated(payload) => self.created(cursor.seq, &payload.message),
            EventBody::MessageUpdated(payload)
            | EventBody::PinAdded(payload)
            | EventBody::PinRemoved(payload) => self.merge(payload.message.clone()),
            EventBody::MessageDeleted(payload) => {
                self.count(cursor.seq, &payload.message, -1);
                self.merge(payload.message.clone());
            }
            EventBody::ThreadReplyCreated(payload) => {
                self.created(cursor.seq, &payload.message);
                self.thread(&payload.thread);
            }
            EventBody::ThreadStateUpdated(payload) => self.thread(&payload.thread),
            EventBody::ReactionAdded(payload) => self.reaction(payload, cursor.seq, reactions::put),
            EventBody::ReactionRemoved(payload) => {
                self.reaction(payload, cursor.seq, reactions::take);
            }
            EventBody::ChannelCreated(payload)
            | EventBody::ChannelUpdated(payload)
            | EventBody::ChannelArchived(payload) => self.show(&payload.channel),
            EventBody::ChannelMemberAdded(payload) => {
                self.show(&payload.channel);
                if payload.user.id == self.me.user.id {
                    self.joined.insert(payload.channel.id);
                }
            }
            EventBody::ChannelMemberRemoved(payload) => self.left(payload),
            EventBody::MemberJoined(payload) | EventBody::MemberUpdated(payload) => {
                self.member(&payload.member);
            }
            EventBody::MemberRemoved(payload) => {
                self.members.remove(&payload.user_id);
                if payload.user_id == self.me.user.id {
                    self.state = ViewState::Gone;
                }
            }
            EventBody::WorkspaceUpdated(payload) => {
                if payload.workspace.version >= self.workspace.version {
                    self.workspace = payload.workspace.clone();
                }
            }
        }
        self.cursor = cursor;
    }

    fn created(&mut self, event_seq: i64, message: &api::Message) {
        let Some(channel) = self.channels.get_mut(&message.channel_id) else {
            return;
        };
        if let Some(seq) = message.seq {
            channel.last_seq = channel.last_seq.max(seq);
            self.held_from.entry(message.channel_id).or_insert(seq);
        }
        if let (Some(root_id), Some(seq)) = (message.thread_root_id, message.thread_seq) {
            self.thread_held_from.entry(root_id).or_insert((message.channel_id, seq));
        }
        self.count(event_seq, message, 1);
        self.merge(message.clone());
    }

    /// A reaction that came or went, on a message that is held and does not know of it yet.
    fn reaction(
        &mut self,
        payload: &api::ReactionPayload,
        seq: i64,
        change: fn(&mut api::ReactionSet, &api::ReactionPayload),
    ) {
        if let Some(message) = self.messages.get_mut(&payload.message_id) {
            reactions::apply(&mut message.reactions, payload, seq, change);
        }
    }

    /// The higher version wins: a late answer never undoes a newer edit. Reactions and thread have
    /// versions of their own.
    fn merge(&mut self, mut message: api::Message) {
        if !self.channels.contains_key(&message.channel_id) {
            return;
        }
        if let Some(held) = self.messages.remove(&message.id) {
            let (mut newer, mut older) =
                if held.version > message.version { (held, message) } else { (message, held) };
            if thread_version(&older) > thread_version(&newer) {
                newer.thread = older.thread.take();
            }
            newer.reactions = reactions::newer(newer.reactions.take(), older.reactions.take());
            message = newer;
        }
        self.name_people(&mut message);
        self.messages.insert(message.id, message);
    }

    fn thread(&mut self, thread: &api::ThreadSummary) {
        if let Some(root) = self.messages.get(&thread.root_id) {
            let root = api::Message { thread: Some(thread.clone()), ..root.clone() };
            self.merge(root);
        }
    }

    /// People's names are not the message's to tell: they change without it.
    fn name_people(&self, message: &mut api::Message) {
        let people = message.mentions.iter_mut().flat_map(|mentions| &mut mentions.people);
        let repliers = message.thread.iter_mut().flat_map(|thread| &mut thread.repliers);
        for user in people.chain(repliers).chain([&mut message.author]) {
            if let Some(member) = self.members.get(&user.id) {
                user.clone_from(&member.user);
            }
        }
    }

    fn show(&mut self, channel: &api::Channel) {
        let held = self.channels.get(&channel.id);
        let last_seq = held.map_or(channel.last_seq, |held| held.last_seq.max(channel.last_seq));
        if held.is_none_or(|held| channel.version >= held.version) {
            self.channels.insert(channel.id, api::Channel { last_seq, ..channel.clone() });
        } else if let Some(held) = self.channels.get_mut(&channel.id) {
            held.last_seq = last_seq;
        }
        self.held_from.entry(channel.id).or_insert(channel.last_seq + 1);
    }

    fn left(&mut self, payload: &api::ChannelMemberRemovedPayload) {
        if payload.user_id != self.me.user.id {
            return;
        }
        self.joined.remove(&payload.channel_id);
        self.forget_unread(payload.channel_id);
        let hidden = self.channels.get(&payload.channel_id).is_some_and(|channel| {
            channel.kind == ChannelKind::Private || self.me.role == Role::Guest
        });
        if hidden {
            self.erase(payload.channel_id);
        }
    }

    fn member(&mut self, member: &api::Member) {
        let newer = |held: &api::Member| member.version >= held.version;
        if self.members.get(&member.user.id).is_none_or(newer) {
            self.members.insert(member.user.id, member.clone());
            let mut messages = std::mem::take(&mut self.messages);
            for message in messages.values_mut() {
                self.name_people(message);
            }
            self.messages = messages;
        }
        if member.user.id == self.me.user.id && newer(&self.me) {
            if (member.role == Role::Guest) != (self.me.role == Role::Guest) {
                self.state = ViewState::Stale;
            }
            self.me = member.clone();
        }
    }

    fn erase(&mut self, channel_id: ChannelId) {
        self.channels.remove(&channel_id);
        self.joined.remove(&channel_id);
        self.reads.remove(&channel_id);
        self.follows.retain(|_, follow| follow.channel_id != channel_id);
        self.held_from.remove(&channel_id);
        self.thread_held_from.retain(|_, (of, _)| *of != channel_id);
        self.messages.retain(|_, message| message.channel_id != channel_id);
    }
}

fn thread_version(message: &api::Message) -> i64 {
    message.thread.as_ref().map_or(0, |thread| thread.version)
}
