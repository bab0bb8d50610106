//! Chance that can be repeated: the same seed, the same throws.

use clickclack_store::{Randomness, SeededRandomness};

/// Throws numbers.
pub(crate) struct Dice(SeededRandomness);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededRandomness::new(seed))
    }

    /// A number below `sides`.
    pub(crate) fn below(&self, sides: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        usize::try_from(u32::from_le_bytes(bytes)).expect("32 bits are a size") % sides
    }

    /// One of these; none of nothing.
    pub(crate) fn pick<T: Copy>(&self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| of[self.below(of.len())])
    }
}
