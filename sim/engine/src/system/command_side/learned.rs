//! What an asker has learned from the owners, as it travels with a command.

use crate::shop::ids::{CustomerId, ProductId};
use crate::shop::refusal::OwnerName;

use super::place_order::{CustomerFacts, Facts, ProductFacts};

/// What came of asking the owners.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Learned {
    /// Both have answered.
    Known(Known),
    /// One has not, or was not asked because its circuit is open.
    Unavailable(OwnerName),
}

/// What the owners have said. It was true when they said it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Known {
    /// What the Customer Service said of the customer.
    pub customer: Option<CustomerFacts>,
    /// What the Product Service said of each product that it knows.
    pub products: Vec<(ProductId, ProductFacts)>,
}

impl Facts for Known {
    fn customer(&self, _: CustomerId) -> Option<CustomerFacts> {
        self.customer
    }

    fn product(&self, product: ProductId) -> Option<ProductFacts> {
        self.products.iter().find(|(known, _)| *known == product).map(|(_, facts)| *facts)
    }
}
