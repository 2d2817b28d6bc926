//! What is still to happen, soonest first.

use core::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};

use super::pages::Pages;
use super::time::Micros;

/// Tasks ordered by `(due, order of entry)`: there are no ties, so there is no surprise.
///
/// Only what is due soon is kept sorted. What is due later lies in drawers, one for each stretch of time, until its turn comes:
/// time-outs, of which most wait for long and then have nothing to do, would make the sorting slow otherwise, and every copy of
/// the agenda heavy. Copies share the drawers that neither side has opened since.
#[derive(Clone, Debug)]
pub struct Agenda<T> {
    soon: Soon<T>,
    /// What is due from here on is in drawers. Unless those are empty, something is due before.
    horizon: Micros,
    /// By the number of their stretch of time.
    drawers: BTreeMap<u64, Drawer<T>>,
    /// How many tasks lie in drawers.
    put_away: usize,
    entered: u64,
}

/// The stretch of time that a drawer is for: 2 to the power of this, in microseconds; about 66 milliseconds.
const STRETCH_BITS: u32 = 16;

/// What is due in one stretch of time, in the order of entry.
type Drawer<T> = Pages<(Key, T)>;

/// What a task is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    due: Micros,
    sequence: u64,
}

impl<T: Clone> Agenda<T> {
    /// An empty agenda.
    pub fn new() -> Self {
        let soon = Soon { heap: BinaryHeap::new(), tasks: Pages::default(), free: Vec::new() };
        Self { soon, horizon: Micros::ZERO, drawers: BTreeMap::new(), put_away: 0, entered: 0 }
    }

    /// Enters a task.
    pub fn add(&mut self, due: Micros, task: T) {
        let key = Key { due, sequence: self.entered };
        self.entered += 1;
        if due < self.horizon {
            self.soon.add(key, task);
        } else {
            self.drawers.entry(due.0 >> STRETCH_BITS).or_default().push((key, task));
            self.put_away += 1;
            self.open_drawer();
        }
    }

    /// Sorts in the next drawer, where nothing else is due soon.
    fn open_drawer(&mut self) {
        if !self.soon.heap.is_empty() {
            return;
        }
        let Some((stretch, drawer)) = self.drawers.pop_first() else { return };
        self.horizon = Micros((stretch + 1).saturating_mul(1 << STRETCH_BITS));
        self.put_away -= drawer.len();
        for (key, task) in drawer.into_rows() {
            self.soon.add(key, task);
        }
    }

    /// When the next task is due.
    pub fn next_due(&self) -> Option<Micros> {
        self.soon.heap.peek().map(|Reverse(slot)| slot.key.due)
    }

    /// Takes the next task.
    pub fn take(&mut self) -> Option<(Micros, T)> {
        let Reverse(slot) = self.soon.heap.pop()?;
        let taken = self.soon.take_from(slot);
        self.open_drawer();
        taken
    }

    /// Takes out the first task that is wanted, wherever it stands. For interventions: it looks through everything.
    pub fn pull(&mut self, wanted: impl Fn(&T) -> bool) -> Option<(Micros, T)> {
        let pulled = self.soon.pull(&wanted).or_else(|| self.pull_from_drawers(wanted));
        self.open_drawer();
        pulled
    }

    fn pull_from_drawers(&mut self, wanted: impl Fn(&T) -> bool) -> Option<(Micros, T)> {
        let first = |drawer: &Drawer<T>| drawer.iter().filter(|(_, task)| wanted(task)).map(|(key, _)| *key).min();
        let (stretch, key) = self.drawers.iter().find_map(|(stretch, drawer)| Some((*stretch, first(drawer)?)))?;
        let (mut found, mut others) = (None, Drawer::default());
        for (other, task) in self.drawers.remove(&stretch)?.into_rows() {
            if other == key {
                found = Some((key.due, task));
            } else {
                others.push((other, task));
            }
        }
        self.put_away -= 1;
        if !others.is_empty() {
            self.drawers.insert(stretch, others);
        }
        found
    }

    /// How many tasks wait.
    pub fn len(&self) -> usize {
        self.soon.heap.len() + self.put_away
    }

    /// How many of them will probably be taken before the next copy is made, so that the two share nothing of them: those due
    /// soon, and those in the next four drawers.
    pub fn weight(&self) -> usize {
        let next: usize = self.drawers.values().take(4).map(Drawer::len).sum();
        self.soon.heap.len() + next
    }

    /// Does nothing wait?
    pub fn is_empty(&self) -> bool {
        self.soon.heap.is_empty()
    }

    /// Every waiting task with its due time, in no particular order: sort before anything depends on it.
    pub fn iter(&self) -> impl Iterator<Item = (Micros, &T)> {
        self.keyed().map(|(key, task)| (key.due, task))
    }

    fn keyed(&self) -> impl Iterator<Item = (Key, &T)> {
        let put_away = self.drawers.values().flat_map(Drawer::iter).map(|(key, task)| (*key, task));
        self.soon.iter().chain(put_away)
    }

    /// Every waiting task, soonest first.
    pub fn in_order(&self) -> Vec<(Micros, &T)> {
        let mut keyed: Vec<(Key, &T)> = self.keyed().collect();
        keyed.sort_unstable_by_key(|(key, _)| *key);
        keyed.into_iter().map(|(key, task)| (key.due, task)).collect()
    }
}

/// What is due soon.
///
/// The heap holds small slots and the tasks lie still in a table: sorting moves no task, and a copy shares those that neither
/// side has touched since.
#[derive(Clone, Debug)]
struct Soon<T> {
    heap: BinaryHeap<Reverse<Slot>>,
    tasks: Pages<Option<T>>,
    /// Places in the table that are free, the one freed last at the end.
    free: Vec<u32>,
}

/// Where a task lies, and what it is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    key: Key,
    place: u32,
}

impl<T: Clone> Soon<T> {
    fn add(&mut self, key: Key, task: T) {
        let free = self.free.pop();
        let place = match free.and_then(|place| Some((place, self.tasks.get_mut(place as usize)?))) {
            Some((place, free)) => {
                *free = Some(task);
                place
            }
            None => u32::try_from(self.tasks.push(Some(task))).unwrap_or(u32::MAX),
        };
        self.heap.push(Reverse(Slot { key, place }));
    }

    fn take_from(&mut self, slot: Slot) -> Option<(Micros, T)> {
        self.free.push(slot.place);
        let task = self.tasks.get_mut(slot.place as usize)?.take()?;
        Some((slot.key.due, task))
    }

    fn pull(&mut self, wanted: impl Fn(&T) -> bool) -> Option<(Micros, T)> {
        let is_wanted = |slot: &&Reverse<Slot>| self.task(slot.0).is_some_and(&wanted);
        let Reverse(found) = *self.heap.iter().filter(is_wanted).max()?;
        self.heap.retain(|slot| slot.0 != found);
        self.take_from(found)
    }

    fn task(&self, slot: Slot) -> Option<&T> {
        self.tasks.get(slot.place as usize)?.as_ref()
    }

    fn iter(&self) -> impl Iterator<Item = (Key, &T)> {
        self.heap.iter().filter_map(|Reverse(slot)| Some((slot.key, self.task(*slot)?)))
    }
}

impl<T: Clone> Default for Agenda<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl Ord for Slot {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl PartialOrd for Slot {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Agenda, Micros};
    use crate::kernel::fate::mix;

    #[test]
    fn same_time_keeps_the_order_of_entry() {
        let mut agenda = Agenda::new();
        for (due, task) in [(5, 'c'), (3, 'a'), (5, 'd'), (3, 'b')] {
            agenda.add(Micros(due), task);
        }
        let taken: String = core::iter::from_fn(|| agenda.take()).map(|(_, task)| task).collect();
        assert_eq!(taken, "abcd");
    }

    #[test]
    fn the_first_wanted_task_is_pulled_and_the_others_keep_their_order() {
        let mut agenda = Agenda::new();
        for (due, task) in [(5, 'c'), (3, 'a'), (5, 'd'), (3, 'b')] {
            agenda.add(Micros(due), task);
        }
        assert_eq!(agenda.pull(|task| *task > 'b'), Some((Micros(5), 'c')));
        assert_eq!(agenda.pull(|task| *task > 'z'), None);
        let taken: String = core::iter::from_fn(|| agenda.take()).map(|(_, task)| task).collect();
        assert_eq!(taken, "abd");
    }

    /// What a sorted set says, whatever was due when, and whatever was pulled between.
    #[test]
    fn near_or_far_the_soonest_comes_first() {
        let (mut agenda, mut set) = (Agenda::new(), BTreeSet::new());
        let (mut now, mut copy) = (0, None);
        for n in 0..20_000_u64 {
            let chance = mix(n);
            let reach = [1_000, 300_000, 20_000_000][(chance % 3) as usize];
            match chance >> 8 & 7 {
                0..4 => {
                    let due = now + (chance >> 16) % reach;
                    agenda.add(Micros(due), n);
                    set.insert((due, n));
                }
                4 => {
                    let wanted = |task: &u64| task % 7 == chance % 7;
                    let first = set.iter().find(|(_, task)| wanted(task)).copied();
                    set.retain(|one| Some(*one) != first);
                    assert_eq!(agenda.pull(wanted).map(|(due, task)| (due.0, task)), first);
                }
                _ => {
                    let first = set.pop_first();
                    now = first.map_or(now, |(due, _)| due);
                    assert_eq!(agenda.next_due().map(|due| due.0), first.map(|(due, _)| due));
                    assert_eq!(agenda.take().map(|(due, task)| (due.0, task)), first);
                }
            }
            assert_eq!((agenda.len(), agenda.is_empty()), (set.len(), set.is_empty()));
            if n == 10_000 {
                copy = Some((agenda.clone(), set.clone()));
            }
        }
        let (copy, set) = copy.expect("it was made half-way");
        let in_order: Vec<(u64, u64)> = copy.in_order().into_iter().map(|(due, task)| (due.0, *task)).collect();
        assert!(set.len() > 100 && in_order.into_iter().eq(set), "a copy keeps what it was copied from");
    }
}
