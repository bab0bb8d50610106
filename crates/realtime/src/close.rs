//! Why a socket is closed, in the contract's close codes.

/// A close code (RFC 6455 §7.4 up to 1999, the contract's own from 4000).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum CloseCode {
    /// The client broke the rules again and again.
    Policy = 1008,
    /// A frame was longer than the limit.
    TooBig = 1009,
    /// The server restarts; come back with the cursors.
    Restarting = 1012,
    /// Come back with a fresh snapshot.
    Resync = 4001,
    /// The session ended; signing in again is needed.
    CredentialGone = 4003,
    /// The reader did not keep up or is gone; come back with the cursors.
    TooSlow = 4008,
}

impl CloseCode {
    /// The number on the wire.
    pub const fn as_u16(self) -> u16 {
        self as u16
    }
}

/// The end of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close {
    /// What the client goes by.
    pub code: CloseCode,
    /// For people who look at the wire.
    pub reason: &'static str,
}

impl Close {
    pub(crate) const POLICY: Self = Self::new(CloseCode::Policy, "too many refused frames");
    pub(crate) const TOO_BIG: Self = Self::new(CloseCode::TooBig, "frame too long");
    pub(crate) const RESTARTING: Self = Self::new(CloseCode::Restarting, "restarting");
    pub(crate) const CREDENTIAL_GONE: Self =
        Self::new(CloseCode::CredentialGone, "the session ended");
    pub(crate) const TOO_SLOW: Self = Self::new(CloseCode::TooSlow, "too slow");
    pub(crate) const NO_PONG: Self = Self::new(CloseCode::TooSlow, "no pong");

    const fn new(code: CloseCode, reason: &'static str) -> Self {
        Self { code, reason }
    }
}
