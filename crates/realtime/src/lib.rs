//! ClickClack: realtime.
