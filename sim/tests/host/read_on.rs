//! What is read on while a run becomes known is what a reader of the whole run would find, whatever happened in between.

use crate::common::preset;
use proptest::prelude::*;
use sim::kernel::history::History;
use sim::kernel::time::Micros;
use sim::oracle::lab::Lab;
use sim::scenario::machine::Change;
use sim::shop::aggregate::Aggregate;
use sim::shop::ids::{EventId, OrderId, ProductId};
use sim::system::hands::{Hand, NodeAct};
use sim::system::node::Node;
use sim::system::options::Idempotency;
use sim::system::place::{Model, Reader};
use sim::view::moments::{Moments, Wanted};
use sim::view::timeline::{Marks, timeline};

/// What somebody does with a run.
#[derive(Clone, Debug)]
enum Deed {
    /// So many steps more become known.
    Run(u64),
    /// One looks at the moment so many thousandths into it.
    Seek(u64),
    /// The options are changed there.
    Protect,
    /// A projector crashes there.
    Crash,
    /// Something else is selected.
    Select(u32),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let one = prop_oneof![
        4 => (1..3_000_u64).prop_map(Deed::Run),
        3 => (0..1_000_u64).prop_map(Deed::Seek),
        1 => Just(Deed::Protect),
        1 => Just(Deed::Crash),
        2 => (1..12_u32).prop_map(Deed::Select),
    ];
    prop::collection::vec(one, 1..20)
}

fn wanted(number: u32) -> Wanted {
    match number {
        n @ 1..=5 => Wanted { of: Aggregate::Order(OrderId(n)), event: None },
        n @ 6..=8 => Wanted { of: Aggregate::Order(OrderId(n)), event: Some(EventId(n * 3)) },
        n => Wanted { of: Aggregate::Product(ProductId(n)), event: None },
    }
}

fn done(history: &mut History<Lab>, deed: &Deed) {
    match deed {
        Deed::Run(steps) => drop(history.run_ahead(*steps)),
        Deed::Seek(part) => history.seek_time(Micros(history.time_known().0 * part / 1_000)),
        Deed::Protect => {
            let mut options = history.machine().world().options().clone();
            options.projections.order_view.idempotency = Idempotency::ProcessedEvents;
            history.change_here(Change::Options(Box::new(options)));
        }
        Deed::Crash => {
            let which = Node::Reader(Reader::Projection(Model::OrderView), None);
            let act = NodeAct::Crash { lasts: Micros::from_millis(400) };
            history.change_here(Change::Hand(Hand::Node { which, act }));
        }
        Deed::Select(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_read_on_is_what_is_read_at_once(
        slug in prop::sample::select(vec!["scenario-b", "scenario-c", "saga", "queue", "edges"]),
        deeds in deeds(),
        bins in prop::sample::select(vec![1_u64, 7, 240]),
    ) {
        let mut history: History<Lab> = History::new(&preset(slug), Vec::new());
        let (mut marks, mut moments, mut selected) = (Marks::default(), Moments::default(), 1);
        for deed in &deeds {
            done(&mut history, deed);
            if let Deed::Select(number) = deed {
                selected = *number;
            }
            let whole = timeline(history.frontier(), history.trace(), bins);
            prop_assert_eq!(marks.read_on(&history, bins), &whole);
            prop_assert!([whole.broken.len(), whole.faults.len(), whole.turned.len()].iter().all(|n| *n as u64 <= bins));
            prop_assert!(whole.commands.len() as u64 <= bins);
            let anew = Moments::default().read_on(&history, wanted(selected)).to_vec();
            prop_assert_eq!(moments.read_on(&history, wanted(selected)), &anew[..]);
        }
    }
}

/// The first of each kind is always marked, and no two of a kind are nearer to each other than a bin is wide.
#[test]
fn a_mark_stands_for_the_first_of_its_bin() {
    let mut history: History<Lab> = History::new(&preset("saga"), Vec::new());
    assert!(history.run_to_end(1_000_000));
    let all = timeline(history.frontier(), history.trace(), u64::MAX);
    let few = timeline(history.frontier(), history.trace(), 16);
    assert!(all.commands.len() > few.commands.len() && few.commands.len() > 1, "{}", few.commands.len());
    assert_eq!(all.commands.first(), few.commands.first());
    assert!(few.commands.iter().all(|at| all.commands.contains(at)));
    assert!(few.faults.iter().all(|mark| all.faults.contains(mark)));
}
