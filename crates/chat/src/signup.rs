//! Signing up: an account, its first session and, with an invite, its first workspace.

use clickclack_protocol::api::SignupPolicy;
use clickclack_store::{Action, Tx};

use crate::accounts::{self, AccountError};
use crate::desk::{Deed, Target};
use crate::instance;
use crate::joining::{self, Offer};
use crate::passwords;
use crate::sessions::{self, SignedIn};
use crate::text;
use crate::token;

/// Makes an account as the sign-up policy allows and signs it in. An invite is accepted together
/// with it: one does not happen without the other.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// The person's name.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
    /// The password as a PHC string.
    pub password_phc: String,
    /// The token of an invite.
    pub invite_token: Option<String>,
    /// The User-Agent that signs up.
    pub agent: String,
    /// The network address that signs up.
    pub address: String,
}

impl Deed for SignUp {
    fn target(&self) -> Target {
        match &self.invite_token {
            Some(token) => Target::InviteToken(token::hash(token)),
            None => Target::Instance,
        }
    }
}

impl Action for SignUp {
    type Output = SignedIn;
    type Error = AccountError;

    async fn run(&self, tx: &mut Tx) -> Result<SignedIn, AccountError> {
        let (name, email) = (text::person_name(&self.name)?, text::email(&self.email)?);
        let offer = self.offer(tx).await?;
        let user_id = accounts::insert(tx, &name, &email, false).await?;
        passwords::set(tx, user_id, &self.password_phc).await?;
        if let Some(offer) = offer {
            joining::join(tx, user_id, &offer).await?;
        }
        Ok(sessions::open(tx, user_id, &self.agent, &self.address).await?)
    }
}

impl SignUp {
    /// What the policy and the invite allow: signing up with or without joining a workspace.
    async fn offer(&self, tx: &mut Tx) -> Result<Option<Offer>, AccountError> {
        let policy = instance::state(tx).await?.signup_policy;
        match (policy, &self.invite_token) {
            (SignupPolicy::Closed, _) | (SignupPolicy::Invite, None) => {
                Err(AccountError::SignupClosed)
            }
            (SignupPolicy::Open, None) => Ok(None),
            (SignupPolicy::Invite | SignupPolicy::Open, Some(token)) => {
                let offer = joining::find(tx, token).await?;
                let usable = offer.filter(|offer| offer.is_usable);
                Ok(Some(usable.ok_or(AccountError::InviteInvalid)?))
            }
        }
    }
}
