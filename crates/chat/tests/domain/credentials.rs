//! Links, passwords, sessions and tickets: what opens a door, how often and until when.

use clickclack_chat::AccessError;
use clickclack_chat::accounts::AccountError;
use clickclack_chat::activation::{DeactivateUser, ReactivateUser};
use clickclack_chat::all_sessions::{ListAllSessions, RevokeSessionAsOperator};
use clickclack_chat::callers::{TOUCH_INTERVAL_MS, Touch};
use clickclack_chat::invites::InviteError;
use clickclack_chat::joining::AcceptInvite;
use clickclack_chat::links::{CreateMagicLink, IssueMagicLink, LINK_LIFE_MS, LinkError};
use clickclack_chat::passwords::{ChangePassword, CurrentPassword, PasswordOf, ResetPassword};
use clickclack_chat::revocations::Revocations;
use clickclack_chat::sessions::{
    ListSessions, LogOut, RevokeSession, SESSIONS_PER_PERSON, SessionError,
};
use clickclack_chat::tickets::{CreateTicket, TICKET_LIFE_MS, UseTicket};
use clickclack_protocol::api::Role;
use clickclack_trial::both;

use crate::instance::*;

both! {
    async fn a_magic_link_lets_in_once(database: &Database) {
        let town = Town::open(database).await;
        let (ana, _) = town.settle().await;
        let email = "ANA@tidepool.example".to_owned();
        let link = town.desk.act(CreateMagicLink { email: email.clone() }).await.unwrap();
        let both = tokio::join!(
            town.desk.act(consume(&link.token, None)),
            town.desk.act(consume(&link.token, None)),
        );
        let once =
            matches!(both, (Ok(_), Err(LinkError::Unusable)) | (Err(LinkError::Unusable), Ok(_)));
        assert!(once, "one of two, but {both:?}");

        let link = town.desk.act(CreateMagicLink { email: email.clone() }).await.unwrap();
        town.turn(LINK_LIFE_MS);
        let late = town.desk.act(consume(&link.token, None)).await.unwrap_err();
        assert_eq!(late, LinkError::Unusable);

        // With a new password everything that was open before ends.
        let link = town.desk.act(CreateMagicLink { email: email.clone() }).await.unwrap();
        let spare = town.desk.act(CreateMagicLink { email: email.clone() }).await.unwrap();
        let fresh = town.desk.act(consume(&link.token, Some("new phc"))).await.unwrap();
        assert_eq!(town.caller(&ana.token).await, None);
        assert_eq!(town.caller(&fresh.token).await.unwrap().user_id, ana.account.id);
        let ended = town.desk.act(consume(&spare.token, None)).await.unwrap_err();
        assert_eq!(ended, LinkError::Unusable);
        let found = town.desk.look(PasswordOf { email }).await.unwrap();
        assert_eq!(found, Some((ana.account.id, "new phc".to_owned())));
        town.desk.store().close().await;
    }

    async fn deactivation_ends_everything_at_once(database: &Database) {
        let town = Town::open(database).await;
        let (ana, workspace_id) = town.settle().await;
        let made = town.invite(ana.account.id, workspace_id).await;
        let ben = town.newcomer("Ben", &made).await;
        let user_id = ben.account.id;
        let email = "ben@tidepool.example".to_owned();
        let link = town.desk.act(CreateMagicLink { email: email.clone() }).await.unwrap();
        let session_id = ben.session.id;
        let ticket = CreateTicket { actor: user_id, session_id };
        let ticket = town.desk.act(ticket).await.unwrap().ticket;
        let before = town.desk.look(Revocations { after_seq: None }).await.unwrap().newest_seq;

        let by_himself = DeactivateUser { actor: Some(user_id), user_id };
        let refused = town.desk.act(by_himself).await.unwrap_err();
        assert_eq!(refused, AccountError::Access(AccessError::Forbidden));
        let actor = Some(ana.account.id);
        let gone = town.desk.act(DeactivateUser { actor, user_id }).await.unwrap();
        assert!(gone.deactivated);
        assert_eq!(town.caller(&ben.token).await, None);
        let refused = town.desk.act(UseTicket { ticket }).await.unwrap_err();
        assert_eq!(refused, SessionError::Ended);
        let refused = town.desk.act(consume(&link.token, None)).await.unwrap_err();
        assert_eq!(refused, LinkError::Unusable);
        assert_eq!(town.desk.look(PasswordOf { email: email.clone() }).await.unwrap(), None);
        let refused = town.desk.act(sign_in(user_id, None)).await.unwrap_err();
        assert_eq!(refused, SessionError::CredentialsInvalid);
        assert!(town.desk.act(IssueMagicLink { email }).await.unwrap().is_none());
        let accept = AcceptInvite { actor: user_id, token: made.token };
        assert_eq!(town.desk.act(accept).await.unwrap_err(), InviteError::Unusable);
        let told = town.desk.look(Revocations { after_seq: Some(before) }).await.unwrap();
        assert_eq!(told.items.len(), 1);
        assert_eq!((told.items[0].user_id, told.items[0].session_id), (user_id, None));
        let members = town.roles(ana.account.id, workspace_id).await;
        assert!(members.contains(&("Ben".to_owned(), Role::Member, true)));

        // The operator at the machine may bring the account back, but not end the last administrator.
        town.desk.act(ReactivateUser { actor: None, user_id }).await.unwrap();
        assert_eq!(town.caller(&ben.token).await, None);
        town.desk.act(sign_in(user_id, Some("phc of Ben"))).await.unwrap();
        let last = DeactivateUser { actor: None, user_id: ana.account.id };
        assert_eq!(town.desk.act(last).await.unwrap_err(), AccountError::LastAdministrator);
        town.desk.store().close().await;
    }

    async fn a_new_password_ends_every_other_session(database: &Database) {
        let town = Town::open(database).await;
        let (ana, _) = town.settle().await;
        let actor = ana.account.id;
        let current = town.desk.look(CurrentPassword { actor }).await.unwrap();
        assert_eq!(current.as_deref(), Some("phc of Ana"));
        let other = town.desk.act(sign_in(actor, current.as_deref())).await.unwrap();
        let change = |verified: Option<&str>| ChangePassword {
            actor,
            session_id: ana.session.id,
            verified_phc: verified.map(ToOwned::to_owned),
            new_phc: "new phc".to_owned(),
        };
        let refused = town.desk.act(change(None)).await.unwrap_err();
        assert_eq!(refused, AccountError::CredentialsInvalid);
        town.desk.act(change(Some("phc of Ana"))).await.unwrap();
        assert!(town.caller(&ana.token).await.is_some());
        assert_eq!(town.caller(&other.token).await, None);
        // Verified before the change, opened after it: too late.
        let late = town.desk.act(sign_in(actor, Some("phc of Ana"))).await.unwrap_err();
        assert_eq!(late, SessionError::CredentialsInvalid);

        let reset = ResetPassword { email: "ana@tidepool.example".to_owned() };
        let link = town.desk.act(reset).await.unwrap();
        assert_eq!(town.caller(&ana.token).await, None);
        assert_eq!(town.desk.look(CurrentPassword { actor }).await.unwrap(), None);
        town.desk.act(consume(&link.token, Some("newer phc"))).await.unwrap();
        town.desk.store().close().await;
    }

    async fn sessions_are_listed_touched_and_ended(database: &Database) {
        let town = Town::open(database).await;
        let (ana, workspace_id) = town.settle().await;
        let actor = ana.account.id;
        let made = town.invite(actor, workspace_id).await;
        let ben = town.newcomer("Ben", &made).await;
        let other = town.desk.act(sign_in(actor, None)).await.unwrap();
        let (session_id, now) = (ana.session.id, town.now());
        let list = town.desk.look(ListSessions { actor, session_id, now }).await.unwrap().items;
        let shape: Vec<_> = list.iter().map(|session| (session.id, session.current)).collect();
        assert_eq!(shape, [(other.session.id, false), (session_id, true)]);

        let theirs = RevokeSession { actor, session_id: ben.session.id };
        let refused = town.desk.act(theirs).await.unwrap_err();
        assert_eq!(refused, SessionError::Access(AccessError::NotFound));
        town.desk.act(RevokeSession { actor, session_id: other.session.id }).await.unwrap();
        assert_eq!(town.caller(&other.token).await, None);

        town.turn(TOUCH_INTERVAL_MS);
        assert!(town.caller(&ana.token).await.unwrap().wants_touch(town.now()));
        town.desk.act(Touch { session_id }).await.unwrap();
        assert_eq!(town.caller(&ana.token).await.unwrap().last_seen_at, town.now());

        let page = first_page();
        let all = ListAllSessions { user_id: None, page, now: town.now() };
        let owners: Vec<_> = town.desk.look(all.clone()).await.unwrap().items;
        let owners: Vec<_> = owners.iter().map(|item| item.name.as_str()).collect();
        assert_eq!(owners, ["Ana", "Ben"]);
        let bens = ListAllSessions { user_id: Some(ben.account.id), ..all };
        let bens = town.desk.look(bens).await.unwrap().items;
        assert_eq!(bens.len(), 1);
        let by_operator = RevokeSessionAsOperator { session_id: bens[0].session.id };
        town.desk.act(by_operator).await.unwrap();
        assert_eq!(town.caller(&ben.token).await, None);

        town.desk.act(LogOut { actor, session_id }).await.unwrap();
        town.desk.act(LogOut { actor, session_id }).await.unwrap();
        assert_eq!(town.caller(&ana.token).await, None);
        town.desk.store().close().await;
    }

    async fn one_session_too_many_ends_the_one_seen_longest_ago(database: &Database) {
        let town = Town::open(database).await;
        let (ana, _) = town.settle().await;
        for _ in 1..SESSIONS_PER_PERSON {
            town.turn(1);
            town.desk.act(sign_in(ana.account.id, None)).await.unwrap();
        }
        assert!(town.caller(&ana.token).await.is_some());
        let newest = town.desk.act(sign_in(ana.account.id, None)).await.unwrap();
        assert_eq!(town.caller(&ana.token).await, None);
        assert!(town.caller(&newest.token).await.is_some());
        town.desk.store().close().await;
    }

    async fn a_ticket_opens_one_socket_soon(database: &Database) {
        let town = Town::open(database).await;
        let (ana, _) = town.settle().await;
        let make = CreateTicket { actor: ana.account.id, session_id: ana.session.id };
        let ticket = town.desk.act(make.clone()).await.unwrap().ticket;
        let caller = town.desk.act(UseTicket { ticket: ticket.clone() }).await.unwrap();
        assert_eq!(caller, town.caller(&ana.token).await.unwrap());
        let again = town.desk.act(UseTicket { ticket }).await.unwrap_err();
        assert_eq!(again, SessionError::Ended);
        let ticket = town.desk.act(make).await.unwrap().ticket;
        town.turn(TICKET_LIFE_MS);
        let late = town.desk.act(UseTicket { ticket }).await.unwrap_err();
        assert_eq!(late, SessionError::Ended);
        town.desk.store().close().await;
    }
}
