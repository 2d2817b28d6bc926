//! A hand-made moment, until the machine is there.

use std::sync::Arc;

use sim::kernel::time::Micros;
use sim::shop::ids::{EventId, OrderId};
use sim::system::place::{Model, Place};
use sim::view::ledger::{Cell, Freshness, Ledger, LedgerRow, OrderField, SalesField, Shown};
use sim::view::log::{LogLine, Tone};
use sim::view::stage::{Flight, FlightKind, Mood, Node, PartitionView, Slot, Stage};
use sim::view::timeline::{Mark, Timeline};
use sim::view::verdicts::{Verdict, VerdictStatus};
use sim::view::why::{Why, WhyStep};

use crate::snapshot::{LogWindow, RunFacts, Snapshot};

fn node(place: Place, title: &str, lines: &[&str], mood: Mood) -> Node {
    Node { place, title: title.into(), lines: lines.iter().map(|l| (*l).into()).collect(), mood }
}

fn flight(id: u64, label: &str, kind: FlightKind, from: Place, to: Place, sent: u64, due: u64) -> Flight {
    Flight {
        id,
        label: label.into(),
        kind,
        attempt: 1,
        from,
        to,
        sent: Micros::from_millis(sent),
        due: Micros::from_millis(due),
        lost: false,
        copy: false,
        order: OrderId(3),
        event: (kind == FlightKind::Event).then_some(EventId(7)),
    }
}

pub fn snapshot() -> Snapshot {
    use Model::{OrderView, SalesDashboard};
    let nodes = vec![
        node(Place::Shopper, "Shopper", &["41 sent", "1 waiting"], Mood::Fine),
        node(Place::Handler, "Command handler", &["39 accepted, 2 refused", "0 waiting"], Mood::Fine),
        node(Place::Orders, "Orders", &["41 orders", "write store"], Mood::Fine),
        node(Place::Outbox, "Outbox", &["1 waiting", "relay 20 ms"], Mood::Fine),
        node(Place::Projector(OrderView, 0), "Projector 1", &["lag 3 events", "1 waiting"], Mood::Fine),
        node(Place::Projector(SalesDashboard, 0), "Projector 2", &["down until 12.9 s", "2 waiting"], Mood::Down),
        node(Place::ReadModel(OrderView), "Order view", &["38 of 41 orders", "0.9 s behind"], Mood::Stale),
        node(
            Place::ReadModel(SalesDashboard),
            "Sales dashboard",
            &["revenue $4,199.16", "truth $4,099.18", "41 orders"],
            Mood::Wrong,
        ),
    ];
    let part = |index: u8, from: u64, n: u64, view: u64, dash: u64| PartitionView {
        index,
        slots: (from..from + n)
            .map(|offset| Slot { offset, event: EventId(u32::try_from(offset * 2).unwrap_or(1) + u32::from(index)), done: offset < view.min(dash) })
            .collect(),
        end: from + n,
        committed: vec![(OrderView, view), (SalesDashboard, dash)],
    };
    let p = Place::Partition;
    let (pv, pd) = (Place::Projector(OrderView, 0), Place::Projector(SalesDashboard, 0));
    let mut copy = flight(6, "e7", FlightKind::Event, p(1), pd, 12_000, 12_800);
    copy.copy = true;
    copy.attempt = 2;
    let mut lost = flight(7, "e43", FlightKind::Event, p(0), pd, 12_200, 12_700);
    lost.lost = true;
    let flights = vec![
        flight(1, "c43", FlightKind::Command, Place::Shopper, Place::Handler, 12_300, 12_500),
        flight(2, "c42", FlightKind::Answer, Place::Handler, Place::Shopper, 12_350, 12_600),
        flight(3, "e45", FlightKind::Event, Place::Outbox, p(0), 12_200, 12_600),
        flight(4, "e44", FlightKind::Event, p(0), pv, 12_100, 12_600),
        flight(5, "e7", FlightKind::Event, p(1), pd, 12_000, 12_800),
        copy,
        lost,
        flight(8, "e44", FlightKind::Acknowledgement, p(1), Place::Outbox, 12_000, 12_700),
    ];
    let stage = Stage { nodes, partitions: vec![part(0, 13, 6, 17, 15), part(1, 9, 5, 13, 11)], flights };
    let shown = |text: &str, freshness| Some(Shown { text: text.into(), freshness });
    let row = |cell, label: &str, truth: &str, view, dash| LedgerRow {
        cell,
        label: label.into(),
        truth: truth.into(),
        copies: vec![(OrderView, view), (SalesDashboard, dash)],
    };
    use Freshness::{Fresh, Stale, Wrong};
    let o = |n, f| Cell::Order(OrderId(n), f);
    let rows = vec![
        row(Cell::Sales(SalesField::Orders), "orders", "41", None, shown("39", Stale)),
        row(Cell::Sales(SalesField::Units), "units", "83", None, shown("85", Wrong)),
        row(Cell::Sales(SalesField::Revenue), "revenue", "$4,099.18", None, shown("$4,199.16", Wrong)),
        row(Cell::Sales(SalesField::Delivered), "delivered", "12", None, shown("12", Fresh)),
        row(o(3, OrderField::Customer), "O-3 customer", "Ada Byron", shown("Ada Byron", Fresh), None),
        row(o(3, OrderField::Quantity), "O-3 quantity", "2", shown("4", Wrong), None),
        row(o(3, OrderField::Total), "O-3 total", "$99.98", shown("$199.96", Wrong), None),
        row(o(3, OrderField::Status), "O-3 status", "shipped", shown("placed", Stale), None),
        row(o(41, OrderField::Status), "O-41 status", "placed", shown("absent", Stale), None),
    ];
    let verdict = |name, title, promise, status, text: &str, count, first| Verdict {
        name,
        title,
        promise,
        status,
        text: text.into(),
        count,
        first,
    };
    let verdicts = vec![
        verdict("exactly_once", "Exactly once", "Each event changes each read model once.", VerdictStatus::Broken, "Exactly once: broken at 12.41 s", 1, Some((318, Micros::from_millis(12_410)))),
        verdict("projection_equals_truth", "Models come right", "Once everything has arrived, each read model equals the truth.", VerdictStatus::AtRisk, "Models come right: 4 cells at risk", 4, None),
        verdict("lifecycle", "Status only moves on", "An order's status never goes back.", VerdictStatus::Holds, "Status only moves on", 0, None),
    ];
    let step = |ms, step, text: &str, culprit| WhyStep { at: Micros::from_millis(ms), step, text: text.into(), culprit };
    let why = Why {
        cell: o(3, OrderField::Quantity),
        model: OrderView,
        freshness: Wrong,
        question: "Why is O-3's quantity 4?".into(),
        answer: "The second delivery of e7 was applied again.".into(),
        steps: vec![
            step(11_620, 300, "Projector 1 applied e7, first delivery: 0 to 2", false),
            step(11_900, 306, "Projector 1 crashed before it saved offset 14", false),
            step(12_100, 311, "The broker delivered e7 again", false),
            step(12_410, 318, "Projector 1 applied e7, second delivery: 2 to 4", true),
        ],
        missing: vec!["e9 is on its way to projector 1, due in 60 ms".into()],
        remedy: Some("Remembering processed events would have kept it right.".into()),
    };
    let tones = [Tone::Command, Tone::Event, Tone::Read, Tone::Fault, Tone::Guard, Tone::Broken];
    let lines = (0..40)
        .map(|n: u64| LogLine {
            at: Micros::from_millis(11_200 + n * 31),
            step: 280 + n,
            text: "projection order-view applied e7, first delivery: O-3 quantity 0 to 2".into(),
            tone: tones[usize::try_from(n).unwrap_or(0) % 6],
            order: Some(OrderId(3)),
            event: Some(EventId(7)),
        })
        .collect();
    Snapshot {
        step: 318,
        stage: Arc::new(stage),
        verdicts: Arc::new(verdicts),
        ledger: Arc::new(Ledger { rows, matching: 164 }),
        why: Some(Arc::new(why)),
        log: Arc::new(LogWindow { lines, earlier: 278 }),
    }
}

pub fn facts() -> RunFacts {
    let mark = |ms, text: &str| Mark { at: Micros::from_millis(ms), step: 3, text: text.into() };
    RunFacts {
        known: Micros::from_secs(30),
        steps_known: 1_204,
        complete: true,
        timeline: Arc::new(Timeline {
            commands: (0..90).map(|n| Micros::from_millis(300 + n * n * 3 + n * 60)).collect(),
            faults: vec![mark(11_900, "crash"), mark(19_400, "loss")],
            broken: vec![mark(12_410, "e7 counted twice"), mark(21_000, "x")],
        }),
    }
}
