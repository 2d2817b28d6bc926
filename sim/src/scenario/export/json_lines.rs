//! The trace as JSON lines: one object for each thing that happened, for tools that read a stream.

use crate::view::{log, words};
use serde::Serialize;

use crate::oracle::lab::Lab;
use crate::system::trace::Trace;

/// One thing that happened.
#[derive(Serialize)]
struct Line {
    at_us: u64,
    step: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation: Option<String>,
    tone: String,
    text: String,
}

/// The trace, one line for each thing that happened.
pub fn trace(lab: &Lab, trace: Trace<'_>) -> String {
    let mut text = String::new();
    for line in log::lines(lab, trace, 0..trace.len()) {
        let line = Line {
            at_us: line.at.0,
            step: line.step,
            of: line.of.map(|of| of.to_string()),
            event: line.event.map(|event| event.to_string()),
            correlation: line.correlation.map(words::command_name),
            tone: format!("{:?}", line.tone).to_lowercase(),
            text: line.text,
        };
        // Plain data always has a form as JSON.
        text.push_str(&serde_json::to_string(&line).unwrap_or_default());
        text.push('\n');
    }
    text
}
