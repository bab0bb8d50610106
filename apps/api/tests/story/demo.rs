//! `--dev`: the demo administrator, for people at this machine and nobody else.

use std::sync::Arc;

use clickclack_api::auth::origin::PublicUrl;
use clickclack_api::auth::peer::Network;
use clickclack_client::{Call, Client};
use clickclack_protocol::api::{self, ProblemCode};
use clickclack_trial::both;

use crate::town::{Person, Town, client, config, open};

fn log_in() -> Call {
    let transport = Some(api::SessionTransport::Token);
    Call::of("logInAsDemo", &[]).json(&api::LogInAsDemo { transport })
}

/// The door is offered and opens, or is neither: whoever may not use it finds no door.
async fn finds_a_door(client: &Client, header: Option<(&'static str, &str)>) -> bool {
    let with = |call: Call| match header {
        Some((name, value)) => call.header(name, value),
        None => call,
    };
    let offered = client.send(with(Call::of("getAuthProviders", &[]))).await.unwrap();
    let offered = offered.json::<api::AuthProviders>().unwrap().demo;
    let answer = client.send(with(log_in())).await.unwrap();
    if answer.status == 201 {
        assert!(offered, "a door that is open is shown");
    } else {
        assert_eq!(answer.problem().unwrap().code, ProblemCode::NotFound);
        assert!(!offered, "a door that is closed is not shown");
    }
    offered
}

both! {
    async fn at_this_machine_one_is_the_demo_administrator(database: &Database) {
        let mut config = config(database);
        config.dev = true;
        let server = open(config, Arc::default()).await;
        let nobody = client(&server);
        assert!(finds_a_door(&nobody, None).await);
        let first = nobody.send(log_in()).await.unwrap().json().unwrap();
        let first = Person::signed_in(&nobody, first);
        assert!(first.client.get_me().await.unwrap().is_administrator);
        let again: api::SignedIn = nobody.send(log_in()).await.unwrap().json().unwrap();
        assert_eq!(again.account.id, first.id, "one, not one more each time");
        assert_eq!(first.client.list_workspaces().await.unwrap().items.len(), 1);
        assert!(!nobody.get_auth_providers().await.unwrap().setup_required);
        server.shutdown().await;
    }

    async fn who_has_set_the_server_up_is_the_demo_administrator(database: &Database) {
        let mut config = config(database);
        config.dev = true;
        let town = Town::open_with(config).await;
        let signed_in: api::SignedIn = town.nobody.send(log_in()).await.unwrap().json().unwrap();
        assert_eq!(signed_in.account.id, town.ana.id);
        town.close().await;
    }

    async fn behind_a_proxy_there_is_no_such_door(database: &Database) {
        let mut config = config(database);
        config.dev = true;
        config.trusted_proxies = vec![Network::parse("127.0.0.1").unwrap()];
        let server = open(config, Arc::default()).await;
        let nobody = client(&server);
        for (name, value) in [
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-host", "localhost"),
            ("x-forwarded-proto", "http"),
            ("x-real-ip", "127.0.0.1"),
            ("forwarded", "for=127.0.0.1"),
            ("via", "1.1 proxy"),
        ] {
            assert!(!finds_a_door(&nobody, Some((name, value))).await, "{name}");
        }
        assert!(nobody.get_auth_providers().await.unwrap().setup_required, "nothing was made");
        server.shutdown().await;
    }

    async fn under_a_public_name_there_is_no_such_door(database: &Database) {
        let mut config = config(database);
        config.dev = true;
        config.public_url = Some(PublicUrl::parse("http://chat.tidepool.example").unwrap());
        let server = open(config, Arc::default()).await;
        let host = Some(("host", "chat.tidepool.example"));
        assert!(!finds_a_door(&client(&server), host).await);
        server.shutdown().await;
    }

    async fn without_dev_there_is_no_such_door(database: &Database) {
        let town = Town::open(database).await;
        assert!(!finds_a_door(&town.nobody, None).await);
        town.close().await;
    }
}
