//! Signing in as a browser does.

use clickclack_api::auth::origin::PublicUrl;
use clickclack_client::{Answer, Call};
use clickclack_protocol::api::ProblemCode;

use crate::doors::house::House;

const ANA: &str = r#"{"email":"ana@tidepool.example","password":"correct horse"}"#;

fn log_in(origin: &str) -> Call {
    Call::of("logIn", &[]).body("application/json", ANA).header("origin", origin)
}

fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie").unwrap();
    set.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_cookie_works_for_this_servers_pages_only() {
    let house = House::open().await;
    house.ana().await;
    let origin = format!("http://{}", house.running.addr());
    let without = Call::of("logIn", &[]).body("application/json", ANA);
    let refused = house.client.send(without).await.unwrap();
    assert_eq!(refused.problem().unwrap().code, ProblemCode::OriginRefused);
    let signed_in = house.client.send(log_in(&origin)).await.unwrap();
    assert_eq!(signed_in.status, 201);
    assert!(!String::from_utf8_lossy(&signed_in.body).contains("cks_"), "no script sees the token");
    let cookie = cookie(&signed_in);
    assert!(cookie.starts_with(&format!("clickclack-{}=cks_", house.running.addr().port())));

    let send = async |call: Call| house.client.send(call.header("cookie", &cookie)).await.unwrap();
    assert_eq!(send(Call::of("getMe", &[])).await.status, 200);
    let rename = || Call::of("updateMe", &[]).body("application/json", r#"{"name":"Ana"}"#);
    for call in [rename(), rename().header("origin", "http://evil.example")] {
        let refused = send(call).await;
        assert_eq!(refused.problem().unwrap().code, ProblemCode::OriginRefused);
    }
    assert_eq!(send(rename().header("origin", &origin)).await.status, 200);
    let out = send(Call::of("logOut", &[]).header("origin", &origin)).await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(send(Call::of("getMe", &[])).await.status, 401);
}

#[tokio::test]
async fn a_cookie_that_takes_the_place_of_another_ends_its_session() {
    let house = House::open().await;
    house.ana().await;
    let origin = format!("http://{}", house.running.addr());
    let first = cookie(&house.client.send(log_in(&origin)).await.unwrap());
    let me = async |cookie: &str| {
        let call = Call::of("getMe", &[]).header("cookie", cookie);
        house.client.send(call).await.unwrap().status.as_u16()
    };
    let wrong = ANA.replace("horse", "house");
    let failed = log_in(&origin).body("application/json", wrong).header("cookie", &first);
    assert_eq!(house.client.send(failed).await.unwrap().status, 401);
    assert_eq!(me(&first).await, 200, "who does not get in loses nothing");
    let again = log_in(&origin).header("cookie", &first);
    let second = cookie(&house.client.send(again).await.unwrap());
    assert_eq!((me(&first).await, me(&second).await), (401, 200));
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let public = PublicUrl::parse("https://chat.example").unwrap();
    let house = House::with(|config| config.public_url = Some(public)).await;
    let call = |call: Call| call.header("host", "chat.example");
    let origin = "https://chat.example";
    let link = house.running.setup_link().unwrap();
    assert!(link.starts_with("https://chat.example/setup#token=ckp_"), "{link}");
    let body = serde_json::json!({
        "token": link.rsplit('=').next().unwrap(), "name": "Ana", "workspace_name": "Tidepool",
        "email": "ana@tidepool.example", "password": "correct horse",
    });
    let set_up = call(Call::of("setUp", &[]).json(&body)).header("origin", origin);
    let answer = house.client.send(set_up).await.unwrap();
    assert_eq!(answer.status, 201);
    let set = answer.header("set-cookie").unwrap();
    assert!(set.starts_with("__Host-clickclack=cks_") && set.ends_with("; Secure"), "{set}");
    assert!(answer.header("strict-transport-security").is_some());
}

#[tokio::test]
async fn over_plain_http_elsewhere_no_cookie_is_set() {
    let public = PublicUrl::parse("http://chat.example:8080").unwrap();
    let house = House::with(|config| config.public_url = Some(public)).await;
    let call = log_in("http://chat.example:8080").header("host", "chat.example:8080");
    let problem = house.client.send(call).await.unwrap().problem().unwrap();
    assert_eq!(problem.code, ProblemCode::InvalidRequest);
    assert_eq!(problem.errors.unwrap()[0].field, "transport");
}
