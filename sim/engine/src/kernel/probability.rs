//! How likely a thing is, without a float that decides.

use core::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A probability in parts per million. In JSON a number from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Probability {
    ppm: u32,
}

const MILLION: u32 = 1_000_000;

impl Probability {
    /// Never.
    pub const NEVER: Self = Self { ppm: 0 };
    /// Always.
    pub const ALWAYS: Self = Self { ppm: MILLION };

    /// `n` in a million; more than a million counts as always.
    pub const fn from_ppm(n: u32) -> Self {
        Self { ppm: if n > MILLION { MILLION } else { n } }
    }

    /// `n` in a hundred.
    pub const fn from_percent(n: u32) -> Self {
        Self::from_ppm(n.saturating_mul(10_000))
    }

    /// Parts per million, 0 to 1,000,000.
    pub const fn ppm(self) -> u32 {
        self.ppm
    }

    /// Does an evenly spread 64-bit draw fall within this probability?
    pub const fn hit_by(self, draw: u64) -> bool {
        ((draw as u128 * MILLION as u128) >> 64) < self.ppm as u128
    }
}

impl fmt::Display for Probability {
    /// In per cent: `off`, `5 %`, `0.25 %`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ppm {
            0 => f.write_str("off"),
            n if n % 10_000 == 0 => write!(f, "{} %", n / 10_000),
            n => write!(f, "{} %", f64::from(n) / 10_000.0),
        }
    }
}

impl Serialize for Probability {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.ppm) / f64::from(MILLION))
    }
}

impl<'de> Deserialize<'de> for Probability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl de::Visitor<'_> for Number {
            type Value = Probability;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a probability from 0 to 1")
            }

            fn visit_f64<E: de::Error>(self, n: f64) -> Result<Probability, E> {
                if !(0.0..=1.0).contains(&n) {
                    return Err(E::invalid_value(de::Unexpected::Float(n), &self));
                }
                // Within 0 to 1 the rounded product fits, and rounding to a whole part per million makes it exact from here on.
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                Ok(Probability { ppm: libm::round(n * f64::from(MILLION)) as u32 })
            }

            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Probability, E> {
                match n {
                    0 => Ok(Probability::NEVER),
                    1 => Ok(Probability::ALWAYS),
                    _ => Err(E::invalid_value(de::Unexpected::Unsigned(n), &self)),
                }
            }
        }

        deserializer.deserialize_f64(Number)
    }
}

impl JsonSchema for Probability {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Probability".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A probability from 0 to 1, kept in parts per million.",
            "type": "number",
            "minimum": 0,
            "maximum": 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Probability;

    #[test]
    fn never_and_always_mean_it() {
        for draw in [0, 1, u64::MAX / 2, u64::MAX] {
            assert!(!Probability::NEVER.hit_by(draw));
            assert!(Probability::ALWAYS.hit_by(draw));
        }
    }

    #[test]
    fn refuses_what_is_no_probability() {
        assert!(serde_json::from_str::<Probability>("1.2").is_err());
        assert!(serde_json::from_str::<Probability>("-0.1").is_err());
        assert_eq!(serde_json::from_str::<Probability>("0.05").ok(), Some(Probability::from_percent(5)));
    }
}
