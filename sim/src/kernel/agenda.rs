//! What is still to happen, soonest first.

use core::cmp::Ordering;
use std::collections::BinaryHeap;

use super::time::Micros;

/// Tasks ordered by `(due, order of entry)`: there are no ties, so there is no surprise.
#[derive(Clone, Debug)]
pub struct Agenda<T> {
    heap: BinaryHeap<Entry<T>>,
    entered: u64,
}

#[derive(Clone, Debug)]
struct Entry<T> {
    due: Micros,
    sequence: u64,
    task: T,
}

impl<T> Agenda<T> {
    /// An empty agenda.
    pub const fn new() -> Self {
        Self { heap: BinaryHeap::new(), entered: 0 }
    }

    /// Enters a task.
    pub fn add(&mut self, due: Micros, task: T) {
        let sequence = self.entered;
        self.entered += 1;
        self.heap.push(Entry { due, sequence, task });
    }

    /// When the next task is due.
    pub fn next_due(&self) -> Option<Micros> {
        self.heap.peek().map(|entry| entry.due)
    }

    /// Takes the next task.
    pub fn take(&mut self) -> Option<(Micros, T)> {
        self.heap.pop().map(|entry| (entry.due, entry.task))
    }

    /// Takes out the first task that is wanted, wherever it stands. For interventions: it looks through everything.
    pub fn pull(&mut self, wanted: impl Fn(&T) -> bool) -> Option<(Micros, T)> {
        let found = self.heap.iter().filter(|entry| wanted(&entry.task)).max()?.sequence;
        let mut entries = core::mem::take(&mut self.heap).into_vec();
        let at = entries.iter().position(|entry| entry.sequence == found)?;
        let entry = entries.swap_remove(at);
        self.heap = entries.into();
        Some((entry.due, entry.task))
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
        self.heap.iter().map(|entry| (entry.due, &entry.task))
    }

    /// Every waiting task, soonest first.
    pub fn in_order(&self) -> Vec<(Micros, &T)> {
        let mut entries: Vec<&Entry<T>> = self.heap.iter().collect();
        entries.sort_by_key(|entry| (entry.due, entry.sequence));
        entries.into_iter().map(|entry| (entry.due, &entry.task)).collect()
    }
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self::new()
    }
}

// The heap yields its greatest entry, so "greater" is "sooner".
impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.due, other.sequence).cmp(&(self.due, self.sequence))
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Entry<T> {}

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
