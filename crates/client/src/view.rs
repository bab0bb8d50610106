//! One person's view of one workspace, kept true by events: a snapshot reduced with what came
//! after it. Pure; the TypeScript SDK's `reduce` follows the same rules.

use std::collections::{BTreeMap, BTreeSet};

use clickclack_protocol::api::{self, ChannelKind, EventBody, Role};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{ChannelId, MessageId, UserId};

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
    /// How far one has read.
    pub reads: BTreeMap<ChannelId, i64>,
    /// The messages held, of all channels.
    pub messages: BTreeMap<MessageId, api::Message>,
    /// For each channel the sequence from which on every message is held.
    pub held_from: BTreeMap<ChannelId, i64>,
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
        Self {
            cursor: snapshot.as_of.parse().expect("the contract says that `as_of` is a cursor"),
            workspace: snapshot.workspace,
            me: snapshot.me,
            members: snapshot.members.into_iter().map(|m| (m.user.id, m)).collect(),
            joined: snapshot.joined_channel_ids.into_iter().collect(),
            reads: positions(&snapshot.personal),
            messages: BTreeMap::new(),
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

    /// Takes over the personal state of a `subscribed` frame or of `getMyState`.
    pub fn personal(&mut self, state: &api::PersonalState) {
        for (channel_id, read_seq) in positions(state) {
            self.read(channel_id, read_seq);
        }
    }

    /// Takes over a `read.updated` frame.
    pub fn reads(&mut self, read: &api::ReadState) {
        self.read(read.channel_id, read.read_seq);
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
            EventBody::MessageCreated(payload) => self.created(&payload.message),
            EventBody::MessageUpdated(payload)
            | EventBody::MessageDeleted(payload)
            | EventBody::PinAdded(payload)
            | EventBody::PinRemoved(payload) => self.merge(payload.message.clone()),
            EventBody::ThreadReplyCreated(payload) => self.created(&payload.message),
            EventBody::ThreadStateUpdated(_)
            | EventBody::ReactionAdded(_)
            | EventBody::ReactionRemoved(_) => {}
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

    fn created(&mut self, message: &api::Message) {
        let Some(channel) = self.channels.get_mut(&message.channel_id) else {
            return;
        };
        if let Some(seq) = message.seq {
            channel.last_seq = channel.last_seq.max(seq);
            self.held_from.entry(message.channel_id).or_insert(seq);
            if message.author.id == self.me.user.id {
                self.read(message.channel_id, seq);
            }
        }
        self.merge(message.clone());
    }

    /// The higher version wins: a late answer never undoes a newer edit. An author's name is not
    /// the message's to tell: it changes without it.
    fn merge(&mut self, mut message: api::Message) {
        if !self.channels.contains_key(&message.channel_id) {
            return;
        }
        if let Some(author) = self.members.get(&message.author.id) {
            message.author = author.user.clone();
        }
        match self.messages.get(&message.id) {
            Some(held) if held.version > message.version => {}
            _ => {
                self.messages.insert(message.id, message);
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
            for message in self.messages.values_mut() {
                if message.author.id == member.user.id {
                    message.author = member.user.clone();
                }
            }
        }
        if member.user.id == self.me.user.id && newer(&self.me) {
            if (member.role == Role::Guest) != (self.me.role == Role::Guest) {
                self.state = ViewState::Stale;
            }
            self.me = member.clone();
        }
    }

    fn read(&mut self, channel_id: ChannelId, seq: i64) {
        let position = self.reads.entry(channel_id).or_insert(0);
        *position = seq.max(*position);
    }

    fn erase(&mut self, channel_id: ChannelId) {
        self.channels.remove(&channel_id);
        self.joined.remove(&channel_id);
        self.reads.remove(&channel_id);
        self.held_from.remove(&channel_id);
        self.messages.retain(|_, message| message.channel_id != channel_id);
    }
}

fn positions(state: &api::PersonalState) -> BTreeMap<ChannelId, i64> {
    state.reads.iter().map(|read| (read.channel_id, read.read_seq)).collect()
}
