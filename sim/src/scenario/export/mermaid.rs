//! A sequence diagram for slides.

use crate::view::{log, words};
use core::fmt::Write as _;
use std::collections::BTreeMap;

use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CommandId, EventId};
use crate::system::back_office;
use crate::system::delivery::Delivered;
use crate::system::place::{Reader, Service};
use crate::system::trace::{Entry, Trace, What};
use crate::view::words::{delivery, instance};

/// Lines of a diagram at most: no slide holds more, and viewers refuse very long texts.
const LINES_MAX: usize = 500;

/// The messages of the run, from top to bottom.
pub fn diagram(lab: &Lab, trace: Trace<'_>) -> String {
    let mut text = String::from("sequenceDiagram\n");
    for (id, name) in participants(trace) {
        // Writing to a text does not fail.
        let _ = writeln!(text, "    participant {id} as {name}");
    }
    let asked = asked(trace);
    let lines = trace.iter().enumerate().filter_map(|(index, entry)| line(lab, &entry, trace.part(..index), &asked));
    let lines: Vec<String> = lines.collect();
    for line in lines.iter().take(LINES_MAX) {
        let _ = writeln!(text, "    {line}");
    }
    if lines.len() > LINES_MAX {
        let _ = writeln!(text, "    Note over log: the first {LINES_MAX} of {} lines", lines.len());
    }
    text
}

/// Whom each command was sent to.
fn asked(trace: Trace<'_>) -> BTreeMap<CommandId, Aggregate> {
    let sent = trace.iter().filter_map(|entry| match entry.what {
        What::CommandSent { command, of, .. } => Some((command, of)),
        _ => None,
    });
    sent.collect()
}

/// Whoever takes part, from left to right as on the stage.
fn participants(trace: Trace<'_>) -> Vec<(String, String)> {
    let sent_by = |office: bool| {
        let by = |entry: Entry| matches!(entry.what, What::CommandSent { command, .. } if back_office::sent(command) == office);
        trace.iter().any(by)
    };
    let mut all = Vec::new();
    for (office, id, name) in [(false, "shopper", "Shopper"), (true, "office", "Back office")] {
        if sent_by(office) {
            all.push((id.to_owned(), name.to_owned()));
        }
    }
    for service in Service::ALL {
        let owns = |entry: Entry| matches!(entry.what, What::CommandSent { of, .. } if Service::of(of) == service);
        if trace.iter().any(owns) {
            all.push((service_id(service).to_owned(), capital(&service.to_string())));
        }
    }
    all.push(("log".to_owned(), "Log".to_owned()));
    for reader in Reader::ALL {
        let deliveries = trace.iter().filter_map(|entry| entry.what.delivered()).filter(|one| one.reader == reader);
        let Some(most) = deliveries.map(|one| one.instance).max() else { continue };
        all.extend((0..=most).map(|number| (instance_id(reader, number), capital(&instance(reader, number)))));
    }
    all
}

const fn service_id(service: Service) -> &'static str {
    match service {
        Service::Orders => "orders",
        Service::Products => "products",
        Service::Customers => "customers",
    }
}

fn instance_id(reader: Reader, number: u8) -> String {
    format!("{}_{}", reader.name(), number + 1)
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn line(lab: &Lab, entry: &Entry, before: Trace<'_>, asked: &BTreeMap<CommandId, Aggregate>) -> Option<String> {
    let told = || log::line(lab, entry, before).text;
    let publisher = |event: EventId| service_id(Service::of(lab.world().store().event(event).recorded.of));
    let at = |one: Delivered| instance_id(one.reader, one.instance);
    Some(match entry.what {
        What::CommandSent { command, of, name } => {
            format!("{}->>{}: {} {name} for {of}", sender(command), owner(of), words::command_name(command))
        }
        What::CommandRefused { of, .. } => format!("Note over {}: {}", owner(of), safe(&told())),
        What::Committed { event, of, .. } => {
            format!("Note over {}: {} is committed", owner(of), words::named(lab, event))
        }
        What::Answered { command } => {
            let asked = *asked.get(&command)?;
            format!("{}-->>{}: answer to {}", owner(asked), sender(command), words::command_name(command))
        }
        What::PublicationLost { event, .. } => format!("{}-xlog: {event} is lost", publisher(event)),
        What::Appended { event, partition, offset } => {
            format!("{}->>log: {event} to {partition}, offset {offset}", publisher(event))
        }
        What::Acknowledged { event } => format!("log-->>{}: has {event}", publisher(event)),
        What::DeliveryLost(one) => format!("log-x{}: {} is lost", at(one), delivery(one)),
        What::Arrived(one) => format!("log->>{}: {}", at(one), delivery(one)),
        What::Applied { delivered, .. } => format!("Note over {}: applies {}", at(delivered), delivery(delivered)),
        What::Skipped { delivered, .. } | What::HeldForGap { delivered, .. } | What::Crashed { delivered, .. } => {
            format!("Note over {}: {}", at(delivered), safe(&told()))
        }
        What::Broken { reader, .. } => format!("Note over {}: {}", instance_id(reader, 0), safe(&told())),
        What::Restarted { reader, instance } => format!("Note over {}: is up again", instance_id(reader, instance)),
        _ => return None,
    })
}

fn sender(command: CommandId) -> &'static str {
    if back_office::sent(command) { "office" } else { "shopper" }
}

const fn owner(of: Aggregate) -> &'static str {
    service_id(Service::of(of))
}

/// A semicolon or a number sign would end the line or begin an entity.
fn safe(text: &str) -> String {
    text.replace(';', ",").replace('#', "no. ")
}
