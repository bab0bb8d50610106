//! Reading: what is unread and what of it calls one, exact on every device, never backwards unless
//! one says so.

use clickclack_protocol::api::{self, ChannelKind, ServerFrame};
use clickclack_protocol::ids::ChannelId;
use clickclack_trial::both;

use crate::listener::Listener;
use crate::town::{Person, Town};

/// Position, unread and mentions.
async fn counts(person: &Person, town: &Town, channel: ChannelId) -> (i64, i64, i64) {
    let read = person.read_state(town.workspace_id, channel).await;
    (read.read_seq, read.unread, read.mentions)
}

async fn reads_to(person: &Person, channel: ChannelId, seq: i64) -> (i64, i64) {
    let read = person.client.mark_read(channel, &api::MarkRead { seq }).await.unwrap();
    (read.read_seq, read.unread)
}

async fn unreads_from(person: &Person, channel: ChannelId, seq: i64) -> (i64, i64) {
    let read = person.client.mark_unread(channel, &api::MarkUnread { seq }).await.unwrap();
    (read.read_seq, read.unread)
}

/// The next position that somebody is told.
async fn told(listener: &mut Listener) -> api::ReadState {
    let told = listener.until(|frame| match frame {
        ServerFrame::ReadUpdated(frame) => Some(frame.read.clone()),
        _ => None,
    });
    told.await
}

both! {
    async fn what_others_say_is_unread_until_one_has_read_it(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        assert_eq!(counts(&ben, &town, town.general).await, (0, 0, 0));
        for word in ["one", "two", "three"] {
            town.ana.says(town.general, word).await;
        }
        assert_eq!(counts(&ben, &town, town.general).await, (0, 3, 0));
        assert_eq!(counts(&town.ana, &town, town.general).await, (3, 0, 0), "one's own is read");
        assert_eq!(reads_to(&ben, town.general, 2).await, (2, 1));
        assert_eq!(reads_to(&ben, town.general, 1).await, (2, 1), "not back");
        ben.says(town.general, "four").await;
        assert_eq!(counts(&ben, &town, town.general).await, (4, 0, 0), "who speaks has read");
        assert_eq!(counts(&town.ana, &town, town.general).await, (3, 1, 0));
        town.close().await;
    }

    async fn unread_again_is_the_only_way_back(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        for word in ["one", "two", "three", "four"] {
            town.ana.says(town.general, word).await;
        }
        assert_eq!(reads_to(&ben, town.general, 3).await, (3, 1));
        assert_eq!(unreads_from(&ben, town.general, 2).await, (1, 3));
        assert_eq!(unreads_from(&ben, town.general, 4).await, (1, 3), "what was unread stays so");
        assert_eq!(unreads_from(&ben, town.general, 1).await, (0, 4));
        assert_eq!(unreads_from(&ben, town.general, 99).await, (0, 4));
        assert_eq!(unreads_from(&town.ana, town.general, 2).await, (1, 0), "one's own never is");
        town.close().await;
    }

    async fn deleted_messages_and_replies_beside_the_channel_are_not_unread(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let gone = town.ana.says(town.general, "gone").await;
        let root = town.ana.says(town.general, "root").await;
        town.ana.replies(root.id, "beside").await;
        town.ana.replies_to_all(root.id, "here too").await;
        town.ana.client.delete_message(gone.id).await.unwrap();
        assert_eq!(counts(&ben, &town, town.general).await, (0, 2, 0));
        town.close().await;
    }

    async fn many_are_counted_to_ninety_nine(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        for number in 1..=99 {
            town.ana.says(town.general, if number % 3 == 0 { "@channel" } else { "word" }).await;
        }
        assert_eq!(counts(&ben, &town, town.general).await, (0, 99, 33));
        for _ in 0..3 {
            town.ana.says(town.general, "more").await;
        }
        assert_eq!(counts(&ben, &town, town.general).await, (0, 100, 33));
        let root = ben.says(town.general, "root").await;
        for _ in 0..102 {
            town.ana.replies(root.id, "@Ben").await;
        }
        let follow = ben.follow(root.id).await;
        assert_eq!((follow.unread, follow.mentions), (100, 100));
        town.close().await;
    }

    async fn nothing_is_unread_where_one_is_not(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        town.ana.says(pier, "one").await;
        assert_eq!(unreads_from(&ben, pier, 1).await, (0, 0), "Ben only looks in");
        ben.client.join_channel(pier).await.unwrap();
        assert_eq!(counts(&ben, &town, pier).await, (1, 0, 0), "what was before is history");
        town.ana.says(pier, "two").await;
        assert_eq!(counts(&ben, &town, pier).await, (1, 1, 0));
        ben.client.leave_channel(pier).await.unwrap();
        assert_eq!(counts(&ben, &town, pier).await, (1, 0, 0));
        town.close().await;
    }

    async fn all_of_ones_devices_hear_how_far_one_has_read(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut desk = ben.listens(town.workspace_id).await;
        let mut phone = ben.listens(town.workspace_id).await;
        let mut ana = town.ana.listens(town.workspace_id).await;
        for word in ["one", "two", "three"] {
            town.ana.says(town.general, word).await;
        }
        ana.settles().await;
        let read = ben.client.mark_read(town.general, &api::MarkRead { seq: 2 }).await.unwrap();
        assert_eq!((read.unread, read.mentions), (1, 0));
        for device in [&mut desk, &mut phone] {
            assert_eq!(told(device).await, read);
        }
        // A mark that moves nothing is told to nobody; the next word moves the position itself.
        let again = ben.client.mark_read(town.general, &api::MarkRead { seq: 1 }).await.unwrap();
        assert_eq!((again.read_seq, again.version), (2, read.version));
        ben.says(town.general, "four").await;
        for device in [&mut desk, &mut phone] {
            let moved = told(device).await;
            assert_eq!((moved.read_seq, moved.unread), (4, 0));
            assert!(moved.version > read.version);
            let fresh = ben.read_state(town.workspace_id, town.general).await;
            assert_eq!((moved.version, moved.as_of), (fresh.version, fresh.as_of));
        }
        let unread =
            ben.client.mark_unread(town.general, &api::MarkUnread { seq: 1 }).await.unwrap();
        assert_eq!((unread.read_seq, unread.unread), (0, 3));
        assert_eq!(told(&mut phone).await, unread);
        let others = ana.settles().await;
        let personal = |frame: &&ServerFrame| matches!(frame, ServerFrame::ReadUpdated(_));
        assert_eq!(others.iter().find(personal), None, "nobody else hears it");
        town.close().await;
    }

    async fn counts_say_up_to_where_they_count(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut hears = ben.listens(town.workspace_id).await;
        town.ana.says(town.general, "one").await;
        let first = hears.event().await;
        let read = ben.read_state(town.workspace_id, town.general).await;
        assert_eq!((read.unread, &read.as_of), (1, &first.cursor), "this event is counted");
        town.ana.says(town.general, "two").await;
        let second = hears.event().await;
        let read = ben.client.mark_read(town.general, &api::MarkRead { seq: 1 }).await.unwrap();
        assert_eq!((read.unread, &read.as_of), (1, &second.cursor));
        let sent = town.ana.says(town.general, "three").await;
        let own = town.ana.read_state(town.workspace_id, town.general).await;
        assert_eq!(own.as_of.rsplit_once('-').unwrap().1, sent.version.to_string());
        town.close().await;
    }

    async fn what_changed_since_is_all_that_changed(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        ben.client.join_channel(pier).await.unwrap();
        let root = town.ana.says(pier, "root").await;
        let other = town.ana.says(town.general, "other").await;
        ben.client.follow_thread(other.id).await.unwrap();
        let whole = async |since| {
            let workspace_id = town.workspace_id;
            ben.client.get_my_state(&api::GetMyStateQuery { workspace_id, since }).await.unwrap()
        };
        let before = whole(None).await;
        assert_eq!((before.reads.len(), before.follows.len()), (2, 1));
        assert_eq!(whole(Some(before.version)).await.reads, []);
        reads_to(&ben, pier, 1).await;
        town.ana.replies(root.id, "@Ben").await;
        let since = whole(Some(before.version)).await;
        assert_eq!(since.reads.len(), 1);
        assert_eq!((since.reads[0].channel_id, since.reads[0].read_seq), (pier, 1));
        assert_eq!(since.follows.len(), 1);
        assert_eq!((since.follows[0].root_id, since.follows[0].mentions), (root.id, 1));
        assert_eq!(since.version, since.follows[0].version);
        assert!(since.follows_complete);
        let all = whole(None).await;
        assert_eq!((all.reads.len(), all.follows.len()), (2, 2));
        town.close().await;
    }

    async fn who_comes_back_to_a_workspace_starts_anew(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let root = town.ana.says(town.general, "root").await;
        ben.replies_to_all(root.id, "reply").await;
        town.ana.client.remove_member(town.workspace_id, ben.id).await.unwrap();
        let invite = crate::town::no_invite();
        let invite = town.ana.client.create_invite(town.workspace_id, &invite).await.unwrap();
        ben.client.accept_invite(&invite.token).await.unwrap();
        let state = ben.snapshot(town.workspace_id).await.personal;
        assert!(state.reads.iter().all(|read| read.version <= state.version));
        assert_eq!(state.follows, [], "versions of an earlier membership would hide the new ones");
        let follow = ben.client.follow_thread(root.id).await.unwrap();
        assert!(follow.version > state.version);
        town.close().await;
    }
}
