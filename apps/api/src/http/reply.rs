//! Answers with a JSON body.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A JSON body with its status.
#[derive(Debug)]
pub struct Reply<T>(StatusCode, T);

/// 200 with a body.
pub fn ok<T: Serialize>(body: T) -> Reply<T> {
    Reply(StatusCode::OK, body)
}

/// 201 with a body.
pub fn created<T: Serialize>(body: T) -> Reply<T> {
    Reply(StatusCode::CREATED, body)
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.1).expect("the contract's shapes are JSON");
        let kind = HeaderValue::from_static("application/json");
        (self.0, [(header::CONTENT_TYPE, kind)], body).into_response()
    }
}
