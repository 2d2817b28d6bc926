//! Where things are in the project.

use std::env;
use std::path::{Path, PathBuf};

/// The folders that commands read and write, all absolute.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The workspace that this program was built in.
    pub fn here() -> Self {
        let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = crate_folder.parent().unwrap_or(crate_folder).to_owned();
        // Cargo takes a relative CARGO_TARGET_DIR from the folder it is called in, which is the root for what we call.
        let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
        Self { root, target }
    }

    /// The folder with the workspace's Cargo.toml.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the toolchain pins.
    pub fn lockfile(&self) -> PathBuf {
        self.root.join("Cargo.lock")
    }

    /// The built page.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The end-to-end tests and their npm packages.
    pub fn e2e(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }

    /// Capabilities asked of the browser by tests that run in it.
    pub fn webdriver_settings(&self) -> PathBuf {
        self.root.join("webdriver.json")
    }

    /// Tools in versions that differ from what the user has installed; `bin` is below.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Where tools are compiled. Shared by all of them, because they share many dependencies.
    pub fn tools_build(&self) -> PathBuf {
        self.target.join("tools-build")
    }

    /// Files that commands make for other programs to read.
    pub fn generated(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Where cargo puts what it builds for this machine, optimised.
    pub fn release(&self) -> PathBuf {
        self.target.join("release")
    }

    /// Where cargo puts what it builds for another kind of machine, optimised.
    pub fn release_for(&self, target: &str) -> PathBuf {
        self.target.join(target).join("release")
    }

    /// Pictures of the page.
    pub fn shots(&self) -> PathBuf {
        self.target.join("shots")
    }
}
