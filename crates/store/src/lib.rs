//! ClickClack: store.
