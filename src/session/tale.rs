//! Where in the first minute a session stands. Everything is read from the recording and the trace.

use sim::kernel::time::Micros;
use sim::scenario::machine::Change;
use sim::scenario::presets::PRESETS;
use sim::system::delivery::Delivered;
use sim::system::fate::{Fate, Hop, Override, Purpose};
use sim::system::options::Idempotency;
use sim::system::place::{Model, Reader};
use sim::system::trace::{Entry, Promise, What};
use sim::view::log::line;

use super::Session;
use crate::story::script::Situation;

const MODEL: Model = Model::SalesDashboard;
const READER: Reader = Reader::Projection(MODEL);

impl Session {
    /// The situation of the first minute; `None` in any other scenario.
    pub fn situation(&self) -> Option<Situation> {
        let recording = self.run().recording();
        // The first scenario is called in its file as it is in the menu.
        if self.given().name != PRESETS[0].title {
            return None;
        }
        let changed = recording.changes.iter().filter_map(|timed| match &timed.change {
            Change::Override(one) => Some(one),
            Change::Options(_) | Change::ReplayParked(_) | Change::Hand(_) | Change::Send(_) | Change::Ask(_) => None,
        });
        let is_doubled = recording.scenario.overrides.iter().chain(changed).any(doubles);
        let history = self.run().history();
        let past = history.past();
        let (doubled, doubled_at) =
            match is_doubled.then(|| history.trace().iter().find_map(|entry| doubling(&entry))).flatten() {
                Some((one, at)) => (Some(one.event), at),
                None => (None, Micros::ZERO),
            };
        let broken = past.iter().enumerate().find(|(_, entry)| breaks_promise(entry));
        let remembers = |options: &sim::system::options::Options| {
            options.projections.sales_dashboard.idempotency != Idempotency::None
        };
        Some(Situation {
            doubled: doubled.map(|event| event.to_string()),
            doubled_at,
            wrong: broken.map(|(index, entry)| line(history.frontier(), &entry, past.part(..index)).text),
            remembers: remembers(self.options()),
            remembered_from_start: remembers(&recording.scenario.options),
            bounced: past.iter().any(|entry| matches!(entry.what, What::Skipped { delivered, .. } if Some(delivered.event) == doubled && delivered.reader == READER)),
        })
    }
}

fn doubles(one: &Override) -> bool {
    one.purpose == Purpose::Duplicate && one.hop == Hop::SalesDashboard && one.fate == Fate::Happens
}

/// The delivery that was doubled, and when.
fn doubling(entry: &Entry) -> Option<(Delivered, Micros)> {
    match entry.what {
        What::DeliveryDoubled(delivered) if delivered.reader == READER => Some((delivered, entry.at)),
        _ => None,
    }
}

fn breaks_promise(entry: &Entry) -> bool {
    matches!(entry.what, What::Broken { promise: Promise::ExactlyOnceEffect, reader, .. } if reader == READER)
}
