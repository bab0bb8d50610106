//! Sending: exactly once for a nonce, in order, to everybody who may see it.

use clickclack_protocol::api::{self, ProblemCode};
use clickclack_trial::both;

use crate::town::{Town, code, nonce};

both! {
    async fn what_one_says_the_other_hears_at_once(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut ben_hears = ben.listens(town.workspace_id).await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        town.ana.says(town.general, "low tide at four").await;
        ben.says(town.general, "on my way").await;
        ben_hears.hears(&["low tide at four", "on my way"]).await;
        ana_hears.hears(&["low tide at four", "on my way"]).await;
        assert_eq!(ben.reads(town.general).await, ["low tide at four", "on my way"]);
        town.close().await;
    }

    async fn the_same_send_again_is_the_same_message(database: &Database) {
        let town = Town::open(database).await;
        let send = api::SendMessage { nonce: nonce(), body: "once".into(), quote_of: None };
        let first = town.ana.client.send_message(town.general, &send).await.unwrap();
        let message = first.message.clone().unwrap();
        let edit = api::EditMessage { body: "once, edited".into(), version: None };
        town.ana.client.edit_message(message.id, &edit).await.unwrap();

        let again = town.ana.client.send_message(town.general, &send).await.unwrap();
        assert_eq!((again.id, again.seq), (first.id, first.seq));
        assert_eq!(again.message.unwrap().body, "once, edited", "as it is now");

        let other = api::SendMessage { body: "something else".into(), ..send.clone() };
        let refused = town.ana.client.send_message(town.general, &other).await;
        assert_eq!(code(refused), ProblemCode::NonceConflict);
        assert_eq!(town.ana.reads(town.general).await, ["once, edited"]);
        town.close().await;
    }

    async fn who_lost_the_right_to_post_still_learns_that_it_was_sent(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        let send = api::SendMessage { nonce: nonce(), body: "cake".into(), quote_of: None };
        let sent = ben.client.send_message(kitchen, &send).await.unwrap();
        town.ana.client.remove_channel_member(kitchen, ben.id).await.unwrap();

        let again = ben.client.send_message(kitchen, &send).await.unwrap();
        assert_eq!((again.id, again.seq), (sent.id, sent.seq));
        assert_eq!(again.message, None, "but the message itself is no longer theirs to read");
        town.close().await;
    }
}
