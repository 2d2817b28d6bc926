//! Who asks for something.

use bitcode::{Decode, Encode};
use core::fmt;
use core::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ids::{CustomerId, read_text};

/// Who asks for something, written `C-123`, `staff` or `system`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Actor {
    /// A customer.
    Customer(CustomerId),
    /// One of the shop's own people.
    Staff,
    /// A part of the shop itself: the saga.
    System,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(customer) => customer.fmt(f),
            Self::Staff => f.write_str("staff"),
            Self::System => f.write_str("system"),
        }
    }
}

impl FromStr for Actor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "staff" => Ok(Self::Staff),
            "system" => Ok(Self::System),
            _ => text.parse().map(Self::Customer),
        }
    }
}

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Actor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, "\"staff\", \"system\" or a customer such as \"C-123\"")
    }
}

impl JsonSchema for Actor {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Actor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Who asks: \"staff\", \"system\" or a customer such as \"C-123\".",
            "type": "string",
            "pattern": "^(staff|system|C-\\+?[0-9]{1,10})$",
        })
    }
}
