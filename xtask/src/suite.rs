//! The test suites, run and counted.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::chromium::Chromium;
use crate::counts::Counts;
use crate::failure::Failure;
use crate::page;
use crate::process::{run_watching, say, spoken};
use crate::rust::WASM_TARGET;
use crate::setup;
use crate::toolbox::Toolbox;

/// How long one program of browser tests may take; the runner's own limit is made for small tests.
const BROWSER_TIMEOUT_S: &str = "300";

/// One kind of tests.
struct Suite {
    name: &'static str,
    run: fn(&Toolbox) -> Result<Counts, Failure>,
}

/// In the order of their cost: the sooner a mistake shows, the better.
const SUITES: [Suite; 4] = [
    Suite { name: "on this machine", run: on_this_machine },
    Suite { name: "the machine in Chromium", run: |tools| in_chromium(tools, "sim") },
    Suite { name: "the page's parts in Chromium", run: |tools| in_chromium(tools, "cqrs-lab") },
    Suite { name: "the whole page, end to end", run: end_to_end },
];

/// Runs all suites, whatever becomes of each, and ends with the line `N passed, N failed`.
pub fn run_all(tools: &Toolbox) -> ExitCode {
    let mut sum = Counts::default();
    let mut summary = Vec::new();
    for suite in SUITES {
        say(format!("testing: {}", suite.name));
        let started = Instant::now();
        let counts = (suite.run)(tools).unwrap_or_else(|failure| {
            say(failure.to_string());
            Counts::BROKEN
        });
        sum += counts;
        summary.push(summary_line(suite.name, counts, started.elapsed()));
    }
    println!("\n{}", summary.join("\n"));
    println!("{sum}");
    if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn summary_line(name: &str, counts: Counts, took: Duration) -> String {
    format!("{name:<30} {counts} ({})", spoken(took))
}

fn on_this_machine(tools: &Toolbox) -> Result<Counts, Failure> {
    count(tools.cargo().args(["test", "--workspace", "--no-fail-fast"]))
}

/// The target `browser` of one package. Only that one: property tests do not build for WebAssembly.
fn in_chromium(tools: &Toolbox, package: &str) -> Result<Counts, Failure> {
    let chromium = setup::for_browser_tests(tools)?;
    let capabilities = chromium.write_capabilities(tools)?;
    count(
        tools
            .cargo()
            .args(["test", "--package", package, "--target", WASM_TARGET])
            .args(["--test", "browser"])
            .env("CHROMEDRIVER", &chromium.driver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
            .env("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_TIMEOUT_S),
    )
}

fn end_to_end(tools: &Toolbox) -> Result<Counts, Failure> {
    let Chromium { browser, .. } = setup::for_driving_the_page(tools)?;
    page::build(tools)?;
    count(
        tools
            .command("node")
            .args(["--test", "--test-reporter=spec"])
            .current_dir(tools.workspace().e2e())
            .env("CHROMIUM", browser),
    )
}

/// Runs a test program and counts what it reports.
fn count(command: &mut Command) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    let status = run_watching(command, |line| counts += Counts::in_line(line))?;
    Ok(counts.after(status))
}
