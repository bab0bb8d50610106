//! The first run: one set-up link, one administrator.

use std::sync::Arc;

use clickclack_protocol::api::{self, ProblemCode};
use clickclack_trial::{HandClock, both};

use crate::town::{Person, Town, client, code, config, open, set_up, setup_token};

both! {
    async fn the_link_sets_the_server_up_once(database: &Database) {
        let server = open(config(database), Arc::default()).await;
        let nobody = client(&server);
        let before = nobody.get_auth_providers().await.unwrap();
        assert!(before.setup_required && before.signup_policy == api::SignupPolicy::Invite);
        let token = setup_token(&server).unwrap();
        let wrong = set_up("ckp_somebody-elses".into());
        assert_eq!(code(nobody.set_up(&wrong).await), ProblemCode::SetupTokenInvalid);
        assert!(nobody.get_auth_providers().await.unwrap().setup_required);

        let ana = Person::signed_in(&nobody, nobody.set_up(&set_up(token.clone())).await.unwrap());
        assert!(ana.client.get_me().await.unwrap().is_administrator);
        assert!(!nobody.get_auth_providers().await.unwrap().setup_required);
        let again = api::SetUp { email: "eve@tidepool.example".into(), ..set_up(token) };
        assert_eq!(code(nobody.set_up(&again).await), ProblemCode::SetupDone);
        let accounts = ana.client.list_users(&api::ListUsersQuery::default()).await.unwrap();
        assert_eq!(accounts.items.len(), 1);
        server.shutdown().await;
    }

    async fn of_many_who_set_up_at_once_one_is_the_administrator(database: &Database) {
        let server = open(config(database), Arc::default()).await;
        let nobody = client(&server);
        let token = setup_token(&server).unwrap();
        let tries: Vec<_> = (0..8)
            .map(|number| {
                let email = format!("ana{number}@tidepool.example");
                let (nobody, body) = (nobody.clone(), api::SetUp { email, ..set_up(token.clone()) });
                tokio::spawn(async move { nobody.set_up(&body).await })
            })
            .collect();
        let mut winners = Vec::new();
        for tried in tries {
            match tried.await.unwrap() {
                Ok(signed_in) => winners.push(Person::signed_in(&nobody, signed_in)),
                refused => assert_eq!(code(refused), ProblemCode::SetupDone),
            }
        }
        let [ana] = winners.as_slice() else { panic!("{} administrators", winners.len()) };
        let accounts = ana.client.list_users(&api::ListUsersQuery::default()).await.unwrap();
        assert_eq!(accounts.items.len(), 1, "the others left nothing behind");
        assert_eq!(ana.client.list_workspaces().await.unwrap().items.len(), 1);
        server.shutdown().await;
    }

    async fn a_set_up_that_is_refused_leaves_the_link_good(database: &Database) {
        let server = open(config(database), Arc::default()).await;
        let nobody = client(&server);
        let right = set_up(setup_token(&server).unwrap());
        for wrong in [
            api::SetUp { name: " ".into(), ..right.clone() },
            api::SetUp { email: "ana".into(), ..right.clone() },
            api::SetUp { password: "too short".into(), ..right.clone() },
            api::SetUp { workspace_name: String::new(), ..right.clone() },
        ] {
            assert_eq!(code(nobody.set_up(&wrong).await), ProblemCode::InvalidRequest);
        }
        nobody.set_up(&right).await.unwrap();
        server.shutdown().await;
    }

    async fn a_restart_makes_a_new_link_and_the_old_one_ends(database: &Database) {
        let clock = Arc::new(HandClock::default());
        let server = open(config(database), clock.clone()).await;
        let old = setup_token(&server).unwrap();
        server.shutdown().await;

        let server = open(config(database), clock.clone()).await;
        let nobody = client(&server);
        let new = setup_token(&server).unwrap();
        assert_ne!(new, old);
        assert_eq!(code(nobody.set_up(&set_up(old)).await), ProblemCode::SetupTokenInvalid);
        nobody.set_up(&set_up(new)).await.unwrap();
        server.shutdown().await;

        let server = open(config(database), clock).await;
        assert_eq!(server.setup_link(), None, "there is an administrator");
        server.shutdown().await;
    }

    async fn only_the_administrator_sees_and_changes_the_instance(database: &Database) {
        let town = Town::open(database).await;
        let admin = town.admin("Ben").await;
        let other = api::UpdateInstance { name: Some("Ben's".into()), ..Default::default() };
        for refused in [
            code(admin.client.get_instance().await),
            code(admin.client.update_instance(&other).await),
            code(admin.client.list_users(&api::ListUsersQuery::default()).await),
            code(admin.client.deactivate_user(town.ana.id).await),
            code(admin.client.reactivate_user(town.ana.id).await),
        ] {
            assert_eq!(refused, ProblemCode::Forbidden, "a workspace's admin is none here");
        }
        let before = town.ana.client.get_instance().await.unwrap();
        let name = Some("The Pool".to_owned());
        let rename = api::UpdateInstance { name, ..Default::default() };
        let after = town.ana.client.update_instance(&rename).await.unwrap();
        let wanted = api::Instance { name: "The Pool".into(), ..before };
        assert_eq!(after, wanted, "what is not named stays");
        assert_eq!(town.ana.client.get_instance().await.unwrap(), wanted);
        assert_eq!(town.nobody.get_auth_providers().await.unwrap().instance_name, "The Pool");
        town.close().await;
    }
}
