//! Invariant, *eventually*: nothing is stuck. Counted is what waits for something that may never come: partitions at which a
//! reader has halted, events that it has parked, events that a buffer holds back for a missing one, and messages that a hand holds.

use crate::system::place::Reader;
use crate::system::world::World;

/// What is stuck at one reader, or at several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stuck {
    /// Partitions, or queues, that are read no further.
    pub halted: usize,
    /// Events that were put aside.
    pub parked: usize,
    /// Events held back for a gap.
    pub held_back: usize,
    /// Messages that a hand holds.
    pub in_hand: usize,
}

impl Stuck {
    /// What is stuck at a reader.
    pub fn at(world: &World, reader: Reader) -> Self {
        let port = world.reader(reader);
        let (halted, parked) = (port.group().halted(), port.dead_letters().count());
        Self { halted, parked, held_back: port.sequences().held(), in_hand: 0 }
    }

    /// What is stuck at all readers.
    pub fn anywhere(world: &World) -> Self {
        let none = Self { in_hand: world.held().count(), ..Self::default() };
        // Nobody misses what a version had that is retired.
        let runs = |reader: &Reader| reader.keeps().is_none_or(|model| world.versions(model).stage(*reader).runs());
        Reader::ALL.into_iter().filter(runs).map(|reader| Self::at(world, reader)).fold(none, |sum, one| Self {
            halted: sum.halted + one.halted,
            parked: sum.parked + one.parked,
            held_back: sum.held_back + one.held_back,
            in_hand: sum.in_hand,
        })
    }

    /// How many things are stuck.
    pub const fn count(&self) -> usize {
        self.halted + self.parked + self.held_back + self.in_hand
    }

    /// What is stuck, in words: `2 parked, 1 held back`.
    pub fn told(&self) -> String {
        let parts = [
            (self.halted, "halted"),
            (self.parked, "parked"),
            (self.held_back, "held back"),
            (self.in_hand, "in your hand"),
        ];
        let told = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
        told.collect::<Vec<_>>().join(", ")
    }
}
