//! Numbers that a person can turn: what each is called, which steps it has, and where in the options it lives.

use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::shop::money::grouped;
use sim::system::options::Options;
use sim::system::place::Model;

use super::choice::Choice;
use super::scope::{Scope, projection, projection_mut};

/// One number of the options.
pub struct Dial {
    /// Its name.
    pub name: &'static str,
    /// What it means, in a few words.
    pub hint: &'static str,
    /// The values that the slider stops at, smallest first.
    pub steps: &'static [u64],
    /// The value with its unit.
    pub show: fn(u64) -> String,
    /// Reads it. The model matters only where each projection has its own.
    pub get: fn(&Options, Model) -> u64,
    /// Writes it.
    pub set: fn(&mut Options, Model, u64),
    /// Its shape, when it is a span of time that is drawn anew each time.
    pub shape: Option<&'static Choice>,
}

impl Dial {
    /// The value, and whether the projections in scope differ.
    pub fn read(&self, options: &Options, scope: Scope) -> (u64, bool) {
        let mut values = scope.models().iter().map(|model| (self.get)(options, *model));
        let first = values.next().unwrap_or_default();
        (first, values.any(|value| value != first))
    }

    /// Writes the value wherever the scope says.
    pub fn write(&self, options: &mut Options, scope: Scope, value: u64) {
        scope.models().iter().for_each(|model| (self.set)(options, *model, value));
    }

    /// The step that is nearest to a value.
    pub fn nearest(&self, value: u64) -> usize {
        let distance = |step: &u64| step.abs_diff(value);
        self.steps.iter().enumerate().min_by_key(|(_, step)| distance(step)).map_or(0, |(at, _)| at)
    }
}

const PPM_STEPS: &[u64] =
    &[0, 1_000, 5_000, 10_000, 20_000, 50_000, 100_000, 150_000, 200_000, 300_000, 500_000, 750_000, 1_000_000];
const SPAN_STEPS: &[u64] = &[
    0, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000, 80_000, 120_000, 160_000, 200_000, 300_000, 500_000,
    800_000, 1_200_000, 2_000_000, 3_000_000, 5_000_000, 10_000_000,
];
const FEW_STEPS: &[u64] = &[1, 2, 3, 4, 5, 6, 7, 8];

fn percent(ppm: u64) -> String {
    probability(ppm).to_string()
}

fn probability(ppm: u64) -> Probability {
    Probability::from_ppm(u32::try_from(ppm).unwrap_or(u32::MAX))
}

fn span(micros: u64) -> String {
    Micros(micros).to_string()
}

fn count(n: u64) -> String {
    grouped(n)
}

/// A number that fits because it came from one of the steps.
fn byte(n: u64) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}

/// A dial over one probability of a projection.
macro_rules! chance {
    ($name:literal, $hint:literal, $($field:ident).+) => {
        Dial {
            name: $name,
            hint: $hint,
            steps: PPM_STEPS,
            show: percent,
            get: |options, model| u64::from(projection(options, model).$($field).+.ppm()),
            set: |options, model, ppm| projection_mut(options, model).$($field).+ = probability(ppm),
            shape: None,
        }
    };
}

/// A dial over one distribution of a projection: its typical span, and its shape.
macro_rules! spread {
    ($name:literal, $($field:ident).+) => {
        Dial {
            name: $name,
            hint: "",
            steps: SPAN_STEPS,
            show: span,
            get: |options, model| projection(options, model).$($field).+.typical().0,
            set: |options, model, micros| {
                let spread: &mut sim::kernel::distribution::Distribution = &mut projection_mut(options, model).$($field).+;
                *spread = spread.with_typical(Micros(micros));
            },
            shape: Some(&Choice {
                name: concat!($name, ": shape"),
                options: super::choice::SHAPES,
                get: |options, model| super::choice::shape_of(&projection(options, model).$($field).+),
                set: |options, model, at| {
                    let spread = &mut projection_mut(options, model).$($field).+;
                    *spread = super::choice::shaped(spread, at);
                },
            }),
        }
    };
}

/// What goes wrong on the way from the broker to the projectors.
pub const FAULTS: &[Dial] = &[
    chance!("Delivered twice", "each delivery, independently", delivery.duplicate),
    spread!("Delivery delay", delivery.delay),
    chance!("Overtaking", "a delivery is held while later ones pass", delivery.overtake),
    Dial {
        name: "Overtaken for",
        hint: "how long such a delivery is held",
        steps: SPAN_STEPS,
        show: span,
        get: |options, model| projection(options, model).delivery.overtake_hold.0,
        set: |options, model, micros| projection_mut(options, model).delivery.overtake_hold = Micros(micros),
        shape: None,
    },
    chance!("Lost", "each delivery; the projector fetches it again", delivery.loss),
];

/// Where a projector crashes, and for how long.
pub const CRASHES: &[Dial] = &[
    chance!("Before the write", "nothing was done yet", crash.before_write),
    chance!("Between write and position", "the event is repeated, or missed", crash.between),
    chance!("After both", "nothing is lost", crash.after_commit),
    spread!("Back after", crash.restart_after),
];

/// For how long processed events are remembered.
pub const REMEMBER: Dial = Dial {
    name: "Remembered for",
    hint: "how many later events a processed one is remembered",
    steps: &[0, 1, 2, 5, 10, 20, 50, 100, 500, 1_000],
    show: |n| if n == 0 { "ever".to_owned() } else { format!("{} events", grouped(n)) },
    get: |options, model| u64::from(projection(options, model).remember),
    set: |options, model, n| projection_mut(options, model).remember = u32::try_from(n).unwrap_or(u32::MAX),
    shape: None,
};

/// Orders a second, in thousandths: the gap's reciprocal.
const RATE_SCALE: u64 = 1_000_000_000;

/// What the clients do, and what the query side has to do it with.
pub const WORKLOAD: &[Dial] = &[
    Dial {
        name: "New orders",
        hint: "",
        steps: &[
            100, 200, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 8_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
            1_000_000,
        ],
        show: |rate| {
            if rate % 1_000 == 0 {
                format!("{} /s", grouped(rate / 1_000))
            } else {
                format!("{}.{} /s", rate / 1_000, rate / 100 % 10)
            }
        },
        get: |options, _| RATE_SCALE / options.workload.gap.typical().0.max(1),
        set: |options, _, rate| {
            options.workload.gap = options.workload.gap.with_typical(Micros(RATE_SCALE / rate.max(1)))
        },
        shape: Some(&Choice {
            name: "New orders: shape of the gaps",
            options: super::choice::SHAPES,
            get: |options, _| super::choice::shape_of(&options.workload.gap),
            set: |options, _, at| options.workload.gap = super::choice::shaped(&options.workload.gap, at),
        }),
    },
    Dial {
        name: "Orders in all",
        hint: "besides those of the scenario's script",
        steps: &[0, 1, 5, 10, 20, 40, 60, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
        show: count,
        get: |options, _| u64::from(options.workload.orders),
        set: |options, _, n| options.workload.orders = u32::try_from(n).unwrap_or(u32::MAX),
        shape: None,
    },
    Dial {
        name: "Partitions",
        hint: "of order-events",
        steps: &[1, 2, 3, 4, 6, 8, 12, 16],
        show: count,
        get: |options, _| u64::from(options.broker.partitions),
        set: |options, _, n| options.broker.partitions = byte(n),
        shape: None,
    },
    Dial {
        name: "Instances",
        hint: "of each projector",
        steps: FEW_STEPS,
        show: count,
        get: |options, model| u64::from(projection(options, model).instances),
        set: |options, model, n| projection_mut(options, model).instances = byte(n),
        shape: None,
    },
    spread!("Time for one event", service),
];

#[cfg(test)]
mod tests {
    use super::{CRASHES, Dial, FAULTS, Model, Options, REMEMBER, Scope, WORKLOAD};

    fn all() -> impl Iterator<Item = &'static Dial> {
        static ONE: [Dial; 1] = [REMEMBER];
        FAULTS.iter().chain(CRASHES).chain(WORKLOAD).chain(&ONE)
    }

    #[test]
    fn every_dial_reads_what_it_wrote() {
        for dial in all() {
            for step in dial.steps {
                let mut options = Options::default();
                dial.write(&mut options, Scope::Both, *step);
                assert_eq!(dial.read(&options, Scope::Both), (*step, false), "{}", dial.name);
            }
        }
    }

    #[test]
    fn every_dial_moves_nothing_else() {
        for dial in all() {
            let mut options = Options::default();
            dial.write(&mut options, Scope::Both, dial.steps[dial.steps.len() - 1]);
            let moved =
                all().filter(|other| other.read(&options, Scope::Both) != other.read(&Options::default(), Scope::Both));
            assert_eq!(moved.map(|other| other.name).collect::<Vec<_>>(), [dial.name]);
        }
    }

    #[test]
    fn a_change_to_one_projection_shows_as_a_difference() {
        let dial = &FAULTS[0];
        let mut options = Options::default();
        dial.write(&mut options, Scope::One(Model::SalesDashboard), 50_000);
        assert_eq!(dial.read(&options, Scope::One(Model::OrderView)), (0, false));
        assert_eq!(dial.read(&options, Scope::Both), (0, true));
    }
}
