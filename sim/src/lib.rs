//! The machine of cqrs-lab.
#![forbid(unsafe_code)]
