//! The first walk: set up, invite, talk.

use clickclack_client::{Call, Client};
use clickclack_protocol::api::{self, ProblemCode};
use hyper::Method;

use crate::doors::house::{House, draft, follow, general, hear_message};

#[tokio::test]
async fn what_one_sends_the_other_sees_at_once() {
    let house = House::open().await;
    let (ana, workspace) = house.ana().await;
    let ben = house.ben(&ana, &workspace).await;
    let channel = general(&ana, &workspace).await;
    let mut socket = follow(&ben, &workspace).await;
    let sent = ana.send_message(channel.id, &draft("nonce-0001", "Hello, Ben.")).await.unwrap();
    let heard = hear_message(&mut socket).await;
    assert_eq!((heard.id, heard.body.as_str()), (sent.id, "Hello, Ben."));
    let call = Call::of("sendMessage", &[("channel_id", &channel.id)]);
    let again = ana.send(call.json(&draft("nonce-0001", "Hello, Ben."))).await.unwrap();
    assert_eq!(again.status, 200);
    let page = ben.list_messages(channel.id, &api::ListMessagesQuery::default()).await.unwrap();
    assert_eq!(page.messages.len(), 1);
    house.running.desk().store().close().await;
    let lost = ana.send_message(channel.id, &draft("nonce-0002", "Lost.")).await.unwrap_err();
    assert_eq!(lost.code(), Some(ProblemCode::Unavailable));
}

#[tokio::test]
async fn the_link_sets_up_once() {
    let house = House::open().await;
    assert!(house.client.get_auth_providers().await.unwrap().setup_required);
    let mut body = api::SetUp {
        token: "ckp_wrong".to_owned(),
        name: "Eve".to_owned(),
        email: "eve@tidepool.example".to_owned(),
        password: "long enough".to_owned(),
        workspace_name: "Eve's".to_owned(),
        transport: Some(api::SessionTransport::Token),
    };
    let refused = house.client.set_up(&body).await.unwrap_err();
    assert_eq!(refused.code(), Some(ProblemCode::SetupTokenInvalid));
    house.ana().await;
    assert!(!house.client.get_auth_providers().await.unwrap().setup_required);
    let link = house.running.setup_link().unwrap();
    body.token = link.rsplit('=').next().unwrap().to_owned();
    let refused = house.client.set_up(&body).await.unwrap_err();
    assert_eq!(refused.code(), Some(ProblemCode::SetupDone));
}

#[tokio::test]
async fn the_demo_door_is_open_for_this_machine_only() {
    let dev = House::with(|config| config.dev = true).await;
    assert!(dev.client.get_auth_providers().await.unwrap().demo);
    let body = api::LogInAsDemo { transport: Some(api::SessionTransport::Token) };
    let signed_in = dev.client.log_in_as_demo(&body).await.unwrap();
    assert!(signed_in.account.is_administrator);
    let proxied = Call::of("logInAsDemo", &[]).json(&body).header("x-forwarded-for", "127.0.0.1");
    assert_eq!(dev.client.send(proxied).await.unwrap().status, 404);
    let closed = House::open().await;
    assert!(!closed.client.get_auth_providers().await.unwrap().demo);
    let refused = closed.client.log_in_as_demo(&body).await.unwrap_err();
    assert_eq!(refused.code(), Some(ProblemCode::NotFound));
}

#[tokio::test]
async fn a_password_signs_in_and_a_wrong_one_does_not() {
    let house = House::open().await;
    house.ana().await;
    let log_in = async |email: &str, password: &str| {
        let (email, password) = (email.to_owned(), password.to_owned());
        let transport = Some(api::SessionTransport::Token);
        house.client.log_in(&api::LogIn { email, password, transport }).await
    };
    let signed_in = log_in("ANA@tidepool.example", "correct horse").await.unwrap();
    let ana = house.client.with_token(&signed_in.token.unwrap());
    for (email, password) in
        [("ana@tidepool.example", "correct hors"), ("nobody@tidepool.example", "correct horse")]
    {
        let refused = log_in(email, password).await.unwrap_err();
        assert_eq!(refused.code(), Some(ProblemCode::CredentialsInvalid));
    }
    let change = |current: &str| api::ChangePassword {
        current_password: Some(current.to_owned()),
        new_password: "a new password".to_owned(),
    };
    let refused = ana.change_password(&change("guessed")).await.unwrap_err();
    assert_eq!(refused.code(), Some(ProblemCode::CredentialsInvalid));
    ana.change_password(&change("correct horse")).await.unwrap();
    assert!(log_in("ana@tidepool.example", "correct horse").await.is_err());
    assert_eq!(ana.list_sessions().await.unwrap().items.len(), 1);
    log_in("ana@tidepool.example", "a new password").await.unwrap();
}

#[tokio::test]
async fn operators_see_health_contract_and_counters() {
    let house = House::open().await;
    let (ana, _) = house.ana().await;
    assert_eq!(house.client.get_health().await.unwrap().status, api::HealthStatus::Ok);
    house.client.get_readiness().await.unwrap();
    let get = async |client: &Client, call: Call| client.send(call).await.unwrap();
    let contract = get(&house.client, Call::of("getContract", &[])).await;
    assert!(contract.body.starts_with(b"# The contract of ClickClack"));
    let metrics = get(&house.client, Call::of("getMetrics", &[])).await;
    let text = String::from_utf8(metrics.body.to_vec()).unwrap();
    assert!(text.contains("\nclickclack_http_requests_total{status=\"2xx\"} "), "{text}");
    let proxied = || Call::of("getMetrics", &[]).header("x-forwarded-for", "203.0.113.9");
    assert_eq!(get(&house.client, proxied()).await.status, 404);
    assert_eq!(get(&ana, proxied()).await.status, 200);
    let probe = Call::raw(Method::GET, "/healthz").header("host", "10.0.0.7:8080");
    assert_eq!(get(&house.client, probe).await.status, 200);
}
