//! Quotes: references that show everybody what they may see, and nothing else.

use clickclack_protocol::api::{self, ListMessagesQuery, ProblemCode};
use clickclack_protocol::ids::{ChannelId, MessageId};
use clickclack_trial::both;

use crate::town::{Person, Town, code, nonce};

async fn quotes(person: &Person, channel: ChannelId, quote_of: MessageId) -> api::Message {
    let draft =
        api::SendMessage { nonce: nonce(), body: "as was said".into(), quote_of: Some(quote_of) };
    let sent = person.client.send_message(channel, &draft).await.unwrap();
    sent.message.expect("a new message comes whole")
}

/// What a channel's newest page quotes for somebody.
async fn quoted(person: &Person, channel: ChannelId) -> Vec<String> {
    let page = person.client.list_messages(channel, &ListMessagesQuery::default()).await.unwrap();
    page.quoted.into_iter().map(|message| message.body).collect()
}

both! {
    async fn everybody_is_shown_what_they_may_see_of_a_quote(database: &Database) {
        let town = Town::open(database).await;
        let (ben, chi) = (town.person("Ben").await, town.person("Chi").await);
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let secret = ben.says(kitchen, "cake").await;
        let open = town.ana.says(town.general, "low tide").await;
        let quote = quotes(&ben, town.general, secret.id).await;
        quotes(&ben, town.general, open.id).await;
        assert_eq!(quote.quote_of, Some(secret.id), "a reference that depends on nobody");
        let mut both = quoted(&ben, town.general).await;
        both.sort();
        assert_eq!(both, ["cake", "low tide"]);
        assert_eq!(quoted(&chi, town.general).await, ["low tide"]);
        let hidden = chi.client.get_message(secret.id).await;
        assert_eq!(code(hidden), ProblemCode::NotFound);
        town.ana.client.remove_channel_member(kitchen, ben.id).await.unwrap();
        assert_eq!(quoted(&ben, town.general).await, ["low tide"], "also who lost sight of it");
        town.close().await;
    }

    async fn one_quotes_only_what_one_sees(database: &Database) {
        let town = Town::open(database).await;
        let chi = town.person("Chi").await;
        let kitchen = town.private_channel("kitchen", &[]).await;
        let secret = town.ana.says(kitchen, "cake").await;
        let root = town.ana.says(town.general, "root").await;
        let gone = town.ana.says(town.general, "gone").await;
        town.ana.client.delete_message(gone.id).await.unwrap();
        let rock = api::CreateWorkspace { name: "Rock".into() };
        let rock = chi.client.create_workspace(&rock).await.unwrap().id;
        let elsewhere = chi.snapshot(rock).await.channels[0].id;
        let elsewhere = chi.says(elsewhere, "elsewhere").await;
        let nowhere = "msg_01HZXW3V9Y4Q2J8K7M6N5P4R3S".parse().unwrap();
        for quote_of in [secret.id, gone.id, elsewhere.id, nowhere] {
            let quote_of = Some(quote_of);
            let body = "hm".to_owned();
            let draft = api::SendMessage { nonce: nonce(), body: body.clone(), quote_of };
            let refused = chi.client.send_message(town.general, &draft).await;
            assert_eq!(code(refused), ProblemCode::InvalidRequest);
            let reply = api::SendReply { nonce: nonce(), body, quote_of, also_in_channel: None };
            let refused = chi.client.send_reply(root.id, &reply).await;
            assert_eq!(code(refused), ProblemCode::InvalidRequest);
        }
        assert_eq!(chi.reads(town.general).await, ["root", ""], "nothing was said");
        town.close().await;
    }

    async fn a_quote_shows_the_message_as_it_is(database: &Database) {
        let town = Town::open(database).await;
        let first = town.ana.says(town.general, "first").await;
        let quote = quotes(&town.ana, town.general, first.id).await;
        let edit = api::EditMessage { body: "edited".into(), version: None };
        town.ana.client.edit_message(first.id, &edit).await.unwrap();
        assert_eq!(quoted(&town.ana, town.general).await, ["edited"]);
        town.ana.client.delete_message(first.id).await.unwrap();
        assert_eq!(quoted(&town.ana, town.general).await, [""], "a tombstone");
        let edit = api::EditMessage { body: "still quoting".into(), version: None };
        let edited = town.ana.client.edit_message(quote.id, &edit).await.unwrap();
        assert_eq!(edited.quote_of, Some(first.id));
        let gone = town.ana.client.delete_message(quote.id).await.unwrap();
        assert_eq!(gone.quote_of, None, "what it said is gone, the quote included");
        town.close().await;
    }

    async fn replies_quote_as_well(database: &Database) {
        let town = Town::open(database).await;
        let chi = town.person("Chi").await;
        let kitchen = town.private_channel("kitchen", &[]).await;
        let secret = town.ana.says(kitchen, "cake").await;
        let root = quotes(&town.ana, town.general, secret.id).await;
        let reply = api::SendReply {
            nonce: nonce(),
            body: "see above".into(),
            quote_of: Some(root.id),
            also_in_channel: None,
        };
        town.ana.client.send_reply(root.id, &reply).await.unwrap();
        let bodies = |page: api::ThreadPage| {
            page.quoted.into_iter().map(|message| message.body).collect::<Vec<_>>()
        };
        let mut seen = bodies(town.ana.thread(root.id).await);
        seen.sort();
        assert_eq!(seen, ["as was said", "cake"]);
        assert_eq!(bodies(chi.thread(root.id).await), ["as was said"]);
        town.close().await;
    }
}
