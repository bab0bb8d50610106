//! Reactions: what everybody sees under a message, in the order in which it came.

use std::fmt::Write;

use clickclack_client::ClientError;
use clickclack_protocol::api::{self, EventBody, ProblemCode};
use clickclack_protocol::ids::MessageId;
use clickclack_protocol::limits;
use clickclack_trial::both;

use crate::town::{Person, Town, code};

/// Emoji and who reacted with it, as the message itself says.
async fn seen(person: &Person, message: MessageId) -> Vec<(String, Vec<api::UserId>)> {
    let set = person.client.get_message(message).await.unwrap().reactions;
    told(&set.unwrap_or(api::ReactionSet { items: Vec::new(), version: 0 }))
}

fn told(set: &api::ReactionSet) -> Vec<(String, Vec<api::UserId>)> {
    set.items.iter().map(|item| (item.emoji.clone(), item.user_ids.clone())).collect()
}

/// The limit that something was refused with.
fn limit<T>(result: Result<T, ClientError>) -> i64 {
    match result {
        Err(ClientError::Refused(problem)) if problem.code == ProblemCode::LimitReached => {
            problem.limit.expect("a limit says which")
        }
        _ => panic!("it was not refused for a limit"),
    }
}

both! {
    async fn a_reaction_is_seen_by_everybody_at_once(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let message = town.ana.says(town.general, "low tide").await;
        assert_eq!(message.reactions, None, "nobody has reacted");
        let mut ana_hears = town.ana.listens(town.workspace_id).await;

        let set = ben.client.add_reaction(message.id, "🦀").await.unwrap();
        assert_eq!(told(&set), [("🦀".into(), vec![ben.id])]);
        let heard = ana_hears.event().await;
        assert_eq!(heard.channel_id, Some(town.general));
        let EventBody::ReactionAdded(added) = heard.body else { panic!("{heard:?}") };
        assert_eq!((added.message_id, added.emoji.as_str()), (message.id, "🦀"));
        assert_eq!((added.user.id, added.user.name.as_str()), (ben.id, "Ben"));

        let again = ben.client.add_reaction(message.id, "🦀").await.unwrap();
        assert_eq!(again, set, "the same again changes nothing");
        let gone = ben.client.remove_reaction(message.id, "🦀").await.unwrap();
        assert!(gone.items.is_empty() && gone.version > set.version);
        let again = ben.client.remove_reaction(message.id, "🦀").await.unwrap();
        assert_eq!(again, gone);
        let heard = ana_hears.event().await;
        let EventBody::ReactionRemoved(removed) = heard.body else { panic!("{heard:?}") };
        assert_eq!(removed, added);

        ben.says(town.general, "and nothing else was heard").await;
        ana_hears.hears(&["and nothing else was heard"]).await;
        let now = town.ana.client.get_message(message.id).await.unwrap();
        assert_eq!(now.reactions, Some(gone), "that there were some is known");
        assert_eq!(now.version, message.version, "the message itself is as it was");
        town.close().await;
    }

    async fn emoji_stand_in_the_order_in_which_they_came(database: &Database) {
        let town = Town::open(database).await;
        let [ben, chi] = [town.person("Ben").await, town.person("Chi").await];
        let message = town.ana.says(town.general, "cake").await.id;
        for (person, emoji) in [(&ben, "🎉"), (&chi, "👍🏽"), (&town.ana, "🎉"), (&chi, "🎉")] {
            person.client.add_reaction(message, emoji).await.unwrap();
        }
        let party = |people: &[&Person]| {
            ("🎉".to_owned(), people.iter().map(|one| one.id).collect::<Vec<_>>())
        };
        let thumb = ("👍🏽".to_owned(), vec![chi.id]);
        let all = party(&[&ben, &town.ana, &chi]);
        assert_eq!(seen(&ben, message).await, [all, thumb.clone()]);
        ben.client.remove_reaction(message, "🎉").await.unwrap();
        let rest = party(&[&town.ana, &chi]);
        assert_eq!(seen(&ben, message).await, [rest, thumb.clone()], "it keeps its place");
        ben.client.add_reaction(message, "🎉").await.unwrap();
        let back = party(&[&town.ana, &chi, &ben]);
        assert_eq!(seen(&ben, message).await, [back, thumb], "who comes back comes last");

        let list = chi.client.list_reactions(message).await.unwrap();
        let named: Vec<_> = list.items.iter().map(|item| {
            let names: Vec<_> = item.people.iter().map(|one| one.name.as_str()).collect();
            (item.emoji.as_str(), names)
        }).collect();
        assert_eq!(named, [("🎉", vec!["Ana", "Chi", "Ben"]), ("👍🏽", vec!["Chi"])]);
        let newest = api::ListMessagesQuery::default();
        let page = chi.client.list_messages(town.general, &newest).await.unwrap();
        let set = page.messages[0].reactions.as_ref().unwrap();
        assert_eq!((set.version, told(set)), (list.version, seen(&ben, message).await));
        town.close().await;
    }

    async fn one_emoji_is_one_however_it_is_written(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let message = town.ana.says(town.general, "hello").await.id;
        ben.client.add_reaction(message, "❤").await.unwrap();
        town.ana.client.add_reaction(message, "❤\u{FE0F}").await.unwrap();
        town.ana.client.add_reaction(message, "#\u{20E3}").await.unwrap();
        let heart = ("❤\u{FE0F}".to_owned(), vec![ben.id, town.ana.id]);
        let keycap = ("#\u{FE0F}\u{20E3}".to_owned(), vec![town.ana.id]);
        assert_eq!(seen(&ben, message).await, [heart, keycap]);
        town.ana.client.remove_reaction(message, "#\u{FE0F}\u{20E3}").await.unwrap();
        ben.client.remove_reaction(message, "❤\u{FE0F}").await.unwrap();
        let left = ("❤\u{FE0F}".to_owned(), vec![town.ana.id]);
        assert_eq!(seen(&ben, message).await, [left]);
        for nonsense in ["crab", ":crab:", "🦀🦀", "7", "", "🦀x"] {
            for refused in [
                ben.client.add_reaction(message, nonsense).await,
                ben.client.remove_reaction(message, &format!("{nonsense}x")).await,
            ] {
                let Err(ClientError::Refused(problem)) = refused else { panic!("{nonsense}") };
                assert_eq!(problem.code, ProblemCode::InvalidRequest, "{nonsense}");
                assert_eq!(problem.errors.unwrap()[0].field, "emoji");
            }
        }
        town.close().await;
    }

    async fn a_deleted_message_has_no_reactions(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let message = ben.says(town.general, "oops").await.id;
        let before = town.ana.client.add_reaction(message, "👀").await.unwrap();
        let tombstone = ben.client.delete_message(message).await.unwrap();
        let set = tombstone.reactions.clone().unwrap();
        assert!(set.items.is_empty() && set.version > before.version);
        assert_eq!(set.version, tombstone.version, "the deletion told it");
        assert_eq!(seen(&ben, message).await, []);
        assert_eq!(ben.client.list_reactions(message).await.unwrap().items, []);
        let refused = town.ana.client.add_reaction(message, "👀").await;
        assert_eq!(code(refused), ProblemCode::MessageDeleted);
        let nothing = town.ana.client.remove_reaction(message, "👀").await.unwrap();
        assert_eq!(nothing, set, "there is nothing to take back");
        town.close().await;
    }

    async fn a_message_takes_so_many_emoji_and_no_more(database: &Database) {
        let town = Town::open(database).await;
        let message = town.ana.says(town.general, "hello").await.id;
        let fruit = "🍇🍈🍉🍊🍋🍌🍍🥭🍎🍏🍐🍑🍒🍓🫐🥝🍅🫒🥥🥑".chars();
        let fruit: Vec<_> = fruit.map(String::from).collect();
        assert_eq!(i64::try_from(fruit.len()).unwrap(), limits::REACTION_EMOJI);
        for emoji in &fruit {
            town.ana.client.add_reaction(message, emoji).await.unwrap();
        }
        let refused = town.ana.client.add_reaction(message, "🥕").await;
        assert_eq!(limit(refused), limits::REACTION_EMOJI);
        let ben = town.person("Ben").await;
        ben.client.add_reaction(message, &fruit[0]).await.unwrap();
        town.ana.client.remove_reaction(message, &fruit[1]).await.unwrap();
        town.ana.client.add_reaction(message, "🥕").await.unwrap();

        // Nobody has a thousand friends in a story: they are written behind the server's back.
        let more = limits::REACTIONS_PER_MESSAGE - limits::REACTION_EMOJI - 1;
        let mut crowd = String::new();
        for number in 0..more {
            let id = format!("usr_{number:026}");
            write!(
                crowd,
                "INSERT INTO users (id, kind, name, name_folded, created_at)
                 VALUES ('{id}', 'human', 'Crowd', 'crowd', 0);
                 INSERT INTO reactions (message_id, emoji, user_id, seq)
                 VALUES ('{message}', '🥕', '{id}', {});",
                1_000_000 + number
            )
            .unwrap();
        }
        database.run_sql(&crowd).await;
        let refused = ben.client.add_reaction(message, "🥕").await;
        assert_eq!(limit(refused), limits::REACTIONS_PER_MESSAGE);
        town.ana.client.remove_reaction(message, "🥕").await.unwrap();
        let set = ben.client.add_reaction(message, "🥕").await.unwrap();
        let all: usize = set.items.iter().map(|item| item.user_ids.len()).sum();
        assert_eq!(i64::try_from(all).unwrap(), limits::REACTIONS_PER_MESSAGE);
        town.close().await;
    }

    async fn what_was_heard_live_is_what_the_log_tells(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let message = town.ana.says(town.general, "hello").await.id;
        let after_cursor = town.ana.snapshot(town.workspace_id).await.as_of;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        ben.client.add_reaction(message, "🦀").await.unwrap();
        ben.client.remove_reaction(message, "🦀").await.unwrap();
        ben.client.pin_message(message).await.unwrap();
        let mut heard = Vec::new();
        for _ in 0..3 {
            heard.push(ana_hears.event().await);
        }
        let query =
            api::ListEventsQuery { workspace_id: town.workspace_id, after_cursor, limit: None };
        assert_eq!(town.ana.client.list_events(&query).await.unwrap().events, heard);
        town.close().await;
    }
}
