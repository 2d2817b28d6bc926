//! Invariant, *always*: under bounded staleness no answer is older than the bound [seed 004, 12.2]. The API goes by the log; this
//! goes by what is committed, so that events which have not come to the log count too.

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::options::Contract;
use crate::system::queries::message::Reply;

use super::lab::Lab;

/// Is an answer older than the contract allows, at the moment at which it leaves?
pub fn is_exceeded(lab: &Lab, reply: &Reply) -> bool {
    match reply.asked.contract(lab.world().options()) {
        Contract::BoundedStaleness { bound, .. } if reply.errand.is_none() || reply.is_composed() => {
            age(lab, reply) > bound
        }
        _ => false,
    }
}

/// For how long the oldest event that the answer has not got has been committed.
fn age(lab: &Lab, reply: &Reply) -> Micros {
    let (store, now) = (lab.world().store(), lab.world().now());
    let watch = lab.model(reply.asked.query.model());
    if reply.is_first_hand() {
        return watch.lag(store, now).1;
    }
    // A cache, a replica or a gateway has what was there when it looked.
    let last = u32::try_from(store.len()).unwrap_or(u32::MAX);
    let mut open = (reply.as_of.position.0 + 1..=last).map(|number| store.event(EventId(number)));
    let oldest = open.find(|committed| watch.follows(committed.recorded.of));
    oldest.map_or(Micros::ZERO, |committed| now.since(committed.at))
}
