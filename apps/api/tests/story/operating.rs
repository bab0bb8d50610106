//! What an operator does at the machine while the server runs on the same database.

use std::sync::Arc;
use std::time::Duration;

use clickclack_api::clock::SystemClock;
use clickclack_protocol::api::{self, ProblemCode};
use clickclack_protocol::time::Clock;
use clickclack_trial::{Database, HandClock, both};
use serde_json::Value;

use crate::program::Program;
use crate::signing_in::log_in;
use crate::town::{
    PASSWORD, Person, Town, client, code, config, open, set_up, setup_token, sign_up,
};

/// A clock that stands at the present: the program beside the server goes by the machine's.
fn present() -> Arc<HandClock> {
    let clock = HandClock::default();
    clock.turn(SystemClock.now() - clock.now());
    Arc::new(clock)
}

async fn town(database: &Database) -> Town {
    Town::open_on(config(database), present()).await
}

async fn admin(database: &Database, arguments: &[&str]) -> Value {
    Program::on(database, &[&["admin"], arguments].concat()).answers().await
}

/// The token of a sign-in link that was printed.
fn token_in(answer: &Value) -> String {
    let url = answer["url"].as_str().unwrap();
    url.split_once("/magic#token=").unwrap().1.to_owned()
}

fn follow(token: &str, new_password: Option<&str>) -> api::ConsumeMagicLink {
    let transport = Some(api::SessionTransport::Token);
    api::ConsumeMagicLink {
        token: token.into(),
        new_password: new_password.map(Into::into),
        transport,
    }
}

impl Person {
    /// Asks until the server has noticed that this person is out; it has a second.
    async fn is_out_within_a_second(&self) {
        let noticed = async {
            while self.client.get_me().await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(1), noticed).await.expect("it notices in time");
        assert_eq!(code(self.client.get_me().await), ProblemCode::Unauthenticated);
    }
}

both! {
    async fn bootstrap_makes_the_administrator_without_a_browser(database: &Database) {
        let made = admin(
            database,
            &["bootstrap", "--name", "Ana", "--email", "Ana@tidepool.example",
              "--workspace", "Tidepool"],
        )
        .await;
        assert_eq!(made["account"]["email"], "ana@tidepool.example");
        assert_eq!(made["workspace"]["name"], "Tidepool");
        let again = ["admin", "bootstrap", "--name", "Eve", "--email", "eve@tidepool.example"];
        let refused = Program::on(database, &again).fails(1).await;
        assert!(refused.contains("set up"), "{refused}");

        let server = open(config(database), present()).await;
        assert_eq!(server.setup_link(), None);
        let nobody = client(&server);
        let body = follow(&token_in(&made), Some(PASSWORD));
        let ana = Person::signed_in(&nobody, nobody.consume_magic_link(&body).await.unwrap());
        assert!(ana.client.get_me().await.unwrap().is_administrator);
        nobody.log_in(&log_in("ana@tidepool.example", PASSWORD)).await.unwrap();
        server.shutdown().await;
    }

    async fn bootstrap_ends_the_set_up_link_of_a_running_server(database: &Database) {
        let server = open(config(database), present()).await;
        let nobody = client(&server);
        admin(database, &["bootstrap", "--name", "Ana", "--email", "ana@tidepool.example"]).await;
        let late = nobody.set_up(&set_up(setup_token(&server).unwrap())).await;
        assert_eq!(code(late), ProblemCode::SetupDone);
        server.shutdown().await;
    }

    async fn an_account_made_at_the_machine_signs_in_by_its_link(database: &Database) {
        let town = town(database).await;
        let made =
            admin(database, &["user", "create", "--name", "Ben", "--email", "ben@tidepool.example"])
                .await;
        let body = follow(&token_in(&made), None);
        let signed_in = town.nobody.consume_magic_link(&body).await.unwrap();
        assert_eq!(signed_in.account.name, "Ben");
        let again = town.nobody.consume_magic_link(&body).await;
        assert_eq!(code(again), ProblemCode::LinkInvalid);
        let taken = ["admin", "user", "create", "--name", "B", "--email", "BEN@tidepool.example"];
        let refused = Program::on(database, &taken).fails(1).await;
        assert!(refused.contains("taken"), "{refused}");
        let odd = ["admin", "user", "create", "--name", "B", "--email", "ben"];
        assert!(Program::on(database, &odd).fails(1).await.contains("mail"));
        town.close().await;
    }

    async fn deactivating_at_the_machine_ends_everything_within_a_second(database: &Database) {
        let town = town(database).await;
        let ben = town.person("Ben").await;
        let mut socket = ben.listens(town.workspace_id).await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let answer =
            admin(database, &["user", "deactivate", "--email", "ben@tidepool.example"]).await;
        assert_eq!(answer["deactivated"], true);
        ben.is_out_within_a_second().await;
        assert_eq!(socket.closes().await.0, 4003);
        let event = ana_hears.event().await;
        let api::EventBody::MemberUpdated(payload) = event.body else { panic!("{event:?}") };
        assert!(payload.member.user.id == ben.id && payload.member.user.deactivated);

        let email = "ana@tidepool.example";
        let last = ["admin", "user", "deactivate", "--email", email];
        let refused = Program::on(database, &last).fails(1).await;
        assert!(refused.contains("last administrator"), "{refused}");
        let unknown = ["admin", "user", "deactivate", "--email", "zoe@tidepool.example"];
        let refused = Program::on(database, &unknown).fails(1).await;
        assert!(refused.contains("zoe@tidepool.example"), "{refused}");
        town.close().await;
    }

    async fn a_password_is_reset_at_the_machine(database: &Database) {
        let town = town(database).await;
        let ben = town.person("Ben").await;
        // The server has seen the session, and remembers it for a while.
        ben.client.get_me().await.unwrap();
        let email = "ben@tidepool.example";
        let answer = admin(database, &["user", "reset-password", "--email", email]).await;
        ben.is_out_within_a_second().await;
        let old = town.nobody.log_in(&log_in(email, PASSWORD)).await;
        assert_eq!(code(old), ProblemCode::CredentialsInvalid);
        let new = "an even longer walk on the beach";
        let body = follow(&token_in(&answer), Some(new));
        town.nobody.consume_magic_link(&body).await.unwrap();
        town.nobody.log_in(&log_in(email, new)).await.unwrap();
        town.close().await;
    }

    async fn an_invite_made_at_the_machine_lets_in(database: &Database) {
        let town = town(database).await;
        let workspace = town.workspace_id.to_string();
        let answer = admin(
            database,
            &["invite", "create", "--workspace", &workspace, "--role", "admin",
              "--max-uses", "1", "--expires-in-s", "600"],
        )
        .await;
        crate::contract::assert_shape("CreatedInvite", &answer);
        let made: api::CreatedInvite = serde_json::from_value(answer).unwrap();
        let body = sign_up("Ben", Some(made.token.clone()));
        let ben = Person::signed_in(&town.nobody, town.nobody.sign_up(&body).await.unwrap());
        assert_eq!(ben.snapshot(town.workspace_id).await.me.role, api::Role::Admin);
        let used_up = town.nobody.get_invite(&made.token).await;
        assert_eq!(code(used_up), ProblemCode::InviteInvalid);

        for (wrong, status) in [
            (vec!["--workspace", "wsp_00000000000000000000000001"], 1),
            (vec!["--workspace", &workspace, "--max-uses", "0"], 1),
            (vec!["--workspace", &workspace, "--expires-in-s", "1"], 1),
            (vec!["--workspace", &workspace, "--role", "guest"], 2),
            (vec!["--workspace", "home"], 2),
            (vec![], 2),
        ] {
            let line = [&["admin", "invite", "create"], &wrong[..]].concat();
            Program::on(database, &line).fails(status).await;
        }
        town.close().await;
    }

    async fn sessions_are_seen_and_ended_at_the_machine(database: &Database) {
        let town = town(database).await;
        let ben = town.person("Ben").await;
        let everybodys = admin(database, &["session", "list"]).await;
        assert_eq!(everybodys.as_array().unwrap().len(), 2);
        let bens = ["session", "list", "--email", "ben@tidepool.example"];
        let listed = admin(database, &bens).await;
        let [session] = listed.as_array().unwrap().as_slice() else { panic!("{listed}") };
        assert_eq!(session["user_id"], ben.id.to_string());
        assert!(!listed.to_string().contains("cks_"), "tokens are nobody's business");
        let mut socket = ben.listens(town.workspace_id).await;
        let id = session["id"].as_str().unwrap();
        admin(database, &["session", "revoke", id]).await;
        ben.is_out_within_a_second().await;
        assert_eq!(socket.closes().await.0, 4003);
        town.ana.client.get_me().await.unwrap();
        assert!(admin(database, &bens).await.as_array().unwrap().is_empty());
        Program::on(database, &["admin", "session", "revoke", id]).fails(1).await;
        Program::on(database, &["admin", "session", "revoke", "ben"]).fails(2).await;

        let table = Program::on(database, &["admin", "session", "list"]).succeeds().await;
        let lines: Vec<_> = table.lines().collect();
        assert!(lines[0].starts_with("session") && lines.len() == 2, "{table}");
        assert!(lines[1].contains("ana@tidepool.example"), "{table}");
        town.close().await;
    }

    async fn a_link_for_somebody_who_is_locked_out(database: &Database) {
        let town = town(database).await;
        let email = "ana@tidepool.example";
        let line = ["admin", "magic-link", "create", "--email", email];
        let said = Program::on(database, &line).succeeds().await;
        let token = said.split_once("/magic#token=").unwrap().1.split_whitespace().next().unwrap();
        town.nobody.consume_magic_link(&follow(token, None)).await.unwrap();
        let answer = admin(database, &["magic-link", "create", "--email", email]).await;
        town.clock.turn(15 * 60_000 + 60_000);
        let late = town.nobody.consume_magic_link(&follow(&token_in(&answer), None)).await;
        assert_eq!(code(late), ProblemCode::LinkInvalid);
        town.close().await;
    }
}
