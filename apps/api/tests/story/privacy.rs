//! A private channel does not exist for who is not in it: not in any list, count, event, error or
//! name, whatever they ask.

use std::sync::Arc;

use clickclack_client::{Client, Exchange};
use clickclack_protocol::api::{self, ChannelKind, ProblemCode, ServerFrame, TypingState};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{ChannelId, WorkspaceId};
use clickclack_trial::both;

use crate::listener::Listener;
use crate::town::{Person, Town, code, no_invite, nonce};

/// A client that must never be answered any of these words.
fn unsuspecting(client: &Client, secrets: &[String]) -> Client {
    let secrets = secrets.to_vec();
    client.with_witness(Arc::new(move |exchange: &Exchange<'_>| {
        let told = String::from_utf8_lossy(&exchange.answer.body);
        for secret in &secrets {
            assert!(!told.contains(secret), "{} tells of {secret}: {told}", exchange.path);
        }
    }))
}

fn beginning(snapshot: &api::Snapshot) -> String {
    let as_of: Cursor = snapshot.as_of.parse().unwrap();
    Cursor { seq: 0, ..as_of }.to_string()
}

/// Asks for everything that lists something of the workspace, and hears all of its log.
async fn looks_everywhere(client: &Client, workspace_id: WorkspaceId, secrets: &[String]) {
    let client = unsuspecting(client, secrets);
    let snapshot = client.get_snapshot(workspace_id).await.unwrap();
    client.list_channels(workspace_id, &api::ListChannelsQuery::default()).await.unwrap();
    client.list_members(workspace_id, &api::ListMembersQuery::default()).await.unwrap();
    client.list_online(&api::ListOnlineQuery { workspace_id }).await.unwrap();
    client.get_my_state(&api::GetMyStateQuery { workspace_id, since: None }).await.unwrap();
    let threads = api::ListThreadsQuery { workspace_id, unread: None, cursor: None, limit: None };
    client.list_threads(&threads).await.unwrap();
    let saved = api::ListSavedQuery { workspace_id, cursor: None, limit: None };
    client.list_saved(&saved).await.unwrap();
    client.list_drafts(&api::ListDraftsQuery { workspace_id }).await.unwrap();
    // Not everybody may ask this; what they are told is looked at all the same.
    drop(client.list_invites(workspace_id, &api::ListInvitesQuery::default()).await);
    let after_cursor = beginning(&snapshot);
    let query = api::ListEventsQuery { workspace_id, after_cursor, limit: Some(200) };
    client.list_events(&query).await.unwrap();
    let mut listener = Listener::open(&client).await;
    listener.subscribe(workspace_id, Some(query.after_cursor)).await;
    loop {
        let frame = listener.frame().await;
        let told = serde_json::to_string(&frame).unwrap();
        for secret in secrets {
            assert!(!told.contains(secret), "the socket tells of {secret}: {told}");
        }
        if matches!(frame, ServerFrame::CaughtUp(_)) {
            return;
        }
    }
}

/// Every way of asking for the channel by its id.
async fn asks_for(client: &Client, channel_id: ChannelId, message: &api::Message) {
    let hidden = ProblemCode::NotFound;
    assert_eq!(code(client.get_channel(channel_id).await), hidden);
    let newest = api::ListMessagesQuery::default();
    assert_eq!(code(client.list_messages(channel_id, &newest).await), hidden);
    let all = api::ListChannelMembersQuery::default();
    assert_eq!(code(client.list_channel_members(channel_id, &all).await), hidden);
    assert_eq!(code(client.mark_read(channel_id, &api::MarkRead { seq: 1 }).await), hidden);
    assert_eq!(code(client.join_channel(channel_id).await), hidden);
    assert_eq!(code(client.leave_channel(channel_id).await), hidden);
    assert_eq!(code(client.get_message(message.id).await), hidden);
    assert_eq!(code(client.get_message_history(message.id).await), hidden);
    assert_eq!(code(client.mark_unread(channel_id, &api::MarkUnread { seq: 1 }).await), hidden);
    for thread_root_id in [None, Some(message.id)] {
        let typing =
            api::SendEphemeral { channel_id, thread_root_id, typing: TypingState::Started };
        assert_eq!(code(client.send_ephemeral(&typing).await), hidden);
    }
    let thread = api::GetThreadQuery::default();
    assert_eq!(code(client.get_thread(message.id, &thread).await), hidden);
    let reply = api::SendReply {
        nonce: nonce(),
        body: "hello?".into(),
        quote_of: None,
        also_in_channel: None,
    };
    assert_eq!(code(client.send_reply(message.id, &reply).await), hidden);
    let lock = api::UpdateThread { title: None, locked: Some(true), version: None };
    assert_eq!(code(client.update_thread(message.id, &lock).await), hidden);
    assert_eq!(code(client.follow_thread(message.id).await), hidden);
    assert_eq!(code(client.unfollow_thread(message.id).await), hidden);
    assert_eq!(code(client.mark_thread_read(message.id, &api::MarkRead { seq: 1 }).await), hidden);
    let unread = api::MarkUnread { seq: 1 };
    assert_eq!(code(client.mark_thread_unread(message.id, &unread).await), hidden);
    assert_eq!(code(client.list_pins(channel_id).await), hidden);
    assert_eq!(code(client.pin_message(message.id).await), hidden);
    assert_eq!(code(client.list_reactions(message.id).await), hidden);
    assert_eq!(code(client.add_reaction(message.id, "🎂").await), hidden);
    assert_eq!(code(client.remove_reaction(message.id, "🎂").await), hidden);
    assert_eq!(code(client.save_message(message.id).await), hidden);
    let body = "cake?".to_owned();
    let draft = api::PutDraft { channel_id, thread_root_id: Some(message.id), body };
    assert_eq!(code(client.put_draft(&draft).await), hidden);
    let mute = api::UpdateChannelPreferences { starred: None, muted: Some(true) };
    assert_eq!(code(client.update_channel_preferences(channel_id, &mute).await), hidden);
    let typing =
        api::SendEphemeral { channel_id, thread_root_id: None, typing: TypingState::Started };
    assert_eq!(code(client.send_ephemeral(&typing).await), hidden);
}

both! {
    async fn who_is_not_in_a_private_channel_finds_no_trace_of_it(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let outsiders = [
            town.person("Chi").await,
            town.admin("Dan").await,
            town.guest("Eve", &[town.general]).await,
        ];
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let message = ben.says(kitchen, "the cake is a secret").await;
        let edit = api::EditMessage { body: "the pie is a secret".into(), version: None };
        ben.client.edit_message(message.id, &edit).await.unwrap();
        ben.client.pin_message(message.id).await.unwrap();
        ben.client.add_reaction(message.id, "🎂").await.unwrap();
        let secrets = [kitchen.to_string(), "kitchen".into(), "secret".into(), "cake".into(), "🎂".into()];
        for outsider in &outsiders {
            looks_everywhere(&outsider.client, town.workspace_id, &secrets).await;
            asks_for(&unsuspecting(&outsider.client, &secrets[1..]), kitchen, &message).await;
        }
        let seen = ben.snapshot(town.workspace_id).await;
        assert!(seen.channels.iter().any(|channel| channel.id == kitchen), "Ben is in it");
        town.close().await;
    }

    async fn what_happens_in_a_private_channel_is_heard_by_nobody_else(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let chi = town.person("Chi").await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let mut chi_hears = chi.listens(town.workspace_id).await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        ben_hears.types(kitchen, TypingState::Started).await;
        let message = ben.says(kitchen, "cake, @here").await;
        ben_hears.types_in(kitchen, Some(message.id), TypingState::Started).await;
        let reply = ben.replies(message.id, "with cream, @Ana").await;
        ben.titles(message.id, "cake").await;
        ben.client.delete_message(reply.id).await.unwrap();
        ben.client.delete_message(message.id).await.unwrap();
        ben.client.leave_channel(kitchen).await.unwrap();
        chi.says(town.general, "what is that smell?").await;
        // Everything before it was said in the same log.
        let heard = chi_hears.until(|frame| match frame {
            ServerFrame::Event(frame) => Some(frame.event.channel_id),
            ServerFrame::Presence(_) => None,
            // That she has read her own message.
            ServerFrame::ReadUpdated(frame) if frame.read.channel_id == town.general => None,
            other => panic!("heard {other:?}"),
        });
        assert_eq!(heard.await, Some(town.general));
        town.close().await;
    }

    async fn a_name_does_not_betray_a_private_channel(database: &Database) {
        let town = Town::open(database).await;
        let chi = town.person("Chi").await;
        town.private_channel("kitchen", &[]).await;
        for kind in [ChannelKind::Public, ChannelKind::Private, ChannelKind::Private] {
            let wish = api::CreateChannel { name: "kitchen".into(), kind, topic: None };
            chi.client.create_channel(town.workspace_id, &wish).await.unwrap();
        }
        let again =
            api::CreateChannel { name: "Kitchen".into(), kind: ChannelKind::Public, topic: None };
        let taken = chi.client.create_channel(town.workspace_id, &again).await;
        assert_eq!(code(taken), ProblemCode::NameTaken, "only public names are unique");
        town.close().await;
    }

    async fn an_invite_cannot_lead_where_its_maker_may_not_go(database: &Database) {
        let town = Town::open(database).await;
        let dan = town.admin("Dan").await;
        let kitchen = town.private_channel("kitchen", &[]).await;
        let nowhere: ChannelId = "chn_01HZXW3V9Y4Q2J8K7M6N5P4R3S".parse().unwrap();
        let mut refusals = Vec::new();
        for channel_id in [kitchen, nowhere] {
            let invite = api::CreateInvite {
                role: Some(api::InviteRole::Guest),
                channel_ids: Some(vec![town.general, channel_id]),
                ..no_invite()
            };
            let refused = dan.client.create_invite(town.workspace_id, &invite).await;
            let Err(clickclack_client::ClientError::Refused(problem)) = refused else {
                panic!("it was let");
            };
            let told = serde_json::to_string(&problem.errors).unwrap();
            refusals.push((problem.code, told.replace(&channel_id.to_string(), "it")));
        }
        assert_eq!(refusals[0], refusals[1], "a hidden channel is no channel");
        assert_eq!(refusals[0].0, ProblemCode::InvalidRequest);
        town.close().await;
    }

    async fn who_was_removed_learns_nothing_of_what_came_after(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        town.ana.client.remove_channel_member(kitchen, ben.id).await.unwrap();
        let renamed = api::UpdateChannel {
            name: Some("surprise-for-ben".into()),
            topic: Some("a surprise".into()),
            archived: None,
            version: None,
        };
        town.ana.client.update_channel(kitchen, &renamed).await.unwrap();
        town.ana.says(kitchen, "a surprise for Ben").await;
        let secrets = ["surprise".to_owned()];
        looks_everywhere(&ben.client, town.workspace_id, &secrets).await;
        assert!(knows_of_leaving(&ben, &town, kitchen).await, "that he was removed, he is told");
        town.close().await;
    }

    async fn a_guest_sees_the_channels_that_they_were_let_into_and_no_other(database: &Database) {
        let town = Town::open(database).await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        let eve = town.guest("Eve", &[pier]).await;
        town.ana.says(town.general, "guests are not told").await;
        let secrets = [town.general.to_string(), "guests".into()];
        looks_everywhere(&eve.client, town.workspace_id, &secrets).await;
        let seen = eve.snapshot(town.workspace_id).await;
        let channels: Vec<_> = seen.channels.iter().map(|channel| channel.id).collect();
        assert_eq!(channels, [pier]);
        town.close().await;
    }
}

async fn knows_of_leaving(person: &Person, town: &Town, channel_id: ChannelId) -> bool {
    let snapshot = person.snapshot(town.workspace_id).await;
    let query = api::ListEventsQuery {
        workspace_id: town.workspace_id,
        after_cursor: beginning(&snapshot),
        limit: Some(200),
    };
    let events = person.client.list_events(&query).await.unwrap().events;
    events.iter().any(|event| match &event.body {
        api::EventBody::ChannelMemberRemoved(gone) => gone.channel_id == channel_id,
        _ => false,
    })
}
