//! The shapes that Rust can write: structs, enums, tagged unions and aliases.

/// A named shape.
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) kind: Kind,
}

/// What a shape is.
pub(crate) enum Kind {
    /// Hand-written in `crate::ids`.
    Id,
    /// Another name for a type.
    Alias(String),
    /// A closed set of texts.
    Words(Vec<String>),
    /// An object.
    Object { fields: Vec<Field>, closed: bool },
    /// One of several objects, told apart by the text in `tag`; with `content` what differs stands
    /// below that key, else beside the tag.
    Union { tag: String, content: Option<String>, variants: Vec<Variant> },
}

/// A property of an object.
pub(crate) struct Field {
    pub(crate) wire: String,
    pub(crate) doc: String,
    pub(crate) rust: String,
    pub(crate) presence: Presence,
}

/// Whether a property may be missing or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Always,
    Nullable,
    Optional,
    /// Missing and null mean two things, as in a PATCH.
    OptionalNullable,
    /// Its own properties stand beside the others.
    Flattened,
}

/// A member of a union; without a type it is its tag alone.
pub(crate) struct Variant {
    pub(crate) wire: String,
    pub(crate) rust: Option<String>,
    pub(crate) doc: String,
}
