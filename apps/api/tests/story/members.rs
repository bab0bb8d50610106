//! Members: their roles, the one owner, and what is left of who goes.

use clickclack_client::ClientError;
use clickclack_protocol::api::{self, ChannelKind, ProblemCode, Role};
use clickclack_protocol::ids::UserId;
use clickclack_trial::both;

use crate::town::{Person, Town, code, no_invite};

/// Gives somebody a role.
async fn gives(
    giver: &Person,
    town: &Town,
    to: UserId,
    role: Role,
) -> Result<api::Member, ClientError> {
    giver.client.update_member(town.workspace_id, to, &api::UpdateMember { role }).await
}

async fn with_role(town: &Town, role: Role) -> Vec<String> {
    let query = api::ListMembersQuery::default();
    let page = town.ana.client.list_members(town.workspace_id, &query).await.unwrap();
    let found = page.items.into_iter().filter(|member| member.role == role);
    found.map(|member| member.user.name).collect()
}

both! {
    async fn there_is_exactly_one_owner_at_any_time(database: &Database) {
        let town = Town::open(database).await;
        let [ben, chi] = [town.admin("Ben").await, town.person("Chi").await];
        assert_eq!(with_role(&town, Role::Owner).await, ["Ana"]);
        let transfer_first = ProblemCode::OwnerMustTransfer;
        assert_eq!(code(gives(&town.ana, &town, town.ana.id, Role::Admin).await), transfer_first);
        let leaving = town.ana.client.remove_member(town.workspace_id, town.ana.id).await;
        assert_eq!(code(leaving), transfer_first);
        let forbidden = ProblemCode::Forbidden;
        assert_eq!(code(gives(&ben, &town, town.ana.id, Role::Admin).await), forbidden);
        assert_eq!(code(gives(&ben, &town, ben.id, Role::Owner).await), forbidden);
        let expelled = ben.client.remove_member(town.workspace_id, town.ana.id).await;
        assert_eq!(code(expelled), forbidden);

        // Two at once: one of them is the heir, the other finds that it is too late.
        let (one, other) = tokio::join!(
            gives(&town.ana, &town, ben.id, Role::Owner),
            gives(&town.ana, &town, chi.id, Role::Owner),
        );
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let heir = if one.is_ok() { &ben } else { &chi };
        assert_eq!(with_role(&town, Role::Owner).await, [heir.name.as_str()]);
        assert!(with_role(&town, Role::Admin).await.contains(&"Ana".to_owned()));
        gives(heir, &town, town.ana.id, Role::Owner).await.unwrap();
        assert_eq!(with_role(&town, Role::Owner).await, ["Ana"]);

        town.ana.client.deactivate_user(chi.id).await.unwrap();
        let refused = gives(&town.ana, &town, chi.id, Role::Owner).await;
        assert_eq!(code(refused), ProblemCode::InvalidRequest, "nobody could act as the owner");
        town.close().await;
    }

    async fn roles_are_given_by_who_moderates(database: &Database) {
        let town = Town::open(database).await;
        let [ben, chi] = [town.admin("Ben").await, town.person("Chi").await];
        let eve = town.guest("Eve", &[town.general]).await;
        assert_eq!(gives(&ben, &town, chi.id, Role::Admin).await.unwrap().role, Role::Admin);
        assert_eq!(gives(&chi, &town, chi.id, Role::Member).await.unwrap().role, Role::Member);
        for powerless in [&chi, &eve] {
            let refused = gives(powerless, &town, powerless.id, Role::Admin).await;
            assert_eq!(code(refused), ProblemCode::Forbidden);
        }
        let bot = gives(&ben, &town, chi.id, Role::Bot).await;
        assert_eq!(code(bot), ProblemCode::InvalidRequest);
        town.close().await;
    }

    async fn a_guest_may_talk_where_they_were_let_in_and_do_nothing_else(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        let eve = town.guest("Eve", &[town.general]).await;
        eve.says(town.general, "hello from outside").await;
        let (hidden, forbidden) = (ProblemCode::NotFound, ProblemCode::Forbidden);
        assert_eq!(code(eve.client.join_channel(pier).await), hidden);
        assert_eq!(code(eve.tries_to_say(pier, "hello?").await), hidden);
        let own = api::CreateChannel { name: "own".into(), kind: ChannelKind::Private, topic: None };
        let created = eve.client.create_channel(town.workspace_id, &own).await;
        assert_eq!(code(created), forbidden);
        let added = eve.client.add_channel_member(town.general, ben.id).await;
        assert_eq!(code(added), forbidden);
        let invited = eve.client.create_invite(town.workspace_id, &no_invite()).await;
        assert_eq!(code(invited), forbidden);
        // Somebody inside lets them into one more.
        town.ana.client.add_channel_member(pier, eve.id).await.unwrap();
        eve.says(pier, "hello").await;
        eve.client.leave_channel(pier).await.unwrap();
        assert_eq!(code(eve.client.get_channel(pier).await), hidden, "and out is out");
        town.close().await;
    }

    async fn who_is_removed_leaves_their_words_and_takes_their_places(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        ben.client.join_channel(pier).await.unwrap();
        let message = ben.says(kitchen, "my soup").await;
        town.ana.client.remove_member(town.workspace_id, ben.id).await.unwrap();
        for channel_id in [kitchen, pier, town.general] {
            let everybody = api::ListChannelMembersQuery::default();
            let page = town.ana.client.list_channel_members(channel_id, &everybody).await;
            let items = page.unwrap().items;
            assert!(items.iter().all(|user| user.id != ben.id));
        }
        let kept = town.ana.client.get_message(message.id).await.unwrap();
        assert_eq!((kept.author.name.as_str(), kept.body.as_str()), ("Ben", "my soup"));
        assert_eq!(ben.client.list_workspaces().await.unwrap().items, []);
        assert_eq!(code(ben.client.get_message(message.id).await), ProblemCode::NotFound);

        // Coming back is a new beginning: none of the old places, none of the old rights.
        let invite = town.ana.client.create_invite(town.workspace_id, &no_invite()).await.unwrap();
        ben.client.accept_invite(&invite.token).await.unwrap();
        let back = ben.snapshot(town.workspace_id).await;
        assert_eq!(back.joined_channel_ids, [town.general]);
        assert_eq!(code(ben.client.get_channel(kitchen).await), ProblemCode::NotFound);
        let edit = api::EditMessage { body: "our soup".into(), version: None };
        let refused = ben.client.edit_message(message.id, &edit).await;
        assert_eq!(code(refused), ProblemCode::NotFound);
        town.close().await;
    }

    async fn a_workspace_is_renamed_by_who_has_seen_its_present_name(database: &Database) {
        let town = Town::open(database).await;
        let rename = async |name: &str, version| {
            let change = api::UpdateWorkspace { name: Some(name.into()), version };
            town.ana.client.update_workspace(town.workspace_id, &change).await
        };
        let first = town.ana.client.get_workspace(town.workspace_id).await.unwrap();
        let second = rename("Rock pool", Some(first.version)).await.unwrap();
        assert!(second.version > first.version);
        let late = rename("Sand bank", Some(first.version)).await;
        assert_eq!(code(late), ProblemCode::StaleVersion);
        assert_eq!(rename("Rock pool", None).await.unwrap(), second);
        town.close().await;
    }
}
