//! Messages: their length and place, editing with a history, deleting to a tombstone, and reading
//! them by stretches.

use clickclack_client::Call;
use clickclack_protocol::api::{self, ChannelKind, EventBody, ListMessagesQuery, ProblemCode};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::limits;
use clickclack_trial::both;

use crate::town::{Person, Town, code, nonce};

fn edit(body: &str, version: Option<i64>) -> api::EditMessage {
    api::EditMessage { body: body.into(), version }
}

/// The places of a stretch, and whether there is more on either side.
async fn stretch(person: &Person, town: &Town, query: ListMessagesQuery) -> (Vec<i64>, bool, bool) {
    let page = person.client.list_messages(town.general, &query).await.unwrap();
    let places = page.messages.iter().filter_map(|message| message.seq).collect();
    (places, page.has_older, page.has_newer)
}

both! {
    async fn a_message_may_have_sixteen_thousand_characters_of_any_script(database: &Database) {
        let town = Town::open(database).await;
        for letter in ["x", "é", "海", "🦀"] {
            let longest = letter.repeat(limits::MESSAGE_CHARS);
            let message = town.ana.says(town.general, &longest).await;
            assert_eq!(message.body, longest);
            let longer = format!("{longest}{letter}");
            let refused = town.ana.tries_to_say(town.general, &longer).await;
            let Err(clickclack_client::ClientError::Refused(problem)) = refused else {
                panic!("it was let");
            };
            assert_eq!(problem.code, ProblemCode::MessageTooLong);
            assert_eq!(problem.limit, Some(16_000));
            let refused = town.ana.client.edit_message(message.id, &edit(&longer, None)).await;
            assert_eq!(code(refused), ProblemCode::MessageTooLong);
        }
        for empty in ["", " ", "\n\t "] {
            let refused = town.ana.tries_to_say(town.general, empty).await;
            assert_eq!(code(refused), ProblemCode::InvalidRequest);
        }
        town.close().await;
    }

    async fn every_message_has_the_next_place_in_its_channel(database: &Database) {
        let town = Town::open(database).await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        let mut speaking = Vec::new();
        for number in 0..4 {
            let person = town.person(&format!("Person{number}")).await;
            person.client.join_channel(pier).await.unwrap();
            let channels = [town.general, pier];
            speaking.push(tokio::spawn(async move {
                for word in 0..10 {
                    person.says(channels[word % 2], &word.to_string()).await;
                    // What is refused takes no place.
                    assert!(person.tries_to_say(channels[word % 2], "").await.is_err());
                }
            }));
        }
        for speaker in speaking {
            speaker.await.unwrap();
        }
        for channel_id in [town.general, pier] {
            let page =
                town.ana.client.list_messages(channel_id, &ListMessagesQuery::default()).await;
            let places: Vec<_> = page.unwrap().messages.iter().filter_map(|m| m.seq).collect();
            assert_eq!(places, (1..=20).collect::<Vec<_>>());
            assert_eq!(town.ana.client.get_channel(channel_id).await.unwrap().last_seq, 20);
        }
        town.close().await;
    }

    async fn history_is_read_by_stretches(database: &Database) {
        let town = Town::open(database).await;
        let none = ListMessagesQuery::default();
        assert_eq!(stretch(&town.ana, &town, none.clone()).await, (vec![], false, false));
        for number in 1..=10 {
            town.ana.says(town.general, &number.to_string()).await;
        }
        let limited = |limit| ListMessagesQuery { limit: Some(limit), ..none.clone() };
        let before = |seq, limit| ListMessagesQuery { before_seq: Some(seq), ..limited(limit) };
        let after = |seq, limit| ListMessagesQuery { after_seq: Some(seq), ..limited(limit) };
        let around = |seq, limit| ListMessagesQuery { around_seq: Some(seq), ..limited(limit) };
        for (query, from, to, has_older, has_newer) in [
            (limited(3), 8, 10, true, false),
            (limited(10), 1, 10, false, false),
            (limited(200), 1, 10, false, false),
            (before(8, 3), 5, 7, true, true),
            (before(4, 3), 1, 3, false, true),
            (before(3, 5), 1, 2, false, true),
            (before(1, 5), 1, 0, false, true),
            (before(11, 2), 9, 10, true, false),
            (before(1_000, 2), 9, 10, true, false),
            (after(0, 3), 1, 3, false, true),
            (after(7, 3), 8, 10, true, false),
            (after(9, 3), 10, 10, true, false),
            (after(10, 3), 1, 0, true, false),
            (after(i64::MAX, 3), 1, 0, true, false),
            (around(5, 5), 3, 7, true, true),
            (around(5, 1), 5, 5, true, true),
            (around(5, 2), 4, 5, true, true),
            (around(1, 5), 1, 3, false, true),
            (around(10, 5), 8, 10, true, false),
            (around(99, 5), 8, 10, true, false),
        ] {
            let wanted = ((from..=to).collect::<Vec<i64>>(), has_older, has_newer);
            assert_eq!(stretch(&town.ana, &town, query.clone()).await, wanted, "{query:?}");
        }
        town.close().await;
    }

    async fn an_edit_keeps_what_was_said_before(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        let first = town.ana.says(town.general, "low tide at for").await;
        town.clock.turn(60_000);
        let second = town.ana.client.edit_message(first.id, &edit("low tide at four", None)).await;
        let second = second.unwrap();
        assert_eq!((second.revision, second.seq), (2, first.seq));
        assert!(second.version > first.version && second.edited_at.is_some());
        ben_hears.hears(&["low tide at for"]).await;
        let EventBody::MessageUpdated(heard) = ben_hears.event().await.body else { panic!() };
        assert_eq!(heard.message, second);
        // An edit that changes nothing is no edit.
        let same = town.ana.client.edit_message(first.id, &edit("low tide at four", None)).await;
        assert_eq!(same.unwrap(), second);
        // Two who edit at once on two devices: the later one learns that it looked at an old text.
        let late = edit("low tide at 4", Some(first.version));
        let refused = town.ana.client.edit_message(first.id, &late).await;
        assert_eq!(code(refused), ProblemCode::StaleVersion);
        let third = edit("low tide at 4", Some(second.version));
        town.ana.client.edit_message(first.id, &third).await.unwrap();

        let history = ben.client.get_message_history(first.id).await.unwrap().revisions;
        let told: Vec<_> = history.iter().map(|r| (r.revision, r.body.as_str())).collect();
        assert_eq!(told, [(1, "low tide at for"), (2, "low tide at four"), (3, "low tide at 4")]);
        assert_eq!(history[0].created_at, first.created_at);
        assert_eq!(Some(&history[1].created_at), second.edited_at.as_ref());
        town.close().await;
    }

    async fn of_a_deleted_message_only_its_place_remains(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let start: Cursor = ben.snapshot(town.workspace_id).await.as_of.parse().unwrap();
        let send = api::SendMessage { nonce: nonce(), body: "my password is hunter2".into(), quote_of: None };
        let message = ben.client.send_message(town.general, &send).await.unwrap().message.unwrap();
        ben.client.edit_message(message.id, &edit("it was hunter2", None)).await.unwrap();
        ben.says(town.general, "forget it").await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let tombstone = ben.client.delete_message(message.id).await.unwrap();
        assert_eq!((tombstone.body.as_str(), tombstone.seq), ("", message.seq));
        assert!(tombstone.deleted_at.is_some());
        let EventBody::MessageDeleted(heard) = ana_hears.event().await.body else { panic!() };
        assert_eq!(heard.message, tombstone);

        let again = ben.client.delete_message(message.id).await.unwrap();
        assert_eq!(again, tombstone, "once is enough");
        let refused = ben.client.edit_message(message.id, &edit("hunter3", None)).await;
        assert_eq!(code(refused), ProblemCode::MessageDeleted);
        let sent = ben.client.send_message(town.general, &send).await.unwrap();
        assert_eq!(sent.message, Some(tombstone), "a late retry does not bring it back");

        // Whatever is asked for, the text is in none of the answers, the log's included.
        let workspace_id = town.workspace_id;
        let query = api::ListEventsQuery {
            workspace_id,
            after_cursor: start.to_string(),
            limit: None,
        };
        let message_id = message.id;
        for call in [
            Call::of("listEvents", &[]).query(&query),
            Call::of("listMessages", &[("channel_id", &town.general)]),
            Call::of("getMessage", &[("message_id", &message_id)]),
            Call::of("getMessageHistory", &[("message_id", &message_id)]),
            Call::of("getSnapshot", &[("workspace_id", &workspace_id)]),
        ] {
            let answer = town.ana.client.send(call).await.unwrap();
            answer.success().unwrap();
            let told = String::from_utf8_lossy(&answer.body);
            assert!(!told.contains("hunter"), "{told}");
        }
        assert_eq!(town.ana.reads(town.general).await, ["", "forget it"]);
        town.close().await;
    }

    async fn a_reading_position_moves_forward_only(database: &Database) {
        let town = Town::open(database).await;
        for number in 1..=5 {
            town.ana.says(town.general, &number.to_string()).await;
        }
        let ben = town.person("Ben").await;
        let mark = async |seq| {
            ben.client.mark_read(town.general, &api::MarkRead { seq }).await.unwrap().read_seq
        };
        let state = async |since| {
            let workspace_id = town.workspace_id;
            let query = api::GetMyStateQuery { workspace_id, since };
            ben.client.get_my_state(&query).await.unwrap()
        };
        assert_eq!(state(None).await.reads[0].read_seq, 5, "what was before is no backlog");
        town.ana.says(town.general, "6").await;
        town.ana.says(town.general, "7").await;
        let version = state(None).await.version;
        assert_eq!(state(Some(version)).await.reads, [], "nothing since");
        assert_eq!(mark(6).await, 6);
        assert_eq!(mark(3).await, 6, "never back");
        assert_eq!(mark(1_000).await, 7, "never beyond the newest");
        let since = state(Some(version)).await;
        assert_eq!(since.reads.len(), 1);
        assert_eq!((since.reads[0].channel_id, since.reads[0].read_seq), (town.general, 7));
        assert!(since.version >= since.reads[0].version && since.reads[0].version > version);
        ben.says(town.general, "8").await;
        assert_eq!(state(None).await.reads[0].read_seq, 8, "one's own message is read");
        assert_eq!(state(Some(since.version)).await.reads.len(), 1);
        town.close().await;
    }
}
