//! The commands of the README: `cargo xtask serve`, `cargo xtask test` and their kin.
//!
//! Where to start: [`task`] lists the commands, [`setup`] what each of them needs from the machine, [`suite`] what
//! `test` runs and how it counts, [`figures`] what `bench` tells. Nothing here knows what the simulator does; nothing in the simulator knows of this.

mod apt;
mod bench;
mod chromium;
mod counts;
mod failure;
mod figures;
mod fuzz;
mod lint;
mod lockfile;
mod node;
mod page;
mod process;
mod rust;
mod samples;
mod serve;
mod setup;
mod shots;
mod statistics;
mod suite;
mod table;
mod task;
mod tool;
mod toolbox;
mod version;
mod workspace;

use std::process::ExitCode;

use failure::Failure;
use task::Task;
use toolbox::Toolbox;
use workspace::Workspace;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Does what the command line asks for.
fn run() -> Result<ExitCode, Failure> {
    let task = match Task::parse(std::env::args().skip(1)) {
        Ok(task) => task,
        Err(problem) => {
            eprintln!("xtask: {problem}\n\n{}", task::USAGE);
            return Ok(ExitCode::from(2));
        }
    };
    let tools = Toolbox::new(Workspace::here());
    match task {
        Task::Help => println!("{}", task::USAGE),
        Task::Setup => setup::everything(&tools)?,
        Task::Serve(arguments) => serve::serve(&tools, arguments)?,
        Task::Build => page::build(&tools)?,
        Task::Shots(arguments) => shots::take(&tools, arguments)?,
        Task::Bench(form) => bench::bench(&tools, form)?,
        Task::Fuzz(arguments) => fuzz::fuzz(&tools, arguments)?,
        Task::Lint => return lint::lint(&tools),
        Task::Test => return Ok(suite::run_all(&tools)),
    }
    Ok(ExitCode::SUCCESS)
}
