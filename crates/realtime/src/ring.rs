//! The newest events of a workspace, for those who read the database a moment ago.

use std::collections::VecDeque;

use clickclack_chat::live::{AccessChange, Audience, LiveEvent};
use clickclack_protocol::ids::UserId;

use crate::frame::Frame;

/// An event as a hub needs it: its bytes and who gets them.
#[derive(Debug, Clone)]
pub struct Ready {
    /// Place in the log.
    pub seq: i64,
    /// Who may see it.
    pub audience: Audience,
    /// What it changes about somebody's access.
    pub change: Option<AccessChange>,
    /// The `event` frame, written once for everybody.
    pub frame: Frame,
}

impl Ready {
    /// Writes a committed event's frame.
    pub fn new(event: &LiveEvent) -> Self {
        Self {
            seq: event.seq,
            audience: event.audience,
            change: event.change,
            frame: Frame::event(&event.event),
        }
    }

    /// The person whose own access it changes; that person hears it whatever they see otherwise.
    pub fn concerns(&self) -> Option<UserId> {
        self.change.map(|change| match change {
            AccessChange::Joined { user_id, .. }
            | AccessChange::Left { user_id, .. }
            | AccessChange::Guest { user_id, .. }
            | AccessChange::Removed { user_id } => user_id,
        })
    }
}

/// How much a hub keeps.
#[derive(Debug, Clone, Copy)]
pub struct RingLimits {
    /// Events.
    pub events: usize,
    /// Bytes of frames.
    pub bytes: usize,
}

/// A dense run of events that ends with the newest.
#[derive(Debug)]
pub(crate) struct Ring {
    events: VecDeque<Ready>,
    bytes: usize,
    limits: RingLimits,
}

impl Ring {
    pub(crate) fn new(limits: RingLimits) -> Self {
        Self { events: VecDeque::new(), bytes: 0, limits }
    }

    pub(crate) fn push(&mut self, event: Ready) {
        self.bytes += event.frame.len();
        self.events.push_back(event);
        while self.events.len() > self.limits.events || self.bytes > self.limits.bytes {
            let Some(oldest) = self.events.pop_front() else { break };
            self.bytes -= oldest.frame.len();
        }
    }

    /// Everything after a place in the log; `None` when the run does not reach back to it.
    pub(crate) fn after(&self, seq: i64) -> Option<impl Iterator<Item = &Ready>> {
        let first = self.events.front()?.seq;
        let skipped = usize::try_from(seq + 1 - first).ok()?;
        Some(self.events.iter().skip(skipped))
    }

    pub(crate) fn clear(&mut self) {
        self.events.clear();
        self.bytes = 0;
    }
}
