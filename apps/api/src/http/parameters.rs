//! Parameters of a URL: ids in the path, values in the query.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use clickclack_chat::history::Stretch;
use clickclack_protocol::api::ProblemCode;
use clickclack_protocol::limits;
use serde::de::DeserializeOwned;

use crate::http::problem::Problem;

/// Ids of the path. One that is no id names nothing: 404.
#[derive(Debug)]
pub struct Ids<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Ids<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(ids)) => Ok(Self(ids)),
            Err(_) => Err(Problem::new(ProblemCode::NotFound)),
        }
    }
}

/// The token in the path of an invite.
#[derive(Debug)]
pub struct Token(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(token)) if !token.contains('\0') && token.len() <= 100 => Ok(Self(token)),
            Ok(_) | Err(_) => Err(Problem::new(ProblemCode::InviteInvalid)),
        }
    }
}

/// The query. What is wrong in it is a field that is wrong: 422.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parse(parts.uri.query().unwrap_or("")).map(Self)
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    if let Some((name, _)) = pairs.clone().find(|(_, value)| value.contains('\0')) {
        return Err(Problem::field(name, "must not contain U+0000"));
    }
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs))
        .map_err(|error| Problem::of_shape(&error.path().to_string(), &error.inner().to_string()))
}

/// A page's length: what was asked for, within what is allowed.
pub fn limit(asked: Option<i64>) -> Result<i64, Problem> {
    let limit = asked.unwrap_or(limits::PAGE_DEFAULT);
    if (1..=limits::PAGE_MAX).contains(&limit) {
        Ok(limit)
    } else {
        let max = limits::PAGE_MAX;
        Err(Problem::field("limit", format!("must be 1 to {max}")))
    }
}

/// A stretch of history: at most one of the three positions, each where a message can be.
pub fn stretch(
    before_seq: Option<i64>,
    after_seq: Option<i64>,
    around_seq: Option<i64>,
) -> Result<Stretch, Problem> {
    let at_least = |field: &'static str, seq: i64, least: i64| {
        if seq >= least {
            Ok(seq)
        } else {
            Err(Problem::field(field, format!("must be at least {least}")))
        }
    };
    match (before_seq, after_seq, around_seq) {
        (None, None, None) => Ok(Stretch::Newest),
        (Some(seq), None, None) => Ok(Stretch::Before(at_least("before_seq", seq, 1)?)),
        (None, Some(seq), None) => Ok(Stretch::After(at_least("after_seq", seq, 0)?)),
        (None, None, Some(seq)) => Ok(Stretch::Around(at_least("around_seq", seq, 1)?)),
        (Some(_), _, _) => Err(Problem::field("before_seq", "only one position may be given")),
        (None, Some(_), Some(_)) => {
            Err(Problem::field("after_seq", "only one position may be given"))
        }
    }
}

#[cfg(test)]
mod tests {
    use clickclack_protocol::api::{ListEventsQuery, ListMembersQuery, ListMessagesQuery};

    use super::*;

    fn field<T: DeserializeOwned + std::fmt::Debug>(query: &str) -> String {
        parse::<T>(query).unwrap_err().errors()[0].field.clone()
    }

    #[test]
    fn what_is_wrong_in_a_query_is_named() {
        assert_eq!(field::<ListMessagesQuery>("before_seq=x"), "before_seq");
        assert_eq!(field::<ListMessagesQuery>("limit=99999999999999999999"), "limit");
        assert_eq!(field::<ListMembersQuery>("q=a%00b"), "q");
        assert_eq!(field::<ListEventsQuery>("after_cursor=a-1"), "workspace_id");
        assert_eq!(field::<ListEventsQuery>("workspace_id=usr_1&after_cursor=a-1"), "workspace_id");
    }

    #[test]
    fn a_page_has_a_length_within_bounds() {
        assert_eq!(limit(None).unwrap(), limits::PAGE_DEFAULT);
        assert_eq!(limit(Some(1)).unwrap(), 1);
        assert!(limit(Some(0)).is_err());
        assert!(limit(Some(limits::PAGE_MAX + 1)).is_err());
    }

    #[test]
    fn a_stretch_has_one_position() {
        assert_eq!(stretch(None, None, None).unwrap(), Stretch::Newest);
        assert_eq!(stretch(Some(3), None, None).unwrap(), Stretch::Before(3));
        assert_eq!(stretch(None, Some(0), None).unwrap(), Stretch::After(0));
        assert_eq!(stretch(None, None, Some(1)).unwrap(), Stretch::Around(1));
        for (before, after, around) in [
            (Some(0), None, None),
            (None, Some(-1), None),
            (None, None, Some(0)),
            (Some(1), Some(1), None),
            (None, Some(1), Some(1)),
        ] {
            assert!(stretch(before, after, around).is_err());
        }
    }
}
