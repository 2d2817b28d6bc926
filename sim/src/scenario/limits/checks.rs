//! The single checks that the limits are made of, and the bounds that several of them share.

use core::fmt::Display;
use core::ops::RangeInclusive;

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;
use crate::scenario::error::ScenarioError;
use crate::shop::money::grouped;
use crate::system::options::{CircuitBreaker, Link};

/// The highest number of an order.
pub(super) const ORDER_MAX: u32 = 1_000_000;
/// The highest number of a product or a customer.
pub(super) const OWNED_MAX: u32 = 10_000;
/// The longest name in a catalogue, in bytes.
pub(super) const NAME_MAX: usize = 200;
/// The most lines of a script.
pub(super) const SCRIPT_MAX: usize = 10_000;
/// The longest span of time that an option may name.
const SPAN_MAX: Micros = Micros::from_secs(3_600);

/// What comes of a check: nothing, or the field whose value is not allowed.
pub(super) type Checked = Result<(), ScenarioError>;

pub(super) fn refuse(field: &str, expected: impl Display, found: impl Display) -> Checked {
    Err(ScenarioError::Value { field: field.to_owned(), expected: expected.to_string(), found: found.to_string() })
}

pub(super) fn number(field: &str, value: u32, range: RangeInclusive<u32>) -> Checked {
    if range.contains(&value) {
        return Ok(());
    }
    let (least, most) = (grouped(u64::from(*range.start())), grouped(u64::from(*range.end())));
    refuse(field, format!("a whole number from {least} to {most}"), value)
}

pub(super) fn span(field: &str, value: Micros) -> Checked {
    if value <= SPAN_MAX { Ok(()) } else { refuse(field, "at most 1 hour", value) }
}

pub(super) fn distribution(field: &str, value: &Distribution) -> Checked {
    if let Some((part, expected)) = value.fault() {
        let found = serde_json::to_string(value).unwrap_or_default();
        return refuse(&format!("{field}.{part}"), expected, found);
    }
    match *value {
        Distribution::Constant { value } => span(&format!("{field}.value"), value),
        Distribution::Uniform { max, .. } => span(&format!("{field}.max"), max),
        Distribution::Exponential { mean } => span(&format!("{field}.mean"), mean),
        Distribution::Lognormal { p95, .. } => span(&format!("{field}.p95"), p95),
    }
}

/// A pause before a new try must pass some time, or a run could try for ever within one moment.
pub(super) fn pause(field: &str, value: Micros) -> Checked {
    if value < Micros::from_millis(1) {
        return refuse(field, "at least 1 ms", value);
    }
    span(field, value)
}

/// Checks a circuit breaker.
pub(super) fn breaker(field: &str, breaker: CircuitBreaker) -> Checked {
    number(&format!("{field}.failures"), breaker.failures, 1..=1_000)?;
    span(&format!("{field}.open_for"), breaker.open_for)
}

pub(super) fn link(field: &str, link: &Link) -> Checked {
    distribution(&format!("{field}.delay"), &link.delay)?;
    span(&format!("{field}.overtake_hold"), link.overtake_hold)?;
    if let Some(every) = link.pause_every {
        pause(&format!("{field}.pause_every"), every)?;
    }
    distribution(&format!("{field}.pause_for"), &link.pause_for)
}

/// How short a span can be, time after time.
pub(super) const fn shortest(value: &Distribution) -> Micros {
    match *value {
        Distribution::Constant { value } => value,
        Distribution::Uniform { min, .. } => min,
        // These can be arbitrarily short, but not time after time.
        Distribution::Exponential { mean } => mean,
        Distribution::Lognormal { median, .. } => median,
    }
}
