//! The machine of cqrs-lab.
#![forbid(unsafe_code)]

pub mod kernel;
pub mod shop;
pub mod system;
pub mod view;
