//! The part of the machine that runs at every step: the kernel, the shop, the system around it, and the oracle beside it.
//!
//! It is a crate of its own for one reason: it is compiled for speed, and everything that only looks at it for size. Use it by
//! way of `sim`, which has all its modules under the same names.
#![forbid(unsafe_code)]

pub mod kernel;
pub mod oracle;
pub mod shop;
pub mod system;
