//! The page, served while it is worked on.

use std::env;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;

use crate::failure::Failure;
use crate::process::{say, start_failure};
use crate::setup;
use crate::toolbox::Toolbox;

const FIRST_PORT: u16 = 8080;
const LAST_PORT: u16 = 8099;

/// Serves the page until Ctrl-C, rebuilding it at each change; `arguments` go to `trunk serve`.
pub fn serve(tools: &Toolbox, arguments: Vec<String>) -> Result<(), Failure> {
    setup::for_the_page(tools)?;
    let mut command = tools.trunk();
    command.arg("serve");
    if !names_port(&arguments) && env::var_os("TRUNK_SERVE_PORT").is_none() {
        let port = (FIRST_PORT..=LAST_PORT).find(|&port| is_free(port)).unwrap_or(FIRST_PORT);
        say(format!(
            "building the page, a minute or two the first time; then it is at http://127.0.0.1:{port}/ until Ctrl-C"
        ));
        command.arg("--port").arg(port.to_string());
    }
    if has_display() && !arguments.iter().any(|argument| argument.starts_with("--open")) {
        command.arg("--open");
    }
    command.args(arguments);
    become_it(&mut command).map_err(start_failure(&command))
}

/// Turns this process into trunk, so that Ctrl-C and signals reach it and nothing of ours can outlive it.
#[cfg(unix)]
fn become_it(command: &mut Command) -> io::Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

/// Waits for trunk; the console hands Ctrl-C to both.
#[cfg(not(unix))]
fn become_it(command: &mut Command) -> io::Result<()> {
    command.status().map(|_| ())
}

/// Whether the person has chosen a port.
fn names_port(arguments: &[String]) -> bool {
    arguments
        .iter()
        .any(|argument| argument.starts_with("--port") || (argument.starts_with("-p") && !argument.starts_with("--")))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Whether opening a browser window makes sense.
fn has_display() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let has_screen = cfg!(any(target_os = "macos", windows)) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
    has_screen && !is_set("CI")
}

#[cfg(test)]
mod tests {
    use super::names_port;

    #[test]
    fn a_chosen_port_is_recognised_in_each_spelling() {
        let check = |line: &str, expect| {
            let arguments: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(names_port(&arguments), expect, "{line}");
        };
        check("--port 9000", true);
        check("--port=9000", true);
        check("-p 9000", true);
        check("-p9000", true);
        check("--public-url /x/", false);
        check("", false);
    }
}
