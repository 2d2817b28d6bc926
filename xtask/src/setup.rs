//! What each kind of work needs from the machine.

use crate::chromium::Chromium;
use crate::failure::Failure;
use crate::node;
use crate::process::say;
use crate::rust;
use crate::tool::{self, Tool};
use crate::toolbox::Toolbox;

/// What building and serving the page needs.
pub fn for_the_page(tools: &Toolbox) -> Result<(), Failure> {
    rust::ensure_wasm_target(tools)?;
    Tool::trunk().ensure(tools)?;
    Tool::wasm_bindgen(tools)?.ensure(tools)?;
    tool::clear_away(tools)
}

/// What Rust tests in a browser need.
pub fn for_browser_tests(tools: &Toolbox) -> Result<Chromium, Failure> {
    rust::ensure_wasm_target(tools)?;
    Tool::wasm_bindgen(tools)?.ensure(tools)?;
    Chromium::ensure(tools)
}

/// What driving the built page needs.
pub fn for_driving_the_page(tools: &Toolbox) -> Result<Chromium, Failure> {
    for_the_page(tools)?;
    node::ensure(tools)?;
    Chromium::ensure(tools)
}

/// What checking the sources needs.
pub fn for_lints(tools: &Toolbox) -> Result<(), Failure> {
    rust::ensure_wasm_target(tools)?;
    rust::ensure_linters(tools)
}

/// What any command needs.
pub fn everything(tools: &Toolbox) -> Result<(), Failure> {
    for_lints(tools)?;
    for_driving_the_page(tools)?;
    say("everything is in place: `cargo xtask serve` opens the page, `cargo xtask test` runs the tests");
    Ok(())
}
