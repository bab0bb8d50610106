//! Messages that were written before they came here.

use clickclack_chat::Desk;
use clickclack_chat::channels::{CreateChannel, UpdateChannel};
use clickclack_chat::history::{ListMessages, Stretch};
use clickclack_chat::importing::{IMPORT_MESSAGES, ImportMessages, Written};
use clickclack_chat::messages::MessageError;
use clickclack_chat::replay::ListEvents;
use clickclack_chat::snapshot::GetSnapshot;
use clickclack_protocol::api::{self, ChannelKind, EventBody};
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};
use clickclack_protocol::time::{Millis, to_wire};
use clickclack_trial::both;

use crate::instance::*;

/// When the first of them was written.
const THEN: Millis = 1_700_000_000_000;

fn written(author_id: UserId, number: i64) -> Written {
    Written { author_id, body: format!("word {number}"), created_at: THEN + number }
}

async fn import(
    desk: &Desk,
    channel_id: ChannelId,
    messages: Vec<Written>,
) -> Result<(), MessageError> {
    desk.act(ImportMessages { channel_id, messages }).await
}

async fn snapshot(desk: &Desk, actor: UserId, workspace_id: WorkspaceId) -> api::Snapshot {
    desk.look(GetSnapshot { actor, workspace_id }).await.unwrap()
}

both! {
    async fn what_is_imported_stands_and_is_told_as_if_it_had_been_sent(database: &Database) {
        let town = Town::open(database).await;
        let (ana, workspace_id) = town.settle().await;
        let actor = ana.account.id;
        let invite = town.invite(actor, workspace_id).await;
        let ben = town.newcomer("Ben", &invite).await.account.id;
        let before = snapshot(&town.desk, actor, workspace_id).await;
        let channel_id = before.channels[0].id;
        let people = [actor, ben];
        let all: Vec<_> = (1..=250).map(|n| written(people[usize::from(n % 3 == 0)], n)).collect();
        import(&town.desk, channel_id, all[..130].to_vec()).await.unwrap();
        import(&town.desk, channel_id, Vec::new()).await.unwrap();
        import(&town.desk, channel_id, all[130..].to_vec()).await.unwrap();

        let stretch = Stretch::After(60);
        let list = ListMessages { actor, channel_id, stretch, limit: 200 };
        let page = town.desk.look(list).await.unwrap();
        assert_eq!(page.messages.len(), 190);
        for (message, seq) in page.messages.iter().zip(61..) {
            let original = &all[usize::try_from(seq).unwrap() - 1];
            assert_eq!(message.seq, Some(seq));
            assert_eq!((message.author.id, &message.body), (original.author_id, &original.body));
            assert_eq!(message.created_at, to_wire(original.created_at));
        }
        let after = before.as_of.parse().unwrap();
        let events = ListEvents { actor, workspace_id, after, limit: 1_000 };
        let events = town.desk.look(events).await.unwrap().events;
        assert_eq!(events.len(), 250);
        for (event, seq) in events.into_iter().zip(1..) {
            let EventBody::MessageCreated(payload) = event.body else { panic!("{event:?}") };
            assert_eq!((event.seq, payload.message.seq), (Some(seq), Some(seq)));
            if let Some(held) = page.messages.iter().find(|held| held.seq == Some(seq)) {
                assert_eq!(*held, payload.message);
            }
        }
        for reader in people {
            let reads = snapshot(&town.desk, reader, workspace_id).await.personal.reads;
            assert_eq!(reads[0].read_seq, 250, "who wrote in the last piece has read it");
        }
    }

    async fn an_import_that_is_refused_changes_nothing(database: &Database) {
        let town = Town::open(database).await;
        let (ana, workspace_id) = town.settle().await;
        let actor = ana.account.id;
        let invite = town.invite(actor, workspace_id).await;
        let ben = town.newcomer("Ben", &invite).await.account.id;
        let [open, closed] = ["open", "closed"].map(|name| CreateChannel {
            actor,
            workspace_id,
            name: name.to_owned(),
            kind: ChannelKind::Public,
            topic: String::new(),
        });
        let open = town.desk.act(open).await.unwrap().id;
        let closed = town.desk.act(closed).await.unwrap().id;
        let (name, topic, archived) = (None, None, Some(true));
        let archive =
            UpdateChannel { actor, channel_id: closed, name, topic, archived, version: None };
        town.desk.act(archive).await.unwrap();
        let before = snapshot(&town.desk, actor, workspace_id).await;

        let silent = Written { body: " ".to_owned(), ..written(actor, 2) };
        let many = (0..=i64::try_from(IMPORT_MESSAGES).unwrap()).map(|n| written(actor, n));
        for (channel_id, messages) in [
            (open, vec![written(actor, 1), written(ben, 2)]),
            (open, vec![written(actor, 1), silent]),
            (open, many.collect()),
            (closed, vec![written(actor, 1)]),
        ] {
            import(&town.desk, channel_id, messages).await.unwrap_err();
        }
        assert_eq!(snapshot(&town.desk, actor, workspace_id).await, before);
    }
}
