//! Why a command was refused. A refusal is an answer, not an error.

use core::fmt;

use super::money::Cents;
use super::status::Status;

/// The rule that a command would have broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// An order has at least one line.
    NoItems,
    /// Every quantity is more than zero.
    NoQuantity,
    /// The total is at least [`MINIMUM_TOTAL`](super::order::MINIMUM_TOTAL).
    MinimumOrder,
    /// An order is created once.
    AlreadyExists,
    /// Only an order that exists can be changed.
    NoSuchOrder,
    /// Only a line that exists can be taken out.
    NoSuchLine,
    /// An order has at most [`LINES_MAX`](super::order::LINES_MAX) lines.
    TooManyLines,
    /// The order's state does not allow it.
    NotWhile(Status),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoItems => f.write_str("an order needs at least one item"),
            Self::NoQuantity => f.write_str("every quantity must be more than zero"),
            Self::MinimumOrder => write!(f, "the total must be at least {}", super::order::MINIMUM_TOTAL),
            Self::AlreadyExists => f.write_str("the order exists already"),
            Self::NoSuchOrder => f.write_str("there is no such order"),
            Self::NoSuchLine => f.write_str("the order has no such line"),
            Self::TooManyLines => {
                write!(f, "an order has at most {} lines", super::order::LINES_MAX)
            }
            Self::NotWhile(status @ (Status::Shipped | Status::Delivered)) => {
                write!(f, "the order was {status} already")
            }
            Self::NotWhile(status) => write!(f, "the order is {status}"),
        }
    }
}

impl Refusal {
    /// The refusal for an amount below the minimum, if it is.
    pub fn below_minimum(total: Cents) -> Option<Self> {
        (total < super::order::MINIMUM_TOTAL).then_some(Self::MinimumOrder)
    }
}
