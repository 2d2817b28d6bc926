//! Virtual time, the agenda, keyed fates, and a history that can be sought and forked. It knows nothing of shops.

pub use engine::kernel::{agenda, digest, distribution, fate, pages, probability, time};

pub mod history;
