//! What can be asked for on the command line.

use thiserror::Error;

use crate::bench::Form;

/// What `cargo xtask` prints when asked for help or for something it does not know.
pub const USAGE: &str = "\
usage: cargo xtask COMMAND

  setup          install whatever the other commands need
  serve [ARGS]   build the page, serve it and open it; ARGS go to `trunk serve`, for example --port 9000
  test           run all tests: on this machine, in headless Chromium, and end to end
  fuzz [ARGS]    give damaged files and random scenarios to the machine; ARGS such as --minutes 5 or --cases 100000
  lint           check the formatting and run clippy on everything, warnings denied
  build          build the page into dist, ready for any static host
  bench [--json] measure the engine and the page, as a table or as one JSON object
  shots [ARGS]   take pictures of every room into target/shots; ARGS go to tests/e2e/shot.mjs, for example --room bench

Each command first installs what it needs itself, and says so.";

/// One command with its arguments.
#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    /// Print the usage.
    Help,
    /// Install what all other commands need.
    Setup,
    /// Serve the page; the arguments are passed on to `trunk serve`.
    Serve(Vec<String>),
    /// Run every test suite.
    Test,
    /// Look for what breaks the machine; the arguments are passed on.
    Fuzz(Vec<String>),
    /// Check formatting and lints.
    Lint,
    /// Build the page.
    Build,
    /// Measure.
    Bench(Form),
    /// Take screenshots; the arguments are passed on to `shot.mjs`.
    Shots(Vec<String>),
}

/// Why a command line is not understood.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Misunderstood {
    /// No such command.
    #[error("there is no command {0:?}")]
    Command(String),
    /// A command was given an argument that it does not take.
    #[error("{command} does not take the argument {argument:?}")]
    Argument {
        /// The command as typed.
        command: String,
        /// The first argument after it.
        argument: String,
    },
}

impl Task {
    /// Reads the arguments after the program's name. No arguments at all ask for help.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, Misunderstood> {
        let mut arguments = arguments.into_iter();
        let Some(command) = arguments.next() else {
            return Ok(Self::Help);
        };
        let rest: Vec<String> = arguments.collect();
        let bare = |task| match rest.first() {
            None => Ok(task),
            Some(argument) => Err(Misunderstood::Argument { command: command.clone(), argument: argument.clone() }),
        };
        match command.as_str() {
            "help" | "--help" | "-h" => Ok(Self::Help),
            "setup" => bare(Self::Setup),
            "test" => bare(Self::Test),
            "lint" => bare(Self::Lint),
            "build" => bare(Self::Build),
            "bench" if rest == ["--json"] => Ok(Self::Bench(Form::Json)),
            "bench" => bare(Self::Bench(Form::Table)),
            "serve" => Ok(Self::Serve(rest)),
            "fuzz" => Ok(Self::Fuzz(rest)),
            "shots" => Ok(Self::Shots(rest)),
            _ => Err(Misunderstood::Command(command)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Misunderstood, Task};
    use crate::bench::Form;

    fn check(line: &str, expect: Result<Task, Misunderstood>) {
        assert_eq!(Task::parse(line.split_whitespace().map(str::to_owned)), expect);
    }

    #[test]
    fn commands_are_read_with_their_arguments() {
        check("", Ok(Task::Help));
        check("test", Ok(Task::Test));
        check("bench", Ok(Task::Bench(Form::Table)));
        check("bench --json", Ok(Task::Bench(Form::Json)));
        check("serve --port 9000", Ok(Task::Serve(vec!["--port".into(), "9000".into()])));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        check("tets", Err(Misunderstood::Command("tets".into())));
        check("bench --xml", Err(Misunderstood::Argument { command: "bench".into(), argument: "--xml".into() }));
        check("test fast", Err(Misunderstood::Argument { command: "test".into(), argument: "fast".into() }));
    }
}
