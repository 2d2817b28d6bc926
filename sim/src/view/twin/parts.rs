//! The parts of two stages: which of them are built otherwise, and which stand otherwise.

use crate::system::place::{Place, Replica, Service};
use crate::view::stage::{Mood, Node, Stage};

/// A part that differs between the two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartDifference {
    /// Which part.
    pub place: Place,
    /// Is it built otherwise, rather than only in another state?
    pub design: bool,
    /// What differs, in words.
    pub words: String,
}

/// The parts that differ between the stages of A and B. `paths` are the options that differ, such as
/// `projections.order_view.idempotency`.
pub fn differing_parts(a: &Stage, b: &Stage, paths: &[&str]) -> Vec<PartDifference> {
    let find = |stage: &Stage, place| stage.nodes.iter().find(|node| node.place == place).cloned();
    let only_b = b.nodes.iter().filter(|node| a.nodes.iter().all(|other| other.place != node.place));
    let parts = a.nodes.iter().chain(only_b).filter_map(|node| {
        let design = paths.iter().any(|path| builds(path, node.place));
        let words = match (find(a, node.place), find(b, node.place)) {
            (Some(a), Some(b)) => in_words(&a, &b),
            (Some(_), None) => Some("only A has it".to_owned()),
            (None, _) => Some("only B has it".to_owned()),
        };
        let words = match (words, design) {
            (Some(words), true) => format!("built otherwise; {words}"),
            (Some(words), false) => words,
            (None, true) => "built otherwise, in the same state".to_owned(),
            (None, false) => return None,
        };
        Some(PartDifference { place: node.place, design, words })
    });
    let broker = paths.iter().any(|path| path.starts_with("broker"));
    let broker =
        broker.then(|| PartDifference { place: Place::Broker, design: true, words: "built otherwise".to_owned() });
    parts.chain(broker).collect()
}

/// How two states of a part differ, if they do.
fn in_words(a: &Node, b: &Node) -> Option<String> {
    let said = |node: &Node| {
        let mood = word(node.mood).map(str::to_owned);
        mood.into_iter()
            .chain(node.lines.iter().cloned())
            .chain(node.marks.iter().map(|mark| mark.text.clone()))
            .collect()
    };
    let (in_a, in_b): (Vec<String>, Vec<String>) = (said(a), said(b));
    let only = |these: &[String], those: &[String]| {
        let only: Vec<&str> = these.iter().filter(|one| !those.contains(one)).map(String::as_str).collect();
        if only.is_empty() { "nothing of that".to_owned() } else { only.join(", ") }
    };
    (in_a != in_b).then(|| format!("in A {}; in B {}", only(&in_a, &in_b), only(&in_b, &in_a)))
}

const fn word(mood: Mood) -> Option<&'static str> {
    match mood {
        Mood::Fine => None,
        Mood::Stale => Some("stale"),
        Mood::Wrong => Some("wrong"),
        Mood::Down => Some("down"),
        Mood::Paused => Some("paused"),
    }
}

/// Does an option belong to how a part is built?
fn builds(path: &str, place: Place) -> bool {
    let is_under = |start: &str| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    match place {
        Place::Projector(model, _) | Place::ReadModel(model) | Place::Second(model) => {
            is_under(&format!("projections.{}", model.name()))
        }
        Place::Outbox | Place::Orders => ["commit", "dual_write", "event_sourcing", "relay_delay", "publish"]
            .iter()
            .any(|name| is_under(&format!("order_service.{name}"))),
        Place::Gateway => {
            is_under("order_service.api") || is_under("order_service.data_access") || is_under("queries.composition")
        }
        Place::Handler => is_under("order_service"),
        Place::Owner(Service::Products) | Place::OwnerOutbox(Service::Products) => is_under("product_service"),
        Place::Owner(Service::Customers) | Place::OwnerOutbox(Service::Customers) => is_under("customer_service"),
        Place::Replica(Replica::Products) => is_under("replicas.products") || is_under("replicas.start"),
        Place::Replica(Replica::Customers) => is_under("replicas.customers") || is_under("replicas.start"),
        Place::Saga => is_under("saga"),
        Place::QueryApi => is_under("queries.api") || is_under("queries.consistency"),
        Place::Cache => is_under("queries.cache"),
        Place::ReadReplica(_) => is_under("queries.replicas"),
        Place::Edge(_) => is_under("queries.edges"),
        Place::Broker
        | Place::Partition(_)
        | Place::Queue(_)
        | Place::Owner(Service::Orders)
        | Place::OwnerOutbox(Service::Orders)
        | Place::Shopper
        | Place::QueryClients
        | Place::BackOffice
        | Place::Payments => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Mood, Node, Place, Stage, builds, differing_parts};
    use crate::system::place::Model;

    const BOARD: Place = Place::ReadModel(Model::SalesDashboard);

    fn stage(mood: Mood, line: &str) -> Stage {
        let title = "Dashboard".to_owned();
        let node = Node { place: BOARD, title, lines: vec![line.to_owned()], mood, marks: Vec::new() };
        Stage { nodes: vec![node], ..Stage::default() }
    }

    #[test]
    fn a_part_differs_in_design_in_state_or_in_both() {
        let (a, b) = (stage(Mood::Wrong, "$20.00"), stage(Mood::Fine, "$10.00"));
        let path = "projections.sales_dashboard.idempotency";
        let only = |parts: Vec<super::PartDifference>| parts.into_iter().next().map(|one| (one.design, one.words));
        let told = |words: &str| Some(words.to_owned());
        assert_eq!(only(differing_parts(&a, &a, &[])), None);
        assert_eq!(only(differing_parts(&a, &b, &[])).map(|one| one.1), told("in A wrong, $20.00; in B $10.00"));
        assert_eq!(
            only(differing_parts(&a, &a, &[path])),
            Some((true, "built otherwise, in the same state".to_owned()))
        );
        let both = only(differing_parts(&a, &b, &[path])).map(|one| one.1);
        assert_eq!(both, told("built otherwise; in A wrong, $20.00; in B $10.00"));
        let gone = only(differing_parts(&a, &Stage::default(), &[])).map(|one| one.1);
        assert_eq!(gone, told("only A has it"));
    }

    #[test]
    fn an_option_belongs_to_its_part_and_to_no_namesake() {
        assert!(builds("projections.order_view.sequencing", Place::Projector(Model::OrderView, 1)));
        assert!(!builds("projections.order_view.sequencing", BOARD));
        assert!(
            builds("order_service.commit", Place::Outbox) && !builds("order_service.commands.retries", Place::Outbox)
        );
    }
}
