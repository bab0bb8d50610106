//! The client: where the server is, who is calling, and the pool of connections.

use std::sync::Arc;

use bytes::Bytes;
use clickclack_protocol::operations::Operation;
use http_body_util::{BodyExt, Full};
use hyper::header::{AUTHORIZATION, HeaderValue};
use hyper::{Method, Request, Uri};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::answer::{Answer, ClientError};
use crate::call::Call;

/// A call and its answer, for a witness.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The operation of the contract, if it was called as one.
    pub operation: Option<&'static Operation>,
    /// The method.
    pub method: &'a Method,
    /// Path and query.
    pub path: &'a str,
    /// What came back.
    pub answer: &'a Answer,
}

/// Sees every exchange of a client.
pub type Witness = Arc<dyn Fn(&Exchange<'_>) + Send + Sync>;

/// A client of one server, signed in or not. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client {
    http: legacy::Client<HttpConnector, Full<Bytes>>,
    base: Arc<str>,
    token: Option<Arc<str>>,
    witness: Option<Witness>,
}

impl Client {
    /// A client of the server at `http://host:port`.
    pub fn new(base: &str) -> Result<Self, ClientError> {
        let base = base.trim_end_matches('/');
        let uri: Uri = base.parse().map_err(|_| ClientError::Address(base.to_owned()))?;
        if uri.scheme_str() != Some("http") || uri.authority().is_none() {
            return Err(ClientError::Address(base.to_owned()));
        }
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let http = legacy::Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self { http, base: base.into(), token: None, witness: None })
    }

    /// The same, signed in with a session's token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    /// The same, signed in as nobody.
    #[must_use]
    pub fn signed_out(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// The same, with somebody who sees every exchange.
    #[must_use]
    pub fn with_witness(&self, witness: Witness) -> Self {
        Self { witness: Some(witness), ..self.clone() }
    }

    /// The session's token.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Host and port of the server.
    pub fn authority(&self) -> &str {
        self.base.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// Sends a call and waits for the whole answer, whatever its status.
    pub async fn send(&self, call: Call) -> Result<Answer, ClientError> {
        let Call { operation, method, path, headers, body } = call;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method.clone();
        *request.uri_mut() = format!("{}{path}", self.base)
            .parse()
            .map_err(|_| ClientError::Address(path.clone()))?;
        if let Some(token) = &self.token {
            let value = HeaderValue::try_from(format!("Bearer {token}"))
                .map_err(|_| ClientError::Address("a token has other letters".to_owned()))?;
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        request.headers_mut().extend(headers);
        let response = self.http.request(request).await.map_err(|error| no_answer(&error))?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| no_answer(&error))?.to_bytes();
        let answer = Answer { status: head.status, headers: head.headers, body };
        if let Some(witness) = &self.witness {
            witness(&Exchange { operation, method: &method, path: &path, answer: &answer });
        }
        Ok(answer)
    }
}

/// The whole chain: hyper says "client error (Connect)" and keeps the reason below.
pub(crate) fn no_answer(error: &dyn std::error::Error) -> ClientError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    ClientError::NoAnswer(text)
}
