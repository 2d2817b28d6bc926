//! The scenarios that come with the lab.

/// A scenario that comes with the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name in addresses and on the command line.
    pub slug: &'static str,
    /// Its title in menus.
    pub title: &'static str,
    /// The scenario as JSON.
    pub json: &'static str,
}

/// Every scenario that comes with the lab; the first is the one that opens by itself.
pub const PRESETS: &[Preset] = &[
    Preset {
        slug: "first-minute",
        title: "The first minute",
        json: include_str!("../../../public/scenarios/first-minute.json"),
    },
    Preset {
        slug: "scenario-b",
        title: "Scenario B: delivered twice",
        json: include_str!("../../../public/scenarios/scenario-b.json"),
    },
    Preset {
        slug: "scenario-c",
        title: "Scenario C: out of order",
        json: include_str!("../../../public/scenarios/scenario-c.json"),
    },
    Preset {
        slug: "four-ways",
        title: "Four ways to data one does not own",
        json: include_str!("../../../public/scenarios/four-ways.json"),
    },
    Preset {
        slug: "circuit-breaker",
        title: "Circuit breaker",
        json: include_str!("../../../public/scenarios/circuit-breaker.json"),
    },
    Preset {
        slug: "saga",
        title: "Saga: three kinds of old data",
        json: include_str!("../../../public/scenarios/saga.json"),
    },
    Preset {
        slug: "staleness-bound",
        title: "A bound on old data",
        json: include_str!("../../../public/scenarios/staleness-bound.json"),
    },
    Preset {
        slug: "scenario-a",
        title: "Scenario A: the projection falls behind",
        json: include_str!("../../../public/scenarios/scenario-a.json"),
    },
    Preset {
        slug: "batches",
        title: "A crash takes the whole batch",
        json: include_str!("../../../public/scenarios/batches.json"),
    },
    Preset {
        slug: "look-ups",
        title: "Look-ups, one by one or for a whole batch",
        json: include_str!("../../../public/scenarios/look-ups.json"),
    },
    Preset {
        slug: "read-models",
        title: "Six read models of one shop",
        json: include_str!("../../../public/scenarios/read-models.json"),
    },
    Preset {
        slug: "synchronous",
        title: "A read model in the command's transaction",
        json: include_str!("../../../public/scenarios/synchronous.json"),
    },
    Preset {
        slug: "names",
        title: "One row, three sources",
        json: include_str!("../../../public/scenarios/names.json"),
    },
    Preset {
        slug: "alerts",
        title: "Metrics and alerts: half as fast as it must be",
        json: include_str!("../../../public/scenarios/alerts.json"),
    },
    Preset { slug: "queue", title: "Queue broker", json: include_str!("../../../public/scenarios/queue.json") },
    Preset {
        slug: "one-way-cut",
        title: "Partition, one way",
        json: include_str!("../../../public/scenarios/one-way-cut.json"),
    },
    Preset {
        slug: "broker-outage",
        title: "Broker outage",
        json: include_str!("../../../public/scenarios/broker-outage.json"),
    },
    Preset {
        slug: "dead-letters",
        title: "Dead letters",
        json: include_str!("../../../public/scenarios/dead-letters.json"),
    },
    Preset {
        slug: "retention",
        title: "Retention eats the history",
        json: include_str!("../../../public/scenarios/retention.json"),
    },
    Preset {
        slug: "rebuild",
        title: "Rebuild: version 2 beside version 1",
        json: include_str!("../../../public/scenarios/rebuild.json"),
    },
    Preset {
        slug: "rebuild-without-history",
        title: "Rebuild without a history",
        json: include_str!("../../../public/scenarios/rebuild-without-history.json"),
    },
    Preset {
        slug: "client-retries",
        title: "A lost answer: the command runs twice",
        json: include_str!("../../../public/scenarios/client-retries.json"),
    },
    Preset {
        slug: "lost-update",
        title: "Lost update: the last write wins",
        json: include_str!("../../../public/scenarios/lost-update.json"),
    },
    Preset {
        slug: "validation-cache",
        title: "Validation cache: fewer questions, older answers",
        json: include_str!("../../../public/scenarios/validation-cache.json"),
    },
    Preset {
        slug: "command-api",
        title: "Command API: taken in first, and six ways to be refused",
        json: include_str!("../../../public/scenarios/command-api.json"),
    },
    Preset {
        slug: "rules",
        title: "Three services and their rules",
        json: include_str!("../../../public/scenarios/rules.json"),
    },
    Preset {
        slug: "refusals",
        title: "Six refusals, and the minimum",
        json: include_str!("../../../public/scenarios/refusals.json"),
    },
    Preset {
        slug: "bootstrap",
        title: "A replica without a snapshot",
        json: include_str!("../../../public/scenarios/bootstrap.json"),
    },
    Preset {
        slug: "rebalance",
        title: "Log broker: partitions change hands",
        json: include_str!("../../../public/scenarios/rebalance.json"),
    },
    Preset {
        slug: "repeated-later",
        title: "The last event id, and A B A",
        json: include_str!("../../../public/scenarios/repeated-later.json"),
    },
    Preset { slug: "gap", title: "A gap that never closes", json: include_str!("../../../public/scenarios/gap.json") },
    Preset {
        slug: "checkpoint",
        title: "The position before the effect",
        json: include_str!("../../../public/scenarios/checkpoint.json"),
    },
    Preset {
        slug: "dual-write",
        title: "Dual write: an event lost, or invented",
        json: include_str!("../../../public/scenarios/dual-write.json"),
    },
    Preset {
        slug: "event-sourcing",
        title: "Event sourcing: the events are all that is saved",
        json: include_str!("../../../public/scenarios/event-sourcing.json"),
    },
    Preset {
        slug: "publish-in-request",
        title: "Publish in the request, or after it",
        json: include_str!("../../../public/scenarios/publish-in-request.json"),
    },
    Preset {
        slug: "schema-change",
        title: "Schema change: refuse, ignore, upcast",
        json: include_str!("../../../public/scenarios/schema-change.json"),
    },
    Preset {
        slug: "drift",
        title: "Drift: alarm, pause, rebuild, compare, switch",
        json: include_str!("../../../public/scenarios/drift.json"),
    },
    Preset {
        slug: "eventual-reads",
        title: "Eventual reads",
        json: include_str!("../../../public/scenarios/eventual-reads.json"),
    },
    Preset {
        slug: "read-after-write",
        title: "Strong read-after-write",
        json: include_str!("../../../public/scenarios/read-after-write.json"),
    },
    Preset {
        slug: "bounded-staleness",
        title: "Bounded staleness",
        json: include_str!("../../../public/scenarios/bounded-staleness.json"),
    },
    Preset {
        slug: "pending-state",
        title: "Explicit pending state",
        json: include_str!("../../../public/scenarios/pending-state.json"),
    },
    Preset {
        slug: "catch-up-token",
        title: "Catch-up token",
        json: include_str!("../../../public/scenarios/catch-up-token.json"),
    },
    Preset {
        slug: "command-side-read",
        title: "Command-side read",
        json: include_str!("../../../public/scenarios/command-side-read.json"),
    },
    Preset {
        slug: "session-guarantees",
        title: "Session guarantees",
        json: include_str!("../../../public/scenarios/session-guarantees.json"),
    },
    Preset {
        slug: "fallback",
        title: "Fallback to the write side",
        json: include_str!("../../../public/scenarios/fallback.json"),
    },
    Preset { slug: "paging", title: "Pages that shift", json: include_str!("../../../public/scenarios/paging.json") },
    Preset {
        slug: "read-replicas",
        title: "Read replicas",
        json: include_str!("../../../public/scenarios/read-replicas.json"),
    },
    Preset {
        slug: "read-cache",
        title: "A cache before the read model",
        json: include_str!("../../../public/scenarios/read-cache.json"),
    },
    Preset {
        slug: "revoked-right",
        title: "A revoked right that is stale itself",
        json: include_str!("../../../public/scenarios/revoked-right.json"),
    },
    Preset {
        slug: "order-page",
        title: "One order's page, from the read model",
        json: include_str!("../../../public/scenarios/order-page.json"),
    },
    Preset {
        slug: "composition",
        title: "API composition: fresher, slower, only as available as its parts",
        json: include_str!("../../../public/scenarios/composition.json"),
    },
    Preset { slug: "edges", title: "Edge servers", json: include_str!("../../../public/scenarios/edges.json") },
    Preset {
        slug: "edges-token",
        title: "Edge servers with a session token",
        json: include_str!("../../../public/scenarios/edges-token.json"),
    },
];
