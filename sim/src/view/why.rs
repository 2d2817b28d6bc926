//! Why is this value what it is? The deliveries that made it, and where the missing one is.

use crate::kernel::history::{History, Moment};
use crate::kernel::sorting::sort_by_key;
use crate::kernel::time::Micros;
use crate::oracle::judgement::Freshness;
use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::hands::Hand;
use crate::system::place::{Model, Reader};
use crate::system::trace::{Entry, Promise, Trace, What};

use super::holders::Spot;
use super::ledger::Cell;
use super::whereabouts::whereabouts;
use super::{further_cells, log, why_copy};

/// The story of one cell of one read model, or of a copy of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// Which cell, and who has it.
    pub spot: Spot,
    /// The version or the replica that keeps it there, or of which that is a copy.
    pub reader: Reader,
    /// How it stands to the truth.
    pub freshness: Freshness,
    /// The question, such as `Why is O-3 quantity 4?`.
    pub question: String,
    /// The answer in one sentence.
    pub answer: String,
    /// What happened, in order.
    pub steps: Vec<WhyStep>,
    /// How many steps came before these and are not told.
    pub earlier: usize,
    /// Where each event is that the row has not got yet.
    pub missing: Vec<String>,
}

/// One thing that happened to a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyStep {
    /// When.
    pub at: Micros,
    /// The number of events processed up to and with it: seek here to see it.
    pub step: u64,
    /// What, in words.
    pub text: String,
    /// Did this make the cell wrong?
    pub culprit: bool,
    /// The promise that it broke, in words, if it broke one.
    pub breach: Option<String>,
}

/// The most steps and missing events that are told unless more are asked for.
pub const TOLD_MAX: usize = 12;
/// How many of the newest events are looked through for those that a figure has not got.
const NEWEST_MAX: usize = 1_000;
/// The most orders whose story is told for a figure that has many sources.
const ORDERS_MAX: usize = 3;

/// The story of a cell at the moment that the history looks at: its last steps.
pub fn why(history: &History<Lab>, spot: impl Into<Spot>) -> Why {
    why_at_length(history, spot, TOLD_MAX)
}

/// The story of a cell at the moment that the history looks at, with at most `told_max` steps and missing events. Where nobody
/// has it at that place, the story is that of what serves.
pub fn why_at_length(history: &History<Lab>, spot: impl Into<Spot>, told_max: usize) -> Why {
    let (lab, mut spot) = (history.machine(), spot.into());
    let shown = spot.shown(lab).unwrap_or_else(|| {
        spot = spot.cell.into();
        spot.cell.shown(lab)
    });
    let (cell, reader) = (spot.cell, spot.reader(lab));
    let trace = history.past();
    let orders = sources(lab, cell);
    let row = cell.row().map(|(of, _)| of);
    let mut told = story(lab, trace, reader, row, &orders);
    if let Some(keeper) = spot.holder.keeper() {
        why_copy::add_its_way(&mut told, trace, reader, keeper);
    }
    let earlier = told.len().saturating_sub(told_max);
    told.drain(..earlier);
    let steps = with_values(history, spot, told);
    let missing = missing_events(lab, cell, reader, &orders);
    let mut places = why_copy::on_the_way(lab, spot, &orders);
    places.extend(missing.iter().take(told_max).map(|event| whereabouts(lab, trace, *event, reader)));
    let more = places.len().saturating_sub(told_max) + missing.len().saturating_sub(told_max);
    places.truncate(told_max);
    if more > 0 {
        places.push(format!("and {more} more"));
    }
    let answer =
        why_copy::answer(lab, spot, &shown).unwrap_or_else(|| answer(lab, shown.freshness, &steps, missing.len()));
    let question = question(spot, &shown.text, shown.freshness);
    Why { spot, reader, freshness: shown.freshness, question, answer, steps, earlier, missing: places }
}

fn question(spot: Spot, shown: &str, freshness: Freshness) -> String {
    let state = match freshness {
        Freshness::Fresh => "",
        Freshness::Stale => " still",
        Freshness::Wrong => " wrongly",
    };
    format!("Why is {}{state} {shown}?", spot.label())
}

/// The orders whose events made the cell: for a figure, those that it has not got right.
pub(crate) fn sources(lab: &Lab, cell: Cell) -> Vec<Aggregate> {
    match (cell, cell.row()) {
        (Cell::Of { model, of, field }, _) => further_cells::sources(lab, model, of, field, ORDERS_MAX),
        (_, Some((of, _))) => vec![of],
        (_, None) => {
            let deviating = &lab.model(Model::SalesDashboard).deviating;
            deviating.iter().take(ORDERS_MAX).copied().map(Aggregate::Order).collect()
        }
    }
}

/// Events that are true and have had no effect on the cell's row.
fn missing_events(lab: &Lab, cell: Cell, reader: Reader, sources: &[Aggregate]) -> Vec<EventId> {
    let watch = lab.watch(reader);
    let store = lab.world().store();
    let mut missing: Vec<EventId> = sources.iter().flat_map(|of| store.stream(*of)).map(|(event, _)| event).collect();
    if cell.row().is_none() {
        // A figure has every order for a source; whatever is on its way is among the newest events.
        let last = u32::try_from(store.len()).unwrap_or(u32::MAX);
        let newest = (1..=last).rev().take(NEWEST_MAX).map(EventId).filter(|event| store.is_committed(*event));
        missing.extend(newest.filter(|event| store.event(*event).recorded.of.order().is_some()));
    }
    missing.retain(|event| watch.exactly_once.times(*event) == 0);
    sort_by_key(&mut missing, |event| *event);
    missing.dedup();
    missing
}

/// What the trace has to say about these orders' way into this model. Only turns are told, not every arrival.
fn story(
    lab: &Lab,
    trace: Trace<'_>,
    reader: Reader,
    row: Option<Aggregate>,
    orders: &[Aggregate],
) -> Vec<(usize, Entry)> {
    let concerns = |event: EventId| orders.contains(&lab.world().store().event(event).recorded.of);
    trace
        .iter()
        .enumerate()
        .filter(|(_, entry)| match entry.what {
            What::PublicationLost { event, .. }
            | What::PublicationDoubled { event }
            | What::PublicationHeld { event }
            | What::PublicationRefused { event } => concerns(event),
            What::Sent(delivered) => delivered.reader == reader && delivered.attempt > 1 && concerns(delivered.event),
            What::DeliveryLost(delivered)
            | What::DeliveryDoubled(delivered)
            | What::DeliveryHeld(delivered)
            | What::Applied { delivered, .. }
            | What::Skipped { delivered, .. }
            | What::HeldForGap { delivered, .. }
            | What::Crashed { delivered, .. } => delivered.reader == reader && concerns(delivered.event),
            What::ByHand(Hand::Row { which, of, .. }) => reader.keeps() == Some(which) && of == row,
            // What made the truth itself strange: it is in every copy, and in none by the copy's fault.
            What::Broken { promise: Promise::CommandOnce | Promise::NoLostUpdate, of, .. } => orders.contains(&of),
            _ => false,
        })
        .collect()
}

/// Tells the entries, and for each that renewed the row from which value to which the cell went.
fn with_values(history: &History<Lab>, spot: Spot, told: Vec<(usize, Entry)>) -> Vec<WhyStep> {
    // What is applied shows in the model; what a copy gets shows in the copy.
    let shows = |what: &What| match (what, spot.holder.keeper()) {
        (What::Applied { .. }, None) => Some(spot),
        (What::Applied { .. }, Some(_)) => Some(Spot::from(spot.cell)),
        (_, Some(keeper)) => why_copy::is_renewal(what, keeper).then_some(spot),
        _ => None,
    };
    // What a person changed before a step was there when it came, and what is changed after it is not its doing.
    let before = |step: u64| Moment { step: step.saturating_sub(1), changed: step > 0 };
    let after = |step: u64| Moment { step, changed: false };
    let mut moments: Vec<Moment> = Vec::new();
    for (_, entry) in told.iter().filter(|(_, entry)| shows(&entry.what).is_some()) {
        moments.extend([before(entry.step.into()), after(entry.step.into())]);
    }
    // Several applications can share a step, and moments must be visited in rising order.
    sort_by_key(&mut moments, |moment| *moment);
    moments.dedup();
    let mut values: Vec<(Moment, Spot, String)> = Vec::new();
    history.visit_moments(&moments, |moment, lab| {
        let own = (spot.holder.keeper().is_some()).then_some(spot);
        let model = if own.is_some() { Spot::from(spot.cell) } else { spot };
        let shown = core::iter::once(model).chain(own).filter_map(|one| Some((moment, one, one.shown(lab)?.text)));
        values.extend(shown);
    });
    let value_at = |moment: Moment, spot: Spot| {
        let found = values.iter().find(|(at, whose, _)| (*at, *whose) == (moment, spot));
        found.map(|(.., value)| value.as_str())
    };
    let lab = history.machine();
    let last = told.len().saturating_sub(1);
    let told = told.into_iter().enumerate().filter_map(|(place, (index, entry))| {
        let step = u64::from(entry.step);
        let line = log::line(lab, &entry, history.trace().part(..index));
        let change = shows(&entry.what).and_then(|spot| {
            let (before, after) = (value_at(before(step), spot)?, value_at(after(step), spot)?);
            (before != after).then(|| format!(": {before} → {after}"))
        });
        let is_renewal = spot.holder.keeper().is_some_and(|keeper| why_copy::is_renewal(&entry.what, keeper));
        if is_renewal && change.is_none() && place < last {
            return None;
        }
        // What is written by hand breaks no promise of the projection: it goes past it.
        let edited = matches!(entry.what, What::ByHand(Hand::Row { .. }));
        let breach = breach_of(&entry, history.trace().part(index..)).filter(|_| change.is_some());
        let culprit = edited || breach.is_some();
        let breach = breach.map(|(later, entry)| log::line(lab, &entry, history.trace().part(..index + later)).text);
        let text = format!("{}{}", line.text, change.unwrap_or_default());
        Some(WhyStep { at: entry.at, step, text, culprit, breach })
    });
    told.collect()
}

/// The oracle's verdict on this application, if it is a broken promise: it follows in the same step, so many entries later.
fn breach_of(applied: &Entry, from_it_on: Trace<'_>) -> Option<(usize, Entry)> {
    let What::Applied { delivered, .. } = applied.what else { return None };
    let mut same_step = from_it_on.iter().enumerate().take_while(|(_, entry)| entry.step == applied.step);
    same_step.find(|(_, entry)| {
        let mine = |event, reader| event == delivered.event && reader == delivered.reader;
        matches!(entry.what, What::Broken { event, reader, .. } if mine(event, reader))
    })
}

fn answer(lab: &Lab, freshness: Freshness, steps: &[WhyStep], missing: usize) -> String {
    let culprit = steps.iter().rev().find(|step| step.culprit);
    let events = if missing == 1 { "1 event" } else { "some events" };
    match (freshness, culprit) {
        (Freshness::Fresh, _) => "It is true now.".to_owned(),
        (Freshness::Wrong, Some(step)) => format!("{}.", step.breach.as_deref().unwrap_or(&step.text)),
        (Freshness::Wrong, None) if missing > 0 => {
            format!("Later events were applied without {events} that had come before.")
        }
        (Freshness::Wrong, None) => "Events were applied in an order in which they did not happen.".to_owned(),
        (Freshness::Stale, _) if lab.is_quiet() => {
            format!("It was true earlier: {} never had an effect here.", counted(missing))
        }
        (Freshness::Stale, _) => format!("It was true earlier: {} had no effect here so far.", counted(missing)),
    }
}

fn counted(events: usize) -> String {
    if events == 1 { "1 event has".to_owned() } else { format!("{events} events have") }
}
