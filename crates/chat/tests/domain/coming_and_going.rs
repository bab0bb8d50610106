//! What somebody who lost access, or comes back to it, reaches and is told.

use clickclack_chat::channel_members::{AddChannelMember, LeaveChannel, RemoveChannelMember};
use clickclack_chat::channels::CreateChannel;
use clickclack_chat::invites::{CreateInvite, ListInvites, MadeInvite};
use clickclack_chat::members::UpdateMember;
use clickclack_chat::messages::MessageError;
use clickclack_chat::reads::GetMyState;
use clickclack_chat::replay::{LoadSubscription, ReplayError};
use clickclack_chat::sending::SendMessage;
use clickclack_chat::snapshot::GetSnapshot;
use clickclack_chat::workspaces::CreateWorkspace;
use clickclack_protocol::api::{ChannelKind, InviteRole, ResyncReason, Role};
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_trial::both;

use crate::instance::*;

impl Town {
    async fn private_channel(&self, actor: UserId, workspace_id: WorkspaceId) -> ChannelId {
        let (name, topic) = ("kitchen".to_owned(), String::new());
        let kind = ChannelKind::Private;
        let create = CreateChannel { actor, workspace_id, name, kind, topic };
        self.desk.act(create).await.unwrap().id
    }

    async fn invite_guest(
        &self,
        actor: Option<UserId>,
        workspace_id: WorkspaceId,
        channel_id: ChannelId,
    ) -> MadeInvite {
        let create = CreateInvite {
            actor,
            workspace_id,
            role: Some(InviteRole::Guest),
            max_uses: None,
            expires_in_s: None,
            channel_ids: Some(vec![channel_id]),
        };
        self.desk.act(create).await.unwrap()
    }

    async fn sees(&self, actor: UserId, workspace_id: WorkspaceId) -> Vec<ChannelId> {
        let snapshot = self.desk.look(GetSnapshot { actor, workspace_id }).await.unwrap();
        snapshot.channels.into_iter().map(|channel| channel.id).collect()
    }

    /// The workspace's owner, one of its admins, and a private channel that both are in.
    async fn kitchen(&self) -> (UserId, UserId, WorkspaceId, ChannelId) {
        let (ana, workspace_id) = self.settle().await;
        let actor = ana.account.id;
        let invite = self.invite(actor, workspace_id).await;
        let user_id = self.newcomer("Ben", &invite).await.account.id;
        let role = Role::Admin;
        let promote = UpdateMember { actor, workspace_id, user_id, role };
        self.desk.act(promote).await.unwrap();
        let channel_id = self.private_channel(actor, workspace_id).await;
        self.desk.act(AddChannelMember { actor, channel_id, user_id }).await.unwrap();
        (actor, user_id, workspace_id, channel_id)
    }
}

fn send(actor: UserId, channel_id: ChannelId, nonce: &str) -> SendMessage {
    let (nonce, body) = (nonce.to_owned(), "hello".to_owned());
    SendMessage { actor, channel_id, nonce, body, quote_of: None }
}

both! {
    async fn an_invite_does_not_open_a_channel_that_its_maker_lost(database: &Database) {
        let town = Town::open(database).await;
        let (ana, ben, workspace_id, channel_id) = town.kitchen().await;
        let made = town.invite_guest(Some(ben), workspace_id, channel_id).await;
        let by_operator = town.invite_guest(None, workspace_id, channel_id).await;
        let chi = town.newcomer("Chi", &made).await.account.id;
        assert_eq!(town.sees(chi, workspace_id).await, [channel_id]);

        let remove = RemoveChannelMember { actor: ana, channel_id, user_id: ben };
        town.desk.act(remove).await.unwrap();
        let dev = town.newcomer("Dev", &made).await.account.id;
        assert_eq!(town.sees(dev, workspace_id).await, []);
        let eve = town.newcomer("Eve", &by_operator).await.account.id;
        assert_eq!(town.sees(eve, workspace_id).await, [channel_id]);
        town.desk.store().close().await;
    }

    async fn a_list_of_invites_does_not_betray_a_private_channel(database: &Database) {
        let town = Town::open(database).await;
        let (ana, ben, workspace_id, channel_id) = town.kitchen().await;
        let made = town.invite_guest(Some(ana), workspace_id, channel_id).await.invite.id;
        let shown = async |actor| {
            let (page, now) = (first_page(), town.now());
            let list = ListInvites { actor, workspace_id, page, now };
            let invites = town.desk.look(list).await.unwrap().items;
            invites.into_iter().find(|invite| invite.id == made).unwrap().channel_ids
        };
        assert_eq!(shown(ben).await, [channel_id]);
        town.desk.act(LeaveChannel { actor: ben, channel_id }).await.unwrap();
        assert_eq!(shown(ben).await, []);
        assert_eq!(shown(ana).await, [channel_id]);
        town.desk.store().close().await;
    }

    async fn who_comes_back_is_told_anew_how_far_they_have_read(database: &Database) {
        let town = Town::open(database).await;
        let (ana, ben, workspace_id, channel_id) = town.kitchen().await;
        town.desk.act(send(ben, channel_id, "nonce-01")).await.unwrap();
        let changed = async |since| {
            town.desk.look(GetMyState { actor: ben, workspace_id, since }).await.unwrap()
        };
        town.desk.act(LeaveChannel { actor: ben, channel_id }).await.unwrap();
        let left = changed(0).await;
        assert!(left.reads.iter().all(|read| read.channel_id != channel_id));

        let add = AddChannelMember { actor: ana, channel_id, user_id: ben };
        town.desk.act(add).await.unwrap();
        let back = changed(left.version).await;
        let read = back.reads.iter().find(|read| read.channel_id == channel_id);
        assert_eq!(read.map(|read| read.read_seq), Some(1), "nothing new was said meanwhile");
        town.desk.store().close().await;
    }

    async fn one_nonce_in_two_workspaces_at_once_is_one_send(database: &Database) {
        let town = Town::open(database).await;
        let (ana, first) = town.settle().await;
        let actor = ana.account.id;
        let create = CreateWorkspace { actor, name: "Reef".to_owned() };
        let second = town.desk.act(create).await.unwrap().id;
        let here = town.sees(actor, first).await[0];
        let there = town.sees(actor, second).await[0];
        for number in 0..30 {
            let nonce = format!("nonce-{number:02}");
            let (one, other) = tokio::join!(
                town.desk.act(send(actor, here, &nonce)),
                town.desk.act(send(actor, there, &nonce)),
            );
            let refused = one.err().into_iter().chain(other.err()).collect::<Vec<_>>();
            assert_eq!(refused, [MessageError::NonceConflict]);
        }
        town.desk.store().close().await;
    }

    async fn a_replay_that_is_too_much_to_say_is_a_resync(database: &Database) {
        let town = Town::open(database).await;
        let (ana, workspace_id) = town.settle().await;
        let actor = ana.account.id;
        let channel_id = town.sees(actor, workspace_id).await[0];
        let snapshot = town.desk.look(GetSnapshot { actor, workspace_id }).await.unwrap();
        let after = Some(snapshot.as_of.parse().unwrap());
        let load = LoadSubscription { actor, workspace_id, after };
        let body = "\u{1F980}".repeat(limits::MESSAGE_CHARS);
        let fits = 16 * 1024 * 1024 / body.len();
        for number in 1..=fits + 1 {
            let nonce = format!("nonce-{number:03}");
            let long = SendMessage { actor, channel_id, nonce, body: body.clone(), quote_of: None };
            town.desk.act(long).await.unwrap();
            if number == fits {
                let replay = town.desk.look(load.clone()).await.unwrap().replay;
                assert_eq!(replay.len(), fits);
            }
        }
        let refused = town.desk.look(load).await.unwrap_err();
        assert_eq!(refused, ReplayError::Resync(ResyncReason::TooFarBehind));
        town.desk.store().close().await;
    }
}
