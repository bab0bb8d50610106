//! Invites: how long they live, how often they work, and where they lead.

use clickclack_client::{Client, ClientError};
use clickclack_protocol::api::{self, ChannelKind, InviteRole, ProblemCode, Role};
use clickclack_protocol::ids::{InviteId, WorkspaceId};
use clickclack_trial::both;

use crate::town::{Person, Town, code, no_invite, sign_up};

/// An invite that nobody can use: not to look, not to sign up, not to join.
async fn is_dead(town: &Town, token: &str, somebody: &Client) {
    for refused in [
        code(town.nobody.get_invite(token).await),
        code(somebody.accept_invite(token).await),
        code(town.nobody.sign_up(&sign_up("Zoe", Some(token.to_owned()))).await),
    ] {
        assert_eq!(refused, ProblemCode::InviteInvalid);
    }
}

async fn invites(person: &Person, workspace_id: WorkspaceId) -> Vec<InviteId> {
    let query = api::ListInvitesQuery::default();
    let page = person.client.list_invites(workspace_id, &query).await.unwrap();
    page.items.into_iter().map(|invite| invite.id).collect()
}

async fn makes(
    person: &Person,
    workspace_id: WorkspaceId,
    invite: api::CreateInvite,
) -> Result<api::CreatedInvite, ClientError> {
    person.client.create_invite(workspace_id, &invite).await
}

both! {
    async fn an_invite_ends_with_its_time(database: &Database) {
        let town = Town::open(database).await;
        let cleo = town.stranger("Cleo").await;
        let hour = api::CreateInvite { expires_in_s: Some(3600), ..no_invite() };
        let made = makes(&town.ana, town.workspace_id, hour).await.unwrap();
        assert!(made.url.ends_with(&format!("/invite/{}", made.token)));
        let preview = town.nobody.get_invite(&made.token).await.unwrap();
        assert_eq!((&*preview.workspace_name, preview.role), ("Tidepool", InviteRole::Member));
        assert_eq!(preview.expires_at, made.invite.expires_at);

        town.clock.turn(3_600_000 - 1);
        town.nobody.get_invite(&made.token).await.unwrap();
        assert!(invites(&town.ana, town.workspace_id).await.contains(&made.invite.id));
        town.clock.turn(1);
        is_dead(&town, &made.token, &cleo.client).await;
        assert!(!invites(&town.ana, town.workspace_id).await.contains(&made.invite.id));

        let week = makes(&town.ana, town.workspace_id, no_invite()).await.unwrap();
        town.clock.turn(7 * 86_400_000 - 1);
        town.nobody.get_invite(&week.token).await.unwrap();
        town.clock.turn(1);
        is_dead(&town, &week.token, &cleo.client).await;
        town.close().await;
    }

    async fn an_invite_lets_in_as_many_as_it_says(database: &Database) {
        let town = Town::open(database).await;
        let two = api::CreateInvite { max_uses: Some(2), ..no_invite() };
        let made = makes(&town.ana, town.workspace_id, two).await.unwrap();
        let tries: Vec<_> = (0..6)
            .map(|number| {
                let body = sign_up(&format!("Guest{number}"), Some(made.token.clone()));
                let nobody = town.nobody.clone();
                tokio::spawn(async move { nobody.sign_up(&body).await })
            })
            .collect();
        let mut came = 0;
        for tried in tries {
            match tried.await.unwrap() {
                Ok(_) => came += 1,
                refused => assert_eq!(code(refused), ProblemCode::InviteInvalid),
            }
        }
        assert_eq!(came, 2);
        assert_eq!(town.ana.snapshot(town.workspace_id).await.members.len(), 3);
        assert!(!invites(&town.ana, town.workspace_id).await.contains(&made.invite.id));
        town.close().await;
    }

    async fn who_is_a_member_already_spends_no_use(database: &Database) {
        let town = Town::open(database).await;
        let (ben, cleo) = (town.person("Ben").await, town.stranger("Cleo").await);
        let once = api::CreateInvite { max_uses: Some(1), ..no_invite() };
        let made = makes(&town.ana, town.workspace_id, once).await.unwrap();
        let workspace = ben.client.accept_invite(&made.token).await.unwrap();
        assert_eq!(workspace.id, town.workspace_id);
        cleo.client.accept_invite(&made.token).await.unwrap();
        assert_eq!(cleo.snapshot(town.workspace_id).await.me.role, Role::Member);
        let workspace = cleo.client.accept_invite(&made.token).await.unwrap();
        assert_eq!(workspace.id, town.workspace_id, "a double click is no error");
        town.close().await;
    }

    async fn a_revoked_invite_is_dead_at_once(database: &Database) {
        let town = Town::open(database).await;
        let cleo = town.stranger("Cleo").await;
        let made = makes(&town.ana, town.workspace_id, no_invite()).await.unwrap();
        let own = cleo.client.list_workspaces().await.unwrap().items[0].id;
        let foreign = cleo.client.revoke_invite(own, made.invite.id).await;
        assert_eq!(code(foreign), ProblemCode::NotFound, "not an invite of that workspace");
        town.nobody.get_invite(&made.token).await.unwrap();

        town.ana.client.revoke_invite(town.workspace_id, made.invite.id).await.unwrap();
        is_dead(&town, &made.token, &cleo.client).await;
        town.ana.client.revoke_invite(town.workspace_id, made.invite.id).await.unwrap();
        town.close().await;
    }

    async fn an_invite_is_as_good_as_its_maker(database: &Database) {
        let town = Town::open(database).await;
        let cleo = town.stranger("Cleo").await;
        let (demoted, removed) = (town.admin("Dan").await, town.admin("Eli").await);
        let deactivated = town.admin("Fay").await;
        let mut tokens = Vec::new();
        for maker in [&demoted, &removed, &deactivated] {
            let made = makes(maker, town.workspace_id, no_invite()).await.unwrap();
            town.nobody.get_invite(&made.token).await.unwrap();
            tokens.push(made.token);
        }
        let member = api::UpdateMember { role: Role::Member };
        let ana = &town.ana.client;
        ana.update_member(town.workspace_id, demoted.id, &member).await.unwrap();
        ana.remove_member(town.workspace_id, removed.id).await.unwrap();
        ana.deactivate_user(deactivated.id).await.unwrap();
        for token in tokens {
            is_dead(&town, &token, &cleo.client).await;
        }
        town.close().await;
    }

    async fn the_invite_says_what_one_becomes(database: &Database) {
        let town = Town::open(database).await;
        let kitchen = town.private_channel("kitchen", &[]).await;
        let admin = town.admin("Ben").await;
        assert_eq!(admin.snapshot(town.workspace_id).await.me.role, Role::Admin);
        let guest = town.guest("Gus", &[kitchen]).await;
        let seen = guest.snapshot(town.workspace_id).await;
        assert_eq!(seen.me.role, Role::Guest);
        assert_eq!(seen.joined_channel_ids, [kitchen]);
        assert_eq!(seen.channels.iter().map(|c| c.id).collect::<Vec<_>>(), [kitchen]);
        town.close().await;
    }

    async fn a_guests_invite_names_channels_that_its_maker_sees(database: &Database) {
        let town = Town::open(database).await;
        let (ben, cleo) = (town.admin("Ben").await, town.stranger("Cleo").await);
        let secret = town.private_channel("secret", &[]).await;
        let rock = cleo.client.list_workspaces().await.unwrap().items[0].id;
        let elsewhere = cleo.snapshot(rock).await.channels[0].id;
        let role = Some(InviteRole::Guest);
        for channel_ids in [None, Some(vec![]), Some(vec![secret]), Some(vec![elsewhere])] {
            let invite = api::CreateInvite { role, channel_ids, ..no_invite() };
            let refused = makes(&ben, town.workspace_id, invite).await;
            assert_eq!(code(refused), ProblemCode::InvalidRequest);
        }
        let channel_ids = Some(vec![town.general]);
        let member = api::CreateInvite { channel_ids, ..no_invite() };
        let refused = makes(&ben, town.workspace_id, member).await;
        assert_eq!(code(refused), ProblemCode::InvalidRequest, "channels are for guests");
        let pool = town.channel("pool", ChannelKind::Public).await;
        let channel_ids = Some(vec![pool, town.general, pool]);
        let invite = api::CreateInvite { role, channel_ids, ..no_invite() };
        let made = makes(&ben, town.workspace_id, invite).await.unwrap();
        assert_eq!(made.invite.channel_ids.len(), 2, "each once");
        town.close().await;
    }

    async fn figures_out_of_range_are_refused_by_name(database: &Database) {
        let town = Town::open(database).await;
        for (max_uses, expires_in_s, field) in [
            (Some(0), None, "max_uses"),
            (Some(10_001), None, "max_uses"),
            (None, Some(59), "expires_in_s"),
            (None, Some(31_536_001), "expires_in_s"),
            (None, Some(i64::MAX), "expires_in_s"),
        ] {
            let invite = api::CreateInvite { max_uses, expires_in_s, ..no_invite() };
            let Err(ClientError::Refused(problem)) =
                makes(&town.ana, town.workspace_id, invite).await
            else {
                panic!("{field} was let through");
            };
            assert_eq!(problem.errors.unwrap()[0].field, field);
        }
        let most = api::CreateInvite {
            max_uses: Some(10_000),
            expires_in_s: Some(31_536_000),
            ..no_invite()
        };
        makes(&town.ana, town.workspace_id, most).await.unwrap();
        town.close().await;
    }
}
