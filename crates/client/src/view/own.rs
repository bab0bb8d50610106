//! What one keeps for oneself in a view: positions and follows as the server counted them, and
//! counted on with every event after the place at which it did.

use clickclack_protocol::api;
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{ChannelId, UserId};
use clickclack_protocol::limits;

use super::View;

impl View {
    /// Takes over the personal state of a `subscribed` frame or of `getMyState`.
    pub fn personal(&mut self, state: &api::PersonalState) {
        for read in &state.reads {
            self.read(read);
        }
        for follow in &state.follows {
            self.follow(follow);
        }
    }

    /// Takes over a `read.updated` frame.
    pub fn read(&mut self, read: &api::ReadState) {
        let newer = |held: &api::ReadState| {
            (read.version, place(&read.as_of)) >= (held.version, place(&held.as_of))
        };
        if self.reads.get(&read.channel_id).is_none_or(newer) {
            self.reads.insert(read.channel_id, read.clone());
        }
    }

    /// Takes over a `follow.updated` frame.
    pub fn follow(&mut self, follow: &api::ThreadFollow) {
        let newer = |held: &api::ThreadFollow| {
            (follow.version, place(&follow.as_of)) >= (held.version, place(&held.as_of))
        };
        if self.follows.get(&follow.root_id).is_none_or(newer) {
            self.follows.insert(follow.root_id, follow.clone());
        }
    }

    /// Counts a message that came, or one that went. Each is told once, and whom a message called
    /// never changes, so that what was counted can be counted back without holding the message.
    pub(super) fn count(&mut self, seq: i64, message: &api::Message, change: i64) {
        let me = self.me.user.id;
        if message.author.id == me {
            return;
        }
        let calls = calls(message, me);
        if let Some(place_in_channel) = message.seq
            && self.joined.contains(&message.channel_id)
            && let Some(read) = self.reads.get_mut(&message.channel_id)
            && seq > place(&read.as_of)
            && place_in_channel > read.read_seq
        {
            add(&mut read.unread, change);
            add(&mut read.mentions, if calls { change } else { 0 });
        }
        if let (Some(root_id), Some(place_in_thread)) = (message.thread_root_id, message.thread_seq)
            && let Some(follow) = self.follows.get_mut(&root_id)
            && follow.following
            && seq > place(&follow.as_of)
            && place_in_thread > follow.read_seq
        {
            add(&mut follow.unread, change);
            add(&mut follow.mentions, if calls { change } else { 0 });
        }
    }

    /// Nothing is unread in a channel that one is not in.
    pub(super) fn forget_unread(&mut self, channel_id: ChannelId) {
        if let Some(read) = self.reads.get_mut(&channel_id) {
            read.unread = 0;
            read.mentions = 0;
        }
    }
}

/// Whether a message called somebody, by name or with everyone.
fn calls(message: &api::Message, user_id: UserId) -> bool {
    let called = |mentions: &api::Mentions| {
        mentions.everyone.is_some() || mentions.called.contains(&user_id)
    };
    message.mentions.as_ref().is_some_and(called)
}

/// A count that is full says only that there are more: it stays so until the server counts anew.
fn add(count: &mut i64, change: i64) {
    if *count < limits::UNREAD_COUNT {
        *count = (*count + change).max(0);
    }
}

fn place(as_of: &str) -> i64 {
    let cursor: Cursor = as_of.parse().expect("the contract says that `as_of` is a cursor");
    cursor.seq
}
