//! Tables: comma-separated values as RFC 4180 has them.

use core::fmt::Write as _;

use crate::oracle::lab::Lab;
use crate::oracle::lags::{Cause, Lags};
use crate::oracle::metrics::Metrics;
use crate::system::trace::Trace;
use crate::view::ledger::{Freshness, Ledger};
use crate::view::log;

/// The trace, one line for each thing that happened.
pub fn trace(lab: &Lab, trace: Trace<'_>) -> String {
    let mut text = String::from("at_us,step,of,event,tone,text\r\n");
    for line in log::lines(lab, trace, 0..trace.len()) {
        let of = line.of.map(|of| of.to_string()).unwrap_or_default();
        let event = line.event.map(|event| event.to_string()).unwrap_or_default();
        let tone = format!("{:?}", line.tone).to_lowercase();
        // Writing to a text does not fail.
        let _ = write!(text, "{},{},{of},{event},{tone},{}\r\n", line.at.0, line.step, cell(&line.text));
    }
    text
}

/// The metrics, one line for each reader and sample. Rates are counts in the interval before the sample.
pub fn metrics(metrics: &Metrics) -> String {
    let mut text = String::from(
        "at_us,projection,projection_lag_us,projection_lag_events,projection_last_processed_position,\
         projection_error_total,projection_events_processed_total,projection_throughput,event_publish_rate,\
         commands_answered,write_command_latency_p99_us\r\n",
    );
    for sample in &metrics.samples {
        for reader in &metrics.readers {
            let one = &sample.readers[reader.index()];
            let _ = write!(
                text,
                "{},{},{},{},{},{},{},{},{},{},{}\r\n",
                sample.at.0,
                reader.name(),
                one.lag.0,
                one.lag_events,
                one.position.0,
                one.errors_total,
                one.processed_total,
                one.processed,
                one.published,
                sample.commands_answered,
                sample.command_latency_p99.0,
            );
        }
    }
    text
}

/// How far each reader and each copy was behind and why, one line for each of them and sample.
pub fn staleness(lags: &Lags) -> String {
    let causes = Cause::ALL.map(|cause| cause.name().replace(' ', "_"));
    let mut text = String::from("at_us,reader,lag_us,lag_events");
    for cause in causes {
        // Writing to a text does not fail.
        let _ = write!(text, ",{cause}_us,{cause}_events");
    }
    text.push_str("\r\n");
    for whose in lags.all() {
        let name = whose.name();
        for sample in lags.samples(whose) {
            let (lag, events) = (sample.lag().0, sample.lag_events());
            let _ = write!(text, "{},{name},{lag},{events}", sample.at.0);
            for (waited, events) in sample.waited.iter().zip(sample.events) {
                let _ = write!(text, ",{},{events}", waited.0);
            }
            text.push_str("\r\n");
        }
    }
    text
}

/// The ledger, one line for each cell of each copy that keeps it.
pub fn ledger(ledger: &Ledger) -> String {
    let mut text = String::from("cell,truth,copy,shows,stands\r\n");
    for row in &ledger.rows {
        let kept = row.copies.iter().filter_map(|(reader, shown)| Some((reader.to_string(), shown.as_ref()?)));
        let reader = row.cell.reader();
        let others = row.others.iter().map(|(holder, shown)| (format!("{reader}{}", holder.whereabouts()), shown));
        for (copy, shown) in kept.chain(others) {
            let stands = match shown.freshness {
                Freshness::Fresh => "fresh",
                Freshness::Stale => "stale",
                Freshness::Wrong => "wrong",
            };
            let (label, truth, shows) = (cell(&row.label), cell(&row.truth), cell(&shown.text));
            let _ = write!(text, "{label},{truth},{copy},{shows},{stands}\r\n");
        }
    }
    text
}

/// A text as a cell: in quotation marks where it would break the table otherwise.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
