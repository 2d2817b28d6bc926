//! What `cargo xtask bench` measures: the simulation, and a reference to hold it against.
//!
//! Machines differ and are noisy, so a rate alone says little. [`reference`] is a bare simulation of the same kind that
//! never changes, in a crate of its own; the rate of the real one is told as a ratio to it, in the same place and the same minute.
//!
//! Where to start: [`bench`] lists the measures. The program `bench` performs them on this machine, `exports` lets a worker
//! of a browser perform them. Neither this library nor what it measures knows what time it is: the host takes the time.

pub mod bench;
#[cfg(target_family = "wasm")]
mod exports;
pub mod scenario;
