//! Names of the contract as Rust writes them.

/// `message.created`, `sendMessage` or `not_a_member` as `MessageCreated`, `SendMessage`, `NotAMember`.
pub(crate) fn type_name(name: &str) -> String {
    let mut result = String::with_capacity(name.len());
    let mut at_start = true;
    for letter in name.chars() {
        if !letter.is_ascii_alphanumeric() {
            at_start = true;
        } else if at_start {
            result.push(letter.to_ascii_uppercase());
            at_start = false;
        } else {
            result.push(letter);
        }
    }
    result
}

/// `sendMessage` or `MessageCreated` as `send_message`, `message_created`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut result = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !result.is_empty() {
            result.push('_');
        }
        result.push(letter.to_ascii_lowercase());
    }
    result
}

/// A field's name; Rust's own words are written raw, which serde undoes.
pub(crate) fn field_name(name: &str) -> String {
    const RESERVED: [&str; 9] =
        ["type", "ref", "use", "in", "match", "move", "where", "loop", "final"];
    if RESERVED.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_their_spelling_only() {
        assert_eq!(type_name("message.created"), "MessageCreated");
        assert_eq!(type_name("sendMessage"), "SendMessage");
        assert_eq!(type_name("not_a_member"), "NotAMember");
        assert_eq!(snake_case("sendMessage"), "send_message");
        assert_eq!(snake_case("NotAMember"), "not_a_member");
        assert_eq!(field_name("type"), "r#type");
        assert_eq!(field_name("body"), "body");
    }
}
