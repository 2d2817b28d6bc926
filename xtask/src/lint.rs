//! The sources, checked without being run.

use std::process::{Command, ExitCode};

use crate::failure::Failure;
use crate::process::{run, say};
use crate::rust::WASM_TARGET;
use crate::setup;
use crate::toolbox::Toolbox;

/// Runs every check even when an earlier one fails, so that one run tells all.
pub fn lint(tools: &Toolbox) -> Result<ExitCode, Failure> {
    setup::for_lints(tools)?;
    let checks = [
        ("the formatting", format(tools)),
        ("clippy for this machine", clippy_here(tools)),
        ("clippy for the browser", clippy_in_browser(tools)),
    ];
    let mut failed = Vec::new();
    for (name, mut check) in checks {
        say(format!("checking: {name}"));
        if let Err(failure) = run(&mut check) {
            say(failure.to_string());
            failed.push(name);
        }
    }
    if failed.is_empty() {
        say("no lint found anything");
        return Ok(ExitCode::SUCCESS);
    }
    say(format!("these checks failed: {}", failed.join(", ")));
    Ok(ExitCode::FAILURE)
}

fn format(tools: &Toolbox) -> Command {
    let mut command = tools.cargo();
    command.args(["fmt", "--all", "--check"]);
    command
}

fn clippy_here(tools: &Toolbox) -> Command {
    let mut command = tools.cargo();
    command.args(["clippy", "--workspace", "--all-targets"]).args(["--", "-D", "warnings"]);
    command
}

/// Only what is built for the browser: this crate is not, nor are tests that need a native library.
fn clippy_in_browser(tools: &Toolbox) -> Command {
    let mut command = tools.cargo();
    command
        .args(["clippy", "--workspace", "--exclude", "xtask"])
        .args(["--target", WASM_TARGET, "--lib", "--bins"])
        .args(["--test", "browser", "--", "-D", "warnings"]);
    command
}
