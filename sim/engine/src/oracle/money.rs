//! Invariant, *eventually*: what was charged and not refunded is what the customer owes: the total of an order that was
//! confirmed, and nothing for one that was rejected or cancelled [seed 000, saga].

use crate::shop::money::Cents;
use crate::shop::order::status::Status;
use crate::system::command_side::payments::Account;

use super::truth::OrderTruth;

/// What a customer has paid too much for an order, or too little (negative); of an order that is still pending, nothing can
/// be said.
pub fn difference(order: &OrderTruth, account: Account) -> Cents {
    let owed = match order.status {
        Status::Pending => return Cents(0),
        Status::Rejected | Status::Cancelled => Cents(0),
        Status::Confirmed | Status::Shipped | Status::Delivered => order.total,
    };
    account.charged - account.refunded - owed
}

#[cfg(test)]
mod tests {
    use super::{Account, Cents, OrderTruth, Status, difference};

    #[track_caller]
    fn check(status: Status, charged: i64, refunded: i64, expected: i64) {
        let order = OrderTruth { exists: true, total: Cents(5_000), status, ..OrderTruth::default() };
        let account = Account { charged: Cents(charged), refunded: Cents(refunded) };
        assert_eq!(difference(&order, account), Cents(expected));
    }

    #[test]
    fn a_confirmed_order_is_paid_once() {
        check(Status::Confirmed, 5_000, 0, 0);
        check(Status::Delivered, 10_000, 0, 5_000);
        check(Status::Shipped, 0, 0, -5_000);
    }

    #[test]
    fn a_rejected_order_costs_nothing() {
        check(Status::Rejected, 5_000, 5_000, 0);
        check(Status::Cancelled, 5_000, 0, 5_000);
        check(Status::Rejected, 5_000, 10_000, -5_000);
    }
}
