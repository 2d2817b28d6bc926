//! Virtual time, the agenda and keyed fates. It knows nothing of shops.

pub mod agenda;
pub mod digest;
pub mod distribution;
pub mod fate;
pub mod few;
pub mod pages;
pub mod probability;
pub mod tape;
pub mod time;
