//! "Old snapshot + events = fresh snapshot", for random sequences of actions by several people who
//! gain and lose access in between.

use std::fmt::Debug;

use clickclack_chat::channel_members::{
    AddChannelMember, JoinChannel, LeaveChannel, RemoveChannelMember,
};
use clickclack_chat::channels::{CreateChannel, UpdateChannel};
use clickclack_chat::follows::{FollowThread, MarkThreadRead, MarkThreadUnread};
use clickclack_chat::history::{ListMessages, Stretch};
use clickclack_chat::members::{RemoveMember, UpdateMember};
use clickclack_chat::messages::{DeleteMessage, EditMessage, GetMessage};
use clickclack_chat::pins::{ListPins, PinMessage, UnpinMessage};
use clickclack_chat::reactions::{AddReaction, ListReactions, RemoveReaction};
use clickclack_chat::reads::{GetMyState, MarkRead, MarkUnread};
use clickclack_chat::replay::{ListEvents, LoadSubscription, ReadLog, ReplayError};
use clickclack_chat::replies::SendReply;
use clickclack_chat::sending::{SendMessage, Sent};
use clickclack_chat::snapshot::GetSnapshot;
use clickclack_chat::threads::{GetThread, UpdateThread};
use clickclack_chat::workspaces::{CreateWorkspace, UpdateWorkspace};
use clickclack_chat::{AccessError, Deed};
use clickclack_client::view::{View, ViewState};
use clickclack_protocol::api::{self, ChannelKind, Role};
use clickclack_protocol::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use clickclack_store::{Action, Scope, StoreError, Tx, params};
use clickclack_trial::{Database, Kind, both};
use proptest::prelude::*;

use crate::town::Town;

/// What they react with.
const EMOJI: [&str; 3] = ["🦀", "❤", "👩🏽\u{200D}🚀"];
/// How many people there are.
const PEOPLE: usize = 4;

/// Something that one of them tries. Numbers pick among what exists; most tries are refused, and
/// a refused one must change nothing.
#[derive(Debug, Clone)]
enum Try {
    Send(u8),
    Edit(u8),
    Delete(u8),
    React(u8, u8),
    Unreact(u8, u8),
    Pin(u8, bool),
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
    Unread(u8, u8),
    Reply {
        root: u8,
        words: u8,
        also_in_channel: bool,
    },
    Follow(u8, bool),
    ReadThread(u8, u8),
    UnreadThread(u8, u8),
    Lock(u8, bool),
    Title(u8),
    /// One of them catches up; the others lag behind.
    Sync,
}

fn tries() -> impl Strategy<Value = Vec<(u8, Try)>> {
    let any_try = prop_oneof![
        8 => any::<u8>().prop_map(Try::Send),
        3 => any::<u8>().prop_map(Try::Edit),
        1 => any::<u8>().prop_map(Try::Delete),
        7 => any::<(u8, u8)>().prop_map(|(m, e)| Try::React(m, e)),
        4 => any::<(u8, u8)>().prop_map(|(m, e)| Try::Unreact(m, e)),
        3 => any::<(u8, bool)>().prop_map(|(m, on)| Try::Pin(m, on)),
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
        2 => any::<(u8, u8)>().prop_map(|(c, s)| Try::Unread(c, s)),
        10 => any::<(u8, u8, bool)>().prop_map(|(root, words, also_in_channel)| {
            Try::Reply { root, words, also_in_channel }
        }),
        2 => any::<(u8, bool)>().prop_map(|(m, f)| Try::Follow(m, f)),
        2 => any::<(u8, u8)>().prop_map(|(m, s)| Try::ReadThread(m, s)),
        2 => any::<(u8, u8)>().prop_map(|(m, s)| Try::UnreadThread(m, s)),
        1 => any::<(u8, bool)>().prop_map(|(m, l)| Try::Lock(m, l && m % 4 == 0)),
        1 => any::<u8>().prop_map(Try::Title),
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

    /// Tries something. It may be refused; it may not break.
    async fn act<D: Deed<Error: Debug> + Clone>(&self, deed: D) -> Option<D::Output> {
        let done = self.town.desk.act(deed).await;
        if let Err(error) = &done {
            assert!(!format!("{error:?}").contains("Store("), "{error:?}");
        }
        done.ok()
    }

    async fn attempt(&mut self, actor: u8, attempt: Try) {
        let index = usize::from(actor) % PEOPLE;
        match attempt {
            Try::Sync => self.sync(index).await,
            Try::Return(pick) => {
                let role = if pick % 3 == 0 { Role::Guest } else { Role::Member };
                self.admit(index, role).await;
            }
            Try::Send(_) | Try::Edit(_) | Try::Delete(_) | Try::Read(_) | Try::Unread(..) => {
                self.attempt_message(self.people[index], attempt).await;
            }
            Try::Reply { .. }
            | Try::Follow(..)
            | Try::ReadThread(..)
            | Try::UnreadThread(..)
            | Try::Lock(..)
            | Try::Title(_) => self.attempt_thread(self.people[index], attempt).await,
            Try::React(..) | Try::Unreact(..) | Try::Pin(..) => {
                self.attempt_mark(self.people[index], attempt).await;
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

    /// Something to say, now and then to somebody.
    fn words(&mut self, pick: u8) -> String {
        self.sends += 1;
        let said = format!("message {}", self.sends);
        match pick % 7 {
            0 => format!("@channel {said}"),
            1 => format!("@here: {said} for @Ben"),
            2 => format!("{said}, @chi and @Dev"),
            3 => format!("{said} <@{}>", self.person(pick / 7)),
            _ => said,
        }
    }

    fn message(&self, pick: u8) -> Option<MessageId> {
        self.messages.get(usize::from(pick) % self.messages.len().max(1)).copied()
    }

    /// What is answered is what was written.
    async fn sent(&mut self, actor: UserId, sent: Option<Sent>) {
        let Some(Sent { sent, .. }) = sent else { return };
        let message_id = sent.id;
        let read = self.town.desk.look(GetMessage { actor, message_id }).await.unwrap();
        assert_eq!(sent.message, Some(read));
        self.messages.push(message_id);
    }

    async fn attempt_message(&mut self, actor: UserId, attempt: Try) {
        match attempt {
            Try::Send(pick) => {
                let (channel_id, body) = (self.channel(pick), self.words(pick));
                let nonce = format!("nonce-{:04}", self.sends);
                let quote_of = self.message(pick).filter(|_| pick % 5 == 0);
                let wish = SendMessage { actor, channel_id, nonce, body, quote_of };
                let sent = self.act(wish).await;
                self.sent(actor, sent).await;
            }
            Try::Edit(pick) => {
                let Some(message_id) = self.message(pick) else { return };
                let body = format!("edited: {}", self.words(pick / 2));
                self.act(EditMessage { actor, message_id, body, version: None }).await;
            }
            Try::Delete(pick) => {
                let Some(message_id) = self.message(pick) else { return };
                self.act(DeleteMessage { actor, message_id }).await;
            }
            Try::Read(pick) => {
                let (channel_id, seq) = (self.channel(pick), i64::from(pick) % 10);
                self.act(MarkRead { actor, channel_id, seq }).await;
            }
            Try::Unread(pick, seq) => {
                let (channel_id, seq) = (self.channel(pick), i64::from(seq) % 10 + 1);
                self.act(MarkUnread { actor, channel_id, seq }).await;
            }
            _ => unreachable!("only tries about messages come here"),
        }
    }

    async fn attempt_thread(&mut self, actor: UserId, attempt: Try) {
        match attempt {
            Try::Reply { root, words, also_in_channel } => {
                // A few messages only, so that threads grow.
                let Some(root_id) = self.message(root % 6) else { return };
                let body = self.words(words);
                let nonce = format!("nonce-{:04}", self.sends);
                let quote_of = self.message(words).filter(|_| words % 5 == 0);
                let reply = SendReply { actor, root_id, nonce, body, quote_of, also_in_channel };
                let sent = self.act(reply).await;
                self.sent(actor, sent).await;
            }
            Try::Follow(pick, following) => {
                let Some(root_id) = self.message(pick % 6) else { return };
                self.act(FollowThread { actor, root_id, following }).await;
            }
            Try::ReadThread(pick, seq) => {
                let Some(root_id) = self.message(pick % 6) else { return };
                self.act(MarkThreadRead { actor, root_id, seq: i64::from(seq) % 8 }).await;
            }
            Try::UnreadThread(pick, seq) => {
                let Some(root_id) = self.message(pick % 6) else { return };
                self.act(MarkThreadUnread { actor, root_id, seq: i64::from(seq) % 8 + 1 }).await;
            }
            Try::Lock(pick, locked) => {
                let Some(root_id) = self.message(pick % 6) else { return };
                let locked = Some(locked);
                let lock = UpdateThread { actor, root_id, title: None, locked, version: None };
                self.act(lock).await;
            }
            Try::Title(pick) => {
                let Some(root_id) = self.message(pick % 6) else { return };
                let title = Some(format!("title {}", self.sends));
                let name = UpdateThread { actor, root_id, title, locked: None, version: None };
                self.act(name).await;
            }
            _ => unreachable!("only tries about threads come here"),
        }
    }

    async fn attempt_mark(&mut self, actor: UserId, attempt: Try) {
        let (Try::React(pick, what) | Try::Unreact(pick, what)) = attempt else {
            let Try::Pin(pick, on) = attempt else { unreachable!("only marks come here") };
            return self.attempt_pin(actor, pick, on).await;
        };
        let Some(message_id) = self.recent(pick) else { return };
        let emoji = EMOJI[usize::from(what) % EMOJI.len()].to_owned();
        let set = match attempt {
            Try::React(..) => self.act(AddReaction { actor, message_id, emoji }).await,
            _ => self.act(RemoveReaction { actor, message_id, emoji }).await,
        };
        let Some(set) = set else { return };
        let read = self.town.desk.look(GetMessage { actor, message_id }).await.unwrap();
        let told = read.reactions.unwrap_or(api::ReactionSet { items: Vec::new(), version: 0 });
        assert_eq!(set, told, "what is answered is what was written");
        let list = self.town.desk.look(ListReactions { actor, message_id }).await.unwrap();
        assert_eq!(list.version, set.version);
        let people = |item: &api::ReactionPeople| item.people.iter().map(|one| one.id).collect();
        let items = list.items.iter().map(|item| (item.emoji.clone(), people(item)));
        let wanted = set.items.into_iter().map(|item| (item.emoji, item.user_ids));
        assert_eq!(items.collect::<Vec<(_, Vec<_>)>>(), wanted.collect::<Vec<_>>());
    }

    async fn attempt_pin(&mut self, actor: UserId, pick: u8, on: bool) {
        let Some(message_id) = self.recent(pick) else { return };
        let message = if on {
            self.act(PinMessage { actor, message_id }).await
        } else {
            self.act(UnpinMessage { actor, message_id }).await
        };
        let Some(message) = message else { return };
        assert_eq!(message.pin.is_some(), on);
        let list = ListPins { actor, channel_id: message.channel_id };
        let pins = self.town.desk.look(list).await.unwrap().items;
        assert_eq!(pins.contains(&message), on, "the list says the same");
        assert!(pins.iter().all(|pinned| pinned.pin.is_some() && pinned.deleted_at.is_none()));
    }

    /// One of the last few messages: several people must meet at one.
    fn recent(&self, pick: u8) -> Option<MessageId> {
        let few = self.messages.len().min(3);
        let back = usize::from(pick).checked_rem(few)?;
        self.messages.iter().rev().nth(back).copied()
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
            let roots = page.messages.iter().filter(|message| message.thread.is_some());
            for root in roots {
                view.load_thread(&self.thread(actor, root.id).await);
            }
        }
        Some(view)
    }

    async fn history(&self, actor: UserId, channel_id: ChannelId) -> api::MessagePage {
        let list = ListMessages { actor, channel_id, stretch: Stretch::Newest, limit: 200 };
        self.town.desk.look(list).await.unwrap()
    }

    async fn thread(&self, actor: UserId, root_id: MessageId) -> api::ThreadPage {
        let get = GetThread { actor, root_id, stretch: Stretch::Newest, limit: 200 };
        self.town.desk.look(get).await.unwrap()
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
        let state = self.town.desk.look(state).await.unwrap();
        assert_counted(view, &state);
        view.personal(&state);
        true
    }
}

/// Where nobody moved a position, what the view counted is what the server counts.
fn assert_counted(view: &View, state: &api::PersonalState) {
    for read in &state.reads {
        let held = view.reads.get(&read.channel_id).filter(|held| held.version == read.version);
        if let Some(held) = held {
            let counted = api::ReadState { as_of: read.as_of.clone(), ..held.clone() };
            assert_eq!(counted, *read);
        }
    }
    for follow in &state.follows {
        let held = view.follows.get(&follow.root_id);
        if let Some(held) = held.filter(|held| held.version == follow.version) {
            let counted = api::ThreadFollow { as_of: follow.as_of.clone(), ..held.clone() };
            assert_eq!(counted, *follow);
        }
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
    assert_eq!(view.reads, fresh.reads);
    assert_eq!(view.follows, fresh.follows);
    for (id, message) in &fresh.messages {
        let in_channel = message.seq.is_some_and(|seq| seq >= view.held_from[&message.channel_id]);
        let root = message.thread_root_id.and_then(|root_id| view.thread_held_from.get(&root_id));
        let in_thread = root.is_some_and(|(_, from)| message.thread_seq >= Some(*from));
        if in_channel || in_thread {
            assert_eq!(view.messages.get(id), Some(message));
        }
    }
    for (id, message) in &view.messages {
        assert_eq!(fresh.messages.get(id), Some(message), "nothing is held that is not there");
    }
}

/// Brings somebody in without an invite.
#[derive(Clone)]
pub(crate) struct Admit {
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) user_id: UserId,
    pub(crate) role: Role,
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

/// Few messages in one channel, which everybody reacts to, pins, edits and deletes.
fn marks() -> impl Strategy<Value = Vec<(u8, Try)>> {
    let any_try = prop_oneof![
        1 => Just(Try::Send(0)),
        12 => any::<(u8, u8)>().prop_map(|(m, e)| Try::React(m, e)),
        9 => any::<(u8, u8)>().prop_map(|(m, e)| Try::Unreact(m, e)),
        3 => any::<(u8, bool)>().prop_map(|(m, on)| Try::Pin(m, on)),
        1 => any::<u8>().prop_map(Try::Edit),
        1 => any::<u8>().prop_map(Try::Delete),
        6 => Just(Try::Sync),
    ];
    let tries = prop::collection::vec((any::<u8>(), any_try), 30..90);
    tries.prop_map(|tries| [vec![(0, Try::Send(0))], tries].concat())
}

/// A property of every sequence of tries. PostgreSQL gets fewer: each needs a database of its own.
fn holds_on(kind: Kind, cases: u32, tries: &impl Strategy<Value = Vec<(u8, Try)>>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    proptest!(config, |(seed in any::<u64>(), tries in tries)| {
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
    holds_on(Kind::Sqlite, 48, &tries());
}

#[test]
fn an_old_snapshot_and_the_events_after_it_are_a_fresh_snapshot_on_postgres() {
    holds_on(Kind::Postgres, 12, &tries());
}

#[test]
fn marks_on_messages_are_followed_by_events_alone_on_sqlite() {
    holds_on(Kind::Sqlite, 32, &marks());
}

#[test]
fn marks_on_messages_are_followed_by_events_alone_on_postgres() {
    holds_on(Kind::Postgres, 6, &marks());
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
        assert!(count > 20, "many of them were let: {count}");
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
