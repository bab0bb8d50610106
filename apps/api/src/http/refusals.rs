//! How each error of the domain stands on the wire: one exhaustive match per enum.

use clickclack_chat::access::AccessError;
use clickclack_chat::accounts::AccountError;
use clickclack_chat::channels::ChannelError;
use clickclack_chat::drafts::DraftError;
use clickclack_chat::instance::InstanceError;
use clickclack_chat::invites::InviteError;
use clickclack_chat::links::LinkError;
use clickclack_chat::members::MemberError;
use clickclack_chat::messages::MessageError;
use clickclack_chat::pins::PinError;
use clickclack_chat::preferences::PreferenceError;
use clickclack_chat::reactions::ReactionError;
use clickclack_chat::replay::ReplayError;
use clickclack_chat::saved::SavedError;
use clickclack_chat::sessions::SessionError;
use clickclack_chat::text::Invalid;
use clickclack_chat::workspaces::WorkspaceError;
use clickclack_protocol::api::{ProblemCode, ResyncReason};
use clickclack_protocol::limits;
use clickclack_store::StoreError;

use crate::auth::passwords::Overloaded;
use crate::http::problem::Problem;

/// Seconds after which another try may find the database again.
const RETRY_AFTER_S: i64 = 1;

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable | StoreError::Busy => Self::new(ProblemCode::Unavailable)
                .detail("Nothing was changed; try again.")
                .retry_after(RETRY_AFTER_S),
            StoreError::Nul => Self::field("", "must not contain U+0000"),
            StoreError::Conflict { constraint } => {
                Self::internal(format!("a conflict nobody expects: {constraint}"))
            }
            StoreError::Internal => Self::internal("the store broke; its own log line says how"),
        }
    }
}

impl From<Invalid> for Problem {
    fn from(error: Invalid) -> Self {
        Self::field(error.field, error.message)
    }
}

impl From<Overloaded> for Problem {
    fn from(_: Overloaded) -> Self {
        Self::new(ProblemCode::Unavailable)
            .detail("Too many people are signing in at this moment.")
            .retry_after(RETRY_AFTER_S)
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NotFound => Self::new(ProblemCode::NotFound),
            AccessError::Forbidden => Self::new(ProblemCode::Forbidden),
            AccessError::Store(error) => error.into(),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Access(error) => error.into(),
            AccountError::Invalid(error) => error.into(),
            AccountError::SignupClosed => Self::new(ProblemCode::SignupClosed),
            AccountError::InviteInvalid => Self::new(ProblemCode::InviteInvalid),
            AccountError::EmailTaken => Self::new(ProblemCode::EmailTaken),
            AccountError::CredentialsInvalid => Self::new(ProblemCode::CredentialsInvalid),
            AccountError::LastAdministrator => Self::new(ProblemCode::LastAdministrator),
            // The desk has tried several times: the account changes faster than it can be locked.
            AccountError::Moved => StoreError::Busy.into(),
        }
    }
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Access(error) => error.into(),
            SessionError::CredentialsInvalid => Self::new(ProblemCode::CredentialsInvalid),
            SessionError::Ended => Self::new(ProblemCode::Unauthenticated),
        }
    }
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Access(error) => error.into(),
            LinkError::Invalid(error) => error.into(),
            LinkError::Unusable => Self::new(ProblemCode::LinkInvalid),
        }
    }
}

impl From<InstanceError> for Problem {
    fn from(error: InstanceError) -> Self {
        match error {
            InstanceError::Access(error) => error.into(),
            InstanceError::Invalid(error) => error.into(),
            InstanceError::SetupDone => Self::new(ProblemCode::SetupDone),
            InstanceError::SetupTokenInvalid => Self::new(ProblemCode::SetupTokenInvalid),
            InstanceError::EmailTaken => Self::new(ProblemCode::EmailTaken),
        }
    }
}

impl From<InviteError> for Problem {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::Access(error) => error.into(),
            InviteError::Invalid(error) => error.into(),
            InviteError::Unusable => Self::new(ProblemCode::InviteInvalid),
        }
    }
}

impl From<WorkspaceError> for Problem {
    fn from(error: WorkspaceError) -> Self {
        match error {
            WorkspaceError::Access(error) => error.into(),
            WorkspaceError::Invalid(error) => error.into(),
            WorkspaceError::TooMany(limit) => too_many(limit),
            WorkspaceError::Stale => Self::new(ProblemCode::StaleVersion),
        }
    }
}

impl From<MemberError> for Problem {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::Access(error) => error.into(),
            MemberError::Invalid(error) => error.into(),
            MemberError::OwnerMustTransfer => Self::new(ProblemCode::OwnerMustTransfer),
        }
    }
}

impl From<ChannelError> for Problem {
    fn from(error: ChannelError) -> Self {
        match error {
            ChannelError::Access(error) => error.into(),
            ChannelError::Invalid(error) => error.into(),
            ChannelError::NameTaken => Self::new(ProblemCode::NameTaken),
            ChannelError::Archived => Self::new(ProblemCode::ChannelArchived),
            ChannelError::TooMany(limit) => too_many(limit),
            ChannelError::Stale => Self::new(ProblemCode::StaleVersion),
        }
    }
}

impl From<MessageError> for Problem {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::Access(error) => error.into(),
            MessageError::Invalid(error) => error.into(),
            MessageError::TooLong => too_long(),
            MessageError::Archived => Self::new(ProblemCode::ChannelArchived),
            MessageError::NonceConflict => Self::new(ProblemCode::NonceConflict),
            MessageError::Deleted => Self::new(ProblemCode::MessageDeleted),
            MessageError::Stale => Self::new(ProblemCode::StaleVersion),
            MessageError::NestedThread => Self::new(ProblemCode::NestedThread),
            MessageError::ThreadLocked => Self::new(ProblemCode::ThreadLocked),
        }
    }
}

impl From<ReactionError> for Problem {
    fn from(error: ReactionError) -> Self {
        match error {
            ReactionError::Access(error) => error.into(),
            ReactionError::Invalid(error) => error.into(),
            ReactionError::Archived => Self::new(ProblemCode::ChannelArchived),
            ReactionError::Deleted => Self::new(ProblemCode::MessageDeleted),
            ReactionError::TooMany(limit) => too_many(limit),
        }
    }
}

impl From<PinError> for Problem {
    fn from(error: PinError) -> Self {
        match error {
            PinError::Access(error) => error.into(),
            PinError::Archived => Self::new(ProblemCode::ChannelArchived),
            PinError::Deleted => Self::new(ProblemCode::MessageDeleted),
            PinError::TooMany(limit) => too_many(limit),
        }
    }
}

impl From<SavedError> for Problem {
    fn from(error: SavedError) -> Self {
        match error {
            SavedError::Access(error) => error.into(),
            SavedError::Invalid(error) => error.into(),
            SavedError::Deleted => Self::new(ProblemCode::MessageDeleted),
            SavedError::TooMany(limit) => too_many(limit),
        }
    }
}

impl From<DraftError> for Problem {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Access(error) => error.into(),
            DraftError::TooLong => too_long(),
            DraftError::NestedThread => Self::new(ProblemCode::NestedThread),
            DraftError::TooMany(limit) => too_many(limit),
        }
    }
}

impl From<PreferenceError> for Problem {
    fn from(error: PreferenceError) -> Self {
        match error {
            PreferenceError::Access(error) => error.into(),
            PreferenceError::Invalid(error) => error.into(),
        }
    }
}

impl From<ReplayError> for Problem {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Access(error) => error.into(),
            ReplayError::Resync(reason) => {
                let why = match reason {
                    ResyncReason::UnknownCursor => "The cursor lies beyond the log's end.",
                    ResyncReason::OtherEpoch => "The cursor is from another life of the database.",
                    ResyncReason::TooOld => "The log does not reach back to the cursor.",
                    ResyncReason::TooFarBehind => "The cursor is too far behind.",
                    ResyncReason::AccessChanged => "What you may see has changed.",
                };
                Self::new(ProblemCode::ResyncRequired)
                    .detail(format!("{why} Take a fresh snapshot."))
            }
        }
    }
}

fn too_long() -> Problem {
    let max = limits::MESSAGE_CHARS;
    Problem::new(ProblemCode::MessageTooLong)
        .detail(format!("A message has at most {max} characters."))
        .limit(max)
}

fn too_many(limit: i64) -> Problem {
    Problem::new(ProblemCode::LimitReached)
        .limit(usize::try_from(limit).expect("limits are positive"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_seen_does_not_exist() {
        let code = |problem: Problem| problem.code();
        assert_eq!(code(MessageError::from(AccessError::NotFound).into()), ProblemCode::NotFound);
        assert_eq!(code(ChannelError::from(AccessError::Forbidden).into()), ProblemCode::Forbidden);
    }

    #[test]
    fn a_busy_database_is_not_an_internal_error() {
        let problem = Problem::from(AccountError::from(StoreError::Busy));
        assert_eq!(problem.code(), ProblemCode::Unavailable);
        let conflict = StoreError::Conflict { constraint: "users_pkey".to_owned() };
        assert_eq!(Problem::from(conflict).code(), ProblemCode::Internal);
    }
}
