//! Programs, found and called.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::Workspace;

/// The search path that every program we call sees: our own tools first, then the user's.
#[derive(Debug, Clone)]
pub struct Toolbox {
    workspace: Workspace,
    folders: Vec<PathBuf>,
}

impl Toolbox {
    /// The toolbox of `workspace`, with the search path of this process.
    pub fn new(workspace: Workspace) -> Self {
        let mut folders = vec![workspace.tools().join("bin")];
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        // `cargo install` fills this folder even for users who never put it on their path.
        folders.extend(cargo_bin());
        Self { workspace, folders }
    }

    /// Where things are.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The first program with one of `names`; earlier names are preferred, then earlier folders.
    pub fn find(&self, names: &[&str]) -> Option<PathBuf> {
        find_in(&self.folders, names)
    }

    /// A call of `program` at the root of the workspace, which the caller may complete.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(self.workspace.root()).env("PATH", self.search_path());
        command
    }

    /// A call of the cargo that runs us.
    pub fn cargo(&self) -> Command {
        self.command(PathBuf::from(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())))
    }

    /// A call of trunk that asks nothing of the network.
    pub fn trunk(&self) -> Command {
        let mut command = self.command("trunk");
        command.env("TRUNK_SKIP_VERSION_CHECK", "true");
        // Trunk takes only "true" and "false" here, while the convention is that any text means yes.
        if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            command.env("NO_COLOR", "true");
        } else {
            command.env_remove("NO_COLOR");
        }
        command
    }

    fn search_path(&self) -> OsString {
        env::join_paths(&self.folders).unwrap_or_else(|_| env::var_os("PATH").unwrap_or_default())
    }
}

/// Where `cargo install` puts programs.
fn cargo_bin() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"))?;
        Some(Path::new(&home).join(".cargo"))
    })?;
    Some(home.join("bin"))
}

fn find_in(folders: &[PathBuf], names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        folders.iter().map(|folder| folder.join(&file)).find(|path| path.is_file())
    })
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::fs;

    use super::find_in;

    #[test]
    fn names_are_preferred_in_order_and_then_folders() {
        let root = env::temp_dir().join(format!("xtask-toolbox-{}", std::process::id()));
        let (first, second) = (root.join("first"), root.join("second"));
        for folder in [&first, &second] {
            fs::create_dir_all(folder).unwrap();
        }
        let file = |name: &str| format!("{name}{}", env::consts::EXE_SUFFIX);
        fs::write(first.join(file("chrome")), "").unwrap();
        fs::write(second.join(file("chrome")), "").unwrap();
        fs::write(second.join(file("chromium")), "").unwrap();
        let folders = [first.clone(), second.clone()];

        assert_eq!(find_in(&folders, &["chrome"]), Some(first.join(file("chrome"))));
        assert_eq!(find_in(&folders, &["chromium", "chrome"]), Some(second.join(file("chromium"))));
        assert_eq!(find_in(&folders, &["firefox"]), None);
        fs::remove_dir_all(root).unwrap();
    }
}
