//! What the layout depends on: which parts a run has, and which ways lead from one to another.

use sim::system::place::{Model, PartitionId, Place, Reader, Replica, Service, TopicName};
use sim::view::stage::Stage;

/// The parts and the ways of a run. It changes only when a run is given other parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Every part.
    pub places: Vec<Place>,
    /// Every way that messages can take.
    pub ways: Vec<(Place, Place)>,
}

impl Shape {
    /// The shape of a stage.
    pub fn of(stage: &Stage) -> Self {
        let nodes = stage.nodes.iter().map(|node| node.place);
        let partitions = stage.partitions.iter().map(|one| Place::Partition(one.id));
        let queues = stage.queues.iter().map(|one| Place::Queue(one.reader));
        Self { places: nodes.chain(partitions).chain(queues).collect(), ways: stage.ways.clone() }
    }

    /// Is this part there?
    pub fn has(&self, place: Place) -> bool {
        self.places.contains(&place)
    }

    /// The topics that have partitions, each with their number.
    pub fn topics(&self) -> Vec<(TopicName, u8)> {
        let count = |topic| {
            let of_topic = |place: &&Place| matches!(place, Place::Partition(id) if id.topic == topic);
            small(self.places.iter().filter(of_topic).count())
        };
        TopicName::ALL.into_iter().map(|topic| (topic, count(topic))).filter(|(_, count)| *count > 0).collect()
    }

    /// The readers that have a queue.
    pub fn queues(&self) -> Vec<Reader> {
        Reader::ALL.into_iter().filter(|reader| self.has(Place::Queue(*reader))).collect()
    }

    /// The read models, each with the number of its projector's instances.
    pub fn models(&self) -> Vec<(Model, u8)> {
        let count = |model| {
            let of_model = |place: &&Place| matches!(place, Place::Projector(of, _) if *of == model);
            small(self.places.iter().filter(of_model).count())
        };
        let there = |model: &Model| self.has(Place::ReadModel(*model)) || self.has(Place::Second(*model));
        Model::ALL.into_iter().filter(there).map(|model| (model, count(model))).collect()
    }

    /// The other services.
    pub fn owners(&self) -> Vec<Service> {
        Service::ALL.into_iter().filter(|service| self.has(Place::Owner(*service))).collect()
    }

    /// The Order Service's replicas.
    pub fn replicas(&self) -> Vec<Replica> {
        Replica::ALL.into_iter().filter(|replica| self.has(Place::Replica(*replica))).collect()
    }

    /// What comes after the read models, from top to bottom: who answers, what answers are kept in, and who asks.
    pub fn serving(&self) -> Vec<Place> {
        let replicas = (1..=u8::MAX).map(Place::ReadReplica).take_while(|place| self.has(*place));
        let first = [Place::QueryApi, Place::Cache].into_iter();
        first.chain(replicas).chain([Place::QueryClients]).filter(|place| self.has(*place)).collect()
    }

    /// The edge servers.
    pub fn edges(&self) -> Vec<Place> {
        self.places.iter().copied().filter(|place| matches!(place, Place::Edge(_))).collect()
    }

    /// Has the command side more than the Order Service?
    pub fn is_rich(&self) -> bool {
        self.places.iter().any(|place| matches!(place, Place::Owner(_) | Place::Replica(_) | Place::Saga))
    }
}

/// A partition's place.
pub const fn partition(topic: TopicName, index: u8) -> Place {
    Place::Partition(PartitionId { topic, index })
}

/// A count of parts as a small number: there are never more than 255 of anything.
fn small(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX)
}
