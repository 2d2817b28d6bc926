//! The search for drift, in words.

use crate::shop::aggregate::Aggregate;
use crate::shop::money::grouped;
use crate::system::detection::{Detection, Finding};
use crate::system::hands::RowAct;
use crate::system::place::{Model, Reader};
use crate::system::versions::Difference;

use super::further_cells::fields;

/// The words for a detection.
pub fn told(detection: Detection) -> String {
    match detection {
        Detection::Looked { reader, detector, compared, left_out, found } => {
            let (compared, moving) = (grouped(u64::from(compared)), grouped(u64::from(left_out)));
            let found = if found == 0 { "finds nothing".to_owned() } else { format!("finds {found}") };
            format!("{detector} of the {reader} {found}: {compared} compared, {moving} left out as they are in motion")
        }
        Detection::Found { reader, detector, finding } => {
            format!("{detector} of the {reader}: {}", found(reader, finding))
        }
        Detection::Alarm { reader, detector } => format!("{detector} raises the alarm: the {reader} has drifted"),
        Detection::Cleared { reader, detector } => format!("{detector} of the {reader}: the alarm is over"),
        Detection::Paused { model } => format!("the {model} stops serving: whoever asks is turned away"),
        Detection::Resumed { model } => format!("the {model} serves again"),
    }
}

fn found(reader: Reader, finding: Finding) -> String {
    match finding {
        Finding::Rows { has, wanted } => {
            format!("it has {} rows, and should have {}", grouped(u64::from(has)), grouped(u64::from(wanted)))
        }
        Finding::Checksum => "its checksum is not that of the committed events".to_owned(),
        Finding::Row { of, what } => {
            let row = row(of);
            match what {
                Difference::OnlyServing => format!("{row} should not be there"),
                Difference::OnlyBeside => format!("{row} is missing"),
                Difference::Cell(cell) => {
                    let fields = reader.keeps().map_or(&[][..], fields);
                    format!("{row} is wrong: {}", fields.get(usize::from(cell)).copied().unwrap_or_default())
                }
            }
        }
        Finding::Stale { of, age } => format!("{of} lacks an event that is {age} old"),
        Finding::Unread { partition, age } => format!("in {partition} an event that is {age} old is not read"),
    }
}

/// A row by its name.
fn row(of: Option<Aggregate>) -> String {
    of.map_or_else(|| "the row".to_owned(), |of| of.to_string())
}

/// What a hand does to a row.
pub fn edited(model: Model, of: Option<Aggregate>, act: RowAct) -> String {
    let row = row(of);
    match act {
        RowAct::Delete => format!("you delete {row} from the {model}"),
        RowAct::SetUnits(units) => format!("you set the units of {row} in the {model} to {units}"),
        RowAct::SetCents(cents) => format!("you set the amount of {row} in the {model} to {cents}"),
        RowAct::SetStatus(status) => format!("you set the status of {row} in the {model} to {status}"),
    }
}
