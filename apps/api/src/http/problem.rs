//! What went wrong, as problem details (RFC 9457) with a stable code.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clickclack_protocol::api::{self, FieldError, ProblemCode};

/// A problem on its way out. The door writes its body, since only the door knows the request's id.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    code: ProblemCode,
    detail: Option<String>,
    errors: Vec<FieldError>,
    retry_after_s: Option<i64>,
    limit: Option<i64>,
    cause: Option<String>,
}

impl Problem {
    /// A problem that its code says all about.
    pub fn new(code: ProblemCode) -> Self {
        Self {
            code,
            detail: None,
            errors: Vec::new(),
            retry_after_s: None,
            limit: None,
            cause: None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The limit that was passed.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = i64::try_from(limit).ok();
        self
    }

    /// When another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: i64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// One field is not as it must be.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        let error = FieldError { field: field.into(), message: message.into() };
        Self { errors: vec![error], ..Self::new(ProblemCode::InvalidRequest) }
    }

    /// A field whose shape the reader of the request refused, with the reader's words.
    pub fn of_shape(path: &str, message: &str) -> Self {
        let path = if path == "." { "" } else { path };
        match message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
            Some(name) if path.is_empty() => Self::field(name, "is missing"),
            Some(name) => Self::field(format!("{path}.{name}"), "is missing"),
            None => Self::field(path, message),
        }
    }

    /// Something broke that the caller cannot help; the cause goes to the log and nowhere else.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(ProblemCode::Internal) }
    }

    /// What a status means that somebody else answered without a problem.
    pub fn of_status(status: StatusCode) -> Self {
        Self::new(match status {
            StatusCode::UNAUTHORIZED => ProblemCode::Unauthenticated,
            StatusCode::FORBIDDEN => ProblemCode::Forbidden,
            StatusCode::NOT_FOUND => ProblemCode::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => ProblemCode::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::BodyTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemCode::UnsupportedMediaType,
            StatusCode::UPGRADE_REQUIRED => ProblemCode::UpgradeRequired,
            StatusCode::TOO_MANY_REQUESTS => ProblemCode::RateLimited,
            StatusCode::SERVICE_UNAVAILABLE => ProblemCode::Unavailable,
            status if status.is_server_error() => ProblemCode::Internal,
            _ => ProblemCode::MalformedRequest,
        })
    }

    /// What is wrong with which field.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Its code.
    pub fn code(&self) -> ProblemCode {
        self.code
    }

    /// What the log is told and the caller is not.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The answer with its body.
    pub fn render(self, request_id: &str, kept: &HeaderMap) -> Response {
        let (status, title) = status_and_title(self.code);
        let retry_after = self.retry_after_s;
        let body = api::Problem {
            r#type: format!("urn:clickclack:problem:{}", self.code.as_str()),
            title: title.to_owned(),
            status: i32::from(status.as_u16()),
            code: self.code,
            detail: self.detail,
            request_id: request_id.to_owned(),
            errors: (!self.errors.is_empty()).then_some(self.errors),
            retry_after_s: retry_after,
            limit: self.limit,
        };
        let body = serde_json::to_vec(&body).expect("a problem is JSON");
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == ProblemCode::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.code == ProblemCode::UpgradeRequired {
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        }
        if let Some(allow) = kept.get(header::ALLOW) {
            headers.insert(header::ALLOW, allow.clone());
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, _) = status_and_title(self.code);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Status and sentence of every code.
fn status_and_title(code: ProblemCode) -> (StatusCode, &'static str) {
    use ProblemCode as C;
    use StatusCode as S;
    match code {
        C::MalformedRequest => (S::BAD_REQUEST, "The request cannot be read."),
        C::InvalidRequest => (S::UNPROCESSABLE_ENTITY, "A field is not as it must be."),
        C::Unauthenticated => (S::UNAUTHORIZED, "Sign in first."),
        C::Forbidden => (S::FORBIDDEN, "This is not yours to do."),
        C::NotFound => (S::NOT_FOUND, "There is no such thing here."),
        C::MethodNotAllowed => (S::METHOD_NOT_ALLOWED, "That cannot be done here."),
        C::UnsupportedMediaType => (S::UNSUPPORTED_MEDIA_TYPE, "The body must be JSON."),
        C::BodyTooLarge => (S::PAYLOAD_TOO_LARGE, "The body is too large."),
        C::UpgradeRequired => (S::UPGRADE_REQUIRED, "This address speaks WebSocket."),
        C::OriginRefused => (S::FORBIDDEN, "The request does not come from a page of this server."),
        C::HostRefused => (S::MISDIRECTED_REQUEST, "This server is not known by that name."),
        C::RateLimited => (S::TOO_MANY_REQUESTS, "Too many requests."),
        C::SetupDone => (S::CONFLICT, "This server has been set up."),
        C::SetupTokenInvalid => (S::FORBIDDEN, "This is not the set-up link of this server."),
        C::SignupClosed => (S::FORBIDDEN, "This server takes no new accounts this way."),
        C::CredentialsInvalid => (S::UNAUTHORIZED, "E-mail address or password is wrong."),
        C::LinkInvalid => (S::GONE, "The link has been used or has expired."),
        C::MailNotConfigured => (S::CONFLICT, "This server sends no e-mail."),
        C::InviteInvalid => (S::GONE, "The invite cannot be used any more."),
        C::EmailTaken => (S::CONFLICT, "There is an account with this e-mail address."),
        C::NameTaken => (S::CONFLICT, "The name is taken."),
        C::StaleVersion => (S::CONFLICT, "It has changed meanwhile."),
        C::NonceConflict => (S::CONFLICT, "The nonce was used for something else."),
        C::MessageTooLong => (S::UNPROCESSABLE_ENTITY, "The message is too long."),
        C::MessageDeleted => (S::CONFLICT, "The message is deleted."),
        C::NestedThread => (S::CONFLICT, "A reply has no thread of its own."),
        C::ThreadLocked => (S::CONFLICT, "The thread is locked."),
        C::ChannelArchived => (S::CONFLICT, "The channel is archived."),
        C::OwnerMustTransfer => (S::CONFLICT, "The owner must hand the workspace over first."),
        C::LastAdministrator => (S::CONFLICT, "The last administrator must stay."),
        C::LimitReached => (S::CONFLICT, "There are as many as there may be."),
        C::ResyncRequired => (S::CONFLICT, "The cursor cannot be continued."),
        C::Unavailable => (S::SERVICE_UNAVAILABLE, "Not at the moment."),
        C::Internal => (S::INTERNAL_SERVER_ERROR, "Something broke here."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_error_status() {
        for code in ProblemCode::ALL {
            let (status, title) = status_and_title(*code);
            assert!(status.is_client_error() || status.is_server_error(), "{code:?}");
            assert!(title.ends_with('.'), "{code:?}");
        }
    }

    #[test]
    fn the_cause_stays_inside() {
        let problem = Problem::internal("password=hunter2");
        let response = problem.render("req_1", &HeaderMap::new());
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert!(!format!("{response:?}").contains("hunter2"));
    }
}
