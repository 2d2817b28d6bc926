//! A projection: takes a delivered event through its protections and into its read model.

use crate::shop::event::Recorded;
use crate::shop::ids::{EventId, OrderId, Version};
use crate::system::broker::group::{delivered, projection_options};
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::options::{Idempotency, Projection as Settings, Sequencing};
use crate::system::place::Model;
use crate::system::task::Delivery;
use crate::system::trace::{Delivered, SkipReason, What};

use super::idempotency::ProcessedEvents;
use super::order_view::OrderView;
use super::sales_dashboard::SalesDashboard;
use super::sequencing::{Sequences, Turn};

/// A projection with its read model and what it keeps beside it, all in one store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Projection {
    model: ReadModel,
    processed: ProcessedEvents,
    sequences: Sequences,
}

/// The read model that a projection keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReadModel {
    /// One row for each order.
    OrderView(OrderView),
    /// The shop's figures.
    SalesDashboard(SalesDashboard),
}

impl Projection {
    /// A projection that has seen nothing; orders are numbered from `first` on.
    pub fn new(model: Model, first: u32) -> Self {
        let read_model = match model {
            Model::OrderView => ReadModel::OrderView(OrderView::from_order(first)),
            Model::SalesDashboard => ReadModel::SalesDashboard(SalesDashboard::default()),
        };
        let sequences = Sequences::from_order(first);
        Self { model: read_model, processed: ProcessedEvents::default(), sequences }
    }

    /// The read model.
    pub const fn read_model(&self) -> &ReadModel {
        &self.model
    }

    /// What it keeps about the order of events.
    pub const fn sequences(&self) -> &Sequences {
        &self.sequences
    }

    /// Handles a delivery: skips it, holds it back, or applies it together with those that have waited for it.
    pub fn handle(&mut self, delivery: &Delivery, store: &EventStore, ctx: &mut Context<'_>) {
        let settings = projection_options(ctx.options, delivery.model);
        let delivered = delivered(delivery);
        let recorded = &store.event(delivery.event).recorded;
        if let Some(reason) = self.repeated(delivery.event, recorded.order, settings) {
            ctx.record(What::Skipped { delivered, reason });
            return;
        }
        let row_version = self.row_version(recorded.order);
        match self.sequences.turn(recorded.order, recorded.version, row_version, settings.sequencing) {
            Turn::Now => self.apply_with_waiting(delivered, recorded, store, ctx),
            Turn::After(awaited) => {
                self.sequences.hold(recorded.order, recorded.version, delivery.event);
                self.remember(delivery.event, settings);
                ctx.record(What::HeldForGap { delivered, awaited });
            }
            Turn::NotNewer => ctx.record(What::Skipped { delivered, reason: SkipReason::NotNewer }),
            Turn::Known => ctx.record(What::Skipped { delivered, reason: SkipReason::AlreadyInHistory }),
        }
    }

    /// Was this event handled before, as far as the chosen protection can tell?
    fn repeated(&self, event: EventId, order: OrderId, settings: &Settings) -> Option<SkipReason> {
        match settings.idempotency {
            Idempotency::ProcessedEvents if self.processed.contains(event, settings.remember) => {
                Some(SkipReason::AlreadyProcessed)
            }
            Idempotency::LastEventId if self.last_event(order) == Some(event) => Some(SkipReason::SameAsLast),
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
        self.apply(delivered, recorded, store, ctx);
        while let Some(event) = self.sequences.release(recorded.order) {
            let waited = &store.event(event).recorded;
            self.apply(Delivered { event, ..delivered }, waited, store, ctx);
        }
    }

    fn apply(&mut self, delivered: Delivered, recorded: &Recorded, store: &EventStore, ctx: &mut Context<'_>) {
        let settings = projection_options(ctx.options, delivered.model);
        let fold = settings.sequencing == Sequencing::FoldHistory && self.sequences.history_is_whole(recorded.order);
        self.sequences.applied(recorded.order, recorded.version, settings.sequencing);
        self.remember(delivered.event, settings);
        let changed = match &mut self.model {
            ReadModel::OrderView(view) if fold => {
                let known = self.sequences.history(recorded.order);
                let stream = store.stream(recorded.order);
                let events = stream.iter().filter(|(_, committed)| known.contains(&committed.recorded.version));
                view.refold(recorded.order, events.map(|(id, committed)| (*id, &committed.recorded)))
            }
            ReadModel::OrderView(view) => {
                let upsert = settings.idempotency == Idempotency::NaturalUpsert;
                view.apply(delivered.event, recorded, upsert)
            }
            // Sums do not mind the order, so folding a history comes to adding each event once.
            ReadModel::SalesDashboard(dashboard) => dashboard.apply(delivered.event, recorded),
        };
        ctx.record(What::Applied { delivered, changed });
    }

    fn remember(&mut self, event: EventId, settings: &Settings) {
        if settings.idempotency == Idempotency::ProcessedEvents {
            self.processed.insert(event);
        }
    }

    fn row_version(&self, order: OrderId) -> Version {
        match &self.model {
            ReadModel::OrderView(view) => view.row(order).map_or(0, |row| row.version),
            ReadModel::SalesDashboard(dashboard) => dashboard.version(),
        }
    }

    fn last_event(&self, order: OrderId) -> Option<EventId> {
        match &self.model {
            ReadModel::OrderView(view) => view.row(order).and_then(|row| row.last_event),
            ReadModel::SalesDashboard(dashboard) => dashboard.last_event(),
        }
    }
}
