//! Many runs instead of one: scenarios and texts made up from a number, for tests and for `cargo xtask fuzz`.

pub mod chance;
pub mod mutate;
pub mod swarm;
pub mod trial;
