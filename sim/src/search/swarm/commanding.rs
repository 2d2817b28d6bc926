//! Features of the swarm about those who send commands: how patient they are, what they write on their commands, and how
//! services handle several at a time.

use crate::kernel::probability::Probability;
use crate::shop::actor::Actor;
use crate::shop::ids::{CustomerId, KeyId};
use crate::shop::money::Cents;
use crate::system::options::{Act, Answers, CommandApi, Concurrency, Options, OrderService, Scripted};

use super::super::chance::Chance;
use super::small;

/// What shoppers do with their orders.
pub fn shoppers(options: &mut Options, chance: &mut Chance) {
    let mut likely = || Probability::from_percent(chance.within(0, 100));
    let workload = &mut options.workload;
    workload.add_item = likely();
    workload.remove_item = likely();
    workload.cancel = likely();
    workload.ship = likely();
}

/// Senders who send again, services that remember or not, and handlers that get in each other's way.
pub fn command_api(options: &mut Options, chance: &mut Chance) {
    let service = &mut options.order_service;
    service.commands = CommandApi {
        loss: chance.fault(20),
        retries: small(chance, 0, 5),
        timeout: chance.millis(1, 1_000),
        backoff_factor: small(chance, 1, 4),
        idempotency_key: chance.once_in(2),
        keep_keys: chance.once_in(2).then(|| chance.millis(0, 2_000)),
        if_match: chance.once_in(2),
        authorise: chance.once_in(2),
        poll_every: chance.millis(1, 500),
    };
    service.answers = chance.one_of(&[Answers::Committed, Answers::Accepted]);
    service.concurrency = chance.one_of(&[Concurrency::SingleWriter, Concurrency::Optimistic, Concurrency::Unguarded]);
    service.writers = small(chance, 1, 6);
    service.conflict_retries = small(chance, 0, 3);
}

/// Commands that say more than what they ask for: a key that others may have too, a version, and who asks.
pub fn headers(options: &mut Options, chance: &mut Chance) {
    for n in 0..chance.within(0, 4) {
        let to = CustomerId(100 + n).into();
        let limit = Act::ChangeCreditLimit { credit_limit_cents: Cents(i64::from(chance.within(0, 90_000))) };
        let act = if chance.once_in(2) { Act::ReactivateCustomer } else { limit };
        options.workload.script.push(Scripted::plain(chance.millis(0, 1_500), to, act));
    }
    for line in &mut options.workload.script {
        line.idempotency_key = chance.once_in(3).then(|| KeyId(chance.within(1, 4)));
        line.expected_version = chance.once_in(3).then(|| chance.within(0, 3));
        let somebody = [Actor::Staff, Actor::System, Actor::Customer(CustomerId(100))];
        line.actor = chance.once_in(3).then(|| chance.one_of(&somebody));
    }
}

/// Replaces what no protection of a reader can make good: a service that forgets its keys, and writers that overwrite.
pub fn protect(service: &mut OrderService) {
    service.commands.idempotency_key = true;
    service.commands.keep_keys = None;
    if service.concurrency == Concurrency::Unguarded {
        service.concurrency = Concurrency::Optimistic;
    }
}
