//! A set of small numbers: the people of a hub who are in one channel.

/// A bit for each seat number: 10,000 people in a channel cost 1,250 bytes, which is what lets a
/// hub know two hundred channels of each of them.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    words: Vec<u64>,
}

impl Crowd {
    pub(crate) fn insert(&mut self, seat: u32) {
        let (word, bit) = place(seat);
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= bit;
    }

    pub(crate) fn remove(&mut self, seat: u32) {
        let (word, bit) = place(seat);
        if let Some(bits) = self.words.get_mut(word) {
            *bits &= !bit;
        }
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
    }

    pub(crate) fn contains(&self, seat: u32) -> bool {
        let (word, bit) = place(seat);
        self.words.get(word).is_some_and(|bits| bits & bit != 0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0_u32..).step_by(64).zip(&self.words).flat_map(|(first, &word)| {
            let mut bits = word;
            std::iter::from_fn(move || {
                let bit = (bits != 0).then(|| bits.trailing_zeros())?;
                bits &= bits - 1;
                Some(first + bit)
            })
        })
    }
}

fn place(seat: u32) -> (usize, u64) {
    (seat as usize / 64, 1 << (seat % 64))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::Crowd;

    proptest! {
        #[test]
        fn a_crowd_is_a_set(steps in proptest::collection::vec((any::<bool>(), 0_u32..300), 0..200)) {
            let (mut crowd, mut model) = (Crowd::default(), BTreeSet::new());
            for (enters, seat) in steps {
                if enters {
                    crowd.insert(seat);
                    model.insert(seat);
                } else {
                    crowd.remove(seat);
                    model.remove(&seat);
                }
                prop_assert_eq!(crowd.contains(seat), model.contains(&seat));
                prop_assert_eq!(crowd.is_empty(), model.is_empty());
            }
            prop_assert_eq!(crowd.iter().collect::<Vec<_>>(), model.into_iter().collect::<Vec<_>>());
        }
    }
}
