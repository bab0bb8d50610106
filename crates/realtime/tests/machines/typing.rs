//! Typing: shown for as long as it lasts, and not longer.

use clickclack_protocol::api::TypingState::{self, Started, Stopped};
use clickclack_realtime::outgoing::{Attachment, SessionKey};
use clickclack_realtime::typing::{
    EXPIRES_MS, Hand, PAUSE_MS, REPEAT_MS, SPOTS_PER_PERSON, Spot, TYPISTS_PER_CONVERSATION, Told,
    Typing,
};

use crate::names::{id, public};

const HTTP: Hand = None;
const TAB: Hand = Some(Attachment { session: SessionKey(1), number: 1 });
const OTHER_TAB: Hand = Some(Attachment { session: SessionKey(2), number: 1 });

fn spot() -> Spot {
    Spot { channel_id: id(10), thread_root_id: None, user_id: id(7) }
}

fn told(state: TypingState) -> Told {
    Told { spot: spot(), audience: public(10), state }
}

#[test]
fn typing_ends_five_seconds_after_the_last_word() {
    let mut typing = Typing::default();
    assert_eq!(typing.started(spot(), true, TAB, 0), Some(told(Started)));
    assert_eq!(typing.started(spot(), true, TAB, 2_000), None, "others know it");
    assert_eq!(typing.tick(EXPIRES_MS), []);
    assert_eq!(typing.tick(2_000 + EXPIRES_MS - 1), []);
    assert_eq!(typing.tick(2_000 + EXPIRES_MS), [told(Stopped)]);
    assert_eq!(typing.tick(3_000 + EXPIRES_MS), []);
    assert!(typing.is_quiet());
}

#[test]
fn a_repetition_is_passed_on_before_others_forget() {
    let mut typing = Typing::default();
    assert_eq!(typing.started(spot(), true, TAB, 0), Some(told(Started)));
    assert_eq!(typing.started(spot(), true, TAB, REPEAT_MS - 1), None);
    assert_eq!(typing.started(spot(), true, TAB, REPEAT_MS), Some(told(Started)));
}

#[test]
fn stopping_is_told_once_and_when_the_last_hand_rests() {
    let mut typing = Typing::default();
    assert_eq!(typing.stopped(spot(), TAB), None, "nobody was typing");
    typing.started(spot(), true, TAB, 0);
    typing.started(spot(), true, OTHER_TAB, 1);
    typing.started(spot(), true, HTTP, 2);
    assert_eq!(typing.stopped(spot(), TAB), None);
    assert_eq!(typing.disconnected(OTHER_TAB.unwrap()), []);
    assert_eq!(typing.stopped(spot(), HTTP), Some(told(Stopped)));
    assert_eq!(typing.stopped(spot(), HTTP), None);
}

#[test]
fn a_sent_message_and_a_lost_membership_end_it() {
    let mut typing = Typing::default();
    typing.started(spot(), true, TAB, 0);
    assert_eq!(typing.ceased(spot()), Some(told(Stopped)));
    assert_eq!(typing.ceased(spot()), None);
    typing.started(spot(), true, TAB, PAUSE_MS);
    assert_eq!(typing.left(id(8)), []);
    assert_eq!(typing.left(id(7)), [told(Stopped)]);
}

#[test]
fn the_last_connection_to_close_ends_it() {
    let mut typing = Typing::default();
    typing.started(spot(), true, TAB, 0);
    assert_eq!(typing.disconnected(TAB.unwrap()), [told(Stopped)]);
}

#[test]
fn flapping_is_slowed_down() {
    let mut typing = Typing::default();
    let mut told = 0;
    for now in 0..PAUSE_MS {
        told += usize::from(typing.started(spot(), true, TAB, now).is_some());
        told += usize::from(typing.stopped(spot(), TAB).is_some());
        told += typing.tick(now).len();
    }
    assert_eq!(told, 2, "one start and one stop a second");
    assert!(typing.started(spot(), true, TAB, PAUSE_MS).is_some());
}

#[test]
fn only_so_many_names_are_shown() {
    let mut typing = Typing::default();
    let shown = (0..100).filter(|user| {
        let spot = Spot { channel_id: id(10), thread_root_id: None, user_id: id(*user) };
        typing.started(spot, true, TAB, 0).is_some()
    });
    assert_eq!(shown.count(), TYPISTS_PER_CONVERSATION);
    let elsewhere = Spot { channel_id: id(11), thread_root_id: None, user_id: id(50) };
    assert!(typing.started(elsewhere, true, TAB, 0).is_some());
}

#[test]
fn a_thread_is_a_place_of_its_own() {
    let mut typing = Typing::default();
    let thread = Spot { thread_root_id: Some(id(30)), ..spot() };
    assert_eq!(typing.started(spot(), true, TAB, 0), Some(told(Started)));
    let in_thread = |state| Told { spot: thread, ..told(state) };
    assert_eq!(typing.started(thread, true, TAB, 0), Some(in_thread(Started)));
    assert_eq!(typing.ceased(thread), Some(in_thread(Stopped)), "the channel goes on");
    typing.started(thread, true, TAB, PAUSE_MS);
    assert_eq!(typing.parted(id(11), id(7)), []);
    let mut over = typing.parted(id(10), id(7));
    over.sort_by_key(|told| told.spot.thread_root_id);
    assert_eq!(over, [told(Stopped), in_thread(Stopped)]);
}

#[test]
fn one_person_types_in_few_places_at_once() {
    let mut typing = Typing::default();
    let shown = (0..100).filter(|root| {
        let spot = Spot { thread_root_id: Some(id(*root)), ..spot() };
        typing.started(spot, true, TAB, 0).is_some()
    });
    assert_eq!(shown.count(), SPOTS_PER_PERSON);
    assert_eq!(typing.tick(EXPIRES_MS).len(), SPOTS_PER_PERSON);
    assert!(typing.is_quiet());
}
