//! Why a command could not do its work.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

use thiserror::Error;

use crate::lockfile::LockfileError;

/// A sentence for the person at the terminal, with the cause kept typed.
#[derive(Debug, Error)]
pub enum Failure {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A program could not be started, or its output could not be read.
    #[error("{program} could not be run: {source}")]
    Start {
        /// The program as called.
        program: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// A program ran and reported failure.
    #[error("`{command}` failed ({status})")]
    Exited {
        /// The command line.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// Something is missing that only a person can install.
    #[error("{what} is missing: {remedy}")]
    Missing {
        /// What was looked for.
        what: String,
        /// What to do about it.
        remedy: String,
    },
    /// A file that must hold JSON of a certain shape does not.
    #[error("{}: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What was expected.
        problem: String,
    },
    /// Cargo.lock does not tell a version that is needed.
    #[error(transparent)]
    Lockfile(#[from] LockfileError),
}

impl Failure {
    /// A closure for `map_err` that keeps the path beside the error.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
