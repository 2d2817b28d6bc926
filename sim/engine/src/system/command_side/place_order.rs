//! The validation of an order against data of other services [seed 000]: six refusals in order, then the order's own rules.

use crate::shop::customer::membership::Membership;
use crate::shop::ids::{CustomerId, ProductId};
use crate::shop::money::Cents;
use crate::shop::order::event::Line;
use crate::shop::refusal::Refusal;

/// What has to be known of a customer, and nothing more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CustomerFacts {
    /// May the customer order?
    pub active: bool,
    /// On what terms.
    pub membership: Membership,
    /// How much a credit customer may owe.
    pub credit_limit: Cents,
}

/// What has to be known of a product, and nothing more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProductFacts {
    /// The price of one.
    pub price: Cents,
    /// How many there are.
    pub stock: u32,
    /// Is it for sale?
    pub available: bool,
}

/// Where the facts come from: a replica, the owners' tables, an answer.
pub trait Facts {
    /// What is known of a customer.
    fn customer(&self, customer: CustomerId) -> Option<CustomerFacts>;
    /// What is known of a product.
    fn product(&self, product: ProductId) -> Option<ProductFacts>;
}

/// Checks an order and prices its lines by what is known.
///
/// # Errors
/// CustomerNotFound, CustomerNotActive, ProductNotFound, ProductNotAvailable, InsufficientStock or CreditLimitExceeded: the
/// first in this order that applies to any line.
pub fn validate(customer: CustomerId, lines: &[Line], facts: &(impl Facts + ?Sized)) -> Result<Vec<Line>, Refusal> {
    let known = facts.customer(customer).ok_or(Refusal::CustomerNotFound(customer))?;
    if !known.active {
        return Err(Refusal::CustomerNotActive(customer));
    }
    let products: Vec<(Line, ProductFacts)> = lines
        .iter()
        .map(|line| Ok((*line, facts.product(line.product).ok_or(Refusal::ProductNotFound(line.product))?)))
        .collect::<Result<_, _>>()?;
    for (line, product) in &products {
        if !product.available {
            return Err(Refusal::ProductNotAvailable(line.product));
        }
        // Two lines of the same product draw on the same stock.
        let wanted = lines.iter().filter(|other| other.product == line.product).map(|other| u64::from(other.quantity));
        if wanted.sum::<u64>() > u64::from(product.stock) {
            return Err(Refusal::InsufficientStock(line.product));
        }
    }
    let priced: Vec<Line> = products.iter().map(|(line, product)| Line { price: product.price, ..*line }).collect();
    let total: Cents = priced.iter().map(Line::total).sum();
    if known.membership == Membership::Credit && total > known.credit_limit {
        return Err(Refusal::CreditLimitExceeded(customer));
    }
    Ok(priced)
}

#[cfg(test)]
mod tests {
    use super::{
        Cents, CustomerFacts, CustomerId, Facts, Line, Membership, ProductFacts, ProductId, Refusal, validate,
    };

    struct Known {
        customer: Option<CustomerFacts>,
        product: Option<ProductFacts>,
    }

    impl Facts for Known {
        fn customer(&self, _: CustomerId) -> Option<CustomerFacts> {
            self.customer
        }
        fn product(&self, product: ProductId) -> Option<ProductFacts> {
            self.product.filter(|_| product == PRODUCT)
        }
    }

    const CUSTOMER: CustomerId = CustomerId(100);
    const PRODUCT: ProductId = ProductId(1);
    const ACTIVE: CustomerFacts =
        CustomerFacts { active: true, membership: Membership::Credit, credit_limit: Cents(15_000) };
    const FOR_SALE: ProductFacts = ProductFacts { price: Cents(4_999), stock: 5, available: true };

    fn line(product: ProductId, quantity: u32) -> Line {
        Line { number: 1, product, quantity, price: Cents(1) }
    }

    /// Given what is known, when so many are ordered, then this is decided.
    #[track_caller]
    fn check(
        customer: Option<CustomerFacts>,
        product: Option<ProductFacts>,
        lines: &[Line],
        then: Result<i64, Refusal>,
    ) {
        let priced = validate(CUSTOMER, lines, &Known { customer, product });
        assert_eq!(priced.map(|lines| lines.iter().map(Line::total).sum::<Cents>().0), then);
    }

    #[test]
    fn the_total_uses_the_known_prices() {
        check(Some(ACTIVE), Some(FOR_SALE), &[line(PRODUCT, 2)], Ok(9_998));
    }

    #[test]
    fn the_six_refusals_come_in_order() {
        let many = [line(PRODUCT, 6)];
        let suspended = CustomerFacts { active: false, ..ACTIVE };
        let gone = ProductFacts { available: false, stock: 0, ..FOR_SALE };
        let plenty = ProductFacts { stock: 6, ..FOR_SALE };
        check(None, None, &many, Err(Refusal::CustomerNotFound(CUSTOMER)));
        check(Some(suspended), None, &many, Err(Refusal::CustomerNotActive(CUSTOMER)));
        check(Some(ACTIVE), None, &many, Err(Refusal::ProductNotFound(PRODUCT)));
        check(Some(ACTIVE), Some(gone), &many, Err(Refusal::ProductNotAvailable(PRODUCT)));
        check(Some(ACTIVE), Some(FOR_SALE), &many, Err(Refusal::InsufficientStock(PRODUCT)));
        check(Some(ACTIVE), Some(plenty), &many, Err(Refusal::CreditLimitExceeded(CUSTOMER)));
    }

    #[test]
    fn an_unknown_product_is_told_before_another_is_found_missing() {
        let lines = [line(PRODUCT, 6), line(ProductId(2), 1)];
        check(Some(ACTIVE), Some(FOR_SALE), &lines, Err(Refusal::ProductNotFound(ProductId(2))));
    }

    #[test]
    fn two_lines_draw_on_the_same_stock() {
        let lines = [line(PRODUCT, 3), line(PRODUCT, 3)];
        check(Some(ACTIVE), Some(FOR_SALE), &lines, Err(Refusal::InsufficientStock(PRODUCT)));
    }

    #[test]
    fn a_limit_binds_only_credit_customers() {
        let standard = CustomerFacts { membership: Membership::Standard, ..ACTIVE };
        let plenty = ProductFacts { stock: 100, ..FOR_SALE };
        check(Some(standard), Some(plenty), &[line(PRODUCT, 50)], Ok(249_950));
    }
}
