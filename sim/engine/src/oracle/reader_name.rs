//! Readers as files name them: `order_view`, `product_replica`.

use core::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserializer, Serializer};

use crate::shop::ids::read_text;
use crate::system::place::Reader;

/// Stands for a reader's name in a schema.
#[derive(Clone, Copy, Debug)]
pub struct ReaderName;

impl JsonSchema for ReaderName {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ReaderName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A reader of the log, by name.",
            "type": "string",
            "enum": Reader::ALL.map(Reader::name),
        })
    }
}

/// Writes a reader's name.
///
/// # Errors
/// Those of the serialiser.
pub fn serialize<S: Serializer>(reader: &Reader, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(reader.name())
}

/// Reads a reader's name.
///
/// # Errors
/// When no reader has that name.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Reader, D::Error> {
    struct Named(Reader);

    impl FromStr for Named {
        type Err = ();

        fn from_str(text: &str) -> Result<Self, ()> {
            Reader::ALL.into_iter().find(|reader| reader.name() == text).map(Self).ok_or(())
        }
    }

    read_text::<D, Named>(deserializer, "a reader such as \"order_view\"").map(|named| named.0)
}

/// The same for a reader that may be left out.
pub mod optional {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Reader;

    /// Writes a reader's name, or null.
    ///
    /// # Errors
    /// Those of the serialiser.
    pub fn serialize<S: Serializer>(reader: &Option<Reader>, serializer: S) -> Result<S::Ok, S::Error> {
        match reader {
            Some(reader) => super::serialize(reader, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a reader's name, or null.
    ///
    /// # Errors
    /// When no reader has that name.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Reader>, D::Error> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Named(#[serde(with = "super")] Reader);

        Ok(Option::<Named>::deserialize(deserializer)?.map(|named| named.0))
    }
}
