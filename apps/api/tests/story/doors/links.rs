//! Sign-in links by mail.

use std::time::Duration;

use clickclack_client::Call;
use clickclack_protocol::api::{self, ProblemCode};

use crate::doors::house::House;

#[tokio::test]
async fn a_link_comes_by_mail_and_works_once() {
    let house = House::open().await;
    house.ana().await;
    let ask = |email: &str| {
        Call::of("requestMagicLink", &[]).json(&api::RequestMagicLink { email: email.to_owned() })
    };
    for email in ["nobody@tidepool.example", "Ana@tidepool.example"] {
        let answer = house.client.send(ask(email)).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.body.len()), (202, 0));
    }
    let mail = tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            if let Some(mail) = house.outbox.0.lock().unwrap().pop() {
                return mail;
            }
            tokio::task::yield_now().await;
        }
    });
    let mail = mail.await.expect("the worker sends it");
    assert_eq!(mail.to, "ana@tidepool.example");
    let token = mail.text.split("/magic#token=").nth(1).unwrap().split_whitespace().next().unwrap();
    let consume = || api::ConsumeMagicLink {
        token: token.to_owned(),
        new_password: None,
        transport: Some(api::SessionTransport::Token),
    };
    let signed_in = house.client.consume_magic_link(&consume()).await.unwrap();
    assert_eq!(signed_in.account.name, "Ana Ruiz");
    let again = house.client.consume_magic_link(&consume()).await.unwrap_err();
    assert_eq!(again.code(), Some(ProblemCode::LinkInvalid));
    assert!(house.outbox.0.lock().unwrap().is_empty(), "nobody else got mail");
}
