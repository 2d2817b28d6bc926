//! The rebuilds of a run, read off its trace: `projection_rebuild_duration_seconds` [seed 004] and what came of each.

use serde::Serialize;

use crate::system::place::Reader;
use crate::system::trace::{Trace, What};
use crate::system::versions::{Stage, Turn};

/// A rebuild. Moments and spans are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RebuildReport {
    /// The read model.
    pub model: &'static str,
    /// The number of the version that was built.
    pub version: u8,
    /// When it began.
    pub began_ms: u64,
    /// `projection_rebuild_duration`: from its beginning until it had caught up, if it has.
    pub projection_rebuild_duration_ms: Option<u64>,
    /// How many events it had handled by then.
    pub events: u32,
    /// In how many rows it differed from the version that served, if the two were compared.
    pub differing: Option<u32>,
    /// When it began to serve, if it did.
    pub served_from_ms: Option<u64>,
    /// The last stage that it came to.
    pub stage: String,
}

/// Every rebuild of a run, in the order in which they began.
pub fn rebuilds(trace: Trace<'_>) -> Vec<RebuildReport> {
    let mut found: Vec<(Reader, RebuildReport)> = Vec::new();
    for entry in trace {
        let What::Version(turn) = entry.what else { continue };
        let at = entry.at.as_millis();
        match turn {
            Turn::Stage { reader, number, to: to @ (Stage::Building | Stage::Rebuilding), .. } => {
                found.push((reader, begun(reader, number, at, to)));
            }
            Turn::Stage { reader, to, .. } => {
                if let Some(one) = last(&mut found, |one| one == reader) {
                    one.stage = to.to_string();
                    if to == Stage::Serving {
                        one.served_from_ms.get_or_insert(at);
                    }
                }
            }
            Turn::CaughtUp { reader, events, took } => {
                if let Some(one) = last(&mut found, |one| one == reader) {
                    (one.projection_rebuild_duration_ms, one.events) = (Some(took.as_millis()), events);
                }
            }
            Turn::Compared { reader, differing, .. } => {
                // The comparison is told of the version that serves; what was built is the other one.
                if let Some(one) = last(&mut found, |one| one != reader && one.keeps() == reader.keeps()) {
                    one.differing = Some(differing);
                }
            }
            Turn::NotNow { .. } | Turn::HistoryGone { .. } | Turn::Progress { .. } | Turn::Differs { .. } => {}
        }
    }
    found.into_iter().map(|(_, one)| one).collect()
}

/// The latest rebuild of such a version.
fn last(found: &mut [(Reader, RebuildReport)], wanted: impl Fn(Reader) -> bool) -> Option<&mut RebuildReport> {
    found.iter_mut().rev().find(|(reader, _)| wanted(*reader)).map(|(_, one)| one)
}

fn begun(reader: Reader, version: u8, began_ms: u64, stage: Stage) -> RebuildReport {
    RebuildReport {
        model: reader.keeps().map_or("", |model| model.name()),
        version,
        began_ms,
        projection_rebuild_duration_ms: None,
        events: 0,
        differing: None,
        served_from_ms: None,
        stage: stage.to_string(),
    }
}
