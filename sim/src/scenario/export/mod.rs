//! A run in the formats of other tools.

use crate::oracle::lab::Lab;
use crate::oracle::lags::Lags;
use crate::oracle::metrics::Metrics;
use crate::system::trace::Trace;
use crate::view::ledger::Ledger;

mod cloudevents;
mod csv;
mod json_lines;
mod mermaid;
mod perfetto;
mod utc;

/// A format of another tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// The committed events: a JSON batch of CloudEvents 1.0.
    CloudEvents,
    /// The timeline: Trace Event JSON, which opens in Perfetto.
    Perfetto,
    /// The messages: a Mermaid sequence diagram.
    Mermaid,
    /// The trace: comma-separated values, one line for each thing that happened.
    Csv,
    /// The metrics: comma-separated values, one line for each reader and sample.
    Metrics,
    /// How far each reader was behind and why: comma-separated values, one line for each reader and sample.
    Staleness,
    /// The trace: a JSON object on a line for each thing that happened.
    JsonLines,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 7] =
        [Self::CloudEvents, Self::Perfetto, Self::Mermaid, Self::Csv, Self::Metrics, Self::Staleness, Self::JsonLines];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CloudEvents => "cloudevents",
            Self::Perfetto => "perfetto",
            Self::Mermaid => "mermaid",
            Self::Csv => "csv",
            Self::Metrics => "metrics",
            Self::Staleness => "staleness",
            Self::JsonLines => "json-lines",
        }
    }
}

/// The truth beside every copy, as comma-separated values.
pub fn ledger(ledger: &Ledger) -> String {
    csv::ledger(ledger)
}

/// The run that led to this lab by way of this trace, in this format. It ends with a line break.
pub fn export(format: Format, lab: &Lab, trace: Trace<'_>, metrics: &Metrics) -> String {
    match format {
        Format::CloudEvents => cloudevents::batch(lab, trace),
        Format::Perfetto => perfetto::timeline(lab, trace, metrics),
        Format::Mermaid => mermaid::diagram(lab, trace),
        Format::Csv => csv::trace(lab, trace),
        Format::Metrics => csv::metrics(metrics),
        Format::Staleness => {
            let mut lags = Lags::new(lab);
            lags.read_on(lab, trace, usize::MAX);
            csv::staleness(&lags)
        }
        Format::JsonLines => json_lines::trace(lab, trace),
    }
}
