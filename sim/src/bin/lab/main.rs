//! `lab`: the machine without a page.
//!
//! Exit codes: 0, every promise is kept; 1, some are not; 2, the input is bad.
#![forbid(unsafe_code)]

#[cfg(not(target_family = "wasm"))]
mod command_line;

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    command_line::main()
}

/// The command line has no place in a browser; this keeps the browser's build of the package whole.
#[cfg(target_family = "wasm")]
fn main() {}
