//! Accounts, sessions and the instance.

use clickclack_protocol::api;
use clickclack_protocol::ids::{SessionId, UserId};

use crate::answer::ClientError;
use crate::call::Call;
use crate::client::Client;

impl Client {
    /// Ways to sign in.
    pub async fn get_auth_providers(&self) -> Result<api::AuthProviders, ClientError> {
        self.get(Call::of("getAuthProviders", &[])).await
    }

    /// Creates the administrator and the first workspace.
    pub async fn set_up(&self, body: &api::SetUp) -> Result<api::SignedIn, ClientError> {
        self.get(Call::of("setUp", &[]).json(body)).await
    }

    /// Creates an account.
    pub async fn sign_up(&self, body: &api::SignUp) -> Result<api::SignedIn, ClientError> {
        self.get(Call::of("signUp", &[]).json(body)).await
    }

    /// Signs in with a password.
    pub async fn log_in(&self, body: &api::LogIn) -> Result<api::SignedIn, ClientError> {
        self.get(Call::of("logIn", &[]).json(body)).await
    }

    /// Signs in as the demo administrator.
    pub async fn log_in_as_demo(
        &self,
        body: &api::LogInAsDemo,
    ) -> Result<api::SignedIn, ClientError> {
        self.get(Call::of("logInAsDemo", &[]).json(body)).await
    }

    /// Ends this session.
    pub async fn log_out(&self) -> Result<(), ClientError> {
        self.done(Call::of("logOut", &[])).await
    }

    /// Has a sign-in link sent.
    pub async fn request_magic_link(
        &self,
        body: &api::RequestMagicLink,
    ) -> Result<(), ClientError> {
        self.done(Call::of("requestMagicLink", &[]).json(body)).await
    }

    /// Signs in with a link.
    pub async fn consume_magic_link(
        &self,
        body: &api::ConsumeMagicLink,
    ) -> Result<api::SignedIn, ClientError> {
        self.get(Call::of("consumeMagicLink", &[]).json(body)).await
    }

    /// One's own sessions.
    pub async fn list_sessions(&self) -> Result<api::SessionList, ClientError> {
        self.get(Call::of("listSessions", &[])).await
    }

    /// Ends one of one's own sessions.
    pub async fn revoke_session(&self, session_id: SessionId) -> Result<(), ClientError> {
        self.done(Call::of("revokeSession", &[("session_id", &session_id)])).await
    }

    /// The account that is calling.
    pub async fn get_me(&self) -> Result<api::Account, ClientError> {
        self.get(Call::of("getMe", &[])).await
    }

    /// Changes one's name.
    pub async fn update_me(&self, body: &api::UpdateMe) -> Result<api::Account, ClientError> {
        self.get(Call::of("updateMe", &[]).json(body)).await
    }

    /// Sets a new password.
    pub async fn change_password(&self, body: &api::ChangePassword) -> Result<(), ClientError> {
        self.done(Call::of("changePassword", &[]).json(body)).await
    }

    /// The personal state.
    pub async fn get_my_state(
        &self,
        query: &api::GetMyStateQuery,
    ) -> Result<api::PersonalState, ClientError> {
        self.get(Call::of("getMyState", &[]).query(query)).await
    }

    /// All accounts, for the administrator.
    pub async fn list_users(
        &self,
        query: &api::ListUsersQuery,
    ) -> Result<api::AccountPage, ClientError> {
        self.get(Call::of("listUsers", &[]).query(query)).await
    }

    /// A person.
    pub async fn get_user(&self, user_id: UserId) -> Result<api::User, ClientError> {
        self.get(Call::of("getUser", &[("user_id", &user_id)])).await
    }

    /// Deactivates an account.
    pub async fn deactivate_user(&self, user_id: UserId) -> Result<api::Account, ClientError> {
        self.get(Call::of("deactivateUser", &[("user_id", &user_id)])).await
    }

    /// Lets a deactivated account in again.
    pub async fn reactivate_user(&self, user_id: UserId) -> Result<api::Account, ClientError> {
        self.get(Call::of("reactivateUser", &[("user_id", &user_id)])).await
    }

    /// Settings of the instance.
    pub async fn get_instance(&self) -> Result<api::Instance, ClientError> {
        self.get(Call::of("getInstance", &[])).await
    }

    /// Changes settings of the instance.
    pub async fn update_instance(
        &self,
        body: &api::UpdateInstance,
    ) -> Result<api::Instance, ClientError> {
        self.get(Call::of("updateInstance", &[]).json(body)).await
    }

    /// The process answers.
    pub async fn get_health(&self) -> Result<api::Health, ClientError> {
        self.get(Call::of("getHealth", &[])).await
    }

    /// The database answers too.
    pub async fn get_readiness(&self) -> Result<api::Health, ClientError> {
        self.get(Call::of("getReadiness", &[])).await
    }
}
