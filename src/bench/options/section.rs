//! Where in the form an option stands: grouped as a person thinks, not as the file is laid out.

use sim::scenario::value_path;

/// What a person is after. The order is that of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The run as a whole.
    Scenario,
    /// What the clients do.
    Traffic,
    /// How commands are handled.
    CommandSide,
    /// How messages travel.
    Broker,
    /// How read models are kept.
    Projections,
    /// How the Order Service gets to what others own.
    ForeignData,
    /// How answers are given.
    Queries,
    /// What breaks.
    Faults,
    /// What is measured and watched.
    Measures,
    /// What nobody has put anywhere yet: an option that is new is out of place, but never missing.
    Further,
}

impl Topic {
    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Scenario => "This scenario",
            Self::Traffic => "Traffic",
            Self::CommandSide => "Command side",
            Self::Broker => "Broker",
            Self::Projections => "Projections",
            Self::ForeignData => "Data you don't own",
            Self::Queries => "Queries",
            Self::Faults => "Faults",
            Self::Measures => "Metrics and alerts",
            Self::Further => "Further options",
        }
    }
}

/// Which paths belong to which topic. The longest one that fits decides.
const PLACES: &[(&str, Topic)] = &[
    ("name", Topic::Scenario),
    ("about", Topic::Scenario),
    ("seed", Topic::Scenario),
    ("overrides", Topic::Faults),
    ("metrics", Topic::Measures),
    ("slo", Topic::Measures),
    ("alerts", Topic::Measures),
    ("options.workload", Topic::Traffic),
    ("options.clients", Topic::Traffic),
    ("options.order_service", Topic::CommandSide),
    ("options.command_api", Topic::CommandSide),
    ("options.saga", Topic::CommandSide),
    ("options.broker", Topic::Broker),
    ("options.projections", Topic::Projections),
    ("options.schema_changes", Topic::Projections),
    ("options.rebuilds", Topic::Projections),
    ("options.replicas", Topic::ForeignData),
    ("options.product_service", Topic::ForeignData),
    ("options.customer_service", Topic::ForeignData),
    ("options.order_service.api", Topic::ForeignData),
    ("options.order_service.data_access", Topic::ForeignData),
    ("options.order_service.shared_read", Topic::ForeignData),
    ("options.order_service.stale_row", Topic::ForeignData),
    ("options.order_service.staleness_bound", Topic::ForeignData),
    ("options.queries", Topic::Queries),
    ("options.edges", Topic::Queries),
    ("options.network", Topic::Faults),
];

/// The topic of an option.
pub fn topic(path: &str) -> Topic {
    let fitting = PLACES.iter().filter(|(start, _)| value_path::covers(start, path));
    fitting.max_by_key(|(start, _)| start.len()).map_or(Topic::Further, |(_, topic)| *topic)
}

/// The heading of the section that an option stands in: one for each part of the system, and for each read model.
pub fn section(path: &str) -> String {
    let mut steps = path.split('.');
    match (steps.next(), steps.next(), steps.next()) {
        (Some("options"), Some("projections" | "replicas"), Some(one)) if path.matches('.').count() > 2 => {
            let title = words(one);
            if path.starts_with("options.replicas") { format!("Replica of {}", title.to_lowercase()) } else { title }
        }
        (Some("options"), Some("order_service"), _) if topic(path) == Topic::ForeignData => {
            "Ways to the data".to_owned()
        }
        (Some("options"), Some(part), _) => words(part),
        _ => topic(path).title().to_owned(),
    }
}

/// How many steps of a path the heading of its section already says.
pub fn said_by_section(path: &str) -> usize {
    let deep = path.starts_with("options.projections.") || path.starts_with("options.replicas.");
    match path.strip_prefix("options.") {
        Some(_) if deep && path.matches('.').count() > 2 => 3,
        Some(_) => 2,
        None => 0,
    }
}

/// A name of the file in words: `overtake_hold` is `Overtake hold`.
pub fn words(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// When a change of an option acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acts {
    /// From the moment that is looked at.
    AtOnce,
    /// From the next replay on: it is laid out, or known, before a run begins.
    AtReplay,
    /// At once, and the run starts over, because its chances are others.
    FromTheStart,
}

const AT_REPLAY: &[&str] = &[
    "options.broker.partitions",
    "options.broker.kind",
    "options.order_service.commit",
    "options.workload.first_order",
    "options.workload.script",
    "options.workload.products",
    "options.workload.customers",
];

/// When a change of an option acts. Its own text may say that it waits for a replay.
pub fn acts(path: &str, about: &str) -> Acts {
    if matches!(path, "seed" | "overrides") {
        Acts::FromTheStart
    } else if AT_REPLAY.iter().any(|start| value_path::covers(start, path)) || about.contains("Stays as the run began")
    {
        Acts::AtReplay
    } else {
        Acts::AtOnce
    }
}

#[cfg(test)]
mod tests {
    use super::{Acts, Topic, acts, said_by_section, section, topic, words};

    #[test]
    fn options_stand_where_a_person_looks_for_them() {
        assert_eq!(topic("options.order_service.service"), Topic::CommandSide);
        assert_eq!(topic("options.order_service.api.breaker"), Topic::ForeignData);
        assert_eq!(topic("options.something_new.at"), Topic::Further);
        assert_eq!(section("options.projections.order_view.delivery.loss"), "Order view");
        assert_eq!(section("options.replicas.products.batch"), "Replica of products");
        assert_eq!(section("options.replicas.start"), "Replicas");
        assert_eq!(section("options.something_new.at"), "Something new");
        assert_eq!(section("slo"), "Metrics and alerts");
        assert_eq!(words("overtake_hold"), "Overtake hold");
        assert_eq!(
            [said_by_section("options.replicas.start"), said_by_section("options.replicas.products.batch")],
            [2, 3]
        );
    }

    #[test]
    fn what_acts_at_replay_is_told_by_place_or_by_its_text() {
        assert_eq!(acts("options.broker.partitions", ""), Acts::AtReplay);
        assert_eq!(acts("options.projections.order_view.names", "Stays as the run began."), Acts::AtReplay);
        assert_eq!(acts("options.broker.partitioning", "How an event finds its partition."), Acts::AtOnce);
        assert_eq!(acts("seed", "The seed of all chance."), Acts::FromTheStart);
    }
}
