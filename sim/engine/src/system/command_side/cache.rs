//! The validation cache [seed 001, "Command Validation Caching"]: what an owner has said is believed for a while without
//! asking again. Fewer questions, and decisions on older data.
//!
//! It is a store of its own beside the Order Service, so a crash of the service does not empty it. That something is not
//! there is not kept: whoever registers a moment later would be refused until the time is over.

use std::collections::BTreeMap;

use crate::kernel::time::Micros;
use crate::shop::ids::{CustomerId, ProductId};

use super::enquiry::Said;
use super::place_order::{CustomerFacts, ProductFacts};

/// What the owners have said of late.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationCache {
    customers: BTreeMap<CustomerId, Kept<CustomerFacts>>,
    products: BTreeMap<ProductId, Kept<ProductFacts>>,
}

/// An answer, and when it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kept<T> {
    facts: T,
    at: Micros,
}

impl<T: Copy> Kept<T> {
    /// The answer, if it is not older than `ttl`.
    fn still_good(&self, ttl: Micros, now: Micros) -> Option<T> {
        (now.since(self.at) <= ttl).then_some(self.facts)
    }
}

impl ValidationCache {
    /// Keeps what has just been said; `customer` is whom the question was about.
    pub fn keep(&mut self, customer: CustomerId, said: &Said, now: Micros) {
        match said {
            Said::Customer(None) => {}
            Said::Customer(Some(facts)) => {
                self.customers.insert(customer, Kept { facts: *facts, at: now });
            }
            Said::Products(known) => {
                self.products.extend(known.iter().map(|(product, facts)| (*product, Kept { facts: *facts, at: now })));
            }
        }
    }

    /// What is known of a customer, if it was said no longer ago than `ttl`.
    pub fn customer(&self, customer: CustomerId, ttl: Micros, now: Micros) -> Option<CustomerFacts> {
        self.customers.get(&customer)?.still_good(ttl, now)
    }

    /// What is known of these products, if all of it was said no longer ago than `ttl`: one question asks for all of them,
    /// so a single one that is missing costs as much as all.
    pub fn products(&self, wanted: &[ProductId], ttl: Micros, now: Micros) -> Option<Vec<(ProductId, ProductFacts)>> {
        let known = |product: &ProductId| Some((*product, self.products.get(product)?.still_good(ttl, now)?));
        wanted.iter().map(known).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{CustomerFacts, CustomerId, Micros, ProductFacts, ProductId, Said, ValidationCache};

    const WHO: CustomerId = CustomerId(1);
    const TTL: Micros = Micros::from_secs(5);

    #[test]
    fn believes_an_answer_until_its_time_is_over() {
        let mut cache = ValidationCache::default();
        cache.keep(WHO, &Said::Customer(Some(CustomerFacts::default())), Micros::from_secs(1));
        assert!(cache.customer(WHO, TTL, Micros::from_secs(6)).is_some());
        assert!(cache.customer(WHO, TTL, Micros(6_000_001)).is_none());
        assert!(cache.customer(CustomerId(2), TTL, Micros::from_secs(1)).is_none());
    }

    #[test]
    fn never_believes_that_something_is_not_there() {
        let mut cache = ValidationCache::default();
        cache.keep(WHO, &Said::Customer(None), Micros::ZERO);
        assert!(cache.customer(WHO, TTL, Micros::ZERO).is_none());
    }

    #[test]
    fn a_single_unknown_product_means_to_ask_for_all() {
        let mut cache = ValidationCache::default();
        cache.keep(WHO, &Said::Products(vec![(ProductId(1), ProductFacts::default())]), Micros::ZERO);
        assert!(cache.products(&[ProductId(1)], TTL, TTL).is_some());
        assert!(cache.products(&[ProductId(1), ProductId(2)], TTL, TTL).is_none());
    }
}
