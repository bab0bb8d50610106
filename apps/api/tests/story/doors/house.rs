//! A server for one test: in a folder of its own, on a port of its own, with a clock by hand.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clickclack_api::app::{self, Parts, Running};
use clickclack_api::config::{Config, Hardness, Rates};
use clickclack_api::mail::{Mail, Mailer, Sending};
use clickclack_client::{Client, Heard, Socket};
use clickclack_protocol::api::{self, ServerFrame};
use clickclack_store::OsRandomness;
use clickclack_trial::HandClock;

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Keeps what it is given.
#[derive(Default)]
pub(crate) struct Outbox(pub(crate) Mutex<Vec<Mail>>);

impl Mailer for Outbox {
    fn send(&self, mail: Mail) -> Sending<'_> {
        self.0.lock().unwrap().push(mail);
        Box::pin(async { Ok(()) })
    }
}

pub(crate) struct House {
    pub(crate) running: Running,
    pub(crate) client: Client,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) config: Config,
    _folder: Folder,
}

/// Gone with its test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("clickclack-doors-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let mut config = Config::defaults(&folder);
        config.addr = "127.0.0.1:0".parse().unwrap();
        config.rates = Rates { credentials: 0, requests: 0 };
        config.hardness = Hardness { memory_kib: 8, passes: 1 };
        change(&mut config);
        let clock = Arc::new(HandClock::default());
        let outbox = Arc::new(Outbox::default());
        let parts = Parts {
            config: config.clone(),
            clock: clock.clone(),
            randomness: Arc::new(OsRandomness),
            mailer: Some(outbox.clone()),
        };
        let running = app::start(parts).await.unwrap();
        let client = Client::new(&format!("http://{}", running.addr())).unwrap();
        Self { running, client, clock, outbox, config, _folder: Folder(folder) }
    }

    /// Shuts the server down and waits for it.
    pub(crate) async fn stop(self) {
        self.running.shutdown().await;
    }

    /// Ana, who set the server up, and her workspace.
    pub(crate) async fn ana(&self) -> (Client, api::Workspace) {
        let link = self.running.setup_link().unwrap();
        let (_, token) = link.split_once("#token=").unwrap();
        let signed_in = self
            .client
            .set_up(&api::SetUp {
                token: token.to_owned(),
                name: "Ana Ruiz".to_owned(),
                email: "ana@tidepool.example".to_owned(),
                password: "correct horse".to_owned(),
                workspace_name: "Tidepool".to_owned(),
                transport: Some(api::SessionTransport::Token),
            })
            .await
            .unwrap();
        let ana = self.client.with_token(&signed_in.token.unwrap());
        let workspace = ana.list_workspaces().await.unwrap().items.remove(0);
        (ana, workspace)
    }

    /// Ben, whom Ana invites.
    pub(crate) async fn ben(&self, ana: &Client, workspace: &api::Workspace) -> Client {
        let invite = ana.create_invite(workspace.id, &api::CreateInvite::default()).await.unwrap();
        let signed_in = self
            .client
            .sign_up(&api::SignUp {
                name: "Ben Okafor".to_owned(),
                email: "ben@tidepool.example".to_owned(),
                password: "battery staple".to_owned(),
                invite_token: Some(invite.token),
                transport: Some(api::SessionTransport::Token),
            })
            .await
            .unwrap();
        self.client.with_token(&signed_in.token.unwrap())
    }
}

/// The one channel of a new workspace.
pub(crate) async fn general(client: &Client, workspace: &api::Workspace) -> api::Channel {
    client.get_snapshot(workspace.id).await.unwrap().channels.remove(0)
}

pub(crate) fn draft(nonce: &str, body: &str) -> api::SendMessage {
    api::SendMessage { nonce: nonce.to_owned(), body: body.to_owned(), quote_of: None }
}

/// Waits for the first thing heard that somebody wants.
pub(crate) async fn hear<T>(socket: &mut Socket, wanted: impl Fn(&Heard) -> Option<T>) -> T {
    let search = async {
        loop {
            let heard = socket.hear().await.unwrap();
            if let Some(found) = wanted(&heard) {
                return found;
            }
            assert!(!matches!(heard, Heard::Closed(_)), "closed instead: {heard:?}");
        }
    };
    tokio::time::timeout(PATIENCE, search).await.expect("it is heard in time")
}

pub(crate) async fn hear_close(socket: &mut Socket) -> u16 {
    hear(socket, |heard| match heard {
        Heard::Closed(code) => Some(*code),
        Heard::Frame(_) => None,
    })
    .await
}

pub(crate) async fn hear_message(socket: &mut Socket) -> api::Message {
    hear(socket, |heard| match heard {
        Heard::Frame(frame) => match &**frame {
            ServerFrame::Event(event) => match &event.event.body {
                api::EventBody::MessageCreated(payload) => Some(payload.message.clone()),
                _ => None,
            },
            _ => None,
        },
        Heard::Closed(_) => None,
    })
    .await
}

/// A socket that follows the workspace live.
pub(crate) async fn follow(client: &Client, workspace: &api::Workspace) -> Socket {
    let mut socket = Socket::open(client).await.unwrap();
    let frame = api::SubscribeFrame { workspace_id: workspace.id, after_cursor: None };
    socket.say(&api::ClientFrame::Subscribe(frame)).await.unwrap();
    let caught_up = |heard: &Heard| match heard {
        Heard::Frame(frame) => matches!(**frame, ServerFrame::CaughtUp(_)).then_some(()),
        Heard::Closed(_) => None,
    };
    hear(&mut socket, caught_up).await;
    socket
}
