//! The query side on the stage: who asks, the query API with its cache and its read replicas, and queries with their answers.
//!
//! What the command side answers is asked for from where commands are sent; everything else is asked of the query API.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::OrderId;
use crate::system::edges::edge_id::EdgeId;
use crate::system::edges::load::Load;
use crate::system::edges::{EdgeTask, Leg};
use crate::system::options::{Contract, RightsFrom, SessionLevel, TooOld};
use crate::system::place::{Model, Place, Service};
use crate::system::queries::composer::composes;
use crate::system::queries::doorkeeper::DoorTask;
use crate::system::queries::keeper::Keeper;
use crate::system::queries::message::{Asked, Errand, Outcome, QueryTask, Reply};
use crate::system::queries::question::{OrderSort, Query};
use crate::system::queries::reads::is_for_the_write_side;
use crate::system::task::Task;
use crate::view::stage::node;

use super::places::target_of;
use super::{Flight, FlightKind, Mark, MarkKind, Mood, Node, composing};
use crate::view::stage::flight::{flight_id, plain};
use crate::view::words::plural;

/// More lines than this between read models and their replicas are a thicket.
const COPY_LINES_MAX: usize = 8;

/// Is there anything to ask the query API for?
fn takes_part(lab: &Lab) -> bool {
    let queries = &lab.world().options().queries;
    let by_hand = || lab.world().reads().clients.asked() > 0;
    (queries.are_asked() && !is_all_composed(lab)) || (by_hand() && !queries.are_asked())
}

/// Is every query of the workload answered by the gateway?
fn is_all_composed(lab: &Lab) -> bool {
    let queries = &lab.world().options().queries;
    let composed = |query: &Query| composes(query, queries.composition.as_ref());
    let (mix, order) = (queries.stream.mix, OrderId(1));
    let of_customer = Query::Orders { status: None, customer: Some(Default::default()), sort: OrderSort::Number };
    let page = composed(&Query::Page { order });
    let from_models = mix.order > 0 || mix.history > 0 || mix.products > 0 || mix.work > 0;
    let streamed = !from_models && (mix.orders == 0 || composed(&of_customer)) && (mix.page == 0 || page);
    let looked = &queries.read_after_write;
    (queries.stream.count == 0 || streamed)
        && (looked.likely.ppm() == 0 || (looked.page && page))
        && queries.walks.iter().all(|walk| composed(&walk.ask))
        && queries.script.iter().all(|line| composed(&line.ask))
}

/// The read models that are asked: the version of each that serves.
fn asked_models(lab: &Lab) -> impl Iterator<Item = Place> {
    let world = lab.world();
    let asked = [Model::OrderView, Model::CustomerOrderHistory, Model::ProductSearch, Model::OrderWorkQueue];
    let serving = asked.into_iter().map(|model| world.versions(model).serving());
    serving.filter(|reader| world.takes_part(*reader)).map(target_of)
}

/// The parts of the query side that come after the read models.
pub fn nodes(lab: &Lab) -> Vec<Node> {
    if !takes_part(lab) {
        return Vec::new();
    }
    let (world, queries) = (lab.world(), &lab.world().options().queries);
    let reads = world.reads();
    let asked = plural(reads.clients.asked(), "query");
    let waiting = format!("{} without answer", reads.clients.unanswered());
    let mut nodes = vec![api(lab)];
    if world.edges() == 0 {
        nodes.push(node::plain(Place::QueryClients, "Query clients", vec![asked, waiting]));
    }
    if let Some(cache) = &queries.cache {
        let lines = vec![plural(reads.api.cached(world.now()), "answer"), format!("each for {}", cache.ttl)];
        nodes.push(node::plain(Place::Cache, "Cache", lines));
    }
    nodes.extend((1..=queries.replicas.count).map(|number| replica(lab, number)));
    nodes
}

fn api(lab: &Lab) -> Node {
    let (world, queries) = (lab.world(), &lab.world().options().queries);
    let consistency = &queries.consistency;
    let contract = match (consistency.contract, consistency.session) {
        (Contract::Eventual, SessionLevel::Eventual) => "answers at once".to_owned(),
        (Contract::Eventual, SessionLevel::Session) => "by session".to_owned(),
        (Contract::Eventual, SessionLevel::Strong) => "strong reads".to_owned(),
        (Contract::ReadAfterWrite, _) => "own writes first".to_owned(),
        (Contract::BoundedStaleness { bound, .. }, _) => format!("up to {bound}"),
        (Contract::Pending, _) => "tells pending".to_owned(),
        (Contract::CatchUpToken { .. }, _) => "catch-up token".to_owned(),
        (Contract::CommandSideRead, _) => "lists only".to_owned(),
    };
    let reads = world.reads();
    let kept = reads.api.kept();
    let mut marks = Vec::new();
    if kept > 0 {
        marks.push(Mark { kind: MarkKind::Waiting, text: format!("{kept} waiting") });
    }
    if reads.door.waiting() > 0 {
        marks.push(Mark { kind: MarkKind::Waiting, text: format!("{} ask for rights", reads.door.waiting()) });
    }
    let lines = vec![contract, format!("{} in hand", reads.api.waiting())];
    Node { marks, ..node::plain(Place::QueryApi, "Query API", lines) }
}

/// A read replica. It is as old as the oldest of its copies.
fn replica(lab: &Lab, number: u8) -> Node {
    let world = lab.world();
    let copies = world.reads().api.followed().filter(|one| one.keeper == Keeper::Replica(number));
    let oldest = copies.filter_map(|one| one.at).min();
    let (line, mood) = match oldest {
        Some(at) => (format!("{} behind", world.now().since(at)), Mood::Stale),
        None => ("up to date".to_owned(), Mood::Fine),
    };
    Node { mood, ..node::plain(Place::ReadReplica(number), &format!("Replica {number}"), vec![line]) }
}

/// Adds the ways of queries, answers and copies.
pub fn ways(lab: &Lab, ways: &mut Vec<(Place, Place)>) {
    let mut add = |from, to| {
        if !ways.contains(&(from, to)) {
            ways.push((from, to));
        }
    };
    let queries = &lab.world().options().queries;
    let direct = queries.are_asked() && queries.consistency.contract == Contract::CommandSideRead;
    // With edges there is one address for everything: clients ask these, and they ask the origin.
    let edges: Vec<Place> = (1..=lab.world().edges()).map(|number| Place::Edge(EdgeId(number))).collect();
    let clients = |alone| if edges.is_empty() { vec![alone] } else { edges.clone() };
    if composing::takes_part(lab) {
        clients(Place::Shopper).into_iter().for_each(|from| add(from, Place::Gateway));
    }
    if direct {
        clients(Place::Shopper).into_iter().for_each(|from| add(from, Place::Handler));
    }
    if !takes_part(lab) {
        return;
    }
    clients(Place::QueryClients).into_iter().for_each(|from| add(from, Place::QueryApi));
    asked_models(lab).for_each(|model| add(model, Place::QueryApi));
    if queries.cache.is_some() {
        add(Place::QueryApi, Place::Cache);
        clients(Place::QueryClients).into_iter().for_each(|to| add(Place::Cache, to));
    }
    let copies = usize::from(queries.replicas.count) * asked_models(lab).count();
    for number in 1..=queries.replicas.count {
        clients(Place::QueryClients).into_iter().for_each(|to| add(Place::ReadReplica(number), to));
        if copies <= COPY_LINES_MAX {
            asked_models(lab).for_each(|model| add(model, Place::ReadReplica(number)));
        }
    }
    if asks_write_side(lab) {
        add(Place::QueryApi, Place::Handler);
    }
    let from_source = queries.access.as_ref().is_some_and(|access| access.rights == RightsFrom::Source);
    if from_source && lab.world().has_owners() {
        add(Place::QueryApi, Place::Owner(Service::Customers));
    }
}

/// Does the query API ask the Order Service for some queries?
fn asks_write_side(lab: &Lab) -> bool {
    let consistency = &lab.world().options().queries.consistency;
    let redirects = matches!(consistency.contract, Contract::BoundedStaleness { otherwise: TooOld::Redirect, .. });
    consistency.fallback || consistency.session == SessionLevel::Strong || redirects
}

/// The flight of a query, an answer, or a copy.
pub fn flight(lab: &Lab, due: Micros, task: &Task) -> Option<Flight> {
    match task {
        Task::Query(QueryTask::Arrives(asked)) => {
            let (from, to) = way_of(lab, asked);
            Some(Flight { from, to, ..query(due, asked, 16) })
        }
        Task::Query(QueryTask::Vanishes(asked)) => {
            let (from, to) = way_of(lab, asked);
            Some(Flight { from, to, lost: true, ..query(due, asked, 16) })
        }
        Task::Query(QueryTask::Answers(reply)) => Some(answer(lab, due, reply)),
        Task::Query(QueryTask::AnswerVanishes(reply)) => Some(Flight { lost: true, ..answer(lab, due, reply) }),
        Task::Query(QueryTask::WriteSideAsked(asked, errand)) if *errand != Errand::Direct => {
            let (from, to) = (Place::QueryApi, Place::Handler);
            Some(Flight { from, to, ..query(due, asked, 18) })
        }
        Task::Query(QueryTask::PositionKnown(asked)) => {
            let (from, to) = (Place::Handler, Place::QueryApi);
            Some(Flight { kind: FlightKind::Reply, from, to, ..query(due, asked, 19) })
        }
        Task::Query(QueryTask::CopyArrives(model, keeper)) => copy(lab, due, *model, *keeper),
        Task::Query(QueryTask::Compose(task)) => composing::flight(lab, due, task),
        Task::Door(DoorTask::Arrives(asked)) if lab.world().has_owners() => {
            let (from, to) = (Place::QueryApi, Place::Owner(Service::Customers));
            Some(Flight { from, to, ..query(due, asked, 20) })
        }
        Task::Door(DoorTask::Replies(asked)) if lab.world().has_owners() => {
            let (from, to) = (Place::Owner(Service::Customers), Place::QueryApi);
            Some(Flight { kind: FlightKind::Reply, from, to, ..query(due, asked, 21) })
        }
        _ => None,
    }
}

/// Where a query comes from, and where it goes.
fn way_of(lab: &Lab, asked: &Asked) -> (Place, Place) {
    let queries = &lab.world().options().queries;
    let (from, to) = if composes(&asked.query, queries.composition.as_ref()) {
        (Place::Shopper, Place::Gateway)
    } else if is_for_the_write_side(asked, lab.world().options()) {
        (Place::Shopper, Place::Handler)
    } else {
        (Place::QueryClients, Place::QueryApi)
    };
    (asked.edge.map_or(from, Place::Edge), to)
}

/// A query on its way to an edge, or an answer on its way back there; and either where it is lost on its way by an edge.
pub fn at_edge(lab: &Lab, due: Micros, task: &EdgeTask) -> Option<Flight> {
    match task {
        EdgeTask::Vanishes(load, edge, leg) => lost_by_edge(lab, due, load, *edge, *leg),
        EdgeTask::CopyVanishes(model, edge, sent) => copy_vanishes(lab, due, *model, *edge, *sent),
        EdgeTask::Reaches(Load::Query(asked), edge) => {
            let (from, to) = (Place::Shopper, Place::Edge(*edge));
            Some(Flight { from, to, ..query(due, asked, 23) })
        }
        EdgeTask::Returns(Load::Reply(reply), edge) => {
            let (kind, from, to) = (FlightKind::Reply, had_by(reply), Place::Edge(*edge));
            Some(Flight { kind, from, to, ..query(due, &reply.asked, 24) })
        }
        _ => None,
    }
}

/// What is lost on one leg of its way looks until then like what arrives.
fn lost_by_edge(lab: &Lab, due: Micros, load: &Load, edge: EdgeId, leg: Leg) -> Option<Flight> {
    let flight = match (load, leg) {
        (Load::Query(_), Leg::ToEdge) => at_edge(lab, due, &EdgeTask::Reaches(load.clone(), edge)),
        (Load::Reply(_), Leg::FromOrigin) => at_edge(lab, due, &EdgeTask::Returns(load.clone(), edge)),
        (Load::Query(_), Leg::ToOrigin) | (Load::Reply(_), Leg::ToClient) => flight(lab, due, &load.clone().arrival()),
        _ => None,
    };
    flight.map(|flight| Flight { lost: true, ..flight })
}

/// A flight on behalf of a query; `number` tells its kinds apart.
fn query(due: Micros, asked: &Asked, number: u64) -> Flight {
    Flight {
        id: flight_id(number, asked.id.0, asked.attempt, 0),
        label: asked.id.to_string(),
        kind: FlightKind::Query,
        attempt: asked.attempt,
        sent: asked.left,
        of: about(asked),
        ..plain(due)
    }
}

/// What a query is about: one aggregate, or whoever asks.
fn about(asked: &Asked) -> Aggregate {
    asked.query.one().unwrap_or_else(|| asked.session.into())
}

/// An answer leaves from whoever had it: the cache, a replica, the write side, or the API for the primary.
fn answer(lab: &Lab, due: Micros, reply: &Reply) -> Flight {
    let asked = &reply.asked;
    let (from, to) = match (asked.edge, reply.errand) {
        (Some(edge), _) => (Place::Edge(edge), Place::Shopper),
        (None, Some(Errand::Composed | Errand::Direct)) => (had_by(reply), Place::Shopper),
        (None, _) => (had_by(reply), Place::QueryClients),
    };
    Flight {
        kind: FlightKind::Reply,
        from,
        to,
        sent: if asked.edge.is_some() { asked.left } else { reply.sent },
        refused: !gives_rows(reply),
        freshness: lab.answer_was(asked.id, asked.attempt),
        ..query(due, asked, 17)
    }
}

/// Who had an answer.
fn had_by(reply: &Reply) -> Place {
    match (reply.errand, reply.asked.keeper) {
        (Some(Errand::Composed), _) => Place::Gateway,
        (Some(_), _) => Place::Handler,
        (None, _) if reply.cached => Place::Cache,
        (None, Keeper::Replica(number)) if gives_rows(reply) => Place::ReadReplica(number),
        (None, Keeper::Edge(edge)) => Place::Edge(edge),
        (None, _) => Place::QueryApi,
    }
}

const fn gives_rows(reply: &Reply) -> bool {
    matches!(reply.outcome, Outcome::Rows | Outcome::Pending | Outcome::Partial)
}

/// A copy whose edge has crashed while it was on its way. A newer one may be under way by then, so it has a number of its own.
fn copy_vanishes(lab: &Lab, due: Micros, model: Model, edge: EdgeId, sent: Micros) -> Option<Flight> {
    let serving = lab.world().versions(model).serving();
    let moment = u32::try_from(sent.0 % u64::from(u32::MAX)).unwrap_or_default();
    lab.world().takes_part(serving).then(|| Flight {
        id: flight_id(25, moment, edge.0.into(), model.index() as u64),
        label: "copy".to_owned(),
        kind: FlightKind::Copy,
        from: target_of(serving),
        to: Place::Edge(edge),
        sent,
        lost: true,
        ..plain(due)
    })
}

/// The state of a read model on its way to a replica.
fn copy(lab: &Lab, due: Micros, model: Model, keeper: Keeper) -> Option<Flight> {
    let world = lab.world();
    let sent = world.reads().api.followed().find(|one| (one.model, one.keeper) == (model, keeper))?.left?;
    let to = match keeper {
        Keeper::Primary => return None,
        Keeper::Replica(number) => Place::ReadReplica(number),
        Keeper::Edge(edge) => Place::Edge(edge),
    };
    let serving = world.versions(model).serving();
    world.takes_part(serving).then(|| Flight {
        id: flight_id(22, u32::try_from(keeper.index()).unwrap_or_default(), 1, model.index() as u64),
        label: "copy".to_owned(),
        kind: FlightKind::Copy,
        from: target_of(serving),
        to,
        sent,
        ..plain(due)
    })
}
