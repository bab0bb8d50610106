//! A text frame as bytes, written once and shared by everybody who gets it.

use bytes::Bytes;
use clickclack_protocol::api;

/// One JSON object of the contract's `ServerFrame`, UTF-8. Cloning shares the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame(Bytes);

/// An `event` frame around a borrowed event: the owned one would cost a copy of the message.
#[derive(serde::Serialize)]
struct EventFrame<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    event: &'a api::Event,
}

impl Frame {
    /// Writes a frame.
    pub fn new(frame: &api::ServerFrame) -> Self {
        Self::json(frame)
    }

    /// Writes an event.
    pub fn event(event: &api::Event) -> Self {
        Self::json(&EventFrame { kind: "event", event })
    }

    /// The bytes, shared.
    pub fn bytes(&self) -> Bytes {
        self.0.clone()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a frame was written as JSON")
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    fn json(value: &impl serde::Serialize) -> Self {
        let bytes = serde_json::to_vec(value).expect("the contract's shapes are JSON");
        Self(bytes.into())
    }
}
