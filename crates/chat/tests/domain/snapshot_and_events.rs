//! "Old snapshot + events = fresh snapshot", for random sequences of actions by several people who
//! gain and lose access in between.

use clickclack_chat::channel_members::{
    AddChannelMember, JoinChannel, LeaveChannel, RemoveChannelMember,
};
use clickclack_chat::channels::{CreateChannel, UpdateChannel};
use clickclack_chat::members::{RemoveMember, UpdateMember};
use clickclack_chat::messages::{DeleteMessage, EditMessage, GetMessage, ListMessages, Stretch};
use clickclack_chat::reads::{GetMyState, MarkRead};
use clickclack_chat::replay::{ListEvents, LoadSubscription, ReadLog, ReplayError};
use clickclack_chat::sending::SendMessage;
use clickclack_chat::snapshot::GetSnapshot;
use clickclack_chat::workspaces::{CreateWorkspace, UpdateWorkspace};
use clickclack_chat::{AccessError, Deed};
use clickclack_client::view::{View, ViewState};
use clickclack_protocol::api::{self, ChannelKind, Role};
use clickclack_protocol::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use clickclack_store::{Action, Scope, StoreError, Tx, params};
use clickclack_trial::{Database, Kind, both};
use proptest::prelude::*;

use crate::town::Town;

/// How many people there are.
const PEOPLE: usize = 4;

/// Something that one of them tries. Numbers pick among what exists; most tries are refused, and
/// a refused one must change nothing.
#[derive(Debug, Clone)]
enum Try {
    Send(u8),
    Edit(u8),
    Delete(u8),
    Create {
        private: bool,
    },
    Retitle(u8),
    Archive(u8, bool),
    Join(u8),
    Leave(u8),
    Add(u8, u8),
    Remove(u8, u8),
    Role(u8, u8),
    Expel(u8),
    Return(u8),
    Rename,
    Read(u8),
    /// One of them catches up; the others lag behind.
    Sync,
}

fn tries() -> impl Strategy<Value = Vec<(u8, Try)>> {
    let any_try = prop_oneof![
        8 => any::<u8>().prop_map(Try::Send),
        3 => any::<u8>().prop_map(Try::Edit),
        1 => any::<u8>().prop_map(Try::Delete),
        4 => any::<bool>().prop_map(|private| Try::Create { private }),
        1 => any::<u8>().prop_map(Try::Retitle),
        1 => any::<(u8, bool)>().prop_map(|(c, a)| Try::Archive(c, a)),
        2 => any::<u8>().prop_map(Try::Join),
        3 => any::<u8>().prop_map(Try::Leave),
        4 => any::<(u8, u8)>().prop_map(|(c, u)| Try::Add(c, u)),
        5 => any::<(u8, u8)>().prop_map(|(c, u)| Try::Remove(c, u)),
        2 => any::<(u8, u8)>().prop_map(|(u, r)| Try::Role(u, r)),
        1 => any::<u8>().prop_map(Try::Expel),
        2 => any::<u8>().prop_map(Try::Return),
        1 => Just(Try::Rename),
        2 => any::<u8>().prop_map(Try::Read),
        4 => Just(Try::Sync),
    ];
    prop::collection::vec((any::<u8>(), any_try), 40..120)
}

/// A workspace, its people, and the view that each of them holds.
struct Story {
    town: Town,
    workspace_id: WorkspaceId,
    people: Vec<UserId>,
    views: Vec<Option<View>>,
    channels: Vec<ChannelId>,
    messages: Vec<MessageId>,
    sends: u32,
}

impl Story {
    async fn open(database: &Database, seed: u64) -> Self {
        let town = Town::open(database, seed).await;
        let mut people = Vec::new();
        for name in ["Ana", "Ben", "Chi", "Dev"] {
            people.push(town.person(name).await);
        }
        let created = CreateWorkspace { actor: people[0], name: "Tidepool".into() };
        let workspace_id = town.desk.act(created).await.unwrap().id;
        let mut story = Self {
            town,
            workspace_id,
            people,
            views: vec![None; PEOPLE],
            channels: Vec::new(),
            messages: Vec::new(),
            sends: 0,
        };
        for index in 1..PEOPLE {
            story.admit(index, Role::Member).await;
        }
        let general = story.fresh(0).await.unwrap().channels.keys().next().copied().unwrap();
        story.channels.push(general);
        for index in 0..PEOPLE {
            story.views[index] = story.fresh(index).await;
        }
        story
    }

    async fn admit(&mut self, index: usize, role: Role) {
        let admit = Admit { workspace_id: self.workspace_id, user_id: self.people[index], role };
        let _refused_when_a_member = self.town.desk.act(admit).await;
    }

    async fn act<D: Deed + Clone>(&self, deed: D) -> Option<D::Output> {
        self.town.desk.act(deed).await.ok()
    }

    async fn attempt(&mut self, actor: u8, attempt: Try) {
        let index = usize::from(actor) % PEOPLE;
        match attempt {
            Try::Sync => self.sync(index).await,
            Try::Return(pick) => {
                let role = if pick % 3 == 0 { Role::Guest } else { Role::Member };
                self.admit(index, role).await;
            }
            Try::Send(_) | Try::Edit(_) | Try::Delete(_) | Try::Read(_) => {
                self.attempt_message(self.people[index], attempt).await;
            }
            Try::Role(..) | Try::Expel(_) | Try::Rename => {
                self.attempt_workspace(self.people[index], attempt).await;
            }
            _ => self.attempt_channel(self.people[index], attempt).await,
        }
    }

    fn channel(&self, pick: u8) -> ChannelId {
        self.channels[usize::from(pick) % self.channels.len()]
    }

    fn person(&self, pick: u8) -> UserId {
        self.people[usize::from(pick) % PEOPLE]
    }

    async fn attempt_message(&mut self, actor: UserId, attempt: Try) {
        let count = self.messages.len().max(1);
        let message = |pick: u8| self.messages.get(usize::from(pick) % count).copied();
        match attempt {
            Try::Send(pick) => {
                let channel_id = self.channel(pick);
                self.sends += 1;
                let nonce = format!("nonce-{:04}", self.sends);
                let body = format!("message {}", self.sends);
                let sent = self.act(SendMessage { actor, channel_id, nonce, body }).await;
                let Some(sent) = sent else { return };
                let message_id = sent.sent.id;
                let read = self.town.desk.look(GetMessage { actor, message_id }).await.unwrap();
                assert_eq!(sent.sent.message, Some(read), "what is answered is what was written");
                self.messages.push(message_id);
            }
            Try::Edit(pick) => {
                let Some(message_id) = message(pick) else { return };
                let body = format!("edited after {}", self.sends);
                self.act(EditMessage { actor, message_id, body, version: None }).await;
            }
            Try::Delete(pick) => {
                let Some(message_id) = message(pick) else { return };
                self.act(DeleteMessage { actor, message_id }).await;
            }
            Try::Read(pick) => {
                let (channel_id, seq) = (self.channel(pick), i64::from(pick) % 10);
                self.act(MarkRead { actor, channel_id, seq }).await;
            }
            _ => unreachable!("only tries about messages come here"),
        }
    }

    async fn attempt_channel(&mut self, actor: UserId, attempt: Try) {
        let workspace_id = self.workspace_id;
        match attempt {
            Try::Create { private } => {
                let name = format!("channel-{}", self.channels.len());
                let kind = if private { ChannelKind::Private } else { ChannelKind::Public };
                let topic = String::new();
                let made = self.act(CreateChannel { actor, workspace_id, name, kind, topic }).await;
                self.channels.extend(made.map(|channel| channel.id));
            }
            Try::Retitle(pick) => self.update_channel(actor, self.channel(pick), None).await,
            Try::Archive(pick, archived) => {
                self.update_channel(actor, self.channel(pick), Some(archived)).await;
            }
            Try::Join(pick) => {
                self.act(JoinChannel { actor, channel_id: self.channel(pick) }).await;
            }
            Try::Leave(pick) => {
                self.act(LeaveChannel { actor, channel_id: self.channel(pick) }).await;
            }
            Try::Add(c, u) => {
                let (channel_id, user_id) = (self.channel(c), self.person(u));
                self.act(AddChannelMember { actor, channel_id, user_id }).await;
            }
            Try::Remove(c, u) => {
                let (channel_id, user_id) = (self.channel(c), self.person(u));
                self.act(RemoveChannelMember { actor, channel_id, user_id }).await;
            }
            _ => unreachable!("only tries about channels come here"),
        }
    }

    async fn attempt_workspace(&mut self, actor: UserId, attempt: Try) {
        let workspace_id = self.workspace_id;
        match attempt {
            Try::Role(u, pick) => {
                let roles = [Role::Owner, Role::Admin, Role::Member, Role::Guest];
                let (user_id, role) = (self.person(u), roles[usize::from(pick) % roles.len()]);
                self.act(UpdateMember { actor, workspace_id, user_id, role }).await;
            }
            Try::Expel(u) => {
                let user_id = self.person(u);
                self.act(RemoveMember { actor, workspace_id, user_id }).await;
            }
            Try::Rename => {
                let name = Some(format!("Tidepool {}", self.sends));
                self.act(UpdateWorkspace { actor, workspace_id, name, version: None }).await;
            }
            _ => unreachable!("only tries about the workspace come here"),
        }
    }

    async fn update_channel(&self, actor: UserId, channel_id: ChannelId, archived: Option<bool>) {
        let topic = archived.is_none().then(|| format!("topic {}", self.sends));
        let update =
            UpdateChannel { actor, channel_id, name: None, topic, archived, version: None };
        self.act(update).await;
    }

    /// A new snapshot with the whole history of every channel, if the person is a member.
    async fn fresh(&self, index: usize) -> Option<View> {
        let actor = self.people[index];
        let snapshot =
            self.town.desk.look(GetSnapshot { actor, workspace_id: self.workspace_id }).await;
        let mut view = View::new(snapshot.ok()?);
        let channels: Vec<_> = view.channels.keys().copied().collect();
        for channel_id in channels {
            let page = self.history(actor, channel_id).await;
            view.load(channel_id, &page);
        }
        Some(view)
    }

    async fn history(&self, actor: UserId, channel_id: ChannelId) -> api::MessagePage {
        let list = ListMessages { actor, channel_id, stretch: Stretch::Newest, limit: 200 };
        self.town.desk.look(list).await.unwrap()
    }

    /// Catches up as a client does, then compares with a fresh snapshot.
    async fn sync(&mut self, index: usize) {
        let actor = self.people[index];
        let fresh = self.fresh(index).await;
        let Some(mut view) = self.views[index].take() else {
            self.views[index] = fresh;
            return;
        };
        if self.catch_up(actor, &mut view).await {
            assert_eq!(view.state, ViewState::Live, "somebody seen as a member is one");
            let fresh = fresh.expect("who can read the log is a member");
            assert_agree(&view, &fresh);
            self.views[index] = Some(fresh);
        } else {
            self.views[index] = fresh;
        }
    }

    /// Whether the view could be brought up to date by events alone.
    async fn catch_up(&self, actor: UserId, view: &mut View) -> bool {
        loop {
            let after = view.cursor.clone();
            let workspace_id = self.workspace_id;
            // Small pages, so that filtering before the limit is what is looked at.
            let list = ListEvents { actor, workspace_id, after, limit: 3 };
            let page = match self.town.desk.look(list).await {
                Ok(page) => page,
                Err(ReplayError::Access(AccessError::NotFound)) => return false,
                Err(error) => panic!("{error}"),
            };
            for event in &page.events {
                view.apply(event);
                if view.state != ViewState::Live {
                    return false;
                }
            }
            view.advance(&page.cursor.parse().unwrap());
            if !page.has_more {
                break;
            }
        }
        let (workspace_id, after) = (self.workspace_id, Some(view.cursor.clone()));
        let subscription =
            self.town.desk.look(LoadSubscription { actor, workspace_id, after }).await.unwrap();
        assert!(subscription.replay.is_empty(), "the pages had everything");
        let told: Vec<_> = view.channels.keys().copied().collect();
        assert_eq!(told, subscription.channel_ids, "events alone tell which channels are seen");
        view.subscribed(&subscription.channel_ids);
        let state = GetMyState { actor, workspace_id, since: 0 };
        view.personal(&self.town.desk.look(state).await.unwrap());
        true
    }
}

/// Both hold the same, as far as the older view holds messages at all.
fn assert_agree(view: &View, fresh: &View) {
    assert_eq!(view.cursor, fresh.cursor);
    assert_eq!(view.workspace, fresh.workspace);
    assert_eq!(view.me, fresh.me);
    assert_eq!(view.members, fresh.members);
    assert_eq!(view.channels, fresh.channels);
    assert_eq!(view.joined, fresh.joined);
    let seen = |(id, _): &(&ChannelId, &i64)| view.channels.contains_key(id);
    let positions: Vec<_> = view.reads.iter().filter(seen).collect();
    let fresh_positions: Vec<_> = fresh.reads.iter().collect();
    assert_eq!(positions, fresh_positions);
    for (id, message) in &fresh.messages {
        if message.seq.unwrap_or(0) >= view.held_from[&message.channel_id] {
            assert_eq!(view.messages.get(id), Some(message));
        }
    }
    for (id, message) in &view.messages {
        assert_eq!(fresh.messages.get(id), Some(message), "nothing is held that is not there");
    }
}

/// Brings somebody in without an invite.
#[derive(Clone)]
struct Admit {
    workspace_id: WorkspaceId,
    user_id: UserId,
    role: Role,
}

impl Deed for Admit {
    fn target(&self) -> clickclack_chat::Target {
        clickclack_chat::Target::Workspace(self.workspace_id)
    }
}

impl Action for Admit {
    type Output = ();
    type Error = AccessError;

    async fn run(&self, tx: &mut Tx) -> Result<(), AccessError> {
        let member = tx
            .maybe(
                "SELECT 1 FROM members WHERE workspace_id = $1 AND user_id = $2",
                params![self.workspace_id, self.user_id],
            )
            .await?;
        if member.is_none() {
            clickclack_chat::members::insert(tx, self.workspace_id, self.user_id, self.role)
                .await?;
        }
        Ok(())
    }
}

/// A property of every sequence of tries. PostgreSQL gets fewer: each needs a database of its own.
fn holds_on(kind: Kind, cases: u32) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    proptest!(config, |(seed in any::<u64>(), tries in tries())| {
        runtime.block_on(clickclack_trial::run(kind, async |database| {
            let mut story = Story::open(database, seed).await;
            for (actor, attempt) in &tries {
                story.attempt(*actor, attempt.clone()).await;
            }
            for index in 0..PEOPLE {
                story.sync(index).await;
            }
            story.town.desk.store().close().await;
        }));
    });
}

#[test]
fn an_old_snapshot_and_the_events_after_it_are_a_fresh_snapshot_on_sqlite() {
    holds_on(Kind::Sqlite, 48);
}

#[test]
fn an_old_snapshot_and_the_events_after_it_are_a_fresh_snapshot_on_postgres() {
    holds_on(Kind::Postgres, 12);
}

both! {
    async fn the_log_is_dense_whatever_is_refused(database: &Database) {
        let mut story = Story::open(database, 7).await;
        for round in 0..40 {
            story.attempt(round, Try::Send(round)).await;
            story.attempt(round, Try::Remove(round, round / 2)).await;
            story.attempt(round, Try::Expel(round / 5)).await;
        }
        let workspace_id = story.workspace_id;
        let log = ReadLog { workspace_id, after: 0, to: None, limit: 10_000 };
        let stretch = story.town.desk.look(log).await.unwrap();
        let count = story.town.desk.store().write(Scope::Instance, CountEvents).await.unwrap();
        assert_eq!(count, stretch.end, "as many rows as the last sequence says");
        let told: Vec<i64> = stretch.events.iter().map(|event| event.seq).collect();
        assert_eq!(told, (1..=count).collect::<Vec<_>>(), "and each of them can be told");
        assert!(count > 20, "many of them were let");
        story.town.desk.store().close().await;
    }
}

struct CountEvents;

impl Action for CountEvents {
    type Output = i64;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<i64, StoreError> {
        tx.one("SELECT COUNT(*) FROM events", params![]).await?.get(0)
    }
}
