//! Committing and publishing: three ways, and what a crash in the middle leaves of each [seed 003, seed 004].
//!
//! With an outbox, or with the events as the only store, there is one write: either all of it is saved or nothing, and what
//! is saved is published sooner or later. A dual write is two writes. A crash in between loses the event, or leaves an
//! event in the log that never came about.

use crate::kernel::probability::Probability;
use crate::shop::event::Recorded;
use crate::shop::ids::EventId;
use crate::system::committing::Committing;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{CrashPoint, FateKey, Hop, Purpose, Subject};
use crate::system::options::{Acks, Commit, DualWriteOrder, Publish};
use crate::system::task::Request;
use crate::system::trace::What;

use super::outbox::Outbox;

/// Saves an event and puts it into the outbox, in one transaction.
pub fn commit(
    request: &Request,
    recorded: Recorded,
    store: &mut EventStore,
    outbox: &mut Outbox,
    ctx: &mut Context<'_>,
) -> EventId {
    let event = save(request, recorded, store, ctx);
    outbox.add(event, request.subject, ctx);
    event
}

/// Commits and publishes what the Order Service has decided, up to where it crashes. The event, if it was saved.
pub fn commit_order(
    request: &Request,
    recorded: Recorded,
    crash: Option<CrashPoint>,
    store: &mut EventStore,
    outbox: &mut Outbox,
    ctx: &mut Context<'_>,
) -> Option<EventId> {
    let settings = &ctx.options.order_service;
    if crash == Some(CrashPoint::BeforeWrite) {
        return None;
    }
    match (settings.commit, settings.dual_write) {
        (Commit::Outbox | Commit::EventSourced, _) => {
            let event = commit(request, recorded, store, outbox, ctx);
            if crash.is_none() && awaits_broker(ctx) {
                outbox.relay(store, ctx);
            }
            Some(event)
        }
        (Commit::DualWrite, DualWriteOrder::SaveFirst) => {
            let event = save(request, recorded, store, ctx);
            if crash != Some(CrashPoint::Between) {
                outbox.publish_once(event, store, ctx);
            }
            Some(event)
        }
        (Commit::DualWrite, DualWriteOrder::PublishFirst) => {
            let (of, version) = (recorded.of, recorded.version);
            let event = store.announce(ctx.now, (request.id, request.headers.trail.correlation), recorded);
            ctx.record(What::Committing(Committing::Announced { event, command: request.id }));
            outbox.publish_once(event, store, ctx);
            if crash == Some(CrashPoint::Between) {
                return None;
            }
            store.commit(event);
            ctx.record(What::Committed { event, command: request.id, of, version });
            Some(event)
        }
    }
}

fn save(request: &Request, recorded: Recorded, store: &mut EventStore, ctx: &mut Context<'_>) -> EventId {
    let (of, version) = (recorded.of, recorded.version);
    let event = store.append(ctx.now, (request.id, request.headers.trail.correlation), recorded);
    ctx.record(What::Committed { event, command: request.id, of, version });
    event
}

/// Does the answer to an order's command wait until the broker has its event?
pub fn awaits_broker(ctx: &Context<'_>) -> bool {
    ctx.options.order_service.publish == Publish::InRequest && ctx.options.broker.acks == Acks::All
}

/// What is begun once more after a crash has chances of its own, or one that crashes once would crash for ever.
const TRIES_OF_ONE_BEGINNING: u16 = 1_000;

/// Whether and where the Order Service crashes while it commits this command, if it accepts it.
pub fn crash_point(request: &Request, ctx: &Context<'_>) -> Option<CrashPoint> {
    let settings = &ctx.options.order_service;
    let begun_before = TRIES_OF_ONE_BEGINNING * u16::from(request.begun_after_crash.min(60));
    let (subject, attempt) = (request.subject, request.attempt.saturating_add(begun_before));
    let key = FateKey { purpose: Purpose::Crash, hop: Hop::Handler, subject, attempt };
    let after = match settings.commit {
        Commit::DualWrite => settings.crash.after_publish,
        // The relay publishes, so it is the relay that crashes afterwards.
        Commit::Outbox | Commit::EventSourced => Probability::NEVER,
    };
    let points = [
        (CrashPoint::BeforeWrite, settings.crash.before_commit),
        (CrashPoint::Between, settings.crash.between),
        (CrashPoint::AfterCommit, after),
    ];
    ctx.fates.crash(key, points, ctx.faults)
}

/// Whether the relay crashes when it has published an event, for the `attempt`th time, and not yet noted that.
pub fn crashes_unmarked(event: Subject, attempt: u16, ctx: &Context<'_>) -> bool {
    let key = FateKey { purpose: Purpose::Crash, hop: Hop::Relay, subject: event, attempt };
    let never = Probability::NEVER;
    let points = [
        (CrashPoint::BeforeWrite, never),
        (CrashPoint::Between, never),
        (CrashPoint::AfterCommit, ctx.options.order_service.crash.after_publish),
    ];
    ctx.fates.crash(key, points, ctx.faults).is_some()
}
