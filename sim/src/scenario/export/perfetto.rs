//! The timeline as Trace Event JSON: open it in Perfetto.
//!
//! Commands and deliveries are spans, everything that happens is a mark on the track of where it happens, and the lag of
//! every reader is a counter. Times are virtual microseconds.

use crate::view::{log, words};
use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::oracle::metrics::Metrics;
use crate::shop::ids::CommandId;
use crate::system::delivery::Delivered;
use crate::system::place::{Reader, Service};
use crate::system::trace::{Entry, Trace, What};

/// A track: a process and a thread in Perfetto's words.
type Track = (usize, usize);

const CLIENTS: usize = 1;
const SERVICES: usize = 2;
const LOG: usize = 3;
/// The first reader's process; the others follow.
const READERS: usize = 4;

/// The run as one JSON object.
pub fn timeline(lab: &Lab, trace: Trace<'_>, metrics: &Metrics) -> String {
    let mut spans = Spans::default();
    let mut marks = Vec::with_capacity(trace.len());
    for (index, entry) in trace.iter().enumerate() {
        spans.take(lab, &entry);
        let (pid, tid) = track(lab, entry.what);
        let line = log::line(lab, &entry, trace.part(..index));
        let event = line.event.map(|event| event.to_string());
        let args = json!({ "step": line.step, "event": event, "of": line.of.map(|of| of.to_string()) });
        marks.push(json!({
            "name": line.text, "cat": format!("{:?}", line.tone).to_lowercase(), "ph": "i", "s": "t",
            "ts": entry.at.0, "pid": pid, "tid": tid, "args": args,
        }));
    }
    let mut events = names(trace);
    events.append(&mut spans.done);
    events.append(&mut marks);
    events.extend(counters(trace, metrics));
    let lines: Vec<String> = events.iter().map(Value::to_string).collect();
    format!("{{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n{}\n]}}\n", lines.join(",\n"))
}

/// Where a thing happens.
fn track(lab: &Lab, what: What) -> Track {
    let service = |of| (SERVICES, Service::of(of).index() + 1);
    if let Some(one) = what.delivered().filter(|_| !matches!(what, What::Sent(_))) {
        return (READERS + one.reader.index(), usize::from(one.instance) + 1);
    }
    match what {
        What::CommandSent { .. } | What::Answered { .. } => (CLIENTS, 1),
        What::CommandRefused { of, .. } | What::Committed { of, .. } => service(of),
        What::Published { event, .. } | What::PublicationLost { event, .. } | What::Acknowledged { event } => {
            service(lab.world().store().event(event).recorded.of)
        }
        What::Saved { reader, .. } | What::Broken { reader, .. } => (READERS + reader.index(), 1),
        What::Restarted { reader, instance } | What::Assigned { reader, instance, .. } => {
            (READERS + reader.index(), usize::from(instance) + 1)
        }
        _ => (LOG, 1),
    }
}

/// Names for the tracks that occur.
fn names(trace: Trace<'_>) -> Vec<Value> {
    let name = |kind: &str, (pid, tid): Track, name: String| json!({ "name": kind, "ph": "M", "pid": pid, "tid": tid, "args": { "name": name } });
    let mut names = vec![
        name("process_name", (CLIENTS, 0), "clients".to_owned()),
        name("process_name", (SERVICES, 0), "command side".to_owned()),
        name("process_name", (LOG, 0), "log".to_owned()),
    ];
    for service in Service::ALL {
        names.push(name("thread_name", (SERVICES, service.index() + 1), service.to_string()));
    }
    for (reader, instances) in instances(trace) {
        let pid = READERS + reader.index();
        names.push(name("process_name", (pid, 0), reader.to_string()));
        for number in 0..instances {
            names.push(name("thread_name", (pid, usize::from(number) + 1), words::instance(reader, number)));
        }
    }
    names
}

/// The readers that were sent anything, and how many instances of each.
fn instances(trace: Trace<'_>) -> BTreeMap<Reader, u8> {
    let mut instances = BTreeMap::new();
    for one in trace.iter().filter_map(|entry| entry.what.delivered()) {
        let count = instances.entry(one.reader).or_insert(0);
        *count = one.instance.saturating_add(1).max(*count);
    }
    instances
}

fn counters<'a>(trace: Trace<'_>, metrics: &'a Metrics) -> impl Iterator<Item = Value> + use<'a> {
    let readers = instances(trace);
    metrics.samples.iter().flat_map(move |sample| {
        let of = |reader: &Reader| {
            let one = &sample.readers[reader.index()];
            json!({
                "name": "lag", "ph": "C", "ts": sample.at.0, "pid": READERS + reader.index(), "tid": 0,
                "args": { "events": one.lag_events, "ms": one.lag.as_millis() },
            })
        };
        readers.keys().map(of).collect::<Vec<_>>()
    })
}

/// What has a beginning and an end.
#[derive(Default)]
struct Spans {
    commands: BTreeMap<CommandId, Micros>,
    deliveries: BTreeMap<(usize, u32, u16), Micros>,
    done: Vec<Value>,
}

impl Spans {
    fn take(&mut self, lab: &Lab, entry: &Entry) {
        match entry.what {
            What::CommandSent { command, .. } => drop(self.commands.insert(command, entry.at)),
            What::Answered { command } => {
                if let Some(from) = self.commands.remove(&command) {
                    let id = format!("command {}", words::command_name(command));
                    self.span(&id, &id, "command", (CLIENTS, 1), (from, entry.at));
                }
            }
            What::Sent(one) | What::DeliveryDoubled(one) => drop(self.deliveries.insert(key(one), entry.at)),
            What::Applied { delivered: one, .. }
            | What::Skipped { delivered: one, .. }
            | What::HeldForGap { delivered: one, .. }
            | What::Crashed { delivered: one, .. }
            | What::Discarded(one)
            | What::Fenced(one) => {
                // A held event is applied later, by a delivery that has ended already.
                if let Some(from) = self.deliveries.remove(&key(one)) {
                    let name = format!("{}, delivery {}", words::named(lab, one.event), one.attempt);
                    let id = format!("{} {} {}", one.reader.name(), one.event, one.attempt);
                    let track = (READERS + one.reader.index(), usize::from(one.instance) + 1);
                    self.span(&name, &id, "delivery", track, (from, entry.at));
                }
            }
            _ => {}
        }
    }

    /// An asynchronous span: many may overlap on one track.
    fn span(&mut self, name: &str, id: &str, kind: &str, (pid, tid): Track, (from, to): (Micros, Micros)) {
        for (phase, at) in [("b", from), ("e", to)] {
            self.done
                .push(json!({ "name": name, "cat": kind, "ph": phase, "id": id, "ts": at.0, "pid": pid, "tid": tid }));
        }
    }
}

fn key(one: Delivered) -> (usize, u32, u16) {
    (one.reader.index(), one.event.0, one.attempt)
}
