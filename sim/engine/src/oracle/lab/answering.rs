//! The lab's judgement of answers, and of what sessions are promised.

use crate::oracle::answers::judge;
use crate::oracle::judgement::Freshness;
use crate::oracle::monotonic_reads::went_back;
use crate::oracle::pages;
use crate::oracle::read_your_writes::{missed, shown};
use crate::oracle::sight;
use crate::oracle::staleness_bound::is_exceeded;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::edges::edging::Edging;
use crate::system::queries::message::{Outcome, QueryId, Reply};
use crate::system::queries::reading::Reading;
use crate::system::queries::sight::Sight;
use crate::system::query_side::api::table::selected;
use crate::system::trace::{Entry, Promise, What};

use super::Lab;

impl Lab {
    /// An answer has left in this step.
    pub(super) fn answer_left(&mut self, query: QueryId, entries: &mut Vec<Entry>) {
        let Some(reply) = self.world.reads().api.served(query) else { return };
        let (finding, seen) = (judge(self, reply), sight::judge(self, reply));
        let torn = pages::torn(self, reply, finding.freshness);
        let said = reply.outcome == Outcome::Pending;
        let model = reply.asked.query.model();
        let is_old = is_exceeded(self, reply);
        let of = finding.of.or_else(|| reply.asked.query.one());
        if let Some(walk) = reply.asked.walk {
            let replica = self.world.reads().api.rows_of_copy(model, reply.asked.keeper);
            let rows = replica.unwrap_or_else(|| self.world.projector(model).follower.target());
            // What the list was when a page was put into the cache, nobody knows any more.
            let query = &reply.asked.query;
            // Of a list that is cut to what its asker may see, nothing is left out by paging that anybody could tell.
            let is_cut = query.is_guarded() && self.world.options().queries.access.is_some();
            // Nor what the services had when they were asked.
            let list = (!reply.cached && !is_cut && !reply.is_composed()).then(|| selected(rows, query));
            self.walks.page_read(walk, &reply.asked.query, list.as_deref());
        }
        self.old_answers.left(query, reply.asked.attempt, finding.freshness);
        let found = match finding.freshness {
            Freshness::Fresh => None,
            Freshness::Stale => Some(Reading::FoundStale { query, of: finding.of, said }),
            Freshness::Wrong => Some(Reading::FoundWrong { query, of: finding.of }),
        };
        entries.extend(seen.map(|sight| self.finding(Reading::Sight(sight))));
        if let Some(Sight::FoundShown { .. }) = seen {
            self.shown.note(self.world.steps(), self.world.now());
        }
        entries.extend(found.map(|found| self.finding(found)));
        entries.extend(torn.map(|torn| self.finding(Reading::Composing(torn))));
        if is_old {
            let about = of.unwrap_or(Aggregate::Order(Default::default()));
            self.breach(
                Promise::StalenessWithinBound,
                self.world.versions(model).serving(),
                about,
                EventId(0),
                entries,
            );
        }
    }

    /// An answer has come to its client in this step.
    pub(super) fn answer_came(&mut self, query: QueryId, entries: &mut Vec<Entry>) {
        let answer = self.world.reads().clients.last_answer();
        let Some(reply) = answer.filter(|reply| reply.asked.id == query) else { return };
        let reader = self.world.versions(reply.asked.query.model()).serving();
        let (missed, back) = (missed(reply), went_back(reply));
        let end = reply.asked.walk.and_then(|walk| self.walks.page_shown(walk, reply));
        let behind = missed.or(back).and_then(|of| found_behind(reply, of));
        entries.extend(behind.map(|found| Entry {
            at: self.world.now(),
            step: self.world.steps(),
            what: What::Edge(found),
        }));
        if let Some(of) = missed {
            self.breach(Promise::ReadYourWrites, reader, of, EventId(0), entries);
        }
        if let Some(of) = back {
            self.breach(Promise::MonotonicReads, reader, of, EventId(0), entries);
        }
        let end = end.map(|end| Reading::WalkEnded { query, repeated: end.repeated, skipped: end.skipped });
        entries.extend(end.map(|end| self.finding(end)));
    }

    /// How an answer that is on its way stood when it left.
    pub fn answer_was(&self, query: QueryId, attempt: u16) -> Freshness {
        self.old_answers.freshness(query, attempt)
    }

    fn finding(&self, found: Reading) -> Entry {
        Entry { at: self.world.now(), step: self.world.steps(), what: What::Reading(found) }
    }
}

/// How an edge was behind what the session knew of a row, if it was an edge that answered.
fn found_behind(reply: &Reply, of: Aggregate) -> Option<Edging> {
    let (edge, known) = (reply.asked.keeper.edge()?, &reply.asked.known);
    let (has, knew) = (shown(reply, of), known.seen(of).max(known.written(of)));
    Some(Edging::FoundBehind { query: reply.asked.id, edge, of, has, knew })
}
