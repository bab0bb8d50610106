//! Ids, events and people of the tests.

use std::collections::HashSet;

use clickclack_chat::live::{AccessChange, Audience, LiveEvent, Visibility};
use clickclack_protocol::api::{self, EventBody};
use clickclack_protocol::ids::{
    ChannelId, DeviceId, EventId, Id, MessageId, SessionId, UserId, WorkspaceId,
};
use clickclack_realtime::Identity;
use ulid::Ulid;

pub(crate) const EPOCH: &str = "e1";

pub(crate) fn id<T: Id>(number: u64) -> T {
    T::from_ulid(Ulid(u128::from(number) + 1))
}

pub(crate) fn workspace() -> WorkspaceId {
    id(1)
}

pub(crate) fn identity(user: u64, session: u64) -> Identity {
    Identity {
        user_id: id(user),
        session_id: id::<SessionId>(session),
        device_id: id::<DeviceId>(session),
        expires_at: i64::MAX,
    }
}

pub(crate) fn cursor(seq: i64) -> String {
    format!("{EPOCH}-{seq}")
}

pub(crate) fn public(channel: u64) -> Audience {
    Audience::Channel { id: id(channel), public: true }
}

pub(crate) fn private(channel: u64) -> Audience {
    Audience::Channel { id: id(channel), public: false }
}

pub(crate) fn visibility(channels: &[u64]) -> Visibility {
    Visibility { is_guest: false, joined: channels.iter().map(|n| id(*n)).collect::<HashSet<_>>() }
}

/// An event with nothing to it but its place, audience and change.
pub(crate) fn event(seq: i64, audience: Audience, change: Option<AccessChange>) -> LiveEvent {
    let body = EventBody::MemberRemoved(api::MemberRemovedPayload { user_id: id(999) });
    with_body(seq, audience, change, body)
}

/// The state of somebody who keeps nothing for themselves yet.
pub(crate) fn nothing_personal() -> api::PersonalState {
    api::PersonalState {
        version: 0,
        reads: Vec::new(),
        follows: Vec::new(),
        follows_complete: true,
        saved: Vec::new(),
        drafts: Vec::new(),
        channel_preferences: Vec::new(),
        sidebar: api::Sidebar { sections: Vec::new(), version: 0 },
    }
}

pub(crate) fn message(seq: i64, channel: u64, author: u64) -> LiveEvent {
    let author = api::User {
        id: id::<UserId>(author),
        name: "Ana".to_owned(),
        kind: api::UserKind::Human,
        deactivated: false,
    };
    let message = api::Message {
        id: id::<MessageId>(u64::try_from(seq).unwrap()),
        workspace_id: workspace(),
        channel_id: id::<ChannelId>(channel),
        seq: Some(seq),
        author,
        body: "hello".to_owned(),
        nonce: "nonce-0001".to_owned(),
        revision: 1,
        edited_at: None,
        deleted_at: None,
        created_at: "2026-11-20T09:46:00.000Z".to_owned(),
        version: seq,
        thread_root_id: None,
        thread_seq: None,
        quote_of: None,
        mentions: None,
        pin: None,
        reactions: None,
        thread: None,
    };
    with_body(
        seq,
        public(channel),
        None,
        EventBody::MessageCreated(api::MessagePayload { message }),
    )
}

fn with_body(
    seq: i64,
    audience: Audience,
    change: Option<AccessChange>,
    body: EventBody,
) -> LiveEvent {
    let event = api::Event {
        id: id::<EventId>(u64::try_from(seq).unwrap()),
        cursor: cursor(seq),
        workspace_id: workspace(),
        channel_id: None,
        seq: None,
        created_at: "2026-11-20T09:46:00.000Z".to_owned(),
        body,
    };
    LiveEvent { workspace_id: workspace(), seq, event, audience, change }
}

/// Place in the log of an event on the wire.
pub(crate) fn seq_of(cursor: &str) -> i64 {
    cursor.strip_prefix("e1-").expect("a cursor of this epoch").parse().unwrap()
}
