//! What is read from a run while it grows, and when it is shown anew.

use sim::oracle::lags::Whose;

/// What figures were made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// How many entries of the trace.
    pub read: usize,
    /// Is more to come?
    pub more: bool,
    /// Whose they are, if somebody's were asked for.
    pub whose: Option<Whose>,
}

impl Shown {
    /// Are figures made of this to be shown now, after these? Somebody else's are shown at once, and so are the beginning
    /// and the whole; what only grows waits until it is due.
    pub fn follows(&self, last: Option<Self>, due: bool) -> bool {
        last.is_none_or(|last| last.whose != self.whose || last.more != self.more || (due && last != *self))
    }
}

#[cfg(test)]
mod tests {
    use sim::system::place::{Model, Reader};

    use super::{Shown, Whose};

    #[test]
    fn what_only_grows_waits_and_the_whole_does_not() {
        let first = Shown { read: 10, more: true, whose: None };
        assert!(first.follows(None, false));
        let grown = Shown { read: 20, ..first };
        assert_eq!([false, true].map(|due| grown.follows(Some(first), due)), [false, true]);
        let whole = Shown { more: false, ..grown };
        assert!(whole.follows(Some(grown), false));
        assert!(!whole.follows(Some(whole), true));
        let others = Shown { whose: Some(Whose::Reader(Reader::Projection(Model::SalesDashboard))), ..whole };
        assert!(others.follows(Some(whole), false));
    }
}
