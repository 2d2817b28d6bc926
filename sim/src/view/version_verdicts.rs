//! What the versions of read models promise: only where a rebuild is planned, or was begun.

use crate::oracle::lab::Lab;
use crate::system::place::{Model, Reader};
use crate::system::trace::Promise;
use crate::system::versions::Versions;

use crate::view::verdict::{Verdict, always, merged};

/// The verdicts about rebuilds.
pub fn verdicts(lab: &Lab) -> Vec<Verdict> {
    let options = lab.world().options();
    let planned = |model| options.consumer(Reader::Projection(model)).rebuild.is_some();
    let broken = |promise| merged(Reader::ALL.map(|reader| lab.breaches(promise, reader)));
    let begun = options.projections.versions != Versions::default() || broken(Promise::HistoryKept).count > 0;
    if !begun && !Model::ALL.into_iter().any(planned) {
        return Vec::new();
    }
    vec![
        always(
            "rebuild_has_whole_history",
            "Whole history",
            "A rebuild gets every event from the beginning.",
            broken(Promise::HistoryKept),
        ),
        always(
            "complete_when_switched",
            "Complete switch",
            "A version that begins to serve has every event that the one before it had.",
            broken(Promise::CompleteWhenSwitched),
        ),
        always(
            "rebuilt_equals_fold",
            "Rebuilt right",
            "A version that was built shows, when it begins to serve, what its events come to.",
            broken(Promise::RebuiltEqualsFold),
        ),
    ]
}
