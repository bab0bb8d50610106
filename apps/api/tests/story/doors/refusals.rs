//! What is refused, and that every refusal is a problem with a request id.

use clickclack_client::{Answer, Call};
use clickclack_protocol::api::ProblemCode;
use clickclack_protocol::limits;
use clickclack_protocol::operations::{OPERATIONS, Security};
use hyper::Method;

use crate::doors::house::{House, general};

fn code(answer: &Answer) -> ProblemCode {
    let problem = answer.problem().unwrap();
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(answer.header("x-request-id"), Some(problem.request_id.as_str()));
    assert_eq!(i32::from(answer.status.as_u16()), problem.status);
    problem.code
}

#[tokio::test]
async fn every_operation_that_wants_a_session_says_so() {
    let house = House::open().await;
    for operation in OPERATIONS {
        if operation.security != Security::Session || operation.id == "openSocket" {
            continue;
        }
        let path = operation
            .path
            .split('/')
            .map(|part| match part {
                "{workspace_id}" => "wsp_01KAEXW3V9Y4Q2J8K7M6N5P4R3",
                "{channel_id}" => "chn_01KAEXW3V9Y4Q2J8K7M6N5P4R3",
                "{message_id}" => "msg_01KAEXW3V9Y4Q2J8K7M6N5P4R3",
                "{user_id}" => "usr_01KAEXW3V9Y4Q2J8K7M6N5P4R3",
                "{session_id}" => "ses_01KAEXW3V9Y4Q2J8K7M6N5P4R3",
                "{invite_id}" => "inv_01KAEXW3V9Y4Q2J8K7M6N5P4R3",
                part => part,
            })
            .collect::<Vec<_>>()
            .join("/");
        let call = Call::raw(operation.method.parse().unwrap(), path);
        for client in [house.client.clone(), house.client.with_token("cks_wrong")] {
            let answer = client.send(call.clone()).await.unwrap();
            assert_eq!(code(&answer), ProblemCode::Unauthenticated, "{}", operation.id);
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
    }
}

#[tokio::test]
async fn paths_and_methods_that_are_not_there() {
    let house = House::open().await;
    let send = async |method: Method, path: &str| {
        house.client.send(Call::raw(method, path)).await.unwrap()
    };
    assert_eq!(code(&send(Method::GET, "/api/no/such").await), ProblemCode::NotFound);
    assert_eq!(code(&send(Method::GET, "/assets/gone.js").await), ProblemCode::NotFound);
    let wrong = send(Method::PUT, "/api/me").await;
    assert_eq!(code(&wrong), ProblemCode::MethodNotAllowed);
    assert_eq!(wrong.header("allow"), Some("GET,HEAD,PATCH"));
    assert_eq!(code(&send(Method::POST, "/").await), ProblemCode::MethodNotAllowed);
    let options = send(Method::OPTIONS, "/api/me").await;
    assert_eq!((options.status.as_u16(), options.header("allow")), (204, Some("GET,HEAD,PATCH")));
    assert_eq!(options.header("access-control-allow-origin"), None);
    let head = send(Method::HEAD, "/healthz").await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
}

#[tokio::test]
async fn bodies_that_are_none() {
    let house = House::open().await;
    let (ana, workspace) = house.ana().await;
    let channel = general(&ana, &workspace).await;
    let call = Call::of("sendMessage", &[("channel_id", &channel.id)]);
    let send = async |call: Call| code(&ana.send(call).await.unwrap());
    assert_eq!(send(call.clone()).await, ProblemCode::UnsupportedMediaType);
    let plain = call.clone().body("text/plain", r#"{"nonce":"12345678","body":"x"}"#);
    assert_eq!(send(plain).await, ProblemCode::UnsupportedMediaType);
    let json = |text: &str| call.clone().body("application/json", text.to_owned());
    assert_eq!(send(json("{")).await, ProblemCode::MalformedRequest);
    assert_eq!(send(json(r#"{"nonce":"12345678"}"#)).await, ProblemCode::InvalidRequest);
    let nul = r#"{"nonce":"12345678","body":"a\u0000b"}"#;
    assert_eq!(send(json(nul)).await, ProblemCode::InvalidRequest);
    let long = serde_json::json!({"nonce": "12345678", "body": "x".repeat(16_001)}).to_string();
    assert_eq!(send(json(&long)).await, ProblemCode::MessageTooLong);
    let huge = format!(r#"{{"body":"{}"}}"#, "x".repeat(limits::BODY_BYTES));
    let answer = ana.send(json(&huge)).await.unwrap();
    assert_eq!(code(&answer), ProblemCode::BodyTooLarge);
    assert_eq!(answer.problem().unwrap().limit, Some(262_144));
    let good = ana.send(json(r#"{"nonce":"12345678","body":"still here"}"#)).await.unwrap();
    assert_eq!(good.status, 201);
}

#[tokio::test]
async fn ids_and_queries_that_are_none() {
    let house = House::open().await;
    let (ana, workspace) = house.ana().await;
    let channel = general(&ana, &workspace).await;
    let get = async |path: String| ana.send(Call::raw(Method::GET, path)).await.unwrap();
    for id in ["x", "usr_01KAEXW3V9Y4Q2J8K7M6N5P4R3", "chn_01kaexw3v9y4q2j8k7m6n5p4r3", "%00"] {
        let answer = get(format!("/api/channels/{id}")).await;
        assert_eq!(code(&answer), ProblemCode::NotFound, "{id}");
    }
    let messages = format!("/api/channels/{}/messages", channel.id);
    for query in
        ["before_seq=x", "before_seq=0", "limit=0", "limit=201", "before_seq=1&after_seq=1"]
    {
        let answer = get(format!("{messages}?{query}")).await;
        assert_eq!(code(&answer), ProblemCode::InvalidRequest, "{query}");
        assert!(answer.problem().unwrap().errors.is_some(), "{query}");
    }
    for cursor in ["x", "%00", "a-1", "zz-99999999999999999999"] {
        let path =
            format!("/api/realtime/events?workspace_id={}&after_cursor={cursor}", workspace.id);
        let found = code(&get(path).await);
        let expected =
            if cursor == "a-1" { ProblemCode::ResyncRequired } else { ProblemCode::InvalidRequest };
        assert_eq!(found, expected, "{cursor}");
    }
}

#[tokio::test]
async fn other_names_and_other_pages() {
    let house = House::open().await;
    let (ana, _) = house.ana().await;
    let port = house.running.addr().port();
    let rebound = Call::of("getMe", &[]).header("host", &format!("evil.example:{port}"));
    assert_eq!(code(&ana.send(rebound).await.unwrap()), ProblemCode::HostRefused);
    let login = Call::of("logIn", &[]).body("application/json", "{}");
    let foreign = login.header("origin", "http://evil.example");
    assert_eq!(code(&house.client.send(foreign).await.unwrap()), ProblemCode::OriginRefused);
    let bearer = Call::of("getMe", &[]).header("origin", "http://evil.example");
    assert_eq!(ana.send(bearer).await.unwrap().status, 200);
}
