//! Invariant, *eventually*: nothing is stuck. Counted is what waits for something that may never come: partitions at which a
//! reader has halted, events that it has parked, and events that a buffer holds back for a missing one.

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
}

impl Stuck {
    /// What is stuck at a reader.
    pub fn at(world: &World, reader: Reader) -> Self {
        let port = world.reader(reader);
        Self { halted: port.group().halted(), parked: port.dead_letters().count(), held_back: port.sequences().held() }
    }

    /// What is stuck at all readers.
    pub fn anywhere(world: &World) -> Self {
        Reader::ALL.into_iter().map(|reader| Self::at(world, reader)).fold(Self::default(), |sum, one| Self {
            halted: sum.halted + one.halted,
            parked: sum.parked + one.parked,
            held_back: sum.held_back + one.held_back,
        })
    }

    /// How many things are stuck.
    pub const fn count(&self) -> usize {
        self.halted + self.parked + self.held_back
    }

    /// What is stuck, in words: `2 parked, 1 held back`.
    pub fn told(&self) -> String {
        let parts = [(self.halted, "halted"), (self.parked, "parked"), (self.held_back, "held back")];
        let told = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
        told.collect::<Vec<_>>().join(", ")
    }
}
