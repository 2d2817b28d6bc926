//! The commands of the README: `cargo xtask serve`, `test`, `bench`, `build`.

fn main() {}
