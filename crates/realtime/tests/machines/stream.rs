//! What a reader gets is exactly what it may see, once, in order, whatever happens meanwhile:
//! sessions and a hub driven through random interleavings beside a model of the database.

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use clickclack_chat::live::{AccessChange, Audience, LiveEvent, Visibility};
use clickclack_protocol::api::{ProblemCode, ResyncReason, ServerFrame};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{ChannelId, UserId};
use clickclack_realtime::hub::{Accepted, Attached, Hub, Ready, RingLimits, Subscriber};
use clickclack_realtime::outgoing::{Attachment, Delivery, Outgoing, Outlet, SessionKey};
use clickclack_realtime::reader::{Loaded, SubscriptionSnapshot};
use clickclack_realtime::session::{Command, HEARTBEAT_MS, Output, Session};
use proptest::prelude::*;

use crate::names::{
    EPOCH, cursor, event, id, identity, nothing_personal, private, public, seq_of, workspace,
};

const USERS: usize = 3;
const QUEUE: usize = 8;
const REPLAY: i64 = 12;

#[derive(Debug, Clone, Copy)]
enum Op {
    Say { channel: u64, public: bool },
    Announce,
    Join { user: u64, channel: u64 },
    Leave { user: u64, channel: u64 },
    Guest { user: u64 },
    Remove { user: u64 },
    Return { user: u64 },
    Deliver,
    DeliverSecond,
    Lose,
    Repeat,
    Fill,
    Subscribe { client: usize, afresh: bool },
    Unsubscribe { client: usize },
    Work { client: usize },
    Read { client: usize },
    Heartbeat { client: usize },
    Reconnect { client: usize },
}

fn op() -> impl Strategy<Value = Op> {
    let user = 0..u64::try_from(USERS).expect("three");
    let channel = 10_u64..12;
    let client = 0..4_usize;
    prop_oneof![
        6 => (channel.clone(), any::<bool>()).prop_map(|(channel, public)| Op::Say { channel, public }),
        1 => Just(Op::Announce),
        2 => (user.clone(), channel.clone()).prop_map(|(user, channel)| Op::Join { user, channel }),
        2 => (user.clone(), channel).prop_map(|(user, channel)| Op::Leave { user, channel }),
        1 => user.clone().prop_map(|user| Op::Guest { user }),
        1 => user.clone().prop_map(|user| Op::Remove { user }),
        1 => user.prop_map(|user| Op::Return { user }),
        8 => Just(Op::Deliver),
        1 => Just(Op::DeliverSecond),
        1 => Just(Op::Lose),
        1 => Just(Op::Repeat),
        3 => Just(Op::Fill),
        4 => (client.clone(), prop::bool::weighted(0.2))
            .prop_map(|(client, afresh)| Op::Subscribe { client, afresh }),
        1 => client.clone().prop_map(|client| Op::Unsubscribe { client }),
        8 => client.clone().prop_map(|client| Op::Work { client }),
        8 => client.clone().prop_map(|client| Op::Read { client }),
        2 => client.clone().prop_map(|client| Op::Heartbeat { client }),
        1 => client.prop_map(|client| Op::Reconnect { client }),
    ]
}

/// One person's access, as the database has it.
#[derive(Debug, Clone, PartialEq)]
struct Access {
    member: bool,
    visibility: Visibility,
}

/// The database: the log, and everybody's access after each of its events.
struct Database {
    log: Vec<LiveEvent>,
    access: Vec<[Access; USERS]>,
}

impl Database {
    fn new() -> Self {
        let visibility = Visibility { is_guest: false, joined: HashSet::new() };
        let everybody =
            [(); USERS].map(|()| Access { member: true, visibility: visibility.clone() });
        Self { log: Vec::new(), access: vec![everybody] }
    }

    fn last(&self) -> i64 {
        i64::try_from(self.log.len()).unwrap()
    }

    fn event(&self, seq: i64) -> &LiveEvent {
        &self.log[usize::try_from(seq - 1).unwrap()]
    }

    fn access(&self, user: u64, seq: i64) -> &Access {
        &self.access[usize::try_from(seq).unwrap()][usize::try_from(user).unwrap()]
    }

    fn now(&self, user: u64) -> &Access {
        self.access(user, self.last())
    }

    fn commit(&mut self, audience: Audience, change: Option<(u64, AccessChange)>) -> LiveEvent {
        let mut access = self.access.last().unwrap().clone();
        if let Some((user, change)) = change {
            let Access { member, visibility } = &mut access[usize::try_from(user).unwrap()];
            match change {
                AccessChange::Joined { channel_id, .. } => {
                    visibility.joined.insert(channel_id);
                }
                AccessChange::Left { channel_id, .. } => {
                    visibility.joined.remove(&channel_id);
                }
                AccessChange::Guest { is_guest, .. } => visibility.is_guest = is_guest,
                AccessChange::Removed { .. } => {
                    *member = false;
                    visibility.joined.clear();
                }
            }
        }
        let event = event(self.last() + 1, audience, change.map(|(_, change)| change));
        self.log.push(event.clone());
        self.access.push(access);
        event
    }

    /// Whether the person could see an event when it happened, or is told of it as their own.
    fn saw(&self, user: u64, seq: i64) -> bool {
        self.own(user, seq) || self.access(user, seq - 1).visibility.sees(self.event(seq).audience)
    }

    /// Whether the person sees an event in a reading of the database at `as_of`.
    fn sees(&self, user: u64, seq: i64, as_of: i64) -> bool {
        self.own(user, seq) || self.access(user, as_of).visibility.sees(self.event(seq).audience)
    }

    fn own(&self, user: u64, seq: i64) -> bool {
        Ready::new(self.event(seq)).concerns() == Some(id::<UserId>(user))
    }

    /// Whether a reader who was there is no longer one after the event.
    fn ends(&self, user: u64, seq: i64) -> bool {
        let change = self.event(seq).change;
        self.own(user, seq)
            && matches!(change, Some(AccessChange::Removed { .. } | AccessChange::Guest { .. }))
    }

    fn load(&self, user: u64, after: Option<&Cursor>) -> Loaded {
        let (as_of, access) = (self.last(), self.now(user));
        if !access.member {
            return Loaded::NotFound;
        }
        let after = after.map_or(as_of, |cursor| cursor.seq);
        if as_of - after > REPLAY {
            return Loaded::Resync(ResyncReason::TooFarBehind);
        }
        let replay = (after + 1..=as_of).filter(|seq| self.sees(user, *seq, as_of));
        Loaded::Here(Box::new(SubscriptionSnapshot {
            as_of_seq: as_of,
            visibility: access.visibility.clone(),
            channels: Vec::new(),
            personal: nothing_personal(),
            replay: replay.map(|seq| self.event(seq).clone()).collect(),
        }))
    }
}

#[derive(Debug, Clone, Default)]
struct Queue(Rc<RefCell<(VecDeque<Outgoing>, bool)>>);

impl Outlet for Queue {
    fn deliver(&self, outgoing: Outgoing) -> Delivery {
        let mut inside = self.0.borrow_mut();
        if inside.1 || inside.0.len() >= QUEUE {
            inside.1 = true;
            return Delivery::Full;
        }
        inside.0.push_back(outgoing);
        Delivery::Delivered
    }
}

enum Work {
    Read { number: u32, after: Option<Cursor> },
    Tell { number: u32, after: Option<i64>, loaded: Loaded },
    Attach { number: u32, as_of: i64, visibility: Visibility },
}

/// What one subscription has given its client so far.
#[derive(Debug)]
struct Stream {
    begins: i64,
    /// Readings of the database: after and as of.
    readings: Vec<(i64, i64)>,
    got: Vec<i64>,
    caught_up: bool,
    /// The hub has this session.
    live: bool,
}

struct Client {
    user: u64,
    session: Session,
    key: SessionKey,
    queue: Queue,
    work: Option<Work>,
    stream: Option<Stream>,
    /// What the client would save: only what it has applied.
    position: Option<i64>,
    now: i64,
}

struct World {
    database: Database,
    hub: Hub<Queue>,
    in_flight: VecDeque<LiveEvent>,
    clients: Vec<Client>,
    keys: u64,
    /// The client itself wants its subscription to end.
    asked: bool,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            database: Database::new(),
            hub: Hub::new(RingLimits { events: 5, bytes: 1 << 20 }),
            in_flight: VecDeque::new(),
            clients: Vec::new(),
            keys: 0,
            asked: false,
        };
        // The first person has two sockets.
        for user in [0, 0, 1, 2] {
            let client = world.open(user, None);
            world.clients.push(client);
        }
        world
    }

    fn open(&mut self, user: u64, position: Option<i64>) -> Client {
        self.keys += 1;
        let key = SessionKey(self.keys);
        let mut session = Session::open(identity(user, self.keys), key, EPOCH.into(), "1.0.0", 0);
        assert!(matches!(session.pop(), Some(Output::Send(_))), "hello");
        let queue = Queue::default();
        Client { user, session, key, queue, work: None, stream: None, position, now: 0 }
    }

    fn run(&mut self, op: Op) {
        match op {
            Op::Say { channel, public: true } => self.commit(public(channel + 100), None),
            Op::Say { channel, public: false } => self.commit(private(channel), None),
            Op::Announce => self.commit(Audience::Workspace, None),
            Op::Join { user, channel } => {
                let (channel_id, user_id) = (id::<ChannelId>(channel), id(user));
                if self.member(user)
                    && !self.database.now(user).visibility.joined.contains(&channel_id)
                {
                    let change = AccessChange::Joined { channel_id, user_id };
                    self.commit(private(channel), Some((user, change)));
                }
            }
            Op::Leave { user, channel } => {
                let (channel_id, user_id) = (id::<ChannelId>(channel), id(user));
                if self.database.now(user).visibility.joined.contains(&channel_id) {
                    let change = AccessChange::Left { channel_id, user_id };
                    self.commit(private(channel), Some((user, change)));
                }
            }
            Op::Guest { user } => {
                if self.member(user) {
                    let is_guest = !self.database.now(user).visibility.is_guest;
                    let change = AccessChange::Guest { user_id: id(user), is_guest };
                    self.commit(Audience::Workspace, Some((user, change)));
                }
            }
            Op::Remove { user } => {
                if self.member(user) {
                    // Nobody's channel: the person hears of it whoever else does.
                    let change = AccessChange::Removed { user_id: id(user) };
                    self.commit(private(12), Some((user, change)));
                }
            }
            Op::Return { user } => {
                if !self.member(user) {
                    self.commit(Audience::Workspace, None);
                    let access = self.database.access.last_mut().unwrap();
                    access[usize::try_from(user).unwrap()].member = true;
                }
            }
            Op::Deliver => self.deliver(0),
            Op::DeliverSecond => self.deliver(1),
            Op::Lose => drop(self.in_flight.pop_front()),
            Op::Repeat => {
                if let Some(event) = self.database.log.first() {
                    self.hub.accept(Ready::new(event));
                }
            }
            Op::Fill => self.fill(),
            Op::Subscribe { client, afresh } => self.subscribe(client, afresh),
            Op::Unsubscribe { client } => {
                let text =
                    serde_json::json!({ "type": "unsubscribe", "workspace_id": workspace() });
                self.ask(client, &text.to_string());
            }
            Op::Work { client } => self.work(client),
            Op::Read { client } => self.read(client),
            Op::Heartbeat { client } => self.heartbeat(client),
            Op::Reconnect { client } => self.reconnect(client),
        }
    }

    fn member(&self, user: u64) -> bool {
        self.database.now(user).member
    }

    fn commit(&mut self, audience: Audience, change: Option<(u64, AccessChange)>) {
        let event = self.database.commit(audience, change);
        self.in_flight.push_back(event);
    }

    fn deliver(&mut self, place: usize) {
        if let Some(event) = self.in_flight.remove(place) {
            self.hub.accept(Ready::new(&event));
        }
    }

    fn fill(&mut self) {
        while let Some(missing) = self.hub.missing() {
            for seq in missing {
                let accepted = self.hub.accept(Ready::new(self.database.event(seq)));
                assert_eq!(accepted, Accepted::Delivered, "what was missing is the next");
            }
        }
    }

    fn subscribe(&mut self, client: usize, afresh: bool) {
        let position = self.clients[client].position.filter(|_| !afresh);
        let mut text = serde_json::json!({ "type": "subscribe", "workspace_id": workspace() });
        if let Some(position) = position {
            text["after_cursor"] = cursor(position).into();
        }
        self.ask(client, &text.to_string());
    }

    fn ask(&mut self, client: usize, text: &str) {
        self.asked = true;
        self.clients[client].session.text(text, 0);
        self.outputs(client);
        self.asked = false;
    }

    fn reconnect(&mut self, client: usize) {
        let old = &mut self.clients[client];
        if let Some(stream) = old.stream.take() {
            stream.check_so_far(&self.database, old.user);
        }
        let (user, position) = (old.user, old.position);
        for number in 0..20 {
            self.hub.detach(id(user), Attachment { session: old.key, number });
        }
        self.clients[client] = self.open(user, position);
        self.subscribe(client, false);
    }

    fn work(&mut self, client: usize) {
        let this = &mut self.clients[client];
        match this.work.take() {
            None => return,
            Some(Work::Read { number, after }) => {
                let loaded = self.database.load(this.user, after.as_ref());
                let after = after.map(|cursor| cursor.seq);
                this.work = Some(Work::Tell { number, after, loaded });
            }
            Some(Work::Tell { number, after, loaded }) => {
                let reading = match &loaded {
                    Loaded::Here(snapshot) => {
                        Some((after.unwrap_or(snapshot.as_of_seq), snapshot.as_of_seq))
                    }
                    _ => None,
                };
                this.session.loaded(number, Ok(loaded), Vec::new);
                self.outputs(client);
                let this = &mut self.clients[client];
                let goes_on =
                    matches!(&this.work, Some(Work::Attach { number: of, .. }) if *of == number);
                if let (true, Some(reading)) = (goes_on, reading) {
                    this.stream.as_mut().unwrap().readings.push(reading);
                }
            }
            Some(Work::Attach { number, as_of, visibility }) => {
                let attachment = Attachment { session: this.key, number };
                let attached = self.hub.attach(Subscriber {
                    attachment,
                    user_id: id(this.user),
                    as_of,
                    visibility,
                    outlet: this.queue.clone(),
                });
                let here = matches!(attached, Attached::Here { .. });
                if let Some(stream) = this.stream.as_mut() {
                    stream.live |= here;
                }
                this.session.attached(number, attached, Vec::new);
            }
        }
        self.outputs(client);
    }

    /// Takes one thing out of a client's queue, as its task does when it waits for no answer.
    fn read(&mut self, client: usize) {
        let this = &mut self.clients[client];
        if matches!(this.work, Some(Work::Attach { .. })) {
            return;
        }
        let (outgoing, doomed) = {
            let mut inside = this.queue.0.borrow_mut();
            (inside.0.pop_front(), inside.1)
        };
        if doomed {
            return self.reconnect(client);
        }
        if let Some(outgoing) = outgoing {
            this.session.outgoing(outgoing);
            self.outputs(client);
        }
    }

    fn heartbeat(&mut self, client: usize) {
        let head = self.hub.last_seq();
        let this = &mut self.clients[client];
        let quiet = this.queue.0.borrow().0.is_empty() && !this.queue.0.borrow().1;
        this.now += HEARTBEAT_MS;
        this.session.pong();
        this.session.tick(this.now, |_| head, quiet);
        self.outputs(client);
    }

    fn outputs(&mut self, client: usize) {
        while let Some(output) = self.clients[client].session.pop() {
            let this = &mut self.clients[client];
            match output {
                Output::Send(frame) => {
                    this.hear(serde_json::from_str(frame.as_str()).unwrap(), &self.database);
                }
                Output::Ping => {}
                Output::Close(close) => panic!("{close:?}"),
                Output::Do(Command::Load { number, after, .. }) => {
                    this.work = Some(Work::Read { number, after });
                }
                Output::Do(Command::Attach { number, as_of, visibility, .. }) => {
                    this.work = Some(Work::Attach { number, as_of, visibility });
                }
                Output::Do(Command::Detach { number, .. }) => {
                    self.hub.detach(id(this.user), Attachment { session: this.key, number });
                    match this.stream.take() {
                        // The hub let go: the person has heard all up to the loss of access.
                        Some(stream) if stream.live && !self.asked => {
                            stream.check_ended(&self.database, this.user);
                        }
                        Some(stream) => stream.check_so_far(&self.database, this.user),
                        None => {}
                    }
                }
                Output::Do(command) => panic!("{command:?}"),
            }
        }
    }

    /// Everything that is on its way arrives.
    fn settle(&mut self) {
        while !self.in_flight.is_empty() {
            self.deliver(0);
        }
        for _ in 0..100 {
            // A hub hears of lost events by the next one; here by somebody's reading.
            self.fill();
            for client in 0..self.clients.len() {
                self.work(client);
                self.read(client);
            }
        }
    }
}

impl Client {
    fn hear(&mut self, frame: ServerFrame, database: &Database) {
        match frame {
            ServerFrame::Subscribed(frame) => {
                assert!(self.stream.is_none(), "subscribed twice");
                self.stream = Some(Stream {
                    begins: seq_of(&frame.cursor),
                    readings: Vec::new(),
                    got: Vec::new(),
                    caught_up: false,
                    live: false,
                });
            }
            ServerFrame::Event(frame) => {
                let seq = seq_of(&frame.event.cursor);
                let stream = self.stream.as_mut().expect("no event without a subscription");
                stream.got.push(seq);
                self.position = Some(seq);
            }
            ServerFrame::CaughtUp(frame) => {
                self.stream.as_mut().unwrap().caught_up = true;
                self.position = Some(seq_of(&frame.cursor));
            }
            ServerFrame::Heartbeat(frame) => {
                for of in frame.cursors {
                    let (seq, stream) = (seq_of(&of.cursor), self.stream.as_ref().unwrap());
                    let due = stream.expected(database, self.user);
                    let due: Vec<_> = due.into_iter().filter(|due| *due <= seq).collect();
                    assert_eq!(stream.got, due, "the cursor of a heartbeat skips nothing");
                    self.position = Some(seq);
                }
            }
            ServerFrame::ResyncRequired(_) => self.position = None,
            ServerFrame::Error(error) => assert_eq!(error.code, ProblemCode::NotFound),
            other => panic!("{other:?}"),
        }
    }
}

impl Stream {
    /// Everything that the subscription shall give up to the log's end or the loss of access.
    fn expected(&self, database: &Database, user: u64) -> Vec<i64> {
        let mut expected = Vec::new();
        let read_until = self.readings.last().map_or(self.begins, |reading| reading.1);
        for seq in self.begins + 1..=database.last() {
            let reading =
                self.readings.iter().find(|(after, as_of)| (*after + 1..=*as_of).contains(&seq));
            let sees = match reading {
                Some((_, as_of)) => database.sees(user, seq, *as_of),
                None => database.saw(user, seq),
            };
            if sees {
                expected.push(seq);
            }
            if seq > read_until && database.ends(user, seq) {
                break;
            }
        }
        expected
    }

    /// No gap, no double, nothing hidden, in order: what came is a beginning of what was due.
    fn check_so_far(&self, database: &Database, user: u64) {
        if self.readings.is_empty() {
            return;
        }
        let expected = self.expected(database, user);
        assert!(expected.starts_with(&self.got), "got {:?}, due {expected:?}", self.got);
    }

    fn check_ended(&self, database: &Database, user: u64) {
        assert_eq!(self.got, self.expected(database, user), "user {user}");
        assert!(database.ends(user, *self.got.last().expect("the loss itself is heard")));
    }

    fn check_whole(&self, database: &Database, user: u64, until: i64) {
        assert!(self.caught_up);
        let mut expected = self.expected(database, user);
        expected.retain(|seq| *seq <= until);
        assert_eq!(self.got, expected, "user {user}, readings {:?}", self.readings);
        let read_until = self.readings.last().map_or(self.begins, |reading| reading.1);
        let over =
            expected.last().is_some_and(|seq| *seq > read_until && database.ends(user, *seq));
        assert!(!over, "a subscription outlived its access");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_misses_doubles_or_overhears(ops in proptest::collection::vec(op(), 1..160)) {
        let mut world = World::new();
        for op in ops {
            world.run(op);
        }
        world.settle();
        let until = world.hub.last_seq().unwrap_or(0);
        let mut live = 0;
        for client in &world.clients {
            if let Some(stream) = client.stream.as_ref().filter(|stream| stream.live) {
                stream.check_whole(&world.database, client.user, until);
                live += 1;
            }
        }
        // The harness itself must not get stuck.
        let stuck = world.clients.iter().filter(|client| client.work.is_some()).count();
        prop_assert_eq!(stuck, 0, "{} live", live);
    }
}
