//! Who is calling: a session by bearer token or cookie, remembered for half a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use clickclack_chat::Desk;
use clickclack_chat::callers::{self, Authenticate, Touch};
use clickclack_chat::token;
use clickclack_protocol::api::ProblemCode;
use clickclack_protocol::ids::{SessionId, UserId};
use clickclack_protocol::time::{Clock, Millis};

use crate::auth::cookie;
use crate::auth::origin::Site;
use crate::auth::rates::RateLimits;
use crate::http::problem::Problem;

/// How long a session is believed without asking the database.
const REMEMBERED_MS: Millis = 500;
/// Sessions remembered before the memory is emptied.
const MOST_REMEMBERED: usize = 50_000;

/// Finds out whose a token is. Cheap to clone.
#[derive(Clone)]
pub struct Authenticator {
    desk: Desk,
    clock: Arc<dyn Clock>,
    memory: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    known: HashMap<String, (callers::Caller, Millis)>,
    /// Grows with every revocation: what was read before one is not remembered after it.
    revocations: u64,
}

impl Authenticator {
    /// Asks this desk.
    pub fn new(desk: Desk, clock: Arc<dyn Clock>) -> Self {
        Self { desk, clock, memory: Arc::default() }
    }

    /// The session of a token that is alive.
    pub async fn session(&self, token: &str) -> Result<callers::Caller, Problem> {
        let now = self.clock.now();
        let key = token::hash(token);
        let revocations = {
            let memory = self.memory();
            match memory.known.get(&key) {
                Some((caller, at)) if is_fresh(*at, now) && caller.expires_at > now => {
                    return Ok(*caller);
                }
                _ => memory.revocations,
            }
        };
        let caller = self
            .desk
            .look(Authenticate { token: token.to_owned(), now })
            .await?
            .ok_or(Problem::new(ProblemCode::Unauthenticated))?;
        self.remember(key, caller, now, revocations);
        if caller.wants_touch(now) {
            let (desk, session_id) = (self.desk.clone(), caller.session_id);
            // Nobody waits for it, and losing one costs ten minutes of precision.
            tokio::spawn(async move { desk.act(Touch { session_id }).await.is_ok() });
        }
        Ok(caller)
    }

    /// A session has ended, or all of an account.
    pub fn forget(&self, user_id: UserId, session_id: Option<SessionId>) {
        let mut memory = self.memory();
        memory.revocations += 1;
        memory.known.retain(|_, (caller, _)| {
            caller.user_id != user_id || session_id.is_some_and(|id| id != caller.session_id)
        });
    }

    fn remember(&self, key: String, caller: callers::Caller, now: Millis, revocations: u64) {
        let mut memory = self.memory();
        if memory.revocations != revocations {
            return;
        }
        if memory.known.len() >= MOST_REMEMBERED {
            memory.known.retain(|_, (_, at)| is_fresh(*at, now));
        }
        if memory.known.len() < MOST_REMEMBERED {
            memory.known.insert(key, (caller, now));
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that was set back makes nothing fresh for longer.
fn is_fresh(at: Millis, now: Millis) -> bool {
    (at..at + REMEMBERED_MS).contains(&now)
}

/// Somebody who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    /// The account.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// Whether the account administers the instance.
    pub is_administrator: bool,
    /// How the session was shown.
    pub via: Via,
}

/// How a session was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// By the browser, on its own.
    Cookie,
    /// By a program that holds the token.
    Bearer,
}

/// A token in a request.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The token.
    pub token: &'a str,
    /// How it was shown.
    pub via: Via,
}

/// The token that a request shows; the explicit one wins. Other schemes are for others: a proxy in
/// front may ask for a password of its own.
pub fn shown<'a>(site: &Site, headers: &'a HeaderMap) -> Option<Shown<'a>> {
    let explicit = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match explicit.and_then(|value| value.split_once(' ')) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Some(Shown { token: token.trim(), via: Via::Bearer })
        }
        _ => cookie::token(site, headers).map(|token| Shown { token, via: Via::Cookie }),
    }
}

/// Refuses what no page of this server sent.
pub fn own_origin(site: &Site, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    if site.accepts_origin(text(header::ORIGIN), text(header::HOST).unwrap_or("")) {
        return Ok(());
    }
    let url = site.url();
    Err(Problem::new(ProblemCode::OriginRefused)
        .detail(format!("Send Origin: {url}, or a bearer token instead of a cookie.")))
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Authenticator: FromRef<S>,
    Arc<Site>: FromRef<S>,
    RateLimits: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let site = Arc::<Site>::from_ref(state);
        let Shown { token, via } =
            shown(&site, &parts.headers).ok_or(Problem::new(ProblemCode::Unauthenticated))?;
        let writes = !matches!(parts.method, Method::GET | Method::HEAD);
        if via == Via::Cookie && writes {
            own_origin(&site, &parts.headers)?;
        }
        let session = Authenticator::from_ref(state).session(token).await?;
        RateLimits::from_ref(state).session(session.session_id)?;
        Ok(Self {
            user_id: session.user_id,
            session_id: session.session_id,
            is_administrator: session.is_administrator,
            via,
        })
    }
}
