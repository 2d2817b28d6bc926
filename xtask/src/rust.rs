//! Parts of the Rust toolchain beyond the compiler for this machine.

use std::path::Path;

use crate::failure::Failure;
use crate::process::{output_of, run, say};
use crate::toolbox::Toolbox;

/// What the page is compiled for.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that Rust can compile for the browser.
pub fn ensure_wasm_target(tools: &Toolbox) -> Result<(), Failure> {
    // Asking the compiler rather than rustup also serves those who have Rust from their distribution.
    let sysroot = output_of(tools.command("rustc").args(["--print", "sysroot"]));
    let library = |sysroot: String| Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir();
    if sysroot.is_some_and(library) {
        return Ok(());
    }
    say(format!("the Rust target {WASM_TARGET} is missing: adding it, a few seconds"));
    rustup(tools, &["target", "add", WASM_TARGET])
}

/// Makes sure that `cargo fmt` and `cargo clippy` are there.
pub fn ensure_linters(tools: &Toolbox) -> Result<(), Failure> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if output_of(tools.cargo().args([subcommand, "--version"])).is_none() {
            say(format!("{component} is missing: adding it, a few seconds"));
            rustup(tools, &["component", "add", component])?;
        }
    }
    Ok(())
}

fn rustup(tools: &Toolbox, arguments: &[&str]) -> Result<(), Failure> {
    if tools.find(&["rustup"]).is_none() {
        return Err(Failure::Missing {
            what: format!("`{}`", arguments.join(" ")),
            remedy: "this Rust does not come from rustup, so its own packager must provide it".into(),
        });
    }
    run(tools.command("rustup").args(arguments))
}
