//! Messages on their way. Where one is, is a pure function of when it left, when it arrives and the clock.

use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::oracle::judgement::Freshness;
use sim::view::stage::{Flight, FlightKind};

use super::crowd::Crowd;
use super::geometry::{Curve, Point};
use super::layout::Layout;
use super::movers::{Movers, set};
use crate::desk::Desk;
use crate::words::flight_name;

/// How much of the way a message that will be lost still gets.
const LOST_AFTER: f64 = 0.62;

/// How broad the letters on a message are, and how much room they have beside them.
pub const LETTER: f64 = 7.2;
const BESIDE_LETTERS: f64 = 12.0;

/// How broad a message is that is drawn with this on it.
pub fn chip_width(name: &str) -> f64 {
    BESIDE_LETTERS + LETTER * name.chars().count() as f64
}

/// A message and the way that it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Trip {
    /// The message.
    pub flight: Flight,
    curve: Curve,
    /// How far beside its way it travels, so that two copies of one event are told apart.
    aside: f64,
}

/// The share of the way that a message has behind it, 0 to 1.
pub fn progress(sent: Micros, due: Micros, clock: Micros) -> f64 {
    let whole = due.since(sent).0.max(1) as f64;
    (clock.since(sent).0 as f64 / whole).min(1.0)
}

impl Trip {
    /// How broad it is when it is drawn with its name.
    pub fn width(&self) -> f64 {
        chip_width(&self.flight.label)
    }

    /// Where it is seen: for somebody who wants nothing to move, in the middle of its way until it arrives.
    pub fn place(&self, clock: Micros, still: bool) -> Point {
        if still { self.curve.beside(0.5, self.aside) } else { self.at(clock) }
    }

    /// Where it is.
    pub fn at(&self, clock: Micros) -> Point {
        let share = progress(self.flight.sent, self.flight.due, clock);
        let share = if self.flight.lost { share.min(LOST_AFTER) } else { share };
        // Both copies leave from one point and part at once.
        self.curve.beside(share, self.aside * (share * 5.0).min(1.0))
    }

    /// Has it vanished on the way?
    pub fn is_gone(&self, clock: Micros) -> bool {
        self.flight.lost && progress(self.flight.sent, self.flight.due, clock) >= LOST_AFTER
    }
}

/// The trips of messages; flights between places that are not shown are left out.
pub fn trips(flights: &[Flight], layout: &Layout) -> Vec<Trip> {
    const APART: f64 = 11.0;
    let copies: Vec<&Flight> = flights.iter().filter(|flight| flight.copy).collect();
    let has_copy = |flight: &Flight| {
        copies.iter().any(|copy| copy.event == flight.event && (copy.from, copy.to) == (flight.from, flight.to))
    };
    let aside = |flight: &Flight| match flight.kind {
        FlightKind::Event if flight.copy => -APART,
        FlightKind::Event if has_copy(flight) => APART,
        FlightKind::Event | FlightKind::Copy => 0.0,
        // Answers take the same way back as what they answer, so they keep to their own side of it.
        _ => APART,
    };
    flights
        .iter()
        .filter_map(|flight| {
            Some(Trip { curve: layout.curve(flight.from, flight.to)?, aside: aside(flight), flight: flight.clone() })
        })
        .collect()
}

/// The trips of the stage while its messages are drawn in one way, and none otherwise.
pub fn trips_of(desk: Desk, layout: Memo<Layout>, crowd: Crowd) -> Memo<Vec<Trip>> {
    Memo::new(move |_| {
        desk.flights.with(|flights| {
            let drawn = Crowd::of(flights.len()) == crowd;
            if drawn { layout.with(|layout| trips(flights, layout)) } else { Vec::new() }
        })
    })
}

/// The layer of messages that are drawn one by one.
pub fn view(movers: Movers, layout: Memo<Layout>) -> AnyView {
    let desk = movers.desk();
    let trips = trips_of(desk, layout, Crowd::Few);
    let lit_trips = move || {
        let selection = desk.selection.get();
        let lit = |trip: &Trip| selection.is_some_and(|one| one.covers(Some(trip.flight.of), trip.flight.event));
        trips.get().into_iter().map(|trip| (lit(&trip), trip)).collect::<Vec<_>>()
    };
    view! {
        <g class="messages">
            <For
                each=lit_trips
                key=|(lit, trip)| (*lit, trip.identity())
                children=move |(lit, trip)| chip(movers, trip, lit)
            />
        </g>
    }
    .into_any()
}

impl Trip {
    /// What makes it another picture: the same message on another way (after a change of the layout) is drawn anew.
    fn identity(&self) -> (u64, u64, [u64; 2]) {
        let middle = self.curve.at(0.5);
        (self.flight.id, self.flight.due.0, [middle.x.to_bits(), middle.y.to_bits()])
    }

    fn transform(&self, clock: Micros, still: bool) -> String {
        let at = self.place(clock, still);
        format!("translate({:.1} {:.1})", at.x, at.y)
    }
}

/// The class of a kind of message.
pub const fn hue(kind: FlightKind) -> &'static str {
    match kind {
        FlightKind::Command => "command",
        FlightKind::Answer => "answer",
        FlightKind::Event => "event",
        FlightKind::Acknowledgement => "acknowledgement",
        FlightKind::Query => "query",
        FlightKind::Reply => "reply",
        FlightKind::Copy => "copy",
    }
}

/// The class and the word of an answer that does not say what is true.
const fn age(freshness: Freshness) -> (&'static str, &'static str) {
    match freshness {
        Freshness::Fresh => ("", ""),
        Freshness::Stale => (" stale", "stale"),
        Freshness::Wrong => (" wrong", "wrong"),
    }
}

fn chip(movers: Movers, trip: Trip, lit: bool) -> AnyView {
    let desk = movers.desk();
    let flight = trip.flight.clone();
    let look = format!(
        "message {}{}{}{}{}",
        hue(flight.kind),
        age(flight.freshness).0,
        if flight.refused { " refused" } else { "" },
        if flight.copy || flight.attempt > 1 { " again" } else { "" },
        if lit { " selected" } else { "" }
    );
    let node: NodeRef<leptos::svg::G> = NodeRef::new();
    let still = desk.still.get_untracked();
    let place = trip.transform(desk.clock.get_untracked(), still);
    let gone = format!("{look} gone");
    let class = look.clone();
    let width = trip.width();
    movers.add(move |clock| {
        let Some(node) = node.get_untracked() else { return };
        set(&node, "transform", &trip.transform(clock, still));
        if trip.flight.lost {
            set(&node, "class", if trip.is_gone(clock) { &gone } else { &look });
        }
    });
    // What asks and what answers a query is round, so that it is told from commands without its colour.
    let corner = if matches!(flight.kind, FlightKind::Query | FlightKind::Reply) { "9.5" } else { "5.5" };
    let word = age(flight.freshness).1;
    let word = (!word.is_empty()).then(|| view! { <text class="message-age" y="21">{word}</text> });
    let badge = (flight.copy || flight.attempt > 1).then(|| {
        view! {
            <circle class="badge" cx=width / 2.0 cy="-9" r="7.5"></circle>
            <text class="badge-text" x=width / 2.0 y="-4.7">{flight.attempt.max(2)}</text>
        }
    });
    view! {
        <g class=class transform=place node_ref=node>
            <title>{flight_name(&flight)}</title>
            <rect x=-width / 2.0 y="-9.5" width=width height="19" rx=corner></rect>
            <text class="message-name" y="4.3">{flight.label.clone()}</text>
            {word}
            {badge}
            <path class="lost-mark" d="M-6 -6L6 6M6 -6L-6 6"></path>
        </g>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{Micros, progress};

    #[test]
    fn a_message_stays_between_its_ends() {
        let (sent, due) = (Micros(100), Micros(300));
        let shares: Vec<f64> = [0, 100, 200, 300, 999].iter().map(|at| progress(sent, due, Micros(*at))).collect();
        assert_eq!(shares, [0.0, 0.0, 0.5, 1.0, 1.0]);
        assert_eq!(progress(sent, sent, sent), 0.0);
    }
}
