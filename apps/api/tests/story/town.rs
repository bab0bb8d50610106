//! A server with a workspace and people in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clickclack_api::app::{Parts, Running, start};
use clickclack_api::config::{Config, Hardness, Rates};
use clickclack_client::{Client, ClientError, Exchange};
use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use clickclack_store::SeededRandomness;
use clickclack_trial::{Database, HandClock};

use crate::contract;
use crate::listener::Listener;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "a long walk on the beach";

/// A running server that has been set up: Ana is its administrator and owns its workspace.
pub(crate) struct Town {
    pub(crate) server: Running,
    pub(crate) clock: Arc<HandClock>,
    /// A client that is nobody.
    pub(crate) nobody: Client,
    pub(crate) ana: Person,
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) general: ChannelId,
}

/// Somebody with an account and a session.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) id: UserId,
    pub(crate) client: Client,
}

static NONCES: AtomicU64 = AtomicU64::new(0);

/// A name for a send that was never used before.
pub(crate) fn nonce() -> String {
    format!("story-{:08}", NONCES.fetch_add(1, Ordering::Relaxed))
}

/// Settings of a story's server: a free port, no rate limits, passwords that cost nothing.
pub(crate) fn config(database: &Database) -> Config {
    let mut config = Config::defaults(database.folder());
    config.db = database.url();
    config.addr = "127.0.0.1:0".parse().unwrap();
    config.rates = Rates { credentials: 0, requests: 0 };
    config.hardness = Hardness { memory_kib: 8, passes: 1 };
    config
}

/// A client that is nobody yet; whatever it is answered is held against the contract.
pub(crate) fn client(server: &Running) -> Client {
    client_at(&format!("http://{}", server.addr()))
}

/// The same for a server at this address.
pub(crate) fn client_at(base: &str) -> Client {
    Client::new(base).unwrap().with_witness(Arc::new(|exchange: &Exchange<'_>| {
        let answer = exchange.answer;
        let kind = answer.header("content-type").unwrap_or_default();
        let (method, status) = (exchange.method.as_str(), answer.status.as_u16());
        contract::assert_answer(method, exchange.path, status, kind, &answer.body);
    }))
}

/// Starts a server on the clock.
pub(crate) async fn open(config: Config, clock: Arc<HandClock>) -> Running {
    let seed = NONCES.fetch_add(1, Ordering::Relaxed);
    let randomness = Arc::new(SeededRandomness::new(seed));
    start(Parts { config, clock, randomness, mailer: None }).await.unwrap()
}

/// The token of the server's set-up link.
pub(crate) fn setup_token(server: &Running) -> Option<String> {
    Some(server.setup_link()?.split_once("#token=")?.1.to_owned())
}

impl Town {
    /// Opens a server on the database and sets it up.
    pub(crate) async fn open(database: &Database) -> Self {
        Self::open_with(config(database)).await
    }

    /// The same with other settings.
    pub(crate) async fn open_with(config: Config) -> Self {
        Self::open_on(config, Arc::new(HandClock::default())).await
    }

    /// The same on a clock that has been turned before.
    pub(crate) async fn open_on(config: Config, clock: Arc<HandClock>) -> Self {
        let server = open(config, clock.clone()).await;
        let nobody = client(&server);
        let token = setup_token(&server).expect("an empty database waits for its set-up");
        let ana = Person::signed_in(&nobody, nobody.set_up(&set_up(token)).await.unwrap());
        let workspace_id = ana.client.list_workspaces().await.unwrap().items[0].id;
        let general = ana.snapshot(workspace_id).await.channels[0].id;
        Self { server, clock, nobody, ana, workspace_id, general }
    }

    /// Somebody new, who came by an invite as a member.
    pub(crate) async fn person(&self, name: &str) -> Person {
        self.invited(name, api::CreateInvite { role: None, ..no_invite() }).await
    }

    /// Somebody new, who came by an invite as an admin.
    pub(crate) async fn admin(&self, name: &str) -> Person {
        let role = Some(api::InviteRole::Admin);
        self.invited(name, api::CreateInvite { role, ..no_invite() }).await
    }

    /// Somebody new, who may be in these channels only.
    pub(crate) async fn guest(&self, name: &str, channels: &[ChannelId]) -> Person {
        let role = Some(api::InviteRole::Guest);
        let channel_ids = Some(channels.to_vec());
        self.invited(name, api::CreateInvite { role, channel_ids, ..no_invite() }).await
    }

    async fn invited(&self, name: &str, invite: api::CreateInvite) -> Person {
        let invite = self.ana.client.create_invite(self.workspace_id, &invite).await.unwrap();
        let signed_in = self.nobody.sign_up(&sign_up(name, Some(invite.token))).await.unwrap();
        Person::signed_in(&self.nobody, signed_in)
    }

    /// Somebody with an account who is in no workspace of Ana's: they have one of their own.
    pub(crate) async fn stranger(&self, name: &str) -> Person {
        let stranger = self.person(name).await;
        let own = api::CreateWorkspace { name: format!("{name}'s rock") };
        stranger.client.create_workspace(&own).await.unwrap();
        stranger.client.remove_member(self.workspace_id, stranger.id).await.unwrap();
        stranger
    }

    /// A private channel with Ana and these people in it.
    pub(crate) async fn private_channel(&self, name: &str, people: &[&Person]) -> ChannelId {
        let channel = self.channel(name, api::ChannelKind::Private).await;
        for person in people {
            self.ana.client.add_channel_member(channel, person.id).await.unwrap();
        }
        channel
    }

    /// A channel that Ana makes.
    pub(crate) async fn channel(&self, name: &str, kind: api::ChannelKind) -> ChannelId {
        let body = api::CreateChannel { name: name.into(), kind, topic: None };
        self.ana.client.create_channel(self.workspace_id, &body).await.unwrap().id
    }

    /// Ends the server as an operator would.
    pub(crate) async fn close(self) {
        self.server.shutdown().await;
    }
}

/// Ana's set-up.
pub(crate) fn set_up(token: String) -> api::SetUp {
    api::SetUp {
        token,
        name: "Ana".into(),
        email: "ana@tidepool.example".into(),
        password: PASSWORD.into(),
        workspace_name: "Tidepool".into(),
        transport: Some(api::SessionTransport::Token),
    }
}

/// A sign-up under the name, with an address made of it.
pub(crate) fn sign_up(name: &str, invite_token: Option<String>) -> api::SignUp {
    api::SignUp {
        name: name.into(),
        email: format!("{}@tidepool.example", name.to_lowercase()),
        password: PASSWORD.into(),
        invite_token,
        transport: Some(api::SessionTransport::Token),
    }
}

/// An invite with everything left open.
pub(crate) fn no_invite() -> api::CreateInvite {
    api::CreateInvite { role: None, max_uses: None, expires_in_s: None, channel_ids: None }
}

impl Person {
    pub(crate) fn signed_in(nobody: &Client, signed_in: api::SignedIn) -> Self {
        let token = signed_in.token.expect("the story asked for a token");
        Self {
            name: signed_in.account.name,
            id: signed_in.account.id,
            client: nobody.with_token(&token),
        }
    }

    /// Says something in a channel.
    pub(crate) async fn says(&self, channel: ChannelId, body: &str) -> api::Message {
        self.tries_to_say(channel, body).await.unwrap()
    }

    /// Tries to say something in a channel.
    pub(crate) async fn tries_to_say(
        &self,
        channel: ChannelId,
        body: &str,
    ) -> Result<api::Message, ClientError> {
        let draft = api::SendMessage { nonce: nonce(), body: body.into(), quote_of: None };
        let sent = self.client.send_message(channel, &draft).await?;
        Ok(sent.message.expect("a new message comes whole"))
    }

    /// Replies in the thread of a message.
    pub(crate) async fn replies(&self, root_id: MessageId, body: &str) -> api::Message {
        self.tries_to_reply(root_id, body, false).await.unwrap()
    }

    /// Replies in the thread of a message, and shows it in the channel too.
    pub(crate) async fn replies_to_all(&self, root_id: MessageId, body: &str) -> api::Message {
        self.tries_to_reply(root_id, body, true).await.unwrap()
    }

    /// Tries to reply in the thread of a message.
    pub(crate) async fn tries_to_reply(
        &self,
        root_id: MessageId,
        body: &str,
        also_in_channel: bool,
    ) -> Result<api::Message, ClientError> {
        let draft = api::SendReply {
            nonce: nonce(),
            body: body.into(),
            quote_of: None,
            also_in_channel: also_in_channel.then_some(true),
        };
        let sent = self.client.send_reply(root_id, &draft).await?;
        Ok(sent.message.expect("a new message comes whole"))
    }

    /// Gives a thread a title.
    pub(crate) async fn titles(&self, root_id: MessageId, title: &str) -> api::ThreadSummary {
        let title = Some(title.into());
        let wish = api::UpdateThread { title, locked: None, version: None };
        self.client.update_thread(root_id, &wish).await.unwrap()
    }

    /// A thread and its newest replies.
    pub(crate) async fn thread(&self, root_id: MessageId) -> api::ThreadPage {
        self.client.get_thread(root_id, &api::GetThreadQuery::default()).await.unwrap()
    }

    /// How this person follows a thread.
    pub(crate) async fn follow(&self, root_id: MessageId) -> api::ThreadFollow {
        self.thread(root_id).await.follow
    }

    /// Position and counts of this person in a channel.
    pub(crate) async fn read_state(
        &self,
        workspace_id: WorkspaceId,
        channel: ChannelId,
    ) -> api::ReadState {
        let reads = self.snapshot(workspace_id).await.personal.reads;
        reads.into_iter().find(|read| read.channel_id == channel).expect("they have read there")
    }

    pub(crate) async fn snapshot(&self, workspace_id: WorkspaceId) -> api::Snapshot {
        self.client.get_snapshot(workspace_id).await.unwrap()
    }

    /// What a channel's newest page says to this person, oldest first.
    pub(crate) async fn reads(&self, channel: ChannelId) -> Vec<String> {
        let page =
            self.client.list_messages(channel, &api::ListMessagesQuery::default()).await.unwrap();
        page.messages.into_iter().map(|message| message.body).collect()
    }

    /// Listens to the workspace from now on.
    pub(crate) async fn listens(&self, workspace_id: WorkspaceId) -> Listener {
        let as_of = self.snapshot(workspace_id).await.as_of;
        Listener::subscribed(&self.client, workspace_id, Some(as_of)).await
    }
}

/// The code that something was refused with.
pub(crate) fn code<T>(result: Result<T, ClientError>) -> api::ProblemCode {
    match result {
        Ok(_) => panic!("it was let"),
        Err(error) => error.code().unwrap_or_else(|| panic!("not a refusal: {error}")),
    }
}
