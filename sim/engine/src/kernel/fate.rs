//! Fates are keyed, not drawn: every random outcome is a pure function of the seed and of what it is about.
//!
//! There is no shared stream of random numbers, so switching one protection on leaves every other fate as it was, and two
//! runs differ only by cause.

/// What a fate is about, in numbers. The kernel does not know their meaning; two different keys share no fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What is being decided.
    pub purpose: u8,
    /// Where.
    pub hop: u8,
    /// Which try.
    pub attempt: u16,
    /// For whom or what.
    pub subject: u64,
}

/// The seed of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(pub u64);

impl Seed {
    /// 64 evenly spread bits for this key, always the same for the same seed and key.
    pub const fn draw(self, key: Key) -> u64 {
        let place = (key.purpose as u64) << 32 | (key.hop as u64) << 16 | key.attempt as u64;
        mix(mix(self.0 ^ 0x6a09_e667_f3bc_c908).wrapping_add(mix(key.subject))
            ^ mix(place.wrapping_add(0x3c6e_f372_fe94_f82b)))
    }
}

/// The finaliser of SplitMix64: every bit of the input flips about half of the output's.
pub const fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Key, Seed};

    #[test]
    fn bits_are_even_and_neighbours_unrelated() {
        const N: u64 = 20_000;
        let key = |subject| Key { purpose: 1, hop: 2, attempt: 1, subject };
        let draws: Vec<u64> = (0..N).map(|n| Seed(7).draw(key(n))).collect();
        for bit in 0..64 {
            let ones = draws.iter().filter(|draw| *draw >> bit & 1 == 1).count() as f64;
            assert!((ones / N as f64 - 0.5).abs() < 0.015, "bit {bit} is set in {ones} of {N}");
        }
        let flips: u32 = draws.windows(2).map(|pair| (pair[0] ^ pair[1]).count_ones()).sum();
        assert!((f64::from(flips) / (N as f64 - 1.0) - 32.0).abs() < 0.2);
    }

    #[test]
    fn every_part_of_the_key_counts() {
        let key = Key { purpose: 1, hop: 2, attempt: 1, subject: 3 };
        let others =
            [Key { purpose: 2, ..key }, Key { hop: 3, ..key }, Key { attempt: 2, ..key }, Key { subject: 4, ..key }];
        assert!(others.iter().all(|other| Seed(1).draw(*other) != Seed(1).draw(key)));
        assert_ne!(Seed(1).draw(key), Seed(2).draw(key));
    }
}
