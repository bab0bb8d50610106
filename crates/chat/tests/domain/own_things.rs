//! "Old own state + what changed since = fresh own state", for somebody who saves, drafts and
//! arranges while others let them into channels, put them out and delete what they saved.

use std::collections::BTreeMap;

use clickclack_chat::Deed;
use clickclack_chat::channel_members::{AddChannelMember, RemoveChannelMember};
use clickclack_chat::channels::CreateChannel;
use clickclack_chat::drafts::PutDraft;
use clickclack_chat::messages::{DeleteMessage, GetMessage};
use clickclack_chat::preferences::{UpdateChannelPreferences, UpdatePreferences};
use clickclack_chat::reads::GetMyState;
use clickclack_chat::replay::LoadSubscription;
use clickclack_chat::saved::{SaveMessage, UnsaveMessage};
use clickclack_chat::sending::SendMessage;
use clickclack_chat::snapshot::GetSnapshot;
use clickclack_chat::workspaces::CreateWorkspace;
use clickclack_protocol::api::{self, ChannelKind, Role};
use clickclack_protocol::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use clickclack_trial::{Database, Kind};
use proptest::prelude::*;

use crate::snapshot_and_events::Admit;
use crate::town::Town;

/// Messages of each channel.
const MESSAGES: usize = 3;
/// A public channel and two private ones.
const CHANNELS: usize = 3;

#[derive(Debug, Clone)]
enum Try {
    Save(usize, bool),
    Draft { channel: usize, in_thread: bool, text: u8 },
    Prefer(usize, Option<bool>, Option<bool>),
    Arrange(Vec<usize>),
    LetIn(usize),
    PutOut(usize),
    Delete(usize),
    Sync,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let (channel, message) = (|| 0..CHANNELS, || 0..CHANNELS * MESSAGES);
    let draft = (channel(), any::<bool>(), 0..3_u8);
    let sections = prop::collection::vec(channel(), 0..CHANNELS);
    let any_try = prop_oneof![
        5 => (message(), any::<bool>()).prop_map(|(m, on)| Try::Save(m, on)),
        5 => draft.prop_map(|(channel, in_thread, text)| Try::Draft { channel, in_thread, text }),
        4 => (channel(), any::<Option<bool>>(), any::<Option<bool>>())
            .prop_map(|(c, starred, muted)| Try::Prefer(c, starred, muted)),
        2 => sections.prop_map(Try::Arrange),
        4 => channel().prop_map(Try::LetIn),
        3 => channel().prop_map(Try::PutOut),
        1 => message().prop_map(Try::Delete),
        5 => Just(Try::Sync),
    ];
    prop::collection::vec(any_try, 30..90)
}

/// What a client holds of its person's own state.
#[derive(Debug, Default, PartialEq)]
struct Own {
    version: i64,
    saved: BTreeMap<MessageId, api::SavedMark>,
    drafts: BTreeMap<(ChannelId, Option<MessageId>), (String, i64)>,
    channels: BTreeMap<ChannelId, api::ChannelPreferences>,
    sections: Vec<api::SidebarSection>,
}

impl Own {
    /// Takes over what changed; what went is held no longer.
    fn merge(&mut self, state: api::PersonalState) {
        for mark in state.saved {
            self.saved.insert(mark.message_id, mark);
        }
        for draft in state.drafts {
            let place = (draft.channel_id, draft.thread_root_id);
            self.drafts.insert(place, (draft.body, draft.version));
        }
        for one in state.channel_preferences {
            self.channels.insert(one.channel_id, one);
        }
        self.saved.retain(|_, mark| mark.saved);
        self.drafts.retain(|_, (body, _)| !body.is_empty());
        self.channels.retain(|_, one| one.starred || one.muted);
        self.sections = state.sidebar.sections;
        self.version = state.version;
    }

    /// Erases what is of channels that are not seen any more.
    fn keep(&mut self, seen: &[ChannelId]) {
        self.saved.retain(|_, mark| seen.contains(&mark.channel_id));
        self.drafts.retain(|(channel_id, _), _| seen.contains(channel_id));
        self.channels.retain(|channel_id, _| seen.contains(channel_id));
    }
}

struct Story {
    town: Town,
    workspace_id: WorkspaceId,
    ana: UserId,
    ben: UserId,
    channels: Vec<ChannelId>,
    messages: Vec<MessageId>,
    held: Own,
}

impl Story {
    async fn open(database: &Database, seed: u64) -> Self {
        let town = Town::open(database, seed).await;
        let (ana, ben) = (town.person("Ana").await, town.person("Ben").await);
        let create = CreateWorkspace { actor: ana, name: "Tidepool".into() };
        let workspace_id = town.desk.act(create).await.unwrap().id;
        town.desk.act(Admit { workspace_id, user_id: ben, role: Role::Member }).await.unwrap();
        let snapshot = town.desk.look(GetSnapshot { actor: ana, workspace_id }).await.unwrap();
        let mut channels = vec![snapshot.channels[0].id];
        for number in 1..CHANNELS {
            let (name, topic) = (format!("private-{number}"), String::new());
            let kind = ChannelKind::Private;
            let create = CreateChannel { actor: ana, workspace_id, name, kind, topic };
            channels.push(town.desk.act(create).await.unwrap().id);
        }
        let mut messages = Vec::new();
        for number in 0..CHANNELS * MESSAGES {
            let channel_id = channels[number / MESSAGES];
            let (nonce, body) = (format!("nonce-{number:03}"), "hello".to_owned());
            let hello = SendMessage { actor: ana, channel_id, nonce, body, quote_of: None };
            messages.push(town.desk.act(hello).await.unwrap().sent.id);
        }
        Self { town, workspace_id, ana, ben, channels, messages, held: Own::default() }
    }

    async fn act<D: Deed + Clone>(&self, deed: D) {
        let _most_are_let = self.town.desk.act(deed).await;
    }

    async fn attempt(&mut self, attempt: Try) {
        let (ana, ben, workspace_id) = (self.ana, self.ben, self.workspace_id);
        match attempt {
            Try::Save(m, true) => {
                self.act(SaveMessage { actor: ben, message_id: self.messages[m] }).await;
            }
            Try::Save(m, false) => {
                self.act(UnsaveMessage { actor: ben, message_id: self.messages[m] }).await;
            }
            Try::Draft { channel, in_thread, text } => {
                let channel_id = self.channels[channel];
                let thread_root_id = in_thread.then(|| self.messages[channel * MESSAGES]);
                let body = "x".repeat(text.into());
                self.act(PutDraft { actor: ben, channel_id, thread_root_id, body }).await;
            }
            Try::Prefer(c, starred, muted) => {
                let channel_id = self.channels[c];
                let wish = UpdateChannelPreferences { actor: ben, channel_id, starred, muted };
                self.act(wish).await;
            }
            Try::Arrange(order) => {
                let mut channel_ids: Vec<_> = order.into_iter().map(|c| self.channels[c]).collect();
                channel_ids.sort_unstable();
                channel_ids.dedup();
                let (key, name) = ("own".to_owned(), Some("Own".to_owned()));
                let section = api::SidebarSection { key, name, collapsed: false, channel_ids };
                let sections = Some(vec![section]);
                self.act(UpdatePreferences { actor: ben, workspace_id, sections }).await;
            }
            Try::LetIn(c) => {
                let channel_id = self.channels[c];
                self.act(AddChannelMember { actor: ana, channel_id, user_id: ben }).await;
            }
            Try::PutOut(c) => {
                let channel_id = self.channels[c];
                self.act(RemoveChannelMember { actor: ana, channel_id, user_id: ben }).await;
            }
            Try::Delete(m) => {
                self.act(DeleteMessage { actor: ana, message_id: self.messages[m] }).await;
            }
            Try::Sync => self.sync().await,
        }
    }

    async fn state(&self, since: i64) -> api::PersonalState {
        let (actor, workspace_id) = (self.ben, self.workspace_id);
        self.town.desk.look(GetMyState { actor, workspace_id, since }).await.unwrap()
    }

    /// Catches up as a client does, then compares with the whole state.
    async fn sync(&mut self) {
        let since = self.state(self.held.version).await;
        self.held.merge(since);
        let (actor, workspace_id) = (self.ben, self.workspace_id);
        let load = LoadSubscription { actor, workspace_id, after: None };
        let subscription = self.town.desk.look(load).await.unwrap();
        self.held.keep(&subscription.channel_ids);
        // Of deletions a client hears by events.
        let marked: Vec<_> = self.held.saved.keys().copied().collect();
        for message_id in marked {
            let message = self.town.desk.look(GetMessage { actor, message_id }).await.unwrap();
            if message.deleted_at.is_some() {
                self.held.saved.remove(&message_id);
            }
        }
        let whole = self.state(0).await;
        assert_eq!(whole.saved, subscription.personal.saved);
        let told = whole.saved.len() + whole.drafts.len() + whole.channel_preferences.len();
        let mut fresh = Own::default();
        fresh.merge(whole);
        assert_eq!(self.held, fresh);
        let held = fresh.saved.len() + fresh.drafts.len() + fresh.channels.len();
        assert_eq!(told, held, "the whole state tells of nothing that went");
    }
}

/// PostgreSQL gets fewer sequences: each needs a database of its own.
fn holds_on(kind: Kind, cases: u32) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    proptest!(config, |(seed in any::<u64>(), tries in tries())| {
        runtime.block_on(clickclack_trial::run(kind, async |database| {
            let mut story = Story::open(database, seed).await;
            for attempt in &tries {
                story.attempt(attempt.clone()).await;
            }
            story.sync().await;
            story.town.desk.store().close().await;
        }));
    });
}

#[test]
fn what_changed_since_brings_ones_own_state_up_to_date_on_sqlite() {
    holds_on(Kind::Sqlite, 48);
}

#[test]
fn what_changed_since_brings_ones_own_state_up_to_date_on_postgres() {
    holds_on(Kind::Postgres, 8);
}
