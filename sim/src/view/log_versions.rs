//! What happens to the versions of a read model, in words.

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::money::grouped;
use crate::system::place::{Model, Reader};
use crate::system::trace::Promise;
use crate::system::versions::{Difference, Turn};

use super::further_cells::fields;

/// The words for a turn.
pub fn told(turn: Turn) -> String {
    match turn {
        Turn::Stage { reader, number, from, to } => {
            format!("{} is {to} now; it was {from}", version(reader, number))
        }
        Turn::NotNow { model } => {
            format!("no rebuild of the {model} begins: it has another version, or is written with the command")
        }
        Turn::HistoryGone { reader, first: None, .. } => {
            format!("the {reader} can not be rebuilt: queues keep no history")
        }
        Turn::HistoryGone { reader, partition, first: Some(first) } => {
            let missing = grouped(u64::from(first));
            format!(
                "the {reader} can not be rebuilt from the log: the first {missing} events of {partition} are deleted"
            )
        }
        Turn::Progress { reader, handled, of, left } => {
            let (done, all) = (grouped(u64::from(handled)), grouped(u64::from(of)));
            let percent = u64::from(handled) * 100 / u64::from(of.max(1));
            format!("rebuild of the {reader}: {done} of {all} events ({percent} %), {}", estimate(left))
        }
        Turn::CaughtUp { reader, events, took } => {
            format!("rebuild of the {reader} has caught up: {} events in {took}", grouped(u64::from(events)))
        }
        Turn::Compared { reader, rows: (here, there), differing, same_checksum, level } => {
            let checksums = if same_checksum { "the same checksum" } else { "different checksums" };
            let level = if level { "" } else { "; they have not come equally far" };
            format!(
                "the {reader}, which serves, has {} rows and the version beside it {}: {differing} differ, {checksums}{level}",
                grouped(u64::from(here)),
                grouped(u64::from(there))
            )
        }
        Turn::Differs { model, of, what } => differs(model, of, what),
    }
}

/// A version by its model and number: `version 2 of the order view`.
fn version(reader: Reader, number: u8) -> String {
    match reader.keeps() {
        Some(model) => format!("version {number} of the {model}"),
        None => reader.to_string(),
    }
}

/// When a rebuild will have caught up. A rate measured so far says nothing for sure.
pub fn estimate(left: Option<Micros>) -> String {
    match left {
        Some(left) => format!("about {left} left at this rate (an estimate)"),
        None => "falling behind at this rate".to_owned(),
    }
}

fn differs(model: Model, of: Option<Aggregate>, what: Difference) -> String {
    let row = of.map_or_else(|| "the row".to_owned(), |of| of.to_string());
    match what {
        Difference::OnlyServing => format!("the versions of the {model} differ: only the one that serves has {row}"),
        Difference::OnlyBeside => format!("the versions of the {model} differ: the one that serves lacks {row}"),
        Difference::Cell(cell) => {
            let field = fields(model).get(usize::from(cell)).copied().unwrap_or_default();
            format!("the versions of the {model} differ: {row}, {field}")
        }
    }
}

/// A broken promise of a version, in words.
pub fn broken(promise: Promise, reader: Reader, of: Aggregate) -> String {
    let what = reader.keeps().map_or_else(|| reader.to_string(), |model| model.to_string());
    match promise {
        Promise::CompleteWhenSwitched => {
            format!("the {what} is switched to a version that has not got every event of {of}")
        }
        Promise::RebuiltEqualsFold => format!("the {what} is switched to a version that is wrong about {of}"),
        Promise::HistoryKept => format!("the {what} can not be rebuilt: a part of its history is gone"),
        _ => String::new(),
    }
}
