//! A stream of choices that follows from one number.
//!
//! Runs have no such stream, because in them every fate is keyed. What makes up the scenario of a run may have one.

use crate::kernel::fate::mix;
use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;

/// The choices that follow from a number.
#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
}

impl Chance {
    /// The choices of this number.
    pub const fn of(number: u64) -> Self {
        Self { state: mix(number) }
    }

    /// 64 even bits.
    pub const fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number below `n`; zero if `n` is.
    pub fn below(&mut self, n: usize) -> usize {
        let scaled = (u128::from(self.bits()) * n as u128) >> 64;
        usize::try_from(scaled).unwrap_or(0)
    }

    /// A number in this range, both ends included.
    pub fn within(&mut self, least: u32, most: u32) -> u32 {
        let width = u64::from(most.saturating_sub(least)) + 1;
        let scaled = (u128::from(self.bits()) * u128::from(width)) >> 64;
        least + u32::try_from(scaled).unwrap_or(0)
    }

    /// One of these.
    ///
    /// # Panics
    /// When there is nothing to choose from.
    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// True once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// So many milliseconds.
    pub fn millis(&mut self, least: u32, most: u32) -> Micros {
        Micros::from_millis(u64::from(self.within(least, most)))
    }

    /// Never in half of the cases, because a fault that is always on hides what the others do; else up to `most` per cent.
    pub fn fault(&mut self, most: u32) -> Probability {
        if self.once_in(2) { Probability::NEVER } else { Probability::from_percent(self.within(0, most)) }
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn choices_keep_to_their_range_and_reach_its_ends() {
        let mut chance = Chance::of(1);
        let drawn: Vec<u32> = (0..1_000).map(|_| chance.within(3, 7)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&3), Some(&7)));
        assert_eq!(chance.below(0), 0);
    }
}
