//! Secrets that are handed out once and stored only as a hash: session, invite, link and ticket
//! tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Writes 32 random bytes as a token, `prefix_` + 43 characters, so that a leaked one can be
/// recognised for what it is.
pub(crate) fn new(prefix: &str, secret: [u8; 32]) -> String {
    format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(secret))
}

/// What is stored of a token. A plain hash is enough: the token has 256 random bits.
pub fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// Bytes as text for a column.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
