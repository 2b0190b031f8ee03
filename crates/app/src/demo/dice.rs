//! Chance that falls the same way each time, so that every demo hall is the same hall.

/// A small generator of pseudo-random numbers (SplitMix64); good enough for invented names, and for nothing else.
pub(super) struct Dice {
    state: u64,
}

impl Dice {
    /// Dice that fall as `seed` says.
    pub(super) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`, both included.
    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most.saturating_sub(least)).unwrap_or(0);
        let step = self.roll() % width.saturating_add(1);
        least.saturating_add(i64::try_from(step).unwrap_or(0))
    }

    /// Whether something happens that happens `percent` times in a hundred.
    pub(super) fn happens(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of `choices`, each as likely as the others; the type's own nothing when there are none.
    pub(super) fn pick<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let last = i64::try_from(choices.len()).unwrap_or(0).saturating_sub(1);
        let place = usize::try_from(self.between(0, last)).unwrap_or(0);
        choices.get(place).copied().unwrap_or_default()
    }

    /// One of `choices` by their shares of a hundred; `otherwise` has what they leave.
    pub(super) fn by_share<T: Copy>(&mut self, choices: &[(i64, T)], otherwise: T) -> T {
        let mut left = self.between(1, 100);
        for (share, choice) in choices {
            if left <= *share {
                return *choice;
            }
            left = left.saturating_sub(*share);
        }
        otherwise
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_falls_the_same_way() {
        let throws = |seed| -> Vec<i64> {
            let mut dice = Dice::new(seed);
            (0..50).map(|_| dice.between(0, 1_000_000)).collect()
        };
        assert_eq!(throws(46), throws(46));
        assert_ne!(throws(46), throws(47));
    }

    #[test]
    fn a_number_lies_between_its_bounds_and_reaches_both() {
        let mut dice = Dice::new(1);
        let throws: Vec<_> = (0..200).map(|_| dice.between(-1, 2)).collect();
        assert_eq!(throws.iter().min(), Some(&-1));
        assert_eq!(throws.iter().max(), Some(&2));
    }

    #[test]
    fn shares_are_kept_roughly() {
        let mut dice = Dice::new(7);
        let often = (0..1_000)
            .filter(|_| dice.by_share(&[(80, true)], false))
            .count();
        assert!((760..840).contains(&often), "{often}");
    }
}
