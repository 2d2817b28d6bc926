//! A long list that grows at its end, is read in order, and is kept small.
//!
//! A run writes down two or three things for each of its steps. Kept as they are, these entries would take more memory than
//! everything else together, so all but the last of them are kept packed, in blocks: column by column, each number in as few
//! bytes as the block needs.

use core::cell::RefCell;
use core::fmt;
use core::ops::{Bound, RangeBounds};
use std::sync::Arc;

use bitcode::{Buffer, DecodeOwned, Encode};

/// Rows to a block. Reading one row unpacks its block, and packing fewer rows at once takes more bytes for each.
const BLOCK: usize = 2_048;

/// A row that a tape can keep: it is packed by how it differs from the one before.
pub trait Row: Copy {
    /// What is packed of it.
    type Packed: Encode + DecodeOwned;

    /// How it differs from the row before. A block's first row is packed as if it stood before itself.
    fn packed(&self, before: &Self) -> Self::Packed;

    /// The row that differs so from the one before.
    fn unpacked(packed: Self::Packed, before: &Self) -> Self;
}

/// The whole list.
#[derive(Clone, Debug)]
pub struct Tape<T> {
    blocks: Vec<Block<T>>,
    /// What came after the last block.
    end: Vec<T>,
    /// The block that was unpacked last: whoever reads on with every frame wants the same one for a while.
    unpacked: RefCell<Unpacked<T>>,
    packer: Packer,
}

/// The memory that packing works in, kept from block to block. A copy gets its own.
#[derive(Default)]
struct Packer(Buffer);

impl Clone for Packer {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Packer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Packer")
    }
}

/// So many rows, packed.
#[derive(Clone, Debug)]
struct Block<T> {
    /// The first row, by which a place can be found without unpacking.
    first: T,
    bytes: Box<[u8]>,
}

/// The rows of a block.
#[derive(Debug)]
struct Unpacked<T> {
    /// The number of the block; none while nothing is unpacked.
    block: Option<usize>,
    rows: Arc<[T]>,
}

impl<T> Default for Unpacked<T> {
    fn default() -> Self {
        Self { block: None, rows: Arc::default() }
    }
}

impl<T> Clone for Unpacked<T> {
    fn clone(&self) -> Self {
        Self { block: self.block, rows: Arc::clone(&self.rows) }
    }
}

impl<T: Row> Block<T> {
    fn of(rows: &[T], packer: &mut Packer) -> Self {
        let befores = rows.first().into_iter().chain(rows);
        let packed: Vec<T::Packed> = rows.iter().zip(befores).map(|(row, before)| row.packed(before)).collect();
        Self { first: rows[0], bytes: packer.0.encode(&packed).into() }
    }

    fn rows(&self) -> Arc<[T]> {
        let packed: Vec<T::Packed> = bitcode::decode(&self.bytes).unwrap_or_default();
        debug_assert_eq!(packed.len(), BLOCK, "a block holds what was packed into it");
        let mut before = self.first;
        let unpacked = packed.into_iter().map(|row| {
            before = T::unpacked(row, &before);
            before
        });
        unpacked.collect()
    }
}

impl<T> Default for Tape<T> {
    fn default() -> Self {
        Self { blocks: Vec::new(), end: Vec::new(), unpacked: RefCell::default(), packer: Packer::default() }
    }
}

impl<T: Row> Tape<T> {
    /// Lets `write` add rows at the end. It sees the last rows, of which it must not take any away.
    pub fn extend_with<R>(&mut self, write: impl FnOnce(&mut Vec<T>) -> R) -> R {
        let written = write(&mut self.end);
        if self.end.len() >= BLOCK {
            self.pack();
        }
        written
    }

    /// Packs the full blocks at the end.
    #[cold]
    fn pack(&mut self) {
        let full = self.end.len() / BLOCK * BLOCK;
        let Self { blocks, end, packer, .. } = self;
        blocks.extend(end[..full].chunks(BLOCK).map(|rows| Block::of(rows, packer)));
        self.end.drain(..full);
    }

    /// Keeps the first rows, so many at most.
    pub fn truncate(&mut self, len: usize) {
        let block = len / BLOCK;
        if let Some(cut) = self.blocks.get(block) {
            self.end = cut.rows().to_vec();
            self.blocks.truncate(block);
            self.unpacked.take();
        }
        self.end.truncate(len - self.blocks.len() * BLOCK);
    }

    /// The rows of a block, which must be there.
    fn unpacked(&self, block: usize) -> Unpacked<T> {
        let mut last = self.unpacked.borrow_mut();
        if last.block != Some(block) {
            *last = Unpacked { block: Some(block), rows: self.blocks[block].rows() };
        }
        last.clone()
    }

    /// All rows.
    pub fn all(&self) -> Stretch<'_, T> {
        Stretch { tape: self, from: 0, until: self.blocks.len() * BLOCK + self.end.len() }
    }
}

impl<T: Row> FromIterator<T> for Tape<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let mut tape = Self::default();
        tape.extend_with(|end| end.extend(rows));
        tape
    }
}

/// A part of a tape, or all of it: what can be read. Its rows are numbered from 0.
pub struct Stretch<'a, T> {
    tape: &'a Tape<T>,
    from: usize,
    until: usize,
}

impl<T> Clone for Stretch<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Stretch<'_, T> {}

impl<'a, T: Row> Stretch<'a, T> {
    /// How many rows there are.
    pub const fn len(self) -> usize {
        self.until - self.from
    }

    /// Is there no row?
    pub const fn is_empty(self) -> bool {
        self.from == self.until
    }

    /// The row with this number, if there is one. Unpacks its block: whoever wants many rows iterates.
    pub fn get(self, at: usize) -> Option<T> {
        self.part(at..).iter().next()
    }

    /// The last row.
    pub fn last(self) -> Option<T> {
        self.iter().next_back()
    }

    /// The rows with these numbers, as far as there are any.
    pub fn part(self, rows: impl RangeBounds<usize>) -> Self {
        let place = |bound: Bound<&usize>, beyond: Bound<()>, open: usize| match bound {
            Bound::Unbounded => open,
            Bound::Included(at) => {
                self.from.saturating_add(*at).saturating_add(usize::from(beyond == Bound::Included(())))
            }
            Bound::Excluded(at) => {
                self.from.saturating_add(*at).saturating_add(usize::from(beyond == Bound::Excluded(())))
            }
        };
        let from = place(rows.start_bound(), Bound::Excluded(()), self.from).min(self.until);
        let until = place(rows.end_bound(), Bound::Included(()), self.until).min(self.until);
        Self { tape: self.tape, from, until: until.max(from) }
    }

    /// How many rows at the beginning fit, where all that fit stand before all that don't.
    pub fn partition_point(self, mut fits: impl FnMut(&T) -> bool) -> usize {
        let Tape { blocks, end, .. } = self.tape;
        let fitting = match blocks.partition_point(|block| fits(&block.first)).checked_sub(1) {
            None if blocks.is_empty() => end.partition_point(fits),
            None => 0,
            // All blocks before the last one whose first row fits do so whole.
            Some(last) => match self.tape.unpacked(last).rows.partition_point(&mut fits) {
                BLOCK if last + 1 == blocks.len() => blocks.len() * BLOCK + end.partition_point(fits),
                fitting => last * BLOCK + fitting,
            },
        };
        fitting.clamp(self.from, self.until) - self.from
    }

    /// The rows, one by one, from either end.
    pub fn iter(self) -> Rows<'a, T> {
        Rows { left: self, front: Unpacked::default(), back: Unpacked::default() }
    }
}

impl<'a, T: Row> IntoIterator for Stretch<'a, T> {
    type Item = T;
    type IntoIter = Rows<'a, T>;

    fn into_iter(self) -> Rows<'a, T> {
        self.iter()
    }
}

impl<T: Row + PartialEq> PartialEq for Stretch<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<T: Row + fmt::Debug> fmt::Debug for Stretch<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The rows of a stretch that were not read yet, and the blocks that are being read.
pub struct Rows<'a, T> {
    left: Stretch<'a, T>,
    front: Unpacked<T>,
    back: Unpacked<T>,
}

impl<T: Row> Unpacked<T> {
    /// The row with this number on the tape, which must be there.
    fn row(&mut self, tape: &Tape<T>, at: usize) -> T {
        let block = at / BLOCK;
        if block >= tape.blocks.len() {
            return tape.end[at - tape.blocks.len() * BLOCK];
        }
        if self.block != Some(block) {
            *self = tape.unpacked(block);
        }
        self.rows[at % BLOCK]
    }
}

impl<T: Row> Iterator for Rows<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.left.is_empty() {
            return None;
        }
        self.left.from += 1;
        Some(self.front.row(self.left.tape, self.left.from - 1))
    }

    fn nth(&mut self, n: usize) -> Option<T> {
        self.left = self.left.part(n..);
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left.len(), Some(self.left.len()))
    }
}

impl<T: Row> DoubleEndedIterator for Rows<'_, T> {
    fn next_back(&mut self) -> Option<T> {
        if self.left.is_empty() {
            return None;
        }
        self.left.until -= 1;
        Some(self.back.row(self.left.tape, self.left.until))
    }
}

impl<T: Row> ExactSizeIterator for Rows<'_, T> {}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Row, Tape};

    impl Row for u64 {
        type Packed = u64;

        fn packed(&self, before: &Self) -> u64 {
            self - before
        }

        fn unpacked(packed: u64, before: &Self) -> Self {
            before + packed
        }
    }

    /// Two and a half blocks of rising numbers.
    fn tape() -> (Tape<u64>, Vec<u64>) {
        let rows: Vec<u64> = (0..BLOCK as u64 * 5 / 2).map(|n| n * n).collect();
        let mut tape = Tape::default();
        for few in rows.chunks(3) {
            tape.extend_with(|end| end.extend_from_slice(few));
        }
        (tape, rows)
    }

    #[test]
    fn what_was_written_is_read_from_either_end() {
        let (tape, rows) = tape();
        assert!(tape.blocks.len() == 2 && tape.end.len() == BLOCK / 2, "most of it is packed");
        assert_eq!(tape.all().len(), rows.len());
        assert!(tape.all().iter().eq(rows.iter().copied()));
        assert!(tape.all().iter().rev().eq(rows.iter().rev().copied()));
        let mut both = tape.all().iter();
        assert_eq!((both.next(), both.next_back(), both.len()), (Some(0), rows.last().copied(), rows.len() - 2));
    }

    #[test]
    fn a_part_has_the_rows_of_the_same_slice() {
        let (tape, rows) = tape();
        for (from, until) in [(0, 0), (5, 9), (BLOCK - 1, BLOCK + 1), (10, 2 * BLOCK + 7), (2 * BLOCK, rows.len())] {
            let part = tape.all().part(from..until);
            assert!(part.iter().eq(rows[from..until].iter().copied()), "{from}..{until}");
            assert_eq!(part.get(2), rows[from..until].get(2).copied());
            assert_eq!(part.last(), rows[from..until].last().copied());
            assert_eq!(part.part(1..=2).len(), rows[from..until].len().saturating_sub(1).min(2));
            for below in [0, 3, rows[BLOCK], rows[BLOCK] + 1, rows[2 * BLOCK], u64::MAX] {
                let expected = rows[from..until].partition_point(|row| *row < below);
                assert_eq!(part.partition_point(|row| *row < below), expected, "{from}..{until} below {below}");
            }
        }
        assert!(tape.all().part(rows.len() + 4..).is_empty() && tape.all().get(rows.len()).is_none());
    }

    #[test]
    fn what_is_cut_off_can_be_written_anew() {
        for keep in [0, 7, BLOCK, BLOCK + 1, 2 * BLOCK + 3] {
            let (mut tape, rows) = tape();
            assert_eq!(tape.all().get(keep + 1), rows.get(keep + 1).copied(), "what is cut off was read before");
            tape.truncate(keep);
            assert!(tape.all().iter().eq(rows[..keep].iter().copied()), "{keep}");
            let others: Vec<u64> = rows[keep..].iter().map(|row| row + 1).collect();
            tape.extend_with(|end| end.extend_from_slice(&others));
            assert!(tape.all().part(keep..).iter().eq(others), "{keep} and others after it");
        }
    }
}
