//! How fast virtual time runs.

use core::fmt;

/// Virtual seconds for each real second, as a fraction; or as fast as the machine can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speed {
    virtual_secs: u16,
    real_secs: u16,
}

impl Speed {
    /// As fast as the machine can.
    pub const MAX: Self = Self { virtual_secs: u16::MAX, real_secs: 1 };
    /// What a person can choose, slowest first.
    pub const ALL: [Self; 12] = [
        Self::slower(100),
        Self::slower(20),
        Self::slower(8),
        Self::slower(4),
        Self::slower(2),
        Self::REAL,
        Self::faster(2),
        Self::faster(4),
        Self::faster(8),
        Self::faster(16),
        Self::faster(64),
        Self::MAX,
    ];
    /// One virtual second for each real one.
    pub const REAL: Self = Self::faster(1);

    const fn slower(times: u16) -> Self {
        Self { virtual_secs: 1, real_secs: times }
    }

    const fn faster(times: u16) -> Self {
        Self { virtual_secs: times, real_secs: 1 }
    }

    /// How many virtual microseconds pass in `real_micros`; `None` for as many as there are.
    pub fn virtual_micros(self, real_micros: u64) -> Option<u64> {
        (self != Self::MAX)
            .then(|| real_micros.saturating_mul(u64::from(self.virtual_secs)) / u64::from(self.real_secs))
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.virtual_secs, self.real_secs) {
            (u16::MAX, _) => f.write_str("max"),
            (times, 1) => write!(f, "{times} ×"),
            (times, of) => write!(f, "{times}/{of} ×"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Speed;

    #[test]
    fn reads_as_people_write_it() {
        let shown: Vec<String> = Speed::ALL.map(|speed| speed.to_string()).into();
        assert_eq!(
            shown,
            ["1/100 ×", "1/20 ×", "1/8 ×", "1/4 ×", "1/2 ×", "1 ×", "2 ×", "4 ×", "8 ×", "16 ×", "64 ×", "max"]
        );
        assert_eq!(Speed::ALL[3].virtual_micros(16_000), Some(4_000));
        assert_eq!(Speed::ALL[0].virtual_micros(16_000), Some(160));
        assert_eq!(Speed::MAX.virtual_micros(1), None);
    }
}
