//! How the Order Service of a swarm scenario commits and publishes.

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;
use crate::system::options::{Commit, CommitCrash, DualWriteOrder, EventSourcing, Options, OrderService, Publish};

use super::super::chance::Chance;

/// Lets the Order Service commit and publish in one of the ways that it knows, and crash meanwhile.
pub fn vary(options: &mut Options, chance: &mut Chance) {
    let service = &mut options.order_service;
    service.commit = chance.one_of(&[Commit::Outbox, Commit::EventSourced, Commit::DualWrite]);
    service.dual_write = chance.one_of(&[DualWriteOrder::SaveFirst, DualWriteOrder::PublishFirst]);
    service.publish = chance.one_of(&[Publish::After, Publish::InRequest]);
    service.event_sourcing = EventSourcing {
        load_per_event: Micros(u64::from(chance.within(0, 2_000))),
        snapshot_every: chance.once_in(2).then(|| chance.within(1, 5)),
    };
    service.crash = CommitCrash {
        before_commit: chance.fault(10),
        between: chance.fault(10),
        after_publish: chance.fault(10),
        restart_after: Distribution::Constant { value: chance.millis(1, 800) },
    };
}

/// Replaces what no protection of a reader can make good.
pub fn protect(service: &mut OrderService) {
    if service.commit == Commit::DualWrite {
        service.commit = Commit::Outbox;
    }
}
