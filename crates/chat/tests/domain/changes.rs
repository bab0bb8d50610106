//! What changes about an account, and what is done about it later.

use clickclack_chat::accounts::{CreateUser, UpdateMe};
use clickclack_chat::activation::DeactivateUser;
use clickclack_chat::expiry::SweepExpired;
use clickclack_chat::jobs::{ATTEMPTS, CLAIM_MS, FailJob, Fate, FinishJob, NextJobAt, TakeDueJobs};
use clickclack_chat::joining::AcceptInvite;
use clickclack_chat::links::{
    IssueMagicLink, LINK_LIFE_MS, MAIL_MAGIC_LINK, MailMagicLink, RequestMagicLink,
};
use clickclack_chat::members::ListMembers;
use clickclack_chat::messages::{EditMessage, GetMessageHistory};
use clickclack_chat::sending::SendMessage;
use clickclack_chat::sessions::SESSION_LIFE_MS;
use clickclack_chat::snapshot::GetSnapshot;
use clickclack_chat::tickets::CreateTicket;
use clickclack_chat::workspaces::CreateWorkspace;
use clickclack_protocol::api::Role;
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::limits;
use clickclack_trial::both;

use crate::instance::*;

both! {
    async fn a_name_is_found_by_a_part_of_it_in_any_script_and_case(database: &Database) {
        let town = Town::open(database).await;
        let (ana, workspace_id) = town.settle().await;
        let actor = ana.account.id;
        let invite = town.invite(actor, workspace_id).await;
        town.newcomer("Élan", &invite).await;
        town.newcomer("Özil_100%", &invite).await;
        for (q, names) in [
            ("éL", ["Élan"].as_slice()),
            ("ÖZIL", &["Özil_100%"]),
            ("l_1", &["Özil_100%"]),
            ("0%", &["Özil_100%"]),
            ("_", &["Özil_100%"]),
            ("nobody", &[]),
        ] {
            let list = ListMembers { actor, workspace_id, q: q.to_owned(), page: first_page() };
            let found = town.desk.look(list).await.unwrap().items;
            let found: Vec<_> = found.iter().map(|member| member.user.name.as_str()).collect();
            assert_eq!(found, names, "{q}");
        }
    }

    async fn a_changed_name_is_seen_in_every_workspace(database: &Database) {
        let town = Town::open(database).await;
        let (ana, first) = town.settle().await;
        let actor = ana.account.id;
        let name = "Reef".to_owned();
        let create = CreateWorkspace { actor, name };
        let second = town.desk.act(create).await.unwrap().id;
        let update = UpdateMe { actor, name: Some(" Ana Ruiz ".to_owned()) };
        assert_eq!(town.desk.act(update).await.unwrap().name, "Ana Ruiz");
        for workspace_id in [first, second] {
            let members = town.roles(actor, workspace_id).await;
            assert_eq!(members, [("Ana Ruiz".to_owned(), Role::Owner, false)]);
        }
        town.desk.store().close().await;
    }

    async fn a_request_for_a_link_leaves_a_job_whether_or_not_the_account_exists(database: &Database) {
        let town = Town::open(database).await;
        town.settle().await;
        for email in ["ana@tidepool.example", "nobody@tidepool.example"] {
            let email = email.to_owned();
            town.desk.act(RequestMagicLink { email: email.clone() }).await.unwrap();
            assert_eq!(town.desk.look(NextJobAt).await.unwrap(), Some(town.now()));
            let taken = town.desk.act(TakeDueJobs { limit: 10 }).await.unwrap();
            assert_eq!(taken.jobs.len(), 1);
            let job = &taken.jobs[0];
            assert_eq!((job.kind.as_str(), job.attempt), (MAIL_MAGIC_LINK, 1));
            let data: MailMagicLink = serde_json::from_str(&job.data).unwrap();
            assert_eq!(data.email, email);
            town.desk.act(FinishJob { id: job.id.clone() }).await.unwrap();
            assert_eq!(town.desk.look(NextJobAt).await.unwrap(), None);
        }
        let email = "nobody@tidepool.example".to_owned();
        assert!(town.desk.act(IssueMagicLink { email }).await.unwrap().is_none());
        town.desk.store().close().await;
    }

    async fn a_job_is_tried_later_and_at_last_given_up(database: &Database) {
        let town = Town::open(database).await;
        let email = "ana@tidepool.example".to_owned();
        town.desk.act(RequestMagicLink { email: email.clone() }).await.unwrap();
        let mut attempt = 0;
        let dropped = loop {
            let taken = town.desk.act(TakeDueJobs { limit: 10 }).await.unwrap();
            let job = taken.jobs[0].clone();
            attempt += 1;
            assert_eq!(job.attempt, attempt);
            match town.desk.act(FailJob { id: job.id.clone(), attempt }).await.unwrap() {
                Fate::RetriedAt(at) => town.turn(at - town.now()),
                fate => break (fate, job),
            }
        };
        assert_eq!((dropped.0, attempt), (Fate::Dropped, ATTEMPTS));
        let fate = town.desk.act(FailJob { id: dropped.1.id, attempt }).await.unwrap();
        assert_eq!(fate, Fate::Gone);

        // One whose worker never answers comes back when its claim ends, and is given up as well.
        town.desk.act(RequestMagicLink { email }).await.unwrap();
        for _ in 0..ATTEMPTS {
            let taken = town.desk.act(TakeDueJobs { limit: 10 }).await.unwrap();
            assert_eq!((taken.jobs.len(), taken.dropped.len()), (1, 0));
            assert_eq!(town.desk.act(TakeDueJobs { limit: 10 }).await.unwrap().jobs, []);
            town.turn(CLAIM_MS);
        }
        let taken = town.desk.act(TakeDueJobs { limit: 10 }).await.unwrap();
        assert_eq!((taken.jobs.len(), taken.dropped.len()), (0, 1));
        assert_eq!(town.desk.look(NextJobAt).await.unwrap(), None);
        town.desk.store().close().await;
    }

    async fn the_sweep_takes_what_has_expired_and_nothing_else(database: &Database) {
        let town = Town::open(database).await;
        let (ana, _) = town.settle().await;
        assert_eq!(town.desk.act(SweepExpired).await.unwrap(), 0);
        let make = CreateTicket { actor: ana.account.id, session_id: ana.session.id };
        town.desk.act(make).await.unwrap();
        let create =
            CreateUser { name: "Ben".to_owned(), email: "ben@tidepool.example".to_owned() };
        town.desk.act(create).await.unwrap();
        town.turn(LINK_LIFE_MS);
        assert_eq!(town.desk.act(SweepExpired).await.unwrap(), 2);
        assert!(town.caller(&ana.token).await.is_some());
        town.turn(SESSION_LIFE_MS - LINK_LIFE_MS);
        assert_eq!(town.caller(&ana.token).await, None);
        assert_eq!(town.desk.act(SweepExpired).await.unwrap(), 1);
        assert_eq!(town.desk.act(SweepExpired).await.unwrap(), 0);
        town.desk.store().close().await;
    }

    async fn who_joins_while_deactivated_is_deactivated_there_too(database: &Database) {
        let town = Town::open(database).await;
        let (ana, first) = town.settle().await;
        let actor = ana.account.id;
        let create = CreateWorkspace { actor, name: "Reef".to_owned() };
        let second = town.desk.act(create).await.unwrap().id;
        let in_first = town.invite(actor, first).await;
        let in_second = town.invite(actor, second).await;
        for number in 0..8 {
            let ben = town.newcomer(&format!("Ben{number}"), &in_first).await.account.id;
            let accept = AcceptInvite { actor: ben, token: in_second.token.clone() };
            let (accepted, deactivated) = tokio::join!(
                town.desk.act(accept),
                town.desk.act(DeactivateUser { actor: Some(actor), user_id: ben }),
            );
            assert!(deactivated.unwrap().deactivated);
            let (q, page) = (String::new(), first_page());
            let list = ListMembers { actor, workspace_id: second, q, page };
            let members = town.desk.look(list).await.unwrap();
            let member = members.items.iter().find(|member| member.user.id == ben);
            assert_eq!(member.is_some(), accepted.is_ok());
            if let Some(member) = member {
                // The newest event of the second workspace is that his account ended.
                let newest: Cursor = members.as_of.parse().unwrap();
                assert_eq!(member.version, newest.seq);
            }
        }
        town.desk.store().close().await;
    }

    async fn a_history_ends_with_the_present_text_and_is_never_endless(database: &Database) {
        let town = Town::open(database).await;
        let (ana, workspace_id) = town.settle().await;
        let actor = ana.account.id;
        let snapshot = town.desk.look(GetSnapshot { actor, workspace_id }).await.unwrap();
        let channel_id = snapshot.channels[0].id;
        let (nonce, body) = ("nonce-01".to_owned(), "text 1".to_owned());
        let send = SendMessage { actor, channel_id, nonce, body, quote_of: None };
        let message_id = town.desk.act(send).await.unwrap().sent.id;
        let newest = limits::PAGE_MAX + 1;
        for number in 2..=newest {
            let body = format!("text {number}");
            let edit = EditMessage { actor, message_id, body, version: None };
            town.desk.act(edit).await.unwrap();
        }
        let get = GetMessageHistory { actor, message_id };
        let history = town.desk.look(get).await.unwrap().revisions;
        let texts: Vec<_> = history.iter().map(|text| (text.revision, text.body.clone())).collect();
        let wanted: Vec<_> = (2..=newest).map(|number| (number, format!("text {number}"))).collect();
        assert_eq!(texts, wanted);
        town.desk.store().close().await;
    }
}
