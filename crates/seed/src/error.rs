//! Why a demo is not seeded.

use clickclack_chat::AccessError;
use clickclack_chat::accounts::AccountError;
use clickclack_chat::channels::ChannelError;
use clickclack_chat::demo::DemoError;
use clickclack_chat::drafts::DraftError;
use clickclack_chat::messages::MessageError;
use clickclack_chat::pins::PinError;
use clickclack_chat::reactions::ReactionError;
use clickclack_chat::saved::SavedError;
use clickclack_store::StoreError;

/// Why nothing was done, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// Only an empty database is filled, and only a demo is lengthened.
    #[error("the database is in use: the demo begins in an empty one")]
    InUse,
    /// The demo administrator is in no workspace of that name.
    #[error("the demo has no workspace called {0}")]
    NoWorkspace(String),
    /// There is no channel of that name.
    #[error("the demo has no channel called {0}")]
    NoChannel(String),
    /// The demo was not founded.
    #[error(transparent)]
    Demo(DemoError),
    /// A channel was not made or entered.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// Something was not said.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// Nobody could react.
    #[error(transparent)]
    Reaction(#[from] ReactionError),
    /// Something was not pinned.
    #[error(transparent)]
    Pin(#[from] PinError),
    /// Something was not saved.
    #[error(transparent)]
    Saved(#[from] SavedError),
    /// A draft was not kept.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// An account was not found.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The database did not answer, or refused what must be allowed.
    #[error(transparent)]
    Access(#[from] AccessError),
}

impl From<DemoError> for SeedError {
    fn from(error: DemoError) -> Self {
        if error == DemoError::NotEmpty { Self::InUse } else { Self::Demo(error) }
    }
}

impl From<StoreError> for SeedError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}
