//! Node and the npm packages of the end-to-end tests.

use std::fs;

use crate::apt;
use crate::failure::Failure;
use crate::process::{output_of, run, say};
use crate::toolbox::Toolbox;
use crate::version::Version;

/// The first Node whose test runner has the reporter that we read.
const OLDEST: Version = Version::new(18, 15, 0);

/// Makes sure of Node, npm and the locked packages.
pub fn ensure(tools: &Toolbox) -> Result<(), Failure> {
    if !is_there(tools) && apt::is_ours(tools) {
        say("Node or npm is missing: installing them from Debian's packages, about a minute");
        apt::install(tools, &["nodejs", "npm"])?;
    }
    if !is_there(tools) {
        return Err(Failure::Missing {
            what: "Node or npm".into(),
            remedy: format!("the end-to-end tests need Node {OLDEST} or later and npm"),
        });
    }
    let version = output_of(tools.command("node").arg("--version")).and_then(|output| Version::in_output(&output));
    if version.is_none_or(|version| version < OLDEST) {
        return Err(Failure::Missing {
            what: format!("Node {OLDEST} or later"),
            remedy: "the end-to-end tests cannot run on the Node that is installed".into(),
        });
    }
    ensure_packages(tools)
}

fn is_there(tools: &Toolbox) -> bool {
    tools.find(&["node"]).is_some() && tools.find(&["npm"]).is_some()
}

/// Runs `npm ci` unless just these packages were installed by an earlier run.
fn ensure_packages(tools: &Toolbox) -> Result<(), Failure> {
    let folder = tools.workspace().e2e();
    let lockfile = folder.join("package-lock.json");
    let wanted = fs::read_to_string(&lockfile).map_err(Failure::file(lockfile))?;
    // `npm ci` begins by removing node_modules, so the note lives and dies with what it tells of.
    let note = folder.join("node_modules/.installed-from.json");
    if fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say("installing the packages of the end-to-end tests, a few seconds");
    run(tools.command("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    fs::write(&note, wanted).map_err(Failure::file(note))
}
