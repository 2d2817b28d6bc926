//! From the trace to arrows between lanes: who sent what to whom, when it left and when it came.

use std::collections::BTreeMap;

use sim::kernel::time::Micros;
use sim::shop::ids::{CommandId, EventId};
use sim::system::delivery::Delivered;
use sim::system::place::{Model, TopicName};
use sim::system::trace::{Entry, Trace, What};

/// A line of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The clients.
    Shoppers,
    /// The command side.
    OrderService,
    /// A partition of the log.
    Partition(u8),
    /// A projection.
    Projection(Model),
}

/// What an arrow carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cargo {
    /// A command.
    Command(CommandId),
    /// The answer to a command.
    Answer(CommandId),
    /// An event.
    Event(EventId),
}

/// One message, from lane to lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// Where it left, and when.
    pub from: (Lane, Micros),
    /// Where it came, and when; for a lost message, where and when it was last seen.
    pub to: (Lane, Micros),
    /// What it carries.
    pub cargo: Cargo,
    /// Is it a further delivery of the same event?
    pub again: bool,
    /// Was it lost on the way?
    pub lost: bool,
}

/// What happened at one moment of one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dot {
    /// The event went into the read model.
    Applied,
    /// A protection left it out.
    Skipped,
    /// It broke a promise.
    Broken,
}

/// A stretch of space-time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spacetime {
    /// How many partitions there are.
    pub partitions: u8,
    /// The messages.
    pub arrows: Vec<Arrow>,
    /// What happened to events in the projections.
    pub dots: Vec<(Lane, Micros, Dot)>,
    /// When a projection's instance was down.
    pub downs: Vec<(Lane, Micros, Micros)>,
}

/// More arrows than this cannot be told apart.
pub const ARROWS_MAX: usize = 400;
/// How far a lost message is drawn: nobody knows when it would have come.
const LOST_SPAN: Micros = Micros::from_millis(200);

/// What is still open while the trace is read.
#[derive(Default)]
struct Reader {
    commands: BTreeMap<CommandId, Micros>,
    answers: BTreeMap<CommandId, Micros>,
    published: BTreeMap<EventId, (Micros, bool)>,
    partition: BTreeMap<EventId, u8>,
    sent: BTreeMap<(EventId, Model, u16), Micros>,
    crashed: BTreeMap<(Model, u8), Micros>,
}

/// Reads a part of the trace.
pub fn spacetime(trace: Trace<'_>, partitions: u8) -> Spacetime {
    let mut reader = Reader::default();
    let mut seen = Spacetime { partitions, ..Spacetime::default() };
    for entry in trace {
        reader.command_side(&entry, &mut seen);
        reader.query_side(&entry, &mut seen);
    }
    let end = trace.last().map_or(Micros::ZERO, |last| last.at);
    seen.downs.extend(reader.crashed.iter().map(|((model, _), since)| (Lane::Projection(*model), *since, end)));
    let surplus = seen.arrows.len().saturating_sub(ARROWS_MAX);
    seen.arrows.drain(..surplus);
    seen
}

impl Reader {
    fn command_side(&mut self, entry: &Entry, seen: &mut Spacetime) {
        let at = entry.at;
        let mut arrow = |from, start, to, cargo, again| {
            seen.arrows.push(Arrow { from: (from, start), to: (to, at), cargo, again, lost: false });
        };
        match entry.what {
            // Commands to the two other services have no lane here.
            What::CommandSent { command, of, .. } if of.order().is_some() => {
                self.commands.insert(command, at);
            }
            What::Committed { command, .. } | What::CommandRefused { command, .. } => {
                if let Some(start) = self.commands.remove(&command) {
                    arrow(Lane::Shoppers, start, Lane::OrderService, Cargo::Command(command), false);
                    self.answers.insert(command, at);
                }
            }
            What::Answered { command } => {
                if let Some(start) = self.answers.remove(&command) {
                    arrow(Lane::OrderService, start, Lane::Shoppers, Cargo::Answer(command), false);
                }
            }
            What::Published { event, attempt } => {
                self.published.insert(event, (at, attempt > 1));
            }
            What::Appended { event, partition, .. } => {
                // The picture tells of orders; the other services' events have the log.
                if partition.topic != TopicName::OrderEvents {
                    return;
                }
                let partition = partition.index;
                self.partition.insert(event, partition);
                if let Some((start, again)) = self.published.get_mut(&event) {
                    arrow(Lane::OrderService, *start, Lane::Partition(partition), Cargo::Event(event), *again);
                    *again = true;
                }
            }
            _ => {}
        }
    }

    fn query_side(&mut self, entry: &Entry, seen: &mut Spacetime) {
        let at = entry.at;
        match entry.what {
            What::Restarted { reader, instance } => {
                let Some(model) = drawn(reader) else { return };
                if let Some(since) = self.crashed.remove(&(model, instance)) {
                    seen.downs.push((Lane::Projection(model), since, at));
                }
            }
            What::Broken { reader, event, .. } if event.0 > 0 => {
                seen.dots.extend(drawn(reader).map(|model| (Lane::Projection(model), at, Dot::Broken)));
            }
            what => {
                if let Some((one, model)) = what.delivered().and_then(|one| Some((one, drawn(one.reader)?))) {
                    self.delivery(entry, one, model, seen);
                }
            }
        }
    }

    /// What happened to one delivery to a projection.
    fn delivery(&mut self, entry: &Entry, one: Delivered, model: Model, seen: &mut Spacetime) {
        let (at, lane, key) = (entry.at, Lane::Projection(model), (one.event, model, one.attempt));
        match entry.what {
            What::Sent(_) | What::DeliveryDoubled(_) => {
                self.sent.insert(key, at);
            }
            What::Arrived(_) | What::Discarded(_) | What::DeliveryLost(_) => {
                let lost = matches!(entry.what, What::DeliveryLost(_));
                let start = self.sent.remove(&key);
                if let (Some(start), Some(partition)) = (start, self.partition.get(&one.event)) {
                    let end = if lost { start + LOST_SPAN } else { at };
                    let (from, to) = ((Lane::Partition(*partition), start), (lane, end));
                    seen.arrows.push(Arrow { from, to, cargo: Cargo::Event(one.event), again: one.attempt > 1, lost });
                }
            }
            What::Applied { .. } => seen.dots.push((lane, at, Dot::Applied)),
            What::Skipped { .. } => seen.dots.push((lane, at, Dot::Skipped)),
            What::Crashed { .. } => {
                self.crashed.insert((model, one.instance), at);
            }
            _ => {}
        }
    }
}

/// The read model of a reader, if it has a lane: models that only some runs have are told of in the log.
fn drawn(reader: sim::system::place::Reader) -> Option<Model> {
    reader.model().filter(|model| Model::ALWAYS.contains(model))
}

#[cfg(test)]
mod tests {
    use sim::kernel::history::History;
    use sim::oracle::lab::Lab;
    use sim::scenario::presets::PRESETS;
    use sim::scenario::recording::Recording;

    use super::{Cargo, Dot, EventId, Lane, Micros, Model, Spacetime, spacetime};

    fn of(slug: &str) -> Spacetime {
        let preset = PRESETS.iter().find(|preset| preset.slug == slug).expect("it comes with the page");
        let recording = Recording::from_json(preset.json).expect("presets can be read");
        let mut history: History<Lab> = History::new(&recording.scenario, recording.changes);
        history.run_to_end(100_000);
        spacetime(history.trace(), 2)
    }

    #[test]
    fn scenario_b_shows_the_crash_and_the_second_delivery() {
        let seen = of("scenario-b");
        let to_view = |again| {
            let lane = Lane::Projection(Model::OrderView);
            seen.arrows.iter().filter(move |arrow| arrow.to.0 == lane && arrow.again == again).count()
        };
        assert_eq!((to_view(false), to_view(true)), (1, 1));
        assert_eq!(seen.downs, [(Lane::Projection(Model::OrderView), Micros::from_secs(2), Micros::from_secs(3))]);
        assert!(seen.dots.iter().any(|(_, _, dot)| *dot == Dot::Broken));
    }

    #[test]
    fn in_scenario_c_the_arrows_to_the_order_view_cross() {
        let seen = of("scenario-c");
        let came = |event| {
            let carried = seen.arrows.iter().find(|arrow| {
                arrow.cargo == Cargo::Event(EventId(event)) && arrow.to.0 == Lane::Projection(Model::OrderView)
            });
            let arrow = carried.expect("it came");
            (arrow.from.1, arrow.to.1)
        };
        let (shipped, delivered) = (came(2), came(3));
        assert!(shipped.0 < delivered.0 && shipped.1 > delivered.1);
    }
}
