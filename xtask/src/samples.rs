//! What `tests/e2e/bench.mjs` has measured, as it prints it: raw samples, judged by nobody yet.

use serde::Deserialize;

/// All samples of one run of the bench. Times are in milliseconds.
#[derive(Debug, Deserialize)]
pub struct Samples {
    /// How many events each sample of the reference took.
    pub reference_events: f64,
    /// The engine, for each length of a run, shortest first.
    pub runs: Vec<Run>,
    /// From the text of a preset to the verdict on its run.
    pub verdict: Verdict,
    /// The files of the page.
    pub bundle: Vec<File>,
    /// Frames of the page, for each number of messages in flight.
    pub frames: Vec<Frames>,
    /// How the page feels.
    pub page: Page,
}

/// What a person waits for at the page.
#[derive(Debug, Deserialize)]
pub struct Page {
    /// Opening it.
    pub opening: Opening,
    /// Dragging the moment through a long run.
    pub drag: Drag,
    /// From each key in the search box of the options to the frame that shows its letter.
    pub letter_ms: Vec<f64>,
}

/// Openings of the page and of a bare counter, in turn, each in a fresh profile.
#[derive(Debug, Deserialize)]
pub struct Opening {
    /// How many times slower the processor was made.
    pub slowdown: f64,
    /// Until a message has moved.
    pub page_ms: Vec<f64>,
    /// Until the counter is there.
    pub counter_ms: Vec<f64>,
}

/// Drags through one run.
#[derive(Debug, Deserialize)]
pub struct Drag {
    /// How many steps the run has.
    pub events: f64,
    /// The time between frames, drag by drag.
    pub frame_ms: Vec<Vec<f64>>,
}

/// How long it takes to open a preset, play it to its end and judge it.
#[derive(Debug, Deserialize)]
pub struct Verdict {
    /// The preset.
    pub preset: String,
    /// On this machine.
    pub native_ms: Vec<f64>,
    /// In a worker of the browser. The first of them is in fresh memory.
    pub worker_ms: Vec<f64>,
}

/// The engine over one number of steps.
#[derive(Debug, Deserialize)]
pub struct Run {
    /// Which shop is run.
    pub shop: String,
    /// How many steps each sample took.
    pub steps: f64,
    /// On this machine.
    pub native: Place,
    /// In a worker of the browser.
    pub worker: Place,
}

/// The engine in one place. Samples of the reference and of the run with the same index were taken right after each other.
#[derive(Debug, Deserialize)]
pub struct Place {
    /// How long the reference took.
    pub reference_ms: Vec<f64>,
    /// How long the run took.
    pub run_ms: Vec<f64>,
    /// How long each look at a random moment took: round by round, with the same moments in the same order in each.
    pub seek_ms: Vec<Vec<f64>>,
    /// How long the first run in a fresh memory took.
    pub first_run_ms: f64,
    /// How much memory the run took.
    pub bytes: f64,
}

/// A file that a visitor downloads.
#[derive(Debug, Deserialize)]
pub struct File {
    /// Its name below `dist`.
    pub file: String,
    /// Its size in bytes after `brotli -q 11`.
    pub brotli_bytes: f64,
}

/// Frames of the page and of a bare canvas with as much on it. Samples with the same index were taken after each other.
#[derive(Debug, Deserialize)]
pub struct Frames {
    /// How many messages are in flight.
    pub in_flight: f64,
    /// The page.
    pub page: Vec<Frame>,
    /// The bare canvas.
    pub bare: Vec<Frame>,
}

/// The mean cost of a frame over a while, in the main thread's own time.
#[derive(Debug, Deserialize)]
pub struct Frame {
    /// Scripts alone.
    pub script_ms: f64,
    /// All that the main thread does: scripts, styles, layout and painting.
    pub main_ms: f64,
    /// How long the scripts took in each of these frames, by the clock. Only of the page.
    #[serde(default)]
    pub scripts_ms: Vec<f64>,
}
