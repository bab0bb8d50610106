//! Saved messages: kept for oneself, on every device, as long as one sees them.

use std::fmt::Write;
use std::slice::from_ref;

use clickclack_client::ClientError;
use clickclack_protocol::api::{self, ProblemCode, ServerFrame};
use clickclack_protocol::limits;
use clickclack_trial::both;

use crate::listener::Listener;
use crate::town::{Person, Town, code, no_invite};

/// A page of what somebody saved: the texts, and where the next page begins.
async fn page(
    person: &Person,
    town: &Town,
    cursor: Option<String>,
    limit: Option<i64>,
) -> (Vec<String>, Option<String>) {
    let query = api::ListSavedQuery { workspace_id: town.workspace_id, cursor, limit };
    let page = person.client.list_saved(&query).await.unwrap();
    (page.items.into_iter().map(|item| item.message.body).collect(), page.next_cursor)
}

async fn saved(person: &Person, town: &Town) -> Vec<String> {
    page(person, town, None, None).await.0
}

/// What somebody's own state says of saved messages.
async fn marks(person: &Person, town: &Town, since: Option<i64>) -> (i64, Vec<api::SavedMark>) {
    let query = api::GetMyStateQuery { workspace_id: town.workspace_id, since };
    let state = person.client.get_my_state(&query).await.unwrap();
    (state.version, state.saved)
}

async fn hears_mark(listener: &mut Listener) -> api::SavedMark {
    listener
        .until(|frame| match frame {
            ServerFrame::SavedUpdated(frame) => Some(frame.saved.clone()),
            _ => None,
        })
        .await
}

both! {
    async fn what_one_saves_is_on_every_device_and_nobody_elses(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let first = town.ana.says(town.general, "the recipe").await.id;
        let second = town.ana.says(town.general, "the address").await.id;
        let mut laptop = ben.listens(town.workspace_id).await;
        let mut phone = ben.listens(town.workspace_id).await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;

        let mark = ben.client.save_message(first).await.unwrap();
        assert!(mark.saved && mark.version > 0);
        assert_eq!(hears_mark(&mut laptop).await, mark);
        assert_eq!(hears_mark(&mut phone).await, mark);
        let again = ben.client.save_message(first).await.unwrap();
        assert_eq!(again, mark, "the same again changes nothing");
        town.clock.turn(1_000);
        let other = ben.client.save_message(second).await.unwrap();
        assert_eq!(saved(&ben, &town).await, ["the address", "the recipe"]);
        assert_eq!(saved(&town.ana, &town).await, [""; 0]);
        let (version, all) = marks(&ben, &town, None).await;
        assert_eq!(all, [mark.clone(), other.clone()]);
        assert_eq!(ben.snapshot(town.workspace_id).await.personal.saved, all);
        assert_eq!(marks(&ben, &town, Some(mark.version)).await.1, from_ref(&other));
        assert_eq!(marks(&ben, &town, Some(version)).await.1, []);

        let gone = ben.client.unsave_message(first).await.unwrap();
        assert!(!gone.saved && gone.version > other.version);
        assert_eq!(hears_mark(&mut phone).await, other, "once for each change");
        assert_eq!(hears_mark(&mut phone).await, gone);
        assert_eq!(ben.client.unsave_message(first).await.unwrap(), gone);
        assert_eq!(saved(&ben, &town).await, ["the address"]);
        assert_eq!(marks(&ben, &town, Some(version)).await.1, [gone], "that it went is told");
        assert_eq!(marks(&ben, &town, None).await.1, [other]);

        let frames = ana_hears.settles().await;
        let told = |frame: &ServerFrame| matches!(frame, ServerFrame::SavedUpdated(_));
        assert!(!frames.iter().any(told), "it is Ben's alone: {frames:?}");
        town.close().await;
    }

    async fn the_list_is_read_by_pages(database: &Database) {
        let town = Town::open(database).await;
        for number in 1..=5 {
            // Two each at the same moment.
            town.clock.turn(if number % 2 == 0 { 0 } else { 1_000 });
            let message = town.ana.says(town.general, &number.to_string()).await;
            town.ana.client.save_message(message.id).await.unwrap();
        }
        let mut told = Vec::new();
        let mut cursor = None;
        loop {
            let (bodies, next) = page(&town.ana, &town, cursor, Some(2)).await;
            told.push(bodies.join(" "));
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(told, ["5 4", "3 2", "1"]);
        let wrong = api::ListSavedQuery {
            workspace_id: town.workspace_id,
            cursor: Some("bm9uc2Vuc2U".into()),
            limit: None,
        };
        let refused = town.ana.client.list_saved(&wrong).await;
        assert_eq!(code(refused), ProblemCode::InvalidRequest);
        town.close().await;
    }

    async fn what_is_deleted_or_lost_leaves_the_list(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let secret = town.ana.says(kitchen, "the cake").await.id;
        let public = town.ana.says(town.general, "the pie").await.id;
        let kept = town.ana.says(town.general, "the tea").await.id;
        for id in [secret, public, kept] {
            ben.client.save_message(id).await.unwrap();
            town.clock.turn(1_000);
        }
        let (version, _) = marks(&ben, &town, None).await;
        town.ana.client.delete_message(public).await.unwrap();
        town.ana.client.remove_channel_member(kitchen, ben.id).await.unwrap();
        assert_eq!(saved(&ben, &town).await, ["the tea"]);
        let (_, left) = marks(&ben, &town, None).await;
        assert_eq!(left.iter().map(|mark| mark.message_id).collect::<Vec<_>>(), [kept]);
        assert_eq!(code(ben.client.save_message(secret).await), ProblemCode::NotFound);
        assert_eq!(code(ben.client.unsave_message(secret).await), ProblemCode::NotFound);
        let ana_tries = town.ana.client.save_message(public).await;
        assert_eq!(code(ana_tries), ProblemCode::MessageDeleted);

        town.ana.client.add_channel_member(kitchen, ben.id).await.unwrap();
        assert_eq!(saved(&ben, &town).await, ["the tea", "the cake"], "he finds it again");
        let (_, changed) = marks(&ben, &town, Some(version)).await;
        let changed: Vec<_> = changed.iter().map(|mark| (mark.message_id, mark.saved)).collect();
        assert_eq!(changed, [(secret, true)], "and his devices too, which had forgotten it");
        town.close().await;
    }

    async fn who_left_the_workspace_begins_anew(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let message = town.ana.says(town.general, "the recipe").await.id;
        ben.client.save_message(message).await.unwrap();
        let draft = api::PutDraft {
            channel_id: town.general,
            thread_root_id: None,
            body: "I am off".into(),
        };
        ben.client.put_draft(&draft).await.unwrap();
        let star = api::UpdateChannelPreferences { starred: Some(true), muted: None };
        ben.client.update_channel_preferences(town.general, &star).await.unwrap();
        let sections = Some(vec![api::SidebarSection {
            key: "channels".into(),
            name: None,
            collapsed: true,
            channel_ids: Vec::new(),
        }]);
        let arrange = api::UpdatePreferences { sections };
        ben.client.update_preferences(town.workspace_id, &arrange).await.unwrap();
        ben.client.remove_member(town.workspace_id, ben.id).await.unwrap();
        let invite = town.ana.client.create_invite(town.workspace_id, &no_invite()).await.unwrap();
        ben.client.accept_invite(&invite.token).await.unwrap();
        let state = ben.snapshot(town.workspace_id).await.personal;
        assert_eq!((state.saved, state.drafts, state.channel_preferences), (vec![], vec![], vec![]));
        assert_eq!(state.sidebar, api::Sidebar { sections: Vec::new(), version: 0 });
        town.close().await;
    }

    async fn so_many_can_be_saved_and_no_more(database: &Database) {
        let town = Town::open(database).await;
        let (general, ana) = (town.general, town.ana.id);
        let message = town.ana.says(general, "one too many").await.id;
        // A thousand sends would be a long story: they are written behind the server's back.
        let mut past = String::new();
        for number in 0..limits::SAVED_PER_MEMBER {
            let id = format!("msg_{number:026}");
            write!(
                past,
                "INSERT INTO messages (id, channel_id, seq, author_id, body, nonce, version, created_at)
                 VALUES ('{id}', '{general}', {}, '{ana}', 'x', '{id}', 1, 0);
                 INSERT INTO saved_messages (user_id, message_id, workspace_id, saved_at, version)
                 VALUES ('{ana}', '{id}', '{}', 0, 1);",
                number + 2,
                town.workspace_id
            )
            .unwrap();
        }
        database.run_sql(&past).await;
        let refused = town.ana.client.save_message(message).await;
        let Err(ClientError::Refused(problem)) = refused else { panic!("it was let") };
        assert_eq!(problem.code, ProblemCode::LimitReached);
        assert_eq!(problem.limit, Some(limits::SAVED_PER_MEMBER));
        let old = format!("msg_{:026}", 7).parse().unwrap();
        town.ana.client.unsave_message(old).await.unwrap();
        town.ana.client.save_message(message).await.unwrap();
        town.close().await;
    }
}
