//! The page, built.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::process::{run, say};
use crate::setup;
use crate::toolbox::Toolbox;

/// Builds the page into `dist`, and makes its WebAssembly smaller where wasm-opt is at hand.
pub fn build(tools: &Toolbox) -> Result<(), Failure> {
    setup::for_the_page(tools)?;
    say("building the page");
    run(tools.trunk().arg("build"))?;
    optimise(tools, &tools.workspace().dist())
}

/// Runs wasm-opt over each WebAssembly file of the page built in this folder.
///
/// It stays optional because it comes from outside Rust: without it the page is larger, but the same. It is told
/// nothing about features, because it then keeps to those that the file itself names, which every browser has.
pub fn optimise(tools: &Toolbox, dist: &Path) -> Result<(), Failure> {
    let Some(wasm_opt) = find_wasm_opt(tools) else {
        say("wasm-opt is not installed: the page is complete without it, only larger");
        return Ok(());
    };
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).map_err(Failure::file(index))?;
    if html.contains("integrity=") {
        say("the page carries integrity hashes, so its WebAssembly is left as it is");
        return Ok(());
    }
    for wasm in wasm_files(dist)? {
        let before = size_of(&wasm)?;
        let smaller = wasm.with_extension("wasm.tmp");
        run(&mut optimising(tools, &wasm_opt, &wasm, &smaller))?;
        fs::rename(&smaller, &wasm).map_err(Failure::file(&smaller))?;
        let after = size_of(&wasm)?;
        say(format!(
            "wasm-opt made {} of {before} bytes into one of {after}",
            wasm.file_name().unwrap_or_default().to_string_lossy()
        ));
    }
    Ok(())
}

/// Optimises one WebAssembly file beside itself, as those of the page are, and returns the file to use: the file itself
/// where wasm-opt is not at hand.
pub fn optimised(tools: &Toolbox, wasm: &Path) -> Result<PathBuf, Failure> {
    let Some(wasm_opt) = find_wasm_opt(tools) else {
        return Ok(wasm.to_owned());
    };
    let better = wasm.with_extension("opt.wasm");
    run(&mut optimising(tools, &wasm_opt, wasm, &better))?;
    Ok(better)
}

fn optimising(tools: &Toolbox, wasm_opt: &Path, from: &Path, to: &Path) -> Command {
    let mut command = tools.command(wasm_opt);
    command.args(["-O3", "-o"]).args([to, from]);
    command
}

/// The user's wasm-opt, or the one among the packages of the end-to-end tests.
fn find_wasm_opt(tools: &Toolbox) -> Option<PathBuf> {
    let packaged = || {
        let path = tools.workspace().e2e().join("node_modules/.bin/wasm-opt");
        (path.is_file() && tools.find(&["node"]).is_some()).then_some(path)
    };
    tools.find(&["wasm-opt"]).or_else(packaged)
}

fn wasm_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(Failure::file(folder))? {
        let path = entry.map_err(Failure::file(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn size_of(path: &Path) -> Result<u64, Failure> {
    Ok(fs::metadata(path).map_err(Failure::file(path))?.len())
}
