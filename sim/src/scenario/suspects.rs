//! The faults that may have made a cell what it is, and how each of them is undone.

use crate::view::words;
use std::collections::BTreeMap;

use crate::kernel::history::History;
use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::committing::Committing;
use crate::system::delivery::Delivered;
use crate::system::event_store::EventStore;
use crate::system::fate::{Fate, FateKey, Hop, Override, Purpose, Subject};
use crate::system::place::Reader;
use crate::system::trace::{Entry, What};
use crate::view::holders::Spot;
use crate::view::why::sources;

use super::machine::Change;
use super::recording::Recording;

/// A fault that can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// What it is, as in `without the second delivery of e7`.
    pub what: String,
    undo: Undo,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Undo {
    /// Chance decides otherwise.
    Never(FateKey),
    /// A fate that was replaced is left to chance again.
    Leave(FateKey),
    /// A person does not do it. By its place among the changes.
    Refrain(usize),
}

impl Suspect {
    /// The recording without this fault.
    pub fn undone(&self, recording: &Recording) -> Recording {
        let mut other = recording.clone();
        match self.undo {
            Undo::Never(key) => {
                forget(&mut other, key);
                let FateKey { purpose, hop, subject, attempt } = key;
                other.scenario.overrides.push(Override { purpose, hop, subject, attempt, fate: Fate::Never });
            }
            Undo::Leave(key) => forget(&mut other, key),
            Undo::Refrain(place) => drop(other.changes.remove(place)),
        }
        other
    }
}

/// Takes every replacement of a fate out of a recording.
fn forget(recording: &mut Recording, key: FateKey) {
    recording.scenario.overrides.retain(|one| one.key() != key);
    recording.changes.retain(|timed| !matches!(&timed.change, Change::Override(one) if one.key() == key));
}

/// The faults before the moment that may have to do with a cell: the last of those that struck its own events first, then
/// what else happened to its reader.
pub fn suspects(history: &History<Lab>, recording: &Recording, spot: Spot) -> Vec<Suspect> {
    let lab = history.machine();
    let trace = history.past();
    let mut search = Search {
        store: lab.world().store(),
        reader: spot.reader(lab),
        of: sources(lab, spot.cell),
        sent: BTreeMap::new(),
        published: BTreeMap::new(),
        own: Vec::new(),
        others: Vec::new(),
    };
    trace.iter().for_each(|entry| search.take(&entry));
    search.set_by_hand(recording);
    let Search { own, others, .. } = search;
    let mut all: Vec<Suspect> = own.into_iter().rev().chain(others.into_iter().rev()).collect();
    let step = history.step();
    let by_hand = recording.changes.iter().enumerate().rev().filter(|(_, timed)| timed.after_step <= step);
    all.extend(by_hand.filter_map(|(place, timed)| {
        let at = words::clock(timed.at);
        let what = match &timed.change {
            Change::Hand(_) => format!("what a hand did at {at}"),
            Change::Options(_) => format!("the change of options at {at}"),
            Change::ReplayParked(_) => format!("the replay of parked events at {at}"),
            Change::Send(_) => format!("the command that was sent by hand at {at}"),
            // Who asks changes nothing but what a session knows.
            Change::Override(_) | Change::Ask(_) => return None,
        };
        Some(Suspect { what, undo: Undo::Refrain(place) })
    }));
    let mut seen: Vec<Undo> = Vec::new();
    all.retain(|one| {
        let is_new = !seen.contains(&one.undo);
        seen.push(one.undo.clone());
        is_new
    });
    all
}

/// What was found on the way through the trace.
struct Search<'a> {
    store: &'a EventStore,
    reader: Reader,
    of: Vec<Aggregate>,
    /// The latest try of each event on its way to the reader, and to the log.
    sent: BTreeMap<EventId, u16>,
    published: BTreeMap<EventId, u16>,
    /// Faults that struck the cell's own events, and others that struck its reader.
    own: Vec<Suspect>,
    others: Vec<Suspect>,
}

impl Search<'_> {
    fn is_own(&self, event: EventId) -> bool {
        self.of.contains(&self.store.event(event).recorded.of)
    }

    fn add(&mut self, event: EventId, purpose: Purpose, hop: Hop, attempt: u16, what: String) {
        let subject = self.store.event(event).subject();
        let suspect = Suspect { what, undo: Undo::Never(FateKey { purpose, hop, subject, attempt }) };
        if self.is_own(event) { self.own.push(suspect) } else { self.others.push(suspect) }
    }

    fn take(&mut self, entry: &Entry) {
        let Some(event) = entry.what.event() else { return };
        match entry.what {
            What::Published { attempt, .. } => drop(self.published.insert(event, attempt)),
            What::Sent(one) if one.reader == self.reader => drop(self.sent.insert(event, one.attempt)),
            _ if !entry.what.is_fault() => {}
            what => match what.delivered() {
                Some(one) if one.reader == self.reader => self.delivery(entry, one),
                None if self.is_own(event) => self.publication(&what, event),
                _ => {}
            },
        }
    }

    /// A fault between the service and the log.
    fn publication(&mut self, what: &What, event: EventId) {
        let last = self.published.get(&event).copied().unwrap_or(1);
        let (purpose, hop, attempt, told) = match *what {
            What::PublicationLost { attempt, .. } => {
                (Purpose::Loss, Hop::Publish, attempt, format!("the loss of {event} on its way to the log"))
            }
            What::PublicationDoubled { .. } => {
                (Purpose::Duplicate, Hop::Publish, last, format!("the second copy of {event} on its way to the log"))
            }
            What::PublicationHeld { .. } => {
                (Purpose::Overtake, Hop::Publish, last, format!("the holding back of {event} on its way to the log"))
            }
            What::AcknowledgementLost { .. } => {
                (Purpose::Loss, Hop::Acknowledge, last, format!("the loss of the acknowledgement of {event}"))
            }
            What::Committing(Committing::CrashedUnmarked { .. }) => {
                (Purpose::Crash, Hop::Relay, last, format!("the crash after {event} was published"))
            }
            _ => return,
        };
        self.add(event, purpose, hop, attempt, told);
    }

    /// A fault between the log and the reader, or in the reader.
    fn delivery(&mut self, entry: &Entry, one: Delivered) {
        let (event, reader) = (one.event, self.reader);
        let nth = ordinal(one.attempt);
        let (purpose, attempt, told) = match entry.what {
            What::DeliveryLost(_) => {
                (Purpose::Loss, one.attempt, format!("the loss of {event} on its way to the {reader}"))
            }
            What::DeliveryDoubled(_) => {
                // The copy has a number of its own; its fate is asked of the delivery that it is a copy of.
                let original = self.sent.get(&event).copied().unwrap_or(1);
                (Purpose::Duplicate, original, format!("the {nth} delivery of {event}"))
            }
            What::DeliveryHeld(_) => (Purpose::Overtake, one.attempt, format!("the holding back of {event}")),
            What::Crashed { .. } => {
                let (who, at) = (words::instance(reader, one.instance), words::clock(entry.at));
                (Purpose::Crash, one.attempt, format!("the crash of {who} at {at}"))
            }
            What::HandlingFailed { failures, .. } => {
                let attempt = one.attempt.saturating_add(u16::from(failures).saturating_sub(1));
                (Purpose::Failure, attempt, format!("the failure to handle {event}"))
            }
            What::QueueAcknowledgementLost(_) => {
                (Purpose::AckLoss, one.attempt, format!("the loss of the acknowledgement of {event} to the queue"))
            }
            _ => return,
        };
        self.add(event, purpose, reader.into(), attempt, told);
    }

    /// Fates that the scenario or a person has set, other than the faults that the trace tells of.
    fn set_by_hand(&mut self, recording: &Recording) {
        let changed = recording.changes.iter().filter_map(|timed| match &timed.change {
            Change::Override(one) => Some(one),
            Change::Options(_) | Change::ReplayParked(_) | Change::Hand(_) | Change::Send(_) | Change::Ask(_) => None,
        });
        let all: Vec<Override> = recording.scenario.overrides.iter().chain(changed).copied().collect();
        for one in all {
            let Fate::Takes(span) = one.fate else { continue };
            let what = format!("the {span} that were set for {}", self.named(one.subject, one.hop));
            let suspect = Suspect { what, undo: Undo::Leave(one.key()) };
            let own = self.of.contains(&one.subject.of);
            if own { self.own.push(suspect) } else { self.others.push(suspect) }
        }
    }

    /// A message by its cause: an event on its way to a reader by its number.
    fn named(&self, subject: Subject, hop: Hop) -> String {
        let to = Reader::ALL.into_iter().find(|reader| Hop::from(*reader) == hop);
        let nth = (subject.n as usize).checked_sub(1);
        let stream = self.store.stream(subject.of);
        match (to, nth.and_then(|nth| stream.get(nth))) {
            (Some(to), Some((event, _))) => format!("{event} to the {to}"),
            _ => format!("message {} of {}", subject.n, subject.of),
        }
    }
}

/// `first`, `second`, `third`, then `4th` and so on.
fn ordinal(n: u16) -> String {
    match n {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        n => format!("{n}th"),
    }
}
