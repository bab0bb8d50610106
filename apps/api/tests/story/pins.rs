//! Pins: what a channel keeps at hand.

use clickclack_client::ClientError;
use clickclack_protocol::api::{self, EventBody, ProblemCode};
use clickclack_protocol::ids::ChannelId;
use clickclack_protocol::limits;
use clickclack_trial::both;

use crate::town::{Person, Town, code};

/// What is pinned in a channel, the newest pin first.
async fn pinned(person: &Person, channel: ChannelId) -> Vec<String> {
    let pins = person.client.list_pins(channel).await.unwrap().items;
    pins.into_iter().map(|message| message.body).collect()
}

both! {
    async fn a_pin_is_seen_by_everybody_and_taken_off_by_anybody(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let first = town.ana.says(town.general, "the rules").await;
        let second = town.ana.says(town.general, "the map").await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;

        let now = ben.client.pin_message(first.id).await.unwrap();
        let pin = now.pin.clone().unwrap();
        assert_eq!(pin.user_id, ben.id);
        assert!(now.version > first.version);
        let heard = ana_hears.event().await;
        assert_eq!(heard.seq, first.seq);
        let EventBody::PinAdded(added) = heard.body else { panic!("{heard:?}") };
        assert_eq!(added.message, now);

        let again = town.ana.client.pin_message(first.id).await.unwrap();
        assert_eq!(again, now, "it stays Ben's pin");
        town.clock.turn(1_000);
        town.ana.client.pin_message(second.id).await.unwrap();
        assert_eq!(pinned(&ben, town.general).await, ["the map", "the rules"]);
        let EventBody::PinAdded(_) = ana_hears.event().await.body else { panic!() };

        let off = town.ana.client.unpin_message(first.id).await.unwrap();
        assert!(off.pin.is_none() && off.version > now.version);
        let EventBody::PinRemoved(removed) = ana_hears.event().await.body else { panic!() };
        assert_eq!(removed.message, off);
        let again = ben.client.unpin_message(first.id).await.unwrap();
        assert_eq!(again, off);
        ben.says(town.general, "and nothing else was heard").await;
        ana_hears.hears(&["and nothing else was heard"]).await;
        assert_eq!(pinned(&ben, town.general).await, ["the map"]);
        town.close().await;
    }

    async fn an_edit_keeps_the_pin_and_a_deletion_takes_it_off(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let message = ben.says(town.general, "the rules").await;
        let now = town.ana.client.pin_message(message.id).await.unwrap();
        let late = api::EditMessage { body: "my rules".into(), version: Some(message.version) };
        let refused = ben.client.edit_message(message.id, &late).await;
        assert_eq!(code(refused), ProblemCode::StaleVersion, "he has not seen the pin");
        let edit = api::EditMessage { body: "new rules".into(), version: Some(now.version) };
        let edited = ben.client.edit_message(message.id, &edit).await.unwrap();
        assert_eq!(edited.pin, now.pin);
        assert_eq!(pinned(&ben, town.general).await, ["new rules"]);

        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        ben.client.delete_message(message.id).await.unwrap();
        let EventBody::MessageDeleted(deleted) = ana_hears.event().await.body else { panic!() };
        assert_eq!(deleted.message.pin, None);
        assert_eq!(pinned(&ben, town.general).await, [""; 0]);
        let refused = town.ana.client.pin_message(message.id).await;
        assert_eq!(code(refused), ProblemCode::MessageDeleted);
        let nothing = town.ana.client.unpin_message(message.id).await.unwrap();
        assert_eq!(nothing, deleted.message);
        town.close().await;
    }

    async fn a_channel_has_room_for_so_many_pins(database: &Database) {
        let town = Town::open(database).await;
        let mut messages = Vec::new();
        for number in 0..=limits::PINS_PER_CHANNEL {
            messages.push(town.ana.says(town.general, &format!("rule {number}")).await.id);
        }
        let (last, others) = messages.split_last().unwrap();
        for id in others {
            town.ana.client.pin_message(*id).await.unwrap();
        }
        let refused = town.ana.client.pin_message(*last).await;
        let Err(ClientError::Refused(problem)) = refused else { panic!("it was let") };
        assert_eq!(problem.code, ProblemCode::LimitReached);
        assert_eq!(problem.limit, Some(limits::PINS_PER_CHANNEL));
        town.ana.client.unpin_message(others[0]).await.unwrap();
        town.ana.client.pin_message(*last).await.unwrap();
        let listed = pinned(&town.ana, town.general).await.len();
        assert_eq!(i64::try_from(listed).unwrap(), limits::PINS_PER_CHANNEL);
        town.close().await;
    }
}
