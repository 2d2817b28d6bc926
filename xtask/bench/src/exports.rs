//! The measures as a worker calls them: plain functions on numbers, so that no glue stands between the clock and the work.
#![expect(
    unsafe_code,
    reason = "only a name that is not mangled can be called from outside; none of these is the name of anything else"
)]

use core::cell::RefCell;

use crate::bench::{Bench, Measure};

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

/// Numbers come and go as JavaScript has them, which is exact up to 2⁵³.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the worker counts with whole numbers")]
fn perform(measure: Measure, n: f64) -> f64 {
    BENCH.with_borrow_mut(|bench| bench.perform(measure, n as u64)) as f64
}

/// [`Measure::Reference`]
#[unsafe(no_mangle)]
pub extern "C" fn reference(n: f64) -> f64 {
    perform(Measure::Reference, n)
}

/// [`Measure::Run`]
#[unsafe(no_mangle)]
pub extern "C" fn run(n: f64) -> f64 {
    perform(Measure::Run, n)
}

/// [`Measure::Whole`]
#[unsafe(no_mangle)]
pub extern "C" fn whole(n: f64) -> f64 {
    perform(Measure::Whole, n)
}

/// [`Measure::Verdict`]
#[unsafe(no_mangle)]
pub extern "C" fn verdict(n: f64) -> f64 {
    perform(Measure::Verdict, n)
}

/// [`Measure::Seek`]
#[unsafe(no_mangle)]
pub extern "C" fn seek(n: f64) -> f64 {
    perform(Measure::Seek, n)
}

/// [`Measure::Hash`]
#[unsafe(no_mangle)]
pub extern "C" fn hash(n: f64) -> f64 {
    perform(Measure::Hash, n)
}

/// [`Measure::Clear`]
#[unsafe(no_mangle)]
pub extern "C" fn clear(n: f64) -> f64 {
    perform(Measure::Clear, n)
}
