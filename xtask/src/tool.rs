//! The Rust programs that the page is built and tested with: trunk and wasm-bindgen's.

use std::fs;
use std::time::Instant;

use crate::failure::Failure;
use crate::lockfile::pinned_version;
use crate::process::{output_of, run, say, spoken};
use crate::toolbox::Toolbox;
use crate::version::Version;

/// A crate whose programs we call.
#[derive(Debug)]
pub struct Tool {
    /// The crate that `cargo install` builds.
    package: &'static str,
    /// The programs in it that we call.
    programs: &'static [&'static str],
    /// The version to install.
    version: Version,
    /// Which installed versions will do.
    accepts: Accepts,
    /// Further arguments of `cargo install`.
    arguments: &'static [&'static str],
    /// Further variables of `cargo install`.
    variables: &'static [(&'static str, &'static str)],
    /// What a person is told to expect.
    cost: &'static str,
}

/// Which installed versions of a tool will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Accepts {
    /// No other: the tool reads what one exact version of a library has written.
    Exactly,
    /// Any of the same series that is not older.
    SameSeries,
}

/// What to do about a tool.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// What is installed will do.
    Use,
    /// Nothing is installed: install it for the user, so that it also works without us.
    Install,
    /// Something else is installed, which other projects may need: install ours beside it.
    InstallAside,
}

impl Tool {
    /// Builds and serves the page. A later series asks for a newer Rust.
    pub fn trunk() -> Self {
        Self {
            package: "trunk",
            programs: &["trunk"],
            version: Version::new(0, 21, 14),
            accepts: Accepts::SameSeries,
            // Without default features it cannot download, which we never want it to, and builds in a third of the time.
            arguments: &["--no-default-features"],
            variables: &[("CARGO_PROFILE_DEV_DEBUG", "0")],
            cost: "about 2 minutes on two cores, once",
        }
    }

    /// Joins the page's WebAssembly to JavaScript and runs its tests, in the version that Cargo.lock pins.
    pub fn wasm_bindgen(tools: &Toolbox) -> Result<Self, Failure> {
        let path = tools.workspace().lockfile();
        let lockfile = fs::read_to_string(&path).map_err(Failure::file(path))?;
        Ok(Self {
            package: "wasm-bindgen-cli",
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            version: pinned_version(&lockfile, "wasm-bindgen")?,
            accepts: Accepts::Exactly,
            arguments: &[],
            // It rewrites the whole WebAssembly at each build of the page, which takes long without any optimisation.
            variables: &[("CARGO_PROFILE_DEV_DEBUG", "0"), ("CARGO_PROFILE_DEV_OPT_LEVEL", "1")],
            cost: "1 to 3 minutes on two cores, once",
        })
    }

    /// Installs the tool unless an installed one will do.
    pub fn ensure(&self, tools: &Toolbox) -> Result<(), Failure> {
        let found: Vec<_> = self.programs.iter().map(|program| installed_version(tools, program)).collect();
        match plan(self.accepts, self.version, &found) {
            Plan::Use => Ok(()),
            Plan::Install => {
                say(format!("{self} is missing: building it, {}", self.cost));
                self.install(tools, false)
            }
            Plan::InstallAside => {
                let places = tools.workspace().tools();
                say(format!(
                    "another version of {} is installed and stays as it is: building {self} in {}, {}",
                    self.package,
                    places.display(),
                    self.cost
                ));
                self.install(tools, true)
            }
        }
    }

    fn install(&self, tools: &Toolbox, aside: bool) -> Result<(), Failure> {
        let started = Instant::now();
        let mut command = tools.cargo();
        command
            .args(["install", self.package, "--locked", "--debug", "--force"])
            .args(["--version", &self.version.to_string()])
            .args(self.arguments)
            .envs(self.variables.iter().copied())
            .env("CARGO_TARGET_DIR", tools.workspace().tools_build());
        if aside {
            command.arg("--root").arg(tools.workspace().tools());
        }
        run(&mut command)?;
        say(format!("{self} is ready ({})", spoken(started.elapsed())));
        Ok(())
    }
}

impl std::fmt::Display for Tool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.package, self.version)
    }
}

/// Removes what compiling the tools has left: more than a gigabyte that nothing will read again.
///
/// To be called once all tools are there, because they share what they compile.
pub fn clear_away(tools: &Toolbox) -> Result<(), Failure> {
    let folder = tools.workspace().tools_build();
    if folder.is_dir() {
        fs::remove_dir_all(&folder).map_err(Failure::file(folder))?;
    }
    Ok(())
}

/// What `program --version` says, or `None` when there is no such program or it says nothing that we understand.
fn installed_version(tools: &Toolbox, program: &str) -> Option<Version> {
    let mut command = match program {
        "trunk" => tools.trunk(),
        other => tools.command(other),
    };
    Version::in_output(&output_of(command.arg("--version"))?)
}

/// Decides from the installed version of each of a tool's programs.
fn plan(accepts: Accepts, wanted: Version, found: &[Option<Version>]) -> Plan {
    let will_do = |found: Version| match accepts {
        Accepts::Exactly => found == wanted,
        Accepts::SameSeries => found.serves_as(wanted),
    };
    if found.iter().all(|found| found.is_some_and(will_do)) {
        Plan::Use
    } else if found.iter().all(Option::is_none) {
        Plan::Install
    } else {
        Plan::InstallAside
    }
}

#[cfg(test)]
mod tests {
    use super::{Accepts, Plan, plan};
    use crate::version::Version;

    fn check(accepts: Accepts, found: &[Option<&str>], expect: Plan) {
        let found: Vec<_> = found.iter().map(|text| text.map(|text| Version::parse(text).unwrap())).collect();
        assert_eq!(plan(accepts, Version::new(0, 2, 129), &found), expect);
    }

    #[test]
    fn what_will_do_is_used() {
        check(Accepts::Exactly, &[Some("0.2.129"), Some("0.2.129")], Plan::Use);
        check(Accepts::SameSeries, &[Some("0.2.130")], Plan::Use);
    }

    #[test]
    fn what_is_missing_is_installed_for_the_user() {
        check(Accepts::Exactly, &[None, None], Plan::Install);
        check(Accepts::SameSeries, &[None], Plan::Install);
    }

    #[test]
    fn another_version_is_never_overwritten() {
        check(Accepts::Exactly, &[Some("0.2.130"), Some("0.2.130")], Plan::InstallAside);
        check(Accepts::Exactly, &[Some("0.2.129"), None], Plan::InstallAside);
        check(Accepts::SameSeries, &[Some("0.2.9")], Plan::InstallAside);
    }
}
