//! Where an order stands.

use bitcode::{Decode, Encode};
use core::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The life of an order.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    Encode,
    Decode,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Placed.
    #[default]
    Pending,
    /// Its stock is reserved.
    Confirmed,
    /// Its stock could not be reserved.
    Rejected,
    /// Cancelled by the customer.
    Cancelled,
    /// With the carrier.
    Shipped,
    /// Arrived.
    Delivered,
}

impl Status {
    /// Can an order in this state ever be in the state `next`?
    pub const fn leads_to(self, next: Self) -> bool {
        match self {
            Self::Pending => true,
            Self::Confirmed => !matches!(next, Self::Pending | Self::Rejected),
            Self::Shipped => matches!(next, Self::Shipped | Self::Delivered),
            Self::Rejected => matches!(next, Self::Rejected),
            Self::Cancelled => matches!(next, Self::Cancelled),
            Self::Delivered => matches!(next, Self::Delivered),
        }
    }

    /// Is the order still with the shop, so that it can be changed?
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Confirmed)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
        })
    }
}
