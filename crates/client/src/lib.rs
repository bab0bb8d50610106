//! ClickClack: client.
