//! Who gets in: set-up, sign-up, invites, guests.

use clickclack_chat::AccessError;
use clickclack_chat::accounts::{AccountError, GetUser, ListUsers};
use clickclack_chat::activation::DeactivateUser;
use clickclack_chat::channels::ListChannels;
use clickclack_chat::instance::{GetAuthProviders, InstanceError, UpdateInstance};
use clickclack_chat::invites::{CreateInvite, InviteError, ListInvites, MadeInvite, RevokeInvite};
use clickclack_chat::joining::{AcceptInvite, GetInvite};
use clickclack_chat::setup::{Bootstrap, EnsureDemo, NewSetupToken};
use clickclack_protocol::api::{InviteRole, Role, SignupPolicy};
use clickclack_trial::both;

use crate::instance::*;

both! {
    async fn of_two_who_set_up_at_once_one_becomes_administrator(database: &Database) {
        let town = Town::open(database).await;
        assert!(town.desk.look(GetAuthProviders).await.unwrap().setup_required);
        let old = town.desk.act(NewSetupToken).await.unwrap().unwrap();
        let token = town.desk.act(NewSetupToken).await.unwrap().unwrap();
        let replaced = town.desk.act(set_up(&old, "Eve")).await.unwrap_err();
        assert_eq!(replaced, InstanceError::SetupTokenInvalid);

        let (ana, ben) = tokio::join!(
            town.desk.act(set_up(&token, "Ana")),
            town.desk.act(set_up(&token, "Ben")),
        );
        let (winner, loser) = match (ana, ben) {
            (Ok(winner), Err(loser)) | (Err(loser), Ok(winner)) => (winner, loser),
            both => panic!("one of two, but {both:?}"),
        };
        assert_eq!(loser, InstanceError::SetupDone);
        assert!(winner.account.is_administrator);
        let list = ListUsers { actor: winner.account.id, page: first_page() };
        let accounts = town.desk.look(list).await.unwrap().items;
        assert_eq!(accounts.iter().collect::<Vec<_>>(), [&winner.account]);
        assert!(!town.desk.look(GetAuthProviders).await.unwrap().setup_required);

        assert_eq!(town.desk.act(NewSetupToken).await.unwrap(), None);
        let name = "Eve".to_owned();
        let bootstrap =
            Bootstrap { name, email: "eve@tidepool.example".to_owned(), workspace_name: None };
        let refused = town.desk.act(bootstrap).await.unwrap_err();
        assert_eq!(refused, InstanceError::SetupDone);
        assert_eq!(town.desk.act(EnsureDemo).await.unwrap(), winner.account.id);
        town.desk.store().close().await;
    }

    async fn an_invite_for_one_lets_one_of_two_in(database: &Database) {
        let town = Town::open(database).await;
        let (ana, workspace_id) = town.settle().await;
        let open = UpdateInstance {
            actor: ana.account.id,
            name: None,
            signup_policy: Some(SignupPolicy::Open),
            workspace_creation: None,
        };
        town.desk.act(open).await.unwrap();
        let ben = town.desk.act(sign_up("Ben", None)).await.unwrap();
        let cleo = town.desk.act(sign_up("Cleo", None)).await.unwrap();
        let single = CreateInvite { max_uses: Some(1), ..invite(ana.account.id, workspace_id) };
        let token = town.desk.act(single).await.unwrap().token;

        let accept = |actor| AcceptInvite { actor, token: token.clone() };
        let both = tokio::join!(
            town.desk.act(accept(ben.account.id)),
            town.desk.act(accept(cleo.account.id)),
        );
        let (inside, outside) = match both {
            (Ok(_), Err(InviteError::Unusable)) => (ben, cleo),
            (Err(InviteError::Unusable), Ok(_)) => (cleo, ben),
            both => panic!("one of two, but {both:?}"),
        };
        let members = town.roles(ana.account.id, workspace_id).await;
        let expected =
            [("Ana".to_owned(), Role::Owner, false), (inside.account.name, Role::Member, false)];
        assert_eq!(members, expected);

        // Who is in already gets the workspace again, though the invite is used up.
        let again = town.desk.act(accept(inside.account.id)).await.unwrap();
        assert_eq!(again.id, workspace_id);
        let list = ListInvites {
            actor: ana.account.id,
            workspace_id,
            page: first_page(),
            now: town.now(),
        };
        assert_eq!(town.desk.look(list).await.unwrap().items, []);
        let stranger = GetUser { actor: outside.account.id, user_id: ana.account.id };
        let unseen = town.desk.look(stranger).await.unwrap_err();
        assert_eq!(unseen, AccountError::Access(AccessError::NotFound));
        town.desk.store().close().await;
    }

    async fn signing_up_needs_what_the_policy_says(database: &Database) {
        let town = Town::open(database).await;
        let (ana, workspace_id) = town.settle().await;
        let made = town.invite(ana.account.id, workspace_id).await;
        let refused = town.desk.act(sign_up("Ben", None)).await.unwrap_err();
        assert_eq!(refused, AccountError::SignupClosed);
        let refused = town.desk.act(sign_up("Ben", Some("cki_nonsense"))).await.unwrap_err();
        assert_eq!(refused, AccountError::InviteInvalid);

        let ben = town.newcomer("Ben", &made).await;
        assert_eq!(ben.account.email.as_deref(), Some("ben@tidepool.example"));
        assert_eq!(town.caller(&ben.token).await.unwrap().user_id, ben.account.id);
        let taken = town.desk.act(sign_up("BEN", Some(&made.token))).await.unwrap_err();
        assert_eq!(taken, AccountError::EmailTaken);
        let list = ListInvites {
            actor: ana.account.id,
            workspace_id,
            page: first_page(),
            now: town.now(),
        };
        assert_eq!(town.desk.look(list).await.unwrap().items[0].uses, 1);

        let closed = UpdateInstance {
            actor: ana.account.id,
            name: Some("The Pool".to_owned()),
            signup_policy: Some(SignupPolicy::Closed),
            workspace_creation: None,
        };
        assert_eq!(town.desk.act(closed.clone()).await.unwrap().name, "The Pool");
        let refused = town.desk.act(sign_up("Cleo", Some(&made.token))).await.unwrap_err();
        assert_eq!(refused, AccountError::SignupClosed);
        let forbidden = UpdateInstance { actor: ben.account.id, ..closed };
        let refused = town.desk.act(forbidden).await.unwrap_err();
        assert_eq!(refused, InstanceError::Access(AccessError::Forbidden));
        town.desk.store().close().await;
    }

    async fn an_invite_ends_by_time_by_hand_and_with_its_maker(database: &Database) {
        let town = Town::open(database).await;
        let (ana, workspace_id) = town.settle().await;
        let helper =
            CreateInvite { role: Some(InviteRole::Admin), ..invite(ana.account.id, workspace_id) };
        let helper = town.desk.act(helper).await.unwrap();
        let ben = town.newcomer("Ben", &helper).await.account.id;
        let preview = |made: &MadeInvite| GetInvite { token: made.token.clone(), now: town.now() };

        let bens = town.invite(ben, workspace_id).await;
        assert_eq!(town.desk.look(preview(&bens)).await.unwrap().workspace_name, "Tidepool");
        let actor = Some(ana.account.id);
        town.desk.act(DeactivateUser { actor, user_id: ben }).await.unwrap();
        let ended = town.desk.look(preview(&bens)).await.unwrap_err();
        assert_eq!(ended, InviteError::Unusable);

        let made = town.invite(ana.account.id, workspace_id).await;
        let actor = ana.account.id;
        let revoke = RevokeInvite { actor, workspace_id, invite_id: made.invite.id };
        town.desk.act(revoke).await.unwrap();
        assert_eq!(town.desk.look(preview(&made)).await.unwrap_err(), InviteError::Unusable);

        let by_operator = CreateInvite { actor: None, ..invite(actor, workspace_id) };
        let made = town.desk.act(by_operator).await.unwrap();
        town.turn(7 * 24 * 3_600_000 - 1);
        assert_eq!(town.desk.look(preview(&made)).await.unwrap().role, InviteRole::Member);
        town.turn(1);
        assert_eq!(town.desk.look(preview(&made)).await.unwrap_err(), InviteError::Unusable);
        town.desk.store().close().await;
    }

    async fn a_guest_comes_into_the_named_channels_only(database: &Database) {
        let town = Town::open(database).await;
        let (ana, workspace_id) = town.settle().await;
        let actor = ana.account.id;
        let list =
            ListChannels { actor, workspace_id, page: first_page() };
        let general = town.desk.look(list).await.unwrap().items[0].id;
        let nowhere = CreateInvite { role: Some(InviteRole::Guest), ..invite(actor, workspace_id) };
        let refused = town.desk.act(nowhere.clone()).await.unwrap_err();
        assert!(matches!(refused, InviteError::Invalid(it) if it.field == "channel_ids"));
        let somewhere = CreateInvite { channel_ids: Some(vec![general, general]), ..nowhere };
        let made = town.desk.act(somewhere.clone()).await.unwrap();
        assert_eq!(made.invite.channel_ids, [general]);
        let everybody = CreateInvite { role: None, ..somewhere };
        assert!(matches!(town.desk.act(everybody).await, Err(InviteError::Invalid(_))));

        let gil = town.newcomer("Gil", &made).await.account.id;
        let list = ListChannels {
            actor: gil,
            workspace_id,
            page: first_page(),
        };
        let seen: Vec<_> =
            town.desk.look(list).await.unwrap().items.iter().map(|channel| channel.id).collect();
        assert_eq!(seen, [general]);
        let page = first_page();
        let listed = ListInvites { actor, workspace_id, page, now: town.now() };
        assert_eq!(town.desk.look(listed).await.unwrap().items[0].channel_ids, [general]);
        town.desk.store().close().await;
    }
}
