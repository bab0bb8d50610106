//! What a browser may do with its cookie, from which pages, and under which names the server
//! answers.

use std::sync::Arc;

use clickclack_api::app::Running;
use clickclack_api::auth::origin::PublicUrl;
use clickclack_client::{Answer, Call, Client};
use clickclack_protocol::api::{self, ProblemCode};
use clickclack_protocol::operations::{OPERATIONS, Operation, Security};
use clickclack_trial::{Database, both};
use hyper::Method;

use crate::town::{PASSWORD, Town, client, config, open, sign_up};

/// A browser: it keeps one cookie and says where its page is from.
#[derive(Clone)]
struct Browser {
    client: Client,
    host: String,
    origin: Option<String>,
    cookie: Option<String>,
}

impl Browser {
    fn at(town: &Town) -> Self {
        let host = format!("localhost:{}", town.server.addr().port());
        let origin = Some(format!("http://{host}"));
        Self { client: town.nobody.clone(), host, origin, cookie: None }
    }

    /// The same with a page from somewhere else.
    fn from(&self, origin: Option<&str>) -> Self {
        Self { origin: origin.map(Into::into), ..self.clone() }
    }

    /// The same by another name of the server.
    fn by(&self, host: &str) -> Self {
        Self { host: host.into(), ..self.clone() }
    }

    async fn sends(&self, call: Call) -> Answer {
        let mut call = call.header("host", &self.host);
        if let Some(origin) = &self.origin {
            call = call.header("origin", origin);
        }
        if let Some(cookie) = &self.cookie {
            call = call.header("cookie", &format!("theme=dark; {cookie}; last=1"));
        }
        self.client.send(call).await.unwrap()
    }

    async fn code(&self, call: Call) -> ProblemCode {
        self.sends(call).await.problem().unwrap().code
    }

    /// Signs Ana in and keeps the cookie that is set.
    async fn signs_in(&mut self) -> String {
        let answer = self.sends(log_in()).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let set = answer.header("set-cookie").unwrap().to_owned();
        self.cookie = set.split(';').next().map(ToOwned::to_owned);
        set
    }
}

fn log_in() -> Call {
    let email = "ana@tidepool.example".to_owned();
    let body = api::LogIn { email, password: PASSWORD.into(), transport: None };
    Call::of("logIn", &[]).json(&body)
}

fn rename() -> Call {
    Call::of("updateMe", &[]).json(&api::UpdateMe { name: Some("Ana".into()) })
}

/// A call of an operation with made-up ids and an empty body.
fn any(operation: &Operation) -> Call {
    let path: Vec<&str> = operation
        .path
        .split('/')
        .map(|part| match part {
            "{workspace_id}" => "wsp_00000000000000000000000001",
            "{channel_id}" => "chn_00000000000000000000000001",
            "{message_id}" => "msg_00000000000000000000000001",
            "{user_id}" => "usr_00000000000000000000000001",
            "{session_id}" => "ses_00000000000000000000000001",
            "{invite_id}" => "inv_00000000000000000000000001",
            "{token}" => "cki_unknown",
            part => part,
        })
        .collect();
    let method: Method = operation.method.parse().unwrap();
    Call::raw(method, path.join("/")).body("application/json", "{}")
}

/// Ana's server after a restart with a public URL, and a browser at it.
async fn known_as(database: &Database, url: &str) -> (Running, Browser) {
    let mut config = config(database);
    Town::open_with(config.clone()).await.close().await;
    config.public_url = Some(PublicUrl::parse(url).unwrap());
    let server = open(config, Arc::default()).await;
    let host = url.split_once("://").unwrap().1.to_owned();
    let browser = Browser { client: client(&server), host, origin: Some(url.into()), cookie: None };
    (server, browser)
}

both! {
    async fn on_loopback_the_cookie_is_named_after_the_port(database: &Database) {
        let town = Town::open(database).await;
        let mut browser = Browser::at(&town);
        let answer = browser.sends(log_in()).await;
        let body = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(!body.contains("cks_") && !body.contains("\"token\""), "no script sees it: {body}");
        let set = browser.signs_in().await;
        let (cookie, rest) = set.split_once("; ").unwrap();
        let name = format!("clickclack-{}=cks_", town.server.addr().port());
        assert!(cookie.starts_with(&name), "{cookie}");
        assert_eq!(rest, "Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000");
        assert_eq!(browser.sends(Call::of("getMe", &[])).await.status, 200);

        let out = browser.sends(Call::of("logOut", &[])).await;
        assert_eq!(out.status, 204);
        assert!(out.header("set-cookie").unwrap().contains("=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
        assert_eq!(browser.code(Call::of("getMe", &[])).await, ProblemCode::Unauthenticated);
        town.close().await;
    }

    async fn signing_up_sets_the_cookie_as_well(database: &Database) {
        let town = Town::open(database).await;
        let invite = api::CreateInvite::default();
        let token = town.ana.client.create_invite(town.workspace_id, &invite).await.unwrap().token;
        let body = api::SignUp { transport: None, ..sign_up("Ben", Some(token)) };
        let call = || Call::of("signUp", &[]).json(&body);
        let nowhere = Browser::at(&town).from(None);
        assert_eq!(nowhere.code(call()).await, ProblemCode::OriginRefused);
        let answer = Browser::at(&town).sends(call()).await;
        assert!(answer.header("set-cookie").unwrap().contains("HttpOnly"));
        let signed_in: api::SignedIn = answer.json().unwrap();
        assert_eq!((signed_in.account.name.as_str(), signed_in.token), ("Ben", None));
        town.close().await;
    }

    async fn every_write_by_cookie_needs_the_servers_own_origin(database: &Database) {
        let town = Town::open(database).await;
        let mut browser = Browser::at(&town);
        browser.signs_in().await;
        let port = town.server.addr().port();
        let foreign = [
            None,
            Some("null".to_owned()),
            Some("http://evil.example".to_owned()),
            Some(format!("https://localhost:{port}")),
            Some(format!("http://localhost:{}", port ^ 1)),
            Some(format!("http://localhost.evil.example:{port}")),
            Some(format!("http://127.0.0.1:{port}")),
        ];
        for origin in foreign {
            let page = browser.from(origin.as_deref());
            assert_eq!(page.code(rename()).await, ProblemCode::OriginRefused, "{origin:?}");
            assert_eq!(page.code(log_in()).await, ProblemCode::OriginRefused, "{origin:?}");
            assert_eq!(page.sends(Call::of("getMe", &[])).await.status, 200, "reading is safe");
        }
        let without = browser.from(None);
        let mut writes = 0;
        for operation in OPERATIONS.iter().filter(|operation| operation.method != "GET") {
            if operation.security == Security::Session {
                let refused = without.code(any(operation)).await;
                assert_eq!(refused, ProblemCode::OriginRefused, "{}", operation.id);
                writes += 1;
            }
        }
        assert!(writes > 20, "only {writes} operations were tried");
        assert_eq!(browser.sends(rename()).await.status, 200, "and the session is as it was");
        town.close().await;
    }

    async fn a_bearer_token_needs_no_origin(database: &Database) {
        let town = Town::open(database).await;
        assert_eq!(town.ana.client.send(rename()).await.unwrap().status, 200);
        let foreign = rename().header("origin", "http://evil.example");
        let answer = town.ana.client.send(foreign).await.unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), None, "but no page may read it");
        town.close().await;
    }

    async fn a_foreign_host_finds_nothing(database: &Database) {
        let town = Town::open(database).await;
        let mut browser = Browser::at(&town);
        browser.signs_in().await;
        let port = town.server.addr().port();
        for host in [
            // DNS rebinding: the browser was told that evil.example is this machine.
            format!("evil.example:{port}"),
            format!("localhost.evil.example:{port}"),
            format!("localhost:{}", port ^ 1),
            "localhost".to_owned(),
            format!("127.0.0.2:{port}"),
            String::new(),
        ] {
            let rebound = browser.by(&host).from(Some(&format!("http://{host}")));
            for call in [
                Call::of("getMe", &[]),
                Call::of("getAuthProviders", &[]),
                log_in(),
                Call::raw(Method::GET, "/"),
                Call::raw(Method::GET, "/api/no/such"),
            ] {
                assert_eq!(rebound.code(call).await, ProblemCode::HostRefused, "{host:?}");
            }
            let bearer = Call::of("getMe", &[]).header("host", &host);
            let refused = town.ana.client.send(bearer).await.unwrap();
            assert_eq!(refused.status, 421, "{host:?}");
        }
        for host in ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"] {
            let own = Call::of("getMe", &[]).header("host", &format!("{host}:{port}"));
            assert_eq!(town.ana.client.send(own).await.unwrap().status, 200, "{host}");
        }
        town.close().await;
    }

    async fn the_public_url_fixes_host_origin_and_cookie(database: &Database) {
        let (server, mut browser) = known_as(database, "https://chat.tidepool.example").await;
        let set = browser.signs_in().await;
        assert!(set.starts_with("__Host-clickclack=cks_"), "{set}");
        assert!(set.contains("; Path=/; HttpOnly; SameSite=Lax;") && set.ends_with("; Secure"));
        assert!(!set.to_lowercase().contains("domain"));
        let answer = browser.sends(rename()).await;
        assert_eq!(answer.status, 200);
        assert!(answer.header("strict-transport-security").is_some());

        let port = server.addr().port();
        for origin in ["http://chat.tidepool.example", "https://tidepool.example"] {
            let refused = browser.from(Some(origin)).code(rename()).await;
            assert_eq!(refused, ProblemCode::OriginRefused, "{origin}");
        }
        for host in [format!("localhost:{port}"), "chat.tidepool.example:8443".to_owned()] {
            let refused = browser.by(&host).code(Call::of("getMe", &[])).await;
            assert_eq!(refused, ProblemCode::HostRefused);
        }
        server.shutdown().await;
    }

    async fn over_plain_http_elsewhere_no_cookie_is_set(database: &Database) {
        let (server, browser) = known_as(database, "http://chat.tidepool.example:8080").await;
        let answer = browser.sends(log_in()).await;
        assert_eq!(answer.header("set-cookie"), None);
        let problem = answer.problem().unwrap();
        assert_eq!(problem.code, ProblemCode::InvalidRequest);
        let errors = problem.errors.unwrap();
        assert_eq!(errors[0].field, "transport");
        assert!(errors[0].message.contains("https"), "it says what to do: {errors:?}");
        server.shutdown().await;
    }
}
