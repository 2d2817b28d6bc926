//! What the samples of the bench amount to: one row for each figure, with its target where it has one.

use serde::Serialize;

use crate::samples::{Frame, Frames, Page, Place, Run, Samples, Verdict};
use crate::statistics::{median, medians_across, paired, percentile};

/// The engine's rate in the browser over the whole shop, as a share of the reference's rate there.
const RATIO: Target = Target::AtLeast(0.10);
/// Memory that a step of a run keeps, with trace and keyframes.
const MEMORY_BYTES: Target = Target::AtMost(64.0);
/// From the text of Scenario A to its verdict, in a browser that has never run it.
const VERDICT_MS: Target = Target::Below(2_000.0);
/// Seeking in the browser, in milliseconds.
const SEEK_P99_MS: Target = Target::Below(5.0);
/// WebAssembly, scripts and styles together, in kilobytes.
const BUNDLE_KB: Target = Target::AtMost(180.0);
/// A frame with many messages, as a multiple of the bare canvas.
const FRAME_RATIO: Target = Target::AtMost(1.25);
/// The scripts of half of such frames, in milliseconds.
const SCRIPT_P50_MS: Target = Target::AtMost(2.0);

/// From opening the page to the first message that moves, as a multiple of a bare counter of the same framework.
const OPENING_RATIO: Target = Target::AtMost(2.0);
/// Between two frames while the moment is dragged through a long run.
const DRAG_P95_MS: Target = Target::Below(33.0);
/// From a key in the search box of the options to its letter.
const LETTER_P95_MS: Target = Target::Below(50.0);

/// The length of run and the number of messages that the targets are about.
const TARGET_STEPS: f64 = 1_000_000.0;
const TARGET_IN_FLIGHT: f64 = 2_000.0;
const TARGET_SHOP: &str = "whole shop";

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// In what.
    pub unit: &'static str,
    /// On this machine, where it makes sense.
    pub native: Option<f64>,
    /// In the browser.
    pub browser: f64,
    /// What the figure in the browser should be, if anybody has said.
    pub target: Option<Target>,
    /// Is it? Present with a target.
    pub met: Option<bool>,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// Less than this.
    Below(f64),
}

impl Target {
    fn is_met_by(self, figure: f64) -> bool {
        match self {
            Self::AtLeast(least) => figure >= least,
            Self::AtMost(most) => figure <= most,
            Self::Below(limit) => figure < limit,
        }
    }
}

impl Row {
    fn new(what: impl Into<String>, unit: &'static str, browser: f64) -> Self {
        Self { what: what.into(), unit, native: None, browser, target: None, met: None }
    }

    /// A figure of both places.
    fn of_both(what: String, unit: &'static str, run: &Run, of: impl Fn(&Place) -> f64) -> Self {
        Self { native: Some(of(&run.native)), ..Self::new(what, unit, of(&run.worker)) }
    }

    fn with(mut self, target: Target) -> Self {
        self.target = Some(target);
        self.met = Some(target.is_met_by(self.browser));
        self
    }

    fn with_if(self, wanted: bool, target: Target) -> Self {
        if wanted { self.with(target) } else { self }
    }
}

/// All figures, in the order in which a person would ask for them.
pub fn figures(samples: &Samples) -> Vec<Row> {
    let mut rows = Vec::new();
    for run in &samples.runs {
        rows.extend(engine(run, samples.reference_events));
    }
    rows.push(verdict(&samples.verdict));
    rows.extend(bundle(samples));
    rows.extend(samples.frames.iter().flat_map(frames));
    rows.extend(page(&samples.page));
    rows
}

fn engine(run: &Run, reference_events: f64) -> Vec<Row> {
    let steps = run.steps;
    let about = |what: &str| format!("{what}, {}, {} k steps", run.shop, steps / 1e3);
    let is_long = steps == TARGET_STEPS;
    let is_target = is_long && run.shop == TARGET_SHOP;
    // Each sample is compared with the one taken just before it, so that a machine that slows down slows down both.
    let ratio = |place: &Place| {
        median(&paired(&place.reference_ms, &place.run_ms, |reference, run| {
            (steps / run) / (reference_events / reference)
        }))
    };
    let first_ratio = |place: &Place| (steps / place.first_run_ms) / (reference_events / median(&place.reference_ms));
    let rate = |count: f64, times_ms: &[f64]| count / median(times_ms) / 1e3;
    vec![
        Row::of_both(about("reference kernel"), "M events/s", run, |place| rate(reference_events, &place.reference_ms)),
        Row::of_both(about("engine with trace and keyframes"), "M steps/s", run, |place| rate(steps, &place.run_ms)),
        Row::of_both(about("engine"), "x reference", run, ratio).with_if(is_target, RATIO),
        Row::of_both(about("engine, first run in fresh memory"), "x reference", run, first_ratio),
        Row::of_both(about("seek p50"), "ms", run, |place| median(&medians_across(&place.seek_ms))),
        Row::of_both(about("seek p99"), "ms", run, |place| percentile(&medians_across(&place.seek_ms), 99))
            .with_if(is_long, SEEK_P99_MS),
        Row::of_both(about("seek p99 with every interruption"), "ms", run, |place| {
            percentile(&place.seek_ms.concat(), 99)
        }),
        Row::of_both(about("memory"), "bytes/step", run, |place| place.bytes / steps).with_if(is_target, MEMORY_BYTES),
    ]
}

fn verdict(verdict: &Verdict) -> Row {
    let first = |times: &[f64]| times.first().copied().unwrap_or(f64::NAN);
    let what = format!("{}, from text to verdict, in fresh memory", verdict.preset);
    Row { native: Some(first(&verdict.native_ms)), ..Row::new(what, "ms", first(&verdict.worker_ms)) }.with(VERDICT_MS)
}

fn bundle(samples: &Samples) -> Vec<Row> {
    let sum = |kind: &str| {
        let files = samples.bundle.iter().filter(|file| file.file.ends_with(kind));
        files.map(|file| file.brotli_bytes).sum::<f64>() / 1e3
    };
    let part = |kind| Row::new(format!("bundle, {kind}, brotli"), "kB", sum(kind));
    vec![part(".wasm"), part(".js"), part(".html"), Row::new("bundle, together, brotli", "kB", sum("")).with(BUNDLE_KB)]
}

fn frames(frames: &Frames) -> Vec<Row> {
    let is_target = frames.in_flight == TARGET_IN_FLIGHT;
    let cost = |part: &str, of: fn(&Frame) -> f64| {
        let about = |what: &str| format!("{what}, {part}, {} in flight", frames.in_flight);
        let page: Vec<f64> = frames.page.iter().map(of).collect();
        let bare: Vec<f64> = frames.bare.iter().map(of).collect();
        let ratio = median(&paired(&page, &bare, |page, bare| page / bare));
        [
            Row::new(about("bare canvas"), "ms/frame", median(&bare)),
            Row::new(about("page"), "ms/frame", median(&page)),
            Row::new(about("page"), "x bare canvas", ratio).with_if(is_target, FRAME_RATIO),
        ]
    };
    let script = cost("mean script", |frame| frame.script_ms);
    let main = cost("mean main thread", |frame| frame.main_ms);
    let each: Vec<f64> = frames.page.iter().flat_map(|frame| frame.scripts_ms.iter().copied()).collect();
    let of_each = |percent| {
        let name = format!("page, script p{percent} of the frames, {} in flight", frames.in_flight);
        Row::new(name, "ms", percentile(&each, percent))
    };
    let each = [of_each(50).with_if(is_target, SCRIPT_P50_MS), of_each(95)];
    script.into_iter().chain(each).chain(main).collect()
}

fn page(page: &Page) -> Vec<Row> {
    let opening = &page.opening;
    let about = |what: &str| format!("{what}, processor slowed {} times", opening.slowdown);
    let ratio = median(&paired(&opening.page_ms, &opening.counter_ms, |page, counter| page / counter));
    let drag = format!("drag through {} k steps", (page.drag.events / 1e3).round());
    let is_long = page.drag.events >= TARGET_STEPS;
    let frames = page.drag.frame_ms.concat();
    vec![
        Row::new(about("bare counter, until it is there"), "ms", median(&opening.counter_ms)),
        Row::new(about("page, until a message moves"), "ms", median(&opening.page_ms)),
        Row::new(about("page, until a message moves"), "x bare counter", ratio).with(OPENING_RATIO),
        Row::new(format!("{drag}, between frames p50"), "ms", median(&frames)),
        Row::new(format!("{drag}, between frames p95"), "ms", percentile(&frames, 95)).with_if(is_long, DRAG_P95_MS),
        Row::new("letter in the options' search box p50", "ms", median(&page.letter_ms)),
        Row::new("letter in the options' search box p95", "ms", percentile(&page.letter_ms, 95)).with(LETTER_P95_MS),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Row, figures};

    fn rows() -> Vec<Row> {
        let place = |run_ms: f64| {
            json!({
                "reference_ms": [100.0, 200.0, 100.0],
                "run_ms": [run_ms, 2.0 * run_ms, 3.0 * run_ms],
                "seek_ms": [[1.0, 2.0, 6.0], [1.0, 2.0, 6.0], [9.0, 9.0, 9.0]],
                "first_run_ms": 500.0,
                "bytes": 250_000_000.0,
            })
        };
        let samples = json!({
            "reference_events": 2_000_000.0,
            "verdict": { "preset": "scenario-a", "native_ms": [800.0, 700.0], "worker_ms": [1_900.0, 1_500.0] },
            "runs": [{ "shop": "whole shop", "steps": 1_000_000.0, "native": place(250.0), "worker": place(500.0) }],
            "bundle": [
                { "file": "a_bg.wasm", "bytes": 400_000.0, "brotli_bytes": 140_000.0 },
                { "file": "snippets/a.js", "bytes": 40_000.0, "brotli_bytes": 12_000.0 },
                { "file": "index.html", "bytes": 50_000.0, "brotli_bytes": 11_000.0 },
            ],
            "frames": [{
                "in_flight": 2_000.0,
                "page": [
                    { "script_ms": 3.0, "main_ms": 9.0, "scripts_ms": [1.0, 1.5] },
                    { "script_ms": 4.0, "main_ms": 9.0, "scripts_ms": [9.0] },
                ],
                "bare": [{ "script_ms": 3.0, "main_ms": 4.5 }, { "script_ms": 2.0, "main_ms": 4.5 }],
            }],
            "page": {
                "opening": { "slowdown": 4.0, "page_ms": [900.0, 1_800.0, 900.0], "counter_ms": [300.0, 600.0, 600.0] },
                "drag": { "events": 1_000_400.0, "frame_ms": [[16.0, 17.0], [16.0, 40.0]] },
                "letter_ms": [10.0, 12.0, 30.0],
            },
        });
        figures(&serde_json::from_value(samples).unwrap())
    }

    fn check(what: &str, unit: &str, native: Option<f64>, browser: f64, met: Option<bool>) {
        let rows = rows();
        let row = rows.iter().find(|row| row.what == what && row.unit == unit).unwrap();
        assert_eq!((row.native, row.browser, row.met), (native, browser, met));
    }

    #[test]
    fn a_rate_is_compared_with_the_reference_just_before_it() {
        // The second pair ran on a machine at half its speed: both took twice as long, and the ratio is the same.
        check("engine, whole shop, 1000 k steps", "x reference", Some(0.2), 0.1, Some(true));
    }

    #[test]
    fn targets_are_held_against_the_browser() {
        check("seek p99, whole shop, 1000 k steps", "ms", Some(6.0), 6.0, Some(false));
        check("memory, whole shop, 1000 k steps", "bytes/step", Some(250.0), 250.0, Some(false));
        check("scenario-a, from text to verdict, in fresh memory", "ms", Some(800.0), 1_900.0, Some(true));
        check("bundle, together, brotli", "kB", None, 163.0, Some(true));
        check("bundle, .html, brotli", "kB", None, 11.0, None);
        check("page, mean script, 2000 in flight", "x bare canvas", None, 1.0, Some(true));
        check("page, script p50 of the frames, 2000 in flight", "ms", None, 1.5, Some(true));
        check("page, until a message moves, processor slowed 4 times", "x bare counter", None, 3.0, Some(false));
        check("drag through 1000 k steps, between frames p95", "ms", None, 40.0, Some(false));
        check("letter in the options' search box p95", "ms", None, 30.0, Some(true));
    }
}
