//! JSON request bodies: media type, size, shape, and no U+0000 anywhere.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use clickclack_protocol::api::ProblemCode;
use clickclack_protocol::limits;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::timeout;

use crate::http::problem::Problem;

/// How long a client may take to send a body.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// A body of the contract's shape.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        if !is_json(&head.headers) {
            return Err(Problem::new(ProblemCode::UnsupportedMediaType)
                .detail("Send Content-Type: application/json."));
        }
        let bytes = read(body).await?;
        parse(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.unwrap_or("").split(';').next().unwrap_or("").trim();
    essence.eq_ignore_ascii_case("application/json")
}

async fn read(body: Body) -> Result<Bytes, Problem> {
    let malformed = |detail| Err(Problem::new(ProblemCode::MalformedRequest).detail(detail));
    let Ok(read) = timeout(READ_TIMEOUT, Limited::new(body, limits::BODY_BYTES).collect()).await
    else {
        return malformed("The body did not come in time.");
    };
    match read {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let max = limits::BODY_BYTES;
            Err(Problem::new(ProblemCode::BodyTooLarge)
                .detail(format!("A body has at most {max} bytes."))
                .limit(max))
        }
        Err(_) => malformed("The body broke off."),
    }
}

/// The whole body is read as JSON before its shape is looked at: so what is no JSON is refused as
/// that wherever it breaks, also in a field that nobody asked for.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| syntax(&error))?;
    refuse_unwanted(&value, &mut String::new())?;
    // A list of the fields' values would be read as well.
    if !value.is_object() {
        return Err(Problem::field("", "must be an object"));
    }
    serde_path_to_error::deserialize(value)
        .map_err(|error| Problem::of_shape(&error.path().to_string(), &error.inner().to_string()))
}

/// Nothing in the contract is nullable, and no database column takes U+0000.
fn refuse_unwanted(value: &Value, path: &mut String) -> Result<(), Problem> {
    let length = path.len();
    match value {
        Value::Null => return Err(Problem::field(path.as_str(), "must not be null")),
        Value::String(text) if text.contains('\0') => {
            return Err(Problem::field(path.as_str(), "must not contain U+0000"));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
                refuse_unwanted(item, path)?;
                path.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(name);
                refuse_unwanted(field, path)?;
                path.truncate(length);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    Ok(())
}

fn syntax(error: &serde_json::Error) -> Problem {
    let detail = format!("Not JSON at line {}, column {}.", error.line(), error.column());
    Problem::new(ProblemCode::MalformedRequest).detail(detail)
}

/// A figure that counts something.
pub fn not_negative(field: &str, figure: Option<i64>) -> Result<(), Problem> {
    match figure {
        Some(..0) => Err(Problem::field(field, "must not be negative")),
        Some(_) | None => Ok(()),
    }
}

/// A place in a channel or thread, which begin with 1.
pub fn place(seq: i64) -> Result<i64, Problem> {
    if seq >= 1 { Ok(seq) } else { Err(Problem::field("seq", "must be at least 1")) }
}

/// What is longer than anything that could fit costs no hashing.
pub fn at_most(field: &'static str, text: &str, max: usize) -> Result<(), Problem> {
    if text.chars().count() <= max {
        Ok(())
    } else {
        Err(Problem::field(field, format!("must have at most {max} characters")))
    }
}

#[cfg(test)]
mod tests {
    use clickclack_protocol::api::{CreateInvite, SendMessage, UpdateMe};

    use super::*;

    fn refused<T: DeserializeOwned + std::fmt::Debug>(body: &str) -> String {
        let problem = parse::<T>(body.as_bytes()).unwrap_err();
        let field = problem.errors().first().map_or("-", |error| &error.field);
        format!("{} {field}", problem.code().as_str())
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, wrong) in [
            ("", "malformed_request -"),
            ("{", "malformed_request -"),
            ("{\"nonce\":\"\u{1}\"}", "malformed_request -"),
            (r#"{"nonce":"12345678","body":"x"} x"#, "malformed_request -"),
            (r#"{"nonce":"12345678","body":"x","other":"\ud800"}"#, "malformed_request -"),
            (&"[".repeat(1000), "malformed_request -"),
            ("[]", "invalid_request "),
            (r#"["12345678","x"]"#, "invalid_request "),
            ("null", "invalid_request "),
            (r#"{"nonce":"12345678"}"#, "invalid_request body"),
            (r#"{"nonce":"12345678","body":3}"#, "invalid_request body"),
            (r#"{"nonce":"12345678","body":null}"#, "invalid_request body"),
            (r#"{"nonce":"12345678","body":"a\u0000b"}"#, "invalid_request body"),
            (
                r#"{"nonce":"12345678","body":"x","other":{"a":["\u0000"]}}"#,
                "invalid_request other.a[0]",
            ),
        ] {
            assert_eq!(refused::<SendMessage>(body), wrong, "{body}");
        }
        assert_eq!(refused::<UpdateMe>(r#"{"name":null}"#), "invalid_request name");
        assert_eq!(refused::<CreateInvite>(r#"{"role":7}"#), "invalid_request role");
        let invite = r#"{"channel_ids":["chn_01HZXW3V9Y4Q2J8K7M6N5P4R3S","usr_1"]}"#;
        assert_eq!(refused::<CreateInvite>(invite), "invalid_request channel_ids[1]");
    }

    #[test]
    fn an_escaped_backslash_is_no_nul() {
        let sent: SendMessage =
            parse(br#"{"nonce":"12345678","body":"\\u0000 and null"}"#).unwrap();
        assert_eq!(sent.body, "\\u0000 and null");
    }

    #[test]
    fn only_json_is_json() {
        for (kind, fits) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            assert_eq!(is_json(&headers), fits, "{kind}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
