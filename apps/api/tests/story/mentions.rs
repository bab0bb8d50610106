//! Mentions: people and everybody, named in the text, called when it is sent.

use clickclack_protocol::api::{self, ChannelKind, MentionsEveryone, ProblemCode};
use clickclack_trial::both;

use crate::town::{Person, Town, code};

fn named(message: &api::Message) -> Vec<&str> {
    let people = message.mentions.iter().flat_map(|mentions| &mentions.people);
    people.map(|user| user.name.as_str()).collect()
}

async fn edits(person: &Person, message: &api::Message, body: &str) -> api::Message {
    let edit = api::EditMessage { body: body.into(), version: None };
    person.client.edit_message(message.id, &edit).await.unwrap()
}

both! {
    async fn a_name_becomes_the_person(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let message = town.ana.says(town.general, "@ben, look: `@ben`").await;
        assert_eq!(message.body, format!("<@{}>, look: `@ben`", ben.id));
        assert_eq!(named(&message), ["Ben"]);
        assert_eq!(message.mentions.as_ref().unwrap().called, [ben.id]);
        assert_eq!(town.ana.client.get_message(message.id).await.unwrap(), message);
        let read = ben.read_state(town.workspace_id, town.general).await;
        assert_eq!((read.unread, read.mentions), (1, 1));
        let same = town.ana.says(town.general, &format!("<@{}> again", ben.id)).await;
        assert_eq!(named(&same), ["Ben"]);
        let renamed = api::UpdateMe { name: Some("Benjamin".into()) };
        ben.client.update_me(&renamed).await.unwrap();
        let message = town.ana.client.get_message(message.id).await.unwrap();
        assert_eq!(named(&message), ["Benjamin"], "the text names the person, not the name");
        town.close().await;
    }

    async fn only_who_sees_the_channel_is_named(database: &Database) {
        let town = Town::open(database).await;
        let (ben, chi) = (town.person("Ben").await, town.person("Chi").await);
        let eve = town.guest("Eve", &[town.general]).await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        let everybody = "@Ben @Chi @Eve";
        assert_eq!(named(&town.ana.says(kitchen, everybody).await), ["Ben"]);
        assert_eq!(named(&town.ana.says(pier, everybody).await), ["Ben", "Chi"]);
        assert_eq!(named(&town.ana.says(town.general, everybody).await), ["Ben", "Chi", "Eve"]);
        let text = format!("<@{}> and <@{}>", chi.id, eve.id);
        let secret = town.ana.says(kitchen, &text).await;
        assert_eq!((secret.body.as_str(), secret.mentions.as_ref()), (text.as_str(), None));
        town.ana.client.deactivate_user(chi.id).await.unwrap();
        assert_eq!(named(&town.ana.says(pier, everybody).await), ["Ben"]);
        town.close().await;
    }

    async fn a_name_of_two_people_is_nobodys(database: &Database) {
        let town = Town::open(database).await;
        let (ben, other) = (town.person("Ben").await, town.person("Chi").await);
        let rename = api::UpdateMe { name: Some("BEN".into()) };
        other.client.update_me(&rename).await.unwrap();
        let message = town.ana.says(town.general, "@Ben?").await;
        assert_eq!((message.body.as_str(), message.mentions), ("@Ben?", None));
        let rename = api::UpdateMe { name: Some("Ben Ash".into()) };
        other.client.update_me(&rename).await.unwrap();
        let message = town.ana.says(town.general, "@ben ash and @ben").await;
        assert_eq!(message.body, format!("<@{}> and <@{}>", other.id, ben.id));
        town.close().await;
    }

    async fn everybody_is_called_at_once(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        ben.client.join_channel(pier).await.unwrap();
        let channel = town.ana.says(pier, "@channel the boat leaves").await;
        assert_eq!(channel.mentions.unwrap().everyone, Some(MentionsEveryone::Channel));
        let here = town.ana.says(pier, "@here, @Ben: now").await;
        let mentions = here.mentions.unwrap();
        assert_eq!((mentions.everyone, mentions.called), (Some(MentionsEveryone::Here), vec![ben.id]));
        town.ana.says(pier, "`@channel` is a word for it").await;
        let read = ben.read_state(town.workspace_id, pier).await;
        assert_eq!((read.unread, read.mentions), (3, 2), "called twice, not three times");
        let chi = town.person("Chi").await;
        chi.client.join_channel(pier).await.unwrap();
        let read = chi.read_state(town.workspace_id, pier).await;
        assert_eq!((read.unread, read.mentions), (0, 0), "who came later was not called");
        let own = town.ana.read_state(town.workspace_id, pier).await;
        assert_eq!((own.unread, own.mentions), (0, 0));
        town.close().await;
    }

    async fn an_edit_names_others_but_calls_nobody(database: &Database) {
        let town = Town::open(database).await;
        let (ben, chi) = (town.person("Ben").await, town.person("Chi").await);
        let message = town.ana.says(town.general, "@Ben, lunch?").await;
        let edited = edits(&town.ana, &message, "@Chi, lunch? @channel").await;
        assert_eq!(edited.body, format!("<@{}>, lunch? @channel", chi.id));
        assert_eq!(named(&edited), ["Chi"]);
        let mentions = edited.mentions.as_ref().unwrap();
        assert_eq!((&mentions.called[..], mentions.everyone), (&[ben.id][..], None));
        assert_eq!(town.ana.client.get_message(message.id).await.unwrap(), edited);
        for (person, called) in [(&ben, 1), (&chi, 0)] {
            let read = person.read_state(town.workspace_id, town.general).await;
            assert_eq!((read.unread, read.mentions), (1, called), "{}", person.name);
        }
        let plain = town.ana.says(town.general, "plain").await;
        let edited = edits(&town.ana, &plain, "@Ben").await;
        assert_eq!((named(&edited), edited.mentions.as_ref().unwrap().called.len()), (vec!["Ben"], 0));
        let edited = edits(&town.ana, &plain, "plain again").await;
        assert_eq!(edited.mentions, None);
        town.close().await;
    }

    async fn a_deleted_message_calls_nobody_any_more(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let message = town.ana.says(town.general, "@Ben @here").await;
        let gone = town.ana.client.delete_message(message.id).await.unwrap();
        let mentions = gone.mentions.as_ref().unwrap();
        assert_eq!(named(&gone), Vec::<&str>::new(), "its text is gone");
        assert_eq!(mentions.called, [ben.id], "so that it can be counted back");
        assert_eq!(mentions.everyone, Some(MentionsEveryone::Here));
        let read = ben.read_state(town.workspace_id, town.general).await;
        assert_eq!((read.unread, read.mentions), (0, 0));
        town.close().await;
    }

    async fn who_names_themself_is_not_called(database: &Database) {
        let town = Town::open(database).await;
        let message = town.ana.says(town.general, "@Ana was here").await;
        assert_eq!(named(&message), ["Ana"]);
        assert_eq!(message.mentions.unwrap().called, []);
        town.close().await;
    }

    async fn names_count_as_what_they_become(database: &Database) {
        let town = Town::open(database).await;
        town.person("Ben").await;
        let text = format!("@Ben{}", " x".repeat(7_998));
        assert_eq!(text.chars().count(), 16_000);
        let refused = town.ana.tries_to_say(town.general, &text).await;
        assert_eq!(code(refused), ProblemCode::MessageTooLong);
        town.close().await;
    }

    async fn a_send_with_a_name_is_repeated_as_it_was_typed(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let send = api::SendMessage {
            nonce: "nonce-0001".into(),
            body: "@Ben".into(),
            quote_of: None,
        };
        let first = town.ana.client.send_message(town.general, &send).await.unwrap();
        let renamed = api::UpdateMe { name: Some("Benjamin".into()) };
        ben.client.update_me(&renamed).await.unwrap();
        let again = town.ana.client.send_message(town.general, &send).await.unwrap();
        assert_eq!((first.id, first.seq), (again.id, again.seq));
        assert_eq!(again.message.unwrap().body, format!("<@{}>", ben.id));
        town.close().await;
    }
}
