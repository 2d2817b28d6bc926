//! The domain: what a shop is, whatever runs it.

pub mod ids;
pub mod money;
