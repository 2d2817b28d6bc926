//! The machine of cqrs-lab: a small shop, built as a CQRS system, in a deterministic simulation.
//!
//! Where to start:
//! * [`shop::order`] is the domain: `decide` holds every rule, `apply` only records.
//! * [`system::world`] wires the parts; follow a command through `client`, `command_side`, `broker` and `query_side`.
//! * [`oracle::lab`] sets the truth beside it, and watches the promises.
//! * [`kernel::history`] plays it, to any moment and from any change.
//! * [`scenario::recording`] is the outside: files in, reports out. [`view`] is what a screen needs.
//!
//! What runs at every step is in the crate `engine`, which is compiled for speed, and stands here under its own names.
//!
//! What is absent: a clock, a browser, a shared stream of random numbers, a `HashMap`, and any float that decides or orders.
//! Dependencies point one way: `kernel <- shop <- system <- oracle <- view <- scenario <- search`.
#![forbid(unsafe_code)]

pub use engine::{oracle, shop, system};

pub mod kernel;
pub mod scenario;
pub mod search;
pub mod view;
