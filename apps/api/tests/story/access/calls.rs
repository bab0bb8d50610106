//! What is said to try an operation: a request that nothing is wrong with but perhaps who sends it.

use std::fmt::Display;

use clickclack_client::{Call, Client};
use clickclack_protocol::api::{self, Role};
use clickclack_protocol::ids::UserId;
use clickclack_protocol::operations::by_id;

use super::scene::{Cast, Place, Scene, Standing};
use crate::town::{PASSWORD, Town, nonce, sign_up};

/// A field of the table.
pub(super) struct Cell<'a> {
    pub(super) what: &'static str,
    pub(super) place: Option<Place>,
    pub(super) standing: Standing,
    pub(super) cast: &'a Cast,
    pub(super) scene: &'a Scene,
}

impl Cell<'_> {
    /// Tries it: `None` when it was let, else the code that it was refused with.
    pub(super) async fn attempt(&self, town: &Town) -> Option<api::ProblemCode> {
        let answer = self.client(town).await.send(self.call()).await.unwrap();
        let status = answer.status.as_u16();
        if status >= 400 {
            return Some(answer.problem().unwrap().code);
        }
        let operation = by_id(self.operation()).expect("rows name operations");
        assert!(operation.success.iter().any(|(wanted, _)| *wanted == status), "{}", self.what);
        None
    }

    fn operation(&self) -> &'static str {
        self.what.split(':').next().expect("a split has a first part")
    }

    fn variant(&self) -> &'static str {
        self.what.split_once(':').map_or("", |(_, variant)| variant)
    }

    async fn client(&self, town: &Town) -> Client {
        let Some(person) = self.cast.person(self.standing) else { return town.nobody.clone() };
        let ends = self.operation() == "logOut" && self.standing != Standing::Deactivated;
        if ends && self.standing != Standing::Administrator {
            return Cast::signs_in_again(town, person).await.client;
        }
        if ends {
            return Cast::signs_in_again(town, &town.ana).await.client;
        }
        person.client.clone()
    }

    fn call(&self) -> Call {
        let (cast, scene, place) = (self.cast, self.scene, self.place.unwrap_or(Place::Public));
        let (channel_id, user_id) = (scene.channel(place), self.subject());
        let message_id = scene.message(place, self.standing);
        let parameters: [(&str, &(dyn Display + Sync)); 9] = [
            ("workspace_id", &scene.workspace_id),
            ("channel_id", &channel_id),
            ("message_id", &message_id),
            ("root_id", &message_id),
            ("emoji", &"%F0%9F%A6%80"),
            ("user_id", &user_id),
            ("session_id", &cast.foreign_session),
            ("invite_id", &scene.invite_id),
            ("token", &scene.invite_token),
        ];
        let call = Call::of(self.operation(), &parameters);
        match self.operation() {
            "getMyState" | "listOnline" | "listEvents" | "listThreads" | "listSaved"
            | "listDrafts" => self.with_query(call),
            "openSocket" => call
                .header("connection", "upgrade")
                .header("upgrade", "websocket")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
                .header("sec-websocket-protocol", "clickclack.v1"),
            "setUp" | "signUp" | "logIn" | "logInAsDemo" | "requestMagicLink"
            | "consumeMagicLink" | "updateMe" | "changePassword" | "updateInstance" => {
                self.with_account(call)
            }
            _ => self.with_body(call),
        }
    }

    /// Whom it is done to. Whoever may remove somebody finds somebody who is still there.
    fn subject(&self) -> UserId {
        let person = match (self.operation(), self.variant(), self.standing) {
            ("deactivateUser" | "reactivateUser", ..) => &self.cast.elsewhere,
            ("removeMember", "oneself", standing) => {
                self.cast.person(standing).unwrap_or(&self.cast.elsewhere)
            }
            ("removeMember", "the-owner", _) => &self.scene.owner,
            ("removeMember" | "removeChannelMember", _, Standing::Admin) => {
                &self.cast.bystanders[1]
            }
            ("removeMember" | "removeChannelMember", _, Standing::Owner) => {
                &self.cast.bystanders[2]
            }
            _ => &self.cast.bystanders[0],
        };
        person.id
    }

    fn with_query(&self, call: Call) -> Call {
        let workspace_id = self.scene.workspace_id;
        match self.operation() {
            "getMyState" => call.query(&api::GetMyStateQuery { workspace_id, since: None }),
            "listOnline" => call.query(&api::ListOnlineQuery { workspace_id }),
            "listThreads" => call.query(&api::ListThreadsQuery {
                workspace_id,
                unread: None,
                cursor: None,
                limit: None,
            }),
            "listSaved" => {
                call.query(&api::ListSavedQuery { workspace_id, cursor: None, limit: None })
            }
            "listDrafts" => call.query(&api::ListDraftsQuery { workspace_id }),
            _ => call.query(&api::ListEventsQuery {
                workspace_id,
                after_cursor: self.scene.as_of.clone(),
                limit: None,
            }),
        }
    }

    fn with_account(&self, call: Call) -> Call {
        let transport = Some(api::SessionTransport::Token);
        let name = || self.cast.person(self.standing).map_or("Nobody", |person| &person.name);
        match self.operation() {
            "setUp" => call.json(&api::SetUp {
                token: "cst_guessed".into(),
                name: "Mallory".into(),
                email: "mallory@tidepool.example".into(),
                password: PASSWORD.into(),
                workspace_name: "Mine".into(),
                transport,
            }),
            "signUp" => {
                let name = format!("New{:?}", self.standing);
                call.json(&sign_up(&name, Some(self.scene.invite_token.clone())))
            }
            "logIn" => call.json(&api::LogIn {
                email: "ana@tidepool.example".into(),
                password: PASSWORD.into(),
                transport,
            }),
            "logInAsDemo" => call.json(&api::LogInAsDemo { transport }),
            "requestMagicLink" => {
                call.json(&api::RequestMagicLink { email: "ana@tidepool.example".into() })
            }
            "consumeMagicLink" => call.json(&api::ConsumeMagicLink {
                token: "ckl_guessed".into(),
                new_password: None,
                transport,
            }),
            "updateMe" => call.json(&api::UpdateMe { name: Some(name().into()) }),
            "changePassword" => call.json(&api::ChangePassword {
                current_password: Some("guessed, and wrong".into()),
                new_password: PASSWORD.into(),
            }),
            _ => call.json(&api::UpdateInstance {
                name: Some("Shore".into()),
                signup_policy: None,
                workspace_creation: None,
            }),
        }
    }

    fn with_body(&self, call: Call) -> Call {
        let standing = self.standing;
        let name = format!("by-{standing:?}").to_lowercase();
        match self.operation() {
            "createWorkspace" => call.json(&api::CreateWorkspace { name: "Own".into() }),
            "updateWorkspace" => {
                call.json(&api::UpdateWorkspace { name: Some(name), version: None })
            }
            "updateMember" => {
                let role = if self.variant() == "to-owner" { Role::Owner } else { Role::Admin };
                call.json(&api::UpdateMember { role })
            }
            "createInvite" => call.json(&crate::town::no_invite()),
            "createChannel" => {
                call.json(&api::CreateChannel { name, kind: api::ChannelKind::Public, topic: None })
            }
            "updateChannel" => {
                let reopens = self.variant() == "reopen";
                call.json(&api::UpdateChannel {
                    name: (self.variant() == "name")
                        .then(|| format!("{name}-{:?}", self.place).replace(['(', ')'], "")),
                    topic: (self.variant() == "topic").then_some(name),
                    archived: reopens.then_some(false),
                    version: None,
                })
            }
            "markRead" | "markThreadRead" => call.json(&api::MarkRead { seq: 1 }),
            "markUnread" | "markThreadUnread" => call.json(&api::MarkUnread { seq: 1 }),
            "sendReply" => call.json(&api::SendReply {
                nonce: nonce(),
                body: name,
                quote_of: None,
                also_in_channel: None,
            }),
            "updateThread" => {
                call.json(&api::UpdateThread { title: Some(name), locked: None, version: None })
            }
            "sendMessage" => {
                call.json(&api::SendMessage { nonce: nonce(), body: name, quote_of: None })
            }
            "addReaction" => call.json(&api::AddReaction { emoji: "🦀".into() }),
            "putDraft" => call.json(&api::PutDraft {
                channel_id: self.scene.channel(self.place.unwrap_or(Place::Public)),
                thread_root_id: None,
                body: name,
            }),
            "updatePreferences" => {
                call.json(&api::UpdatePreferences { sections: Some(Vec::new()) })
            }
            "updateChannelPreferences" => {
                call.json(&api::UpdateChannelPreferences { starred: Some(true), muted: None })
            }
            "editMessage" => call.json(&api::EditMessage { body: name, version: None }),
            "sendEphemeral" => call.json(&api::SendEphemeral {
                channel_id: self.scene.channel(self.place.unwrap_or(Place::Public)),
                thread_root_id: (self.variant() == "thread")
                    .then(|| self.scene.message(self.place.unwrap_or(Place::Public), standing)),
                typing: api::TypingState::Started,
            }),
            _ => call,
        }
    }
}
