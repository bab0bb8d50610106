//! Another process writes to the same database: here a second desk without the server's sink.

use std::sync::Arc;

use clickclack_api::clock::SystemClock;
use clickclack_chat::Desk;
use clickclack_chat::all_sessions::RevokeSessionAsOperator;
use clickclack_chat::sending::SendMessage;
use clickclack_protocol::api::ProblemCode;
use clickclack_store::{Settings, Store};

use crate::doors::house::{House, draft, follow, general, hear_close, hear_message};

async fn other_process(house: &House) -> Desk {
    let settings = Settings::new(house.config.db.clone(), Arc::new(SystemClock));
    Desk::new(Store::open(Settings { migrate: false, ..settings }).await.unwrap())
}

#[tokio::test]
async fn a_session_that_the_operator_ends_is_cut() {
    let house = House::open().await;
    let (ana, workspace) = house.ana().await;
    let session_id = ana.list_sessions().await.unwrap().items[0].id;
    let mut socket = follow(&ana, &workspace).await;
    let elsewhere = other_process(&house).await;
    elsewhere.act(RevokeSessionAsOperator { session_id }).await.unwrap();
    assert_eq!(hear_close(&mut socket).await, 4003);
    assert_eq!(ana.get_me().await.unwrap_err().code(), Some(ProblemCode::Unauthenticated));
}

#[tokio::test]
async fn what_another_process_writes_is_heard() {
    let house = House::open().await;
    let (ana, workspace) = house.ana().await;
    let channel = general(&ana, &workspace).await;
    let actor = ana.get_me().await.unwrap().id;
    let mut socket = follow(&ana, &workspace).await;
    let elsewhere = other_process(&house).await;
    for number in 0..3 {
        let (nonce, body) = (format!("elsewhere-{number}"), format!("{number}"));
        let channel_id = channel.id;
        elsewhere
            .act(SendMessage { actor, channel_id, nonce, body, quote_of: None })
            .await
            .unwrap();
    }
    ana.send_message(channel.id, &draft("here-0001", "3")).await.unwrap();
    for number in 0..4 {
        assert_eq!(hear_message(&mut socket).await.body, number.to_string());
    }
}
