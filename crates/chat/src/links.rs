//! Magic links: a way in that works once, for 15 minutes.

use clickclack_protocol::api;
use clickclack_protocol::ids::UserId;
use clickclack_protocol::time::{Millis, to_wire};
use clickclack_store::{Action, StoreError, Tx, params};

use crate::access::AccessError;
use crate::accounts;
use crate::desk::{Deed, Target};
use crate::jobs;
use crate::passwords;
use crate::sessions::{self, SignedIn};
use crate::text::{self, Invalid};
use crate::token;

/// How long a link can be used: 15 minutes.
pub const LINK_LIFE_MS: Millis = 15 * 60_000;
/// Links of one account that can be used at a time; one more ends the oldest.
const LINKS_PER_PERSON: i64 = 10;
/// Kind of the job that mails a link; its data is a [`MailMagicLink`].
pub const MAIL_MAGIC_LINK: &str = "mail_magic_link";

/// Why a link was not made or does not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// There is no such account.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A field is not as it must be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The link is unknown, used or expired; which of them nobody learns.
    #[error("the link cannot be used")]
    Unusable,
}

impl From<StoreError> for LinkError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

/// A link that was just made.
#[derive(Debug, Clone)]
pub struct IssuedLink {
    /// Whom it lets in.
    pub account: api::Account,
    /// `ckl_…`, shown this once.
    pub token: String,
    /// Until when, RFC 3339.
    pub expires_at: String,
}

/// What the job that mails a link has to know. The account is looked up when it runs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MailMagicLink {
    /// The address that asked, in lower case.
    pub email: String,
}

/// Makes a link for an account.
pub(crate) async fn issue(tx: &mut Tx, user_id: UserId) -> Result<IssuedLink, StoreError> {
    tx.execute(
        "DELETE FROM magic_links WHERE token_hash IN
           (SELECT token_hash FROM magic_links WHERE user_id = $1
            ORDER BY expires_at DESC, token_hash LIMIT 1000 OFFSET $2)",
        params![user_id, LINKS_PER_PERSON - 1],
    )
    .await?;
    let token = token::new("ckl", tx.secret());
    let expires_at = tx.now() + LINK_LIFE_MS;
    tx.execute(
        "INSERT INTO magic_links (token_hash, user_id, expires_at) VALUES ($1, $2, $3)",
        params![token::hash(&token), user_id, expires_at],
    )
    .await?;
    let account = accounts::load(tx, user_id).await?;
    Ok(IssuedLink { account, token, expires_at: to_wire(expires_at) })
}

/// Ends every link of an account.
pub(crate) async fn end_all(tx: &mut Tx, user_id: UserId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM magic_links WHERE user_id = $1", params![user_id]).await?;
    Ok(())
}

/// A link for the account with this address, if it may sign in.
async fn issue_by_email(tx: &mut Tx, email: &str) -> Result<Option<IssuedLink>, StoreError> {
    match accounts::find(tx, email).await? {
        Some(account) if !account.deactivated => issue(tx, account.id).await.map(Some),
        Some(_) | None => Ok(None),
    }
}

/// Makes a link at the machine, to be handed over by the operator.
#[derive(Debug, Clone)]
pub struct CreateMagicLink {
    /// The account's e-mail address, in any case.
    pub email: String,
}

impl Deed for CreateMagicLink {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for CreateMagicLink {
    type Output = IssuedLink;
    type Error = LinkError;

    async fn run(&self, tx: &mut Tx) -> Result<IssuedLink, LinkError> {
        Ok(issue_by_email(tx, &self.email).await?.ok_or(AccessError::NotFound)?)
    }
}

/// Asks for a link by e-mail. A job is written in any case, so that neither the answer nor the
/// time it takes tells whether the account exists.
#[derive(Debug, Clone)]
pub struct RequestMagicLink {
    /// The address.
    pub email: String,
}

impl Deed for RequestMagicLink {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for RequestMagicLink {
    type Output = ();
    type Error = LinkError;

    async fn run(&self, tx: &mut Tx) -> Result<(), LinkError> {
        let data = MailMagicLink { email: text::email(&self.email)? };
        let now = tx.now();
        Ok(jobs::enqueue(tx, MAIL_MAGIC_LINK, &data, now).await?)
    }
}

/// Makes the link that a mail job sends; none when there is no account that may sign in.
#[derive(Debug, Clone)]
pub struct IssueMagicLink {
    /// The address of the job.
    pub email: String,
}

impl Deed for IssueMagicLink {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for IssueMagicLink {
    type Output = Option<IssuedLink>;
    type Error = LinkError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<IssuedLink>, LinkError> {
        Ok(issue_by_email(tx, &self.email).await?)
    }
}

/// Signs in with a link, once. With a new password every other session and link ends.
#[derive(Debug, Clone)]
pub struct ConsumeMagicLink {
    /// `ckl_…`
    pub token: String,
    /// The new password as a PHC string, if one is set.
    pub new_phc: Option<String>,
    /// The User-Agent that signs in.
    pub agent: String,
    /// The network address that signs in.
    pub address: String,
}

impl Deed for ConsumeMagicLink {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for ConsumeMagicLink {
    type Output = SignedIn;
    type Error = LinkError;

    async fn run(&self, tx: &mut Tx) -> Result<SignedIn, LinkError> {
        let now = tx.now();
        let row = tx
            .maybe(
                "UPDATE magic_links SET used_at = $1
                 WHERE token_hash = $2 AND used_at IS NULL AND expires_at > $1
                 RETURNING user_id",
                params![now, token::hash(&self.token)],
            )
            .await?
            .ok_or(LinkError::Unusable)?;
        let user_id: UserId = row.get(0)?;
        if accounts::load(tx, user_id).await?.deactivated {
            return Err(LinkError::Unusable);
        }
        if let Some(phc) = &self.new_phc {
            passwords::set(tx, user_id, phc).await?;
            end_all(tx, user_id).await?;
            sessions::end_others(tx, user_id, None).await?;
        }
        Ok(sessions::open(tx, user_id, &self.agent, &self.address).await?)
    }
}
