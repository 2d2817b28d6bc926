//! The domain: what a shop is, whatever runs it.
//!
//! Where to start: [`order`], the aggregate. `decide` holds every rule, `apply` only records.

pub mod command;
pub mod event;
pub mod ids;
pub mod money;
pub mod order;
pub mod refusal;
pub mod status;
