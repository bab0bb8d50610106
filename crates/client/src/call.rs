//! One request before it is sent: an operation of the contract, or anything at all.

use std::fmt::Display;

use bytes::Bytes;
use clickclack_protocol::operations::{self, Operation};
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

/// A request to a server.
#[derive(Debug, Clone)]
pub struct Call {
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    /// An operation of the contract by its name, with the parameters of its path.
    ///
    /// # Panics
    /// When the contract has no such operation: names are constants of the program.
    pub fn of(operation_id: &str, parameters: &[(&str, &(dyn Display + Sync))]) -> Self {
        let operation = operations::by_id(operation_id)
            .expect("operations are called by names that stand in the contract");
        let mut path = operation.path.to_owned();
        for (name, value) in parameters {
            path = path.replace(&format!("{{{name}}}"), &value.to_string());
        }
        let method = operation.method.parse().expect("the contract's methods are those of HTTP");
        Self { operation: Some(operation), ..Self::raw(method, path) }
    }

    /// Anything at all, for the bad-input stories.
    pub fn raw(method: Method, path: impl Into<String>) -> Self {
        Self {
            operation: None,
            method,
            path: path.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// Adds a query.
    #[must_use]
    pub fn query(mut self, query: &impl Serialize) -> Self {
        let text =
            serde_urlencoded::to_string(query).expect("the contract's queries are flat structs");
        if !text.is_empty() {
            self.path = format!("{}?{text}", self.path);
        }
        self
    }

    /// A JSON body.
    #[must_use]
    pub fn json(self, body: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(body).expect("the contract's shapes are JSON");
        self.body("application/json", bytes)
    }

    /// Any body.
    #[must_use]
    pub fn body(mut self, kind: &'static str, body: impl Into<Bytes>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        self.body = body.into();
        self
    }

    /// Sets a header; those of the client give way to it.
    ///
    /// # Panics
    /// When the value cannot stand in a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("the value can stand in a header");
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }
}
