//! The whole of it but for the network and the database: connections on a switchboard. The
//! runtime's time is paused, so waiting costs nothing and a frame that never comes is a failure.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clickclack_chat::live::{AccessChange, Audience, LiveEvent, Personal, Visibility};
use clickclack_protocol::api::{
    Presence, ProblemCode, ReadState, ResyncReason, ServerFrame, TypingState,
};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_protocol::time::{Clock, Millis};
use clickclack_realtime::{
    ChannelPlace, CloseCode, Connection, Counts, Loaded, LogReader, SeenChannel, Settings, Step,
    SubscriptionSnapshot, Switchboard, TooManySockets, Unavailable,
};
use tokio::sync::Semaphore;

use crate::names::{
    EPOCH, cursor, event, id, identity, message, nothing_personal, private, public, seq_of,
    visibility, workspace,
};

const ANA: u64 = 1;
const BEN: u64 = 2;
const LOBBY: u64 = 10;
const KITCHEN: u64 = 11;

#[derive(Debug, Default)]
struct HandTurned(AtomicI64);

impl Clock for HandTurned {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}

/// A database with one workspace, a public lobby and a private kitchen.
struct Database {
    log: Mutex<Vec<LiveEvent>>,
    people: Mutex<HashMap<UserId, Visibility>>,
    is_down: AtomicBool,
    /// A permit for every reading of a workspace that may return.
    readings: Semaphore,
}

impl LogReader for Database {
    async fn load(
        &self,
        user_id: UserId,
        workspace_id: WorkspaceId,
        after: Option<Cursor>,
    ) -> Result<Loaded, Unavailable> {
        let access = self.people.lock().unwrap().get(&user_id).cloned();
        let Some(visibility) = access.filter(|_| workspace_id == workspace()) else {
            return Ok(Loaded::NotFound);
        };
        let log = self.log.lock().unwrap().clone();
        let as_of_seq = i64::try_from(log.len()).unwrap();
        let after = after.map_or(as_of_seq, |cursor| cursor.seq);
        let replay =
            log.into_iter().filter(|e| e.seq > after && visibility.sees(e.audience)).collect();
        let seen = |id, public| SeenChannel { id, public };
        let channels = vec![seen(id(LOBBY), true), seen(id(KITCHEN), false)];
        let channels = channels
            .into_iter()
            .filter(|c| visibility.sees(Audience::Channel { id: c.id, public: c.public }))
            .collect();
        self.readings.acquire().await.unwrap().forget();
        let personal = nothing_personal();
        let snapshot = SubscriptionSnapshot { as_of_seq, visibility, channels, personal, replay };
        Ok(Loaded::Here(Box::new(snapshot)))
    }

    async fn events(
        &self,
        _: WorkspaceId,
        from: i64,
        to: i64,
    ) -> Result<Vec<LiveEvent>, Unavailable> {
        if self.is_down.load(Ordering::SeqCst) {
            return Err(Unavailable);
        }
        let log = self.log.lock().unwrap();
        Ok(log.iter().filter(|event| (from..=to).contains(&event.seq)).cloned().collect())
    }
}

struct Town {
    database: Arc<Database>,
    clock: Arc<HandTurned>,
    switchboard: Switchboard<Database>,
    sockets: Mutex<u64>,
}

impl Town {
    /// Ana and Ben are members; Ben is in the kitchen.
    fn open() -> Self {
        let people = [(id(ANA), visibility(&[])), (id(BEN), visibility(&[KITCHEN]))];
        let database = Arc::new(Database {
            log: Mutex::default(),
            people: Mutex::new(people.into()),
            is_down: AtomicBool::new(false),
            readings: Semaphore::new(Semaphore::MAX_PERMITS / 2),
        });
        let clock = Arc::new(HandTurned::default());
        let settings = Settings {
            epoch: EPOCH.to_owned(),
            server_version: "1.2.3".to_owned(),
            clock: clock.clone(),
        };
        let switchboard = Switchboard::open(settings, Arc::clone(&database));
        Self { database, clock, switchboard, sockets: Mutex::new(0) }
    }

    fn socket(&self, user: u64) -> Connection<Database> {
        let mut sockets = self.sockets.lock().unwrap();
        *sockets += 1;
        self.switchboard.connect(identity(user, *sockets)).unwrap()
    }

    /// A socket that follows the workspace from its end.
    async fn follower(&self, user: u64) -> Connection<Database> {
        let mut connection = self.socket(user);
        assert!(matches!(hear(&mut connection).await, ServerFrame::Hello(_)));
        follow(&mut connection);
        assert!(matches!(hear(&mut connection).await, ServerFrame::Subscribed(_)));
        assert!(matches!(hear(&mut connection).await, ServerFrame::CaughtUp(_)));
        // The hub's answer comes before the next event: wait for one of one's own.
        let read = ReadState {
            channel_id: id(LOBBY),
            read_seq: 0,
            unread: 0,
            mentions: 0,
            version: 0,
            as_of: cursor(0),
        };
        self.switchboard.personal(workspace(), id(user), Personal::Read(read));
        loop {
            match hear(&mut connection).await {
                ServerFrame::ReadUpdated(_) => return connection,
                ServerFrame::Presence(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Writes an event without telling anybody.
    fn write(&self, audience: Audience, change: Option<AccessChange>) -> LiveEvent {
        let mut log = self.database.log.lock().unwrap();
        let event = event(i64::try_from(log.len()).unwrap() + 1, audience, change);
        log.push(event.clone());
        event
    }

    fn commit(&self, audience: Audience, change: Option<AccessChange>) {
        let event = self.write(audience, change);
        self.switchboard.committed([event]);
    }

    fn turn(&self, by: Millis) {
        self.clock.0.fetch_add(by, Ordering::SeqCst);
    }
}

fn follow(connection: &mut Connection<Database>) {
    let frame = serde_json::json!({ "type": "subscribe", "workspace_id": workspace() });
    connection.text(&frame.to_string());
}

async fn step(connection: &mut Connection<Database>) -> Step {
    let long = Duration::from_mins(1);
    tokio::time::timeout(long, connection.next()).await.expect("something comes")
}

async fn hear(connection: &mut Connection<Database>) -> ServerFrame {
    loop {
        match step(connection).await {
            Step::Send(frame) => return serde_json::from_str(frame.as_str()).unwrap(),
            Step::Ping => connection.pong(),
            Step::Close(close) => panic!("closed: {close:?}"),
        }
    }
}

/// The next event; presence and heartbeats aside.
async fn event_heard(connection: &mut Connection<Database>) -> i64 {
    loop {
        match hear(connection).await {
            ServerFrame::Event(frame) => return seq_of(&frame.event.cursor),
            ServerFrame::Presence(_) | ServerFrame::Heartbeat(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

async fn closed(connection: &mut Connection<Database>) -> CloseCode {
    loop {
        if let Step::Close(close) = step(connection).await {
            return close.code;
        }
    }
}

fn say_typing(connection: &mut Connection<Database>, channel: u64) {
    let channel_id = id::<clickclack_protocol::ids::ChannelId>(channel);
    let frame =
        serde_json::json!({ "type": "typing", "channel_id": channel_id, "state": "started" });
    connection.text(&frame.to_string());
}

async fn typing_heard(connection: &mut Connection<Database>) -> (UserId, TypingState) {
    loop {
        match hear(connection).await {
            ServerFrame::Typing(frame) => return (frame.user_id, frame.state),
            ServerFrame::Presence(_) | ServerFrame::Heartbeat(_) | ServerFrame::Event(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

async fn presence_heard(connection: &mut Connection<Database>, user: u64) -> Presence {
    loop {
        match hear(connection).await {
            ServerFrame::Presence(frame) if frame.user_id == id(user) => return frame.presence,
            ServerFrame::Presence(_) | ServerFrame::Heartbeat(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn everybody_hears_what_they_may_see() {
    let town = Town::open();
    let (mut ana, mut ben) = (town.follower(ANA).await, town.follower(BEN).await);
    town.commit(public(LOBBY), None);
    town.commit(private(KITCHEN), None);
    town.commit(Audience::Workspace, None);
    assert_eq!([event_heard(&mut ana).await, event_heard(&mut ana).await], [1, 3]);
    for seq in 1..=3 {
        assert_eq!(event_heard(&mut ben).await, seq);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_wake_up_is_read_from_the_log() {
    let town = Town::open();
    let mut ana = town.follower(ANA).await;
    for _ in 0..700 {
        town.write(public(LOBBY), None);
    }
    town.commit(public(LOBBY), None);
    for seq in 1..=701 {
        assert_eq!(event_heard(&mut ana).await, seq);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_committed_while_the_workspace_is_read_is_not_missed() {
    let town = Town::open();
    town.database.readings.forget_permits(Semaphore::MAX_PERMITS);
    let mut ana = town.socket(ANA);
    assert!(matches!(hear(&mut ana).await, ServerFrame::Hello(_)));
    follow(&mut ana);
    // Far enough for the reading to have happened, but not to have come back.
    assert!(tokio::time::timeout(Duration::from_secs(1), ana.next()).await.is_err());
    town.commit(public(LOBBY), None);
    town.database.readings.add_permits(1);
    assert!(matches!(hear(&mut ana).await, ServerFrame::Subscribed(_)));
    assert!(matches!(hear(&mut ana).await, ServerFrame::CaughtUp(frame) if frame.cursor == "e1-0"));
    assert_eq!(event_heard(&mut ana).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_cannot_be_read_is_tried_again() {
    let town = Town::open();
    let mut ana = town.follower(ANA).await;
    town.database.is_down.store(true, Ordering::SeqCst);
    town.write(public(LOBBY), None);
    town.commit(public(LOBBY), None);
    assert!(tokio::time::timeout(Duration::from_secs(2), ana.next()).await.is_err(), "nothing yet");
    town.database.is_down.store(false, Ordering::SeqCst);
    town.turn(250);
    assert_eq!([event_heard(&mut ana).await, event_heard(&mut ana).await], [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_hole_in_the_log_sends_everybody_back_for_a_snapshot() {
    let town = Town::open();
    let mut ana = town.follower(ANA).await;
    town.switchboard.committed([event(2, public(LOBBY), None)]);
    match hear(&mut ana).await {
        ServerFrame::ResyncRequired(frame) => assert_eq!(frame.reason, ResyncReason::UnknownCursor),
        other => panic!("{other:?}"),
    }
    town.write(public(LOBBY), None);
    follow(&mut ana);
    assert!(
        matches!(hear(&mut ana).await, ServerFrame::Subscribed(frame) if frame.cursor == "e1-1")
    );
    assert!(matches!(hear(&mut ana).await, ServerFrame::CaughtUp(_)));
    town.commit(public(LOBBY), None);
    assert_eq!(event_heard(&mut ana).await, 2);
}

#[tokio::test(start_paused = true)]
async fn a_removed_member_hears_that_and_nothing_more() {
    let town = Town::open();
    let (mut ana, mut ben) = (town.follower(ANA).await, town.follower(BEN).await);
    town.database.people.lock().unwrap().remove(&id(BEN));
    town.commit(Audience::Workspace, Some(AccessChange::Removed { user_id: id(BEN) }));
    town.commit(public(LOBBY), None);
    assert_eq!([event_heard(&mut ana).await, event_heard(&mut ana).await], [1, 2]);
    assert_eq!(event_heard(&mut ben).await, 1);
    follow(&mut ben);
    match hear(&mut ben).await {
        ServerFrame::Error(error) => assert_eq!(error.code, ProblemCode::NotFound),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_removed_while_the_workspace_is_read_is_not_shown_there() {
    for others in [false, true] {
        let town = Town::open();
        let mut ana = if others { Some(town.follower(ANA).await) } else { None };
        let mut ben = town.socket(BEN);
        assert!(matches!(hear(&mut ben).await, ServerFrame::Hello(_)));
        town.database.readings.forget_permits(Semaphore::MAX_PERMITS);
        follow(&mut ben);
        // Far enough for the reading to have happened, but not to have come back.
        assert!(tokio::time::timeout(Duration::from_secs(1), ben.next()).await.is_err());
        town.commit(Audience::Workspace, Some(AccessChange::Removed { user_id: id(BEN) }));
        if let Some(ana) = &mut ana {
            assert_eq!(event_heard(ana).await, 1);
        }
        town.database.readings.add_permits(1);
        assert!(matches!(hear(&mut ben).await, ServerFrame::Subscribed(_)));
        assert!(matches!(hear(&mut ben).await, ServerFrame::CaughtUp(_)));
        assert_eq!(event_heard(&mut ben).await, 1);
        let shown = town.switchboard.presence(workspace());
        assert!(shown.iter().all(|of| of.user_id != id(BEN)), "{shown:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_revoked_session_is_cut_at_once() {
    let town = Town::open();
    let (mut first, mut second) = (town.follower(ANA).await, town.follower(ANA).await);
    town.commit(public(LOBBY), None);
    town.switchboard.revoked(id(ANA), Some(id(1)));
    assert!(
        matches!(step(&mut first).await, Step::Close(close) if close.code == CloseCode::CredentialGone)
    );
    assert_eq!(event_heard(&mut second).await, 1);
    town.switchboard.revoked(id(ANA), None);
    assert_eq!(closed(&mut second).await, CloseCode::CredentialGone);
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_is_closed_and_nobody_else_notices() {
    let town = Town::open();
    let (mut ana, mut ben) = (town.follower(ANA).await, town.follower(BEN).await);
    for seq in 1..=i64::try_from(limits::SOCKET_QUEUE_FRAMES).unwrap() + 50 {
        town.commit(public(LOBBY), None);
        assert_eq!(event_heard(&mut ana).await, seq);
    }
    assert!(matches!(step(&mut ben).await, Step::Close(close) if close.code == CloseCode::TooSlow));
}

#[tokio::test(start_paused = true)]
async fn typing_is_heard_by_others_who_see_the_channel() {
    let town = Town::open();
    let (mut ana, mut ben) = (town.follower(ANA).await, town.follower(BEN).await);
    say_typing(&mut ben, KITCHEN);
    say_typing(&mut ben, LOBBY);
    step_through(&mut ben).await;
    assert_eq!(typing_heard(&mut ana).await, (id(BEN), TypingState::Started));
    town.turn(5_000);
    assert_eq!(typing_heard(&mut ana).await, (id(BEN), TypingState::Stopped));
    say_typing(&mut ana, LOBBY);
    step_through(&mut ana).await;
    assert_eq!(
        typing_heard(&mut ben).await,
        (id(ANA), TypingState::Started),
        "no echo of one's own"
    );
    let mut spoken = message(1, LOBBY, ANA);
    spoken.audience = public(LOBBY);
    town.switchboard.committed([spoken]);
    assert_eq!(typing_heard(&mut ben).await, (id(ANA), TypingState::Stopped));
    let place = ChannelPlace { workspace_id: workspace(), channel_id: id(LOBBY), public: true };
    town.turn(1_000);
    town.switchboard.typing(id(ANA), place, None, TypingState::Started);
    assert_eq!(typing_heard(&mut ben).await, (id(ANA), TypingState::Started));
}

/// Lets a connection do what its last frames asked for.
async fn step_through(connection: &mut Connection<Database>) {
    connection.text(r#"{"type":"ping","t":1}"#);
    while !matches!(hear(connection).await, ServerFrame::Pong(_)) {}
}

#[tokio::test(start_paused = true)]
async fn typing_in_a_hidden_channel_is_refused() {
    let town = Town::open();
    let (mut ana, _ben) = (town.follower(ANA).await, town.follower(BEN).await);
    assert_eq!(presence_heard(&mut ana, BEN).await, Presence::Online);
    for channel in [KITCHEN, 77] {
        say_typing(&mut ana, channel);
        match hear(&mut ana).await {
            ServerFrame::Error(error) => assert_eq!(error.code, ProblemCode::NotFound),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn presence_follows_the_connections() {
    let town = Town::open();
    let mut ana = town.follower(ANA).await;
    let (first, second) = (town.follower(BEN).await, town.follower(BEN).await);
    assert_eq!(presence_heard(&mut ana, BEN).await, Presence::Online);
    assert_eq!(town.switchboard.presence(workspace()).len(), 2);
    drop(first);
    town.turn(10_000);
    let mut second = second;
    second.text(r#"{"type":"presence","state":"idle"}"#);
    step_through(&mut second).await;
    assert_eq!(presence_heard(&mut ana, BEN).await, Presence::Away, "not offline in between");
    drop(second);
    town.turn(3_000);
    assert_eq!(presence_heard(&mut ana, BEN).await, Presence::Offline);
    assert_eq!(town.switchboard.presence_of(id(BEN)), Presence::Offline);
}

#[tokio::test(start_paused = true)]
async fn hidden_events_move_the_cursor_with_the_heartbeat() {
    let town = Town::open();
    let (mut ana, mut ben) = (town.follower(ANA).await, town.follower(BEN).await);
    town.commit(private(KITCHEN), None);
    assert_eq!(event_heard(&mut ben).await, 1);
    assert_eq!(presence_heard(&mut ana, BEN).await, Presence::Online);
    town.turn(25_000);
    match hear(&mut ana).await {
        ServerFrame::Heartbeat(frame) => assert_eq!(frame.cursors[0].cursor, "e1-1"),
        other => panic!("{other:?}"),
    }
    assert_eq!(step(&mut ana).await, Step::Ping);
    town.turn(25_000);
    assert_eq!(closed(&mut ana).await, CloseCode::TooSlow, "no pong");
}

#[tokio::test(start_paused = true)]
async fn what_leaves_leaves_nothing_behind() {
    let town = Town::open();
    assert!(!town.switchboard.watches(workspace()));
    let mut ana = town.follower(ANA).await;
    assert!(town.switchboard.watches(workspace()));
    let one = Counts { sockets: 1, people: 1, workspaces: 1 };
    assert_eq!(town.switchboard.connections(), one);
    let frame = serde_json::json!({ "type": "unsubscribe", "workspace_id": workspace() });
    ana.text(&frame.to_string());
    step_through(&mut ana).await;
    assert!(!town.switchboard.watches(workspace()));
    drop(ana);
    assert_eq!(town.switchboard.connections(), Counts::default());
}

#[tokio::test(start_paused = true)]
async fn a_person_has_only_so_many_sockets() {
    let town = Town::open();
    let mut open: Vec<_> = (0..limits::SOCKETS_PER_USER).map(|_| town.socket(ANA)).collect();
    let refused = town.switchboard.connect(identity(ANA, 900));
    assert_eq!(refused.err(), Some(TooManySockets));
    let _ben = town.socket(BEN);
    open.pop();
    let again = town.switchboard.connect(identity(ANA, 900));
    assert!(again.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_restart_closes_everybody_resumably() {
    let town = Town::open();
    let mut ana = town.follower(ANA).await;
    town.switchboard.close();
    assert_eq!(closed(&mut ana).await, CloseCode::Restarting);
    assert_eq!(closed(&mut ana).await, CloseCode::Restarting, "and says so again");
    assert!(town.switchboard.connect(identity(BEN, 900)).is_err());
}

#[test]
fn an_idle_connection_is_small() {
    assert!(size_of::<Connection<Database>>() <= 512, "{}", size_of::<Connection<Database>>());
}
