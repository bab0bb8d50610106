//! One workspace's fan-out: takes committed events in order and hands each to those who may see
//! it. No I/O, no clock.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use clickclack_chat::live::{AccessChange, Audience, Visibility};
use clickclack_protocol::ids::UserId;

use crate::frame::Frame;
use crate::outgoing::{Attachment, Ended, Outgoing, Outlet};
use crate::people::People;
use crate::ring::Ring;
pub use crate::ring::{Ready, RingLimits};

/// What a hub keeps for those who read the database a moment ago.
pub const RING: RingLimits = RingLimits { events: 4_096, bytes: 4 * 1024 * 1024 };

/// Events that may wait for an earlier one; of more, the newest are read from the log again.
const PENDING_EVENTS: usize = 4_096;

/// A workspace's fan-out.
///
/// Its place in the log is that of the first subscriber's reading of the database; from there it
/// moves by exactly one event at a time.
#[derive(Debug)]
pub struct Hub<O> {
    last: Option<i64>,
    /// The newest event known to exist, delivered or not.
    heard: i64,
    ring: Ring,
    pending: BTreeMap<i64, Ready>,
    people: People<O>,
    /// Subscribers who read the database ahead of this hub; each enters when the hub is there.
    early: Vec<Subscriber<O>>,
}

/// Somebody who wants to follow the workspace.
#[derive(Debug)]
pub struct Subscriber<O> {
    /// The subscription's name.
    pub attachment: Attachment,
    /// The person.
    pub user_id: UserId,
    /// Place in the log at which the database was read.
    pub as_of: i64,
    /// What the person could see there.
    pub visibility: Visibility,
    /// Where to put what they shall get.
    pub outlet: O,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It was the next one and is delivered, and with it all that had waited for it.
    Delivered,
    /// It had been delivered.
    Duplicate,
    /// It waits for earlier ones: see [`Hub::missing`].
    Waiting,
}

/// What became of a subscriber.
#[derive(Debug, PartialEq, Eq)]
pub enum Attached {
    /// They follow from here.
    Here {
        /// The events since their reading that they could see, oldest first.
        tail: Vec<(i64, Frame)>,
        /// They lost their access in between, after the tail: they do not follow.
        ended: Option<Ended>,
    },
    /// Their reading is older than what the hub remembers: read again.
    Behind,
}

impl<O: Outlet> Hub<O> {
    /// A hub without a place in the log.
    pub fn new(limits: RingLimits) -> Self {
        Self {
            last: None,
            heard: 0,
            ring: Ring::new(limits),
            pending: BTreeMap::new(),
            people: People::default(),
            early: Vec::new(),
        }
    }

    /// Place in the log of the last event delivered.
    pub fn last_seq(&self) -> Option<i64> {
        self.last
    }

    /// People with at least one subscription.
    pub fn people(&self) -> usize {
        self.people.len()
    }

    /// Whether the person has a subscription, or one that enters when the hub is where they read.
    pub fn has(&self, user_id: UserId) -> bool {
        self.people.contains(user_id) || self.early.iter().any(|early| early.user_id == user_id)
    }

    /// Whether a subscribed person sees what has this audience.
    pub fn sees(&self, user_id: UserId, audience: Audience) -> bool {
        self.people.sees(user_id, audience)
    }

    /// The next stretch of the log that must be read before anything more is delivered.
    pub fn missing(&self) -> Option<RangeInclusive<i64>> {
        let next = self.last? + 1;
        let ahead = self.early.iter().map(|early| early.as_of).max().unwrap_or(0);
        let until = match self.pending.first_key_value() {
            Some((waiting, _)) => waiting - 1,
            None => self.heard.max(ahead),
        };
        (next <= until).then_some(next..=until)
    }

    /// Takes a committed event, from the writer or from the log.
    pub fn accept(&mut self, event: Ready) -> Accepted {
        self.heard = self.heard.max(event.seq);
        match self.last {
            Some(last) if event.seq <= last => Accepted::Duplicate,
            Some(last) if event.seq == last + 1 => {
                self.deliver(event);
                self.advance();
                Accepted::Delivered
            }
            _ => {
                self.pending.insert(event.seq, event);
                if self.pending.len() > PENDING_EVENTS {
                    self.pending.pop_last();
                }
                Accepted::Waiting
            }
        }
    }

    /// Takes a subscriber in.
    pub fn attach(&mut self, mut subscriber: Subscriber<O>) -> Attached {
        let as_of = subscriber.as_of;
        let last = *self.last.get_or_insert(as_of);
        let mut tail = Vec::new();
        if as_of > last {
            // What follows their reading reaches them through the outlet, in its time.
            self.early.push(subscriber);
            return Attached::Here { tail, ended: None };
        }
        if as_of < last {
            let Some(since) = self.ring.after(as_of) else { return Attached::Behind };
            for event in since {
                let (sees, ended) = witness(&mut subscriber.visibility, subscriber.user_id, event);
                if sees {
                    tail.push((event.seq, event.frame.clone()));
                }
                if ended.is_some() {
                    return Attached::Here { tail, ended };
                }
            }
        }
        self.enter(subscriber);
        // The first subscriber gives the hub its place, and events may have waited for that.
        self.advance();
        Attached::Here { tail, ended: None }
    }

    /// Lets a subscription go. Unknown ones are no mistake: the hub may have dropped it first.
    pub fn detach(&mut self, user_id: UserId, attachment: Attachment) {
        self.early.retain(|early| early.attachment != attachment);
        self.people.leave(user_id, attachment);
    }

    /// Tells something that stands in no log.
    pub fn tell(&mut self, audience: Audience, except: Option<UserId>, frame: &Frame) {
        self.people.deliver(audience, None, except, |attachment| Outgoing::Ephemeral {
            attachment,
            frame: frame.clone(),
        });
    }

    /// Gives up: the log does not continue where this hub stands. Everybody must start anew, and
    /// the next subscriber gives the hub a new place.
    pub fn lose(&mut self) {
        let early = std::mem::take(&mut self.early);
        let early = early.into_iter().map(|early| (early.attachment, early.outlet));
        end(early.chain(self.people.expel_all()), Ended::Lost);
        self.last = None;
        self.heard = 0;
        self.ring.clear();
        self.pending.clear();
    }

    fn enter(&mut self, subscriber: Subscriber<O>) {
        let Subscriber { attachment, user_id, visibility, outlet, .. } = subscriber;
        self.people.enter(user_id, &visibility, attachment, outlet);
    }

    fn advance(&mut self) {
        while let Some(entry) = self.pending.first_entry() {
            let last = self.last.expect("only a hub with a place advances");
            if *entry.key() > last + 1 {
                break;
            }
            let event = entry.remove();
            if event.seq > last {
                self.deliver(event);
            }
        }
    }

    fn deliver(&mut self, event: Ready) {
        if let Some(AccessChange::Joined { channel_id, user_id }) = event.change {
            self.people.join(user_id, channel_id);
        }
        self.people.deliver(event.audience, event.concerns(), None, |attachment| Outgoing::Event {
            attachment,
            seq: event.seq,
            frame: event.frame.clone(),
        });
        match event.change {
            Some(AccessChange::Left { channel_id, user_id }) => {
                self.people.part(user_id, channel_id);
            }
            Some(AccessChange::Guest { user_id, .. }) => {
                end(self.people.expel(user_id), Ended::AccessChanged);
            }
            Some(AccessChange::Removed { user_id }) => {
                end(self.people.expel(user_id), Ended::Removed);
            }
            Some(AccessChange::Joined { .. }) | None => {}
        }
        self.last = Some(event.seq);
        let arrived = self.early.extract_if(.., |early| early.as_of == event.seq);
        for Subscriber { attachment, user_id, visibility, outlet, .. } in arrived {
            self.people.enter(user_id, &visibility, attachment, outlet);
        }
        self.ring.push(event);
    }
}

/// What one event means to one person: whether they see it, and whether they follow on.
fn witness(visibility: &mut Visibility, user_id: UserId, event: &Ready) -> (bool, Option<Ended>) {
    let own = event.concerns() == Some(user_id);
    let change = event.change.filter(|_| own);
    if let Some(AccessChange::Joined { channel_id, .. }) = change {
        visibility.joined.insert(channel_id);
    }
    let sees = own || visibility.sees(event.audience);
    let ended = match change {
        Some(AccessChange::Left { channel_id, .. }) => {
            visibility.joined.remove(&channel_id);
            None
        }
        Some(AccessChange::Guest { .. }) => Some(Ended::AccessChanged),
        Some(AccessChange::Removed { .. }) => Some(Ended::Removed),
        Some(AccessChange::Joined { .. }) | None => None,
    };
    (sees, ended)
}

fn end<O: Outlet>(subscriptions: impl IntoIterator<Item = (Attachment, O)>, ended: Ended) {
    for (attachment, outlet) in subscriptions {
        // A queue that is full closes its session anyway.
        let _ = outlet.deliver(Outgoing::Ended { attachment, ended });
    }
}
