//! Where chance comes from, and the ids made of it.

use std::sync::{Mutex, PoisonError};

use clickclack_protocol::ids::Id;
use clickclack_protocol::time::Millis;
use sha2::{Digest, Sha256};
use ulid::Ulid;

/// A source of random bytes. Injected, so that a story can be repeated.
pub trait Randomness: Send + Sync + 'static {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's source; fit for secrets.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandomness;

impl Randomness for OsRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has random bytes");
    }
}

/// The same bytes for the same seed; for tests only.
#[derive(Debug)]
pub struct SeededRandomness {
    seed: u64,
    drawn: Mutex<u64>,
}

impl SeededRandomness {
    /// Starts the sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, drawn: Mutex::new(0) }
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(32) {
            *drawn += 1;
            let mut hash = Sha256::new();
            hash.update(self.seed.to_le_bytes());
            hash.update(drawn.to_le_bytes());
            chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
        }
    }
}

/// Makes ULIDs that only ever grow within one process, also when the clock stands or is set back:
/// rows made in one action keep their order when they are listed by id.
#[derive(Debug, Default)]
pub(crate) struct Mint(Mutex<Ulid>);

impl Mint {
    pub(crate) fn next(&self, now: Millis, randomness: &dyn Randomness) -> Ulid {
        let now = u64::try_from(now).unwrap_or(0);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = if now > last.timestamp_ms() {
            let mut bytes = [0; 16];
            // 79 of 80 bits: the one left free is room for 2^79 increments within a millisecond.
            randomness.fill(&mut bytes[..10]);
            Ulid::from_parts(now, u128::from_le_bytes(bytes) >> 1)
        } else {
            last.increment().expect("nobody makes 2^79 ids in a millisecond")
        };
        *last
    }

    pub(crate) fn id<T: Id>(&self, now: Millis, randomness: &dyn Randomness) -> T {
        T::from_ulid(self.next(now, randomness))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_while_the_clock_stands_and_when_it_is_set_back() {
        let (mint, random) = (Mint::default(), SeededRandomness::new(1));
        let ids: Vec<Ulid> =
            [5, 5, 5, 9, 4, 10].map(|now| mint.next(now, &random)).into_iter().collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        assert_eq!(ids[4].timestamp_ms(), 9);
        assert_eq!(ids[5].timestamp_ms(), 10);
    }

    #[test]
    fn a_seed_repeats_itself() {
        let draw = |seed| {
            let mut bytes = [0; 40];
            SeededRandomness::new(seed).fill(&mut bytes);
            bytes
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
