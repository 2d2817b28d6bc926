//! What the boxes of the stage are made of.

use crate::oracle::lab::Lab;
use crate::oracle::watch::{Counts, Watch};
use crate::system::consumer::instances::Instance;
use crate::system::place::Place;
use crate::view::words::plural;

use super::{Mood, Node};

/// A part with which all is well.
pub(super) fn plain(place: Place, title: &str, lines: Vec<String>) -> Node {
    Node { place, title: title.to_owned(), lines, mood: Mood::Fine, marks: Vec::new() }
}

/// How a part is that runs in one box whatever its instances do: down where all are.
pub(super) fn of_instances(instances: &[Instance]) -> Mood {
    if !instances.is_empty() && instances.iter().all(|one| !one.is_up()) { Mood::Down } else { Mood::Fine }
}

/// How far a reader is behind, in events and in time.
pub(super) fn lag(lab: &Lab, watch: &Watch) -> String {
    let (behind, lag) = watch.lag(lab.world().store(), lab.world().now());
    if behind == 0 { "up to date".to_owned() } else { format!("{} behind, {lag}", plural(behind, "event")) }
}

/// How a copy is, by its worst cell.
pub(super) const fn mood(counts: Counts) -> Mood {
    match (counts.wrong, counts.stale) {
        (0, 0) => Mood::Fine,
        (0, _) => Mood::Stale,
        _ => Mood::Wrong,
    }
}
