//! "Old snapshot + events = fresh snapshot", live: people do whatever comes to their mind while
//! others follow by socket, lose their connections and come back.

use std::sync::{Arc, Mutex};

use clickclack_client::view::View;
use clickclack_client::{Client, ClientError};
use clickclack_protocol::api::{self, ChannelKind, InviteRole, ProblemCode, Role};
use clickclack_protocol::ids::{ChannelId, MessageId, UserId, WorkspaceId};
use clickclack_trial::both;

use crate::dice::Dice;
use crate::town::{Person, Town, no_invite, nonce};
use crate::views::{self, Followed};

/// What everybody does.
const DEEDS: usize = 120;
/// What the workspace is called when it is over.
const CALM: &str = "Calm sea";

both! {
    async fn whoever_follows_a_storm_ends_where_a_fresh_snapshot_begins(database: &Database) {
        let town = Town::open(database).await;
        for seed in [11, 12, 13] {
            storms(&town, seed).await;
        }
        town.close().await;
    }
}

async fn storms(town: &Town, seed: u64) {
    let own = api::CreateWorkspace { name: "Sea".into() };
    let workspace_id = town.ana.client.create_workspace(&own).await.unwrap().id;
    let general = town.ana.snapshot(workspace_id).await.channels[0].id;
    let mut people = vec![town.ana.clone()];
    let mut door = String::new();
    for (name, role) in [
        ("Ben", InviteRole::Admin),
        ("Eve", InviteRole::Guest),
        ("Chi", InviteRole::Member),
        ("Dev", InviteRole::Member),
    ] {
        let channel_ids = (role == InviteRole::Guest).then(|| vec![general]);
        let invite = api::CreateInvite { role: Some(role), channel_ids, ..no_invite() };
        let token = town.ana.client.create_invite(workspace_id, &invite).await.unwrap().token;
        let person = town.person(&format!("{name}{seed}")).await;
        person.client.accept_invite(&token).await.unwrap();
        people.push(person);
        door = token;
    }
    let sea = Arc::new(Sea {
        workspace_id,
        people: people.iter().map(|person| person.id).collect(),
        channels: Mutex::new(vec![general]),
        messages: Mutex::default(),
    });
    let mut followers = Vec::new();
    for (number, person) in (0..).zip(people.iter().cycle().take(2 * people.len())) {
        let view = views::fresh(person, workspace_id).await.unwrap();
        let dice = Dice::new(seed * 1_000 + number);
        followers.push(tokio::spawn(persist(person.clone(), view, dice, door.clone())));
    }
    let mut actors = Vec::new();
    for (number, person) in (0..).zip(&people) {
        let dice = Dice::new(seed * 1_000 + 500 + number);
        actors.push(tokio::spawn(act(Arc::clone(&sea), person.clone(), dice)));
    }
    for actor in actors {
        actor.await.unwrap();
    }
    for person in &people {
        person.client.accept_invite(&door).await.unwrap();
    }
    let calm = api::UpdateWorkspace { name: Some(CALM.into()), version: None };
    town.ana.client.update_workspace(workspace_id, &calm).await.unwrap();
    for (follower, person) in followers.into_iter().zip(people.iter().cycle()) {
        let view = follower.await.unwrap();
        let fresh = views::fresh(person, workspace_id).await.unwrap();
        views::assert_agree(&view, &fresh);
    }
}

/// Follows until it is calm, whatever happens.
async fn persist(person: Person, mut view: View, dice: Dice, door: String) -> View {
    loop {
        let frames = 1 + dice.below(60);
        match views::follow(&person, &mut view, frames, CALM).await {
            Followed::Arrived => return view,
            Followed::Bored => {}
            Followed::Broken => panic!("the server stands"),
            Followed::Lost => {
                view = loop {
                    // Whoever was sent away comes back through the door.
                    person.client.accept_invite(&door).await.unwrap();
                    if let Some(view) = views::fresh(&person, view.workspace.id).await {
                        break view;
                    }
                };
            }
        }
    }
}

/// What all of them know of.
struct Sea {
    workspace_id: WorkspaceId,
    people: Vec<UserId>,
    channels: Mutex<Vec<ChannelId>>,
    messages: Mutex<Vec<MessageId>>,
}

impl Sea {
    fn channel(&self, dice: &Dice) -> ChannelId {
        dice.pick(&self.channels.lock().unwrap()).expect("there is always #general")
    }

    fn message(&self, dice: &Dice) -> Option<MessageId> {
        dice.pick(&self.messages.lock().unwrap())
    }
}

async fn act(sea: Arc<Sea>, person: Person, dice: Dice) {
    for number in 0..DEEDS {
        let text = format!("{}-{number}", person.name.to_lowercase());
        let done = match dice.below(20) {
            0..9 => talk(&sea, &person, &dice, text).await,
            9..17 => gather(&sea, &person, &dice, text).await,
            _ => rule(&sea, &person, &dice, text).await,
        };
        if let Err(error) = done {
            let code = error.code().unwrap_or_else(|| panic!("{error}"));
            let broken = [ProblemCode::Internal, ProblemCode::Unavailable];
            assert!(!broken.contains(&code), "{error}");
        }
    }
}

async fn talk(sea: &Sea, person: &Person, dice: &Dice, body: String) -> Result<(), ClientError> {
    let (client, channel_id) = (&person.client, sea.channel(dice));
    let body = calling(sea, dice, body);
    match (dice.below(22), sea.message(dice)) {
        (0, Some(id)) => {
            client.edit_message(id, &api::EditMessage { body, version: None }).await.map(drop)
        }
        (1, Some(id)) => client.delete_message(id).await.map(drop),
        (2, _) => client.mark_read(channel_id, &api::MarkRead { seq: some(dice) }).await.map(drop),
        (3, _) => {
            client.mark_unread(channel_id, &api::MarkUnread { seq: some(dice) }).await.map(drop)
        }
        (18, Some(id)) => client.pin_message(id).await.map(drop),
        (19, Some(id)) => client.unpin_message(id).await.map(drop),
        (20, Some(id)) => client.add_reaction(id, emoji(dice)).await.map(drop),
        (21, Some(id)) => client.remove_reaction(id, emoji(dice)).await.map(drop),
        (4..9, Some(id)) => {
            let also_in_channel = Some(dice.below(3) == 0);
            let reply = api::SendReply { nonce: nonce(), body, quote_of: None, also_in_channel };
            let id = client.send_reply(id, &reply).await?.id;
            sea.messages.lock().unwrap().push(id);
            Ok(())
        }
        (9 | 10, Some(id)) => thread(client, dice, id, body).await,
        (_, quote_of) => {
            let quote_of = quote_of.filter(|_| dice.below(5) == 0);
            let wish = api::SendMessage { nonce: nonce(), body, quote_of };
            let id = client.send_message(channel_id, &wish).await?.id;
            sea.messages.lock().unwrap().push(id);
            Ok(())
        }
    }
}

/// Now and then somebody is called.
fn calling(sea: &Sea, dice: &Dice, body: String) -> String {
    match dice.below(6) {
        0 => format!("@channel {body}"),
        1 => format!("{body} <@{}>", dice.pick(&sea.people).expect("there are people")),
        _ => body,
    }
}

fn some(dice: &Dice) -> i64 {
    i64::try_from(dice.below(30)).unwrap() + 1
}

async fn thread(
    client: &Client,
    dice: &Dice,
    root_id: MessageId,
    title: String,
) -> Result<(), ClientError> {
    let change = api::UpdateThread { title: None, locked: None, version: None };
    match dice.below(6) {
        0 => client.follow_thread(root_id).await.map(drop),
        1 => client.unfollow_thread(root_id).await.map(drop),
        2 => {
            let mark = api::MarkRead { seq: some(dice) % 5 };
            client.mark_thread_read(root_id, &mark).await.map(drop)
        }
        3 => {
            let mark = api::MarkUnread { seq: some(dice) % 5 + 1 };
            client.mark_thread_unread(root_id, &mark).await.map(drop)
        }
        4 => {
            let title = Some(title.chars().take(100).collect());
            client.update_thread(root_id, &api::UpdateThread { title, ..change }).await.map(drop)
        }
        _ => {
            let locked = Some(dice.below(3) == 0);
            client.update_thread(root_id, &api::UpdateThread { locked, ..change }).await.map(drop)
        }
    }
}

fn emoji(dice: &Dice) -> &'static str {
    dice.pick(&["🦀", "🌊", "❤"]).expect("there are some")
}

async fn gather(sea: &Sea, person: &Person, dice: &Dice, text: String) -> Result<(), ClientError> {
    let (client, channel_id) = (&person.client, sea.channel(dice));
    let other = dice.pick(&sea.people).expect("there are people");
    let change = api::UpdateChannel { name: None, topic: None, archived: None, version: None };
    match dice.below(10) {
        0 => {
            let kind = if dice.below(2) == 0 { ChannelKind::Public } else { ChannelKind::Private };
            let wish = api::CreateChannel { name: text, kind, topic: None };
            let made = client.create_channel(sea.workspace_id, &wish).await?;
            sea.channels.lock().unwrap().push(made.id);
            Ok(())
        }
        1 => {
            let topic = Some(text);
            let retitled = api::UpdateChannel { topic, ..change };
            client.update_channel(channel_id, &retitled).await.map(drop)
        }
        2 => {
            let archived = Some(dice.below(3) == 0);
            let archive = api::UpdateChannel { archived, ..change };
            client.update_channel(channel_id, &archive).await.map(drop)
        }
        3 => client.join_channel(channel_id).await.map(drop),
        4 => client.leave_channel(channel_id).await,
        5..8 => client.add_channel_member(channel_id, other).await,
        _ => client.remove_channel_member(channel_id, other).await,
    }
}

async fn rule(sea: &Sea, person: &Person, dice: &Dice, text: String) -> Result<(), ClientError> {
    let (client, workspace_id) = (&person.client, sea.workspace_id);
    let other = dice.pick(&sea.people).expect("there are people");
    match dice.below(5) {
        0 => client.update_me(&api::UpdateMe { name: Some(text) }).await.map(drop),
        1 => {
            let rename = api::UpdateWorkspace { name: Some(text), version: None };
            client.update_workspace(workspace_id, &rename).await.map(drop)
        }
        2 | 3 => {
            let roles = [Role::Admin, Role::Member, Role::Guest];
            let role = dice.pick(&roles).expect("there are roles");
            client.update_member(workspace_id, other, &api::UpdateMember { role }).await.map(drop)
        }
        _ => client.remove_member(workspace_id, other).await,
    }
}
