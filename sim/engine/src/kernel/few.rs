//! A map of few entries, as a rule.

/// A map that keeps its entries in one sorted list: for rows of tables, of which there are many and each has but a few entries,
/// it takes a fraction of what a tree does, and is as fast.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Few<K, V>(Vec<(K, V)>);

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> Few<K, V> {
    fn place(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.cmp(key))
    }

    /// The value of a key, if it is there.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.place(key).ok().map(|at| &self.0[at].1)
    }

    /// The value of a key, which is made with its default first where it is not there yet.
    pub fn entry(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let at = self.place(&key).unwrap_or_else(|at| {
            self.0.insert(at, (key, V::default()));
            at
        });
        &mut self.0[at].1
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.place(key).ok().map(|at| self.0.remove(at).1)
    }

    /// All entries, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::Few;

    #[test]
    fn entries_stand_in_the_order_of_their_keys() {
        let mut few = Few::default();
        for key in [5, 1, 3, 1] {
            *few.entry(key) += 10;
        }
        assert!(few.iter().eq([(&1, &20), (&3, &10), (&5, &10)]));
        assert_eq!((few.get(&3), few.get(&4)), (Some(&10), None));
        assert_eq!((few.remove(&1), few.remove(&1)), (Some(20), None));
        assert!(few.iter().eq([(&3, &10), (&5, &10)]));
    }
}
