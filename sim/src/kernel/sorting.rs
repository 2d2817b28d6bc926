//! Sorting, with the code for it once instead of once for each type that is sorted.
//!
//! The sort of the standard library is several kilobytes for each type and each order. That is worth it where a run spends its
//! time; what is shown is a few hundred things, and the page downloads every copy.

use core::cmp::Ordering;

/// Sorts by a key, which is taken once of each item; what has the same key stays in its order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let order = in_order(keys.len(), &|one, other| keys[one].cmp(&keys[other]));
    for place in 0..order.len() {
        // What belongs here may have been moved already, to make room for what came before.
        let mut from = order[place];
        while from < place {
            from = order[from];
        }
        items.swap(place, from);
    }
}

/// The places of so many things in their order.
fn in_order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|one, other| compare(*one, *other));
    places
}

#[cfg(test)]
mod tests {
    use core::cmp::Reverse;

    use super::sort_by_key;
    use crate::kernel::fate::mix;

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        for length in 0..100_u64 {
            let items: Vec<(u64, u64)> = (0..length).map(|n| (mix(n + length * 1_000) % 7, n)).collect();
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by_key(&mut ours, |(key, _)| Reverse(*key));
            theirs.sort_by_key(|(key, _)| Reverse(*key));
            assert_eq!(ours, theirs, "{length}");
        }
    }
}
