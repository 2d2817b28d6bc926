//! What is still to happen, soonest first.

use core::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::pages::Pages;
use super::time::Micros;

/// Tasks ordered by `(due, order of entry)`: there are no ties, so there is no surprise.
///
/// The heap holds small keys and the tasks lie still in a table: sorting moves no task, and a copy of the agenda shares those
/// that neither side has touched since, such as time-outs that wait for long.
#[derive(Clone, Debug)]
pub struct Agenda<T> {
    heap: BinaryHeap<Reverse<Key>>,
    tasks: Pages<Option<T>>,
    /// Places in the table that are free, the one freed last at the end.
    free: Vec<u32>,
    entered: u64,
}

/// Where a task lies, and what it is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    due: Micros,
    sequence: u64,
    place: u32,
}

impl<T: Clone> Agenda<T> {
    /// An empty agenda.
    pub fn new() -> Self {
        Self { heap: BinaryHeap::new(), tasks: Pages::default(), free: Vec::new(), entered: 0 }
    }

    /// Enters a task.
    pub fn add(&mut self, due: Micros, task: T) {
        let sequence = self.entered;
        self.entered += 1;
        let place = self.keep(task);
        self.heap.push(Reverse(Key { due, sequence, place }));
    }

    fn keep(&mut self, task: T) -> u32 {
        let free = self.free.pop();
        match free.and_then(|place| Some((place, self.tasks.get_mut(place as usize)?))) {
            Some((place, free)) => {
                *free = Some(task);
                place
            }
            None => u32::try_from(self.tasks.push(Some(task))).unwrap_or(u32::MAX),
        }
    }

    /// When the next task is due.
    pub fn next_due(&self) -> Option<Micros> {
        self.heap.peek().map(|Reverse(key)| key.due)
    }

    /// Takes the next task.
    pub fn take(&mut self) -> Option<(Micros, T)> {
        let Reverse(key) = self.heap.pop()?;
        self.take_from(key)
    }

    fn take_from(&mut self, key: Key) -> Option<(Micros, T)> {
        self.free.push(key.place);
        let task = self.tasks.get_mut(key.place as usize)?.take()?;
        Some((key.due, task))
    }

    /// Takes out the first task that is wanted, wherever it stands. For interventions: it looks through everything.
    pub fn pull(&mut self, wanted: impl Fn(&T) -> bool) -> Option<(Micros, T)> {
        let is_wanted = |key: &&Reverse<Key>| self.task(key.0).is_some_and(&wanted);
        let Reverse(found) = *self.heap.iter().filter(is_wanted).max()?;
        self.heap.retain(|key| key.0 != found);
        self.take_from(found)
    }

    fn task(&self, key: Key) -> Option<&T> {
        self.tasks.get(key.place as usize)?.as_ref()
    }

    /// How many tasks wait.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Does nothing wait?
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Every waiting task with its due time, in no particular order: sort before anything depends on it.
    pub fn iter(&self) -> impl Iterator<Item = (Micros, &T)> {
        self.heap.iter().filter_map(|Reverse(key)| Some((key.due, self.task(*key)?)))
    }

    /// Every waiting task, soonest first.
    pub fn in_order(&self) -> Vec<(Micros, &T)> {
        let mut keys: Vec<Key> = self.heap.iter().map(|Reverse(key)| *key).collect();
        keys.sort_unstable();
        keys.into_iter().filter_map(|key| Some((key.due, self.task(key)?))).collect()
    }
}

impl<T: Clone> Default for Agenda<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.due, self.sequence).cmp(&(other.due, other.sequence))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::{Agenda, Micros};

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
}
