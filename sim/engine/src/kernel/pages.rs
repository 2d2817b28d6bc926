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
    pages: Vec<Arc<Page<T>>>,
    len: usize,
}

/// Rows that stand next to each other. A table copies a page before it writes on it, if another table shares it.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Page<T>(Vec<T>);

impl<T> Page<T> {
    /// Rows to a page: small rows stand on few pages, for a copy of the table copies the list of its pages.
    const ROWS: usize = match PAGE_BYTES.checked_div(size_of::<T>()) {
        Some(rows) if rows > ROWS_MIN => 1 << rows.ilog2(),
        _ => ROWS_MIN,
    };
}

impl<T: Clone> Clone for Page<T> {
    /// A copy has room to grow, as its original had: the last page of a table grows on.
    fn clone(&self) -> Self {
        let mut copy = Self(Vec::with_capacity((self.0.len() + 1).next_power_of_two().min(Self::ROWS)));
        copy.0.extend_from_slice(&self.0);
        copy
    }
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
        if self.len.is_multiple_of(Page::<T>::ROWS) {
            self.pages.push(Arc::new(Page(Vec::new())));
        }
        if let Some(page) = self.pages.last_mut() {
            Arc::make_mut(page).0.push(row);
        }
        self.len += 1;
        self.len - 1
    }

    /// The row with this number, if there is one.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.pages.get(at / Page::<T>::ROWS)?.0.get(at % Page::<T>::ROWS)
    }

    /// The row with this number, to be changed.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        Arc::make_mut(self.pages.get_mut(at / Page::<T>::ROWS)?).0.get_mut(at % Page::<T>::ROWS)
    }

    /// The row with this number, to be changed; rows up to it are made with their default first.
    pub fn entry(&mut self, at: usize) -> &mut T
    where
        T: Default,
    {
        while self.len <= at {
            self.push(T::default());
        }
        &mut Arc::make_mut(&mut self.pages[at / Page::<T>::ROWS]).0[at % Page::<T>::ROWS]
    }

    /// Takes all rows out, in order.
    pub fn into_rows(self) -> impl Iterator<Item = T> {
        self.pages.into_iter().flat_map(|page| Arc::unwrap_or_clone(page).0)
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flat_map(|page| page.0.iter())
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
