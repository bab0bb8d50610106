//! Who is typing and who is there: told at once, over by the clock, and only to those who see.

use clickclack_protocol::api::{
    self, ChannelKind, ClientFrame, Presence, ServerFrame, SetPresenceFrameState, TypingState,
};
use clickclack_protocol::ids::{ChannelId, UserId};
use clickclack_trial::both;

use crate::listener::Listener;
use crate::town::{Person, Town};

/// The next typing heard: who, where, what.
async fn typing(listener: &mut Listener) -> (UserId, ChannelId, TypingState) {
    let heard = listener.until(|frame| match frame {
        ServerFrame::Typing(frame) => Some((frame.user_id, frame.channel_id, frame.state)),
        _ => None,
    });
    heard.await
}

/// The next presence of somebody.
async fn presence(listener: &mut Listener, of: &Person) -> Presence {
    let heard = listener.until(|frame| match frame {
        ServerFrame::Presence(frame) if frame.user_id == of.id => Some(frame.presence),
        _ => None,
    });
    heard.await
}

async fn is(listener: &mut Listener, state: SetPresenceFrameState) {
    listener.says(&ClientFrame::Presence(api::SetPresenceFrame { state })).await;
}

async fn online(town: &Town, person: &Person) -> Presence {
    let query = api::ListOnlineQuery { workspace_id: town.workspace_id };
    let people = town.ana.client.list_online(&query).await.unwrap().items;
    let found = people.iter().find(|other| other.user_id == person.id);
    found.map_or(Presence::Offline, |found| found.presence)
}

both! {
    async fn typing_is_seen_by_the_others_and_ends_after_five_seconds(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        ben_hears.types(town.general, TypingState::Started).await;
        let started = (ben.id, town.general, TypingState::Started);
        assert_eq!(typing(&mut ana_hears).await, started);
        // Repeated in time, it goes on; others are told again before their own five seconds end.
        town.clock.turn(4_000);
        ben_hears.types(town.general, TypingState::Started).await;
        assert_eq!(typing(&mut ana_hears).await, started);
        town.clock.turn(4_000);
        ben_hears.types(town.general, TypingState::Started).await;
        assert_eq!(typing(&mut ana_hears).await, started);
        town.clock.turn(5_000);
        let stopped = (ben.id, town.general, TypingState::Stopped);
        assert_eq!(typing(&mut ana_hears).await, stopped);
        let echo = |frame: &ServerFrame| matches!(frame, ServerFrame::Typing(_));
        assert!(!ben_hears.settles().await.iter().any(echo), "nobody hears themselves");
        town.close().await;
    }

    async fn a_message_ends_its_authors_typing(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        ben_hears.types(town.general, TypingState::Started).await;
        assert_eq!(typing(&mut ana_hears).await.2, TypingState::Started);
        ben.says(town.general, "done").await;
        assert_eq!(typing(&mut ana_hears).await.2, TypingState::Stopped);
        // So does stopping, and leaving without a word.
        for ends in [true, false] {
            town.clock.turn(1_000);
            ben_hears.types(town.general, TypingState::Started).await;
            assert_eq!(typing(&mut ana_hears).await.2, TypingState::Started);
            if ends {
                ben_hears.types(town.general, TypingState::Stopped).await;
            } else {
                let unsubscribe = api::UnsubscribeFrame { workspace_id: town.workspace_id };
                ben_hears.says(&ClientFrame::Unsubscribe(unsubscribe)).await;
            }
            assert_eq!(typing(&mut ana_hears).await.2, TypingState::Stopped);
        }
        town.close().await;
    }

    async fn who_has_no_socket_types_over_http(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let chi = town.person("Chi").await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let mut chi_hears = chi.listens(town.workspace_id).await;
        for (channel_id, state) in [
            (kitchen, TypingState::Started),
            (kitchen, TypingState::Stopped),
            (town.general, TypingState::Started),
        ] {
            let typing_there = api::SendEphemeral { channel_id, thread_root_id: None, typing: state };
            ben.client.send_ephemeral(&typing_there).await.unwrap();
            assert_eq!(typing(&mut ana_hears).await, (ben.id, channel_id, state));
        }
        let first = typing(&mut chi_hears).await;
        assert_eq!(first.1, town.general, "the kitchen does not exist for Chi");
        town.close().await;
    }

    async fn somebody_is_there_as_long_as_one_connection_is(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        assert_eq!(online(&town, &ben).await, Presence::Offline);
        let mut bens = Vec::new();
        for _ in 0..3 {
            bens.push(ben.listens(town.workspace_id).await);
        }
        assert_eq!(presence(&mut ana_hears, &ben).await, Presence::Online);
        bens.pop().unwrap().socket.close().await.unwrap();
        bens.pop().unwrap().socket.close().await.unwrap();
        // The last one speaks for all: idle is away, and back.
        let last = &mut bens[0];
        is(last, SetPresenceFrameState::Idle).await;
        assert_eq!(presence(&mut ana_hears, &ben).await, Presence::Away);
        assert_eq!(online(&town, &ben).await, Presence::Away);
        is(last, SetPresenceFrameState::Active).await;
        assert_eq!(presence(&mut ana_hears, &ben).await, Presence::Online);
        // A reload does not flicker.
        bens.pop().unwrap().socket.close().await.unwrap();
        let mut back = ben.listens(town.workspace_id).await;
        is(&mut back, SetPresenceFrameState::Idle).await;
        assert_eq!(presence(&mut ana_hears, &ben).await, Presence::Away, "and nothing before");
        back.socket.close().await.unwrap();
        // The server may not have heard the close yet: the clock goes on until it has.
        let mut turns = 0;
        while online(&town, &ben).await != Presence::Offline {
            turns += 1;
            assert!(turns < 1_000, "Ben never goes");
            town.clock.turn(20);
            tokio::task::yield_now().await;
        }
        assert_eq!(presence(&mut ana_hears, &ben).await, Presence::Offline);
        town.close().await;
    }

    async fn who_does_nothing_for_ten_minutes_is_away(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        assert_eq!(presence(&mut ana_hears, &ben).await, Presence::Online);
        town.clock.turn(10 * 60_000);
        assert_eq!(presence(&mut ana_hears, &ben).await, Presence::Away);
        ben_hears.types(town.general, TypingState::Started).await;
        assert_eq!(presence(&mut ana_hears, &ben).await, Presence::Online);
        town.close().await;
    }

    async fn presence_is_told_where_both_are_and_nowhere_else(database: &Database) {
        let town = Town::open(database).await;
        let stranger = town.stranger("Sid").await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let home = stranger.client.list_workspaces().await.unwrap().items[0].id;
        let _hears = stranger.listens(home).await;
        let ben = town.person("Ben").await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        let first = ana_hears.until(|frame| match frame {
            ServerFrame::Presence(frame) => Some(frame.user_id),
            _ => None,
        });
        assert_eq!(first.await, ben.id);
        // Who is removed is not there any more, though their socket may be.
        town.ana.client.remove_member(town.workspace_id, ben.id).await.unwrap();
        let removed = |body: &api::EventBody| matches!(body, api::EventBody::MemberRemoved(_));
        while !removed(&ben_hears.event().await.body) {}
        assert_eq!(online(&town, &ben).await, Presence::Offline);
        town.close().await;
    }

    async fn reading_on_is_told_to_ones_own_devices_only(database: &Database) {
        let town = Town::open(database).await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        let ben = town.person("Ben").await;
        ben.client.join_channel(pier).await.unwrap();
        town.ana.says(pier, "one").await;
        town.ana.says(pier, "two").await;
        let mut phone = ben.listens(town.workspace_id).await;
        let mut desk = ben.listens(town.workspace_id).await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let read = ben.client.mark_read(pier, &api::MarkRead { seq: 2 }).await.unwrap();
        for device in [&mut phone, &mut desk] {
            let heard = device.until(|frame| match frame {
                ServerFrame::ReadUpdated(frame) => Some(frame.read.clone()),
                _ => None,
            });
            assert_eq!(heard.await, read);
        }
        let others = |frame: &ServerFrame| matches!(frame, ServerFrame::ReadUpdated(_));
        assert!(!ana_hears.settles().await.iter().any(others));
        town.close().await;
    }
}
