//! A batch: the deliveries that an instance handles in one go, in one write transaction and with one save (MISSION D7), and
//! what that costs (MISSION D2).

use crate::kernel::time::Micros;
use crate::system::context::Context;
use crate::system::delivery::Delivery;
use crate::system::event_store::EventStore;
use crate::system::fate::{CrashPoint, FateKey, Purpose};
use crate::system::options::{Consumer as Settings, Enriching};

/// The order in which the points come while a batch is handled.
const POINTS: [CrashPoint; 3] = [CrashPoint::BeforeWrite, CrashPoint::Between, CrashPoint::AfterCommit];

/// What each event needs to know of others: who ordered, and what.
const LOOKUPS: [Purpose; 2] = [Purpose::CustomerLookup, Purpose::ProductLookup];

/// The name of a fate of one delivery.
pub fn key(purpose: Purpose, delivery: &Delivery, store: &EventStore) -> FateKey {
    FateKey {
        purpose,
        hop: delivery.reader.into(),
        subject: store.event(delivery.event).subject(),
        attempt: delivery.attempt,
    }
}

/// How long handling takes: the service of every event, and the look-ups of each or of all together.
pub fn span(batch: &[Delivery], settings: &Settings, store: &EventStore, ctx: &Context<'_>) -> Micros {
    let mut span = Micros::ZERO;
    for delivery in batch {
        span += ctx.fates.span(key(Purpose::Service, delivery, store), &settings.service);
    }
    let (asking, query) = match settings.enrichment.kind {
        Enriching::None => return span,
        Enriching::PerEvent => (batch, &settings.enrichment.lookup),
        // One query of each kind fetches the rows that all events of the batch need.
        Enriching::Batched => (&batch[..1], &settings.enrichment.lookup_many),
    };
    for delivery in asking {
        for purpose in LOOKUPS {
            span += ctx.fates.span(key(purpose, delivery, store), query);
        }
    }
    span
}

/// The first crash that the fates of these deliveries hold, and whose fate it is. A crash meant for one delivery takes the
/// whole batch with it.
pub fn crash(
    batch: &[Delivery],
    settings: &Settings,
    store: &EventStore,
    ctx: &Context<'_>,
) -> Option<(Delivery, CrashPoint)> {
    crash_from(CrashPoint::BeforeWrite, batch, settings, store, ctx)
}

/// The first crash at `earliest` or later.
pub fn crash_from(
    earliest: CrashPoint,
    batch: &[Delivery],
    settings: &Settings,
    store: &EventStore,
    ctx: &Context<'_>,
) -> Option<(Delivery, CrashPoint)> {
    let likely = [settings.crash.before_write, settings.crash.between, settings.crash.after_commit];
    let points = [(POINTS[0], likely[0]), (POINTS[1], likely[1]), (POINTS[2], likely[2])];
    let meant = batch.iter().filter_map(|delivery| {
        let point = ctx.fates.crash(key(Purpose::Crash, delivery, store), points, ctx.faults)?;
        (point >= earliest).then_some((*delivery, point))
    });
    meant.min_by_key(|(_, point)| *point)
}
