//! Virtual time, the agenda, keyed fates, and tables and a tape that are cheap to copy and to keep. It knows nothing of shops.

pub mod agenda;
pub mod digest;
pub mod distribution;
pub mod fate;
pub mod few;
pub mod pages;
pub mod percentile;
pub mod probability;
pub mod tape;
pub mod time;
