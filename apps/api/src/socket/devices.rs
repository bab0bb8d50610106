//! Names for live connections.

use std::sync::Arc;

use clickclack_protocol::ids::{DeviceId, Id};
use clickclack_protocol::time::Clock;
use clickclack_store::Randomness;
use ulid::Ulid;

/// Makes ids of connections.
#[derive(Clone)]
pub struct Devices {
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
}

impl Devices {
    /// Out of this clock and this source of chance.
    pub fn new(clock: Arc<dyn Clock>, randomness: Arc<dyn Randomness>) -> Self {
        Self { clock, randomness }
    }

    /// A name that no other connection has.
    pub fn next(&self) -> DeviceId {
        let mut bytes = [0; 16];
        self.randomness.fill(&mut bytes[..10]);
        let now = u64::try_from(self.clock.now()).unwrap_or(0);
        DeviceId::from_ulid(Ulid::from_parts(now, u128::from_le_bytes(bytes)))
    }
}
