//! Who is typing where in one workspace. Nothing here is ever stored.

use std::collections::HashMap;

use clickclack_chat::live::Audience;
use clickclack_protocol::api::TypingState;
use clickclack_protocol::ids::{ChannelId, MessageId, UserId};
use clickclack_protocol::time::Millis;

use crate::outgoing::Attachment;

/// Typing that is not repeated ends after this.
pub const EXPIRES_MS: Millis = 5_000;
/// A repetition is passed on when the last word is older than this; between them, others' own
/// five seconds do not run out.
pub const REPEAT_MS: Millis = 3_000;
/// After stopping, a person is not shown anew in the same place before this has passed since
/// they were last.
pub const PAUSE_MS: Millis = 1_000;
/// People shown as typing in one conversation at once; nobody reads more names.
pub const TYPISTS_PER_CONVERSATION: usize = 20;
/// Conversations in which one person is shown as typing at once; nobody has more hands.
pub const SPOTS_PER_PERSON: usize = 8;

/// A person's typing in one conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    /// Where.
    pub channel_id: ChannelId,
    /// In which of its threads; in the channel itself when absent. Whoever has another thread or
    /// none open there does not show it, so what is no thread of the channel is never shown.
    pub thread_root_id: Option<MessageId>,
    /// Who.
    pub user_id: UserId,
}

impl Spot {
    fn is_beside(&self, other: &Self) -> bool {
        (self.channel_id, self.thread_root_id) == (other.channel_id, other.thread_root_id)
    }
}

/// From where it was said: a subscription, or plain HTTP.
pub type Hand = Option<Attachment>;

/// Who is typing in a workspace.
#[derive(Debug, Default)]
pub struct Typing {
    typists: HashMap<Spot, Typist>,
}

#[derive(Debug)]
struct Typist {
    public: bool,
    /// Until when, by each hand.
    hands: Vec<(Hand, Millis)>,
    shown: bool,
    told_at: Millis,
}

/// Something to tell everybody who sees the channel, but not the person themself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Who and where.
    pub spot: Spot,
    /// Who may know.
    pub audience: Audience,
    /// What.
    pub state: TypingState,
}

impl Typing {
    /// Somebody types, or goes on.
    pub fn started(&mut self, spot: Spot, public: bool, hand: Hand, now: Millis) -> Option<Told> {
        if !self.typists.contains_key(&spot) && self.is_full(&spot) {
            return None;
        }
        let typist = self.typists.entry(spot).or_insert_with(|| Typist {
            public,
            hands: Vec::with_capacity(1),
            shown: false,
            told_at: now - PAUSE_MS,
        });
        typist.hands.retain(|(known, _)| *known != hand);
        typist.hands.push((hand, now + EXPIRES_MS));
        let wait = if typist.shown { REPEAT_MS } else { PAUSE_MS };
        if now - typist.told_at < wait {
            return None;
        }
        typist.shown = true;
        typist.told_at = now;
        Some(typist.told(spot, TypingState::Started))
    }

    fn is_full(&self, spot: &Spot) -> bool {
        let known = self.typists.keys();
        known.clone().filter(|known| known.is_beside(spot)).count() >= TYPISTS_PER_CONVERSATION
            || known.filter(|known| known.user_id == spot.user_id).count() >= SPOTS_PER_PERSON
    }

    /// Somebody stopped on one of their connections.
    pub fn stopped(&mut self, spot: Spot, hand: Hand) -> Option<Told> {
        let typist = self.typists.get_mut(&spot)?;
        typist.hands.retain(|(known, _)| *known != hand);
        typist.settle(spot)
    }

    /// Somebody sent their message.
    pub fn ceased(&mut self, spot: Spot) -> Option<Told> {
        let typist = self.typists.get_mut(&spot)?;
        typist.hands.clear();
        typist.settle(spot)
    }

    /// Somebody left a channel, and its threads with it.
    pub fn parted(&mut self, channel_id: ChannelId, user_id: UserId) -> Vec<Told> {
        self.settle_all(|spot, hands| {
            if (spot.channel_id, spot.user_id) == (channel_id, user_id) {
                hands.clear();
            }
        })
    }

    /// A subscription ended.
    pub fn disconnected(&mut self, attachment: Attachment) -> Vec<Told> {
        self.settle_all(|_, hands| hands.retain(|(known, _)| *known != Some(attachment)))
    }

    /// Somebody is no longer a member, or sees other channels now.
    pub fn left(&mut self, user_id: UserId) -> Vec<Told> {
        self.settle_all(|spot, hands| {
            if spot.user_id == user_id {
                hands.clear();
            }
        })
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Millis) -> Vec<Told> {
        let told = self.settle_all(|_, hands| hands.retain(|(_, until)| *until > now));
        self.typists
            .retain(|_, typist| !typist.hands.is_empty() || now - typist.told_at < PAUSE_MS);
        told
    }

    /// Whether nothing can come due.
    pub fn is_quiet(&self) -> bool {
        self.typists.is_empty()
    }

    fn settle_all(&mut self, mut change: impl FnMut(&Spot, &mut Vec<(Hand, Millis)>)) -> Vec<Told> {
        let each = self.typists.iter_mut().filter_map(|(spot, typist)| {
            change(spot, &mut typist.hands);
            typist.settle(*spot)
        });
        each.collect()
    }
}

impl Typist {
    fn told(&self, spot: Spot, state: TypingState) -> Told {
        let audience = Audience::Channel { id: spot.channel_id, public: self.public };
        Told { spot, audience, state }
    }

    /// Says that it is over when no hand is left.
    fn settle(&mut self, spot: Spot) -> Option<Told> {
        let over = self.shown && self.hands.is_empty();
        self.shown &= !over;
        over.then(|| self.told(spot, TypingState::Stopped))
    }
}
