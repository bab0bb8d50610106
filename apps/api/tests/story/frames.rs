//! What comes over a socket that should not: an error with a stable code, and the connection
//! stays; and who may open a socket at all.

use clickclack_client::{Call, Client, ClientError, Socket};
use clickclack_protocol::api::{self, ClientFrame, ProblemCode, ServerFrame};
use clickclack_protocol::limits;
use clickclack_trial::both;

use crate::listener::Listener;
use crate::town::{Town, code};

const NOWHERE: &str = "wsp_01HZXW3V9Y4Q2J8K7M6N5P4R3S";

/// A handshake, told by its headers.
fn knock(protocols: &str) -> Call {
    Call::of("openSocket", &[])
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", protocols)
}

/// 101, or the code that it is refused with.
async fn knocks(client: &Client, call: Call) -> Result<u16, ProblemCode> {
    let answer = client.send(call).await.unwrap();
    match answer.status.as_u16() {
        101 => Ok(101),
        _ => Err(answer.problem().unwrap().code),
    }
}

async fn next_error(listener: &mut Listener) -> api::ErrorFrame {
    let error = listener.until(|frame| match frame {
        ServerFrame::Error(error) => Some(error.clone()),
        _ => None,
    });
    error.await
}

both! {
    async fn a_bad_frame_is_refused_and_the_connection_stays(database: &Database) {
        let town = Town::open(database).await;
        let mut listener = town.ana.listens(town.workspace_id).await;
        let (malformed, invalid) = (ProblemCode::MalformedRequest, ProblemCode::InvalidRequest);
        let subscribe = |rest: &str| format!(r#"{{"type":"subscribe",{rest}}}"#);
        for (text, code, named) in [
            (String::new(), malformed, None),
            ("{".into(), malformed, None),
            ("hello".into(), malformed, None),
            ("[]".into(), invalid, None),
            ("{}".into(), invalid, None),
            (r#"{"type":"shout"}"#.into(), invalid, None),
            (r#"{"type":7}"#.into(), invalid, None),
            (r#"{"type":"ping"}"#.into(), invalid, None),
            (r#"{"type":"ping","t":"x"}"#.into(), invalid, None),
            (r#"{"type":"presence","state":"asleep"}"#.into(), invalid, None),
            (subscribe(r#""workspace_id":7"#), invalid, None),
            (subscribe(r#""workspace_id":"wsp_1""#), invalid, Some("wsp_1")),
            (
                subscribe(&format!(r#""workspace_id":"{NOWHERE}","after_cursor":"x""#)),
                invalid,
                Some(NOWHERE),
            ),
            (
                subscribe(&format!(r#""workspace_id":"{NOWHERE}""#)),
                ProblemCode::NotFound,
                Some(NOWHERE),
            ),
            (
                r#"{"type":"typing","channel_id":"usr_1","state":"started"}"#.into(),
                invalid,
                Some("usr_1"),
            ),
            (
                r#"{"type":"typing","channel_id":"chn_01HZXW3V9Y4Q2J8K7M6N5P4R3S","state":"started"}"#
                    .into(),
                ProblemCode::NotFound,
                Some("chn_01HZXW3V9Y4Q2J8K7M6N5P4R3S"),
            ),
        ] {
            listener.socket.say_text(&text).await.unwrap();
            let error = next_error(&mut listener).await;
            assert_eq!((error.code, error.r#ref.as_deref()), (code, named), "{text}");
        }
        listener.socket.say_bytes(vec![0xff, 0]).await.unwrap();
        assert_eq!(next_error(&mut listener).await.code, malformed);
        town.ana.says(town.general, "still here").await;
        listener.hears(&["still here"]).await;
        town.close().await;
    }

    async fn a_frame_that_is_too_long_ends_the_socket(database: &Database) {
        let town = Town::open(database).await;
        let mut listener = town.ana.listens(town.workspace_id).await;
        let ping = r#"{"type":"ping","t":7777}"#;
        let fits = format!("{ping}{}", " ".repeat(limits::FRAME_BYTES - ping.len()));
        listener.socket.say_text(&fits).await.unwrap();
        listener.until(|frame| matches!(frame, ServerFrame::Pong(_)).then_some(())).await;
        listener.socket.say_text(&format!("{fits} ")).await.unwrap();
        assert_eq!(listener.closes().await.0, 1009);
        town.close().await;
    }

    async fn who_says_too_much_is_asked_to_wait_and_who_goes_on_is_shown_out(
        database: &Database
    ) {
        let town = Town::open(database).await;
        let mut listener = town.ana.listens(town.workspace_id).await;
        let ping = ClientFrame::Ping(api::PingFrame { t: 1 });
        let mut answered = 0;
        let refused = loop {
            listener.says(&ping).await;
            match listener.frame().await {
                ServerFrame::Pong(_) => answered += 1,
                ServerFrame::Error(error) => break error.code,
                _ => {}
            }
        };
        assert_eq!(refused, ProblemCode::RateLimited);
        assert!(answered > 100, "an honest client gets through: {answered}");
        town.clock.turn(1_000);
        listener.says(&ping).await;
        listener.until(|frame| matches!(frame, ServerFrame::Pong(_)).then_some(())).await;
        for _ in 0..200 {
            // The server may have closed by now.
            let _ = listener.socket.say_text("nonsense").await;
        }
        assert_eq!(listener.closes().await.0, 1008);
        town.close().await;
    }

    async fn a_socket_opens_by_token_ticket_or_cookie_with_the_own_origin(database: &Database) {
        let town = Town::open(database).await;
        let (ana, nobody) = (&town.ana.client, &town.nobody);
        let token = ana.token().unwrap();
        let port = town.server.addr().port();
        let own = format!("http://127.0.0.1:{port}");
        let cookie = format!("clickclack-{port}={token}");
        let plain = || knock("clickclack.v1");
        let by_protocol = || knock(&format!("clickclack.v1, bearer.{token}"));
        let unauthenticated = Err(ProblemCode::Unauthenticated);
        let foreign = Err(ProblemCode::OriginRefused);
        assert_eq!(knocks(nobody, by_protocol()).await, Ok(101));
        assert_eq!(knocks(ana, plain()).await, Ok(101));
        let with_cookie = || plain().header("cookie", &cookie);
        assert_eq!(knocks(nobody, with_cookie().header("origin", &own)).await, Ok(101));
        assert_eq!(knocks(nobody, with_cookie()).await, foreign, "an Origin must be there");
        let elsewhere = "http://evil.example";
        assert_eq!(knocks(nobody, with_cookie().header("origin", elsewhere)).await, foreign);
        assert_eq!(knocks(nobody, by_protocol().header("origin", elsewhere)).await, foreign);
        assert_eq!(knocks(nobody, plain()).await, unauthenticated);
        let guessed = knock("clickclack.v1, bearer.cks_guessed");
        assert_eq!(knocks(nobody, guessed).await, unauthenticated);
        let upgrade = Err(ProblemCode::UpgradeRequired);
        assert_eq!(knocks(ana, knock("chat")).await, upgrade, "another subprotocol");
        assert_eq!(knocks(ana, Call::of("openSocket", &[])).await, upgrade, "a plain request");
        town.close().await;
    }

    async fn a_ticket_opens_one_socket_within_thirty_seconds(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let ticket = ben.client.create_ticket().await.unwrap().ticket;
        let socket = Socket::open_with_ticket(&town.nobody, &ticket).await.unwrap();
        let mut listener = Listener::on(socket).await;
        listener.subscribe(town.workspace_id, None).await;
        let subscribed = |frame: &ServerFrame| matches!(frame, ServerFrame::Subscribed(_));
        listener.until(|frame| subscribed(frame).then_some(())).await;
        let refused = |opened: Result<Socket, ClientError>| {
            assert_eq!(code(opened), ProblemCode::Unauthenticated);
        };
        refused(Socket::open_with_ticket(&town.nobody, &ticket).await);
        refused(Socket::open_with_ticket(&town.nobody, "ckt_guessed").await);

        let late = ben.client.create_ticket().await.unwrap().ticket;
        town.clock.turn(30_000);
        refused(Socket::open_with_ticket(&town.nobody, &late).await);
        let in_time = ben.client.create_ticket().await.unwrap().ticket;
        town.clock.turn(29_999);
        Socket::open_with_ticket(&town.nobody, &in_time).await.unwrap();

        let orphan = ben.client.create_ticket().await.unwrap().ticket;
        ben.client.log_out().await.unwrap();
        refused(Socket::open_with_ticket(&town.nobody, &orphan).await);
        town.close().await;
    }

    async fn a_client_that_does_not_answer_is_gone(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let mut silent = ben.listens(town.workspace_id).await;
        let heartbeat = |frame: &ServerFrame| {
            matches!(frame, ServerFrame::Heartbeat(_)).then_some(())
        };
        // Whoever does not read does not answer the pings either.
        for _ in 0..2 {
            town.clock.turn(25_001);
            ana_hears.until(heartbeat).await;
            ana_hears.settles().await;
        }
        let (code, frames) = silent.closes().await;
        assert_eq!(code, 4008);
        assert_eq!(frames.iter().filter_map(heartbeat).count(), 1, "{frames:?}");
        town.close().await;
    }
}
