//! Power cuts: a real server is killed in mid-conversation, again and again. What it acknowledged
//! stands, what it did not can be said again, and nothing is there twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clickclack_client::ClientError;
use clickclack_client::view::View;
use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, MessageId, WorkspaceId};
use clickclack_trial::{Database, both};
use tokio::sync::Notify;

use crate::dice::Dice;
use crate::process::Process;
use crate::town::{self, Person, nonce, sign_up};
use crate::views::{self, Followed};

const SENDERS: u64 = 16;
const READERS: u64 = 3;
const ROUNDS: u64 = 5;
/// A round goes on for at least and at most so many acknowledgements.
const ACKNOWLEDGED: (usize, usize) = (5, 150);
const OVER: &str = "It is over";

both! {
    async fn nothing_acknowledged_is_lost_and_nothing_is_doubled(database: &Database) {
        let mut process = serve(database, true).await;
        let mut coast = Coast::settle(&process).await;
        let dice = Dice::new(2_026);
        for round in 0..ROUNDS {
            let until = ACKNOWLEDGED.0 + dice.below(ACKNOWLEDGED.1 - ACKNOWLEDGED.0);
            coast.storm(process, round, until).await;
            process = serve(database, false).await;
            coast.move_to(&process);
        }
        coast.calm().await;
        coast.assert_whole().await;
        process.kill();
    }
}

async fn serve(database: &Database, is_empty: bool) -> Process {
    let folder = database.folder().display().to_string();
    Process::serve(&["--db", &database.url(), "--data", &folder], is_empty).await
}

/// One who sends and remembers what became of it.
struct Sender {
    person: Person,
    /// What was acknowledged, by nonce.
    acknowledged: BTreeMap<String, (ChannelId, api::Sent, String)>,
    /// What was said without an answer.
    unanswered: Option<(ChannelId, api::SendMessage)>,
}

/// The people of a server that comes and goes.
struct Coast {
    owner: Person,
    workspace_id: WorkspaceId,
    channels: Vec<ChannelId>,
    senders: Vec<Sender>,
    readers: Vec<(Person, View)>,
}

impl Coast {
    async fn settle(process: &Process) -> Self {
        let nobody = town::client_at(&process.base);
        let set_up = town::set_up(process.setup_token.clone().expect("the database is empty"));
        let owner = Person::signed_in(&nobody, nobody.set_up(&set_up).await.unwrap());
        let workspace_id = owner.client.list_workspaces().await.unwrap().items[0].id;
        let general = owner.snapshot(workspace_id).await.channels[0].id;
        let kind = api::ChannelKind::Public;
        let pier = api::CreateChannel { name: "pier".into(), kind, topic: None };
        let pier = owner.client.create_channel(workspace_id, &pier).await.unwrap().id;
        let invite = owner.client.create_invite(workspace_id, &town::no_invite()).await.unwrap();
        let mut people = Vec::new();
        for number in 0..SENDERS + READERS {
            let wish = sign_up(&format!("Person{number}"), Some(invite.token.clone()));
            let person = Person::signed_in(&nobody, nobody.sign_up(&wish).await.unwrap());
            person.client.join_channel(pier).await.unwrap();
            people.push(person);
        }
        let mut readers = Vec::new();
        for person in people.split_off(usize::try_from(SENDERS).unwrap()) {
            let view = views::fresh(&person, workspace_id).await.unwrap();
            readers.push((person, view));
        }
        let sender = |person| Sender { person, acknowledged: BTreeMap::new(), unanswered: None };
        let senders = people.into_iter().map(sender).collect();
        Self { owner, workspace_id, channels: vec![general, pier], senders, readers }
    }

    /// The server is at another address now; the people have their tokens.
    fn move_to(&mut self, process: &Process) {
        let nobody = town::client_at(&process.base);
        let senders = self.senders.iter_mut().map(|sender| &mut sender.person);
        let readers = self.readers.iter_mut().map(|(person, _)| person);
        for person in senders.chain(readers).chain([&mut self.owner]) {
            person.client = nobody.with_token(person.client.token().expect("they signed in"));
        }
    }

    /// Everybody talks until the server is killed, after so many acknowledgements.
    async fn storm(&mut self, process: Process, round: u64, until: usize) {
        let (count, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let (mut sending, mut reading) = (Vec::new(), Vec::new());
        for (number, mut sender) in (0..).zip(self.senders.drain(..)) {
            let (channels, count, enough) =
                (self.channels.clone(), Arc::clone(&count), Arc::clone(&enough));
            let dice = Dice::new(round * 100 + number);
            sending.push(tokio::spawn(async move {
                while sender.sends(&channels, &dice).await {
                    if count.fetch_add(1, Ordering::SeqCst) + 1 == until {
                        enough.notify_one();
                    }
                }
                sender
            }));
        }
        for (person, mut view) in self.readers.drain(..) {
            reading.push(tokio::spawn(async move {
                let followed = views::follow(&person, &mut view, usize::MAX, OVER).await;
                assert_eq!(followed, Followed::Broken, "until the server is killed");
                (person, view)
            }));
        }
        enough.notified().await;
        process.kill();
        for sender in sending {
            self.senders.push(sender.await.unwrap());
        }
        for reader in reading {
            self.readers.push(reader.await.unwrap());
        }
    }

    /// Everybody says again what had no answer, and the readers come to the end.
    async fn calm(&mut self) {
        for sender in &mut self.senders {
            sender.says_again().await.unwrap();
        }
        let over = api::UpdateWorkspace { name: Some(OVER.into()), version: None };
        self.owner.client.update_workspace(self.workspace_id, &over).await.unwrap();
        for (person, view) in &mut self.readers {
            let followed = views::follow(person, view, usize::MAX, OVER).await;
            assert_eq!(followed, Followed::Arrived);
            let fresh = views::fresh(person, self.workspace_id).await.unwrap();
            views::assert_agree(view, &fresh);
        }
    }

    async fn assert_whole(&self) {
        let fresh = views::fresh(&self.owner, self.workspace_id).await.unwrap();
        let mut acknowledged: BTreeMap<MessageId, _> = BTreeMap::new();
        for sender in &self.senders {
            for (nonce, (channel_id, sent, body)) in &sender.acknowledged {
                let entry = (sender.person.id, nonce, *channel_id, sent.seq, body);
                let twice = acknowledged.insert(sent.id, entry);
                assert_eq!(twice, None, "one message for each send");
            }
        }
        assert!(acknowledged.len() > ACKNOWLEDGED.0 * usize::try_from(ROUNDS).unwrap());
        for (id, message) in &fresh.messages {
            let Some(entry) = acknowledged.remove(id) else {
                panic!("{message:?} was sent by nobody, or twice");
            };
            let told = (message.author.id, &message.nonce, message.channel_id, message.seq);
            assert_eq!((told.0, told.1, told.2, told.3, &message.body), entry);
        }
        assert!(acknowledged.is_empty(), "acknowledged and lost: {acknowledged:?}");
        for channel_id in &self.channels {
            let of = fresh.messages.values().filter(|message| message.channel_id == *channel_id);
            let mut places: Vec<_> = of.filter_map(|message| message.seq).collect();
            places.sort_unstable();
            let last = fresh.channels[channel_id].last_seq;
            assert_eq!(places, (1..=last).collect::<Vec<_>>(), "dense in its channel");
        }
        self.assert_log_is_dense(&fresh).await;
    }

    /// The owner sees all channels, so all of the log.
    async fn assert_log_is_dense(&self, fresh: &View) {
        let mut after = clickclack_protocol::cursor::Cursor { seq: 0, ..fresh.cursor.clone() };
        let mut told = Vec::new();
        loop {
            let query = api::ListEventsQuery {
                workspace_id: self.workspace_id,
                after_cursor: after.to_string(),
                limit: Some(200),
            };
            let page = self.owner.client.list_events(&query).await.unwrap();
            for event in &page.events {
                told.push(event.cursor.parse::<clickclack_protocol::cursor::Cursor>().unwrap().seq);
            }
            after = page.cursor.parse().unwrap();
            if !page.has_more {
                break;
            }
        }
        assert_eq!(told, (1..=fresh.cursor.seq).collect::<Vec<_>>(), "dense in the log");
    }
}

impl Sender {
    /// Sends one message more; whether the server answered.
    async fn sends(&mut self, channels: &[ChannelId], dice: &Dice) -> bool {
        if self.unanswered.is_none() {
            let channel_id = dice.pick(channels).expect("there are channels");
            let name = nonce();
            let body = format!("{} says {name}", self.person.name);
            self.unanswered =
                Some((channel_id, api::SendMessage { nonce: name, body, quote_of: None }));
        }
        match self.says_again().await {
            Ok(()) => true,
            Err(ClientError::NoAnswer(_)) => false,
            Err(error) => panic!("{error}"),
        }
    }

    /// Says what had no answer once more, with the same nonce.
    async fn says_again(&mut self) -> Result<(), ClientError> {
        let Some((channel_id, wish)) = self.unanswered.clone() else { return Ok(()) };
        let sent = self.person.client.send_message(channel_id, &wish).await?;
        let told = sent.message.as_ref().map(|message| message.body.as_str());
        assert_eq!(told, Some(wish.body.as_str()));
        self.acknowledged.insert(wish.nonce, (channel_id, sent, wish.body));
        self.unanswered = None;
        Ok(())
    }
}
