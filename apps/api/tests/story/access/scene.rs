//! A workspace with somebody of every standing in it, for the tables of rights.

use std::collections::HashMap;

use clickclack_protocol::api::{self, ChannelKind, InviteRole};
use clickclack_protocol::ids::{ChannelId, InviteId, MessageId, SessionId, WorkspaceId};

use crate::town::{PASSWORD, Person, Town, no_invite};

/// How somebody stands to a workspace and its channels; the columns of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Standing {
    Nobody,
    Deactivated,
    Stranger,
    Administrator,
    Removed,
    GuestOutside,
    GuestInside,
    MemberOutside,
    MemberInside,
    Maker,
    Admin,
    Owner,
}

impl Standing {
    pub(super) const ALL: [Self; 12] = [
        Self::Nobody,
        Self::Deactivated,
        Self::Stranger,
        Self::Administrator,
        Self::Removed,
        Self::GuestOutside,
        Self::GuestInside,
        Self::MemberOutside,
        Self::MemberInside,
        Self::Maker,
        Self::Admin,
        Self::Owner,
    ];

    /// Those with an account who come to a workspace by an invite, with its role.
    const INVITED: [(Self, InviteRole); 7] = [
        (Self::Removed, InviteRole::Member),
        (Self::GuestOutside, InviteRole::Guest),
        (Self::GuestInside, InviteRole::Guest),
        (Self::MemberOutside, InviteRole::Member),
        (Self::MemberInside, InviteRole::Member),
        (Self::Maker, InviteRole::Member),
        (Self::Admin, InviteRole::Admin),
    ];

    /// Whom the maker adds to the channels.
    const INSIDE: [Self; 4] = [Self::Removed, Self::GuestInside, Self::MemberInside, Self::Owner];
}

/// The kinds of channel that a scene has one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Place {
    Public,
    Private,
    Archived,
}

impl Place {
    pub(super) const ALL: [Self; 3] = [Self::Public, Self::Private, Self::Archived];

    /// The place that a table's word means; `-` is none.
    pub(super) fn named(word: &str) -> Option<Self> {
        match word {
            "public" => Some(Self::Public),
            "private" => Some(Self::Private),
            "archived" => Some(Self::Archived),
            "-" => None,
            other => panic!("no place is called {other}"),
        }
    }
}

/// The people of every scene. In a scene they stand as they are called.
pub(super) struct Cast {
    people: HashMap<Standing, Person>,
    /// Members of every scene, in all of its channels, for others to act on.
    pub(super) bystanders: Vec<Person>,
    /// Somebody of another place, for the administrator to act on.
    pub(super) elsewhere: Person,
    /// A session of a bystander.
    pub(super) foreign_session: SessionId,
}

impl Cast {
    pub(super) async fn gather(town: &Town) -> Self {
        let mut people = HashMap::new();
        for standing in Standing::ALL {
            if !matches!(standing, Standing::Nobody | Standing::Administrator) {
                people.insert(standing, town.stranger(&format!("{standing:?}")).await);
            }
        }
        people.insert(Standing::Administrator, town.ana.clone());
        let shut = &people[&Standing::Deactivated];
        town.ana.client.deactivate_user(shut.id).await.unwrap();
        let mut bystanders = Vec::new();
        for name in ["Pelle", "Quinn", "Rosa"] {
            bystanders.push(town.stranger(name).await);
        }
        let sessions = bystanders[0].client.list_sessions().await.unwrap();
        let elsewhere = town.stranger("Tern").await;
        Self { people, bystanders, elsewhere, foreign_session: sessions.items[0].id }
    }

    pub(super) fn person(&self, standing: Standing) -> Option<&Person> {
        self.people.get(&standing)
    }

    fn known(&self, standing: Standing) -> &Person {
        &self.people[&standing]
    }

    /// One more session of somebody, to be ended.
    pub(super) async fn signs_in_again(town: &Town, person: &Person) -> Person {
        let email = format!("{}@tidepool.example", person.name.to_lowercase());
        let transport = Some(api::SessionTransport::Token);
        let log_in = api::LogIn { email, password: PASSWORD.into(), transport };
        Person::signed_in(&town.nobody, town.nobody.log_in(&log_in).await.unwrap())
    }
}

/// One workspace with the whole cast.
pub(super) struct Scene {
    pub(super) workspace_id: WorkspaceId,
    pub(super) owner: Person,
    pub(super) as_of: api::Cursor,
    /// An invite for members.
    pub(super) invite_id: InviteId,
    pub(super) invite_token: String,
    channels: HashMap<Place, ChannelId>,
    /// In each channel one message of its maker for everybody who tries something on it.
    messages: HashMap<(Place, Standing), MessageId>,
}

impl Scene {
    pub(super) async fn open(cast: &Cast) -> Self {
        let owner = cast.known(Standing::Owner).clone();
        let name = api::CreateWorkspace { name: "Scene".into() };
        let workspace_id = owner.client.create_workspace(&name).await.unwrap().id;
        let snapshot = owner.snapshot(workspace_id).await;
        let mut tokens = HashMap::new();
        let mut invites = HashMap::new();
        for role in [InviteRole::Member, InviteRole::Guest, InviteRole::Admin] {
            let guest = (role == InviteRole::Guest).then(|| vec![snapshot.channels[0].id]);
            let wish = api::CreateInvite { role: Some(role), channel_ids: guest, ..no_invite() };
            let made = owner.client.create_invite(workspace_id, &wish).await.unwrap();
            tokens.insert(role, made.token);
            invites.insert(role, made.invite.id);
        }
        for (standing, role) in Standing::INVITED {
            cast.known(standing).client.accept_invite(&tokens[&role]).await.unwrap();
        }
        for bystander in &cast.bystanders {
            bystander.client.accept_invite(&tokens[&InviteRole::Member]).await.unwrap();
        }
        let mut scene = Self {
            workspace_id,
            as_of: snapshot.as_of,
            owner,
            invite_id: invites[&InviteRole::Member],
            invite_token: tokens[&InviteRole::Member].clone(),
            channels: HashMap::new(),
            messages: HashMap::new(),
        };
        for place in Place::ALL {
            scene.build(cast, place).await;
        }
        let removed = cast.known(Standing::Removed);
        scene.owner.client.remove_member(workspace_id, removed.id).await.unwrap();
        scene
    }

    async fn build(&mut self, cast: &Cast, place: Place) {
        let maker = cast.known(Standing::Maker);
        let kind = if place == Place::Private { ChannelKind::Private } else { ChannelKind::Public };
        let name = format!("{place:?}").to_lowercase();
        let wish = api::CreateChannel { name, kind, topic: None };
        let id = maker.client.create_channel(self.workspace_id, &wish).await.unwrap().id;
        for standing in Standing::INSIDE {
            maker.client.add_channel_member(id, cast.known(standing).id).await.unwrap();
        }
        for bystander in &cast.bystanders {
            maker.client.add_channel_member(id, bystander.id).await.unwrap();
        }
        for standing in Standing::ALL {
            let message = maker.says(id, &format!("for {standing:?}")).await;
            self.messages.insert((place, standing), message.id);
        }
        if place == Place::Archived {
            let archive =
                api::UpdateChannel { name: None, topic: None, archived: Some(true), version: None };
            maker.client.update_channel(id, &archive).await.unwrap();
        }
        self.channels.insert(place, id);
    }

    pub(super) fn channel(&self, place: Place) -> ChannelId {
        self.channels[&place]
    }

    pub(super) fn message(&self, place: Place, standing: Standing) -> MessageId {
        self.messages[&(place, standing)]
    }
}
