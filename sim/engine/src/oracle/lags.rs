//! How far every reader is behind, and why: read off the trace in one pass, which goes on while the run grows.
//!
//! For each reader the events that it has still to handle are followed on their way. At every sample they are counted by
//! where they are, and the age of the oldest is split into the times that it has spent at each place. So the sum over the
//! causes is the lag that the metrics know, by another way of reckoning, and a test holds the two against each other.

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CommandId, EventId};
use crate::system::committing::Committing;
use crate::system::delivery::Delivered;
use crate::system::event_store::EventStore;
use crate::system::fate::{Hop, Subject};
use crate::system::following::{took_part, topics};
use crate::system::hands::{Hand, MessageAct, NodeAct};
use crate::system::node::Node;
use crate::system::options::{Acks, Commit, Options, ReplicaStart};
use crate::system::place::{PartitionId, Reader, TopicName};
use crate::system::trace::{Entry, SkipReason, Trace, What};
use crate::system::versions::{Stage, Turn};

use super::lab::Lab;

mod answers;
mod cause;
mod copied;
mod copies;
mod follower;
mod ways;
mod whose;

use self::answers::Answers;
pub use self::answers::LateAnswer;
pub use self::cause::Cause;
use self::cause::Station;
use self::copies::Copies;
use self::follower::Follower;
pub use self::follower::LagSample;
pub use self::whose::Whose;

/// The shortest virtual time between two samples.
const EVERY_MIN: Micros = Micros::from_millis(10);
/// Samples of a reader at most: beyond that every other one is dropped, and the rest of the run is sampled half as often.
const SAMPLES_MAX: usize = 512;
/// How far every reader is behind, up to as much of the trace as was read.
#[derive(Clone, Debug)]
pub struct Lags {
    followers: Vec<Follower>,
    copies: Copies,
    /// For each follower its samples, and then for each copy; oldest first.
    samples: Vec<Vec<LagSample>>,
    every: Micros,
    next: Micros,
    /// Where each event is, by its number.
    places: Vec<Place>,
    answers: Answers,
    /// How many entries were read, and the time of the last one.
    read: usize,
    at: Micros,
}

/// Where an event is, whoever reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    committed: bool,
    /// Was it published, and not lost since?
    under_way: bool,
    /// Where in the log it is, if it came there during the run.
    slot: Option<(PartitionId, u32)>,
    /// The catalogue was in the log before the run began.
    before: bool,
}

impl Place {
    const fn station(self) -> Station {
        match self {
            Self { slot: Some(_), .. } | Self { before: true, .. } => Station::InLog,
            Self { under_way: true, .. } => Station::ToLog,
            _ => Station::Outbox,
        }
    }
}

impl Lags {
    /// Nothing of the run is read yet, which led to this lab.
    pub fn new(lab: &Lab) -> Self {
        let options = lab.world().options();
        let readers = followers(options).map(|(reader, topics)| Follower::new(reader, topics));
        let followers: Vec<_> = readers.collect();
        let copies = Copies::new(options);
        let mut lags = Self {
            samples: vec![Vec::new(); followers.len() + copies.names().count()],
            followers,
            copies,
            every: EVERY_MIN,
            next: Micros::ZERO,
            places: Vec::new(),
            answers: Answers::default(),
            read: 0,
            at: Micros::ZERO,
        };
        lags.take_stock(lab.world().store(), options.replicas.start);
        lags
    }

    /// Are these the readers of this lab? Options may have brought new ones, which were not followed so far.
    pub fn fits(&self, lab: &Lab) -> bool {
        let mine = self.followers.iter().map(|follower| (follower.reader, follower.topics));
        let options = lab.world().options();
        mine.eq(followers(options)) && self.copies.fit(options)
    }

    /// Reads on, at most so many entries. True when there was something to read.
    pub fn read_on(&mut self, lab: &Lab, trace: Trace<'_>, most: usize) -> bool {
        let until = trace.len().min(self.read.saturating_add(most));
        let (store, options) = (lab.world().store(), lab.world().options());
        self.places.resize(self.places.len().max(store.len() + 1), Place::default());
        let new = trace.part(self.read..until);
        for entry in new {
            while entry.at > self.next {
                self.sample();
            }
            self.at = entry.at;
            self.take(&entry, store, options);
        }
        self.read = until;
        !new.is_empty()
    }

    /// How many entries of the trace were read.
    pub const fn read(&self) -> usize {
        self.read
    }

    /// The time of the last entry that was read.
    pub const fn until(&self) -> Micros {
        self.at
    }

    /// The virtual time between two samples.
    pub const fn every(&self) -> Micros {
        self.every
    }

    /// Who is followed: every reader, and then every copy.
    pub fn all(&self) -> impl Iterator<Item = Whose> {
        let readers = self.followers.iter().map(|follower| Whose::Reader(follower.reader));
        readers.chain(self.copies.names().map(|(model, keeper)| Whose::Copy(model, keeper)))
    }

    /// The samples of a reader or a copy, oldest first, and how it stands at the last entry that was read.
    pub fn samples(&self, whose: impl Into<Whose>) -> Vec<LagSample> {
        let whose = whose.into();
        let Some(number) = self.all().position(|one| one == whose) else { return Vec::new() };
        let mut samples = self.samples[number].clone();
        if samples.last().is_none_or(|last| last.at < self.at) {
            samples.extend(self.standings(self.at).nth(number));
        }
        samples
    }

    /// The answers that were stale or wrong when they left, oldest first.
    pub fn late_answers(&self) -> &[LateAnswer] {
        self.answers.late()
    }

    /// How everybody stands at this moment.
    fn standings(&self, at: Micros) -> impl Iterator<Item = LagSample> {
        let readers = self.followers.iter().map(move |follower| follower.sample(at));
        readers.chain(self.copies.samples(&self.followers, at))
    }

    fn follower(&mut self, reader: Reader) -> Option<&mut Follower> {
        self.followers.iter_mut().find(|follower| follower.reader == reader)
    }

    fn sample(&mut self) {
        let at = self.next;
        let mut all = core::mem::take(&mut self.samples);
        all.iter_mut().zip(self.standings(at)).for_each(|(samples, sample)| samples.push(sample));
        self.samples = all;
        if self.samples.first().is_some_and(|samples| samples.len() > SAMPLES_MAX) {
            self.every = self.every + self.every;
            for samples in &mut self.samples {
                let mut number = 0;
                samples.retain(|_| {
                    number += 1;
                    number % 2 == 1
                });
            }
        }
        let last = self.samples.first().and_then(|samples| samples.last()).map_or(at, |last| last.at);
        self.next = last + self.every;
    }

    /// What was committed, and in the log, before the run began. Only a replica without a snapshot has still to handle it;
    /// one that begins with what comes now never will.
    fn take_stock(&mut self, store: &EventStore, start: ReplicaStart) {
        let missing = match start {
            ReplicaStart::Replay => Some(Station::InLog),
            ReplicaStart::FromNow => Some(Station::Lost),
            _ => None,
        };
        self.places.resize(store.len() + 1, Place::default());
        for number in 1..=u32::try_from(store.len()).unwrap_or(u32::MAX) {
            let event = EventId(number);
            let committed = store.event(event);
            if committed.cause != CommandId(0) {
                break;
            }
            self.places[event.index()] = Place { committed: true, before: true, ..Place::default() };
            let replicas = self.followers.iter_mut().filter(|one| matches!(one.reader, Reader::Replica(_)));
            for follower in replicas.filter(|one| one.follows(committed.recorded.of)) {
                missing.into_iter().for_each(|station| follower.ways.open(event, station, committed.at));
            }
        }
    }

    fn take(&mut self, entry: &Entry, store: &EventStore, options: &Options) {
        let at = entry.at;
        match entry.what {
            What::Committed { event, of, .. } => self.committed(event, of, at),
            What::Published { event, .. } => self.publishing(event, at, true, Station::ToLog),
            What::PublicationLost { event, .. } | What::PublicationRefused { event } => {
                self.publishing(event, at, false, after_a_loss(options, store.event(event).recorded.of));
            }
            What::Appended { event, partition, offset } => self.appended(event, (partition, offset), at),
            What::Committing(Committing::Crashed { of, .. }) => self.service_crashed(of, at, store, options),
            What::Assigned { reader, partition, offset, .. } => self.assigned(reader, partition, offset, at),
            What::RetentionSkipped { reader, partition, from, to } => {
                self.in_partition(reader, at, move |slot, _| {
                    (slot.0 == partition && (from..to).contains(&slot.1)).then_some(Station::Lost)
                });
            }
            What::Halted { delivered, partition } => {
                self.in_partition(delivered.reader, at, move |slot, station| {
                    (slot.0 == partition && station.instance().is_some()).then_some(Station::Missed)
                });
            }
            What::Crashed { delivered, .. } => {
                let follower = self.follower(delivered.reader);
                follower.into_iter().for_each(|one| one.lose_instance(Some(delivered.instance), at));
            }
            What::ByHand(hand) => self.by_hand(hand, at, store, options),
            What::Version(Turn::Stage { reader, to, .. }) => self.turned(reader, to, store, at),
            What::Reading(reading) => {
                self.copies.reading(reading, at);
                self.answers.reading(reading, at);
            }
            What::Edge(edging) => {
                self.copies.edging(edging, at);
                self.answers.edging(edging);
            }
            what => {
                if let Some(delivered) = what.delivered() {
                    self.delivery(&what, delivered, at);
                }
            }
        }
    }

    fn committed(&mut self, event: EventId, of: Aggregate, at: Micros) {
        self.places[event.index()].committed = true;
        let station = self.places[event.index()].station();
        self.followers.iter_mut().filter(|one| one.follows(of)).for_each(|one| one.ways.open(event, station, at));
        self.copies.committed(event, of, &self.followers, at);
    }

    /// Something happened to an event on its way to the log. Once it is there, further publications change nothing.
    fn publishing(&mut self, event: EventId, at: Micros, under_way: bool, to: Station) {
        let place = &mut self.places[event.index()];
        place.under_way = under_way;
        if place.slot.is_none() {
            self.followers.iter_mut().for_each(|one| one.ways.turn(event, at, |_| Some(to)));
        }
    }

    fn appended(&mut self, event: EventId, slot: (PartitionId, u32), at: Micros) {
        let first = self.places[event.index()].slot.replace(slot).is_none();
        for follower in &mut self.followers {
            // A further copy in the log is news only to whoever has lost the first one.
            follower.ways.turn(event, at, |station| (first || station == Station::Lost).then_some(Station::InLog));
        }
    }

    /// Who writes twice keeps no list: what it had saved and not published when it crashed, nobody will publish.
    fn service_crashed(&mut self, of: Aggregate, at: Micros, store: &EventStore, options: &Options) {
        if options.order_service.commit != Commit::DualWrite {
            return;
        }
        for follower in &mut self.followers {
            follower.ways.turn_each(at, |event, station| {
                let hit = matches!(station, Station::Outbox) && store.event(event).recorded.of == of;
                hit.then_some(Station::Lost)
            });
        }
    }

    /// A partition goes on from a saved position: what lies before it nobody will read again.
    fn assigned(&mut self, reader: Reader, partition: PartitionId, offset: u32, at: Micros) {
        self.in_partition(reader, at, move |slot, station| match station {
            _ if slot.0 != partition => None,
            Station::Held => None,
            _ if slot.1 < offset => Some(Station::Lost),
            station if station.instance().is_some() => Some(Station::Missed),
            _ => None,
        });
    }

    /// Takes events of a reader to another station by their place in the log.
    fn in_partition(
        &mut self,
        reader: Reader,
        at: Micros,
        to: impl Fn((PartitionId, u32), Station) -> Option<Station>,
    ) {
        let places = &self.places;
        if let Some(follower) = self.followers.iter_mut().find(|follower| follower.reader == reader) {
            follower.ways.turn_each(at, |event, station| to(places[event.index()].slot?, station));
        }
    }

    fn by_hand(&mut self, hand: Hand, at: Micros, store: &EventStore, options: &Options) {
        match hand {
            Hand::Message { which, act: MessageAct::Drop } => {
                let Some(event) = event_of(which.subject, store) else { return };
                if which.hop == Hop::Publish {
                    self.publishing(event, at, false, after_a_loss(options, which.subject.of));
                }
                for follower in self.followers.iter_mut().filter(|one| Hop::from(one.reader) == which.hop) {
                    let ways = &mut follower.ways;
                    ways.turn(event, at, |station| matches!(station, Station::ToReader(_)).then_some(Station::Missed));
                }
            }
            Hand::Node { which: Node::Reader(reader, number), act: NodeAct::Crash { .. } } => {
                self.follower(reader).into_iter().for_each(|one| one.lose_instance(number, at));
            }
            Hand::Node { which: Node::Edge(edge), act: NodeAct::Crash { .. } } => self.copies.edge_crashed(edge, at),
            _ => {}
        }
    }

    /// A version that begins has everything before it; one that ends has nothing to do any more.
    fn turned(&mut self, reader: Reader, to: Stage, store: &EventStore, at: Micros) {
        if to == Stage::Serving {
            self.copies.serves(reader);
        }
        if !matches!(to, Stage::Building | Stage::Rebuilding | Stage::Retired) {
            return;
        }
        let places = &self.places;
        let Some(follower) = self.followers.iter_mut().find(|follower| follower.reader == reader) else { return };
        let before = follower.begin(to.runs());
        self.copies.began_anew(reader, &before, at);
        for (event, place) in (0..).map(EventId).zip(places).filter(|(_, place)| place.committed) {
            let committed = store.event(event);
            if follower.follows(committed.recorded.of) {
                follower.ways.open(event, place.station(), committed.at);
            }
        }
    }

    fn delivery(&mut self, what: &What, delivered: Delivered, at: Micros) {
        let (event, instance) = (delivered.event, delivered.instance);
        let Some(follower) = self.follower(delivered.reader) else { return };
        let ways = &mut follower.ways;
        let mut turn = |to: fn(Station, u8) -> Option<Station>| ways.turn(event, at, |from| to(from, instance));
        match what {
            What::Sent(_) => turn(|from, instance| match from {
                Station::InLog | Station::Missed | Station::Lost => Some(Station::ToReader(instance)),
                _ => None,
            }),
            What::DeliveryLost(_) => turn(|from, _| from.instance().map(|_| Station::Missed)),
            What::Arrived(_) => turn(|from, instance| (from != Station::Held).then_some(Station::AtReader(instance))),
            What::HeldForGap { .. } => turn(|_, _| Some(Station::Held)),
            What::HandlingFailed { .. } | What::Fenced(_) | What::VisibleAgain(_) => {
                turn(|from, _| from.instance().map(|_| Station::Missed));
            }
            What::QueueAcknowledged(_) => turn(|from, _| from.instance().map(Station::Saved)),
            What::Parked { .. } => turn(|_, _| Some(Station::Lost)),
            What::Applied { .. } => self.handled(delivered.reader, event, at),
            What::Skipped { reason, .. } => {
                // A repeated delivery of what is held back is left out, but the event is still to come.
                let ends = matches!(reason, SkipReason::CodeIgnores | SkipReason::NewSchema);
                if ends || ways.station(event) != Some(Station::Held) {
                    self.handled(delivered.reader, event, at);
                }
            }
            _ => {}
        }
    }

    /// A reader has handled an event, or left it out.
    fn handled(&mut self, reader: Reader, event: EventId, at: Micros) {
        let committed = self.places[event.index()].committed;
        let Some(follower) = self.follower(reader) else { return };
        let way = follower.ways.close(event, committed);
        self.copies.handled(reader, event, way, committed, at);
    }
}

/// Who follows the log under these options, and what.
fn followers(options: &Options) -> impl Iterator<Item = (Reader, &'static [TopicName])> {
    let all = Reader::ALL.into_iter().filter(|reader| took_part(options, *reader));
    all.map(|reader| (reader, topics(options, reader)))
}

/// What becomes of an event whose publication is lost: the relay publishes again what the broker has not acknowledged; who
/// writes twice, or waits for no acknowledgement, never hears of it.
fn after_a_loss(options: &Options, of: Aggregate) -> Station {
    let twice = of.order().is_some() && options.order_service.commit == Commit::DualWrite;
    if options.broker.acks == Acks::All && !twice { Station::Missed } else { Station::Lost }
}

/// The event that a message tells of.
fn event_of(subject: Subject, store: &EventStore) -> Option<EventId> {
    let mut stream = store.stream_backwards(subject.of);
    stream.find(|(_, committed)| committed.recorded.version == subject.n).map(|(event, _)| event)
}
