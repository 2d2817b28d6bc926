//! Pictures of the page, room by room.

use crate::failure::Failure;
use crate::page;
use crate::process::run;
use crate::setup;
use crate::toolbox::Toolbox;

/// Builds the page and takes its pictures; `arguments` go to `shot.mjs`.
pub fn take(tools: &Toolbox, arguments: Vec<String>) -> Result<(), Failure> {
    let chromium = setup::for_driving_the_page(tools)?;
    page::build(tools)?;
    let mut command = tools.command("node");
    command.arg(tools.workspace().e2e().join("shot.mjs")).env("CHROMIUM", &chromium.browser);
    if !arguments.iter().any(|argument| argument.starts_with("--out")) {
        command.arg("--out").arg(tools.workspace().shots());
    }
    run(command.args(arguments))
}
