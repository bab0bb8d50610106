//! Rate limits: on every door where a credential can be guessed, and on requests at large.

use clickclack_api::auth::peer::Network;
use clickclack_api::config::{Config, MailSettings, Rates};
use clickclack_client::{Answer, Call};
use clickclack_protocol::api::{self, ProblemCode};
use clickclack_trial::{Database, both};
use serde_json::json;

use crate::post_office::PostOffice;
use crate::signing_in::log_in;
use crate::town::{PASSWORD, Town, config, set_up, sign_up};

const EACH_MINUTE: u32 = 3;
/// From all addresses together an account may be tried so many times as often as from one.
const FROM_ANYWHERE: u32 = 10;
const WRONG: &str = "a guess at it";

/// Three tries a minute; the one proxy is believed, so that a story can come from anywhere.
fn strict(database: &Database, office: &PostOffice) -> Config {
    let mut config = config(database);
    config.rates = Rates { credentials: EACH_MINUTE, requests: 0 };
    config.trusted_proxies = vec![Network::parse("127.0.0.1").unwrap()];
    let from = "chat@tidepool.example".to_owned();
    config.mail = Some(MailSettings { smtp_url: office.url(), from });
    config
}

fn comes_from(call: Call, address: &str) -> Call {
    call.header("x-forwarded-for", address)
}

fn assert_limited(answer: &Answer, what: &str) -> i64 {
    assert_eq!(answer.status, 429, "{what}: {answer:?}");
    let problem = answer.problem().unwrap();
    assert_eq!(problem.code, ProblemCode::RateLimited, "{what}");
    let seconds = problem.retry_after_s.unwrap();
    assert!((1..=21).contains(&seconds), "{what}: {seconds} s");
    assert_eq!(answer.header("retry-after"), Some(seconds.to_string().as_str()), "{what}");
    seconds
}

/// A try at each door that takes a credential.
fn guesses() -> Vec<(&'static str, Call)> {
    let link = api::ConsumeMagicLink {
        token: "ckl_guess".into(),
        new_password: None,
        transport: Some(api::SessionTransport::Token),
    };
    let email = "zoe@tidepool.example".to_owned();
    let invite = |id: &'static str| (id, Call::of(id, &[("token", &"cki_guess")]));
    let door = |id: &'static str, body: serde_json::Value| (id, Call::of(id, &[]).json(&body));
    vec![
        door("setUp", json!(set_up("ckp_guess".into()))),
        door("signUp", json!(sign_up("Zoe", Some("cki_guess".into())))),
        door("logIn", json!(log_in("ana@tidepool.example", "a guess at it"))),
        door("logInAsDemo", json!({})),
        door("requestMagicLink", json!(api::RequestMagicLink { email })),
        door("consumeMagicLink", json!(link)),
        invite("getInvite"),
        invite("acceptInvite"),
    ]
}

both! {
    async fn guessing_is_slowed_down_at_every_door(database: &Database) {
        let office = PostOffice::open().await;
        let town = Town::open_with(strict(database, &office)).await;
        for (door, (id, guess)) in guesses().into_iter().enumerate() {
            // An address of its own for each door, so that none hides behind another's limit.
            let address = format!("203.0.113.{door}");
            town.clock.turn(120_000);
            let asks = async || {
                let call = comes_from(guess.clone(), &address);
                town.ana.client.send(call).await.unwrap()
            };
            for _ in 0..EACH_MINUTE {
                assert_ne!(asks().await.status, 429, "{id}");
            }
            let seconds = assert_limited(&asks().await, id);
            let elsewhere = comes_from(guess.clone(), &format!("198.51.100.{door}"));
            // Who asks about one account is counted by the account as well.
            if !["logIn", "requestMagicLink"].contains(&id) {
                let answer = town.ana.client.send(elsewhere).await.unwrap();
                assert_ne!(answer.status, 429, "{id} from elsewhere");
            }
            town.clock.turn(seconds * 1000);
            assert_ne!(asks().await.status, 429, "it is let again when it said");
            assert_limited(&asks().await, "once");
        }
        town.close().await;
    }

    async fn an_account_is_guarded_against_many_addresses(database: &Database) {
        let office = PostOffice::open().await;
        let town = Town::open_with(strict(database, &office)).await;
        let guess = async |number: u32, email: &str, password: &str| {
            let call = Call::of("logIn", &[]).json(&log_in(email, password));
            let call = comes_from(call, &format!("203.0.113.{number}"));
            town.nobody.send(call).await.unwrap()
        };
        for account in ["ana@tidepool.example", "nobody@tidepool.example"] {
            town.clock.turn(120_000);
            for number in 0..EACH_MINUTE * FROM_ANYWHERE {
                assert_eq!(guess(number, account, WRONG).await.status, 401);
            }
            assert_limited(&guess(100, account, WRONG).await, account);
            let written = format!(" {}", account.to_uppercase());
            assert_limited(&guess(101, &written, WRONG).await, account);
            let right = guess(102, account, PASSWORD).await;
            assert_limited(&right, "the right password waits as well");
            assert_eq!(guess(103, "somebody@else.example", WRONG).await.status, 401);
        }
        town.close().await;
    }

    async fn nobody_keeps_another_out_from_one_address(database: &Database) {
        let office = PostOffice::open().await;
        let town = Town::open_with(strict(database, &office)).await;
        let tries = async |address: &str, password: &str| {
            let call = Call::of("logIn", &[]).json(&log_in("ana@tidepool.example", password));
            town.nobody.send(comes_from(call, address)).await.unwrap()
        };
        for _ in 0..EACH_MINUTE {
            assert_eq!(tries("203.0.113.1", WRONG).await.status, 401);
        }
        for _ in 0..100 {
            assert_limited(&tries("203.0.113.1", WRONG).await, "one address");
        }
        assert_eq!(tries("203.0.113.2", PASSWORD).await.status, 201, "Ana comes in all the same");
        town.close().await;
    }

    async fn a_mailbox_is_not_filled_from_many_addresses(database: &Database) {
        let mut office = PostOffice::open().await;
        let town = Town::open_with(strict(database, &office)).await;
        let asks = async |number: u32| {
            let email = "ana@tidepool.example".into();
            let call = Call::of("requestMagicLink", &[]).json(&api::RequestMagicLink { email });
            let call = comes_from(call, &format!("203.0.113.{number}"));
            town.nobody.send(call).await.unwrap()
        };
        for number in 0..EACH_MINUTE {
            assert_eq!(asks(number).await.status, 202);
            office.letter().await;
        }
        assert_limited(&asks(100).await, "requestMagicLink");
        assert!(office.left_over().is_empty());
        town.close().await;
    }

    async fn a_stolen_session_cannot_guess_the_password(database: &Database) {
        let office = PostOffice::open().await;
        let town = Town::open_with(strict(database, &office)).await;
        let guess = api::ChangePassword {
            current_password: Some(WRONG.into()),
            new_password: "an even longer walk".into(),
        };
        let asks = async |number: u32| {
            let call = Call::of("changePassword", &[]).json(&guess);
            let call = comes_from(call, &format!("203.0.113.{number}"));
            town.ana.client.send(call).await.unwrap()
        };
        for number in 0..FROM_ANYWHERE {
            for _ in 0..EACH_MINUTE {
                let code = asks(number).await.problem().unwrap().code;
                assert_eq!(code, ProblemCode::CredentialsInvalid);
            }
            assert_limited(&asks(number).await, "from one address");
        }
        assert_limited(&asks(100).await, "from all together");
        town.close().await;
    }

    async fn an_address_that_nobody_vouches_for_is_not_believed(database: &Database) {
        let office = PostOffice::open().await;
        let mut config = strict(database, &office);
        config.trusted_proxies = Vec::new();
        let town = Town::open_with(config).await;
        town.clock.turn(120_000);
        for number in 0..=EACH_MINUTE {
            let call = Call::of("getInvite", &[("token", &"cki_guess")]);
            let call = comes_from(call, &format!("203.0.113.{number}"));
            let answer = town.nobody.send(call).await.unwrap();
            if number == EACH_MINUTE {
                assert_limited(&answer, "whatever the header says");
            } else {
                assert_eq!(answer.status, 410);
            }
        }
        town.close().await;
    }

    async fn requests_are_counted_by_address_and_by_session(database: &Database) {
        let office = PostOffice::open().await;
        let mut config = strict(database, &office);
        config.rates = Rates { credentials: 0, requests: 10 };
        let town = Town::open_with(config).await;
        town.clock.turn(120_000);
        let asks = async |address: &str| {
            let call = comes_from(Call::of("getMe", &[]), address);
            town.ana.client.send(call).await.unwrap()
        };
        for number in 0..10 {
            assert_eq!(asks(&format!("203.0.113.{number}")).await.status, 200);
        }
        let refused = asks("203.0.113.99").await;
        assert_eq!(refused.problem().unwrap().code, ProblemCode::RateLimited, "one session");
        town.clock.turn(120_000);
        for _ in 0..10 {
            let call = comes_from(Call::of("getHealth", &[]), "203.0.113.7");
            assert_eq!(town.nobody.send(call).await.unwrap().status, 200);
        }
        let refused = asks("203.0.113.7").await;
        assert_eq!(refused.problem().unwrap().code, ProblemCode::RateLimited, "one address");
        assert_eq!(asks("203.0.113.8").await.status, 200);
        town.close().await;
    }
}
