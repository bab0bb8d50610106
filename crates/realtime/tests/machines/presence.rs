//! Presence, counted by connections.

use clickclack_protocol::api::Presence::{Away, Offline, Online};
use clickclack_protocol::api::PresenceOf;
use clickclack_protocol::ids::UserId;
use clickclack_realtime::outgoing::SessionKey;
use clickclack_realtime::presence::{Change, GRACE_MS, IDLE_AFTER_MS, Presence, TOLD_PEOPLE};

use crate::names::{id, workspace};

const TAB: [SessionKey; 3] = [SessionKey(1), SessionKey(2), SessionKey(3)];

fn ana() -> UserId {
    id(7)
}

fn change(presence: clickclack_protocol::api::Presence) -> Change {
    Change { user_id: ana(), presence, workspaces: vec![workspace()] }
}

/// Ana with some tabs open, following the workspace.
fn ana_with_tabs(tabs: usize) -> Presence {
    let mut presence = Presence::default();
    for tab in &TAB[..tabs] {
        presence.connected(ana(), *tab, 0);
    }
    assert_eq!(presence.follows(ana(), workspace()), Some(change(Online)));
    presence
}

#[test]
fn of_three_tabs_two_may_close() {
    let mut presence = ana_with_tabs(3);
    assert_eq!(presence.disconnected(ana(), TAB[0], 10), None);
    assert_eq!(presence.disconnected(ana(), TAB[1], 11), None);
    assert_eq!(presence.tick(11 + GRACE_MS), []);
    assert_eq!(presence.of(ana()), Online);
    assert_eq!(presence.disconnected(ana(), TAB[2], 20_000), None, "not before the grace is over");
    assert_eq!(presence.tick(20_000 + GRACE_MS - 1), []);
    assert_eq!(presence.tick(20_000 + GRACE_MS), [change(Offline)]);
    assert_eq!(presence.of_workspace(workspace()), []);
    assert_eq!(presence.people(), 0, "nothing is left behind");
}

#[test]
fn a_reload_does_not_flicker() {
    let mut presence = ana_with_tabs(1);
    assert_eq!(presence.disconnected(ana(), TAB[0], 100), None);
    assert_eq!(presence.connected(ana(), TAB[1], 100 + GRACE_MS - 1), None);
    assert_eq!(presence.tick(100 + GRACE_MS), []);
    assert_eq!(presence.follows(ana(), workspace()), None, "told already");
    assert_eq!(presence.of(ana()), Online);
}

#[test]
fn away_when_every_connection_is_idle() {
    let mut presence = ana_with_tabs(2);
    assert_eq!(presence.idle(ana(), TAB[0], 10), None);
    assert_eq!(presence.idle(ana(), TAB[1], 11), Some(change(Away)));
    assert_eq!(presence.active(ana(), TAB[0], 12), Some(change(Online)));
    assert_eq!(presence.disconnected(ana(), TAB[0], 13), Some(change(Away)));
}

#[test]
fn silence_is_idle_after_ten_minutes() {
    let mut presence = ana_with_tabs(1);
    assert_eq!(presence.active(ana(), TAB[0], 60_000), None);
    assert_eq!(presence.tick(IDLE_AFTER_MS), [], "she was active since");
    assert_eq!(presence.tick(60_000 + IDLE_AFTER_MS - 1), []);
    assert_eq!(presence.tick(60_000 + IDLE_AFTER_MS), [change(Away)]);
    let shown = PresenceOf { user_id: ana(), presence: Away };
    assert_eq!(presence.of_workspace(workspace()), [shown]);
}

#[test]
fn who_goes_away_and_closes_is_offline_after_the_grace() {
    let mut presence = ana_with_tabs(1);
    presence.idle(ana(), TAB[0], 0);
    assert_eq!(presence.disconnected(ana(), TAB[0], 5), None);
    assert_eq!(presence.of(ana()), Away, "what was shown stays for the grace");
    assert_eq!(presence.tick(5 + GRACE_MS), [change(Offline)]);
}

#[test]
fn a_removed_member_is_shown_there_no_longer() {
    let mut presence = ana_with_tabs(1);
    presence.removed(ana(), workspace());
    assert_eq!(presence.of_workspace(workspace()), []);
    let told = presence.idle(ana(), TAB[0], 1).expect("her presence changes all the same");
    assert_eq!(told.workspaces, [], "but nobody there hears of it");
}

#[test]
fn in_a_crowd_nobody_is_listed() {
    let mut presence = Presence::default();
    for (shown, number) in (0..=TOLD_PEOPLE).zip(0_u64..) {
        assert_eq!(presence.of_workspace(workspace()).len(), shown);
        presence.connected(id(number), SessionKey(number), 0);
        presence.follows(id(number), workspace());
    }
    assert_eq!(presence.of_workspace(workspace()), []);
}
