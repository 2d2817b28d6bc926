//! The parts of a CQRS system, and the world that wires them.

pub mod options;
pub mod place;
