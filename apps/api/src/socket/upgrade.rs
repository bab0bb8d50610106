//! The WebSocket handshake (RFC 6455 §4.2), and the stream with small buffers that it ends in:
//! the usual ones cost 133 KiB a socket.

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use clickclack_protocol::api::ProblemCode;
use clickclack_protocol::limits;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::http::problem::Problem;

/// The subprotocol that frames of the contract are spoken in.
const PROTOCOL: &str = "clickclack.v1";
/// Bytes of a frame that are still read, to be answered with a close that arrives: a connection
/// that is dropped with unread bytes is reset, and the reason is lost.
const READ_BYTES: usize = 8 * limits::FRAME_BYTES;

/// A socket's bytes.
pub(super) type Stream = WebSocketStream<TokioIo<Upgraded>>;

/// A request that may become a socket.
pub(super) struct Upgrade {
    accept: String,
    connection: OnUpgrade,
}

impl Upgrade {
    /// Takes the upgrade out of a request that asks for one as it must.
    pub(super) fn of(parts: &mut Parts) -> Result<Self, Problem> {
        let headers = &parts.headers;
        let asks = parts.method == Method::GET
            && lists(headers, header::CONNECTION, |item| item.eq_ignore_ascii_case("upgrade"))
            && lists(headers, header::UPGRADE, |item| item.eq_ignore_ascii_case("websocket"))
            && lists(headers, header::SEC_WEBSOCKET_VERSION, |item| item == "13")
            && lists(headers, header::SEC_WEBSOCKET_PROTOCOL, |item| item == PROTOCOL);
        let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| asks);
        let accept = key.map(|key| derive_accept_key(key.as_bytes()));
        match accept.zip(parts.extensions.remove::<OnUpgrade>()) {
            Some((accept, connection)) => Ok(Self { accept, connection }),
            None => Err(Problem::new(ProblemCode::UpgradeRequired)
                .detail(format!("Open a WebSocket with the subprotocol {PROTOCOL}."))),
        }
    }

    /// The answer, and the stream that it turns into once it has been sent.
    pub(super) fn accept(
        self,
    ) -> (Response<Body>, impl Future<Output = Result<Stream, hyper::Error>> + Send) {
        let Self { accept, connection } = self;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
        let accept = HeaderValue::try_from(accept).expect("an accept key is base64");
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        let stream = async move {
            let config = WebSocketConfig::default()
                .read_buffer_size(1024)
                .write_buffer_size(0)
                .max_message_size(Some(READ_BYTES))
                .max_frame_size(Some(READ_BYTES));
            let io = TokioIo::new(connection.await?);
            Ok(WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await)
        };
        (response, stream)
    }
}

/// Whether a header with a list has such an item.
fn lists(headers: &HeaderMap, name: HeaderName, wanted: impl Fn(&str) -> bool) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| wanted(item.trim()))
}
