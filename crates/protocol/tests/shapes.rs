//! The generated shapes, held against JSON as it stands on the wire.

use clickclack_protocol::api::{
    ClientFrame, Event, EventBody, ServerFrame, SubscribeFrame, UpdateChannel,
};
use serde_json::{Value, json};

const WORKSPACE: &str = "wsp_01KAEXW3V9Y4Q2J8K7M6N5P4R3";
const USER: &str = "usr_01KAEXW3V9Y4Q2J8K7M6N5P4R3";

fn member_removed() -> Value {
    json!({
        "id": "evt_01KAEXW3V9Y4Q2J8K7M6N5P4R3",
        "cursor": "k3f9-120",
        "workspace_id": WORKSPACE,
        "created_at": "2026-11-20T09:46:00.000Z",
        "type": "member.removed",
        "payload": { "user_id": USER },
    })
}

#[test]
fn an_event_survives_the_wire() {
    let event: Event = serde_json::from_value(member_removed()).unwrap();
    assert_eq!(event.body.tag(), "member.removed");
    let EventBody::MemberRemoved(payload) = &event.body else {
        panic!("the type decides the payload: {event:?}");
    };
    assert_eq!(payload.user_id.to_string(), USER);
    assert_eq!(serde_json::to_value(&event).unwrap(), member_removed());
}

#[test]
fn a_frame_begins_with_its_type() {
    let frame = json!({ "type": "event", "event": member_removed() });
    let read: ServerFrame = serde_json::from_value(frame.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), frame);
    assert!(serde_json::to_string(&read).unwrap().starts_with(r#"{"type":"event","#));
}

#[test]
fn what_is_absent_is_not_written() {
    let workspace_id = WORKSPACE.parse().unwrap();
    let frame = ClientFrame::Subscribe(SubscribeFrame { workspace_id, after_cursor: None });
    let text = serde_json::to_string(&frame).unwrap();
    assert_eq!(text, format!(r#"{{"type":"subscribe","workspace_id":"{WORKSPACE}"}}"#));
    assert_eq!(serde_json::to_string(&UpdateChannel::default()).unwrap(), "{}");
}

#[test]
fn what_the_contract_does_not_know_is_refused() {
    let refused = [
        json!({ "type": "dance" }),
        json!({ "workspace_id": WORKSPACE }),
        json!({ "type": "subscribe" }),
        json!({ "type": "subscribe", "workspace_id": USER }),
    ];
    for frame in refused {
        assert!(serde_json::from_value::<ClientFrame>(frame.clone()).is_err(), "{frame}");
    }
}
