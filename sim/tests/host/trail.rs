//! Correlation and causation (MISSION B1): whatever comes of an order's first command names that command, across services.

use crate::common::played;
use crate::common::shop::faulty_saga;
use serde_json::Value;
use sim::oracle::metrics::Metrics;
use sim::scenario::export::{Format, export};
use sim::shop::aggregate::Aggregate;
use sim::shop::command_name::CommandName;
use sim::shop::event::Event;
use sim::shop::ids::{CommandId, EventId, OrderId};
use sim::shop::product::event::ProductEvent;
use sim::system::trace::What;
use sim::view::grasp::{Thing, grasp};
use sim::view::stage::{FlightKind, flights};
use sim::view::trail;
use sim::view::words::command_name;

/// The order that an event is about, in whichever service.
fn order_of(event: &Event, of: Aggregate) -> Option<OrderId> {
    match event {
        Event::Product(
            ProductEvent::StockReserved { order, .. }
            | ProductEvent::StockReservationFailed { order, .. }
            | ProductEvent::StockReleased { order, .. },
        ) => Some(*order),
        _ => of.order(),
    }
}

#[test]
fn every_event_that_came_of_an_order_names_the_orders_first_command() {
    // So little stock that some orders are undone: rejecting and releasing belong to the same story.
    let history = played(&faulty_saga(7, 30));
    let (lab, store) = (history.frontier(), history.frontier().world().store());
    let (mut elsewhere, mut later) = (0, 0);
    for event in store.committed() {
        let committed = store.event(event);
        let Some(order) = order_of(&committed.recorded.event, committed.recorded.of) else { continue };
        let first = store.stream(order.into())[0].1.cause;
        assert_eq!(committed.correlation, first, "{event} about {order}");
        elsewhere += usize::from(committed.recorded.of != order.into());
        later += usize::from(committed.cause != first);
    }
    assert!(elsewhere > 20 && later > 40, "{elsewhere} in another service, {later} of another command");
    assert_eq!(trail::correlation_of(lab, EventId(1)), None, "the catalogue is nobody's story");
}

#[test]
fn a_command_of_the_saga_names_the_event_that_it_reacts_to() {
    let history = played(&faulty_saga(7, 30));
    let lab = history.frontier();
    let mut seen = 0;
    for entry in history.trace() {
        let What::CommandSent { command, of, name } = entry.what else { continue };
        let trail = trail::of_command(lab, command, of);
        match name {
            CommandName::ReserveStock | CommandName::ConfirmOrder | CommandName::ReleaseStock => {
                let cause = trail.causation.expect("the saga reacts to something");
                let committed = lab.world().store().event(cause);
                assert!(committed.at < entry.at, "{} was caused by {cause}", command_name(command));
                assert_eq!(committed.correlation, trail.correlation);
                seen += 1;
            }
            CommandName::CreateOrder => assert_eq!((trail.correlation, trail.causation), (command, None)),
            _ => {}
        }
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn exports_and_panels_tell_the_story() {
    let mut history = played(&faulty_saga(7, 30));
    let metrics = Metrics::of(history.frontier(), history.trace(), Default::default());
    let batch = export(Format::CloudEvents, history.frontier(), history.trace(), &metrics);
    let batch: Vec<Value> = serde_json::from_str(&batch).expect("a batch");
    let reserved = |event: &&Value| event["type"].as_str().is_some_and(|kind| kind.ends_with("StockReserved"));
    let one = batch.iter().find(reserved).expect("stock is reserved");
    let order: OrderId = serde_json::from_value(one["data"]["order"].clone()).expect("an order");
    let first = history.frontier().world().clients().began(order).map(command_name);
    assert_eq!(one["correlationid"].as_str().map(str::to_owned), first);
    assert!(one["causationid"].as_str().is_some_and(|command| command.starts_with('s')), "{one}");
    let lines = export(Format::JsonLines, history.frontier(), history.trace(), &metrics);
    assert!(lines.lines().any(|line| line.contains("StockReserved") && line.contains("\"correlation\":\"c")));

    // An answer carries its command's headers back.
    let mut answered = None;
    for step in 1..history.steps_known() {
        history.seek_step(step);
        let flying = flights(history.machine());
        answered = flying.into_iter().find(|one| one.kind == FlightKind::Answer && one.label.starts_with('c'));
        if answered.is_some() {
            break;
        }
    }
    let answer = answered.expect("an answer is on its way");
    let held = grasp(history.machine(), Thing::Flight(answer.id), Default::default()).expect("it is there");
    let said = held.facts.iter().find(|fact| fact.name == "correlation").map(|fact| fact.value.clone());
    let order = answer.of.order().expect("an order's command");
    assert_eq!(said, history.machine().world().clients().began(order).map(command_name));
    assert_ne!(said, Some(command_name(CommandId(0))));
}
