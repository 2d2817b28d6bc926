//! Invariant, *always*: under bounded staleness no answer is older than the bound [seed 004, 12.2]. The API goes by the log; this
//! goes by what is committed, so that events which have not come to the log count too.

use crate::kernel::time::Micros;
use crate::system::options::Contract;
use crate::system::place::Reader;
use crate::system::queries::message::Reply;

use super::lab::Lab;

/// Is an answer older than the contract allows, at the moment at which it leaves?
pub fn is_exceeded(lab: &Lab, reply: &Reply) -> bool {
    match lab.world().options().queries.consistency.contract {
        Contract::BoundedStaleness { bound, .. } if reply.errand.is_none() => age(lab, reply) > bound,
        _ => false,
    }
}

/// For how long the oldest event that the answer has not got has been committed.
fn age(lab: &Lab, reply: &Reply) -> Micros {
    let reader = Reader::Projection(reply.asked.query.model());
    let (_, lag) = lab.watch(reader).lag(lab.world().store(), lab.world().now());
    lag
}
