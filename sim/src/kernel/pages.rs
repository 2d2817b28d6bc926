//! A growing table whose copy costs next to nothing until one of the two is changed.

use std::sync::Arc;

/// Bytes to a page. Small enough that a changed row copies little, large enough that a copy of the table is short.
const PAGE_BYTES: usize = 1_024;
/// Rows to a page at least, however large they are.
const ROWS_MIN: usize = 32;

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
    /// Rows to a page: small rows stand on few pages, for a copy of the table copies the list of its pages.
    const ROWS: usize = match PAGE_BYTES.checked_div(size_of::<T>()) {
        Some(rows) if rows > ROWS_MIN => 1 << rows.ilog2(),
        _ => ROWS_MIN,
    };

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
        if self.len.is_multiple_of(Self::ROWS) {
            self.pages.push(Arc::new(Vec::with_capacity(Self::ROWS)));
        }
        if let Some(page) = self.pages.last_mut() {
            Self::own(page).push(row);
        }
        self.len += 1;
        self.len - 1
    }

    /// The row with this number, if there is one.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.pages.get(at / Self::ROWS)?.get(at % Self::ROWS)
    }

    /// The row with this number, to be changed.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        Self::own(self.pages.get_mut(at / Self::ROWS)?).get_mut(at % Self::ROWS)
    }

    /// The row with this number, to be changed; rows up to it are made with their default first.
    pub fn entry(&mut self, at: usize) -> &mut T
    where
        T: Default,
    {
        while self.len <= at {
            self.push(T::default());
        }
        &mut Self::own(&mut self.pages[at / Self::ROWS])[at % Self::ROWS]
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flat_map(|page| page.iter())
    }

    /// The page for writing: copied first, with room to grow, when another table still shares it.
    fn own(page: &mut Arc<Vec<T>>) -> &mut Vec<T> {
        if Arc::get_mut(page).is_none() {
            let mut copy = Vec::with_capacity(Self::ROWS);
            copy.extend_from_slice(page);
            *page = Arc::new(copy);
        }
        Arc::make_mut(page)
    }
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
