//! The task that owns one workspace's hub and typing, and the handle by which others reach it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use clickclack_chat::live::{AccessChange, Audience, LiveEvent};
use clickclack_protocol::api::{self, EventBody, ProblemCode, ServerFrame, TypingState};
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};
use clickclack_protocol::time::Millis;
use tokio::sync::{mpsc, oneshot};

use crate::frame::Frame;
use crate::hub::{Attached, Hub, RING, Ready, Subscriber};
use crate::line::Line;
use crate::outgoing::{Attachment, Outgoing, Outlet};
use crate::presence::TOLD_PEOPLE;
use crate::reader::{LogReader, SeenChannel};
use crate::session::refusal;
use crate::switchboard::Inner;
use crate::typing::{Hand, Spot, Told, Typing};

/// Events read from the log at once.
const FILL_EVENTS: i64 = 128;
/// When a log that could not be read is tried again.
const RETRY_MS: Millis = 250;
/// Orders obeyed before the log is looked at and readers get their turn. Together with what the
/// log gives at once it must stay well below what a reader's queue holds.
const ORDERS_AT_ONCE: usize = 64;
const NEVER: Millis = Millis::MAX;

/// What a workspace's task is told.
#[derive(Debug)]
pub(crate) enum Order {
    /// Committed events, in order.
    Committed(Box<LiveEvent>),
    /// Somebody wants to follow.
    Attach { subscriber: Subscriber<Arc<Line>>, reply: oneshot::Sender<Attached> },
    /// Somebody leaves.
    Detach { user_id: UserId, attachment: Attachment },
    /// Somebody types over a socket; the hub knows whether they may.
    Typing { spot: Spot, attachment: Attachment, state: TypingState, line: Arc<Line> },
    /// Somebody types over HTTP; the caller has checked that they may.
    TypingChecked { spot: Spot, public: bool, state: TypingState },
    /// Somebody's presence changed.
    Presence(Frame),
    /// Time has passed.
    Tick,
}

/// Reaches a workspace's task, which lives as long as somebody holds this.
#[derive(Debug)]
pub(crate) struct Handle {
    orders: mpsc::UnboundedSender<Order>,
    board: Arc<Board>,
}

/// What the task shows to those who hold its handle.
#[derive(Debug)]
struct Board {
    /// How far the hub is; 0 while it has no place.
    head: AtomicI64,
    /// When the task wants to be told the time.
    due: AtomicI64,
    /// Channels that have been heard of, and whether each is public; that never changes.
    channels: Mutex<HashMap<ChannelId, bool>>,
}

impl Handle {
    /// Starts a workspace's task.
    pub(crate) fn start<R: LogReader>(workspace_id: WorkspaceId, inner: &Arc<Inner<R>>) -> Self {
        let (orders, inbox) = mpsc::unbounded_channel();
        let board = Arc::new(Board {
            head: AtomicI64::new(0),
            due: AtomicI64::new(NEVER),
            channels: Mutex::default(),
        });
        let fanout = Fanout {
            workspace_id,
            inner: Arc::clone(inner),
            board: Arc::clone(&board),
            hub: Hub::new(RING),
            typing: Typing::default(),
            retry_at: None,
        };
        tokio::spawn(fanout.run(inbox));
        Self { orders, board }
    }

    /// Tells the task something. A task that is gone has told its subscribers so itself.
    pub(crate) fn tell(&self, order: Order) {
        let _ = self.orders.send(order);
    }

    /// Whether the task is there.
    pub(crate) fn is_alive(&self) -> bool {
        !self.orders.is_closed()
    }

    /// Place in the log up to which everything lies in the subscribers' queues.
    pub(crate) fn head(&self) -> i64 {
        self.board.head.load(Ordering::Acquire)
    }

    /// Tells the task the time if it wants to know.
    pub(crate) fn tick(&self, now: Millis) {
        if self.board.due.load(Ordering::Relaxed) <= now {
            self.tell(Order::Tick);
        }
    }

    /// Remembers the channels that a subscriber sees.
    pub(crate) fn learn(&self, channels: &[SeenChannel]) {
        self.board.learn(channels.iter().map(|channel| (channel.id, channel.public)));
    }

    /// Whether the channel has been heard of here.
    pub(crate) fn knows(&self, channel_id: ChannelId) -> bool {
        self.board.public(channel_id).is_some()
    }
}

impl Board {
    fn learn(&self, channels: impl IntoIterator<Item = (ChannelId, bool)>) {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner).extend(channels);
    }

    fn public(&self, channel_id: ChannelId) -> Option<bool> {
        let channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.get(&channel_id).copied()
    }
}

struct Fanout<R: LogReader> {
    workspace_id: WorkspaceId,
    inner: Arc<Inner<R>>,
    board: Arc<Board>,
    hub: Hub<Arc<Line>>,
    typing: Typing,
    /// The log could not be read, and is to be tried again.
    retry_at: Option<Millis>,
}

/// When the task ends there is nobody left, unless it panicked: then its subscribers must not
/// wait for events that never come.
impl<R: LogReader> Drop for Fanout<R> {
    fn drop(&mut self) {
        self.hub.lose();
    }
}

impl<R: LogReader> Fanout<R> {
    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Order>) {
        let mut orders = Vec::new();
        while inbox.recv_many(&mut orders, ORDERS_AT_ONCE).await > 0 {
            for order in orders.drain(..) {
                self.obey(order);
            }
            self.fill().await;
            self.publish();
            tokio::task::yield_now().await;
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Committed(event) => self.accept(&event),
            Order::Attach { subscriber, reply } => self.attach(subscriber, reply),
            Order::Detach { user_id, attachment } => {
                self.hub.detach(user_id, attachment);
                let told = self.typing.disconnected(attachment);
                self.tell_all(told);
            }
            Order::Typing { spot, attachment, state, line } => {
                self.type_on_socket(spot, attachment, state, &line);
            }
            Order::TypingChecked { spot, public, state } => self.type_at(spot, public, None, state),
            Order::Presence(frame) => {
                if self.hub.people() <= TOLD_PEOPLE {
                    self.hub.tell(Audience::Workspace, None, &frame);
                }
            }
            Order::Tick => {
                let told = self.typing.tick(self.inner.now());
                self.tell_all(told);
            }
        }
    }

    fn attach(&mut self, subscriber: Subscriber<Arc<Line>>, reply: oneshot::Sender<Attached>) {
        let (user_id, attachment) = (subscriber.user_id, subscriber.attachment);
        let attached = self.hub.attach(subscriber);
        // Whoever was removed since their reading has been shown as there again by that reading.
        if matches!(attached, Attached::Here { .. }) && !self.hub.has(user_id) {
            self.inner.presence().removed(user_id, self.workspace_id);
        }
        // Whoever asked may have gone meanwhile.
        if reply.send(attached).is_err() {
            self.hub.detach(user_id, attachment);
        }
    }

    fn accept(&mut self, event: &LiveEvent) {
        if self.hub.last_seq().is_some_and(|last| event.seq <= last) {
            return;
        }
        if let Audience::Channel { id, public } = event.audience {
            self.board.learn([(id, public)]);
        }
        self.hub.accept(Ready::new(event));
        if let EventBody::MessageCreated(api::MessagePayload { message })
        | EventBody::ThreadReplyCreated(api::ThreadReplyPayload { message, .. }) =
            &event.event.body
        {
            let told = self.typing.ceased(Spot {
                channel_id: message.channel_id,
                thread_root_id: message.thread_root_id,
                user_id: message.author.id,
            });
            self.tell_all(told);
        }
        match event.change {
            Some(AccessChange::Left { channel_id, user_id }) => {
                let told = self.typing.parted(channel_id, user_id);
                self.tell_all(told);
            }
            Some(AccessChange::Guest { user_id, .. }) => {
                let told = self.typing.left(user_id);
                self.tell_all(told);
            }
            Some(AccessChange::Removed { user_id }) => {
                let told = self.typing.left(user_id);
                self.tell_all(told);
                self.inner.presence().removed(user_id, self.workspace_id);
            }
            Some(AccessChange::Joined { .. }) | None => {}
        }
    }

    /// Reads what is missing from the log.
    async fn fill(&mut self) {
        if self.retry_at.is_some_and(|at| self.inner.now() < at) {
            return;
        }
        self.retry_at = None;
        while let Some(missing) = self.hub.missing() {
            let from = *missing.start();
            let to = (*missing.end()).min(from + FILL_EVENTS - 1);
            let Ok(events) = self.inner.reader.events(self.workspace_id, from, to).await else {
                self.retry_at = Some(self.inner.now() + RETRY_MS);
                return;
            };
            for event in &events {
                self.accept(event);
            }
            if self.hub.last_seq().is_some_and(|last| last < to) {
                tracing::error!(workspace_id = %self.workspace_id, from, to, "the log has a hole");
                self.hub.lose();
            }
            tokio::task::yield_now().await;
        }
    }

    /// Shows how far the hub is, after its deliveries: see [`Handle::head`].
    fn publish(&self) {
        self.board.head.store(self.hub.last_seq().unwrap_or(0), Ordering::Release);
        let due = if self.typing.is_quiet() { self.retry_at.unwrap_or(NEVER) } else { 0 };
        self.board.due.store(due, Ordering::Relaxed);
    }

    fn type_on_socket(
        &mut self,
        spot: Spot,
        attachment: Attachment,
        state: TypingState,
        line: &Arc<Line>,
    ) {
        let public = self.board.public(spot.channel_id).filter(|public| {
            let audience = Audience::Channel { id: spot.channel_id, public: *public };
            self.hub.sees(spot.user_id, audience)
        });
        if let Some(public) = public {
            return self.type_at(spot, public, Some(attachment), state);
        }
        let named = Some(spot.channel_id.to_string());
        let frame = refusal(ProblemCode::NotFound, "no such channel", named);
        // A queue that is full closes its session anyway.
        let _ = line.deliver(Outgoing::Direct(frame));
    }

    fn type_at(&mut self, spot: Spot, public: bool, hand: Hand, state: TypingState) {
        let told = match state {
            TypingState::Started => self.typing.started(spot, public, hand, self.inner.now()),
            TypingState::Stopped => self.typing.stopped(spot, hand),
        };
        self.tell_all(told);
    }

    fn tell_all(&mut self, told: impl IntoIterator<Item = Told>) {
        for Told { spot, audience, state } in told {
            let frame = Frame::new(&ServerFrame::Typing(api::TypingFrame {
                workspace_id: self.workspace_id,
                channel_id: spot.channel_id,
                thread_root_id: spot.thread_root_id,
                user_id: spot.user_id,
                state,
            }));
            self.hub.tell(audience, Some(spot.user_id), &frame);
        }
    }
}
