//! Choices among a few: protections and shapes, and where in the options each lives.

use sim::kernel::distribution::Distribution;
use sim::kernel::time::Micros;
use sim::system::options::{Checkpoint, CheckpointScope, Idempotency, Options, Partitioning, Sequencing};
use sim::system::place::Model;

use super::scope::{Scope, projection, projection_mut};

/// One choice of the options.
pub struct Choice {
    /// Its name.
    pub name: &'static str,
    /// A short label and one line on what it does, for each possibility.
    pub options: &'static [(&'static str, &'static str)],
    /// Which possibility holds. The model matters only where each projection has its own.
    pub get: fn(&Options, Model) -> usize,
    /// Makes a possibility hold.
    pub set: fn(&mut Options, Model, usize),
}

impl Choice {
    /// The possibility that holds, and whether the projections in scope differ.
    pub fn read(&self, options: &Options, scope: Scope) -> (usize, bool) {
        let mut values = scope.models().iter().map(|model| (self.get)(options, *model));
        let first = values.next().unwrap_or_default();
        (first, values.any(|value| value != first))
    }

    /// Makes a possibility hold wherever the scope says.
    pub fn write(&self, options: &mut Options, scope: Scope, at: usize) {
        scope.models().iter().for_each(|model| (self.set)(options, *model, at));
    }
}

/// Where `value` stands in a table.
fn index_of<T: PartialEq>(table: &[T], value: &T) -> usize {
    table.iter().position(|other| other == value).unwrap_or_default()
}

const IDEMPOTENCY: [Idempotency; 4] =
    [Idempotency::None, Idempotency::ProcessedEvents, Idempotency::LastEventId, Idempotency::NaturalUpsert];
const SEQUENCING: [Sequencing; 5] = [
    Sequencing::None,
    Sequencing::VersionGuard,
    Sequencing::SourceWatermarks,
    Sequencing::GapBuffer,
    Sequencing::FoldHistory,
];
const CHECKPOINT: [Checkpoint; 3] = [Checkpoint::BeforeEffect, Checkpoint::AfterEffect, Checkpoint::WithEffect];
const CHECKPOINT_SCOPE: [CheckpointScope; 2] = [CheckpointScope::Partition, CheckpointScope::Projection];
const PARTITIONING: [Partitioning; 2] = [Partitioning::Key, Partitioning::RoundRobin];

/// How repeated events are recognised.
pub const IDEMPOTENCE: Choice = Choice {
    name: "Idempotency",
    options: &[
        ("none", "a repeated event is applied again"),
        ("event ids", "remembers every processed event"),
        ("last id", "remembers the row's last event only"),
        ("upsert", "replaces rows by key; a sum has no key"),
    ],
    get: |options, model| index_of(&IDEMPOTENCY, &projection(options, model).idempotency),
    set: |options, model, at| projection_mut(options, model).idempotency = IDEMPOTENCY[at],
};

/// The protections after [`IDEMPOTENCE`].
pub const PROTECTIONS: &[Choice] = &[
    Choice {
        name: "Sequencing",
        options: &[
            ("none", "applies events as they come"),
            ("guard", "skips what is not newer than the row"),
            ("marks", "skips what is not newer than its source"),
            ("buffer", "holds an event until the gap is filled"),
            ("fold", "keeps all events and folds them in order"),
        ],
        get: |options, model| index_of(&SEQUENCING, &projection(options, model).sequencing),
        set: |options, model, at| projection_mut(options, model).sequencing = SEQUENCING[at],
    },
    Choice {
        name: "Partitioned by",
        options: &[
            ("order", "one order's events share a partition"),
            ("turn", "one order's events are spread over all"),
        ],
        get: |options, _| index_of(&PARTITIONING, &options.broker.partitioning),
        set: |options, _, at| options.broker.partitioning = PARTITIONING[at],
    },
    Choice {
        name: "Position saved",
        options: &[
            ("before", "before the effect: a crash loses the event"),
            ("after", "after the effect: a crash repeats the event"),
            ("with it", "in one transaction with the effect"),
        ],
        get: |options, model| index_of(&CHECKPOINT, &projection(options, model).checkpoint),
        set: |options, model, at| projection_mut(options, model).checkpoint = CHECKPOINT[at],
    },
    Choice {
        name: "Position covers",
        options: &[
            ("partition", "an offset for each partition"),
            ("everything", "one position for the whole projection"),
        ],
        get: |options, model| index_of(&CHECKPOINT_SCOPE, &projection(options, model).checkpoint_scope),
        set: |options, model, at| projection_mut(options, model).checkpoint_scope = CHECKPOINT_SCOPE[at],
    },
];

/// The shapes of a distribution, in the order of [`shape_of`].
pub const SHAPES: &[(&str, &str)] =
    &[("constant", "always"), ("uniform", "middle"), ("exponential", "mean"), ("lognormal", "median")];

/// Which shape a distribution has.
pub const fn shape_of(distribution: &Distribution) -> usize {
    match distribution {
        Distribution::Constant { .. } => 0,
        Distribution::Uniform { .. } => 1,
        Distribution::Exponential { .. } => 2,
        Distribution::Lognormal { .. } => 3,
    }
}

/// The same typical span in another shape. Spreads are the usual ones: half to one and a half, or a tail of 2.5 medians.
pub fn shaped(distribution: &Distribution, shape: usize) -> Distribution {
    let typical = distribution.typical();
    // Shapes with a tail cannot stand for no time at all.
    let span = Micros(typical.0.max(1));
    match shape {
        1 => Distribution::Uniform { min: Micros(typical.0 / 2), max: Micros(typical.0 + typical.0 / 2) },
        2 => Distribution::Exponential { mean: span },
        3 => Distribution::Lognormal { median: span, p95: Micros(span.0.saturating_mul(5) / 2) },
        _ => Distribution::Constant { value: typical },
    }
}

#[cfg(test)]
mod tests {
    use super::{Distribution, IDEMPOTENCE, Micros, Options, PROTECTIONS, Scope, shape_of, shaped};

    #[test]
    fn every_choice_reads_what_it_wrote() {
        for choice in PROTECTIONS.iter().chain(&[IDEMPOTENCE]) {
            for at in 0..choice.options.len() {
                let mut options = Options::default();
                choice.write(&mut options, Scope::Both, at);
                assert_eq!(choice.read(&options, Scope::Both), (at, false), "{}", choice.name);
            }
        }
    }

    #[test]
    fn another_shape_keeps_the_typical_span() {
        let distribution = Distribution::constant_millis(120);
        for shape in 0..4 {
            let other = shaped(&distribution, shape);
            assert_eq!((shape_of(&other), other.typical()), (shape, Micros::from_millis(120)));
            assert_eq!(other.fault(), None);
        }
    }
}
