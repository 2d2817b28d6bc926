//! History against a plain loop, over a machine small enough to run for millions of steps: every moment looked at, and every
//! change made there, is what playing the changes from the start gives.

use sim::kernel::fate::mix;
use sim::kernel::history::{History, Machine, Moment, Timed};
use sim::kernel::tape::Row;
use sim::kernel::time::Micros;

/// A machine whose state depends on every step and every change before it, and on their order.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chain {
    state: u64,
    steps: u64,
    now: Micros,
    most: u64,
}

/// What it tells of a step: its state; of a change: the number that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told(u64);

impl Row for Told {
    type Packed = u64;

    fn packed(&self, _: &Self) -> u64 {
        self.0
    }

    fn unpacked(packed: u64, _: &Self) -> Self {
        Self(packed)
    }
}

impl Machine for Chain {
    type Setup = u64;
    type Change = u64;
    type Entry = Told;

    fn begin(most: &u64) -> Self {
        Self { state: 0, steps: 0, now: Micros::ZERO, most: *most }
    }

    fn now(&self) -> Micros {
        self.now
    }

    fn step(&mut self, entries: &mut Vec<Told>) -> bool {
        if self.steps == self.most {
            return false;
        }
        self.steps += 1;
        self.now = Micros(self.steps * 10);
        self.state = mix(self.state);
        entries.push(Told(self.state));
        true
    }

    fn next_due(&self) -> Option<Micros> {
        (self.steps < self.most).then(|| Micros((self.steps + 1) * 10))
    }

    fn change(&mut self, at: Micros, change: &u64, entries: &mut Vec<Told>) {
        self.now = at.max(self.now);
        self.state = mix(self.state ^ change ^ self.now.0 << 32);
        entries.push(Told(*change));
    }

    fn weight(&self) -> u64 {
        0
    }
}

/// The machine after `step` steps, the changes due then included.
fn straight(most: u64, changes: &[Timed<u64>], step: u64) -> Chain {
    let mut machine = Chain::begin(&most);
    let mut entries = Vec::new();
    let mut due = changes.iter().peekable();
    loop {
        while let Some(timed) = due.next_if(|timed| timed.after_step <= machine.steps) {
            machine.change(timed.at, &timed.change, &mut entries);
        }
        if machine.steps == step || !machine.step(&mut entries) {
            return machine;
        }
    }
}

#[test]
fn any_moment_is_what_a_straight_run_gives() {
    const MOST: u64 = 60_000;
    let mut history: History<Chain> = History::new(&MOST, Vec::new());
    assert!(history.run_to_end(u64::MAX));
    for n in 1..60 {
        // Sought by step and by time, backwards and forwards, and changed now and then, twice at the same moment too.
        let step = if n % 7 == 3 { history.step() } else { mix(n) % (MOST + 2_000) };
        if n % 2 == 0 {
            history.seek_step(step)
        } else {
            history.seek_time(Micros(step * 10 + 9))
        }
        let at = step.min(MOST);
        assert_eq!(history.step(), at);
        assert_eq!(*history.machine(), straight(MOST, history.changes(), at), "look {n} at step {at}");
        if n % 3 == 0 {
            history.change_here(n);
            let last = history.changes().last().map(|timed| (timed.after_step, timed.change));
            assert_eq!(last, Some((at, n)));
            assert_eq!(*history.machine(), straight(MOST, history.changes(), at), "change {n} at step {at}");
            assert!(history.run_to_end(u64::MAX));
            let mut replayed: History<Chain> = History::new(&MOST, history.changes().to_vec());
            assert!(replayed.run_to_end(u64::MAX));
            assert_eq!(history.frontier(), replayed.frontier(), "change {n}");
            assert!(history.trace() == replayed.trace(), "change {n} at step {at}: the traces differ");
        }
    }
}

#[test]
fn changes_at_one_moment_are_made_in_the_order_in_which_they_came() {
    const MOST: u64 = 10_000;
    for at in [0, 1, 4_096, MOST] {
        let mut history: History<Chain> = History::new(&MOST, Vec::new());
        assert!(history.run_to_end(u64::MAX));
        history.seek_step(at);
        history.change_here(1);
        history.change_here(2);
        let changes = [1, 2].map(|change| Timed { after_step: at, at: Micros(at * 10), change });
        assert_eq!(history.changes(), changes);
        assert!(history.run_to_end(u64::MAX));
        // Whoever comes back to that moment sees the changes made.
        for other in [0, MOST] {
            history.seek_step(other);
            history.seek_step(at);
            assert_eq!(*history.machine(), straight(MOST, &changes, at), "sought by step, at {at} from {other}");
            history.seek_step(other);
            history.seek_time(Micros(at * 10));
            assert_eq!(*history.machine(), straight(MOST, &changes, at), "sought by time, at {at} from {other}");
        }
        assert_eq!(*history.frontier(), straight(MOST, &changes, MOST), "at {at}");
    }
}

#[test]
fn the_beginning_stays_in_reach_when_keyframes_are_thinned_out() {
    // More than 512 keyframes of 8,192 steps each.
    const MOST: u64 = 512 * 8_192 + 3 * 16_384;
    let mut history: History<Chain> = History::new(&MOST, vec![Timed { after_step: 3, at: Micros(35), change: 9 }]);
    assert!(history.run_to_end(u64::MAX));
    for step in [MOST - 1, 0, 5, 4_096, 8_192, 1_000_000] {
        history.seek_step(step);
        assert_eq!(*history.machine(), straight(MOST, history.changes(), step), "step {step}");
    }
    let steps = [0, 3, 4_097, 2_000_000];
    let mut seen = Vec::new();
    history.visit(&steps, |step, machine| seen.push((step, machine.steps)));
    assert_eq!(seen, steps.map(|step| (step, step)));
}

/// Between two steps lie two moments: what the first has left, and what somebody has made of it.
#[test]
fn a_visit_comes_before_the_changes_at_its_step_and_a_search_after_them() {
    const MOST: u64 = 20_000;
    for at in [0, 5, 8_192, 9_000] {
        let changes = [1, 2].map(|change| Timed { after_step: at, at: Micros(at * 10), change });
        let mut history: History<Chain> = History::new(&MOST, changes.to_vec());
        assert!(history.run_to_end(u64::MAX));
        let moments = [(at, false), (at, true), (at + 1, false), (at + 1, true)];
        let moments = moments.map(|(step, changed)| Moment { step, changed });
        let mut seen = Vec::new();
        history.visit_moments(&moments, |_, machine| seen.push(machine.clone()));
        let mut left = Vec::new();
        history.visit(&[at, at + 1], |_, machine| left.push(machine.clone()));
        let unchanged = straight(MOST, &[], at);
        let changed = straight(MOST, &changes, at);
        let next = straight(MOST, &changes, at + 1);
        assert_eq!(seen, [unchanged.clone(), changed.clone(), next.clone(), next.clone()], "at {at}");
        assert_eq!(left, [unchanged, next], "at {at}");
        history.seek_step(at);
        assert_eq!(*history.machine(), changed, "at {at}");
    }
}

#[test]
fn a_change_acts_at_the_time_that_is_looked_at() {
    const MOST: u64 = 100;
    let mut history: History<Chain> = History::new(&MOST, Vec::new());
    assert!(history.run_to_end(u64::MAX));
    history.seek_time(Micros(57));
    history.change_here(1);
    history.seek_time(Micros(59));
    history.change_here(2);
    let timed = |at, change| Timed { after_step: 5, at: Micros(at), change };
    assert_eq!(history.changes(), [timed(57, 1), timed(59, 2)]);
    // In between, the first change is made and the second is not.
    history.seek_time(Micros(58));
    assert_eq!(*history.machine(), straight(MOST, &[timed(57, 1)], 5));
    // To change something there forgets what came later.
    history.change_here(3);
    assert_eq!(history.changes(), [timed(57, 1), timed(58, 3)]);
}

#[test]
fn a_moment_that_is_looked_at_is_known() {
    let mut history = History::<Chain>::new(&1_000, Vec::new());
    let told = |history: &History<Chain>| (history.step(), history.steps_known(), history.past().len());
    history.seek_time(Micros(50));
    assert_eq!(told(&history), (5, 5, 5), "a time beyond the end of what was known");
    history.seek_step(700);
    assert_eq!(told(&history), (700, 700, 700), "a step beyond it");
    history.seek_time(Micros(50));
    assert_eq!(told(&history), (5, 700, 5), "and one before it");
    history.seek_step(2_000);
    assert_eq!(told(&history), (1_000, 1_000, 1_000), "there is no more than all");
}

#[test]
fn the_end_of_what_is_known_has_every_step_of_its_time() {
    let mut history = History::<sim::oracle::lab::Lab>::new(&crate::common::preset("alerts"), Vec::new());
    for _ in 0..300 {
        history.run_ahead(1);
        let (known, end) = (history.steps_known(), history.time_known());
        history.seek_time(end);
        assert!(history.step() >= known && history.step() == history.steps_known(), "after {known} steps");
        assert!(history.next_due().is_none_or(|due| due > end));
    }
}
