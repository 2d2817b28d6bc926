//! Why a copy of a read model shows what it does: how old it is, where the newer state is, and whether the model itself is behind.

use crate::kernel::sorting::sort_by_key;
use crate::kernel::time::Micros;
use crate::oracle::judgement::Freshness;
use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::system::consumer::target::Target as _;
use crate::system::edges::edge_id::EdgeId;
use crate::system::edges::edging::Edging;
use crate::system::hands::Hand;
use crate::system::node::Node;
use crate::system::place::{Model, Reader};
use crate::system::queries::keeper::Keeper;
use crate::system::queries::message::QueryTask;
use crate::system::queries::reading::Reading;
use crate::system::query_side::api::replicas::Followed;
use crate::system::task::Task;
use crate::system::trace::{Entry, Trace, What};
use crate::view::words;

use super::holders::Spot;
use super::ledger::{Cell, Shown};
use crate::view::words::clock;

/// After a change of the model one state may be on its way already, and the next one has the change.
const RENEWALS: usize = 2;

/// Does a copy of some model get a newer state here?
pub fn is_renewal(what: &What, keeper: Keeper) -> bool {
    renewed(what, keeper).is_some()
}

fn renewed(what: &What, keeper: Keeper) -> Option<Model> {
    match (*what, keeper) {
        (What::Edge(Edging::Followed { model, edge }), Keeper::Edge(mine)) if edge == mine => Some(model),
        (What::Reading(Reading::ReplicaFollowed { model, replica }), Keeper::Replica(mine)) if replica == mine => {
            Some(model)
        }
        _ => None,
    }
}

/// Adds to what happened to a model what happened to the copy of it: the states that brought these changes, and the last one;
/// and what kept states from it.
pub fn add_its_way(told: &mut Vec<(usize, Entry)>, trace: Trace<'_>, reader: Reader, keeper: Keeper) {
    let Some(model) = reader.keeps() else { return };
    let changes: Vec<usize> = told.iter().map(|(index, _)| *index).collect();
    let (mut due, mut last, mut is_cut) = (0, None, false);
    for (index, entry) in trace.iter().enumerate() {
        if changes.binary_search(&index).is_ok() {
            due = RENEWALS;
        }
        if renewed(&entry.what, keeper) == Some(model) {
            (last, is_cut) = (Some((index, entry)), false);
            if due > 0 {
                told.push((index, entry));
                due -= 1;
            }
        } else if let Some(edge) = keeper.edge() {
            let is_lost = entry.what == What::Edge(Edging::CopyCut { model, edge });
            // While a link is cut, one loss after the other says nothing new.
            if is_lost && !core::mem::replace(&mut is_cut, true) || strikes(&entry.what, edge) {
                told.push((index, entry));
            }
        }
    }
    told.extend(last);
    sort_by_key(told, |(index, _)| *index);
    told.dedup_by_key(|(index, _)| *index);
}

/// Does this happen to an edge, or to its link from the origin?
fn strikes(what: &What, edge: EdgeId) -> bool {
    let mine = Node::Edge(edge);
    match *what {
        What::Edge(Edging::Failed { edge: one, .. }) => one == edge,
        What::NodeBack(node) | What::ByHand(Hand::Node { which: node, .. }) => node == mine,
        What::ByHand(Hand::Link { from: Node::Origin, to, .. }) => to == mine,
        _ => false,
    }
}

fn followed(lab: &Lab, cell: Cell, keeper: Keeper) -> Option<Followed> {
    let model = cell.reader().model()?;
    lab.world().reads().api.followed().find(|copy| (copy.model, copy.keeper) == (model, keeper))
}

/// The answer for a cell of a copy; none for a cell of what serves, or of a version beside it.
pub fn answer(lab: &Lab, spot: Spot, shown: &Shown) -> Option<String> {
    let copy = followed(lab, spot.cell, spot.holder.keeper()?)?;
    let (served, model, holder) = (spot.cell.shown(lab), copy.model, spot.holder);
    let age = copy.at.map(|at| lab.world().now().since(at));
    let is_old = match age {
        Some(age) => format!("The copy at {holder} is {age} old."),
        // What is written past the projection is no reason to send a newer state.
        None => "What is written into it by hand comes to its copies with the next event that it applies.".to_owned(),
    };
    Some(match (shown.freshness, served.freshness) {
        (Freshness::Fresh, Freshness::Fresh) => "It is true now.".to_owned(),
        (Freshness::Fresh, _) => format!("It is true now, though the {model} itself shows {}.", served.text),
        (Freshness::Stale, Freshness::Fresh) => {
            format!("The {model} itself shows what is true: its projection is not behind here. {is_old}")
        }
        (Freshness::Wrong, Freshness::Fresh) => {
            format!("The {model} was wrong and shows by now what is true. {is_old}")
        }
        (Freshness::Stale, _) if served.text == shown.text => {
            format!("The {model} shows the same: it is behind itself, not its copy at {holder}.")
        }
        (Freshness::Wrong, _) if served.text == shown.text => {
            format!("The {model} is wrong in the same way, and {holder} has copied it.")
        }
        (_, Freshness::Stale) => {
            format!("The {model} is behind too, though not so far: it shows {}. {is_old}", served.text)
        }
        (_, Freshness::Wrong) => format!("The {model} is wrong too: it shows {}. {is_old}", served.text),
    })
}

/// Where the newer state is that a copy has not got, and which events of these sources are in the model and not in the copy.
pub fn on_the_way(lab: &Lab, spot: Spot, sources: &[Aggregate]) -> Vec<String> {
    let found = spot.holder.keeper().and_then(|keeper| followed(lab, spot.cell, keeper));
    let Some(copy) = found.filter(|copy| copy.at.is_some()) else { return Vec::new() };
    let (world, model) = (lab.world(), copy.model);
    let api = &world.reads().api;
    let served = world.projector(model).follower.target();
    let (Some(has), coming) = (api.rows_of_copy(model, copy.keeper), api.rows_on_the_way(model, copy.keeper)) else {
        return Vec::new();
    };
    let mut places = vec![newer_state(lab, &copy, spot)];
    for of in sources {
        let lacks = has.row_version(*of) + 1..=served.row_version(*of);
        let stream = world.store().stream(*of).into_iter();
        for (event, committed) in stream.filter(|(_, committed)| lacks.contains(&committed.recorded.version)) {
            let comes = match coming.map(|rows| rows.row_version(*of) >= committed.recorded.version) {
                Some(true) => "comes with that state",
                Some(false) => "comes with the state after that",
                None => "not in the copy",
            };
            places.push(format!("{} is in the {model}, and {comes}", words::named(lab, event)));
        }
    }
    places
}

/// Where the newer state of a model is, seen from a copy that has not got it.
fn newer_state(lab: &Lab, copy: &Followed, spot: Spot) -> String {
    let (model, holder) = (copy.model, spot.holder);
    let due = |wanted: QueryTask| {
        let due = lab.world().agenda().in_order().into_iter().find_map(|(at, task)| match (task, &wanted) {
            (Task::Query(QueryTask::CopyArrives(one, to)), QueryTask::CopyArrives(..))
            | (Task::Query(QueryTask::CopyMissed(one, to)), QueryTask::CopyMissed(..)) => {
                ((*one, *to) == (model, copy.keeper)).then_some(at)
            }
            _ => None,
        });
        due.map(clock)
    };
    let edge = spot.holder.keeper().and_then(Keeper::edge);
    let node = edge.map(Node::Edge);
    let back = node.filter(|node| lab.world().is_stopped(*node)).map(|node| back_at(lab, node));
    let is_down = node.is_some_and(|node| lab.world().has_crashed(node));
    match (back, copy.left) {
        (Some(back), _) if is_down => {
            format!("{holder} is down{back}, and fetches the newer state of the {model} then")
        }
        (Some(back), _) => format!("{holder} is paused{back}, and takes in the newer state of the {model} then"),
        (None, Some(left)) => {
            let due =
                due(QueryTask::CopyArrives(model, copy.keeper)).map_or_else(String::new, |at| format!(", due at {at}"));
            format!("the state that the {model} had at {} is on its way to {holder}{due}", clock(left))
        }
        (None, None) if copy.is_lost => {
            let again =
                due(QueryTask::CopyMissed(model, copy.keeper)).map_or_else(String::new, |at| format!(" at {at}"));
            let cut = if edge.is_some_and(|edge| is_cut_off(lab, edge)) { "is cut" } else { "was cut" };
            format!(
                "the link from the origin to {holder} {cut}: the newer state of the {model} was lost, and is sent again{again}"
            )
        }
        (None, None) => format!("the newer state of the {model} is about to leave for {holder}"),
    }
}

/// Until when a node does nothing.
fn back_at(lab: &Lab, node: Node) -> String {
    let tasks = lab.world().agenda().in_order();
    // Of several stops the last one counts.
    let back = tasks.iter().rev().find(|(_, task)| matches!(task, Task::NodeBack(one, _) if *one == node));
    back.map_or_else(String::new, |(at, _): &(Micros, _)| format!(" until {}", clock(*at)))
}

fn is_cut_off(lab: &Lab, edge: EdgeId) -> bool {
    let world = lab.world();
    world.faults_are_on() && world.options().network.is_cut(Node::Origin, Node::Edge(edge), world.now())
}
