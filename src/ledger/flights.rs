//! What is on its way, in words.

use leptos::prelude::*;
use sim::shop::money::grouped;
use sim::system::place::{Model, Place};
use sim::view::grasp::Thing;
use sim::view::stage::Flight;

use crate::desk::Desk;
use crate::hands::{send, take_from_list, waiting};
use crate::snapshot::Selection;
use crate::words::flight_name;
use sim::view::words::{clock, plural};

/// How many are listed: the soonest.
const LISTED: usize = 12;

/// The list of messages on their way, soonest first.
pub fn view(desk: Desk) -> AnyView {
    let soonest = move || desk.listed.with(|flights| flights[..flights.len().min(LISTED)].to_vec());
    let all = Memo::new(move |_| desk.listed.with(|flights| flights.len()));
    let none = Memo::new(move |_| all.get() == 0);
    let count = move || {
        let count = all.get();
        if count > LISTED { format!("showing {LISTED} of {}", grouped(count as u64)) } else { plural(count, "message") }
    };
    view! {
        <section class="flights" aria-label="In flight">
            <div class="overline">
                <h2>{move || if desk.twin.on.get() { "In flight in A" } else { "In flight" }}</h2>
                <span class="quiet">{count}</span>
            </div>
            <p class="quiet">{move || none.get().then_some("Nothing is on its way.")}</p>
            <table hidden=move || none.get()>
                // Its columns need no names to be seen: the room is the rows'.
                <colgroup><col class="flight-name" /><col /><col class="flight-due" /></colgroup>
                <thead>
                    <tr>{["message", "where", "due"].map(|name| view! { <th scope="col"><span class="heard">{name}</span></th> })}</tr>
                </thead>
                <tbody>
                    // A row stays while its message is on its way, so that it keeps the focus.
                    <For each=soonest key=|flight| (flight.id, flight.due, flight.lost) children=move |flight| row(desk, &flight) />
                </tbody>
            </table>
            {waiting::view(desk)}
            <p class="send-opener">{send::opener(desk)}</p>
        </section>
    }
    .into_any()
}

/// Where a place is, in one or two words.
fn place_name(place: Place) -> String {
    match place {
        Place::Shopper => "shopper".to_owned(),
        Place::BackOffice => "back office".to_owned(),
        Place::Handler => "handler".to_owned(),
        Place::Orders => "orders".to_owned(),
        Place::Outbox => "outbox".to_owned(),
        Place::Broker => "broker".to_owned(),
        Place::Partition(id) => format!("{} {}", id.topic, id.index),
        Place::Queue(reader) => format!("queue of {reader}"),
        Place::Owner(service) | Place::OwnerOutbox(service) => service.to_string(),
        Place::Second(model) => format!("{model}, second version"),
        Place::Replica(replica) => replica.to_string(),
        Place::Gateway => "gateway".to_owned(),
        Place::Saga => "saga".to_owned(),
        Place::Payments => "payments".to_owned(),
        Place::QueryClients => "query clients".to_owned(),
        Place::QueryApi => "query API".to_owned(),
        Place::Cache => "cache".to_owned(),
        Place::ReadReplica(number) => format!("read replica {number}"),
        Place::Edge(edge) => edge.to_string(),
        Place::Projector(Model::SalesDashboard, _) | Place::ReadModel(Model::SalesDashboard) => "dashboard".to_owned(),
        Place::Projector(model, _) | Place::ReadModel(model) => model.to_string(),
    }
}

fn row(desk: Desk, flight: &Flight) -> AnyView {
    let (of, event) = (flight.of, flight.event);
    let selected = move || desk.selection.get().is_some_and(|one| one.covers(Some(of), event));
    let id = flight.id;
    let select = move |press: leptos::ev::MouseEvent| {
        desk.select(Selection { of, event });
        take_from_list(desk, Thing::Flight(id), &press);
    };
    let (name, way) = (flight_name(flight), format!("{} → {}", place_name(flight.from), place_name(flight.to)));
    let due = if flight.lost { "lost".to_owned() } else { clock(flight.due) };
    view! {
        <tr class:selected=selected>
            <td><button type="button" class="cell-name" title=name.clone() aria-haspopup="dialog" on:click=select>{name.clone()}</button></td>
            <td title=way.clone()><span class="flight-way">{way.clone()}</span></td>
            <td class="number">{due}</td>
        </tr>
    }
    .into_any()
}
