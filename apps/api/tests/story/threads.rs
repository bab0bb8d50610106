//! Threads: replies that stand beside their message, in the channel too when somebody says so; who
//! follows them, how far they have read, and what a lock and a title do.

use clickclack_client::ClientError;
use clickclack_protocol::api::{
    self, ChannelKind, EventBody, GetThreadQuery, ListThreadsQuery, ProblemCode, ServerFrame,
    TypingState,
};
use clickclack_protocol::ids::MessageId;
use clickclack_trial::both;

use crate::listener::Listener;
use crate::town::{Person, Town, code, nonce};

fn draft(nonce: &str, body: &str) -> api::SendReply {
    api::SendReply { nonce: nonce.into(), body: body.into(), quote_of: None, also_in_channel: None }
}

fn lock(locked: bool) -> api::UpdateThread {
    api::UpdateThread { title: None, locked: Some(locked), version: None }
}

/// What the replies say, oldest first.
async fn said(person: &Person, root_id: MessageId) -> Vec<String> {
    person.thread(root_id).await.replies.into_iter().map(|reply| reply.body).collect()
}

/// The roots of the threads that somebody follows, as they are listed.
async fn followed(person: &Person, town: &Town, unread: bool) -> Vec<api::FollowedThread> {
    let mut cursor = None;
    let mut all = Vec::new();
    loop {
        let query = ListThreadsQuery {
            workspace_id: town.workspace_id,
            unread: Some(unread),
            cursor,
            limit: Some(2),
        };
        let page = person.client.list_threads(&query).await.unwrap();
        all.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return all;
        }
    }
}

async fn bodies(person: &Person, town: &Town, unread: bool) -> Vec<String> {
    followed(person, town, unread).await.into_iter().map(|thread| thread.root.body).collect()
}

/// The next thing that somebody is told about a thread that they follow.
async fn told(listener: &mut Listener) -> api::ThreadFollow {
    let told = listener.until(|frame| match frame {
        ServerFrame::FollowUpdated(frame) => Some(frame.follow.clone()),
        _ => None,
    });
    told.await
}

both! {
    async fn a_reply_stands_in_the_thread_and_not_in_the_channel(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let root = town.ana.says(town.general, "who has the boat?").await;
        let first = ben.replies(root.id, "I have").await;
        let second = town.ana.replies(root.id, "until when?").await;
        assert_eq!((first.seq, first.thread_seq), (None, Some(1)));
        assert_eq!((second.thread_root_id, second.thread_seq), (Some(root.id), Some(2)));
        assert_eq!(ben.reads(town.general).await, ["who has the boat?"]);
        assert_eq!(ben.client.get_channel(town.general).await.unwrap().last_seq, 1);
        let page = ben.thread(root.id).await;
        assert_eq!(said(&ben, root.id).await, ["I have", "until when?"]);
        let thread = page.root.thread.unwrap();
        assert_eq!((thread.reply_count, thread.last_seq), (2, 2));
        assert_eq!(thread.last_reply_at, Some(second.created_at));
        let repliers: Vec<_> = thread.repliers.iter().map(|user| user.name.as_str()).collect();
        assert_eq!(repliers, ["Ana", "Ben"], "whoever replied last stands first");
        town.close().await;
    }

    async fn a_reply_can_be_shown_in_the_channel_too(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let root = town.ana.says(town.general, "who has the boat?").await;
        ben.replies(root.id, "let me look").await;
        let reply = ben.replies_to_all(root.id, "I have it").await;
        assert_eq!((reply.seq, reply.thread_seq), (Some(2), Some(2)));
        assert_eq!(town.ana.reads(town.general).await, ["who has the boat?", "I have it"]);
        assert_eq!(said(&town.ana, root.id).await, ["let me look", "I have it"]);
        let ana = town.ana.read_state(town.workspace_id, town.general).await;
        assert_eq!((ana.read_seq, ana.unread), (1, 1), "it is unread in the channel");
        assert_eq!(town.ana.follow(root.id).await.unread, 2, "and in the thread");
        let deleted = ben.client.delete_message(reply.id).await.unwrap();
        assert_eq!(deleted.seq, Some(2));
        let page = town.ana.thread(root.id).await;
        assert_eq!(page.replies[1], deleted, "one message in two places");
        town.close().await;
    }

    async fn threads_have_one_level(database: &Database) {
        let town = Town::open(database).await;
        let root = town.ana.says(town.general, "root").await;
        let reply = town.ana.replies_to_all(root.id, "reply").await;
        let nested = ProblemCode::NestedThread;
        let client = &town.ana.client;
        assert_eq!(code(town.ana.tries_to_reply(reply.id, "no", false).await), nested);
        assert_eq!(code(client.get_thread(reply.id, &GetThreadQuery::default()).await), nested);
        assert_eq!(code(client.update_thread(reply.id, &lock(true)).await), nested);
        assert_eq!(code(client.follow_thread(reply.id).await), nested);
        assert_eq!(code(client.unfollow_thread(reply.id).await), nested);
        let seq = 1;
        assert_eq!(code(client.mark_thread_read(reply.id, &api::MarkRead { seq }).await), nested);
        let unread = api::MarkUnread { seq };
        assert_eq!(code(client.mark_thread_unread(reply.id, &unread).await), nested);
        town.close().await;
    }

    async fn a_reply_is_sent_once_for_its_nonce(database: &Database) {
        let town = Town::open(database).await;
        let root = town.ana.says(town.general, "root").await;
        let other = town.ana.says(town.general, "other").await;
        let client = &town.ana.client;
        let first = client.send_reply(root.id, &draft("nonce-0001", "once")).await.unwrap();
        let again = client.send_reply(root.id, &draft("nonce-0001", "once")).await.unwrap();
        assert_eq!(first, again);
        assert_eq!(said(&town.ana, root.id).await, ["once"]);
        let conflict = ProblemCode::NonceConflict;
        let also = api::SendReply { also_in_channel: Some(true), ..draft("nonce-0001", "once") };
        let quoting = api::SendReply { quote_of: Some(other.id), ..draft("nonce-0001", "once") };
        for (root_id, body) in [
            (root.id, draft("nonce-0001", "twice")),
            (other.id, draft("nonce-0001", "once")),
            (root.id, also),
            (root.id, quoting),
        ] {
            assert_eq!(code(client.send_reply(root_id, &body).await), conflict);
        }
        let plain =
            api::SendMessage { nonce: "nonce-0001".into(), body: "once".into(), quote_of: None };
        assert_eq!(code(client.send_message(town.general, &plain).await), conflict);
        // Once there, it is answered as it is, also when nobody may reply any more.
        client.update_thread(root.id, &lock(true)).await.unwrap();
        let late = client.send_reply(root.id, &draft("nonce-0001", "once")).await.unwrap();
        assert_eq!(late.message.map(|message| message.body), Some("once".into()));
        town.close().await;
    }

    async fn the_right_to_reply_is_the_right_to_post(database: &Database) {
        let town = Town::open(database).await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        let chi = town.person("Chi").await;
        let root = town.ana.says(pier, "root").await;
        let refused = chi.tries_to_reply(root.id, "from outside", false).await;
        assert_eq!(code(refused), ProblemCode::Forbidden);
        let archived = Some(true);
        let archive = api::UpdateChannel { name: None, topic: None, archived, version: None };
        town.ana.client.update_channel(pier, &archive).await.unwrap();
        let refused = town.ana.tries_to_reply(root.id, "too late", false).await;
        assert_eq!(code(refused), ProblemCode::ChannelArchived);
        let refused = town.ana.client.update_thread(root.id, &lock(true)).await;
        assert_eq!(code(refused), ProblemCode::ChannelArchived);
        town.close().await;
    }

    async fn a_locked_thread_takes_no_replies(database: &Database) {
        let town = Town::open(database).await;
        let (ben, chi) = (town.person("Ben").await, town.person("Chi").await);
        let root = ben.says(town.general, "a vote").await;
        chi.replies(root.id, "yes").await;
        assert_eq!(code(chi.client.update_thread(root.id, &lock(true)).await), ProblemCode::Forbidden);
        assert!(ben.client.update_thread(root.id, &lock(true)).await.unwrap().locked);
        for person in [&ben, &chi, &town.ana] {
            let refused = person.tries_to_reply(root.id, "no", false).await;
            assert_eq!(code(refused), ProblemCode::ThreadLocked);
        }
        assert!(!town.ana.client.update_thread(root.id, &lock(false)).await.unwrap().locked);
        chi.replies(root.id, "after all, no").await;
        assert_eq!(said(&ben, root.id).await, ["yes", "after all, no"]);
        town.close().await;
    }

    async fn a_title_is_changed_with_the_version_one_has_seen(database: &Database) {
        let town = Town::open(database).await;
        let root = town.ana.says(town.general, "root").await;
        let named = town.ana.titles(root.id, "  The boat ").await;
        assert_eq!(named.title.as_deref(), Some("The boat"));
        assert_eq!(town.ana.titles(root.id, "The boat").await, named, "nothing changed");
        let change = |title: &str, version| api::UpdateThread {
            title: Some(title.into()),
            locked: None,
            version: Some(version),
        };
        let stale = town.ana.client.update_thread(root.id, &change("x", named.version - 1)).await;
        assert_eq!(code(stale), ProblemCode::StaleVersion);
        let long = change(&"é".repeat(121), named.version);
        let refused = town.ana.client.update_thread(root.id, &long).await;
        assert_eq!(code(refused), ProblemCode::InvalidRequest);
        let gone = town.ana.client.update_thread(root.id, &change("", named.version)).await.unwrap();
        assert_eq!(gone.title, None);
        assert!(gone.version > named.version);
        let bare = town.ana.says(town.general, "bare").await;
        let stale = town.ana.client.update_thread(bare.id, &change("x", 1)).await;
        assert_eq!(code(stale), ProblemCode::StaleVersion);
        town.ana.client.update_thread(bare.id, &change("x", 0)).await.unwrap();
        town.close().await;
    }

    async fn deleted_replies_are_not_counted_and_a_deleted_root_keeps_its_thread(
        database: &Database
    ) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let root = town.ana.says(town.general, "root").await;
        let bare = town.ana.says(town.general, "bare").await;
        let first = ben.replies(root.id, "one").await;
        ben.replies(root.id, "two").await;
        town.ana.replies(root.id, "three").await;
        let mut hears = town.ana.listens(town.workspace_id).await;
        ben.client.delete_message(first.id).await.unwrap();
        let deleted = hears.event().await;
        assert!(matches!(deleted.body, EventBody::MessageDeleted(_)), "{deleted:?}");
        let EventBody::ThreadStateUpdated(changed) = hears.event().await.body else {
            panic!("the counts are told as well");
        };
        assert_eq!((changed.thread.reply_count, changed.thread.last_seq), (2, 3));
        let again = ben.client.delete_message(first.id).await.unwrap();
        assert!(again.deleted_at.is_some());
        for message in [&root, &bare] {
            town.ana.client.delete_message(message.id).await.unwrap();
        }
        let page = town.ana.thread(root.id).await;
        assert_eq!(page.root.thread.as_ref(), Some(&changed.thread), "it was counted once");
        assert_eq!(page.root.body, "");
        ben.replies(root.id, "four").await;
        let refused = ben.tries_to_reply(bare.id, "to nothing", false).await;
        assert_eq!(code(refused), ProblemCode::MessageDeleted);
        let refused = town.ana.client.update_thread(bare.id, &lock(true)).await;
        assert_eq!(code(refused), ProblemCode::MessageDeleted);
        town.close().await;
    }

    async fn a_long_thread_is_read_by_stretches(database: &Database) {
        let town = Town::open(database).await;
        let root = town.ana.says(town.general, "root").await;
        let empty = town.ana.thread(root.id).await;
        assert_eq!((empty.replies, empty.has_older, empty.has_newer), (vec![], false, false));
        for number in 1..=10 {
            town.ana.replies(root.id, &number.to_string()).await;
        }
        let limited = |limit| GetThreadQuery { limit: Some(limit), ..Default::default() };
        let before = |seq, limit| GetThreadQuery { before_seq: Some(seq), ..limited(limit) };
        let after = |seq, limit| GetThreadQuery { after_seq: Some(seq), ..limited(limit) };
        let around = |seq, limit| GetThreadQuery { around_seq: Some(seq), ..limited(limit) };
        for (query, from, to, has_older, has_newer) in [
            (limited(3), 8, 10, true, false),
            (limited(200), 1, 10, false, false),
            (before(8, 3), 5, 7, true, true),
            (before(3, 5), 1, 2, false, true),
            (after(0, 3), 1, 3, false, true),
            (after(9, 3), 10, 10, true, false),
            (around(5, 5), 3, 7, true, true),
            (around(99, 5), 8, 10, true, false),
        ] {
            let page = town.ana.client.get_thread(root.id, &query).await.unwrap();
            let places: Vec<_> = page.replies.iter().filter_map(|one| one.thread_seq).collect();
            assert_eq!(places, (from..=to).collect::<Vec<_>>(), "{query:?}");
            assert_eq!((page.has_older, page.has_newer), (has_older, has_newer), "{query:?}");
        }
        let both = GetThreadQuery { after_seq: Some(1), ..before(3, 5) };
        let refused = town.ana.client.get_thread(root.id, &both).await;
        assert_eq!(code(refused), ProblemCode::InvalidRequest);
        town.close().await;
    }

    async fn a_thread_is_followed_by_whom_it_concerns(database: &Database) {
        let town = Town::open(database).await;
        let [ben, chi, dev] =
            [town.person("Ben").await, town.person("Chi").await, town.person("Dev").await];
        let root = ben.says(town.general, "who has the boat?").await;
        let follows = async |person: &Person| {
            let follow = person.follow(root.id).await;
            (follow.following, follow.read_seq, follow.unread, follow.mentions)
        };
        assert_eq!(follows(&ben).await, (false, 0, 0, 0), "there is nothing to follow yet");
        chi.replies(root.id, "I have").await;
        assert_eq!(follows(&ben).await, (true, 0, 1, 0), "the author of the root");
        assert_eq!(follows(&chi).await, (true, 1, 0, 0), "who replies has read so far");
        assert_eq!(follows(&dev).await, (false, 0, 0, 0));
        chi.replies(root.id, "ask @Dev").await;
        assert_eq!(follows(&dev).await, (true, 1, 1, 1), "who is named, from there on");
        // Who stops is left alone until they are named, or reply themselves.
        for person in [&ben, &dev] {
            let stopped = person.client.unfollow_thread(root.id).await.unwrap();
            assert!(!stopped.following && stopped.unread == 0);
        }
        chi.replies(root.id, "anybody?").await;
        assert_eq!(follows(&ben).await, (false, 0, 0, 0));
        chi.replies(root.id, "@Ben?").await;
        assert_eq!(follows(&ben).await, (true, 3, 1, 1), "what was said meanwhile is history");
        dev.replies(root.id, "here").await;
        assert_eq!(follows(&dev).await, (true, 5, 0, 0));
        town.close().await;
    }

    async fn whoever_follows_by_themselves_starts_at_the_newest_reply(database: &Database) {
        let town = Town::open(database).await;
        let (ben, chi) = (town.person("Ben").await, town.person("Chi").await);
        let root = town.ana.says(town.general, "root").await;
        town.ana.replies(root.id, "one").await;
        town.ana.replies(root.id, "two").await;
        let follow = ben.client.follow_thread(root.id).await.unwrap();
        assert_eq!((follow.following, follow.read_seq, follow.unread), (true, 2, 0));
        assert_eq!(ben.client.follow_thread(root.id).await.unwrap().version, follow.version);
        // A message that nobody has replied to can be followed, and left alone, as well.
        let quiet = ben.says(town.general, "quiet").await;
        chi.client.follow_thread(quiet.id).await.unwrap();
        ben.client.unfollow_thread(quiet.id).await.unwrap();
        town.ana.replies(quiet.id, "psst").await;
        assert_eq!(chi.follow(quiet.id).await.unread, 1);
        assert!(!ben.follow(quiet.id).await.following, "also its author, who said so before");
        town.close().await;
    }

    async fn how_far_one_has_read_a_thread_moves_back_only_on_purpose(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let root = town.ana.says(town.general, "root").await;
        let nobody_follows = ben.client.mark_thread_read(root.id, &api::MarkRead { seq: 1 }).await;
        assert_eq!(nobody_follows.unwrap().version, 0, "who does not follow keeps no place");
        for number in 1..=4 {
            ben.replies(root.id, &number.to_string()).await;
        }
        let read = async |seq| {
            let mark = api::MarkRead { seq };
            let follow = town.ana.client.mark_thread_read(root.id, &mark).await.unwrap();
            (follow.read_seq, follow.unread)
        };
        assert_eq!(read(2).await, (2, 2));
        assert_eq!(read(1).await, (2, 2), "not back");
        assert_eq!(read(99).await, (4, 0), "not beyond the newest");
        let unread = async |person: &Person, seq| {
            let mark = api::MarkUnread { seq };
            let follow = person.client.mark_thread_unread(root.id, &mark).await.unwrap();
            (follow.following, follow.read_seq, follow.unread)
        };
        assert_eq!(unread(&town.ana, 2).await, (true, 1, 3));
        assert_eq!(unread(&town.ana, 4).await, (true, 1, 3), "what was unread stays so");
        let chi = town.person("Chi").await;
        assert_eq!(unread(&chi, 3).await, (true, 2, 2), "one follows then");
        town.close().await;
    }

    async fn followed_threads_are_listed_by_their_newest_reply(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let mut roots = Vec::new();
        for (channel, body) in
            [(town.general, "one"), (town.general, "two"), (kitchen, "three"), (town.general, "no")]
        {
            roots.push(town.ana.says(channel, body).await.id);
            town.clock.turn(1);
        }
        for place in [2, 0, 1, 1, 1, 3] {
            ben.replies(roots[place], "reply").await;
            town.clock.turn(1);
        }
        town.ana.client.unfollow_thread(roots[3]).await.unwrap();
        assert_eq!(bodies(&town.ana, &town, false).await, ["two", "one", "three"]);
        let shown = followed(&town.ana, &town, false).await;
        let latest: Vec<_> = shown.iter().map(|thread| thread.latest.len()).collect();
        assert_eq!(latest, [2, 1, 1], "with the newest two replies");
        assert_eq!(shown[0].latest[1].thread_seq, Some(3));
        assert_eq!(shown[0].follow, town.ana.follow(roots[1]).await);
        town.ana.client.mark_thread_read(roots[0], &api::MarkRead { seq: 1 }).await.unwrap();
        assert_eq!(bodies(&town.ana, &town, true).await, ["two", "three"], "unread ones only");
        assert_eq!(bodies(&ben, &town, true).await, Vec::<String>::new(), "one's own are read");
        town.ana.replies(roots[0], "mine").await;
        town.ana.client.remove_channel_member(kitchen, ben.id).await.unwrap();
        assert_eq!(bodies(&ben, &town, false).await, ["one", "no", "two"], "only what one sees");
        let follows = ben.snapshot(town.workspace_id).await.personal.follows;
        assert!(follows.iter().all(|follow| follow.root_id != roots[2]));
        let nonsense = ListThreadsQuery {
            workspace_id: town.workspace_id,
            unread: None,
            cursor: Some("eA".into()),
            limit: None,
        };
        let refused = ben.client.list_threads(&nonsense).await;
        assert_eq!(code(refused), ProblemCode::InvalidRequest);
        town.close().await;
    }

    async fn followers_are_told_on_all_of_their_devices(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let root = town.ana.says(town.general, "root").await;
        let mut desk = town.ana.listens(town.workspace_id).await;
        let mut phone = town.ana.listens(town.workspace_id).await;
        let mut stranger = town.person("Chi").await.listens(town.workspace_id).await;
        ben.replies(root.id, "one").await;
        for device in [&mut desk, &mut phone] {
            let follow = told(device).await;
            assert_eq!((follow.following, follow.unread), (true, 1));
            let EventBody::ThreadReplyCreated(payload) = device.event().await.body else {
                panic!("the reply comes once, as a reply");
            };
            assert_eq!(payload.message.body, "one");
            assert_eq!(payload.thread.reply_count, 1);
            assert_eq!(payload.message.thread, None);
        }
        let read =
            town.ana.client.mark_thread_read(root.id, &api::MarkRead { seq: 1 }).await.unwrap();
        for device in [&mut desk, &mut phone] {
            assert_eq!(told(device).await, read);
        }
        let heard = stranger.settles().await;
        let personal = |frame: &&ServerFrame| matches!(frame, ServerFrame::FollowUpdated(_));
        assert_eq!(heard.iter().find(personal), None, "nobody else is");
        town.close().await;
    }

    async fn who_comes_back_into_a_channel_finds_what_they_follow_there(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let root = ben.says(kitchen, "root").await;
        town.ana.replies(root.id, "one").await;
        let before = ben.snapshot(town.workspace_id).await.personal;
        assert_eq!(before.follows[0].unread, 1);
        town.ana.client.remove_channel_member(kitchen, ben.id).await.unwrap();
        town.ana.replies(root.id, "two, @Ben").await;
        assert_eq!(ben.snapshot(town.workspace_id).await.personal.follows, []);
        town.ana.client.add_channel_member(kitchen, ben.id).await.unwrap();
        let query = api::GetMyStateQuery {
            workspace_id: town.workspace_id,
            since: Some(before.version),
        };
        let since = ben.client.get_my_state(&query).await.unwrap();
        let [follow] = since.follows.as_slice() else { panic!("{:?}", since.follows) };
        assert_eq!((follow.root_id, follow.unread, follow.mentions), (root.id, 2, 0));
        town.close().await;
    }

    async fn what_is_replayed_is_what_was_live(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let root = town.ana.says(town.general, "root").await;
        let mut hears = ben.listens(town.workspace_id).await;
        let as_of = ben.snapshot(town.workspace_id).await.as_of;
        // Each of these is the last word about its subject.
        let other = town.ana.says(town.general, "another, @here").await;
        town.ana.replies_to_all(root.id, "for @Ben").await;
        town.ana.titles(other.id, "Another").await;
        let mut live = Vec::new();
        for _ in 0..3 {
            live.push(hears.event().await);
        }
        let query = api::ListEventsQuery {
            workspace_id: town.workspace_id,
            after_cursor: as_of,
            limit: None,
        };
        let mut kept = ben.client.list_events(&query).await.unwrap().events;
        // The title came after the message that now carries it.
        if let EventBody::MessageCreated(payload) = &mut kept[0].body {
            payload.message.thread = None;
        }
        assert_eq!(live, kept);
        assert_eq!(live[1].seq, Some(3), "its place in the channel");
        town.close().await;
    }

    async fn typing_in_a_thread_is_told_with_the_thread(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        let root = town.ana.says(town.general, "root").await;
        let reply = town.ana.replies(root.id, "reply").await;
        let elsewhere = town.ana.says(pier, "elsewhere").await;
        let mut hears = town.ana.listens(town.workspace_id).await;
        let mut speaks = ben.listens(town.workspace_id).await;
        let typing = async |hears: &mut Listener| {
            let told = hears.until(|frame| match frame {
                ServerFrame::Typing(frame) => Some((frame.thread_root_id, frame.state)),
                _ => None,
            });
            told.await
        };
        speaks.types_in(town.general, Some(root.id), TypingState::Started).await;
        assert_eq!(typing(&mut hears).await, (Some(root.id), TypingState::Started));
        ben.replies(root.id, "done").await;
        assert_eq!(typing(&mut hears).await, (Some(root.id), TypingState::Stopped));
        town.clock.turn(2_000);
        let says = async |thread_root_id| {
            let typing = api::SendEphemeral {
                channel_id: town.general,
                thread_root_id,
                typing: TypingState::Started,
            };
            ben.client.send_ephemeral(&typing).await
        };
        says(Some(root.id)).await.unwrap();
        assert_eq!(typing(&mut hears).await, (Some(root.id), TypingState::Started));
        for no_thread in [reply.id, elsewhere.id] {
            assert_eq!(code(says(Some(no_thread)).await), ProblemCode::NotFound);
        }
        town.close().await;
    }

    async fn many_reply_at_once_and_every_place_is_taken_once(database: &Database) {
        let town = Town::open(database).await;
        let root = town.ana.says(town.general, "root").await;
        let mut speaking = Vec::new();
        for number in 0..4 {
            let person = town.person(&format!("Person{number}")).await;
            speaking.push(tokio::spawn(async move {
                for word in 0..10 {
                    let sent = person.client.send_reply(root.id, &draft(&nonce(), "word")).await?;
                    assert!(sent.thread_seq.is_some());
                    drop(person.tries_to_reply(root.id, "", word % 2 == 0).await);
                }
                Ok::<_, ClientError>(())
            }));
        }
        for speaker in speaking {
            speaker.await.unwrap().unwrap();
        }
        let page = town.ana.thread(root.id).await;
        let places: Vec<_> = page.replies.iter().filter_map(|reply| reply.thread_seq).collect();
        assert_eq!(places, (1..=40).collect::<Vec<_>>());
        let thread = page.root.thread.unwrap();
        assert_eq!((thread.reply_count, thread.last_seq), (40, 40));
        assert_eq!(thread.repliers.len(), 4);
        assert_eq!(page.follow.unread, 40);
        town.close().await;
    }
}
