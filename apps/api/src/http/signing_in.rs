//! Signing in and out: set-up, sign-up, password, magic link, demo.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{FromRef, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clickclack_chat::callers;
use clickclack_chat::instance::GetAuthProviders;
use clickclack_chat::links::{ConsumeMagicLink, RequestMagicLink};
use clickclack_chat::passwords::PasswordOf;
use clickclack_chat::sessions::{LogOut, OpenSession, SESSION_LIFE_MS, SignedIn};
use clickclack_chat::setup::{EnsureDemo, SetUp};
use clickclack_chat::signup::SignUp;
use clickclack_chat::text;
use clickclack_chat::{Desk, workspaces};
use clickclack_protocol::api::{self, ProblemCode, SessionTransport};
use clickclack_protocol::limits;

use crate::VERSION;
use crate::auth::caller::{Authenticator, Caller, Via, own_origin};
use crate::auth::cookie;
use crate::auth::origin::Site;
use crate::auth::passwords::Passwords;
use crate::auth::peer::Peer;
use crate::auth::rates::RateLimits;
use crate::http::body::{Json, at_most};
use crate::http::problem::Problem;
use crate::http::reply::{Reply, created, ok};
use crate::leaves::Doors;

/// Somebody at a credential door: counted against their address, and known by how they came.
pub struct Visitor {
    site: Arc<Site>,
    authenticator: Authenticator,
    headers: HeaderMap,
    peer: Peer,
}

impl<S> FromRequestParts<S> for Visitor
where
    S: Send + Sync,
    Arc<Site>: FromRef<S>,
    Authenticator: FromRef<S>,
    RateLimits: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let peer = *parts.extensions.get::<Peer>().expect("the door puts the peer into requests");
        let site = Arc::<Site>::from_ref(state);
        // A browser says where a page is from; no other page may sign anybody in.
        if parts.headers.contains_key(header::ORIGIN) {
            own_origin(&site, &parts.headers)?;
        }
        RateLimits::from_ref(state).credential(peer.limited_as())?;
        let authenticator = Authenticator::from_ref(state);
        Ok(Self { site, authenticator, headers: parts.headers.clone(), peer })
    }
}

impl Visitor {
    fn agent(&self) -> String {
        let agent = self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        agent.unwrap_or("").to_owned()
    }

    fn address(&self) -> String {
        self.peer.address.to_string()
    }

    /// Whether the session can be handed over as asked, before anything is done.
    fn accepts(&self, transport: Option<SessionTransport>) -> Result<SessionTransport, Problem> {
        let transport = transport.unwrap_or(SessionTransport::Cookie);
        if transport == SessionTransport::Cookie {
            own_origin(&self.site, &self.headers)?;
            if self.site.cookie_name().is_none() {
                return Err(Problem::field(
                    "transport",
                    "a cookie is not set over plain http to another machine: use https, or token",
                ));
            }
        }
        Ok(transport)
    }

    /// The answer that carries the session. A cookie takes the place of the one that the browser
    /// had: that session ends, or its open tabs would go on writing, as somebody else.
    async fn signed_in(
        &self,
        desk: &Desk,
        signed_in: SignedIn,
        transport: SessionTransport,
    ) -> Result<Response, Problem> {
        let SignedIn { account, session, token } = signed_in;
        Ok(match transport {
            SessionTransport::Token => {
                created(api::SignedIn { account, session, token: Some(token) }).into_response()
            }
            SessionTransport::Cookie => {
                if let Some(old) = cookie::token(&self.site, &self.headers)
                    && let Ok(callers::Caller { user_id: actor, session_id, .. }) =
                        self.authenticator.session(old).await
                {
                    desk.act(LogOut { actor, session_id }).await?;
                }
                let cookie = cookie::set(&self.site, &token, SESSION_LIFE_MS / 1000)
                    .expect("the transport was accepted, so there is a cookie");
                let body = created(api::SignedIn { account, session, token: None });
                ([(header::SET_COOKIE, cookie)], body).into_response()
            }
        })
    }
}

/// `getAuthProviders`
pub async fn get_auth_providers(
    State(desk): State<Desk>,
    State(doors): State<Doors>,
    State(site): State<Arc<Site>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Result<Reply<api::AuthProviders>, Problem> {
    let state = desk.look(GetAuthProviders).await?;
    Ok(ok(api::AuthProviders {
        instance_name: state.name,
        setup_required: state.setup_required,
        signup_policy: state.signup_policy,
        password: true,
        magic_link: doors.sends_mail,
        demo: is_demo(doors, &site, peer, &headers),
        server_version: VERSION.to_owned(),
    }))
}

/// Only under `--dev`, on this machine, by its own name, without a proxy.
fn is_demo(doors: Doors, site: &Site, peer: Peer, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("");
    doors.demo && peer.is_local && site.is_local_name(host)
}

/// `setUp`
pub async fn set_up(
    State(desk): State<Desk>,
    State(passwords): State<Passwords>,
    visitor: Visitor,
    Json(body): Json<api::SetUp>,
) -> Result<Response, Problem> {
    let transport = visitor.accepts(body.transport)?;
    text::person_name(&body.name)?;
    text::email(&body.email)?;
    text::new_password("password", &body.password)?;
    workspaces::name("workspace_name", &body.workspace_name)?;
    let signed_in = desk
        .act(SetUp {
            token: body.token,
            name: body.name,
            email: body.email,
            password_phc: passwords.hash(body.password).await?,
            workspace_name: body.workspace_name,
            agent: visitor.agent(),
            address: visitor.address(),
        })
        .await?;
    visitor.signed_in(&desk, signed_in, transport).await
}

/// `signUp`
pub async fn sign_up(
    State(desk): State<Desk>,
    State(passwords): State<Passwords>,
    visitor: Visitor,
    Json(body): Json<api::SignUp>,
) -> Result<Response, Problem> {
    let transport = visitor.accepts(body.transport)?;
    text::person_name(&body.name)?;
    text::email(&body.email)?;
    text::new_password("password", &body.password)?;
    let signed_in = desk
        .act(SignUp {
            name: body.name,
            email: body.email,
            password_phc: passwords.hash(body.password).await?,
            invite_token: body.invite_token,
            agent: visitor.agent(),
            address: visitor.address(),
        })
        .await?;
    visitor.signed_in(&desk, signed_in, transport).await
}

/// `logIn`: the same work and the same answer for accounts that exist and that do not.
pub async fn log_in(
    State(desk): State<Desk>,
    State(passwords): State<Passwords>,
    State(limits): State<RateLimits>,
    visitor: Visitor,
    Json(body): Json<api::LogIn>,
) -> Result<Response, Problem> {
    let transport = visitor.accepts(body.transport)?;
    at_most("email", &body.email, limits::EMAIL_CHARS)?;
    at_most("password", &body.password, limits::PASSWORD_CHARS)?;
    limits.account(visitor.peer.limited_as(), &body.email)?;
    let (user_id, phc) = desk.look(PasswordOf { email: body.email }).await?.unzip();
    let fits = passwords.verify(body.password, phc.clone()).await?;
    let Some(user_id) = user_id.filter(|_| fits) else {
        return Err(Problem::new(ProblemCode::CredentialsInvalid));
    };
    let (agent, address) = (visitor.agent(), visitor.address());
    let signed_in = desk.act(OpenSession { user_id, verified_phc: phc, agent, address }).await?;
    visitor.signed_in(&desk, signed_in, transport).await
}

/// `logInAsDemo`
pub async fn log_in_as_demo(
    State(desk): State<Desk>,
    State(doors): State<Doors>,
    visitor: Visitor,
    Json(body): Json<api::LogInAsDemo>,
) -> Result<Response, Problem> {
    if !is_demo(doors, &visitor.site, visitor.peer, &visitor.headers) {
        return Err(Problem::new(ProblemCode::NotFound));
    }
    let transport = visitor.accepts(body.transport)?;
    let user_id = desk.act(EnsureDemo).await?;
    let (agent, address) = (visitor.agent(), visitor.address());
    let signed_in = desk.act(OpenSession { user_id, verified_phc: None, agent, address }).await?;
    visitor.signed_in(&desk, signed_in, transport).await
}

/// `logOut`
pub async fn log_out(
    State(desk): State<Desk>,
    State(site): State<Arc<Site>>,
    caller: Caller,
) -> Result<Response, Problem> {
    desk.act(LogOut { actor: caller.user_id, session_id: caller.session_id }).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let (Via::Cookie, Some(cookie)) = (caller.via, cookie::clear(&site)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `requestMagicLink`
pub async fn request_magic_link(
    State(desk): State<Desk>,
    State(doors): State<Doors>,
    State(limits): State<RateLimits>,
    _visitor: Visitor,
    Json(body): Json<api::RequestMagicLink>,
) -> Result<StatusCode, Problem> {
    at_most("email", &body.email, limits::EMAIL_CHARS)?;
    if !doors.sends_mail {
        return Err(Problem::new(ProblemCode::MailNotConfigured)
            .detail("Ask the administrator for a link; `clickclack admin magic-link create`."));
    }
    limits.letter(&body.email)?;
    desk.act(RequestMagicLink { email: body.email }).await?;
    Ok(StatusCode::ACCEPTED)
}

/// `consumeMagicLink`
pub async fn consume_magic_link(
    State(desk): State<Desk>,
    State(passwords): State<Passwords>,
    visitor: Visitor,
    Json(body): Json<api::ConsumeMagicLink>,
) -> Result<Response, Problem> {
    let transport = visitor.accepts(body.transport)?;
    let new_phc = match body.new_password {
        Some(password) => {
            text::new_password("new_password", &password)?;
            Some(passwords.hash(password).await?)
        }
        None => None,
    };
    let (agent, address) = (visitor.agent(), visitor.address());
    let signed_in =
        desk.act(ConsumeMagicLink { token: body.token, new_phc, agent, address }).await?;
    visitor.signed_in(&desk, signed_in, transport).await
}
