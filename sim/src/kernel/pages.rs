//! A growing table whose copy costs next to nothing until one of the two is changed.

use std::sync::Arc;

/// Rows to a page. Small enough that a changed row copies little, large enough that a copy of the table is short.
const ROWS: usize = 32;

/// A table of rows numbered from zero, kept in shared pages.
///
/// History keeps many copies of the world. Most rows of most tables never change again, so copies share every page that
/// neither side has written since; a write copies just its own page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pages<T> {
    pages: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self { pages: Vec::new(), len: 0 }
    }
}

impl<T: Clone> Pages<T> {
    /// The number of rows.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Is there no row yet?
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a row at the end and returns its number.
    pub fn push(&mut self, row: T) -> usize {
        if self.len.is_multiple_of(ROWS) {
            self.pages.push(Arc::new(Vec::with_capacity(ROWS)));
        }
        if let Some(page) = self.pages.last_mut() {
            own(page).push(row);
        }
        self.len += 1;
        self.len - 1
    }

    /// The row with this number, if there is one.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.pages.get(at / ROWS)?.get(at % ROWS)
    }

    /// The row with this number, to be changed.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        own(self.pages.get_mut(at / ROWS)?).get_mut(at % ROWS)
    }

    /// The row with this number, to be changed; rows up to it are made with their default first.
    pub fn entry(&mut self, at: usize) -> &mut T
    where
        T: Default,
    {
        while self.len <= at {
            self.push(T::default());
        }
        &mut own(&mut self.pages[at / ROWS])[at % ROWS]
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flat_map(|page| page.iter())
    }
}

/// The page for writing: copied first, with room to grow, when another table still shares it.
fn own<T: Clone>(page: &mut Arc<Vec<T>>) -> &mut Vec<T> {
    if Arc::get_mut(page).is_none() {
        let mut copy = Vec::with_capacity(ROWS);
        copy.extend_from_slice(page);
        *page = Arc::new(copy);
    }
    Arc::make_mut(page)
}

#[cfg(test)]
mod tests {
    use super::Pages;

    #[test]
    fn a_copy_keeps_what_it_was_copied_from() {
        let mut table = Pages::default();
        for n in 0..100 {
            table.push(n);
        }
        let copy = table.clone();
        *table.entry(50) = 7;
        table.push(100);
        assert_eq!((copy.get(50), copy.len()), (Some(&50), 100));
        assert_eq!((table.get(50), table.len()), (Some(&7), 101));
    }
}
