//! An instance to sign up at, with a clock to turn by hand.

use std::sync::Arc;

use clickclack_chat::Desk;
use clickclack_chat::callers::{Authenticate, Caller};
use clickclack_chat::invites::{CreateInvite, MadeInvite};
use clickclack_chat::links::ConsumeMagicLink;
use clickclack_chat::members::ListMembers;
use clickclack_chat::page::Page;
use clickclack_chat::sessions::{OpenSession, SignedIn};
use clickclack_chat::setup::{NewSetupToken, SetUp};
use clickclack_chat::signup::SignUp;
use clickclack_chat::workspaces::ListWorkspaces;
use clickclack_protocol::api::Role;
use clickclack_protocol::ids::{UserId, WorkspaceId};
use clickclack_protocol::time::{Clock, Millis};
use clickclack_store::{Settings, Store};
use clickclack_trial::{Database, HandClock};

/// An instance of its own, with a clock to turn by hand.
pub(crate) struct Town {
    pub(crate) desk: Desk,
    pub(crate) clock: Arc<HandClock>,
}

impl Town {
    pub(crate) async fn open(database: &Database) -> Self {
        let clock = Arc::new(HandClock::default());
        let store = Store::open(Settings::new(database.url(), clock.clone())).await.unwrap();
        Self { desk: Desk::new(store), clock }
    }

    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }

    pub(crate) fn turn(&self, by: Millis) {
        self.clock.turn(by);
    }

    /// Sets the instance up; Ana administers it and owns its workspace.
    pub(crate) async fn settle(&self) -> (SignedIn, WorkspaceId) {
        let token = self.desk.act(NewSetupToken).await.unwrap().unwrap();
        let ana = self.desk.act(set_up(&token, "Ana")).await.unwrap();
        let list = ListWorkspaces { actor: ana.account.id };
        let workspace_id = self.desk.look(list).await.unwrap().items[0].id;
        (ana, workspace_id)
    }

    pub(crate) async fn invite(&self, actor: UserId, workspace_id: WorkspaceId) -> MadeInvite {
        self.desk.act(invite(actor, workspace_id)).await.unwrap()
    }

    /// Signs somebody up by an invite.
    pub(crate) async fn newcomer(&self, name: &str, invite: &MadeInvite) -> SignedIn {
        self.desk.act(sign_up(name, Some(&invite.token))).await.unwrap()
    }

    pub(crate) async fn caller(&self, token: &str) -> Option<Caller> {
        let lookup = Authenticate { token: token.to_owned(), now: self.now() };
        self.desk.look(lookup).await.unwrap()
    }

    pub(crate) async fn roles(
        &self,
        actor: UserId,
        workspace_id: WorkspaceId,
    ) -> Vec<(String, Role, bool)> {
        let page = first_page();
        let list = ListMembers { actor, workspace_id, q: String::new(), page };
        let members = self.desk.look(list).await.unwrap().items;
        let tell = |member: clickclack_protocol::api::Member| {
            (member.user.name, member.role, member.user.deactivated)
        };
        members.into_iter().map(tell).collect()
    }
}

pub(crate) fn first_page() -> Page {
    Page::from_wire(None, None).expect("no cursor and no limit are fine")
}

pub(crate) fn set_up(token: &str, name: &str) -> SetUp {
    SetUp {
        token: token.to_owned(),
        name: name.to_owned(),
        email: format!("{name}@tidepool.example"),
        password_phc: format!("phc of {name}"),
        workspace_name: "Tidepool".to_owned(),
        agent: "a browser".to_owned(),
        address: "192.0.2.1".to_owned(),
    }
}

pub(crate) fn sign_up(name: &str, invite_token: Option<&str>) -> SignUp {
    SignUp {
        name: name.to_owned(),
        email: format!("{name}@tidepool.example"),
        password_phc: format!("phc of {name}"),
        invite_token: invite_token.map(ToOwned::to_owned),
        agent: "a browser".to_owned(),
        address: "192.0.2.1".to_owned(),
    }
}

pub(crate) fn invite(actor: UserId, workspace_id: WorkspaceId) -> CreateInvite {
    CreateInvite {
        actor: Some(actor),
        workspace_id,
        role: None,
        max_uses: None,
        expires_in_s: None,
        channel_ids: None,
    }
}

pub(crate) fn sign_in(user_id: UserId, verified_phc: Option<&str>) -> OpenSession {
    OpenSession {
        user_id,
        verified_phc: verified_phc.map(ToOwned::to_owned),
        agent: "a terminal".to_owned(),
        address: "192.0.2.2".to_owned(),
    }
}

pub(crate) fn consume(token: &str, new_phc: Option<&str>) -> ConsumeMagicLink {
    ConsumeMagicLink {
        token: token.to_owned(),
        new_phc: new_phc.map(ToOwned::to_owned),
        agent: "a browser".to_owned(),
        address: "192.0.2.3".to_owned(),
    }
}
