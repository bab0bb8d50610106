//! A socket's side of the switchboard: drives the session machine and does what it asks.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use clickclack_protocol::api::{PresenceOf, ProblemCode, TypingState};
use clickclack_protocol::ids::WorkspaceId;
use clickclack_protocol::time::Millis;
use tokio::sync::oneshot;

use crate::close::Close;
use crate::fanout::{Handle, Order};
use crate::frame::Frame;
use crate::hub::{Attached, Subscriber};
use crate::line::Line;
use crate::outgoing::{Attachment, Ended, SessionKey};
use crate::reader::{Loaded, LogReader, Unavailable};
use crate::session::{Command, Identity, Output, Session};
use crate::switchboard::Inner;
use crate::typing::Spot;

/// What to do next on a socket.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Send a text frame.
    Send(Frame),
    /// Send a WebSocket ping.
    Ping,
    /// Close the socket and drop the connection.
    Close(Close),
}

/// One open socket. Dropping it leaves everything.
pub struct Connection<R: LogReader> {
    inner: Arc<Inner<R>>,
    identity: Identity,
    key: SessionKey,
    session: Session,
    line: Arc<Line>,
    hubs: Vec<Seat>,
    work: Work,
    due: Millis,
}

/// A subscription's hold on its hub.
struct Seat {
    workspace_id: WorkspaceId,
    number: u32,
    hub: Arc<Handle>,
}

type Loading = Pin<Box<dyn Future<Output = Result<Loaded, Unavailable>> + Send>>;

/// The one thing that a session waits for.
enum Work {
    None,
    Load {
        number: u32,
        loading: Loading,
    },
    /// While this lasts, the queue is left alone: what the hub delivers comes after its answer.
    Attach {
        number: u32,
        reply: oneshot::Receiver<Attached>,
    },
}

enum Done {
    Loaded(u32, Result<Loaded, Unavailable>),
    Attached(u32, Attached),
}

impl<R: LogReader> std::fmt::Debug for Connection<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("identity", &self.identity).finish_non_exhaustive()
    }
}

impl<R: LogReader> Connection<R> {
    pub(crate) fn open(
        inner: Arc<Inner<R>>,
        identity: Identity,
        key: SessionKey,
        line: Arc<Line>,
    ) -> Self {
        let now = inner.now();
        let epoch = Arc::clone(&inner.epoch);
        let session = Session::open(identity, key, epoch, &inner.server_version, now);
        inner.change_presence(|presence| presence.connected(identity.user_id, key, now));
        let due = session.next_tick();
        inner.roster().schedule(due, key, &line);
        Self {
            inner,
            identity,
            key,
            session,
            line,
            hubs: Vec::with_capacity(1),
            work: Work::None,
            due,
        }
    }

    /// Waits for what to do next. Dropping the future loses nothing. After a close it answers
    /// that close again.
    pub async fn next(&mut self) -> Step {
        loop {
            if let Some(step) = self.ready() {
                return step;
            }
            tokio::select! {
                biased;
                () = self.line.rung() => {}
                done = self.work.done() => self.finish(done),
            }
        }
    }

    /// A text frame came.
    pub fn text(&mut self, text: &str) {
        self.session.text(text, self.inner.now());
    }

    /// A binary frame came.
    pub fn binary(&mut self) {
        self.session.binary(self.inner.now());
    }

    /// A frame came that was too long to be read.
    pub fn too_big(&mut self) {
        self.session.too_big();
    }

    /// A ping or pong came.
    pub fn pong(&mut self) {
        self.session.pong();
    }

    fn ready(&mut self) -> Option<Step> {
        loop {
            if let Some(close) = self.line.verdict() {
                self.session.close(close);
            }
            if let Some(close) = self.session.closed() {
                return Some(Step::Close(close));
            }
            while let Some(output) = self.session.pop() {
                match output {
                    Output::Send(frame) => return Some(Step::Send(frame)),
                    Output::Ping => return Some(Step::Ping),
                    Output::Close(close) => return Some(Step::Close(close)),
                    Output::Do(command) => self.perform(command),
                }
            }
            if self.line.take_tick() {
                self.tick();
            } else if let Work::Attach { .. } = self.work {
                return None;
            } else if let Some(outgoing) = self.line.pop() {
                self.session.outgoing(outgoing);
            } else {
                return None;
            }
        }
    }

    fn tick(&mut self) {
        // First how far the hubs are, then whether anything waits: see `Session::tick`.
        let heads: Vec<_> =
            self.hubs.iter().map(|seat| (seat.workspace_id, seat.hub.head())).collect();
        let quiet = self.line.is_empty();
        let head = |workspace_id| {
            heads.iter().find(|(known, _)| *known == workspace_id).map(|(_, head)| *head)
        };
        self.session.tick(self.inner.now(), head, quiet);
        self.due = self.session.next_tick();
        self.inner.roster().schedule(self.due, self.key, &self.line);
    }

    fn perform(&mut self, command: Command) {
        let Identity { user_id, .. } = self.identity;
        let (key, now) = (self.key, self.inner.now());
        match command {
            Command::Load { number, workspace_id, after } => {
                if !self.hubs.iter().any(|seat| seat.number == number) {
                    // Held before the reading begins: see `Inner::hub`.
                    let hub = self.inner.hub(workspace_id);
                    self.hubs.push(Seat { workspace_id, number, hub });
                }
                let reader = Arc::clone(&self.inner.reader);
                let loading =
                    Box::pin(async move { reader.load(user_id, workspace_id, after).await });
                self.work = Work::Load { number, loading };
            }
            Command::Attach { number, as_of, visibility, .. } => {
                let (tell, reply) = oneshot::channel();
                if let Some(seat) = self.hubs.iter().find(|seat| seat.number == number) {
                    let attachment = Attachment { session: key, number };
                    let outlet = Arc::clone(&self.line);
                    let subscriber = Subscriber { attachment, user_id, as_of, visibility, outlet };
                    seat.hub.tell(Order::Attach { subscriber, reply: tell });
                }
                self.work = Work::Attach { number, reply };
            }
            Command::Detach { number, .. } => self.leave(number),
            Command::Typing { channel_id, thread_root_id, state } => {
                self.type_at(Spot { channel_id, thread_root_id, user_id }, state);
            }
            Command::Active => {
                self.inner.change_presence(|presence| presence.active(user_id, key, now));
            }
            Command::Idle => {
                self.inner.change_presence(|presence| presence.idle(user_id, key, now));
            }
        }
    }

    fn type_at(&mut self, spot: Spot, state: TypingState) {
        let Some(seat) = self.hubs.iter().find(|seat| seat.hub.knows(spot.channel_id)) else {
            let named = Some(spot.channel_id.to_string());
            return self.session.refuse(ProblemCode::NotFound, "no such channel", named);
        };
        seat.hub.tell(Order::Typing {
            spot,
            attachment: Attachment { session: self.key, number: seat.number },
            state,
            line: Arc::clone(&self.line),
        });
    }

    fn finish(&mut self, done: Done) {
        self.work = Work::None;
        match done {
            Done::Loaded(number, loaded) => {
                let seat = self.hubs.iter().find(|seat| seat.number == number);
                if let (Some(seat), Ok(Loaded::Here(snapshot))) = (seat, &loaded) {
                    seat.hub.learn(&snapshot.channels);
                    let (user_id, workspace_id) = (self.identity.user_id, seat.workspace_id);
                    self.inner.change_presence(|presence| presence.follows(user_id, workspace_id));
                }
                let presence = presence_in(&self.inner, &self.hubs, number);
                self.session.loaded(number, loaded, presence);
            }
            Done::Attached(number, attached) => {
                let presence = presence_in(&self.inner, &self.hubs, number);
                self.session.attached(number, attached, presence);
            }
        }
    }

    fn leave(&mut self, number: u32) {
        let Some(place) = self.hubs.iter().position(|seat| seat.number == number) else { return };
        let Seat { hub, .. } = self.hubs.swap_remove(place);
        let attachment = Attachment { session: self.key, number };
        hub.tell(Order::Detach { user_id: self.identity.user_id, attachment });
    }
}

/// Who is there in the workspace of a subscription.
fn presence_in<R: LogReader>(
    inner: &Inner<R>,
    hubs: &[Seat],
    number: u32,
) -> impl FnOnce() -> Vec<PresenceOf> {
    let workspace_id = hubs.iter().find(|seat| seat.number == number).map(|seat| seat.workspace_id);
    move || workspace_id.map_or_else(Vec::new, |id| inner.presence().of_workspace(id))
}

impl Work {
    /// Waits for the work, which stays where it is until it is done.
    async fn done(&mut self) -> Done {
        match self {
            Self::None => std::future::pending().await,
            Self::Load { number, loading } => Done::Loaded(*number, loading.await),
            // A hub's task that is gone takes its place in the log with it.
            Self::Attach { number, reply } => Done::Attached(
                *number,
                reply
                    .await
                    .unwrap_or(Attached::Here { tail: Vec::new(), ended: Some(Ended::Lost) }),
            ),
        }
    }
}

impl<R: LogReader> Drop for Connection<R> {
    fn drop(&mut self) {
        let Identity { user_id, .. } = self.identity;
        while let Some(seat) = self.hubs.last() {
            self.leave(seat.number);
        }
        self.inner.roster().remove(user_id, self.key, self.due);
        let now = self.inner.now();
        self.inner.change_presence(|presence| presence.disconnected(user_id, self.key, now));
    }
}
