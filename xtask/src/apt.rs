//! Debian's packages, for machines where installing them is ours to do.

use crate::failure::Failure;
use crate::process::{output_of, run};
use crate::toolbox::Toolbox;

/// Whether packages can be installed without asking anyone: only as root, and only where apt is.
pub fn is_ours(tools: &Toolbox) -> bool {
    let is_root = output_of(tools.command("id").arg("-u")).is_some_and(|output| output.trim() == "0");
    is_root && tools.find(&["apt-get"]).is_some()
}

/// Installs `packages` with no question asked.
pub fn install(tools: &Toolbox, packages: &[&str]) -> Result<(), Failure> {
    let apt = || {
        let mut command = tools.command("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        command
    };
    run(apt().arg("update"))?;
    run(apt().args(["install", "-y", "--no-install-recommends"]).args(packages))
}
