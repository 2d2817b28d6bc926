//! Invariant, *always*: the reads of a session are monotonic [seed 002]. What it has seen in one answer, it does not see older
//! in an answer to what it asks afterwards.

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::Version;
use crate::system::queries::message::Reply;

use super::read_your_writes::shown;

/// What an answer shows older than the session has seen it, if anything.
pub fn went_back(reply: &Reply) -> Option<Aggregate> {
    let known = &reply.asked.known;
    let older = |of: Aggregate, version: Version| version < known.seen(of);
    match reply.asked.query.one() {
        Some(of) => older(of, shown(reply, of)).then_some(of),
        None => reply.page.rows.iter().find(|row| older(row.of, row.version)).map(|row| row.of),
    }
}
