//! The people connected to one workspace, their subscriptions and the channels they are in.

use std::collections::HashMap;

use clickclack_chat::live::{Audience, Visibility};
use clickclack_protocol::ids::{ChannelId, UserId};

use crate::crowd::Crowd;
use crate::outgoing::{Attachment, Delivery, Outgoing, Outlet};

/// Who is connected. Access is held once per person, however many sockets they have, as one bit
/// per channel, so that a private channel's event touches nobody who is not in it.
#[derive(Debug)]
pub(crate) struct People<O> {
    seats: Vec<Option<Person<O>>>,
    free: Vec<u32>,
    by_user: HashMap<UserId, u32>,
    crowds: HashMap<ChannelId, Crowd>,
}

#[derive(Debug)]
struct Person<O> {
    user_id: UserId,
    is_guest: bool,
    subscriptions: Vec<(Attachment, O)>,
}

impl<O> Default for People<O> {
    fn default() -> Self {
        Self {
            seats: Vec::new(),
            free: Vec::new(),
            by_user: HashMap::new(),
            crowds: HashMap::new(),
        }
    }
}

impl<O: Outlet> People<O> {
    pub(crate) fn len(&self) -> usize {
        self.by_user.len()
    }

    pub(crate) fn contains(&self, user_id: UserId) -> bool {
        self.by_user.contains_key(&user_id)
    }

    /// Adds a subscription. What the database said about the person replaces what was followed up
    /// since: both speak of the same place in the log, and the database is the better witness.
    pub(crate) fn enter(
        &mut self,
        user_id: UserId,
        visibility: &Visibility,
        attachment: Attachment,
        outlet: O,
    ) {
        let seat = self.seat(user_id);
        let person = self.seats[seat as usize].as_mut().expect("a seat given out is taken");
        person.is_guest = visibility.is_guest;
        person.subscriptions.push((attachment, outlet));
        if person.subscriptions.len() > 1 {
            self.crowds.retain(|channel_id, crowd| {
                if !visibility.joined.contains(channel_id) {
                    crowd.remove(seat);
                }
                !crowd.is_empty()
            });
        }
        for channel_id in &visibility.joined {
            self.crowds.entry(*channel_id).or_default().insert(seat);
        }
    }

    /// Drops one subscription of a person.
    pub(crate) fn leave(&mut self, user_id: UserId, attachment: Attachment) {
        let Some(&seat) = self.by_user.get(&user_id) else { return };
        let person = self.seats[seat as usize].as_mut().expect("a known person has a seat");
        person.subscriptions.retain(|(known, _)| *known != attachment);
        if person.subscriptions.is_empty() {
            self.vacate(seat);
        }
    }

    /// Drops a person with all their subscriptions and hands these back.
    pub(crate) fn expel(&mut self, user_id: UserId) -> Vec<(Attachment, O)> {
        self.by_user.get(&user_id).copied().map_or_else(Vec::new, |seat| self.vacate(seat))
    }

    /// Drops everybody.
    pub(crate) fn expel_all(&mut self) -> Vec<(Attachment, O)> {
        let everybody = std::mem::take(self);
        everybody.seats.into_iter().flatten().flat_map(|person| person.subscriptions).collect()
    }

    pub(crate) fn join(&mut self, user_id: UserId, channel_id: ChannelId) {
        if let Some(&seat) = self.by_user.get(&user_id) {
            self.crowds.entry(channel_id).or_default().insert(seat);
        }
    }

    pub(crate) fn part(&mut self, user_id: UserId, channel_id: ChannelId) {
        let Some(&seat) = self.by_user.get(&user_id) else { return };
        if let Some(crowd) = self.crowds.get_mut(&channel_id) {
            crowd.remove(seat);
            if crowd.is_empty() {
                self.crowds.remove(&channel_id);
            }
        }
    }

    /// Whether a connected person sees what has this audience.
    pub(crate) fn sees(&self, user_id: UserId, audience: Audience) -> bool {
        self.by_user.get(&user_id).is_some_and(|&seat| self.seat_sees(seat, audience))
    }

    /// Delivers to everybody in the audience and to `also`, but not to `except`. Readers that are
    /// too slow are dropped; nobody else notices.
    pub(crate) fn deliver(
        &mut self,
        audience: Audience,
        also: Option<UserId>,
        except: Option<UserId>,
        outgoing: impl Fn(Attachment) -> Outgoing,
    ) {
        let mut too_slow = Vec::new();
        let mut hand = |seat: u32| {
            let Some(person) = &self.seats[seat as usize] else { return };
            if except == Some(person.user_id) {
                return;
            }
            for (attachment, outlet) in &person.subscriptions {
                if outlet.deliver(outgoing(*attachment)) == Delivery::Full {
                    too_slow.push((person.user_id, *attachment));
                }
            }
        };
        match audience {
            Audience::Channel { id, public: false } => {
                if let Some(crowd) = self.crowds.get(&id) {
                    crowd.iter().for_each(&mut hand);
                }
            }
            Audience::Workspace | Audience::Channel { public: true, .. } => {
                let seats = 0..u32::try_from(self.seats.len()).expect("seats have u32 numbers");
                seats.filter(|seat| self.seat_sees(*seat, audience)).for_each(&mut hand);
            }
        }
        let also = also.and_then(|user_id| self.by_user.get(&user_id));
        if let Some(&seat) = also.filter(|seat| !self.seat_sees(**seat, audience)) {
            hand(seat);
        }
        for (user_id, attachment) in too_slow {
            self.leave(user_id, attachment);
        }
    }

    fn seat_sees(&self, seat: u32, audience: Audience) -> bool {
        let Some(person) = &self.seats[seat as usize] else { return false };
        match audience {
            Audience::Workspace => true,
            Audience::Channel { id, public } => {
                (public && !person.is_guest)
                    || self.crowds.get(&id).is_some_and(|crowd| crowd.contains(seat))
            }
        }
    }

    fn seat(&mut self, user_id: UserId) -> u32 {
        if let Some(&seat) = self.by_user.get(&user_id) {
            return seat;
        }
        let person = Person { user_id, is_guest: false, subscriptions: Vec::with_capacity(1) };
        let seat = if let Some(seat) = self.free.pop() {
            self.seats[seat as usize] = Some(person);
            seat
        } else {
            self.seats.push(Some(person));
            u32::try_from(self.seats.len() - 1).expect("fewer people than u32 has numbers")
        };
        self.by_user.insert(user_id, seat);
        seat
    }

    fn vacate(&mut self, seat: u32) -> Vec<(Attachment, O)> {
        let person = self.seats[seat as usize].take().expect("only a taken seat is vacated");
        self.by_user.remove(&person.user_id);
        self.free.push(seat);
        self.crowds.retain(|_, crowd| {
            crowd.remove(seat);
            !crowd.is_empty()
        });
        person.subscriptions
    }
}
