//! Other programs, run.

use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::failure::Failure;

/// Tells the person at the terminal what is going on. Standard output is left to results.
pub fn say(sentence: impl AsRef<str>) {
    eprintln!("xtask: {}", sentence.as_ref());
}

/// Runs `command` with our own input, and what it prints goes where progress goes; anything but success is a failure.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.stdout(io::stderr()).status().map_err(start_failure(command))?;
    success(command, status)
}

/// Runs `command` and returns what it prints on standard output; anything but success is a failure.
pub fn printed_by(command: &mut Command) -> Result<String, Failure> {
    let output = command.stderr(Stdio::inherit()).output().map_err(start_failure(command))?;
    success(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn success(command: &Command, status: ExitStatus) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    Err(Failure::Exited { command: line_of(command), status })
}

/// What `command` prints on standard output, or `None` when it cannot be started or reports failure.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// Runs `command`, passing its standard output on as it comes and handing each line to `on_line`.
pub fn run_watching(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<ExitStatus, Failure> {
    if io::stdout().is_terminal() {
        // Its output goes through a pipe, so it would take our terminal for a file.
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(start_failure(command))?;
    if let Some(output) = child.stdout.take() {
        pass_on(BufReader::new(output), &mut on_line).map_err(start_failure(command))?;
    }
    child.wait().map_err(start_failure(command))
}

/// Copies `output` to our own line by line. Bytes that are not UTF-8 pass through unchanged.
fn pass_on(mut output: impl BufRead, on_line: &mut impl FnMut(&str)) -> io::Result<()> {
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        io::stdout().write_all(&line)?;
        on_line(&String::from_utf8_lossy(&line));
        line.clear();
    }
    io::stdout().flush()
}

/// A duration as a person says it: `42 s`, `2 min 10 s`.
pub fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// A closure for `map_err` that names the program.
pub fn start_failure(command: &Command) -> impl FnOnce(io::Error) -> Failure + use<> {
    let program = command.get_program().to_string_lossy().into_owned();
    move |source| Failure::Start { program, source }
}

/// The command line, without the folder of the program.
fn line_of(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(program).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::spoken;

    #[test]
    fn durations_read_as_a_person_says_them() {
        assert_eq!(spoken(Duration::from_millis(900)), "0 s");
        assert_eq!(spoken(Duration::from_secs(42)), "42 s");
        assert_eq!(spoken(Duration::from_secs(130)), "2 min 10 s");
    }
}
