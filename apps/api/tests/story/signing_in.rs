//! Signing in with a password, and the life of sessions.

use clickclack_client::{Call, Client, ClientError};
use clickclack_protocol::api::{self, ProblemCode};
use clickclack_trial::both;

use crate::listener::Listener;
use crate::town::{PASSWORD, Person, Town, code};

const MONTH_MS: i64 = 30 * 86_400_000;

/// Credentials of somebody who wants a token.
pub(crate) fn log_in(email: &str, password: &str) -> api::LogIn {
    let transport = Some(api::SessionTransport::Token);
    api::LogIn { email: email.into(), password: password.into(), transport }
}

async fn logs_in(nobody: &Client, email: &str) -> Result<api::SignedIn, ClientError> {
    nobody.log_in(&log_in(email, PASSWORD)).await
}

/// How often the server has run argon2 so far.
async fn passwords_checked(nobody: &Client) -> u64 {
    let answer = nobody.send(Call::of("getMetrics", &[])).await.unwrap();
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("clickclack_passwords_total "));
    line.unwrap().parse().unwrap()
}

/// What a refused log-in tells: everything but the name of the request.
async fn told(nobody: &Client, email: &str, password: &str) -> (u16, Vec<String>, api::Problem) {
    let call = Call::of("logIn", &[]).json(&log_in(email, password));
    let answer = nobody.send(call).await.unwrap();
    let names = answer.headers.keys().map(ToString::to_string).collect();
    let problem = answer.problem().unwrap();
    (answer.status.as_u16(), names, api::Problem { request_id: String::new(), ..problem })
}

impl Person {
    async fn sessions(&self) -> Vec<api::Session> {
        self.client.list_sessions().await.unwrap().items
    }

    async fn is_out(&self) {
        assert_eq!(code(self.client.get_me().await), ProblemCode::Unauthenticated);
        assert_eq!(code(self.client.create_ticket().await), ProblemCode::Unauthenticated);
    }
}

both! {
    async fn the_right_password_signs_in(database: &Database) {
        let town = Town::open(database).await;
        let signed_in = logs_in(&town.nobody, " ANA@Tidepool.example ").await.unwrap();
        assert_eq!(signed_in.account.id, town.ana.id);
        assert!(signed_in.session.current);
        let second = Person::signed_in(&town.nobody, signed_in);
        assert_eq!(second.client.get_me().await.unwrap().name, "Ana");
        town.close().await;
    }

    async fn whether_an_account_exists_nobody_learns(database: &Database) {
        let town = Town::open(database).await;
        let (dan, eli) = (town.person("Dan").await, town.person("Eli").await);
        town.ana.client.deactivate_user(dan.id).await.unwrap();
        let wrong = "a short walk on the beach";
        let mut answers = Vec::new();
        for (email, password) in [
            ("eli@tidepool.example", wrong),
            ("nobody@tidepool.example", wrong),
            ("dan@tidepool.example", PASSWORD),
            ("not an address", wrong),
            ("", wrong),
            ("eli@tidepool.example", ""),
        ] {
            let before = passwords_checked(&town.nobody).await;
            answers.push(told(&town.nobody, email, password).await);
            let work = passwords_checked(&town.nobody).await - before;
            assert_eq!(work, 1, "the same work for {email:?} with {password:?}");
        }
        assert_eq!((answers[0].0, answers[0].2.code), (401, ProblemCode::CredentialsInvalid));
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        assert_eq!(eli.sessions().await.len(), 1);
        town.close().await;
    }

    async fn sessions_are_listed_and_ended_one_by_one(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let there = Call::of("logIn", &[])
            .json(&log_in("ben@tidepool.example", PASSWORD))
            .header("user-agent", "Netscape \t 4.0");
        let there: api::SignedIn = town.nobody.send(there).await.unwrap().json().unwrap();
        let there = Person::signed_in(&town.nobody, there);
        let listed = ben.sessions().await;
        let [newer, older] = listed.as_slice() else { panic!("{listed:?}") };
        assert!(older.current && !newer.current);
        assert_eq!((newer.address.as_str(), newer.agent.as_str()), ("127.0.0.1", "Netscape  4.0"));

        let foreign = town.ana.client.revoke_session(newer.id).await;
        assert_eq!(code(foreign), ProblemCode::NotFound, "another's is not there");
        let mut socket = Listener::open(&there.client).await;
        ben.client.revoke_session(newer.id).await.unwrap();
        assert_eq!(socket.closes().await.0, 4003);
        there.is_out().await;
        assert_eq!(code(ben.client.revoke_session(newer.id).await), ProblemCode::NotFound);
        assert_eq!(ben.sessions().await.len(), 1);

        ben.client.log_out().await.unwrap();
        ben.is_out().await;
        town.close().await;
    }

    async fn a_session_lasts_thirty_days(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let listed = ben.sessions().await;
        town.clock.turn(MONTH_MS - 1);
        ben.client.get_me().await.unwrap();
        let mut socket = Listener::open(&ben.client).await;
        town.clock.turn(1);
        ben.is_out().await;
        assert_eq!(socket.closes().await.0, 4003, "nor does a socket outlive it");
        let again = Person::signed_in(
            &town.nobody,
            logs_in(&town.nobody, "ben@tidepool.example").await.unwrap(),
        );
        let now = again.sessions().await;
        assert!(now.len() == 1 && now[0].id != listed[0].id, "what has expired is not listed");
        town.close().await;
    }

    async fn a_new_password_ends_every_other_session(database: &Database) {
        let town = Town::open(database).await;
        let here = town.person("Ben").await;
        let email = "ben@tidepool.example";
        let there = Person::signed_in(&town.nobody, logs_in(&town.nobody, email).await.unwrap());
        let mut socket = Listener::open(&there.client).await;
        let new = "an even longer walk on the beach";
        let change = |current: Option<&str>, new: &str| api::ChangePassword {
            current_password: current.map(Into::into),
            new_password: new.into(),
        };
        for current in [None, Some(""), Some("a guess, nothing more")] {
            let refused = here.client.change_password(&change(current, new)).await;
            assert_eq!(code(refused), ProblemCode::CredentialsInvalid);
        }
        let short = here.client.change_password(&change(Some(PASSWORD), "short")).await;
        assert_eq!(code(short), ProblemCode::InvalidRequest);
        there.client.get_me().await.unwrap();

        here.client.change_password(&change(Some(PASSWORD), new)).await.unwrap();
        here.client.get_me().await.unwrap();
        assert_eq!(socket.closes().await.0, 4003);
        there.is_out().await;
        assert_eq!(code(logs_in(&town.nobody, email).await), ProblemCode::CredentialsInvalid);
        town.nobody.log_in(&log_in(email, new)).await.unwrap();
        town.close().await;
    }

    async fn deactivation_ends_everything_at_once(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let email = "ben@tidepool.example";
        let phone = Person::signed_in(&town.nobody, logs_in(&town.nobody, email).await.unwrap());
        let ticket = ben.client.create_ticket().await.unwrap().ticket;
        let mut sockets = Vec::new();
        for person in [&ben, &ben, &phone] {
            sockets.push(person.listens(town.workspace_id).await);
        }
        let account = town.ana.client.deactivate_user(ben.id).await.unwrap();
        assert!(account.deactivated);
        town.ana.says(town.general, "Ben is gone").await;
        for socket in &mut sockets {
            let (close, frames) = socket.closes().await;
            assert_eq!(close, 4003);
            let heard = format!("{frames:?}");
            assert!(!heard.contains("Ben is gone"), "{heard}");
        }
        ben.is_out().await;
        phone.is_out().await;
        let late = clickclack_client::Socket::open_with_ticket(&town.nobody, &ticket).await;
        assert_eq!(late.unwrap_err().code(), Some(ProblemCode::Unauthenticated));
        assert_eq!(code(logs_in(&town.nobody, email).await), ProblemCode::CredentialsInvalid);
        assert!(town.ana.client.get_user(ben.id).await.unwrap().deactivated);

        town.ana.client.reactivate_user(ben.id).await.unwrap();
        ben.is_out().await;
        let back = Person::signed_in(&town.nobody, logs_in(&town.nobody, email).await.unwrap());
        assert_eq!(back.reads(town.general).await, ["Ben is gone"]);
        town.close().await;
    }

    async fn the_last_administrator_stays(database: &Database) {
        let town = Town::open(database).await;
        let refused = town.ana.client.deactivate_user(town.ana.id).await;
        assert_eq!(code(refused), ProblemCode::LastAdministrator);
        assert!(!town.ana.client.get_me().await.unwrap().deactivated);
        let unknown = "usr_00000000000000000000000007".parse().unwrap();
        assert_eq!(code(town.ana.client.deactivate_user(unknown).await), ProblemCode::NotFound);
        town.close().await;
    }
}
