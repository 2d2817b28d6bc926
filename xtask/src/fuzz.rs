//! The long fuzz campaign: the simulator's own example program, built with every internal assertion on.

use crate::failure::Failure;
use crate::process::run;
use crate::toolbox::Toolbox;

/// Runs it; the arguments are its own: `--cases N`, `--minutes N`, `--from N`.
pub fn fuzz(tools: &Toolbox, arguments: Vec<String>) -> Result<(), Failure> {
    run(tools
        .cargo()
        .args(["run", "--quiet", "--profile", "fuzz", "--package", "sim", "--example", "fuzz", "--"])
        .args(arguments))
}
