//! What every request passes before and after its handler: the request's id, the peer, the `Host`
//! rule, the address's allowance; panics caught, problems written, headers added.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use clickclack_protocol::api::ProblemCode;
use futures_util::FutureExt;

use crate::auth::origin::Site;
use crate::auth::peer::{Network, Peer};
use crate::auth::rates::{RateLimits, TooMany};
use crate::http::headers::{self, REQUEST_ID};
use crate::http::problem::Problem;
use crate::metrics::Metrics;

/// The other end of the connection, put into every request by the listener.
#[derive(Debug, Clone, Copy)]
pub struct Connection(pub SocketAddr);

/// What the door needs.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    site: Site,
    trusted: Vec<Network>,
    limits: RateLimits,
    metrics: Arc<Metrics>,
    /// Distinguishes this process's requests from those before a restart.
    run: String,
    requests: AtomicU64,
}

impl Door {
    /// A door for one server. `run` names this process in request ids.
    pub fn new(
        site: Site,
        trusted: Vec<Network>,
        limits: RateLimits,
        metrics: Arc<Metrics>,
        run: String,
    ) -> Self {
        Self(Arc::new(Inner { site, trusted, limits, metrics, run, requests: AtomicU64::new(0) }))
    }

    fn request_id(&self) -> String {
        let number = self.0.requests.fetch_add(1, Ordering::Relaxed) + 1;
        format!("{}-{number}", self.0.run)
    }

    /// Whether the request may come in; puts its [`Peer`] into it.
    fn admit(&self, request: &mut Request) -> Result<(), Problem> {
        let Connection(connection) =
            *request.extensions().get().expect("the listener puts the connection into requests");
        let peer = Peer::of(connection.ip(), request.headers(), &self.0.trusted);
        request.extensions_mut().insert(peer);
        let host = host(request);
        if !self.answers_to(host, request.uri().path(), peer) {
            let url = self.0.site.url();
            return Err(Problem::new(ProblemCode::HostRefused)
                .detail(format!("This server is {url}; --public-url says under which name.")));
        }
        self.0.limits.request(peer.limited_as())?;
        Ok(())
    }

    /// The probes of an orchestrator come by an address, and say nothing that anybody may not know.
    fn answers_to(&self, host: &str, path: &str, peer: Peer) -> bool {
        match path {
            "/healthz" | "/readyz" => true,
            "/metrics" if peer.is_local && self.0.site.is_this_machine(host) => true,
            _ => self.0.site.accepts_host(host),
        }
    }
}

/// The name under which the client knows this server.
fn host(request: &Request) -> &str {
    let header = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    header.or_else(|| request.uri().authority().map(Authority::as_str)).unwrap_or("")
}

impl From<TooMany> for Problem {
    fn from(error: TooMany) -> Self {
        let seconds = error.retry_after_s;
        Self::new(ProblemCode::RateLimited)
            .detail(format!("Try again in {seconds} s."))
            .retry_after(seconds)
    }
}

/// The middleware around every route.
pub async fn pass(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let request_id = door.request_id();
    let (method, path) = (request.method().clone(), loggable(request.uri().path()));
    let response = match door.admit(&mut request) {
        Ok(()) => match AssertUnwindSafe(next.run(request)).catch_unwind().await {
            Ok(response) => response,
            Err(_) => Problem::internal("the handler panicked").into_response(),
        },
        Err(problem) => problem.into_response(),
    };
    let mut response = finish(response, &method, &path, &request_id);
    headers::add(response.headers_mut(), &door.0.site);
    let id = HeaderValue::try_from(request_id).expect("a request's id is ASCII");
    response.headers_mut().insert(REQUEST_ID, id);
    door.0.metrics.answered(response.status());
    response
}

/// A path without the token of an invite: a log is read by more people than a link.
fn loggable(path: &str) -> String {
    const INVITES: &str = "/api/invites/";
    let Some(rest) = path.strip_prefix(INVITES) else { return path.to_owned() };
    let end = rest.find('/').map_or("", |slash| &rest[slash..]);
    format!("{INVITES}…{end}")
}

/// Writes the problem's body, also for what the framework refused by itself.
fn finish(mut response: Response, method: &Method, path: &str, request_id: &str) -> Response {
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if status == StatusCode::METHOD_NOT_ALLOWED && method == Method::OPTIONS => {
            return options(response.headers());
        }
        None if status.is_client_error() || status.is_server_error() => Problem::of_status(status),
        None => return response,
    };
    if problem.code() == ProblemCode::Internal {
        let cause = problem.cause().unwrap_or("a handler answered 5xx");
        tracing::error!(request_id, %method, path, cause, "a request failed");
    } else {
        tracing::debug!(request_id, %method, path, code = problem.code().as_str(), "refused");
    }
    problem.render(request_id, response.headers())
}

/// What may be done here; nothing about other origins, so none is let in.
fn options(headers: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(allow) = headers.get(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    response
}
