//! The stage: the workspace as it is built for the play.

use clickclack_chat::Desk;
use clickclack_chat::channel_members::{AddChannelMember, JoinChannel};
use clickclack_chat::channels::{CreateChannel, GENERAL, ListChannels, UpdateChannel};
use clickclack_chat::demo::{DemoPerson, FoundDemo};
use clickclack_chat::page::Page;
use clickclack_chat::setup::DEMO_WORKSPACE;
use clickclack_protocol::api::{self, ChannelKind};
use clickclack_protocol::ids::{ChannelId, UserId};
use clickclack_protocol::time::Millis;

use crate::cast::{self, CAST, OWNER};
use crate::error::SeedError;
use crate::history::Venue;
use crate::set::{PLACES, Place};

/// The workspace with its people and channels.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) workspace: api::Workspace,
    /// In the order of the cast.
    people: Vec<UserId>,
    /// In the order of the set.
    channels: Vec<ChannelId>,
}

impl Stage {
    /// Founds the workspace and makes its channels, with everybody in their places.
    pub(crate) async fn build(desk: &Desk, name: Option<&str>) -> Result<Self, SeedError> {
        let others = CAST[OWNER + 1..].iter();
        let founded = FoundDemo {
            workspace_name: name.unwrap_or(DEMO_WORKSPACE).to_owned(),
            people: others
                .map(|player| DemoPerson {
                    name: player.name.to_owned(),
                    email: player.email(),
                    role: player.role,
                })
                .collect(),
        };
        let founded = desk.act(founded).await?;
        let mut people = vec![founded.owner];
        people.extend(founded.people);
        let mut stage = Self { workspace: founded.workspace, people, channels: Vec::new() };
        for place in &PLACES {
            let channel_id = stage.open(desk, place).await?;
            stage.channels.push(channel_id);
            stage.fill(desk, place, channel_id).await?;
        }
        Ok(stage)
    }

    /// Makes a channel; the first one is there and only gets its topic.
    async fn open(&self, desk: &Desk, place: &Place) -> Result<ChannelId, SeedError> {
        let (actor, workspace_id) = (self.called(place.maker), self.workspace.id);
        if place.name == GENERAL {
            let page = Page { after: String::new(), limit: 1 };
            let found = desk.look(ListChannels { actor, workspace_id, page }).await?;
            let channel_id = found.items.first().expect("a workspace begins with a channel").id;
            let topic = Some(place.topic.to_owned());
            let update = UpdateChannel {
                actor,
                channel_id,
                name: None,
                topic,
                archived: None,
                version: None,
            };
            return Ok(desk.act(update).await?.id);
        }
        let create = CreateChannel {
            actor,
            workspace_id,
            name: place.name.to_owned(),
            kind: place.kind,
            topic: place.topic.to_owned(),
        };
        Ok(desk.act(create).await?.id)
    }

    /// Lets people in: they join what they see, and are added where they do not look in.
    async fn fill(
        &self,
        desk: &Desk,
        place: &Place,
        channel_id: ChannelId,
    ) -> Result<(), SeedError> {
        for handle in place.people {
            let user_id = self.called(handle);
            let is_guest = CAST[place_of(handle)].role == api::Role::Guest;
            if is_guest || place.kind == ChannelKind::Private {
                let actor = self.called(place.maker);
                desk.act(AddChannelMember { actor, channel_id, user_id }).await?;
            } else {
                desk.act(JoinChannel { actor: user_id, channel_id }).await?;
            }
        }
        Ok(())
    }

    fn called(&self, handle: &str) -> UserId {
        self.people[place_of(handle)]
    }

    /// The channels, for a history that begins at this time.
    pub(crate) fn venues(&self, from: Millis) -> impl Iterator<Item = Venue> {
        PLACES.iter().zip(&self.channels).map(move |(place, channel_id)| Venue {
            name: place.name.to_owned(),
            channel_id: *channel_id,
            is_public: place.kind == ChannelKind::Public,
            people: place
                .people
                .iter()
                .map(|handle| place_of(handle))
                .filter(|by| CAST[*by].role != api::Role::Bot)
                .map(|by| self.people[by])
                .collect(),
            said: 0,
            from,
        })
    }

    /// A person or bot, by place in the cast.
    pub(crate) fn person(&self, by: usize) -> UserId {
        self.people[by]
    }

    /// A channel, by place in the set.
    pub(crate) fn channel(&self, place: usize) -> ChannelId {
        self.channels[place]
    }
}

/// The place in the cast of whom the set names.
fn place_of(handle: &str) -> usize {
    cast::find(handle).expect("the set names the cast")
}
