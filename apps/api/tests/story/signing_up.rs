//! Signing up: who may, by which policy, and with an invite both or nothing.

use clickclack_protocol::api::{self, ProblemCode, SignupPolicy};
use clickclack_trial::both;

use crate::town::{Person, Town, code, no_invite, sign_up};

impl Town {
    async fn has_policy(&self, policy: SignupPolicy) {
        let signup_policy = Some(policy);
        let body = api::UpdateInstance { signup_policy, ..Default::default() };
        self.ana.client.update_instance(&body).await.unwrap();
    }

    async fn invite_token(&self) -> String {
        self.ana.client.create_invite(self.workspace_id, &no_invite()).await.unwrap().token
    }

    async fn uses(&self) -> i64 {
        let query = api::ListInvitesQuery::default();
        self.ana.client.list_invites(self.workspace_id, &query).await.unwrap().items[0].uses
    }

    async fn accounts(&self) -> usize {
        let query = api::ListUsersQuery::default();
        self.ana.client.list_users(&query).await.unwrap().items.len()
    }
}

both! {
    async fn by_default_one_comes_by_invite(database: &Database) {
        let town = Town::open(database).await;
        let alone = town.nobody.sign_up(&sign_up("Ben", None)).await;
        assert_eq!(code(alone), ProblemCode::SignupClosed);
        let found = sign_up("Ben", Some("cki_found-on-the-street".into()));
        assert_eq!(code(town.nobody.sign_up(&found).await), ProblemCode::InviteInvalid);
        assert_eq!(town.accounts().await, 1, "neither left an account behind");

        let token = town.invite_token().await;
        let signed_in = town.nobody.sign_up(&sign_up("Ben", Some(token))).await.unwrap();
        assert!(!signed_in.account.is_administrator);
        let ben = Person::signed_in(&town.nobody, signed_in);
        let workspaces = ben.client.list_workspaces().await.unwrap().items;
        assert_eq!(workspaces[0].id, town.workspace_id);
        assert_eq!(town.uses().await, 1);
        town.close().await;
    }

    async fn a_closed_server_lets_nobody_in_not_even_by_invite(database: &Database) {
        let town = Town::open(database).await;
        let token = town.invite_token().await;
        town.has_policy(SignupPolicy::Closed).await;
        for invite in [None, Some(token.clone()), Some("cki_wrong".into())] {
            let refused = town.nobody.sign_up(&sign_up("Ben", invite)).await;
            assert_eq!(code(refused), ProblemCode::SignupClosed);
        }
        assert_eq!(town.uses().await, 0);
        town.has_policy(SignupPolicy::Invite).await;
        town.nobody.sign_up(&sign_up("Ben", Some(token))).await.unwrap();
        town.close().await;
    }

    async fn an_open_server_lets_everybody_in(database: &Database) {
        let town = Town::open(database).await;
        town.has_policy(SignupPolicy::Open).await;
        let signed_in = town.nobody.sign_up(&sign_up("Ben", None)).await.unwrap();
        let ben = Person::signed_in(&town.nobody, signed_in);
        assert!(ben.client.list_workspaces().await.unwrap().items.is_empty());
        let unknown = town.nobody.sign_up(&sign_up("Cleo", Some("cki_wrong".into()))).await;
        assert_eq!(code(unknown), ProblemCode::InviteInvalid, "both or nothing");

        let token = town.invite_token().await;
        let signed_in = town.nobody.sign_up(&sign_up("Cleo", Some(token))).await.unwrap();
        let cleo = Person::signed_in(&town.nobody, signed_in);
        assert_eq!(cleo.client.list_workspaces().await.unwrap().items.len(), 1);
        town.close().await;
    }

    async fn an_address_has_one_account_however_it_is_written(database: &Database) {
        let town = Town::open(database).await;
        let token = town.invite_token().await;
        let email = " ANA@tidepool.Example".to_owned();
        let second = api::SignUp { email, ..sign_up("Ana", Some(token.clone())) };
        assert_eq!(code(town.nobody.sign_up(&second).await), ProblemCode::EmailTaken);
        assert_eq!(town.uses().await, 0, "the invite was not spent");

        let body = sign_up("Ben", Some(token));
        let tries: Vec<_> = (0..6)
            .map(|_| {
                let (nobody, body) = (town.nobody.clone(), body.clone());
                tokio::spawn(async move { nobody.sign_up(&body).await })
            })
            .collect();
        let mut accounts = 0;
        for tried in tries {
            match tried.await.unwrap() {
                Ok(_) => accounts += 1,
                refused => assert_eq!(code(refused), ProblemCode::EmailTaken),
            }
        }
        assert_eq!((accounts, town.accounts().await, town.uses().await), (1, 2, 1));
        town.close().await;
    }

    async fn who_may_found_workspaces_is_the_administrators_to_say(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let rock = api::CreateWorkspace { name: "Ben's rock".into() };
        let own = ben.client.create_workspace(&rock).await.unwrap();
        assert_eq!(ben.snapshot(own.id).await.me.role, api::Role::Owner);
        let workspace_creation = Some(api::WorkspaceCreation::Administrator);
        let body = api::UpdateInstance { workspace_creation, ..Default::default() };
        town.ana.client.update_instance(&body).await.unwrap();
        assert_eq!(code(ben.client.create_workspace(&rock).await), ProblemCode::Forbidden);
        town.ana.client.create_workspace(&rock).await.unwrap();
        town.close().await;
    }
}
