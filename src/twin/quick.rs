//! Quick choices of a twin: the protections that are off turned on, and those that are on turned off.

use sim::system::options::{
    Acks, BrokerKind, Checkpoint, CircuitBreaker, Commit, Concurrency, Consumer, Contract, DataAccess, FailurePolicy,
    Idempotency, Options, Partitioning, Sequencing,
};

use sim::scenario::difference::between;

/// A protection that is on or off.
pub struct Protection {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub hint: &'static str,
    /// Does it matter in a system like this?
    matters: fn(&Options) -> bool,
    is_on: fn(&Options) -> bool,
    set: fn(&mut Options, bool),
}

impl Protection {
    /// Is it on?
    pub fn is_on(&self, options: &Options) -> bool {
        (self.is_on)(options)
    }

    /// The options with it turned on or off.
    pub fn turned(&self, options: &Options, on: bool) -> Options {
        let mut options = options.clone();
        (self.set)(&mut options, on);
        options
    }

    /// The paths of the options that turning it changes.
    pub fn paths(&self, options: &Options) -> Vec<String> {
        let turned = self.turned(options, !self.is_on(options));
        between(options, &turned).into_iter().map(|one| one.path).collect()
    }
}

/// The protections that matter in a system with these options.
pub fn protections(options: &Options) -> impl Iterator<Item = &'static Protection> {
    ALL.iter().filter(move |one| (one.matters)(options))
}

/// Does every projection that takes part have it?
fn every(options: &Options, has: fn(&Consumer) -> bool) -> bool {
    let mut projections = options.projections.clone();
    projections.all_mut().into_iter().filter(|one| one.enabled).all(|one| has(one))
}

fn each(options: &mut Options, change: impl Fn(&mut Consumer)) {
    options.projections.all_mut().into_iter().filter(|one| one.enabled).for_each(change);
}

const fn always(_: &Options) -> bool {
    true
}

const fn asks_owners(options: &Options) -> bool {
    matches!(options.order_service.data_access, DataAccess::SynchronousApi | DataAccess::Composition)
}

const ALL: &[Protection] = &[
    Protection {
        name: "remember processed events",
        hint: "a repeated event is skipped",
        matters: always,
        is_on: |options| every(options, |one| one.idempotency == Idempotency::ProcessedEvents),
        set: |options, on| {
            let idempotency = if on { Idempotency::ProcessedEvents } else { Idempotency::None };
            each(options, |one| one.idempotency = idempotency);
        },
    },
    Protection {
        name: "version guard",
        hint: "an event that is not newer than its row is skipped",
        matters: always,
        is_on: |options| every(options, |one| one.sequencing == Sequencing::VersionGuard),
        set: |options, on| {
            let sequencing = if on { Sequencing::VersionGuard } else { Sequencing::None };
            each(options, |one| one.sequencing = sequencing);
        },
    },
    Protection {
        name: "gap buffer",
        hint: "an event waits until those before it have come",
        matters: always,
        is_on: |options| every(options, |one| one.sequencing == Sequencing::GapBuffer),
        set: |options, on| {
            let sequencing = if on { Sequencing::GapBuffer } else { Sequencing::None };
            each(options, |one| one.sequencing = sequencing);
        },
    },
    Protection {
        name: "position saved with the effect",
        hint: "in one transaction, so a crash repeats and loses nothing",
        matters: always,
        is_on: |options| every(options, |one| one.checkpoint == Checkpoint::WithEffect),
        set: |options, on| {
            let checkpoint = if on { Checkpoint::WithEffect } else { Checkpoint::AfterEffect };
            each(options, |one| one.checkpoint = checkpoint);
        },
    },
    Protection {
        name: "partitions by key",
        hint: "one order's events share a partition",
        matters: |options| options.broker.kind == BrokerKind::Log && options.broker.partitions > 1,
        is_on: |options| options.broker.partitioning == Partitioning::Key,
        set: |options, on| {
            options.broker.partitioning = if on { Partitioning::Key } else { Partitioning::RoundRobin };
        },
    },
    Protection {
        name: "acknowledged publishing",
        hint: "what the broker does not confirm is published again",
        matters: always,
        is_on: |options| options.broker.acks == Acks::All,
        set: |options, on| options.broker.acks = if on { Acks::All } else { Acks::None },
    },
    Protection {
        name: "outbox",
        hint: "row and event are saved in one transaction",
        matters: |options| options.order_service.commit != Commit::EventSourced,
        is_on: |options| options.order_service.commit == Commit::Outbox,
        set: |options, on| options.order_service.commit = if on { Commit::Outbox } else { Commit::DualWrite },
    },
    Protection {
        name: "idempotency keys",
        hint: "a command that comes again has no second effect",
        matters: |options| options.order_service.commands.retries > 0,
        is_on: |options| options.order_service.commands.idempotency_key,
        set: |options, on| options.order_service.commands.idempotency_key = on,
    },
    Protection {
        name: "version checks on writes",
        hint: "what was decided on an old row is not written",
        matters: |options| options.order_service.concurrency != Concurrency::SingleWriter,
        is_on: |options| options.order_service.concurrency == Concurrency::Optimistic,
        set: |options, on| {
            options.order_service.concurrency = if on { Concurrency::Optimistic } else { Concurrency::Unguarded };
        },
    },
    Protection {
        name: "circuit breaker",
        hint: "an owner that does not answer is not asked for a while",
        matters: asks_owners,
        is_on: |options| options.order_service.api.breaker.is_some(),
        set: |options, on| options.order_service.api.breaker = on.then(CircuitBreaker::default),
    },
    Protection {
        name: "parking what fails",
        hint: "the rest of the partition goes on",
        matters: |options| every(options, |one| one.dead_letters.policy != FailurePolicy::Skip),
        is_on: |options| every(options, |one| one.dead_letters.policy != FailurePolicy::Halt),
        set: |options, on| {
            let policy = if on { FailurePolicy::ParkAggregate } else { FailurePolicy::Halt };
            each(options, |one| one.dead_letters.policy = policy);
        },
    },
    Protection {
        name: "read your own writes",
        hint: "an answer waits until it has what the session wrote",
        matters: |options| options.queries.are_asked(),
        is_on: |options| options.queries.consistency.contract == Contract::ReadAfterWrite,
        set: |options, on| {
            options.queries.consistency.contract = if on { Contract::ReadAfterWrite } else { Contract::Eventual };
        },
    },
    Protection {
        name: "idempotency keys of the saga",
        hint: "a command that it repeats has no second effect",
        matters: |options| options.saga.enabled,
        is_on: |options| options.saga.idempotency_key,
        set: |options, on| options.saga.idempotency_key = on,
    },
];

#[cfg(test)]
mod tests {
    use sim::scenario::presets::PRESETS;
    use sim::scenario::recording::{Recording, Scenario};
    use sim::system::options::Options;

    use super::{ALL, protections};
    use sim::scenario::difference::with_traffic_of;

    #[test]
    fn every_protection_can_be_turned_both_ways_in_every_scenario() {
        for preset in PRESETS {
            let options = Recording::from_json(preset.json).expect("it comes with the page").scenario.options;
            for one in protections(&options) {
                for on in [true, false] {
                    let turned = one.turned(&options, on);
                    assert_eq!(one.is_on(&turned), on, "{}: {}", preset.slug, one.name);
                    assert_eq!(with_traffic_of(&turned, &options), turned, "{}: traffic is shared", one.name);
                    let scenario = Scenario { options: turned, ..Scenario::default() };
                    assert_eq!(scenario.check(), Ok(()), "{}: {} {on}", preset.slug, one.name);
                }
            }
        }
    }

    #[test]
    fn names_are_told_apart_and_what_is_turned_has_a_path() {
        let options = Options::default();
        for (at, one) in ALL.iter().enumerate() {
            assert!(ALL[..at].iter().all(|other| other.name != one.name));
            assert!(!one.paths(&options).is_empty(), "{}", one.name);
        }
        let offered: Vec<&str> = protections(&options).map(|one| one.name).collect();
        assert!(offered.contains(&"version guard") && !offered.contains(&"circuit breaker"));
    }
}
