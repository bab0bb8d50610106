//! Drafts: an unsent text is found on every device, and leaves when it was sent.

use std::slice::from_ref;

use clickclack_client::ClientError;
use clickclack_protocol::api::{self, ChannelKind, ProblemCode, ServerFrame};
use clickclack_protocol::ids::{ChannelId, MessageId};
use clickclack_protocol::limits;
use clickclack_trial::both;

use crate::town::{Person, Town, code};

fn draft(channel_id: ChannelId, root: Option<MessageId>, body: &str) -> api::PutDraft {
    api::PutDraft { channel_id, thread_root_id: root, body: body.into() }
}

async fn drafts(person: &Person, town: &Town) -> Vec<String> {
    let query = api::ListDraftsQuery { workspace_id: town.workspace_id };
    let items = person.client.list_drafts(&query).await.unwrap().items;
    items.into_iter().map(|draft| draft.body).collect()
}

both! {
    async fn a_draft_follows_its_author_from_device_to_device(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let mut phone = ben.listens(town.workspace_id).await;
        let mut ana_hears = town.ana.listens(town.workspace_id).await;
        let kept = ben.client.put_draft(&draft(town.general, None, "dear all")).await.unwrap();
        let heard = async |phone: &mut crate::listener::Listener| {
            phone.until(|frame| match frame {
                ServerFrame::DraftUpdated(frame) => Some(frame.draft.clone()),
                _ => None,
            }).await
        };
        assert_eq!(heard(&mut phone).await, kept);
        let again = ben.client.put_draft(&draft(town.general, None, "dear all")).await.unwrap();
        assert_eq!(again, kept, "the same again changes nothing");
        let later = ben.client.put_draft(&draft(town.general, None, "dear friends")).await.unwrap();
        assert!(later.version > kept.version);
        assert_eq!(heard(&mut phone).await, later);
        assert_eq!(drafts(&ben, &town).await, ["dear friends"]);
        assert_eq!(ben.snapshot(town.workspace_id).await.personal.drafts, from_ref(&later));

        let none = ben.client.put_draft(&draft(town.general, None, " \n")).await.unwrap();
        assert!(none.body.is_empty() && none.version > later.version);
        assert_eq!(heard(&mut phone).await, none);
        assert_eq!(drafts(&ben, &town).await, [""; 0]);
        let state = async |since| {
            let query = api::GetMyStateQuery { workspace_id: town.workspace_id, since };
            ben.client.get_my_state(&query).await.unwrap().drafts
        };
        assert_eq!(state(Some(later.version)).await, from_ref(&none), "that it went is told");
        assert_eq!(state(Some(none.version)).await, []);
        assert_eq!(state(None).await, []);
        let frames = ana_hears.settles().await;
        let told = |frame: &ServerFrame| matches!(frame, ServerFrame::DraftUpdated(_));
        assert!(!frames.iter().any(told), "what Ben has not said, nobody hears: {frames:?}");
        assert_eq!(drafts(&town.ana, &town).await, [""; 0]);
        town.close().await;
    }

    async fn a_thread_has_a_draft_of_its_own(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let pier = town.channel("pier", ChannelKind::Public).await;
        let root = town.ana.says(town.general, "lunch?").await.id;
        let in_channel = draft(town.general, None, "to all");
        ben.client.put_draft(&in_channel).await.unwrap();
        town.clock.turn(1_000);
        let in_thread = draft(town.general, Some(root), "to this");
        let kept = ben.client.put_draft(&in_thread).await.unwrap();
        assert_eq!(kept.thread_root_id, Some(root));
        assert_eq!(drafts(&ben, &town).await, ["to this", "to all"]);
        // Made a reply behind the server's back: what a thread hangs on is no reply.
        let reply = town.ana.says(town.general, "at one").await.id;
        let replies = format!(
            "UPDATE messages SET thread_root_id = '{root}', thread_seq = 1 WHERE id = '{reply}'"
        );
        database.run_sql(&replies).await;
        let nested = draft(town.general, Some(reply), "to that");
        assert_eq!(code(ben.client.put_draft(&nested).await), ProblemCode::NestedThread);
        let nowhere = draft(pier, Some(root), "to this");
        assert_eq!(code(ben.client.put_draft(&nowhere).await), ProblemCode::NotFound);
        let kitchen = town.private_channel("kitchen", &[]).await;
        let secret = town.ana.says(kitchen, "cake").await.id;
        let hidden = draft(kitchen, Some(secret), "cake?");
        assert_eq!(code(ben.client.put_draft(&hidden).await), ProblemCode::NotFound);
        let hidden = draft(town.general, Some(secret), "cake?");
        assert_eq!(code(ben.client.put_draft(&hidden).await), ProblemCode::NotFound);
        town.close().await;
    }

    async fn a_draft_where_one_may_no_longer_look_is_not_told(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let kitchen = town.private_channel("kitchen", &[&ben]).await;
        ben.client.put_draft(&draft(kitchen, None, "which cake?")).await.unwrap();
        let version = ben.snapshot(town.workspace_id).await.personal.version;
        town.ana.client.remove_channel_member(kitchen, ben.id).await.unwrap();
        assert_eq!(drafts(&ben, &town).await, [""; 0]);
        town.ana.client.add_channel_member(kitchen, ben.id).await.unwrap();
        assert_eq!(drafts(&ben, &town).await, ["which cake?"]);
        let query =
            api::GetMyStateQuery { workspace_id: town.workspace_id, since: Some(version) };
        assert_eq!(ben.client.get_my_state(&query).await.unwrap().drafts.len(), 1);
        town.close().await;
    }

    async fn a_draft_is_as_long_as_a_message_and_there_are_so_many(database: &Database) {
        let town = Town::open(database).await;
        let ana = &town.ana;
        let longest = "é".repeat(limits::MESSAGE_CHARS);
        ana.client.put_draft(&draft(town.general, None, &longest)).await.unwrap();
        let long = draft(town.general, None, &format!("{longest}é"));
        assert_eq!(code(ana.client.put_draft(&long).await), ProblemCode::MessageTooLong);
        let mut roots = Vec::new();
        for number in 0..limits::DRAFTS_PER_MEMBER {
            roots.push(ana.says(town.general, &number.to_string()).await.id);
        }
        let (last, others) = roots.split_last().unwrap();
        for root in others {
            ana.client.put_draft(&draft(town.general, Some(*root), "yes")).await.unwrap();
        }
        let refused = ana.client.put_draft(&draft(town.general, Some(*last), "yes")).await;
        let Err(ClientError::Refused(problem)) = refused else { panic!("it was let") };
        assert_eq!(problem.code, ProblemCode::LimitReached);
        assert_eq!(problem.limit, Some(limits::DRAFTS_PER_MEMBER));
        ana.client.put_draft(&draft(town.general, Some(others[0]), "no")).await.unwrap();
        ana.client.put_draft(&draft(town.general, Some(others[0]), "")).await.unwrap();
        ana.client.put_draft(&draft(town.general, Some(*last), "yes")).await.unwrap();
        town.close().await;
    }
}
