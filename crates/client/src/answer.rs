//! What came back, and what can go wrong.

use bytes::Bytes;
use clickclack_protocol::api;
use hyper::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

/// Why a call did not give what it should.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server's address is not one.
    #[error("not an address of a server: {0}")]
    Address(String),
    /// The server was not reached or broke off.
    #[error("no answer: {0}")]
    NoAnswer(String),
    /// The server refused.
    #[error("refused: {} {}", .0.status, .0.code.as_str())]
    Refused(Box<api::Problem>),
    /// The answer has not the shape of the contract.
    #[error("status {status} with an unexpected body: {reason}")]
    Unexpected {
        /// The status.
        status: u16,
        /// What was expected.
        reason: String,
    },
}

impl ClientError {
    /// The code of a refusal.
    pub fn code(&self) -> Option<api::ProblemCode> {
        match self {
            Self::Refused(problem) => Some(problem.code),
            _ => None,
        }
    }
}

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// The body of a success in the contract's shape; a refusal is an error.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ClientError> {
        self.success()?;
        serde_json::from_slice(&self.body).map_err(|error| self.unexpected(&error))
    }

    /// Whether it is a success, whatever its body.
    pub fn success(&self) -> Result<(), ClientError> {
        if self.status.is_success() {
            return Ok(());
        }
        Err(ClientError::Refused(Box::new(self.problem()?)))
    }

    /// The problem of a refusal.
    pub fn problem(&self) -> Result<api::Problem, ClientError> {
        serde_json::from_slice(&self.body).map_err(|error| self.unexpected(&error))
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn unexpected(&self, error: &serde_json::Error) -> ClientError {
        ClientError::Unexpected { status: self.status.as_u16(), reason: error.to_string() }
    }
}
