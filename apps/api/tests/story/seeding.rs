//! `clickclack seed`: a workspace in which people have talked for a week, in an empty database and
//! nowhere else.

use std::collections::HashMap;
use std::sync::Arc;

use clickclack_api::app::Running;
use clickclack_api::clock::SystemClock;
use clickclack_client::Call;
use clickclack_protocol::api;
use clickclack_protocol::ids::WorkspaceId;
use clickclack_protocol::time::{Clock, Millis, from_wire};
use clickclack_store::{Lookup, Query, StoreError, params};
use clickclack_trial::{Database, HandClock, both};
use serde_json::Value;

use crate::program::Program;
use crate::town::{Person, Town, client, config, open};
use crate::views::{Followed, assert_agree, follow, fresh};

const DAY: Millis = 24 * 3_600_000;

async fn seed(database: &Database, arguments: &[&str]) -> Value {
    Program::on(database, &[&["seed"], arguments].concat()).answers().await
}

/// Adds to what is there; how many messages.
async fn add(database: &Database, arguments: &[&str]) -> i64 {
    let answer = seed(database, &[&["--messages"], arguments].concat()).await;
    assert_eq!(answer["is_new"], false);
    answer["messages"].as_i64().unwrap()
}

/// A server at the present, and the demo administrator at it.
struct Demo {
    server: Running,
    ana: Person,
    workspace_id: WorkspaceId,
}

impl Demo {
    async fn open(database: &Database) -> Self {
        let mut config = config(database);
        config.dev = true;
        let clock = HandClock::default();
        clock.turn(SystemClock.now() - clock.now());
        let server = open(config, Arc::new(clock)).await;
        assert_eq!(server.setup_link(), None, "a demo is set up");
        let nobody = client(&server);
        let transport = Some(api::SessionTransport::Token);
        let log_in = Call::of("logInAsDemo", &[]).json(&api::LogInAsDemo { transport });
        let ana = Person::signed_in(&nobody, nobody.send(log_in).await.unwrap().json().unwrap());
        let workspaces = ana.client.list_workspaces().await.unwrap().items;
        assert_eq!(workspaces.len(), 1);
        Self { server, ana, workspace_id: workspaces[0].id }
    }

    async fn figures(&self) -> Figures {
        self.server.desk().look(Count(self.workspace_id)).await.unwrap()
    }

    async fn close(self) {
        self.server.shutdown().await;
    }
}

/// What the tables hold.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Figures {
    people: i64,
    messages: i64,
    /// Of all channels, the sequences of their newest messages.
    places: i64,
    events: i64,
    /// The sequence of the newest event.
    newest: i64,
    /// Messages whose last event is not in the log.
    untold: i64,
}

struct Count(WorkspaceId);

impl Lookup for Count {
    type Output = Figures;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<Figures, StoreError> {
        let row = query
            .one(
                "SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM messages),
                        (SELECT CAST(SUM(last_seq) AS BIGINT) FROM channels),
                        (SELECT COUNT(*) FROM events WHERE workspace_id = w.id), w.event_seq,
                        (SELECT COUNT(*) FROM messages m WHERE NOT EXISTS (
                           SELECT 1 FROM events e WHERE e.workspace_id = w.id
                             AND e.seq = m.version AND e.subject_id = m.id))
                 FROM workspaces w WHERE w.id = $1",
                params![self.0],
            )
            .await?;
        Ok(Figures {
            people: row.get(0)?,
            messages: row.get(1)?,
            places: row.get(2)?,
            events: row.get(3)?,
            newest: row.get(4)?,
            untold: row.get(5)?,
        })
    }
}

fn time(text: &str) -> Millis {
    from_wire(text).unwrap()
}

both! {
    async fn an_empty_database_becomes_a_chat_of_a_week(database: &Database) {
        let answer = seed(database, &[]).await;
        assert_eq!(answer["workspace_name"], "Tidepool");
        assert_eq!(answer["is_new"], true);
        let demo = Demo::open(database).await;
        assert_eq!(answer["workspace_id"], demo.workspace_id.to_string());
        let account = demo.ana.client.get_me().await.unwrap();
        assert!(account.name == "Ana Ruiz" && account.is_administrator);

        let snapshot = demo.ana.snapshot(demo.workspace_id).await;
        assert_eq!(snapshot.me.role, api::Role::Owner);
        assert_eq!(snapshot.channels.len(), 8);
        assert!(snapshot.channels.iter().all(|channel| !channel.topic.is_empty()));
        let private = snapshot.channels.iter().filter(|c| c.kind == api::ChannelKind::Private);
        assert_eq!(private.map(|channel| channel.name.as_str()).collect::<Vec<_>>(), ["founders"]);
        let everybody = api::ListMembersQuery::default();
        let people = demo.ana.client.list_members(demo.workspace_id, &everybody).await.unwrap();
        let mut roles: HashMap<_, u32> = HashMap::new();
        for member in people.items {
            let is_bot = member.role == api::Role::Bot;
            assert_eq!(is_bot, member.user.kind == api::UserKind::Bot, "{}", member.user.name);
            *roles.entry(format!("{:?}", member.role)).or_default() += 1;
        }
        assert_eq!((roles["Owner"], roles["Bot"], roles["Guest"]), (1, 1, 1));
        assert_eq!(roles.values().sum::<u32>(), 13);
        let own = &snapshot.personal;
        assert!(own.reads.iter().all(|read| read.unread < 20), "she has read what is old");
        assert!(own.reads.iter().any(|read| read.unread == 0), "and all of some channels");
        assert!(own.reads.iter().any(|read| read.mentions > 0), "and somebody has called her");
        assert!(own.follows.iter().any(|follow| follow.unread == 0), "she follows threads");
        assert!(own.saved.len() > 2 && own.drafts.len() == 1);
        assert!(own.channel_preferences.iter().any(|preferences| preferences.starred));
        demo.close().await;
    }

    async fn what_was_said_lies_in_the_past_in_order_and_stands_in_the_log(database: &Database) {
        let answer = seed(database, &[]).await;
        let demo = Demo::open(database).await;
        let figures = demo.figures().await;
        assert_eq!(Some(figures.messages), answer["messages"].as_i64());
        assert!(figures.messages >= 1_000, "{figures:?}");
        assert_eq!((figures.events, figures.untold), (figures.newest, 0));

        let now = SystemClock.now();
        let view = fresh(&demo.ana, demo.workspace_id).await.unwrap();
        let mut shown: Vec<_> = view.messages.values().filter(|m| m.seq.is_some()).collect();
        assert_eq!(shown.len(), usize::try_from(figures.places).unwrap(), "no hole anywhere");
        shown.sort_by_key(|message| (message.channel_id, message.seq));
        for pair in shown.windows(2).filter(|pair| pair[0].channel_id == pair[1].channel_id) {
            assert!(pair[0].created_at <= pair[1].created_at, "{pair:?}");
        }
        let ages = shown.iter().map(|message| now - time(&message.created_at));
        let (newest, oldest) = (ages.clone().min().unwrap(), ages.max().unwrap());
        assert!((0..3_600_000).contains(&newest), "the last was said a moment ago: {newest}");
        assert!((6 * DAY..13 * DAY).contains(&oldest), "the first a week ago: {oldest}");
        let has = |part: fn(&api::Message) -> bool| shown.iter().any(|message| part(message));
        assert!(has(|message| message.reactions.is_some()));
        assert!(has(|message| message.mentions.is_some()));
        assert!(has(|message| message.quote_of.is_some()));
        assert!(has(|message| message.pin.is_some()));
        assert!(has(|message| message.thread_seq.is_some()), "a reply is shown in the channel too");
        let threads = shown.iter().filter_map(|message| message.thread.as_ref());
        assert!(threads.clone().any(|thread| thread.reply_count > 100));
        assert!(threads.clone().any(|thread| thread.title.is_some()));
        assert!(threads.clone().any(|thread| thread.locked));
        assert!(shown.iter().any(|message| message.edited_at.is_some()));
        assert!(shown.iter().any(|message| message.deleted_at.is_some()));
        let late = shown.iter().filter_map(|m| m.edited_at.as_ref().or(m.deleted_at.as_ref()));
        assert!(late.map(|at| time(at)).all(|at| at <= now));
        demo.close().await;
    }

    async fn a_database_in_use_is_left_alone(database: &Database) {
        seed(database, &["--workspace", "Rock pool"]).await;
        let demo = Demo::open(database).await;
        let before = demo.figures().await;
        assert_eq!(fresh(&demo.ana, demo.workspace_id).await.unwrap().workspace.name, "Rock pool");
        let refused = Program::on(database, &["seed"]).fails(1).await;
        assert!(refused.contains("in use"), "{refused}");
        assert_eq!(Program::on(database, &["seed", "--if-empty"]).succeeds().await, "");
        assert_eq!(demo.figures().await, before);
        demo.close().await;
    }

    async fn a_workspace_of_somebody_else_is_no_demo(database: &Database) {
        let town = Town::open(database).await;
        town.ana.says(town.general, "ours").await;
        for arguments in [&["seed"][..], &["seed", "--messages", "5"]] {
            let refused = Program::on(database, arguments).fails(1).await;
            assert!(refused.contains("in use"), "{refused}");
        }
        assert_eq!(town.ana.reads(town.general).await, ["ours"]);
        town.close().await;
    }

    async fn as_many_messages_are_added_as_were_asked_for(database: &Database) {
        let played = seed(database, &["--messages", "700", "--into", "random"]).await;
        let demo = Demo::open(database).await;
        let before = demo.figures().await;
        assert_eq!(Some(before.messages), played["messages"].as_i64());
        assert_eq!(add(database, &["5000"]).await, 5_000);
        let after = demo.figures().await;
        assert_eq!(after.messages - before.messages, 5_000);
        assert_eq!(after.places - before.places, 5_000);
        assert_eq!(after.events - before.events, 5_000, "one event for each");
        assert_eq!((after.events, after.untold), (after.newest, 0));
        assert_eq!(add(database, &["1"]).await, 1);
        assert_eq!(demo.figures().await.messages, after.messages + 1);

        let snapshot = demo.ana.snapshot(demo.workspace_id).await;
        let place = |name: &str| {
            let channel = snapshot.channels.iter().find(|channel| channel.name == name).unwrap();
            (channel.id, channel.last_seq)
        };
        assert!(place("general").1 > 3_000 && place("founders").1 < 200, "{snapshot:?}");
        let oldest = api::ListMessagesQuery { after_seq: Some(0), ..Default::default() };
        let page = demo.ana.client.list_messages(place("random").0, &oldest).await.unwrap();
        assert_eq!(page.messages[0].seq, Some(1));
        let mut times = page.messages.iter().map(|message| time(&message.created_at));
        assert!(times.next().unwrap() < SystemClock.now() - 6 * DAY);
        demo.close().await;
    }

    async fn a_client_that_was_there_follows_what_is_added(database: &Database) {
        seed(database, &[]).await;
        let demo = Demo::open(database).await;
        let mut view = fresh(&demo.ana, demo.workspace_id).await.unwrap();
        assert_eq!(add(database, &["600"]).await, 600);
        let name = Some("Ebb".to_owned());
        let rename = api::UpdateWorkspace { name, version: None };
        demo.ana.client.update_workspace(demo.workspace_id, &rename).await.unwrap();
        let followed = follow(&demo.ana, &mut view, 5_000, "Ebb").await;
        assert_eq!(followed, Followed::Arrived);
        assert_agree(&view, &fresh(&demo.ana, demo.workspace_id).await.unwrap());
        demo.close().await;
    }

    async fn nonsense_is_refused_and_changes_nothing(database: &Database) {
        for arguments in [
            &["--messages", "0"][..],
            &["--messages", "-1"],
            &["--messages", "many"],
            &["--messages", "10000001"],
            &["--messages"],
            &["--into", "random"],
            &["--if-empty", "--messages", "5"],
            &["Tidepool"],
        ] {
            Program::on(database, &[&["seed"], arguments].concat()).fails(2).await;
        }
        for (arguments, part) in [
            (&["--messages", "5", "--into", "nowhere"][..], "no channel called nowhere"),
            (&["--workspace", " "], "must not be empty"),
            (&["--workspace", "a\nb"], "must not contain"),
        ] {
            let refused = Program::on(database, &[&["seed"], arguments].concat()).fails(1).await;
            assert!(refused.contains(part), "{refused}");
        }
        seed(database, &[]).await;
        let demo = Demo::open(database).await;
        let before = demo.figures().await;
        for (arguments, part) in [
            (["--into", "nowhere"], "no channel called nowhere"),
            (["--workspace", "Nowhere"], "no workspace called Nowhere"),
        ] {
            let line = [&["seed", "--messages", "5"], &arguments[..]].concat();
            let refused = Program::on(database, &line).fails(1).await;
            assert!(refused.contains(part), "{refused}");
        }
        assert_eq!(demo.figures().await, before);
        demo.close().await;
    }
}
