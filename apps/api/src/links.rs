//! The links that are handed out, as the page reads them. A token stands behind `#` where the page
//! can manage with it: a fragment reaches no log and no proxy.

/// The one that sets the server up.
pub fn setup(base: &str, token: &str) -> String {
    format!("{base}/setup#token={token}")
}

/// The one that signs a person in.
pub fn magic(base: &str, token: &str) -> String {
    format!("{base}/magic#token={token}")
}

/// The one that leads into a workspace.
pub fn invite(base: &str, token: &str) -> String {
    format!("{base}/invite/{token}")
}
