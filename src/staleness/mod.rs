//! Staleness: how far a read model or a replica is behind the truth, in seconds and in events, and what keeps it there.

mod chart;
pub mod follow;
mod legend;
mod patterns;
mod picture;

use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::oracle::lags::{Cause, LagSample};

use self::chart::{Unit, span};
use crate::desk::Desk;
use crate::drawer::whose::whose;
use crate::kit::segments::Segments;
use sim::view::words::{clock, plural};

/// What of the staleness is looked at.
#[derive(Clone, Copy)]
pub struct Looking {
    desk: Desk,
    /// What is stacked.
    unit: RwSignal<Unit>,
    /// The moment that a person points at.
    probe: RwSignal<Option<Micros>>,
    /// The moment whose figures are told: the one that is pointed at, or the present one.
    moment: Memo<Micros>,
    /// Its figures.
    sample: Memo<Option<LagSample>>,
}

impl Looking {
    /// The present moment, by seconds.
    pub fn new(desk: Desk) -> Self {
        let (unit, probe) = (RwSignal::new(Unit::Seconds), RwSignal::new(None));
        let at = move || probe.get().unwrap_or_else(|| desk.clock.get());
        let sample = Memo::new(move |_| desk.staleness.with(|seen| seen.at(at()).copied()));
        // Figures change with the sample, so their moment need not change more often.
        let moment = Memo::new(move |_| {
            sample.with(|sample| sample.map_or(Micros::ZERO, |sample| sample.at)).max(probe.get().unwrap_or_default())
        });
        Self { desk, unit, probe, moment, sample }
    }

    /// The figures in one sentence.
    fn words(self) -> String {
        let Some(sample) = self.sample.get() else { return "Nothing is known yet".to_owned() };
        let causes = Cause::ALL
            .iter()
            .filter(|cause| sample.events[cause.index()] > 0 || sample.waited[cause.index()] > Micros::ZERO);
        let causes: Vec<String> = causes
            .map(|cause| {
                let (waited, events) = (sample.waited[cause.index()], sample.events[cause.index()]);
                format!("{}: {}, {}", cause.name(), span(waited), plural(u64::from(events), "event"))
            })
            .collect();
        let behind = format!("{} and {} behind", span(sample.lag()), plural(u64::from(sample.lag_events()), "event"));
        let why = if causes.is_empty() { String::new() } else { format!("; {}", causes.join("; ")) };
        format!("{}: {behind}{why}", clock(self.moment.get()))
    }
}

/// What stands beside the tabs: whose lag, and in what.
pub fn controls(looking: Looking) -> AnyView {
    let desk = looking.desk;
    let readers = Memo::new(move |_| desk.staleness.with(|seen| (seen.readers.clone(), seen.reader)));
    let chosen = Signal::derive(move || Unit::ALL.iter().position(|unit| *unit == looking.unit.get()));
    let units = Segments { name: "Lag in", labels: vec!["seconds", "events"], chosen };
    view! {
        {whose(desk, "Whose staleness", readers)}
        {units.view(move |number| looking.unit.set(Unit::ALL[number.min(1)]))}
    }
    .into_any()
}

/// The room: the picture and what it means.
pub fn view(looking: Looking) -> AnyView {
    view! {
        <div class="lag">
            {picture::picture(looking.desk, looking)}
            {legend::legend(looking)}
        </div>
    }
    .into_any()
}
