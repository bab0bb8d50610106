//! What waits for a session in its queue, and the names by which hub and session speak of one
//! subscription.

use crate::frame::Frame;

/// One live socket of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionKey(pub u64);

/// One subscription of a socket to a workspace. A socket that subscribes anew gets a new number,
/// so what was queued for the old subscription is told apart from what belongs to the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attachment {
    /// The socket.
    pub session: SessionKey,
    /// The subscription's number on that socket.
    pub number: u32,
}

/// Something on its way to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outgoing {
    /// An event of the log.
    Event {
        /// The subscription that it belongs to.
        attachment: Attachment,
        /// Its place in the log.
        seq: i64,
        /// The `event` frame.
        frame: Frame,
    },
    /// The hub has let go of the subscription; nothing of it follows.
    Ended {
        /// The subscription.
        attachment: Attachment,
        /// Why.
        ended: Ended,
    },
    /// Typing or presence: true for a moment, and shed when the reader is behind.
    Ephemeral {
        /// The subscription that it belongs to.
        attachment: Attachment,
        /// The frame.
        frame: Frame,
    },
    /// For the person, whatever they are subscribed to.
    Direct(Frame),
}

impl Outgoing {
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Event { frame, .. } | Self::Ephemeral { frame, .. } | Self::Direct(frame) => {
                frame.len()
            }
            Self::Ended { .. } => 0,
        }
    }
}

/// Why the hub let go of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The person is no longer a member.
    Removed,
    /// What the person sees changed wholesale.
    AccessChanged,
    /// The hub lost its place in the log.
    Lost,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It waits for the session, or was shed because it may be.
    Delivered,
    /// The queue is full: the reader is too slow, and nothing more is for it.
    Full,
}

/// Where a hub puts what a session shall get. Must not block.
pub trait Outlet {
    /// Queues something.
    fn deliver(&self, outgoing: Outgoing) -> Delivery;
}
