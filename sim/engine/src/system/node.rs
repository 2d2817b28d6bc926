//! Nodes: what runs on its own, can stop on its own, and has links to others.

use bitcode::{Decode, Encode};
use core::fmt;
use core::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::shop::ids::read_text;

use super::edges::edge_id::EdgeId;
use super::place::{Reader, Service};

/// A node of the system. As text a service, `broker`, an edge server with its number, from 1, `origin`, `gateway`, or a reader with or
/// without the number of an instance, from 1: `order_service`, `edge/2`, `order_view`, `order_view/2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Node {
    /// A service: its command handler and its relay.
    Service(Service),
    /// The broker.
    Broker,
    /// An instance of a reader, numbered from 0; every instance where none is named.
    Reader(Reader, Option<u8>),
    /// An edge server.
    Edge(EdgeId),
    /// Where the edges' links lead: everything of the shop that is at none of them. It can not be stopped as a whole.
    Origin,
    /// The gateway: it asks services, for commands and for queries. It can not be stopped either.
    Gateway,
}

/// The most instances that a reader can have.
pub const INSTANCES_MAX: u8 = 8;

impl Node {
    /// Does this node ask that one for data that it owns? The gateway asks every service, the Order Service the other two.
    pub const fn asks(self, other: Self) -> bool {
        match (self, other) {
            (Self::Gateway, Self::Service(_)) => true,
            (Self::Service(Service::Orders), Self::Service(other)) => !matches!(other, Service::Orders),
            _ => false,
        }
    }

    /// Does this name mean that node? The name of a reader means all of its instances.
    pub fn means(self, other: Self) -> bool {
        match (self, other) {
            (Self::Reader(mine, None), Self::Reader(theirs, _)) => mine == theirs,
            _ => self == other,
        }
    }
}

const fn service_name(service: Service) -> &'static str {
    match service {
        Service::Orders => "order_service",
        Service::Products => "product_service",
        Service::Customers => "customer_service",
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(service) => f.write_str(service_name(*service)),
            Self::Broker => f.write_str("broker"),
            Self::Reader(reader, None) => f.write_str(reader.name()),
            Self::Reader(reader, Some(number)) => write!(f, "{}/{}", reader.name(), number + 1),
            Self::Edge(edge) => write!(f, "edge/{}", edge.0),
            Self::Origin => f.write_str("origin"),
            Self::Gateway => f.write_str("gateway"),
        }
    }
}

impl FromStr for Node {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "broker" {
            return Ok(Self::Broker);
        }
        if text == "origin" {
            return Ok(Self::Origin);
        }
        if text == "gateway" {
            return Ok(Self::Gateway);
        }
        if let Some(number) = text.strip_prefix("edge/") {
            let number = number.parse().map_err(|_| ())?;
            return if (1..=EdgeId::MAX).contains(&number) { Ok(Self::Edge(EdgeId(number))) } else { Err(()) };
        }
        if let Some(service) = Service::ALL.into_iter().find(|service| service_name(*service) == text) {
            return Ok(Self::Service(service));
        }
        let (name, number) = match text.split_once('/') {
            None => (text, None),
            Some((name, number)) => (name, Some(number.parse::<u8>().map_err(|_| ())?)),
        };
        let reader = Reader::ALL.into_iter().find(|reader| reader.name() == name).ok_or(())?;
        match number {
            None => Ok(Self::Reader(reader, None)),
            Some(number @ 1..=INSTANCES_MAX) => Ok(Self::Reader(reader, Some(number - 1))),
            Some(_) => Err(()),
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(
            deserializer,
            "a node such as \"order_service\", \"broker\", \"order_view\", \"order_view/2\", \"edge/1\", \"origin\" or \"gateway\"",
        )
    }
}

impl JsonSchema for Node {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Node".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let services = Service::ALL.map(service_name).join("|");
        let readers = Reader::ALL.map(Reader::name).join("|");
        json_schema!({
            "description": "A service, \"broker\", a reader with or without the number of an instance, such as \"order_view/2\", an edge, such as \"edge/1\", \"origin\", where the edges' links lead, or \"gateway\".",
            "type": "string",
            "pattern": format!("^({services}|broker|origin|gateway|edge/[1-{}]|({readers})(/[1-{INSTANCES_MAX}])?)$", EdgeId::MAX),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Node;

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        for text in [
            "order_service",
            "customer_service",
            "broker",
            "order_view",
            "product_replica/1",
            "order_view/8",
            "edge/1",
            "edge/8",
            "origin",
            "gateway",
        ] {
            assert_eq!(text.parse::<Node>().map(|node| node.to_string()), Ok(text.to_owned()));
        }
        for text in [
            "",
            "orders",
            "broker/1",
            "order_view/0",
            "order_view/9",
            "order_view/",
            "order_view/1/2",
            "edge",
            "edge/0",
            "edge/9",
            "origin/1",
        ] {
            assert!(text.parse::<Node>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_reader_means_all_its_instances() {
        let node = |text: &str| text.parse::<Node>().expect("a node");
        assert!(node("order_view").means(node("order_view/2")));
        assert!(!node("order_view/2").means(node("order_view/1")));
        assert!(!node("order_view").means(node("sales_dashboard/1")));
    }
}
