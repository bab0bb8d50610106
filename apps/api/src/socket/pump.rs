//! Moves frames between a socket and its connection to the switchboard until either side ends.

use std::ops::ControlFlow;
use std::time::Duration;

use bytes::Bytes;
use clickclack_protocol::limits;
use clickclack_realtime::{Close, Connection, Step};
use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame as WireFrame, Utf8Bytes};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::log::Log;
use super::upgrade::Stream;

/// How long the client may take to answer a close.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long one write may take: a reader that takes nothing for so long is gone.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes written at once. The write buffer keeps the size of the longest frame it has held, so
/// that one long answer would cost every idle socket as much for good.
const FRAGMENT: usize = 1024;

/// Runs a socket to its end.
pub(super) async fn run(mut stream: Stream, mut connection: Connection<Log>) {
    loop {
        let step = tokio::select! {
            step = connection.next() => step,
            message = stream.next() => {
                if hear(&mut connection, message).is_break() {
                    return;
                }
                continue;
            }
        };
        let written = match step {
            Step::Send(frame) => timeout(WRITE_TIMEOUT, say(&mut stream, frame.bytes())).await,
            Step::Ping => timeout(WRITE_TIMEOUT, stream.send(Message::Ping(Bytes::new()))).await,
            Step::Close(close) => {
                // Nobody counts a socket that is only being closed.
                drop(connection);
                return say_goodbye(stream, close).await;
            }
        };
        if !matches!(written, Ok(Ok(()))) {
            return;
        }
    }
}

/// Writes a text, a long one in fragments (RFC 6455 §5.4).
async fn say(stream: &mut Stream, mut text: Bytes) -> Result<(), Error> {
    let mut opcode = OpCode::Data(Data::Text);
    while text.len() > FRAGMENT {
        let fragment = WireFrame::message(text.split_to(FRAGMENT), opcode, false);
        stream.send(Message::Frame(fragment)).await?;
        opcode = OpCode::Data(Data::Continue);
    }
    stream.send(Message::Frame(WireFrame::message(text, opcode, true))).await
}

fn hear(
    connection: &mut Connection<Log>,
    message: Option<Result<Message, Error>>,
) -> ControlFlow<()> {
    match message {
        Some(Ok(message)) if message.len() > limits::FRAME_BYTES => connection.too_big(),
        Some(Err(Error::Capacity(_))) => connection.too_big(),
        Some(Ok(Message::Text(text))) => connection.text(text.as_str()),
        Some(Ok(Message::Binary(_))) => connection.binary(),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => connection.pong(),
        Some(Ok(Message::Close(_) | Message::Frame(_)) | Err(_)) | None => {
            return ControlFlow::Break(());
        }
    }
    ControlFlow::Continue(())
}

/// Closes, and reads on until the client has done so too.
async fn say_goodbye(mut stream: Stream, close: Close) {
    let reason = Utf8Bytes::from_static(close.reason);
    let frame = CloseFrame { code: close.code.as_u16().into(), reason };
    let message = Message::Close(Some(frame));
    if matches!(timeout(WRITE_TIMEOUT, stream.send(message)).await, Ok(Ok(()))) {
        let until_closed = async { while let Some(Ok(_)) = stream.next().await {} };
        // Whoever does not answer is dropped as they are.
        let _ = timeout(FAREWELL, until_closed).await;
    }
}
