//! How fast virtual time runs.

use core::fmt;

/// Virtual seconds for each real second, in eighths; or as fast as the machine can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speed {
    eighths: u16,
}

impl Speed {
    /// As fast as the machine can.
    pub const MAX: Self = Self { eighths: u16::MAX };
    /// What a person can choose, slowest first.
    pub const ALL: [Self; 9] = [
        Self { eighths: 1 },
        Self { eighths: 2 },
        Self { eighths: 4 },
        Self { eighths: 8 },
        Self { eighths: 16 },
        Self { eighths: 32 },
        Self { eighths: 64 },
        Self { eighths: 128 },
        Self::MAX,
    ];
    /// One virtual second for each real one.
    pub const REAL: Self = Self { eighths: 8 };
    /// How many virtual microseconds pass in `real_micros`; `None` for as many as there are.
    pub fn virtual_micros(self, real_micros: u64) -> Option<u64> {
        (self != Self::MAX).then(|| real_micros.saturating_mul(u64::from(self.eighths)) / 8)
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.eighths {
            u16::MAX => f.write_str("max"),
            n if n < 8 => write!(f, "1/{} ×", 8 / n),
            n => write!(f, "{} ×", n / 8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Speed;

    #[test]
    fn reads_as_people_write_it() {
        let shown: Vec<String> = Speed::ALL.map(|speed| speed.to_string()).into();
        assert_eq!(shown, ["1/8 ×", "1/4 ×", "1/2 ×", "1 ×", "2 ×", "4 ×", "8 ×", "16 ×", "max"]);
        assert_eq!(Speed::ALL[1].virtual_micros(16_000), Some(4_000));
        assert_eq!(Speed::MAX.virtual_micros(1), None);
    }
}
