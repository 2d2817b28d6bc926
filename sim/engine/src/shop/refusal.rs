//! Why a command was refused. A refusal is an answer, not an error.

use bitcode::{Decode, Encode};
use core::fmt;

use super::actor::Actor;
use super::ids::{CustomerId, ProductId, Version};
use super::order::bounds::{LINES_MAX, MINIMUM_TOTAL};
use super::order::status::Status;

/// The rule that a command would have broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Refusal {
    /// The customer is unknown to whoever was asked [seed 000].
    CustomerNotFound(CustomerId),
    /// The customer is suspended [seed 000].
    CustomerNotActive(CustomerId),
    /// A product is unknown to whoever was asked [seed 000].
    ProductNotFound(ProductId),
    /// A product is discontinued [seed 000].
    ProductNotAvailable(ProductId),
    /// There is less of a product than is wanted [seed 000].
    InsufficientStock(ProductId),
    /// The total is more than a credit customer may owe [seed 000].
    CreditLimitExceeded(CustomerId),
    /// What the replica knows of a product is older than allowed [seed 000].
    StaleData(ProductId),
    /// The total is below the minimum [seed 001].
    MinimumOrder,
    /// An order has at least one line.
    NoItems,
    /// Every quantity is more than zero.
    NoQuantity,
    /// An order has at most [`LINES_MAX`] lines.
    TooManyLines,
    /// An order is created once.
    OrderAlreadyExists,
    /// Only an order that exists can be changed.
    NoSuchOrder,
    /// Only a line that exists can be taken out.
    NoSuchLine,
    /// The order's state does not allow it.
    NotWhileOrder(Status),
    /// A product is created once.
    ProductAlreadyExists,
    /// A price is more than zero.
    NoPrice,
    /// There is never less than nothing in stock.
    NegativeStock,
    /// A customer registers once.
    CustomerAlreadyExists,
    /// The customer is in that state already.
    NothingToChange,
    /// A service that is needed did not answer.
    Unavailable(OwnerName),
    /// The stock of the order is being reserved, so what it holds can not change.
    LinesFixed,
    /// The idempotency key was used for another command.
    KeyReused,
    /// Somebody has changed it since.
    VersionConflict {
        /// The version on which the command was to be carried out.
        expected: Version,
        /// The version that it has.
        found: Version,
    },
    /// Nobody has signed in who could be asked who he is.
    NotSignedIn,
    /// It is not for whoever asks.
    NotAllowed(Actor),
    /// The broker did not acknowledge the command's event in time. What was decided may be committed nevertheless.
    NotAcknowledged,
}

/// A service that an order can not be decided without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum OwnerName {
    /// The Product Service.
    Products,
    /// The Customer Service.
    Customers,
}

impl fmt::Display for OwnerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Products => "product service",
            Self::Customers => "customer service",
        })
    }
}

/// What kind of answer a refusal is [seed 004].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// The command makes no sense by itself.
    Shape,
    /// A rule of the domain forbids it.
    DomainRule,
    /// It could not be decided; the same command may be accepted later.
    Unavailable,
    /// What it is sent as is taken: its idempotency key belongs to another command.
    Duplicate,
    /// It was meant for another version.
    VersionConflict,
    /// Whoever asks may not.
    Authorisation,
}

impl Refusal {
    /// What kind of answer it is.
    pub const fn kind(self) -> RefusalKind {
        match self {
            Self::NoItems | Self::NoQuantity | Self::TooManyLines | Self::NoPrice => RefusalKind::Shape,
            Self::Unavailable(_) | Self::NotAcknowledged => RefusalKind::Unavailable,
            Self::KeyReused => RefusalKind::Duplicate,
            Self::NotSignedIn | Self::NotAllowed(_) => RefusalKind::Authorisation,
            Self::VersionConflict { .. } => RefusalKind::VersionConflict,
            _ => RefusalKind::DomainRule,
        }
    }

    /// May the same command be accepted another time, though nothing about it changes?
    pub const fn may_pass(self) -> bool {
        matches!(self.kind(), RefusalKind::Unavailable | RefusalKind::VersionConflict)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CustomerNotFound(customer) => write!(f, "customer {customer} is not known"),
            Self::CustomerNotActive(customer) => write!(f, "customer {customer} is not active"),
            Self::ProductNotFound(product) => write!(f, "product {product} is not known"),
            Self::ProductNotAvailable(product) => write!(f, "product {product} is not available"),
            Self::InsufficientStock(product) => write!(f, "there is not enough of product {product}"),
            Self::CreditLimitExceeded(customer) => write!(f, "the credit limit of customer {customer} is exceeded"),
            Self::StaleData(product) => write!(f, "what is known of product {product} is too old"),
            Self::MinimumOrder => write!(f, "the total must be at least {MINIMUM_TOTAL}"),
            Self::NoItems => f.write_str("an order needs at least one item"),
            Self::NoQuantity => f.write_str("every quantity must be more than zero"),
            Self::TooManyLines => write!(f, "an order has at most {LINES_MAX} lines"),
            Self::OrderAlreadyExists => f.write_str("the order exists already"),
            Self::NoSuchOrder => f.write_str("there is no such order"),
            Self::NoSuchLine => f.write_str("the order has no such line"),
            Self::NotWhileOrder(status @ (Status::Shipped | Status::Delivered)) => {
                write!(f, "the order was {status} already")
            }
            Self::NotWhileOrder(status) => write!(f, "the order is {status}"),
            Self::ProductAlreadyExists => f.write_str("the product exists already"),
            Self::NoPrice => f.write_str("a price must be more than zero"),
            Self::NegativeStock => f.write_str("there can not be less than nothing in stock"),
            Self::CustomerAlreadyExists => f.write_str("the customer is registered already"),
            Self::NothingToChange => f.write_str("nothing would change"),
            Self::Unavailable(owner) => write!(f, "the {owner} does not answer"),
            Self::NotAcknowledged => f.write_str("the broker did not acknowledge its event in time"),
            Self::LinesFixed => f.write_str("its stock is being reserved, so its items are fixed"),
            Self::VersionConflict { expected, found } => {
                write!(f, "it was decided for version {expected}, and it has version {found}")
            }
            Self::NotSignedIn => f.write_str("nobody has signed in"),
            Self::NotAllowed(actor) => write!(f, "{actor} may not do that"),
            Self::KeyReused => f.write_str("its idempotency key belongs to another command"),
        }
    }
}
