//! Virtual time, the agenda, keyed fates, and a history that can be sought and forked. It knows nothing of shops.

pub mod agenda;
pub mod digest;
pub mod distribution;
pub mod fate;
pub mod few;
pub mod history;
pub mod pages;
pub mod probability;
pub mod tape;
pub mod time;
