//! The lab's judgement of answers.

use crate::oracle::answers::judge;
use crate::oracle::judgement::Freshness;
use crate::system::queries::message::QueryId;
use crate::system::queries::reading::Reading;
use crate::system::trace::{Entry, What};

use super::Lab;

impl Lab {
    /// An answer has left in this step.
    pub(super) fn judge_answer(&mut self, query: QueryId, entries: &mut Vec<Entry>) {
        let Some(reply) = self.world.reads().api.served(query) else { return };
        let finding = judge(self, reply);
        let found = match finding.freshness {
            Freshness::Fresh => return,
            Freshness::Stale => Reading::FoundStale { query, of: finding.of },
            Freshness::Wrong => Reading::FoundWrong { query, of: finding.of },
        };
        entries.push(Entry { at: self.world.now(), step: self.world.steps(), what: What::Reading(found) });
    }
}
