//! Somebody at a socket: what they hear, in order, each frame held against the contract.

use std::time::Duration;

use clickclack_client::{Client, Socket};
use clickclack_protocol::api::{self, ClientFrame, EventBody, ServerFrame};
use clickclack_protocol::ids::{ChannelId, MessageId, WorkspaceId};

use crate::contract;

/// Nothing that a story waits for takes this long: whoever waits longer waits for nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open socket.
pub(crate) struct Listener {
    pub(crate) socket: Socket,
    /// The answer to the subscription.
    pub(crate) subscribed: Option<api::SubscribedFrame>,
}

/// A frame, or the code that the server closed with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Heard {
    Frame(Box<ServerFrame>),
    Closed(u16),
}

impl Listener {
    /// Opens a socket and hears its hello.
    pub(crate) async fn open(client: &Client) -> Self {
        Self::on(Socket::open(client).await.unwrap()).await
    }

    /// Hears the hello of a socket that was just opened.
    pub(crate) async fn on(socket: Socket) -> Self {
        let mut listener = Self { socket, subscribed: None };
        let hello = listener.frame().await;
        assert!(matches!(hello, ServerFrame::Hello(_)), "{hello:?}");
        listener
    }

    /// Opens a socket, subscribes and hears everything up to `caught_up`, which is thrown away.
    pub(crate) async fn subscribed(
        client: &Client,
        workspace_id: WorkspaceId,
        after: Option<api::Cursor>,
    ) -> Self {
        let mut listener = Self::open(client).await;
        listener.subscribe(workspace_id, after).await;
        loop {
            match listener.frame().await {
                ServerFrame::Subscribed(frame) => listener.subscribed = Some(frame),
                ServerFrame::CaughtUp(_) => break,
                ServerFrame::Event(_)
                | ServerFrame::Presence(_)
                | ServerFrame::ReadUpdated(_)
                | ServerFrame::FollowUpdated(_) => {}
                other => panic!("not expected before `caught_up`: {other:?}"),
            }
        }
        // From here on what others say is heard live, typing and presence too.
        listener.settles().await;
        listener
    }

    /// Hears on until a frame is of the wanted kind, and answers what that makes of it.
    pub(crate) async fn until<T>(&mut self, wanted: impl Fn(&ServerFrame) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(&self.frame().await) {
                return found;
            }
        }
    }

    /// Says that one types, or stopped.
    pub(crate) async fn types(&mut self, channel_id: ChannelId, state: api::TypingState) {
        self.types_in(channel_id, None, state).await;
    }

    /// The same in a thread of the channel.
    pub(crate) async fn types_in(
        &mut self,
        channel_id: ChannelId,
        thread_root_id: Option<MessageId>,
        state: api::TypingState,
    ) {
        let frame = api::SetTypingFrame { channel_id, thread_root_id, state };
        self.says(&ClientFrame::Typing(frame)).await;
    }

    pub(crate) async fn says(&mut self, frame: &ClientFrame) {
        self.socket.say(frame).await.unwrap();
    }

    pub(crate) async fn subscribe(
        &mut self,
        workspace_id: WorkspaceId,
        after_cursor: Option<api::Cursor>,
    ) {
        let frame = api::SubscribeFrame { workspace_id, after_cursor };
        self.says(&ClientFrame::Subscribe(frame)).await;
    }

    /// The next thing heard, whatever it is.
    pub(crate) async fn next(&mut self) -> Heard {
        let heard = tokio::time::timeout(PATIENCE, self.socket.hear_text()).await;
        match heard.expect("the server says something within the patience of a story").unwrap() {
            Err(code) => Heard::Closed(code),
            Ok(text) => {
                let value = serde_json::from_str(&text).unwrap();
                contract::assert_shape("ServerFrame", &value);
                Heard::Frame(serde_json::from_value(value).unwrap())
            }
        }
    }

    /// The next frame; a closed socket is a failure.
    pub(crate) async fn frame(&mut self) -> ServerFrame {
        match self.next().await {
            Heard::Frame(frame) => *frame,
            Heard::Closed(code) => panic!("closed with {code}"),
        }
    }

    /// The next event, passing over whatever stands in no log.
    pub(crate) async fn event(&mut self) -> api::Event {
        loop {
            match self.frame().await {
                ServerFrame::Event(frame) => return frame.event,
                ServerFrame::Presence(_)
                | ServerFrame::Typing(_)
                | ServerFrame::ReadUpdated(_)
                | ServerFrame::FollowUpdated(_)
                | ServerFrame::SavedUpdated(_)
                | ServerFrame::DraftUpdated(_)
                | ServerFrame::PreferencesUpdated(_)
                | ServerFrame::Heartbeat(_) => {}
                other => panic!("not an event: {other:?}"),
            }
        }
    }

    /// Hears exactly these messages next, as they are created.
    pub(crate) async fn hears(&mut self, bodies: &[&str]) {
        for wanted in bodies {
            let event = self.event().await;
            let EventBody::MessageCreated(payload) = &event.body else {
                panic!("wanted {wanted:?}, heard {event:?}");
            };
            assert_eq!(payload.message.body, *wanted);
        }
    }

    /// Hears everything up to the close, and how it closed.
    pub(crate) async fn closes(&mut self) -> (u16, Vec<ServerFrame>) {
        let mut frames = Vec::new();
        loop {
            match self.next().await {
                Heard::Frame(frame) => frames.push(*frame),
                Heard::Closed(code) => return (code, frames),
            }
        }
    }

    /// Makes sure that everything said so far has been heard: a ping comes back after it. What came
    /// before the answer is handed over.
    pub(crate) async fn settles(&mut self) -> Vec<ServerFrame> {
        let t = 7_777;
        self.socket.say(&ClientFrame::Ping(api::PingFrame { t })).await.unwrap();
        let mut frames = Vec::new();
        loop {
            match self.frame().await {
                ServerFrame::Pong(pong) if pong.t == t => return frames,
                other => frames.push(other),
            }
        }
    }
}
