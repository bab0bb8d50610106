//! Channels: their names, what changes about them, and who is in them.

use clickclack_client::view::View;
use clickclack_protocol::api::{self, ChannelKind, EventBody, ProblemCode};
use clickclack_trial::both;

use crate::town::{Town, code};
use crate::views;

const NO_CHANGE: api::UpdateChannel =
    api::UpdateChannel { name: None, topic: None, archived: None, version: None };

fn named(name: &str, kind: ChannelKind) -> api::CreateChannel {
    api::CreateChannel { name: name.into(), kind, topic: None }
}

both! {
    async fn a_public_name_is_there_once_and_a_private_one_as_often_as_one_likes(
        database: &Database
    ) {
        let town = Town::open(database).await;
        let create = async |name: &str, kind| {
            town.ana.client.create_channel(town.workspace_id, &named(name, kind)).await
        };
        let pier = create("Pier", ChannelKind::Public).await.unwrap();
        assert_eq!(pier.name, "pier");
        let taken = ProblemCode::NameTaken;
        assert_eq!(code(create("pier", ChannelKind::Public).await), taken);
        assert_eq!(code(create(" PIER ", ChannelKind::Public).await), taken);
        let private = create("pier", ChannelKind::Private).await.unwrap();
        create("pier", ChannelKind::Private).await.unwrap();
        let mole = create("mole", ChannelKind::Public).await.unwrap();
        let rename = api::UpdateChannel { name: Some("pier".into()), ..NO_CHANGE };
        assert_eq!(code(town.ana.client.update_channel(mole.id, &rename).await), taken);
        // An archived one keeps its name, so that it can come back.
        let archive = api::UpdateChannel { archived: Some(true), ..NO_CHANGE };
        town.ana.client.update_channel(pier.id, &archive).await.unwrap();
        assert_eq!(code(create("pier", ChannelKind::Public).await), taken);
        let general = api::UpdateChannel { name: Some("general".into()), ..NO_CHANGE };
        let renamed = town.ana.client.update_channel(private.id, &general).await.unwrap();
        assert_eq!(renamed.name, "general");
        // Two who have the same idea at once: one of them is told.
        let ben = town.person("Ben").await;
        let quay = named("quay", ChannelKind::Public);
        let (one, other) = tokio::join!(
            town.ana.client.create_channel(town.workspace_id, &quay),
            ben.client.create_channel(town.workspace_id, &quay),
        );
        assert!(one.is_ok() != other.is_ok());
        assert_eq!(code(if one.is_ok() { other } else { one }), taken);
        town.close().await;
    }

    async fn a_change_touches_what_it_names_and_nothing_else(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        let change = async |change: api::UpdateChannel| {
            town.ana.client.update_channel(pier, &change).await
        };
        let first = change(api::UpdateChannel { topic: Some("Boats".into()), ..NO_CHANGE }).await;
        let first = first.unwrap();
        assert_eq!((first.name.as_str(), first.topic.as_str()), ("pier", "Boats"));
        let second = change(api::UpdateChannel { name: Some("mole".into()), ..NO_CHANGE }).await;
        let second = second.unwrap();
        assert_eq!((second.name.as_str(), second.topic.as_str()), ("mole", "Boats"));
        assert!(second.version > first.version && second.archived_at.is_none());
        for wanted in [&first, &second] {
            let EventBody::ChannelUpdated(heard) = ben_hears.event().await.body else { panic!() };
            assert_eq!(heard.channel, *wanted);
        }
        let stale = Some(first.version);
        let lost =
            change(api::UpdateChannel { topic: Some("!".into()), version: stale, ..NO_CHANGE });
        assert_eq!(code(lost.await), ProblemCode::StaleVersion);
        assert_eq!(change(NO_CHANGE).await.unwrap(), second, "nothing named, nothing changed");
        let same = api::UpdateChannel { name: Some("mole".into()), ..NO_CHANGE };
        assert_eq!(change(same).await.unwrap().version, second.version);
        let cleared = api::UpdateChannel { topic: Some(String::new()), ..NO_CHANGE };
        assert_eq!(change(cleared).await.unwrap().topic, "");
        town.close().await;
    }

    async fn an_archived_channel_is_read_and_nothing_more_until_it_comes_back(
        database: &Database
    ) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        ben.client.join_channel(pier).await.unwrap();
        let message = ben.says(pier, "the last boat").await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        let archive = |archived| api::UpdateChannel { archived: Some(archived), ..NO_CHANGE };
        let archived = town.ana.client.update_channel(pier, &archive(true)).await.unwrap();
        assert!(archived.archived_at.is_some());
        let EventBody::ChannelArchived(heard) = ben_hears.event().await.body else { panic!() };
        assert_eq!(heard.channel, archived);
        let closed = ProblemCode::ChannelArchived;
        assert_eq!(code(ben.tries_to_say(pier, "wait!").await), closed);
        let edit = api::EditMessage { body: "the very last".into(), version: None };
        assert_eq!(code(ben.client.edit_message(message.id, &edit).await), closed);
        assert_eq!(ben.reads(pier).await, ["the last boat"]);
        let open = town.ana.client.update_channel(pier, &archive(false)).await.unwrap();
        assert_eq!(open.archived_at, None);
        let EventBody::ChannelUpdated(heard) = ben_hears.event().await.body else { panic!() };
        assert_eq!(heard.channel, open);
        ben.says(pier, "one more boat").await;
        town.close().await;
    }

    async fn people_come_and_go(database: &Database) {
        let town = Town::open(database).await;
        let [ben, chi] = [town.person("Ben").await, town.person("Chi").await];
        let pier = town.channel("pier", ChannelKind::Public).await;
        let inside = async || {
            let everybody = api::ListChannelMembersQuery::default();
            let page = town.ana.client.list_channel_members(pier, &everybody).await.unwrap();
            let names: Vec<_> = page.items.into_iter().map(|user| user.name).collect();
            assert_eq!(usize::try_from(page.total).unwrap(), names.len());
            names
        };
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        ben.client.join_channel(pier).await.unwrap();
        ben.client.join_channel(pier).await.unwrap();
        ben.client.add_channel_member(pier, chi.id).await.unwrap();
        assert_eq!(inside().await, ["Ana", "Ben", "Chi"]);
        chi.client.leave_channel(pier).await.unwrap();
        chi.client.leave_channel(pier).await.unwrap();
        assert_eq!(inside().await, ["Ana", "Ben"]);
        // Who left a public channel still looks in, and does not speak.
        assert_eq!(chi.reads(pier).await, Vec::<String>::new());
        assert_eq!(code(chi.tries_to_say(pier, "hello?").await), ProblemCode::Forbidden);
        let refused = ben.client.remove_channel_member(pier, town.ana.id).await;
        assert_eq!(code(refused), ProblemCode::Forbidden);
        ben.client.remove_channel_member(pier, ben.id).await.unwrap();
        let gone = town.ana.client.remove_channel_member(pier, ben.id).await;
        assert_eq!(code(gone), ProblemCode::NotFound);
        // Doing it twice was not told twice.
        let mut told = Vec::new();
        for _ in 0..4 {
            told.push(match ana_hears.event().await.body {
                EventBody::ChannelMemberAdded(added) => (true, added.user.id),
                EventBody::ChannelMemberRemoved(removed) => (false, removed.user_id),
                other => panic!("{other:?}"),
            });
        }
        assert_eq!(told, [(true, ben.id), (true, chi.id), (false, chi.id), (false, ben.id)]);
        // A stranger cannot be added: for this workspace they do not exist.
        let sid = town.stranger("Sid").await;
        let refused = town.ana.client.add_channel_member(pier, sid.id).await;
        assert_eq!(code(refused), ProblemCode::NotFound);
        town.close().await;
    }

    async fn a_list_and_the_events_after_it_are_a_fresh_list(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        let (all, workspace_id) = (api::ListChannelsQuery::default(), town.workspace_id);
        let list = ben.client.list_channels(workspace_id, &all).await.unwrap();
        let all = api::ListMembersQuery::default();
        let people = ben.client.list_members(workspace_id, &all).await.unwrap();
        assert_eq!(list.as_of, people.as_of, "nothing happened in between");
        let mut view = View::new(ben.snapshot(town.workspace_id).await);
        view.channels = list.items.into_iter().map(|channel| (channel.id, channel)).collect();
        view.members = people.items.into_iter().map(|member| (member.user.id, member)).collect();
        assert_eq!(view.cursor.to_string(), list.as_of);

        town.channel("mole", ChannelKind::Public).await;
        town.private_channel("kitchen", &[&ben]).await;
        let archive = api::UpdateChannel { archived: Some(true), ..NO_CHANGE };
        town.ana.client.update_channel(pier, &archive).await.unwrap();
        let chi = town.person("Chi").await;
        chi.client.update_me(&api::UpdateMe { name: Some("Chiara".into()) }).await.unwrap();
        town.ana.says(town.general, "hello").await;

        let query = api::ListEventsQuery {
            workspace_id: town.workspace_id,
            after_cursor: list.as_of,
            limit: Some(200),
        };
        for event in ben.client.list_events(&query).await.unwrap().events {
            view.apply(&event);
        }
        let fresh = views::fresh(&ben, town.workspace_id).await.unwrap();
        assert_eq!(view.channels, fresh.channels);
        assert_eq!(view.members, fresh.members);
        let mut listed = Vec::new();
        let mut page = api::ListChannelsQuery { cursor: None, limit: Some(1) };
        loop {
            let found = ben.client.list_channels(town.workspace_id, &page).await.unwrap();
            listed.extend(found.items);
            let Some(next) = found.next_cursor else { break };
            page.cursor = Some(next);
        }
        assert_eq!(listed, fresh.channels.into_values().collect::<Vec<_>>());
        town.close().await;
    }
}
