//! A follower: takes a delivered event through its protections and to what it keeps, which may be a read model on the
//! query side or a replica on the command side. It knows neither.

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::event::Recorded;
use crate::shop::ids::EventId;
use crate::system::context::Context;
use crate::system::delivery::{Delivered, Delivery};
use crate::system::event_store::{Committed, EventStore};
use crate::system::following::is_synchronous;
use crate::system::options::{Consumer as Settings, Idempotency, OnNewSchema, Options, Sequencing, has_second_schema};
use crate::system::place::Reader;
use crate::system::trace::{SkipReason, What};

use super::idempotency::ProcessedEvents;
use super::sequencing::{Sequences, Turn};
use super::target::{Applying, Target};

/// What a consumer keeps, and the book-keeping of its protections beside it, all in one store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Follower<T> {
    target: T,
    processed: ProcessedEvents,
    sequences: Sequences,
}

impl<T: Target> Follower<T> {
    /// A follower that has seen nothing; orders are numbered from `first` on.
    pub fn new(target: T, first: u32) -> Self {
        Self { target, processed: ProcessedEvents::default(), sequences: Sequences::from_order(first) }
    }

    /// What it keeps.
    pub const fn target(&self) -> &T {
        &self.target
    }

    /// What it keeps, to be changed by other means than events.
    pub const fn target_mut(&mut self) -> &mut T {
        &mut self.target
    }

    /// What it keeps about the order of events.
    pub const fn sequences(&self) -> &Sequences {
        &self.sequences
    }

    /// Handles a delivery.
    pub fn handle(&mut self, delivery: &Delivery, store: &EventStore, ctx: &mut Context<'_>) {
        self.take(delivery.delivered(), store, ctx);
    }

    /// Takes an event: skips it, holds it back, or applies it together with those that have waited for it.
    pub fn take(&mut self, delivered: Delivered, store: &EventStore, ctx: &mut Context<'_>) {
        let settings = ctx.options.consumer(delivered.reader);
        let recorded = &store.event(delivered.event).recorded;
        if let Some(reason) = self.repeated(delivered.event, recorded.of, settings) {
            ctx.record(What::Skipped { delivered, reason });
            return;
        }
        // A row with several sources is looked through for it, so only the guard that goes by it asks.
        let guarded = settings.sequencing == Sequencing::VersionGuard;
        let row_version = if guarded { self.target.row_version(recorded.of) } else { 0 };
        match self.sequences.turn(recorded.of, recorded.version, row_version, settings.sequencing) {
            Turn::Now => self.apply_with_waiting(delivered, recorded, store, ctx),
            Turn::After(awaited) => {
                self.sequences.hold(recorded.of, recorded.version, delivered.event, delivered.attempt);
                self.remember(delivered.event, settings);
                ctx.record(What::HeldForGap { delivered, awaited });
            }
            Turn::NotNewer => ctx.record(What::Skipped { delivered, reason: SkipReason::NotNewer }),
            Turn::Known => ctx.record(What::Skipped { delivered, reason: SkipReason::AlreadyInHistory }),
        }
    }

    /// Was this event handled before, as far as the chosen protection can tell?
    fn repeated(&self, event: EventId, of: Aggregate, settings: &Settings) -> Option<SkipReason> {
        match settings.idempotency {
            Idempotency::ProcessedEvents if self.processed.contains(event, settings.remember) => {
                Some(SkipReason::AlreadyProcessed)
            }
            Idempotency::LastEventId if self.target.last_event(of) == Some(event) => Some(SkipReason::SameAsLast),
            _ => None,
        }
    }

    fn apply_with_waiting(
        &mut self,
        delivered: Delivered,
        recorded: &Recorded,
        store: &EventStore,
        ctx: &mut Context<'_>,
    ) {
        let settings = ctx.options.consumer(delivered.reader);
        self.remember(delivered.event, settings);
        self.apply(delivered, recorded, store, ctx);
        // What was held back was remembered when it came.
        while let Some((event, attempt)) = self.sequences.release(recorded.of, settings.sequencing) {
            let waited = &store.event(event).recorded;
            self.apply(Delivered { event, attempt, ..delivered }, waited, store, ctx);
        }
    }

    fn apply(&mut self, delivered: Delivered, recorded: &Recorded, store: &EventStore, ctx: &mut Context<'_>) {
        let settings = ctx.options.consumer(delivered.reader);
        let fold = settings.sequencing == Sequencing::FoldHistory && self.sequences.history_is_whole(recorded.of);
        self.sequences.applied(recorded.of, recorded.version, settings.sequencing);
        let applying = Applying {
            event: delivered.event,
            recorded,
            upsert: settings.idempotency == Idempotency::NaturalUpsert,
            now: ctx.now,
            committed_at: store.event(delivered.event).at,
            correlation: store.event(delivered.event).correlation,
        };
        if let Some(reason) = passed_over(delivered.reader, store.event(delivered.event), ctx.options) {
            return ctx.record(What::Skipped { delivered, reason });
        }
        let changed = if fold {
            let known = self.sequences.history(recorded.of);
            let mut stream = store.stream(recorded.of);
            stream.retain(|(_, committed)| known.contains(&committed.recorded.version));
            stream.retain(|(_, committed)| passed_over(delivered.reader, committed, ctx.options).is_none());
            let history: Vec<(EventId, &Recorded)> =
                stream.into_iter().map(|(event, committed)| (event, &committed.recorded)).collect();
            self.target.refold(applying, &history)
        } else {
            self.target.apply(applying)
        };
        ctx.record(What::Applied { delivered, changed });
    }

    fn remember(&mut self, event: EventId, settings: &Settings) {
        if settings.idempotency == Idempotency::ProcessedEvents {
            self.processed.insert(event);
        }
    }

    /// Takes an event over as part of a snapshot: it is there from the beginning, and nobody delivered it.
    pub fn load(&mut self, event: EventId, store: &EventStore, now: Micros) {
        let committed = store.event(event);
        let (recorded, committed_at, correlation) = (&committed.recorded, committed.at, committed.correlation);
        self.sequences.applied(recorded.of, recorded.version, Sequencing::FoldHistory);
        // A snapshot knows what is in it: the table of processed events recognises those of them that are delivered again.
        self.processed.insert(event);
        self.target.apply(Applying { event, recorded, upsert: false, now, committed_at, correlation });
    }
}

/// Why the code of a reader does nothing with an event, if it does nothing.
pub fn passed_over(reader: Reader, committed: &Committed, options: &Options) -> Option<SkipReason> {
    let settings = options.consumer(reader);
    if settings.bug.ignores(&committed.recorded.event) {
        return Some(SkipReason::CodeIgnores);
    }
    let is_new = settings.schema != OnNewSchema::Upcast && has_new_schema(committed, options);
    (is_new && !is_synchronous(options, reader)).then_some(SkipReason::NewSchema)
}

/// Does the event have a schema that readers may not have been written for?
pub fn has_new_schema(committed: &Committed, options: &Options) -> bool {
    has_second_schema(&options.schema_changes, &committed.recorded.event, committed.at)
}
