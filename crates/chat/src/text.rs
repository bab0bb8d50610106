//! What texts may be: lengths and characters of names, topics, addresses and messages.

use clickclack_protocol::limits;
use clickclack_store::StoreError;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;
use serde_json::Value;

/// A field that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Invalid {
    /// Name of the field on the wire.
    pub field: &'static str,
    /// What is wrong with it, for people.
    pub message: String,
}

impl Invalid {
    /// A field and what is wrong with it.
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

/// A name in one line: trimmed, with something in it, without control characters.
pub(crate) fn line(field: &'static str, text: &str, max: usize) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::new(field, "must not be empty"));
    }
    if text.chars().count() > max {
        return Err(Invalid::new(field, format!("must have at most {max} characters")));
    }
    if text.chars().any(is_hidden) {
        return Err(Invalid::new(field, "must not contain control characters"));
    }
    Ok(text.to_owned())
}

/// A person's name.
pub fn person_name(text: &str) -> Result<String, Invalid> {
    line("name", text, limits::NAME_CHARS)
}

/// An e-mail address in lower case. Only what cannot be one is refused: whether it is one, the
/// link that is sent there shows.
pub fn email(text: &str) -> Result<String, Invalid> {
    let text = line("email", text, limits::EMAIL_CHARS)?.to_lowercase();
    let shaped = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    if !shaped || text.chars().any(char::is_whitespace) {
        return Err(Invalid::new("email", "must be an e-mail address"));
    }
    Ok(text)
}

/// A new password, counted in characters.
pub fn new_password(field: &'static str, text: &str) -> Result<(), Invalid> {
    let chars = text.chars().count();
    if chars < limits::PASSWORD_CHARS_MIN {
        let min = limits::PASSWORD_CHARS_MIN;
        return Err(Invalid::new(field, format!("must have at least {min} characters")));
    }
    if chars > limits::PASSWORD_CHARS {
        let max = limits::PASSWORD_CHARS;
        return Err(Invalid::new(field, format!("must have at most {max} characters")));
    }
    if text.contains('\0') {
        return Err(Invalid::new(field, "must not contain control characters"));
    }
    Ok(())
}

/// A channel's name: letters and digits of any script in lower case, `-`, `_` and `.`.
pub(crate) fn channel_name(text: &str) -> Result<String, Invalid> {
    let name = line("name", text, limits::CHANNEL_NAME_CHARS)?.to_lowercase();
    // UAX #31 knows which marks belong to the words of their scripts.
    let plain = |c: char| unicode_ident::is_xid_continue(c) || matches!(c, '-' | '.');
    let begins_well = name.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_');
    if begins_well && name.chars().all(plain) {
        Ok(name)
    } else {
        Err(Invalid::new(
            "name",
            "may have letters, digits, '-', '_' and '.', and begins with a letter or digit",
        ))
    }
}

/// A channel's topic, possibly empty.
pub(crate) fn topic(text: &str) -> Result<String, Invalid> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    line("topic", text, limits::TOPIC_CHARS)
}

/// Whether a text has more characters than a message may have. Bytes are looked at first: counting
/// the characters of a text that is far too long is work for nothing.
pub(crate) fn is_too_long(text: &str) -> bool {
    text.len() > limits::MESSAGE_CHARS * 4 || text.chars().count() > limits::MESSAGE_CHARS
}

/// Control characters, and those that turn the direction of what stands behind them: a name must
/// not be able to dress up as another.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Reads an enum of the contract from its column.
pub(crate) fn stored<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    let text: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    T::deserialize(text).map_err(|_| StoreError::Internal)
}

/// Reads a shape of the contract from the JSON of its column.
pub(crate) fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Internal)
}

/// The text of an enum of the contract, for its column.
pub(crate) fn to_stored<T: serde::Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        _ => unreachable!("the contract's enums are strings"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_plain_line() {
        assert_eq!(person_name("  Ana Ruiz ").unwrap(), "Ana Ruiz");
        for text in ["", "   ", "a\nb", "a\0b", "\u{202E}ana", &"x".repeat(81)] {
            assert!(person_name(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn channel_names_are_lower_case_words() {
        for name in ["café-2", "हिन्दी", "ภาษาไทย", "日本語", "_a", "2.0", "cafe\u{301}"]
        {
            assert_eq!(channel_name(name).unwrap(), name);
        }
        assert_eq!(channel_name("Café-2").unwrap(), "café-2");
        for text in ["", "a b", "#a", "a/b", "<b>", "a\u{200D}b", "-a", ".", "\u{301}a", "a🦀"] {
            assert!(channel_name(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn addresses_have_two_sides() {
        assert_eq!(email("Ana@Tidepool.example").unwrap(), "ana@tidepool.example");
        for text in ["", "ana", "@b", "a@", "a@b@c", "a b@c", "a@b\n"] {
            assert!(email(text.trim_end_matches(' ')).is_err() || text == "a@b\n", "{text:?}");
        }
    }
}
