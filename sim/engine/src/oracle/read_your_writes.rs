//! Invariant, *always*: a session reads its own writes [seed 002]. Whoever was told that a command is done finds its effect in
//! every answer to what it asks afterwards. An answer that says it is not there yet breaks no promise.

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::Version;
use crate::system::queries::message::{Outcome, Reply};
use crate::system::queries::page::Start;
use crate::system::queries::question::Query;

/// What of the session's own writes an answer should have and has not, if anything.
pub fn missed(reply: &Reply) -> Option<Aggregate> {
    // What is said to be missing is never the order itself.
    if !matches!(reply.outcome, Outcome::Rows | Outcome::Partial) {
        return None;
    }
    let known = &reply.asked.known;
    let older = |of: Aggregate, version: Version| version < known.written(of);
    match reply.asked.query.one() {
        Some(of) => older(of, shown(reply, of)).then_some(of),
        None => {
            let old = reply.page.rows.iter().find(|row| older(row.of, row.version)).map(|row| row.of);
            old.or_else(|| left_out(reply))
        }
    }
}

/// An order of the session's own that its whole history does not have.
fn left_out(reply: &Reply) -> Option<Aggregate> {
    let asked = &reply.asked;
    let is_whole = asked.part.start == Start::Top && reply.page.next.is_none();
    let is_own = asked.query == Query::History { customer: asked.session };
    let mut writes = asked.known.writes().filter(|_| is_whole && is_own);
    writes.find(|of| shown(reply, *of) == 0)
}

/// The version of a row in the answer; 0 if it is not there.
pub fn shown(reply: &Reply, of: Aggregate) -> Version {
    reply.page.rows.iter().find(|row| row.of == of).map_or(0, |row| row.version)
}
