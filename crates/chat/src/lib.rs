//! ClickClack: chat.
