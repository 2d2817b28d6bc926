//! Virtual time: whole microseconds since the start of the run.

use bitcode::{Decode, Encode};
use core::fmt;
use core::ops::{Add, AddAssign};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment of virtual time, or a span of it, in whole microseconds.
///
/// In JSON it is a text with a unit, such as `"120ms"`, `"2s"` or `"1m 30s"`, so that no reader has to guess the unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Micros(pub u64);

impl Micros {
    /// The start of every run, and the empty span.
    pub const ZERO: Self = Self(0);

    /// A span of `n` milliseconds.
    pub const fn from_millis(n: u64) -> Self {
        Self(n * 1_000)
    }

    /// A span of `n` seconds.
    pub const fn from_secs(n: u64) -> Self {
        Self(n * 1_000_000)
    }

    /// Whole milliseconds, rounded down.
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000
    }

    /// Seconds, for display and for pictures only: nothing is decided or ordered by it.
    pub fn as_secs(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The span from `earlier` to `self`; zero when `earlier` is later.
    pub const fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Micros {
    type Output = Self;

    fn add(self, span: Self) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl AddAssign for Micros {
    fn add_assign(&mut self, span: Self) {
        *self = *self + span;
    }
}

impl fmt::Display for Micros {
    /// A span as a person writes it: `850 µs`, `120 ms`, `1.25 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("0 ms"),
            n if n < 1_000 => write!(f, "{n} µs"),
            n if n < 1_000_000 && n % 1_000 == 0 => write!(f, "{} ms", n / 1_000),
            n if n < 10_000 => write!(f, "{}.{} ms", n / 1_000, n / 100 % 10),
            n if n < 1_000_000 => write!(f, "{} ms", (n + 500) / 1_000),
            n if n % 1_000_000 == 0 => write!(f, "{} s", n / 1_000_000),
            n => write!(f, "{}.{:02} s", n / 1_000_000, n / 10_000 % 100),
        }
    }
}

impl Serialize for Micros {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let span = core::time::Duration::from_micros(self.0);
        serializer.collect_str(&humantime::format_duration(span))
    }
}

impl<'de> Deserialize<'de> for Micros {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl de::Visitor<'_> for Text {
            type Value = Micros;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time with its unit, such as \"120ms\" or \"2s\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Micros, E> {
                parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for Micros {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A time with its unit, such as \"120ms\", \"2s\" or \"1m 30s\"; 0 is \"0s\".",
            "type": "string",
            "pattern": "^\\s*([0-9]+\\s*[a-zµ]+\\s*)+$|^0$",
        })
    }
}

/// Reads `"120ms"` and the like. `None` for anything else, and for spans of more than a thousand days.
pub fn parse(text: &str) -> Option<Micros> {
    const LONGEST: u128 = 1_000 * 24 * 3_600 * 1_000_000;
    let micros = humantime::parse_duration(text).ok()?.as_micros();
    (micros <= LONGEST).then(|| Micros(u64::try_from(micros).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::{Micros, parse};

    #[test]
    fn reads_what_it_writes() {
        for n in [0, 1, 999, 1_000, 120_000, 1_500_000, 90_000_000, 3_723_000_001] {
            let text = serde_json::to_string(&Micros(n)).expect("a span is a text");
            assert_eq!(serde_json::from_str::<Micros>(&text).expect("reads back"), Micros(n));
        }
    }

    #[test]
    fn refuses_what_has_no_unit_or_no_end() {
        assert_eq!(parse("120"), None);
        assert_eq!(parse("-1s"), None);
        assert_eq!(parse("500y"), None);
    }

    #[test]
    fn is_shown_with_its_unit() {
        let shown: Vec<String> = [850, 1_500, 120_000, 1_250_000, 30_000_000].map(|n| Micros(n).to_string()).into();
        assert_eq!(shown, ["850 µs", "1.5 ms", "120 ms", "1.25 s", "30 s"]);
    }
}
