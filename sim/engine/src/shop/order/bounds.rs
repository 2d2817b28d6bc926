//! Between which bounds an order lies.

use crate::shop::money::Cents;

/// The least that an order may cost [seed 001].
pub const MINIMUM_TOTAL: Cents = Cents(1_000);
/// The most lines an order may have; keeps a row small.
pub const LINES_MAX: usize = 32;
