//! One socket as a state machine: frames, ticks and answers in, frames and commands out.

use std::collections::VecDeque;
use std::sync::Arc;

use clickclack_chat::live::Visibility;
use clickclack_protocol::api::{self, ClientFrame, ProblemCode, ServerFrame};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{ChannelId, DeviceId, MessageId, SessionId, UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_protocol::time::Millis;

use crate::close::Close;
use crate::frame::Frame;
use crate::outgoing::{Outgoing, SessionKey};
use crate::rate::Allowance;

mod subscribing;

/// The server is heard at least this often, and expects a sign of life as often.
pub const HEARTBEAT_MS: Millis = 25_000;

/// Characters of a detail that quotes the client.
const DETAIL_CHARS: usize = 200;
/// Longest text that is quoted as the id that a frame named.
const ID_BYTES: usize = 64;

/// Who is at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The account.
    pub user_id: UserId,
    /// The signed-in session whose credential opened the socket.
    pub session_id: SessionId,
    /// This connection.
    pub device_id: DeviceId,
    /// When the signed-in session ends by itself, and the socket with it.
    pub expires_at: Millis,
}

/// What a session wants done, in this order.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Send a text frame.
    Send(Frame),
    /// Send a WebSocket ping.
    Ping,
    /// Close; nothing follows.
    Close(Close),
    /// Do something and report back where a method is named.
    Do(Command),
}

/// What a session asks of its surroundings.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Read a workspace; answer with [`Session::loaded`]. One at a time.
    Load {
        /// The subscription.
        number: u32,
        /// The workspace.
        workspace_id: WorkspaceId,
        /// Where the client stands.
        after: Option<Cursor>,
    },
    /// Enter the workspace's hub; answer with [`Session::attached`] before anything that the hub
    /// delivers to this session.
    Attach {
        /// The subscription.
        number: u32,
        /// The workspace.
        workspace_id: WorkspaceId,
        /// The place at which the workspace was read.
        as_of: i64,
        /// What the person could see there.
        visibility: Visibility,
    },
    /// Leave the workspace's hub, if there.
    Detach {
        /// The subscription.
        number: u32,
        /// The workspace.
        workspace_id: WorkspaceId,
    },
    /// The person types, or stopped. Answer with [`Session::refuse`] when the channel is hidden.
    Typing {
        /// Where.
        channel_id: ChannelId,
        /// In which of its threads.
        thread_root_id: Option<MessageId>,
        /// What.
        state: api::TypingState,
    },
    /// The person is at this connection.
    Active,
    /// The person is not at this connection.
    Idle,
}

/// One socket's state.
#[derive(Debug)]
pub struct Session {
    key: SessionKey,
    epoch: Arc<str>,
    subscriptions: Vec<Subscription>,
    numbers: u32,
    /// Whether a subscription is being read or entered.
    busy: bool,
    waiting: VecDeque<(u32, Option<Cursor>)>,
    allowance: Allowance,
    heartbeat_at: Millis,
    expires_at: Millis,
    answered: bool,
    /// Who was shown as there in the last `subscribed`, until its subscription is live.
    greeted_with: Vec<api::PresenceOf>,
    closed: Option<Close>,
    outputs: VecDeque<Output>,
}

#[derive(Debug, Clone, Copy)]
struct Subscription {
    workspace_id: WorkspaceId,
    number: u32,
    stage: Stage,
    /// Place in the log up to which the client has been sent what it may see.
    sent: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Wants to be read; where the client stands.
    Opening { after: Option<i64> },
    /// `caught_up` was sent.
    Greeted,
    /// In the hub.
    Live,
}

impl Session {
    /// A session that has just been opened; says hello.
    pub fn open(
        identity: Identity,
        key: SessionKey,
        epoch: Arc<str>,
        server_version: &str,
        now: Millis,
    ) -> Self {
        let mut session = Self {
            key,
            epoch,
            subscriptions: Vec::new(),
            numbers: 0,
            busy: false,
            waiting: VecDeque::new(),
            allowance: Allowance::new(now),
            heartbeat_at: now + HEARTBEAT_MS,
            expires_at: identity.expires_at,
            answered: true,
            greeted_with: Vec::new(),
            closed: None,
            outputs: VecDeque::new(),
        };
        session.send(&ServerFrame::Hello(api::HelloFrame {
            user_id: identity.user_id,
            session_id: identity.session_id,
            device_id: identity.device_id,
            heartbeat_ms: HEARTBEAT_MS,
            server_version: server_version.to_owned(),
        }));
        session
    }

    /// The next thing to do.
    pub fn pop(&mut self) -> Option<Output> {
        let output = self.outputs.pop_front();
        // Thousands of idle sockets shall not each keep the room that their last frames took.
        if self.outputs.is_empty() {
            self.outputs = VecDeque::new();
        }
        output
    }

    /// Why the session is over, when it is.
    pub fn closed(&self) -> Option<Close> {
        self.closed
    }

    /// When [`Session::tick`] is due.
    pub fn next_tick(&self) -> Millis {
        self.heartbeat_at.min(self.expires_at)
    }

    /// A text frame came.
    pub fn text(&mut self, text: &str, now: Millis) {
        self.answered = true;
        if self.closed.is_some() {
            return;
        }
        if !self.allowance.take(now) {
            return self.reject(ProblemCode::RateLimited, "too many frames", None, now);
        }
        if text.len() > limits::FRAME_BYTES {
            return self.reject(ProblemCode::BodyTooLarge, "the frame is too long", None, now);
        }
        match serde_json::from_str(text) {
            // A list of a frame's values would be read, too; the contract has objects.
            Ok(_) if !text.trim_ascii_start().starts_with('{') => {
                self.reject(ProblemCode::InvalidRequest, "not an object", None, now);
            }
            Ok(frame) => self.frame(frame, now),
            Err(error) if error.is_data() => {
                let detail: String = error.to_string().chars().take(DETAIL_CHARS).collect();
                self.reject(ProblemCode::InvalidRequest, &detail, named(text), now);
            }
            Err(_) => self.reject(ProblemCode::MalformedRequest, "not JSON", None, now),
        }
    }

    /// A binary frame came; the contract has none.
    pub fn binary(&mut self, now: Millis) {
        self.answered = true;
        self.reject(ProblemCode::MalformedRequest, "frames are text", None, now);
    }

    /// A frame came that the socket would not even read.
    pub fn too_big(&mut self) {
        self.close(Close::TOO_BIG);
    }

    /// A ping or pong came.
    pub fn pong(&mut self) {
        self.answered = true;
    }

    /// Time has passed. `heads` says how far a workspace's hub is, read before `quiet`: that
    /// nothing waits in this session's queue. So what the client has been sent is complete up to
    /// there.
    pub fn tick(&mut self, now: Millis, heads: impl Fn(WorkspaceId) -> Option<i64>, quiet: bool) {
        if now >= self.expires_at {
            return self.close(Close::CREDENTIAL_GONE);
        }
        if self.closed.is_some() || now < self.heartbeat_at {
            return;
        }
        if !self.answered {
            return self.close(Close::NO_PONG);
        }
        self.answered = false;
        self.heartbeat_at = now + HEARTBEAT_MS;
        let mut cursors = Vec::new();
        for subscription in &mut self.subscriptions {
            let head = heads(subscription.workspace_id);
            let silent = head.filter(|head| quiet && *head > subscription.sent);
            if let (Stage::Live, Some(head)) = (subscription.stage, silent) {
                subscription.sent = head;
                cursors.push(api::CursorOf {
                    workspace_id: subscription.workspace_id,
                    cursor: cursor(&self.epoch, head),
                });
            }
        }
        self.send(&ServerFrame::Heartbeat(api::HeartbeatFrame { cursors }));
        self.outputs.push_back(Output::Ping);
    }

    /// Something came out of the session's queue.
    pub fn outgoing(&mut self, outgoing: Outgoing) {
        match outgoing {
            Outgoing::Event { attachment, seq, frame } => {
                if let Some(place) = self.subscription(attachment) {
                    self.subscriptions[place].sent = seq;
                    self.outputs.push_back(Output::Send(frame));
                }
            }
            Outgoing::Ephemeral { attachment, frame } => {
                if self.subscription(attachment).is_some() {
                    self.outputs.push_back(Output::Send(frame));
                }
            }
            Outgoing::Ended { attachment, ended } => {
                if let Some(place) = self.subscription(attachment) {
                    self.end(place, ended);
                }
            }
            Outgoing::Direct(frame) => self.outputs.push_back(Output::Send(frame)),
        }
    }

    /// Says that a frame was refused. The connection stays.
    pub fn refuse(&mut self, code: ProblemCode, detail: &str, named: Option<String>) {
        self.outputs.push_back(Output::Send(refusal(code, detail, named)));
    }

    /// Ends the session. What was still to be sent is not.
    pub fn close(&mut self, close: Close) {
        if self.closed.is_none() {
            self.closed = Some(close);
            self.outputs.clear();
            self.outputs.push_back(Output::Close(close));
        }
    }

    fn frame(&mut self, frame: ClientFrame, now: Millis) {
        match frame {
            ClientFrame::Subscribe(frame) => self.subscribe(&frame, now),
            ClientFrame::Unsubscribe(frame) => self.unsubscribe(frame.workspace_id),
            ClientFrame::Typing(frame) => {
                let api::SetTypingFrame { channel_id, thread_root_id, state } = frame;
                self.order(Command::Active);
                self.order(Command::Typing { channel_id, thread_root_id, state });
            }
            ClientFrame::Presence(frame) => self.order(match frame.state {
                api::SetPresenceFrameState::Active => Command::Active,
                api::SetPresenceFrameState::Idle => Command::Idle,
            }),
            ClientFrame::Ping(frame) => {
                self.send(&ServerFrame::Pong(api::PongFrame { t: frame.t }));
            }
        }
    }

    /// Refuses a frame and counts it; a client that does nothing else is shown the door.
    fn reject(&mut self, code: ProblemCode, detail: &str, named: Option<String>, now: Millis) {
        self.refuse(code, detail, named);
        if self.allowance.refuse(now) {
            self.close(Close::POLICY);
        }
    }

    fn send(&mut self, frame: &ServerFrame) {
        self.outputs.push_back(Output::Send(Frame::new(frame)));
    }

    fn order(&mut self, command: Command) {
        self.outputs.push_back(Output::Do(command));
    }
}

/// An `error` frame; `named` is the id that the refused frame named.
pub(crate) fn refusal(code: ProblemCode, detail: &str, named: Option<String>) -> Frame {
    Frame::new(&ServerFrame::Error(api::ErrorFrame {
        code,
        detail: detail.to_owned(),
        r#ref: named,
    }))
}

/// The id that a frame names which is otherwise wrong, if it could be one.
fn named(text: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        workspace_id: Option<String>,
        channel_id: Option<String>,
    }
    let named: Named = serde_json::from_str(text).ok()?;
    named.workspace_id.or(named.channel_id).filter(|id| id.len() <= ID_BYTES)
}

fn cursor(epoch: &str, seq: i64) -> api::Cursor {
    Cursor { epoch: epoch.to_owned(), seq }.to_string()
}
