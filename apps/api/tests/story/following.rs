//! Following by cursor: without a gap, without a double, whatever happens to the connection; and
//! the same by plain HTTP.

use clickclack_protocol::api::{self, EventBody, ProblemCode, ResyncReason, ServerFrame};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::limits;
use clickclack_trial::both;

use crate::dice::Dice;
use crate::listener::{Heard, Listener};
use crate::town::{Person, Town, code};

fn cursor(text: &str) -> Cursor {
    text.parse().unwrap()
}

/// All events after a cursor, page by page.
async fn pages(person: &Person, town: &Town, after: &str) -> Vec<api::Event> {
    let (workspace_id, mut after_cursor) = (town.workspace_id, after.to_owned());
    let mut events = Vec::new();
    loop {
        let query = api::ListEventsQuery { workspace_id, after_cursor, limit: Some(7) };
        let page = person.client.list_events(&query).await.unwrap();
        events.extend(page.events);
        if !page.has_more {
            return events;
        }
        after_cursor = page.cursor;
    }
}

/// What a subscription replays up to `caught_up`.
async fn replay(person: &Person, town: &Town, after: &str) -> Vec<api::Event> {
    let mut listener = Listener::open(&person.client).await;
    listener.subscribe(town.workspace_id, Some(after.to_owned())).await;
    let mut events = Vec::new();
    loop {
        match listener.frame().await {
            ServerFrame::Event(frame) => events.push(frame.event),
            ServerFrame::CaughtUp(_) => return events,
            ServerFrame::Subscribed(_) | ServerFrame::Presence(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

async fn resync_reason(listener: &mut Listener) -> ResyncReason {
    let reason = listener.until(|frame| match frame {
        ServerFrame::ResyncRequired(frame) => Some(frame.reason),
        ServerFrame::Subscribed(frame) => panic!("let go on: {frame:?}"),
        _ => None,
    });
    reason.await
}

both! {
    async fn who_comes_back_while_many_speak_misses_nothing_and_hears_nothing_twice(
        database: &Database
    ) {
        const SPEAKERS: usize = 6;
        const EACH: usize = 40;
        let town = Town::open(database).await;
        let reader = town.person("Reader").await;
        let mut after = reader.snapshot(town.workspace_id).await.as_of;
        let mut speaking = Vec::new();
        for number in 0..SPEAKERS {
            let speaker = town.person(&format!("Speaker{number}")).await;
            let general = town.general;
            speaking.push(tokio::spawn(async move {
                for word in 0..EACH {
                    speaker.says(general, &format!("{number}-{word}")).await;
                }
            }));
        }
        let dice = Dice::new(7);
        let mut heard = Vec::new();
        while heard.len() < SPEAKERS * EACH {
            let mut listener = Listener::open(&reader.client).await;
            listener.subscribe(town.workspace_id, Some(after.clone())).await;
            for _ in 0..=dice.below(30) {
                match listener.frame().await {
                    ServerFrame::Event(frame) => {
                        let event = frame.event;
                        assert!(cursor(&event.cursor).seq > cursor(&after).seq, "heard before");
                        after.clone_from(&event.cursor);
                        if let EventBody::MessageCreated(payload) = event.body {
                            heard.push((payload.message.seq, payload.message.body));
                        }
                    }
                    ServerFrame::CaughtUp(frame) => {
                        assert!(cursor(&frame.cursor).seq >= cursor(&after).seq);
                    }
                    _ => {}
                }
                if heard.len() == SPEAKERS * EACH {
                    break;
                }
            }
        }
        for speaker in speaking {
            speaker.await.unwrap();
        }
        let mut written = Vec::new();
        for before_seq in [None, Some(41)] {
            let query =
                api::ListMessagesQuery { before_seq, limit: Some(200), ..Default::default() };
            let page = reader.client.list_messages(town.general, &query).await.unwrap();
            let page = page.messages.into_iter().map(|message| (message.seq, message.body));
            written.splice(0..0, page);
        }
        assert_eq!(heard, written, "in the order of the database");
        town.close().await;
    }

    async fn a_cursor_that_cannot_be_continued_needs_a_fresh_snapshot(database: &Database) {
        let town = Town::open(database).await;
        let as_of = cursor(&town.ana.snapshot(town.workspace_id).await.as_of);
        let beyond = Cursor { seq: as_of.seq + 1, ..as_of.clone() };
        let other_life = Cursor { epoch: "another".into(), ..as_of.clone() };
        let mut listener = Listener::open(&town.ana.client).await;
        for (after, reason) in [
            (&beyond, ResyncReason::UnknownCursor),
            (&other_life, ResyncReason::OtherEpoch),
        ] {
            listener.subscribe(town.workspace_id, Some(after.to_string())).await;
            assert_eq!(resync_reason(&mut listener).await, reason);
            let query = api::ListEventsQuery {
                workspace_id: town.workspace_id,
                after_cursor: after.to_string(),
                limit: None,
            };
            let refused = town.ana.client.list_events(&query).await;
            assert_eq!(code(refused), ProblemCode::ResyncRequired);
        }
        // The connection stays, and a good cursor is as good as ever.
        listener.subscribe(town.workspace_id, Some(as_of.to_string())).await;
        let subscribed = listener.until(|frame| match frame {
            ServerFrame::Subscribed(frame) => Some(frame.cursor.clone()),
            _ => None,
        });
        assert_eq!(subscribed.await, as_of.to_string());
        town.close().await;
    }

    async fn who_is_too_far_behind_starts_anew_or_asks_for_pages(database: &Database) {
        let town = Town::open(database).await;
        let as_of = town.ana.snapshot(town.workspace_id).await.as_of;
        let most = usize::try_from(limits::REPLAY_EVENTS).unwrap();
        for number in 0..most {
            town.ana.says(town.general, &number.to_string()).await;
        }
        assert_eq!(replay(&town.ana, &town, &as_of).await.len(), most, "just near enough");
        town.ana.says(town.general, "one too many").await;
        let mut listener = Listener::open(&town.ana.client).await;
        listener.subscribe(town.workspace_id, Some(as_of.clone())).await;
        assert_eq!(resync_reason(&mut listener).await, ResyncReason::TooFarBehind);
        assert_eq!(pages(&town.ana, &town, &as_of).await.len(), most + 1);
        town.close().await;
    }

    async fn plain_http_tells_what_the_socket_tells(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let beginning = Cursor { seq: 0, ..cursor(&ben.snapshot(town.workspace_id).await.as_of) };
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let message = ben.says(kitchen, "hello").await;
        ben.says(town.general, "good morning").await;
        town.ana.says(town.general, "good morning, Ben").await;
        ben.client.delete_message(message.id).await.unwrap();
        ben.client.mark_read(town.general, &api::MarkRead { seq: 1 }).await.unwrap();
        town.ana.client.remove_channel_member(kitchen, ben.id).await.unwrap();
        for person in [&ben, &town.ana] {
            let by_socket = replay(person, &town, &beginning.to_string()).await;
            assert_eq!(by_socket, pages(person, &town, &beginning.to_string()).await);
            assert!(by_socket.len() > 5);

            let listener = Listener::subscribed(&person.client, town.workspace_id, None).await;
            let subscribed = listener.subscribed.as_ref().unwrap();
            let workspace_id = town.workspace_id;
            let wish = api::GetMyStateQuery { workspace_id, since: None };
            let state = person.client.get_my_state(&wish).await.unwrap();
            assert_eq!(subscribed.personal, state);
            let snapshot = person.snapshot(workspace_id).await;
            assert_eq!(snapshot.personal, state);
            let seen: Vec<_> = snapshot.channels.iter().map(|channel| channel.id).collect();
            assert_eq!(subscribed.channel_ids, seen);
            let online =
                person.client.list_online(&api::ListOnlineQuery { workspace_id }).await.unwrap();
            assert_eq!(online.items, snapshot.presence);
            assert!(online.items.iter().any(|other| other.user_id == person.id));
        }
        town.close().await;
    }

    async fn a_live_event_is_the_one_that_the_log_keeps(database: &Database) {
        let town = Town::open(database).await;
        let as_of = town.ana.snapshot(town.workspace_id).await.as_of;
        let mut listener = town.ana.listens(town.workspace_id).await;
        // Each of these is the last word about its subject, so that the log says the same later.
        town.ana.says(town.general, "hello").await;
        let ben = town.person("Ben").await;
        let gone = town.ana.says(town.general, "mistake").await;
        town.ana.client.remove_channel_member(town.general, ben.id).await.unwrap();
        let mut live = Vec::new();
        for _ in 0..5 {
            live.push(listener.event().await);
        }
        let mut kept = pages(&town.ana, &town, &as_of).await;
        // But for the counter of messages, which moves without an event of the channel.
        for event in live.iter_mut().chain(&mut kept) {
            if let EventBody::ChannelMemberAdded(payload) = &mut event.body {
                payload.channel.last_seq = 0;
            }
        }
        assert_eq!(live, kept);
        assert_eq!(kept[3].seq, gone.seq);
        town.close().await;
    }

    async fn the_position_moves_on_over_what_one_may_not_see(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        let kitchen = town.private_channel("kitchen", &[]).await;
        town.ana.says(kitchen, "cake").await;
        let as_of = town.ana.snapshot(town.workspace_id).await.as_of;
        town.clock.turn(25_001);
        let moved = ben_hears.until(|frame| match frame {
            ServerFrame::Heartbeat(frame) => Some(frame.cursors.clone()),
            _ => None,
        });
        let moved = moved.await;
        assert_eq!(moved, [api::CursorOf { workspace_id: town.workspace_id, cursor: as_of }]);
        assert_eq!(replay(&ben, &town, &moved[0].cursor).await, []);
        // Nothing has happened since, so the next one has nothing to move.
        ben_hears.settles().await;
        town.clock.turn(25_001);
        let moved = ben_hears.until(|frame| match frame {
            ServerFrame::Heartbeat(frame) => Some(frame.cursors.clone()),
            _ => None,
        });
        assert_eq!(moved.await, []);
        town.close().await;
    }

    async fn a_reader_that_stops_reading_is_closed_and_resumes_without_loss(database: &Database) {
        const MESSAGES: i64 = 900;
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut slow = ben.listens(town.workspace_id).await;
        let mut quick = town.ana.listens(town.workspace_id).await;
        let text = "x".repeat(limits::MESSAGE_CHARS);
        // Far more than the queue and the buffers of a connection hold.
        for seq in 1..=MESSAGES {
            town.ana.says(town.general, &text).await;
            assert_eq!(quick.event().await.seq, Some(seq), "nobody else notices");
        }
        let mut after = None;
        let mut seq = 0;
        loop {
            match slow.next().await {
                Heard::Closed(code) => break assert_eq!(code, 4008),
                Heard::Frame(frame) => {
                    if let ServerFrame::Event(frame) = *frame {
                        seq += 1;
                        assert_eq!(frame.event.seq, Some(seq));
                        after = Some(frame.event.cursor);
                    }
                }
            }
        }
        assert!((1..MESSAGES).contains(&seq), "it was closed on the way, after {seq}");
        for event in replay(&ben, &town, &after.unwrap()).await {
            seq += 1;
            assert_eq!(event.seq, Some(seq));
        }
        assert_eq!(seq, MESSAGES);
        town.close().await;
    }
}
