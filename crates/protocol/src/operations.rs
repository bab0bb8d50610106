//! The operations of the contract as a table, for whoever compares routes and rights with it.

mod table;

pub use table::OPERATIONS;

use crate::api::ProblemCode;

/// An operation of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Its name, `sendMessage`.
    pub id: &'static str,
    /// Its method in upper case, `POST`.
    pub method: &'static str,
    /// Its path with named parameters, `/api/channels/{channel_id}/messages`.
    pub path: &'static str,
    /// Who may call it at all.
    pub security: Security,
    /// Every status of success, with the schema of its JSON body if it has one.
    pub success: &'static [(u16, Option<&'static str>)],
    /// The problem codes that it can answer beside those of [`ANYWHERE`].
    pub codes: &'static [ProblemCode],
}

/// Whether an operation needs a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Anybody may call it.
    Public,
    /// A session, by cookie or bearer token.
    Session,
}

/// The problem codes that any operation can answer, since they come from the door and not from the
/// action behind it.
pub const ANYWHERE: &[ProblemCode] = &[
    ProblemCode::MalformedRequest,
    ProblemCode::Unauthenticated,
    ProblemCode::MethodNotAllowed,
    ProblemCode::UnsupportedMediaType,
    ProblemCode::BodyTooLarge,
    ProblemCode::OriginRefused,
    ProblemCode::HostRefused,
    ProblemCode::RateLimited,
    ProblemCode::Unavailable,
    ProblemCode::Internal,
];

/// The operation of a name.
pub fn by_id(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.id == id)
}

impl Operation {
    /// Whether the contract lets this operation answer this code.
    pub fn may_answer(&self, code: ProblemCode) -> bool {
        self.codes.contains(&code) || ANYWHERE.contains(&code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_its_name() {
        for operation in OPERATIONS {
            assert_eq!(by_id(operation.id), Some(operation));
        }
        assert_eq!(by_id("no_such_operation"), None);
    }

    #[test]
    fn every_code_of_the_contract_has_an_operation_that_answers_it() {
        for code in ProblemCode::ALL {
            let answered = OPERATIONS.iter().any(|operation| operation.may_answer(*code));
            assert!(answered, "no operation answers {}", code.as_str());
        }
    }
}
