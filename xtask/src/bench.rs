//! The bench: builds what is measured, has it measured, and says what the samples amount to.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::figures::figures;
use crate::page;
use crate::process::{printed_by, run, say};
use crate::rust::WASM_TARGET;
use crate::samples::Samples;
use crate::setup;
use crate::table::table;
use crate::toolbox::Toolbox;

/// How the figures are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A table for a person.
    Table,
    /// One JSON object: the figures as `rows`, and the `samples` that they come from.
    Json,
}

/// Measures the engine and the page and prints the figures on standard output.
pub fn bench(tools: &Toolbox, form: Form) -> Result<(), Failure> {
    let chromium = setup::for_driving_the_page(tools)?;
    say("building the bench for this machine and for the browser");
    let native = build_native(tools)?;
    let wasm = build_wasm(tools)?;
    page::build(tools)?;
    let counter = build_counter(tools)?;
    say("measuring, about four minutes: the quieter the machine, the better");
    let script = tools.workspace().e2e().join("bench.mjs");
    let printed = printed_by(
        tools
            .command("node")
            .arg(&script)
            .arg("--native")
            .arg(native)
            .arg("--wasm")
            .arg(wasm)
            .arg("--dist")
            .arg(tools.workspace().dist())
            .arg("--counter")
            .arg(counter)
            .env("CHROMIUM", chromium.browser),
    )?;
    let malformed = |error: serde_json::Error| Failure::Malformed {
        path: script.clone(),
        problem: format!("its samples are not understood: {error}"),
    };
    let raw: Value = serde_json::from_str(&printed).map_err(malformed)?;
    let samples: Samples = serde_json::from_value(raw.clone()).map_err(malformed)?;
    let rows = figures(&samples);
    match form {
        Form::Table => println!("\n{}", table(&rows)),
        Form::Json => println!("{}", json!({ "rows": rows, "samples": raw })),
    }
    Ok(())
}

fn build_native(tools: &Toolbox) -> Result<PathBuf, Failure> {
    run(tools.cargo().args(["build", "--release", "--package", "bench", "--bin", "bench"]))?;
    let name = format!("bench{}", std::env::consts::EXE_SUFFIX);
    Ok(tools.workspace().release().join(name))
}

/// The library for the browser, made smaller and faster by wasm-opt where the page is, too.
fn build_wasm(tools: &Toolbox) -> Result<PathBuf, Failure> {
    run(tools.cargo().args(["build", "--release", "--package", "bench", "--lib"]).args(["--target", WASM_TARGET]))?;
    let built = tools.workspace().release_for(WASM_TARGET).join("bench.wasm");
    page::optimised(tools, &built)
}

/// The smallest page with the same framework, built as ours is.
fn build_counter(tools: &Toolbox) -> Result<PathBuf, Failure> {
    let dist = tools.workspace().generated().join("counter");
    let folder = tools.workspace().root().join("xtask/counter");
    run(tools.trunk().current_dir(folder).arg("build").arg("--dist").arg(&dist))?;
    page::optimise(tools, &dist)?;
    Ok(dist)
}
