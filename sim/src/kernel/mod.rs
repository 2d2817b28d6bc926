//! Virtual time, the agenda, keyed fates, a history that can be sought and forked, and one way to sort. It knows nothing of shops.

pub use engine::kernel::{agenda, digest, distribution, fate, few, pages, percentile, probability, tape, time};

pub mod history;
pub mod sorting;
