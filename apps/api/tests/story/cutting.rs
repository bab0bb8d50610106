//! Access that ends: within a second nothing more is heard, and what was heard last says why.

use clickclack_protocol::api::{self, EventBody, ResyncReason, Role, ServerFrame};
use clickclack_trial::both;

use crate::listener::{Heard, Listener};
use crate::town::{Person, Town};

/// Hears the event that ends one's membership. Then others talk, and nothing of it comes.
async fn hears_the_end(listener: &mut Listener, town: &Town, ends: impl Fn(&EventBody) -> bool) {
    while !ends(&listener.event().await.body) {}
    let mut others = town.ana.listens(town.workspace_id).await;
    town.ana.says(town.general, "are they gone?").await;
    others.hears(&["are they gone?"]).await;
}

/// Whatever was said meanwhile that stands in a log.
async fn events_since(listener: &mut Listener) -> Vec<ServerFrame> {
    let mut frames = listener.settles().await;
    frames.retain(|frame| matches!(frame, ServerFrame::Event(_)));
    frames
}

both! {
    async fn who_is_removed_from_a_workspace_hears_that_and_nothing_more(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        town.ana.client.remove_member(town.workspace_id, ben.id).await.unwrap();
        let removed = |body: &EventBody| {
            matches!(body, EventBody::MemberRemoved(gone) if gone.user_id == ben.id)
        };
        hears_the_end(&mut ben_hears, &town, removed).await;
        assert_eq!(events_since(&mut ben_hears).await, []);
        // The socket stays: it may serve other workspaces. Subscribing again finds nothing here.
        ben_hears.subscribe(town.workspace_id, None).await;
        let error = ben_hears.until(|frame| match frame {
            ServerFrame::Error(error) => Some(error.clone()),
            _ => None,
        });
        let error = error.await;
        assert_eq!(error.code, api::ProblemCode::NotFound);
        assert_eq!(error.r#ref, Some(town.workspace_id.to_string()));
        town.close().await;
    }

    async fn who_is_removed_from_a_channel_still_hears_the_others(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        town.ana.says(kitchen, "hello Ben").await;
        ben_hears.hears(&["hello Ben"]).await;
        town.ana.client.remove_channel_member(kitchen, ben.id).await.unwrap();
        let removed = ben_hears.event().await;
        assert!(matches!(removed.body, EventBody::ChannelMemberRemoved(_)), "{removed:?}");
        town.ana.says(kitchen, "the cake is a secret").await;
        ana_hears.types(kitchen, api::TypingState::Started).await;
        town.ana.says(town.general, "good morning").await;
        ben_hears.hears(&["good morning"]).await;
        // And back: one hears the channel again, from the event on that says so.
        town.ana.client.add_channel_member(kitchen, ben.id).await.unwrap();
        town.ana.says(kitchen, "there is cake").await;
        let added = ben_hears.event().await;
        let EventBody::ChannelMemberAdded(added) = added.body else { panic!("{added:?}") };
        assert_eq!((added.channel.id, added.user.id), (kitchen, ben.id));
        ben_hears.hears(&["there is cake"]).await;
        assert_eq!(ben.reads(kitchen).await.len(), 3, "with the whole history");
        town.close().await;
    }

    async fn a_guest_who_is_one_no_longer_starts_anew(database: &Database) {
        let town = Town::open(database).await;
        let eve = town.guest("Eve", &[town.general]).await;
        let pier = town.channel("pier", api::ChannelKind::Public).await;
        for (role, sees_pier) in [(Role::Member, true), (Role::Guest, false)] {
            let mut eve_hears = eve.listens(town.workspace_id).await;
            let update = api::UpdateMember { role };
            town.ana.client.update_member(town.workspace_id, eve.id, &update).await.unwrap();
            let resync = eve_hears.until(|frame| match frame {
                ServerFrame::ResyncRequired(frame) => Some(frame.reason),
                _ => None,
            });
            assert_eq!(resync.await, ResyncReason::AccessChanged);
            town.ana.says(town.general, "on we go").await;
            assert_eq!(events_since(&mut eve_hears).await, [], "until one subscribes anew");
            eve_hears.subscribe(town.workspace_id, None).await;
            let subscribed = eve_hears.until(|frame| match frame {
                ServerFrame::Subscribed(frame) => Some(frame.clone()),
                _ => None,
            });
            assert_eq!(subscribed.await.channel_ids.contains(&pier), sees_pier);
        }
        town.close().await;
    }

    async fn a_session_that_ends_takes_its_sockets_along_and_no_other(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let phone = signs_in(&town, &ben).await;
        let mut desk_hears = ben.listens(town.workspace_id).await;
        let mut phone_hears = phone.listens(town.workspace_id).await;
        let mut second = phone.listens(town.workspace_id).await;
        let sessions = phone.client.list_sessions().await.unwrap().items;
        let current = sessions.iter().find(|session| session.current).unwrap();
        ben.client.revoke_session(current.id).await.unwrap();
        town.ana.says(town.general, "who hears me?").await;
        for gone in [&mut phone_hears, &mut second] {
            let (code, frames) = gone.closes().await;
            assert_eq!(code, 4003);
            let heard = frames.iter().any(|frame| matches!(frame, ServerFrame::Event(_)));
            assert!(!heard, "it was revoked before anything was said");
        }
        desk_hears.hears(&["who hears me?"]).await;
        ben.client.log_out().await.unwrap();
        assert_eq!(desk_hears.closes().await.0, 4003);
        town.close().await;
    }

    async fn a_deactivated_account_is_cut_off_at_once(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        town.ana.client.deactivate_user(ben.id).await.unwrap();
        town.ana.says(town.general, "Ben is gone").await;
        let (code, frames) = ben_hears.closes().await;
        assert_eq!(code, 4003);
        let spoke = |frame: &ServerFrame| match frame {
            ServerFrame::Event(frame) => matches!(frame.event.body, EventBody::MessageCreated(_)),
            _ => false,
        };
        assert!(!frames.iter().any(spoke), "{frames:?}");
        let updated = ana_hears.event().await;
        let EventBody::MemberUpdated(updated) = updated.body else { panic!("{updated:?}") };
        assert!(updated.member.user.deactivated && updated.member.user.id == ben.id);
        ana_hears.hears(&["Ben is gone"]).await;
        town.close().await;
    }

    async fn a_restart_asks_everybody_to_come_back(database: &Database) {
        let town = Town::open(database).await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let (heard, ()) = tokio::join!(ana_hears.next(), town.close());
        assert_eq!(heard, Heard::Closed(1012));
    }
}

/// One more session of somebody.
async fn signs_in(town: &Town, person: &Person) -> Person {
    let log_in = api::LogIn {
        email: format!("{}@tidepool.example", person.name.to_lowercase()),
        password: crate::town::PASSWORD.into(),
        transport: Some(api::SessionTransport::Token),
    };
    Person::signed_in(&town.nobody, town.nobody.log_in(&log_in).await.unwrap())
}
