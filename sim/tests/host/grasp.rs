//! Whatever is on the stage can be taken hold of, and everything that is offered then can be done.

use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::scenario::presets::PRESETS;
use sim::scenario::recording::Recording;
use sim::system::hands::{Hand, NodeAct};
use sim::system::node::Node;
use sim::system::place::Service;
use sim::system::trace::What;
use sim::view::grasp::{Deed, Thing, grasp, held, slowed, told};
use sim::view::stage::{flights, stage};

const LASTS: Micros = Micros::from_secs(2);

fn history(slug: &str) -> History<Lab> {
    let preset = PRESETS.iter().find(|preset| preset.slug == slug).expect("a preset");
    let recording = Recording::from_json(preset.json).expect("it can be read");
    let mut history = History::new(&recording.scenario, recording.changes);
    history.run_ahead(20_000);
    history
}

fn things(lab: &Lab) -> Vec<Thing> {
    let (standing, moving) = (stage(lab), flights(lab));
    let messages = moving.iter().map(|flight| Thing::Flight(flight.id));
    let places = standing.nodes.iter().map(|node| Thing::Place(node.place));
    let links = moving.iter().map(|flight| Thing::Link(flight.from, flight.to));
    messages.chain(places).chain(links).collect()
}

/// Does what is offered, at the moment that is looked at, and says whether it was there to be done.
fn done(history: &mut History<Lab>, deed: &Deed) -> bool {
    let before = history.changes().len();
    match deed {
        Deed::Hands(hands) => hands.iter().for_each(|hand| history.change_here(Change::Hand(*hand))),
        Deed::ReplayParked(node) => history.change_here(Change::ReplayParked(*node)),
        Deed::Slow(node, tenths) => {
            let options = slowed(history.machine().world().options(), *node, *tenths).expect("it has a pace");
            history.change_here(Change::Options(Box::new(options)));
        }
    }
    history.run_ahead(2_000);
    assert!(history.changes().len() > before);
    !history.trace().iter().any(|entry| matches!(entry.what, What::HandMissed(_)))
}

#[test]
fn everything_that_is_offered_can_be_done() {
    for slug in ["first-minute", "saga", "rebuild"] {
        let Some(preset) = PRESETS.iter().find(|preset| preset.slug == slug) else { continue };
        let mut seen = history(preset.slug);
        seen.seek_time(Micros::from_secs(3));
        for thing in things(seen.machine()) {
            // The way between parts of one service is no link that hands can cut.
            let Some(found) = grasp(seen.machine(), thing, LASTS) else { continue };
            for offer in found.offers {
                let mut run = history(preset.slug);
                run.seek_time(Micros::from_secs(3));
                assert!(done(&mut run, &offer.deed), "{slug}: {} of {}", offer.label, found.title);
                assert!(told(&offer.deed).starts_with("you "), "{}", told(&offer.deed));
            }
        }
    }
}

#[test]
fn what_is_held_is_listed_and_released() {
    let mut run = history("first-minute");
    run.seek_time(Micros::from_secs(3));
    let hold = flights(run.machine()).iter().find_map(|flight| {
        let found = grasp(run.machine(), Thing::Flight(flight.id), LASTS)?;
        found.offers.into_iter().find(|offer| offer.label == "Hold")
    });
    assert!(done(&mut run, &hold.expect("something is on its way").deed));
    let (which, _) = held(run.machine()).first().cloned().expect("it is held");
    let found = grasp(run.machine(), Thing::Held(which), LASTS).expect("it is there");
    assert!(done(&mut run, &found.offers[0].deed));
    assert_eq!((held(run.machine()), grasp(run.machine(), Thing::Held(which), LASTS)), (Vec::new(), None));
}

/// Nobody will be there when it arrives, unless a hand keeps it until then.
#[test]
fn what_goes_to_a_node_that_is_down_can_still_be_held() {
    let mut history = history("first-minute");
    let which = Node::Service(Service::Orders);
    let sent =
        history.trace().iter().find(|entry| matches!(entry.what, What::CommandSent { .. })).expect("one is sent");
    history.seek_step(u64::from(sent.step));
    history.change_here(Change::Hand(Hand::Node { which, act: NodeAct::Crash { lasts: LASTS } }));
    let lost = flights(history.machine()).into_iter().find(|flight| flight.lost).expect("it comes to nobody");
    let held = grasp(history.machine(), Thing::Flight(lost.id), LASTS).expect("it is there");
    assert!(held.facts.iter().any(|fact| fact.value == "nobody will be there to take it"), "{:?}", held.facts);
    let offer = held.offers.iter().find(|offer| offer.label == "Hold").expect("it can be held");
    assert!(done(&mut history, &offer.deed));
}
