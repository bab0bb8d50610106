//! The socket: frames of the contract over WebSocket, with buffers small enough for thousands.

use clickclack_protocol::api::{ClientFrame, ServerFrame};
use futures_util::{SinkExt, StreamExt};
use hyper::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};

use crate::answer::ClientError;
use crate::client::{Client, no_answer};

/// What the server said.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// A frame of the contract.
    Frame(Box<ServerFrame>),
    /// The server closed; 1006 when the connection broke without a word.
    Closed(u16),
}

/// An open socket.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Opens the socket with the client's token as second subprotocol.
    pub async fn open(client: &Client) -> Result<Self, ClientError> {
        let token = client.token().unwrap_or_default();
        Self::dial(client, "/api/realtime/ws", &format!("clickclack.v1, bearer.{token}")).await
    }

    /// Opens the socket with a ticket.
    pub async fn open_with_ticket(client: &Client, ticket: &str) -> Result<Self, ClientError> {
        Self::dial(client, &format!("/api/realtime/ws?ticket={ticket}"), "clickclack.v1").await
    }

    async fn dial(client: &Client, path: &str, protocols: &str) -> Result<Self, ClientError> {
        let authority = client.authority();
        let mut request = format!("ws://{authority}{path}")
            .into_client_request()
            .map_err(|error| ClientError::Address(error.to_string()))?;
        let protocols = HeaderValue::from_str(protocols)
            .map_err(|_| ClientError::Address("a token has other letters".to_owned()))?;
        request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, protocols);
        let stream = TcpStream::connect(authority).await.map_err(|error| no_answer(&error))?;
        stream.set_nodelay(true).map_err(|error| no_answer(&error))?;
        let config = WebSocketConfig::default().read_buffer_size(1024).write_buffer_size(0);
        match tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(WsError::Http(response)) => Err(refused(&response)),
            Err(error) => Err(no_answer(&error)),
        }
    }

    /// Says a frame.
    pub async fn say(&mut self, frame: &ClientFrame) -> Result<(), ClientError> {
        let text = serde_json::to_string(frame).expect("the contract's frames are JSON");
        self.say_raw(Message::text(text)).await
    }

    /// Says any text.
    pub async fn say_text(&mut self, text: &str) -> Result<(), ClientError> {
        self.say_raw(Message::text(text)).await
    }

    /// Says any bytes.
    pub async fn say_bytes(&mut self, bytes: Vec<u8>) -> Result<(), ClientError> {
        self.say_raw(Message::binary(bytes)).await
    }

    async fn say_raw(&mut self, message: Message) -> Result<(), ClientError> {
        self.stream.send(message).await.map_err(|error| no_answer(&error))
    }

    /// Waits for the server's next frame. Cancel-safe. Pings are answered on the way.
    pub async fn hear(&mut self) -> Result<Heard, ClientError> {
        Ok(match self.hear_text().await? {
            Ok(text) => Heard::Frame(Box::new(serde_json::from_str(&text).map_err(|error| {
                ClientError::Unexpected { status: 101, reason: format!("{error} in {text}") }
            })?)),
            Err(code) => Heard::Closed(code),
        })
    }

    /// Waits for the server's next text, unread, or its close code.
    pub async fn hear_text(&mut self) -> Result<Result<String, u16>, ClientError> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Ok(Ok(text.as_str().to_owned())),
                Some(Ok(Message::Close(close))) => {
                    return Ok(Err(close.map_or(1005, |close| close.code.into())));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Binary(_))) => {
                    let reason = "a binary frame".to_owned();
                    return Err(ClientError::Unexpected { status: 101, reason });
                }
                None | Some(Err(_)) => return Ok(Err(1006)),
            }
        }
    }

    /// Closes politely.
    pub async fn close(mut self) -> Result<(), ClientError> {
        self.stream.close(None).await.map_err(|error| no_answer(&error))
    }
}

/// A handshake that was refused; the problem's body may not have arrived whole.
fn refused(response: &hyper::Response<Option<Vec<u8>>>) -> ClientError {
    let status = response.status().as_u16();
    let body = response.body().as_deref().unwrap_or_default();
    match serde_json::from_slice(body) {
        Ok(problem) => ClientError::Refused(Box::new(problem)),
        Err(_) => ClientError::Unexpected { status, reason: "no socket".to_owned() },
    }
}
