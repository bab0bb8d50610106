//! One socket's machine: bad input, limits, heartbeats and order.

use clickclack_chat::live::Audience;
use clickclack_protocol::api::{Presence, PresenceOf, ProblemCode, ResyncReason, ServerFrame};
use clickclack_protocol::limits;
use clickclack_realtime::CloseCode;
use clickclack_realtime::Frame;
use clickclack_realtime::hub::Attached;
use clickclack_realtime::outgoing::{Attachment, Ended, Outgoing, SessionKey};
use clickclack_realtime::rate::{FRAMES_BURST, REFUSED_PER_MINUTE};
use clickclack_realtime::reader::{Loaded, SubscriptionSnapshot, Unavailable};
use clickclack_realtime::session::{Command, HEARTBEAT_MS, Identity, Output, Session};

use crate::names::{EPOCH, cursor, event, id, identity, nothing_personal, visibility, workspace};

const KEY: SessionKey = SessionKey(5);

fn session() -> Session {
    let mut session = Session::open(identity(7, 1), KEY, EPOCH.into(), "1.2.3", 0);
    let [ServerFrame::Hello(hello)] = &sent(&mut session)[..] else { panic!("no hello") };
    assert_eq!((hello.heartbeat_ms, hello.server_version.as_str()), (25_000, "1.2.3"));
    session
}

fn outputs(session: &mut Session) -> Vec<Output> {
    std::iter::from_fn(|| session.pop()).collect()
}

fn frames(outputs: &[Output]) -> Vec<ServerFrame> {
    let frames = outputs.iter().filter_map(|output| match output {
        Output::Send(frame) => Some(serde_json::from_str(frame.as_str()).unwrap()),
        _ => None,
    });
    frames.collect()
}

fn sent(session: &mut Session) -> Vec<ServerFrame> {
    frames(&outputs(session))
}

/// The code of the one error frame that came, and what it names.
fn refused(session: &mut Session) -> (ProblemCode, Option<String>) {
    match &sent(session)[..] {
        [ServerFrame::Error(error)] => (error.code, error.r#ref.clone()),
        other => panic!("{other:?}"),
    }
}

fn subscribe(workspace: u64, after: Option<&str>) -> String {
    let id = id::<clickclack_protocol::ids::WorkspaceId>(workspace);
    let mut frame = serde_json::json!({ "type": "subscribe", "workspace_id": id });
    if let Some(after) = after {
        frame["after_cursor"] = after.into();
    }
    frame.to_string()
}

fn snapshot(as_of: i64, replay: &[i64]) -> Loaded {
    Loaded::Here(Box::new(SubscriptionSnapshot {
        as_of_seq: as_of,
        visibility: visibility(&[]),
        channels: Vec::new(),
        personal: nothing_personal(),
        replay: replay.iter().map(|seq| event(*seq, Audience::Workspace, None)).collect(),
    }))
}

fn here(tail: &[i64]) -> Attached {
    let tail = tail.iter().map(|seq| (*seq, frame(*seq))).collect();
    Attached::Here { tail, ended: None }
}

fn frame(seq: i64) -> Frame {
    Frame::event(&event(seq, Audience::Workspace, None).event)
}

fn live(seq: i64, number: u32) -> Outgoing {
    let attachment = Attachment { session: KEY, number };
    Outgoing::Event { attachment, seq, frame: frame(seq) }
}

/// What came, in short: `event 3`, `subscribed 1`, `do Attach`.
fn story(session: &mut Session) -> Vec<String> {
    let outputs = outputs(session);
    let told = outputs.iter().map(|output| match output {
        Output::Send(frame) => match serde_json::from_str(frame.as_str()).unwrap() {
            ServerFrame::Subscribed(frame) => format!("subscribed {}", frame.cursor),
            ServerFrame::Event(frame) => format!("event {}", frame.event.cursor),
            ServerFrame::CaughtUp(frame) => format!("caught_up {}", frame.cursor),
            ServerFrame::ResyncRequired(frame) => format!("resync {}", frame.reason.as_str()),
            ServerFrame::Presence(frame) => format!("presence {}", frame.presence.as_str()),
            ServerFrame::Heartbeat(frame) => {
                format!(
                    "heartbeat {:?}",
                    frame.cursors.iter().map(|of| &of.cursor).collect::<Vec<_>>()
                )
            }
            other => format!("{other:?}"),
        },
        Output::Ping => "ping".to_owned(),
        Output::Close(close) => format!("close {}", close.code.as_u16()),
        Output::Do(Command::Load { number, after, .. }) => {
            format!("load {number} after {}", after.as_ref().map_or(-1, |cursor| cursor.seq))
        }
        Output::Do(Command::Attach { number, as_of, .. }) => {
            format!("attach {number} as of {as_of}")
        }
        Output::Do(Command::Detach { number, .. }) => format!("detach {number}"),
        Output::Do(command) => format!("{command:?}"),
    });
    told.collect()
}

/// A session that follows the test's workspace from 0.
fn following() -> Session {
    let mut session = session();
    session.text(&subscribe(1, Some(&cursor(0))), 0);
    session.loaded(1, Ok(snapshot(0, &[])), Vec::new);
    session.attached(1, here(&[]), Vec::new);
    story(&mut session);
    session
}

#[test]
fn replay_then_caught_up_then_live() {
    let mut session = session();
    session.text(&subscribe(1, Some(&cursor(1))), 0);
    assert_eq!(story(&mut session), ["load 1 after 1"]);
    session.loaded(1, Ok(snapshot(4, &[2, 4])), Vec::new);
    assert_eq!(
        story(&mut session),
        ["subscribed e1-1", "event e1-2", "event e1-4", "caught_up e1-4", "attach 1 as of 4"]
    );
    session.attached(1, here(&[5]), Vec::new);
    session.outgoing(live(6, 1));
    assert_eq!(story(&mut session), ["event e1-5", "event e1-6"]);
}

#[test]
fn without_a_cursor_it_begins_at_the_end() {
    let mut session = session();
    session.text(&subscribe(1, None), 0);
    assert_eq!(story(&mut session), ["load 1 after -1"]);
    session.loaded(1, Ok(snapshot(9, &[])), Vec::new);
    assert_eq!(story(&mut session), ["subscribed e1-9", "caught_up e1-9", "attach 1 as of 9"]);
}

#[test]
fn a_reading_that_is_too_old_by_now_is_continued() {
    let mut session = session();
    session.text(&subscribe(1, None), 0);
    session.loaded(1, Ok(snapshot(9, &[])), Vec::new);
    story(&mut session);
    session.attached(1, Attached::Behind, Vec::new);
    assert_eq!(story(&mut session), ["load 1 after 9"]);
    session.loaded(1, Ok(snapshot(12, &[10, 12])), Vec::new);
    assert_eq!(story(&mut session), ["event e1-10", "event e1-12", "attach 1 as of 12"]);
}

#[test]
fn what_was_queued_for_an_older_subscription_is_dropped() {
    let mut session = following();
    session.text(&subscribe(1, Some(&cursor(0))), 0);
    session.outgoing(live(1, 1));
    assert_eq!(story(&mut session), ["detach 1", "load 2 after 0"]);
    session.loaded(2, Ok(snapshot(1, &[1])), Vec::new);
    session.attached(2, here(&[]), Vec::new);
    session.outgoing(live(1, 1));
    session.outgoing(live(2, 2));
    let heard = story(&mut session);
    assert_eq!(heard.iter().filter(|line| *line == "event e1-1").count(), 1);
    assert_eq!(heard.last().unwrap(), "event e1-2");
}

#[test]
fn workspaces_are_read_one_after_the_other() {
    let mut session = session();
    for workspace in 1..=3 {
        session.text(&subscribe(workspace, None), 0);
    }
    assert_eq!(story(&mut session), ["load 1 after -1"]);
    session.loaded(1, Ok(Loaded::Resync(ResyncReason::TooOld)), Vec::new);
    assert_eq!(story(&mut session), ["resync too_old", "detach 1", "load 2 after -1"]);
    session.loaded(2, Err(Unavailable), Vec::new);
    session.loaded(3, Ok(Loaded::NotFound), Vec::new);
    let codes: Vec<_> = sent(&mut session)
        .into_iter()
        .map(|frame| match frame {
            ServerFrame::Error(error) => error.code,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(codes, [ProblemCode::Unavailable, ProblemCode::NotFound]);
}

#[test]
fn a_subscription_given_up_while_it_is_read_leaves_its_turn() {
    let mut session = session();
    session.text(&subscribe(1, None), 0);
    session.text(&subscribe(2, None), 0);
    session.text(&subscribe(1, None), 0);
    assert_eq!(story(&mut session), ["load 1 after -1", "detach 1"]);
    session.loaded(1, Ok(snapshot(5, &[])), Vec::new);
    assert_eq!(story(&mut session), ["load 2 after -1"]);
}

#[test]
fn the_end_of_access_ends_the_stream() {
    for (ended, story_of_it) in [
        (Ended::Removed, vec!["detach 1"]),
        (Ended::AccessChanged, vec!["resync access_changed", "detach 1"]),
        (Ended::Lost, vec!["resync unknown_cursor", "detach 1"]),
    ] {
        let mut session = following();
        session.outgoing(Outgoing::Ended {
            attachment: Attachment { session: KEY, number: 1 },
            ended,
        });
        session.outgoing(live(1, 1));
        assert_eq!(story(&mut session), story_of_it, "{ended:?}");
    }
}

#[test]
fn presence_that_changed_on_the_way_is_corrected() {
    let of = |user, presence| PresenceOf { user_id: id(user), presence };
    let mut session = session();
    session.text(&subscribe(1, None), 0);
    let before = vec![of(1, Presence::Online), of(2, Presence::Online), of(3, Presence::Away)];
    session.loaded(1, Ok(snapshot(9, &[])), || before);
    story(&mut session);
    let now = vec![of(2, Presence::Online), of(3, Presence::Online), of(4, Presence::Away)];
    session.attached(1, here(&[]), || now);
    assert_eq!(story(&mut session), ["presence offline", "presence online", "presence away"]);
}

#[test]
fn bad_frames_are_refused_and_the_connection_stays() {
    let workspace = workspace().to_string();
    let cases = [
        ("", ProblemCode::MalformedRequest, None),
        ("{", ProblemCode::MalformedRequest, None),
        ("\u{0}", ProblemCode::MalformedRequest, None),
        ("[]", ProblemCode::InvalidRequest, None),
        ("{}", ProblemCode::InvalidRequest, None),
        (r#"["ping",7]"#, ProblemCode::InvalidRequest, None),
        (r#"{"type":"shout"}"#, ProblemCode::InvalidRequest, None),
        (r#"{"type":"ping","t":"x"}"#, ProblemCode::InvalidRequest, None),
        (
            r#"{"type":"typing","channel_id":"x","state":"started"}"#,
            ProblemCode::InvalidRequest,
            Some("x"),
        ),
        (
            r#"{"type":"subscribe","workspace_id":"wsp_00000000000000000000000002","after_cursor":"?"}"#,
            ProblemCode::InvalidRequest,
            Some(workspace.as_str()),
        ),
    ];
    let mut session = session();
    for (text, code, named) in cases {
        session.text(text, 0);
        assert_eq!(refused(&mut session), (code, named.map(ToOwned::to_owned)), "{text:?}");
    }
    session.binary(0);
    assert_eq!(refused(&mut session).0, ProblemCode::MalformedRequest);
    session.text(&" ".repeat(limits::FRAME_BYTES + 1), 0);
    assert_eq!(refused(&mut session).0, ProblemCode::BodyTooLarge);
    let deep = format!(r#"{{"type":"ping","t":{}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    session.text(&deep, 0);
    assert_eq!(refused(&mut session).0, ProblemCode::MalformedRequest);
    session.text(r#"{"type":"ping","t":7}"#, 0);
    let [ServerFrame::Pong(pong)] = &sent(&mut session)[..] else { panic!("no pong") };
    assert_eq!(pong.t, 7);
}

#[test]
fn too_many_bad_frames_close_the_socket() {
    let mut session = session();
    for _ in 0..REFUSED_PER_MINUTE {
        session.text("?", 0);
    }
    assert_eq!(session.closed(), None);
    session.text("?", 0);
    assert_eq!(session.closed().map(|close| close.code), Some(CloseCode::Policy));
    assert_eq!(story(&mut session), ["close 1008"], "what was still to be said is not");
    session.text(r#"{"type":"ping","t":7}"#, 0);
    assert_eq!(story(&mut session), [] as [&str; 0]);
}

#[test]
fn frames_are_rationed() {
    let mut session = session();
    for _ in 0..FRAMES_BURST {
        session.text(r#"{"type":"ping","t":7}"#, 0);
    }
    assert!(sent(&mut session).iter().all(|frame| matches!(frame, ServerFrame::Pong(_))));
    session.text(r#"{"type":"ping","t":7}"#, 0);
    assert_eq!(refused(&mut session).0, ProblemCode::RateLimited);
}

#[test]
fn subscriptions_are_limited() {
    let mut session = session();
    let limit = u64::try_from(limits::SUBSCRIPTIONS_PER_SOCKET).unwrap();
    for workspace in 1..=limit {
        session.text(&subscribe(workspace, None), 0);
    }
    assert_eq!(sent(&mut session), []);
    session.text(&subscribe(limit + 1, None), 0);
    assert_eq!(refused(&mut session).0, ProblemCode::LimitReached);
    session.text(&subscribe(1, None), 0);
    assert_eq!(sent(&mut session), [], "subscribing anew takes no more room");
}

#[test]
fn a_heartbeat_moves_silent_cursors_on() {
    let mut session = following();
    let head = |_| Some(8);
    session.tick(HEARTBEAT_MS - 1, head, true);
    assert_eq!(story(&mut session), [] as [&str; 0]);
    session.tick(HEARTBEAT_MS, head, true);
    assert_eq!(story(&mut session), [r#"heartbeat ["e1-8"]"#, "ping"]);
    session.pong();
    session.tick(2 * HEARTBEAT_MS, head, true);
    assert_eq!(story(&mut session), ["heartbeat []", "ping"], "only what is new");
    session.pong();
    session.tick(3 * HEARTBEAT_MS, |_| Some(9), false);
    assert_eq!(story(&mut session), ["heartbeat []", "ping"], "not past what still waits");
}

#[test]
fn a_missed_pong_closes_resumably() {
    let mut session = session();
    session.tick(HEARTBEAT_MS, |_| None, true);
    assert_eq!(story(&mut session), ["heartbeat []", "ping"]);
    session.tick(2 * HEARTBEAT_MS, |_| None, true);
    assert_eq!(story(&mut session), ["close 4008"]);
}

#[test]
fn a_frame_is_a_sign_of_life() {
    let mut session = session();
    session.tick(HEARTBEAT_MS, |_| None, true);
    session.text(r#"{"type":"presence","state":"idle"}"#, HEARTBEAT_MS + 1);
    session.tick(2 * HEARTBEAT_MS, |_| None, true);
    assert_eq!(story(&mut session), ["heartbeat []", "ping", "Idle", "heartbeat []", "ping"]);
}

#[test]
fn a_frame_too_long_to_read_closes() {
    let mut session = session();
    session.too_big();
    assert_eq!(story(&mut session), ["close 1009"]);
}

#[test]
fn a_socket_ends_with_the_time_of_its_session() {
    let who = Identity { expires_at: 30_000, ..identity(7, 1) };
    let mut session = Session::open(who, KEY, EPOCH.into(), "1.2.3", 0);
    sent(&mut session);
    assert_eq!(session.next_tick(), HEARTBEAT_MS);
    session.tick(HEARTBEAT_MS, |_| None, true);
    session.pong();
    sent(&mut session);
    assert_eq!(session.next_tick(), 30_000, "not only at the next heartbeat");
    session.tick(29_999, |_| None, true);
    assert_eq!(session.closed(), None);
    session.tick(30_000, |_| None, true);
    assert_eq!(session.closed().map(|close| close.code), Some(CloseCode::CredentialGone));
}
