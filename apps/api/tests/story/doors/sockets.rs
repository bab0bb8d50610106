//! The socket's door: letting in, refusing, and closing.

use clickclack_client::{Call, Heard, Socket};
use clickclack_protocol::api::{self, ProblemCode, ServerFrame};

use crate::doors::house::{House, follow, hear, hear_close};

#[tokio::test]
async fn a_socket_says_hello_and_answers() {
    let house = House::open().await;
    let (ana, _) = house.ana().await;
    let mut socket = Socket::open(&ana).await.unwrap();
    let Heard::Frame(hello) = socket.hear().await.unwrap() else { panic!("closed") };
    let ServerFrame::Hello(hello) = *hello else { panic!("hello comes first: {hello:?}") };
    assert_eq!(hello.user_id, ana.get_me().await.unwrap().id);
    socket.say_text("{not json").await.unwrap();
    socket.say_bytes(vec![0, 1]).await.unwrap();
    socket.say(&api::ClientFrame::Ping(api::PingFrame { t: 7 })).await.unwrap();
    let mut errors = 0;
    let frame = async |socket: &mut Socket| match socket.hear().await.unwrap() {
        Heard::Frame(frame) => *frame,
        Heard::Closed(code) => panic!("closed with {code}"),
    };
    loop {
        match frame(&mut socket).await {
            ServerFrame::Error(_) => errors += 1,
            ServerFrame::Pong(pong) => break assert_eq!(pong.t, 7),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(errors, 2);
    socket.say_text(&"x".repeat(16 * 1024 + 1)).await.unwrap();
    assert_eq!(hear_close(&mut socket).await, 1009);
}

#[tokio::test]
async fn a_ticket_opens_one_socket() {
    let house = House::open().await;
    let (ana, _) = house.ana().await;
    let ticket = ana.create_ticket().await.unwrap().ticket;
    Socket::open_with_ticket(&house.client, &ticket).await.unwrap();
    assert!(Socket::open_with_ticket(&house.client, &ticket).await.is_err());
    let late = ana.create_ticket().await.unwrap().ticket;
    house.clock.turn(30_001);
    assert!(Socket::open_with_ticket(&house.client, &late).await.is_err());
}

#[tokio::test]
async fn who_may_not_open_a_socket_is_told_why() {
    let house = House::open().await;
    let (ana, _) = house.ana().await;
    let knock = |protocols: &str| {
        Call::of("openSocket", &[])
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("sec-websocket-protocol", protocols)
    };
    let code = async |client: &clickclack_client::Client, call: Call| {
        client.send(call).await.unwrap().problem().unwrap().code
    };
    let nobody = &house.client;
    assert_eq!(code(&ana, Call::of("openSocket", &[])).await, ProblemCode::UpgradeRequired);
    assert_eq!(code(&ana, knock("chat")).await, ProblemCode::UpgradeRequired);
    assert_eq!(code(nobody, knock("clickclack.v1")).await, ProblemCode::Unauthenticated);
    let wrong = knock("clickclack.v1, bearer.cks_wrong");
    assert_eq!(code(nobody, wrong).await, ProblemCode::Unauthenticated);
    let foreign = knock("clickclack.v1").header("origin", "http://evil.example");
    assert_eq!(code(&ana, foreign).await, ProblemCode::OriginRefused);
    let port = house.running.addr().port();
    let cookie = format!("clickclack-{port}={}", ana.token().unwrap());
    let no_origin = knock("clickclack.v1").header("cookie", &cookie);
    assert_eq!(code(nobody, no_origin).await, ProblemCode::OriginRefused);
}

#[tokio::test]
async fn signing_out_closes_the_socket() {
    let house = House::open().await;
    let (ana, workspace) = house.ana().await;
    let mut socket = follow(&ana, &workspace).await;
    ana.log_out().await.unwrap();
    assert_eq!(hear_close(&mut socket).await, 4003);
    assert_eq!(ana.get_me().await.unwrap_err().code(), Some(ProblemCode::Unauthenticated));
}

#[tokio::test]
async fn deactivation_ends_everything_at_once() {
    let house = House::open().await;
    let (ana, workspace) = house.ana().await;
    let ben = house.ben(&ana, &workspace).await;
    let ben_id = ben.get_me().await.unwrap().id;
    let mut socket = follow(&ben, &workspace).await;
    ana.deactivate_user(ben_id).await.unwrap();
    assert_eq!(hear_close(&mut socket).await, 4003);
    assert_eq!(ben.get_me().await.unwrap_err().code(), Some(ProblemCode::Unauthenticated));
}

#[tokio::test]
async fn a_restart_tells_every_socket_to_come_back() {
    let house = House::open().await;
    let (ana, workspace) = house.ana().await;
    let mut socket = follow(&ana, &workspace).await;
    let addr = house.running.addr();
    let (code, ()) = tokio::join!(hear_close(&mut socket), house.stop());
    assert_eq!(code, 1012);
    assert!(tokio::net::TcpStream::connect(addr).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn presence_is_told_to_the_others() {
    let house = House::open().await;
    let (ana, workspace) = house.ana().await;
    let ben = house.ben(&ana, &workspace).await;
    let ben_id = ben.get_me().await.unwrap().id;
    let mut socket = follow(&ana, &workspace).await;
    let _bens = follow(&ben, &workspace).await;
    let online = |heard: &Heard| match heard {
        Heard::Frame(frame) => match &**frame {
            ServerFrame::Presence(p) if p.user_id == ben_id => Some(p.presence),
            _ => None,
        },
        Heard::Closed(_) => None,
    };
    assert_eq!(hear(&mut socket, online).await, api::Presence::Online);
    let snapshot = ana.get_snapshot(workspace.id).await.unwrap();
    assert!(snapshot.presence.iter().any(|p| p.user_id == ben_id));
}
