//! The lab's judgement: which rows an event reaches, and how each of them stands to the truth then.

use crate::oracle::judgement::{Cells, judge_cells, judge_sales};
use crate::oracle::product_sales::{ProductSales, lines_in};
use crate::oracle::rows::{self, Position, copies_of};
use crate::oracle::standing::Standings;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CommandId, EventId, OrderId, ProductId};
use crate::system::event_store::EventStore;
use crate::system::place::{Model, Reader};
use crate::system::query_side::read_model::ReadModel;
use crate::system::query_side::sales_dashboard::Sales;
use crate::system::trace::{Entry, Promise};

use super::{Lab, STATS};

impl Lab {
    /// Readers may join in the middle of a run, or leave it. Who joins is judged by everything that was committed before.
    pub(super) fn note_who_takes_part(&mut self) {
        for at in 0..Reader::ALL.len() {
            let takes_part = self.world.takes_part(Reader::ALL[at]);
            let joins = takes_part && !core::mem::replace(&mut self.watches[at].takes_part, takes_part);
            if !joins {
                continue;
            }
            self.watches[at].catch_up(self.world.store());
            if STATS.contains(&Reader::ALL[at]) {
                self.bought = bought_in(self.world.store());
            }
            for of in self.all() {
                self.judge(of);
            }
            for product in self.bought.products().collect::<Vec<_>>() {
                self.judge_stats(product);
            }
        }
    }

    /// Takes note of the verdicts that changed by what has happened; where nothing says what that was, of any.
    pub(super) fn note_standings(&mut self, happened: Option<&[Entry]>) {
        let mut standings = core::mem::take(&mut self.standings);
        match happened {
            Some(happened) => standings.note(self, happened),
            None => standings.look_again(self),
        }
        self.standings = standings;
    }

    /// When verdicts changed, beside the promises of whose breaking the trace tells.
    pub const fn standings(&self) -> &Standings {
        &self.standings
    }

    /// Judges every copy of what is known of an aggregate.
    pub(super) fn judge(&mut self, of: Aggregate) {
        for reader in copies_of(of) {
            if self.watch(*reader).takes_part {
                self.judge_copy(*reader, of);
            }
        }
    }

    fn judge_copy(&mut self, reader: Reader, of: Aggregate) {
        let (store, named) = (self.world.store(), self.shows_names());
        let truth = |position| rows::truth(reader, of, position, store, named);
        let there = || truth(Position::Reached(self.watch(reader)));
        let judged = judge_cells(&self.row_cells(reader, of), &truth(Position::Now(&self.truths)), there);
        self.watches[reader.index()].set_judged(of, judged);
    }

    pub(super) fn judge_dashboard_of(&mut self, of: Aggregate) {
        if of.order().is_some() && DASHBOARDS.iter().any(|reader| self.watch(*reader).takes_part) {
            self.judge_dashboard();
        }
    }

    /// Judges what a reader shows of an event that it has handled. Nobody else's rows have changed.
    pub(super) fn judge_what_shows(&mut self, event: EventId, reader: Reader) {
        let of = self.world.store().event(event).recorded.of;
        match reader.keeps() {
            Some(Model::SalesDashboard) => self.judge_dashboard_of(of),
            Some(Model::ProductStats) => self.judge_bought(event),
            _ => {
                if copies_of(of).contains(&reader) && self.watch(reader).takes_part {
                    self.judge_copy(reader, of);
                }
                if reader.keeps() == Some(Model::OrderView) {
                    self.judge_names(event);
                }
            }
        }
    }

    /// An order counts for many products.
    pub(super) fn judge_bought(&mut self, event: EventId) {
        if STATS.iter().any(|reader| self.watch(*reader).takes_part) {
            let happened = &self.world.store().event(event).recorded.event;
            let lines = happened.order().map(lines_in).unwrap_or_default();
            for product in lines.iter().map(|line| line.product).collect::<Vec<_>>() {
                self.judge_stats(product);
            }
        }
    }

    /// A name shows in many orders.
    pub(super) fn judge_names(&mut self, event: EventId) {
        let happened = &self.world.store().event(event).recorded.event;
        if self.shows_names() && rows::names_something(happened) {
            for order in self.orders().collect::<Vec<_>>() {
                for reader in [Reader::Projection(Model::OrderView), Reader::Second(Model::OrderView)] {
                    if self.watch(reader).takes_part {
                        self.judge_copy(reader, order.into());
                    }
                }
            }
        }
    }

    /// What a command has done: was that its only effect, and did it leave what others had done?
    pub(super) fn judge_command(
        &mut self,
        command: CommandId,
        event: EventId,
        of: Aggregate,
        entries: &mut Vec<Entry>,
    ) {
        if self.command_once.caused(command) {
            self.breach(Promise::CommandOnce, Reader::Saga, of, event, entries);
        }
        let truth = self.truths.entry(of);
        if self.lost_updates.committed(event, of, &self.world, truth) {
            self.breach(Promise::NoLostUpdate, Reader::Saga, of, event, entries);
        }
    }

    /// Everything is quiet: is every row of the write stores what its events make of it?
    pub(super) fn conclude_rows(&mut self, entries: &mut Vec<Entry>) {
        for of in self.lost_updates.unseen(self.all(), &self.world, |of| self.truth(of)) {
            self.breach(Promise::NoLostUpdate, Reader::Saga, of, EventId(0), entries);
        }
    }

    pub(super) fn judge_stats(&mut self, product: ProductId) {
        let now = self.bought.of(product);
        for reader in STATS {
            if !self.watch(reader).takes_part {
                continue;
            }
            let there = || rows::stats_cells(self.watch(reader).bought.of(product));
            let judged = judge_cells(&self.row_cells(reader, product.into()), &rows::stats_cells(now), there);
            self.watches[reader.index()].set_stats(product, judged);
        }
    }

    /// What the lines of an order are about.
    pub fn lines_of(&self, order: OrderId) -> Vec<ProductId> {
        Position::Now(&self.truths).products(order, self.world.store())
    }

    /// Products that were bought, while the product statistics take part.
    pub fn bought_products(&self) -> impl Iterator<Item = ProductId> {
        self.bought.products()
    }

    /// What a copy shows of an aggregate.
    pub fn row_cells(&self, reader: Reader, of: Aggregate) -> Cells {
        rows::shown(&self.world, reader, of)
    }

    /// What a copy would show of an aggregate if it told the truth of now.
    pub fn true_cells(&self, reader: Reader, of: Aggregate) -> Cells {
        match (reader, of) {
            (reader, Aggregate::Product(product)) if STATS.contains(&reader) => {
                rows::stats_cells(self.bought.of(product))
            }
            _ => rows::truth(reader, of, Position::Now(&self.truths), self.world.store(), self.shows_names()),
        }
    }

    pub(super) fn judge_dashboard(&mut self) {
        for reader in DASHBOARDS {
            let serves = self.world.in_service(reader) == reader;
            let shown = self.figures(reader);
            let has_ttl = serves && self.has_ttl();
            let takes_part = serves || self.watch(reader).takes_part;
            if takes_part {
                let watch = &mut self.watches[reader.index()];
                let there = if has_ttl { &watch.refreshed } else { &watch.expected };
                let judged = judge_sales(&shown, &self.sales, there);
                watch.set_sales(judged);
            }
        }
    }

    /// The figures as a version of the dashboard shows them.
    pub fn figures(&self, reader: Reader) -> Sales {
        if self.world.in_service(reader) == reader {
            return self.dashboard();
        }
        // A version that does not serve is seen by nobody, so nobody sees old figures of it.
        match self.world.version(reader, Model::SalesDashboard).follower.target() {
            ReadModel::SalesDashboard(dashboard) => *dashboard.sales(),
            _ => Sales::default(),
        }
    }
}

/// The versions of the sales dashboard.
const DASHBOARDS: [Reader; 2] = [Reader::Projection(Model::SalesDashboard), Reader::Second(Model::SalesDashboard)];

fn bought_in(store: &EventStore) -> ProductSales {
    let mut bought = ProductSales::default();
    for event in store.committed() {
        store.event(event).recorded.event.order().into_iter().for_each(|event| bought.record(event));
    }
    bought
}
