//! The broker on the stage: the slots of a log, or the queues.

use crate::oracle::lab::Lab;
use crate::system::options::BrokerKind;
use crate::system::place::{PartitionId, Place, Reader, TopicName};
use crate::view::words::{clock, plural};

use super::{Mood, Node, PartitionView, QueueSlot, QueueView, Slot};

/// How many slots of a partition or of a queue are shown.
const SLOTS: u32 = 8;

/// The topics that a run has.
fn topics(lab: &Lab) -> &'static [TopicName] {
    if lab.world().has_owners() { &TopicName::ALL } else { &[TopicName::OrderEvents] }
}

/// Has this run queues instead of a log?
pub fn has_queues(lab: &Lab) -> bool {
    lab.world().options().broker.kind == BrokerKind::Queue
}

/// The readers that take part.
pub fn readers(lab: &Lab) -> impl Iterator<Item = Reader> {
    let world = lab.world();
    // A replica has nothing to follow where there are no other services.
    let has_source = |reader: &Reader| !matches!(reader, Reader::Replica(_)) || world.has_owners();
    Reader::ALL.into_iter().filter(move |reader| world.takes_part(*reader) && has_source(reader))
}

/// The broker as a whole.
pub fn node(lab: &Lab) -> Node {
    let world = lab.world();
    let broker = &world.options().broker;
    let kind = if has_queues(lab) {
        "a queue each".to_owned()
    } else {
        format!("log, {}", plural(usize::from(broker.partitions) * topics(lab).len(), "partition"))
    };
    let mut lines = vec![kind];
    let mut mood = Mood::Fine;
    if let Some(until) = out_until(lab) {
        lines.push(format!("out until {until}"));
        mood = Mood::Down;
    }
    Node { place: Place::Broker, title: "Broker".to_owned(), lines, mood, marks: Vec::new() }
}

/// When an outage of this moment ends.
fn out_until(lab: &Lab) -> Option<String> {
    let (world, now) = (lab.world(), lab.world().now());
    let outages = world.options().network.all_outages();
    let ends = outages.filter(|one| one.at <= now && now < one.at + one.lasts).map(|one| one.at + one.lasts);
    ends.max().filter(|_| world.faults_are_on()).map(clock)
}

/// The partitions of the log.
pub fn partitions(lab: &Lab) -> Vec<PartitionView> {
    if has_queues(lab) {
        return Vec::new();
    }
    let log = lab.world().log();
    topics(lab).iter().flat_map(|topic| log.partitions(*topic)).map(|id| partition(lab, id)).collect()
}

fn partition(lab: &Lab, id: PartitionId) -> PartitionView {
    let log = lab.world().log();
    let saved = |reader: Reader| lab.world().reader(reader).group().saved(id, log, lab.world().options());
    let readers = readers(lab).filter(|reader| lab.world().reader(*reader).group().follows(id.topic));
    let committed: Vec<(Reader, u64)> = readers.map(|reader| (reader, u64::from(saved(reader)))).collect();
    let done_below = committed.iter().map(|(_, offset)| *offset).min().unwrap_or(0);
    let end = log.end(id);
    let slots = (end.saturating_sub(SLOTS)..end).filter_map(|offset| {
        let event = log.at(id, offset)?;
        let offset = u64::from(offset);
        Some(Slot { offset, event, done: offset < done_below })
    });
    PartitionView { id, slots: slots.collect(), end: u64::from(end), committed }
}

/// The queues.
pub fn queues(lab: &Lab) -> Vec<QueueView> {
    readers(lab).filter_map(|reader| queue(lab, reader)).collect()
}

fn queue(lab: &Lab, reader: Reader) -> Option<QueueView> {
    let queue = lab.world().reader(reader).group().queue()?;
    let out = queue.out().map(|delivery| QueueSlot { event: delivery.event, out: true });
    let waiting = queue.waiting().map(|event| QueueSlot { event, out: false });
    let slots = out.chain(waiting).take(SLOTS as usize).collect();
    Some(QueueView { reader, slots, waiting: queue.visible(), out: queue.handed_out() })
}
