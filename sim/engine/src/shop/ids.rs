//! The names of things.

use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

use bitcode::{Decode, Encode};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A numbered name with a prefix: written and read as `O-3` in texts and JSON.
macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        pub struct $name(pub u32);

        impl $name {
            /// The number as an index.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                text.strip_prefix($prefix).and_then(|digits| digits.parse().ok()).map(Self).ok_or(())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "description": concat!("The name of ", $expected, "."),
                    "type": "string",
                    "pattern": concat!("^", $prefix, "\\+?[0-9]{1,10}$"),
                })
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read_text(deserializer, $expected)
            }
        }
    };
}

numbered!(
    /// An order, `O-3`. Clients choose it, so it is known before the command is handled.
    OrderId, "O-", "an order such as \"O-900\""
);
numbered!(
    /// A product, `P-100`.
    ProductId, "P-", "a product such as \"P-100\""
);
numbered!(
    /// A customer, `C-123`.
    CustomerId, "C-", "a customer such as \"C-123\""
);
numbered!(
    /// A committed event, `e7`: its position in commit order, counted from 1.
    EventId, "e", "an event such as \"e7\""
);
numbered!(
    /// An idempotency key that a sender has written on a command, `k7`.
    KeyId, "k", "an idempotency key such as \"k7\""
);
numbered!(
    /// A command sent by a client, `c7`, counted from 1.
    CommandId, "c", "a command such as \"c7\""
);

/// Reads a text as a value, or says what was expected. The reader's place in the file is kept: it is known only while the text
/// is being visited.
///
/// # Errors
/// What was expected and what was found.
pub fn read_text<'de, D: Deserializer<'de>, T: FromStr>(
    deserializer: D,
    expected: &'static str,
) -> Result<T, D::Error> {
    struct Text<T>(&'static str, PhantomData<T>);

    impl<T: FromStr> de::Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
        }
    }

    deserializer.deserialize_str(Text(expected, PhantomData))
}

impl CommandId {
    /// The back office's commands are numbered apart from the shoppers', from here on.
    pub const BACK_OFFICE: Self = Self(1_000_000_000);
    /// The saga's commands are numbered from here on.
    pub const SAGA: Self = Self(2_000_000_000);
}

/// How many events an aggregate has had: the first event makes version 1.
pub type Version = u32;
