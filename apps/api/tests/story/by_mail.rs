//! Sign-in links by mail, through a real little mail server.

use clickclack_api::config::MailSettings;
use clickclack_client::{Call, Client, ClientError};
use clickclack_protocol::api::{self, ProblemCode};
use clickclack_trial::{Database, both};

use crate::listener::Listener;
use crate::post_office::{Letter, PostOffice};
use crate::signing_in::log_in;
use crate::town::{PASSWORD, Person, Town, code, config};

const LINK_LIFE_MS: i64 = 15 * 60_000;
const NEW: &str = "an even longer walk on the beach";

async fn town_with_mail(database: &Database) -> (Town, PostOffice) {
    let office = PostOffice::open().await;
    let mut config = config(database);
    let from = "ClickClack <chat@tidepool.example>".to_owned();
    config.mail = Some(MailSettings { smtp_url: office.url(), from });
    (Town::open_with(config).await, office)
}

async fn asks_for_a_link(nobody: &Client, email: &str) -> Result<(), ClientError> {
    nobody.request_magic_link(&api::RequestMagicLink { email: email.into() }).await
}

async fn follows(nobody: &Client, token: &str) -> Result<api::SignedIn, ClientError> {
    sets_password(nobody, token, None).await
}

async fn sets_password(
    nobody: &Client,
    token: &str,
    new_password: Option<&str>,
) -> Result<api::SignedIn, ClientError> {
    let transport = Some(api::SessionTransport::Token);
    let new_password = new_password.map(Into::into);
    let body = api::ConsumeMagicLink { token: token.into(), new_password, transport };
    nobody.consume_magic_link(&body).await
}

/// The token of the link in a letter, whose lines may be folded.
fn token_in(letter: &Letter) -> String {
    let text = letter.content.replace("=\n", "").replace("=3D", "=");
    let (_, rest) = text.split_once("/magic#token=").expect("there is a link in the letter");
    rest.split_whitespace().next().unwrap().to_owned()
}

both! {
    async fn a_link_comes_by_mail_and_signs_in_once(database: &Database) {
        let (town, mut office) = town_with_mail(database).await;
        assert!(town.nobody.get_auth_providers().await.unwrap().magic_link);
        asks_for_a_link(&town.nobody, "Ana@Tidepool.example").await.unwrap();
        let letter = office.letter().await;
        assert_eq!(letter.from, "chat@tidepool.example");
        assert_eq!(letter.to, ["ana@tidepool.example"]);
        assert!(letter.content.contains(town.server.url()), "{}", letter.content);
        let token = token_in(&letter);
        let ana = Person::signed_in(&town.nobody, follows(&town.nobody, &token).await.unwrap());
        assert_eq!(ana.id, town.ana.id);
        ana.client.get_me().await.unwrap();
        assert_eq!(code(follows(&town.nobody, &token).await), ProblemCode::LinkInvalid);
        town.nobody.log_in(&log_in("ana@tidepool.example", PASSWORD)).await.unwrap();
        town.close().await;
    }

    async fn of_many_who_follow_a_link_at_once_one_comes_in(database: &Database) {
        let (town, mut office) = town_with_mail(database).await;
        asks_for_a_link(&town.nobody, "ana@tidepool.example").await.unwrap();
        let token = token_in(&office.letter().await);
        let tries: Vec<_> = (0..6)
            .map(|_| {
                let (nobody, token) = (town.nobody.clone(), token.clone());
                tokio::spawn(async move { follows(&nobody, &token).await })
            })
            .collect();
        let mut came_in = 0;
        for tried in tries {
            match tried.await.unwrap() {
                Ok(_) => came_in += 1,
                refused => assert_eq!(code(refused), ProblemCode::LinkInvalid),
            }
        }
        assert_eq!(came_in, 1);
        town.close().await;
    }

    async fn a_link_is_good_for_fifteen_minutes(database: &Database) {
        let (town, mut office) = town_with_mail(database).await;
        asks_for_a_link(&town.nobody, "ana@tidepool.example").await.unwrap();
        let early = token_in(&office.letter().await);
        asks_for_a_link(&town.nobody, "ana@tidepool.example").await.unwrap();
        let late = token_in(&office.letter().await);
        town.clock.turn(LINK_LIFE_MS - 1);
        follows(&town.nobody, &early).await.unwrap();
        town.clock.turn(1);
        assert_eq!(code(follows(&town.nobody, &late).await), ProblemCode::LinkInvalid);
        town.close().await;
    }

    async fn an_unknown_address_is_answered_the_same_and_gets_no_mail(database: &Database) {
        let (town, mut office) = town_with_mail(database).await;
        let gone = town.person("Gone").await;
        town.ana.client.deactivate_user(gone.id).await.unwrap();
        let mut answers = Vec::new();
        for email in
            ["nobody@tidepool.example", "gone@tidepool.example", "ana@tidepool.example"]
        {
            let body = api::RequestMagicLink { email: email.into() };
            let call = Call::of("requestMagicLink", &[]).json(&body);
            let answer = town.nobody.send(call).await.unwrap();
            let names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
            answers.push((answer.status.as_u16(), names, answer.body));
        }
        assert_eq!((answers[0].0, answers[0].2.len()), (202, 0));
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        // Jobs are done in order: Ana's letter is behind those that nobody gets.
        assert_eq!(office.letter().await.to, ["ana@tidepool.example"]);
        assert!(office.left_over().is_empty());
        town.close().await;
    }

    async fn with_a_link_one_sets_a_new_password(database: &Database) {
        let (town, mut office) = town_with_mail(database).await;
        let ben = town.person("Ben").await;
        let email = "ben@tidepool.example";
        let mut tokens = Vec::new();
        for _ in 0..2 {
            asks_for_a_link(&town.nobody, email).await.unwrap();
            tokens.push(token_in(&office.letter().await));
        }
        let short = sets_password(&town.nobody, &tokens[0], Some("short")).await;
        assert_eq!(code(short), ProblemCode::InvalidRequest, "and the link stays good");
        let mut socket = Listener::open(&ben.client).await;
        let signed_in = sets_password(&town.nobody, &tokens[0], Some(NEW)).await.unwrap();
        assert_eq!(socket.closes().await.0, 4003, "whoever was in is out");
        assert_eq!(code(ben.client.get_me().await), ProblemCode::Unauthenticated);
        assert_eq!(code(follows(&town.nobody, &tokens[1]).await), ProblemCode::LinkInvalid);
        Person::signed_in(&town.nobody, signed_in).client.get_me().await.unwrap();
        let old = town.nobody.log_in(&log_in(email, PASSWORD)).await;
        assert_eq!(code(old), ProblemCode::CredentialsInvalid);
        town.nobody.log_in(&log_in(email, NEW)).await.unwrap();
        town.close().await;
    }

    async fn deactivation_ends_links_too(database: &Database) {
        let (town, mut office) = town_with_mail(database).await;
        let ben = town.person("Ben").await;
        asks_for_a_link(&town.nobody, "ben@tidepool.example").await.unwrap();
        let token = token_in(&office.letter().await);
        town.ana.client.deactivate_user(ben.id).await.unwrap();
        assert_eq!(code(follows(&town.nobody, &token).await), ProblemCode::LinkInvalid);
        town.ana.client.reactivate_user(ben.id).await.unwrap();
        assert_eq!(code(follows(&town.nobody, &token).await), ProblemCode::LinkInvalid);
        town.close().await;
    }

    async fn without_a_mail_server_no_link_is_promised(database: &Database) {
        let town = Town::open(database).await;
        assert!(!town.nobody.get_auth_providers().await.unwrap().magic_link);
        for email in ["ana@tidepool.example", "nobody@tidepool.example"] {
            let refused = asks_for_a_link(&town.nobody, email).await;
            assert_eq!(code(refused), ProblemCode::MailNotConfigured);
        }
        town.close().await;
    }
}
