//! How a session comes to follow a workspace: read it, replay, enter its hub; and how it ends.

use std::collections::VecDeque;

use clickclack_protocol::api::{
    self, Presence, PresenceOf, ProblemCode, ResyncReason, ServerFrame,
};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::WorkspaceId;
use clickclack_protocol::limits;
use clickclack_protocol::time::Millis;

use super::{Command, Output, Session, Stage, Subscription, cursor};
use crate::frame::Frame;
use crate::hub::Attached;
use crate::outgoing::{Attachment, Ended};
use crate::reader::{Loaded, SubscriptionSnapshot, Unavailable};

impl Session {
    /// A workspace was read. `presence` says who is there.
    pub fn loaded(
        &mut self,
        number: u32,
        loaded: Result<Loaded, Unavailable>,
        presence: impl FnOnce() -> Vec<PresenceOf>,
    ) {
        // A subscription that was given up meanwhile leaves its turn to the next.
        let Some(place) = self.place(number) else { return self.load_next() };
        let workspace_id = self.subscriptions[place].workspace_id;
        match loaded {
            Ok(Loaded::Here(snapshot)) => return self.greet(place, *snapshot, presence),
            Ok(Loaded::Resync(reason)) => self.resync(workspace_id, reason),
            Ok(Loaded::NotFound) => {
                let named = Some(workspace_id.to_string());
                self.refuse(ProblemCode::NotFound, "no such workspace", named);
            }
            Err(Unavailable) => {
                let named = Some(workspace_id.to_string());
                self.refuse(ProblemCode::Unavailable, "try again", named);
            }
        }
        self.drop_subscription(place);
        self.load_next();
    }

    /// The hub answered. `presence` says who is there now: between `subscribed` and the hub,
    /// changes passed this session by.
    pub fn attached(
        &mut self,
        number: u32,
        attached: Attached,
        presence: impl FnOnce() -> Vec<PresenceOf>,
    ) {
        let Some(place) = self.place(number) else { return self.load_next() };
        let subscription = &mut self.subscriptions[place];
        match attached {
            Attached::Here { tail, ended } => {
                subscription.stage = Stage::Live;
                for (seq, frame) in tail {
                    subscription.sent = seq;
                    self.outputs.push_back(Output::Send(frame));
                }
                match ended {
                    Some(ended) => self.end(place, ended),
                    None => self.correct_presence(&presence()),
                }
                self.load_next();
            }
            Attached::Behind => {
                let after = Cursor { epoch: self.epoch.to_string(), seq: subscription.sent };
                let workspace_id = subscription.workspace_id;
                self.order(Command::Load { number, workspace_id, after: Some(after) });
            }
        }
    }

    pub(super) fn subscribe(&mut self, frame: &api::SubscribeFrame, now: Millis) {
        let workspace_id = frame.workspace_id;
        let named = Some(workspace_id.to_string());
        let after = match frame.after_cursor.as_deref().map(str::parse::<Cursor>) {
            Some(Ok(cursor)) => Some(cursor),
            None => None,
            Some(Err(_)) => {
                return self.reject(ProblemCode::InvalidRequest, "not a cursor", named, now);
            }
        };
        self.unsubscribe(workspace_id);
        if self.subscriptions.len() >= limits::SUBSCRIPTIONS_PER_SOCKET {
            return self.reject(ProblemCode::LimitReached, "too many subscriptions", named, now);
        }
        self.numbers += 1;
        let number = self.numbers;
        let stage = Stage::Opening { after: after.as_ref().map(|cursor| cursor.seq) };
        self.subscriptions.push(Subscription { workspace_id, number, stage, sent: 0 });
        self.waiting.push_back((number, after));
        if !self.busy {
            self.load_next();
        }
    }

    pub(super) fn unsubscribe(&mut self, workspace_id: WorkspaceId) {
        let place = self.subscriptions.iter().position(|known| known.workspace_id == workspace_id);
        if let Some(place) = place {
            self.drop_subscription(place);
        }
    }

    /// The subscription that a delivery of the hub is for, unless it was given up meanwhile.
    pub(super) fn subscription(&self, attachment: Attachment) -> Option<usize> {
        self.place(attachment.number).filter(|_| attachment.session == self.key)
    }

    /// The hub let go of a subscription.
    pub(super) fn end(&mut self, place: usize, ended: Ended) {
        let workspace_id = self.subscriptions[place].workspace_id;
        match ended {
            // The event that says so was the last that concerned the person.
            Ended::Removed => {}
            Ended::AccessChanged => self.resync(workspace_id, ResyncReason::AccessChanged),
            Ended::Lost => self.resync(workspace_id, ResyncReason::UnknownCursor),
        }
        self.drop_subscription(place);
    }

    /// `subscribed`, the replay, `caught_up`; then into the hub.
    fn greet(
        &mut self,
        place: usize,
        snapshot: SubscriptionSnapshot,
        presence: impl FnOnce() -> Vec<PresenceOf>,
    ) {
        let as_of = snapshot.as_of_seq;
        let Subscription { workspace_id, number, stage, .. } = self.subscriptions[place];
        let replay: Vec<_> =
            snapshot.replay.iter().map(|event| Output::Send(Frame::event(&event.event))).collect();
        if let Stage::Opening { after } = stage {
            self.greeted_with = presence();
            self.send(&ServerFrame::Subscribed(api::SubscribedFrame {
                workspace_id,
                cursor: cursor(&self.epoch, after.unwrap_or(as_of)),
                channel_ids: snapshot.channels.iter().map(|channel| channel.id).collect(),
                personal: snapshot.personal,
                presence: self.greeted_with.clone(),
            }));
            self.outputs.extend(replay);
            self.send(&ServerFrame::CaughtUp(api::CaughtUpFrame {
                workspace_id,
                cursor: cursor(&self.epoch, as_of),
            }));
        } else {
            // The hub had moved on since the first reading: this is more of what is live by now.
            self.outputs.extend(replay);
        }
        let subscription = &mut self.subscriptions[place];
        subscription.stage = Stage::Greeted;
        subscription.sent = as_of;
        let visibility = snapshot.visibility;
        self.order(Command::Attach { number, workspace_id, as_of, visibility });
    }

    /// Tells what of the presence in `subscribed` is no longer so. Both lists are in the order of
    /// the people's ids.
    fn correct_presence(&mut self, now: &[PresenceOf]) {
        let before = std::mem::take(&mut self.greeted_with);
        let of = |list: &[PresenceOf], user_id| {
            let place = list.binary_search_by_key(&user_id, |known| known.user_id);
            place.map_or(Presence::Offline, |place| list[place].presence)
        };
        let gone = before.iter().filter(|old| of(now, old.user_id) == Presence::Offline);
        let gone = gone.map(|old| (old.user_id, Presence::Offline));
        let changed = now.iter().filter(|new| of(&before, new.user_id) != new.presence);
        for (user_id, presence) in gone.chain(changed.map(|new| (new.user_id, new.presence))) {
            self.send(&ServerFrame::Presence(api::PresenceFrame { user_id, presence }));
        }
    }

    fn resync(&mut self, workspace_id: WorkspaceId, reason: ResyncReason) {
        self.send(&ServerFrame::ResyncRequired(api::ResyncRequiredFrame { workspace_id, reason }));
    }

    fn drop_subscription(&mut self, place: usize) {
        let Subscription { workspace_id, number, .. } = self.subscriptions.swap_remove(place);
        self.waiting.retain(|(waiting, _)| *waiting != number);
        self.order(Command::Detach { number, workspace_id });
    }

    /// One workspace is read at a time, so that a client with a hundred of them does not make the
    /// server hold a hundred replays.
    fn load_next(&mut self) {
        let next = self.waiting.pop_front();
        self.busy = next.is_some();
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
        if let Some((number, after)) = next {
            let place = self.place(number).expect("what waits to be read is subscribed");
            let workspace_id = self.subscriptions[place].workspace_id;
            self.order(Command::Load { number, workspace_id, after });
        }
    }

    fn place(&self, number: u32) -> Option<usize> {
        self.subscriptions.iter().position(|known| known.number == number)
    }
}
