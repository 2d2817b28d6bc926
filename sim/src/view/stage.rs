//! The system as a picture: parts with their state, the slots of the log, and every message on its way.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::ids::{EventId, OrderId};
use crate::shop::money::grouped;
use crate::system::place::{Model, Place};
use crate::system::query_side::projector::Instance;
use crate::system::task::{Delivery, Lost, Publication, Task};
use crate::system::trace::{Delivered, Entry, What};

use super::verdicts::clock;

/// Everything on the stage at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// The parts, each at its place.
    pub nodes: Vec<Node>,
    /// The partitions of `order-events`.
    pub partitions: Vec<PartitionView>,
    /// The messages on their way, soonest arrival first.
    pub flights: Vec<Flight>,
}

/// One part of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands, and which part it is.
    pub place: Place,
    /// Its name, such as `Projector 2`.
    pub title: String,
    /// One or two short lines on how it is, each with its units.
    pub lines: Vec<String>,
    /// What the colour says.
    pub mood: Mood,
}

/// The state of a part, told by colour, pattern and word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mood {
    /// Nothing special.
    Fine,
    /// A read model that shows what was true earlier.
    Stale,
    /// A read model that shows what was never true.
    Wrong,
    /// Crashed.
    Down,
}

/// One partition of the log: a window on its last slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionView {
    /// Its number.
    pub index: u8,
    /// The slots of the window, oldest first.
    pub slots: Vec<Slot>,
    /// The offset that the next event will get.
    pub end: u64,
    /// For each read model's projection: the offset up to which (not included) it has saved its position.
    pub committed: Vec<(Model, u64)>,
}

/// One slot of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its offset.
    pub offset: u64,
    /// The event in it.
    pub event: EventId,
    /// Has every projection saved a position behind it?
    pub done: bool,
}

/// A message on its way. Its place at a moment is a pure function of `sent`, `due` and the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Stays the same while it flies; unique within a stage.
    pub id: u64,
    /// What is written on it, such as `e7`.
    pub label: String,
    /// What it is.
    pub kind: FlightKind,
    /// Which try to deliver it, from 1.
    pub attempt: u16,
    /// Where it comes from.
    pub from: Place,
    /// Where it goes.
    pub to: Place,
    /// When it left.
    pub sent: Micros,
    /// When it arrives, or would have arrived.
    pub due: Micros,
    /// Will it be lost on the way?
    pub lost: bool,
    /// Is it a second copy that the link made?
    pub copy: bool,
    /// Does it say that a command was refused?
    pub refused: bool,
    /// The order that it is about.
    pub order: OrderId,
    /// The event that it carries, if it carries one.
    pub event: Option<EventId>,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlightKind {
    /// A client's command.
    Command,
    /// The answer to a command: accepted or refused.
    Answer,
    /// An event being published or delivered.
    Event,
    /// The broker's acknowledgement.
    Acknowledgement,
}

/// How many slots of a partition are shown.
const SLOTS: u32 = 8;

/// The stage at the lab's moment.
pub fn stage(lab: &Lab) -> Stage {
    Stage { nodes: nodes(lab), partitions: partitions(lab), flights: flights(lab) }
}

fn nodes(lab: &Lab) -> Vec<Node> {
    let world = lab.world();
    let (accepted, refused) = world.order_service().answered();
    let node =
        |place, title: &str, lines: Vec<String>| Node { place, title: title.to_owned(), lines, mood: Mood::Fine };
    let outbox = world.outbox();
    let mut nodes = vec![
        node(
            Place::Shopper,
            "Shoppers",
            vec![count(world.clients().commands_sent() as usize, "command"), "sent".to_owned()],
        ),
        node(Place::Handler, "Command handler", vec![format!("{accepted} accepted, {refused} refused")]),
        node(Place::Orders, "Orders", vec![count(lab.orders().count(), "row"), "write store".to_owned()]),
        node(
            Place::Outbox,
            "Outbox",
            vec![
                format!("{} waiting", outbox.waiting().len()),
                format!("{} unconfirmed", outbox.unacknowledged().len()),
            ],
        ),
    ];
    for model in Model::ALL {
        for (number, instance) in (0_u8..).zip(world.projector(model).instances()) {
            nodes.push(projector(lab, model, number, instance));
        }
        nodes.push(read_model(lab, model));
    }
    nodes
}

fn count(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(n as u64), if n == 1 { "" } else { "s" })
}

fn projector(lab: &Lab, model: Model, number: u8, instance: &Instance) -> Node {
    let (state, mood) = match (instance.down_until, instance.in_hand) {
        (Some(until), _) => (format!("down, back at {}", clock(until)), Mood::Down),
        (None, Some(delivery)) => (format!("handles {}", delivery.event), Mood::Fine),
        (None, None) => ("idle".to_owned(), Mood::Fine),
    };
    let several = lab.world().projector(model).instances().len() > 1;
    let title = if several { format!("Projector {}", number + 1) } else { "Projector".to_owned() };
    let waiting = instance.queue.len();
    let lines = vec![state, if waiting == 0 { "queue empty".to_owned() } else { format!("{waiting} in its queue") }];
    Node { place: Place::Projector(model, number), title, lines, mood }
}

fn read_model(lab: &Lab, model: Model) -> Node {
    let watch = lab.watch(model);
    let (behind, lag) = watch.lag(lab.world().store(), lab.world().now());
    let mood = match (watch.counts.wrong, watch.counts.stale) {
        (0, 0) => Mood::Fine,
        (0, _) => Mood::Stale,
        _ => Mood::Wrong,
    };
    let lag = if behind == 0 { "up to date".to_owned() } else { format!("{} behind, {lag}", count(behind, "event")) };
    let (title, lines) = match model {
        Model::OrderView => {
            let wrong = watch.counts.wrong;
            let rows = format!("{} of {} rows", lab.rows(model), lab.orders().count());
            ("Order view", vec![if wrong > 0 { format!("{rows}, {wrong} wrong") } else { rows }, lag])
        }
        Model::SalesDashboard => {
            let (shown, truth) = (lab.dashboard().revenue, lab.sales().revenue);
            ("Dashboard", vec![shown.to_string(), if shown == truth { lag } else { format!("truth {truth}") }])
        }
    };
    Node { place: Place::ReadModel(model), title: title.to_owned(), lines, mood }
}

fn partitions(lab: &Lab) -> Vec<PartitionView> {
    let topic = lab.world().topic();
    let view = |index: u8| {
        let end = topic.end(index);
        let saved = |model| lab.world().projector(model).group.saved(index, topic, lab.world().options());
        let committed: Vec<(Model, u64)> = Model::ALL.map(|model| (model, u64::from(saved(model)))).into();
        let done_below = committed.iter().map(|(_, offset)| *offset).min().unwrap_or(0);
        let slots = (end.saturating_sub(SLOTS)..end).filter_map(|offset| {
            let event = topic.at(index, offset)?;
            let offset = u64::from(offset);
            Some(Slot { offset, event, done: offset < done_below })
        });
        PartitionView { index, slots: slots.collect(), end: u64::from(end), committed }
    };
    (0..topic.partition_count()).map(view).collect()
}

fn flights(lab: &Lab) -> Vec<Flight> {
    lab.world().agenda().in_order().into_iter().filter_map(|(due, task)| flight(lab, due, task)).collect()
}

fn flight(lab: &Lab, due: Micros, task: &Task) -> Option<Flight> {
    match task {
        Task::CommandArrives(request) => Some(Flight {
            id: flight_id(0, request.id.0, 1, 0),
            label: request.id.to_string(),
            kind: FlightKind::Command,
            from: Place::Shopper,
            to: Place::Handler,
            sent: request.sent,
            order: request.order,
            ..plain(due)
        }),
        Task::AnswerArrives(answer) => Some(Flight {
            id: flight_id(1, answer.request.id.0, 1, 0),
            label: answer.request.id.to_string(),
            kind: FlightKind::Answer,
            from: Place::Handler,
            to: Place::Shopper,
            sent: answer.sent,
            order: answer.request.order,
            refused: answer.outcome.is_err(),
            ..plain(due)
        }),
        Task::PublicationArrives(publication) => Some(published(lab, due, publication, false)),
        Task::Vanishes(Lost::Publication(publication)) => Some(published(lab, due, publication, true)),
        Task::DeliveryArrives(delivery) => Some(delivered(lab, due, delivery, false)),
        Task::Vanishes(Lost::Delivery(delivery)) => Some(delivered(lab, due, delivery, true)),
        Task::AcknowledgementArrives { event, sent, partition } => {
            Some(acknowledged(lab, due, *event, *sent, *partition, false))
        }
        Task::Vanishes(Lost::Acknowledgement { event, sent, partition }) => {
            Some(acknowledged(lab, due, *event, *sent, *partition, true))
        }
        _ => None,
    }
}

/// A flight of which only the arrival is known.
fn plain(due: Micros) -> Flight {
    Flight {
        id: 0,
        label: String::new(),
        kind: FlightKind::Event,
        attempt: 1,
        from: Place::Broker,
        to: Place::Broker,
        sent: due,
        due,
        lost: false,
        copy: false,
        refused: false,
        order: OrderId(0),
        event: None,
    }
}

fn about_event(lab: &Lab, due: Micros, event: EventId) -> Flight {
    let order = lab.world().store().event(event).recorded.order;
    Flight { label: event.to_string(), order, event: Some(event), ..plain(due) }
}

fn published(lab: &Lab, due: Micros, publication: &Publication, lost: bool) -> Flight {
    Flight {
        id: flight_id(2, publication.event.0, publication.attempt, u64::from(publication.copy)),
        attempt: publication.attempt + u16::from(publication.copy),
        from: Place::Outbox,
        to: Place::Broker,
        sent: publication.sent,
        lost,
        copy: publication.copy,
        ..about_event(lab, due, publication.event)
    }
}

fn delivered(lab: &Lab, due: Micros, delivery: &Delivery, lost: bool) -> Flight {
    Flight {
        id: flight_id(3, delivery.event.0, delivery.attempt, delivery.model.index() as u64),
        attempt: delivery.attempt,
        from: Place::Partition(delivery.partition),
        to: Place::Projector(delivery.model, delivery.instance),
        sent: delivery.sent,
        lost,
        copy: delivery.copy,
        ..about_event(lab, due, delivery.event)
    }
}

fn acknowledged(lab: &Lab, due: Micros, event: EventId, sent: Micros, partition: u8, lost: bool) -> Flight {
    Flight {
        id: flight_id(5, event.0, 1, sent.0 & 0xff),
        kind: FlightKind::Acknowledgement,
        from: Place::Partition(partition),
        to: Place::Outbox,
        sent,
        lost,
        ..about_event(lab, due, event)
    }
}

/// One number for each message in the air; it stays the same from frame to frame.
const fn flight_id(kind: u64, subject: u32, attempt: u16, copy: u64) -> u64 {
    kind << 60 | (copy & 0xff) << 48 | (subject as u64) << 16 | attempt as u64
}

/// Something that has just happened at a place, to be shown there for a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spark {
    /// When.
    pub at: Micros,
    /// Where.
    pub place: Place,
    /// The event, if it was about one.
    pub event: Option<EventId>,
    /// Which delivery of it, from 1.
    pub attempt: u16,
    /// What happened.
    pub kind: SparkKind,
}

/// What a spark shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SparkKind {
    /// The read model took the event in.
    Applied,
    /// The read model took the event in once more: a promise is broken.
    AppliedAgain,
    /// A protection let the event bounce off.
    Skipped,
    /// The event waits for its predecessors.
    Held,
    /// The instance crashed.
    Crashed,
}

/// What has happened since `since`, up to the end of `trace`.
pub fn sparks(trace: &[Entry], since: Micros) -> Vec<Spark> {
    let from = trace.partition_point(|entry| entry.at < since);
    let recent = &trace[from..];
    let spark = |entry: &Entry, place, delivered: Delivered, kind| Spark {
        at: entry.at,
        place,
        event: Some(delivered.event),
        attempt: delivered.attempt,
        kind,
    };
    let mut sparks: Vec<Spark> = Vec::new();
    for entry in recent {
        match entry.what {
            What::Applied { delivered, .. } => {
                sparks.push(spark(entry, Place::ReadModel(delivered.model), delivered, SparkKind::Applied));
            }
            What::Broken { event, model, .. } if event.0 > 0 => {
                let place = Place::ReadModel(model);
                let applied = sparks.iter_mut().rev().find(|spark| spark.place == place && spark.event == Some(event));
                if let Some(applied) = applied {
                    applied.kind = SparkKind::AppliedAgain;
                }
            }
            What::Skipped { delivered, .. } => {
                sparks.push(spark(entry, projector_of(delivered), delivered, SparkKind::Skipped));
            }
            What::HeldForGap { delivered, .. } => {
                sparks.push(spark(entry, projector_of(delivered), delivered, SparkKind::Held));
            }
            What::Crashed { delivered, .. } => {
                sparks.push(spark(entry, projector_of(delivered), delivered, SparkKind::Crashed));
            }
            _ => {}
        }
    }
    sparks
}

const fn projector_of(delivered: Delivered) -> Place {
    Place::Projector(delivered.model, delivered.instance)
}
